"""Calls of Python functions as tasks."""

import operator
from _random import Random

import _dagdeck

from . import base

_random = Random()


def _token():
    digits = f"{_random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _name_of(function):
    return getattr(function, "__name__", type(function).__name__)


class _Filled:
    """Calls a function whose arguments have values of tasks inside them."""

    __slots__ = ("function", "args", "kwargs", "order")

    def __init__(self, function, args, kwargs, order):
        self.function, self.args, self.kwargs, self.order = function, args, kwargs, order

    def __call__(self, *values):
        values = dict(zip(self.order, values))
        args = [base.filled(arg, values) for arg in self.args]
        kwargs = {name: base.filled(arg, values) for name, arg in self.kwargs.items()}
        return self.function(*args, **kwargs)


class Delayed(base.Collection):
    """The result of a call that was not made yet, or a value."""

    __slots__ = ("_key", "_function", "_args", "_kwargs", "_nout")

    def __init__(self, key, function, args=(), kwargs={}, nout=None):
        self._key, self._function, self._args, self._kwargs, self._nout = key, function, args, kwargs, nout

    @property
    def key(self):
        return self._key

    @property
    def dask(self):
        return {key: None for key, _, _ in self._tasks([self], False)}

    __dask_graph__ = dask.fget

    def __dask_keys__(self):
        return [self._key]

    def __repr__(self):
        return f"Delayed({self._key!r})"

    def __hash__(self):
        return hash(self._key)

    def __bool__(self):
        raise TypeError("Truth of Delayed objects is not supported")

    def __iter__(self):
        if self._nout is None:
            raise TypeError("Delayed objects of unspecified length are not iterable")
        return (self[place] for place in range(self._nout))

    def __len__(self):
        if self._nout is None:
            raise TypeError("Delayed objects of unspecified length have no len()")
        return self._nout

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Delayed(f"getattr-{_token()}", getattr, (self, name))

    def __getitem__(self, index):
        return Delayed(f"getitem-{_token()}", operator.getitem, (self, index))

    def __call__(self, *args, **kwargs):
        return Delayed(f"apply-{_token()}", _call, (self, *args), kwargs)

    @staticmethod
    def _together(members, method, scheduler, workers):
        tasks, places = _calls(members, scheduler, workers)
        values = _dagdeck.run_calls(tasks, [places[member._key] for member in members], scheduler, workers)
        if method == "compute":
            return values
        return [Delayed(member._key, None, (value,)) for member, value in zip(members, values)]

    @staticmethod
    def _tasks(members, optimized):
        targets = {member._key for member in members}
        order, places = _order(members)
        return [
            (one._key, tuple(places[needed._key] for needed in _needed(one)), one._key in targets) for one in order
        ]


def _call(function, *args, **kwargs):
    return function(*args, **kwargs)


def _needed(call):
    """The delayed values that a call needs, each once."""
    if call._function is None:
        return []
    collections = {}
    for arg in (*call._args, *call._kwargs.values()):
        base.found(arg, collections)
    return [one for one in {id(one): one for one in collections.values()}.values() if isinstance(one, Delayed)]


def _order(members):
    """All calls, each after those that it needs, and the place of each by its key."""
    order, places, stack = [], {}, list(reversed(members))
    while stack:
        call = stack[-1]
        if call._key in places:
            stack.pop()
            continue
        missing = [one for one in _needed(call) if one._key not in places]
        if missing:
            stack += reversed(missing)
            continue
        places[call._key] = len(order)
        order.append(call)
        stack.pop()
    return order, places


def _identity(value):
    return value


def _calls(members, scheduler, workers):
    """The calls as `run_calls` takes them."""
    order, places = _order(members)
    others = {}
    for call in order:
        for arg in (*call._args, *call._kwargs.values()) if call._function is not None else ():
            base.found(arg, others)
    # Arrays that a call takes are computed before.
    others = {place: one for place, one in others.items() if not isinstance(one, Delayed)}
    values = base._each_kind(others, "compute", (scheduler, workers))
    tasks = []
    for call in order:
        if call._function is None:
            tasks.append((call._key, _identity, [call._args[0]], [-1]))
            continue
        args = call._args
        if not call._kwargs and not any(type(arg) in (list, tuple, set, frozenset, dict) for arg in args):
            args = [values.get(id(arg), arg) for arg in args] if values else list(args)
            wanted = [places[arg._key] if isinstance(arg, Delayed) else -1 for arg in args]
            tasks.append((call._key, call._function, args, wanted))
            continue
        inside = {}
        for arg in (*args, *call._kwargs.values()):
            base.found(arg, inside)
        given = [values[place] if place in values else one for place, one in inside.items()]
        wanted = [places[one._key] if isinstance(one, Delayed) else -1 for one in given]
        function = _Filled(call._function, args, call._kwargs, list(inside))
        tasks.append((call._key, function, given, wanted))
    return tasks, places


class DelayedFunction:
    """A function whose calls are delayed."""

    def __init__(self, function, name=None, pure=None, nout=None):
        self._function, self._name, self._nout = function, name, nout
        self.__name__, self.__doc__ = _name_of(function), getattr(function, "__doc__", None)
        self.__wrapped__ = function

    def __call__(self, *args, dask_key_name=None, pure=None, **kwargs):
        key = dask_key_name or f"{self._name or _name_of(self._function)}-{_token()}"
        return Delayed(key, self._function, args, kwargs, self._nout)

    def __repr__(self):
        return f"Delayed({_name_of(self._function)!r})"

    def __get__(self, instance, owner=None):
        return self if instance is None else lambda *args, **kwargs: self(instance, *args, **kwargs)


def delayed(obj=None, name=None, pure=None, nout=None, traverse=True):
    """`delayed(function)`, `delayed(value)`, or a decorator: `@delayed`, `@delayed(nout=2)`."""
    if obj is None:
        return lambda function: delayed(function, name, pure, nout, traverse)
    if isinstance(obj, Delayed):
        return obj
    if isinstance(obj, base.Collection) or type(obj) in (list, tuple, dict, set) and base.found(obj, {}):
        return Delayed(name or f"{type(obj).__name__}-{_token()}", _identity, (obj,))
    if callable(obj):
        return DelayedFunction(obj, name, pure, nout)
    return Delayed(name or f"{type(obj).__name__}-{_token()}", None, (obj,), nout=nout)


def _operator(function, swapped=False):
    name = function.__name__.rstrip("_")

    def method(self, *others):
        args = (*others, self) if swapped else (self, *others)
        return Delayed(f"{name}-{_token()}", function, args)

    return method


for _word in "add sub mul truediv floordiv mod pow and_ or_ xor lshift rshift matmul".split():
    _function = getattr(operator, _word)
    setattr(Delayed, f"__{_word.rstrip('_')}__", _operator(_function))
    setattr(Delayed, f"__r{_word.rstrip('_')}__", _operator(_function, swapped=True))
for _word in "lt le gt ge eq ne neg pos abs invert".split():
    setattr(Delayed, f"__{_word}__", _operator(getattr(operator, _word)))
