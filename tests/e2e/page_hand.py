"""What any page shows once it has come to rest; shared by the tests that walk the registry."""

from __future__ import annotations

import pytest
from e2e.conftest import PATIENCE
from playwright.sync_api import Page, TimeoutError, expect

from convexviz.app.lessons.registry import LESSONS

PAGES = [pytest.param("", id="home"), *(pytest.param(lesson.address, id=lesson.address) for lesson in LESSONS)]
EVERY_LESSON = [pytest.param(lesson, id=lesson.address) for lesson in LESSONS]

SAME_FOR = 400  # ms that a page's parts must have stood still
# Nothing runs, the verdict is in, no figure waits to be drawn, and every part stands where it stood a moment ago.
AT_REST = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const done = app?.getAttribute("data-test-script-state") === "notRunning"
    && document.querySelector(".cvz-badge [data-testid=status]:not([data-value=''])")
    && !document.querySelector("[data-testid=stSkeleton], .cvz-plot:not(.js-plotly-plot)");
  const places = !done ? null : JSON.stringify([...document.querySelectorAll("[class*='st-key-']")].map((box) => {
    const { top, bottom, left, right } = box.getBoundingClientRect();
    return [top, bottom, left, right].map(Math.round);
  }));
  const before = globalThis.__placesBefore;
  globalThis.__placesBefore = places;
  return Boolean(places) && places === before;
}"""

# What AT_REST looks at, for the words of a failure.
UNREST = """() => ({
  script: document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-script-state"),
  verdicts: [...document.querySelectorAll(".cvz-badge [data-testid=status]")].map((one) => one.dataset.value),
  skeletons: document.querySelectorAll("[data-testid=stSkeleton]").length,
  undrawn: [...document.querySelectorAll(".cvz-plot:not(.js-plotly-plot)")].map((one) => one.dataset.figure),
  places: globalThis.__placesBefore,
})"""


def arrive(page: Page, address: str, path: str = "") -> None:
    """Visit a page and wait until it has come to rest."""
    page.goto(f"{address}/{path}")
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    rest(page)


def rest(page: Page) -> None:
    """Wait until nothing on the page moves, for a moment that begins now."""
    page.evaluate("() => { globalThis.__placesBefore = null; }")
    try:
        page.wait_for_function(AT_REST, polling=SAME_FOR, timeout=2 * PATIENCE)
    except TimeoutError as error:
        raise AssertionError(f"the page does not come to rest: {page.evaluate(UNREST)}") from error


def boxes(page: Page, keys: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Where the containers of these keys are, relative to the window; {} for those that are not there."""
    read = """keys => Object.fromEntries(keys.map((key) => {
      const box = document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
      return [key, box ? { left: box.left, top: box.top, right: box.right, bottom: box.bottom } : {}];
    }))"""
    return page.evaluate(read, list(keys))
