"""Streamlit servers and a browser for the end-to-end tests; each server gets a free port and is ended by its own id."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]  # Streamlit reads its configuration from here
FIND_CHROMIUM = ROOT / ".ci" / "chromium"  # prints its path; CHROMIUM in the environment names one
LAUNCH = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
LAUNCH += ["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.test 127.0.0.1"]
SERVER_OPTIONS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "runner.postScriptGC": "false",
}
PATIENCE = 30_000  # ms that a loaded machine may take to show something
START_SECONDS = 60  # a loaded machine takes long over the first imports
# On a deep link the front end probes a path below the page first; the 404 means nothing.
BENIGN = re.compile(r"/_stcore/(health|host-config)$")

Serve = Callable[..., str]
Tab = tuple[Page, list[str]]  # a page, and the errors it has shown


def pytest_collection_finish(session: pytest.Session) -> None:
    """Find the browser once it is known that a test needs it, and before one waits: installing it may take minutes."""
    if not session.config.option.collectonly and any(item.get_closest_marker("e2e") for item in session.items):
        found = subprocess.run([FIND_CHROMIUM], stdout=subprocess.PIPE, text=True, check=False)
        if found.returncode:
            raise pytest.UsageError("The browser tests need a browser; without them: pytest -m 'not e2e'.")
        os.environ["CHROMIUM"] = found.stdout.strip()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=LAUNCH)
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """`serve(script, *args)` starts `streamlit run script` and returns its address; it ends with the tests.

    `prefix="/convex"` serves it below that path; other keywords are variables of its environment.
    """
    with servers() as start:
        yield start


@pytest.fixture
def serve_afresh() -> Iterator[Serve]:
    """As `serve`, for one test: the server ends with it."""
    with servers() as start:
        yield start


@contextmanager
def servers() -> Iterator[Serve]:
    """A function that starts servers, which end with the block."""
    running: list[subprocess.Popen[bytes]] = []

    def start(script: str | Path, *args: str, prefix: str = "", **environment: str) -> str:
        port = free_port()
        address = f"http://localhost:{port}{prefix}"
        options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options, *args]
        command += [f"--server.baseUrlPath={prefix}"] if prefix else []
        around = {**os.environ, **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append(process)
        wait_for_health(address, process)
        return address

    try:
        yield start
    finally:
        for process in running:
            end_server(process)


def end_server(process: subprocess.Popen[bytes]) -> None:
    """End a server; on a loaded machine one in the midst of a solve may not hear in time."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_health(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; fail if it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"The server ended with code {process.returncode} before it answered."
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"No answer from {address} within {START_SECONDS} s.")


def listen_for_errors(page: Page) -> list[str]:
    """Errors of the page from now on: its console's and those that nothing caught."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not BENIGN.search(message.location.get("url", "")):
            errors.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture(scope="session")
def app_address(serve: Serve) -> str:
    """One server of the app for all tests that need no fresh one."""
    return serve("app.py")


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Tab]:
    """One tab and the errors it has shown; each visit is a session of its own, with the scripts compiled once."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    yield page, listen_for_errors(page)
    page.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(**context_options)` gives a page of a fresh context; no page may have shown an error at the end."""
    opened: list[tuple[BrowserContext, list[str]]] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        opened.append((context, listen_for_errors(page)))
        return page

    yield open_one
    for context, _ in opened:
        context.close()
    assert [errors for _, errors in opened] == [[] for _ in opened]


@pytest.fixture(scope="session")
def warm(browser: Browser) -> Iterator[BrowserContext]:
    """One context whose scripts are loaded and compiled once; what a test stores in it is cleared after the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(warm: BrowserContext) -> Iterator[Page]:
    """A page at laptop size, as somebody has it who was here before and keeps nothing; it may have shown no error."""
    page = warm.new_page()
    page.set_default_timeout(PATIENCE)
    errors = listen_for_errors(page)
    yield page
    for one in warm.pages:
        if one.url.startswith("http"):
            one.evaluate("() => localStorage.clear()")
        one.close()
    assert errors == []
