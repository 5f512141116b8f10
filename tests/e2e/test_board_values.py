"""Values of points in the plane: bar, knob, keys and wheel set them live, and each gesture is one step of undo."""

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


class Values(Board):
    """A board of seven points whose values are twice their x, between -1.8 and 1.8; the bar goes from -2 to 2."""

    def __init__(self, page: Page, address: str, **options: object) -> None:
        super().__init__(page, address, **{"mode": "plane-values", "n": 7} | options)
        self.bar = page.get_by_test_id("value-bar")
        self.handle = page.get_by_test_id("value-handle")
        self.knob = page.get_by_test_id("value-knob")

    def value(self, i: int) -> float:
        """Value of point i as drawn."""
        return float(self.points.nth(i).get_attribute("data-value") or "nan")

    def middle(self, what: str) -> tuple[float, float]:
        """Centre of a part on the page."""
        box = self.page.get_by_test_id(what).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, what: str, pixels: float) -> None:
        """Take a part by the mouse and move it up."""
        x, y = self.middle(what)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x, y - pixels, steps=6)
        self.page.mouse.up()

    def height(self) -> float:
        """Of the plot area, which stands for the whole range of values."""
        return self.at(0, 1)[1] - self.at(0, 0)[1]


@pytest.fixture
def values(page: Page, address: str) -> Callable[..., Values]:
    return lambda **options: Values(page, address, **options)


def test_points_come_with_the_value_of_the_bar(values: Callable[..., Values]) -> None:
    b = values(n=0)
    expect(b.bar).to_have_attribute("aria-label", "value of new points")
    expect(b.bar).to_have_attribute("aria-valuenow", "1")
    x, _ = b.middle("value-bar")
    b.page.mouse.click(b.middle("value-handle")[0], b.at(0, 0.25)[1] + b.height() / 2)
    expect(b.bar).to_have_attribute("aria-valuenow", re.compile("^-1"))
    b.click(0.25, 0.5)
    b.has(1)
    state = b.settled()
    assert state["values"] == [pytest.approx(-1, abs=0.02)]
    assert state["labels"] is None
    assert b.value(0) == state["values"][0]
    assert x > b.at(1, 0)[0]


