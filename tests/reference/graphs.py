"""Describes Dask's graphs by counts that can be compared with any implementation."""

import re
from collections import Counter

import dask
from dask._task_spec import Alias, DataNode, convert_legacy_graph, fuse_linear_task_spec
from dask.core import flatten


def layer(key):
    """The name of the layer that a key belongs to, without its token: 'mean_chunk', 'normal-mean_chunk'."""
    name = key[0] if isinstance(key, tuple) else key
    return re.sub("-?[0-9a-f]{32}", "", name)


def described(graph):
    """Tasks per layer, tasks per level (0: they depend on no task) and edges, of a graph by key.

    Aliases, which are only second names for tasks, are left out: their dependents depend on the task. `data` counts
    the tasks that hold a value and compute nothing.
    """

    def task(key):
        node = graph[key]
        return task(node.target) if isinstance(node, Alias) else key

    needs = {key: {task(needed) for needed in node.dependencies} for key, node in graph.items() if task(key) == key}
    level = {}

    def level_of(key):
        if key not in level:
            level[key] = 1 + max(map(level_of, needs[key]), default=-1)
        return level[key]

    levels = Counter(map(level_of, needs))
    return {
        "tasks": dict(sorted(Counter(map(layer, needs)).items())),
        "data": sum(isinstance(graph[key], DataNode) for key in needs),
        "levels": [levels[i] for i in range(len(levels))],
        "edges": sum(map(len, needs.values())),
    }


def culled(array, keys):
    """The part of an array's graph that is needed for some of its keys."""
    graph = convert_legacy_graph(dict(array.__dask_graph__()))
    needed, waiting = set(), list(keys)
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed.add(key)
            waiting.extend(graph[key].dependencies)
    return {key: node for key, node in graph.items() if key in needed}


def graphs(array):
    """The needed part of an array's graph, as it is built and after Dask's optimisation.

    That optimisation culls layers, not tasks. The unneeded tasks that remain prevent other tasks from being fused, in
    some runs of Python and not in others. So here a real cull runs between its two steps.
    """
    keys = set(flatten(array.__dask_keys__()))
    with dask.config.set({"optimization.fuse.active": False}):
        (unfused,) = dask.optimize(array)
    return {
        "graph": described(culled(array, keys)),
        "optimised": described(fuse_linear_task_spec(culled(unfused, keys), keys)),
    }
