"""Named operations: a twin in Python for each operation of the crate (`src/operations` of dagdeck).

A page names operations, with parameters; it never sends code. `read` checks the parameters and gives an `Operation`,
which a task calls. On the wire to workers it is a name with plain data, so workers need this package too.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import checked
from .attempts import attempt
from .checked import Reader, fields, list_of, number, optional, or_null, refuse, scalar, whole
from .values import Array, Moments, block_of

#: How many inputs an operation takes: the least and the most. `None`: any number.
Arity = tuple[int, int | None]

AXIS = whole(0, 255)
AXES = list_of(AXIS, checked.MOST_AXES)
PLACE = whole(-(2**63), 2**63 - 1)
SEED = whole(0, 2**64 - 1)
CHILD = whole(0, 2**32 - 1)

#: The longest sleep, in seconds.
MOST_SECONDS = 60.0

#: The largest number that is looked at for primes.
MOST_PRIMES = 1 << 24


class TaskFailed(Exception):
    """An operation failed. The message is for people."""

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Operation:
    """An operation with checked parameters: what a task calls with the values of its dependencies."""

    name: str
    parameters: Any = None

    def __call__(self, *inputs: Any) -> Any:
        with np.errstate(all="ignore"):
            return TWINS[self.name].run(self.parameters, inputs)

    @property
    def arity(self) -> Arity:
        return TWINS[self.name].arity(self.parameters)


@dataclass(frozen=True)
class Twin:
    """What is known of one name."""

    #: Checks the parameters; `None` if there are none.
    read: Reader | None
    arity: Callable[[Any], Arity]
    run: Callable[[Any, Sequence[Any]], Any]
    #: Whether the name may stand alone, without parameters.
    bare: bool


TWINS: dict[str, Twin] = {}


def names() -> list[str]:
    """The names of all operations."""
    return list(TWINS)


def _twin(
    name: str, reader: Reader | None, inputs: int | Arity | Callable[[Any], Arity], *, bare: bool | None = None
) -> Callable[[Callable[[Any, Sequence[Any]], Any]], Callable[[Any, Sequence[Any]], Any]]:
    def arity(parameters: Any) -> Arity:
        if callable(inputs):
            return inputs(parameters)
        return (inputs, inputs) if isinstance(inputs, int) else inputs

    def register(run: Callable[[Any, Sequence[Any]], Any]) -> Callable[[Any, Sequence[Any]], Any]:
        TWINS[name] = Twin(reader, arity, run, reader is None if bare is None else bare)
        return run

    return register


def read(op: object, place: str) -> Operation:
    """An operation in JSON: a name, or an object with a name and parameters."""
    if isinstance(op, str):
        twin = _named(op, place)
        if not twin.bare:
            refuse(place, f'{op} needs parameters: write {{"{op}": ...}} instead of "{op}"')
        return Operation(op)
    given = checked.members(op, place)
    if len(given) != 1:
        refuse(place, f"a task has one operation, not {len(given)}")
    [(name, parameters)] = given.items()
    twin = _named(name, place)
    if twin.read is None:
        refuse(place, f"{name} takes no parameters")
    return Operation(name, twin.read(parameters, f"{place}.{name}"))


def _named(name: str, place: str) -> Twin:
    if name not in TWINS:
        refuse(place, f"unknown operation {checked.shown(name)}: use one of {', '.join(TWINS)}")
    return TWINS[name]


def check_arity(operation: Operation, inputs: int, place: str) -> None:
    least, most = operation.arity
    if inputs >= least and (most is None or inputs <= most):
        return
    takes = "no inputs" if most == 0 else f"{least} input{'s' if least != 1 else ''}"
    refuse(place, f"{operation.name} takes {'at least ' if most is None else ''}{takes}, not {inputs}")


# --- Types


def _dtype(block: Array) -> str:
    return str(block.dtype.name)


def _accumulator(dtype: str) -> str:
    return dtype if dtype.startswith("float") else "int64"


def _inexact(dtype: str) -> str:
    return dtype if dtype.startswith("float") else "float64"


def _block(inputs: Sequence[Any], i: int) -> Array:
    if not isinstance(inputs[i], (np.ndarray, np.generic)):
        raise TaskFailed(f"input {i} must be an array, not {type(inputs[i]).__name__}")
    return np.asarray(inputs[i])


def _common(value: Any) -> Array:
    """The nearest of the types that the page has."""
    block: Array = np.asarray(value)
    nearest = {"int8": "uint8", "uint64": "int64", "float16": "float64"}.get(block.dtype.name)
    return block.astype(nearest) if nearest else block


# --- No numbers, and functions of numbers


@_twin("no-op", None, (0, None))
def _no_op(_: None, __: Sequence[Any]) -> None:
    return None


#: A step of the crate's loop takes about as long as this many additions, each of which needs the one before.
_ADDITIONS_PER_STEP = 2
_STEPS_PER_CALL = 50_000


@_twin("busy", fields(steps=whole(0, 2**53), failures=optional(whole(0, 255), 0)), (0, None))
def _busy(p: dict[str, Any], _: Sequence[Any]) -> None:
    ones = np.ones(_STEPS_PER_CALL * _ADDITIONS_PER_STEP)
    out = np.empty_like(ones)
    for _call in range(p["steps"] // _STEPS_PER_CALL):
        np.add.accumulate(ones, out=out)
    rest = p["steps"] % _STEPS_PER_CALL * _ADDITIONS_PER_STEP
    np.add.accumulate(ones[:rest], out=out[:rest])
    if p["failures"] and (made := attempt()) < p["failures"]:
        raise TaskFailed(f"attempt {made + 1} failed on purpose")


@_twin("panic", checked.text, (0, None))
def _panic(message: str, _: Sequence[Any]) -> None:
    raise TaskFailed(message)


@_twin("alias", None, 1)
def _alias(_: None, inputs: Sequence[Any]) -> Any:
    return inputs[0]


def _seconds(value: float) -> float:
    if not 0 <= value <= MOST_SECONDS:
        raise TaskFailed(f"seconds = {value:g}: must be between 0 and {MOST_SECONDS:g}")
    return value


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise TaskFailed(f"probability = {value:g}: must be between 0 and 1")
    return value


def _whole(name: str, value: float) -> int:
    if isinstance(value, float) or value < 0:
        raise TaskFailed(f"{name} = {value}: must be an integer of at least 0")
    return int(value)


def _limit(value: float) -> int:
    if (stop := _whole("stop", value)) > MOST_PRIMES:
        raise TaskFailed(f"stop = {stop}: must be at most {MOST_PRIMES}")
    return stop


def _add(x: Any, y: Any) -> Any:
    total = x + y
    if isinstance(total, int) and not -(2**63) <= total < 2**63:
        raise TaskFailed(f"{x} + {y} does not fit int64")
    return total


def _sleep(seconds: Any, *rest: Any) -> Any:
    time.sleep(_seconds(seconds))
    return rest[0] if rest else None


def _flaky(x: Any, probability: float, seed: int) -> Any:
    made = attempt()
    if _generator(_whole("seed", seed), made).random() < _share(probability):
        raise TaskFailed(f"attempt {made + 1} failed on purpose")
    return x


def _primes(start: int, stop: int) -> int:
    start, stop = _whole("start", start), _limit(stop)
    prime = np.ones(max(stop, 2), bool)
    prime[:2] = False
    for i in range(2, int(stop**0.5) + 1):
        if prime[i]:
            prime[i * i :: i] = False
    return int(prime[start:stop].sum())


_counter = 0
_counter_lock = threading.Lock()


def _count(n: int) -> int:
    global _counter
    if isinstance(n, float):
        raise TaskFailed("count takes an integer")
    with _counter_lock:
        _counter += n
        return _counter


def _sum(*numbers: Any) -> Any:
    return functools.reduce(_add, numbers, 0)


#: Each function, the numbers of arguments that it takes, and which argument may be of any kind.
FUNCTIONS: dict[str, tuple[Callable[..., Any], Arity, int | None]] = {
    "inc": (lambda x: _add(x, 1), (1, 1), None),
    "dec": (lambda x: _add(x, -1), (1, 1), None),
    "double": (lambda x: _add(x, x), (1, 1), None),
    "add": (_add, (2, 2), None),
    "sum": (_sum, (0, None), None),
    "identity": (lambda x: x, (1, 1), 0),
    "sleep": (_sleep, (1, 2), 1),
    "flaky": (_flaky, (3, 3), 0),
    "primes": (_primes, (2, 2), None),
    "count": (_count, (1, 1), None),
}


def _call_parameters(value: object, place: str) -> dict[str, Any]:
    call: dict[str, Any] = fields(function=checked.one_of(*FUNCTIONS), args=list_of(or_null(scalar), 1_000_000))(
        value, place
    )
    function, args = call["function"], call["args"]
    least, most = FUNCTIONS[function][1]
    if len(args) < least or (most is not None and len(args) > most):
        takes = least if least == most else f"{least} to {most}"
        refuse(place, f"{function} takes {takes} arguments, not {len(args)}")
    given: dict[str, Callable[[], object]] = {}
    match function, args:
        case "sleep", [seconds, *_] if seconds is not None:
            given = {"args[0]": lambda: _seconds(seconds)}
        case "flaky", [_, probability, seed]:
            given = {
                "args[1]": lambda: probability is None or _share(probability),
                "args[2]": lambda: seed is None or _whole("seed", seed),
            }
        case "primes", [start, stop]:
            given = {
                "args[0]": lambda: start is None or _whole("start", start),
                "args[1]": lambda: stop is None or _limit(stop),
            }
    for name, check in given.items():
        try:
            check()
        except TaskFailed as error:
            refuse(f"{place}.{name}", str(error))
    return call


def _call_inputs(call: dict[str, Any]) -> Arity:
    inputs = sum(arg is None for arg in call["args"])
    return inputs, inputs


@_twin("call", _call_parameters, _call_inputs)
def _call(call: dict[str, Any], inputs: Sequence[Any]) -> Any:
    function, _, whatever = FUNCTIONS[call["function"]]
    remaining = iter(inputs)
    args = [next(remaining) if arg is None else arg for arg in call["args"]]

    def numeric(i: int, value: Any) -> Any:
        if isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
            return value.item()
        if i == whatever:
            return value
        raise TaskFailed(f"argument {i} of {call['function']} must be a number")

    value = function(*(numeric(i, arg) for i, arg in enumerate(args)))
    if isinstance(value, (bool, float)):
        return np.array(value)
    return np.array(value, "int64") if isinstance(value, int) else value


# --- Blocks from parameters alone


DTYPE = optional(checked.dtype, "float64")


@_twin("full", fields(shape=checked.shape, fill_value=scalar, dtype=DTYPE), 0)
def _full(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.full(p["shape"], p["fill_value"], p["dtype"])


_LENGTH = whole(0, checked.MOST_ELEMENTS)


@_twin("arange", fields(start=scalar, step=scalar, len=_LENGTH, dtype=DTYPE), 0)
def _arange(p: dict[str, Any], _: Sequence[Any]) -> Array:
    first = np.asarray(p["start"]).astype(p["dtype"])
    distance = np.asarray(p["start"] + p["step"]).astype(p["dtype"]) - first
    if p["dtype"] == "bool":
        return np.asarray(p["start"] + np.arange(p["len"]) * p["step"]).astype(bool)
    return np.asarray(first + np.arange(p["len"], dtype=p["dtype"]) * distance)


@_twin("linspace", fields(start=number, stop=number, num=_LENGTH, endpoint=checked.switch, dtype=DTYPE), 0)
def _linspace(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.linspace(p["start"], p["stop"], p["num"], p["endpoint"], dtype=p["dtype"])


def _eye_parameters(value: object, place: str) -> dict[str, Any]:
    eye: dict[str, Any] = fields(rows=_LENGTH, columns=_LENGTH, k=PLACE, dtype=DTYPE)(value, place)
    checked.shape([eye["rows"], eye["columns"]], place)
    return eye


@_twin("eye", _eye_parameters, 0)
def _eye(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.eye(p["rows"], p["columns"], p["k"], p["dtype"])


def _given_block(value: object, place: str) -> Array:
    most = 2 * 8 * checked.MOST_ELEMENTS
    given = fields(shape=checked.shape, dtype=checked.dtype, data=lambda data, at: checked.text(data, at, most))(
        value, place
    )
    return block_of(given["shape"], given["dtype"], given["data"], place)


@_twin("block", _given_block, 0)
def _given(block: Array, _: Sequence[Any]) -> Array:
    return block


def _generator(seed: int, child: int) -> np.random.Generator:
    """The generator of a chunk, as `dask.array.random.default_rng` gives it."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(child,)))


