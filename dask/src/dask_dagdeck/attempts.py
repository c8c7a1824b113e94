"""The number of an attempt. Dask does not tell a task how often it failed before, but the scheduler knows."""

from __future__ import annotations

from distributed import get_worker
from distributed.utils import sync

#: The name under which the scheduler answers: see `relay.py`.
HANDLER = "dagdeck_attempt"


def attempt() -> int:
    """How many attempts of the task that this thread runs failed before this one. 0 outside of a task."""
    try:
        worker = get_worker()
    except ValueError:
        return 0
    key = worker.get_current_task()

    async def ask() -> int:
        return int(await getattr(worker.scheduler, HANDLER)(key=key))

    return int(sync(worker.loop, ask))
