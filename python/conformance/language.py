#: integers have no limit
print(2**200)
print((-7) // 2, (-7) % 2, divmod(-7, 2), divmod(7, -2))
#: powers and modular inverses
print(pow(3, 200, 1_000_007), pow(3, -1, 7), 2**-1, (-8) ** 2)
#: bits of integers
print((255).bit_length(), (255).bit_count(), ~5, 5 & 3, 5 | 3, 5 ^ 3, 1 << 70, -1 >> 3)
#: integers from text
print(int("0x1f", 16), int("-101", 2), int("z", 36), int(" 42\n"), int("1_000"), int("0b11", 0))
#: integers to bytes and back
print((1024).to_bytes(2, "big"), int.from_bytes(b"\x00\x10", "little"), (-2).to_bytes(2, "big", signed=True))
#: true division and rounding
print(7 / 2, round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2))
#: floats print their shortest form
print(0.1 + 0.2, 1e16, 1e15, 123456789.0, 1e-5, 0.0001, 5e-324, 1.7976931348623157e308)
#: special floats
inf, nan = float("inf"), float("nan")
print(inf, -inf, nan, nan == nan, inf > 1e308, inf - inf, -0.0)
#: float methods
print((0.5).hex(), float.fromhex("0x1.8p3"), (2.5).is_integer(), (3.0).is_integer(), (0.75).as_integer_ratio())
#: complex numbers
z = 3 + 4j
print(z, abs(z), z.conjugate(), z * 1j, complex("1-2j"), z == complex(3, 4))
#: booleans are integers
print(True + True, sum([True, False, True]), isinstance(True, int), bool([]), bool("0"))
#: chained comparisons
x = 5
print(1 < x < 10, 1 < x > 3, x == 5 == 5.0, 3 < 2 < 1)
#: and, or and not return operands
print(0 or "a", "" and 1, [] or {} or 3, not [], 1 and 2)
#: a conditional expression
print([("even" if n % 2 == 0 else "odd") for n in range(3)])
#: unpacking
a, *b, c = range(5)
(d, e), f = (1, 2), 3
print(a, b, c, d, e, f)
#: swapping without a third name
a, b = 1, 2
a, b = b, a
print(a, b)
#: unpacking in calls and displays
def f(*args, **kwargs): return args, kwargs
print(f(*[1, 2], *(3,), **{"a": 1}, **{"b": 2}), [*range(3), *"ab"], {**{"x": 1}, "y": 2})
#: the walrus operator
print([y for x in range(6) if (y := x * x) % 2], y)
#: default arguments are made once
def grow(item, into=[]):
    into.append(item)
    return into
print(grow(1), grow(2), grow(3, []))
#: keyword-only and positional-only parameters
def f(a, /, b, *, c=3): return a, b, c
print(f(1, b=2), f(1, 2, c=4))
try: f(a=1, b=2)
except TypeError as error: print(type(error).__name__)
try: f(1, 2, 3)
except TypeError as error: print(type(error).__name__)
#: closures keep the variable, not its value
functions = [lambda: n for n in range(3)]
print([g() for g in functions])
functions = [lambda n=n: n for n in range(3)]
print([g() for g in functions])
#: nonlocal
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
step = counter()
print(step(), step(), step())
#: global
total = 0
def add(n):
    global total
    total += n
add(3); add(4)
print(total)
#: a local name hides a global before it is set
word = "outside"
def f():
    try: print(word)
    except UnboundLocalError as error: print(type(error).__name__)
    word = "inside"
f()
#: generators run when asked
def numbers():
    print("begin")
    yield 1
    print("between")
    yield 2
g = numbers()
print("made")
print(next(g), next(g), next(g, "over"))
#: send and return of a generator
def averager():
    total, count, mean = 0, 0, None
    while True:
        value = yield mean
        if value is None: return total
        total += value; count += 1; mean = total / count
g = averager(); next(g)
print(g.send(10), g.send(20))
try: g.send(None)
except StopIteration as stop: print(stop.value)
#: throw and close
def stubborn():
    try:
        while True:
            try: yield 1
            except ValueError as error: print("caught", error)
    finally: print("closed")
g = stubborn(); next(g)
print(g.throw(ValueError("x")))
g.close()
#: yield from passes values and the result
def inner():
    got = yield "a"
    return got * 2
def outer():
    result = yield from inner()
    yield result
