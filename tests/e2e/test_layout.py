"""What is on the first screen of a laptop, a large screen and a phone, measured by the boxes of the page's parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from e2e.conftest import PATIENCE, Tab, listen_for_errors
from e2e.lesson_hand import PHONE, calm_visit
from e2e.page_hand import EVERY_LESSON, arrive, boxes, rest
from playwright.sync_api import Browser, Page

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
  const own = [...inputs].filter((one) => !one.closest(".st-key-takeaway-bar")); // those stand in the top bar
  const seen = own.map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.bottom <= top);
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
LOOK = 250  # ms between two looks at a page on which work goes on
FONT = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"


def shown_first(lesson: Lesson) -> tuple[str, ...]:
    return FIRST_SCREEN.get(lesson.address, USUAL)


def below(page: Page, keys: tuple[str, ...], height: float) -> dict[str, Any]:
    """Which of these parts are missing or not wholly above the lower edge, and where they end."""
    found = boxes(page, keys)
    return {key: box.get("bottom", "missing") for key, box in found.items() if box.get("bottom", height + 1) > height}


def stands_within(page: Page, keys: tuple[str, ...], height: float) -> None:
    """These parts are wholly above the lower edge, at the latest once what trains beside the page is done."""
    for _ in range(PATIENCE // LOOK):
        if not below(page, keys, height):
            return
        page.wait_for_timeout(LOOK)
    assert below(page, keys, height) == {}


def fits_across(page: Page) -> None:
    """The page does not scroll sideways, and nothing on it is cut off at its right edge."""
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    assert page.evaluate(STICKING_OUT) == []


def resize(page: Page, size: dict[str, int]) -> None:
    """Give the window another size, and wait until the page has settled in it."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    rest(page)


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Tab]:
    """As `tab`, on a phone."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page, listen_for_errors(page)
    context.close()


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_windows_show_board_verdict_and_proof_at_once(app_address: str, tab: Tab, lesson: Lesson) -> None:
    """On a laptop, and on a large screen, where the text grows and the parts reach over nine tenths of the width."""
    keys = shown_first(lesson)
    with calm_visit(tab) as page:
        page.set_viewport_size(LAPTOP)
        arrive(page, app_address, lesson.address)
        stands_within(page, keys, LAPTOP["height"])
        fits_across(page)
        small = page.evaluate(FONT)
        resize(page, LARGE)
        stands_within(page, keys, LARGE["height"])
        fits_across(page)
        found = boxes(page, keys).values()
        assert max(box["right"] for box in found) - min(box["left"] for box in found) >= 0.9 * LARGE["width"]
        assert page.evaluate(FONT) >= 1.2 * small
        resize(page, ZOOMED)
        fits_across(page)


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_on_a_phone_the_board_comes_first(app_address: str, phone: Tab, lesson: Lesson) -> None:
    """Before it there is at most one row of controls; its drawing is on the first screen; nothing scrolls sideways."""
    page, errors = phone
    errors.clear()
    arrive(page, app_address, lesson.address)
    first = FIRST.get(lesson.address, "board")
    drawing = page.locator(f".st-key-{first} :is(.cvz-frame, .cvz-chart)").first.bounding_box()
    assert drawing is not None
    assert drawing["y"] + drawing["height"] <= PHONE["viewport"]["height"]  # type: ignore[index]
    others = tuple(key for key in shown_first(lesson) if key != first)
    top = boxes(page, (first,))[first]["top"]
    assert all(box["top"] >= top for box in boxes(page, others).values())
    assert page.evaluate(ROWS_BEFORE, top) <= 1
    fits_across(page)
    assert errors == []


def test_home_never_scrolls_sideways(app_address: str, tab: Tab, phone: Tab) -> None:
    with calm_visit(tab) as page:
        page.set_viewport_size(ZOOMED)
        arrive(page, app_address)
        fits_across(page)
    arrive(phone[0], app_address)
    fits_across(phone[0])
