"""Readers of data that come from a page. Each checks a value, and refuses it with a message that names the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

#: Checks the value at a place, and returns it in the form in which it is used.
Reader = Callable[[object, str], Any]

#: The largest number of axes and of elements that a block may have, as in the crate.
MOST_AXES = 32
MOST_ELEMENTS = 2**28

DTYPES = ("bool", "uint8", "int32", "int64", "float32", "float64")

_WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class Refused(Exception):
    """Something that a page sent cannot be used. The message says where it is, and what is allowed there."""


def refuse(place: str, message: str) -> NoReturn:
    raise Refused(f"{place}: {message}")


def members(value: object, place: str) -> dict[str, Any]:
    """An object with any members."""
    if not isinstance(value, dict):
        refuse(place, f"must be an object, not {kind(value)}")
    return value


def items(value: object, place: str, most: int) -> list[Any]:
    """A list of anything."""
    if not isinstance(value, list):
        refuse(place, f"must be a list, not {kind(value)}")
    if len(value) > most:
        refuse(place, f"has {len(value)} items, at most {most} are allowed")
    return value


def text(value: object, place: str, most: int = 1000) -> str:
    if not isinstance(value, str):
        refuse(place, f"must be a string, not {kind(value)}")
    if len(value) > most:
        refuse(place, f"has {len(value)} characters, at most {most} are allowed")
    # Dask's messages are UTF-8, which cannot have half of a surrogate pair.
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        refuse(place, f"{shown(value)} is not Unicode")
    return value


def switch(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        refuse(place, f"must be true or false, not {kind(value)}")
    return value


def whole(least: int, most: int) -> Reader:
    """A reader of whole numbers from `least` to `most`."""

    def read(value: object, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            refuse(place, f"must be a whole number from {least} to {most}, got {shown(value)}")
        return value

    return read


def one_of(*choices: str) -> Reader:
    def read(value: object, place: str) -> str:
        if not isinstance(value, str) or value not in choices:
            refuse(place, f"must be one of {', '.join(choices)}, got {shown(value)}")
        return value

    return read


def list_of(reader: Reader, most: int = 10_000_000) -> Reader:
    def read(value: object, place: str) -> list[Any]:
        return [reader(each, f"{place}[{i}]") for i, each in enumerate(items(value, place, most))]

    return read


def number(value: object, place: str) -> float:
    """A number that may be NaN or infinite."""
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        refuse(place, f"must be a number, not {kind(value)}")
    try:
        return float(value)
    except OverflowError:
        refuse(place, f"{shown(value)} is too large for a float64")


def scalar(value: object, place: str) -> bool | int | float:
    """A Python number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, dict):
        match value:
            case {"int": str(digits)} if len(value) == 1 and len(digits) <= 20:
                try:
                    value = int(digits)
                except ValueError:
                    refuse(place, f"int must have digits, got {shown(digits)}")
            case {"float": str(digits)} if len(value) == 1 and len(digits) <= 40:
                try:
                    return float(digits)
                except ValueError:
                    refuse(place, f"float must have digits, got {shown(digits)}")
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            refuse(place, f"Python int {value} too large to convert to int64")
        return value
    return number(value, place)


def dtype(value: object, place: str) -> str:
    return str(one_of(*DTYPES)(value, place))


def shape(value: object, place: str) -> tuple[int, ...]:
    """The shape of a block that is not too large."""
    lengths = tuple(list_of(whole(0, MOST_ELEMENTS), MOST_AXES)(value, place))
    extent = 1
    for length in lengths:
        extent *= max(length, 1)
    if extent > MOST_ELEMENTS:
        refuse(place, f"{list(lengths)} is too large: a block has at most {MOST_ELEMENTS} elements")
    return lengths


def optional(reader: Reader, default: object = None) -> tuple[Reader, object]:
    """A member of an object that may be missing."""
    return reader, default


def fields(**readers: Reader | tuple[Reader, object]) -> Reader:
    """A reader of objects with these members and no others."""

    def read(value: object, place: str) -> dict[str, Any]:
        given = members(value, place)
        for name in given:
            if name not in readers:
                refuse(place, f"unknown member {shown(name)}; the members are {', '.join(readers) or 'none'}")
        return {name: member(given, name, reader, place) for name, reader in readers.items()}

    return read


def member(given: Mapping[str, Any], name: str, reader: Reader | tuple[Reader, object], place: str) -> Any:
    reader, *default = reader if isinstance(reader, tuple) else (reader,)
    if name in given:
        return reader(given[name], f"{place}.{name}")
    if not default:
        refuse(place, f"{name} is missing")
    return default[0]


def or_null(reader: Reader) -> Reader:
    return lambda value, place: None if value is None else reader(value, place)


def kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"


def shown(value: object) -> str:
    """A value for a message, of a bounded length."""
    written = repr(value)
    return written if len(written) <= 80 else f"{written[:79]}…"
