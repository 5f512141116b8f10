"""What is on the first screen of a laptop, a large screen and a phone, measured by the boxes of the page's parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from e2e.lesson_hand import PHONE
from e2e.page_hand import EVERY_LESSON, PAGES, arrive, boxes
from playwright.sync_api import Page

from convexviz.app.course.lesson import Lesson

pytestmark = pytest.mark.e2e

LAPTOP, LARGE = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
ZOOMED = {"width": LAPTOP["width"] * 2 // 3, "height": LAPTOP["height"] * 2 // 3}  # a laptop at 150 %

# Keys of the containers that a lesson shows on the first screen: where one draws, the verdict, the proof.
USUAL = ("board", "certificate", "figure")
FIRST_SCREEN: dict[str, tuple[str, ...]] = {
    "autoencoders": ("board", "certificate", "verdict"),
    "closed-forms": ("figure", "certificate"),
    "digits": ("figure", "certificate"),
    "geometry": ("board", "space", "figure", "certificate"),
    "path": ("board", "certificate", "path-film"),
    "tangent-kernel": ("board", "certificate", "kernel-figures"),
}
# What comes first on a phone where it is not the board.
FIRST: dict[str, str] = {"closed-forms": "figure", "digits": "figure"}
# Rows of what can be pressed or filled in above `top`: boxes that overlap in height are one row.
ROWS_BEFORE = """top => {
  const inputs = document.querySelectorAll("[data-testid=stMain] :is(button, input, a, [role=slider], [role=switch])");
  const seen = [...inputs].map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.bottom <= top);
  const rows = [];
  for (const box of seen.sort((a, b) => a.top - b.top)) {
    const last = rows.at(-1);
    if (last && box.top < last.bottom) last.bottom = Math.max(last.bottom, box.bottom);
    else rows.push({ bottom: box.bottom });
  }
  return rows.length;
}"""
# What ends right of the page and is not within something that scrolls or cuts off by itself.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  const held = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (up.dataset.testid === "stMain") return false;
      if (getComputedStyle(up).overflowX !== "visible" && up.getBoundingClientRect().right <= wide + 1) return true;
    }
    return false;
  };
  const out = [...document.querySelectorAll("[data-testid=stMain] *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > wide + 1 && !held(one);
  });
  const name = (one) => `${one.tagName}.${one.getAttribute("class")}: ${Math.round(one.getBoundingClientRect().right)}`;
  return out.slice(0, 5).map(name);
}"""
FONT = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"

OpenPage = Callable[..., Page]


def shown_first(lesson: Lesson) -> tuple[str, ...]:
    return FIRST_SCREEN.get(lesson.address, USUAL)


def below(page: Page, keys: tuple[str, ...], height: float) -> dict[str, Any]:
    """Which of these parts are missing or not wholly above the lower edge, and where they end."""
    found = boxes(page, keys)
    return {key: box.get("bottom", "missing") for key, box in found.items() if box.get("bottom", height + 1) > height}


def fits_across(page: Page) -> None:
    """The page does not scroll sideways, and nothing on it is cut off at its right edge."""
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_a_laptop_shows_board_verdict_and_proof_at_once(app_address: str, open_page: OpenPage, lesson: Lesson) -> None:
    page = open_page(viewport=LAPTOP)
    arrive(page, app_address, lesson.address)
    assert below(page, shown_first(lesson), LAPTOP["height"]) == {}
    fits_across(page)


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_a_large_screen_is_used(app_address: str, open_page: OpenPage, lesson: Lesson) -> None:
    """The text grows and the parts together reach over nine tenths of the width."""
    page = open_page(viewport=LARGE)
    arrive(page, app_address, lesson.address)
    keys = shown_first(lesson)
    assert below(page, keys, LARGE["height"]) == {}
    found = boxes(page, keys).values()
    assert max(box["right"] for box in found) - min(box["left"] for box in found) >= 0.9 * LARGE["width"]
    large = page.evaluate(FONT)
    page.set_viewport_size(LAPTOP)
    assert large >= 1.2 * page.evaluate(FONT)


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_on_a_phone_the_board_comes_first(app_address: str, open_page: OpenPage, lesson: Lesson) -> None:
    """Before it there is at most one row of controls, and it is wholly on the first screen."""
    page = open_page(**PHONE)
    arrive(page, app_address, lesson.address)
    first = FIRST.get(lesson.address, "board")
    assert below(page, (first,), PHONE["viewport"]["height"]) == {}  # type: ignore[index]
    others = tuple(key for key in shown_first(lesson) if key != first)
    top = boxes(page, (first,))[first]["top"]
    assert all(box["top"] >= top for box in boxes(page, others).values())
    assert page.evaluate(ROWS_BEFORE, top) <= 1


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(app_address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(**PHONE)
    arrive(page, app_address, path)
    fits_across(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_laptop_at_150_percent_never_scrolls_sideways(app_address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(viewport=ZOOMED)
    arrive(page, app_address, path)
    fits_across(page)
