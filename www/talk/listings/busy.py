import random
import time
from dask.distributed import Client

shape = "tree"
tasks = 256
work = 4096
failing = 0
retries = 3
workers = 4

needs = {  # three of the shapes
    "tree": lambda i: [2*i + 1, 2*i + 2],
    "chain": lambda i: [i + 1],
    "independent": lambda i: [],
}[shape]

def busy(*needed):
    until = time.perf_counter() + work / 1e6
    while time.perf_counter() < until:
        pass
    if random.random() < failing / 100:
        raise OSError("this attempt failed")

graph = {i: (busy, *[j for j in needs(i)
                     if j < tasks])
         for i in range(tasks)}

with Client(processes=False, threads_per_worker=workers,
            dashboard_address=None) as client:
    start = time.perf_counter()
    client.get(graph, list(graph), retries=retries)
    print((time.perf_counter() - start) * 1e3, "ms")
