"""Values as bytes: the binary form of the crate (`src/binary` of dagdeck), which the page decodes.

Blocks of numbers are NumPy arrays; `Moments` are the partial results of means and variances.
"""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from .checked import DTYPES, refuse

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Moments:
    """A block's contribution to a mean or a variance."""

    count: Array
    total: Array
    m2: Array | None

    def __sizeof__(self) -> int:
        """Dask decides by this where values are moved, and what is spilled."""
        return object.__sizeof__(self) + block_bytes(self)


def block_bytes(value: object) -> int:
    """The bytes of the numbers in a value."""
    match value:
        case Moments():
            return sum(map(block_bytes, (value.count, value.total, value.m2)))
        case tuple() | list():
            return sum(map(block_bytes, value))
        case np.ndarray() | np.generic():
            return int(value.nbytes)
    return 0


def is_value(value: object) -> bool:
    """Whether a page can be sent this."""
    match value:
        case None | Moments():
            return True
        case tuple() | list():
            return all(map(is_value, value))
        case np.ndarray() | np.generic():
            return value.dtype.name in DTYPES
        case bool() | float():
            return True
        case int():
            return -(2**63) <= value < 2**63
    return False


def encode(value: object) -> bytes:
    """A value in the binary form.

    Raises `TypeError` if there is no form for it.
    """
    blocks: list[Array] = []
    body = json.dumps(_form(value, blocks), separators=(",", ":")).encode()
    table = b"".join(struct.pack("<II", DTYPES.index(block.dtype.name), block.size) for block in blocks)
    head = b"dagdeck\2" + b"value\0\0\0" + struct.pack("<II", len(body), len(blocks)) + table + body
    return b"".join(map(_padded, [head, *(_bytes(block) for block in blocks)]))


def _padded(part: bytes) -> bytes:
    return part + bytes(-len(part) % 8)


def _bytes(block: Array) -> bytes:
    return block.astype(block.dtype.newbyteorder("<"), copy=False).tobytes()


def _form(value: object, blocks: list[Array]) -> object:
    match value:
        case None:
            return "none"
        case Moments():
            m2 = None if value.m2 is None else _block(value.m2, blocks)
            return {"moments": {"count": _block(value.count, blocks), "total": _block(value.total, blocks), "m2": m2}}
        case tuple() | list():
            return {"tuple": [_form(item, blocks) for item in value]}
        case np.ndarray() | np.generic() if value.dtype.name in DTYPES:
            return {"array": _block(np.asarray(value), blocks)}
        case bool():
            return {"array": _block(np.array(value), blocks)}
        case int() if -(2**63) <= value < 2**63:
            return {"array": _block(np.array(value, "int64"), blocks)}
        case float():
            return {"array": _block(np.array(value, "float64"), blocks)}
    raise TypeError(f"a {type(value).__name__} cannot be sent to the page")


def _block(block: Array, blocks: list[Array]) -> dict[str, object]:
    blocks.append(block)
    return {"shape": list(block.shape), "data": len(blocks) - 1}


def block_of(shape: tuple[int, ...], dtype: str, data: str, place: str) -> Array:
    """A block whose elements are given in base64."""
    try:
        raw = base64.b64decode(data, validate=True)
    except ValueError:
        refuse(f"{place}.data", "must be base64")
    elements = (
        np.frombuffer(raw, np.dtype(dtype).newbyteorder("<")) if len(raw) % np.dtype(dtype).itemsize == 0 else None
    )
    if elements is None or elements.size != int(np.prod(shape, dtype=np.int64)):
        takes = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        refuse(place, f"data of {len(raw)} bytes: shape {list(shape)} of {dtype} takes {takes}")
    if dtype == "bool" and (np.frombuffer(raw, np.uint8) > 1).any():
        refuse(f"{place}.data", "a bool is 0 or 1")
    return elements.astype(dtype).reshape(shape)
