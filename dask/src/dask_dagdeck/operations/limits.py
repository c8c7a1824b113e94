"""What one task may take: elements of its result, and steps. All is checked before it is done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from ..checked import MOST_ELEMENTS
from ..values import Array
from .twin import TaskFailed

#: The steps of one operation: passes of a loop, for each element. About five minutes.
MOST_STEPS = 2**36


def check_elements(lengths: Iterable[int]) -> None:
    """Checks the shape of a result before it is made."""
    shape = tuple(lengths)
    if math.prod(shape) > MOST_ELEMENTS:
        raise TaskFailed(f"the result would have the shape {list(shape)}: at most {MOST_ELEMENTS} elements are allowed")


def check_broadcast(shapes: Iterable[tuple[int, ...]], *more: int) -> None:
    """Checks the shape of a result that has the axes of all these, and `more`.

    If shapes do not fit together, the function that takes them says so itself.
    """
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        return
    check_elements([*shape, *more])


def check_joined(blocks: Sequence[Array]) -> None:
    """Checks the size of blocks that are put together."""
    check_elements([sum(block.size for block in blocks)])


def check_steps(steps: int) -> None:
    if steps > MOST_STEPS:
        raise TaskFailed(f"this would take {steps} steps: at most {MOST_STEPS} are allowed")
