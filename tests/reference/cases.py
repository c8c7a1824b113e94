"""The expressions for expressions.py: every operation with many shapes, chunks and dtypes."""

import itertools

import numpy as np
from nodes import DTYPES, FLOATS, Node, expression, held, some, special
from operations import BINARY, REDUCTIONS, UNARY

# Shapes with chunks: no axis, no element, one element; chunks that divide the axis, that do not, and that differ.
SHAPES = [
    ((), ()),
    ((1,), 1),
    ((0,), 1),
    ((7,), 3),
    ((9,), [[2, 3, 4]]),
    ((5, 8), 3),
    ((4, 6), [[1, 3], [2, 4]]),
    ((0, 3), 2),
    ((3, 4, 5), 2),
    ((6, 6), 2),
]


def creations():
    for op, (shape, chunks) in zip(itertools.cycle(["ones", "zeros"]), SHAPES):
        yield Node(op, shape=list(shape), chunks=chunks)
    for dtype in DTYPES:
        yield Node("ones", shape=[3, 2], chunks=2, dtype=dtype)
        yield Node("zeros", shape=[3, 2], chunks=2, dtype=dtype)
        yield Node("full", shape=[5], chunks=[[2, 3]], fill_value=1, dtype=dtype)
        yield Node("arange", start=0, stop=2 if dtype == "?" else 7, step=1, chunks=3, dtype=dtype)
        yield Node("eye", N=5, chunks=2, dtype=dtype)
    for fill_value in [7, -2.5, True, "NaN", "Infinity", "-Infinity", {"int": "9007199254740993"}]:
        yield Node("full", shape=[2, 3], chunks=2, fill_value=fill_value)
    for keywords in [
        {"start": 0, "stop": 10},
        {"start": 5, "stop": -6, "step": -3},
        {"start": 0, "stop": 1, "step": 0.125},
        {"start": 0.5, "stop": 4},
        {"start": 3, "stop": 3},
        {"start": 3, "stop": 1},
    ]:
        yield Node("arange", chunks=4, **keywords)
    for keywords in [
        {"start": 0, "stop": 1, "num": 11},
        {"start": 2, "stop": -1, "num": 7, "endpoint": False},
        {"start": 0, "stop": 10, "num": 6, "dtype": "i8"},
        {"start": 3, "stop": 4, "num": 1},
        {"start": 0, "stop": 1, "num": 9, "dtype": "f4"},
    ]:
        yield Node("linspace", chunks=4, **keywords)
    for keywords in [{"k": 1}, {"k": -2}, {"M": 7}, {"M": 3, "k": 1}, {"M": 4, "k": -1}]:
        yield Node("eye", N=5, chunks=2, **keywords)
    for chunks in [-1, "auto", [2, -1], ["auto", 3], [[1, 4], "auto"], [[5], [2, 2, 4]], 100]:
        yield Node("ones", shape=[5, 8], chunks=chunks)
    for shape, dtype in [([20000, 20000], "f8"), ([300000, 2000], "u1"), ([100, 100000, 7], "f4"), ([3, 10**9], "f8")]:
        yield Node("slice", Node("ones", shape=shape, chunks="auto", dtype=dtype), index=[0, {"stop": 3}])
    for dtype, (shape, chunks) in itertools.product(DTYPES, SHAPES[::3]):
        yield some(dtype, shape, chunks)


def draws():
    for shape, chunks in SHAPES:
        yield Node("random", size=list(shape), chunks=chunks, seed=42)
    for op, keywords in [
        ("uniform", {}),
        ("uniform", {"low": -2, "high": 0.5}),
        ("uniform", {"high": 1e300}),
        ("standard_normal", {}),
        ("normal", {}),
        ("normal", {"loc": -3, "scale": 0.5}),
        ("normal", {"loc": 10.5, "scale": 0}),
        ("standard_exponential", {}),
        ("exponential", {}),
        ("exponential", {"scale": 0.25}),
        ("exponential", {"scale": "Infinity"}),
        ("poisson", {}),
        ("poisson", {"lam": 0}),
        ("poisson", {"lam": 20.5}),
        ("choice", {"a": 6}),
        ("choice", {"a": 2**40}),
        ("integers", {"low": 0, "high": 10}),
        ("integers", {"low": -5, "high": 5, "endpoint": True}),
        ("integers", {"low": 0, "high": 2, "dtype": "u1"}),
        ("integers", {"low": 0, "high": 256, "dtype": "u1"}),
        ("integers", {"low": -100, "high": 100, "dtype": "i4"}),
        ("integers", {"low": -(2**31), "high": 2**31 - 1, "endpoint": True, "dtype": "i4"}),
        ("integers", {"low": 0, "high": 2**40}),
        ("integers", {"low": 7}),
    ]:
        yield Node(op, size=[5, 7], chunks=3, seed=1, **keywords)
    after = [{"size": [4, 4], "chunks": 2}, {"size": [3], "chunks": [[1, 2]]}]
    for op in ["random", "standard_normal"]:
        yield Node(op, size=[3, 3], chunks=2, seed=7, after=after)
    yield Node("integers", low=0, high=100, size=[6], chunks=4, seed=7, after=after)
    yield Node("random", size=[40], chunks="auto", seed=0)
    yield from choices()