g = outer()
print(next(g), g.send(21))
#: generator expressions are lazy
g = (1 / n for n in (1, 0))
print(next(g))
try: next(g)
except ZeroDivisionError as error: print(error)
print(list(g))
#: StopIteration inside a generator is an error
def broken():
    yield 1
    raise StopIteration
try: list(broken())
except RuntimeError as error: print(error)
#: list comprehensions have a scope of their own
n = "kept"
print([n for n in range(3)], n)
#: nested comprehensions
print([[row * col for col in range(1, 4)] for row in range(1, 4)], [x for row in [[1, 2], [3]] for x in row])
#: set and dict comprehensions
print(sorted({n % 3 for n in range(10)}), {word: len(word) for word in ("a", "bcd")})
#: slices
s = list(range(10))
print(s[2:5], s[:-3], s[::3], s[::-1], s[8:2:-2], s[20:], s[-3:])
#: slice assignment and deletion
s = list(range(6))
s[1:3] = ["a", "b", "c"]; print(s)
s[::2] = [0] * len(s[::2]); print(s)
del s[1::2]; print(s)
#: lists
s = [3, 1, 2]
s.append(4); s.extend("ab"); s.insert(1, "new"); s.remove(2)
print(s, s.pop(), s.pop(0), s.index(4), s.count(1))
#: sorting is stable
words = ["pear", "fig", "plum", "kiwi", "date"]
print(sorted(words, key=len), sorted(words, reverse=True), sorted(words, key=lambda w: (-len(w), w)))
#: lists of what cannot be ordered
try: sorted([1, "a"])
except TypeError as error: print(error)
#: comparison of sequences
print([1, 2] < [1, 3], (1,) < (1, 0), "a" < "b", [1, 2] == [1.0, 2.0], (1, 2) == [1, 2])
#: tuples
t = 1, 2, 3
print(t + (4,), t * 2, t[1], len(t), (1,), (), t.index(2))
try: t[0] = 5
except TypeError as error: print(error)
#: dictionaries keep the order of insertion
d = {"b": 1, "a": 2}
d["c"] = 3; d["b"] = 9
print(d, list(d), list(d.items()), d.get("x"), d.get("x", 0), "a" in d)
#: dictionary methods
d = {"a": 1}
print(d.setdefault("a", 5), d.setdefault("b", 5), d.pop("a"), d.pop("z", None), d)
d.update({"c": 1}, e=2)
print(d, d.popitem(), dict.fromkeys("ab", 0), dict([("k", "v")]))
#: union of dictionaries
a, b = {"x": 1, "y": 2}, {"y": 3}
print(a | b, b | a)
a |= b
print(a)
#: views of dictionaries follow changes
d = {"a": 1}
keys = d.keys()
d["b"] = 2
print(keys, keys & {"b", "z"}, d.values(), sorted(d.items() - {("a", 1)}))
#: changing a dictionary while iterating
d = {1: 1, 2: 2}
try:
    for key in d: d[key + 10] = 0
except RuntimeError as error: print(error)
#: missing keys
class Defaults(dict):
    def __missing__(self, key): return f"no {key}"
