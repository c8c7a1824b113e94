#: start and join
import threading
done = []
t = threading.Thread(target=done.append, args=(1,))
print(t.is_alive())
t.start(); t.join()
print(done, t.is_alive())
#: keyword arguments and names
import threading
def work(*, n): print(threading.current_thread().name, n)
t = threading.Thread(target=work, kwargs={"n": 3}, name="worker")
t.start(); t.join()
print(t.name, t.daemon)
#: a subclass with run
import threading
class Work(threading.Thread):
    def run(self): self.result = 42
w = Work(); w.start(); w.join()
print(w.result)
#: a thread starts once
import threading
t = threading.Thread(target=int)
t.start(); t.join()
try: t.start()
except RuntimeError as error: print(error)
#: join before start
import threading
try: threading.Thread().join()
except RuntimeError as error: print(error)
#: a thread cannot join itself
import threading
def f():
    try: threading.current_thread().join()
    except RuntimeError as error: print(error)
t = threading.Thread(target=f); t.start(); t.join()
#: join with a timeout
import threading
stop = threading.Event()
t = threading.Thread(target=stop.wait)
t.start()
print(t.join(0.01), t.is_alive())
stop.set(); t.join()
print(t.is_alive())
#: daemons
import threading
t = threading.Thread(target=int, daemon=True)
print(t.daemon)
t.start()
try: t.daemon = False
except RuntimeError as error: print(error)
t.join()
#: identities
import threading
ids = set()
def f(): ids.add(threading.get_ident())
t = threading.Thread(target=f)
print(t.ident)
t.start(); t.join()
print(t.ident in ids, threading.get_ident() in ids, threading.current_thread() is threading.main_thread())
#: enumerate and active_count
import threading
gate = threading.Event()
before = threading.active_count()
ts = [threading.Thread(target=gate.wait) for _ in range(3)]
for t in ts: t.start()
print(threading.active_count() - before, all(t in threading.enumerate() for t in ts))
gate.set()
for t in ts: t.join()
print(threading.active_count() - before)
#: an exception ends its thread only
import threading
seen = []
hook, threading.excepthook = threading.excepthook, lambda args: seen.append((args.exc_type.__name__, str(args.exc_value)))
t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()
threading.excepthook = hook
print(seen)
#: locks
import threading
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(blocking=False), lock.acquire(timeout=0.01))
lock.release()
print(lock.locked())
try: lock.release()
except RuntimeError as error: print(error)
#: a lock in a with statement
import threading
lock = threading.Lock()
with lock: print(lock.locked())
try:
    with lock: raise ValueError("v")
except ValueError: print(lock.locked())
#: another thread may release a lock
import threading
lock = threading.Lock()
lock.acquire()
t = threading.Thread(target=lock.release); t.start(); t.join()
print(lock.locked())
#: a lock makes additions whole
import threading
n, lock = 0, threading.Lock()
def add():
    global n
    for _ in range(1000):
        with lock: n += 1
