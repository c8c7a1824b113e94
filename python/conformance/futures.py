#: submit and result
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(max_workers=2) as pool:
    future = pool.submit(pow, 2, 10)
    print(future.result(), future.done(), future.cancelled(), future.running(), future.exception())
#: map keeps the order
from concurrent.futures import ThreadPoolExecutor
import time
def slow(n): time.sleep(0.01 * (3 - n)); return n * n
with ThreadPoolExecutor(3) as pool: print(list(pool.map(slow, range(3))))
#: map with several iterables
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool: print(list(pool.map(lambda a, b: a + b, "abc", "xyz!")), list(pool.map(pow, [2, 3], [2, 2], chunksize=2)))
#: map with an error
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    results = pool.map(lambda n: 10 / n, [5, 0, 2])
    print(next(results))
    try: next(results)
    except ZeroDivisionError as error: print(error)
    try: next(results)
    except StopIteration: print("over")
#: map with a timeout
from concurrent.futures import ThreadPoolExecutor, TimeoutError
import threading
gate = threading.Event()
with ThreadPoolExecutor(1) as pool:
    try: list(pool.map(lambda _: gate.wait(), [1], timeout=0.01))
    except TimeoutError as error: print(type(error).__name__)
    gate.set()
#: an exception comes out of result
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    future = pool.submit(int, "x")
    print(repr(future.exception()))
    try: future.result()
    except ValueError as error: print(error is future.exception())
#: result with a timeout
from concurrent.futures import ThreadPoolExecutor
import threading
gate = threading.Event()
with ThreadPoolExecutor(1) as pool:
    future = pool.submit(gate.wait)
    try: future.result(timeout=0.01)
    except TimeoutError: print("not yet", future.running(), future.done())
    gate.set()
    print(future.result())
#: cancel what waits
from concurrent.futures import ThreadPoolExecutor, CancelledError
import threading
gate, begun = threading.Event(), threading.Event()
with ThreadPoolExecutor(1) as pool:
    running = pool.submit(lambda: (begun.set(), gate.wait()))
    waiting = pool.submit(pow, 2, 2)
    begun.wait()
    print(running.cancel(), waiting.cancel(), waiting.cancelled(), waiting.done())
    gate.set()
    try: waiting.result()
    except CancelledError as error: print("cancelled")
#: as_completed gives the fastest first
from concurrent.futures import ThreadPoolExecutor, as_completed
import time
with ThreadPoolExecutor(3) as pool:
    futures = [pool.submit(lambda s=s: (time.sleep(s), s)[1]) for s in (0.15, 0.05, 0.1)]
    print([f.result() for f in as_completed(futures)])
#: as_completed takes each future once
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(2) as pool:
    f = pool.submit(int, 3)
    print([g.result() for g in as_completed([f, f])])
#: as_completed with a timeout
from concurrent.futures import ThreadPoolExecutor, as_completed
import threading
gate = threading.Event()
with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(gate.wait), pool.submit(int, 1)]
    seen = []
    try:
        for f in as_completed(futures, timeout=0.05): seen.append(f.result())
    except TimeoutError as error: print(error, seen)
    gate.set()
#: wait for the first
from concurrent.futures import ThreadPoolExecutor, wait, FIRST_COMPLETED
import threading
gate = threading.Event()
with ThreadPoolExecutor(2) as pool:
    slow, fast = pool.submit(gate.wait), pool.submit(int, 7)
    done, not_done = wait([slow, fast], return_when=FIRST_COMPLETED)
    print(fast in done, slow in not_done)
    gate.set()
    print(len(wait([slow, fast]).done))
#: wait for the first exception
from concurrent.futures import ThreadPoolExecutor, wait, FIRST_EXCEPTION
import threading
gate = threading.Event()
with ThreadPoolExecutor(2) as pool:
    slow, bad = pool.submit(gate.wait), pool.submit(int, "x")
    done, not_done = wait([slow, bad], return_when=FIRST_EXCEPTION)
    print(bad in done, slow in not_done)
    gate.set()
#: wait with a timeout
from concurrent.futures import ThreadPoolExecutor, wait
import threading
gate = threading.Event()
with ThreadPoolExecutor(1) as pool:
    done, not_done = wait([pool.submit(gate.wait)], timeout=0.01)
    print(len(done), len(not_done))
    gate.set()
#: callbacks
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    out = []
    f = pool.submit(pow, 3, 2)
    f.add_done_callback(lambda future: out.append(future.result()))