print(Defaults(a=1)["a"], Defaults()["b"])
try: {}["key"]
except KeyError as error: print(repr(error), error.args)
#: equal keys
print({1: "int", 1.0: "float", True: "bool"})
#: sets
a, b = {1, 2, 3}, {3, 4}
print(sorted(a | b), a & b, sorted(a - b), sorted(a ^ b), a <= {1, 2, 3, 4}, a.isdisjoint({9}))
print(frozenset([1]), set(), {1}, frozenset())
#: methods of strings
print("a,b,,c".split(","), " a  b ".split(), "a-b-c".rsplit("-", 1), "line\nline2\r\n".splitlines())
print("Ab".swapcase(), "hello world".title(), "hello".capitalize(), "ß".upper(), "x".center(5, "*"))
#: searching in strings
print("banana".find("an"), "banana".rfind("an"), "banana".count("an"), "banana".replace("an", "AN", 1), "z" in "abc")
print("file.tar.gz".partition("."), "file.tar.gz".rpartition("."), "abc".startswith(("x", "a")))
#: stripping
print(repr("  x ".strip()), "xxaxx".strip("x"), "prefix-body".removeprefix("prefix-"), "name.py".removesuffix(".py"))
#: kinds of strings
print("42".isdigit(), "4.2".isnumeric(), "abc".isalpha(), "a1".isalnum(), " ".isspace(), "Abc".istitle(), "a_1".isidentifier())
#: joining and repeating
print("-".join(["a", "b"]), "ab" * 3, "".join(reversed("abc")))
try: "-".join(["a", 1])
except TypeError as error: print(error)
#: repr of strings
print(repr("it's"), repr('say "x"'), repr("both ' and \""), repr("tab\t\n\\"), repr("\x00\x7f é 漢"))
#: raw strings and escapes
print(r"\n", "\x41\u0042\N{BULLET}", "a\
b", len("😀"), "😀".encode())
#: translate
print("hello".translate(str.maketrans("el", "ip")), "a-b".translate(str.maketrans("", "", "-")))
#: bytes
b = b"abc"
print(b[0], b[1:], b + b"\xff", bytes([65, 66]), bytes(3), b.hex(), bytes.fromhex("4142"), list(b))
#: bytearrays change
b = bytearray(b"abc")
b[0] = 120; b.append(33); b[1:2] = b"YY"
print(b, bytes(b))
#: encodings
print("é".encode("utf-8"), "é".encode("latin-1"), b"\xc3\xa9".decode(), "é".encode("ascii", "replace"), "é".encode("ascii", "xmlcharrefreplace"))
try: b"\xff".decode()
except UnicodeDecodeError as error: print(error)
#: memoryview shares memory
b = bytearray(4)
v = memoryview(b)
v[1:3] = b"xy"
print(b, v.nbytes, v.readonly, v.tolist())
#: range
r = range(10, 0, -3)
print(list(r), len(r), r[1], 4 in r, 5 in r, r[1:], r == range(10, 1, -3), range(0))
#: enumerate, zip, map, filter, reversed
print(list(enumerate("ab", 1)), list(zip("ab", [1, 2, 3])), list(map(pow, [2, 3], [3, 2])), list(filter(None, [0, 1, "", "a"])), list(reversed([1, 2])))
#: zip strictly
try: list(zip([1, 2], [1], strict=True))
except ValueError as error: print(error)
#: any, all, sum, min, max
print(any([]), all([]), sum([0.1] * 3), sum([[1], [2]], []), min("hello"), max([1, 5, 3], key=lambda n: -n), min([], default="none"))
#: iter with a sentinel
values = iter([1, 2, 3, 0, 4])
print(list(iter(lambda: next(values), 0)))
#: for and while with else
for n in [1, 2]:
    if n > 5: break
else: print("no break")
while True: break
else: print("never printed")
print(n)
#: a loop over a list that changes
s = [1, 2, 3, 4]
for n in s:
    if n % 2: s.remove(n)
print(s)
#: try, except, else, finally
def f(n):
    try: return 10 / n
    except ZeroDivisionError: return "zero"
    else: return "unused"
    finally: print("finally", n)
print(f(5), f(0))
#: finally overrides a return
def f():
    for n in range(2):
        try: continue
        finally: print("step", n)
    try: return "try"
    finally: print("last")
print(f())
#: match on values and sequences
def kind(x):
    match x:
        case 0 | 1: return "small"
        case [a, b]: return f"pair {a} {b}"
        case [first, *rest]: return f"first {first}, then {rest}"
        case {"key": value, **others}: return f"{value} and {others}"
        case str(text) if text: return f"text {text}"
        case int() | float(): return "number"
        case None: return "none"
        case _: return "other"
for x in (0, [1, 2], [1, 2, 3], {"key": 1, "z": 2}, "hi", "", 5.5, None, {1}): print(kind(x))
#: match on classes
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int
def where(p):
    match p:
        case Point(0, 0): return "origin"
        case Point(x=0, y=y): return f"on the axis at {y}"
        case Point(x, y) if x == y: return "diagonal"
        case Point(): return "elsewhere"
print(where(Point(0, 0)), where(Point(0, 3)), where(Point(2, 2)), where(Point(1, 2)))
#: with enters and exits in order
class Resource:
    def __init__(self, name): self.name = name
    def __enter__(self): print("enter", self.name); return self
    def __exit__(self, kind, error, tb): print("exit", self.name, kind and kind.__name__); return kind is KeyError
with Resource("a") as a, Resource("b") as b: print(a.name, b.name)
with Resource("c"): raise KeyError("swallowed")
print("after")
#: classes
class Animal:
    legs = 4
    def __init__(self, name): self.name = name
    def speak(self): return f"{self.name} makes a sound"
class Dog(Animal):
    def speak(self): return super().speak() + ": woof"
