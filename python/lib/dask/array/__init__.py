"""`dask.array` over dagdeck's arrays. Its operations are those of the module, with Dask's names."""

import ast
import builtins
import itertools
import math
from collections.abc import Mapping

import _dagdeck
import numpy
from _operations import METHODS, SIGNATURES, ask, index_of

from .. import base

pi, e, inf, nan, newaxis = numpy.pi, numpy.e, numpy.inf, numpy.nan, None


class Array(base.Collection, numpy._Operators):
    """A lazy array in chunks."""

    __slots__ = ("_collection",)
    __hash__ = object.__hash__

    def __new__(cls, *args, **kwargs):
        raise TypeError("use dask.array.from_array, dask.array.ones or another function to make an array")

    name = property(lambda self: self._collection.name)
    shape = property(lambda self: self._collection.shape)
    chunks = property(lambda self: self._collection.chunks)
    dtype = property(lambda self: numpy.dtype(self._collection.dtype))
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: math.prod(self.shape))
    itemsize = property(lambda self: self.dtype.itemsize)
    nbytes = property(lambda self: self.size * self.itemsize)
    numblocks = property(lambda self: tuple(map(len, self.chunks)))
    npartitions = property(lambda self: math.prod(self.numblocks))
    chunksize = property(lambda self: tuple(map(builtins.max, self.chunks)))
    T = property(lambda self: _call("transpose", [self]))
    dask = property(lambda self: Graph(self))

    @property
    def _dtype_name(self):
        return self._collection.dtype

    def __repr__(self):
        return self._collection.text[:-1] + ", chunktype=numpy.ndarray>"

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self):
        return (self[place] for place in range(len(self)))

    def __bool__(self):
        if self.size > 1:
            raise ValueError(
                f"The truth value of a {type(self).__name__} is ambiguous. Use a.any() or a.all()."
            )
        return bool(self.compute())

    def __float__(self):
        return float(self.compute())

    def __int__(self):
        return int(self.compute())

    def __index__(self):
        return self.compute().__index__()

    def __getitem__(self, index):
        masks, items = index_of(index)
        return _call("slice", [self, *masks], {"index": items})

    def __dask_graph__(self):
        return Graph(self)

    def __dask_keys__(self):
        def keys(index):
            if len(index) == self.ndim:
                return (self.name, *index)
            return [keys((*index, place)) for place in range(self.numblocks[len(index)])]

        made = keys(())
        return made if isinstance(made, list) else [made]

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return _call("transpose", [self], {"axes": list(axes)} if axes else {})

    def reshape(self, *shape):
        shape = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        return _call("reshape", [self], {"shape": [int(length) for length in shape]})

    def rechunk(self, chunks="auto"):
        return _call("rechunk", [self], {"chunks": _chunks(chunks, self)})

    def flatten(self):
        return self.ravel()

    def map_blocks(self, func, *args, **kwargs):
        return map_blocks(func, self, *args, **kwargs)

    def map_overlap(self, func, depth, boundary=None, trim=True, **kwargs):
        return map_overlap(func, self, depth=depth, boundary=boundary, trim=trim, **kwargs)

    def __getattr__(self, name):
        raise AttributeError(f"{name!r}: dask.array.Array has no such method in the page")

    @staticmethod
    def _together(members, method, scheduler, workers):
        collections = [member._collection for member in members]
        if method == "persist":
            return map(_array, _dagdeck.persist(collections, scheduler, workers))
        return map(numpy._result, _dagdeck.compute(collections, scheduler, workers))

    @staticmethod
    def _tasks(members, optimized):
        return _dagdeck.graph([member._collection for member in members], optimized)


def _array(collection):
    array = object.__new__(Array)
    array._collection = collection
    return array


def _operand(value):
    if isinstance(value, Array):
        return value._collection
    if isinstance(value, (bool, int, float)) and not isinstance(value, numpy.generic):
        return value
    return asarray(value)._collection


def _call(name, operands, keywords={}):
    named = {key: _operand(value) if isinstance(value, (Array, numpy.ndarray)) else value for key, value in keywords.items()}
    return _array(ask(_dagdeck.collection, name, [_operand(operand) for operand in operands], named))


def _is_operand(value):
    return isinstance(value, Array) or numpy._is_operand(value)


def _add_operators():
    def forward(name):
        return lambda self, other: _call(name, [self, other]) if _is_operand(other) else NotImplemented

    def backward(name):
        return lambda self, other: _call(name, [other, self]) if _is_operand(other) else NotImplemented

    for word, name in numpy._BINARY.items():
        setattr(Array, f"__{word}__", forward(name))
        setattr(Array, f"__r{word}__", backward(name))
    for word, name in numpy._COMPARE.items():
        setattr(Array, f"__{word}__", forward(name))


_add_operators()


