"""Runs the Python listings of the talk's programs, www/talk/listings, with other values; returns what they define."""

import ast
import contextlib
import io
import re
from pathlib import Path
from unittest import mock

import dask
import dask.array as da

LISTINGS = Path(__file__).parents[2] / "www" / "talk" / "listings"


def listing(program):
    return (LISTINGS / f"{program}.py").read_text()


def with_values(text, values):
    """A listing with its lines `name = ...` changed, as in www/src/demo/listing.js."""
    for name, value in values.items():
        text, changed = re.subn(f"^{name} = .*$", f"{name} = {value!r}", text, count=1, flags=re.MULTILINE)
        assert changed, f"the listing has no line that starts with '{name} = '"
    return text


def computed(text):
    """The arrays that a listing computes, each with its value."""
    caught = []

    def compute(array, **_):
        (value,) = dask.compute(array, scheduler="sync")
        caught.append((array, value))
        return value

    with mock.patch.object(da.Array, "compute", compute), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "<listing>", "exec"), {})
    return caught


def defined(program, name):
    """A function as the listing of a program defines it."""
    tree = ast.parse(listing(program))
    tree.body = [part for part in tree.body if isinstance(part, (ast.Import, ast.FunctionDef))]
    names = {}
    exec(compile(tree, program, "exec"), names)
    return names[name]
