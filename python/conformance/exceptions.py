#: raise and catch
try: raise ValueError("bad", 2)
except ValueError as error: print(error, error.args, repr(error), type(error).__mro__[1].__name__)
#: the name of a caught exception goes
try: raise KeyError("k")
except KeyError as error: pass
try: error
except NameError as missing: print(missing)
#: handlers are tried in order
for raised in (KeyError("k"), IndexError("i"), ValueError("v")):
    try: raise raised
    except (KeyError, IndexError) as error: print("lookup", type(error).__name__)
    except Exception as error: print("other", error)
#: re-raise
def f():
    try: 1 / 0
    except ZeroDivisionError:
        print("seen")
        raise
try: f()
except ZeroDivisionError as error: print("again", error)
#: raise from
try:
    try: {}["x"]
    except KeyError as cause: raise RuntimeError("no x") from cause
except RuntimeError as error: print(error, repr(error.__cause__), error.__suppress_context__)
#: the context of an exception
try:
    try: 1 / 0
    except ZeroDivisionError: [][0]
except IndexError as error: print(repr(error.__context__), error.__cause__, error.__suppress_context__)
#: from None hides the context
try:
    try: 1 / 0
    except ZeroDivisionError: raise ValueError("v") from None
except ValueError as error: print(error.__suppress_context__, error.__cause__, type(error.__context__).__name__)
#: exceptions of one's own
class TooBig(ValueError):
    def __init__(self, n): super().__init__(f"{n} is too big"); self.n = n
try: raise TooBig(9)
except ValueError as error: print(error, error.n, isinstance(error, TooBig))
#: raising a class
try: raise KeyError
except KeyError as error: print(repr(error))
#: raising what is no exception
try: raise "text"
except TypeError as error: print(error)
#: bare raise with nothing to raise
try: raise
except RuntimeError as error: print(error)
#: the hierarchy
print(issubclass(KeyError, LookupError), issubclass(FileNotFoundError, OSError), IOError is OSError, issubclass(KeyboardInterrupt, Exception), issubclass(ZeroDivisionError, ArithmeticError))
#: system exit is no Exception
try: raise SystemExit(3)
except BaseException as error: print(type(error).__name__, error.code)
#: notes
try:
    error = ValueError("v"); error.add_note("first"); error.add_note("second"); raise error
except ValueError as caught: print(caught.__notes__)
#: exception groups
try: raise ExceptionGroup("several", [ValueError("a"), TypeError("b"), ValueError("c")])
except* ValueError as group: print("values", [str(e) for e in group.exceptions])
except* TypeError as group: print("types", group.exceptions)
#: splitting exception groups
group = ExceptionGroup("g", [ValueError("a"), ExceptionGroup("h", [TypeError("b"), ValueError("c")])])
match, rest = group.split(ValueError)
print(match, "|", rest, "|", group.subgroup(TypeError))
#: nested finally
def f():
    try:
        try: raise ValueError("inner")
        finally: print("first")
    except ValueError as error: print(error)
    finally: print("second")
f()
#: an exception in finally replaces the first
try:
    try: raise ValueError("first")
    finally: raise KeyError("second")
except KeyError as error: print(error, type(error.__context__).__name__)
#: a traceback has its lines
import traceback
def f(): return g()
def g(): return 1 / 0
try: f()
except ZeroDivisionError as error:
    print([frame.name for frame in traceback.extract_tb(error.__traceback__)], [frame.lineno for frame in traceback.extract_tb(error.__traceback__)])
#: format_exception_only
import traceback
for error in (ValueError("v"), KeyError("k"), StopIteration(), AssertionError()):
    print("".join(traceback.format_exception_only(error)), end="")
#: a formatted chain of exceptions
import traceback
try:
    try: 1 / 0
    except ZeroDivisionError as cause: raise ValueError("v") from cause
except ValueError as error:
    text = "".join(traceback.format_exception(error))
    print("direct cause" in text, text.strip().splitlines()[-1], text.count("Traceback"))
