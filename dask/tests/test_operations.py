"""Each operation of the crate has a twin that gives the same values. The crate writes operations.json."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import fixture
from decoded import assert_equal, decode, of_json

from dask_dagdeck import operations
from dask_dagdeck.checked import Refused
from dask_dagdeck.values import Moments, block_bytes, encode, is_value

LISTED = fixture("operations.json")


def test_the_names_are_those_of_the_crate() -> None:
    assert set(operations.names()) == set(LISTED["names"])
    assert set(operations.FUNCTIONS) == set(LISTED["functions"])


@pytest.mark.parametrize("example", LISTED["examples"], ids=lambda example: str(example["op"])[:60])
def test_examples_have_the_values_of_the_crate(example: dict[str, Any]) -> None:
    operation = operations.read(example["op"], "op")
    inputs = [of_json(value) for value in example["inputs"]]
    operations.check_arity(operation, len(inputs), "op")
    if example["value"] is None:
        with pytest.raises(operations.TaskFailed, match="boom"):
            operation(*inputs)
    else:
        assert_equal(operation(*inputs), of_json(example["value"]), example["op"])


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ("foo", "op: unknown operation 'foo': use one of no-op, "),
        ("random", 'op: random needs parameters: write {"random": ...} instead of "random"'),
        ({"qr": {}}, "op: qr takes no parameters"),
        ({"add": [None, 1], "sub": []}, "op: a task has one operation, not 2"),
        (7, "op: must be an object, not a number"),
        ({"full": {"shape": [2]}}, "op.full: fill_value is missing"),
        ({"full": {"shape": [-1], "fill_value": 0}}, "op.full.shape[0]: must be a whole number from 0 to "),
        ({"full": {"shape": [2**20, 2**20], "fill_value": 0}}, "op.full.shape: [1048576, 1048576] is too large"),
        ({"full": {"shape": [], "fill_value": "os.system"}}, "op.full.fill_value: must be a number, not a string"),
        ({"full": {"shape": [], "fill_value": 1, "dtype": "object"}}, "op.full.dtype: must be one of bool, "),
        ({"full": {"shape": [], "fill_value": 1, "code": "x"}}, "op.full: unknown member 'code'; the members are "),
        ({"add": [1, 2]}, "op.add: add takes at least one operand that is an input"),
        ({"add": [None]}, "op.add: add takes 2 operands, not 1"),
        ({"call": {"function": "eval", "args": []}}, "op.call.function: must be one of inc, "),
        ({"call": {"function": "add", "args": [1]}}, "op.call: add takes 2 arguments, not 1"),
        ({"call": {"function": "sleep", "args": [61]}}, "op.call.args[0]: seconds = 61: must be between 0 and 60"),
        ({"call": {"function": "flaky", "args": [1, 1.5, 0]}}, "op.call.args[1]: probability = 1.5: "),
        ({"random": {"shape": [2], "distribution": "uniform", "seed": -1}}, "op.random.seed: must be a whole "),
        ({"random": {"shape": [], "distribution": {"normal": {"loc": 0, "scale": -1}}, "seed": 1}}, "op.random.dis"),
        ({"getitem": [{"step": 0}]}, "op.getitem[0]: slice step cannot be zero"),
        ({"sum": {"stage": "chunk", "axes": [1, 1]}}, "op.sum.axes: axis 1 is named twice"),
        ({"argmin": {"stage": "chunk", "axes": [0]}}, "op.argmin: a chunk of argmin needs its place"),
        ({"mean": {"stage": "chunk", "axes": [0], "ddof": 1}}, "op.mean.ddof: only var takes ddof"),
        ({"einsum": {"subscripts": "ij"}}, "op.einsum.subscripts: Subscripts can only contain one '->'."),
        ({"block": {"shape": [3], "dtype": "uint8", "data": "AA=="}}, "op.block: data of 1 bytes: shape [3] "),
        ({"fused": []}, "op.fused: a fused operation has at least one part"),
        ({"fused": [{"key": "a", "op": "neg", "args": [{"part": 0}]}]}, "op.fused[0]: takes part 0, which is not"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(op: object, message: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.read(op, "op")
    assert str(refused.value).startswith(message)


def test_the_number_of_inputs_is_checked() -> None:
    with pytest.raises(Refused, match="add takes 2 inputs, not 1"):
        operations.check_arity(operations.read("add", "op"), 1, "op")
    with pytest.raises(Refused, match="concatenate takes at least 1 input, not 0"):
        operations.check_arity(operations.read({"concatenate": 0}, "op"), 0, "op")


def test_failures_name_the_part() -> None:
    parts = [{"key": "neg-0", "op": "neg", "args": [{"input": 0}]}]
    with pytest.raises(operations.TaskFailed, match="in neg-0: input 0 must be an array, not NoneType"):
        operations.read({"fused": parts}, "op")(None)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "float32"])
def test_functions_that_pass_a_value_on_keep_its_dtype(dtype: str) -> None:
    given = np.array(1, dtype)
    for call in (
        {"function": "identity", "args": [None]},
        {"function": "sleep", "args": [0, None]},
        {"function": "flaky", "args": [None, 0, 0]},
    ):
        for value in (given, given[()]):
            assert operations.read({"call": call}, "op")(value).dtype.name == dtype


def test_moments_are_as_large_as_their_blocks() -> None:
    from dask.sizeof import sizeof

    moments = Moments(np.ones(1000), np.ones(1000), None)
    assert 16_000 < sizeof(moments) < 17_000
    assert block_bytes((moments, None, np.broadcast_to(1.0, (10, 10)))) == 16_800


def test_numbers_that_are_no_float64_are_refused() -> None:
    with pytest.raises(Refused, match=r"op.heat.rate: 1000.* is too large for a float64"):
        operations.read({"heat": {"rate": 10**400}}, "op")


def test_values_survive_the_way_to_the_page() -> None:
    block = np.arange(6, dtype="int32").reshape(2, 3).T
    moments = Moments(np.ones((1, 1)), np.zeros((1, 1), "float32"), None)
    for value in (None, block, np.array(True), (block, None, (moments,)), moments):
        assert is_value(value)
        assert_equal(decode(encode(value)), value)
    assert_equal(decode(encode([1, 2.5, False])), (np.array(1), np.array(2.5), np.array(False)))
    assert not is_value("text")
    with pytest.raises(TypeError, match="a str cannot be sent to the page"):
        encode("text")


def run(op: Any, *inputs: Any) -> Any:
    return operations.read(op, "op")(*inputs)


COLUMN, ROW = np.broadcast_to(np.float64(1), (2**15, 1)), np.broadcast_to(np.float64(1), (1, 2**15))


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        ("add", [COLUMN, ROW]),
        ({"where": [None, None, 0]}, [COLUMN, ROW]),
        ({"tensordot": {"left": [], "right": []}}, [COLUMN, ROW]),
        ({"matmul": {}}, [COLUMN, ROW]),
        ({"einsum": {"subscripts": "ab,bc->ac"}}, [COLUMN, ROW]),
        ({"take": {"axis": 1, "indices": [0] * 2**14}}, [COLUMN]),
        ({"concatenate": 0}, [np.broadcast_to(np.float64(1), (2**20,))] * 2**9),
        ({"merge": [2**9]}, [np.broadcast_to(np.float64(1), (2**20,))] * 2**9),
        ({"mandelbrot": {"max_iter": 1}}, [COLUMN, ROW]),
    ],
    ids=lambda each: str(each)[:30],
)
def test_results_that_are_too_large_are_not_made(op: Any, inputs: list[Any]) -> None:
    with pytest.raises(operations.TaskFailed, match=f"at most {2**28} elements are allowed"):
        run(op, *inputs)


def test_products_of_many_matrices_are_not_too_large() -> None:
    many = np.broadcast_to(np.float64(1), (2**10, 4, 4))
    assert run({"matmul": {}}, many, many).shape == (2**10, 4, 4)


def test_tasks_that_would_take_too_long_are_not_started() -> None:
    with pytest.raises(Refused, match="must be a whole number from 0 to 68719476736"):
        operations.read({"busy": {"steps": 2**37}}, "op")
    for op, inputs in [
        ({"mandelbrot": {"max_iter": 2**31 - 1}}, [np.zeros((64, 1)), np.zeros((1, 64))]),
        ({"einsum": {"subscripts": "a,b,c->"}}, [np.zeros(2**13)] * 3),
    ]:
        with pytest.raises(operations.TaskFailed, match="steps: at most 68719476736 are allowed"):
            run(op, *inputs)
