import os
import random
import signal
import time
import dask
from dask.distributed import Client, as_completed

inputs = 64
steps = 8
sleep = 80
deaths = 3
first = 25
every = 25
nodes = 4

def load(i):
    time.sleep(random.uniform(0, 2 * sleep) / 1e3)
    return i

def inc(x):
    return x + 1

def main():
    # Workers that are killed on purpose
    # do not count against a task.
    dask.config.set({
        "distributed.scheduler.allowed-failures":
            deaths,
    })
    client = Client(
        n_workers=nodes,
        threads_per_worker=1,
    )
    pids = list(client.run(os.getpid).values())
    values = client.map(load, range(inputs))
    futures = list(values)
    for step in range(steps):
        values = client.map(inc, values)
        futures += values
    total = client.submit(sum, values)
    moments = [first + i * every for i in range(deaths)]
    moments = [m for m in moments if m < 100]
    ran = as_completed(futures)
    for count, _ in enumerate(ran, 1):
        while moments and len(pids) > 1 and (
            100 * count >= moments[0] * len(futures)
        ):
            moments.pop(0)
            os.kill(pids.pop(), signal.SIGKILL)
    print(total.result())
    client.close()

if __name__ == "__main__":
    main()
