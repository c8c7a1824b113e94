"""The part of NumPy that dagdeck's kernels have.

Arrays hold the types bool, uint8, int32, int64, float32 and float64. Slices are copies, not views, and there are no warnings.
What is missing raises AttributeError.
"""

import builtins
import contextlib
import itertools
import math
import operator

import _dagdeck
from _dagdeck import Block
from _operations import DTYPES, METHODS, SIGNATURES, UFUNCS, AxisError, UFuncTypeError, ask, dtype_name, index_of

from . import _print
from ._print import get_printoptions, printoptions, set_printoptions

__version__ = "2.4"

pi, e, inf, nan = math.pi, math.e, math.inf, math.nan
newaxis = None

_BYTES = {"bool": 1, "uint8": 1, "int32": 4, "int64": 8, "float32": 4, "float64": 8}
_KINDS = {"bool": "b", "uint8": "u", "int32": "i", "int64": "i", "float32": "f", "float64": "f"}


def evaluate(name, operands, keywords):
    """The block that an operation makes."""
    try:
        return ask(_dagdeck.evaluate, name, operands, keywords)
    except AxisError as error:
        # As NumPy writes it, and not as Dask does.
        raise AxisError(str(error).replace("Axis", "axis", 1)) from None


class dtype:
    """The type of the elements of an array."""

    __slots__ = ("name",)

    def __init__(self, kind):
        name = dtype_name(kind)
        if name is None:
            raise TypeError(f"data type {kind!r} not understood: use one of {', '.join(DTYPES)}")
        self.name = name

    @property
    def _dtype_name(self):
        return self.name

    @property
    def itemsize(self):
        return _BYTES[self.name]

    @property
    def kind(self):
        return _KINDS[self.name]

    @property
    def type(self):
        return _SCALARS[self.name]

    def __eq__(self, other):
        return dtype_name(other) == self.name

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return f"dtype({self.name!r})"

    def __str__(self):
        return self.name


class _Operators:
    """Python's operators, as functions of each element."""

    __slots__ = ()

    def __abs__(self):
        return absolute(self)

    def __neg__(self):
        return negative(self)

    def __pos__(self):
        return positive(self)

    def __invert__(self):
        return invert(self)

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __divmod__(self, other):
        return floor_divide(self, other), remainder(self, other)


_BINARY = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "power", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "left_shift",
    "rshift": "right_shift",
}
_COMPARE = {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
}


def _add_operators():
    def forward(name):
        def method(self, other):
            return _apply(name, [self, other]) if _is_operand(other) else NotImplemented

        return method

    def backward(name):
        def method(self, other):
            return _apply(name, [other, self]) if _is_operand(other) else NotImplemented

        return method

    for word, name in _BINARY.items():
        setattr(_Operators, f"__{word}__", forward(name))
        setattr(_Operators, f"__r{word}__", backward(name))
    for word, name in _COMPARE.items():
        setattr(_Operators, f"__{word}__", forward(name))


_add_operators()


