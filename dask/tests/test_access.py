"""Who is refused, and what."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import dask.config
import pytest
from conftest import TOKEN, Page, connect, with_page
from distributed import LocalCluster
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from dask_dagdeck.access import Pace, origin_matches, token_matches
from dask_dagdeck.attempts import HANDLER
from dask_dagdeck.config import Settings
from dask_dagdeck.page import PageHandler

GRAPH = {"dagdeck": 1, "tasks": {"a": {"op": {"call": {"function": "inc", "args": [1]}}}}, "targets": ["a"]}


async def refused(page: Page) -> tuple[str, int | None]:
    """What a page is told before it is disconnected."""
    message = await page.hear_of("refused")
    while not page.closed:
        await page.hear()
    return message["message"], page.socket.close_code


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ü", "\ud800"])
def test_a_wrong_token_is_refused(url: str, token: str, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        page = await connect(url, token)
        assert await refused(page) == ("wrong token", 1008)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(main())
    assert TOKEN not in caplog.text and (token == "" or f'"{token}"' not in caplog.text)


def test_without_a_token_in_the_configuration_nobody_connects(url: str) -> None:
    async def main() -> None:
        page = await connect(url, "None")
        message, _ = await refused(page)
        assert message.startswith("this scheduler has no token: set dagdeck.token")

    with dask.config.set({"dagdeck.token": None}):
        asyncio.run(main())


def test_nothing_is_answered_before_the_token(url: str) -> None:
    async def main() -> None:
        page = await connect(url, None)
        await page.say(type="run", id=1, graph=GRAPH)
        message, code = await refused(page)
        assert message.startswith("message: unknown member 'id'") and code == 1008

    asyncio.run(main())


def test_a_page_without_the_token_may_send_little(url: str) -> None:
    async def main() -> None:
        page = await connect(url, "x" * 20_000)
        assert await refused(page) == ("the first message is too long", 1008)

    asyncio.run(main())


def test_a_long_message_without_the_token_is_not_read(url: str) -> None:
    async def main() -> None:
        page = await connect(url, "x" * 100_000)
        while not page.closed:
            assert await page.hear() is None
        assert page.socket.close_code == 1009

    asyncio.run(main())


def test_an_unexpected_error_is_answered_and_frees_the_place(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(given: str, token: str) -> bool:
        raise ZeroDivisionError

    async def main() -> None:
        with monkeypatch.context() as patch:
            patch.setattr("dask_dagdeck.access.token_matches", fail)
            for _ in range(3):
                page = await connect(url)
                assert await refused(page) == ("the message cannot be handled", 1008)
        page = await connect(url)
        assert (await page.hear_of("ready", "refused"))["type"] == "ready"

        async def broken(self: PageHandler, message: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(PageHandler, "_start", broken)
            answer = await page.run(GRAPH, 3)
            assert (answer["type"], answer["id"], answer["message"]) == ("refused", 3, "the message cannot be handled")
        assert (await page.run(GRAPH, 4))["type"] == "finished"
        page.socket.close()

    with dask.config.set({"dagdeck.max-unauthenticated": 1}):
        asyncio.run(main())


def test_pages_that_never_send_the_token_are_disconnected(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dask_dagdeck.page.HELLO_SECONDS", 0.05)

    async def main() -> None:
        page = await connect(url, None)
        assert await refused(page) == ("the token did not arrive in time", 1008)

    asyncio.run(main())


def test_pages_without_the_token_do_not_take_all_places(url: str) -> None:
    async def main() -> None:
        pages = [await connect(url, None) for _ in range(2)]
        last = await connect(url, None)
        assert await refused(last) == ("too many pages are connected", 1013)
        for page in pages:
            page.socket.close()

    with dask.config.set({"dagdeck.max-unauthenticated": 2}):
        asyncio.run(main())


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "null", "http://[::1"])
def test_a_foreign_origin_is_refused(url: str, origin: str) -> None:
    async def main() -> None:
        with pytest.raises(HTTPClientError) as error:
            await connect(url, TOKEN, origin)
        assert error.value.code == 403

    asyncio.run(main())


def test_a_name_that_leads_here_is_no_origin_that_is_allowed(url: str) -> None:
    """A page may give the scheduler's address to its own name (DNS rebinding)."""

    async def main() -> None:
        headers = {"Origin": "http://evil.example", "Host": "evil.example", "Sec-Fetch-Site": "same-origin"}
        with pytest.raises(HTTPClientError) as error:
            await websocket_connect(HTTPRequest(url, headers=headers))
        assert error.value.code == 403

    asyncio.run(main())


def test_origins() -> None:
    allowed = ("http://localhost:*", "https://talk.example")
    for origin, known in [
        ("http://localhost:8080", True),
        ("http://localhost", True),
        ("https://localhost:8080", False),
        ("https://talk.example", True),
        ("https://talk.example:8443", False),
        ("http://localhost:8080@evil.example", False),
    ]:
        assert origin_matches(origin, allowed) is known, origin
    assert origin_matches("https://evil.example", ("*",))
    assert token_matches("a", "a") and not token_matches("a", None) and not token_matches("", "a")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{", "message: not JSON"),
        ("[]", "message: must be an object"),
        ("{}", "message.type: must be one of run, watch, cancel, release, got None"),
        ('{"type": "eval"}', "message.type: must be one of run, watch, cancel, release, got 'eval'"),
        ('{"type": "run", "graph": {}}', "message: id is missing"),
        ('{"type": "run", "id": -1, "graph": {}}', "message.id: must be a whole number from 0 to "),
        ('{"type": "run", "id": 1, "graph": {}, "pickle": "gASV"}', "message: unknown member 'pickle'"),
        ('{"type": "run", "id": 1, "graph": {}}', "graph: dagdeck is missing"),
        (
            json.dumps({"type": "run", "id": 1, "graph": {**GRAPH, "tasks": {"a": {"op": "exec"}}}}),
            "graph.tasks['a'].op: unknown operation 'exec'",
        ),
    ],
)
def test_malformed_messages_are_refused_with_their_place(url: str, message: str, said: str) -> None:
    async def test(page: Page) -> None:
        await page.socket.write_message(message)
        answer = await page.hear_of("refused")
        assert answer["message"].startswith(said)
        # The page may go on.
        assert (await page.run(GRAPH, 7))["type"] == "finished"

    with_page(url, test)