# The graph


class BlockTask:
    """The task that makes a block. What it does is known to the module only."""

    __slots__ = ("array", "key")

    def __init__(self, array, key):
        self.array, self.key = array, key

    def __repr__(self):
        return f"<task {self.key!r}>"

    @staticmethod
    def values(tasks, scheduler, workers):
        """The values of some tasks by their keys, without those that are no tasks of this kind."""
        values, arrays = {}, {}
        for key, task in tasks.items():
            if isinstance(task, BlockTask):
                if key[0] != task.array.name:
                    raise NotImplementedError(f"{key!r}: dask.get in the page computes blocks of the collection only")
                arrays[task.array.name] = task.array
        for array in arrays.values():
            whole = numpy.asarray(Array._together([array], "compute", scheduler, workers).__next__())
            starts = [list(itertools.accumulate(lengths, initial=0)) for lengths in array.chunks]
            for key in tasks:
                if isinstance(tasks[key], BlockTask) and key[0] == array.name:
                    values[key] = whole[tuple(slice(s[i], s[i + 1]) for s, i in zip(starts, key[1:]))]
                    if not array.shape:
                        values[key] = numpy._result(whole._block)
        return values


class Graph(Mapping):
    """The tasks of an array by their keys."""

    def __init__(self, array):
        keys = [key for key, _, _ in _dagdeck.graph([array._collection], False)]
        # The module writes the key of a block without axes as its name.
        keys = [ast.literal_eval(key) if key.startswith("(") else (key,) for key in keys]
        self._tasks = {key: BlockTask(array, key) for key in keys}

    def __getitem__(self, key):
        return self._tasks[key]

    def __iter__(self):
        return iter(self._tasks)

    def __len__(self):
        return len(self._tasks)

    def __repr__(self):
        return f"<graph of {len(self)} tasks>"


# Making arrays


def _chunks(chunks, array=None):
    if isinstance(chunks, dict):
        return [chunks.get(axis, list(lengths)) for axis, lengths in enumerate(array.chunks)]
    if isinstance(chunks, (tuple, list)):
        return [-1 if part is None else list(part) if isinstance(part, tuple) else part for part in chunks]
    if chunks is None:
        return "auto"
    return chunks


def _made(name, keywords, chunks="auto", dtype=None):
    keywords["chunks"] = _chunks(chunks)
    if dtype is not None:
        keywords["dtype"] = numpy.dtype(dtype).name
    keywords = {key: value.item() if isinstance(value, numpy.generic) else value for key, value in keywords.items()}
    return _array(_dagdeck.collection(name, [], keywords))


def ones(shape, dtype=None, chunks="auto"):
    return _made("ones", {"shape": numpy._lengths(shape)}, chunks, dtype)


def zeros(shape, dtype=None, chunks="auto"):
    return _made("zeros", {"shape": numpy._lengths(shape)}, chunks, dtype)


def full(shape, fill_value, dtype=None, chunks="auto"):
    return _made("full", {"shape": numpy._lengths(shape), "fill_value": fill_value}, chunks, dtype)


empty = zeros


def _like(function):
    def like(a, *args, dtype=None, chunks=None):
        a = asarray(a)
        return function(a.shape, *args, dtype=dtype or a.dtype, chunks=chunks or a.chunks)

    return like


zeros_like, ones_like, full_like, empty_like = map(_like, (zeros, ones, full, empty))


def arange(start=0, stop=None, step=1, *, chunks="auto", dtype=None):
    if stop is None:
        start, stop = 0, start
    return _made("arange", {"start": start, "stop": stop, "step": step}, chunks, dtype)


def linspace(start, stop, num=50, endpoint=True, chunks="auto", dtype=None):
    return _made("linspace", {"start": start, "stop": stop, "num": num, "endpoint": endpoint}, chunks, dtype)


def eye(N, chunks="auto", M=None, k=0, dtype=float):
    return _made("eye", {"N": N, "M": N if M is None else M, "k": k}, chunks, dtype)


def from_array(x, chunks="auto"):
    x = numpy.asarray(x)
    # Only the module knows what "auto" means.
    lengths = zeros(x.shape, x.dtype, chunks).chunks
    return _array(_dagdeck.from_block(x._block, [list(axis) for axis in lengths]))


def asarray(a):
    return a if isinstance(a, Array) else from_array(a)


asanyarray = array = asarray


# Functions


def _function(name):
    signature = SIGNATURES[name]

    def function(*args, **kwargs):
        if "a" in kwargs and signature.operands[:1] == ("x",):
            kwargs["x"] = kwargs.pop("a")
        operands, keywords = signature.bind(args, kwargs)
        if operands and not signature.many and not builtins.any(isinstance(operand, Array) for operand in operands):
            operands[0] = asarray(operands[0])
        return _call(name, operands, keywords)

    function.__name__ = function.__qualname__ = name
    return function


