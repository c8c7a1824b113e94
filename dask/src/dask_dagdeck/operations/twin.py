"""What an operation is here: a name, a reader of its parameters, the number of its inputs, and a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import checked
from ..checked import Reader, list_of, refuse, whole
from ..values import Array

#: How many inputs an operation takes: the least and the most. `None`: any number.
Arity = tuple[int, int | None]

AXIS = whole(0, 255)
AXES = list_of(AXIS, checked.MOST_AXES)
PLACE = whole(-(2**63), 2**63 - 1)
SEED = whole(0, 2**64 - 1)
CHILD = whole(0, 2**32 - 1)
LENGTH = whole(0, checked.MOST_ELEMENTS)

#: The step of a reduction over a tree.
STAGE = checked.one_of("chunk", "combine", "aggregate")


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

    def __dask_tokenize__(self) -> object:
        return self.name, self.parameters

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


def twin(
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


def dtype_of(block: Array) -> str:
    return str(block.dtype.name)


def accumulator(dtype: str) -> str:
    return dtype if dtype.startswith("float") else "int64"


def inexact(dtype: str) -> str:
    return dtype if dtype.startswith("float") else "float64"


def block_at(inputs: Sequence[Any], i: int) -> Array:
    if not isinstance(inputs[i], (np.ndarray, np.generic)):
        raise TaskFailed(f"input {i} must be an array, not {type(inputs[i]).__name__}")
    return np.asarray(inputs[i])


def by_stage(p: dict[str, Any]) -> Arity:
    return (1, 1) if p["stage"] == "chunk" else (1, None)


def named_once(axes: list[int], place: str) -> None:
    for i, axis in enumerate(axes):
        if axis in axes[:i]:
            refuse(place, f"axis {axis} is named twice")


def generator(seed: int, child: int) -> np.random.Generator:
    """The generator of a chunk, as `dask.array.random.default_rng` gives it."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(child,)))
