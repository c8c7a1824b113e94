"""What one run, or one page that watches, is told: lanes, and slices of what they did.

A lane does one thing at a time: a thread of a worker. Transfers happen beside the threads, so each worker has lanes of
its own for them. Slices wait here until they are taken in a batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

#: What a slice is: the numbers that the page's trace has for these (www/src/model/actions.js).
COMPUTE, ERRED, TRANSFER, DESERIALIZE, RETRY, LOST, OTHER = 0, 1, 4, 6, 8, 10, 11

_ACTIONS = {"compute": COMPUTE, "transfer": TRANSFER, "deserialize": DESERIALIZE}

#: A worker has at most this many lanes for transfers. More at once are drawn as if they took turns.
_MOST_NETWORK_LANES = 4

_COLUMNS = ("lane", "task", "action", "start", "stop", "bytes", "peer")


@dataclass
class Lane:
    id: int
    label: str
    node: str
    #: Whether it is a thread; otherwise it is for transfers.
    thread: bool
    joined_ms: float
    stop_ms: float = 0.0

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "node": self.node,
            "thread": self.thread,
            "joinedMs": round(self.joined_ms, 3),
        }


@dataclass
class Worker:
    """The lanes of a worker."""

    name: str
    threads: list[Lane]
    #: The lane of each thread that has run something.
    of_thread: dict[object, Lane] = field(default_factory=dict)
    network: list[Lane] = field(default_factory=list)
    left: bool = False


#: The slices of one batch. Writing them as JSON holds up the scheduler's loop, for some milliseconds.
_MOST_TAKEN = 5_000


class Feed:
    """Collects what happens, until it is taken."""

    def __init__(self, start: float, most: int) -> None:
        #: When the run started, on the clock of the scheduler, in seconds.
        self.start = start
        #: The number of slices that were dropped because too many were waiting.
        self.dropped = 0
        #: When the last compute stopped.
        self.stop_ms = 0.0
        self._most = most
        self._workers: dict[str, Worker] = {}
        self._lanes: list[Lane] = []
        self._new_lanes: list[Lane] = []
        self._left: list[list[float]] = []
        self._slices: dict[str, list[float]] = {name: [] for name in _COLUMNS}

    def ms(self, at: float) -> float:
        """A time of the cluster as milliseconds since the start."""
        return max(0.0, (at - self.start) * 1e3)

    def join(self, address: str, name: str, threads: int, at: float) -> None:
        """A worker is there: its lanes are shown before they do something."""
        if address in self._workers and not self._workers[address].left:
            return
        joined = self.ms(at)
        lanes = [self._lane(f"{name} · {i}" if threads > 1 else name, name, joined) for i in range(threads)]
        self._workers[address] = Worker(name, lanes)

    def leave(self, address: str, at: float) -> None:
        worker = self._workers.get(address)
        if worker is None or worker.left:
            return
        worker.left = True
        for lane in [*worker.threads, *worker.network]:
            self._left.append([lane.id, round(max(self.ms(at), lane.stop_ms), 3)])

    def ran(
        self,
        task: int,
        address: str,
        thread: object,
        startstops: Iterable[dict[str, Any]],
        *,
        erred: bool = False,
        size: int = 0,
        moved: dict[str, int] | None = None,
    ) -> bool:
        """A task has run. Returns whether one of the slices is its computation."""
        worker = self._workers.get(address)
        if worker is None:
            return False
        computed = False
        for part in startstops:
            start, stop = self.ms(part["start"]), self.ms(part["stop"])
            action = _ACTIONS.get(part["action"], OTHER)
            if action == COMPUTE:
                computed = True
                self.stop_ms = max(self.stop_ms, stop)
                self._slice(self._thread(worker, thread), task, ERRED if erred else COMPUTE, start, stop, size)
                continue
            lane = self._network(worker, start)
            source = self._workers.get(part.get("source", ""))
            peer = self._home(source).id if source and action == TRANSFER else -1
            size_moved = (moved or {}).get(part.get("source", ""), 0)
            self._slice(lane, task, action, start, stop, size_moved, peer)
        return computed

    def mark(self, task: int, address: str | None, action: int) -> None:
        """Something without a length: a retry, a value that was lost, a task that did not run.

        A thread may be running a task, whose start is only known when it ends. So the mark is placed where the worker's
        last slice has stopped, not at the current time: the next slice could then not start before it.
        """
        worker = self._workers.get(address or "") or next(iter(self._workers.values()), None)
        if worker is None:
            return
        lane = max(worker.threads, key=lambda lane: lane.stop_ms) if worker.threads else self._home(worker)
        self._slice(lane, task, action, lane.stop_ms, lane.stop_ms, 0)

    def take(self) -> dict[str, Any] | None:
        """The next batch of what has been collected; `None` if there is nothing."""
        if not (self._new_lanes or self._left or self._slices["lane"]):
            return None
        slices = {name: column[:_MOST_TAKEN] for name, column in self._slices.items()}
        for column in self._slices.values():
            del column[:_MOST_TAKEN]
        batch = {"lanes": [lane.described() for lane in self._new_lanes], "left": self._left, "slices": slices}
        self._new_lanes, self._left = [], []
        return batch

    def _slice(self, lane: Lane, task: int, action: int, start: float, stop: float, size: int, peer: int = -1) -> None:
        if len(self._slices["lane"]) >= self._most:
            self.dropped += 1
            return
        # Clocks of machines differ a little, and a lane does one thing at a time.
        start = max(start, lane.stop_ms)
        stop = max(start, stop)
        lane.stop_ms = stop
        row = (lane.id, task, action, round(start, 3), round(stop, 3), size, peer)
        for name, value in zip(_COLUMNS, row):
            self._slices[name].append(value)

    def _lane(self, label: str, node: str, joined_ms: float, thread: bool = True) -> Lane:
        lane = Lane(len(self._lanes), label, node, thread, joined_ms, joined_ms)
        self._lanes.append(lane)
        self._new_lanes.append(lane)
        return lane

    def _thread(self, worker: Worker, thread: object) -> Lane:
        lane = worker.of_thread.get(thread)
        if lane is None:
            used = len(worker.of_thread)
            if used < len(worker.threads):
                lane = worker.threads[used]
            else:
                joined = worker.threads[0].joined_ms if worker.threads else 0.0
                lane = self._lane(f"{worker.name} · {used}", worker.name, joined)
                worker.threads.append(lane)
            worker.of_thread[thread] = lane
        return lane

    def _network(self, worker: Worker, start_ms: float) -> Lane:
        """The first lane for transfers that is free at a time, or the one that will be free first."""
        for lane in worker.network:
            if lane.stop_ms <= start_ms:
                return lane
        if len(worker.network) < _MOST_NETWORK_LANES:
            return self._network_lane(worker)
        return min(worker.network, key=lambda lane: lane.stop_ms)

    def _home(self, worker: Worker) -> Lane:
        """The lane that stands for the worker's side of a transfer."""
        return worker.network[0] if worker.network else self._network_lane(worker)

    def _network_lane(self, worker: Worker) -> Lane:
        label = f"{worker.name} network" + (f" {len(worker.network) + 1}" if worker.network else "")
        joined = worker.threads[0].joined_ms if worker.threads else 0.0
        lane = self._lane(label, worker.name, joined, thread=False)
        worker.network.append(lane)
        return lane