def test_dragging_the_bar_sets_the_selected_point_live(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    expect(b.bar).to_have_attribute("aria-label", "value of point 4")
    expect(b.bar).to_have_attribute("aria-valuenow", "0")
    b.drag("value-handle", 0.25 * b.height())
    assert b.settled()["values"][3] == pytest.approx(1, abs=0.03)
    assert b.settled()["points"][3] == [0, 0]
    expect(b.status).to_contain_text("value = ")
    b.press("Control+z")
    expect(b.points.nth(3)).to_have_attribute("data-value", "0")
    assert b.settled()["values"][3] == 0
    b.tool("redo").click()
    assert b.settled()["values"][3] == pytest.approx(1, abs=0.03)


def test_answers_come_while_the_bar_is_held(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    x, y = b.middle("value-handle")
    b.page.mouse.move(x, y)
    b.page.mouse.down()
    b.page.mouse.move(x, y - 40, steps=3)
    expect(b.page.get_by_test_id("board-readout")).to_contain_text("value = 0.")
    b.page.wait_for_function(
        "() => JSON.parse(document.querySelector('[data-testid=echo]').textContent).values[3] > 0.1"
    )
    b.page.mouse.up()
    assert b.settled()["values"][3] == b.value(3)


def test_knob_of_the_selected_point(values: Callable[..., Values]) -> None:
    b = values()
    expect(b.knob).to_be_hidden()
    b.points.nth(3).click()
    expect(b.knob).to_be_visible()
    b.drag("value-knob", 0.125 * b.height())
    state = b.settled()
    assert state["values"][3] == pytest.approx(0.5, abs=0.03)
    assert state["points"][3] == [0, 0], "the point itself stays"
    assert len(state["points"]) == 7
    b.press("Control+z")
    assert b.settled()["values"][3] == 0


def test_escape_takes_a_knob_back(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    x, y = b.middle("value-knob")
    b.page.mouse.move(x, y)
    b.page.mouse.down()
    b.page.mouse.move(x, y - 50, steps=4)
    b.press("Escape")
    b.page.mouse.up()
    assert b.settled()["values"][3] == 0


def test_keys_change_the_value_in_one_step_of_undo_each(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    b.press("+", "+", "-", "Shift+_")
    assert b.settled()["values"][3] == pytest.approx(0.05 - 0.5)
    b.press("Control+z")
    assert b.settled()["values"][3] == pytest.approx(0.05)
    b.press("Control+z", "Control+z", "Control+z")
    assert b.settled()["values"][3] == 0


def test_a_held_key_is_one_step(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    for _ in range(4):
        b.page.keyboard.down("+")
    b.page.keyboard.up("+")
    assert b.settled()["values"][3] == pytest.approx(0.2)
    b.press("Control+z")
    assert b.settled()["values"][3] == 0


def test_bar_is_a_slider_for_the_keyboard(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    b.bar.focus()
    expect(b.bar).to_have_attribute("role", "slider")
    b.press("ArrowUp", "PageUp")
    expect(b.bar).to_have_attribute("aria-valuenow", "0.55")
    b.press("End")
    expect(b.bar).to_have_attribute("aria-valuetext", "2")
    assert b.settled()["values"][3] == 2
    b.press("Control+z")
    assert b.settled()["values"][3] == pytest.approx(0.55)


def test_wheel_over_a_point(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).hover()
    for _ in range(3):
        b.page.mouse.wheel(0, -100)
    expect(b.points.nth(3)).to_have_attribute("data-value", re.compile(r"^0\.3"))
    expect(b.status).to_contain_text("Point 4 set to")
    assert b.settled()["values"][3] == pytest.approx(0.3)
    b.press("Tab")
    b.tool("undo").click()
    assert b.settled()["values"][3] == 0


def test_wheel_elsewhere_scrolls_the_page(values: Callable[..., Values]) -> None:
    b = values()
    b.page.mouse.move(*b.at(0.1, 0.1))
    b.page.mouse.wheel(0, -100)
    b.points.nth(3).click()
    assert b.settled()["values"] == pytest.approx([-1.8, -1.2, -0.6, 0, 0.6, 1.2, 1.8])


def test_values_stay_in_their_range_and_with_their_point(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    b.drag("value-handle", 900)
    assert b.settled()["values"][3] == 2
    b.stroke((0.5, 0.5), (0.6, 0.2))
    state = b.settled()
    assert state["values"][3] == 2
    assert state["points"][3] == pytest.approx([0.2, 0.6], abs=0.02)


def test_colour_and_size_tell_the_value(values: Callable[..., Values]) -> None:
    b = values()
    fills = b.points.evaluate_all("all => all.map(one => getComputedStyle(one).fill.match(/\\d+/g).map(Number))")
    assert fills[0][0] > fills[0][2], "low is vermillion"
    assert fills[6][2] > fills[6][0], "high is blue"
    assert fills[3] == [255, 255, 255], "the middle is the ground"
    widths = b.points.evaluate_all("all => all.map(one => one.getBBox().width)")
    assert widths[0] == widths[6] > widths[3]


def test_python_can_replace_the_values(values: Callable[..., Values]) -> None:
    b = values()
    b.points.nth(3).click()
    b.press("+")
    b.settled()
    b.page.get_by_role("button", name="Preset").click()
    expect(b.points.nth(3)).to_have_attribute("data-value", "0")
    assert b.settled()["values"][3] == 0


def test_knob_by_finger_on_a_phone(open_page: Callable[..., Page], address: str) -> None:
    b = Values(open_page(**TOUCH), address)
    assert b.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    b.page.touchscreen.tap(*b.at(0.5, 0.5))
    expect(b.knob).to_be_visible()
    touch = finger(b.page)
    x, y = b.middle("value-knob")
    touch("touchStart", (x + 4, y - 6))
    for step in range(1, 9):
        touch("touchMove", (x + 4, y - 6 - 5 * step))
    touch("touchEnd")
    state = b.settled()
    assert state["values"][3] == pytest.approx(4 * 40 / b.height(), abs=0.05)
    assert len(state["points"]) == 7
