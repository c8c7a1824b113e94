"""Dask's own client, in the scheduler's process: it submits the graphs of a page.

The clients of all pages have an event loop in a thread of their own: one that prepares a large graph holds up neither
the scheduler's loop nor Dask's other clients.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import threading
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import distributed
from distributed import Client

from .graph import DaskKey, Graph

if TYPE_CHECKING:
    from distributed.scheduler import Scheduler

T = TypeVar("T")


class PageClient:
    """The client of one page. Its methods are called in the scheduler's loop, and work in that of the clients."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @staticmethod
    async def connect(scheduler: Scheduler) -> PageClient:
        async def open_client() -> Client:
            return await Client(
                scheduler.address,
                asynchronous=True,
                set_as_default=False,
                security=_as_client(scheduler.security),
                name="dagdeck-page",
            )

        return PageClient(await _there(open_client()))

    async def submit(self, graph: Graph, keys: Sequence[DaskKey]) -> list[Any]:
        """Submits a graph whose tasks have these keys in Dask. Returns the futures of its targets."""

        async def get() -> list[Any]:
            wanted = [keys[target] for target in graph.targets]
            # Dask takes the first tasks by these; then `RunListener.added` gives all tasks their priorities.
            priority = graph.ranks(keys).get
            futures: list[Any] = self._client.get(graph.dask_graph(keys), wanted, sync=False, priority=priority)
            return futures

        return await _there(get())

    async def wait(self, futures: Sequence[Any]) -> None:
        """Waits until each future has a value or an error."""

        async def wait() -> None:
            with self._client.as_current():
                await distributed.wait(futures)

        await _there(wait())

    async def gather(self, futures: Sequence[Any]) -> list[Any]:
        """The values of futures. Those that have none are left out."""

        async def gather() -> list[Any]:
            values: list[Any] = await self._client.gather(futures, errors="skip") if futures else []
            return values

        return await _there(gather())

    async def cancel(self, futures: Sequence[Any]) -> None:
        async def cancel() -> None:
            if self._client.status == "running":
                await self._client.cancel(futures, force=True)

        await _there(cancel())

    async def close(self) -> None:
        async def close() -> None:
            await self._client.close()

        await _there(close())


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of the clients."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="dagdeck-clients", daemon=True).start()
    return loop


async def _there(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine in the loop of the clients."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, _loop()))


def _as_client(security: Any) -> Any:
    """Uses the scheduler's certificate: `dask scheduler --tls-cert` configures none for clients."""
    own = copy.copy(security)
    own.tls_client_cert, own.tls_client_key = security.tls_scheduler_cert, security.tls_scheduler_key
    return own
