"""Weights of points: the wheel, the keys and the control set them live, and each gesture is one step of undo."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from e2e.board_hand import HARNESS, Board
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


def over(b: Board, i: int) -> None:
    """Put the mouse over point i."""
    box = b.points.nth(i).bounding_box()
    assert box is not None
    b.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(b.surface).to_have_class(re.compile("is-over"))


def test_wheel_keys_and_control_set_the_weight_and_undo_takes_each_back(page: Page, address: str) -> None:
    b = Board(page, address, mode="regression", n=7, weighted=1)
    size = b.points.nth(3).evaluate("point => point.getBBox().width")
    over(b, 3)
    for _ in range(3):
        page.mouse.wheel(0, -100)
    expect(b.points.nth(3)).to_have_attribute("data-weight", "3")
    expect(b.status).to_have_text("Point 4 has weight 3")  # the wheel rests
    assert b.settled()["weights"] == [1, 1, 1, 3, 1, 1, 1]
    page.mouse.move(5, 5)
    expect(b.surface).not_to_have_class(re.compile("is-over"))
    grown = b.points.nth(3).evaluate("point => point.getBBox().width")
    assert grown == pytest.approx(size * 3**0.5, rel=0.01)

    b.points.nth(1).click()
    b.press(*"-----")
    expect(b.status).to_have_text("Point 2 has weight 0 and is left out")
    expect(b.points.nth(1)).to_have_class("cvz-point is-left-out is-hovered")
    b.press("+")
    expect(page.get_by_test_id("weight")).to_have_text("0.1")
    page.get_by_role("button", name="Less weight").click()
    expect(page.get_by_role("button", name="Less weight")).to_have_attribute("aria-disabled", "true")
    assert b.settled()["weights"] == [1, 0, 1, 3, 1, 1, 1]
    expect(page.get_by_role("group", name="Weight of point 2")).to_be_visible()

    b.tool("undo").click()
    expect(b.points.nth(1)).to_have_attribute("data-weight", "0.1")
    for _ in range(7):
        b.tool("undo").click()
    assert b.settled()["weights"] is None


def test_the_wheel_moves_the_page_where_it_means_no_weight(page: Page, address: str) -> None:
    """Beside the points, and on boards without weights."""
    page.set_viewport_size({"width": 900, "height": 420})
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop >= 55"
    b = Board(page, address, mode="regression", n=7, weighted=1, height=700)
    page.mouse.move(*b.at(0.5, 0.1))
    page.mouse.wheel(0, 60)
    page.wait_for_function(scrolled)
    assert b.settled()["weights"] is None
    plain = Board(page, address, mode="regression", n=7, height=700)
    over(plain, 5)
    page.mouse.wheel(0, 60)
    page.wait_for_function(scrolled)
    assert plain.settled()["weights"] is None
    expect(page.get_by_test_id("weights")).to_be_hidden()


def test_values_keep_their_keys_and_wheel_and_weights_have_others(page: Page, address: str) -> None:
    b = Board(page, address, mode="plane-values", n=7, weighted=1)
    over(b, 3)
    page.keyboard.down("Alt")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Alt")
    expect(b.points.nth(3)).to_have_attribute("data-weight", "1.5")
    b.points.nth(3).click()
    b.press(".", "+")
    state = b.settled()
    assert state["weights"][3] == 2
    assert state["values"][3] > 0
