import random
import time
from dask.distributed import Client

inputs = 256
split_every = 2
sleep = 80
nodes = 4

def load(i):
    time.sleep(random.uniform(0, 2 * sleep) / 1e3)
    return i

def add(*values):
    return sum(values)

client = Client(
    n_workers=nodes,
    processes=False,
    threads_per_worker=1,
)
values = client.map(load, range(inputs))
while len(values) > 1:
    parts = [values[i : i + split_every]
             for i in range(0, len(values),
                            split_every)]
    values = [client.submit(add, *part)
              for part in parts]
print(values[0].result())
client.close()
