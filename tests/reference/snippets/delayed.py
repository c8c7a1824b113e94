# calls and their results
from dask import delayed
@delayed
def inc(x):
    return x + 1
@delayed
def add(x, y=10):
    return x + y
total = add(inc(1), inc(2))
print(total.compute(), add(inc(1)).compute(), add(1, y=inc(2)).compute(), add(x=1, y=2).compute())
print(len(total.dask), total.key.split("-")[0], str(total).startswith("Delayed('add-"))

# lists and dictionaries
from dask import delayed
@delayed
def load(day):
    return list(range(day))
parts = [load(day) for day in range(4)]
print(delayed(sum)([delayed(len)(part) for part in parts]).compute(), delayed(dict)(a=load(2)).compute())
print(delayed(lambda d: d["x"] + d["y"][0])({"x": delayed(abs)(-1), "y": [delayed(abs)(-2)]}).compute(), delayed([load(1), 2]).compute())

# operators, items, attributes
from dask import delayed
x = delayed(abs)(-3)
print((x + 1).compute(), (2 * x - 1).compute(), (x**2 > 8).compute(), (-x).compute(), delayed([1, 2, 3])[1].compute(), delayed("abc").upper().compute())
@delayed(nout=2)
def two():
    return 1, 2
a, b = two()
print((a + b).compute(), delayed(5).compute(), len(two()))

# several at once
import dask
from dask import delayed
calls = []
@delayed
def once(x):
    calls.append(x)
    return x * 2
shared = once(1)
print(dask.compute(shared + 1, shared + 2, 7, [shared]), calls)
kept = shared.persist()
print(kept.compute(), (kept + 1).compute(), calls)

# arrays as arguments
import dask.array as da
from dask import delayed
x = da.ones((4, 4), chunks=2)
print(delayed(lambda a, n: a.sum() + n)(x, 1).compute(), delayed(len)([x.sum(), 2]).compute())

# schedulers
import threading
import dask
from dask import delayed
name = delayed(lambda: threading.current_thread() is threading.main_thread())
print(name().compute(scheduler="sync"), name().compute(scheduler="threads"), name().compute(scheduler="single-threaded"))

# tasks run at the same time
import threading
import dask
from dask import delayed
barrier = threading.Barrier(2)
@delayed
def meet(x):
    return barrier.wait(30) >= 0 and x
print(dask.compute(meet(1), meet(2), num_workers=2, scheduler="threads"))

# an exception
from dask import delayed
@delayed
def fail(x):
    raise LookupError(f"no {x}")
delayed(len)([fail(1)]).compute()

# an exception is of its own class and has its traceback
import traceback
from dask import delayed
class Lost(Exception):
    def __init__(self, where):
        super().__init__(f"lost in {where}")
        self.where = where
@delayed
def lose():
    raise Lost("thought")
for scheduler in ("threads", "sync"):
    try:
        lose().compute(scheduler=scheduler)
    except Lost as error:
        print(error.where, error, traceback.extract_tb(error.__traceback__)[-1].name)

# graphs as dictionaries
import dask
import dask.threaded
from operator import add, mul
graph = {"x": 1, "y": 2, "z": (add, "x", "y"), "w": (sum, ["x", "y", "z"]), "v": [(mul, "w", 2), 0]}
print(dask.get(graph, "w"), dask.get(graph, ["z", ["w"]]), dask.threaded.get(graph, "v"), dask.threaded.get(graph, ["x", "w"], num_workers=2))

# a generator of primes
import dask
from dask import delayed
def primes(start, stop):
    return sum(all(n % i for i in range(2, int(n**0.5) + 1)) for n in range(max(start, 2), stop))
print(delayed(sum)([delayed(primes)(i, i + 250) for i in range(0, 1000, 250)]).compute())

# many tasks
from dask import delayed
x = delayed(0)
for i in range(300):
    x = x + 1
print(x.compute(), delayed(sum)([delayed(abs)(i) for i in range(-200, 0)]).compute())

# a delayed value has no truth
from dask import delayed
if delayed(1):
    pass

# a delayed value of unknown length
from dask import delayed
for x in delayed([1]):
    pass

# methods
from dask import delayed
class Counter:
    def __init__(self, n):
        self.n = n
    def plus(self, k):
        return Counter(self.n + k)
print(delayed(Counter)(1).plus(2).plus(delayed(3)).n.compute())

# values are dropped
import gc
import weakref
from dask import delayed
class Value:
    pass
made = []
@delayed
def make():
    value = Value()
    made.append(weakref.ref(value))
    return value
print(delayed(lambda a, b: a is not b)(make(), make()).compute())
gc.collect()
print(len(made))
