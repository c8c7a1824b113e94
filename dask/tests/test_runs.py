"""Graphs of pages run on a real cluster."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import Any

import dask.config
import numpy as np
import pytest
from conftest import Page, connect, fixture, with_page
from decoded import decode
from distributed import Client, LocalCluster

from dask_dagdeck.client import PageClient
from dask_dagdeck.feed import COMPUTE, ERRED, LOST, RETRY, TRANSFER
from dask_dagdeck.graph import Graph
from dask_dagdeck.page import PageHandler
from dask_dagdeck.relay import RunListener

CASES = fixture("graphs.json")


def call(function: str, *args: Any) -> dict[str, Any]:
    return {"call": {"function": function, "args": list(args)}}


def document(tasks: dict[str, Any], *targets: str) -> dict[str, Any]:
    return {"dagdeck": 1, "tasks": tasks, "targets": list(targets)}


def napping(tasks: int, seconds: float) -> dict[str, Any]:
    """Independent tasks that sleep, and their sum."""
    naps = {f"nap-{i}": {"op": call("sleep", seconds, i)} for i in range(tasks)}
    return document({**naps, "sum-0": {"op": call("sum", *[None] * tasks), "args": list(naps)}}, "sum-0")


def generator(seed: int, child: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(child,)))


def assembled(graph: dict[str, Any], values: list[Any]) -> Any:
    """The blocks of an array, joined by the indices in their keys."""
    indices = [tuple(map(int, re.findall(r", (\d+)", key))) for key in graph["targets"]]
    if not indices[0]:
        [value] = values
        return value
    grid = np.empty([max(axis) + 1 for axis in zip(*indices)], object)
    for index, value in zip(indices, values):
        grid[index] = value
    return np.block(grid.tolist())


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['program']}-{'-'.join(map(str, case['parameters'].values()))}"
)
def test_programs_have_the_results_of_the_reference(url: str, case: dict[str, Any]) -> None:
    graph, expected = case["graph"], case["result"]

    async def test(page: Page) -> None:
        ended = await page.run(graph)
        assert ended["type"] == "finished", ended
        assert ended["errors"] == ended["kept"] == []
        values = [decode(page.values[1, target]) for target in range(len(graph["targets"]))]
        if expected is None:
            assert values == [None] * len(values)
        else:
            value = assembled(graph, values)
            assert (list(value.shape), value.dtype.name) == (expected["shape"], expected["dtype"])
            tolerance = {"atol": 1e-13} if case["program"] == "array-qr" else {"rtol": 1e-12}
            np.testing.assert_allclose(value.ravel(), expected["data"], **tolerance)
        # Every task has run once, and is shown on a thread's lane.
        computed = [slice["task"] for slice in page.slices() if slice["action"] == COMPUTE]
        assert sorted(computed) == list(range(len(graph["tasks"])))

    with_page(url, test)


def test_lanes_are_threads_and_do_one_thing_at_a_time(url: str) -> None:
    async def test(page: Page) -> None:
        ended = await page.run(napping(12, 0.02))
        assert ended["type"] == "finished"
        lanes, slices = page.lanes(), page.slices()
        threads = [lane for lane in lanes.values() if lane["thread"]]
        assert len(threads) == 4 and len({lane["node"] for lane in threads}) == 2
        for lane in lanes:
            of_lane = [slice for slice in slices if slice["lane"] == lane]
            for before, after in zip(of_lane, of_lane[1:]):
                assert before["start"] <= before["stop"] <= after["start"]
        # The sum needs what the other worker has.
        moved = [slice for slice in slices if slice["action"] == TRANSFER]
        assert moved and all(slice["bytes"] > 0 and slice["peer"] in lanes for slice in moved)
        assert all(lanes[slice["peer"]]["node"] != lanes[slice["lane"]]["node"] for slice in moved)
        assert ended["makespanMs"] == max(slice["stop"] for slice in slices if slice["action"] == COMPUTE)

    with_page(url, test)


def test_retries_and_priorities_are_kept(url: str) -> None:
    flaky = {f"flaky-{i}": {"op": call("flaky", i, 0.5, i), "retries": 20} for i in range(12)}
    total = {"sum-0": {"op": call("sum", *[None] * 12), "args": list(flaky)}}

    async def test(page: Page) -> None:
        ended = await page.run(document({**flaky, **total}, "sum-0"))
        assert ended["type"] == "finished", ended
        assert decode(page.values[1, 0]) == sum(range(12))
        # The seeds say how often each one fails, whichever worker tries.
        retried = [slice["task"] for slice in page.slices() if slice["action"] == RETRY]
        expected = []
        for i in range(12):
            attempt = 0
            while generator(i, attempt).random() < 0.5:
                expected.append(i)
                attempt += 1
        assert sorted(retried) == expected

        # One at a time on each thread: those with the highest priority start first.
        naps = {f"nap-{i}": {"op": call("sleep", 0.03, i), "priority": i} for i in range(40)}
        assert (await page.run(document(naps, *naps), 2))["type"] == "finished"
        started = sorted((s for s in page.slices(2) if s["action"] == COMPUTE), key=lambda s: s["start"])
        first = [slice["task"] for slice in started[:20]]
        assert min(first) >= 8, first

    with_page(url, test)


def test_a_failure_ends_a_run_unless_it_keeps_going(url: str) -> None:
    tasks = {
        "one": {"op": call("inc", 0)},
        "bad": {"op": call("flaky", 1, 1.0, 0), "retries": 1},
        "after": {"op": call("inc", None), "args": ["bad"]},
    }

    async def test(page: Page) -> None:
        ended = await page.run(document(tasks, "one", "after"))
        assert (ended["type"], ended["message"]) == ("failed", "bad: attempt 2 failed on purpose")
        ended = await page.run(document(tasks, "one", "after"), 2, keepGoing=True)
        assert ended["type"] == "finished"
        assert ended["errors"] == [{"target": 1, "key": "after", "message": "attempt 2 failed on purpose"}]
        assert decode(page.values[2, 0]) == 1
        actions = {slice["task"]: slice["action"] for slice in page.slices(2)}
        assert actions == {0: COMPUTE, 1: ERRED, 2: ERRED}
        # The first run left nothing behind.
        panics = document({"a": {"op": {"panic": "boom"}}}, "a")
        assert (await page.run(panics, 3))["message"] == "a: boom"

    with_page(url, test)


def test_cancel_ends_a_run(cluster: LocalCluster, url: str) -> None:
    async def test(page: Page) -> None:
        await page.say(type="run", id=1, graph=napping(400, 0.2))
        await page.hear_of("started")
        await page.say(type="cancel", id=1)
        ended = await page.hear_of("failed", "finished")
        assert ended["cancelled"] is True
        await until(lambda: not cluster.scheduler.tasks)

    with_page(url, test)


@pytest.mark.parametrize(
    "op",
    [
        {"busy": {"steps": 2**36}},
        call("sleep", 60),
        {"fused": [{"key": f"nap-{i}", "op": call("sleep", 0.9)} for i in range(60)]},
    ],
    ids=["busy", "sleep", "fused"],
)
def test_a_long_task_ends_when_it_is_cancelled(cluster: LocalCluster, url: str, op: Any) -> None:
    tasks = {f"long-{i}": {"op": op} for i in range(4)}

    async def test(page: Page) -> None:
        await page.say(type="run", id=1, graph=document(tasks, *tasks))
        await page.hear_of("started")
        await until(lambda: sum(len(w.processing) for w in cluster.scheduler.workers.values()) == 4)
        await asyncio.sleep(0.3)
        await page.say(type="cancel", id=1)
        assert (await page.hear_of("failed"))["cancelled"]
        # All threads are free again.
        assert (await page.run(document({"a": {"op": call("inc", 1)}}, "a"), 2))["type"] == "finished"

    with_page(url, test)


def test_pages_do_not_mix(url: str) -> None:
    """Two pages run different graphs under the same keys at the same time."""

    async def test(page: Page) -> None:
        other = await connect(url)
        try:
            graphs = [
                document({"x": {"op": call("sleep", 0.1, n)}, "y": {"op": call("inc", None), "args": ["x"]}}, "y")
                for n in (10, 20)
            ]
            ends = await asyncio.gather(page.run(graphs[0]), other.run(graphs[1]))
            assert [end["type"] for end in ends] == ["finished"] * 2
            assert [int(decode(each.values[1, 0])) for each in (page, other)] == [11, 21]
            assert [len(each.slices()) for each in (page, other)] == [2, 2]
        finally:
            other.socket.close()

    with_page(url, test)


def test_large_results_stay_on_the_cluster(cluster: LocalCluster, url: str) -> None:
    ones = {"op": {"full": {"shape": [1000], "fill_value": 1}}}

    async def test(page: Page) -> None:
        ended = await page.run(document({"large": ones, "small": {"op": call("inc", 1)}}, "large", "small"))
        assert ended["kept"] == [{"target": 0, "bytes": 8000}]
        assert list(page.values) == [(1, 1)]
        # It stays until the page lets go of it.
        assert any(str(key).startswith("large-") for key in cluster.scheduler.tasks)
        await page.say(type="release", id=1)
        await until(lambda: not cluster.scheduler.tasks)

    with dask.config.set({"dagdeck.max-value": 4000}):
        with_page(url, test)


def test_values_that_are_kept_stay_until_the_next_run(cluster: LocalCluster, url: str) -> None:
    graph = document({"large": {"op": {"full": {"shape": [1000], "fill_value": 1}}}}, "large")

    async def test(page: Page) -> None:
        for run_id in (1, 2):
            assert (await page.run(graph, run_id))["kept"]
        await until(lambda: len(cluster.scheduler.tasks) == 1)
        # A page that has aborted a run that has just finished says `cancel`.
        await page.say(type="cancel", id=2)
        await until(lambda: not cluster.scheduler.tasks)

    with dask.config.set({"dagdeck.max-value": 4000}):
        with_page(url, test)


def test_partial_means_are_not_sent_if_they_are_large(url: str) -> None:
    block = {"op": {"full": {"shape": [1000], "fill_value": 1}}}
    tasks = {"x": block, "y": {"op": {"mean": {"stage": "chunk", "axes": []}}, "args": ["x"]}}

    async def test(page: Page) -> None:
        ended = await page.run(document(tasks, "y"))
        assert [each["target"] for each in ended["kept"]] == [0], ended
        assert not page.values

    with dask.config.set({"dagdeck.max-value": 4000}):
        with_page(url, test)


def test_a_cancel_while_values_are_sent(cluster: LocalCluster, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send = PageHandler._send

    async def send_and_cancel(self: PageHandler, data: bytes) -> None:
        await send(self, data)
        self._cancel(1)

    async def test(page: Page) -> None:
        ended = await page.run(document({"a": {"op": call("inc", 1)}, "b": {"op": call("inc", 2)}}, "a", "b"))
        assert (ended["type"], ended.get("cancelled")) == ("failed", True)
        assert list(page.values) == [(1, 0)]
        await until(lambda: not cluster.scheduler.tasks)

    monkeypatch.setattr(PageHandler, "_send", send_and_cancel)
    with_page(url, test)


def test_a_run_starts_while_the_plugin_leaves(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = PageHandler._connected

    async def late(self: PageHandler) -> PageClient:
        client = await connected(self)
        # The last listener besides this run goes while the client opens.
        self._unwatch(5)
        return client

    async def test(page: Page) -> None:
        await page.say(type="watch", id=5)
        await page.hear_of("started")
        await page.run(document({"a": {"op": call("inc", 1)}}, "a"))
        assert [slice["action"] for slice in page.slices()] == [COMPUTE]

    monkeypatch.setattr(PageHandler, "_connected", late)
    with_page(url, test)


def test_graphs_are_prepared_outside_of_the_loop_of_the_scheduler(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, set[int]] = {}

    def record(owner: type, name: str) -> None:
        method = getattr(owner, name)

        def recorded(*args: Any, **kwargs: Any) -> Any:
            threads.setdefault(name, set()).add(threading.get_ident())
            return method(*args, **kwargs)

        monkeypatch.setattr(owner, name, recorded)

    for owner, name in [(PageHandler, "_flush"), (Client, "get"), (Graph, "dask_graph"), (Graph, "ranks")]:
        record(owner, name)
    record(RunListener, "__init__")

    async def test(page: Page) -> None:
        assert (await page.run(napping(8, 0.1)))["type"] == "finished"

    with_page(url, test)
    [loop] = threads.pop("_flush")
    assert len(threads) == 4 and all(loop not in of for of in threads.values())


def test_a_worker_is_killed_and_another_one_joins(cluster: LocalCluster, url: str) -> None:
    async def test(page: Page) -> None:
        # Values of 8 kB that lie on both workers when one is killed.
        blocks = {
            f"block-{i}": {"op": {"random": {"shape": [1000], "distribution": "uniform", "seed": i}}} for i in range(30)
        }
        slow = {f"slow-{i}": {"op": call("sleep", 0.1, None), "args": [f"block-{i}"]} for i in range(30)}
        sums = {f"sum-{i}": {"op": {"sum": {"stage": "chunk", "axes": [0]}}, "args": [f"slow-{i}"]} for i in range(30)}
        total = {"total-0": {"op": {"sum": {"stage": "aggregate", "axes": [0]}}, "args": list(sums)}}
        await page.say(type="run", id=1, graph=document({**blocks, **slow, **sums, **total}, "total-0"))
        await page.hear_of("started")
        await until(lambda: sum(ts.state == "memory" for ts in cluster.scheduler.tasks.values()) > 8)
        victim = next(iter(cluster.workers.values()))
        name = victim.name
        victim.process.process.kill()
        cluster.scale(3)
        ended = await page.hear_of("finished", "failed")
        assert ended["type"] == "finished", ended
        expected = sum(generator(i, 0).random(1000).sum() for i in range(30))
        np.testing.assert_allclose(decode(page.values[1, 0]), expected, 1e-12)
        left = [lane for batch in page.events for lane, _ in batch["left"]]
        lanes = page.lanes()
        assert left and {lanes[lane]["node"] for lane in left} == {str(name)}
        # Each task has a compute that was not lost.
        counts = dict.fromkeys(range(91), 0)
        for slice in page.slices():
            counts[int(slice["task"])] += {COMPUTE: 1, LOST: -1}.get(int(slice["action"]), 0)
        assert counts == dict.fromkeys(range(91), 1)

    with_page(url, test)
    cluster.scale(2)


def test_a_worker_that_joins_gets_tasks(cluster: LocalCluster, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(page: Page) -> None:
        await page.say(type="run", id=1, graph=napping(2000, 0.2))
        await page.hear_of("started")
        cluster.scale(3)

        def late() -> set[int]:
            return {lane["id"] for lane in page.lanes().values() if lane["joinedMs"] > 0 and lane["thread"]}

        # The run is much longer than the worker takes to start.
        while not any(slice["lane"] in late() for slice in page.slices()):
            await page.say(type="nothing")
            await page.hear_of("refused")
            await asyncio.sleep(1)
        await page.say(type="cancel", id=1)
        assert (await page.hear_of("failed"))["cancelled"]

    # To ask again and again, the page says things that are refused.
    monkeypatch.setattr("dask_dagdeck.page.MOST_INVALID", 1000)
    with_page(url, test)
    cluster.scale(2)


def test_a_page_that_leaves_takes_its_tasks_along(cluster: LocalCluster, url: str) -> None:
    async def main() -> None:
        page = await connect(url)
        await page.say(type="run", id=1, graph=napping(200, 0.2))
        await page.hear_of("started")
        page.socket.close()
        await until(lambda: not cluster.scheduler.tasks)
        await until(lambda: "dagdeck" not in cluster.scheduler.plugins)

    asyncio.run(main())


def test_watching_shows_what_other_clients_run(
    cluster: LocalCluster, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(x: int) -> int:
        return 2 * x

    async def test(page: Page) -> None:
        async with Client(cluster.scheduler_address, asynchronous=True, set_as_default=False) as client:
            before = client.submit(twice, 1, key="before-0")
            await before
            await page.say(type="watch", id=5)
            await page.hear_of("started")
            futures = client.map(twice, range(50), key=[f"twice-{i}" for i in range(50)])
            total = client.submit(sum, futures, key="total-0")
            assert await total == 2 * sum(range(50))
            await page.say(type="run", id=6, graph=napping(2, 0.0))
            await page.hear_of("finished")
            # The end of a run flushes its own events; a watch is told with the next batches.
            keys: list[str] = []
            dependencies: list[list[int]] = []
            while len([s for s in page.slices(5) if s["action"] == COMPUTE]) < 55:
                await page.say(type="nothing")
                await page.hear_of("refused")
                await asyncio.sleep(0.1)
            for batch in page.tasks:
                keys += batch["keys"]
                dependencies += batch["dependencies"]
            assert keys[0] == "before-0"
            assert {f"twice-{i}" for i in range(50)} <= set(keys)
            assert sorted(dependencies[keys.index("total-0")]) == sorted(keys.index(f"twice-{i}") for i in range(50))
            computed = {keys[int(s["task"])] for s in page.slices(5) if s["action"] == COMPUTE}
            assert computed == set(keys) and len(keys) == 55

    monkeypatch.setattr("dask_dagdeck.page.MOST_INVALID", 1000)
    with_page(url, test)


async def until(condition: Any) -> None:
    """Waits for something that happens in the scheduler."""
    for _ in range(600):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")
