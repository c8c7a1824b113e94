"""A notation for the expressions of cases.py and mistakes.py: arrays from operations, and from data."""

import base64

import numpy as np

FLOATS = ["f8", "f4"]
DTYPES = [*FLOATS, "i8", "i4", "u1", "?"]


class Node:
    """An array: an operation, its operands, and its keywords."""

    def __init__(self, op, *args, **keywords):
        self.op, self.args, self.keywords = op, args, keywords


def expression(wanted):
    """An expression that wants one array, as plain data."""
    places, nodes = {}, []

    def reference(arg):
        return {"array": place(arg)} if isinstance(arg, Node) else arg

    def place(node):
        if node not in places:
            args = [reference(arg) for arg in node.args]
            keywords = {name: reference(each) for name, each in node.keywords.items()}
            nodes.append({"op": node.op, **({"args": args} if args else {}), **keywords})
            places[node] = len(nodes) - 1
        return places[node]

    return {"dagdeck": 1, "arrays": nodes, "targets": [place(wanted)]}


def held(values, chunks):
    """An array of these values."""
    values = np.asarray(values)
    data = base64.b64encode(values.tobytes()).decode()
    return Node("from_array", shape=list(values.shape), dtype=str(values.dtype), data=data, chunks=chunks)


def some(dtype, shape, chunks, seed=0, least=None):
    """Random numbers that are small enough for any arithmetic, and at least `least`."""
    rng = np.random.default_rng(seed)
    if dtype == "?":
        values = rng.integers(0, 2, shape)
    elif dtype in FLOATS:
        values = rng.normal(0, 3, shape).round(3) if least is None else rng.uniform(least, 5, shape).round(3)
    else:
        least = 0 if dtype == "u1" and least is None else least
        values = rng.integers(-9 if least is None else least, 10, shape)
    return held(np.asarray(values).astype(dtype), chunks)


def special(dtype):
    """The special values of a dtype."""
    if dtype in FLOATS:
        info = np.finfo(dtype)
        values = [
            np.nan,
            np.inf,
            -np.inf,
            -0.0,
            0.0,
            info.max,
            info.tiny,
            0.5,
            1.5,
            2.5,
            -0.5,
            -1.5,
            1.0,
            -1.0,
            0.3,
            40.0,
        ]
    elif dtype == "?":
        values = [False, True, True]
    else:
        info = np.iinfo(dtype)
        values = [0, 1, 2, 3, 7, 100, info.max, info.min]
    return held(np.array(values, dtype), 3)
