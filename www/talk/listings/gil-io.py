import time
from concurrent.futures import ThreadPoolExecutor

threads = 4
calls = 8
wait = 50

def call(_):
    # Like reading from a disk or a network: it
    # releases the lock while it waits.
    time.sleep(wait / 1e3)

def measure(threads):
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(call, range(calls)))
    return time.perf_counter() - start

for number in [1, threads]:
    print(number, measure(number) * 1e3, "ms")
