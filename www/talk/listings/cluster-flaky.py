import random
import time
from dask.distributed import Client

inputs = 128
sleep = 80
failing = 30
retries = 10
nodes = 4

def load(i):
    time.sleep(random.uniform(0, 2 * sleep) / 1e3)
    if random.random() < failing / 100:
        raise OSError("attempt failed")
    return i

client = Client(
    n_workers=nodes,
    processes=False,
    threads_per_worker=1,
)
loads = client.map(
    load, range(inputs), retries=retries
)
print(client.submit(sum, loads).result())
client.close()
