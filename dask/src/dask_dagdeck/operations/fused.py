"""Several operations as one task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import checked
from ..attempts import stop_if_cancelled
from ..checked import fields, list_of, optional, refuse, whole
from .twin import (
    Arity,
    Operation,
    TaskFailed,
    check_arity,
    read,
    twin,
)


@dataclass(frozen=True)
class Part:
    """One operation of a fused one. A source is an input (True) or an earlier part (False), by its number."""

    key: str
    operation: Operation
    sources: tuple[tuple[bool, int], ...]

    def __dask_tokenize__(self) -> object:
        return self.key, self.operation, self.sources


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


@twin("fused", _parts, _fused_inputs)
def _fused(parts: list[Part], inputs: Sequence[Any]) -> Any:
    last_reader = {at: i for i, part in enumerate(parts) for is_input, at in part.sources if not is_input}
    made: dict[int, Any] = {}
    value = None
    for i, part in enumerate(parts):
        stop_if_cancelled()
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
