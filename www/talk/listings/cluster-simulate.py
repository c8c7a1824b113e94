import random
import time
from dask.distributed import (
    Client, LocalCluster, wait)

shape = "map-reduce"
tasks = 4096
nodes = 1024
slots = 1
work = 100000
spread = 50
size = 1024
gather = "no"

def task(*needed):
    part = random.uniform(-spread, spread) / 100
    time.sleep(work / 1e6 * (1 + part))
    return bytes(size * 1000)

# shapes/{shape}.py

graph = {i: (task, *needed)
         for i, needed in enumerate(needs)}

ends = set(graph).difference(*needs)

def measure(count):
    with LocalCluster(
        n_workers=count, processes=False,
        threads_per_worker=slots,
    ) as cluster, Client(cluster) as client:
        start = time.perf_counter()
        futures = client.get(graph, list(graph),
                             sync=False)
        if gather == "yes":
            client.gather([futures[i] for i in ends])
        wait(futures)
        return time.perf_counter() - start

factor = 2
while factor ** 7 < nodes:
    factor *= 2
sizes = [factor ** i for i in range(7)]
sizes = [n for n in sizes if n < nodes]

for count in [*sizes, nodes]:
    print(count, measure(count) * 1e3, "ms")
