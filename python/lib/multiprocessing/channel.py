"""Channels of pickled objects. All that processes share is made of them."""

import pickle
import threading

import _processes

_passing = threading.local()


class inheriting:
    """While a process is started, what it shares with this one may be pickled."""

    def __enter__(self):
        _passing.on = True

    def __exit__(self, *exception):
        _passing.on = False


class Shared:
    """What only a new process may be given: not a message to another one."""

    def __getstate__(self):
        if not getattr(_passing, "on", False):
            raise RuntimeError(
                f"{type(self).__name__} objects should only be shared between processes through inheritance"
            )
        return dict(self.__dict__)


class Channel:
    """A queue that any process may put objects into and take them from."""

    def __init__(self):
        self.number = _processes.channel()

    def put(self, item):
        _processes.put(self.number, pickle.dumps(item))

    def put_back(self, item):
        """To the front."""
        _processes.put_back(self.number, pickle.dumps(item))

    def take(self, timeout=None):
        """Raises `LookupError` if nothing comes within `timeout` seconds."""
        message = _processes.take(self.number, timeout)
        if message is None:
            raise LookupError("nothing came")
        return pickle.loads(message)

    def count(self):
        return _processes.count(self.number)


class Cell(Channel):
    """A value that all processes share: a channel with one message. Whoever has taken it out has it alone."""

    def __init__(self, value):
        super().__init__()
        self.put(value)

    def get(self):
        value = self.take()
        self.put(value)
        return value

    def set(self, value):
        self.take()
        self.put(value)
