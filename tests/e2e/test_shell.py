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
from e2e.conftest import end_server
from e2e.lesson_hand import turn_to
from playwright.sync_api import Page, expect

from convexviz.app.course import frame
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.registry import COURSE, LESSONS
from convexviz.app.shell import startup

pytestmark = pytest.mark.e2e

APP = Path(__file__).resolve().parents[2] / "app.py"
PAGES = [pytest.param(None, id="home"), *(pytest.param(lesson, id=lesson.address) for lesson in LESSONS)]
LOADED = "() => Boolean(globalThis.Plotly)"
LOAD_PLOTLY = """path => {
  const script = document.createElement("script");
  script.src = new URL(path, document.baseURI).href;
  document.head.append(script);
}"""

Serve = Callable[..., str]
OpenPage = Callable[..., Page]
Launch = Callable[..., str]


@pytest.fixture(scope="module")
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
        end_server(process)


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
def lab(launch: Launch) -> str:
    """A server below a base path."""
    return launch(APP.parent, dict(os.environ), base="lab")


@pytest.fixture(scope="module")
def app(serve: Serve) -> str:
    """A server that the tests below share."""
    return serve(APP)


def path_of(lesson: Lesson | None) -> str:
    """Where a lesson is; None is the home page."""
    return "/" if lesson is None else f"/{lesson.address}"


def expect_framed(page: Page, lesson: Lesson | None) -> None:
    """The page itself, with the navigation around it, and no error box."""
    expect(page).to_have_title(frame.page_title(lesson))
    expect(page.get_by_test_id("stTopNavLink")).to_have_text([frame.HOME])
    expect(page.get_by_test_id("stTopNavSection")).to_have_text(list(COURSE))
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    expect(page.locator('[data-testid="stAlert"], [data-testid="stException"]')).to_have_count(0)


@pytest.mark.parametrize("lesson", PAGES)
def test_the_first_visitor_of_a_fresh_server_gets_page_and_frame(
    serve_afresh: Serve, page: Page, lesson: Lesson | None
) -> None:
    page.goto(serve_afresh(APP) + path_of(lesson))
    expect_framed(page, lesson)


def test_it_starts_from_anywhere_without_a_home(launch: Launch, page: Page, tmp_path: Path) -> None:
    page.goto(launch(tmp_path, {"PATH": os.environ["PATH"]}))
    expect_framed(page, None)
    assert list(tmp_path.iterdir()) == []


def test_the_pages_lead_to_each_other(app: str, page: Page) -> None:
    page.goto(app)
    expect_framed(page, None)
    for group, lessons in COURSE.items():
        page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
        expect(page.get_by_test_id("stTopNavDropdownLink")).to_have_text([one.title for one in lessons])
        page.keyboard.press("Escape")
        for lesson in lessons:
            turn_to(page, lesson.title)
            expect_framed(page, lesson)
    turn_to(page, frame.HOME)
    expect_framed(page, None)


def test_plotly_comes_compressed_and_is_kept_by_the_browser(app: str) -> None:
    request = urllib.request.Request(f"{app}/{startup.PLOTLY_PATH}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.read()) < 2_000_000


@pytest.mark.parametrize("lesson", PAGES)
def test_plotly_is_found_below_a_base_path(lab: str, page: Page, lesson: Lesson | None) -> None:
    """Also after a switch of pages within the browser, which rewrites the address."""
    page.goto(lab + path_of(lesson))
    expect_framed(page, lesson)
    turn_to(page, frame.HOME)
    expect_framed(page, None)
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
    expect_framed(page, None)
    assert background(page) == dark
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id("stMainMenuItem-theme-Light").click()
    page.wait_for_function(
        "color => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === color", arg=light
    )


@pytest.mark.parametrize("lesson", PAGES)
def test_nothing_sticks_out_on_a_phone(app: str, open_page: OpenPage, lesson: Lesson | None) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(app + path_of(lesson))
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_text([frame.HOME, *(one.title for one in LESSONS)])
