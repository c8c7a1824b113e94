"""The WebSocket route on Dask's scheduler, and the messages from and to a page.

All messages are JSON, except values, which are bytes. From a page, `hello` is the first:

    {"type": "hello", "dagdeck": 1, "token": "..."}
    {"type": "run", "id": 1, "graph": {...}, "keepGoing": false}     a graph: see graph.py
    {"type": "watch", "id": 2}                                       what all clients run
    {"type": "cancel", "id": 1}                                      a run, or a watch
    {"type": "release", "id": 1}                                     the values that a run keeps on the cluster

To a page:

    {"type": "ready", "dask": "2026.8.0", "workers": 2, "threads": 4}
    {"type": "started", "id": 1}
    {"type": "tasks", "id": 2, "keys": [...], "dependencies": [[...]], "missed": 0}      of a watch
    {"type": "events", "id": 1, "lanes": [...], "left": [...], "slices": {...}}  in batches
    u32 id, u32 target, and its value (values.py), as bytes                      for each value that is sent
    {"type": "finished", "id": 1, "makespanMs": 12.3, "dropped": 0, "kept": [...], "errors": [...]}
    {"type": "failed", "id": 1, "message": "...", "cancelled": false}
    {"type": "alive"}                                                            every ALIVE_SECONDS
    {"type": "refused", "id": 1, "message": "..."}                               a message that is invalid
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import distributed
from distributed.metrics import time
from tornado.ioloop import PeriodicCallback
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from . import access
from .checked import Refused, fields, one_of, optional, refuse, switch, text, whole
from .client import PageClient
from .config import Settings
from .feed import Feed
from .graph import DaskKey, parse, read
from .relay import Relay, RunListener
from .values import block_bytes, encode
from .watch import Watcher

if TYPE_CHECKING:
    from distributed.scheduler import Scheduler

logger = logging.getLogger("dask_dagdeck")

T = TypeVar("T")

#: The thread for work that would block the scheduler's loop. Dask's own `offload` has one thread for all its clients.
_POOL = ThreadPoolExecutor(1, thread_name_prefix="dagdeck")

#: How often events are sent.
BATCH_MS = 50

#: A page that sends no valid token within this time is disconnected.
HELLO_SECONDS = 10

#: The longest message of a page before its token is accepted. Tornado reads no more than `MOST_UNREAD` bytes of it.
MOST_HELLO = 10_000
MOST_UNREAD = 1 << 16

#: Smaller values are encoded in the scheduler's loop, in bytes.
SMALL_VALUE = 10_000

#: How often a page is asked whether it is still there.
PING_SECONDS = 20

#: How often a page is told that the scheduler is still there: a browser's script does not see pings.
ALIVE_SECONDS = 20

#: The longest text of a message to a page. A page takes 10,000 units of UTF-16.
MOST_TEXT = 5_000

#: After that many invalid messages, a page is disconnected.
MOST_INVALID = 10

#: Reasons for which a connection is closed (RFC 6455).
POLICY, TRY_LATER = 1008, 1013

_ID = whole(0, 2**32 - 1)
_MESSAGES = {
    "run": fields(type=text, id=_ID, graph=lambda value, _: value, keepGoing=optional(switch, False)),
    "watch": fields(type=text, id=_ID),
    "cancel": fields(type=text, id=_ID),
    "release": fields(type=text, id=_ID),
}


def _token(value: object, place: str) -> str:
    """Any string: a wrong token is answered as such."""
    return value if isinstance(value, str) else refuse(place, "must be a string")


_HELLO = fields(type=one_of("hello"), dagdeck=whole(1, 1), token=_token)


class Run:
    """A graph that a page runs."""

    def __init__(self, listener: RunListener, token: str) -> None:
        self.listener = listener
        #: At the end of the name of each of its keys.
        self.token = token
        self.futures: list[Any] = []
        self.cancelled = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        #: Whether it is over, and only keeps values.
        self.over = False


class PageHandler(WebSocketHandler):  # type: ignore[misc]
    """One connection."""

    #: All pages that are connected, by their schedulers.
    connected: dict[str, set[PageHandler]] = {}

    def initialize(self, dask_server: Scheduler) -> None:
        self.scheduler = dask_server
        self.config = Settings.load()
        self.known = False
        self._invalid = 0
        self._pace = access.Pace(self.config.messages_per_second)
        self._runs: dict[int, Run] = {}
        self._watchers: dict[int, Watcher] = {}
        self._client: PageClient | None = None
        self._opening: asyncio.Lock = asyncio.Lock()
        self._timers: list[PeriodicCallback] = []
        self._sending: Any = None
        self._closed = False

    @property
    def max_message_size(self) -> int:
        return min(MOST_UNREAD, self.config.max_message)

    @property
    def ping_interval(self) -> float:
        return PING_SECONDS

    def prepare(self) -> None:
        """Refuses pages of other origins. Tornado would allow any page whose host has the name that it connects to."""
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            self.set_status(403)
            self.finish("This origin is not among those of dagdeck.origins.")

    def check_origin(self, origin: str) -> bool:
        return access.origin_matches(origin, self.config.origins)

    def open(self, *args: str, **kwargs: str) -> None:
        pages = self.connected.setdefault(self.scheduler.address, set())
        unauthenticated = sum(not page.known for page in pages)
        if len(pages) >= self.config.max_pages or unauthenticated >= self.config.max_unauthenticated:
            self._end(TRY_LATER, "too many pages are connected")
            return
        pages.add(self)
        self._expel = asyncio.get_running_loop().call_later(HELLO_SECONDS, self._expire)

    def _expire(self) -> None:
        if not self.known:
            self._end(POLICY, "the token did not arrive in time")

    async def on_message(self, message: str | bytes) -> None:
        if self._closed:
            return
        if not self._pace.allows():
            self._end(POLICY, "too many messages")
            return
        if not self.known and len(message) > MOST_HELLO:
            self._end(POLICY, "the first message is too long")
            return
        mentioned: dict[str, Any] = {}
        try:
            if isinstance(message, bytes):
                refuse("message", "must be text")
            # A large message takes a while to read.
            data = await offload(parse, message) if len(message) > 100_000 else parse(message)
            if not isinstance(data, dict):
                refuse("message", "must be an object")
            mentioned = data
            if self.known:
                await self._answer(data)
            else:
                self._greet(data)
        except Refused as refused:
            self._refuse(str(refused), mentioned.get("id"))
        except Exception:
            # Tornado would drop the connection, and the page would not be told why.
            logger.exception("A message of a page cannot be handled")
            self._refuse("the message cannot be handled", mentioned.get("id"))

    def _greet(self, data: dict[str, Any]) -> None:
        hello = _HELLO(data, "message")
        if self.config.token is None:
            self._end(POLICY, "this scheduler has no token: set dagdeck.token in its configuration of Dask")
        elif not access.token_matches(hello["token"], self.config.token):
            self._end(POLICY, "wrong token")
        else:
            self.known = True
            # Tornado reads this for each frame.
            self.ws_connection.params.max_message_size = self.config.max_message
            workers = self.scheduler.workers.values()
            self._say(
                type="ready",
                dask=distributed.__version__,
                workers=len(workers),
                threads=sum(worker.nthreads for worker in workers),
            )
            self._timers = [
                PeriodicCallback(self._flush, BATCH_MS),
                PeriodicCallback(lambda: self._say(type="alive"), ALIVE_SECONDS * 1000),
            ]
            for timer in self._timers:
                timer.start()

    async def _answer(self, data: dict[str, Any]) -> None:
        kind = one_of(*_MESSAGES)(data.get("type"), "message.type")
        message = _MESSAGES[kind](data, "message")
        match kind:
            case "run":
                await self._start(message)
            case "watch":
                self._watch(message["id"])
            case "cancel":
                self._cancel(message["id"])
            case "release":
                self._release(message["id"])

    # --- Runs

    def _new_id(self, given: int) -> None:
        if given in self._runs or given in self._watchers:
            refuse("message.id", f"{given} is in use")
        under_way = sum(not run.over for run in self._runs.values()) + len(self._watchers)
        if under_way >= self.config.max_runs:
            refuse("message", f"{under_way} runs are under way, at most {self.config.max_runs} are allowed")

    async def _start(self, message: dict[str, Any]) -> None:
        run_id = message["id"]
        self._new_id(run_id)
        # With a digit, so that no part of it counts as a word of the prefix.
        token = f"0{secrets.token_hex(8)}"

        def prepare() -> RunListener:
            most = {"most_tasks": self.config.max_tasks, "most_edges": self.config.max_edges}
            graph = read(message["graph"], "graph", **most)
            return RunListener(graph, graph.dask_keys(token), Feed(time(), self.config.max_backlog))

        listener = await offload(prepare)
        self._new_id(run_id)
        # The values of earlier runs stay until the next one starts.
        for old_id, old in list(self._runs.items()):
            if old.over:
                self._forget(old_id, old)
        run = self._runs[run_id] = Run(listener, token)
        run.task = asyncio.create_task(self._follow(run_id, run, keep_going=message["keepGoing"]))

    async def _follow(self, run_id: int, run: Run, *, keep_going: bool) -> None:
        listener = run.listener
        relay: Relay | None = None
        graph, keys, feed = listener.graph, listener.keys, listener.feed
        try:
            client = await self._connected()
            _raise_if_cancelled(run)
            # There is no `await` between these two: the plugin leaves with its last listener.
            relay = Relay.of(self.scheduler)
            relay.runs[run.token] = listener
            feed.start = time()
            relay.welcome(feed)
            self._say(type="started", id=run_id)
            failed = asyncio.Event()
            if not keep_going:
                listener.on_failure = failed.set
            run.futures = await client.submit(graph, keys)
            await _wait(client, run, failed)
            _raise_if_cancelled(run)
            if failed.is_set():
                await self._fail(run_id, run)
            else:
                await self._finish(run_id, run, client)
        except asyncio.CancelledError:
            await self._drop_futures(run)
            await self._flush_rest(run_id, listener.feed)
            self._say(type="failed", id=run_id, message="cancelled", cancelled=True, dropped=feed.dropped)
            self._forget(run_id, run)
        except Exception as error:
            # Always answer, so that the page does not hang.
            logger.exception("A run of a page failed")
            await self._drop_futures(run)
            self._say(type="failed", id=run_id, message=str(error), cancelled=False, dropped=feed.dropped)
            self._forget(run_id, run)
        finally:
            if relay is not None:
                relay.remove(listener, run.token)

    async def _fail(self, run_id: int, run: Run) -> None:
        place = run.listener.first_failure or 0
        message = self._failure(run.listener.keys[place])
        await self._flush_rest(run_id, run.listener.feed)
        key = run.listener.graph.tasks[place].key
        await self._drop_futures(run)
        self._say(
            type="failed",
            id=run_id,
            message=f"{key}: {message}",
            cancelled=False,
            dropped=run.listener.feed.dropped,
        )
        self._forget(run_id, run)

    def _failure(self, key: DaskKey) -> str:
        """Why a task erred."""
        state = self.scheduler.tasks.get(key)
        blame = state.exception_blame if state is not None else None
        said = (blame or state).exception_text if state is not None else None
        return _words(said or "its value was lost")

    async def _finish(self, run_id: int, run: Run, client: PageClient) -> None:
        listener = run.listener
        graph, feed = listener.graph, listener.feed
        errors: list[dict[str, Any]] = []
        kept: list[dict[str, Any]] = []
        sent: list[int] = []
        left = self.config.max_values
        for at, target in enumerate(graph.targets):
            state = self.scheduler.tasks.get(listener.keys[target])
            if state is None or state.state != "memory":
                message = self._failure(listener.keys[target])
                errors.append({"target": at, "key": graph.tasks[target].key, "message": message})
            elif state.nbytes > self.config.max_value or state.nbytes > left:
                kept.append({"target": at, "bytes": state.nbytes})
            else:
                left -= state.nbytes
                sent.append(at)
        values = await client.gather([run.futures[at] for at in sent])
        if len(values) != len(sent):
            raise RuntimeError("a value was lost before it could be sent")
        await self._flush_rest(run_id, feed)
        # The sizes above are Dask's, which counts less for an array that repeats its elements.
        left = self.config.max_values
        for at, value in zip(sent, values):
            _raise_if_cancelled(run)
            size = block_bytes(value)
            if size > self.config.max_value or size > left:
                kept.append({"target": at, "bytes": size})
                continue
            left -= size
            try:
                body = encode(value) if size <= SMALL_VALUE else await offload(encode, value)
            except TypeError as error:
                errors.append({"target": at, "key": graph.tasks[graph.targets[at]].key, "message": str(error)})
                continue
            await self._send(struct.pack("<II", run_id, at) + body)
        _raise_if_cancelled(run)
        run.over = True
        self._say(
            type="finished",
            id=run_id,
            makespanMs=round(feed.stop_ms, 3),
            dropped=feed.dropped,
            kept=kept,
            errors=errors,
        )
        if kept:
            run.futures = [run.futures[each["target"]] for each in kept]
        else:
            self._forget(run_id, run)

    async def _drop_futures(self, run: Run) -> None:
        futures, run.futures = run.futures, []
        if futures and self._client is not None:
            await self._client.cancel(futures)

    def _forget(self, run_id: int, run: Run) -> None:
        run.over = True
        run.futures = []
        self._runs.pop(run_id, None)

    def _cancel(self, run_id: int) -> None:
        run = self._runs.get(run_id)
        if run is not None and run.over:
            self._forget(run_id, run)
        elif run is not None:
            run.cancelled.set()
        elif run_id in self._watchers:
            self._unwatch(run_id)

    def _release(self, run_id: int) -> None:
        run = self._runs.get(run_id)
        if run is not None and run.over:
            self._forget(run_id, run)

    async def _connected(self) -> PageClient:
        """The page's client, which is made for its first run."""
        async with self._opening:
            if self._client is None:
                self._client = await PageClient.connect(self.scheduler)
            return self._client

    # --- Watching

    def _watch(self, watch_id: int) -> None:
        self._new_id(watch_id)
        relay = Relay.of(self.scheduler)
        watcher = Watcher(Feed(time(), self.config.max_backlog))
        relay.welcome(watcher.feed)
        watcher.snapshot(self.scheduler)
        relay.watchers.append(watcher)
        self._watchers[watch_id] = watcher
        self._say(type="started", id=watch_id)

    def _unwatch(self, watch_id: int) -> None:
        watcher = self._watchers.pop(watch_id)
        Relay.of(self.scheduler).remove(watcher)

    # --- Sending

    def _flush(self) -> None:
        """Sends the events since the last batch, once the page has taken that batch."""
        if self._sending is not None and not self._sending.done():
            return
        for run_id, run in list(self._runs.items()):
            self._flush_one(run_id, run.listener.feed)
        for watch_id, watcher in list(self._watchers.items()):
            tasks = watcher.take()
            if tasks is not None:
                self._say(type="tasks", id=watch_id, **tasks)
            if watcher.waiting:
                # A slice follows the task that it names.
                continue
            self._flush_one(watch_id, watcher.feed)

    def _flush_one(self, run_id: int, feed: Feed) -> bool:
        """Sends a batch of events. Returns whether there was one."""
        batch = feed.take()
        if batch is not None:
            self._say(type="events", id=run_id, dropped=feed.dropped, **batch)
        return batch is not None

    async def _flush_rest(self, run_id: int, feed: Feed) -> None:
        """Sends all events of a run that has ended, each batch when the page has taken the one before."""
        while self._flush_one(run_id, feed):
            if self._sending is not None:
                await _settled(self._sending)
            # The loop has other work, too.
            await asyncio.sleep(0)

    def _say(self, **message: Any) -> None:
        if self._closed:
            return
        if "message" in message:
            message["message"] = message["message"][:MOST_TEXT]
        try:
            self._sending = self.write_message(json.dumps(message, separators=(",", ":")))
            # If the page is gone, `on_close` follows.
            asyncio.ensure_future(_settled(self._sending))
        except WebSocketClosedError:
            self._closed = True

    async def _send(self, data: bytes) -> None:
        if self._closed:
            return
        try:
            await self.write_message(data, binary=True)
        except WebSocketClosedError:
            self._closed = True

    def _refuse(self, message: str, given: object) -> None:
        """Refuses a message; `given` is the id in it, if any. A page without the token has one attempt."""
        self._invalid += 1
        if not self.known:
            self._end(POLICY, message)
        elif self._invalid >= MOST_INVALID:
            self._end(POLICY, f"too many invalid messages; the last one: {message}")
        else:
            self._say(type="refused", id=given if isinstance(given, int) else None, message=message)

    def _end(self, code: int, why: str) -> None:
        """Says why, and disconnects."""
        self._say(type="refused", id=None, message=why)
        # Messages that are already on their way are not answered.
        self._closed = True
        # A reason has at most 123 bytes.
        self.close(code, why.encode("ascii", "replace")[:120].decode())

    def on_close(self) -> None:
        self._closed = True
        self.connected.get(self.scheduler.address, set()).discard(self)
        for timer in self._timers:
            timer.stop()
        if hasattr(self, "_expel"):
            self._expel.cancel()
        for run in list(self._runs.values()):
            run.cancelled.set()
        for watch_id in list(self._watchers):
            self._unwatch(watch_id)
        asyncio.ensure_future(self._leave())

    async def _leave(self) -> None:
        """Ends what is under way, then lets go of the client."""
        await asyncio.gather(*(run.task for run in self._runs.values() if run.task), return_exceptions=True)
        for run_id, run in list(self._runs.items()):
            self._forget(run_id, run)
        if self._client is not None:
            await self._client.close()