class ndarray(_Operators):
    """An array, in memory."""

    __slots__ = ("_block",)
    __hash__ = None

    def __new__(cls, *args, **kwargs):
        raise TypeError("use numpy.array, numpy.zeros or numpy.empty to make an array")

    @property
    def _dtype_name(self):
        return self._block.dtype

    dtype = property(lambda self: dtype(self._block.dtype))
    shape = property(lambda self: self._block.shape)
    ndim = property(lambda self: len(self._block.shape))
    size = property(lambda self: math.prod(self._block.shape))
    itemsize = property(lambda self: _BYTES[self._block.dtype])
    nbytes = property(lambda self: self.size * self.itemsize)
    T = property(lambda self: _array(evaluate("transpose", [self._block], {})))
    flat = property(lambda self: iter(self.ravel()))

    def __repr__(self):
        return _print.array_repr(*_shown(self), self.shape)

    def __str__(self):
        if not self.shape:
            return _print.scalar_text(self.item(), self._dtype_name)
        return _print.array2string(*_shown(self))

    def __format__(self, spec):
        if self.shape and spec:
            raise TypeError("unsupported format string passed to numpy.ndarray.__format__")
        return format(self.item(), spec) if spec else str(self)

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d array")
        if self.ndim == 1:
            return map(_SCALARS[self._dtype_name], self._block.elements())
        return (self[place] for place in range(self.shape[0]))

    def __contains__(self, value):
        return bool((self == value).any())

    def __getitem__(self, index):
        masks, items = index_of(index)
        if len(items) == 1 and isinstance(items[0], dict) and getattr(index, "ndim", 1) > 1 and not masks:
            return self[index.ravel()].reshape(index.shape + self.shape[1:])
        try:
            block = evaluate("slice", [self._block, *(mask._block for mask in masks)], {"index": items})
        except IndexError as error:
            text = str(error).replace("Index", "index", 1)
            if "oo many indices" in text:
                count = builtins.sum(item is not None and item != "..." for item in items)
                text = f"too many indices for array: array is {self.ndim}-dimensional, but {count} were indexed"
            raise IndexError(text) from None
        # Only an index of numbers gives an element.
        return _result(block) if builtins.all(isinstance(item, int) for item in items) else _array(block)

    def __setitem__(self, index, value):
        places = arange(self.size).reshape(self.shape)[index]
        if not isinstance(places, ndarray):
            places = asarray(places)
        values = asarray(value).astype(self._dtype_name)
        if values.size != 1:
            values = broadcast_to(values, places.shape).ravel()
        if places.size:
            self._block = self._block.put(places.ravel()._block, values._block)

    def __bool__(self):
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
                if self.size
                else "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not "
                "empty."
            )
        return bool(self.item())

    def _number(self):
        if self.shape:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return self.item()

    def __float__(self):
        return float(self._number())

    def __int__(self):
        return int(self._number())

    def __index__(self):
        if self.shape or self.dtype.kind not in "iu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self.item()

    def __copy__(self):
        return _array(self._block)

    def __deepcopy__(self, memo):
        return _array(self._block)

    def copy(self):
        return _array(self._block)

    def item(self, *index):
        return self[index].item() if index else self._block.item()

    def tolist(self):
        return _nested(iter(self._block.elements()), self.shape)

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return _array(evaluate("transpose", [self._block], {"axes": list(axes)} if axes else {}))

    def reshape(self, *shape, order="C"):
        shape = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        shape = [operator.index(length) for length in shape]
        unknown = shape.count(-1)
        known = math.prod(length for length in shape if length != -1)
        if unknown > 1:
            raise ValueError("can only specify one unknown dimension")
        if unknown and (known == 0 or self.size % known) or not unknown and known != self.size:
            text = f"({shape[0]},)" if len(shape) == 1 else f"({','.join(map(str, shape))})"
            raise ValueError(f"cannot reshape array of size {self.size} into shape {text}")
        return _array(evaluate("reshape", [self._block], {"shape": shape}))

    def flatten(self):
        return self.ravel()

    def squeeze(self, axis=None):
        axes = range(self.ndim) if axis is None else [axis % self.ndim]
        return self.reshape([length for i, length in enumerate(self.shape) if i not in axes or length != 1])

    def swapaxes(self, a, b):
        axes = list(range(self.ndim))
        axes[a], axes[b] = axes[b], axes[a]
        return self.transpose(axes)

    def round(self, decimals=0):
        return round(self, decimals)

    def fill(self, value):
        self._block = full(self.shape, value, self._dtype_name)._block

    def sort(self, axis=-1):
        self._block = sort(self, axis)._block

    def __getattr__(self, name):
        raise AttributeError(f"{name!r}: numpy.ndarray has no such method in the page")


def _in_place(name):
    def method(self, other):
        if not _is_operand(other):
            return NotImplemented
        made = asarray(_apply(name, [self, other]))
        if _KINDS[made._dtype_name] == "f" and self.dtype.kind != "f" or self._dtype_name == "bool" != made._dtype_name:
            raise UFuncTypeError(
                f"Cannot cast ufunc {name!r} output from {made.dtype!r} to {self.dtype!r} with casting rule 'same_kind'"
            )
        if made.shape != self.shape:
            raise ValueError(
                f"non-broadcastable output operand with shape {_shape_text(self.shape)} doesn't match the broadcast shape "
                f"{_shape_text(made.shape)}"
            )
        self._block = made.astype(self._dtype_name)._block
        return self

    return method


for _word, _name in _BINARY.items():
    setattr(ndarray, f"__i{_word}__", _in_place(_name))


