#!/usr/bin/env python3
"""Writes transcripts.json: what CPython prints for each snippet of this folder.

    python3 python/conformance/make.py
"""

import json
import platform
import sys
from pathlib import Path

from transcript import transcripts

folder = Path(__file__).parent
topics = sorted(path for path in folder.glob("*.py") if path.name not in ("make.py", "transcript.py"))

made = {path.stem: transcripts(path.read_text()) for path in topics}
if platform.python_implementation() != "CPython":
    sys.exit("the transcripts are CPython's")
text = json.dumps({"version": platform.python_version(), "transcripts": made}, indent=2, ensure_ascii=False)
(folder / "transcripts.json").write_text(text + "\n")
print(sum(map(len, made.values())), "snippets")