def choices():
    elements, p = some("f4", (6,), 4), [0.5, 0, 0.25, 0.125, 0, 0.125]
    for a in [6, elements, some("?", (6,), 6), some("i8", (6,), 2)]:
        yield Node("choice", a=a, size=[5, 7], chunks=3, seed=1)
        yield Node("choice", a=a, p=p, size=[5, 7], chunks=3, seed=1)
        yield Node("choice", a=a, p=held(np.array(p), 4), size=[40], chunks=30, seed=2)
        yield Node("choice", a=a, p=held(np.array(p, "f4"), 6), replace=False, size=[4], chunks=4, seed=3)
        yield Node("choice", a=a, replace=False, size=[2, 3], chunks=3, seed=4)
        yield Node("choice", a=a, replace=False, size=[3, 4], chunks=[3, 2], seed=5, after=[{"size": [4], "chunks": 2}])
        yield Node("choice", a=a, replace=False, size=[0], chunks=1, seed=6)
    for a, size in [(1, 1), (40, 7), (10_000, 300), (10_001, 200), (10_001, 201), (10_001, 10_001), (50_000, 2000)]:
        yield Node("choice", a=a, replace=False, size=[size], chunks=size, seed=7)
    weights = np.random.default_rng(0).random(30)
    weights = held(weights / weights.sum(), 30)
    yield Node("choice", a=30, p=weights, size=[100], chunks=40, seed=8)
    for size in [1, 20, 30]:
        yield Node("choice", a=30, p=weights, replace=False, size=[size], chunks=-1, seed=9)
    yield Node("choice", a=0, size=[0], chunks=1, seed=1)
    # Two generators of the same seed draw the same array, which is one.
    for a in [6, elements]:
        twice = [Node("choice", a=a, p=p, size=[5], chunks=3, seed=1) for _ in range(2)]
        yield Node("subtract", *twice)


def permutations():
    after = [{"permutation": 5}, {"size": [4, 4], "chunks": 2}, {"permutation": 1000}]
    for rows in [0, 1, 2, 7, 1000]:
        yield Node("permutation", x=rows, seed=1)
        yield Node("permutation", x=rows, seed=1, after=after)
    for shape, chunks in [((7,), 3), ((9,), [[2, 3, 4]]), ((5, 8), 3), ((3, 4, 5), 2), ((40, 2), [7, 2])]:
        yield Node("permutation", x=some("i4", shape, chunks), seed=2)
    yield Node("random", size=[3, 3], chunks=2, seed=1, after=after)
    yield Node("mean", Node("permutation", x=Node("random", size=[20, 3], chunks=6, seed=3), seed=3), axis=1)


# Pairs of shapes with chunks that broadcast.
PAIRS = [
    (((7,), 3), ((7,), 3)),
    (((5, 4), 3), ((4,), 2)),
    (((3, 1), 2), ((1, 4), 3)),
    (((2, 3, 4), 2), ((3, 1), 2)),
    (((), ()), ((4,), 3)),
    (((0, 3), 2), ((3,), 2)),
    (((1,), 1), ((6,), 4)),
    (((6,), [[1, 5]]), ((6,), [[4, 2]])),
]

MIXED = [
    ("f8", "i4"),
    ("f4", "i8"),
    ("i8", "f8"),
    ("u1", "i4"),
    ("i4", "u1"),
    ("?", "i8"),
    ("u1", "?"),
    ("f4", "u1"),
    ("f8", "f4"),
]


