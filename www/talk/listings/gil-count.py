import sys
import time
from threading import Thread

threads = 2
ticks = 8388608
interval = 5000

sys.setswitchinterval(interval / 1e6)

def count(n):
    while n > 0:
        n -= 1

def measure(threads):
    workers = [
        Thread(target=count, args=(ticks // threads,))
        for _ in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start

for number in [1, threads]:
    print(number, measure(number) * 1e3, "ms")
