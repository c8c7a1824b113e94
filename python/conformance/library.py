#: itertools that are infinite
from itertools import count, cycle, repeat, islice
print(list(islice(count(5, 2), 3)), list(islice(cycle("ab"), 5)), list(repeat("x", 2)))
#: itertools that combine
from itertools import chain, zip_longest, product, permutations, combinations, combinations_with_replacement
print(list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(zip_longest("ab", "x", fillvalue="-")))
print(list(product("ab", repeat=2)), list(permutations("abc", 2)), list(combinations("abc", 2)), list(combinations_with_replacement("ab", 2)))
#: itertools that select
from itertools import compress, dropwhile, takewhile, filterfalse, starmap, islice
print(list(compress("abc", [1, 0, 1])), list(dropwhile(lambda n: n < 2, [1, 2, 1])), list(takewhile(lambda n: n < 2, [1, 2, 1])), list(filterfalse(None, [0, 1])), list(starmap(pow, [(2, 3)])), list(islice("abcdef", 1, 5, 2)))
#: accumulate, groupby, pairwise, tee
from itertools import accumulate, groupby, pairwise, tee
a, b = tee([1, 2])
print(list(accumulate([1, 2, 3])), list(accumulate([3, 1, 2], max)), list(accumulate([1, 2], initial=10)), [(k, list(g)) for k, g in groupby("aabbca")], list(pairwise("abc")), list(a), list(b))
#: functools.reduce and partial
from functools import reduce, partial
print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(max, [], "none"), partial(int, base=2)("101"), partial(print, "a", sep="-").args)
#: caches
from functools import lru_cache, cache
@lru_cache(maxsize=2)
def f(n): print("computes", n); return n
f(1); f(1); f(2); f(3); f(1)
print(f.cache_info())
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80))
#: cached properties
from functools import cached_property
class A:
    @cached_property
    def x(self): print("once"); return 5
a = A()
print(a.x, a.x, vars(a))
#: singledispatch
from functools import singledispatch
@singledispatch
def show(x): return "object"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show(1), show([]), show("s"), show(True))
#: total_ordering and cmp_to_key
from functools import total_ordering, cmp_to_key
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(V(1) >= V(1), V(2) > V(1), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
#: counters
from collections import Counter
c = Counter("banana")
print(c, c.most_common(1), c["z"], c + Counter("ab"), c - Counter("aaa"), sorted(c.elements()), c.total())
#: defaultdict
from collections import defaultdict
d = defaultdict(list)
d["a"].append(1); d["b"]
print(d, dict(d), "z" in d)
#: deques
from collections import deque
d = deque([1, 2, 3], maxlen=3)
d.append(4); d.appendleft(0); d.rotate(1)
print(d, d.pop(), d.popleft(), list(d), d.maxlen)
#: named tuples
from collections import namedtuple
P = namedtuple("P", "x y", defaults=[0])
p = P(1)
print(p, p.x, p._replace(y=5), p._asdict(), P._fields, p == (1, 0))
#: ordered dictionaries and chain maps
from collections import OrderedDict, ChainMap
o = OrderedDict(a=1, b=2); o.move_to_end("a")
m = ChainMap({"x": 1}, {"x": 2, "y": 3})
print(list(o), m["x"], m["y"], dict(m), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1))
#: data classes
from dataclasses import dataclass, field, asdict, astuple, replace
@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)
print(P(1), P(1) == P(1, 0), P(1) < P(2), asdict(P(1, 2, ["t"])), astuple(P(1)), replace(P(1), y=9))
#: frozen data classes
from dataclasses import dataclass, FrozenInstanceError
@dataclass(frozen=True)
class P:
    x: int
    def __post_init__(self): print("made", self.x)
p = P(1)
try: p.x = 2
except FrozenInstanceError as error: print(error)
print({p: "hashable"}[P(1)])
#: enums
from enum import Enum, IntEnum, Flag, auto
class Colour(Enum):
    RED = 1
    GREEN = auto()
    ROT = 1
print(Colour.RED, repr(Colour.GREEN), Colour(2), Colour["RED"], Colour.ROT is Colour.RED, list(Colour), Colour.RED.name)
try: Colour(9)
except ValueError as error: print(error)
#: kinds of enums
from enum import IntEnum, Flag, auto
class Size(IntEnum): S = 1; L = 3
class Mode(Flag): R = auto(); W = auto()
print(Size.L > Size.S, Size.L + 1, Mode.R | Mode.W, Mode.R in (Mode.R | Mode.W), (Mode.R & Mode.W), bool(Mode.R & Mode.W))
#: typing at run time
from typing import Optional, Union, NamedTuple, TypedDict, get_type_hints, Any
class P(NamedTuple):
    x: int
    y: str = "d"
