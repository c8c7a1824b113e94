import random
import time
import timeit
from dask.distributed import Client

shape = "tree"
tasks = 256
work = 4096
failing = 0
retries = 3
workers = 4

def count(steps):
    for _ in range(steps):
        pass

# Once, on one thread: how fast is this machine?
fastest = min(timeit.repeat(lambda: count(10**5),
                            number=1, repeat=20))
steps = int(work / 1e6 / fastest * 10**5)

def busy(*needed):
    count(steps)  # fixed amount of work
    if random.random() < failing / 100:
        raise OSError("attempt failed")

# shapes/{shape}.py

graph = {i: (busy, *needed)
         for i, needed in enumerate(needs)}

client = Client(processes=False,
    threads_per_worker=workers)
start = time.perf_counter()
client.get(graph, list(graph),
           retries=retries)
seconds = time.perf_counter() - start
client.close()
print(seconds * 1e3, "ms")
