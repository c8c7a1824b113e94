import random
import time
import dask.threaded

shape = "tree"
tasks = 1024
scheduler = "threads"
workers = 4

# shapes/{shape}.py

def noop(*needed):
    pass

graph = {i: (noop, *needed)
         for i, needed in enumerate(needs)}
get = {"threads": dask.threaded.get,
       "sync": dask.get}[scheduler]

start = time.perf_counter()
get(graph, list(graph),
    num_workers=workers)
seconds = time.perf_counter() - start
print(seconds / len(graph) * 1e9, "ns")
