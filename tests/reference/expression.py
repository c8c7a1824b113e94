"""Computes an expression, as the page sends it to the engine, with Dask: each of its arrays is one call of dask.array.

Lists become tuples, and null means the default. Python's operators are used where they exist, so that the layers get
the same names as in programs.
"""

import base64
import operator

import dask.array as da
import numpy as np
from listings import defined
from operations import DRAWS

BLOCK_FUNCTIONS = {
    "life": (defined("array-life", "life"), {}),
    "heat": (defined("array-heat", "heat"), {}),
    "mandelbrot": (defined("mandelbrot", "mandelbrot"), {"dtype": "int32"}),
}


def block_function(name):
    return BLOCK_FUNCTIONS.get(name) or (getattr(np, name), {})


def map_blocks(*args, func, **keywords):
    function, more = block_function(func)
    return da.map_blocks(function, *args, **more, **keywords)


def map_overlap(x, *, func, **keywords):
    function, more = block_function(func)
    return x.map_overlap(function, **more, **keywords)


def from_array(shape, dtype, data, chunks):
    return da.from_array(np.frombuffer(base64.b64decode(data), dtype).reshape(shape), chunks)


def draw(method):
    """A method of a random generator that was used for other draws before."""

    def call(*, seed, after=(), **keywords):
        generator = da.random.default_rng(seed)
        for earlier in after:
            if "permutation" in earlier:
                generator.permutation(earlier["permutation"])
            else:
                generator.random(**earlier)
        return getattr(generator, method)(**keywords)

    return call


def item(index, args):
    match index:
        case {"mask": operand}:
            return args[operand]
        case None | int():
            return index
        case "...":
            return Ellipsis
        case {"indices": indices}:
            return np.array(indices, int)
        case _:
            return slice(*(index.get(part) for part in ("start", "stop", "step")))


def histogram(x, **keywords):
    counts, _ = da.histogram(x, **keywords)
    return counts


OPERATORS = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "power": operator.pow,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "less": operator.lt,
    "less_equal": operator.le,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "bitwise_xor": operator.xor,
    "left_shift": operator.lshift,
    "right_shift": operator.rshift,
    "negative": operator.neg,
    "absolute": operator.abs,
    "invert": operator.invert,
    "matmul": operator.matmul,
}

CALLS = OPERATORS | {name: draw(name) for name in DRAWS} | {
    "from_array": from_array,
    "arange": lambda start=0, *, stop, step=1, **keywords: da.arange(start, stop, step, **keywords),
    "astype": lambda x, dtype: x.astype(dtype),
    "rechunk": lambda x, chunks: x.rechunk(chunks),
    "concatenate": lambda *arrays, **keywords: da.concatenate(arrays, **keywords),
    "stack": lambda *arrays, **keywords: da.stack(arrays, **keywords),
    "slice": lambda *args, index: args[0][tuple(item(each, args) for each in index)],
    "histogram": histogram,
    "unique_counts.values": lambda x: da.unique(x, return_counts=True)[0],
    "unique_counts.counts": lambda x: da.unique(x, return_counts=True)[1],
    "einsum": lambda *arrays, subscripts, **keywords: da.einsum(subscripts, *arrays, **keywords),
    "qr.q": lambda x: da.linalg.qr(x)[0],
    "qr.r": lambda x: da.linalg.qr(x)[1],
    "svd.u": lambda x: da.linalg.svd(x)[0],
    "svd.s": lambda x: da.linalg.svd(x)[1],
    "svd.vh": lambda x: da.linalg.svd(x)[2],
    "norm": da.linalg.norm,
    "map_blocks": map_blocks,
    "map_overlap": map_overlap,
}


def scalar(value):
    match value:
        case {"int": digits}:
            return int(digits)
        case "NaN" | "Infinity" | "-Infinity":
            return float(value)
        case _:
            return value


def keyword(value):
    match value:
        case list():
            return tuple(map(keyword, value))
        case {"size": _} | {"permutation": _}:
            return {name: keyword(each) for name, each in value.items()}
        case _:
            return scalar(value)


def in_numpys_words(op, args):
    """Fails with NumPy's error: Python's operator would only say that it does not support these operands."""
    getattr(np, op)(*(np.ones(1, arg.dtype) if isinstance(arg, da.Array) else arg for arg in args))
    raise AssertionError(f"NumPy can {op} what Dask cannot")


def called(op, args, keywords):
    """The result of one operation."""
    call = CALLS.get(op) or getattr(da, op)
    try:
        array = call(*args, **keywords)
    except TypeError:
        if op not in OPERATORS:
            raise
        array = NotImplemented
    return array if array is not NotImplemented else in_numpys_words(op, args)


def arrays(expression, dtype=None):
    """The arrays that an expression wants. If a dtype is given, it replaces the dtypes of the data."""
    made = []

    def is_array(arg):
        return isinstance(arg, dict) and "array" in arg

    def operand(arg):
        return made[arg["array"]] if is_array(arg) else scalar(arg)

    for node in expression["arrays"]:
        op, args = node["op"], [operand(arg) for arg in node.get("args", ())]
        given = {name: each for name, each in node.items() if name not in ("op", "args") and each is not None}
        keywords = {name: operand(each) if is_array(each) else keyword(each) for name, each in given.items()}
        array = called(op, args, keywords)
        made.append(array.astype(dtype) if op == "from_array" and dtype else array)
    return [made[target] for target in expression["targets"]]
