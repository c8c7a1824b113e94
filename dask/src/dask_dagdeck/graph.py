"""Task graphs as pages send them: the JSON form of the crate (`src/graph/json.rs` of dagdeck).

    {"dagdeck": 1,
     "tasks": {"ones-0": {"op": {"full": {"shape": [2, 2], "fill_value": 1}}},
               "add-0": {"op": {"add": [null, 1]}, "args": ["ones-0"], "retries": 2, "priority": 1}},
     "targets": ["add-0"]}

The order of the tasks is their order of priority: a page lists them in static order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from . import operations
from .checked import Reader, Refused, fields, list_of, members, optional, refuse, text, whole
from .operations import Operation

#: A key as Dask has it: a string, or a name with the indices of a block.
DaskKey = str | tuple[str | int, ...]

_BLOCK = re.compile(r"\('(.*)'((?:, (?:0|[1-9][0-9]{0,8}))+)\)", re.DOTALL)


@dataclass(frozen=True)
class Task:
    key: str
    operation: Operation
    #: The tasks whose values it takes, by their places.
    args: tuple[int, ...]
    retries: int = 0
    priority: int = 0


@dataclass(frozen=True)
class Graph:
    """A checked graph: every key exists, and there is no cycle."""

    tasks: tuple[Task, ...]
    targets: tuple[int, ...]

    def dask_keys(self, run: str) -> list[DaskKey]:
        """A key in Dask for each task. `run` tells them from those of other runs."""
        return [dask_key(task.key, run) for task in self.tasks]

    def dask_graph(self, keys: Sequence[DaskKey]) -> dict[DaskKey, Any]:
        """The graph as Dask takes it."""
        return {key: (task.operation, *(keys[arg] for arg in task.args)) for key, task in zip(keys, self.tasks)}

    def ranks(self, keys: Sequence[DaskKey]) -> dict[DaskKey, float]:
        """The tasks by their priority, and then in static order: the first has the highest number."""
        return {key: task.priority - i / len(keys) for i, (key, task) in enumerate(zip(keys, self.tasks))}


def dask_key(key: str, run: str) -> DaskKey:
    """The key in Dask of a key of the page: the same name with `run` as its last token, so the prefix stays."""
    if block := _BLOCK.fullmatch(key):
        return (f"{block[1]}-{run}", *map(int, block[2].split(", ")[1:]))
    return f"{key}-{run}"


def _no_constant(name: str) -> NoReturn:
    raise Refused(f"message: {name} is not JSON")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Refused(f"{name[:200]}: this name appears twice in one object")
            seen.add(name)
    return made


def parse(message: str) -> Any:
    """Parses JSON: strictly, and without objects that have a name twice."""
    try:
        return json.loads(message, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"message: not JSON ({error})") from error


_MEMBERS: dict[str, Reader | tuple[Reader, object]] = {
    "op": operations.read,
    "args": optional(list_of(text), []),
    "retries": optional(whole(0, 255), 0),
    "priority": optional(whole(-(2**31), 2**31 - 1), 0),
}
_TASK = fields(**_MEMBERS)


def read(data: object, place: str, *, most_tasks: int = 2**24, most_edges: int = 2**28) -> Graph:
    """Checks a graph."""
    document = members(data, place)
    for name in document:
        if name not in ("dagdeck", "tasks", "targets"):
            refuse(place, f"unknown member {name!r}; the members are dagdeck, tasks, targets")
    for name in ("dagdeck", "tasks", "targets"):
        if name not in document:
            refuse(place, f"{name} is missing")
    if document["dagdeck"] != 1:
        refuse(f"{place}.dagdeck", "unknown version, this package reads version 1")
    given = members(document["tasks"], f"{place}.tasks")
    if len(given) > most_tasks:
        refuse(f"{place}.tasks", f"has {len(given)} tasks, at most {most_tasks} are allowed")
    places = {text(key, f"{place}.tasks"): i for i, key in enumerate(given)}
    tasks: list[Task] = []
    edges = 0
    for key, value in given.items():
        at = f"{place}.tasks[{key!r}]"
        try:
            task = _TASK(value, at)
        except RecursionError:
            refuse(at, "is nested too deeply")
        edges += len(task["args"])
        if edges > most_edges:
            refuse(at, f"the graph has more than {most_edges} dependencies")
        for arg in task["args"]:
            if arg not in places:
                refuse(f"{at}.args", f"there is no task {arg!r}")
        operations.check_arity(task["op"], len(task["args"]), at)
        args = tuple(places[arg] for arg in task["args"])
        tasks.append(Task(key, task["op"], args, task["retries"], task["priority"]))
    targets = list_of(text, most_tasks)(document["targets"], f"{place}.targets")
    if not targets:
        refuse(f"{place}.targets", "at least one target is needed")
    for target in targets:
        if target not in places:
            refuse(f"{place}.targets", f"there is no task {target!r}")
    _refuse_cycles(tasks, f"{place}.tasks")
    return Graph(tuple(tasks), tuple(places[target] for target in targets))


def _refuse_cycles(tasks: list[Task], place: str) -> None:
    """Walks the graph from each task, depth first."""
    new, open_, done = 0, 1, 2
    state = [new] * len(tasks)
    for start in range(len(tasks)):
        if state[start] != new:
            continue
        path = [(start, iter(tasks[start].args))]
        state[start] = open_
        while path:
            task, args = path[-1]
            for arg in args:
                if state[arg] == open_:
                    on_path = [at for at, _ in path]
                    cycle = on_path[on_path.index(arg) :] + [arg]
                    refuse(place, "cycle: " + " -> ".join(tasks[at].key for at in cycle[:20]))
                if state[arg] == new:
                    state[arg] = open_
                    path.append((arg, iter(tasks[arg].args)))
                    break
            else:
                state[task] = done
                path.pop()
