"""Random chains of operations, computed by Dask: `fuzz.py SEED COUNT FILE` writes cases like expressions.py.

`EXPRESSIONS=FILE cargo test --test expressions dask` compares them. Casts that C leaves undefined (values that the
type cannot hold) are excluded. So are operations that amplify small errors, after operations that may round differently
in other implementations. If Dask refuses an expression, only that is recorded: its message depends on which of several
mistakes it finds first.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from expression import called, keyword, scalar
from expressions import DTYPES as NAMES
from expressions import ROUNDED, outcome
from nodes import DTYPES, FLOATS, Node, expression, held, special
from operations import BINARY, KEYWORDS, REDUCTIONS, UNARY

# Operations allowed after rounding: they keep small errors small.
STEADY = set(
    "negative positive absolute add multiply maximum minimum fmax fmin where astype max min concatenate stack transpose "
    "reshape ravel rechunk slice".split()
)
# Results that are only close up to signs, and estimates that depend on the chunks.
ENDS = {"qr.q", "qr.r", "svd.u", "svd.s", "svd.vh", "percentile"}

# What Dask does not support, and its internal errors.
BEYOND = {"NotImplementedError", "AssertionError", "AttributeError", "IndexError", "KeyError", "ZeroDivisionError"}
SLIPS = (
    "Missing dependency",
    "`dtype` inference failed",
    "reduce() of empty",
    "concatenate_arrays() missing",
    "unsupported operand",
)


class Fuzz:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def odds(self, share):
        return self.rng.random() < share

    def pick(self, items):
        return items[self.rng.integers(len(items))]

    def whole(self, low, high):
        """A number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    # Sources.

    def shape(self, ndim=None):
        lengths = [1, 2, 3, 4, 5, 6, 7, 9] + [0] * self.odds(0.15)
        return tuple(self.pick(lengths) for _ in range(self.whole(0, 3) if ndim is None else ndim))

    def cut(self, length):
        parts, left = [], length
        while left:
            parts.append(self.whole(1, left))
            left -= parts[-1]
        return parts or [0]

    def axis_chunks(self, length):
        return self.pick([self.whole(1, 5), self.whole(1, 3), self.cut(length), self.cut(length), -1, "auto"])

    def chunks(self, shape):
        if self.odds(0.5):
            return [self.axis_chunks(length) for length in shape]
        return self.pick([self.whole(1, 5), self.whole(1, 3), -1, "auto"])

    def source(self, dtype=None, shape=None):
        dtype = self.pick(DTYPES) if dtype is None else dtype
        if shape is None and self.odds(0.06):
            return special(dtype)
        if shape is None and self.odds(0.15):
            return self.created()
        shape = self.shape() if shape is None else shape
        if dtype == "?":
            values = self.rng.integers(0, 2, shape)
        elif dtype in FLOATS:
            # Mostly numbers whose sums and products are exact.
            values = self.rng.integers(-20, 20, shape) / 4
            if dtype == "f8" and self.odds(0.2):
                values = self.rng.normal(0, 3, shape).round(3)
            if self.odds(0.15):
                values = np.where(self.rng.random(shape) < 0.2, np.nan, values)
        else:
            values = self.rng.integers(0 if dtype == "u1" or self.odds(0.3) else -9, 10, shape)
        return held(np.asarray(values).astype(dtype), self.chunks(shape))

    def created(self):
        shape = self.shape()
        chunks = self.chunks(shape)
        cut = {"chunks": self.axis_chunks(7)} if self.odds(0.8) else {}
        after = [{"size": list(s), "chunks": self.chunks(s)} for s in [self.shape()] * self.whole(0, 2)]
        drawn = {"size": list(shape), "chunks": chunks, "seed": self.whole(0, 99), "after": after}
        low = self.whole(-300, 300)
        return self.pick(
            [
                Node(self.pick(["ones", "zeros"]), shape=list(shape), chunks=chunks, dtype=self.pick(DTYPES)),
                Node("full", shape=list(shape), chunks=chunks, fill_value=self.pick([3, -1, 2.5, True, "NaN", 200])),
                Node("arange", stop=7, **cut),
                Node("arange", start=self.whole(-4, 4), stop=self.whole(-9, 9), step=self.pick([1, 2, -1, 0.5]), **cut),
                Node("linspace", start=self.whole(-4, 4), stop=self.whole(-9, 9), num=7, **cut),
                Node("linspace", start=0, stop=self.whole(-9, 9), num=self.whole(1, 8), endpoint=False),
                Node("eye", N=self.whole(1, 6), k=self.whole(-2, 2), chunks=self.whole(1, 4)),
                Node("random", **drawn),
                Node("choice", a=self.source("f8", (self.whole(1, 9),)), **drawn),
                Node("standard_normal", **drawn),
                Node("normal", loc=self.whole(-3, 3), scale=self.pick([0, 1, 0.5]), **drawn),
                Node("integers", low=self.whole(0, 100), high=self.whole(100, 256), dtype="u1", **drawn),
                Node("integers", low=low, high=low + self.whole(1, 2**31), endpoint=self.odds(0.5), **drawn),
            ]
        )

    # Operations on an array x, which is node n.

    def other(self, n, x):
        """An operand that fits x."""
        if self.odds(0.25):
            return self.pick([2, 3, -1, 2.5, 0, True, "NaN", 1, "Infinity", 7, -0.5, 300, {"int": "9007199254740993"}])
        if self.odds(0.15):
            return n
        if self.odds(0.08):
            return self.source()
        lead = self.whole(0, x.ndim)
        shape = tuple(1 if self.odds(0.2) else length for length in x.shape[lead:])
        return self.source(shape=(self.whole(1, 3),) + shape if lead == 0 and x.ndim < 3 and self.odds(0.1) else shape)

    def axis(self, x):
        return self.whole(-x.ndim, x.ndim - 1) if x.ndim and self.odds(0.97) else self.whole(-3, 3)

    def axes(self, x):
        some = [axis - x.ndim * self.odds(0.3) for axis in range(x.ndim) if self.odds(0.5)]
        return [int(axis) for axis in self.rng.permutation(some)]

    def over(self, x):
        keywords = {"axis": self.pick([None, self.axis(x), self.axis(x), self.axes(x)])}
        if self.odds(0.3):
            keywords["keepdims"] = self.odds(0.7)
        if self.odds(0.3):
            keywords["split_every"] = self.whole(2, 4)
        return keywords

    def unary(self, n, x):
        op = self.pick(UNARY)
        # 1 / 0 is not an integer.
        return Node(op, Node("maximum", n, 1) if op == "reciprocal" and x.dtype.kind != "f" else n)

    def reduction(self, n, x):
        op = self.pick(REDUCTIONS)
        keywords = self.over(x)
        if "ddof" in KEYWORDS[op] and self.odds(0.3):
            keywords["ddof"] = self.pick([1, 2, 0.5])
        if "dtype" in KEYWORDS[op] and self.odds(0.15):
            keywords["dtype"] = self.pick(DTYPES if x.dtype.kind in "iub" and op in ("sum", "prod") else FLOATS)
        return Node(op, n, **keywords)

    def arg_reduction(self, n, x):
        keywords = self.over(x) | {"axis": self.pick([None, self.axis(x)])}
        return Node(self.pick(["argmin", "argmax"]), n, **keywords)

    def slices(self, n, x):
        """An index of x: sometimes with too many entries, or out of bounds."""
        index, lists = [], 0
        for length in x.shape[: self.whole(0, x.ndim)] + (3,) * self.odds(0.02):
            stop = self.pick([None, self.whole(-length - 2, length + 2)])
            step = self.pick([None, 1, 2, 3, -1, -2, -3])
            # Dask starts a backward slice from before the first element at the last element.
            start = self.pick([None, self.whole(-length - 2 * ((step or 1) > 0), length + 2)])
            places = [self.whole(-length, length - 1) for _ in range(self.whole(0, 6) if length else 0)]
            at = self.whole(-length, length - 1) if length and self.odds(0.97) else length
            item = self.pick(["slice", "slice", "at", "list"])
            if item == "list" and not lists:
                index.append({"indices": places})
                lists += 1
            elif item == "at":
                index.append(at)
            else:
                index.append({"start": start, "stop": stop, "step": step})
        if self.odds(0.2):
            index.insert(self.whole(0, len(index)), "...")
        if self.odds(0.2) and x.ndim < 4:
            index.insert(self.whole(0, len(index)), None)
        return Node("slice", n, index=index)

    def masked(self, n, x):
        """What a mask leaves of x, or a number for it: then all lengths are known again."""
        if x.ndim == 0:
            return Node("unique", n)
        axis = self.whole(0, x.ndim - 1)
        whole = Node(self.pick(["greater", "less_equal"]), n, self.pick([0, 1, -1.5]))
        along = self.source("?", x.shape[axis : axis + 1])
        mask, index = self.pick([(whole, [{"mask": 1}]), (along, [{}] * axis + [{"mask": 1}])])
        some = Node("slice", n, mask, index=index)
        reduced = Node(self.pick("sum prod mean any all".split()), some)
        ends = [Node("unique", some)] if mask is whole or x.ndim == 1 else []
        return self.pick([some, reduced, *ends])

    def reshaped(self, n, x):
        lengths, left = [], x.size
        while left > 1 and len(lengths) < 3:
            part = self.pick([d for d in range(1, left + 1) if left % d == 0])
            lengths.append(part)
            left //= part
        lengths += [left] * (left != 1 or not lengths)
        if self.odds(0.3):
            lengths[self.whole(0, len(lengths) - 1)] = -1
        return Node("reshape", n, shape=lengths)

    def cast(self, n, x):
        fits = list(DTYPES)
        if x.dtype.kind == "f":
            v = x.compute(scheduler="sync")
            finite = np.isfinite(v).all() and (np.abs(v) < 2**31 - 1).all()
            fits = [d for d in DTYPES if d in FLOATS + ["?"] or finite and (d != "u1" or ((v > -1) & (v < 256)).all())]
        return Node("astype", n, dtype=self.pick(fits))

    def joined(self, n, x):
        axis = self.axis(x)
        op = self.pick(["concatenate", "stack"])

        def mate():
            if self.odds(0.2):
                return n
            shape = list(x.shape)
            if op == "concatenate" and -x.ndim <= axis < x.ndim:
                shape[axis] = self.whole(0, 5)
            return self.source(shape=self.shape(x.ndim) if self.odds(0.03) else tuple(shape))

        arrays = [n] + [mate() for _ in range(self.whole(0, 3))]
        self.rng.shuffle(arrays)
        return Node(op, *arrays, axis=axis)

    def product(self, n, x):
        op = self.pick(["dot", "matmul", "tensordot"])
        dtype = self.pick([d for d in DTYPES if d != "?"])
        if op == "tensordot":
            k = self.whole(0, x.ndim)
            if self.odds(0.5):
                return Node(op, n, self.source(dtype, (x.shape[x.ndim - k :] + self.shape(1))[:3]), axes=k)
            axes = [int(axis) for axis in self.rng.permutation(x.ndim)[:k]]
            shape = tuple(x.shape[axis] for axis in axes)
            return Node(op, n, self.source(dtype, shape + self.shape(1)), axes=[axes, list(range(k))])
        inner = x.shape[-1:] if self.odds(0.95) else self.shape(1)
        shape = self.pick([inner, inner + self.shape(1), self.shape(1) + inner + self.shape(1)])
        if op == "matmul" and x.ndim == 3 and self.odds(0.7):
            shape = self.pick([1, x.shape[0]]), *inner, *self.shape(1)
        return Node(op, n, self.source(dtype, shape))

    def einsum(self, n, x):
        """x and up to two arrays, whose axes have letters of x's or new ones; some of the letters are summed over."""
        lengths = dict(zip("abcd", x.shape))
        terms, operands = ["".join(lengths)], [n]
        dtype = self.pick([d for d in DTYPES if d != "?"])
        for _ in range(self.whole(0, 2)):
            letters = [str(c) for c in self.rng.permutation([*lengths, "z"])[: self.whole(0, 2)]]
            lengths.setdefault("z", self.whole(1, 4))
            terms.append("".join(letters))
            operands.append(self.source(dtype, tuple(lengths[c] for c in letters)))
        used = sorted(set("".join(terms)))
        output = "".join(str(c) for c in self.rng.permutation(used)[: self.whole(0, len(used))])
        return Node("einsum", *operands, subscripts=",".join(terms) + self.pick(["", f"->{output}"]))

    def factors(self, n, x):
        """A tall and skinny array for qr and svd, independent of x."""
        columns = self.whole(1, 4)
        rows = self.whole(columns, 20)
        tall = held(self.rng.normal(0, 1, (rows, columns)), [self.whole(columns, rows), columns])
        return Node(self.pick(["qr.q", "qr.r", "svd.u", "svd.s", "svd.vh"]), tall)

    def norm(self, n, x):
        if not x.ndim:
            n = Node("reshape", n, shape=[1])
        order = self.pick([None, 1, 2, 3, "Infinity", "-Infinity", 0, -1, "fro", "nuc"])
        axis = self.pick([None, None, *range(-x.ndim, x.ndim), self.axes(x) or 0])
        return Node("norm", n, ord=order, axis=axis, keepdims=self.odds(0.3))

    def percentile(self, n, x):
        """For one block. With several, NumPy's unstable sort determines the weights of equal elements."""
        line = held(self.rng.permutation(30)[: self.whole(1, 30)] * self.pick([1, 0.25]), -1)
        return Node("percentile", line, q=self.pick([[0, 25, 50, 90, 100], 50, [10]]))

    def overlapped(self, n, x):
        func = self.pick(["life", "heat", "negative"])
        board = self.source("u1" if func == "life" else "f8", self.shape(2))
        if func == "life":
            board = Node("bitwise_and", board, 1)
        boundary = self.pick(["periodic", "reflect", "nearest", "none", 0, 1])
        depth = self.pick([1, 1, 2, [1, 1], [1, 2]])
        return Node("map_overlap", board, func=func, depth=depth, boundary=boundary)

    def operation(self, n, x):
        weighted = [
            (6, lambda: self.unary(n, x)),
            (9, lambda: Node(self.pick(BINARY), *[n, self.other(n, x)][:: self.pick([1, -1])])),
            (1.5, lambda: Node("where", self.source("?", x.shape), *[n, self.other(n, x)][:: self.pick([1, -1])])),
            (1, lambda: Node("clip", n, self.pick([0, 2, -1, 1.5]), self.pick([3, 4.5, 7, 300]))),
            (2, lambda: self.cast(n, x)),
            (5, lambda: self.reduction(n, x)),
            (1.2, lambda: self.arg_reduction(n, x)),
            (0.9, lambda: Node("cumsum", n, axis=self.axis(x))),
            (0.5, lambda: Node("diff", n, n=self.pick([1, 2]), axis=self.axis(x), prepend=self.pick([None, n, 2]))),
            (0.5, lambda: Node("flip", n, axis=self.pick([None, self.axis(x), self.axes(x)]))),
            (0.8, lambda: Node("topk", n, k=self.pick([1, 2, 3, -1, -2]), axis=self.axis(x))),
            (1.5, lambda: self.masked(n, x)),
            (0.6, lambda: Node(self.pick(["unique", "unique_counts.values"]), n)),
            (0.7, lambda: Node("histogram", n, bins=self.whole(1, 6), range=[self.whole(-5, 0), self.whole(1, 6)])),
            (0.6, lambda: self.percentile(n, x)),
            (6, lambda: self.slices(n, x)),
            (3, lambda: self.reshaped(n, x)),
            (0.5, lambda: Node("ravel", n)),
            (1.8, lambda: Node("transpose", n, axes=self.pick([None, [int(a) for a in self.rng.permutation(x.ndim)]]))),
            (3, lambda: Node("rechunk", n, chunks=self.chunks(x.shape))),
            (3, lambda: self.joined(n, x)),
            (2.5, lambda: self.product(n, x)),
            (1, lambda: self.einsum(n, x)),
            (0.4, lambda: self.factors(n, x)),
            (1.1, lambda: self.norm(n, x)),
            (0.65, lambda: Node("map_blocks", n, func=self.pick(["negative", "sqrt", "isnan"]))),
            (0.7, lambda: self.overlapped(n, x)),
        ]
        weights, operations = zip(*weighted)
        return self.rng.choice(operations, p=np.divide(weights, sum(weights)))()

    def chain(self):
        """A random expression; only its last step may fail."""
        node = self.source()
        array = dasks(node)
        for _ in range(self.whole(1, 4)):
            if array is None or str(array.dtype) not in NAMES or array.ndim > 4 or array.size > 3000:
                break
            if np.isnan(array.shape).any() or node.op in ENDS or rounded(node) and array.dtype == "float32":
                break
            following = self.operation(node, array)
            if rounded(node) and following.op not in STEADY:
                continue
            result = dasks(following)
            # No other implementation has two-byte floats.
            if result is None or result.dtype != "float16":
                node, array = following, result
        return node


