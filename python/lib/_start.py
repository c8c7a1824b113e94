"""Imported once, before any cell runs."""

import os
import sys
import threading

from _page import Stream

sys.stdout = sys.__stdout__ = Stream(1)
sys.stderr = sys.__stderr__ = Stream(2)



def _bootstrap(thread, run=threading.Thread._bootstrap):
    """Runs a thread. One that is interrupted where it begins or ends is no longer listed either."""
    try:
        run(thread)
    finally:
        threading._limbo.pop(thread, None)
        threading._active.pop(threading.get_ident(), None)


threading.Thread._bootstrap = _bootstrap

# importlib asks for it under this name.
sys.modules["posix"] = os
