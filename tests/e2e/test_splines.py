"""The lesson on the line in a real browser: draw, and see the certified optimal network answer each gesture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from e2e.lesson_hand import Tab, calm_visit
from e2e.splines_hand import FIVE, Lesson
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

QUANTISED = 2e-4  # relative, after a link has rounded the points to 16 bits of the window


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[Lesson]:
    with calm_visit(tab) as page:
        yield Lesson(page, app_address)


@pytest.fixture
def blank(lesson: Lesson) -> Lesson:
    """The lesson with nothing on its board."""
    lesson.open().empty()
    return lesson


# --- the first visit -----------------------------------------------------------------------------------------------


def test_the_first_request_of_a_fresh_server_shows_the_lesson_in_its_frame(
    serve: Callable[..., str], page: Page
) -> None:
    lesson = Lesson(page, serve("app.py")).open()
    expect(page).to_have_title("Splines · convexviz")
    expect(page.get_by_test_id("stTopNavLink")).to_contain_text(["Home"])
    expect(lesson.alert).to_have_count(0)
    for key in ("board", "certificate", "figure"):
        expect(page.locator(f".st-key-{key}")).to_be_visible()
    lesson.has(40)
    lesson.answers()
    for figure in ("dual", "neurons", "path"):
        expect(page.locator(f'[data-figure="{figure}"] .main-svg').first).to_be_visible()


# --- drawing -------------------------------------------------------------------------------------------------------


def test_every_gesture_is_answered_by_the_certified_optimum(blank: Lesson) -> None:
    """Draw five points, drag one, delete one, undo twice: each time the badge shows the optimum of what is drawn."""
    for spot in FIVE:
        blank.draw(spot)
        blank.answers()
    drawn = blank.coordinates()
    blank.drag(FIVE[2], (0.5, 0.15))
    dragged = blank.answers()
    moved = blank.coordinates()
    assert (moved != drawn).any(axis=1).tolist() == [False, False, True, False, False]
    blank.page.mouse.click(*blank.at(*FIVE[1]), button="right")
    blank.has(4)
    assert blank.answers().objective != pytest.approx(dragged.objective, rel=1e-3)
    blank.page.keyboard.press("Control+z")
    blank.has(5)
    np.testing.assert_array_equal(blank.coordinates(), moved)
    blank.answers()
    blank.tool("undo").click()
    expect(blank.points.nth(2)).to_have_attribute("data-y", re.compile(re.escape(f"{drawn[2, 1]:g}")))
    np.testing.assert_array_equal(blank.coordinates(), drawn)
    blank.answers()


def test_the_drawn_fit_is_that_of_the_optimum(blank: Lesson) -> None:
    """Its heights at the data, which are unique, read off the pixels."""
    blank.draw(*FIVE)
    solution = blank.answers()
    x = blank.coordinates()[:, 0]
    expect(blank.surface).to_have_attribute("data-fit-rev", blank.surface.get_attribute("data-rev") or "")
    np.testing.assert_allclose(blank.fit_values(x), solution.network.predict(x[:, None]), atol=0.01)


def test_an_emptied_board_says_what_to_do(lesson: Lesson) -> None:
    lesson.open().empty()
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("Click on it to add a point")
    expect(lesson.slider).to_be_disabled()
    lesson.page.keyboard.press("Control+z")
    lesson.has(40)
    lesson.answers()
    expect(lesson.slider).to_be_enabled()


WATCH = """() => {
  const surface = document.querySelector("[data-testid=board]");
  globalThis.seen = { heights: [], fits: [], behind: 0 };
  const look = () => {
    const y = Number(document.querySelectorAll("[data-testid=point]")[25].dataset.y);
    if (seen.heights.at(-1) !== y) seen.heights.push(y);
    const fit = Number(surface.dataset.fitRev);
    if (seen.fits.at(-1) !== fit) seen.fits.push(fit);
  };
  new MutationObserver(look).observe(surface, { subtree: true, attributes: true });
}"""


def test_a_drag_at_fifty_points_never_snaps_back_and_ends_with_its_last_position(lesson: Lesson) -> None:
    lesson.open("n=50")
    lesson.answers()
    x, y = lesson.spot(25)
    before = int(lesson.surface.get_attribute("data-updates") or 0)
    lesson.page.evaluate(WATCH)
    lesson.page.mouse.move(*lesson.at(x, y))
    lesson.page.mouse.down()
    end = 0.95 if y < 0.5 else 0.05
    for step in range(1, 61):
        lesson.page.mouse.move(*lesson.at(x, y + (end - y) * step / 60))
    lesson.page.wait_for_function(
        "before => document.querySelector('[data-testid=board]').dataset.updates > before", arg=before + 1
    )
    lesson.page.mouse.up()
    lesson.answers()
    rev = lesson.surface.get_attribute("data-rev") or ""
    expect(lesson.surface).to_have_attribute("data-fit-rev", rev)
    seen = lesson.page.evaluate("seen")
    assert seen["heights"] == sorted(seen["heights"], reverse=end > y), "the point snapped back"
    assert seen["fits"] == sorted(seen["fits"]), "an older fit replaced a newer one"
    assert str(seen["fits"][-1]) == rev
    assert lesson.spot(25) == pytest.approx((x, end), abs=0.01)


# --- the link ------------------------------------------------------------------------------------------------------


def test_the_share_link_brings_drawing_and_settings_back(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.type_beta("0.02")
    solution = blank.answers(beta=0.02)
    drawn = blank.coordinates()
    blank.page.get_by_role("button", name="Share").click()
    shared = blank.page.locator(".st-key-share code")
    expect(shared).to_contain_text("/splines?")
    link = shared.inner_text().strip()
    expect(blank.page).to_have_url(link)
    blank.page.goto("about:blank")
    blank.page.goto(link)
    blank.has(5)
    blank.shows_objective(solution.objective, QUANTISED)
    np.testing.assert_allclose(blank.coordinates(), drawn, atol=1e-4)
    blank.answers(beta=0.02)
    expect(blank.page.get_by_test_id("beta-input")).to_have_value("0.02")
    blank.page.reload()
    blank.has(5)
    blank.answers(beta=0.02)


def test_a_damaged_link_shows_a_warning_and_the_default(lesson: Lesson) -> None:
    lesson.open("p=%21broken&beta=-3&n=12")
    expect(lesson.page.get_by_test_id("stAlert")).to_contain_text("p=!broken")
    expect(lesson.page.get_by_test_id("stAlert")).to_contain_text("beta=-3")
    lesson.has(12)
    lesson.answers()


# --- beta ----------------------------------------------------------------------------------------------------------


def test_beta_by_keyboard_and_by_typing(lesson: Lesson) -> None:
    """The optimal value rises with beta."""
    lesson.open("n=12")
    low = lesson.answers().objective
    lesson.slider.focus()
    for _ in range(5):
        lesson.page.keyboard.press("ArrowRight")
    lesson.page.wait_for_function(
        "low => document.querySelector('[data-testid=objective]').dataset.value > low * 1.05", arg=low
    )
    expect(lesson.page.get_by_test_id("beta-input")).not_to_have_value("0.05")
    lesson.slider.blur()
    beta = float(lesson.page.get_by_test_id("beta-input").input_value())
    assert beta > 0.05
    middle = lesson.answers(beta=beta).objective
    lesson.type_beta("1.5")
    high = lesson.answers(beta=1.5).objective
    assert low < middle < high
    lesson.type_beta("nonsense")
    expect(lesson.page.get_by_test_id("beta-note")).to_contain_text("positive number")
    lesson.answers(beta=1.5)


def test_scrubbing_shows_the_path_without_the_server_and_releases_to_the_answer(lesson: Lesson) -> None:
    sent: list[Any] = []
    lesson.page.once("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    lesson.open("n=30")
    lesson.answers()
    lesson.path_is_ready(31)
    start, neurons = lesson.fit_path(), lesson.number("neurons")
    assert sent, "the socket is being listened to"
    count = len(sent)
    lesson.page.mouse.move(*lesson.thumb(0.6))
    lesson.page.mouse.down()
    lesson.page.mouse.move(*lesson.thumb(0.97), steps=15)
    expect(lesson.page.locator(".cvz-badge")).to_have_class(re.compile("cvz-scrubbed"))
    lesson.page.wait_for_function("n => document.querySelector('[data-testid=neurons]').dataset.value < n", arg=neurons)
    assert lesson.fit_path() != start
    assert lesson.shown("status") == "certified"
    frame = lesson.number("beta")
    assert len(sent) == count, "scrubbing asked the server"
    lesson.page.mouse.up()
    expect(lesson.page.locator(".cvz-badge")).not_to_have_class(re.compile("cvz-scrubbed"))
    assert len(sent) > count
    beta = float(lesson.page.get_by_test_id("beta-input").input_value())
    assert beta == pytest.approx(frame, rel=0.15), "the frame shown was the nearest"
    lesson.answers(beta=beta)


def test_a_sweep_runs_through_the_path_and_its_end_stays(lesson: Lesson) -> None:
    lesson.open("n=12")
    lesson.answers()
    lesson.path_is_ready(31)
    start = lesson.fit_path()
    lesson.page.evaluate(
        """() => {
          globalThis.swept = new Set();
          const node = document.querySelector("[data-testid=neurons]");
          new MutationObserver(() => swept.add(node.dataset.value)).observe(node, { attributes: true });
        }"""
    )
    lesson.page.get_by_test_id("beta-play").click()
    expect(lesson.page.locator(".cvz-badge")).to_have_class(re.compile("cvz-scrubbed"))
    expect(lesson.page.locator(".cvz-badge")).not_to_have_class(re.compile("cvz-scrubbed"))
    assert {"0", "1", "2"} <= set(lesson.page.evaluate("[...swept]")), "from none on, neurons enter"
    assert lesson.page.get_by_test_id("beta-slider").input_value() == "0"
    lesson.answers(beta=float(lesson.page.get_by_test_id("beta-input").input_value()))
    expect(lesson.fit).not_to_have_attribute("d", start)
    lesson.page.get_by_test_id("beta-back").click()
    lesson.answers(beta=0.05)
    expect(lesson.fit).to_have_attribute("d", start)


# --- classification ------------------------------------------------------------------------------------------------


def test_two_classes_and_what_is_missing_where_there_is_one(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("radio", name="Classification").click()
    expect(lesson.surface).to_have_attribute("data-mode", "line-classes")
    lesson.has(24)
    lesson.answers(loss="hinge")
    lesson.empty()
    lesson.draw((0.2, 0.1), (0.7, 0.3))
    lesson.shows_status("empty")
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("class −1")
    lesson.draw((0.5, 0.9))
    lesson.answers(loss="hinge")
    assert lesson.coordinates()[:, 1].tolist() == [1, 1, -1]
    lesson.page.get_by_role("radio", name="Regression").click()
    lesson.has(40)
    lesson.answers()


def test_contradicting_classes_have_no_hard_margin(lesson: Lesson) -> None:
    lesson.open("task=classification&loss=hard_margin")
    lesson.empty()
    lesson.tool("snap").click()  # so that two clicks fall on the very same position
    lesson.draw((0.2, 0.1), (0.5, 0.1), (0.5, 0.9))
    lesson.shows_status("infeasible")
    assert lesson.shown("objective") == ""
    expect(lesson.surface).to_have_attribute("data-status", "infeasible")
    lesson.page.get_by_role("radio", name="logistic").click()
    lesson.answers(loss="logistic")
