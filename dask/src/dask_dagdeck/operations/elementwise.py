"""Functions of each element."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..checked import list_of, or_null, refuse, scalar
from ..values import Array
from .limits import check_broadcast
from .twin import (
    Arity,
    block_at,
    twin,
)


def _common(value: Any) -> Array:
    """The nearest of the types that the page has."""
    block: Array = np.asarray(value)
    nearest = {"int8": "uint8", "uint64": "int64", "float16": "float64"}.get(block.dtype.name)
    return block.astype(nearest) if nearest else block


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
        arrays = [block_at(blocks, i) for i in range(len(blocks))]
        check_broadcast(block.shape for block in arrays)
        if given is None:
            return _common(exact(*arrays))
        remaining = iter(arrays)
        return _common(exact(*(next(remaining) if operand is None else operand for operand in given)))

    twin(name, parameters, inputs, bare=True)(run)


for _name, _function in UFUNCS.items():
    _ufunc(_name, _function)
