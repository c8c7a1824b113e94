import random
import time
from dask.distributed import Client

inputs = 256
sleep = 80
failing = 0
nodes = 2
scale_to = 10

def load(i):
    time.sleep(random.uniform(0, 2 * sleep) / 1e3)
    if random.random() < failing / 100:
        raise OSError("attempt failed")
    return i

def inc(x):
    return x + 1

def dec(x):
    return x - 1

def add(x, y):
    return x + y

client = Client(
    n_workers=nodes,
    processes=False,
    threads_per_worker=1,
)
loads = client.map(
    load, range(inputs), retries=5
)
incs = client.map(inc, loads)
decs = client.map(dec, loads)
adds = client.map(add, incs, decs)
client.cluster.scale(scale_to or nodes)
print(client.submit(sum, adds).result())
client.close()