def rounded(node):
    return node.op in ROUNDED or any(rounded(arg) for arg in (*node.args, *node.keywords.values()) if isinstance(arg, Node))


def dasks(node):
    """The node's array, or None if Dask refuses it or announces another shape: `topk` does, with `k` beyond the axis."""
    try:
        args = [dasks(arg) if isinstance(arg, Node) else scalar(arg) for arg in node.args]
        given = {name: each for name, each in node.keywords.items() if each is not None}
        keywords = {name: dasks(each) if isinstance(each, Node) else keyword(each) for name, each in given.items()}
        array = called(node.op, args, keywords)
        computed = array.compute(scheduler="sync")
    except Exception:
        return None
    return array if np.isnan(array.shape).any() or array.shape == np.shape(computed) else None


def main():
    warnings.simplefilter("ignore")
    seed, count, path = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    fuzz, lines, left_out = Fuzz(seed), [], 0
    while len(lines) < count:
        wanted = expression(fuzz.chain())
        try:
            came = outcome(wanted)
        except (AssertionError, KeyError) as error:
            # Dask announces a shape or type that differs from what it computes, or its graph lacks a block, as
            # between empty arrays in different chunks.
            came = {"error": type(error).__name__}
        if came.get("error") in BEYOND or came.get("text", "").startswith(SLIPS):
            left_out += 1
        else:
            words = {"text": ""} if "error" in came else {}
            lines.append(json.dumps({"expression": wanted, **came, **words}))
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{path}: {count} expressions; {left_out} were left out")


if __name__ == "__main__":
    main()
