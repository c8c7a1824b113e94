"""Random arrays, bit for bit those of Dask for the same seed.

Each array says by itself what its numbers are: it records the seed and what the generator drew before it.
"""

from _random import Random

import numpy
from _operations import SIGNATURES

from . import Array, _call, _chunks

_random = Random()


class Generator:
    """Draws arrays."""

    def __init__(self, seed):
        self._seed, self._drawn = seed, []

    def _draw(self, name, args, kwargs):
        signature = SIGNATURES[name]
        for keyword in ("seed", "after"):
            if keyword in kwargs:
                raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}")
        # The size follows what the distribution takes.
        placed = [word for word in signature.placed if word != "dtype"] + ["size"]
        if len(args) > len(placed):
            raise TypeError(f"{name}() takes at most {len(placed)} positional arguments but {len(args)} were given")
        keywords = {**dict(zip(placed, args)), **kwargs}
        keywords["size"] = numpy._lengths(keywords["size"]) if keywords.get("size") is not None else []
        keywords["chunks"] = _chunks(keywords.get("chunks", "auto"))
        if keywords.get("dtype") is not None:
            keywords["dtype"] = numpy.dtype(keywords["dtype"]).name
        _, bound = signature.bind([], keywords)
        array = _call(name, [], {**bound, "seed": self._seed, "after": list(self._drawn)})
        self._drawn.append({"size": keywords["size"], "chunks": keywords["chunks"]})
        return array

    def permutation(self, x):
        array = _call("permutation", [], {"x": x, "seed": self._seed, "after": list(self._drawn)})
        self._drawn.append({"permutation": x.shape[0] if isinstance(x, Array) else x})
        return array

    def __repr__(self):
        return "Generator(PCG64)"


def _method(name):
    def method(self, *args, **kwargs):
        return self._draw(name, args, kwargs)

    method.__name__ = name
    return method


_DRAWS = ("random", "uniform", "standard_normal", "normal", "standard_exponential", "exponential", "poisson", "integers", "choice")
for _name in _DRAWS:
    setattr(Generator, _name, _method(_name))


def default_rng(seed=None):
    if seed is None:
        seed = _random.getrandbits(53)
    if not isinstance(seed, int) or seed < 0:
        raise TypeError(f"default_rng: seed must be an int that is not negative, got {seed!r}")
    return Generator(int(seed))


_shared = default_rng()
for _name in _DRAWS + ("permutation",):
    globals()[_name] = getattr(_shared, _name)
randint = integers


def __getattr__(name):
    raise AttributeError(f"dask.array.random.{name}: dask.array in the page does not have it")
