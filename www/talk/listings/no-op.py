import time
import dask.threaded

shape = "tree"
tasks = 1024
scheduler = "threads"
workers = 4

needs = {  # three of the shapes
    "tree": lambda i: [2*i + 1, 2*i + 2],
    "chain": lambda i: [i + 1],
    "independent": lambda i: [],
}[shape]

def noop(*needed):
    pass

graph = {i: (noop, *[j for j in needs(i)
                     if j < tasks])
         for i in range(tasks)}
get = {"threads": dask.threaded.get,
       "sync": dask.get}[scheduler]

start = time.perf_counter()
get(graph, list(graph), num_workers=workers)
seconds = time.perf_counter() - start
print(seconds / tasks * 1e9, "ns per task")
