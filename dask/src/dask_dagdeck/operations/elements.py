"""Parts of blocks, and blocks made of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import checked
from ..checked import fields, list_of, number, optional, or_null, refuse, whole
from ..values import Array
from .limits import check_elements, check_joined
from .twin import (
    AXES,
    AXIS,
    PLACE,
    STAGE,
    Arity,
    TaskFailed,
    accumulator,
    block_at,
    by_stage,
    dtype_of,
    inexact,
    twin,
)


@twin("astype", checked.dtype, 1)
def _astype(dtype: str, inputs: Sequence[Any]) -> Array:
    return block_at(inputs, 0).astype(dtype)


@twin("transpose", AXES, 1)
def _transpose(axes: list[int], inputs: Sequence[Any]) -> Array:
    return np.transpose(block_at(inputs, 0), axes)


@twin("reshape", checked.shape, 1)
def _reshape(shape: tuple[int, ...], inputs: Sequence[Any]) -> Array:
    return np.reshape(block_at(inputs, 0), shape)


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


@twin("getitem", list_of(_index, 2 * checked.MOST_AXES), 1)
def _getitem(indices: list[int | tuple[int | None, ...] | None], inputs: Sequence[Any]) -> Array:
    index = tuple(slice(*each) if isinstance(each, tuple) else each for each in indices)
    return np.asarray(block_at(inputs, 0)[index])


@twin("take", fields(axis=AXIS, indices=list_of(PLACE)), 1)
def _take(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    block, axis = block_at(inputs, 0), p["axis"]
    check_elements([*block.shape[:axis], len(p["indices"]), *block.shape[axis + 1 :]])
    return np.take(block, np.array(p["indices"], np.intp), axis=axis)


@twin("mask", fields(axis=optional(or_null(AXIS))), 2)
def _mask(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    elements, mask = block_at(inputs, 0), block_at(inputs, 1)
    if p["axis"] is None:
        return np.asarray(elements[mask])
    return np.asarray(elements[(slice(None),) * p["axis"] + (mask,)])


@twin("concatenate", AXIS, (1, None))
def _concatenate(axis: int, inputs: Sequence[Any]) -> Array:
    blocks = [block_at(inputs, i) for i in range(len(inputs))]
    check_joined(blocks)
    return np.concatenate(blocks, axis)


def _grid(value: object, place: str) -> tuple[int, ...]:
    grid = checked.shape(value, place)
    if 0 in grid:
        refuse(place, f"a grid of blocks cannot have the shape {list(grid)}")
    return grid


def _grid_inputs(grid: tuple[int, ...]) -> Arity:
    blocks = int(np.prod(grid, dtype=np.int64))
    return blocks, blocks


@twin("merge", _grid, _grid_inputs)
def _merge(grid: tuple[int, ...], inputs: Sequence[Any]) -> Array:
    blocks = [block_at(inputs, i) for i in range(len(inputs))]
    check_joined(blocks)
    # Joins along the last axis, then along the one before it, and so on.
    for axis in reversed(range(len(grid))):
        length = grid[axis]
        blocks = [np.concatenate(blocks[i : i + length], axis) for i in range(0, len(blocks), length)]
    [whole_block] = blocks
    return whole_block


@twin("cumsum", fields(axis=AXIS, dtype=optional(or_null(checked.dtype))), 1)
def _cumsum(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    block = block_at(inputs, 0)
    return np.cumsum(block, p["axis"], p["dtype"] or accumulator(dtype_of(block)))


def _topk_parameters(value: object, place: str) -> dict[str, Any]:
    topk: dict[str, Any] = fields(k=PLACE, axis=AXIS, stage=STAGE)(value, place)
    if topk["k"] == 0:
        refuse(f"{place}.k", "must not be 0")
    return topk


@twin("topk", _topk_parameters, by_stage)
def _topk(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    ordered = np.sort(_concatenate(p["axis"], inputs), axis=p["axis"])
    if p["k"] > 0:
        ordered = np.flip(ordered, p["axis"])
    return np.take(ordered, np.arange(min(abs(p["k"]), ordered.shape[p["axis"]])), axis=p["axis"])


@twin("unique", fields(counts=optional(checked.switch, False)), lambda p: (2 if p["counts"] else 1, None))
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


@twin("histogram", _histogram_parameters, 1)
def _histogram(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    edges = np.linspace(p["low"], p["high"], p["bins"] + 1)
    counts, _ = np.histogram(block_at(inputs, 0), edges)
    return counts.astype("int64")[None, :]


def _percentile_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(q=list_of(number), stage=STAGE)(value, place)
    if not all(0 <= q <= 100 for q in p["q"]):
        refuse(f"{place}.q", "Percentiles must be in the range [0, 100]")
    if p["stage"] == "combine":
        refuse(f"{place}.stage", "percentiles have no step that combines")
    return p


@twin("percentile", _percentile_parameters, by_stage)
def _percentile(p: dict[str, Any], inputs: Sequence[Any]) -> Any:
    steps = [0.0, *p["q"], 100.0]
    if p["stage"] == "chunk":
        block = block_at(inputs, 0)
        if block.ndim != 1:
            raise TaskFailed("Percentiles are only supported for 1 dimension")
        values = np.percentile(block, steps) if block.size else np.empty(0)
        return values.astype(inexact(dtype_of(block))), np.array(block.size, "int64")
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
    return merged.astype(inexact(dtype_of(filled[-1][0])))
