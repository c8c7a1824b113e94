"""Dask's time for the array-mean program, threaded scheduler with two workers: the median of nine runs.

    pip install -r tests/reference/requirements.txt && python benches/array_mean.py

The peer of `make bench`: run both, one after the other, on the same machine.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import statistics
import time

import dask.array as da

N, CHUNK, WORKERS, RUNS = 4000, 500, 2, 9

x = da.random.default_rng(0).normal(size=(N, N), chunks=CHUNK)
mean = (x + x.T).mean(axis=0)
mean.compute(scheduler="threads", num_workers=WORKERS)
times_ms = []
for _ in range(RUNS):
    start = time.perf_counter()
    mean.compute(scheduler="threads", num_workers=WORKERS)
    times_ms.append((time.perf_counter() - start) * 1e3)
print(f"array-mean, n = {N}, chunk = {CHUNK}: {statistics.median(times_ms):.0f} ms")
