"""Products and factors of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import checked
from ..checked import fields, optional, or_null, refuse, whole
from ..values import Array
from .limits import check_broadcast, check_elements, check_steps
from .twin import (
    AXES,
    Arity,
    TaskFailed,
    block_at,
    named_once,
    twin,
)


def _tensordot_parameters(value: object, place: str) -> dict[str, Any]:
    p: dict[str, Any] = fields(left=AXES, right=AXES, keepdims=optional(checked.switch, False))(value, place)
    for side in ("left", "right"):
        named_once(p[side], f"{place}.{side}")
    if len(p["left"]) != len(p["right"]):
        refuse(place, "each axis on the left must have one on the right")
    return p


@twin("tensordot", _tensordot_parameters, 2)
def _tensordot(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    left, right = block_at(inputs, 0), block_at(inputs, 1)
    check_elements(
        length
        for block, summed in ((left, p["left"]), (right, p["right"]))
        for axis, length in enumerate(block.shape)
        if axis not in summed
    )
    product = np.tensordot(left, right, (p["left"], p["right"]))
    if not p["keepdims"]:
        return np.asarray(product)
    kept = [1 if axis in p["left"] else length for axis, length in enumerate(left.shape)]
    kept += [length for axis, length in enumerate(right.shape) if axis not in p["right"]]
    return np.reshape(product, kept)


@twin("matmul", fields(keepdims=optional(checked.switch, False)), 2)
def _matmul(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    left, right = block_at(inputs, 0), block_at(inputs, 1)
    if left.ndim > 1 and right.ndim > 1:
        check_broadcast((left.shape[:-2], right.shape[:-2]), left.shape[-2], right.shape[-1])
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


@twin("einsum", _einsum_parameters, _einsum_inputs)
def _einsum(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    blocks = [block_at(inputs, i) for i in range(len(inputs))]
    operands, _, output = p["subscripts"].partition("->")
    lengths: dict[str, int] = {}
    for labels, block in zip(operands.split(","), blocks):
        for label, length in zip(labels, block.shape):
            lengths[label] = max(length, lengths.get(label, 1))
    check_elements(lengths.get(label, 1) for label in output)
    check_steps(math.prod(lengths.values()))
    dtype = p["dtype"] or np.result_type(*blocks)
    total = np.asarray(np.einsum(p["subscripts"], *blocks, dtype=dtype, casting="unsafe"))
    if not p["keepdims"]:
        return total
    summed = set(operands) - set(output) - {","}
    return total.reshape(total.shape + (1,) * len(summed))


@twin("qr", None, 1)
def _qr(_: None, inputs: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(np.linalg.qr(block_at(inputs, 0)))


@twin("svd", None, 1)
def _svd(_: None, inputs: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(np.linalg.svd(block_at(inputs, 0), full_matrices=False))


@twin("item", whole(0, 255), 1)
def _item(item: int, inputs: Sequence[Any]) -> Any:
    given = inputs[0]
    if not isinstance(given, tuple):
        raise TaskFailed(f"input 0 must be a tuple, not {type(given).__name__}")
    if item >= len(given):
        raise TaskFailed(f"there is no item {item}: the tuple has {len(given)}")
    return given[item]
