"""Writes tests/fixtures/delayed.json: trees of delayed calls, with the values, the number of tasks and the prefixes of
keys that dask.delayed gives them. An expression is what the page sends to the engine."""

import functools
import json
import operator
import random
from collections import Counter

import dask
from dask.utils import key_split

FUNCTIONS = {
    "inc": lambda x: x + 1,
    "dec": lambda x: x - 1,
    "double": lambda x: 2 * x,
    "add": lambda x, y: x + y,
    # Since Python 3.12, the built-in sum compensates for rounding.
    "sum": lambda *items: functools.reduce(operator.add, items, 0),
    "identity": lambda x: x,
    "sleep": lambda seconds, x=None: x,
    "flaky": lambda x, probability, seed: x,
}
for name, function in FUNCTIONS.items():
    function.__name__ = name


def call(op, *args, **annotations):
    return {"op": op, "args": list(args), **annotations}


def ref(place):
    return {"delayed": place}


def tree(numbers):
    """The sum of numbers, two at a time."""
    calls = [call("inc", number) for number in numbers]
    level = list(range(len(calls)))
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = []
        for pair in pairs:
            if len(pair) == 2:
                calls.append(call("add", *map(ref, pair)))
                pair = [len(calls) - 1]
            level += pair
    return calls, level


def chance(seed):
    """Random calls of numbers and earlier calls, some of them not needed."""
    rng = random.Random(seed)
    calls = []

    def arg():
        if calls and rng.random() < 0.7:
            return ref(rng.randrange(len(calls)))
        return rng.choice([rng.randrange(-9, 10), rng.uniform(-2, 2), True, 0.1, 1e16])

    for _ in range(rng.randrange(5, 30)):
        op = rng.choice(["inc", "dec", "double", "add", "sum", "identity"])
        count = {"add": 2, "sum": rng.randrange(6)}.get(op, 1)
        calls.append(call(op, *(arg() for _ in range(count))))
    return calls, rng.sample(range(len(calls)), 3)


def cases():
    yield tree(range(16))
    yield tree([0.1, 0.2, 0.3, 4, 5])
    # Equal calls are tasks of their own, and calls that no target needs are left out.
    yield [call("inc", 1), call("inc", 1), call("dec", 3), call("add", ref(0), ref(1))], [3]
    yield [call("sleep", 0), call("sleep", 0, 5), call("identity", ref(0)), call("double", ref(1))], [2, 3]
    yield [call("flaky", 2, 0.5, 7, retries=20), call("inc", ref(0), priority=3)], [1]
    yield [call("sum"), call("sum", *([0.1] * 10)), call("sum", 1, 1e100, 1, -1e100), call("sum", True, 2)], [0, 1, 2, 3]
    for seed in range(40):
        yield chance(seed)


def computed(calls, targets):
    made = []
    for given in calls:
        args = [made[arg["delayed"]] if isinstance(arg, dict) else arg for arg in given["args"]]
        made.append(dask.delayed(FUNCTIONS[given["op"]])(*args))
    wanted = [made[target] for target in targets]
    graph = {}
    for each in wanted:
        graph.update(each.__dask_graph__())
    prefixes = Counter(key_split(key) for key in graph)
    values = dask.compute(*wanted, scheduler="sync")
    return {
        "expression": {"dagdeck": 1, "delayed": calls, "targets": targets},
        # In Python's notation, so that an int is not a float.
        "values": [repr(value) for value in values],
        "prefixes": dict(sorted(prefixes.items())),
    }


with open("tests/fixtures/delayed.json", "w") as file:
    lines = ",\n".join(json.dumps(computed(*case)) for case in cases())
    file.write(f"[\n{lines}\n]\n")
