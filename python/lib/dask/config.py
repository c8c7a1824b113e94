"""What `dask.config.set` sets: `scheduler` and `num_workers`."""

_values = {}


def get(key, default=None):
    return _values.get(key, default)


class set:
    """Sets values, until the end of the `with` block if it is used in one."""

    def __init__(self, arg=None, **kwargs):
        self._before = dict(_values)
        _values.update(arg or {}, **kwargs)

    def __enter__(self):
        return dict(_values)

    def __exit__(self, *exception):
        _values.clear()
        _values.update(self._before)
