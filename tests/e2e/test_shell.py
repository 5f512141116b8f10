"""The shell in a real browser: deep links on a fresh server, plotly.js, links, themes, a phone."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from convexviz.app.shell import frame, startup

pytestmark = pytest.mark.e2e

APP = Path(__file__).resolve().parents[2] / "app.py"
HOME = frame.PAGES[0]
LOADED = "() => Boolean(globalThis.Plotly)"
LOAD_PLOTLY = """path => {
  const script = document.createElement("script");
  script.src = new URL(path, document.baseURI).href;
  document.head.append(script);
}"""

Serve = Callable[..., str]
OpenPage = Callable[..., Page]
Launch = Callable[..., str]


@pytest.fixture
def launch() -> Iterator[Launch]:
    """`launch(directory, environment, base)` starts the app as a stranger might, and returns its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(directory: Path, environment: dict[str, str], base: str = "") -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = [f"--server.port={port}", f"--server.baseUrlPath={base}", "--server.headless=true"]
        command = [sys.executable, "-m", "streamlit", "run", str(APP), *options]
        log = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen(command, cwd=directory, env=environment, **log))  # type: ignore[call-overload]
        address = f"http://localhost:{port}{base and f'/{base}'}"
        wait_until_warm(address, running[-1])
        return address

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


def wait_until_warm(address: str, process: subprocess.Popen[bytes]) -> None:
    """Streamlit's own health check answers once the lifespan's warm-up is done."""
    for _ in range(600):
        assert process.poll() is None, "The server ended before it answered."
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"No answer from {address}.")


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    """A server that the tests below share."""
    return serve(APP)


def path_of(spec: frame.PageSpec) -> str:
    return "/" if spec is HOME else f"/{spec.name}"


def expect_framed(page: Page, spec: frame.PageSpec) -> None:
    """The page itself, with the navigation around it, and no error box."""
    expect(page).to_have_title(frame.page_title(spec))
    expect(page.get_by_test_id("stTopNavLink")).to_have_text([spec.title for spec in frame.PAGES])
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    expect(page.locator('[data-testid="stAlert"], [data-testid="stException"]')).to_have_count(0)


@pytest.mark.parametrize("spec", frame.PAGES, ids=lambda spec: spec.name)
def test_the_first_visitor_of_a_fresh_server_gets_page_and_frame(
    serve: Serve, page: Page, spec: frame.PageSpec
) -> None:
    page.goto(serve(APP) + path_of(spec))
    expect_framed(page, spec)


def test_it_starts_from_anywhere_without_a_home(launch: Launch, page: Page, tmp_path: Path) -> None:
    page.goto(launch(tmp_path, {"PATH": os.environ["PATH"]}))
    expect_framed(page, HOME)
    assert list(tmp_path.iterdir()) == []


def test_the_pages_lead_to_each_other(app: str, page: Page) -> None:
    page.goto(app)
    expect_framed(page, HOME)
    for spec in (*frame.PAGES[1:], HOME):
        page.get_by_test_id("stTopNavLink").filter(has_text=spec.title).click()
        expect_framed(page, spec)


def test_plotly_comes_compressed_and_is_kept_by_the_browser(app: str) -> None:
    request = urllib.request.Request(f"{app}/{startup.PLOTLY_PATH}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.read()) < 2_000_000


@pytest.mark.parametrize("spec", frame.PAGES, ids=lambda spec: spec.name)
def test_plotly_is_found_below_a_base_path(launch: Launch, page: Page, spec: frame.PageSpec) -> None:
    """Also after a switch of pages within the browser, which rewrites the address."""
    lab = launch(APP.parent, dict(os.environ), base="lab")
    page.goto(lab + path_of(spec))
    expect_framed(page, spec)
    page.get_by_test_id("stTopNavLink").filter(has_text=HOME.title).click()
    expect_framed(page, HOME)
    page.evaluate(LOAD_PLOTLY, startup.PLOTLY_PATH)
    page.wait_for_function(LOADED)
    assert re.fullmatch(rf"{lab}/?", page.url)


def test_a_damaged_link_says_what_was_ignored(app: str, page: Page) -> None:
    page.goto(f"{app}/splines?beta=abc&seed=3")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_contain_text("beta=abc")
    expect(warning).not_to_contain_text("seed")
    expect(page.get_by_test_id("stTopNavLink").first).to_be_visible()


def background(page: Page) -> str:
    return page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")


def test_it_follows_the_systems_theme_and_can_be_told_otherwise(app: str, open_page: OpenPage) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(16, 22, 28)"
    page = open_page(color_scheme="dark")
    page.goto(app)
    expect_framed(page, HOME)
    assert background(page) == dark
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id("stMainMenuItem-theme-Light").click()
    page.wait_for_function(
        "color => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === color", arg=light
    )


@pytest.mark.parametrize("spec", frame.PAGES, ids=lambda spec: spec.name)
def test_nothing_sticks_out_on_a_phone(app: str, open_page: OpenPage, spec: frame.PageSpec) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(app + path_of(spec))
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_text([spec.title for spec in frame.PAGES])
