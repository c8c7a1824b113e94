"""What Dask's local schedulers cost on the graphs that we measure ours on: threaded with two workers, and synchronous.

    pip install -r tests/reference/requirements.txt
    cargo run --release --example gallery -- 10000 100000 > graphs.jsonl
    python benches/dask_overhead.py graphs.jsonl > dask.json

The tasks do nothing, like no-op. A run's time is split into its preparation (Dask's static order and its tables) and the
rest, which corresponds to our makespan. Figures are in microseconds per task: medians of three runs after one that is
not counted. A graph of the second size takes ten seconds or more, so only a tree runs, once.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import platform
import statistics
import sys
import time
from importlib.metadata import version

import dask.local
import dask.threaded
from dask.callbacks import Callback
from order import to_dask

SHAPES = "independent", "chain", "tree", "fork-join", "random-layered"
WORKERS = 2
RUNS = 3
SCHEDULERS = {
    "threaded": lambda graph, keys: dask.threaded.get(graph, keys, num_workers=WORKERS),
    "sync": dask.local.get_sync,
}


def timed(get, graph, keys):
    """The seconds that one run takes: in total, and after its preparation."""
    prepared = []
    with Callback(start_state=lambda *_: prepared.append(time.perf_counter())):
        start = time.perf_counter()
        get(graph, keys)
        stop = time.perf_counter()
    return stop - start, stop - prepared[0]


def overhead(case, scheduler, runs, uncounted):
    graph = to_dask(case["dependencies"])
    keys = sorted(graph)
    targets = [keys[task] for task in case["targets"]]
    times = [timed(SCHEDULERS[scheduler], graph, targets) for _ in range(uncounted + runs)]
    whole, rest = (statistics.median(column) * 1e6 / len(graph) for column in zip(*times[uncounted:], strict=True))
    return {
        "shape": case["shape"],
        "size": case["tasks"],
        "scheduler": scheduler,
        "whole_us": whole,
        "us": rest,
        "runs": runs,
    }


def overheads(path):
    smallest = None
    with open(path) as lines:
        for line in lines:
            case = json.loads(line)
            smallest = smallest or case["tasks"]
            if case["shape"] not in SHAPES or case["seed"] != 0:
                continue
            if case["tasks"] == smallest:
                yield overhead(case, "threaded", runs=RUNS, uncounted=1)
                yield overhead(case, "sync", runs=RUNS, uncounted=1)
            elif case["shape"] == "tree":
                yield overhead(case, "threaded", runs=1, uncounted=0)


if __name__ == "__main__":
    figures = {
        "versions": {"Python": platform.python_version(), "Dask": version("dask"), "NumPy": version("numpy")},
        "workers": WORKERS,
        "no_op": list(overheads(sys.argv[1])),
    }
    json.dump(figures, sys.stdout, indent=1)
