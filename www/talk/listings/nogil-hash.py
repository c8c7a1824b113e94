import time
from threading import Thread

import numpy as np
from pandas.util import hash_array

threads = 2
strings = 1048576

objects = np.array(
    [f"https://example.org/customers/{i:07}/orders"
     for i in range(strings)],
    dtype=object)

def hashed(part):
    # unpacks with the lock,
    # hashes without it
    hash_array(part, categorize=False)

def measure(threads):
    parts = np.array_split(objects, threads)
    workers = [Thread(target=hashed, args=[part])
               for part in parts]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start

for number in [1, threads]:
    print(number, measure(number) * 1e3, "ms")