f.add_done_callback(lambda future: out.append("late"))
print(out)
#: callbacks run in order
from concurrent.futures import Future
out, f = [], Future()
for n in range(3): f.add_done_callback(lambda _, n=n: out.append(n))
f.set_result(None)
print(out)
#: shutdown
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
f = pool.submit(int, 1)
pool.shutdown()
print(f.result())
try: pool.submit(int, 2)
except RuntimeError as error: print(error)
#: shutdown that cancels
from concurrent.futures import ThreadPoolExecutor
import threading
gate, begun = threading.Event(), threading.Event()
pool = ThreadPoolExecutor(1)
running = pool.submit(lambda: (begun.set(), gate.wait())[1])
waiting = [pool.submit(int) for _ in range(3)]
begun.wait()
pool.shutdown(wait=False, cancel_futures=True)
gate.set()
print(running.result(), [f.cancelled() for f in waiting])
#: wrong numbers of workers
from concurrent.futures import ThreadPoolExecutor
for n in (0, -1):
    try: ThreadPoolExecutor(n)
    except ValueError as error: print(error)
#: names of threads
from concurrent.futures import ThreadPoolExecutor
import threading
with ThreadPoolExecutor(1, thread_name_prefix="io") as pool: print(pool.submit(lambda: threading.current_thread().name).result())
#: initializers
from concurrent.futures import ThreadPoolExecutor
import threading
mine = threading.local()
def begin(value): mine.value = value
with ThreadPoolExecutor(2, initializer=begin, initargs=("set",)) as pool: print({pool.submit(lambda: mine.value).result() for _ in range(4)})
#: threads are reused
from concurrent.futures import ThreadPoolExecutor
import threading
with ThreadPoolExecutor(4) as pool: print(len({pool.submit(threading.get_ident).result() for _ in range(8)}) <= 4)
#: futures by hand
from concurrent.futures import Future, InvalidStateError
f = Future()
print(f.done(), f.running(), f.set_running_or_notify_cancel(), f.running())
f.set_result(5)
print(f.result(), f.done())
try: f.set_result(6)
except InvalidStateError as error: print(type(error).__name__)
#: a cancelled future by hand
from concurrent.futures import Future, CancelledError
f = Future()
print(f.cancel(), f.cancelled(), f.set_running_or_notify_cancel())
try: f.result()
except CancelledError: print("cancelled")
print(f.cancel())
#: repr of futures
from concurrent.futures import Future
import re
f = Future()
print(re.sub("0x[0-9a-f]+", "0x", repr(f)))
f.set_result(1)
print(re.sub("0x[0-9a-f]+", "0x", repr(f)))
#: a task that submits a task
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool: print(pool.submit(lambda: pool.submit(pow, 2, 5).result()).result())
#: two tasks that wait for each other
from concurrent.futures import ThreadPoolExecutor
import threading
with ThreadPoolExecutor(2) as pool:
    a, b = threading.Event(), threading.Event()
    f = pool.submit(lambda: (a.set(), b.wait(5))[1])
    g = pool.submit(lambda: (b.set(), a.wait(5))[1])
    print(f.result(), g.result())
#: a lock around shared results
from concurrent.futures import ThreadPoolExecutor
import threading
counts, lock = {}, threading.Lock()
def count(word):
    with lock: counts[word] = counts.get(word, 0) + 1
with ThreadPoolExecutor(3) as pool: list(pool.map(count, "a b a c b a".split()))
print(sorted(counts.items()))
#: map is submitted at once
from concurrent.futures import ThreadPoolExecutor
ran = []
with ThreadPoolExecutor(1) as pool: pool.map(ran.append, range(3))
print(ran)
#: a sum in pieces
from concurrent.futures import ThreadPoolExecutor
def piece(start): return sum(range(start, start + 100))
with ThreadPoolExecutor(4) as pool: print(sum(pool.map(piece, range(0, 1000, 100))) == sum(range(1000)))
#: exceptions keep their traceback
from concurrent.futures import ThreadPoolExecutor
import traceback
def broken(): raise LookupError("lost")
with ThreadPoolExecutor(1) as pool: f = pool.submit(broken)
print([frame.name for frame in traceback.extract_tb(f.exception().__traceback__)][-1], f.exception())
#: no result is kept of cancelled work
from concurrent.futures import Future, wait
fs = [Future(), Future()]
fs[0].set_result(1); fs[1].cancel(); fs[1].set_running_or_notify_cancel()
print(len(wait(fs, timeout=1).done))
