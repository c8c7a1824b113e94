"""Reference values for src/kernels, from NumPy: writes tests/fixtures/kernels.json.

    pip install -r tests/reference/requirements.txt
    python tests/reference/kernels.py

A case is an operation as in a graph's JSON form, its input blocks, and the resulting block or the beginning of NumPy's
error. Results of types that dagdeck does not have (int8, uint64, float16) are left out.
"""

import base64
import json
import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")

DTYPES = ["bool", "uint8", "int32", "int64", "float32", "float64"]

UNARY = {
    "neg": np.negative, "positive": np.positive, "abs": np.absolute, "invert": np.invert, "sqrt": np.sqrt,
    "square": np.square, "sign": np.sign, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p,
    "log2": np.log2, "log10": np.log10, "sin": np.sin, "cos": np.cos, "tan": np.tan, "arcsin": np.arcsin,
    "arccos": np.arccos, "arctan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "rint": np.rint, "isnan": np.isnan,
    "isinf": np.isinf, "isfinite": np.isfinite, "logical_not": np.logical_not,
}  # fmt: skip

BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "pow": np.power, "maximum": np.maximum,
    "minimum": np.minimum, "fmax": np.fmax, "fmin": np.fmin, "hypot": np.hypot, "arctan2": np.arctan2,
    "gt": np.greater, "ge": np.greater_equal, "lt": np.less, "le": np.less_equal, "eq": np.equal,
    "ne": np.not_equal, "logical_and": np.logical_and, "logical_or": np.logical_or,
    "logical_xor": np.logical_xor, "and_": np.bitwise_and, "or_": np.bitwise_or, "xor": np.bitwise_xor,
    "lshift": np.left_shift, "rshift": np.right_shift,
}  # fmt: skip


def block(x):
    x = np.asarray(x)
    data = x.astype(x.dtype.newbyteorder("<")).tobytes()
    return {"shape": list(x.shape), "dtype": x.dtype.name, "data": base64.b64encode(data).decode()}


def numbers(dtype):
    """Numbers of a type, including special ones."""
    if dtype == "bool":
        return np.array([False, True, True, False])
    if dtype == "uint8":
        return np.array([0, 1, 2, 3, 7, 8, 100, 128, 255], dtype)
    if dtype.startswith("int"):
        info = np.iinfo(dtype)
        return np.array([0, 1, -1, 2, -2, 3, 7, -8, 33, 70, info.max, info.min], dtype)
    odd = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, -7.25, 1e-8, 700.5, np.inf, -np.inf, np.nan]
    return np.array(odd, dtype)


cases = []


def case(op, inputs, result):
    inputs = [np.asarray(x) for x in inputs]
    written = {"op": op, "inputs": [block(x) for x in inputs]}
    try:
        value = result(*inputs)
    except Exception as error:
        cases.append(written | {"error": str(error)[:40]})
        return
    value = np.asarray(value)
    if value.dtype.name in DTYPES:
        cases.append(written | {"output": block(value)})


def elementwise():
    for name, function in UNARY.items():
        for dtype in DTYPES:
            case(name, [numbers(dtype)], function)
    for name, function in BINARY.items():
        for left in DTYPES:
            for right in DTYPES:
                x, y = numbers(left)[:, None], numbers(right)[None, :]
                if name == "pow" and not (left.startswith("f") or right.startswith("f")):
                    y = y[y >= 0][None, :]
                if name in ("floordiv", "mod") and left.startswith("f") != right.startswith("f"):
                    continue  # large integers as floats: quotients whose last bit decides
                case(name, [x, y], function)
        for dtype in DTYPES:
            for scalar in [True, 2, 2.5]:
                case({name: [None, scalar]}, [numbers(dtype)], lambda x: function(x, scalar))
                if name not in ("pow", "floordiv", "mod"):
                    case({name: [scalar, None]}, [numbers(dtype)], lambda x: function(scalar, x))
    for dtype in ["int32", "int64"]:
        case("pow", [[2, 3], np.array([2, -1], dtype)], np.power)
    for dtype in DTYPES:
        x = numbers(dtype)
        condition = np.arange(len(x)) % 3
        case("where", [condition, x, x[::-1]], np.where)
        case({"where": [None, None, 0]}, [condition, x], lambda c, x: np.where(c, x, 0))
        if dtype != "bool":
            case({"clip": [None, 1, 3]}, [x], lambda x: np.clip(x, 1, 3))
            case({"clip": [None, 0.5, 2.5]}, [x], lambda x: np.clip(x, 0.5, 2.5))
        for to in DTYPES:
            if not (dtype.startswith("f") and not to.startswith(("f", "b"))):
                case({"astype": to}, [x], lambda x: x.astype(to))


