"""Runs the snippets of the folder `snippets` with CPython, NumPy and Dask, and writes what they print.

The page's Python must print the same: www/test/e2e/python-dask.spec.js.
"""

import contextlib
import io
import json
import pathlib
import re

here = pathlib.Path(__file__).parent
fixture = here.parent / "fixtures" / "snippets.json"


def snippets(text):
    """`(title, source)`: each begins with a comment and ends with an empty line before the next one."""
    for part in re.split(r"\n\n(?=# )", text.strip() + "\n"):
        title, _, source = part.partition("\n")
        yield title.removeprefix("# "), source.strip() + "\n"


def printed(source):
    """What a snippet prints, and the exception that ends it."""
    output, error = io.StringIO(), None
    with contextlib.redirect_stdout(output), contextlib.suppress(DeprecationWarning):
        try:
            exec(compile(source, "<snippet>", "exec"), {"__name__": "__main__"})
        except Exception as exception:
            error = f"{type(exception).__name__}: {exception}"
    return output.getvalue(), error


def main():
    made = []
    for file in ("numpy", "array", "delayed"):
        for title, source in snippets((here / "snippets" / f"{file}.py").read_text()):
            output, error = printed(source)
            made.append({"title": f"{file}: {title}", "source": source, "output": output, "error": error})
    fixture.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
