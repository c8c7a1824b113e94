"""A page that watches: it is told of all tasks on the scheduler, whoever submitted them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .feed import COMPUTE, Feed
from .graph import DaskKey

if TYPE_CHECKING:
    from distributed.scheduler import Scheduler, TaskState

#: Tasks that one page can watch. Further ones are counted.
MOST_TASKS = 1_000_000


class Watcher:
    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        #: Tasks that were added when there was no room for more.
        self.missed = 0
        self._places: dict[DaskKey, int] = {}
        self._new: list[tuple[str, list[int]]] = []

    def place(self, key: DaskKey) -> int | None:
        return self._places.get(key)

    def added(self, tasks: Iterable[TaskState]) -> None:
        fresh: list[TaskState] = []
        for state in tasks:
            if state.key in self._places:
                continue
            if len(self._places) >= MOST_TASKS:
                self.missed += 1
                continue
            self._places[state.key] = len(self._places)
            fresh.append(state)
        for state in fresh:
            places = [self._places.get(dependency.key) for dependency in state.dependencies]
            self._new.append((str(state.key)[:1000], sorted(place for place in places if place is not None)))

    def failed(self, place: int, key: DaskKey) -> None:
        """Nobody waits for it here."""

    def snapshot(self, scheduler: Scheduler) -> None:
        """The tasks that were there before. Those whose values are in memory have run."""
        self.added(scheduler.tasks.values())
        for state in scheduler.tasks.values():
            place = self._places.get(state.key)
            if place is not None and state.state == "memory":
                holder = next(iter(state.who_has or ()), None)
                self.feed.mark(place, holder.address if holder else None, COMPUTE, self.feed.start)

    def take(self, most: int = 20_000) -> dict[str, Any] | None:
        """Tasks that are new since the last time, the first `most` of them."""
        if not self._new:
            return None
        batch, self._new = self._new[:most], self._new[most:]
        return {"keys": [key for key, _ in batch], "dependencies": [places for _, places in batch]}