def reductions():
    rng = np.random.default_rng(0)
    shapes = [(7,), (3, 5), (2, 3, 4), (200, 3), (3, 300), ()]
    names = ["sum", "prod", "min", "max", "any", "all", "nansum"]
    for dtype in DTYPES:
        for shape in shapes:
            size = np.prod(shape)
            if size > 100 and dtype not in ("int64", "float64"):
                continue
            x = (rng.standard_normal(shape) * 3).astype(dtype) if dtype != "uint8" else rng.integers(0, 9, shape, dtype)
            if dtype.startswith("f") and x.size > 3:
                x.flat[3] = np.nan
            for name in names:
                for axes in [list(range(x.ndim)), [0], [x.ndim - 1]]:
                    if not all(0 <= axis < x.ndim for axis in axes):
                        continue
                    if name == "prod" and size > 100:
                        continue  # 0 or NaN, depending on the order
                    y = np.nan_to_num(x) if name == "prod" else x
                    op = {name: {"stage": "chunk", "axes": axes}}
                    case(op, [y], lambda y: np.asarray(getattr(np, name)(y, axis=tuple(axes), keepdims=True)))


def others():
    rng = np.random.default_rng(1)
    x = rng.integers(-9, 9, (4, 6))
    for dtype in ["int32", "float64", "uint8", "bool"]:
        y = np.abs(x).astype(dtype)
        for axis in [0, 1]:
            case({"cumsum": {"axis": axis}}, [y], lambda y: np.cumsum(y, axis=axis))
            case({"take": {"axis": axis, "indices": [2, -1, 2, 0]}}, [y], lambda y: np.take(y, [2, -1, 2, 0], axis))
        case({"reshape": [3, 8]}, [y], lambda y: y.reshape(3, 8))
        case({"transpose": [1, 0]}, [y], lambda y: y.T)
        index = [{"start": 3, "stop": None, "step": -2}, None, {"start": 1, "stop": -1, "step": 3}]
        case({"getitem": index}, [y], lambda y: y[3::-2, None, 1:-1:3])
        case({"getitem": [-2]}, [y], lambda y: y[-2])
        case({"concatenate": 1}, [y, y.astype("float32"), y], lambda *y: np.concatenate(y, axis=1))
        case({"merge": [2, 2]}, [y[:1, :2], y[:1, 2:], y[1:, :2], y[1:, 2:]], lambda a, b, c, d: np.block([[a, b], [c, d]]))
        case({"tensordot": {"left": [0], "right": [0]}}, [y, y.astype("int64")], lambda a, b: np.tensordot(a, b, ([0], [0])))
        case({"matmul": {}}, [y, y.T], np.matmul)
    stack = rng.standard_normal((2, 1, 3, 4))
    case({"matmul": {}}, [stack, rng.standard_normal((5, 4, 2))], np.matmul)
    case({"matmul": {}}, [stack, rng.standard_normal(4)], np.matmul)
    case({"matmul": {}}, [rng.standard_normal(3), stack], np.matmul)
    case({"matmul": {}}, [x, x], np.matmul)
    case({"tensordot": {"left": [2, 0], "right": [1, 0]}}, [rng.standard_normal((2, 3, 4)), rng.standard_normal((2, 4, 5))],
         lambda a, b: np.tensordot(a, b, ([2, 0], [1, 0])))  # fmt: skip
    z = np.concatenate([rng.random(500) * 1.2 - 0.1, np.linspace(0, 1, 11), [np.nan]])
    case({"histogram": {"bins": 10, "low": 0, "high": 1}}, [z],
         lambda z: np.histogram(z, np.linspace(0, 1, 11))[0][None, :])  # fmt: skip
    for start, stop, num, endpoint in [(0, 1, 5, True), (0, 1, 5, False), (3, -2, 4, True), (2, 2, 3, True), (1, 9, 1, True)]:
        for dtype in ["float64", "int32"]:
            op = {"start": start, "stop": stop, "num": num, "endpoint": endpoint, "dtype": dtype}
            case({"linspace": op}, [], lambda: np.linspace(start, stop, num, endpoint=endpoint, dtype=dtype))
    for start, step in [(0, 1), (0.1, 0.1), (5, -2), (0.3, 1e-3)]:
        for dtype in ["float64", "float32", "int64"]:
            case({"arange": {"start": start, "step": step, "len": 7, "dtype": dtype}}, [],
                 lambda: np.arange(start, start + step * 6.5, step, dtype=dtype))  # fmt: skip
    for k in [-2, 0, 3]:
        case({"eye": {"rows": 3, "columns": 4, "k": k, "dtype": "int32"}}, [], lambda: np.eye(3, 4, k, dtype="int32"))
    for low, last, dtype in [(0, 9, "uint8"), (0, 255, "uint8"), (5, 5, "uint8"), (-7, 90, "int32"), (0, 1, "bool"),
                             (-(2**31), 2**31 - 1, "int32"), (0, 2**40, "int64"), (-3, 3, "int64")]:  # fmt: skip
        op = {"shape": [37], "distribution": {"integers": {"low": low, "last": last, "dtype": dtype}}, "seed": 7, "child": 2}
        child = np.random.SeedSequence(7, spawn_key=(2,))
        case({"random": op}, [], lambda: np.random.default_rng(child).integers(low, last, 37, dtype, endpoint=True))


