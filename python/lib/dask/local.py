"""Graphs as dictionaries: `get(graph, keys)`.

A task is a tuple `(function, argument, ...)`. An argument may be a key, a list of arguments, or again a task.
"""

import _dagdeck


def _is_task(value):
    return type(value) is tuple and bool(value) and callable(value[0])


def _is_key(value, graph):
    try:
        return value in graph
    except TypeError:
        return False


def _dependencies(value, graph, needed):
    """Adds the keys that a value refers to."""
    if _is_task(value):
        for argument in value[1:]:
            _dependencies(argument, graph, needed)
    elif type(value) is list:
        for item in value:
            _dependencies(item, graph, needed)
    elif _is_key(value, graph):
        needed.setdefault(value)
    return needed


def _evaluated(value, values):
    if _is_task(value):
        return value[0](*[_evaluated(argument, values) for argument in value[1:]])
    if type(value) is list:
        return [_evaluated(item, values) for item in value]
    return values[value] if _is_key(value, values) else value


class _Evaluate:
    """Evaluates a value from those of the keys that it refers to."""

    __slots__ = ("value", "needed")

    def __init__(self, value, needed):
        self.value, self.needed = value, needed

    def __call__(self, *values):
        return _evaluated(self.value, dict(zip(self.needed, values)))


def _task(key, value, needed, places):
    """A task as `run_calls` takes it."""
    name = key if isinstance(key, str) else repr(key)
    if _is_task(value):
        flat = [argument for argument in value[1:] if not _is_task(argument) and type(argument) is not list]
        if len(flat) == len(value) - 1:
            return name, value[0], flat, [places[one] if _is_key(one, places) else -1 for one in flat]
    needed = list(needed)
    return name, _Evaluate(value, needed), needed, [places[one] for one in needed]


def _get(graph, keys, scheduler, workers):
    from .array import BlockTask

    wanted = {}

    def want(key):
        if isinstance(key, list):
            for one in key:
                want(one)
        elif key not in graph:
            raise KeyError(key)
        else:
            wanted.setdefault(key)

    want(keys)
    values = BlockTask.values({key: graph[key] for key in wanted}, scheduler, workers)
    tasks, places, seen = [], {}, set()
    stack = [key for key in reversed(wanted) if key not in values]
    while stack:
        key = stack[-1]
        if key in places:
            stack.pop()
            continue
        needed = _dependencies(graph[key], graph, {})
        missing = [one for one in needed if one not in places]
        if missing:
            if key in seen:
                raise RuntimeError(f"Cycle detected in Dask: {key!r}")
            seen.add(key)
            stack += reversed(missing)
            continue
        tasks.append(_task(key, graph[key], needed, places))
        places[key] = len(tasks) - 1
        stack.pop()
    targets = [key for key in wanted if key not in values]
    if targets:
        made = _dagdeck.run_calls(tasks, [places[key] for key in targets], scheduler, workers)
        values.update(zip(targets, made))

    def answer(key):
        return tuple(map(answer, key)) if isinstance(key, list) else values[key]

    return answer(keys)


def get_sync(dsk, keys, **kwargs):
    return _get(dsk, keys, "sync", 1)


get_sync.scheduler = "sync"
