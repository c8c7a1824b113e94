"""Dask over dagdeck's collections and scheduler: arrays, delayed calls, and the schedulers `threads` and `synchronous`.

What is missing raises AttributeError.
"""

from . import config, threaded
from .base import compute, is_dask_collection, persist, visualize
from .delayed import delayed
from .local import get_sync as get

__version__ = "2026.8.0"


def __getattr__(name):
    if name == "array":
        import importlib

        return importlib.import_module("dask.array")
    raise AttributeError(f"dask.{name}: dask in the page does not have it")
