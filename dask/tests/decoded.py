"""Reads values as the page does: the inverse of `dask_dagdeck.values.encode`, and of values in JSON."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

from dask_dagdeck.checked import DTYPES
from dask_dagdeck.values import Moments


def decode(message: bytes) -> Any:
    assert message[:8] == b"dagdeck\2" and message[8:16] == b"value\0\0\0"
    body_length, count = struct.unpack_from("<II", message, 16)
    table = [struct.unpack_from("<II", message, 24 + 8 * i) for i in range(count)]
    at = 24 + 8 * count
    body = json.loads(message[at : at + body_length])
    at = -(-(at + body_length) // 8) * 8
    blocks = []
    for dtype, length in table:
        blocks.append(np.frombuffer(message, DTYPES[dtype], length, at))
        at = -(-(at + blocks[-1].nbytes) // 8) * 8
    assert at == len(message)
    return of_json(body, blocks)


def of_json(form: Any, blocks: Sequence[Any] = ()) -> Any:
    if form == "none":
        return None
    [(kind, content)] = form.items()
    if kind == "array":
        return _block(content, blocks)
    if kind == "tuple":
        return tuple(of_json(item, blocks) for item in content)
    return Moments(*(content[name] and _block(content[name], blocks) for name in ("count", "total", "m2")))


def _block(form: dict[str, Any], blocks: Sequence[Any]) -> Any:
    if isinstance(form["data"], int):
        return blocks[form["data"]].reshape(form["shape"])
    return np.frombuffer(base64.b64decode(form["data"]), form["dtype"]).reshape(form["shape"])


def assert_equal(value: Any, expected: Any, about: object = "", tolerance: float = 1e-12) -> None:
    """Types and shapes are the same, and so are elements but for rounding."""
    if expected is None:
        assert value is None, about
    elif isinstance(expected, Moments):
        assert isinstance(value, Moments), about
        for name in ("count", "total", "m2"):
            assert_equal(getattr(value, name), getattr(expected, name), about, tolerance)
    elif isinstance(expected, tuple):
        assert type(value) is type(expected) and len(value) == len(expected), about
        for item, other in zip(value, expected):
            assert_equal(item, other, about, tolerance)
    else:
        value = np.asarray(value)
        assert (value.shape, value.dtype) == (expected.shape, expected.dtype), about
        np.testing.assert_allclose(value, expected, tolerance, tolerance, err_msg=str(about))
