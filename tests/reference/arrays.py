"""Array expressions computed by Dask, for tests/arrays.rs. Writes tests/fixtures/arrays.json.

Every expression starts from random numbers that are the same in dagdeck, so values can be compared.
"""

import json
from pathlib import Path

import dask.array as da

SEED = 42


def arrays():
    for shape, chunk in [((), 1), ((1,), 1), ((7,), 3), ((5, 8), 3), ((6, 6), 2), ((12, 12), 5), ((3, 4, 5), 2)]:
        yield shape, chunk, da.random.default_rng(SEED).random(shape, chunks=chunk)


EXPRESSIONS = {
    "x + x.T": lambda x: x + x.T if len(set(x.shape)) <= 1 else None,
    "x - x.mean()": lambda x: x - x.mean(),
    "-x * 2": lambda x: -x * 2,
    "x / (x + 1)": lambda x: x / (x + 1),
    "sqrt(x)": lambda x: da.sqrt(x),
    "x.T": lambda x: x.T,
    "x.sum()": lambda x: x.sum(),
    "x.mean()": lambda x: x.mean(),
    "x.std()": lambda x: x.std(),
    "x.std(ddof=1)": lambda x: x.std(ddof=1),
    "x.sum(axis=0)": lambda x: x.sum(axis=0) if x.ndim else None,
    "x.mean(axis=0)": lambda x: x.mean(axis=0) if x.ndim else None,
    "x.var(axis=-1)": lambda x: x.var(axis=-1) if x.ndim else None,
    "x.std(axis=(0, 1))": lambda x: x.std(axis=(0, 1)) if x.ndim > 1 else None,
    "(x + x.T).mean(axis=0)": lambda x: (x + x.T).mean(axis=0) if x.ndim and len(set(x.shape)) <= 1 else None,
    "x + arange": lambda x: x + da.arange(x.shape[-1], chunks=x.chunksize[-1]) if x.ndim else None,
    "x * ones": lambda x: x * da.ones(x.shape, chunks=x.chunks),
}


def numbers(value):
    """JSON has no NaN, so None stands for it."""
    return [None if x != x else x for x in value.ravel().tolist()]


def main():
    cases = []
    for shape, chunk, x in arrays():
        for name, expression in EXPRESSIONS.items():
            y = expression(x)
            if y is not None:
                value = y.compute(scheduler="sync")
                cases.append(
                    {"expression": name, "shape": shape, "chunk": chunk, "result": y.shape, "data": numbers(value)}
                )
    path = Path(__file__).parent.parent / "fixtures" / "arrays.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(f"{path}: {len(cases)} expressions")


if __name__ == "__main__":
    main()
