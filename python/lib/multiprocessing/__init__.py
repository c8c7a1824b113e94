"""`multiprocessing` in the page: a process is an interpreter of its own, with a memory of its own.

Processes are spawned. There is no fork: a page cannot copy an interpreter. What processes share goes through
channels, which the page keeps (the native module `_processes`).
"""

import os

from .connection import Pipe
from .pool import Pool
from .process import Process, active_children, current_process, parent_process
from .queues import JoinableQueue, Queue, SimpleQueue
from .synchronize import (
    Array,
    Barrier,
    BoundedSemaphore,
    Condition,
    Event,
    Lock,
    RLock,
    Semaphore,
    Value,
)
from .errors import AuthenticationError, BufferTooShort, ProcessError, TimeoutError

__all__ = [
    "Array",
    "AuthenticationError",
    "Barrier",
    "BoundedSemaphore",
    "BufferTooShort",
    "Condition",
    "Event",
    "JoinableQueue",
    "Lock",
    "Pipe",
    "Pool",
    "Process",
    "ProcessError",
    "Queue",
    "RLock",
    "Semaphore",
    "SimpleQueue",
    "TimeoutError",
    "Value",
    "active_children",
    "cpu_count",
    "current_process",
    "freeze_support",
    "get_all_start_methods",
    "get_context",
    "get_start_method",
    "parent_process",
    "set_start_method",
]


def cpu_count():
    return os.cpu_count()


def freeze_support():
    """Does nothing: programs are not frozen into executables here."""


def get_all_start_methods():
    return ["spawn"]


def get_start_method(allow_none=False):
    return "spawn"


def set_start_method(method, force=False):
    get_context(method)


def get_context(method=None):
    """This module: it has all that a context has."""
    import sys

    if method not in (None, "spawn"):
        raise ValueError(f"cannot find context for {method!r}")
    return sys.modules[__name__]


def __getattr__(name):
    raise AttributeError(f"module {__name__!r} in the page has no attribute {name!r}")
