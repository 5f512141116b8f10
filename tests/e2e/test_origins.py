"""Sockets that other sites ask for: refused, without holding anybody up; the app's own are opened."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from e2e.conftest import Serve
from e2e.splines_hand import Lesson
from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.timed]

FOREIGN = [f"https://site-{k}.example.test" for k in range(20)]
NAMED = "https://lessons.example.test"  # by server.corsAllowedOrigins
ALIVE = 1.0  # s within which the server must say that it is well; an outside address is looked for for two
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def silent_internet() -> Iterator[str]:
    """An address that takes connections and never answers, as an internet does that a firewall keeps away."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def address(serve_afresh: Serve, silent_internet: str) -> str:
    """The app where nothing outside answers."""
    around = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), silent_internet)
    return serve_afresh("app.py", f"--server.corsAllowedOrigins={NAMED}", **around, no_proxy="", NO_PROXY="")


def handshake(address: str, **headers: str) -> int:
    """The status of the answer to a WebSocket's first request: 101 opens it, 403 refuses."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.request("GET", "/_stcore/stream", headers={**UPGRADE, **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def seconds_to_answer(address: str) -> float:
    """How long the server takes to say that it is well."""
    start = time.perf_counter()
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=120) as answer:
        assert answer.read() == b"ok"
    return time.perf_counter() - start


def test_twenty_foreign_origins_hold_nobody_up(address: str, page: Page) -> None:
    assert seconds_to_answer(address) < ALIVE
    with ThreadPoolExecutor(len(FOREIGN)) as others:
        asked = [others.submit(handshake, address, Origin=origin) for origin in FOREIGN]
        waits = [seconds_to_answer(address)]
        while not all(one.done() for one in asked):
            waits.append(seconds_to_answer(address))
    assert [one.result() for one in asked] == [403] * len(FOREIGN)
    assert max(waits) < ALIVE
    host = address.removeprefix("http://")
    assert handshake(address) == 101  # no browser
    assert handshake(address, Origin=address) == 101
    assert handshake(address, Origin=NAMED) == 101
    assert handshake(address, Origin="https://shown.example.test", Host="shown.example.test") == 101
    assert handshake(address, Origin="https://shown.example.test", Host=host) == 403
    assert handshake(address, Origin="null") == 403  # a frame with a sandbox
    Lesson(page, address).open("n=6").answers()
