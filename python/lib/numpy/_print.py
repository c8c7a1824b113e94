"""Arrays as text, as NumPy prints them.

The rules are those of numpy/_core/arrayprint.py: one format for all elements that are shown, from their digits.
"""

import contextlib
import math
import struct

DEFAULTS = {
    "precision": 8,
    "threshold": 1000,
    "edgeitems": 3,
    "linewidth": 75,
    "suppress": False,
    "nanstr": "nan",
    "infstr": "inf",
    "floatmode": "maxprec",
    "sign": "-",
}

options = dict(DEFAULTS)

# Types that the elements tell.
IMPLIED = ("bool", "int64", "float64")


def set_printoptions(**changes):
    for name, value in changes.items():
        if name not in DEFAULTS:
            raise TypeError(f"set_printoptions() got an unexpected keyword argument {name!r}")
        if value is not None:
            options[name] = value


def get_printoptions():
    return dict(options)


@contextlib.contextmanager
def printoptions(**changes):
    before = dict(options)
    try:
        set_printoptions(**changes)
        yield get_printoptions()
    finally:
        options.update(before)


def rounded(x):
    """The nearest number of the type `float32`."""
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def shortest(x, dtype):
    """The fewest digits that tell a finite number from its neighbours: `(digits, place of the point)`."""
    x = abs(x)
    if dtype == "float32":
        for precision in range(9):
            text = f"{x:.{precision}e}"
            if rounded(float(text)) == x:
                break
    else:
        text = repr(x)
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return (digits, point) if digits else ("0", 1)


def _sign(x):
    return "-" if math.copysign(1.0, x) < 0 else ""


def positional(x, dtype, precision=None, least=0, keep=False):
    """`(whole, fraction)`, with at most `precision` and at least `least` digits of the fraction."""
    digits, point = shortest(x, dtype)
    whole = digits[: max(point, 0)].ljust(max(point, 1), "0") if point > 0 else "0"
    fraction = ("0" * -point if point < 0 else "") + digits[max(point, 0) :]
    wanted = len(fraction)
    if digits == "0":
        whole, fraction, wanted = "0", "", 0
    if precision is not None and wanted > precision:
        wanted = precision
    wanted = max(wanted, least)
    if wanted != len(fraction):
        whole, _, fraction = f"{abs(x):.{wanted}f}".partition(".")
    if not keep:
        fraction = fraction.rstrip("0")
    return _sign(x) + whole, fraction


def scientific(x, dtype, precision=None, least=0, keep=False):
    """`(whole, fraction, exponent)`, the exponent with its sign and at least two digits."""
    digits, point = shortest(x, dtype)
    wanted = len(digits) - 1
    if precision is not None:
        wanted = min(wanted, precision)
    wanted = max(wanted, least)
    if wanted == len(digits) - 1:
        exponent = 0 if digits == "0" else point - 1
        whole, fraction, exponent = digits[0], digits[1:], f"{exponent:+03d}"
    else:
        mantissa, _, exponent = f"{abs(x):.{wanted}e}".partition("e")
        whole, _, fraction = mantissa.partition(".")
    if not keep:
        fraction = fraction.rstrip("0")
    return _sign(x) + whole, fraction, exponent