def _shape_text(shape):
    return f"({','.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


class generic(_Operators):
    """A number with a type, as an array has it."""

    __slots__ = ()
    shape = ()
    ndim = 0
    size = 1

    dtype = property(lambda self: dtype(self._dtype_name))
    itemsize = nbytes = property(lambda self: _BYTES[self._dtype_name])
    T = property(lambda self: self)

    @property
    def _block(self):
        return Block((), self._dtype_name, [self.item()])

    def __repr__(self):
        return f"np.{type(self).__name__}({self})"

    def __str__(self):
        return _print.scalar_text(self.item(), self._dtype_name)

    def __getitem__(self, index):
        if index == ():
            return self
        raise IndexError("invalid index to scalar variable.")

    def __getattr__(self, name):
        if name in METHODS or name in ("round", "tolist", "squeeze", "flatten", "copy"):
            return getattr(_array(self._block), name)
        raise AttributeError(f"{name!r}: numpy.{type(self).__name__} has no such method in the page")

    def __reduce__(self):
        return type(self), (self.item(),)


class number(generic):
    __slots__ = ()


class integer(number):
    __slots__ = ()

    def __new__(cls, value=0):
        return int.__new__(cls, Block((), cls._dtype_name, [int(value)]).item())

    def item(self):
        return int.__int__(self)

    def __hash__(self):
        return int.__hash__(self)

    def __round__(self, digits=None):
        return self.item()


class floating(number):
    __slots__ = ()

    def __new__(cls, value=0.0):
        value = float(value)
        return float.__new__(cls, value if cls is float64 else _print.rounded(value))

    def item(self):
        return float.__float__(self)

    def __hash__(self):
        return float.__hash__(self)

    def __round__(self, digits=None):
        value = self.item().__round__(digits)
        return value if digits is None else type(self)(value)


class int32(integer, int):
    _dtype_name = "int32"


class int64(integer, int):
    _dtype_name = "int64"


class uint8(integer, int):
    _dtype_name = "uint8"


class float32(floating, float):
    _dtype_name = "float32"


class float64(floating, float):
    _dtype_name = "float64"


class bool_(generic):
    __slots__ = ("_value",)
    _dtype_name = "bool"

    def __new__(cls, value=False):
        self = object.__new__(cls)
        self._value = True if value else False
        return self

    def item(self):
        return self._value

    def __bool__(self):
        return self._value

    def __index__(self):
        raise TypeError("'numpy.bool' object cannot be interpreted as an integer")

    def __int__(self):
        return int(self._value)

    def __float__(self):
        return float(self._value)

    def __hash__(self):
        return hash(self._value)

    def __repr__(self):
        return f"np.{self._value}_"


bool_.__name__ = "bool"

_SCALARS = {"bool": bool_, "uint8": uint8, "int32": int32, "int64": int64, "float32": float32, "float64": float64}
double, single, intc, int_ = float64, float32, int32, int64


def _fast(word):
    """Arithmetic of two `float64` that cannot differ from Python's."""
    slow, quick = getattr(_Operators, word), getattr(float, word)

    def method(self, other):
        if type(other) in (float64, float, int):
            return float.__new__(float64, quick(self, other))
        return slow(self, other)

    return method


for _word in ("add", "radd", "sub", "rsub", "mul", "rmul"):
    setattr(float64, f"__{_word}__", _fast(f"__{_word}__"))


def _array(block):
    array = object.__new__(ndarray)
    array._block = block
    return array


def _result(block):
    """A number for an array without axes."""
    return _array(block) if block.shape else _SCALARS[block.dtype](block.item())


def _is_operand(value):
    return isinstance(value, (ndarray, generic, bool, int, float, list, tuple))


def _operand(value):
    """A value as operations take it: a block, or a number of Python, whose type gives way to that of arrays."""
    if isinstance(value, (ndarray, generic)):
        return value._block
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return asarray(value)._block
    raise TypeError(f"an array or a number is needed, not {type(value).__name__}")


def _apply(name, operands, keywords={}):
    operands = [_operand(operand) for operand in operands]
    if operands and not builtins.any(isinstance(operand, Block) for operand in operands):
        operands[0] = asarray(operands[0])._block
    try:
        return _result(evaluate(name, operands, keywords))
    except ValueError as error:
        if not str(error).startswith("operands could not be broadcast"):
            raise
        shapes = " ".join(_shape_text(getattr(operand, "shape", ())) for operand in operands)
        raise ValueError(f"operands could not be broadcast together with shapes {shapes} ") from None


