#!/usr/bin/env python3
"""Writes transcripts.json: what CPython prints for each snippet of this folder. Those in `scripts` are programs of their own,
which start processes.

    python3 python/conformance/make.py
"""

import json
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from transcript import sources, transcripts

folder = Path(__file__).parent
topics = sorted(path for path in folder.glob("*.py") if path.name not in ("make.py", "transcript.py"))

# The page has no other start method.
SPAWN = 'import multiprocessing; multiprocessing.set_start_method("spawn", force=True)\n'


def output(source):
    """What a program prints."""
    with TemporaryDirectory() as place:
        script = Path(place, "script.py")
        script.write_text(SPAWN + source)
        return subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60).stdout


made = {path.stem: transcripts(path.read_text()) for path in topics}
for path in sorted(folder.glob("scripts/*.py")):
    made[path.stem] = {name: output(source) for name, source in sources(path.read_text()).items()}
if platform.python_implementation() != "CPython":
    sys.exit("the transcripts are CPython's")
text = json.dumps({"version": platform.python_version(), "transcripts": made}, indent=2, ensure_ascii=False)
(folder / "transcripts.json").write_text(text + "\n")
print(sum(map(len, made.values())), "snippets")
