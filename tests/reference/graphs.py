"""What Dask's graphs look like, in numbers that any implementation can be compared by."""

import re
from collections import Counter

import dask
from dask._task_spec import Alias, DataNode, convert_legacy_graph
from dask.core import flatten


def layer(key):
    """The name of the layer that a key belongs to, without its token: 'mean_chunk', 'normal-mean_chunk'."""
    name = key[0] if isinstance(key, tuple) else key
    return re.sub("-?[0-9a-f]{32}", "", name)


def described(graph):
    """Tasks per layer, tasks per level (0: they depend on no task) and edges, of a graph by key.

    What is only a second name for a task is left out: what depends on the name depends on the task. `data` counts
    those of the tasks that hold a value, and compute nothing.
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


def culled(graph, keys):
    """What of a graph is needed for some of its keys."""
    needed, waiting = {}, list(keys)
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed[key] = graph[key]
            waiting.extend(graph[key].dependencies)
    return needed


def graphs(array):
    """An array's graph as it is built, and as it is after Dask's optimisation.

    That one leaves some tasks whose values nobody takes, and not always the same ones: they are taken out.
    """
    graph = convert_legacy_graph(dict(array.__dask_graph__()))
    optimised = convert_legacy_graph(dict(dask.optimize(array)[0].__dask_graph__()))
    return {
        "graph": described(graph),
        "optimised": described(culled(optimised, flatten(array.__dask_keys__()))),
    }