def _shown(array):
    """The elements that are printed, their shape, and the axes in whose middle some are left out."""
    edge, cut = _print.options["edgeitems"], [False] * array.ndim
    if array.size > _print.options["threshold"]:
        for axis, length in enumerate(array.shape):
            if length > 2 * edge:
                cut[axis] = True
                whole = (slice(None),) * axis
                array = concatenate([array[whole + (slice(edge),)], array[whole + (slice(-edge, None),)]], axis)
    return array._block.elements(), array.shape, tuple(cut), array._dtype_name


def _nested(elements, shape):
    if not shape:
        return next(elements)
    if len(shape) == 1:
        return list(itertools.islice(elements, shape[0]))
    return [_nested(elements, shape[1:]) for _ in range(shape[0])]


def _is_lazy(value):
    return hasattr(value, "_collection")


def _needed(name):
    import dask.array

    return getattr(dask.array, name)


# Making arrays


def _shape_of(value):
    shape, level = [], value
    while isinstance(level, (list, tuple, ndarray)):
        if isinstance(level, ndarray):
            return (*shape, *level.shape)
        shape.append(len(level))
        if not level:
            break
        level = level[0]
    return tuple(shape)


def _flat(value, shape, depth, whole):
    if isinstance(value, ndarray) and value.shape == shape:
        return list(value.ravel())
    if not shape:
        if isinstance(value, (list, tuple, ndarray)):
            raise _ragged(whole[:depth])
        if isinstance(value, (bool, int, float, generic)):
            return [value]
        if hasattr(value, "__float__"):
            return [float(value)]
        raise TypeError(f"numpy in the page has arrays of numbers only, not of {type(value).__name__}")
    if not isinstance(value, (list, tuple, ndarray)) or len(value) != shape[0]:
        raise _ragged(whole[:depth])
    return [item for part in value for item in _flat(part, shape[1:], depth + 1, whole)]


def _ragged(shape):
    return ValueError(
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
        f"{len(shape)} dimensions. The detected shape was {shape} + inhomogeneous part."
    )


def _kind_of(numbers):
    """The name of the type that holds some numbers."""
    names = {getattr(number, "_dtype_name", None) or dtype_name(type(number)) for number in numbers} or {"float64"}
    if len(names) == 1:
        return names.pop()
    if "float64" in names or {"float32", "int64"} <= names or {"float32", "int32"} <= names:
        return "float64"
    return builtins.max(names, key=DTYPES.index)


def array(object, dtype=None, *, copy=True, ndmin=0):
    if _is_lazy(object):
        object = object.compute()
    if isinstance(object, generic):
        made = _array(object._block)
    elif isinstance(object, ndarray):
        made = _array(object._block)
    else:
        if isinstance(object, (range, map, zip)) or hasattr(object, "__next__"):
            object = list(object)
        shape = _shape_of(object)
        numbers = _flat(object, shape, 0, shape)
        kind = dtype_name(dtype) if dtype is not None else _kind_of(numbers)
        made = _array(Block(shape, kind, [n.item() if isinstance(n, generic) else n for n in numbers]))
    if dtype is not None:
        made = made.astype(dtype)
    return made.reshape((1,) * (ndmin - made.ndim) + made.shape) if made.ndim < ndmin else made


def asarray(a, dtype=None):
    if isinstance(a, ndarray) and (dtype is None or a.dtype == dtype):
        return a
    return array(a, dtype)


def _lengths(shape):
    return [operator.index(length) for length in (shape if isinstance(shape, (list, tuple)) else [shape])]


def _made(name, shape, dtype, **keywords):
    keywords = {"shape": _lengths(shape), "chunks": -1, **keywords}
    if dtype is not None:
        keywords["dtype"] = _checked(dtype)
    return _array(evaluate(name, [], keywords))


def _checked(kind):
    return dtype(kind).name


def zeros(shape, dtype=None):
    return _made("zeros", shape, dtype)


def ones(shape, dtype=None):
    return _made("ones", shape, dtype)


