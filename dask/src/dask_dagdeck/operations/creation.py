"""Blocks from parameters alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import checked
from ..checked import Reader, fields, number, optional, or_null, refuse, scalar
from ..values import Array, block_of
from .twin import (
    CHILD,
    LENGTH,
    PLACE,
    SEED,
    Arity,
    block_at,
    generator,
    twin,
)

DTYPE = optional(checked.dtype, "float64")


@twin("full", fields(shape=checked.shape, fill_value=scalar, dtype=DTYPE), 0)
def _full(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.full(p["shape"], p["fill_value"], p["dtype"])


@twin("arange", fields(start=scalar, step=scalar, len=LENGTH, dtype=DTYPE), 0)
def _arange(p: dict[str, Any], _: Sequence[Any]) -> Array:
    first = np.asarray(p["start"]).astype(p["dtype"])
    distance = np.asarray(p["start"] + p["step"]).astype(p["dtype"]) - first
    if p["dtype"] == "bool":
        return np.asarray(p["start"] + np.arange(p["len"]) * p["step"]).astype(bool)
    return np.asarray(first + np.arange(p["len"], dtype=p["dtype"]) * distance)


@twin("linspace", fields(start=number, stop=number, num=LENGTH, endpoint=checked.switch, dtype=DTYPE), 0)
def _linspace(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.linspace(p["start"], p["stop"], p["num"], p["endpoint"], dtype=p["dtype"])


def _eye_parameters(value: object, place: str) -> dict[str, Any]:
    eye: dict[str, Any] = fields(rows=LENGTH, columns=LENGTH, k=PLACE, dtype=DTYPE)(value, place)
    checked.shape([eye["rows"], eye["columns"]], place)
    return eye


@twin("eye", _eye_parameters, 0)
def _eye(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return np.eye(p["rows"], p["columns"], p["k"], p["dtype"])


def _given_block(value: object, place: str) -> Array:
    most = 2 * 8 * checked.MOST_ELEMENTS
    given = fields(shape=checked.shape, dtype=checked.dtype, data=lambda data, at: checked.text(data, at, most))(
        value, place
    )
    return block_of(given["shape"], given["dtype"], given["data"], place)


@twin("block", _given_block, 0)
def _given(block: Array, _: Sequence[Any]) -> Array:
    return block


_DISTRIBUTIONS: dict[str, Reader] = {
    "between": fields(low=number, high=number),
    "normal": fields(loc=number, scale=number),
    "exponential": fields(scale=number),
    "poisson": fields(lam=number),
    "integers": fields(low=PLACE, last=PLACE, dtype=checked.one_of("bool", "uint8", "int32", "int64")),
}


def _distribution(value: object, place: str) -> tuple[str, dict[str, Any]]:
    if value == "uniform":
        return "uniform", {}
    given = checked.members(value, place)
    if len(given) != 1 or (name := next(iter(given))) not in _DISTRIBUTIONS:
        refuse(place, f"must be one of uniform, {', '.join(_DISTRIBUTIONS)}, got {checked.shown(value)}")
    parameters = _DISTRIBUTIONS[name](given[name], f"{place}.{name}")
    try:
        # NumPy checks the parameters, also when nothing is drawn.
        _drawn(np.random.default_rng(0), (name, parameters), ())
    except (ValueError, OverflowError, TypeError) as error:
        refuse(f"{place}.{name}", str(error))
    return name, parameters


def _drawn(rng: np.random.Generator, distribution: tuple[str, dict[str, Any]], shape: tuple[int, ...]) -> Array:
    match distribution:
        case "uniform", _:
            return np.asarray(rng.random(shape))
        case "between", p:
            return np.asarray(rng.uniform(p["low"], p["high"], shape))
        case "normal", p:
            return np.asarray(rng.normal(p["loc"], p["scale"], shape))
        case "exponential", p:
            return np.asarray(rng.exponential(p["scale"], shape))
        case "poisson", p:
            return np.asarray(rng.poisson(p["lam"], shape))
        case _, p:
            return np.asarray(rng.integers(p["low"], p["last"], shape, p["dtype"], endpoint=True))


@twin("random", fields(shape=checked.shape, distribution=_distribution, seed=SEED, child=optional(CHILD, 0)), 0)
def _random(p: dict[str, Any], _: Sequence[Any]) -> Array:
    return _drawn(generator(p["seed"], p["child"]), p["distribution"], p["shape"])


def _choice_inputs(p: dict[str, Any]) -> Arity:
    inputs = (p["a"] is None) + p["p"]
    return inputs, inputs


@twin(
    "choice",
    fields(
        shape=checked.shape,
        a=optional(or_null(LENGTH)),
        p=optional(checked.switch, False),
        replace=checked.switch,
        seed=SEED,
        child=optional(CHILD, 0),
    ),
    _choice_inputs,
)
def _choice(p: dict[str, Any], inputs: Sequence[Any]) -> Array:
    population = block_at(inputs, 0) if p["a"] is None else p["a"]
    probabilities = block_at(inputs, len(inputs) - 1) if p["p"] else None
    rng = generator(p["seed"], p["child"])
    return np.asarray(rng.choice(population, p["shape"], p["replace"], probabilities))
