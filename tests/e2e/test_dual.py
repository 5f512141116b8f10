"""The lesson on the dual by hand in a real browser: handles, band, both bounds, the solver, the link, the course."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from e2e.lesson_hand import DARK, LIGHT, PHONE, Tab, calm_visit, turn_to
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]
SCREEN = 720  # px: points, handles, band, bounds and verdict are on the first screen
FEW = 3  # px between an answer's place and the hand's


class Dual:
    """What a person does on the page `dual`, and sees of it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.handles = page.get_by_test_id("handle")
        self.lower, self.upper = page.get_by_test_id("lower-bound"), page.get_by_test_id("upper-bound")
        self.feasible = page.get_by_test_id("feasible")
        self.solve = page.get_by_role("button", name="Solve")

    def open(self, query: str = "", n: int = 3) -> Dual:
        self.page.goto(f"{self.address}/dual{query and '?' + query}")
        expect(self.handles).to_have_count(n)
        expect(self.feasible).to_have_attribute("data-value", re.compile("true|false"))
        return self

    def numbers(self) -> list[float]:
        return [float(one.get_attribute("data-value") or "nan") for one in self.handles.all()]

    def has_numbers(self, *numbers: float) -> None:
        expect(self.handles).to_have_count(len(numbers))
        for handle, number in zip(self.handles.all(), numbers, strict=True):
            expect(handle).to_have_attribute("data-value", re.compile(f"^{re.escape(f'{number:g}')}$"))

    def is_feasible(self, holds: bool) -> None:
        expect(self.feasible).to_have_attribute("data-value", str(holds).lower())
        expect(self.feasible).to_contain_text("✓ feasible" if holds else "✗ infeasible")

    def middle(self, i: int) -> tuple[float, float]:
        box = self.handles.nth(i).locator(".cvz-dual-dot").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, i: int, down: float, drop: bool = True) -> None:
        x, y = self.middle(i)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x, y + down, steps=12)
        if drop:
            self.page.mouse.up()

    def judged(self, status: str) -> None:
        expect(self.page.get_by_test_id("status")).to_have_attribute("data-value", status)


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[Dual]:
    with calm_visit(tab) as page:
        page.set_viewport_size({"width": 1280, "height": SCREEN})
        yield Dual(page, app_address)


def value(node: Locator) -> float:
    return float(node.get_attribute("data-value") or "nan")


