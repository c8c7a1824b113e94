"""Reference values for src/kernels/random, from NumPy and Dask: writes tests/fixtures/random.json.

    pip install -r tests/reference/requirements.txt
    python tests/reference/random_arrays.py

(It is not named random.py, which would hide the standard library's module from every script in this folder.)

Arrays of up to 64 numbers are written in full, as the hexadecimal bits of each 64-bit number in C order. Every array
has its first and last number, and a hash over the numbers chunk by chunk (so that checking it needs no layout).
"""

import json
import pathlib

import dask
import dask.array as da
import numpy as np

U64 = np.uint64
GOLDEN = U64(0x9E3779B97F4A7C15)


def bits(x):
    return np.ascontiguousarray(x).ravel().view(U64)


def hash_bits(words):
    """The sum of splitmix64's finaliser over `word + (position + 1) * GOLDEN`: order matters; fast in NumPy."""
    with np.errstate(over="ignore"):
        x = words + (np.arange(len(words), dtype=U64) + U64(1)) * GOLDEN
        x = (x ^ (x >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> U64(27))) * U64(0x94D049BB133111EB)
        return np.sum(x ^ (x >> U64(31)), dtype=U64)


def hexes(words):
    return [f"{int(word):016x}" for word in words]


def seed_sequences():
    for entropy, key in [
        (0, ()),
        (1, ()),
        (42, (0,)),
        (42, (1,)),
        (42, (7, 3)),
        (2**32 - 1, (2**32 - 1,)),
        (2**64 + 5, (2, 0, 9)),
        (2**128 - 1, ()),
        (2**128 - 1, (6,)),
        ([1, 2, 3, 4, 5, 6], (8,)),
        ([0, 0, 0, 0, 0], ()),
    ]:
        sequence = np.random.SeedSequence(entropy, spawn_key=key)
        words = entropy if isinstance(entropy, list) else [entropy >> s & 0xFFFFFFFF for s in range(0, 128, 32)]
        state = sequence.generate_state(10, np.uint32)
        yield {"words": words, "spawn_key": list(key), "state": [int(w) for w in state]}


def draw(rng, method, args, shape, chunks):
    x = getattr(rng, method)(*args, size=shape, chunks=chunks)
    blocks = dask.compute(*x.to_delayed().ravel(), scheduler="sync")
    in_chunk_order = np.concatenate([bits(block) for block in blocks])
    whole = bits(x.compute(scheduler="sync"))
    drawn = {
        "method": method,
        "args": [str(arg) for arg in args],
        "chunks": [list(map(int, c)) for c in x.chunks],
        "hash": f"{int(hash_bits(in_chunk_order)):016x}",
        "first": hexes(whole[:1]),
        "last": hexes(whole[-1:]),
    }
    if len(whole) <= 64:
        drawn["values"] = hexes(whole)
    return drawn


# A row is one generator: its seed, and the arrays drawn from it one after another.
GENERATORS = [
    (42, [("random", (), (4, 6), (2, 3)), ("random", (), (5,), 2), ("random", (), (3, 3), ((1, 2), (3,)))]),
    (0, [("random", (), (1,), 1), ("random", (), (), ()), ("random", (), (7, 0), (3, 1)), ("random", (), (6,), 6)]),
    (12345, [("random", (), (100, 100), 10), ("random", (), (101, 67), (17, 23)), ("random", (), (3, 4, 5), (2, 3, 2))]),
    (2**32 + 1, [("random", (), (1000,), 999), ("random", (), (64,), ((1, 2, 3, 4, 5, 6, 7, 8, 28),))]),
    (2**64 - 1, [("random", (), (257, 129), (100, 50))]),
    (2**128 - 1, [("random", (), (33,), 5)]),
    (7, [("random", (), (2000, 1500), 500), ("random", (), (300, 300), 64)]),
    (42, [("standard_normal", (), (5, 5), 3), ("normal", (10.0, 0.1), (7,), 4), ("random", (), (3,), 2)]),
    (1, [("standard_normal", (), (1000, 1000), 250), ("normal", (-3.5, 1e-3), (123, 321), (50, 60))]),
    (2, [("normal", (), (0,), 1), ("normal", (0.0, 0.0), (4,), 2), ("standard_normal", (), (400, 400), (399, 7))]),
    (42, [("uniform", (-2.5, 7.0), (5, 6), (2, 4)), ("uniform", (1e-3, 1e9), (1000, 300), 128), ("uniform", (3.0, 3.0), (3,), 2)]),
    (42, [("standard_exponential", (), (5, 5), 3), ("exponential", (0.25,), (7,), 4), ("random", (), (3,), 2)]),
    (6, [("exponential", (2.5,), (1000, 1000), 250), ("standard_exponential", (), (400, 400), (399, 7)), ("exponential", (0.0,), (4,), 2)]),
    (42, [("poisson", (4.5,), (5, 5), 3), ("poisson", (100.0,), (7,), 4), ("poisson", (0.0,), (3,), 2), ("random", (), (3,), 2)]),
    (8, [("poisson", (lam,), (300, 301), 77) for lam in (1e-3, 0.5, 9.999, 10.0, 12.5, 1000.0, 1e9, 1e18)]),
    (42, [("integers", (0, 10), (6, 3), (4, 2)), ("integers", (-5, 5), (9,), 5), ("integers", (7, 8), (3,), 2)]),
    (3, [("integers", (0, 2**32), (11,), 3), ("integers", (0, 2**32 - 1), (11,), 3), ("integers", (0, 2**32 + 1), (11,), 3)]),
    (4, [("integers", (-(2**63), 2**63 - 1), (10,), 4), ("integers", (-(2**62), 2**62 + 1), (10,), 4)]),
    (5, [("integers", (0, 1000), (301, 299), 100), ("integers", (0, 3 * 2**30), (300, 301), 77), ("integers", (0, 3 * 2**61), (300, 300), 91)]),
]


def main():
    fixture = {
        "numpy": np.__version__,
        "dask": dask.__version__,
        "seed_sequences": list(seed_sequences()),
        "generators": [],
    }
    for seed, arrays in GENERATORS:
        rng = da.random.default_rng(seed)
        fixture["generators"].append({"seed": str(seed), "arrays": [draw(rng, *array) for array in arrays]})
    path = pathlib.Path(__file__).parent.parent / "fixtures" / "random.json"
    path.write_text(json.dumps(fixture, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