_DISTRIBUTIONS: dict[str, Reader] = {
    "between": fields(low=number, high=number),
    "normal": fields(loc=number, scale=number),
    "exponential": fields(scale=number),
    "poisson": fields(lam=number),
    "integers": fields(low=PLACE, last=PLACE, dtype=checked.one_of("bool", "uint8", "int32", "int64")),
}


def _distribution(value: object, place: str) -> tuple[str, dict[str, Any]]:
    if value == "uniform":
        return "uniform", {}
    given = checked.members(value, place)
    if len(given) != 1 or (name := next(iter(given))) not in _DISTRIBUTIONS:
        refuse(place, f"must be one of uniform, {', '.join(_DISTRIBUTIONS)}, got {checked.shown(value)}")
    parameters = _DISTRIBUTIONS[name](given[name], f"{place}.{name}")
    try:
        # NumPy checks the parameters, also when nothing is drawn.
        _drawn(np.random.default_rng(0), (name, parameters), ())
    except (ValueError, OverflowError, TypeError) as error:
        refuse(f"{place}.{name}", str(error))
    return name, parameters


def _drawn(rng: np.random.Generator, distribution: tuple[str, dict[str, Any]], shape: tuple[int, ...]) -> Array:
    match distribution:
        case "uniform", _:
            return np.asarray(rng.random(shape))
        case "between", p:
            return np.asarray(rng.uniform(p["low"], p["high"], shape))
        case "normal", p:
            return np.asarray(rng.normal(p["loc"], p["scale"], shape))
        case "exponential", p:
            return np.asarray(rng.exponential(p["scale"], shape))
        case "poisson", p:
            return np.asarray(rng.poisson(p["lam"], shape))
        case _, p:
            return np.asarray(rng.integers(p["low"], p["last"], shape, p["dtype"], endpoint=True))


