"""Compares our static order with Dask's on the gallery's graphs: values held at the peak, and time.

    pip install -r tests/reference/requirements.txt
    cargo run --release --example gallery -- 100 1000 10000 | python benches/order.py > benches/order.md
    cargo run --release --example gallery -- 30 100 1000 10000 | python benches/order.py --fixture

With --fixture it writes Dask's peaks to tests/fixtures/order.json, which tests/order.rs compares with ours. One
simulator follows both orders; it is checked against dask.order.diagnostics. Every task is a real callable, since
dask.order treats plain data separately. The keys are numbers of equal length, so that Dask breaks ties by task number.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from dask._task_spec import Task, TaskRef
from dask.order import diagnostics, order

FIRST_KEY = 10**8
FIXTURE = Path(__file__).parent.parent / "tests" / "fixtures" / "order.json"


def nothing(*args):
    pass


def to_dask(dependencies):
    return {
        FIRST_KEY + task: Task(FIRST_KEY + task, nothing, *(TaskRef(FIRST_KEY + d) for d in row))
        for task, row in enumerate(dependencies)
    }


def values_held(dependencies, targets, sequence):
    """The values held while each task runs: `graph::metrics::values_held` in Python."""
    readers = [0] * len(dependencies)
    for row in dependencies:
        for dependency in row:
            readers[dependency] += 1
    for target in targets:
        readers[target] += 1
    held, curve = 0, []
    for task in sequence:
        held += 1
        curve.append(held)
        for dependency in dependencies[task]:
            readers[dependency] -= 1
            held -= readers[dependency] == 0
    return curve


def check_simulator(graph, targets, dask_graph, dask_order, sequence, curve):
    """Dask counts before a task's output exists, and does not count values without dependents."""
    _, pressure = diagnostics(dask_graph, dask_order)
    taken = {dependency for row in graph for dependency in row}
    ends = 0
    for task, held, dasks in zip(sequence, curve, pressure, strict=True):
        assert held == dasks + 1 + ends, (task, held, dasks, ends)
        ends += task in targets and task not in taken


def compare(line):
    case = json.loads(line)
    graph, targets = case.pop("dependencies"), set(case.pop("targets"))
    ours = case.pop("order")
    assert sorted(ours) == list(range(len(graph)))
    dask_graph = to_dask(graph)
    start = time.perf_counter()
    dask_order = order(dask_graph)
    case["dask_us_per_task"] = (time.perf_counter() - start) * 1e6 / len(graph)
    sequence = [key - FIRST_KEY for key in sorted(dask_graph, key=dask_order.__getitem__)]
    curve = values_held(graph, targets, sequence)
    check_simulator(graph, targets, dask_graph, dask_order, sequence, curve)
    case["len"] = len(graph)
    case["peak"] = max(values_held(graph, targets, ours))
    case["dask_peak"] = max(curve)
    return case


def table(cases):
    print("# Static order, compared with Dask's\n")
    print("The peak number of values that one worker holds, and the time to find the order.")
    print(f"Made by `benches/order.py` with Dask {version('dask')}; times are from one shared machine of two cores,")
    print("ours the median of nine runs, Dask's of one.\n")
    print("| shape | tasks | peak | Dask's peak | us per task | Dask's us per task |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for case in cases:
        name = case["shape"] + (f" (seed {case['seed']})" if case["shape"] == "random-layered" else "")
        peaks = f"{case['peak']} | {case['dask_peak']}"
        print(f"| {name} | {case['len']} | {peaks} | {case['us_per_task']:.3f} | {case['dask_us_per_task']:.0f} |")


def fixture(cases):
    kept = ({key: case[key] for key in ("shape", "tasks", "seed", "dask_peak")} for case in cases)
    lines = [json.dumps(case) for case in kept]
    FIXTURE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{FIXTURE}: {len(lines)} graphs")


if __name__ == "__main__":
    compared = [compare(line) for line in sys.stdin]
    fixture(compared) if "--fixture" in sys.argv else table(compared)