def unary():
    for op, dtype in itertools.product(UNARY, DTYPES):
        no_zero = op == "reciprocal" and dtype not in FLOATS
        yield Node(op, some(dtype, (5,), 3, least=1) if no_zero else special(dtype))
    for op, (shape, chunks) in zip(UNARY, itertools.cycle(SHAPES)):
        yield Node(op, some("i4" if op == "invert" else "f8", shape, chunks, least=1))


def right(op, dtype, shape, chunks):
    """A right operand for which the operation is defined."""
    return some(dtype, shape, chunks, seed=1, least=0 if op in ("power", "left_shift", "right_shift") else None)


def binary():
    pairs, mixed = itertools.cycle(PAIRS), itertools.cycle(MIXED)
    scalars = itertools.cycle([2, 3, 2.5, 0, True, "NaN", 1, "Infinity", 7])
    for op in BINARY:
        dtypes = [(dtype, dtype) for dtype in DTYPES] + [next(mixed) for _ in range(4)]
        for (left, other), ((shape, chunks), (other_shape, other_chunks)) in zip(dtypes, pairs):
            yield Node(op, some(left, shape, chunks), right(op, other, other_shape, other_chunks))
        for dtype, number in zip(["f8", "f4", "i4", "u1", "?"], scalars):
            yield Node(op, some(dtype, (5,), 3), number)
            yield Node(op, number, right(op, dtype, (5,), 3))
    for dtype in FLOATS:
        for op in [
            "add",
            "multiply",
            "divide",
            "floor_divide",
            "remainder",
            "maximum",
            "fmin",
            "power",
            "less",
            "hypot",
        ]:
            yield Node(op, special(dtype), Node("slice", special(dtype), index=[{"step": -1}]))
    wide = held(np.array([2**53, 2**53 + 1, -(2**62)]), 2)
    yield Node("add", wide, {"int": "9007199254740993"})
    yield Node("multiply", wide, wide)
    yield Node("equal", wide, {"int": "9007199254740993"})
    yield Node("less", some("u1", (4,), 2), -1)
    yield Node("less", some("u1", (4,), 2), 300)


def chosen():
    for dtype, other in [("f8", "f8"), ("i4", "u1"), ("?", "i8"), ("f4", "i4")]:
        yield Node("where", some("?", (5, 4), 3), some(dtype, (5, 4), 2), some(other, (4,), 3, seed=1))
    yield Node("where", some("f8", (7,), 3), 1, 0)
    yield Node("where", some("?", (7,), 3), some("f4", (7,), 3), 0.5)
    yield Node("where", some("?", (7,), 3), 2, some("u1", (7,), 2))
    yield Node("where", Node("greater", some("f8", (3, 4, 5), 2), 0), "NaN", some("f8", (3, 4, 5), 2))
    for dtype in ["f8", "f4", "i8", "i4"]:
        yield Node("clip", some(dtype, (5, 4), 3), -1, 2)
    yield Node("clip", some("u1", (6,), 4), 2, 5)
    yield Node("clip", some("u1", (6,), 4), -1, 300)
    yield Node("where", some("?", (7,), 3), 300, some("u1", (7,), 2))
    yield Node("clip", some("f8", (6,), 4), -0.5, 0.5)
    yield Node("clip", some("i4", (6,), 4), -1.5, 2)
    for dtype, other in itertools.product(DTYPES, DTYPES):
        yield Node("astype", some(dtype, (4, 3), 2, least=0), dtype=other)