def einsums():
    """Sums over every kind of axis: through products of matrices, and through the loop over strides."""
    rng = np.random.default_rng(2)
    lengths = {"a": 2, "b": 3, "c": 4, "d": 5}
    for subscripts in [
        *["ab,bc->ac", "ba,cb->ca", "ab,bc->", "abc,abd->cd", "abc,acd->abd", "abc,acd->dab", "abc,cd->dba", "ab,b->a"],
        *["ab->ba", "abc->c", "ab->", "ab,ab->ab", "ab,ab->a", "a,b->ba", "ab,cd->dbac", "ab,bc,cd->da", "a,a,a,a->"],
    ]:
        terms = subscripts.split("->")[0].split(",")
        for dtype in DTYPES:
            shapes = [[lengths[c] for c in term] for term in terms]
            arrays = [(rng.integers(0, 5, shape) - (dtype not in ("bool", "uint8"))).astype(dtype) for shape in shapes]
            case({"einsum": {"subscripts": subscripts}}, arrays, lambda *y: np.einsum(subscripts, *y))
    square, cube = rng.standard_normal((3, 3)), rng.integers(0, 5, (3, 2, 3))
    for x, subscripts in [(square, "ii->"), (square, "ii->i"), (cube, "iji->j"), (cube, "iji->ji")]:
        case({"einsum": {"subscripts": subscripts}}, [x], lambda x: np.einsum(subscripts, x))
    row, empty = rng.standard_normal((1, 3)), np.ones((0, 3))
    case({"einsum": {"subscripts": "ij,ij->ij"}}, [row, square], lambda *y: np.einsum("ij,ij->ij", *y))
    case({"einsum": {"subscripts": "ij,jk->ik"}}, [empty, square], lambda *y: np.einsum("ij,jk->ik", *y))
    case({"einsum": {"subscripts": "ji,jk->ik"}}, [empty, empty], lambda *y: np.einsum("ji,jk->ik", *y))
    case({"einsum": {"subscripts": ",i->i"}}, [np.array(2.5), row[0]], lambda *y: np.einsum(",i->i", *y))
    case({"einsum": {"subscripts": ",->"}}, [np.array(2.5), np.array(3)], lambda *y: np.einsum(",->", *y))
    for dtype in ["float64", "int64"]:
        op = {"subscripts": "ab,bc->ac", "dtype": dtype, "keepdims": True}
        y = rng.integers(0, 100, (2, 3), "int32") * 1000000
        case({"einsum": op}, [y, y.T], lambda *y: np.einsum("ab,bc->ac", *y, dtype=dtype)[..., None])
    case({"einsum": {"subscripts": "ii->"}}, [row], lambda x: np.einsum("ii->", x))
    case({"einsum": {"subscripts": "i->i"}}, [row], lambda x: np.einsum("i->i", x))
    case({"einsum": {"subscripts": "ijk->i"}}, [row], lambda x: np.einsum("ijk->i", x))


elementwise()
reductions()
others()
einsums()
path = pathlib.Path(__file__).parents[1] / "fixtures" / "kernels.json"
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(f"{len(cases)} cases, {path.stat().st_size} bytes")