def full(shape, fill_value, dtype=None):
    if isinstance(fill_value, generic):
        dtype, fill_value = dtype or fill_value._dtype_name, fill_value.item()
    return _made("full", shape, dtype, fill_value=fill_value)


empty = zeros


def zeros_like(a, dtype=None):
    return zeros(asarray(a).shape, dtype or asarray(a).dtype)


def ones_like(a, dtype=None):
    return ones(asarray(a).shape, dtype or asarray(a).dtype)


def full_like(a, fill_value, dtype=None):
    return full(asarray(a).shape, fill_value, dtype or asarray(a).dtype)


empty_like = zeros_like


def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        start, stop = 0, start
    numbers = {"start": start, "stop": stop, "step": step}
    keywords = {name: value.item() if isinstance(value, generic) else value for name, value in numbers.items()}
    if dtype is not None:
        keywords["dtype"] = _checked(dtype)
    return _array(evaluate("arange", [], {**keywords, "chunks": -1}))


def linspace(start, stop, num=50, endpoint=True, dtype=None):
    keywords = {"start": start, "stop": stop, "num": operator.index(num), "endpoint": endpoint, "chunks": -1}
    made = _array(evaluate("linspace", [], keywords))
    return made if dtype is None else made.astype(dtype)


def eye(N, M=None, k=0, dtype=float):
    return _array(evaluate("eye", [], {"N": N, "M": N if M is None else M, "k": k, "chunks": -1, "dtype": _checked(dtype)}))


def identity(n, dtype=float):
    return eye(n, dtype=dtype)


def meshgrid(*xi, indexing="xy"):
    arrays = [asarray(x).ravel() for x in xi]
    if indexing == "xy" and len(arrays) > 1:
        arrays[0], arrays[1] = arrays[1], arrays[0]
    shape = tuple(a.size for a in arrays)
    made = []
    for axis, a in enumerate(arrays):
        made.append(broadcast_to(a.reshape([-1 if i == axis else 1 for i in range(len(shape))]), shape))
    if indexing == "xy" and len(made) > 1:
        made[0], made[1] = made[1], made[0]
    return tuple(made)


# Functions of each element


class ufunc:
    """A function of each element."""

    def __init__(self, name):
        self.__name__ = name
        self.nin = UFUNCS[name]

    def __call__(self, *args, dtype=None, out=None, where=True):
        name = self.__name__
        if len(args) != self.nin:
            raise TypeError(
                f"{name}() takes from {self.nin} to {self.nin + 1} positional arguments but {len(args)} were given"
            )
        if out is not None or where is not True:
            raise TypeError(f"{name}: numpy in the page has no out= and no where=")
        if builtins.any(map(_is_lazy, args)):
            return _needed(name)(*args)
        made = _apply(name, args)
        return made if dtype is None else made.astype(dtype)

    def reduce(self, a, axis=0):
        names = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logical_and": "all", "logical_or": "any"}
        if self.__name__ not in names:
            raise AttributeError(f"numpy.{self.__name__}.reduce: numpy in the page does not have it")
        return getattr(asarray(a), names[self.__name__])(axis=axis)

    def outer(self, a, b):
        a, b = asarray(a), asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b)

    def __repr__(self):
        return f"<ufunc {self.__name__!r}>"


for _name in UFUNCS:
    globals()[_name] = ufunc(_name)
abs = absolute
true_divide, mod, conj = divide, remainder, positive
bitwise_not, pow, float_power = invert, power, power


def where(condition, x=None, y=None):
    if x is None:
        return nonzero(condition)
    if builtins.any(map(_is_lazy, (condition, x, y))):
        return _needed("where")(condition, x, y)
    return _apply("where", [asarray(condition), x, y])


def _function(name):
    signature = SIGNATURES[name]

    def function(*args, **kwargs):
        if "a" in kwargs and signature.operands[:1] == ("x",):
            kwargs["x"] = kwargs.pop("a")
        operands, keywords = signature.bind(args, kwargs)
        if builtins.any(map(_is_lazy, operands)):
            return _needed(name)(*args, **kwargs)
        if signature.operands and not signature.many:
            operands[0] = asarray(operands[0])
        named = {key: _operand(value) if isinstance(value, (ndarray, generic)) else value for key, value in keywords.items()}
        if signature.many:
            operands = [asarray(operand) for operand in operands]
        return _apply(name, operands, named)

    function.__name__ = function.__qualname__ = name
    return function