class T(TypedDict): a: int
def f(a: int, b: "str") -> None: ...
print(P(1), T(a=1), get_type_hints(f), list[int], dict[str, int] == dict[str, int])
#: heapq
import heapq
h = [5, 1, 4, 2]
heapq.heapify(h); heapq.heappush(h, 0)
print([heapq.heappop(h) for _ in range(5)], heapq.nlargest(2, [1, 9, 5]), heapq.nsmallest(2, "bca"), list(heapq.merge([1, 4], [2, 3])), heapq.heappushpop([1, 2], 0))
#: bisect
import bisect
s = [1, 2, 2, 3]
print(bisect.bisect_left(s, 2), bisect.bisect_right(s, 2), bisect.bisect(s, 9))
bisect.insort(s, 2.5); print(s)
#: operator
import operator
print(operator.itemgetter(1, 0)("ab"), operator.attrgetter("real")(3), operator.methodcaller("upper")("x"), operator.add(1, 2), operator.mul(3, 4))
#: copy
import copy
a = [[1], {"k": [2]}]
b, c = copy.copy(a), copy.deepcopy(a)
a[0].append(9); a[1]["k"].append(9)
print(b, c)
r = [1]; r.append(r); d = copy.deepcopy(r)
print(d[1] is d, d is r)
#: math
import math
print(math.sqrt(2), math.pi, math.e, math.factorial(20), math.gcd(12, 18), math.lcm(4, 6), math.isqrt(17), math.comb(5, 2), math.perm(5, 2))
print(math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), math.fmod(-7, 3), math.hypot(3, 4), math.prod([2, 3]), math.fsum([0.1] * 10), math.isclose(0.1 + 0.2, 0.3), math.log2(8), math.log(8, 2), math.copysign(1, -0.0), math.dist([0, 0], [3, 4]))
#: math errors
import math
for wrong in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.factorial(1.5)):
    try: wrong()
    except (ValueError, TypeError) as error: print(type(error).__name__)
