"""The example deck in a browser, beside a running app: slides step, its lesson answers, figures and film load."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.conftest import ROOT
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

DECK = ROOT / "examples" / "deck"
MODULES = ROOT / ".ci" / "web" / "node_modules"
AT = "() => Reveal.getIndices().h"
SLIDES = {"title": 0, "lesson": 1, "fit": 2, "proof": 3, "film": 4, "plane": 5, "try": 6}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Figures and film as the deck's own script draws them."""
    folder = tmp_path_factory.mktemp("deck") / "figures"
    command = [sys.executable, str(DECK / "make_figures.py"), "--to", str(folder)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def deck(figures: Path) -> Iterator[str]:
    """The address of the deck, with reveal.js as npm has installed it."""

    class Deck(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            parts = path.partition("?")[0].strip("/").split("/")
            places = {"node_modules": MODULES, "figures": figures}
            return str(places.get(parts[0], DECK / parts[0]).joinpath(*parts[1:]))

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Deck)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


def test_the_deck_and_the_checks_have_the_same_reveal() -> None:
    pinned = json.loads((DECK / "package.json").read_text(encoding="utf-8"))["dependencies"]["reveal.js"]
    installed = json.loads((MODULES / "reveal.js" / "package.json").read_text(encoding="utf-8"))["version"]
    assert pinned == installed


def test_the_deck_is_given_with_its_lessons_figures_and_film(
    app_address: str, deck: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{deck}?app={app_address}")
    for slide in range(len(SLIDES)):
        page.wait_for_function(f"(at) => ({AT})() === at", arg=slide)
        if slide == SLIDES["lesson"]:
            answers_a_drag(page)
        if slide == SLIDES["film"]:
            page.wait_for_function("() => document.querySelector('.present video').currentTime > 0.2")
        for picture in page.locator(".present img").all():
            expect(picture).to_be_visible()
            assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
        page.evaluate("() => document.activeElement?.blur()")
        page.keyboard.press("ArrowRight")
    last = page.frame_locator(".present iframe")
    expect(last.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    expect(last.locator(".st-key-beta")).to_be_hidden()
    assert page.evaluate("() => Reveal.getTotalSlides()") == len(SLIDES)
    notes = page.locator("section > aside.notes")
    assert notes.count() == len(SLIDES)


def answers_a_drag(page: Page) -> None:
    """The lesson on the slide takes a point that is pulled, and proves its answer."""
    lesson = page.frame_locator(".present iframe")
    expect(lesson.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    objective = lesson.get_by_test_id("objective")
    before = objective.get_attribute("data-value")
    point = lesson.locator(".cvz-point").nth(3)
    expect(point).to_be_visible()
    box = point.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y - 60, steps=5)
    page.mouse.up()
    expect(objective).not_to_have_attribute("data-value", str(before))
    expect(lesson.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    page.mouse.click(640, 30)  # beside the lesson: the deck has the keys again
