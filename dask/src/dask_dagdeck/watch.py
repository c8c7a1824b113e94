"""A page that watches: it gets all tasks on the scheduler, from all clients."""

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
        #: What the page knows of `missed`.
        self._told_missed = 0

    @property
    def waiting(self) -> bool:
        """Whether there are tasks that were not taken yet."""
        return bool(self._new)

    def place(self, key: DaskKey) -> int | None:
        return self._places.get(key)

    def added(self, tasks: Iterable[TaskState]) -> None:
        """Numbers the tasks that are new, each after its dependencies: any first part of all tasks is a graph."""
        fresh = {state.key: state for state in tasks if state.key not in self._places}
        for state in list(fresh.values()):
            path = [state]
            while path:
                last = path[-1]
                first = [one for one in last.dependencies if one.key in fresh] if last.key in fresh else []
                if first:
                    path += first
                else:
                    path.pop()
                    if fresh.pop(last.key, None) is not None:
                        self._add(last)

    def _add(self, state: TaskState) -> None:
        if len(self._places) >= MOST_TASKS:
            self.missed += 1
            return
        places = [self._places.get(dependency.key) for dependency in state.dependencies]
        self._places[state.key] = len(self._places)
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
                self.feed.mark(place, holder.address if holder else None, COMPUTE)

    def take(self, most: int = 20_000) -> dict[str, Any] | None:
        """Tasks that are new since the last time, the first `most` of them."""
        if not self._new and self.missed == self._told_missed:
            return None
        self._told_missed = self.missed
        batch, self._new = self._new[:most], self._new[most:]
        return {
            "keys": [key for key, _ in batch],
            "dependencies": [places for _, places in batch],
            "missed": self.missed,
        }