d = Dog("Rex")
print(d.speak(), d.legs, isinstance(d, Animal), issubclass(Dog, Animal), type(d).__name__, Dog.__mro__[1].__name__)
#: order of inheritance
class A:
    def who(self): return "A"
class B(A):
    def who(self): return "B" + super().who()
class C(A):
    def who(self): return "C" + super().who()
class D(B, C):
    def who(self): return "D" + super().who()
print(D().who(), [c.__name__ for c in D.__mro__])
#: inheritance that cannot be ordered
class A: pass
class B(A): pass
try: type("C", (A, B), {})
except TypeError as error: print("TypeError")
#: special methods
class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o): return Vector(self.x + o.x, self.y + o.y)
    def __mul__(self, k): return Vector(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __eq__(self, o): return (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __repr__(self): return f"Vector({self.x}, {self.y})"
    def __bool__(self): return bool(self.x or self.y)
    def __neg__(self): return self * -1
print(Vector(1, 2) + Vector(3, 4), 2 * Vector(1, 2), -Vector(1, 0), bool(Vector(0, 0)), Vector(1, 1) in {Vector(1, 1)})
#: containers of one's own
class Deck:
    def __init__(self): self.cards = list(range(5))
    def __len__(self): return len(self.cards)
    def __getitem__(self, i): return self.cards[i]
    def __setitem__(self, i, v): self.cards[i] = v
    def __delitem__(self, i): del self.cards[i]
    def __contains__(self, c): return c in self.cards
deck = Deck()
deck[0] = 9; del deck[1]
print(len(deck), deck[-1], deck[1:3], 9 in deck, list(deck), list(reversed(deck)))
#: unsupported operands
try: 1 + "a"
except TypeError as error: print(error)
try: [] + ()
except TypeError as error: print(error)
try: object() < object()
except TypeError as error: print(error)
#: properties
class Celsius:
    def __init__(self): self._t = 0
    @property
    def t(self): "The temperature."; return self._t
    @t.setter
    def t(self, value):
        if value < -273: raise ValueError("too cold")
        self._t = value
c = Celsius(); c.t = 20
print(c.t, Celsius.t.__doc__)
try: c.t = -300
except ValueError as error: print(error)
#: class methods and static methods
class Counter:
    made = 0
    @classmethod
    def make(cls): cls.made += 1; return cls()
    @staticmethod
    def double(n): return 2 * n
class Sub(Counter): pass
Sub.make(); Counter.make()
print(Counter.made, Sub.made, Counter.double(4), type(Sub.make()).__name__)
#: descriptors
class Positive:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, obj, owner): return self if obj is None else getattr(obj, self.name)
    def __set__(self, obj, value):
        if value <= 0: raise ValueError(f"{self.name[1:]} must be positive")
        setattr(obj, self.name, value)
class Order:
    amount = Positive()
o = Order(); o.amount = 3
print(o.amount)
try: o.amount = 0
except ValueError as error: print(error)
#: __getattr__ and __getattribute__
class Lazy:
    def __getattr__(self, name):
        if name.startswith("no"): raise AttributeError(name)
        return name.upper()
print(Lazy().hello, hasattr(Lazy(), "nope"), getattr(Lazy(), "nothing", "default"))
#: slots
class Small:
    __slots__ = ("a",)
s = Small(); s.a = 1
try: s.b = 2
except AttributeError as error: print(type(error).__name__)
print(s.a, hasattr(s, "__dict__"))
#: callable objects
class Adder:
    def __init__(self, n): self.n = n
    def __call__(self, m): return self.n + m
print(Adder(2)(3), callable(Adder(1)), callable(3), list(map(Adder(1), [1, 2])))
#: decorators
import functools
def twice(f):
    @functools.wraps(f)
    def wrapper(*args): return f(*args), f(*args)
    return wrapper
def times(n):
    def decorate(f): return lambda *a: [f(*a) for _ in range(n)]
    return decorate
@twice
def hello(): "Says hello."; return "hello"
@times(3)
def one(): return 1
print(hello(), hello.__name__, hello.__doc__, one())
#: metaclasses
class Registry(type):
    names = []
    def __new__(meta, name, bases, body):
        meta.names.append(name)
        return super().__new__(meta, name, bases, body)
class Base(metaclass=Registry): pass
class Plugin(Base): pass
print(Registry.names, type(Plugin).__name__)
#: __init_subclass__
class Base:
    def __init_subclass__(cls, /, tag=None, **kwargs): super().__init_subclass__(**kwargs); cls.tag = tag
class Sub(Base, tag="x"): pass
print(Sub.tag)
#: __new__ may return another object
class One:
    _only = None
    def __new__(cls):
        if cls._only is None: cls._only = super().__new__(cls)
        return cls._only
print(One() is One())
#: abstract classes
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
class Square(Shape):
    def area(self): return 4
try: Shape()
except TypeError as error: print(type(error).__name__)
print(Square().area())
#: identity and equality
a = [1]; b = [1]; c = a
print(a == b, a is b, a is c, None is None)
#: functions are objects
def f(a, b=2, *c, d, **e): "doc"
print(f.__name__, f.__defaults__, f.__doc__, f.__code__.co_argcount, f.__kwdefaults__)
f.note = 1
print(f.note, f.__dict__)
#: lambda
print((lambda x, *y, z=3: (x, y, z))(1, 2), sorted([(2, "b"), (1, "a")], key=lambda p: p[1]))
#: recursion
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def ackermann(m, n):
    if m == 0: return n + 1
    return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1)) if n else ackermann(m - 1, 1)
