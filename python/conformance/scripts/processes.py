#: a process runs a function
from multiprocessing import Process
def work(a, b=2): print("works", a + b, flush=True)
if __name__ == "__main__":
    p = Process(target=work, args=(1,), kwargs={"b": 5})
    print(p.is_alive(), p.exitcode, p.pid, p.daemon)
    p.start(); p.join()
    print(p.is_alive(), p.exitcode, p.pid is not None)
#: a process has a memory of its own
from multiprocessing import Process
items = []
def work(): items.append(1); print("there", items, flush=True)
if __name__ == "__main__":
    p = Process(target=work); p.start(); p.join()
    print("here", items)
#: each process runs the program again
from multiprocessing import Process
print("runs", __name__, flush=True)
def work(): pass
if __name__ == "__main__":
    p = Process(target=work); p.start(); p.join()
#: without the guard
from multiprocessing import Process
def work(): pass
p = Process(target=work)
try:
    p.start(); p.join()
    print("ended", p.exitcode)
except RuntimeError as error: print(type(error).__name__, str(error).split()[0], flush=True)
#: names and numbers
from multiprocessing import Process, current_process, parent_process
import os
def work(parent): print(current_process().name.split("-")[0], os.getpid() != parent, os.getppid() == parent, parent_process().name, flush=True)
if __name__ == "__main__":
    print(current_process().name, parent_process())
    for p in (Process(target=work, args=(os.getpid(),)), Process(target=work, args=(os.getpid(),), name="mine")):
        p.start(); p.join()
#: exit codes
from multiprocessing import Process
import sys
def leave(code): sys.exit(code)
if __name__ == "__main__":
    for code in (0, 3, None):
        p = Process(target=leave, args=(code,)); p.start(); p.join()
        print(p.exitcode)
#: an exception ends its process
from multiprocessing import Process
import sys, os
def fail():
    sys.stderr = open(os.devnull, "w") if hasattr(os, "open") else type("Silent", (), {"write": lambda *a: None, "flush": lambda *a: None})()
    raise ValueError("x")
if __name__ == "__main__":
    p = Process(target=fail); p.start(); p.join()
    print(p.exitcode)
#: terminate and kill
from multiprocessing import Process, Event
def wait(begun):
    begun.set()
    while True: pass
if __name__ == "__main__":
    for how in ("terminate", "kill"):
        begun = Event()
        p = Process(target=wait, args=(begun,)); p.start()
        begun.wait()
        print(p.join(0.01), p.is_alive())
        getattr(p, how)(); p.join()
        print(p.exitcode)
#: misuse
from multiprocessing import Process
def work(): pass
if __name__ == "__main__":
    p = Process(target=work)
    try: p.join()
    except AssertionError as error: print(error)
    p.start()
    try: p.start()
    except AssertionError as error: print(error)
    p.join(); p.close()
    try: p.join()
    except ValueError as error: print(error)
#: a subclass
from multiprocessing import Process
class Work(Process):
    def __init__(self, n): super().__init__(); self.n = n
    def run(self): print("runs", self.n, flush=True)
if __name__ == "__main__":
    p = Work(3); p.start(); p.join()
    print(p.name.startswith("Work-"), p.exitcode)
#: what cannot be pickled cannot be passed
from multiprocessing import Process
if __name__ == "__main__":
    try: Process(target=lambda: 0).start()
    except Exception as error: print("cannot")
#: queues
from multiprocessing import Process, Queue
import queue
def work(q, out):
    while (n := q.get()) is not None: out.put((n, n * n))
if __name__ == "__main__":
    q, out = Queue(), Queue()
    ps = [Process(target=work, args=(q, out)) for _ in range(2)]
    for p in ps: p.start()
    for n in range(5): q.put(n)
    for _ in ps: q.put(None)
    print(sorted(out.get() for _ in range(5)))
    for p in ps: p.join()
    try: out.get(timeout=0.01)
    except queue.Empty: print("empty")
    try: out.get_nowait()
    except queue.Empty: print("still")
#: a queue with a limit
from multiprocessing import Queue
import queue
if __name__ == "__main__":
    q = Queue(1)
    q.put("a")
    try: q.put("b", timeout=0.01)
    except queue.Full: print("full")
    print(q.get())
    q.put("c"); print(q.get())
#: a queue is not a message
from multiprocessing import Queue
import pickle
if __name__ == "__main__":
    try: pickle.dumps(Queue())
    except RuntimeError as error: print(error)
#: joinable queues
from multiprocessing import JoinableQueue, Process, Queue
def work(q, out):
    while True:
        item = q.get()
        if item is not None: out.put(item + 1)
        q.task_done()
        if item is None: break
if __name__ == "__main__":
    q, out = JoinableQueue(), Queue()
    p = Process(target=work, args=(q, out)); p.start()
    for n in range(3): q.put(n)
    q.join()
    print([out.get() for _ in range(3)])
    q.put(None); p.join()
    try: q.task_done()
    except ValueError as error: print(error)
#: pipes
from multiprocessing import Pipe, Process
def echo(c):
    while (got := c.recv()) is not None: c.send(("echo", got))
    c.close()
if __name__ == "__main__":
    here, there = Pipe()
    p = Process(target=echo, args=(there,)); p.start()
    here.send([1, {"a": 2}]); print(here.recv())
    print(here.poll(0.01))
    here.send("x"); print(here.poll(5), here.recv())
    here.send(None); p.join()