for _name in (
    "sum prod mean std var min max argmin argmax any all nansum nanmean cumsum diff flip percentile ravel dot matmul tensordot "
    "concatenate stack clip"
).split():
    globals()[_name] = _function(_name)
amin, amax, concat = min, max, concatenate


def _method(name):
    function = globals().get(name) or _function(name)

    def method(self, *args, **kwargs):
        return function(self, *args, **kwargs)

    method.__name__ = name
    return method


for _name in METHODS - {"rechunk", "topk", "transpose", "reshape"}:
    setattr(ndarray, _name, _method(_name))


def reshape(a, shape):
    return a.reshape(shape) if _is_lazy(a) else asarray(a).reshape(shape)


def transpose(a, axes=None):
    return a.transpose(axes) if axes is not None else a.T if _is_lazy(a) else asarray(a).T


def einsum(subscripts, *operands):
    if builtins.any(map(_is_lazy, operands)):
        return _needed("einsum")(subscripts, *operands)
    return _apply("einsum", [asarray(operand) for operand in operands], {"subscripts": subscripts})


def histogram(a, bins=10, range=None):
    a = asarray(a)
    low, high = (a.min().item(), a.max().item()) if range is None else range
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    counts = _array(evaluate("histogram", [a._block], {"bins": bins, "range": [float(low), float(high)]}))
    return counts, linspace(low, high, bins + 1)


def unique(ar, return_counts=False):
    block = asarray(ar).ravel()._block
    values = _array(evaluate("unique_counts.values", [block], {}))
    return (values, _array(evaluate("unique_counts.counts", [block], {}))) if return_counts else values


def median(a, axis=None):
    a = asarray(a)
    if axis is not None:
        raise TypeError("median: numpy in the page takes no axis")
    numbers = sorted(a.ravel().tolist())
    middle = len(numbers) // 2
    if not numbers:
        return float64(nan)
    return float64(numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2)


def round(a, decimals=0):
    a = asarray(a)
    if a.dtype.kind != "f":
        return _result(a._block)
    if decimals == 0:
        return rint(a)
    scale = 10.0 ** builtins.abs(decimals)
    return rint(a * scale) / scale if decimals > 0 else rint(a / scale) * scale


around = round