def reductions():
    for op, dtype in itertools.product(REDUCTIONS, DTYPES):
        yield Node(op, some(dtype, (5, 4), 3))
    over = itertools.cycle(
        [
            ((7,), 3, {}),
            ((5, 8), 3, {"axis": 0}),
            ((5, 8), 3, {"axis": -1, "keepdims": True}),
            ((3, 4, 5), 2, {"axis": [0, 2]}),
            ((3, 4, 5), 2, {"axis": 1, "keepdims": True}),
            ((9, 9), 1, {"split_every": 3}),
            ((10,), 1, {"axis": 0, "split_every": 2}),
            ((6, 6), [[1, 5], [2, 4]], {"axis": [1, 0], "keepdims": True}),
            ((), (), {}),
            ((1,), 1, {"axis": 0}),
            ((3, 0), 2, {"axis": 0}),
        ]
    )
    for op in REDUCTIONS:
        for dtype, (shape, chunks, keywords) in zip(["f8", "f4", "i8", "f8", "i4"], over):
            yield Node(op, some(dtype, shape, chunks), **keywords)
    for op in ["sum", "prod", "mean", "std", "var", "nansum", "nanmean", "any", "all"]:
        yield Node(op, some("f8", (0, 3), 2))
        yield Node(op, some("f8", (0, 3), 2), axis=0)
    for op in ["std", "var"]:
        for ddof in [1, 2.5, 20]:
            yield Node(op, some("f8", (5, 4), 3), ddof=ddof)
        yield Node(op, some("f8", (5, 4), 3), axis=0, ddof=1, keepdims=True)
    for op in ["sum", "prod", "mean", "std", "var"]:
        yield Node(op, some("i4", (5, 4), 3), axis=1, dtype="f4")
        yield Node(op, some("f4", (5, 4), 3), dtype="f8")
    gaps = held(np.array([[1, np.nan, 3, 4.5], [np.nan, np.nan, -2, 0.5], [7, np.nan, 1, np.nan]]), 2)
    for op in [*REDUCTIONS, "argmin", "argmax"]:
        yield Node(op, gaps)
        yield Node(op, gaps, axis=0)
    for op in ["argmin", "argmax"]:
        for dtype, (shape, chunks) in zip(
            DTYPES, [((7,), 3), ((5, 8), 3), ((4, 6), [[1, 3], [2, 4]]), ((3, 4, 5), 2)] * 2
        ):
            yield Node(op, some(dtype, shape, chunks), axis=0)
            yield Node(op, some(dtype, shape, chunks))
        yield Node(op, Node("any", some("u1", (1, 6, 7), [1, 6, 1]), axis=0), axis=1, split_every=3)
        yield Node(op, some("f8", (3, 4, 5), 2), axis=-1, keepdims=True)
        yield Node(op, some("f8", (20,), 1), axis=0, split_every=2)
    for dtype in DTYPES:
        yield Node("cumsum", some(dtype, (7,), 3), axis=0)
    for axis in [0, 1, -1]:
        yield Node("cumsum", some("f8", (3, 4, 5), 2), axis=axis)
    for dtype, n, axis in [("f8", 1, -1), ("i4", 2, 0), ("u1", 1, 1), ("f8", 0, 0), ("i8", 3, -1)]:
        yield Node("diff", some(dtype, (5, 7), 3), n=n, axis=axis)
    yield Node("diff", some("f4", (11,), 4))
    x, row = some("i4", (5, 7), 3), some("f8", (2, 7), 2, seed=1)
    for beside in [{"prepend": row}, {"append": row}, {"prepend": row, "append": some("u1", (1, 7), 4, seed=2)}]:
        yield Node("diff", x, axis=0, **beside)
        yield Node("diff", x, n=2, axis=0, **beside)
    for beside in [{"prepend": 3}, {"append": 2.5}, {"prepend": True, "append": 0}]:
        yield Node("diff", x, axis=1, **beside)
    yield Node("diff", some("f4", (4,), 2), prepend=0)
    yield Node("diff", some("u1", (1,), 1), n=3, prepend=0, append=9)
    for shape, chunks in SHAPES:
        yield Node("flip", some("f4", shape, chunks))
    for axis in [0, -1, [0, 2], [1, -2], []]:
        yield Node("flip", some("i4", (3, 4, 5), 2), axis=axis)
    for k, axis in [(3, -1), (-2, -1), (2, 0), (-3, 0), (1, 1)]:
        yield Node("topk", some("f8", (5, 7), 3), k=k, axis=axis)
    yield Node("topk", some("i4", (11,), 4), k=4)
    for dtype in ["f8", "f4", "i8", "u1"]:
        yield Node("histogram", some(dtype, (4, 6), 3), bins=5, range=[-4, 4])
    yield Node("histogram", Node("random", size=[200], chunks=64, seed=3), bins=10, range=[0, 1])
    yield Node("percentile", some("f8", (9,), 9), q=[0, 25, 50, 90, 100])
    yield Node("percentile", some("f8", (9,), 9), q=50)
    yield Node("percentile", some("f8", (20,), 6), q=[0, 25, 50, 100])


