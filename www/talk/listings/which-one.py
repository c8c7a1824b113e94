import time
from concurrent.futures import (
    ProcessPoolExecutor, ThreadPoolExecutor)
from math import isqrt

import numpy as np

calls = 8
size = 100000
wait = 30
elements = 524288
max_workers = 2

def is_prime(n):
    return n > 1 and all(
        n % d for d in range(2, isqrt(n) + 1))

def cpu_bound(size):
    return sum(map(is_prime, range(size)))

def io_bound(wait):
    time.sleep(wait / 1000)

def scientific(x):
    return np.sin(x)

def measure(executor, work, argument):
    began = time.perf_counter()
    arguments = [argument] * calls
    list(executor.map(work, arguments))
    return time.perf_counter() - began

if __name__ == "__main__":
    one = ThreadPoolExecutor(1)
    pools = [ThreadPoolExecutor(max_workers),
             ProcessPoolExecutor(max_workers)]
    for pool in pools:  # start the workers
        list(pool.map(abs, range(max_workers)))
    for work, argument in [
            (cpu_bound, size), (io_bound, wait),
            (scientific, np.arange(elements, dtype=float))]:
        alone = measure(one, work, argument)
        print(work.__name__, *[
            alone / measure(pool, work, argument)
            for pool in pools])
