"""Graphs are checked before anything runs."""

from __future__ import annotations

from typing import Any

import pytest
from distributed.utils import key_split

from dask_dagdeck.checked import Refused
from dask_dagdeck.graph import dask_key, parse, read

ONES = {"op": {"full": {"shape": [2], "fill_value": 1}}}


def document(tasks: dict[str, Any], targets: list[str], **more: Any) -> dict[str, Any]:
    return {"dagdeck": 1, "tasks": tasks, "targets": targets, **more}


def test_a_graph_becomes_one_of_dask() -> None:
    tasks = {
        "('ones-7f', 0)": ONES,
        "sum": {"op": "add", "args": ["('ones-7f', 0)", "('ones-7f', 0)"], "retries": 2, "priority": -3},
    }
    graph = read(document(tasks, ["sum"]), "graph")
    keys = graph.dask_keys("0a1")
    assert keys == [("ones-7f-0a1", 0), "sum-0a1"]
    assert (graph.tasks[1].retries, graph.tasks[1].priority, graph.targets) == (2, -3, (1,))
    assert graph.dask_graph(keys)["sum-0a1"] == (graph.tasks[1].operation, keys[0], keys[0])


def test_different_keys_stay_different() -> None:
    keys = ["('a', 0)", "('a', 0,)", "('a', 00)", "a", "('a',)"]
    assert len(set(read(document(dict.fromkeys(keys, ONES), keys), "graph").dask_keys("0"))) == len(keys)


def test_prefixes_stay() -> None:
    for key, prefix in [("('sum-aggregate-7f3a9b2c', 0, 1)", "sum-aggregate"), ("add-12", "add"), ("total", "total")]:
        assert key_split(dask_key(key, "0123456789abcdef0")) == prefix == key_split(key)


@pytest.mark.parametrize(
    ("tasks", "targets", "message"),
    [
        ({}, ["a"], "graph.targets: there is no task 'a'"),
        ({"a": ONES}, [], "graph.targets: at least one target is needed"),
        ({"a": {"op": "neg", "args": ["b"]}}, ["a"], "graph.tasks['a'].args: there is no task 'b'"),
        ({"a": {"op": "neg", "args": ["a"]}}, ["a"], "graph.tasks: cycle: a -> a"),
        (
            {"a": {"op": "neg", "args": ["b"]}, "b": {"op": "neg", "args": ["c"]}, "c": {"op": "neg", "args": ["a"]}},
            ["a"],
            "graph.tasks: cycle: a -> b -> c -> a",
        ),
        ({"a": {"op": "neg"}}, ["a"], "graph.tasks['a']: neg takes 1 input, not 0"),
        ({"a": {"op": "foo"}}, ["a"], "graph.tasks['a'].op: unknown operation 'foo'"),
        ({"a": {**ONES, "retries": 256}}, ["a"], "graph.tasks['a'].retries: must be a whole number from 0 to 255"),
        ({"a": {**ONES, "code": "import os"}}, ["a"], "graph.tasks['a']: unknown member 'code'"),
        ({"a" * 1001: ONES}, ["a"], "graph.tasks: has 1001 characters, at most 1000"),
        ({"\ud800": ONES}, ["\ud800"], r"graph.tasks: '\ud800' is not Unicode"),
        ({"a": []}, ["a"], "graph.tasks['a']: must be an object, not a list"),
    ],
)
def test_mistakes_name_their_place(tasks: dict[str, Any], targets: list[str], message: str) -> None:
    with pytest.raises(Refused) as refused:
        read(document(tasks, targets), "graph")
    assert str(refused.value).startswith(message)


def test_the_document_is_checked() -> None:
    for given, message in [
        ({"tasks": {}, "targets": []}, "graph: dagdeck is missing"),
        ({"dagdeck": 2, "tasks": {}, "targets": []}, "graph.dagdeck: unknown version"),
        ({"dagdeck": 1, "tasks": {}, "targets": [], "pickle": "gASV"}, "graph: unknown member 'pickle'"),
        ([], "graph: must be an object, not a list"),
    ]:
        with pytest.raises(Refused, match=message.replace("[", r"\[")):
            read(given, "graph")


def test_graphs_that_are_too_large_are_refused() -> None:
    tasks = {"a": ONES, "b": {"op": "add", "args": ["a", "a"]}}
    with pytest.raises(Refused, match="has 2 tasks, at most 1 are allowed"):
        read(document(tasks, ["b"]), "graph", most_tasks=1)
    with pytest.raises(Refused, match="more than 1 dependencies"):
        read(document(tasks, ["b"]), "graph", most_edges=1)


def test_a_deep_graph_is_read() -> None:
    tasks: dict[str, Any] = {"t-0": ONES}
    tasks |= {f"t-{i}": {"op": "neg", "args": [f"t-{i - 1}"]} for i in range(1, 20_000)}
    # Also in an order in which dependents come first.
    assert len(read(document(dict(reversed(tasks.items())), ["t-19999"]), "graph").tasks) == 20_000


def test_only_strict_json_is_read() -> None:
    assert parse('{"a": [1, 2.5, "NaN"]}') == {"a": [1, 2.5, "NaN"]}
    for text in ['{"a": NaN}', '{"a": 1, "a": 2}', "{", "[" * 100_000]:
        with pytest.raises(Refused):
            parse(text)