def moves():
    for shape, chunks in SHAPES:
        yield Node("transpose", some("f8", shape, chunks))
        yield Node("ravel", some("i4", shape, chunks))
    for axes in [[2, 0, 1], [0, 2, 1], [-1, 0, 1]]:
        yield Node("transpose", some("u1", (3, 4, 5), 2), axes=axes)
    for shape, chunks, new in [
        ((12,), 4, [3, 4]),
        ((12,), 5, [2, -1]),
        ((4, 6), 2, [24]),
        ((4, 6), 2, [2, 2, 6]),
        ((4, 6), [[1, 3], [2, 4]], [-1, 3]),
        ((2, 3, 4), 2, [6, 4]),
        ((2, 3, 4), 2, [2, 12]),
        ((1,), 1, []),
        ((), (), [1, 1]),
        ((0, 3), 2, [0]),
        ((4, 1, 3), 2, [4, 3]),
        ((6, 4), 2, [-1]),
    ]:
        yield Node("reshape", some("i8", shape, chunks), shape=new)
    a, b, c = some("f8", (3, 4), 2), some("f8", (2, 4), 3, seed=1), some("i4", (3, 4), [[1, 2], [3, 1]], seed=2)
    yield Node("concatenate", a, b)
    yield Node("concatenate", a, b, axis=0)
    yield Node("concatenate", a, c, axis=1)
    yield Node("concatenate", a, c, a, axis=-1)
    yield Node("concatenate", some("u1", (3,), 2), some("?", (0,), 1), some("i8", (2,), 2))
    yield Node("concatenate", some("f8", (1, 0), 1), some("f8", (2, 3), 2), some("f8", (1, 3), 2))
    yield Node("stack", a, a)
    yield Node("stack", a, c, axis=1)
    yield Node("stack", c, a, c, axis=-1)
    yield Node("stack", some("?", (), ()), some("?", (), (), seed=1))
    for shape, before, after in [
        ((9,), 3, 4),
        ((9,), 2, [[1, 8]]),
        ((5, 8), 3, [5, 2]),
        ((5, 8), 3, -1),
        ((5, 8), 1, [[2, 3], [8]]),
        ((5, 8), 5, "auto"),
        ((3, 4, 5), 2, [1, -1, 3]),
        ((0, 3), 2, 1),
        ((), (), []),
    ]:
        yield Node("rechunk", some("f4", shape, before), chunks=after)
    x, y, z = some("f8", (11,), 4), some("i4", (6, 9), [[2, 4], [3, 3, 3]]), some("u1", (3, 4, 5), 2)
    for array, index in [
        (x, [{"start": 3}]),
        (x, [{"stop": -2}]),
        (x, [{"step": -1}]),
        (x, [{"start": 9, "stop": 1, "step": -3}]),
        (x, [{"start": 2, "stop": 10, "step": 4}]),
        (x, [{"start": -100, "stop": 100}]),
        (x, [{"start": 8, "stop": 2}]),
        (x, [5]),
        (x, [-1]),
        (x, [None, {}]),
        (x, ["..."]),
        (x, [{"indices": [0, 10, 3, 3, -1]}]),
        (x, [{"indices": []}]),
        (y, [2]),
        (y, [{}, 4]),
        (y, [{"start": 1}, {"step": 2}]),
        (y, [-1, {"step": -2}]),
        (y, ["...", 0]),
        (y, [{}, None, {"stop": 5}]),
        (y, [{"indices": [5, 0, 2]}]),
        (y, [{}, {"indices": [8, 1, 1]}]),
        (y, [{"start": 1, "stop": 4}, {"indices": [-1, 0]}]),
        (y, [3, 7]),
        (y, []),
        (z, [0, "...", {"start": 1}]),
        (z, [{}, 1, {"step": 3}]),
        (z, [None, {}, None, {}, {"indices": [4, 4]}]),
        (z, ["...", None]),
        (z, [{}, {"start": 4}, 0]),
    ]:
        yield Node("slice", array, index=index)


