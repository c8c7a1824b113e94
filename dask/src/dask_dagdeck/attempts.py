"""What Dask does not tell a task: the number of its attempt, and whether it was cancelled.

Files that a page exports for plain Dask have functions of their own for this (www/src/page/python-file.js).
"""

from __future__ import annotations

from distributed import Worker, get_worker
from distributed.utils import sync

#: The name under which the scheduler says how often a task has failed: see `relay.py`.
HANDLER = "dagdeck_attempt"


class Cancelled(Exception):
    """Nobody wants the value of this task any more: its run has ended, or its page has left."""


def attempt() -> int:
    """How many attempts of the task that this thread runs failed before this one. 0 outside of a task."""
    worker = _worker()
    if worker is None:
        return 0
    key = worker.get_current_task()

    async def ask() -> int:
        return int(await getattr(worker.scheduler, HANDLER)(key=key))

    return int(sync(worker.loop, ask))


def stop_if_cancelled() -> None:
    """Ends the task that this thread runs, if it was cancelled. Dask cannot interrupt a thread."""
    worker = _worker()
    if worker is None:
        return
    state = worker.state.tasks.get(worker.get_current_task())
    if state is None or state.state == "cancelled":
        raise Cancelled


def _worker() -> Worker | None:
    """The worker whose task this thread runs."""
    try:
        return get_worker()
    except ValueError:
        return None
