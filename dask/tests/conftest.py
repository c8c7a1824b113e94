"""A real cluster for the tests: a scheduler in this process, workers in others."""

from __future__ import annotations

import asyncio
import json
import os
import re
import struct
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE = str(HERE.parent / "src")

# Workers are processes that import the package.
os.environ["PYTHONPATH"] = os.pathsep.join([SOURCE, str(HERE), os.environ.get("PYTHONPATH", "")])

import dask.config  # noqa: E402
import pytest  # noqa: E402
from distributed import LocalCluster  # noqa: E402
from tornado.httpclient import HTTPRequest  # noqa: E402
from tornado.websocket import WebSocketClientConnection, websocket_connect  # noqa: E402

import dask_dagdeck  # noqa: E402

TOKEN = "a-token-for-tests"
ORIGIN = "http://localhost:8080"

#: Nothing that a test waits for takes as long.
LIMIT_SECONDS = 30


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    dask_dagdeck.install()
    dask.config.set({"dagdeck.token": TOKEN, "distributed.worker.daemon": True})
    with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address="127.0.0.1:0", silence_logs=40) as cluster:
        yield cluster


@pytest.fixture
def url(cluster: LocalCluster) -> str:
    port = re.search(r":(\d+)/", cluster.dashboard_link)
    assert port
    return f"ws://127.0.0.1:{port[1]}/dagdeck"


class Page:
    """A page, as the scheduler sees it: what it was told, by kind."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []
        self.tasks: list[dict[str, Any]] = []
        self.values: dict[tuple[int, int], bytes] = {}
        self.closed = False

    async def say(self, **message: Any) -> None:
        await self.socket.write_message(json.dumps(message))

    async def hear(self) -> dict[str, Any] | None:
        """The next message that is neither events, nor tasks, nor a value. `None` if the connection was closed."""
        while True:
            message = await asyncio.wait_for(self.socket.read_message(), LIMIT_SECONDS)
            if message is None:
                self.closed = True
                return None
            if isinstance(message, bytes):
                run, target = struct.unpack_from("<II", message)
                self.values[run, target] = message[8:]
                continue
            told: dict[str, Any] = json.loads(message)
            if told["type"] == "events":
                self.events.append(told)
            elif told["type"] == "tasks":
                self.tasks.append(told)
            elif told["type"] != "alive":
                return told

    async def hear_of(self, *kinds: str) -> dict[str, Any]:
        while (told := await self.hear()) is not None:
            if told["type"] in kinds:
                return told
        raise AssertionError(f"closed ({self.socket.close_reason}) before {kinds}")

    async def run(self, graph: dict[str, Any], run_id: int = 1, **options: Any) -> dict[str, Any]:
        """Runs a graph to its end."""
        await self.say(type="run", id=run_id, graph=graph, **options)
        return await self.hear_of("finished", "failed", "refused")

    def slices(self, run_id: int = 1) -> list[dict[str, float]]:
        """All slices of a run, one by one."""
        rows = []
        for batch in self.events:
            if batch["id"] == run_id:
                columns = batch["slices"]
                rows += [dict(zip(columns, row)) for row in zip(*columns.values())]
        return rows

    def lanes(self, run_id: int = 1) -> dict[int, dict[str, Any]]:
        return {lane["id"]: lane for batch in self.events if batch["id"] == run_id for lane in batch["lanes"]}


async def connect(url: str, token: str | None = TOKEN, origin: str | None = ORIGIN, **options: Any) -> Page:
    headers = {} if origin is None else {"Origin": origin}
    socket = await websocket_connect(HTTPRequest(url, headers=headers, **options), max_message_size=2**30)
    page = Page(socket)
    if token is not None:
        await page.say(type="hello", dagdeck=1, token=token)
    return page


def with_page(url: str, test: Callable[[Page], Awaitable[None]]) -> None:
    """Runs a test that talks to the scheduler as a page."""

    async def main() -> None:
        page = await connect(url)
        ready = await page.hear()
        assert ready is not None and ready["type"] == "ready", ready
        try:
            await test(page)
        finally:
            page.socket.close()

    asyncio.run(asyncio.wait_for(main(), 2 * LIMIT_SECONDS))


def fixture(name: str) -> Any:
    return json.loads((HERE / name).read_text())


sys.path.insert(0, SOURCE)
