"""Runs the graphs of a dagdeck page on a Dask cluster, and shows the page what the cluster does.

It adds a WebSocket route to Dask's scheduler:

    dask scheduler --preload dask_dagdeck

or, before a cluster is started from Python, `dask_dagdeck.install()`. Workers need the package too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dask.config

from .config import DEFAULTS
from .page import PageHandler, routes

if TYPE_CHECKING:
    from distributed.scheduler import Scheduler

__version__ = "0.1.0"
__all__ = ["DEFAULTS", "dask_setup", "install", "routes"]

_ROUTES = "distributed.scheduler.http.routes"


def install() -> None:
    """Adds the route to schedulers that this process starts from now on."""
    known = dask.config.get(_ROUTES)
    if __name__ not in known:
        dask.config.set({_ROUTES: [*known, __name__]})


def dask_setup(scheduler: Scheduler) -> None:
    """Adds the route to a scheduler that is running: Dask calls this for `--preload dask_dagdeck`."""
    if __name__ in dask.config.get(_ROUTES):
        return
    # Matches any HTTP prefix.
    route = (r"(?:/.*)?/dagdeck", PageHandler, {"dask_server": scheduler})
    scheduler.http_application.add_handlers(".*", [route])
