"""Functions of each element and its neighbours, and the Mandelbrot set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..attempts import stop_if_cancelled
from ..checked import fields, number, whole
from ..values import Array
from .limits import check_broadcast, check_steps
from .twin import (
    block_at,
    dtype_of,
    inexact,
    twin,
)


@twin("life", None, 1)
def _life(_: None, inputs: Sequence[Any]) -> Array:
    board = block_at(inputs, 0)
    alive = board.astype(bool)
    around = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]
    neighbours = sum(np.roll(alive, shift, (0, 1)).astype("uint8") for shift in around)
    return np.asarray((neighbours == 3) | (alive & (neighbours == 2))).astype(board.dtype)


@twin("heat", fields(rate=number), 1)
def _heat(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    plate = block_at(inputs, 0)
    here = plate.astype("float64")
    around = np.roll(here, 1, 0) + np.roll(here, -1, 0) + np.roll(here, 1, 1) + np.roll(here, -1, 1)
    return np.asarray(here + p["rate"] * (around - 4.0 * here)).astype(inexact(dtype_of(plate)))


#: How often a long loop looks whether it is still wanted.
_STEPS_PER_LOOK = 100


@twin("mandelbrot", fields(max_iter=whole(0, 2**31 - 1)), 2)
def _mandelbrot(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    axes = [block_at(inputs, i).astype("float64") for i in (0, 1)]
    check_broadcast(block.shape for block in axes)
    c_re, c_im = np.broadcast_arrays(*axes)
    shape = c_re.shape
    check_steps(c_re.size * p["max_iter"])
    c_re, c_im = c_re.ravel(), c_im.ravel()
    steps = np.zeros(c_re.size, "int32")
    inside = np.arange(c_re.size)
    re, im = np.zeros(c_re.size), np.zeros(c_re.size)
    for step in range(p["max_iter"]):
        if step % _STEPS_PER_LOOK == _STEPS_PER_LOOK - 1:
            stop_if_cancelled()
        kept = re * re + im * im <= 4.0
        inside, re, im = inside[kept], re[kept], im[kept]
        if not inside.size:
            break
        steps[inside] += 1
        re, im = re * re - im * im + c_re[inside], 2.0 * re * im + c_im[inside]
    return steps.reshape(shape)
