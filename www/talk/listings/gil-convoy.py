import sys
import time
from threading import Thread

calls = 100
wait = 100
ticks = 8388608

def count(n):
    while n > 0:
        n -= 1

def call():
    time.sleep(wait / 1e6)

def round_trips(worker):
    made = 0
    start = time.perf_counter()
    while made < calls and worker.is_alive():
        call()
        made += 1
    return made / (time.perf_counter() - start)

for interval in [500, 1000, 5000, 20000]:
    sys.setswitchinterval(interval / 1e6)
    worker = Thread(target=count, args=(ticks,))
    worker.start()
    print(interval, round_trips(worker), "1/s")
    worker.join()