ts = [threading.Thread(target=add) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(n)
#: reentrant locks
import threading
lock = threading.RLock()
with lock, lock: print("twice")
try: lock.release()
except RuntimeError as error: print(error)
#: a reentrant lock belongs to its thread
import threading
lock = threading.RLock(); lock.acquire()
got = []
t = threading.Thread(target=lambda: got.append(lock.acquire(blocking=False))); t.start(); t.join()
print(got)
lock.release()
#: wrong arguments of acquire
import threading
for kwargs in ({"blocking": False, "timeout": 1}, {"timeout": -5}):
    try: threading.Lock().acquire(**kwargs)
    except ValueError as error: print(type(error).__name__)
#: events
import threading
event = threading.Event()
print(event.is_set(), event.wait(0.01))
event.set()
print(event.is_set(), event.wait())
event.clear()
print(event.is_set())
#: an event wakes all who wait
import threading
event, woken = threading.Event(), []
ts = [threading.Thread(target=lambda: woken.append(event.wait())) for _ in range(3)]
for t in ts: t.start()
event.set()
for t in ts: t.join()
print(woken)
#: conditions
import threading
ready, condition = [], threading.Condition()
def consume(out):
    with condition:
        while not ready: condition.wait()
        out.append(ready.pop())
out = []
t = threading.Thread(target=consume, args=(out,)); t.start()
with condition: ready.append("item"); condition.notify()
t.join()
print(out, ready)
#: wait_for
import threading
condition, n = threading.Condition(), 0
def count():
    global n
    for _ in range(3):
        with condition: n += 1; condition.notify_all()
t = threading.Thread(target=count)
with condition:
    t.start()
    print(condition.wait_for(lambda: n == 3, timeout=5), n)
t.join()
with condition: print(condition.wait_for(lambda: False, timeout=0.01), condition.wait(0.01))
#: a condition without its lock
import threading
c = threading.Condition()
for call in (c.notify, c.wait):
    try: call()
    except RuntimeError as error: print(error)
#: semaphores
import threading
s = threading.Semaphore(2)
print(s.acquire(), s.acquire(), s.acquire(blocking=False))
s.release(2)
print(s.acquire(blocking=False))
try: threading.Semaphore(-1)
except ValueError as error: print(error)
#: bounded semaphores
import threading
s = threading.BoundedSemaphore(1)
with s: pass
try: s.release()
except ValueError as error: print(error)
#: a semaphore limits how many
import threading, time
s, inside, most, guard = threading.Semaphore(2), 0, 0, threading.Lock()
def f():
    global inside, most
    with s:
        with guard: inside += 1; most = max(most, inside)
        time.sleep(0.002)
        with guard: inside -= 1
ts = [threading.Thread(target=f) for _ in range(6)]
for t in ts: t.start()
for t in ts: t.join()
print(most <= 2, inside)
#: barriers
import threading
order, barrier = [], threading.Barrier(3, action=lambda: order.append("all here"))
def f():
    barrier.wait()
    order.append("past")
ts = [threading.Thread(target=f) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(order, barrier.parties, barrier.n_waiting, barrier.broken)
#: a barrier that breaks
import threading
b = threading.Barrier(2)
try: b.wait(0.01)
except threading.BrokenBarrierError: print("broken", b.broken)
b.reset()
print(b.broken)
b.abort()
try: b.wait()
except threading.BrokenBarrierError: print("aborted")
#: one thread in a barrier is number zero
import threading
b, numbers = threading.Barrier(3), []
ts = [threading.Thread(target=lambda: numbers.append(b.wait())) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(numbers))
#: timers
import threading
out = []
t = threading.Timer(0.005, out.append, ["rang"]); t.start(); t.join()
c = threading.Timer(60, out.append, ["never"]); c.start(); c.cancel(); c.join()
print(out)
#: locals of threads
import threading
mine = threading.local()
mine.x = "main"
seen = []
def f():
    seen.append(hasattr(mine, "x"))
    mine.x = "thread"
    seen.append(mine.x)
t = threading.Thread(target=f); t.start(); t.join()
print(seen, mine.x)
#: lists stay whole
import threading
items = []
ts = [threading.Thread(target=lambda: [items.append(i) for i in range(500)]) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(items), sum(items))
#: dictionaries stay whole
import threading
d = {}
def put(k):
    for i in range(200): d[k, i] = i
ts = [threading.Thread(target=put, args=(k,)) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(len(d), sum(d.values()))
#: a thread that starts threads
import threading
out = []
def outer():
    t = threading.Thread(target=lambda: out.append("inner")); t.start(); t.join()
    out.append("outer")
t = threading.Thread(target=outer); t.start(); t.join()
print(out)
#: queues
import queue
q = queue.Queue()
q.put("a"); q.put("b")
print(q.qsize(), q.get(), q.get(), q.empty(), q.full())
try: q.get(block=False)
except queue.Empty: print("empty")
try: q.get(timeout=0.01)
except queue.Empty: print("still")
#: queues with a limit
import queue
q = queue.Queue(maxsize=1)
q.put(1)
print(q.full())
for kwargs in ({"block": False}, {"timeout": 0.01}):
    try: q.put(2, **kwargs)
    except queue.Full: print("full")
#: join and task_done
import queue, threading
q, out = queue.Queue(), []
def worker():
    while (item := q.get()) is not None:
        out.append(item * 2)
        q.task_done()
    q.task_done()
t = threading.Thread(target=worker); t.start()
for n in range(4): q.put(n)
q.join()
print(out, q.unfinished_tasks)
q.put(None); t.join()
#: too many task_done
import queue
q = queue.Queue()
try: q.task_done()
except ValueError as error: print(error)
#: last in, first out
import queue
q = queue.LifoQueue()
for n in range(3): q.put(n)
print([q.get() for _ in range(3)])
#: priority queues
import queue
q = queue.PriorityQueue()
for item in ((2, "b"), (1, "z"), (1, "a")): q.put(item)
print([q.get() for _ in range(3)])
#: simple queues
import queue
q = queue.SimpleQueue()
q.put(1)
print(q.get(), q.empty(), q.qsize())
try: q.get_nowait()
except queue.Empty: print("empty")
#: a bounded queue slows its producer
import queue, threading
q, produced = queue.Queue(2), []
def produce():
    for n in range(5): q.put(n); produced.append(n)
    q.put(None)
t = threading.Thread(target=produce); t.start()
print(list(iter(q.get, None)))
t.join()
print(produced)
#: a pipeline of queues
import queue, threading
a, b = queue.Queue(), queue.Queue()
def square():
    for n in iter(a.get, None): b.put(n * n)
    b.put(None)
t = threading.Thread(target=square); t.start()
for n in (1, 2, 3, None): a.put(n)
print(list(iter(b.get, None)))
t.join()
#: producers and consumers
import queue, threading
q, total, lock = queue.Queue(), 0, threading.Lock()
def produce(start):
    for n in range(start, start + 50): q.put(n)
def consume():
    global total
    while (n := q.get()) is not None:
        with lock: total += n
ps = [threading.Thread(target=produce, args=(k * 50,)) for k in range(3)]
cs = [threading.Thread(target=consume) for _ in range(2)]
for t in ps + cs: t.start()
for t in ps: t.join()
for _ in cs: q.put(None)
for t in cs: t.join()
print(total == sum(range(150)))
#: sleep lets others run
import threading, time
order = []
def f(): time.sleep(0.05); order.append("slow")
t = threading.Thread(target=f); t.start()
order.append("main")
t.join()
print(order)
#: the switch interval
import sys
sys.setswitchinterval(0.001)
print(round(sys.getswitchinterval(), 6))
sys.setswitchinterval(0.005)
#: threads keep context variables apart
import contextvars, threading
v = contextvars.ContextVar("v", default="unset")
v.set("main")
seen = []
t = threading.Thread(target=lambda: (v.set("thread"), seen.append(v.get()))); t.start(); t.join()
print(seen, v.get())
#: repr of a thread and a lock
import threading
t = threading.Thread(target=int, name="n")
print(repr(t))
t.start(); t.join()
print("stopped" in repr(t), "unlocked" in repr(threading.Lock()))
#: threads have no result
import threading
t = threading.Thread(target=lambda: 5)
print(t.start(), t.join())
#: names are counted
import threading
t = threading.Thread(target=int)
print(t.name.startswith("Thread-"), t.name.endswith("(int)"))
