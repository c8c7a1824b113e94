"""How a process begins. As with CPython's start method `spawn`, it runs the main program once more, under the name `__mp_main__`:
the cell that has started it. Of earlier cells it runs what defines something."""

import ast
import os
import pickle
import sys
import types

import _processes

from . import process as _process
from .channel import inheriting

_begins = False


def start(process):
    """Starts it. Returns its number, and the channel of its exit code."""
    if _begins:
        raise RuntimeError(
            "An attempt has been made to start a new process before the current process has finished its "
            "bootstrapping phase. A cell that starts processes needs `if __name__ == \"__main__\":` around what "
            "starts them: each process runs the cell once more."
        )
    channel, code = _processes.channel(), _processes.channel()
    with inheriting():
        message = pickle.dumps(process)
    _processes.put(channel, pickle.dumps(_processes.cells()))
    _processes.put(channel, message)
    number = _processes.start(channel)
    if number == 0:
        raise BlockingIOError(11, "Resource temporarily unavailable: too many processes")
    return number, code


def main(channel):
    """What a new process runs."""
    global _begins
    cells = pickle.loads(_processes.take(channel))
    main = types.ModuleType("__mp_main__")
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main
    code = 1
    try:
        _begins = True
        _run(cells, main)
        process = pickle.loads(_processes.take(channel))
        _begins = False
        os._parent = process._parent_pid
        _process._parent = _process._ParentProcess(process._parent_name, process._parent_pid)
        code = process._bootstrap()
    except BaseException:
        import traceback

        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    _processes.end(os.getpid(), code)


def _run(cells, main):
    import linecache

    for i, (name, source) in enumerate(cells):
        _processes.note_cell(name, source)
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        if i + 1 < len(cells):
            _define(name, source, main)
        else:
            exec(compile(source, name, "exec"), main.__dict__)


def _define(name, source, main):
    """Runs imports and definitions of a cell. One that fails is left out, as what follows may not need it."""
    try:
        statements = ast.parse(source, name).body
    except SyntaxError:
        return
    for statement in statements:
        if isinstance(statement, _DEFINITIONS) or _is_constant(statement):
            try:
                exec(compile(ast.Module([statement], []), name, "exec"), main.__dict__)
            except Exception:
                pass


_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_constant(statement):
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
