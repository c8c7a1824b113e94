"""A cluster with TLS, as Dask is configured for it: between its processes, and for the pages that connect."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.config
import pytest
from conftest import LIMIT_SECONDS, ORIGIN, TOKEN, Page, connect
from decoded import decode
from distributed import Scheduler, Security, Worker
from tornado.httpclient import HTTPClientError

import dask_dagdeck

GRAPH = {
    "dagdeck": 1,
    "tasks": {
        "a": {"op": {"call": {"function": "inc", "args": [1]}}},
        "b": {"op": {"call": {"function": "double", "args": [None]}}, "args": ["a"]},
    },
    "targets": ["b"],
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The files of a certificate for this machine, which has signed itself, and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-addext", names, "-out", cert, "-keyout", key], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def dashboard(certificate: tuple[str, str]) -> Iterator[None]:
    cert, key = certificate
    tls = {f"distributed.scheduler.dashboard.tls.{name}": path for name, path in (("cert", cert), ("key", key))}
    dask_dagdeck.install()
    with dask.config.set({**tls, "dagdeck.token": TOKEN}):
        yield


def trusting(certificate: tuple[str, str]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate[0])


@pytest.mark.parametrize("roles", [("scheduler", "worker", "client"), ("scheduler", "worker")])
def test_a_page_runs_a_graph_on_a_cluster_with_tls(
    certificate: tuple[str, str], dashboard: None, roles: tuple[str, ...]
) -> None:
    """`dask scheduler --tls-cert` has a certificate for the scheduler, and none for clients."""
    cert, key = certificate
    pairs = {f"tls_{role}_{part}": path for role in roles for part, path in (("cert", cert), ("key", key))}
    security = Security(tls_ca_file=cert, require_encryption=True, **pairs)

    async def main() -> None:
        async with (
            Scheduler(protocol="tls://", port=0, dashboard_address="127.0.0.1:0", security=security) as scheduler,
            Worker(scheduler.address, security=security, nthreads=1),
        ):
            assert scheduler.address.startswith("tls://")
            url = f"wss://127.0.0.1:{scheduler.http_server.port}/dagdeck"
            page = await connect(url, ssl_options=trusting(certificate))
            assert (await page.hear_of("ready", "refused"))["type"] == "ready"
            ended = await page.run(GRAPH)
            assert ended["type"] == "finished", ended
            assert decode(page.values[1, 0]) == 4
            await hang_up(page)

    asyncio.run(asyncio.wait_for(main(), LIMIT_SECONDS))


def test_pages_are_refused_with_tls_too(certificate: tuple[str, str], dashboard: None) -> None:
    async def main() -> None:
        async with Scheduler(port=0, dashboard_address="127.0.0.1:0") as scheduler:
            port = scheduler.http_server.port
            given: dict[str, Any] = {"ssl_options": trusting(certificate)}
            url = f"wss://127.0.0.1:{port}/dagdeck"
            page = await connect(url, "wrong", **given)
            assert (await page.hear_of("refused"))["message"] == "wrong token"
            await hang_up(page)
            with pytest.raises(HTTPClientError) as error:
                await connect(url, origin="https://evil.example", **given)
            assert error.value.code == 403
            # Neither without TLS, nor with a certificate that is not trusted.
            for one, options in [(f"ws://127.0.0.1:{port}/dagdeck", {}), (url, {})]:
                with pytest.raises((OSError, HTTPClientError)):
                    await connect(one, origin=ORIGIN, **options)

    asyncio.run(asyncio.wait_for(main(), LIMIT_SECONDS))


def test_the_command_prints_a_url_with_tls(certificate: tuple[str, str]) -> None:
    cert, key = certificate
    tls = {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true", "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": cert}
    for place in ("SCHEDULER__DASHBOARD__TLS", "COMM__TLS__SCHEDULER", "COMM__TLS__WORKER", "COMM__TLS__CLIENT"):
        tls |= {f"DASK_DISTRIBUTED__{place}__CERT": cert, f"DASK_DISTRIBUTED__{place}__KEY": key}
    command = [sys.executable, "-m", "dask_dagdeck", "--workers", "1", "--port", "0"]
    with subprocess.Popen(command, env={**os.environ, **tls}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = "".join(iter(process.stdout.readline, "Ctrl-C ends the cluster.\n"))
        address = re.search(r"(wss://127\.0\.0\.1:\d+/dagdeck)#(\S+)", said)
        try:
            assert address and "tls://" in said, said

            async def main() -> None:
                page = await connect(address[1], address[2], ssl_options=trusting(certificate))
                assert (await page.hear_of("ready"))["workers"] == 1
                assert (await page.run(GRAPH))["type"] == "finished"
                await hang_up(page)

            asyncio.run(asyncio.wait_for(main(), LIMIT_SECONDS))
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(LIMIT_SECONDS) == 0


async def hang_up(page: Page) -> None:
    page.socket.close()
    while not page.closed:
        await page.hear()
