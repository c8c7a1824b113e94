"""Random messages: valid ones in which something is wrong. Each is refused or does what it says; none ends anything else."""

from __future__ import annotations

import copy
import json
import logging
import random
from typing import Any

import dask.config
import pytest
from conftest import TOKEN, Page, with_page

from dask_dagdeck import page as page_module
from dask_dagdeck.checked import Refused
from dask_dagdeck.graph import parse, read

GRAPH = {
    "dagdeck": 1,
    "tasks": {
        "inc-0": {"op": {"call": {"function": "inc", "args": [1]}}, "retries": 1, "priority": 2},
        "('x', 0)": {"op": {"full": {"shape": [2, 3], "fill_value": 1.5, "dtype": "float32"}}},
        "('y', 0)": {"op": {"where": [None, {"int": "3"}, None]}, "args": ["('x', 0)", "('x', 0)"]},
        "z": {
            "op": {"fused": [{"key": "part", "op": {"astype": "bool"}, "args": [{"input": 0}]}]},
            "args": ["('y', 0)"],
        },
        "e": {"op": {"einsum": {"subscripts": "ab->a", "keepdims": True}}, "args": ["z"]},
    },
    "targets": ["e", "inc-0"],
}
MESSAGES: list[dict[str, Any]] = [
    {"type": "run", "id": 1, "graph": GRAPH, "keepGoing": False},
    {"type": "watch", "id": 2},
    {"type": "cancel", "id": 2},
    {"type": "release", "id": 1},
    {"type": "hello", "dagdeck": 1, "token": TOKEN},
]
JUNK: list[Any] = [
    *(None, True, "", "a", "\ud800", "('x', 0)", "x" * 5000, "NaN", "__import__('os')"),
    *(-1, 0.5, 2**31, 2**53 + 1, 2**64, 10**400, 1e308, float("nan"), float("inf")),
    *([], {}, [[]], [None] * 70, {"int": "9" * 30}, {"float": "x"}, {"input": -1}, {"panic": "\x00"}),
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """All members of all objects and lists within: the object or list, and the name or number."""
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    else:
        return []
    return [each for key, member in inside for each in [(value, key), *places(member)]]


def malformed(chance: random.Random) -> str:
    message: Any = copy.deepcopy(chance.choice(MESSAGES[:1] * 6 + MESSAGES))
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = places(message)
        if not at:
            break
        inside, key = chance.choice(at)
        match chance.randrange(4):
            case 0:
                del inside[key]
            case 1 if isinstance(inside, dict):
                inside[chance.choice([*map(str, JUNK[:6]), "code", "op", "args"])] = inside.pop(key)
            case 2:
                _, other = chance.choice(at)
                inside[key] = copy.deepcopy(message.get(other, chance.choice(JUNK)))
            case _:
                inside[key] = copy.deepcopy(chance.choice(JUNK))
    text = json.dumps(message)
    if chance.random() < 0.2:
        cut = chance.randrange(len(text) + 1)
        text = text[:cut] + chance.choice(["", "}", '"', "\x00", "[" * 3000, text]) + text[cut + chance.randrange(3) :]
    return text


def test_whatever_is_malformed_is_refused_by_the_readers() -> None:
    refused = 0
    for seed in range(4000):
        text = malformed(random.Random(seed))
        try:
            message = parse(text)
            if isinstance(message, dict):
                reader = page_module._MESSAGES.get(str(message.get("type")), page_module._HELLO)
                given = reader(message, "message")
                if "graph" in given:
                    read(given["graph"], "graph")
        except Refused as error:
            assert str(error), seed
            refused += 1
    assert 2000 < refused < 4000


def test_malformed_messages_end_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(page_module, "MOST_INVALID", 10**9)

    async def test(page: Page) -> None:
        await page.say(type="watch", id=10**6)
        await page.hear_of("started")
        for seed in range(300):
            await page.socket.write_message(malformed(random.Random(seed)).encode("utf-8", "replace").decode())
        answer = await page.run(GRAPH, 10**6 + 1)
        while answer["id"] != 10**6 + 1:
            answer = await page.hear_of("finished", "failed", "refused")
        assert answer["type"] == "finished"

    with caplog.at_level(logging.ERROR, "dask_dagdeck"):
        with dask.config.set({"dagdeck.messages-per-second": 10**6, "dagdeck.max-runs": 10**6}):
            with_page(url, test)
    assert [record.message for record in caplog.records if record.name == "dask_dagdeck"] == []