def test_everything_is_on_the_first_screen_of_a_projector(lesson: Dual) -> None:
    lesson.open()
    for key in ("board", "handles", "figure", "certificate"):
        box = lesson.page.locator(f".st-key-{key}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SCREEN
    board, handle = lesson.page.get_by_test_id("point").nth(2).bounding_box(), lesson.middle(2)
    assert board is not None
    assert handle[0] == pytest.approx(board["x"] + board["width"] / 2, abs=FEW)


def test_a_handle_moves_the_bound_until_it_breaks_the_band(lesson: Dual) -> None:
    lesson.open()
    lesson.drag(0, 12, drop=False)  # still held: the browser alone answers
    lesson.is_feasible(True)
    assert 0 < value(lesson.lower) < 2.75 <= value(lesson.upper) < 4.5
    lesson.page.mouse.move(*[at + by for at, by in zip(lesson.middle(0), (0, 40), strict=True)], steps=6)
    lesson.is_feasible(False)
    expect(lesson.lower).to_have_attribute("data-value", "-inf")
    expect(lesson.lower).to_contain_text("void")
    assert lesson.page.locator(".cvz-dual-marks .is-out").count() > 0
    lesson.page.mouse.up()
    expect(lesson.page.locator(".cvz-badge")).to_contain_text("not feasible")
    assert sum(lesson.numbers()) == pytest.approx(0.0, abs=1e-12)


def test_the_optimum_is_found_by_hand_and_the_solver_agrees(lesson: Dual) -> None:
    lesson.open("challenge=by-hand")
    for i, number in ((0, -1.0), (2, -0.5)):  # pulled down slowly until the handle clicks in where N_v touches
        x, y = lesson.middle(i)
        lesson.page.mouse.move(x, y)
        lesson.page.mouse.down()
        for step in range(1, 60):
            lesson.page.mouse.move(x, y + step)
            if lesson.numbers()[i] == number:
                break
        lesson.page.mouse.up()
    lesson.has_numbers(-1, 1.5, -0.5)
    assert value(lesson.lower) == value(lesson.upper) == 2.75
    lesson.judged("certified")
    expect(lesson.page.locator(".cvz-badge")).to_contain_text("Global optimum, proved")
    expect(lesson.page.locator(".cvz-guide")).to_contain_text("You hold a proof")
    lesson.solve.click()
    expect(lesson.page.locator(".cvz-badge-how")).to_contain_text("solver")
    lesson.has_numbers(-1, 1.5, -0.5)


@pytest.mark.parametrize(("data", "n", "optimum"), [("three", 3, 2.75), ("five", 5, 3.1875), ("classes", 4, 2.5)])
def test_the_solver_brings_the_bars_together(lesson: Dual, data: str, n: int, optimum: float) -> None:
    lesson.open(f"data={data}", n)
    lesson.judged("upper-bound")
    lesson.solve.click()
    lesson.judged("certified")
    expect(lesson.page.get_by_test_id("hand-gap")).to_contain_text("They met")
    lesson.is_feasible(True)
    assert value(lesson.lower) == pytest.approx(optimum, rel=1e-6)
    assert value(lesson.upper) == pytest.approx(optimum, rel=1e-6)


def test_keys_move_a_handle_and_what_it_says_follows(lesson: Dual) -> None:
    lesson.open()
    first = lesson.handles.first
    first.focus()
    for key, number in (("ArrowDown", -0.05), ("PageDown", -0.55), ("ArrowUp", -0.5), ("Shift+ArrowUp", -0.495)):
        lesson.page.keyboard.press(key)
        expect(first).to_have_attribute("aria-valuenow", f"{number:g}")
    expect(first).to_have_role("slider")
    expect(first).to_have_attribute("aria-orientation", "vertical")
    lesson.judged("upper-bound")
    lesson.page.keyboard.press("Home")
    expect(first).to_have_attribute("aria-valuenow", first.get_attribute("aria-valuemin") or "")
    lesson.page.keyboard.press("Tab")
    expect(lesson.handles.nth(1)).to_be_focused()


def test_the_sum_may_be_freed_and_then_proves_nothing(lesson: Dual) -> None:
    lesson.open()
    lesson.page.locator(".st-key-set-free label").click()
    expect(lesson.page.locator(".cvz-dual-knob.is-balancing")).to_have_count(0)
    lesson.drag(2, -14)
    lesson.is_feasible(False)
    expect(lesson.page.locator(".cvz-dual-why")).to_contain_text("leave the band, ever farther")
    expect(lesson.page.get_by_test_id("sum")).to_contain_text("≠ 0")
    lesson.page.locator(".st-key-set-free label").click()
    expect(lesson.page.get_by_test_id("sum")).to_contain_text("Σv = 0")


def test_a_shared_link_and_a_reload_bring_points_and_numbers_back(lesson: Dual) -> None:
    page = lesson.open("v=-0.5,0.75,-0.25").page
    dot = page.get_by_test_id("point").nth(1).bounding_box()
    assert dot is not None
    start = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 30, start[1] + 20, steps=6)
    page.mouse.up()
    lesson.drag(0, 10)
    page.get_by_role("button", name="Share").click()
    expect(page).to_have_url(re.compile("p=.*v=|v=.*p="))
    expect(lesson.handles).to_have_count(3)
    lesson.judged("upper-bound")
    seen = lesson.numbers(), value(lesson.lower)
    page.reload()
    expect(lesson.handles).to_have_count(3)
    expect(lesson.handles.first).to_have_attribute("data-value", re.compile(f"^{re.escape(repr(seen[0][0]))}$"))
    assert (lesson.numbers(), value(lesson.lower)) == seen