#: one-way pipes and the end
from multiprocessing import Pipe
if __name__ == "__main__":
    receiver, sender = Pipe(duplex=False)
    print(receiver.readable, receiver.writable, sender.readable, sender.writable)
    sender.send_bytes(b"abc"); sender.close()
    print(receiver.recv_bytes())
    try: receiver.recv()
    except EOFError: print("end")
    try: sender.send(1)
    except OSError as error: print(error)
#: a lock makes additions whole
from multiprocessing import Lock, Process, Value
def add(v, lock):
    for _ in range(20):
        with lock: v.value += 1
if __name__ == "__main__":
    v, lock = Value("i", 0), Lock()
    ps = [Process(target=add, args=(v, lock)) for _ in range(2)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(v.value)
#: locks
from multiprocessing import Lock, RLock, Semaphore
if __name__ == "__main__":
    lock = Lock()
    print(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01))
    lock.release()
    try: lock.release()
    except ValueError as error: print(error)
    r = RLock()
    with r, r: print("twice")
    s = Semaphore(2)
    print(s.acquire(), s.acquire(), s.acquire(False))
#: shared arrays
from multiprocessing import Array, Process
def square(a):
    for i, n in enumerate(a): a[i] = n * n
if __name__ == "__main__":
    a = Array("i", range(4))
    p = Process(target=square, args=(a,)); p.start(); p.join()
    print(a[:], len(a), a[1], list(Array("d", 2)))
#: events and conditions
from multiprocessing import Condition, Event, Process
def wait(event, answer): event.wait(); answer.set()
if __name__ == "__main__":
    event, answer = Event(), Event()
    p = Process(target=wait, args=(event, answer)); p.start()
    print(answer.wait(0.01), event.is_set())
    event.set(); print(answer.wait(20)); p.join()
    event.clear(); print(event.is_set())
    with (c := Condition()): print(c.wait(0.01))
#: barriers
from multiprocessing import Barrier, Process, Queue
def meet(b, q): b.wait(); q.put("past")
if __name__ == "__main__":
    b, q = Barrier(3), Queue()
    ps = [Process(target=meet, args=(b, q)) for _ in range(2)]
    for p in ps: p.start()
    print(q.empty()); b.wait()
    print([q.get() for _ in ps])
    for p in ps: p.join()
#: pools
from multiprocessing import Pool
def square(n): return n * n
def add(a, b): return a + b
if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(6)), pool.starmap(add, [(1, 2), (3, 4)]), pool.apply(add, (1, 1)))
        print(list(pool.imap(square, range(4))), sorted(pool.imap_unordered(square, range(4), chunksize=2)), pool.map(square, []))
        r = pool.apply_async(square, (9,), callback=lambda v: print("callback", v))
        print(r.get(20), r.ready(), r.successful(), pool.map_async(square, [2]).get(20))
#: errors in pools
from multiprocessing import Pool
def fail(n): raise ValueError(f"no {n}")
def ok(n): return n
if __name__ == "__main__":
    with Pool(1) as pool:
        try: pool.map(fail, [1])
        except ValueError as error: print(error, type(error.__cause__).__name__, "in fail" in str(error.__cause__))
        r = pool.apply_async(fail, (2,))
        r.wait(); print(r.ready(), r.successful())
        print(pool.apply(ok, (1,)))
        it = pool.imap(fail, [3])
        try: next(it)
        except ValueError as error: print(error)
#: the end of a pool
from multiprocessing import Pool
def square(n): return n * n
if __name__ == "__main__":
    pool = Pool(1)
    r = pool.map_async(square, range(3))
    try: pool.join()
    except ValueError as error: print(error)
    pool.close(); pool.join()
    print(r.get())
    try: pool.map(square, [1])
    except ValueError as error: print(error)
    try: Pool(0)
    except ValueError as error: print(error)
#: initializers of pools
from multiprocessing import Pool
base = 0
def begin(n):
    global base
    base = n
def add(n): return base + n
if __name__ == "__main__":
    with Pool(1, initializer=begin, initargs=(10,)) as pool: print(pool.map(add, [1, 2]), base)
#: start methods
import multiprocessing
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn", force=True)
    print(multiprocessing.get_start_method(), multiprocessing.get_context("spawn").get_start_method())
    try: multiprocessing.get_context("teleport")
    except ValueError as error: print(error)
#: the process pool executor
from concurrent.futures import ProcessPoolExecutor
def square(n): return n * n
if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        f = pool.submit(square, 7)
        print(f.result(), f.done(), list(pool.map(square, range(5))), list(pool.map(pow, [2, 3], [3, 2], chunksize=2)))
    try: pool.submit(square, 1)
    except RuntimeError as error: print(error)
#: errors of the process pool executor
from concurrent.futures import ProcessPoolExecutor
def fail(n): return 10 // n
if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        f = pool.submit(fail, 0)
        print(type(f.exception()).__name__, "in fail" in str(f.exception().__cause__))
        try: pool.submit(lambda: 0).result()
        except Exception as error: print("cannot be pickled")
        print(pool.submit(fail, 5).result())
    for n in (0, -1):
        try: ProcessPoolExecutor(n)
        except ValueError as error: print(error)
#: a process that dies breaks its executor
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children
import time
def sleep(s): time.sleep(s)
if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        f = pool.submit(sleep, 60)
        while not active_children(): time.sleep(0.01)
        active_children()[0].kill()
        try: f.result()
        except BrokenProcessPool as error: print("broken")
        try: pool.submit(sleep, 0)
        except BrokenProcessPool: print("no more")