_OTHERWISE = {
    "ones", "zeros", "full", "arange", "linspace", "eye", "from_array", "slice", "persisted", "map_blocks", "map_overlap", "norm",
    "einsum", "rechunk", "reshape", "transpose", "histogram", "unique", "seed", "random", "uniform", "standard_normal", "normal",
    "standard_exponential", "exponential", "poisson", "integers", "choice", "permutation",
}
for _name in SIGNATURES:
    if _name not in _OTHERWISE and "." not in _name:
        globals()[_name] = _function(_name)
for _name in METHODS - {"rechunk", "reshape", "transpose"}:
    setattr(Array, _name, _function(_name))
abs = globals()["absolute"]
true_divide, mod, bitwise_not = globals()["divide"], globals()["remainder"], globals()["invert"]


def rechunk(x, chunks="auto"):
    return asarray(x).rechunk(chunks)


def reshape(x, shape):
    return asarray(x).reshape(shape)


def transpose(a, axes=None):
    return asarray(a).T if axes is None else asarray(a).transpose(axes)


def einsum(subscripts, *operands, dtype=None, split_every=None):
    return _call("einsum", operands, {"subscripts": subscripts, "split_every": split_every})


def histogram(a, bins=None, range=None):
    if not isinstance(bins, int) or range is None:
        raise ValueError("dask.array.histogram in the page needs a number of bins and a range")
    low, high = range
    counts = _call("histogram", [a], {"bins": bins, "range": [float(low), float(high)]})
    return counts, numpy.linspace(low, high, bins + 1)


def unique(ar, return_counts=False):
    if not return_counts:
        return _call("unique", [ar])
    return _call("unique_counts.values", [ar]), _call("unique_counts.counts", [ar])


def compute(*args, **kwargs):
    return base.compute(*args, **kwargs)


def _name_of(func):
    return getattr(func, "__name__", type(func).__name__)


def _of_blocks(func, arrays, others, kwargs, dtype):
    """A function of blocks for the module, and the name of its type.

    As Dask does, a call with arrays of one element tells the type.
    """

    def of_blocks(*blocks):
        made = func(*map(numpy._array, blocks), *others, **kwargs)
        return numpy.asarray(made).astype(dtype)._block

    if dtype is None:
        try:
            tried = func(*(numpy.ones((1,) * array.ndim, array.dtype) for array in arrays), *others, **kwargs)
        except Exception as error:
            raise ValueError(
                f"`dtype` inference failed in `map_blocks`. Please specify the dtype explicitly. Original error: {error!r}"
            ) from error
        dtype = numpy.asarray(tried).dtype
    dtype = numpy.dtype(dtype).name
    return of_blocks, dtype


def _only(what, unknown):
    for keyword, value in unknown.items():
        if value is not None:
            raise NotImplementedError(f"{what}: dask.array in the page has no {keyword}=")


def map_blocks(func, *args, name=None, dtype=None, chunks=None, drop_axis=None, new_axis=None, meta=None, **kwargs):
    _only("map_blocks", {"chunks": chunks, "drop_axis": drop_axis, "new_axis": new_axis})
    count = next((place for place, arg in enumerate(args) if not isinstance(arg, (Array, numpy.ndarray))), len(args))
    arrays, others = [asarray(arg) for arg in args[:count]], args[count:]
    if builtins.any(isinstance(other, Array) for other in others):
        raise NotImplementedError("map_blocks: dask.array in the page takes arrays before other arguments")
    of_blocks, dtype = _of_blocks(func, arrays, others, kwargs, dtype)
    collections = [array._collection for array in arrays]
    return _array(_dagdeck.map_blocks(name or _name_of(func), of_blocks, collections, dtype))


def map_overlap(func, *args, depth=None, boundary=None, trim=True, dtype=None, meta=None, **kwargs):
    _only("map_overlap", {"trim=False": None if trim else False})
    if len(args) != 1:
        raise NotImplementedError("map_overlap: dask.array in the page takes one array")
    array = asarray(args[0])
    of_blocks, dtype = _of_blocks(func, [array], (), kwargs, dtype)
    if isinstance(depth, dict):
        depth = [depth.get(axis, 0) for axis in range(array.ndim)]
    depth = list(depth) if isinstance(depth, (tuple, list)) else [depth or 0]
    boundary = "none" if boundary is None else boundary
    name = _name_of(func)
    return _array(_dagdeck.map_overlap(name, of_blocks, array._collection, depth, boundary, dtype))


def __getattr__(name):
    if name in ("linalg", "random"):
        import importlib

        return importlib.import_module(f"dask.array.{name}")
    raise AttributeError(f"dask.array.{name}: dask.array in the page does not have it")
