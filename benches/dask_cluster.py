"""What a task that does nothing costs on Dask's distributed scheduler: on the graphs that the cluster in the page runs
(www/bench/nodes.bench.js), with the same numbers of workers.

    pip install -r tests/reference/requirements.txt
    cargo run --release --example gallery -- 2000 > graphs.jsonl
    python benches/dask_cluster.py graphs.jsonl > dask_cluster.json

The workers are processes of one thread each, and run before the time starts. Figures are microseconds per task, medians.
"""

import json
import os
import statistics
import sys
import time

from dask.distributed import Client, LocalCluster, wait

SHAPES = "independent", "chain", "tree", "map-reduce"
WORKERS = 1, 2, 4
ROUNDS = int(os.environ.get("CLUSTER_ROUNDS", "3"))


def nothing(*needed):
    pass


def seconds(client, exported, run):
    # Every run has keys of its own: Dask keeps what it has computed.
    graph = {f"{run}-{task}": (nothing, *(f"{run}-{other}" for other in needed))
             for task, needed in enumerate(exported["dependencies"])}
    start = time.perf_counter()
    wait(client.get(graph, [f"{run}-{target}" for target in exported["targets"]], sync=False))
    return time.perf_counter() - start


def exported_graphs(path):
    with open(path) as lines:
        graphs = {graph["shape"]: graph for graph in map(json.loads, lines) if graph["seed"] == 0}
    return {shape: graphs[shape] for shape in SHAPES}


def main():
    graphs = exported_graphs(sys.argv[1])
    rows = []
    for workers in WORKERS:
        with (LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
              Client(cluster) as client):
            client.wait_for_workers(workers)
            seconds(client, graphs["independent"], "first")
            for shape, exported in graphs.items():
                times = [seconds(client, exported, f"{shape}-{i}") for i in range(ROUNDS)]
                us = statistics.median(times) * 1e6 / len(exported["dependencies"])
                rows.append({"shape": shape, "nodes": workers, "us": us})
    json.dump({"rounds": ROUNDS, "no_op": rows}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
