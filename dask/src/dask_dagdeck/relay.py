"""Tells runs and watching pages what the scheduler does: a plugin of Dask's scheduler, there while somebody listens.

It does little for each task, since it runs in the scheduler's loop: pages are sent batches (see `page.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.metrics import time

from .attempts import HANDLER
from .feed import ERRED, LOST, RETRY, Feed
from .graph import DaskKey, Graph

if TYPE_CHECKING:
    from distributed.scheduler import Scheduler, TaskState

NAME = "dagdeck"


class Listener(Protocol):
    """Someone who wants to know of some tasks."""

    feed: Feed

    def place(self, key: DaskKey) -> int | None:
        """The number by which it knows a task; `None` if it does not have the task."""

    def added(self, tasks: Iterable[TaskState]) -> None:
        """Tasks were added to the scheduler."""

    def failed(self, place: int, key: DaskKey) -> None:
        """A task erred, and will not be retried."""


class RunListener:
    """A run: its tasks, by their keys in Dask."""

    def __init__(self, graph: Graph, keys: list[DaskKey], feed: Feed) -> None:
        self.graph = graph
        self.keys = keys
        self.feed = feed
        self.places = {key: place for place, key in enumerate(keys)}
        #: Of tasks that may be retried: the retries that are left, and where they run.
        self._retrying: dict[DaskKey, tuple[int, str | None]] = {
            key: (task.retries, None) for key, task in zip(keys, graph.tasks) if task.retries
        }
        #: The first task that erred.
        self.first_failure: int | None = None
        self.on_failure: Callable[[], None] = lambda: None

    def place(self, key: DaskKey) -> int | None:
        return self.places.get(key)

    def added(self, tasks: Iterable[TaskState]) -> None:
        """Gives its tasks their priorities and retries, before the first of them starts."""
        for state in tasks:
            place = self.places.get(state.key)
            if place is None:
                continue
            task = self.graph.tasks[place]
            generation = state.priority[1] if state.priority else 0
            # The place is the page's static order.
            state.priority = (-task.priority, generation, place)
            state.retries = task.retries

    def processes(self, key: DaskKey, scheduler: Scheduler) -> None:
        """A worker has got the task."""
        if key in self._retrying:
            worker = scheduler.tasks[key].processing_on
            self._retrying[key] = (self._retrying[key][0], worker.address if worker else None)

    def retried(self, key: DaskKey, scheduler: Scheduler) -> str | None:
        """Where the task has failed, if it will be retried; `None` if it is released for another reason."""
        if key not in self._retrying:
            return None
        left, address = self._retrying[key]
        now = scheduler.tasks[key].retries
        self._retrying[key] = (now, None)
        return address if now < left else None

    def failed(self, place: int, key: DaskKey) -> None:
        if self.first_failure is None:
            self.first_failure = place
            self.on_failure()


class Relay(SchedulerPlugin):  # type: ignore[misc]
    """The plugin: one for each scheduler."""

    name = NAME

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        #: Runs by the tokens at the end of their keys' names.
        self.runs: dict[str, RunListener] = {}
        self.watchers: list[Listener] = []
        #: Where a task has run, as long as its run lasts: when it runs again, its value was lost.
        self._computed: dict[DaskKey, str] = {}
        scheduler.handlers[HANDLER] = self.attempt

    @staticmethod
    def of(scheduler: Scheduler) -> Relay:
        """The plugin of this scheduler."""
        relay = scheduler.plugins.get(NAME)
        if relay is None:
            relay = Relay(scheduler)
            scheduler.add_plugin(relay, name=NAME)
        assert isinstance(relay, Relay)
        return relay

    def remove(self, listener: Listener, token: str | None = None) -> None:
        """Forgets a listener. The plugin leaves with the last one."""
        if token is not None:
            self.runs.pop(token, None)
            if isinstance(listener, RunListener):
                for key in listener.keys:
                    self._computed.pop(key, None)
        if listener in self.watchers:
            self.watchers.remove(listener)
        if not self.runs and not self.watchers:
            self._computed.clear()
            if self.scheduler.plugins.get(NAME) is self:
                self.scheduler.remove_plugin(name=NAME)
                self.scheduler.handlers.pop(HANDLER, None)

    def welcome(self, feed: Feed) -> None:
        """Tells a new feed which workers there are."""
        for state in self.scheduler.workers.values():
            feed.join(state.address, _name(state), state.nthreads, feed.start)

    async def attempt(self, key: DaskKey) -> int:
        """How many attempts of a task have failed. A worker that dies takes none of its retries."""
        run = self._run(key)
        place = run.place(key) if run else None
        state = self.scheduler.tasks.get(key)
        if run is None or place is None or state is None:
            return 0
        return run.graph.tasks[place].retries - int(state.retries)

    # --- What the scheduler calls

    def update_graph(self, scheduler: Scheduler, *, tasks: list[DaskKey], **kwargs: Any) -> None:
        states = [scheduler.tasks[key] for key in tasks if key in scheduler.tasks]
        run = self._run(states[0].key) if states else None
        if run:
            run.added(states)
        for watcher in self.watchers:
            watcher.added(states)

    def transition(self, key: DaskKey, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        run = self._run(key)
        if run is None and not self.watchers:
            return
        if finish == "processing":
            if run is not None:
                run.processes(key, self.scheduler)
            return
        listeners: list[Listener] = [run, *self.watchers] if run else self.watchers
        if finish == "memory" and start == "processing":
            self._finished(key, listeners, kwargs)
        elif finish == "erred":
            self._erred(key, listeners, kwargs)
        elif start == "processing" and finish == "released":
            if run is not None and (address := run.retried(key, self.scheduler)) is not None:
                self._mark(key, listeners, RETRY, address)
        elif start == "memory" and finish == "released":
            self._released(key, listeners)
        elif finish == "forgotten":
            self._computed.pop(key, None)

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        state = scheduler.workers[worker]
        for listener in self._everyone():
            listener.feed.join(worker, _name(state), state.nthreads, time())

    def remove_worker(self, scheduler: Scheduler, worker: str, **kwargs: Any) -> None:
        for listener in self._everyone():
            listener.feed.leave(worker, time())

    # --- Parts of these

    def _everyone(self) -> list[Listener]:
        return [*self.runs.values(), *self.watchers]

    def _run(self, key: DaskKey) -> RunListener | None:
        name = key[0] if isinstance(key, tuple) else key
        if not isinstance(name, str):
            return None
        return self.runs.get(name[name.rfind("-") + 1 :])

    def _finished(self, key: DaskKey, listeners: list[Listener], given: dict[str, Any], erred: bool = False) -> None:
        address = given.get("worker")
        startstops = given.get("startstops") or ()
        if not isinstance(address, str):
            return
        before = self._computed.get(key)
        if before is not None and not erred:
            # The value was released since nobody needed it, and now somebody does.
            self._mark(key, listeners, LOST, before)
        moved = self._moved(key, startstops)
        size = int(given.get("nbytes") or 0)
        for listener in listeners:
            place = listener.place(key)
            if place is not None:
                thread = given.get("thread")
                listener.feed.ran(place, address, thread, startstops, erred=erred, size=size, moved=moved)
        if not erred:
            self._computed[key] = address

    def _moved(self, key: DaskKey, startstops: Iterable[dict[str, Any]]) -> dict[str, int]:
        """The bytes of the task's inputs that each worker had from which something was transferred for it."""
        sources = {part["source"] for part in startstops if "source" in part}
        state = self.scheduler.tasks.get(key) if sources else None
        if state is None:
            return {}
        moved = dict.fromkeys(sources, 0)
        for dependency in state.dependencies:
            # The worker that computed it may have dropped it since, when others had it too.
            places = {holder.address for holder in dependency.who_has or ()} | {self._computed.get(dependency.key)}
            for address in places & sources:
                moved[address] += max(0, dependency.nbytes)
        return moved

    def _erred(self, key: DaskKey, listeners: list[Listener], given: dict[str, Any]) -> None:
        cause = given.get("cause")
        itself = cause in (None, key)
        ran = itself and bool(given.get("startstops"))
        if ran:
            self._finished(key, listeners, given, erred=True)
        for listener in listeners:
            place = listener.place(key)
            if place is None:
                continue
            if not ran:
                listener.feed.mark(place, given.get("worker"), ERRED)
            if itself:
                listener.failed(place, key)

    def _released(self, key: DaskKey, listeners: list[Listener]) -> None:
        """A value is gone. If somebody still needs it, a worker has left with it, and the task will run again."""
        state = self.scheduler.tasks.get(key)
        if state is not None and (state.who_wants or state.waiters):
            self._mark(key, listeners, LOST, self._computed.pop(key, None))

    def _mark(self, key: DaskKey, listeners: list[Listener], action: int, address: str | None) -> None:
        for listener in listeners:
            place = listener.place(key)
            if place is not None:
                listener.feed.mark(place, address, action)


def _name(state: Any) -> str:
    """What a worker is called: its name, or the end of its address if it has none."""
    name = str(state.name)
    return name.rpartition("/")[2][:80]
