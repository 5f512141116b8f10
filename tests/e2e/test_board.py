"""The drawing board in a real browser: every gesture, and that the server neither loses nor undoes a position."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from e2e.board_hand import HARNESS, TOUCH, Board, finger
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def board(page: Page, address: str) -> Callable[..., Board]:
    return lambda **options: Board(page, address, **options)


def test_clicks_add_points_where_they_fall(board: Callable[..., Board]) -> None:
    b = board()
    b.click(0.25, 0.5)
    b.click(0.75, 0.25)
    b.has(2)
    (x0, y0), (x1, y1) = b.settled()["points"]
    assert (x0, y0, x1, y1) == pytest.approx((-0.5, 0, 0.5, 0.5), abs=0.01)
    assert len(str(x0)) <= 6, "numbers made by hand are short"
    expect(b.surface).to_have_attribute("data-fit-rev", str(b.attribute("rev")))
    expect(b.status).to_contain_text("2 points")


def test_double_click_adds_one_point(board: Callable[..., Board]) -> None:
    b = board()
    b.page.mouse.dblclick(*b.at(0.4, 0.4))
    b.has(1)
    b.settled()


def test_fit_follows_a_drag_and_the_last_position_wins(board: Callable[..., Board]) -> None:
    b = board(n=7)
    start, updates = b.coordinates()[3], b.attribute("updates")
    b.page.mouse.move(*b.at(0.5, 0.5))
    b.page.mouse.down()
    drawn = []
    for step in range(1, 13):
        seen = b.attribute("updates")  # before the move: the answer may be faster than the next line
        b.page.mouse.move(*b.at(0.5, 0.5 - 0.03 * step))
        b.page.wait_for_function("n => document.querySelector('[data-testid=board]').dataset.updates > n", arg=seen)
        drawn.append(b.coordinates()[3][1])
    assert drawn == sorted(drawn), "the point snapped back"
    expect(b.page.get_by_test_id("board-readout")).to_contain_text("y = 0.72")
    b.page.mouse.up()
    state = b.settled()
    assert b.attribute("updates") - updates >= 12
    assert state["points"][3] == pytest.approx([start[0], 0.72], abs=0.01)
    assert len([p for p, q in zip(state["points"], b.coordinates(), strict=True) if p != q]) == 0
    expect(b.status).to_contain_text("Point 4 moved to x = 0")


def test_slow_answers_never_hold_or_move_the_hand(board: Callable[..., Board]) -> None:
    b = board(n=7, sleep=0.3)
    b.page.mouse.move(*b.at(0.5, 0.5))
    b.page.mouse.down()
    for step in range(1, 31):
        b.page.mouse.move(*b.at(0.5, 0.5 - 0.01 * step))
        b.page.wait_for_function(
            "y => Math.abs(document.querySelectorAll('[data-testid=point]')[3].dataset.y - y) < 0.02", arg=0.02 * step
        )
    expect(b.surface).to_have_attribute("data-late", "true")
    assert b.page.evaluate("() => globalThis.__convexvizBus.last.pending.pending") is True
    expect(b.page.locator(".cvz-fit")).to_have_class(re.compile("cvz-late"))
    assert b.page.get_by_test_id("fit").get_attribute("d")
    b.page.mouse.up()
    assert b.settled()["points"][3][1] == pytest.approx(0.6, abs=0.01)
    assert b.page.evaluate("() => globalThis.__convexvizBus.last.pending.pending") is False
    expect(b.page.locator(".cvz-fit")).not_to_have_class(re.compile("cvz-late"))


def test_points_are_clamped_to_the_view(board: Callable[..., Board]) -> None:
    b = board(n=7)
    b.stroke((0.5, 0.5), (0.7, -0.4))
    assert b.settled()["points"][3][1] == 1.0


def test_removing_by_right_click_key_and_eraser(board: Callable[..., Board]) -> None:
    b = board(n=7)
    b.click(0.5, 0.5, button="right")
    b.has(6)
    b.points.first.hover()
    b.press("Delete")
    b.has(5)
    b.points.first.click()
    b.press("Backspace")
    b.has(4)
    b.settled()
    b.tool("erase").click()
    b.stroke((0.02, 0.95), (0.98, 0.95))
    b.has(4)
    ((x, y), *_) = b.coordinates()
    spot = (x + 1) / 2, (1 - y) / 2
    b.stroke((spot[0] - 0.05, spot[1]), (spot[0] + 0.05, spot[1]))
    b.has(3)
    b.settled()


def test_brush_strokes_evenly_spaced_points_as_one_gesture(board: Callable[..., Board]) -> None:
    b = board()
    b.tool("brush").click()
    b.stroke((0.1, 0.5), (0.9, 0.5), steps=3)
    width = b.at(1, 0)[0] - b.at(0, 0)[0]
    count = int(0.8 * width / 14) + 1
    b.has(count)
    b.settled()
    b.press("Control+z")
    b.has(0)
    b.press("Control+Shift+z")
    b.has(count)
    b.settled()


def test_undo_and_redo_walk_through_gestures(board: Callable[..., Board]) -> None:
    b = board()
    for fx in (0.2, 0.4, 0.6):
        b.click(fx, 0.5)
    b.has(3)
    before = b.settled()["points"]
    b.stroke((0.4, 0.5), (0.5, 0.2))
    moved = b.settled()["points"]
    assert moved != before
    b.press("Control+z")
    expect(b.points.nth(1)).to_have_attribute("data-y", str(int(before[1][1])))
    assert b.coordinates() == before
    b.press("Control+z", "Control+z")
    b.has(1)
    b.press("Control+y", "Control+y")
    b.tool("redo").click()
    b.has(3)
    assert b.settled()["points"] == moved
    b.tool("clear").click()
    b.has(0)
    b.tool("undo").click()
    b.has(3)
    assert b.settled()["points"] == moved


def test_replacement_by_python_can_be_undone(board: Callable[..., Board]) -> None:
    b = board()
    b.click(0.3, 0.3)
    drawn = b.settled()
    b.page.get_by_role("button", name="Preset").click()
    b.has(7)
    assert b.settled()["gen"] == drawn["gen"] + 1
    b.tool("undo").click()
    b.has(1)
    assert b.settled()["points"] == drawn["points"]
    b.tool("redo").click()
    b.has(7)
    b.settled()


def test_replacement_ends_a_drag_cleanly(board: Callable[..., Board]) -> None:
    b = board(n=5)
    b.page.mouse.move(*b.at(0.5, 0.5))
    b.page.mouse.down()
    b.page.mouse.move(*b.at(0.5, 0.3), steps=4)
    b.page.get_by_role("button", name="Preset").dispatch_event("click")
    b.has(7)
    preset = b.coordinates()
    b.page.mouse.move(*b.at(0.2, 0.1), steps=4)
    b.page.mouse.up()
    assert b.settled()["points"] == preset


def test_snap_to_grid(board: Callable[..., Board]) -> None:
    b = board()
    b.tool("snap").click()
    expect(b.tool("snap")).to_have_attribute("aria-pressed", "true")
    b.click(0.31, 0.29)
    b.click(0.64, 0.665)
    b.has(2)
    assert b.settled()["points"] == [[-0.4, 0.4], [0.3, -0.3]]


def test_keyboard_alone_draws_moves_and_removes(board: Callable[..., Board]) -> None:
    b = board()
    b.surface.focus()
    cursor = b.page.get_by_test_id("board-cursor")
    expect(cursor).to_have_attribute("data-x", "0")
    b.press("Shift+ArrowLeft", "ArrowUp", "Enter", "Shift+ArrowRight", "Shift+ArrowRight", " ")
    b.has(2)
    assert b.settled()["points"] == [[-0.5, 0.05], [0.5, 0.05]]
    b.press("]")
    expect(b.points.first).to_have_attribute("data-selected", "")
    b.press("Shift+ArrowUp", "ArrowDown")
    expect(b.status).to_have_text("Point 1 moved to x = −0.5, y = 0.5; 2 points")
    b.press("]")
    expect(b.points.nth(1)).to_have_attribute("data-selected", "")
    b.press("Escape")
    expect(b.page.locator("[data-selected]")).to_have_count(0)
    b.press("Delete")
    b.has(1)
    assert b.settled()["points"] == [[-0.5, 0.5]]
    b.press("Control+z")
    b.has(2)
    b.settled()


def test_brackets_walk_through_the_points_and_tab_leaves(board: Callable[..., Board]) -> None:
    """However many points there are, and whatever is selected; the way out is shown while the keyboard is here."""
    b = board(n=3)
    keys = b.page.get_by_test_id("board-keys")
    expect(keys).to_be_hidden()
    for tab in ("Tab", "Shift+Tab"):
        b.surface.focus()
        expect(keys).to_be_visible()
        expect(keys).to_contain_text("Tab leaves the board")
        b.press("]", "]", "]")
        expect(b.points.nth(2)).to_have_attribute("data-selected", "")
        b.press("]")
        expect(b.points.first).to_have_attribute("data-selected", "")
        b.press("Escape", "]", tab)
        expect(b.surface).not_to_be_focused()
        expect(keys).to_be_hidden()
        b.surface.focus()
        b.press("Escape")


def test_escape_cancels_a_drag(board: Callable[..., Board]) -> None:
    b = board(n=5)
    before = b.coordinates()
    b.page.mouse.move(*b.at(0.5, 0.5))
    b.page.mouse.down()
    b.page.mouse.move(*b.at(0.6, 0.2), steps=4)
    b.press("Escape")
    b.page.mouse.up()
    expect(b.status).to_have_text("Cancelled")
    assert b.settled()["points"] == before


def test_a_full_board_says_so_and_loses_nothing(board: Callable[..., Board]) -> None:
    b = board(max=2)
    b.click(0.2, 0.2)
    b.click(0.4, 0.4)
    b.click(0.6, 0.6)
    b.has(2)
    expect(b.note).to_contain_text("at most 2 points")
    b.stroke((0.4, 0.4), (0.5, 0.6))
    expect(b.note).to_be_hidden()
    assert len(b.settled()["points"]) == 2


def test_touch_on_a_phone(open_page: OpenPage, address: str) -> None:
    b = Board(open_page(**TOUCH), address, n=3)
    assert b.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    b.page.touchscreen.tap(*b.at(0.25, 0.2))
    b.has(4)
    touch = finger(b.page)
    x, y = b.at(0.5, 0.5)
    touch("touchStart", (x + 14, y + 10))
    for step in range(1, 9):
        touch("touchMove", (x + 14, y + 10 - 8 * step))
    touch("touchEnd")
    b.has(4)
    moved = b.settled()["points"][1]
    assert moved[0] == pytest.approx(0, abs=0.02), "a finger beside the point takes it along without a jump"
    assert moved[1] == pytest.approx(2 * 64 / (b.at(0, 1)[1] - b.at(0, 0)[1]), abs=0.02)


def scrolled(page: Page) -> float:
    return page.get_by_test_id("stMain").evaluate("main => main.scrollTop")


def swipe(touch: Callable[..., None], *fingers: tuple[float, float], up: float) -> None:
    """Fingers come down one after the other, go up the screen together, and leave."""
    for k in range(len(fingers)):
        touch("touchStart", *fingers[: k + 1])
    for step in range(1, 11):
        touch("touchMove", *((x, y - up * step / 10) for x, y in fingers))
    touch("touchEnd")


def test_a_swipe_scrolls_the_page_and_draws_nothing(open_page: OpenPage, address: str) -> None:
    b = Board(open_page(**TOUCH | {"viewport": {"width": 390, "height": 560}}), address, n=3)
    before = b.coordinates()
    swipe(finger(b.page), b.at(0.25, 0.8), up=150)
    b.page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 60")
    assert b.coordinates() == before
    b.page.touchscreen.tap(*b.at(0.25, 0.8))
    b.has(4)


@pytest.mark.parametrize("tool", ["draw", "brush", "erase"])
def test_two_fingers_move_the_page_with_every_tool(open_page: OpenPage, address: str, tool: str) -> None:
    """Also where the first finger has come down on a point, and what it began is taken back."""
    b = Board(open_page(**TOUCH | {"viewport": {"width": 390, "height": 560}}), address, n=3)
    b.tool(tool).tap()
    before = b.coordinates()
    swipe(finger(b.page), b.at(0.5, 0.5), b.at(0.8, 0.6), up=150)
    b.page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 60")
    b.has(3)
    assert b.coordinates() == before


def test_a_drag_of_a_point_leaves_the_page_where_it_is(open_page: OpenPage, address: str) -> None:
    b = Board(open_page(**TOUCH | {"viewport": {"width": 390, "height": 560}}), address, n=3)
    swipe(finger(b.page), b.at(0.5, 0.5), up=60)
    assert b.settled()["points"][1][1] > 0.1
    assert scrolled(b.page) == 0


def test_long_press_removes(open_page: OpenPage, address: str) -> None:
    b = Board(open_page(**TOUCH), address, n=3)
    touch = finger(b.page)
    touch("touchStart", b.at(0.5, 0.5))
    b.has(2)
    touch("touchEnd")
    b.settled()
    b.tool("undo").tap()
    b.has(3)
