"""What threads cost under CPython's lock: counting, pandas' hash of strings, and the convoy. The same work as programs
gil-count, nogil-hash and gil-convoy, which `www/bench/interpreter.bench.js` runs.

    pip install -r tests/reference/requirements.txt
    python benches/interpreter_lock.py > interpreter_lock.json

Medians of the rounds after one that is not counted.
"""

import json
import platform
import statistics
import sys
import time
from threading import Barrier, Thread

import numpy as np
import pandas
from pandas.util import hash_array

ROUNDS = 5
COUNTS = 1 << 23
STRINGS = 1 << 20
CALLS = 100
WAIT_US = 100
INTERVALS_MS = 0.5, 1, 5, 20


def count(n):
    while n > 0:
        n -= 1


def hashed(part):
    # It unpacks the strings with the lock, and hashes them without.
    hash_array(part, categorize=False)


def median(measure, *arguments):
    return statistics.median([measure(*arguments) for _ in range(1 + ROUNDS)][1:])


def milliseconds(function, parts):
    """How long threads take that do `function` of one part each."""
    threads = [Thread(target=function, args=[part]) for part in parts]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - start) * 1e3


def calls_per_s(counts):
    """How many short calls one thread makes in a second, beside another that counts if it has anything to count."""
    together = Barrier(2)

    def count_beside():
        together.wait()
        count(counts)

    beside = Thread(target=count_beside)
    beside.start()
    together.wait()
    made, start = 0, time.perf_counter()
    while made < CALLS and (counts == 0 or beside.is_alive()):
        time.sleep(WAIT_US / 1e6)
        made += 1
    took = time.perf_counter() - start
    beside.join()
    return made / took


def main():
    objects = np.array([f"https://example.org/customers/{i:07}/orders" for i in range(STRINGS)], dtype=object)
    results = {
        "python": platform.python_version(),
        "pandas": pandas.__version__,
        "count": [median(milliseconds, count, [COUNTS // threads] * threads) for threads in (1, 2)],
        "hash": [median(milliseconds, hashed, np.array_split(objects, threads)) for threads in (1, 2)],
        "alone": median(calls_per_s, 0),
        "convoy": [],
    }
    for interval_ms in INTERVALS_MS:
        sys.setswitchinterval(interval_ms / 1e3)
        results["convoy"].append({"interval_ms": interval_ms, "calls_per_s": median(calls_per_s, COUNTS)})
    json.dump(results, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