def test_a_point_moved_upwards_leaves_the_band_alone(lesson: Dual) -> None:
    page = lesson.open("v=-0.5,0.75,-0.25").page
    paths = [line.get_attribute("d") for line in page.get_by_test_id("gain").all()]
    dot = page.get_by_test_id("point").nth(1).bounding_box()
    assert dot is not None
    start = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], start[1] - 20, steps=6)
    page.mouse.up()
    expect(lesson.lower).not_to_have_attribute("data-value", "1.8125")
    assert value(lesson.lower) > 1.8125
    assert [line.get_attribute("d") for line in page.get_by_test_id("gain").all()] == paths


def test_the_worked_example_follows_the_hand(lesson: Dual) -> None:
    lesson.open("v=-1,1.5,-0.5")
    worked = lesson.page.get_by_test_id("worked")
    for name, number in (
        ("N1@0", "0"),
        ("N1@1", "-1"),
        ("N-1@1", "-1"),
        ("N-1@3", "0"),
        ("g", "2.75"),
        ("objective", "2.75"),
    ):
        expect(worked.locator(f'output[data-name="{name}"]')).to_have_attribute("data-value", number)
    expect(worked).to_contain_text("every network costs at least 2.75")
    lesson.handles.first.focus()
    lesson.page.keyboard.press("ArrowDown")
    expect(worked.locator('output[data-name="N-1@1"]')).to_have_attribute("data-value", "-1.05")
    expect(worked).to_contain_text("bounds nothing")


def test_the_tour_goes_from_numbers_to_a_proof(lesson: Dual) -> None:
    page = lesson.open().page
    page.get_by_role("button", name="Tour").click()
    expect(page.locator(".st-key-guide")).to_contain_text("One number for each point")
    for title in ("What one more neuron", "Inside the band", "Outside the band", "Why the numbers", "They met"):
        page.locator(".st-key-tour-next button").click()
        expect(page.locator(".st-key-guide")).to_contain_text(title)
    lesson.judged("certified")
    page.reload()
    expect(page.locator(".st-key-guide")).to_contain_text("They met")
    lesson.has_numbers(-1, 1.5, -0.5)


def test_a_finger_on_a_phone_moves_a_handle_in_the_dark(open_page: OpenPage, app_address: str) -> None:
    page = open_page(**PHONE, color_scheme="dark")
    lesson = Dual(page, app_address).open()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]  # type: ignore[index]
    lesson.handles.first.scroll_into_view_if_needed()
    x, y = lesson.middle(0)
    touch = page.context.new_cdp_session(page)
    for kind, down in (("touchStart", 0), *(("touchMove", 2 * k) for k in range(1, 7)), ("touchEnd", None)):
        points = [] if down is None else [{"x": x, "y": y + down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(lesson.handles.first).not_to_have_attribute("data-value", "0")
    assert lesson.numbers()[0] < 0
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == DARK != LIGHT


def test_another_page_and_back_keeps_the_numbers(lesson: Dual) -> None:
    page = lesson.open().page
    lesson.drag(0, 12)
    numbers = lesson.numbers()
    lesson.judged("upper-bound")
    turn_to(page, "Splines")
    expect(lesson.handles).to_have_count(0)
    turn_to(page, "The dual, by hand")
    expect(lesson.handles).to_have_count(3)
    assert json.dumps(lesson.numbers()) == json.dumps(numbers)


def test_a_challenge_begins_with_handles_band_and_bars_in_view(lesson: Dual) -> None:
    """It is begun far below; what the hand moves, and what answers it, are then on one screen."""
    page = lesson.open().page
    page.get_by_role("button", name=re.compile("Close the gap on five points")).click()
    expect(lesson.handles).to_have_count(5)
    for seen in (*lesson.handles.all(), page.get_by_test_id("band"), lesson.lower, lesson.upper):
        expect(seen).to_be_in_viewport()


def test_the_board_does_not_speak_of_points_that_are_gone(lesson: Dual) -> None:
    page = lesson.open().page
    said = page.get_by_test_id("board-status")
    page.get_by_role("button", name=re.compile("Close the gap on five points")).click()
    expect(said).to_contain_text("5 points")
    page.get_by_role("button", name=re.compile("Prove the optimum of the two classes")).click()
    expect(lesson.handles).to_have_count(4)
    expect(said).not_to_contain_text("5 points")
