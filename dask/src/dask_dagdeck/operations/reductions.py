"""Steps of reductions over a tree of blocks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import checked
from ..checked import fields, list_of, number, optional, or_null, refuse, whole
from ..values import Array, Moments
from .twin import (
    AXES,
    LENGTH,
    STAGE,
    TaskFailed,
    accumulator,
    block_at,
    by_stage,
    dtype_of,
    inexact,
    named_once,
    twin,
)

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
        or_null(fields(offset=list_of(LENGTH, checked.MOST_AXES), shape=list_of(whole(0, 2**53), checked.MOST_AXES)))
    ),
)


def _reduce(name: str) -> None:
    def parameters(value: object, place: str) -> dict[str, Any]:
        p: dict[str, Any] = _REDUCE(value, place)
        named_once(p["axes"], f"{place}.axes")
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
            block = block_at(inputs, 0)
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
            functools.partial(_join, name, axes), (block_at(inputs, i) for i in range(len(inputs)))
        )
        if p["stage"] == "combine":
            return whole_block
        if name in ("min", "max") and _empty(whole_block, axes):
            word = {"min": "minimum", "max": "maximum"}[name]
            raise TaskFailed(f"zero-size array to reduction operation {word} which has no identity")
        return _dropped(whole_block, p, axes)

    twin(name, parameters, by_stage)(run)


for _name in REDUCTIONS:
    _reduce(_name)


def _empty(block: Array, axes: tuple[int, ...]) -> bool:
    return any(block.shape[axis] == 0 for axis in axes)


def _nothing(block: Array, axes: tuple[int, ...]) -> Array:
    """An empty partial result, for reductions that have no value without elements."""
    return np.empty([0 if axis in axes else length for axis, length in enumerate(block.shape)], block.dtype)


def _chunk(name: str, p: dict[str, Any], block: Array, axes: tuple[int, ...]) -> Any:
    whole_axis: dict[str, Any] = {"axis": axes, "keepdims": True}
    given = dtype_of(block)
    if name in _PLACES:
        return _extreme(name, p, block, axes)
    if name in _MOMENTS:
        dtype = p["dtype"] or inexact(given)
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
            return np.sum(real_only.astype(given), dtype=p["dtype"] or accumulator(given), **whole_axis)
    return getattr(np, name)(block, dtype=p["dtype"] or accumulator(given), **whole_axis)


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