def masks():
    x, y = some("f8", (11,), 4), some("f8", (5, 8), [[3, 2], [3, 3, 2]])
    rows, columns = some("?", (5,), 2, seed=1), some("?", (8,), 3, seed=2)
    large, whole = Node("greater", x, 0), Node("greater", y, 1)

    def slice(array, *index):
        masks = [each for each in index if isinstance(each, Node)]
        return Node(
            "slice",
            array,
            *masks,
            index=[{"mask": 1 + masks.index(each)} if isinstance(each, Node) else each for each in index],
        )

    positive, some_rows, some_columns = slice(x, large), slice(y, rows), slice(y, {}, columns)
    yield from [positive, slice(y, whole), some_rows, some_columns, slice(y, "...", columns), slice(x, large, "...")]
    for dtype in DTYPES:
        yield slice(some(dtype, (9,), [[2, 3, 4]]), some("?", (9,), 4, seed=3))
    yield slice(some("i4", (3, 4, 5), 2), Node("less", some("i4", (3, 4, 5), 3), 2))
    yield slice(some("f8", (0,), 1), some("?", (0,), 1))
    yield slice(y, rows, 2)
    yield slice(y, 2, columns)
    yield slice(y, rows, {"start": 1, "stop": 6, "step": 2})
    yield slice(y, rows, {"indices": [1, -1]})
    yield slice(x, Node("greater", x, 99))
    # The first block has no element.
    late = slice(x, Node("greater_equal", Node("arange", stop=11, chunks=4), 5))
    for array in [positive, late]:
        for op in REDUCTIONS:
            yield Node(op, array)
        yield Node("add", array, array)
        yield Node("subtract", array, Node("mean", array))
        yield Node("where", Node("greater", array, 1), array, 0)
        yield Node("topk", array, k=2)
        yield Node("histogram", array, bins=3, range=[0, 9])
        yield slice(array, Node("less", array, 3))
        yield slice(array, None)
        yield slice(array, {})
        yield Node("concatenate", array, x)
        yield Node("stack", array, array)
        yield Node("ravel", array)
        yield Node("astype", array, dtype="i4")
        yield Node("dot", array, array)
        yield Node("norm", array)
        yield Node("multiply", slice(array, {}, None), slice(array, None, {}))
    yield Node("cumsum", positive, axis=0)
    yield Node("unique", positive)
    for array, axis in [(some_rows, 0), (some_columns, 1), (some_rows, 1), (some_columns, 0)]:
        yield Node("sum", array, axis=axis)
        yield Node("mean", array, axis=axis, keepdims=True)
    yield Node("argmax", some_rows, axis=1)
    yield Node("argmin", some_columns, axis=0)
    yield Node("transpose", some_rows)
    yield Node("add", some_rows, some("f8", (8,), 3, seed=1))
    yield Node("add", some_rows, some("f8", (8,), 5, seed=1))
    yield Node("matmul", some_rows, some("f8", (8, 2), 3, seed=1))
    yield Node("matmul", Node("transpose", some_rows), some_rows)
    yield slice(some_rows, {}, 0)
    yield slice(some_rows, {}, {"start": 2})
    yield Node("concatenate", some_rows, y, axis=0)


def distinct():
    for op in ["unique", "unique_counts.values", "unique_counts.counts"]:
        for dtype, (shape, chunks) in zip(DTYPES * 2, SHAPES):
            yield Node(op, some(dtype, shape, chunks))
        few = Node("remainder", Node("arange", stop=50, chunks=9), 7)
        yield Node(op, few)
        yield Node("sum", Node(op, few))
    yield Node("add", Node("unique", few), 1)
    for dtype in DTYPES:
        yield Node("unique", special(dtype))
    yield Node("unique", held(np.array([np.nan, 2, np.nan, 1, np.nan, 2]), 2))


