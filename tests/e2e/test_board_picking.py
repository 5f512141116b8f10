"""Picking points of the board, and points that move but stay in number, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from e2e.board_hand import HARNESS, TOUCH, Board, finger
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def plain(page: Page, address: str) -> Callable[..., Board]:
    return lambda **options: Board(page, address, **{"mode": "plane-points", "n": 3} | options)


# ---- picking -------------------------------------------------------------------------------------


def test_a_click_on_a_point_picks_it(plain: Callable[..., Board]) -> None:
    b = plain(pick=1, lay="names")
    expect(b.page.get_by_test_id("chosen")).not_to_have_attribute("data-point", re.compile("."))
    b.points.nth(2).click()
    assert b.told(chosen=2, picks=1)["points"] == b.coordinates()
    ring = b.page.get_by_test_id("chosen")
    expect(ring).to_have_attribute("data-point", "2")
    assert ring.get_attribute("transform") == b.points.nth(2).get_attribute("transform")
    expect(b.page.locator(".cvz-legend")).to_contain_text("the chosen one")
    b.points.first.click()
    b.told(chosen=0, picks=2)
    expect(ring).to_have_attribute("data-point", "0")
    assert ring.evaluate("e => getComputedStyle(e).stroke") == "rgb(189, 131, 0)"


def test_neither_a_drag_nor_a_new_point_nor_a_removal_picks(plain: Callable[..., Board]) -> None:
    b = plain(pick=1)
    b.stroke((0.5, 0.5), (0.6, 0.4))
    b.settled()
    b.click(0.2, 0.8)
    b.has(4)
    b.settled()
    b.points.first.click(button="right")
    b.has(3)
    b.settled()
    b.tool("erase").click()
    b.points.first.click()
    b.has(2)
    b.settled()
    b.told(picks=0, chosen=None)


def test_the_ring_follows_the_chosen_point_at_once(plain: Callable[..., Board]) -> None:
    b = plain(pick=1, sleep=0.4)
    b.points.nth(1).click()
    ring = b.page.get_by_test_id("chosen")
    expect(ring).to_have_attribute("data-point", "1")
    b.page.mouse.down()
    b.page.mouse.move(*b.at(0.3, 0.3), steps=3)
    b.page.wait_for_function("() => document.querySelectorAll('[data-testid=point]')[1].dataset.x < -0.3")
    assert ring.get_attribute("transform") == b.points.nth(1).get_attribute("transform")
    b.page.mouse.up()
    b.settled()
    b.told(picks=1)


def test_enter_picks_by_keyboard_and_keeps_the_selection(plain: Callable[..., Board]) -> None:
    b = plain(pick=1)
    b.surface.focus()
    b.press("]", "]", "Enter")
    b.told(chosen=1, picks=1)
    expect(b.points.nth(1)).to_have_attribute("data-selected", "")
    expect(b.status).to_contain_text("Chosen point 2")
    b.press("ArrowUp", "ArrowUp", "Enter")
    state = b.told(picks=2)
    assert state["points"] == b.coordinates()
    assert state["points"][1][1] > 0.03
    b.press(" ")
    expect(b.points.nth(1)).not_to_have_attribute("data-selected", "")
    b.told(picks=2)


def test_without_a_listener_nothing_is_picked(plain: Callable[..., Board]) -> None:
    b = plain()
    b.points.nth(1).click()
    expect(b.status).to_contain_text("Selected point 2")
    b.press("Enter")
    expect(b.status).to_contain_text("Released point 2")
    b.told(picks=0)


def test_chosen_ring_waits_after_a_removal_until_python_knows(plain: Callable[..., Board]) -> None:
    b = plain(pick=1, sleep=0.5)
    b.points.nth(2).click()
    ring = b.page.get_by_test_id("chosen")
    expect(ring).to_have_attribute("data-point", "2")
    b.points.nth(0).click(button="right")
    b.has(2)
    expect(ring).not_to_have_attribute("data-point", "2")
    b.settled()


# ---- points that stay in number ------------------------------------------------------------------


def test_fixed_points_move_and_stay_in_number(plain: Callable[..., Board]) -> None:
    b = plain(fixed=1)
    for name in ("draw", "brush", "erase", "clear", "pos", "neg"):
        expect(b.tool(name)).to_be_hidden()
    for name in ("snap", "undo", "redo", "save"):
        expect(b.tool(name)).to_be_visible()
    rev = b.attribute("rev")
    b.click(0.2, 0.8)
    b.points.first.click(button="right")
    b.stroke((0.2, 0.8), (0.4, 0.9))
    b.page.mouse.click(*b.at(0.3, 0.2))
    b.has(3)
    assert b.attribute("rev") == rev
    b.stroke((0.5, 0.5), (0.6, 0.4))
    state = b.settled()
    assert state["points"][1] == pytest.approx([0.2, 0.2], abs=0.01)
    b.tool("undo").click()
    assert b.settled()["points"][1] == pytest.approx([0, 0], abs=0.01)
    b.press("Control+Shift+z")
    assert b.settled()["points"][1] == pytest.approx([0.2, 0.2], abs=0.01)
    assert b.settled()["refused"] is None


def test_keys_say_that_fixed_points_cannot_be_added_or_removed(plain: Callable[..., Board]) -> None:
    b = plain(fixed=1)
    b.surface.focus()
    b.press("ArrowUp", "ArrowUp", "ArrowUp", "Enter")
    expect(b.status).to_contain_text("Points cannot be added here")
    b.press("]", "Delete")
    expect(b.status).to_contain_text("Points cannot be removed here")
    b.press("e", "b", "ArrowUp")
    b.has(3)
    expect(b.status).to_contain_text("Point 1 moved to")
    assert b.settled()["points"][0][1] > -0.3


def test_undo_never_changes_the_number_of_fixed_points(plain: Callable[..., Board]) -> None:
    b = plain(fixed=1, n=5)
    b.stroke((0.5, 0.5), (0.6, 0.4))
    b.settled()
    b.page.get_by_role("button", name="Three points").click()
    b.has(3)
    expect(b.tool("undo")).to_have_attribute("aria-disabled", "true")
    b.surface.focus()
    b.press("Control+z")
    expect(b.status).to_contain_text("Nothing to undo")
    b.has(3)
    b.stroke((0.5, 0.5), (0.6, 0.4))
    b.tool("undo").click()
    state = b.settled()
    assert state["points"][1] == pytest.approx([0, 0], abs=0.01)
    assert state["refused"] is None


def test_phone_picks_and_drags_with_a_finger(open_page: Callable[..., Page], address: str) -> None:
    b = Board(
        open_page(**TOUCH), address, mode="plane-points", n=3, pick=1, fixed=1, lay="curves,marks,names,arrows", equal=1
    )
    expect(b.page.get_by_test_id("arrow")).to_have_count(3)
    assert b.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    touch = finger(b.page)
    x, y = b.at(0.5, 0.5)
    touch("touchStart", (x, y))
    touch("touchEnd")
    b.told(chosen=1, picks=1)
    touch("touchStart", (x, y))
    b.page.wait_for_timeout(700)  # a long press, which removes other points
    b.has(3)
    touch("touchMove", (x + 20, y - 20))
    touch("touchMove", (x + 40, y - 40))
    touch("touchEnd")
    state = b.settled()
    assert state["points"][1][0] > 0.1
    assert (state["picks"], state["count"]) == (1, 3)