class FloatFormat:
    """The format for all of some numbers."""

    def __init__(self, numbers, dtype, precision, floatmode, suppress, sign):
        self.dtype, self.sign = dtype, sign
        precision = None if floatmode == "unique" else precision
        fixed = floatmode == "fixed"
        finite = [x for x in numbers if math.isfinite(x)]
        sizes = [abs(x) for x in finite if x != 0]
        self.has_exponent = False
        if sizes:
            most, least = max(sizes), min(sizes)
            narrow = rounded if dtype == "float32" else float
            limit = 1e6 if dtype == "float32" else 1e8
            small = least < narrow(0.0001) or narrow(most / least) > 1000.0
            self.has_exponent = most >= limit or (not suppress and small)
        self.precision, self.keep, self.least = precision, False, 0
        if not finite:
            self.left = self.right = 0
        elif self.has_exponent:
            given = precision if fixed else 0
            parts = [scientific(x, dtype, precision, given, fixed) for x in finite]
            self.precision = self.least = max(len(fraction) for _, fraction, _ in parts)
            self.keep = True
            self.left = max(len(self.signed(whole)) for whole, _, _ in parts)
            self.exponent = max(len(exponent) for _, _, exponent in parts)
            self.right = self.exponent + 1 + self.precision
        else:
            given = precision if fixed else 0
            parts = [positional(x, dtype, precision, given, fixed) for x in finite]
            self.left = max(len(self.signed(whole)) for whole, _ in parts)
            self.right = max(len(fraction) for _, fraction in parts)
            if floatmode in ("fixed", "maxprec_equal"):
                self.precision = self.least = self.right
                self.keep = True
        if sign == " " and not any(math.copysign(1.0, x) < 0 for x in finite):
            self.left += 1
        if len(finite) < len(numbers):
            offset = self.right + 1
            signed = sign != "-" or any(x == -math.inf for x in numbers)
            self.left = max(
                self.left, len(options["nanstr"]) - offset, len(options["infstr"]) + signed - offset
            )

    def signed(self, whole):
        return f"+{whole}" if self.sign == "+" and not whole.startswith("-") else whole

    def __call__(self, x):
        if not math.isfinite(x):
            plus = "+" if self.sign == "+" else ""
            text = plus + options["nanstr"] if x != x else ("-" if x < 0 else plus) + options["infstr"]
            return text.rjust(self.left + self.right + 1)
        if self.has_exponent:
            whole, fraction, exponent = scientific(x, self.dtype, self.precision, self.least, self.keep)
            digits = exponent[1:].rjust(self.exponent - 1, "0")
            return f"{self.signed(whole).rjust(self.left)}.{fraction}e{exponent[0]}{digits}"
        whole, fraction = positional(x, self.dtype, self.precision, self.least, self.keep)
        return f"{self.signed(whole).rjust(self.left)}.{fraction.ljust(self.right)}"


def _format(elements, shape, dtype, given):
    if dtype == "bool":
        true = " True" if shape else "True"
        return lambda x: true if x else "False"
    if dtype.startswith("float"):
        return FloatFormat(
            elements, dtype, given["precision"], given["floatmode"], given["suppress"], given["sign"]
        )
    width = max((len(str(x)) for x in elements), default=0)
    return lambda x: str(x).rjust(width)


def array2string(elements, shape, cut, dtype, separator=" ", prefix="", suffix="", **changes):
    """The text of an array.

    `elements` are in C order. `cut` says for each axis whether elements are missing in its middle.
    """
    given = {**options, **{name: value for name, value in changes.items() if value is not None}}
    if 0 in shape:
        return "[]"
    word = _format(elements, shape, dtype, given)
    words = iter([word(x) for x in elements])
    return _nested(words, shape, cut, separator, " " * (len(prefix) + 1), given["linewidth"] - len(suffix))


def _nested(words, shape, cut, separator, indent, width):
    if not shape:
        return next(words)
    length, middle = shape[0], shape[0] // 2
    inner = indent + " "
    if len(shape) > 1:
        between = separator.rstrip() + "\n" * (len(shape) - 1)
        parts = [_nested(words, shape[1:], cut[1:], separator, inner, width - 1) for _ in range(length)]
        if cut[0]:
            parts.insert(middle, "...")
        text = between.join(indent + part for part in parts)
    else:
        width -= max(len(separator.rstrip()), 1)
        parts = [next(words) for _ in range(length)]
        if cut[0]:
            parts.insert(middle, "...")
        text, line = "", indent
        for place, part in enumerate(parts):
            if len(line) + len(part) > width and len(line) > len(indent):
                text += line.rstrip() + "\n"
                line = indent
            line += part if place == len(parts) - 1 else part + separator
        text += line
    return "[" + text[len(indent) :] + "]"


def array_repr(elements, shape, cut, dtype, whole_shape):
    """The text of `repr`."""
    text = array2string(elements, shape, cut, dtype, ", ", "array(", ")")
    size = math.prod(whole_shape)
    extras = []
    if (size == 0 and whole_shape != (0,)) or size > options["threshold"]:
        extras.append(f"shape={whole_shape}")
    if dtype not in IMPLIED or size == 0:
        extras.append(f"dtype={dtype}")
    if not extras:
        return f"array({text})"
    text, extra = f"array({text},", ", ".join(extras) + ")"
    last = len(text) - (text.rfind("\n") + 1)
    return text + ("\n      " if last + len(extra) + 1 > options["linewidth"] else " ") + extra


def scalar_text(x, dtype):
    """The text of `str` for one number."""
    if dtype != "float32" or not math.isfinite(x):
        return repr(x)
    digits, point = shortest(x, dtype)
    if 1e-4 <= abs(x) < 1e6 or x == 0:
        whole, fraction = positional(x, dtype)
        return f"{whole}.{fraction or '0'}"
    whole, fraction, exponent = scientific(x, dtype)
    return whole + (f".{fraction}" if fraction else "") + f"e{exponent}"
