"""Reference values for src/kernels/hash.rs, from pandas: writes tests/fixtures/hash.json.

    pip install -r tests/reference/requirements.txt
    python tests/reference/string_hash.py

Strings of every length from 0 to 40 (SipHash reads 8 bytes at a time), and some beyond ASCII. Each with its hash, as 16
hexadecimal digits.
"""

import json
import pathlib

import numpy as np
from pandas.util import hash_array

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
WORDS = ["foo", "bar", "01234567", "Straße", "ξένος", "日本語", "🐍", "a\tb\nc", '"quoted"', "\x7f"]


def main():
    texts = [ALPHABET[:length] for length in range(len(ALPHABET) + 1)] + WORDS
    hashes = hash_array(np.array(texts, dtype=object), categorize=False)
    cases = [{"text": text, "hash": f"{int(value):016x}"} for text, value in zip(texts, hashes)]
    path = pathlib.Path(__file__).parent.parent / "fixtures" / "hash.json"
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
