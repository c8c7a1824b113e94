"""The talk's programs computed by Dask: writes tests/fixtures/programs.json.

Each program is its listing in www/talk/listings, run with small values. The array is intercepted at the call of
`compute`: its graph before and after Dask's optimisation (see graphs.py), and its result are recorded.
"""

import json
from pathlib import Path

from graphs import graphs
from listings import computed, listing, with_values

# Block sizes that divide the array, that do not, and one block.
PROGRAMS = {
    "array-mean": [{"n": 20, "chunk": 5}, {"n": 17, "chunk": 3, "seed": 7}, {"n": 4, "chunk": 4}],
    "array-slice": [{"n": 20, "chunk": 5}, {"n": 17, "chunk": 3, "seed": 7}, {"n": 4, "chunk": 4}],
    "array-dot": [{"n": 12, "chunk": 4}, {"n": 11, "chunk": 2, "seed": 7}, {"n": 4, "chunk": 4}],
    "array-svd": [
        {"n": 60, "columns": 4, "chunk": 10},
        {"n": 37, "columns": 5, "chunk": 8, "seed": 7},
        {"n": 6, "columns": 3, "chunk": 3},
    ],
    "array-qr": [
        {"n": 60, "columns": 4, "chunk": 10},
        {"n": 37, "columns": 5, "chunk": 8, "seed": 7},
        {"n": 6, "columns": 3, "chunk": 6},
    ],
    "array-life": [{"n": 16, "chunk": 4, "steps": 3}, {"n": 13, "chunk": 5, "steps": 2, "seed": 7}],
    "array-heat": [{"n": 16, "chunk": 4, "steps": 3}, {"n": 13, "chunk": 5, "steps": 2, "seed": 7}],
    "mandelbrot": [{"n": 16, "chunk": 4, "max_iter": 50}, {"n": 13, "chunk": 5, "max_iter": 20}],
    "chunks": [{"n": 24, "chunk": 2}, {"n": 25, "chunk": 7, "seed": 7}, {"n": 4, "chunk": 4}],
}


def main():
    cases = []
    for program, settings in PROGRAMS.items():
        for values in settings:
            ((array, value),) = computed(with_values(listing(program), values))
            result = {"shape": value.shape, "dtype": str(value.dtype), "data": value.ravel().tolist()}
            cases.append({"program": program, "parameters": values, **graphs(array), "result": result})
    path = Path(__file__).parent.parent / "fixtures" / "programs.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(f"{path}: {len(cases)} runs of {len(PROGRAMS)} programs")


if __name__ == "__main__":
    main()
