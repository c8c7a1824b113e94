"""The operations of expressions: what the crate lists in src/collections/expression/operations.rs."""

import json
from pathlib import Path

# JSON within a module of the page, which `make generated` writes.
_TEXT = (Path(__file__).parents[2] / "www" / "src" / "array" / "operations.js").read_text()
_LISTED = json.loads(_TEXT[_TEXT.index("\n{") : _TEXT.rindex("}") + 1])

# Functions of each element, of one array and of two.
UNARY, BINARY = _LISTED["unary"], _LISTED["binary"]

# The keywords of all other operations.
KEYWORDS = {
    name: [*signature["positional"], *signature["named"]]
    for kind in ("methods", "functions")
    for name, signature in _LISTED[kind].items()
}


def taking(keyword):
    """The operations that take a keyword."""
    return [name for name, keywords in KEYWORDS.items() if keyword in keywords]


# Reductions of any axes. `argmin` and `argmax` take one axis or all; `einsum` has no axes.
REDUCTIONS = [name for name in taking("split_every") if name not in ("argmin", "argmax", "einsum")]

# Random numbers.
DRAWS = taking("after")
