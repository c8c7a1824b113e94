"""A cluster on this machine for pages: `python -m dask_dagdeck --workers 2 --threads 2`. Ctrl-C ends all of it.

It has TLS if Dask's configuration says so.
"""

from __future__ import annotations

import argparse
import re
import secrets
import signal
import threading

import dask.config
from distributed import LocalCluster

from . import install
from .config import configured_origins


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dask_dagdeck", description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker (1)")
    parser.add_argument("--port", type=int, default=8787, help="where pages connect; 0 for any free port (8787)")
    parser.add_argument("--origin", action="append", help="an origin whose pages may connect, besides localhost")
    given = parser.parse_args()

    token = dask.config.get("dagdeck.token") or secrets.token_urlsafe(24)
    origins = [*configured_origins(), *(given.origin or [])]
    dask.config.set({"dagdeck.token": token, "dagdeck.origins": origins})
    install()
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with LocalCluster(
        n_workers=given.workers, threads_per_worker=given.threads, dashboard_address=f"127.0.0.1:{given.port}"
    ) as cluster:
        link = cluster.dashboard_link
        port = re.search(r":(\d+)/", link)
        scheme = "wss" if link.startswith("https:") else "ws"
        print(f"{given.workers} workers with {given.threads} threads each. Give this URL to a page:")
        print(f"  {scheme}://127.0.0.1:{port[1] if port else given.port}/dagdeck#{token}")
        print(f"Other clients connect to {cluster.scheduler_address}, and the page can watch what they run.")
        print("Ctrl-C ends the cluster.", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
