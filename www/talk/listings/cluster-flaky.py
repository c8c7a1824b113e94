import random
import time
from dask.distributed import Client

inputs = 128
sleep = 80
failing = 30
retries = 10
nodes = 4

def wait(i):
    time.sleep(random.uniform(0, 2 * sleep) / 1e3)
    return i

def load(i):
    if random.random() < failing / 100:
        raise OSError("attempt failed")
    return i

client = Client(
    n_workers=nodes,
    processes=False,
    threads_per_worker=1,
)
waits = client.map(wait, range(inputs))
loads = client.map(
    load, waits, retries=retries
)
print(client.submit(sum, loads).result())
client.close()
