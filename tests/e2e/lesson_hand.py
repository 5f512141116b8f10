"""What a person does on a lesson's page and sees of it; shared by the end-to-end tests of the lessons."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
from e2e.conftest import Tab
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from convexviz.app.lessons.registry import COURSE
from convexviz.core.network import Array

TURNS, TURN_PATIENCE = 5, 4000  # tries to turn a scene, and ms for each
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP = {"width": 1280, "height": 720}
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(16, 22, 28)"
SAME = 1e-6  # relative, between the badge and an independent solve
# Attributes of the board tell of points that the next frame draws.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The answer on the badge is that of the points, and its β is the slider's.
SETTLED = """() => {
  const badge = document.querySelector(".cvz-badge [data-testid=beta]")?.dataset.value;
  const slider = document.querySelector("[data-testid=beta-input]")?.value;
  const { rev, answerRev } = document.querySelector("[data-testid=board]").dataset;
  return rev === answerRev && badge && Math.abs(Number(badge) - Number(slider)) <= 1e-3 * Number(badge);
}"""


@contextmanager
def calm_visit(tab: Tab) -> Iterator[Page]:
    """The tab at laptop size in the light theme; in the end neither page nor console may show a failure."""
    page, errors = tab
    errors.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.mouse.move(2, 2)
    yield page
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Something went wrong" not in page.locator("body").inner_text()
    assert errors == []


def bottom(page: Page, key: str) -> float:
    """Where the container `key` ends, in pixels from the top of the page."""
    read = "e => e.getBoundingClientRect().bottom + document.querySelector('[data-testid=stMain]').scrollTop"
    return float(page.locator(f".st-key-{key}").first.evaluate(read))


def turn_to(page: Page, title: str) -> None:
    """Go to another page by the navigation."""
    group = next((name for name, lessons in COURSE.items() if title in [one.title for one in lessons]), None)
    if group is None:
        page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
        return
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()


class LessonHand:
    """The page of one lesson: `name` is its path, `board` begins the keys of its components."""

    name: str
    board: str

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.surface = page.get_by_test_id("board")
        self.points = page.get_by_test_id("point")
        self.slider = page.get_by_test_id("beta-slider")
        self.badge = page.locator(".cvz-badge")
        self.alert = page.locator('[data-testid="stAlert"], [data-testid="stException"]')

    def open(self, query: str = "") -> Self:
        """Visit by a link, and wait for the first answer."""
        self.page.goto(f"{self.address}/{self.name}{query and '?' + query}")
        return self.opened()

    def opened(self) -> Self:
        expect(self.surface).to_have_attribute("data-count", re.compile(r"\d+"))
        expect(self.page.locator('[data-figure="dual"]')).to_have_attribute("data-updates", re.compile("[1-9]"))
        return self

    # ---- the board

    def at(self, fx: float, fy: float) -> tuple[float, float]:
        box = self.surface.bounding_box()
        assert box is not None
        return box["x"] + fx * box["width"], box["y"] + fy * box["height"]

    def tool(self, name: str) -> Locator:
        return self.page.locator(f"[data-tool={name}]")

    def has(self, count: int) -> None:
        expect(self.surface).to_have_attribute("data-count", str(count))
        expect(self.points).to_have_count(count)

    def draw(self, *spots: tuple[float, float]) -> None:
        """Click here and there; each click adds a point."""
        before = int(self.surface.get_attribute("data-count") or 0)
        for more, spot in enumerate(spots, 1):
            self.page.mouse.click(*self.at(*spot))
            self.has(before + more)

    def empty(self) -> None:
        self.tool("clear").click()
        self.has(0)
        self.shows_status("empty")

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 10) -> None:
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=steps)
        self.page.mouse.up()

    def spot(self, index: int) -> tuple[float, float]:
        """Where a point is, in shares of the board."""
        dot, box = self.points.nth(index).bounding_box(), self.surface.bounding_box()
        assert dot is not None
        assert box is not None
        x, y = dot["x"] + dot["width"] / 2 - box["x"], dot["y"] + dot["height"] / 2 - box["y"]
        return x / box["width"], y / box["height"]

    def coordinates(self) -> Array:
        """Points as drawn, (n, 2)."""
        read = "marks => marks.map(m => [Number(m.dataset.x), Number(m.dataset.y)])"
        return np.array(self.points.evaluate_all(read), float).reshape(-1, 2)

    # ---- the certificate

    def shown(self, name: str) -> str:
        return self.page.get_by_test_id(name).get_attribute("data-value") or ""

    def number(self, name: str) -> float:
        return float(self.shown(name))

    def answers_new_data(self, **problem: Any) -> Any:
        """Wait until the badge shows the optimum of data that have just come, at the β that they brought."""
        self.page.wait_for_function(SETTLED)
        return self.answers(beta=self.number("beta"), **problem)

    def shows_status(self, status: str) -> None:
        expect(self.page.get_by_test_id("status")).to_have_attribute("data-value", status)

    def shows_objective(self, value: float, tolerance: float = SAME) -> None:
        """Wait until the badge shows this objective."""
        self.page.wait_for_function(
            """([value, tolerance]) => {
              const shown = document.querySelector("[data-testid=objective]").dataset.value;
              return shown !== "" && Math.abs(Number(shown) - value) <= tolerance * Math.max(1e-12, Math.abs(value));
            }""",
            arg=[value, tolerance],
        )

    # ---- beta

    def path_is_ready(self, frames: int) -> None:
        """Wait until the whole path, of at least so many frames, lies in the browser for the points on the board."""
        self.page.wait_for_function(
            """([key, frames]) => {
              const path = globalThis.__convexvizBus.last[key];
              return path?.complete && path.frames?.length >= frames;
            }""",
            arg=[f"path:{self.board}-beta", frames],
        )
        expect(self.page.get_by_test_id("beta-play")).to_be_enabled()

    def thumb(self, share: float) -> tuple[float, float]:
        box = self.slider.bounding_box()
        assert box is not None
        return box["x"] + share * box["width"], box["y"] + box["height"] / 2

    def type_beta(self, text: str) -> None:
        self.page.get_by_test_id("beta-input").fill(text)
        self.page.get_by_test_id("beta-input").press("Enter")

    # ---- figures

    def figure(self, name: str) -> Locator:
        return self.page.locator(f'[data-figure="{name}"]')

    def drawn(self, figure: str, expression: str) -> Any:
        """`expression` of a figure's own `full` layout and `data` as plotly has drawn them."""
        return self.figure(figure).evaluate(f"({{_fullLayout: full, _fullData: data}}) => {expression}")

    def chart(self, name: str) -> Locator:
        return self.page.locator(f'.cvz-chart:has([data-figure="{name}"])')

    # ---- themes and sizes

    def becomes(self, background: str) -> None:
        """Wait until page, figure and board are drawn on this background, the ink of the figure against it."""
        self.page.wait_for_function(
            """background => {
              const style = (selector) => getComputedStyle(document.querySelector(selector));
              const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
              const light = (colour) => parts(colour).reduce((sum, part) => sum + part) > 382;
              const figure = document.querySelector("[data-figure=dual]")._fullLayout.font.color;
              const probe = document.body.appendChild(document.createElement("i"));
              probe.style.color = figure;
              const ink = light(getComputedStyle(probe).color);
              probe.remove();
              const page = style("[data-testid=stApp]").backgroundColor;
              return page === background && ink !== light(page) && light(style(".cvz-paper").fill) === light(page);
            }""",
            arg=background,
        )

    def fits_across(self, width: int) -> None:
        """Nothing sticks out sideways."""
        assert self.page.evaluate("() => document.documentElement.scrollWidth") <= width


def turn_scene(page: Page, start: tuple[float, float], end: tuple[float, float], eye: str) -> Any:
    """Drag across a 3-D figure until its camera has turned; `eye` is the script that tells where that is.

    A scene drawn by software may not be listening yet when it is first seen.
    """
    before = page.evaluate(eye)
    for _ in range(TURNS):
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=4)
        page.mouse.up()
        with contextlib.suppress(TooLate):
            changed = f"before => JSON.stringify(({eye})()) !== JSON.stringify(before)"
            page.wait_for_function(changed, arg=before, timeout=TURN_PATIENCE)
            break
    turned = page.evaluate(eye)
    assert turned != before
    return turned
