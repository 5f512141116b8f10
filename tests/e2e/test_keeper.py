"""A reload, a new visit, another tab, a server that ends: the drawing is there again, and a way back is offered."""

from __future__ import annotations

import pytest
from e2e.splines_hand import Lesson
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

THREE = "p=none"  # a link that names a state: an empty board


def drawn(page: Page, address: str, spots: list[tuple[float, float]]) -> Lesson:
    """The lesson with points drawn on it."""
    lesson = Lesson(page, address)
    lesson.open()
    for spot in spots:
        before = len(coordinates(lesson))
        page.mouse.click(*lesson.at(*spot))
        expect(lesson.surface).to_have_attribute("data-count", str(before + 1))
    settle(page)
    return lesson


def settle(page: Page) -> None:
    """Wait until the last gesture is answered, and kept."""
    page.wait_for_function(
        """() => {
          const { rev, fitRev } = document.querySelector("[data-testid=board]").dataset;
          return rev === fitRev && !globalThis.__convexvizBus.last.pending?.pending;
        }"""
    )


def coordinates(lesson: Lesson) -> list[list[float]]:
    return lesson.coordinates().tolist()


def test_a_reload_brings_the_drawing_back_to_the_digit_and_a_button_starts_afresh(app_address: str, page: Page) -> None:
    lesson = drawn(page, app_address, [(0.3, 0.2), (0.52, 0.7)])
    points, objective, count = coordinates(lesson), lesson.number("objective"), len(coordinates(lesson))
    page.reload()
    expect(page.get_by_test_id("keeper")).to_contain_text("Your drawing from before was brought back")
    expect(lesson.surface).to_have_attribute("data-count", str(count))
    settle(page)
    assert coordinates(lesson) == points
    assert lesson.number("objective") == objective
    page.get_by_role("button", name="Start afresh").click()
    expect(lesson.surface).to_have_attribute("data-count", str(count - 2))
    settle(page)
    page.reload()
    lesson.opened()
    expect(lesson.surface).to_have_attribute("data-count", str(count - 2))
    expect(page.get_by_test_id("keeper")).to_be_hidden()


def test_a_new_visit_is_offered_the_drawing_and_a_link_wins(app_address: str, page: Page) -> None:
    lesson = drawn(page, app_address, [(0.3, 0.2)])
    count = len(coordinates(lesson))
    other = Lesson(page.context.new_page(), app_address)
    other.open()
    expect(other.surface).to_have_attribute("data-count", str(count - 1))
    other.page.get_by_role("button", name="Bring it back").click()
    expect(other.surface).to_have_attribute("data-count", str(count))
    other.page.goto(f"{app_address}/splines?{THREE}")
    expect(other.surface).to_have_attribute("data-count", "0")
    other.page.reload()
    expect(other.surface).to_have_attribute("data-count", "0")
    expect(other.page.get_by_test_id("keeper")).to_be_hidden()


def test_two_tabs_each_find_their_own(app_address: str, page: Page) -> None:
    here = drawn(page, app_address, [(0.3, 0.2)])
    count = len(coordinates(here))
    there = drawn(page.context.new_page(), app_address, [(0.3, 0.15), (0.52, 0.7), (0.56, 0.8)])
    assert len(coordinates(there)) == count + 2
    for lesson in (here, there):
        before = coordinates(lesson)
        lesson.page.reload()
        expect(lesson.surface).to_have_attribute("data-count", str(len(before)))
        settle(lesson.page)
        assert coordinates(lesson) == before


def test_where_nothing_may_be_stored_the_page_works(app_address: str, page: Page) -> None:
    page.add_init_script(
        """for (const name of ["getItem", "setItem", "removeItem"]) {
          Storage.prototype[name] = () => { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    lesson = drawn(page, app_address, [(0.3, 0.2)])
    count = len(coordinates(lesson))
    page.reload()
    lesson.opened()
    expect(lesson.surface).to_have_attribute("data-count", str(count - 1))