def products():
    # Not for "?": for bool, Dask's sum over blocks counts, and the result depends on the chunks.
    for dtype, other in [("f8", "f8"), ("f4", "f4"), ("i8", "i8"), ("i4", "u1"), ("f8", "i4")]:
        yield Node("dot", some(dtype, (5, 6), 3), some(other, (6, 4), 3, seed=1))
    for op in ["dot", "matmul"]:
        yield Node(op, some("f8", (7,), 3), some("f8", (7,), 3, seed=1))
        yield Node(op, some("f8", (5, 7), 3), some("f8", (7,), 4, seed=1))
        yield Node(op, some("f8", (7,), 3), some("f8", (7, 2), 2, seed=1))
        yield Node(op, some("f8", (4, 7), [[1, 3], [3, 4]]), some("f8", (7, 5), 2, seed=1))
    yield Node("dot", some("f8", (3, 4), 2), some("f8", (2, 4, 5), 2, seed=1))
    yield Node("matmul", some("f8", (2, 3, 4), 2), some("f8", (2, 4, 3), 2, seed=1))
    yield Node("matmul", some("f8", (3, 4), 2), some("f8", (2, 4, 3), 2, seed=1))
    yield Node("matmul", some("i8", (3, 4), 2), some("i8", (4, 3), 2, seed=1))
    yield Node("tensordot", some("f8", (3, 4, 5), 2), some("f8", (4, 5, 2), 2, seed=1), axes=2)
    yield Node("tensordot", some("f8", (3, 4, 5), 2), some("f8", (4, 3, 2), 2, seed=1), axes=[[1, 0], [0, 1]])
    yield Node("tensordot", some("f8", (3, 4), 2), some("f8", (5, 4), 3, seed=1), axes=[[1], [1]])
    yield Node("tensordot", some("i8", (3, 4), 2), some("i8", (4, 2), 3, seed=1), axes=1)
    yield Node("tensordot", some("f8", (3,), 2), some("f8", (4,), 3, seed=1), axes=0)
    yield from sums_of_products()
    for op in ["qr.q", "qr.r", "svd.u", "svd.s", "svd.vh"]:
        for shape, rows in [((20, 3), 7), ((30, 4), 6), ((9, 2), 5)]:
            yield Node(op, Node("random", size=list(shape), chunks=[rows, shape[1]], seed=5))
        yield Node(op, some("f4", (12, 3), [5, 3]))
    x = some("f8", (5, 6), 3)
    yield Node("norm", x)
    for shape in [(0, 9), (9, 0), (0, 0)]:
        for order in ["nuc", "fro", 2, -2]:
            yield Node("norm", held(np.ones(shape), -1), ord=order)
    yield Node("norm", some("f8", (7,), 3))
    for order in [1, 2, 3, "Infinity", "-Infinity", 0]:
        yield Node("norm", some("f8", (7,), 3), ord=order)
        yield Node("norm", x, ord=order, axis=1)
    for order in [1, -1, "Infinity", "-Infinity", "fro"]:
        yield Node("norm", x, ord=order)
    yield Node("norm", x, axis=0, keepdims=True)
    yield Node("norm", some("i4", (5, 6), 3))


def sums_of_products():
    letters = {"b": (2, [[1, 1]]), "i": (5, 3), "j": (6, 4), "k": (4, [[1, 3]]), "l": (3, 2)}

    def operand(dtype, axes, seed):
        cuts = [letters[axis][1] for axis in axes]
        chunks = [cut[0] if isinstance(cut, list) else cut for cut in cuts]
        return some(dtype, tuple(letters[axis][0] for axis in axes), chunks, seed=seed)

    def einsum(subscripts, dtypes="f8", **keywords):
        terms = subscripts.split("->")[0].replace(" ", "").split(",")
        dtypes = itertools.cycle(dtypes.split())
        operands = [operand(next(dtypes), term, seed) for seed, term in enumerate(terms)]
        return Node("einsum", *operands, subscripts=subscripts, **keywords)

    for subscripts in [
        *["ij->ji", "ij->i", "ij->", "ij", "ji", "i->i", "bij->jb"],
        *["ij,jk", "ij,jk->ik", "ij,jk->ki", "ij , jk -> ik", "ji,jk->ik", "ij,kj->ik", "ij,jk->", "ij,jk->ijk"],
        *["bij,bjk->bik", "bij,bjk->kib", "bij,jk->bik", "bij,bij->b", "ij,ij->ij", "ij,ij", "i,j->ij", "i,i", "i,i->i"],
        *["ij,ik->jk", "bijk,bjl->ikl", "ij,jk,kl->il", "i,j,k->kij", "ij,ij,ij->i", "ij,j,i"],
    ]:
        for dtypes in ["f8", "i8"]:
            yield einsum(subscripts, dtypes)
    for dtypes in ["f4", "i4", "u1", "i4 u1", "f4 i4", "f8 ?"]:
        for subscripts in ["ij,jk->ik", "ij,ij->i", "ij->j", "ij->ji"]:
            yield einsum(subscripts, dtypes)
    for subscripts in ["ij,jk->ik", "ij,ij->j", "ij->i"]:
        yield einsum(subscripts, "i4", dtype="f8")
        yield einsum(subscripts, "u1", dtype="i8")
    yield einsum("ij,jk->i", split_every=2)
    square, stack = some("f8", (5, 5), 2), some("i8", (2, 3, 4), 2)
    for subscripts in ["ii", "ii->i", "ij->ji", "...->...", "i...->...i", "...ij->...ji", "...i", "...i->..."]:
        yield Node("einsum", square, subscripts=subscripts)
    yield Node("einsum", some("i8", (3, 3, 3), 2), subscripts="iji->j")
    for subscripts in ["...ij->...ji", "...i->...", "i...->i", "..."]:
        yield Node("einsum", stack, subscripts=subscripts)
    for subscripts in ["...ij,...jk->...ik", "...ij,...jk"]:
        yield Node("einsum", stack, some("i8", (4, 3), 3, seed=1), subscripts=subscripts)
        yield Node("einsum", stack, some("i8", (1, 4, 3), 3, seed=1), subscripts=subscripts)
    yield Node("einsum", some("f8", (1, 3), 2), some("f8", (4, 3), 2, seed=1), subscripts="ij,ij->ij")
    yield Node("einsum", some("f8", (1, 3), 2), some("f8", (4, 3), 2, seed=1), subscripts="ij,kj->ik")
    yield Node("einsum", some("f8", (), ()), some("f8", (4,), 2, seed=1), subscripts=",i->i")
    yield Node("einsum", some("f8", (0, 3), 2), some("f8", (3, 2), 2, seed=1), subscripts="ij,jk->ik")
    yield Node("einsum", some("f8", (2, 0), 2), some("f8", (0, 3), 2, seed=1), subscripts="ij,jk->ik")
    # Blocks of the result would be much larger than those of the operands, which are cut first.
    for subscripts in ["i,j->ij", "ik,kj->ij", "i,j,k->ijk"]:
        terms = subscripts.split("->")[0].split(",")
        arrays = [some("i8", (12, 2)[: len(term)], [7, 2][: len(term)], seed=i) for i, term in enumerate(terms)]
        if subscripts == "ik,kj->ij":
            arrays[1] = some("i8", (2, 12), [2, 7], seed=1)
        yield Node("einsum", *arrays, subscripts=subscripts)


