"""The cases of www/bench/arrays.bench.js in Dask: a peer that takes turns with the page.

Reads the name of a case per line, computes it once on two threads, and answers with the time in milliseconds. What a
case persists is computed on the first request and not counted.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import functools
import sys
import time

import dask.array as da

WORKERS = 2


def normal(n=4000, chunk=500):
    return da.random.default_rng(0).normal(size=(n, n), chunks=chunk)


def transposed_sum():
    x = normal()
    return (x + x.T).mean(axis=0)


def persisted_slice():
    y = normal().persist(scheduler="threads", num_workers=WORKERS)
    return (y + y.T)[::2, 2000:].mean(axis=1)


def dot():
    x = normal(n=1500)
    return x.dot(x.T).sum()


CASES = {
    "normal(4000, 4000).mean()": lambda: normal().mean(),
    "(x + x.T).mean(axis=0)": transposed_sum,
    "(y + y.T)[::2, 2000:].mean(axis=1)": persisted_slice,
    "x.dot(x.T).sum()": dot,
}


@functools.cache
def case(name):
    return CASES[name]()


if __name__ == "__main__":
    for line in sys.stdin:
        array = case(line.strip())
        start = time.perf_counter()
        array.compute(scheduler="threads", num_workers=WORKERS)
        print((time.perf_counter() - start) * 1e3, flush=True)
