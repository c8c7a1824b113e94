"""Operations without numbers, and named functions of numbers."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import checked
from ..attempts import attempt, stop_if_cancelled
from ..checked import fields, list_of, optional, or_null, refuse, scalar, whole
from .limits import MOST_STEPS
from .twin import (
    Arity,
    TaskFailed,
    generator,
    twin,
)

#: The longest sleep, in seconds, and how often it looks whether it is still wanted.
MOST_SECONDS = 60.0
LOOK_SECONDS = 1.0

#: The largest number that is looked at for primes.
MOST_PRIMES = 1 << 24


@twin("no-op", None, (0, None))
def _no_op(_: None, __: Sequence[Any]) -> None:
    return None


#: A step of the crate's loop takes about as long as this many additions, each of which needs the one before.
_ADDITIONS_PER_STEP = 2
_STEPS_PER_CALL = 50_000


@twin("busy", fields(steps=whole(0, MOST_STEPS), failures=optional(whole(0, 255), 0)), (0, None))
def _busy(p: dict[str, Any], _: Sequence[Any]) -> None:
    ones = np.ones(_STEPS_PER_CALL * _ADDITIONS_PER_STEP)
    out = np.empty_like(ones)
    for _call in range(p["steps"] // _STEPS_PER_CALL):
        np.add.accumulate(ones, out=out)
        stop_if_cancelled()
    rest = p["steps"] % _STEPS_PER_CALL * _ADDITIONS_PER_STEP
    np.add.accumulate(ones[:rest], out=out[:rest])
    if p["failures"] and (made := attempt()) < p["failures"]:
        raise TaskFailed(f"attempt {made + 1} failed on purpose")


@twin("panic", checked.text, (0, None))
def _panic(message: str, _: Sequence[Any]) -> None:
    raise TaskFailed(message)


@twin("alias", None, 1)
def _alias(_: None, inputs: Sequence[Any]) -> Any:
    return inputs[0]


def _seconds(value: float) -> float:
    if not 0 <= value <= MOST_SECONDS:
        raise TaskFailed(f"seconds = {value:g}: must be between 0 and {MOST_SECONDS:g}")
    return value


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise TaskFailed(f"probability = {value:g}: must be between 0 and 1")
    return value


def _whole(name: str, value: float) -> int:
    if isinstance(value, float) or value < 0:
        raise TaskFailed(f"{name} = {value}: must be an integer of at least 0")
    return int(value)


def _limit(value: float) -> int:
    if (stop := _whole("stop", value)) > MOST_PRIMES:
        raise TaskFailed(f"stop = {stop}: must be at most {MOST_PRIMES}")
    return stop


def _add(x: Any, y: Any) -> Any:
    total = x + y
    if isinstance(total, int) and not -(2**63) <= total < 2**63:
        raise TaskFailed(f"{x} + {y} does not fit int64")
    return total


def _sleep(seconds: Any, *rest: Any) -> Any:
    end = time.monotonic() + _seconds(seconds)
    while (left := end - time.monotonic()) > LOOK_SECONDS:
        time.sleep(LOOK_SECONDS)
        stop_if_cancelled()
    time.sleep(max(left, 0.0))
    return rest[0] if rest else None


def _flaky(x: Any, probability: float, seed: int) -> Any:
    made = attempt()
    if generator(_whole("seed", seed), made).random() < _share(probability):
        raise TaskFailed(f"attempt {made + 1} failed on purpose")
    return x


def _primes(start: int, stop: int) -> int:
    start, stop = _whole("start", start), _limit(stop)
    prime = np.ones(max(stop, 2), bool)
    prime[:2] = False
    for i in range(2, int(stop**0.5) + 1):
        if prime[i]:
            prime[i * i :: i] = False
    return int(prime[start:stop].sum())


_counter = 0
_counter_lock = threading.Lock()


def _count(n: int) -> int:
    global _counter
    if isinstance(n, float):
        raise TaskFailed("count takes an integer")
    with _counter_lock:
        _counter += n
        return _counter


def _sum(*numbers: Any) -> Any:
    return functools.reduce(_add, numbers, 0)


#: Each function, the numbers of arguments that it takes, and which argument may be of any kind.
FUNCTIONS: dict[str, tuple[Callable[..., Any], Arity, int | None]] = {
    "inc": (lambda x: _add(x, 1), (1, 1), None),
    "dec": (lambda x: _add(x, -1), (1, 1), None),
    "double": (lambda x: _add(x, x), (1, 1), None),
    "add": (_add, (2, 2), None),
    "sum": (_sum, (0, None), None),
    "identity": (lambda x: x, (1, 1), 0),
    "sleep": (_sleep, (1, 2), 1),
    "flaky": (_flaky, (3, 3), 0),
    "primes": (_primes, (2, 2), None),
    "count": (_count, (1, 1), None),
}


def _call_parameters(value: object, place: str) -> dict[str, Any]:
    call: dict[str, Any] = fields(function=checked.one_of(*FUNCTIONS), args=list_of(or_null(scalar), 1_000_000))(
        value, place
    )
    function, args = call["function"], call["args"]
    least, most = FUNCTIONS[function][1]
    if len(args) < least or (most is not None and len(args) > most):
        takes = least if least == most else f"{least} to {most}"
        refuse(place, f"{function} takes {takes} arguments, not {len(args)}")
    given: dict[str, Callable[[], object]] = {}
    match function, args:
        case "sleep", [seconds, *_] if seconds is not None:
            given = {"args[0]": lambda: _seconds(seconds)}
        case "flaky", [_, probability, seed]:
            given = {
                "args[1]": lambda: probability is None or _share(probability),
                "args[2]": lambda: seed is None or _whole("seed", seed),
            }
        case "primes", [start, stop]:
            given = {
                "args[0]": lambda: start is None or _whole("start", start),
                "args[1]": lambda: stop is None or _limit(stop),
            }
    for name, check in given.items():
        try:
            check()
        except TaskFailed as error:
            refuse(f"{place}.{name}", str(error))
    return call


def _call_inputs(call: dict[str, Any]) -> Arity:
    inputs = sum(arg is None for arg in call["args"])
    return inputs, inputs


@twin("call", _call_parameters, _call_inputs)
def _call(call: dict[str, Any], inputs: Sequence[Any]) -> Any:
    function, _, whatever = FUNCTIONS[call["function"]]
    remaining = iter(inputs)
    args = [next(remaining) if arg is None else arg for arg in call["args"]]

    def numeric(i: int, value: Any) -> Any:
        if i == whatever:
            return value
        if isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
            return value.item()
        raise TaskFailed(f"argument {i} of {call['function']} must be a number")

    value = function(*(numeric(i, arg) for i, arg in enumerate(args)))
    if isinstance(value, (bool, float)):
        return np.array(value)
    return np.array(value, "int64") if isinstance(value, int) else value