def nonzero(a):
    a = asarray(a)
    places = [index for index, x in enumerate(a._block.elements()) if x]
    found, step = [], a.size
    for length in a.shape:
        step = step // length if length else 1
        found.append(array([place // step % length for place in places], dtype="int64"))
    return tuple(found)


def count_nonzero(a):
    return int64(builtins.sum(1 for x in asarray(a)._block.elements() if x))


def _along_last(a, axis, function, kind=None):
    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), -1
    a = a.swapaxes(axis, a.ndim - 1)
    length, elements = a.shape[-1], a._block.elements()
    made = []
    for start in range(0, len(elements), length or 1):
        made += function(elements[start : start + length])
    return _array(Block(a.shape, kind or a._dtype_name, made)).swapaxes(axis, a.ndim - 1)


def _nan_last(x):
    return x != x, x


def sort(a, axis=-1):
    return _along_last(a, axis, lambda row: sorted(row, key=_nan_last))


def argsort(a, axis=-1):
    def places(row):
        return sorted(range(len(row)), key=lambda place: _nan_last(row[place]))

    return _along_last(a, axis, places, "int64")


def roll(a, shift, axis=None):
    a = asarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    if isinstance(shift, (list, tuple)) or isinstance(axis, (list, tuple)):
        shifts = shift if isinstance(shift, (list, tuple)) else [shift] * len(axis)
        axes = axis if isinstance(axis, (list, tuple)) else [axis] * len(shifts)
        for one, along in zip(shifts, axes):
            a = roll(a, one, along)
        return a
    axis %= a.ndim
    shift %= a.shape[axis] or 1
    if shift == 0:
        return _array(a._block)
    whole = (slice(None),) * axis
    return concatenate([a[whole + (slice(-shift, None),)], a[whole + (slice(-shift),)]], axis)


def expand_dims(a, axis):
    a = asarray(a)
    axis %= a.ndim + 1
    return a.reshape(a.shape[:axis] + (1,) + a.shape[axis:])


def squeeze(a, axis=None):
    return asarray(a).squeeze(axis)


def swapaxes(a, axis1, axis2):
    return asarray(a).swapaxes(axis1, axis2)


def broadcast_to(a, shape):
    a, shape = asarray(a), tuple(_lengths(shape))
    own = (1,) * (len(shape) - a.ndim) + a.shape
    if len(own) > len(shape) or builtins.any(mine not in (1, length) for mine, length in zip(own, shape)):
        raise ValueError(
            f"operands could not be broadcast together with remapped shapes [original->remapped]: {_shape_text(a.shape)} and "
            f"requested shape {_shape_text(shape)}"
        )
    return asarray(_apply("where", [ones(shape, bool), a, a]))


def vstack(tup):
    return concatenate([a if a.ndim > 1 else a.reshape(1, -1) for a in map(asarray, tup)])


def hstack(tup):
    arrays = [a if a.ndim else a.reshape(1) for a in map(asarray, tup)]
    return concatenate(arrays, 0 if arrays[0].ndim == 1 else 1)


def tile(A, reps):
    A, reps = asarray(A), _lengths(reps)
    A = A.reshape((1,) * (len(reps) - A.ndim) + A.shape)
    for axis, count in enumerate([1] * (A.ndim - len(reps)) + reps):
        A = concatenate([A] * count, axis) if count else A[(slice(None),) * axis + (slice(0),)]
    return A


def repeat(a, repeats, axis=None):
    a = asarray(a)
    a, axis = (a.ravel(), 0) if axis is None else (a, axis % a.ndim)
    return a[(slice(None),) * axis + ([place for place in range(a.shape[axis]) for _ in range(repeats)],)]


def outer(a, b):
    return multiply.outer(asarray(a).ravel(), asarray(b).ravel())


def trace(a):
    a = asarray(a)
    return a[arange(a.shape[0]) [: builtins.min(a.shape)].reshape(-1, 1) == arange(a.shape[1])].sum()


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    a, b = asarray(a), asarray(b)
    close = less_equal(absolute(a - b), atol + rtol * absolute(b)) & isfinite(b) | equal(a, b)
    return close | isnan(a) & isnan(b) if equal_nan else close


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return asarray(isclose(a, b, rtol, atol, equal_nan)).all().item()


def array_equal(a1, a2):
    a1, a2 = asarray(a1), asarray(a2)
    return a1.shape == a2.shape and asarray(a1 == a2).all().item()


def cumprod(a):
    return array(list(itertools.accumulate(asarray(a).ravel().tolist(), operator.mul)))


def result_type(*arrays):
    return dtype(_kind_of([a if isinstance(a, (generic, bool, int, float)) else _SCALARS[dtype_name(a) or a._dtype_name]() for a in arrays]))


def shape(a):
    return asarray(a).shape


def ndim(a):
    return asarray(a).ndim


def size(a):
    return asarray(a).size


def isscalar(element):
    return isinstance(element, (generic, bool, int, float, str, bytes))


def array2string(a):
    return str(a)


def array_repr(arr):
    return repr(arr)


def array_str(a):
    return str(a)


@contextlib.contextmanager
def errstate(**kwargs):
    """Nothing here warns."""
    yield


class finfo:
    def __init__(self, kind):
        single = dtype(kind).name == "float32"
        self.eps = 2.0**-23 if single else 2.0**-52
        self.max = float32(3.4028234663852886e38) if single else float64(1.7976931348623157e308)
        self.min = -self.max
        self.tiny = float32(2.0**-126) if single else float64(2.0**-1022)


class iinfo:
    def __init__(self, kind):
        name = dtype(kind).name
        bits = 8 * _BYTES[name]
        self.min = 0 if name == "uint8" else -(2 ** (bits - 1))
        self.max = 2**bits - 1 if name == "uint8" else 2 ** (bits - 1) - 1


class _Exceptions:
    AxisError = AxisError


class _IndexExpression:
    def __getitem__(self, index):
        return index


s_ = _IndexExpression()


def __getattr__(name):
    if name in ("linalg", "random"):
        import importlib

        return importlib.import_module(f"numpy.{name}")
    if name == "bool":
        return bool_
    if name == "exceptions":
        return _Exceptions
    raise AttributeError(f"numpy.{name}: numpy in the page does not have it")