def test_a_page_with_too_many_invalid_messages_is_disconnected(url: str) -> None:
    async def test(page: Page) -> None:
        for _ in range(10):
            await page.socket.write_message(b"\x80\x04pickle", binary=True)
        while not page.closed:
            last = await page.hear()
        assert last is None and page.socket.close_code == 1008
        assert page.socket.close_reason.startswith("too many invalid messages; the last one: message: must be text")

    with_page(url, test)


def test_a_flood_is_refused(url: str) -> None:
    async def test(page: Page) -> None:
        for _ in range(200):
            await page.say(type="cancel", id=1)
        message, code = await refused(page)
        assert (message, code) == ("too many messages", 1008)

    with_page(url, test)


def test_a_message_that_is_too_large_is_not_read(url: str) -> None:
    async def test(page: Page) -> None:
        await page.say(type="run", id=1, graph={"padding": "x" * 20_000})
        while not page.closed:
            await page.hear()
        assert page.socket.close_code == 1009

    with dask.config.set({"dagdeck.max-message": 10_000}):
        with_page(url, test)


def test_runs_and_tasks_are_limited(url: str) -> None:
    slow: dict[str, Any] = {
        "dagdeck": 1,
        "tasks": {"a": {"op": {"call": {"function": "sleep", "args": [0.3]}}}},
        "targets": ["a"],
    }

    async def test(page: Page) -> None:
        await page.say(type="run", id=1, graph=slow)
        await page.hear_of("started")
        assert (await page.run(slow, 1))["message"] == "message.id: 1 is in use"
        assert (await page.run(slow, 2))["message"].startswith("message: 1 runs are under way, at most 1")
        assert (await page.hear_of("finished"))["id"] == 1
        two = {**GRAPH, "tasks": {**GRAPH["tasks"], "b": GRAPH["tasks"]["a"]}}
        assert (await page.run(two, 3))["message"] == "graph.tasks: has 2 tasks, at most 1 are allowed"
        often = {**GRAPH, "targets": ["a", "a"]}
        assert (await page.run(often, 4))["message"] == "graph.targets: has 2 items, at most 1 are allowed"

    with dask.config.set({"dagdeck.max-runs": 1, "dagdeck.max-tasks": 1}):
        with_page(url, test)


def test_pages_of_other_kinds_need_no_origin(url: str) -> None:
    async def main() -> None:
        page = await connect(url, TOKEN, None)
        assert (await page.hear_of("ready"))["workers"] == 2
        page.socket.close()

    asyncio.run(main())


def test_a_graph_that_is_nested_too_deeply_is_refused(url: str) -> None:
    op: Any = "neg"
    for _ in range(200):
        op = {"fused": [{"key": "a", "op": op, "args": [{"input": 0}]}]}

    async def test(page: Page) -> None:
        answer = await page.run({"dagdeck": 1, "tasks": {"a": {"op": op, "args": []}}, "targets": ["a"]})
        assert (answer["type"], answer["message"]) == ("refused", "graph.tasks['a']: is nested too deeply")

    with_page(url, test)


def test_one_origin_is_not_a_list_of_characters() -> None:
    with dask.config.set({"dagdeck.origins": "http://localhost:*"}):
        assert Settings.load().origins == ("http://localhost:*",)


def test_a_page_is_told_that_the_scheduler_is_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dask_dagdeck.page.ALIVE_SECONDS", 0.02)

    async def test(page: Page) -> None:
        for _ in range(2):
            assert json.loads(await page.socket.read_message() or "null") == {"type": "alive"}

    with_page(url, test)


def test_a_burst_is_allowed() -> None:
    pace = Pace(0.0)
    assert [pace.allows() for _ in range(41)] == [True] * 40 + [False]


def test_pages_of_this_machine_are_known() -> None:
    origins = Settings.load().origins
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert origin_matches(f"http://{host}:8080", origins), host


def test_long_texts_are_cut(url: str) -> None:
    keys = [f"{'x' * 990}-{i}" for i in range(19)]
    tasks = {key: {"op": "neg", "args": [keys[i - 1]]} for i, key in enumerate(keys)}

    async def test(page: Page) -> None:
        answer = await page.run({"dagdeck": 1, "tasks": tasks, "targets": keys})
        assert answer["message"].startswith("graph.tasks: cycle: xxx")
        # That many may be units of UTF-16, of which the page takes 10,000.
        assert len(answer["message"]) == 5000

    with_page(url, test)


def test_nothing_stays_on_the_scheduler_when_the_last_page_has_left(cluster: LocalCluster, url: str) -> None:
    async def test(page: Page) -> None:
        assert (await page.run(GRAPH))["type"] == "finished"
        scheduler = cluster.scheduler
        while "dagdeck" in scheduler.plugins:
            await asyncio.sleep(0.01)
        assert HANDLER not in scheduler.handlers

    with_page(url, test)
