"""What all collections have in common."""

import _dagdeck

from . import config

_SCHEDULERS = {
    "threads": "threads", "threading": "threads", "sync": "sync", "synchronous": "sync", "single-threaded": "sync",
}
_ELSEWHERE = ("processes", "multiprocessing", "distributed")


def chosen(scheduler=None, num_workers=None, **unknown):
    """The name of the scheduler and the number of workers that a call asks for."""
    if unknown:
        raise TypeError(f"compute() got an unexpected keyword argument {next(iter(unknown))!r}")
    scheduler = config.get("scheduler", "threads") if scheduler is None else scheduler
    num_workers = config.get("num_workers") if num_workers is None else num_workers
    if callable(scheduler):
        scheduler = getattr(scheduler, "scheduler", scheduler)
    name = _SCHEDULERS.get(scheduler.lower() if isinstance(scheduler, str) else scheduler)
    if name is None:
        if scheduler in _ELSEWHERE:
            raise NotImplementedError(
                f"scheduler={scheduler!r}: Python in the page runs tasks with 'threads' or 'synchronous' only"
            )
        raise ValueError(f"Expected one of [{', '.join(sorted([*_SCHEDULERS, *_ELSEWHERE]))}]")
    cores, most = _dagdeck.workers()
    return name, max(1, min(cores if num_workers is None else int(num_workers), most))


class Collection:
    """A lazy value: an array or the result of a delayed call."""

    __slots__ = ()

    def compute(self, **kwargs):
        return compute(self, traverse=False, **kwargs)[0]

    def persist(self, **kwargs):
        return persist(self, traverse=False, **kwargs)[0]

    def visualize(self, filename=None, optimize_graph=False, **kwargs):
        return visualize(self, filename=filename, optimize_graph=optimize_graph, **kwargs)


def is_dask_collection(value):
    return isinstance(value, Collection)


def found(value, collections):
    """Adds the collections in `value`, which may be nested, to a dictionary by their identity."""
    if isinstance(value, Collection):
        collections[id(value)] = value
    elif type(value) in (list, tuple, set, frozenset):
        for item in value:
            found(item, collections)
    elif type(value) is dict:
        for item in value.values():
            found(item, collections)
    return collections


def filled(value, values):
    """`value` with `values[id(collection)]` in the place of each collection."""
    if isinstance(value, Collection):
        return values[id(value)]
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(filled(item, values) for item in value)
    if type(value) is dict:
        return {key: filled(item, values) for key, item in value.items()}
    return value


def _each_kind(collections, method, options):
    """Computes or persists collections of one kind together."""
    values, kinds = {}, {}
    for collection in collections.values():
        kinds.setdefault(type(collection)._together, []).append(collection)
    for together, members in kinds.items():
        for member, value in zip(members, together(members, method, *options)):
            values[id(member)] = value
    return values


def compute(*args, traverse=True, optimize_graph=True, **kwargs):
    options = chosen(**kwargs)
    collections = {}
    for arg in args:
        if traverse or isinstance(arg, Collection):
            found(arg, collections)
    values = _each_kind(collections, "compute", options)
    return tuple(filled(arg, values) if traverse or isinstance(arg, Collection) else arg for arg in args)


def persist(*args, traverse=True, optimize_graph=True, **kwargs):
    options = chosen(**kwargs)
    collections = {}
    for arg in args:
        if traverse or isinstance(arg, Collection):
            found(arg, collections)
    values = _each_kind(collections, "persist", options)
    return tuple(filled(arg, values) if traverse or isinstance(arg, Collection) else arg for arg in args)


class Drawing:
    """A task graph to look at: what `visualize` returns.

    `tasks` has for each task its key, the places of the tasks that it depends on, and whether it is a target.
    """

    def __init__(self, tasks):
        self.tasks = tasks

    def __repr__(self):
        counts, order = {}, []
        for key, _, _ in self.tasks:
            prefix = prefix_of(key)
            if prefix not in counts:
                order.append(prefix)
            counts[prefix] = counts.get(prefix, 0) + 1
        layers = ", ".join(f"{counts[prefix]} {prefix}" for prefix in order)
        return f"<graph of {len(self.tasks)} tasks: {layers}>"


def prefix_of(key):
    """The part of a key before its token: `sum` of `('sum-0123456789abcdef', 0)`."""
    name = key.split("'")[1] if key.startswith("('") else key
    return name.rsplit("-", 1)[0] if "-" in name else name


def visualize(*args, traverse=True, filename=None, optimize_graph=False, **kwargs):
    collections, tasks, kinds = {}, [], {}
    for arg in args:
        found(arg, collections)
    for collection in collections.values():
        kinds.setdefault(type(collection)._together, []).append(collection)
    for members in kinds.values():
        start = len(tasks)
        made = type(members[0])._tasks(members, optimize_graph)
        tasks += [(key, tuple(start + place for place in places), target) for key, places, target in made]
    return Drawing(tasks)