print(fib(15), ackermann(2, 3))
#: eval, exec and compile
names = {}
exec("a = 2\ndef sq(x): return x * x", names)
print(eval("sq(a) + 1", names), eval("[x for x in range(3)]"), eval(compile("1 + 1", "<text>", "eval")))
#: globals and locals
def f():
    a = 1; b = 2
    return sorted(locals())
print(f(), "f" in globals())
#: del
a = [1, 2, 3]
del a[1]
print(a)
del a
try: a
except NameError as error: print(error)
#: attributes by name
class A: pass
a = A()
setattr(a, "x", 1)
print(getattr(a, "x"), hasattr(a, "y"), vars(a))
delattr(a, "x")
print(vars(a), [n for n in dir(a) if not n.startswith("_")])
#: isinstance with several types and unions
print(isinstance(1, (str, int)), isinstance(1, int | str), issubclass(bool, int), isinstance(None, type(None)))
#: type makes classes
C = type("C", (), {"x": 1, "f": lambda self: self.x + 1})
print(C().f(), C.__name__, type(C))
#: names with two underscores are mangled
class A:
    def __init__(self): self.__secret = 1
    def get(self): return self.__secret
print(A().get(), [n for n in vars(A()) ])
#: ellipsis and NotImplemented
print(..., Ellipsis is ..., NotImplemented)
#: hash of equal numbers
print(hash(1) == hash(1.0) == hash(True), hash((1, 2)) == hash((1, 2)))
try: hash([])
except TypeError as error: print(error)
#: print with separators
print(1, 2, 3, sep="-", end="!\n")
print()
print("a", None, True, [1, "x"], {"k": (1,)}, sep="|")
#: assert
try: assert 1 > 2, "one is not more"
except AssertionError as error: print(repr(error))
try: assert False
except AssertionError as error: print(repr(error))
#: annotations do nothing
x: int = "text"
def f(a: int, b: "str" = "x") -> None: ...
print(x, list(f.__annotations__))
#: async functions run by hand
async def inner(): return 20
async def outer(): return await inner() + 1
c = outer()
try: c.send(None)
except StopIteration as stop: print(stop.value)
#: star-imports and modules
import math
from math import pi as p, floor
print(math.__name__, round(p, 3), floor(-1.5), type(math).__name__)
#: an import that fails
try: import no_such_module
except ModuleNotFoundError as error: print(error, error.name)
try: from math import no_such_name
except ImportError as error: print(type(error).__name__)
#: iterators of one's own
class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n + 1
print(list(Countdown(3)), sum(Countdown(4)), 2 in Countdown(3), [*Countdown(2)])
#: augmented assignment of shared lists
a = b = [1]
a += [2]
print(b)
a = a + [3]
print(a, b)
#: multiplied lists share their items
grid = [[0] * 2] * 2
grid[0][0] = 1
print(grid)
#: an error in a tuple changes its list all the same
t = ([],)
try: t[0] += [1]
except TypeError as error: print(error)
print(t)
#: bool of objects with a length
class Empty:
    def __len__(self): return 0
print(bool(Empty()), "yes" if Empty() else "no")
#: index and float conversions
class Two:
    def __index__(self): return 2
    def __float__(self): return 2.5
print([1, 2, 3][Two()], float(Two()), hex(Two()), range(Two()))
#: chr, ord, bin, oct, hex
print(chr(97), ord("漢"), bin(10), oct(8), hex(-255), ascii("é"))
