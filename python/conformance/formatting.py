#: f-strings
name, n = "x", 3
print(f"{name} {n + 1} {n:>4} {n!r} {name!r:>5} {{}} {n=} {n + 1 = }")
#: nested fields
width, digits = 10, 3
print(f"{3.14159:{width}.{digits}f}|{'left':<{width}}|{'mid':^{width}}|{'right':>{width}}|")
#: fill and sign
print(f"{5:+d} {-5:+d} {5: d} {5:05d} {-5:05d} {5:*^7} {5:=+6}")
#: thousands
print(f"{1234567:,} {1234567:_} {1234567.891:,.2f} {0xffff:_x} {0b1010101:_b}")
#: bases
print(f"{255:x} {255:X} {255:#x} {255:o} {255:#o} {255:b} {255:#010b} {65:c}")
#: floats fixed and with exponent
print(f"{1/3:.3f} {1e10:.0f} {12345.678:e} {12345.678:.2E} {0.00001:g} {123456789:g} {1e20:g} {1.0:g}")
#: rounding in formats
print(f"{0.5:.0f} {1.5:.0f} {2.5:.0f} {2.675:.2f} {1.005:.2f} {99.995:.2f}")
#: percent
print(f"{0.1234:%} {0.1234:.1%} {1:.0%}")
#: the alternate form of floats
print(f"{3.0:#g} {3.0:#.0f} {1e3:#.3g}")
#: special floats
print(f"{float('inf'):f} {float('nan'):F} {float('-inf'):+.1f} {float('inf'):8} {-0.0:.1f} {-0.0:z.1f}")
#: strings cut
print(f"{'abcdef':.3}|{'abc':6}|{'abc':>6}|{'abc':-^6}|{True:>6}|{True:d}")
#: complex
print(f"{1+2j:.1f} {1+2j}")
#: str.format
print("{} {1} {0}".replace("{} ", "").format("a", "b"), "{0[1]} {1.real} {k}".format([1, 2], 3, k="v"), "{:>{w}}".format("x", w=4))
#: format errors
for text, value in (("{:d}", "a"), ("{:d}", 1.5), ("{:s}", 1), ("{:.2d}", 1)):
    try: print(text.format(value))
    except ValueError as error: print("ValueError")
try: "{} {}".format(1)
except IndexError as error: print(error)
try: "{a}".format(b=1)
except KeyError as error: print(error)
#: format_map
class D(dict):
    def __missing__(self, key): return "<" + key + ">"
print("{a} {b}".format_map(D(a=1)))
#: percent formatting
print("%d %s %r %5.2f %x %o %e %%" % (1, "a", "b", 3.14159, 255, 8, 12345.0), "%(k)s" % {"k": 1}, "%-5d|%05d|%+d" % (1, 2, 3))
#: percent formatting errors
try: "%d" % "a"
except TypeError as error: print(error)
try: "%s %s" % (1,)
except TypeError as error: print(error)
try: "%s" % (1, 2)
except TypeError as error: print(error)
#: __format__ of one's own
class T:
    def __format__(self, spec): return f"<{spec}>"
print(f"{T()} {T():abc} {T():{'x'}}")
#: __str__ and __repr__
class T:
    def __repr__(self): return "T()"
class U(T):
    def __str__(self): return "u"
print(T(), [T()], U(), [U()], f"{U()} {U()!r}", str(U()))
#: repr of containers that contain themselves
a = [1]; a.append(a)
d = {}; d["me"] = d
print(a, d)
#: repr of functions and types
print(int, type(3), print, len, list.append)
#: repr of numbers in containers
print([1.0, 1e100, -0.0, 1j], (True, None), {"a": 1.5})
#: textwrap
import textwrap
print(textwrap.fill("the quick brown fox jumps over the lazy dog", 20))
print(textwrap.dedent("    a\n      b\n    c"), textwrap.indent("x\ny", "> "), textwrap.shorten("hello big world", 12))
#: pprint
import pprint
pprint.pprint({"b": list(range(12)), "a": {"deep": ["text " * 3] * 3}}, width=40)
#: pprint with a depth
import pprint
print(pprint.pformat([1, [2, [3, [4]]]], depth=2))
#: string templates
from string import Template
print(Template("$who owes ${amount} $$").substitute(who="Ann", amount=3), Template("$a $b").safe_substitute(a=1))
#: string constants
import string
print(string.ascii_lowercase, string.digits, string.hexdigits, string.punctuation)
print(string.capwords("hello big world"))
#: json
import json
print(json.dumps({"b": [1, 2.5, None, True], "a": "é\n"}), json.dumps([1, {"x": 1}], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")))
print(json.loads('{"a": [1, 2.0, null, true, "\\u00e9"]}'))
#: json errors
import json
for text in ("{", "[1 2]", "nope", '{"a": 1} x', ""):
    try: json.loads(text)
    except json.JSONDecodeError as error: print(error.msg.split(":")[0], error.pos)
try: json.dumps({1, 2})
except TypeError as error: print(error)
#: reprlib
import reprlib
print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100))
#: datetime
from datetime import datetime, timedelta, date
d = datetime(2024, 2, 28, 23, 30)
print(d + timedelta(hours=1), d.isoformat(), d.strftime("%Y-%m-%d %H:%M %A %j"), date(2024, 2, 28) + timedelta(2), repr(d))
#: timedelta
from datetime import timedelta
t = timedelta(days=1, hours=25, seconds=1.5)
print(t, t.total_seconds(), t / 2, t // timedelta(hours=1), -t, repr(timedelta(minutes=3)))
#: time zones
from datetime import datetime, timezone, timedelta
d = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
print(d, d.astimezone(timezone(timedelta(hours=2))), datetime.fromisoformat("2024-01-01T12:00:00+01:00").utcoffset())
#: dates
from datetime import date
d = date(2024, 3, 1)
print(d.weekday(), d.isocalendar()[1], (d - date(2024, 2, 1)).days, d.replace(month=12), date.fromisoformat("2020-02-29"), d < date(2025, 1, 1))
try: date(2023, 2, 29)
except ValueError as error: print("ValueError")
#: calendar
import calendar
print(calendar.month(2024, 2))
print(calendar.isleap(2024), [int(n) for n in calendar.monthrange(2023, 2)])
#: csv
import csv, io
text = io.StringIO()
w = csv.writer(text); w.writerow(["a", "b,c", 'say "x"', 1.5, None])
print(repr(text.getvalue()), list(csv.reader(["1,2", '"a,b",c'])), list(csv.DictReader(["x,y", "1,2"])))
