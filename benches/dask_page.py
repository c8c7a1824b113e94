"""What a page costs a Dask cluster: the time of a task that does nothing, with no page, with one that watches, and with
one that runs the graph.

    python benches/dask_page.py > dask_page.json

A scheduler and two workers of one thread each. The three ways take turns, so that they share whatever else the machine
does; figures are microseconds per task, medians of the turns.
"""

import asyncio
import json
import os
import pathlib
import re
import statistics
import sys
import time

SOURCE = pathlib.Path(__file__).parents[1] / "dask" / "src"
sys.path.insert(0, str(SOURCE))
os.environ["PYTHONPATH"] = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])

import dask.config
from distributed import Client, LocalCluster
from tornado.websocket import websocket_connect

import dask_dagdeck
from dask_dagdeck import operations

TASKS = int(os.environ.get("PAGE_TASKS", "2000"))
TURNS = int(os.environ.get("PAGE_TURNS", "5"))
TOKEN = "measured"


async def connect(url):
    socket = await websocket_connect(url, max_message_size=2**30)
    await socket.write_message(json.dumps({"type": "hello", "dagdeck": 1, "token": TOKEN}))
    assert json.loads(await socket.read_message())["type"] == "ready"
    return socket


async def without_a_page(client, turn):
    """A client of Dask runs the graph."""
    operation = operations.read("no-op", "op")
    graph = {f"task-{turn}-{i}": (operation,) for i in range(TASKS)}
    start = time.perf_counter()
    await client.gather(client.get(graph, list(graph), sync=False))
    return time.perf_counter() - start


async def watched(client, turn, url):
    """The same, while a page watches."""
    socket = await connect(url)
    await socket.write_message(json.dumps({"type": "watch", "id": 1}))
    reading = asyncio.create_task(read_all(socket))
    seconds = await without_a_page(client, f"watched-{turn}")
    socket.close()
    await reading
    return seconds


async def read_all(socket):
    while await socket.read_message() is not None:
        pass


async def from_a_page(url):
    """A page runs the graph, and is told of every task."""
    socket = await connect(url)
    tasks = {f"task-{i}": {"op": "no-op"} for i in range(TASKS)}
    graph = {"dagdeck": 1, "tasks": tasks, "targets": list(tasks)}
    start = time.perf_counter()
    await socket.write_message(json.dumps({"type": "run", "id": 1, "graph": graph}))
    while True:
        message = await socket.read_message()
        if isinstance(message, str) and (told := json.loads(message))["type"] in ("finished", "failed"):
            break
    seconds = time.perf_counter() - start
    assert told["type"] == "finished", told
    socket.close()
    return seconds


async def main(cluster):
    port = re.search(r":(\d+)/", cluster.dashboard_link)[1]
    url = f"ws://127.0.0.1:{port}/dagdeck"
    seconds = {"no page": [], "a page watches": [], "a page runs it": []}
    async with Client(cluster.scheduler_address, asynchronous=True, set_as_default=False) as client:
        await without_a_page(client, "first")
        for turn in range(TURNS):
            seconds["no page"].append(await without_a_page(client, turn))
            seconds["a page watches"].append(await watched(client, turn, url))
            seconds["a page runs it"].append(await from_a_page(url))
    us = {way: statistics.median(times) * 1e6 / TASKS for way, times in seconds.items()}
    json.dump({"tasks": TASKS, "turns": TURNS, "us": us}, sys.stdout, indent=1)


if __name__ == "__main__":
    dask_dagdeck.install()
    dask.config.set({"dagdeck.token": TOKEN, "distributed.worker.daemon": True})
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=40) as cluster:
        asyncio.run(main(cluster))
