"""Imported once, before any cell runs."""

import os
import sys

from _page import Stream

sys.stdout = sys.__stdout__ = Stream(1)
sys.stderr = sys.__stderr__ = Stream(2)

# importlib asks for it under this name.
sys.modules["posix"] = os
