"""What a call costs in Python's process pools, with two processes: a function that does nothing, and a block of 8 MB that
goes to a process and comes back.

    pip install -r tests/reference/requirements.txt
    python benches/process_pools.py > process_pools.json

Medians of the rounds after one that is not counted. All calls of a round are submitted before the first result is asked
for.
"""

import concurrent.futures
import json
import multiprocessing
import platform
import statistics
import sys
import time

import numpy as np

WORKERS = 2
ROUNDS = 5
CALLS = 2000
BLOCKS = 10
BLOCK = np.zeros(1_000_000)


def same(value):
    return value


def futures_pool(pool, arguments):
    futures = [pool.submit(same, argument) for argument in arguments]
    for future in futures:
        future.result()


def multiprocessing_pool(pool, arguments):
    results = [pool.apply_async(same, [argument]) for argument in arguments]
    for result in results:
        result.get()


def seconds(run, pool, arguments):
    times = []
    for _ in range(1 + ROUNDS):
        start = time.perf_counter()
        run(pool, arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def measured(name, run, pool):
    calls, blocks = seconds(run, pool, [None] * CALLS), seconds(run, pool, [BLOCK] * BLOCKS)
    # A call has the block both ways.
    return {"name": name, "us": calls / CALLS * 1e6, "gb_per_s": 2 * BLOCK.nbytes * BLOCKS / blocks / 1e9}


def main():
    context = multiprocessing.get_context("spawn")
    rows = []
    with concurrent.futures.ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        rows.append(measured("concurrent.futures.ProcessPoolExecutor", futures_pool, pool))
    with context.Pool(WORKERS) as pool:
        rows.append(measured("multiprocessing.Pool", multiprocessing_pool, pool))
    json.dump({"python": platform.python_version(), "calls": CALLS, "pools": rows}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
