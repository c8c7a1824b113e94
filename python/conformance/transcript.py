"""Runs snippets and notes what each prints: in CPython for the transcripts, in the page to be compared with them."""

import contextlib
import io
import traceback
import warnings


def sources(text):
    """The snippets of a file, by name. Each begins with a line `#: name`."""
    parts = text.split("#: ")[1:]
    return {name: source for name, _, source in (part.partition("\n") for part in parts)}


def transcript(name, source):
    """What the snippet prints. If it raises, the last line says what."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            exec(compile(source, f"<{name}>", "exec"), {"__name__": "__main__"})
        except Exception as error:
            output.write("".join(traceback.format_exception_only(error)))
    return output.getvalue()


def transcripts(text):
    """The transcripts of all snippets of a file, by name."""
    return {name: transcript(name, source) for name, source in sources(text).items()}
