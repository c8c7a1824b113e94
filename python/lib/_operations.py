"""How the arguments of a call are bound to an operation of dagdeck.

The module lists its operations (src/collections/expression/operations.rs). `numpy` and `dask.array` make their functions and
methods from that list.
"""

import operator

import _dagdeck

# Keywords that may follow the operands by their place, where the list has them as keywords only.
_PLACED = ("axis", "axes", "dtype")

# Functions of each element are no methods of arrays in Python, but these are.
METHODS = frozenset(
    "all any argmax argmin astype clip cumsum dot max mean min prod ravel rechunk reshape std sum topk transpose var".split()
)


class AxisError(ValueError, IndexError):
    __module__ = "numpy.exceptions"


class UFuncTypeError(TypeError):
    __module__ = "numpy._core._exceptions"


def ask(function, *args):
    """Calls a function of the module, with NumPy's class for errors of axes."""
    try:
        return function(*args)
    except IndexError as error:
        if "is out of bounds for array of dimension" in str(error):
            raise AxisError(str(error)) from None
        raise


class Signature:
    """The parameters of an operation."""

    __slots__ = ("name", "operands", "many", "placed", "keywords")

    def __init__(self, name, is_method, operands, positional, named):
        self.name = name
        self.operands = operands
        self.many = bool(operands) and operands[0].startswith("...")
        also = tuple(word for word in _PLACED if word in named) if {"axis", "axes"} & set(named) else ()
        self.placed = positional + also
        self.keywords = frozenset(positional + named)

    def bind(self, args, kwargs):
        """`(operands, keywords)` of a call."""
        name, operands = self.name, list(args)
        if self.many:
            # One sequence of arrays.
            if operands and isinstance(operands[0], (list, tuple)):
                operands, rest = list(operands[0]), operands[1:]
            else:
                operands, rest = operands[:1], operands[1:]
        else:
            count = len(self.operands)
            operands, rest = operands[:count], operands[count:]
            for parameter in self.operands[len(operands) :]:
                if parameter not in kwargs:
                    raise TypeError(f"{name}() missing 1 required positional argument: {parameter!r}")
                operands.append(kwargs.pop(parameter))
        if len(rest) > len(self.placed):
            most = len(self.operands) + len(self.placed)
            raise TypeError(f"{name}() takes from 1 to {most} positional arguments but {len(args)} were given")
        keywords = dict(zip(self.placed, rest))
        for keyword, value in kwargs.items():
            if keyword == "out" and value is None:
                continue
            if keyword not in self.keywords:
                raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}")
            if keyword in keywords:
                raise TypeError(f"{name}() got multiple values for argument {keyword!r}")
            keywords[keyword] = value
        return operands, {keyword: plain(value) for keyword, value in keywords.items()}


SIGNATURES = {parts[0]: Signature(*parts) for parts in _dagdeck.operations()}

# Functions of each element: those without keywords that come first in the list, up to `where`.
UFUNCS = {}
for _name, _signature in SIGNATURES.items():
    UFUNCS[_name] = len(_signature.operands)
    if _name == "where":
        break


def plain(value):
    """A keyword without classes of `numpy`: types become their names, and its numbers become Python's."""
    if hasattr(value, "ndim") and not isinstance(value, type):
        return value if value.ndim or not hasattr(value, "item") else value.item()
    if isinstance(value, type) or hasattr(value, "_dtype_name"):
        name = dtype_name(value)
        return value if name is None else name
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


DTYPES = ("bool", "uint8", "int32", "int64", "float32", "float64")
_BY_NAME = {name: name for name in DTYPES} | {
    "?": "bool", "b1": "bool", "bool_": "bool", "u1": "uint8", "i4": "int32", "i8": "int64", "int": "int64", "i": "int32",
    "f4": "float32", "f8": "float64", "float": "float64", "f": "float32", "d": "float64", "l": "int64", "B": "uint8",
}
_BY_TYPE = {bool: "bool", int: "int64", float: "float64"}


def dtype_name(value):
    """The name of the type that `dtype=value` asks for, or None if it asks for none of those that exist here."""
    if isinstance(value, str):
        return _BY_NAME.get(value.lstrip("<=|"))
    name = _BY_TYPE.get(value) if isinstance(value, type) else None
    if name is None:
        name = getattr(value, "_dtype_name", None)
    return name


def index_of(index):
    """An index as an operation takes it: `(masks, items)`. Masks are objects with a `dtype` of bool."""
    masks, items = [], []
    for item in index if isinstance(index, tuple) else (index,):
        if item is None:
            items.append(None)
        elif item is Ellipsis:
            items.append("...")
        elif isinstance(item, slice):
            parts = {"start": item.start, "stop": item.stop, "step": item.step}
            items.append({name: None if part is None else operator.index(part) for name, part in parts.items()})
        elif getattr(item, "_dtype_name", None) == "bool" and hasattr(item, "ndim"):
            masks.append(item)
            items.append({"mask": len(masks)})
        elif isinstance(item, (list, tuple)) or getattr(item, "ndim", 0):
            if isinstance(item, list) and item and all(isinstance(place, bool) for place in item):
                item = [place for place, chosen in enumerate(item) if chosen]
            items.append({"indices": [_place(place) for place in item]})
        else:
            items.append(_place(item))
    return masks, items


def _place(place):
    try:
        return operator.index(place)
    except TypeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid "
            "indices"
        ) from None
