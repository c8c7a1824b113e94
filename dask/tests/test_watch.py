"""What a page that watches, or runs, is sent, and in which batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from dask_dagdeck import feed as feeds
from dask_dagdeck import watch
from dask_dagdeck.feed import COMPUTE, RETRY, Feed
from dask_dagdeck.page import PageHandler
from dask_dagdeck.watch import Watcher


@dataclass
class Task:
    """As much of a task of the scheduler as is read here."""

    key: str
    dependencies: list[Task] = field(default_factory=list)


def tree(leaves: int) -> list[Task]:
    """Sums of 200 leaves each and their total, with dependents before dependencies, as Dask lists them."""
    tasks = [Task(f"leaf-{i}") for i in range(leaves)]
    sums = [Task(f"sum-{i}", tasks[200 * i : 200 * (i + 1)]) for i in range(leaves // 200)]
    return [Task("total", sums), *sums, *tasks]


def test_every_batch_of_tasks_is_a_graph_with_those_before() -> None:
    watcher = Watcher(Feed(0.0, 10))
    tasks = tree(50_000)
    watcher.added(tasks)
    known = 0
    keys: list[str] = []
    dependencies: list[list[int]] = []
    while (batch := watcher.take()) is not None:
        keys += batch["keys"]
        dependencies += batch["dependencies"]
        assert all(place < len(keys) for places in batch["dependencies"] for place in places)
        assert known < len(keys) <= known + 20_000
        known = len(keys)
    assert sorted(keys) == sorted(task.key for task in tasks)
    assert {keys[place] for place in dependencies[keys.index("sum-7")]} == {f"leaf-{i}" for i in range(1400, 1600)}


def test_a_page_is_told_of_tasks_that_it_cannot_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_TASKS", 3)
    watcher = Watcher(Feed(0.0, 10))
    watcher.added([Task("a"), Task("b")])
    assert (watcher.take() or {})["missed"] == 0
    watcher.added([Task("c"), Task("d"), Task("e")])
    assert watcher.take() == {"keys": ["c"], "dependencies": [[]], "missed": 2}
    assert watcher.take() is None
    watcher.added([Task("f")])
    assert watcher.take() == {"keys": [], "dependencies": [], "missed": 3}


def test_events_are_sent_while_tasks_keep_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, Any]] = []
    page = object.__new__(PageHandler)
    watcher = Watcher(Feed(0.0, 10))
    page._sending, page._runs, page._watchers = None, {}, {5: watcher}
    monkeypatch.setattr(page, "_say", lambda **message: said.append(message))
    watcher.feed.join("tcp://w", "w", 1, 0.0)
    for i in range(3):
        watcher.added([Task(f"a-{i}")])
        watcher.feed.ran(i, "tcp://w", 1, [{"action": "compute", "start": i, "stop": i + 1}])
        page._flush()
    assert [message["type"] for message in said] == ["tasks", "events"] * 3

    # Not before all tasks that the events may name.
    said.clear()
    watcher.added([Task(f"b-{i}") for i in range(30_000)])
    watcher.feed.ran(30_002, "tcp://w", 1, [{"action": "compute", "start": 4, "stop": 5}])
    page._flush()
    page._flush()
    assert [message["type"] for message in said] == ["tasks", "tasks", "events"]


def test_the_last_events_of_a_run_leave_the_loop_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_MOST_TAKEN", 2)
    done: list[str] = []
    page = object.__new__(PageHandler)
    page._sending = None
    monkeypatch.setattr(page, "_say", lambda **message: done.append("batch"))
    feed = Feed(0.0, 10)
    feed.join("tcp://w", "w", 1, 0.0)
    for i in range(6):
        feed.ran(i, "tcp://w", 1, [{"action": "compute", "start": i, "stop": i + 1}])

    async def other() -> None:
        while len(done) < 5:
            done.append("other")
            await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(page._flush_rest(1, feed), other())

    asyncio.run(main())
    assert done == ["batch", "other", "batch", "other", "batch"]


def slices(feed: Feed) -> list[tuple[float, ...]]:
    """The task, action, start and stop of the slices of the next batch."""
    columns = (feed.take() or {"slices": {}})["slices"]
    return list(zip(*(columns.get(name, []) for name in ("task", "action", "start", "stop"))))


def test_a_mark_does_not_cut_a_slice_short() -> None:
    feed = Feed(0.0, 10)
    feed.join("tcp://w", "w", 2, 0.0)
    feed.ran(6, "tcp://w", 1, [{"action": "compute", "start": 0.01, "stop": 0.04}])
    feed.mark(7, "tcp://w", RETRY)
    for thread in (1, 2):
        feed.ran(8, "tcp://w", thread, [{"action": "compute", "start": 0.05, "stop": 0.15}])
    assert slices(feed) == [(6, COMPUTE, 10, 40), (7, RETRY, 40, 40), (8, COMPUTE, 50, 150), (8, COMPUTE, 50, 150)]


def test_batches_of_slices_are_not_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_MOST_TAKEN", 2)
    feed = Feed(0.0, 10)
    feed.join("tcp://w", "w", 1, 0.0)
    for i in range(12):
        feed.ran(i, "tcp://w", 1, [{"action": "compute", "start": i, "stop": i + 1}])
    batches = []
    while batch := slices(feed):
        batches.append([task for task, *_ in batch])
    assert batches == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert feed.dropped == 2