#: syntax errors
for text in ("1 +", "def f(:", "x = = 1", "return 1", "for", "f(a=1, 2)", "'abc"):
    try: compile(text, "<text>", "exec")
    except SyntaxError as error: print(type(error).__name__, error.lineno)
#: indentation errors
for text in ("if 1:\nx", "  x\n y", "if 1:\n    a\n  b"):
    try: compile(text, "<text>", "exec")
    except IndentationError as error: print(error.lineno)
#: errors of attributes
try: (1).nothing
except AttributeError as error: print(error, error.name, error.obj)
try: None.x
except AttributeError as error: print(error)
#: errors of names
try: undefined_name
except NameError as error: print(error, error.name)
#: errors of calls
def f(a, b): ...
for args, kwargs in (((1,), {}), ((1, 2, 3), {}), ((1, 2), {"c": 3}), ((1, 2), {"a": 3})):
    try: f(*args, **kwargs)
    except TypeError as error: print(error)
try: 3()
except TypeError as error: print(error)
#: errors of subscripts
for wrong in (lambda: [1][5], lambda: (1,)[5], lambda: "a"[9], lambda: [1]["a"], lambda: 1[0], lambda: {}[[]]):
    try: wrong()
    except (IndexError, TypeError) as error: print(type(error).__name__, str(error)[:25])
#: errors of unpacking
for wrong in ("a, b = 1, 2, 3", "a, b = [1]", "a, *b, c = [1]", "a, b = 1"):
    try: exec(wrong)
    except (ValueError, TypeError) as error: print(type(error).__name__, str(error)[:30])
#: errors of conversion
for wrong in (lambda: int("x"), lambda: float("1,5"), lambda: int("1.5"), lambda: int(None), lambda: complex("z"), lambda: int("2", 2), lambda: chr(-1), lambda: ord("ab")):
    try: wrong()
    except (ValueError, TypeError) as error: print(type(error).__name__)
print(int(1.9), int(-1.9))
#: errors of arithmetic
for wrong in (lambda: 1 / 0, lambda: 1 % 0, lambda: 1 // 0, lambda: 1.0 / 0, lambda: 0**-1, lambda: 10.0**400):
    try: wrong()
    except ArithmeticError as error: print(type(error).__name__)
#: overflow
import math
for wrong in (lambda: math.exp(1000), lambda: float(10**400), lambda: int(float("inf")), lambda: int(float("nan"))):
    try: wrong()
    except (OverflowError, ValueError) as error: print(type(error).__name__, error)
#: recursion ends in an error
def f(): return f()
try: f()
except RecursionError as error: print(type(error).__name__)
print("goes on")
#: an iterator that is used up
it = iter([1])
next(it)
try: next(it)
except StopIteration as stop: print(repr(stop))
print(next(it, None))
#: suppress
from contextlib import suppress
with suppress(KeyError, IndexError): [][1]
with suppress(KeyError): {}["x"]
print("after")
#: contextmanager
from contextlib import contextmanager
@contextmanager
def tag(name):
    print(f"<{name}>")
    try: yield name.upper()
    except ValueError as error: print("caught", error)
    finally: print(f"</{name}>")
with tag("a") as upper: print(upper)
with tag("b"): raise ValueError("v")
#: exit stacks
from contextlib import ExitStack, closing, nullcontext
with ExitStack() as stack:
    for n in range(3): stack.callback(print, "leave", n)
    print("inside")
class Thing:
    def close(self): print("closed")
with closing(Thing()): pass
with nullcontext(5) as n: print(n)
#: warnings
import warnings
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    warnings.warn("careful", DeprecationWarning)
print([(str(w.message), w.category.__name__) for w in seen])
#: warnings as errors
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try: warnings.warn("careful")
    except UserWarning as error: print(repr(error))
#: exceptions compare by identity
print(ValueError("a") == ValueError("a"), ValueError("a").args == ValueError("a").args)
#: OSError knows its number
error = FileNotFoundError(2, "No such file", "name")
print(error.errno, error.strerror, error.filename, error)
