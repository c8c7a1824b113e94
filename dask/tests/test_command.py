"""`python -m dask_dagdeck` starts a cluster, and ends all of it."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys

import psutil
from conftest import LIMIT_SECONDS, connect


def test_the_command_prints_a_url_and_leaves_nothing_behind() -> None:
    command = [sys.executable, "-m", "dask_dagdeck", "--workers", "1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = "".join(iter(process.stdout.readline, "Ctrl-C ends the cluster.\n"))
        address = re.search(r"(ws://127\.0\.0\.1:\d+/dagdeck)#(\S+)", said)
        assert address, said

        async def main() -> None:
            page = await connect(address[1], address[2])
            assert (await page.hear_of("ready"))["workers"] == 1
            page.socket.close()

        asyncio.run(main())
        family = psutil.Process(process.pid).children(recursive=True)
        assert family
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_SECONDS) == 0
        _, alive = psutil.wait_procs(family, LIMIT_SECONDS)
        assert not alive


def test_a_scheduler_is_given_the_route_by_preload() -> None:
    """As `dask scheduler --preload dask_dagdeck` does, also under a prefix."""
    from distributed import Scheduler

    async def main() -> None:
        async with Scheduler(
            port=0, dashboard_address="127.0.0.1:0", preload=["dask_dagdeck"], http_prefix="/proxy"
        ) as scheduler:
            port = scheduler.http_server.port
            page = await connect(f"ws://127.0.0.1:{port}/proxy/dagdeck")
            assert (await page.hear_of("ready"))["workers"] == 0
            page.socket.close()

    import dask.config

    known = dask.config.get("distributed.scheduler.http.routes")
    without = [module for module in known if module != "dask_dagdeck"]
    with dask.config.set({"distributed.scheduler.http.routes": without, "dagdeck.token": "a-token-for-tests"}):
        asyncio.run(main())