@_twin("random", fields(shape=checked.shape, distribution=_distribution, seed=SEED, child=optional(CHILD, 0)), 0)
def _random(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return _drawn(_generator(p["seed"], p["child"]), p["distribution"], p["shape"])


def _choice_inputs(p: dict[str, Any]) -> Arity:
    inputs = (p["a"] is None) + p["p"]
    return inputs, inputs


@_twin(
    "choice",
    fields(
        shape=checked.shape,
        a=optional(or_null(_LENGTH)),
        p=optional(checked.switch, False),
        replace=checked.switch,
        seed=SEED,
        child=optional(CHILD, 0),
    ),
    _choice_inputs,
)
def _choice(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    population = _block(inputs, 0) if p["a"] is None else p["a"]
    probabilities = _block(inputs, len(inputs) - 1) if p["p"] else None
    rng = _generator(p["seed"], p["child"])
    return np.asarray(rng.choice(population, p["shape"], p["replace"], probabilities))


# --- Elements of blocks


@_twin("astype", checked.dtype, 1)
def _astype(dtype: str, inputs: Sequence[Any]) -> Array:
    return _block(inputs, 0).astype(dtype)


@_twin("transpose", AXES, 1)
def _transpose(axes: list[int], inputs: Sequence[Any]) -> Array:
    return np.transpose(_block(inputs, 0), axes)


@_twin("reshape", checked.shape, 1)
def _reshape(shape: tuple[int, ...], inputs: Sequence[Any]) -> Array:
    return np.reshape(_block(inputs, 0), shape)


_SLICE = fields(start=optional(or_null(PLACE)), stop=optional(or_null(PLACE)), step=optional(or_null(PLACE)))


def _index(value: object, place: str) -> int | tuple[int | None, ...] | None:
    if isinstance(value, dict):
        part = _SLICE(value, place)
        if part["step"] == 0:
            refuse(place, "slice step cannot be zero")
        return part["start"], part["stop"], part["step"]
    if value is None:
        return None
    return int(PLACE(value, place))


@_twin("getitem", list_of(_index, 2 * checked.MOST_AXES), 1)
def _getitem(indices: list[int | tuple[int | None, ...] | None], inputs: Sequence[Any]) -> Array:
    index = tuple(slice(*each) if isinstance(each, tuple) else each for each in indices)
    return np.asarray(_block(inputs, 0)[index])


@_twin("take", fields(axis=AXIS, indices=list_of(PLACE)), 1)
def _take(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    return np.take(_block(inputs, 0), np.array(p["indices"], np.intp), axis=p["axis"])


@_twin("mask", fields(axis=optional(or_null(AXIS))), 2)
def _mask(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    elements, mask = _block(inputs, 0), _block(inputs, 1)
    if p["axis"] is None:
        return np.asarray(elements[mask])
    return np.asarray(elements[(slice(None),) * p["axis"] + (mask,)])


@_twin("concatenate", AXIS, (1, None))
def _concatenate(axis: int, inputs: Sequence[Any]) -> Array:
    return np.concatenate([_block(inputs, i) for i in range(len(inputs))], axis)


def _grid(value: object, place: str) -> tuple[int, ...]:
    grid = checked.shape(value, place)
    if 0 in grid:
        refuse(place, f"a grid of blocks cannot have the shape {list(grid)}")
    return grid


def _grid_inputs(grid: tuple[int, ...]) -> Arity:
    blocks = int(np.prod(grid, dtype=np.int64))
    return blocks, blocks


@_twin("merge", _grid, _grid_inputs)
def _merge(grid: tuple[int, ...], inputs: Sequence[Any]) -> Array:
    blocks = [_block(inputs, i) for i in range(len(inputs))]
    # Joins along the last axis, then along the one before it, and so on.
    for axis in reversed(range(len(grid))):
        length = grid[axis]
        blocks = [np.concatenate(blocks[i : i + length], axis) for i in range(0, len(blocks), length)]
    [whole_block] = blocks
    return whole_block


@_twin("cumsum", fields(axis=AXIS, dtype=optional(or_null(checked.dtype))), 1)
def _cumsum(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    block = _block(inputs, 0)
    return np.cumsum(block, p["axis"], p["dtype"] or _accumulator(_dtype(block)))


STAGE = checked.one_of("chunk", "combine", "aggregate")


def _by_stage(p: dict[str, Any]) -> Arity:
    return (1, 1) if p["stage"] == "chunk" else (1, None)


def _topk_parameters(value: object, place: str) -> dict[str, Any]:
    topk: dict[str, Any] = fields(k=PLACE, axis=AXIS, stage=STAGE)(value, place)
    if topk["k"] == 0:
        refuse(f"{place}.k", "must not be 0")
    return topk


@_twin("topk", _topk_parameters, _by_stage)
def _topk(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    ordered = np.sort(_concatenate(p["axis"], inputs), axis=p["axis"])
    if p["k"] > 0:
        ordered = np.flip(ordered, p["axis"])
    return np.take(ordered, np.arange(min(abs(p["k"]), ordered.shape[p["axis"]])), axis=p["axis"])


@_twin("unique", fields(counts=optional(checked.switch, False)), lambda p: (2 if p["counts"] else 1, None))
def _unique(p: dict[str, Any], inputs: Sequence[Any]) -> tuple[Array, ...]:
    half = len(inputs) // 2 if p["counts"] else len(inputs)
    elements = _concatenate(0, inputs[:half])
    if not p["counts"]:
        return (np.unique(elements),)
    distinct, places = np.unique(elements, return_inverse=True)
    counts = np.zeros(distinct.shape, "int64")
    np.add.at(counts, places, _concatenate(0, inputs[half:]))
    return distinct, counts


def _histogram_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(bins=whole(1, checked.MOST_ELEMENTS), low=number, high=number)(value, place)
    if not (p["low"] < p["high"] and np.isfinite(p["high"] - p["low"])):
        refuse(place, f"{p['bins']} bins from {p['low']} to {p['high']}: low must be less than high")
    return p


@_twin("histogram", _histogram_parameters, 1)
def _histogram(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    edges = np.linspace(p["low"], p["high"], p["bins"] + 1)
    counts, _ = np.histogram(_block(inputs, 0), edges)
    return counts.astype("int64")[None, :]


def _percentile_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(q=list_of(number), stage=STAGE)(value, place)
    if not all(0 <= q <= 100 for q in p["q"]):
        refuse(f"{place}.q", "Percentiles must be in the range [0, 100]")
    if p["stage"] == "combine":
        refuse(f"{place}.stage", "percentiles have no step that combines")
    return p


@_twin("percentile", _percentile_parameters, _by_stage)
def _percentile(p: dict[str, Any], inputs: Sequence[Any]) -> Any:
    steps = [0.0, *p["q"], 100.0]
    if p["stage"] == "chunk":
        block = _block(inputs, 0)
        if block.ndim != 1:
            raise TaskFailed("Percentiles are only supported for 1 dimension")
        values = np.percentile(block, steps) if block.size else np.empty(0)
        return values.astype(_inexact(_dtype(block))), np.array(block.size, "int64")
    filled = [(values, int(count)) for values, count in inputs if values.size]
    if not filled:
        raise TaskFailed("No non-trivial arrays found")
    between = np.diff(steps, prepend=0.0)
    weights = np.concatenate([between * count for _, count in filled])
    values = np.concatenate([values for values, _ in filled])
    order = np.argsort(values, kind="stable")
    total = sum(count for _, count in filled)
    wanted = np.array(p["q"], "float64") * total
    merged = np.interp(wanted, np.cumsum(weights[order]), values[order])
    return merged.astype(_inexact(_dtype(filled[-1][0])))


# --- Products and factors


def _tensordot_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(left=AXES, right=AXES, keepdims=optional(checked.switch, False))(value, place)
    for side in ("left", "right"):
        _named_once(p[side], f"{place}.{side}")
    if len(p["left"]) != len(p["right"]):
        refuse(place, "each axis on the left must have one on the right")
    return p


def _named_once(axes: list[int], place: str) -> None:
    for i, axis in enumerate(axes):
        if axis in axes[:i]:
            refuse(place, f"axis {axis} is named twice")


@_twin("tensordot", _tensordot_parameters, 2)
def _tensordot(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    left, right = _block(inputs, 0), _block(inputs, 1)
    product = np.tensordot(left, right, (p["left"], p["right"]))
    if not p["keepdims"]:
        return np.asarray(product)
    kept = [1 if axis in p["left"] else length for axis, length in enumerate(left.shape)]
    kept += [length for axis, length in enumerate(right.shape) if axis not in p["right"]]
    return np.reshape(product, kept)


@_twin("matmul", fields(keepdims=optional(checked.switch, False)), 2)
def _matmul(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    left, right = _block(inputs, 0), _block(inputs, 1)
    product = np.asarray(left @ right)
    if not p["keepdims"]:
        return product
    return np.expand_dims(product, -2 if right.ndim > 1 else -1)


def _einsum_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(
        subscripts=checked.text,
        keepdims=optional(checked.switch, False),
        dtype=optional(or_null(checked.dtype)),
    )(value, place)
    at = f"{place}.subscripts"
    operands, arrow, output = p["subscripts"].partition("->")
    if not arrow or "->" in output:
        refuse(at, "Subscripts can only contain one '->'.")
    for label in operands.replace(",", "") + output:
        if not (label.isascii() and label.isalpha()):
            refuse(at, f"Character {label} is not a valid symbol.")
    for i, label in enumerate(output):
        if label not in operands:
            refuse(at, f"Output character {label} did not appear in the input")
        if label in output[:i]:
            refuse(at, f"einstein sum subscripts string includes output subscript '{label}' multiple times")
    return p


def _einsum_inputs(p: dict[str, Any]) -> Arity:
    operands = 1 + p["subscripts"].count(",")
    return operands, operands


@_twin("einsum", _einsum_parameters, _einsum_inputs)
def _einsum(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    blocks = [_block(inputs, i) for i in range(len(inputs))]
    dtype = p["dtype"] or np.result_type(*blocks)
    total = np.asarray(np.einsum(p["subscripts"], *blocks, dtype=dtype, casting="unsafe"))
    if not p["keepdims"]:
        return total
    operands, _, output = p["subscripts"].partition("->")
    summed = set(operands) - set(output) - {","}
    return total.reshape(total.shape + (1,) * len(summed))


@_twin("qr", None, 1)
def _qr(_: None, inputs: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(np.linalg.qr(_block(inputs, 0)))


@_twin("svd", None, 1)
def _svd(_: None, inputs: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(np.linalg.svd(_block(inputs, 0), full_matrices=False))


@_twin("item", whole(0, 255), 1)
def _item(item: int, inputs: Sequence[Any]) -> Any:
    given = inputs[0]
    if not isinstance(given, tuple):
        raise TaskFailed(f"input 0 must be a tuple, not {type(given).__name__}")
    if item >= len(given):
        raise TaskFailed(f"there is no item {item}: the tuple has {len(given)}")
    return given[item]


# --- Neighbours, and the Mandelbrot set


@_twin("life", None, 1)
def _life(_: None, inputs: Sequence[Any]) -> Array:
    board = _block(inputs, 0)
    alive = board.astype(bool)
    around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
    neighbours = sum(np.roll(alive, shift, (0, 1)).astype("uint8") for shift in around)
    return np.asarray((neighbours == 3) | (alive & (neighbours == 2))).astype(board.dtype)


@_twin("heat", fields(rate=number), 1)
def _heat(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    plate = _block(inputs, 0)
    here = plate.astype("float64")
    around = np.roll(here, 1, 0) + np.roll(here, -1, 0) + np.roll(here, 1, 1) + np.roll(here, -1, 1)
    return np.asarray(here + p["rate"] * (around - 4.0 * here)).astype(_inexact(_dtype(plate)))


@_twin("mandelbrot", fields(max_iter=whole(0, 2**31 - 1)), 2)
def _mandelbrot(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    c_re, c_im = np.broadcast_arrays(*(_block(inputs, i).astype("float64") for i in (0, 1)))
    shape = c_re.shape
    c_re, c_im = c_re.ravel(), c_im.ravel()
    steps = np.zeros(c_re.size, "int32")
    inside = np.arange(c_re.size)
    re, im = np.zeros(c_re.size), np.zeros(c_re.size)
    for _ in range(p["max_iter"]):
        kept = re * re + im * im <= 4.0
        inside, re, im = inside[kept], re[kept], im[kept]
        if not inside.size:
            break
        steps[inside] += 1
        re, im = re * re - im * im + c_re[inside], 2.0 * re * im + c_im[inside]
    return steps.reshape(shape)


# --- Functions of each element


def _exact(function: Callable[..., Any]) -> Callable[..., Any]:
    """Functions that NumPy computes in half precision of small integers: the page has no such type."""

    @functools.wraps(function)
    def call(*operands: Any) -> Any:
        value = function(*operands)
        if np.asarray(value).dtype == np.float16:
            widened = [x.astype("float64") if isinstance(x, np.ndarray) else x for x in operands]
            value = function(*widened)
        return value

    return call


UFUNCS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "pow": np.power,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "fmax": np.fmax,
    "fmin": np.fmin,
    "hypot": np.hypot,
    "arctan2": np.arctan2,
    "gt": np.greater,
    "ge": np.greater_equal,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
    "and_": np.bitwise_and,
    "or_": np.bitwise_or,
    "xor": np.bitwise_xor,
    "lshift": np.left_shift,
    "rshift": np.right_shift,
    "where": np.where,
    "clip": np.clip,
    "neg": np.negative,
    "positive": np.positive,
    "abs": np.abs,
    "invert": np.invert,
    "sqrt": np.sqrt,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "sign": np.sign,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "rint": np.rint,
    "isnan": np.isnan,
    "isinf": np.isinf,
    "isfinite": np.isfinite,
    "logical_not": np.logical_not,
}


def _ufunc(name: str, function: Callable[..., Any]) -> None:
    operands = 3 if name in ("where", "clip") else int(getattr(function, "nin", 1))

    def parameters(value: object, place: str) -> list[Any]:
        given: list[Any] = list_of(or_null(scalar), 100)(value, place)
        if len(given) != operands:
            refuse(place, f"{name} takes {operands} operands, not {len(given)}")
        if None not in given:
            refuse(place, f"{name} takes at least one operand that is an input")
        return given

    def inputs(given: list[Any] | None) -> Arity:
        count = operands if given is None else given.count(None)
        return count, count

    exact = _exact(function)

    def run(given: list[Any] | None, blocks: Sequence[Any]) -> Array:
        arrays = [_block(blocks, i) for i in range(len(blocks))]
        if given is None:
            return _common(exact(*arrays))
        remaining = iter(arrays)
        return _common(exact(*(next(remaining) if operand is None else operand for operand in given)))

    _twin(name, parameters, inputs, bare=True)(run)


for _name, _function in UFUNCS.items():
    _ufunc(_name, _function)


# --- Tree reductions


_JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "sum": np.add,
    "nansum": np.add,
    "prod": np.multiply,
    "min": np.minimum,
    "max": np.maximum,
    "any": np.logical_or,
    "all": np.logical_and,
}
_MOMENTS = ("mean", "var", "nanmean")
_PLACES = ("argmin", "argmax")
REDUCTIONS = ("sum", "prod", "mean", "var", "min", "max", "argmin", "argmax", "any", "all", "nansum", "nanmean")

_REDUCE = fields(
    stage=STAGE,
    axes=AXES,
    keepdims=optional(checked.switch, False),
    ddof=optional(or_null(number)),
    dtype=optional(or_null(checked.dtype)),
    place=optional(
        or_null(fields(offset=list_of(_LENGTH, checked.MOST_AXES), shape=list_of(whole(0, 2**53), checked.MOST_AXES)))
    ),
)


def _reduce(name: str) -> None:
    def parameters(value: object, place: str) -> dict[str, Any]:
        p: dict[str, Any] = _REDUCE(value, place)
        _named_once(p["axes"], f"{place}.axes")
        if p["ddof"] is not None and name != "var":
            refuse(f"{place}.ddof", "only var takes ddof")
        sums = name in ("sum", "prod", "nansum")
        means = name in _MOMENTS and str(p["dtype"]).startswith("float")
        if p["dtype"] is not None and not (sums or means):
            refuse(f"{place}.dtype", f"{name} cannot be computed in {p['dtype']}")
        needs = name in _PLACES and p["stage"] == "chunk"
        if needs and p["place"] is None:
            refuse(place, f"a chunk of {name} needs its place")
        if not needs and p["place"] is not None:
            refuse(f"{place}.place", "only chunks of argmin and argmax have a place")
        return p

    def run(p: dict[str, Any], inputs: Sequence[Any]) -> Any:
        axes = tuple(p["axes"])
        if p["stage"] == "chunk":
            block = _block(inputs, 0)
            if any(axis >= block.ndim for axis in axes):
                raise TaskFailed(f"axis of {list(axes)}: each must be below {block.ndim}")
            return _chunk(name, p, block, axes)
        if name in _MOMENTS:
            moments = functools.reduce(_join_moments, inputs)
            return moments if p["stage"] == "combine" else _dropped(_moments_result(name, p, moments), p, axes)
        if name in _PLACES:
            found = functools.reduce(functools.partial(_better, name), inputs)
            if p["stage"] == "combine":
                return found
            if _empty(found[0], axes):
                raise TaskFailed(f"attempt to get {name} of an empty sequence")
            return _dropped(found[1], p, axes)
        whole_block = functools.reduce(
            functools.partial(_join, name, axes), (_block(inputs, i) for i in range(len(inputs)))
        )
        if p["stage"] == "combine":
            return whole_block
        if name in ("min", "max") and _empty(whole_block, axes):
            word = {"min": "minimum", "max": "maximum"}[name]
            raise TaskFailed(f"zero-size array to reduction operation {word} which has no identity")
        return _dropped(whole_block, p, axes)

    _twin(name, parameters, _by_stage)(run)


for _name in REDUCTIONS:
    _reduce(_name)


def _empty(block: Array, axes: tuple[int, ...]) -> bool:
    return any(block.shape[axis] == 0 for axis in axes)


def _nothing(block: Array, axes: tuple[int, ...]) -> Array:
    """An empty partial result, for reductions that have no value without elements."""
    return np.empty([0 if axis in axes else length for axis, length in enumerate(block.shape)], block.dtype)


def _chunk(name: str, p: dict[str, Any], block: Array, axes: tuple[int, ...]) -> Any:
    whole_axis: dict[str, Any] = {"axis": axes, "keepdims": True}
    given = _dtype(block)
    if name in _PLACES:
        return _extreme(name, p, block, axes)
    if name in _MOMENTS:
        dtype = p["dtype"] or _inexact(given)
        if name == "nanmean":
            real = ~np.isnan(block) if given.startswith("float") else np.ones(block.shape, bool)
            count = np.sum(real, dtype="float64", **whole_axis)
            return Moments(count, np.sum(np.where(real, block, 0), dtype=dtype, **whole_axis), None)
        total = np.sum(block, dtype=dtype, **whole_axis)
        elements = float(np.prod([block.shape[axis] for axis in axes], dtype="float64"))
        count = np.full(total.shape, elements)
        if name == "mean":
            return Moments(count, total, None)
        distance = block.astype(dtype) - total / count.astype(dtype)
        return Moments(count, total, np.sum(np.square(distance), dtype=dtype, **whole_axis))
    match name:
        case "min" | "max" if _empty(block, axes):
            return _nothing(block, axes)
        case "min" | "max":
            return getattr(np, name)(block, **whole_axis)
        case "any" | "all":
            return getattr(np, name)(block, **whole_axis)
        case "nansum":
            real_only = np.where(np.isnan(block), 0, block) if given.startswith("float") else block
            return np.sum(real_only.astype(given), dtype=p["dtype"] or _accumulator(given), **whole_axis)
    return getattr(np, name)(block, dtype=p["dtype"] or _accumulator(given), **whole_axis)


def _join(name: str, axes: tuple[int, ...], x: Array, y: Array) -> Array:
    if name in ("min", "max"):
        if _empty(x, axes):
            return y
        if _empty(y, axes):
            return x
    return np.asarray(_JOINED[name](x, y))


def _extreme(name: str, p: dict[str, Any], block: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    offset, shape = p["place"]["offset"], p["place"]["shape"]
    if len(offset) != block.ndim or len(shape) != block.ndim:
        raise TaskFailed(f"a block of {block.ndim} axes does not fit its place")
    if len(axes) not in (1, block.ndim):
        raise TaskFailed(f"{name} takes one axis or all axes")
    if _empty(block, axes):
        return _nothing(block, axes), _nothing(block.astype("int64"), axes)
    function = getattr(np, name)
    if len(axes) == 1 and not (len(axes) == block.ndim and block.ndim != 1):
        [axis] = axes
        at = function(block, axis=axis, keepdims=True)
        return np.take_along_axis(block, at, axis), (at + offset[axis]).astype("int64")
    flat = int(function(block))
    inside = np.unravel_index(flat, block.shape)
    whole_place = 0
    for index, start, length in zip(inside, offset, shape):
        whole_place = whole_place * length + int(index) + start
    ones = (1,) * block.ndim
    return block.ravel()[flat].reshape(ones), np.full(ones, whole_place, "int64")


def _better(name: str, x: tuple[Array, Array], y: tuple[Array, Array]) -> tuple[Array, Array]:
    if not x[0].size:
        return y
    if not y[0].size:
        return x
    compare = np.less if name == "argmin" else np.greater
    is_nan = np.isnan if x[0].dtype.kind == "f" else functools.partial(np.zeros_like, dtype=bool)
    better = ~is_nan(x[0]) & (is_nan(y[0]) | compare(y[0], x[0]))
    return np.where(better, y[0], x[0]), np.where(better, y[1], x[1])


def _join_moments(x: Moments, y: Moments) -> Moments:
    if (x.m2 is None) != (y.m2 is None) or x.total.dtype != y.total.dtype:
        raise TaskFailed("moments of a mean and of a variance cannot be combined")
    # An empty block has no mean and adds nothing.
    if y.m2 is not None and not y.count.any():
        return x
    if x.m2 is not None and not x.count.any():
        return y
    m2 = None
    if x.m2 is not None and y.m2 is not None:
        dtype = x.total.dtype
        distance = x.total / x.count.astype(dtype) - y.total / y.count.astype(dtype)
        weight = (x.count * y.count / (x.count + y.count)).astype(dtype)
        m2 = x.m2 + y.m2 + np.square(distance) * weight
    return Moments(x.count + y.count, x.total + y.total, m2)


def _moments_result(name: str, p: dict[str, Any], moments: Moments) -> Array:
    dtype = moments.total.dtype
    if name != "var":
        return np.asarray(moments.total / moments.count.astype(dtype))
    if moments.m2 is None:
        raise TaskFailed("a variance needs moments with m2")
    ddof = p["ddof"] or 0.0
    degrees = np.where(moments.count < ddof, np.nan, moments.count - ddof)
    return np.asarray(moments.m2 / degrees.astype(dtype))


def _dropped(block: Array, p: dict[str, Any], axes: tuple[int, ...]) -> Array:
    """Removes the reduced axes, unless they are kept."""
    for axis in axes:
        if axis >= block.ndim or block.shape[axis] != 1:
            raise TaskFailed(f"axis {axis} of shape {list(block.shape)} was not reduced before")
    return block if p["keepdims"] else np.squeeze(block, axes)


# --- Several operations as one task


@dataclass(frozen=True)
class Part:
    """One operation of a fused one. A source is an input (True) or an earlier part (False), by its number."""

    key: str
    operation: Operation
    sources: tuple[tuple[bool, int], ...]


def _source(value: object, place: str) -> tuple[bool, int]:
    given = checked.members(value, place)
    match given:
        case {"input": at} if len(given) == 1:
            return True, int(whole(0, 2**32 - 1)(at, f"{place}.input"))
        case {"part": at} if len(given) == 1:
            return False, int(whole(0, 2**32 - 1)(at, f"{place}.part"))
    refuse(place, "must be an input or a part")


def _parts(value: object, place: str) -> list[Part]:
    parts: list[Part] = []
    for i, each in enumerate(checked.items(value, place, 1_000_000)):
        at = f"{place}[{i}]"
        part = fields(key=checked.text, op=read, args=optional(list_of(_source), []))(each, at)
        if part["op"].name == "fused":
            refuse(at, "a part must not be fused itself")
        check_arity(part["op"], len(part["args"]), at)
        for is_input, number_of in part["args"]:
            if not is_input and number_of >= i:
                refuse(at, f"takes part {number_of}, which is not before it")
        parts.append(Part(part["key"], part["op"], tuple(part["args"])))
    if not parts:
        refuse(place, "a fused operation has at least one part")
    return parts


def _fused_inputs(parts: list[Part]) -> Arity:
    inputs = [at for part in parts for is_input, at in part.sources if is_input]
    count = max(inputs, default=-1) + 1
    return count, count


@_twin("fused", _parts, _fused_inputs)
def _fused(parts: list[Part], inputs: Sequence[Any]) -> Any:
    last_reader = {at: i for i, part in enumerate(parts) for is_input, at in part.sources if not is_input}
    made: dict[int, Any] = {}
    value = None
    for i, part in enumerate(parts):
        args = [inputs[at] if is_input else made[at] for is_input, at in part.sources]
        try:
            value = part.operation(*args)
        except Exception as error:
            raise TaskFailed(f"in {part.key}: {error}") from error
        made[i] = value
        for is_input, at in part.sources:
            if not is_input and last_reader[at] == i:
                made.pop(at, None)
    return value