#: random numbers from a seed
import random
random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abc"), random.sample(range(10), 3), random.uniform(0, 1))
s = list(range(5)); random.shuffle(s); print(s)
#: generators of random numbers
import random
r = random.Random(1)
print(r.gauss(0, 1), r.randrange(0, 100, 5), r.choices("ab", [1, 3], k=5), r.getrandbits(64), r.expovariate(2), r.betavariate(1, 2))
#: random numbers from text
import random
print(random.Random("seed").random(), random.Random(b"x").randint(0, 9))
#: statistics
import statistics
d = [2, 4, 4, 5, 7, 9]
print(statistics.mean(d), statistics.median(d), statistics.mode(d), statistics.stdev(d), statistics.pvariance(d), statistics.quantiles(d, n=4), statistics.fmean(d), statistics.harmonic_mean([2, 3]))
try: statistics.mean([])
except statistics.StatisticsError as error: print(error)
#: fractions
from fractions import Fraction
print(Fraction(3, 6), Fraction("0.25") + Fraction(1, 3), Fraction(0.5), float(Fraction(1, 8)), Fraction(7, 2) // 1, repr(Fraction(-1, 2)))
#: decimals
from decimal import Decimal, getcontext, ROUND_HALF_UP
print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / Decimal(7), Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("1E+3"), Decimal(0.1))
#: regular expressions
import re
print(re.findall(r"\d+", "a1 b22"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.split(r"[,;]\s*", "a, b;c"), re.match(r"(?P<y>\d{4})-(?P<m>\d\d)", "2024-05").groupdict())
#: matches
import re
m = re.search(r"(\w)(\d)?", "--a")
print(m, m.group(), m.groups(), m.span(), m.start(1), bool(re.fullmatch("a", "ab")))
print(re.compile("A", re.I).sub(lambda m: m.group().lower() * 2, "xAa"), re.escape("a.b*"), re.findall(r"(?<=\$)\d+", "$5 6"))
#: errors of regular expressions
import re
for pattern in ("(", "[a", "*", "(?P<1a>x)"):
    try: re.compile(pattern)
    except re.error as error: print(error.pos)
#: flags of regular expressions
import re
print(re.findall(r"^\w", "a\nb", re.M), re.findall("a.b", "a\nb", re.S), re.sub(r"""\d  # digit""", "#", "a1", flags=re.X), re.findall(r"\b\w+\b", "one two"))
#: struct
import struct
print(struct.pack("<IhB", 1, -2, 3), struct.unpack(">H", b"\x01\x02"), struct.calcsize("<dI"), struct.unpack("<f", struct.pack("<f", 1.5)))
#: hashes
import hashlib
print(hashlib.md5(b"a").hexdigest(), hashlib.sha256(b"abc").hexdigest())
#: base64
import base64
print(base64.b64encode(b"hello?>"), base64.urlsafe_b64encode(b"hello?>"), base64.b64decode("aGk="), base64.b16encode(b"\xff"))
#: io in memory
import io
f = io.StringIO("a\nb\nc")
print(f.readline(), f.read(), f.seek(0), list(f))
b = io.BytesIO(b"abc"); b.seek(1); print(b.read(1), b.getvalue())
#: print to a file
import io
f = io.StringIO()
print("x", 1, file=f)
print(repr(f.getvalue()))
#: redirect_stdout
import io
from contextlib import redirect_stdout
with redirect_stdout(io.StringIO()) as f: print("hidden")
print(repr(f.getvalue()))
#: pickle
import pickle
class P:
    def __init__(self, x): self.x = x
data = {"a": [1, 2.5, None, True], "b": (1, "x"), "c": {1, 2}}
print(pickle.loads(pickle.dumps(data)) == data)
try: pickle.dumps(lambda: 0)
except Exception as error: print(type(error).__name__ in ("PicklingError", "AttributeError"))
#: weak references
import weakref
class A: pass
a = A()
r = weakref.ref(a)
print(r() is a)
d = weakref.WeakValueDictionary(k=a)
print("k" in d)
#: difflib
import difflib
print("\n".join(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), difflib.get_close_matches("appel", ["apple", "ape"]))
#: fnmatch and shlex
import fnmatch, shlex
print(fnmatch.filter(["a.py", "b.txt"], "*.py"), shlex.split("a 'b c' d"), shlex.quote("a b"))
#: graphlib
from graphlib import TopologicalSorter, CycleError
print(list(TopologicalSorter({"c": ["b"], "b": ["a"]}).static_order()))
try: list(TopologicalSorter({"a": ["b"], "b": ["a"]}).static_order())
except CycleError: print("cycle")
#: inspect
import inspect
def f(a, b=1, *args, c, **kw): ...
print(inspect.signature(f), list(inspect.signature(f).parameters), inspect.isfunction(f), inspect.isgenerator((x for x in ())))
#: ast
import ast
print(ast.literal_eval("[1, {'a': (2, None)}]"), ast.unparse(ast.parse("x=1+ 2")), type(ast.parse("1").body[0]).__name__)
try: ast.literal_eval("f()")
except ValueError as error: print("ValueError")
#: types and numbers
import types, numbers
n = types.SimpleNamespace(a=1)
print(n, isinstance(1, numbers.Integral), isinstance(1.5, numbers.Real), types.MappingProxyType({"a": 1})["a"])
#: uses of time
import time
a = time.perf_counter(); time.sleep(0.01); b = time.perf_counter()
print(b - a >= 0.009, time.time() > 1.6e9, time.monotonic() <= time.monotonic(), time.perf_counter_ns() > 0)
#: timeit
import timeit
print(timeit.timeit("1 + 1", number=10) >= 0)
#: sched
import sched, time
out = []
s = sched.scheduler(time.monotonic, time.sleep)
s.enter(0.02, 1, out.append, ("b",)); s.enter(0.01, 1, out.append, ("a",))
s.run()
print(out)
#: logging to a stream
import logging, io
f = io.StringIO()
log = logging.getLogger("conformance"); log.setLevel("INFO"); log.propagate = False
h = logging.StreamHandler(f); h.setFormatter(logging.Formatter("%(levelname)s %(message)s")); log.addHandler(h)
log.info("hello %s", "x"); log.debug("hidden"); log.removeHandler(h)
print(repr(f.getvalue()))
#: sys
import sys
print(sys.maxsize in (2**31 - 1, 2**63 - 1), sys.byteorder, sys.version_info >= (3, 11), sys.getrecursionlimit() > 0, "threading" in sys.modules)
#: garbage collection
import gc, weakref
class A: pass
a = A(); a.me = a
r = weakref.ref(a)
del a
gc.collect()
print(r())
#: colours
import colorsys
print(colorsys.rgb_to_hsv(1, 0, 0), colorsys.hsv_to_rgb(0.5, 1, 1))
#: context variables
from contextvars import ContextVar, copy_context
v = ContextVar("v", default=0)
token = v.set(1)
print(v.get(), copy_context().run(lambda: (v.set(5), v.get())[1]), v.get())
v.reset(token); print(v.get())
#: secrets has the right shape
import secrets
print(len(secrets.token_hex(8)), secrets.choice([1]), 0 <= secrets.randbelow(5) < 5)
