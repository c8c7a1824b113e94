"""Array expressions computed by Dask: writes tests/fixtures/expressions.json, for tests/expressions.rs.

A case is an expression (see expression.py) and its result: shape, chunks, dtype and values, and its graph (see
graphs.py); or the error of Dask or NumPy. Values are words in C order that parse to the same number. `exact` means
that values must be equal bit for bit: if everything is IEEE arithmetic, or only moves elements.
"""

import json
import warnings
from pathlib import Path

import dask
import numpy as np
from cases import cases
from expression import arrays
from graphs import graphs
from mistakes import mistakes

DTYPES = {"float64", "float32", "int64", "int32", "uint8", "bool"}

# dagdeck has six dtypes. If NumPy's result has another one, its elements are converted to the nearest of the six.
NEAREST = {"uint64": "int64", "int8": "uint8", "float16": "float64"}

# These may round differently in other implementations: elementary functions, and sums in another order.
ROUNDED = set(
    "exp expm1 log log1p log2 log10 sin cos tan arcsin arccos arctan sinh cosh tanh power hypot arctan2 "
    "linspace arange sum prod mean std var nansum nanmean cumsum percentile dot matmul tensordot einsum norm "
    "qr.q qr.r svd.u svd.s svd.vh map_blocks map_overlap".split()
)


def words(value):
    return " ".join(map(str, np.asarray(value).ravel()))


def outcome(expression):
    """The result of an expression, or its error."""
    try:
        (array,) = arrays(expression)
        (value,) = dask.compute(array, scheduler="sync")
        if array.dtype == "float16":
            # No other type rounds as coarsely.
            (value,) = dask.compute(*arrays(expression, "float64"), scheduler="sync")
    except Exception as error:
        # Dask wraps some errors in an explanation and a traceback.
        text = str(error).split("Original Message: ")[-1].split("\n\nTraceback:")[0]
        return {"error": type(error).__name__, "text": text}
    dtype = NEAREST.get(str(array.dtype), str(array.dtype))
    assert dtype in DTYPES, f"{dtype}: {expression}"
    value = np.asarray(value)
    # nan: Dask only knows the length once it is computed.
    as_announced = all(np.isnan(said) or said == length for length, said in zip(value.shape, array.shape))
    assert value.ndim == array.ndim and as_announced and value.dtype in (array.dtype, dtype), expression
    value = value.astype(dtype)
    return {
        "shape": value.shape,
        "chunks": [[None if np.isnan(length) else length for length in lengths] for lengths in array.chunks],
        "dtype": dtype,
        "exact": not ROUNDED & {node["op"] for node in expression["arrays"]},
        "values": words(value),
        **graphs(array),
    }


def main():
    warnings.simplefilter("ignore")
    lines = []
    counts = {"values": 0, "error": 0}
    for expression in cases():
        came = outcome(expression)
        # What Dask cannot do (yet) may be possible in dagdeck.
        if came.get("error") != "NotImplementedError":
            counts["error" if "error" in came else "values"] += 1
            lines.append(json.dumps({"expression": expression, **came}))
    for expression in mistakes():
        came = outcome(expression)
        assert "error" in came, f"Dask computes {expression}"
        counts["error"] += 1
        lines.append(json.dumps({"expression": expression, **came}))
    path = Path(__file__).parent.parent / "fixtures" / "expressions.json"
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{path}: {counts['values']} expressions with values and {counts['error']} with errors")


if __name__ == "__main__":
    main()