def blocks():
    board = some("u1", (8, 8), 3)
    board = Node("bitwise_and", board, 1)
    plate = some("f8", (8, 7), [[3, 5], [4, 3]])
    for boundary in ["periodic", "reflect", "nearest", "none", 0, 2.5]:
        yield Node("map_overlap", plate, func="heat", rate=0.2, depth=1, boundary=boundary)
    for boundary in ["periodic", "reflect", "nearest", "none", 0]:
        yield Node("map_overlap", board, func="life", depth=1, boundary=boundary)
    yield Node(
        "map_overlap",
        Node("map_overlap", board, func="life", depth=1, boundary="periodic"),
        func="life",
        depth=1,
        boundary="periodic",
    )
    yield Node("map_overlap", plate, func="heat", rate=0.2, depth=2, boundary="periodic")
    yield Node("map_overlap", plate, func="heat", rate=0.2, depth=[2, 1], boundary="reflect")
    yield Node("map_overlap", plate, func="heat", rate=0.2, depth=[1, 1], boundary="nearest")
    yield Node("map_overlap", some("f8", (5, 5), 5), func="heat", rate=0.2, depth=1, boundary="periodic")
    yield Node("map_blocks", board, func="life")
    yield Node("map_blocks", plate, func="heat", rate=0.1)
    yield Node("map_blocks", plate, func="cos")
    yield Node("map_blocks", some("i4", (3, 4, 5), 2), func="negative")
    re = Node("linspace", start=-2, stop=0.5, num=9, chunks=4)
    im = Node("slice", Node("linspace", start=-1.25, stop=1.25, num=7, chunks=3), index=[{}, None])
    yield Node("map_blocks", re, im, func="mandelbrot", max_iter=30)


def programs():
    x = Node("normal", size=[12, 12], chunks=5, seed=42)
    both = Node("add", x, Node("transpose", x))
    yield Node("mean", both, axis=0)
    yield Node("mean", Node("slice", both, index=[{"step": 2}, {"start": 6}]), axis=1)
    yield Node("sum", Node("dot", x, Node("transpose", x)))
    yield Node("std", Node("subtract", x, Node("mean", x, axis=0)), axis=0)
    yield Node("divide", Node("subtract", x, Node("mean", x)), Node("std", x))
    yield Node("sqrt", Node("add", Node("sum", Node("power", x, 2), axis=1), 1e-3))
    yield Node("mean", Node("greater", x, 0))
    yield Node("sum", Node("where", Node("greater", x, 0), x, 0), axis=1)
    yield Node("max", Node("absolute", Node("negative", both)))
    yield Node("sum", Node("astype", Node("multiply", x, 10), dtype="i8"))


def cases():
    groups = [creations, draws, permutations, unary, binary, chosen, reductions, moves, masks, distinct, products, blocks, programs]
    for group in groups:
        yield from map(expression, group())