async def offload(function: Callable[..., T], *args: Any) -> T:
    """Calls a function in the thread of this package."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, function, *args)


def _raise_if_cancelled(run: Run) -> None:
    if run.cancelled.is_set():
        raise asyncio.CancelledError


async def _wait(client: PageClient, run: Run, failed: asyncio.Event) -> None:
    """Waits for all targets, for the first failure if that ends the run, or for a cancel."""
    done = asyncio.ensure_future(client.wait(run.futures))
    waits = [done, asyncio.ensure_future(failed.wait()), asyncio.ensure_future(run.cancelled.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)


async def _settled(sending: Any) -> None:
    try:
        await sending
    except WebSocketClosedError:
        pass


def _words(exception_text: str) -> str:
    """The message within the text of an exception: `TypeError('no')` is shown as `TypeError: no`."""
    name, bracket, rest = exception_text.partition("(")
    if bracket and rest.endswith(")") and name.isidentifier():
        inner = rest[:-1].strip()
        if len(inner) >= 2 and inner[0] == inner[-1] and inner[0] in "'\"":
            inner = inner[1:-1]
        return f"{name}: {inner}"[:MOST_TEXT]
    return exception_text[:MOST_TEXT]


routes: list[tuple[str, type[PageHandler], dict[str, Any]]] = [(r"dagdeck", PageHandler, {})]
