"""How well the simulation of a cluster predicts a real one: makespans of the gallery's graphs on Dask's LocalCluster with
two workers, beside those that the simulation gives with parameters measured on the same cluster. Beside these are the
simulated makespans of simple placements. Makes benches/cluster.md.

    pip install -r tests/reference/requirements.txt
    cargo build --profile bench --example gallery --example simulate
    python benches/cluster.py target/release/examples > benches/cluster.md

A task sleeps, so two workers have the time of two workers even where cores are shared. The real makespans are medians.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import dask
from dask.distributed import Client, LocalCluster, wait

WORKERS = 2
TASKS = 60
ROUNDS = 3
# Milliseconds of a task, and bytes of its value.
RUNS = (10, 1000), (50, 1000), (10, 1_000_000)
PLACEMENTS = "random", "round robin", "stealing only"
AIM = 0.3

# What is measured of the cluster.
NO_OPS = 500
WORK_TO_CALIBRATE_MS = 20
BLOCK = 32_000_000


def sleep(ms, size, *needed):
    time.sleep(ms / 1e3)
    return bytes(size)


def graph_of(dependencies, run, *arguments):
    # Every run has keys of its own: Dask keeps what it has computed.
    return {f"{run}-{task}": (sleep, *arguments, *(f"{run}-{other}" for other in needed))
            for task, needed in enumerate(dependencies)}


def makespan_ms(client, exported, run, *arguments):
    graph = graph_of(exported["dependencies"], run, *arguments)
    start = time.perf_counter()
    futures = client.get(graph, [f"{run}-{target}" for target in exported["targets"]], sync=False)
    wait(futures)
    return (time.perf_counter() - start) * 1e3


def measured(client, shapes):
    """The parameters of the cluster: what a decision and a message take, and how fast bytes move."""
    def per_task_ms(shape, work=0):
        times = [makespan_ms(client, shapes[shape], f"{shape}-measured-{work}-{i}", work, 0) for i in range(1 + ROUNDS)]
        return statistics.median(times[1:]) / len(shapes[shape]["dependencies"])

    def per_task_ms_of(work):
        return per_task_ms("independent", work) * WORKERS

    # Without work, the scheduler is what a run of independent tasks waits for. With work, a slot is, and it takes longer
    # than the work. In a chain a task waits for its decision, for messages both ways, and for the slot.
    decision_ms, hop_ms = per_task_ms("independent"), per_task_ms("chain")
    overhead_ms = max(0.0, per_task_ms_of(WORK_TO_CALIBRATE_MS) - WORK_TO_CALIBRATE_MS)
    one, other = list(client.scheduler_info()["workers"])[:WORKERS]
    rates = []
    for i in range(ROUNDS):
        block = client.submit(bytes, BLOCK, workers=[one], key=f"block-{i}")
        wait(block)
        start = time.perf_counter()
        wait(client.submit(len, block, workers=[other], key=f"length-{i}"))
        rates.append(BLOCK / ((time.perf_counter() - start) * 1e3))
    return overhead_ms, {"decision_ms": decision_ms, "latency_ms": max(0.05, (hop_ms - decision_ms - overhead_ms) / 2),
                         "bytes_per_ms": statistics.median(rates)}


def exported_graphs(folder, tasks):
    lines = subprocess.run([folder / "gallery", str(tasks)], check=True, capture_output=True, text=True).stdout
    graphs = map(json.loads, lines.splitlines())
    return {graph["shape"]: graph for graph in graphs if graph["seed"] == 0}


class Simulation:
    def __init__(self, folder, parameters):
        self.parameters = {"seed": 0, "tasks": TASKS, "nodes": WORKERS, "slots": 1, **parameters}
        self.process = subprocess.Popen([folder / "simulate"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def makespan_ms(self, **given):
        print(json.dumps({**self.parameters, **given}), file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def main():
    folder = Path(sys.argv[1])
    shapes = exported_graphs(folder, TASKS)
    no_ops = exported_graphs(folder, NO_OPS)
    rows, errors = [], []
    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        overhead_ms, parameters = measured(client, no_ops)
        print(overhead_ms, parameters, file=sys.stderr)
        simulation = Simulation(folder, parameters)
        for work, size in RUNS:
            for shape, exported in shapes.items():
                runs = [makespan_ms(client, exported, f"{shape}-{work}-{size}-{i}", work, size) for i in range(ROUNDS)]
                real = statistics.median(runs)
                given = {"shape": shape, "task_ms": work + overhead_ms, "value_bytes": size}
                ours = simulation.makespan_ms(**given)
                others = [simulation.makespan_ms(**given, placement=placement) for placement in PLACEMENTS]
                errors.append(ours / real - 1)
                rows.append([shape, len(exported["dependencies"]), work, size // 1000, real, ours, errors[-1], *others])
                print(shape, work, size, f"{real:.0f} {ours:.0f} {errors[-1]:+.1%}", file=sys.stderr)
    header = ["shape", "tasks", "task, ms", "value, kB", "Dask, ms", "simulated, ms", "difference",
              *(f"{placement}, ms" for placement in PLACEMENTS)]
    within = sum(abs(error) <= AIM for error in errors)
    print(f"""# How well the simulation predicts a real cluster

Made by `benches/cluster.py`. Each graph of the gallery ran on Dask's `LocalCluster` with {WORKERS} workers of one thread (medians
of {ROUNDS} runs; tasks sleep, and return a value of the size given). The simulation has {WORKERS} nodes, and parameters that were
measured on the same cluster with other graphs: a decision takes {parameters["decision_ms"]:.2f} ms, a message
{parameters["latency_ms"]:.2f} ms, a worker needs {overhead_ms:.2f} ms for a task besides its sleep, and
{parameters["bytes_per_ms"] / 1e3:.0f} MB move in a second.

The aim is a difference of at most {AIM:.0%}. It is reached in {within} of {len(errors)} runs; the largest difference is
{max(errors, key=abs):+.0%}. The last columns are simulated makespans of simple placements, to compare with.

Machine: {processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, Dask {dask.__version__}; {datetime.now(timezone.utc):%Y-%m-%d}.

| {" | ".join(header)} |
| --- |{" ---: |" * (len(header) - 1)}""")
    for shape, tasks, work, size, real, ours, error, *others in rows:
        figures = [str(tasks), str(work), str(size), f"{real:,.0f}", f"{ours:,.0f}", f"{error:+.0%}", *(f"{ms:,.0f}" for ms in others)]
        print(f"| {shape} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
