"""The pictures and the page around the board on the line, in a real browser: figures, data, prompts, themes, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.lesson_hand import DARK, DRAWN, LIGHT, PHONE, Tab, calm_visit
from e2e.splines_hand import FIVE, Lesson
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz.app.lessons.splines.tour import TOUR

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[Lesson]:
    with calm_visit(tab) as page:
        yield Lesson(page, app_address)


@pytest.fixture
def blank(lesson: Lesson) -> Lesson:
    """The lesson with nothing on its board."""
    lesson.open().empty()
    return lesson


# --- figures -------------------------------------------------------------------------------------------------------


def test_hovering_a_kink_lights_the_same_neuron_everywhere(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    kink = blank.kinks.nth(1)
    neuron = kink.get_attribute("data-neuron") or ""
    box = kink.bounding_box()
    assert box is not None
    blank.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    for figure in ("dual", "neurons"):
        expect(blank.chart(figure)).to_have_attribute("data-neuron", neuron)
    expect(blank.page.get_by_test_id("partial-sum")).to_have_attribute("d", re.compile("M"))
    blank.page.wait_for_function(
        """neuron => ["dual", "neurons"].every(name => document.querySelector(`[data-figure=${name}]`)._fullData
          .some(trace => trace.meta?.neurons && trace.selectedpoints?.[0] === neuron))""",
        arg=int(neuron),
    )
    blank.page.mouse.move(*blank.at(0.02, 0.02))
    expect(blank.chart("dual")).to_have_attribute("data-neuron", "")
    expect(blank.page.get_by_test_id("partial-sum")).to_have_attribute("d", "")


def test_hovering_a_triangle_of_the_dual_function_lights_its_kink(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    x, y = blank.page.locator('[data-figure="dual"]').evaluate(
        """node => {
          const box = node.querySelector(".nsewdrag").getBoundingClientRect();
          const { _fullLayout: full, _fullData: data } = node;
          const { x, y } = data.find(trace => trace.meta?.neurons);
          return [box.x + full.xaxis.d2p(x[1]), box.y + full.yaxis.d2p(y[1])];
        }"""
    )
    blank.page.mouse.move(x, y, steps=3)
    expect(blank.page.locator(".cvz-kink.is-lit")).to_have_attribute("data-neuron", "1")
    expect(blank.chart("neurons")).to_have_attribute("data-neuron", "1")


def test_the_dual_function_touches_its_band_at_the_kinks(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    blank.page.wait_for_function(
        "n => document.querySelector('[data-figure=dual]')._fullData.at(-1).x.length === n", arg=blank.number("neurons")
    )
    touching = blank.drawn("dual", "Array.from(data.at(-1).y)")
    curves = blank.drawn("dual", "data.slice(2, 4).flatMap(trace => Array.from(trace.y))")
    np.testing.assert_allclose(np.abs(touching), 1, atol=1e-4)
    assert np.abs(curves).max() <= 1 + 1e-6


def test_zoom_survives_a_new_answer(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    figure = blank.page.locator('[data-figure="dual"]')
    box = figure.locator(".nsewdrag").bounding_box()
    assert box is not None
    blank.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    blank.page.mouse.down()
    blank.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    blank.page.mouse.up()
    blank.page.wait_for_function(
        """() => {
          const [a, b] = document.querySelector("[data-figure=dual]")._fullLayout.xaxis.range;
          return b - a < 2;
        }"""
    )
    zoomed = blank.drawn("dual", "[full.xaxis.range, full.yaxis.range]")
    node, updates = figure.get_attribute("data-node"), figure.get_attribute("data-updates") or ""
    blank.draw((0.25, 0.9))
    blank.answers()
    expect(figure).not_to_have_attribute("data-updates", updates)
    assert blank.drawn("dual", "[full.xaxis.range, full.yaxis.range]") == zoomed
    assert figure.get_attribute("data-node") == node


# --- data ----------------------------------------------------------------------------------------------------------


def test_a_thumbnail_puts_its_preset_on_the_board(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="Points", exact=True).click()
    expect(lesson.page.locator(".cvz-card")).to_have_count(len(cv.datasets.names("regression", dims=1)))
    lesson.page.get_by_test_id("preset-step").click()
    lesson.has(30)
    expect(lesson.page.get_by_test_id("preset-step")).to_have_attribute("aria-pressed", "true")
    made = cv.datasets.load("step")
    np.testing.assert_allclose(lesson.coordinates(), np.column_stack([made.X[:, 0], made.y]))
    lesson.answers_new_data()


def test_a_formula_is_drawn_and_a_damaged_one_is_explained(lesson: Lesson) -> None:
    lesson.open("n=11&noise=0")
    lesson.page.get_by_role("button", name="Points", exact=True).click()
    formula = lesson.page.locator(".st-key-set-formula input")
    formula.fill("x^2 - 1")
    formula.press("Enter")
    expect(lesson.points.first).to_have_attribute("data-y", "0")
    points = lesson.coordinates()
    np.testing.assert_allclose(points[:, 1], points[:, 0] ** 2 - 1, atol=1e-12)
    lesson.answers_new_data()
    formula.fill("x +")
    formula.press("Enter")
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("formula")
    np.testing.assert_array_equal(lesson.coordinates(), points)


def test_pasted_rows_replace_the_points(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="Table, CSV").click()
    lesson.page.get_by_role("tab", name="CSV").click()
    lesson.page.locator(".st-key-csv-text textarea").fill("x,y\n10,1\n20,3\n40,2\n")
    lesson.page.get_by_role("button", name="Use these rows").click()
    lesson.has(3)
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    assert lesson.coordinates().tolist() == [[10, 1], [20, 3], [40, 2]]
    lesson.answers_new_data()


def test_rows_that_cannot_be_read_are_explained_and_change_nothing(lesson: Lesson) -> None:
    lesson.open("n=12")
    lesson.page.get_by_role("button", name="Table, CSV").click()
    lesson.page.get_by_role("tab", name="CSV").click()
    lesson.page.locator(".st-key-csv-text textarea").fill("x,y\n1,apple\n")
    lesson.page.get_by_role("button", name="Use these rows").click()
    expect(lesson.page.get_by_role("dialog").get_by_test_id("stAlert")).to_contain_text("apple")
    lesson.page.keyboard.press("Escape")
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    lesson.has(12)


def test_what_a_spreadsheet_with_decimal_commas_copies_keeps_its_value_in_the_table(lesson: Lesson) -> None:
    lesson.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with lesson.page.expect_websocket() as socket:
        lesson.open("n=12")
    lesson.page.get_by_role("button", name="Table, CSV").click()
    grid = lesson.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(grid).to_be_visible()
    lesson.page.evaluate("text => navigator.clipboard.writeText(text)", "1,4\t0,5\n\u22122,25\t1")
    box = grid.bounding_box()
    assert box is not None
    lesson.page.mouse.click(box["x"] + 0.08 * box["width"], box["y"] + 52)
    with socket.value.expect_event("framesent"):
        lesson.page.keyboard.press("Control+v")
    lesson.page.get_by_role("button", name="Apply the table").click()
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    expect(lesson.points.first).to_have_attribute("data-y", "0.5")
    assert lesson.coordinates()[:2].tolist() == [[1.4, 0.5], [-2.25, 1.0]]
    lesson.answers_new_data()


def test_a_cell_of_the_table_moves_its_point(lesson: Lesson) -> None:
    with lesson.page.expect_websocket() as socket:
        lesson.open("n=12")
    before = lesson.coordinates()
    lesson.page.get_by_role("button", name="Table, CSV").click()
    grid = lesson.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(grid).to_be_visible()
    box = grid.bounding_box()
    assert box is not None
    lesson.page.mouse.dblclick(box["x"] + 0.35 * box["width"], box["y"] + 52)
    cell = lesson.page.locator(".gdg-input")
    expect(cell).to_be_visible()
    cell.fill("0.625")
    with socket.value.expect_event("framesent"):  # the table tells of an edit a little later
        lesson.page.keyboard.press("Enter")
    lesson.page.get_by_role("button", name="Apply the table").click()
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    expect(lesson.points.first).to_have_attribute("data-y", "0.625")
    np.testing.assert_allclose(lesson.coordinates()[1:], before[1:], rtol=1e-6)
    lesson.answers_new_data()


PROMPTS = {
    "A line costs one neuron": "interpolate",
    "Weight decay deletes neurons": "squared",
    "More than one optimum": "interpolate",
    "Not a smooth curve": "interpolate",
    "One point in the way": "hard_margin",
    "Most points do not matter": "hinge",
}


def test_everything_to_try_shows_a_certified_answer(lesson: Lesson) -> None:
    lesson.open()
    betas = {"squared": 0.3, "hinge": 0.05}
    shown = "() => { const { mode, gen } = document.querySelector('[data-testid=board]').dataset; return mode + gen; }"
    for title, loss in PROMPTS.items():
        before = lesson.page.evaluate(shown)
        lesson.page.get_by_role("button", name=title).click()
        expect(lesson.page.get_by_role("radio", name=loss.replace("_", " "))).to_be_checked()
        # The controls change before the board does; its points are new when mode or generation is.
        lesson.page.wait_for_function(f"before => ({shown})() !== before", arg=before)
        lesson.page.evaluate(DRAWN)  # the attributes tell of points that the next frame draws
        lesson.answers(beta=betas.get(loss, 0.05), loss=loss)
    expect(lesson.alert).to_have_count(0)


def test_more_than_one_optimum_is_drawn_as_a_band(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="More than one optimum").click()
    lesson.has(9)
    expect(lesson.page.locator('.cvz-band[data-id="envelope"]')).to_have_attribute("d", re.compile("M"))
    expect(lesson.page.locator('.cvz-curve[data-id="sparsest"]')).to_have_attribute("d", re.compile("M"))
    expect(lesson.page.locator(".cvz-legend")).to_contain_text("all optima")


# --- tour and challenges -------------------------------------------------------------------------------------------


def test_the_tour_goes_from_stop_to_stop_with_its_figures_in_view(lesson: Lesson) -> None:
    """Above its card, at the size of a laptop's screen."""
    lesson.page.set_viewport_size({"width": 1280, "height": 720})
    lesson.open()
    lesson.page.get_by_role("button", name="Tour").click()
    for k, step in enumerate(TOUR):
        card = lesson.page.locator(".st-key-guide")
        expect(card).to_contain_text(f"{k + 1}/{len(TOUR)}")
        expect(card).to_contain_text(step.title)
        lesson.page.wait_for_function(ABOVE_CARD, arg=step.figure)
        lesson.shows_status("certified")
        if k + 1 < len(TOUR):
            lesson.page.keyboard.press("Alt+ArrowRight")
    lesson.page.get_by_role("button", name="End").click()
    expect(lesson.page.get_by_role("button", name="End")).to_have_count(0)


ABOVE_CARD = """key => {
  const figure = document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
  const card = document.querySelector(".st-key-guide").getBoundingClientRect();
  return figure && card.bottom <= innerHeight + 1 && figure.top >= 0 && figure.bottom <= card.top + 40;
}"""


def test_a_challenge_is_met_by_one_drag(lesson: Lesson) -> None:
    """The middle of five points, up: left and right turns alternate then."""
    lesson.open("challenge=close-the-band")
    lesson.has(5)
    expect(lesson.page.locator(".cvz-legend")).to_contain_text("region of all optima")
    expect(lesson.page.locator(".cvz-guide")).to_have_text("")
    x, y = lesson.spot(2)
    lesson.drag((x, y), (x, y - 0.4))
    expect(lesson.page.locator(".cvz-guide")).to_contain_text("alternate")
    expect(lesson.page.locator(".cvz-legend")).to_contain_text("one optimal curve")


def test_a_guess_is_asked_for_before_the_words_are_shown(lesson: Lesson) -> None:
    lesson.open()
    words = lesson.page.get_by_text("a wiggle costs more than ten times as much")
    expect(words).to_have_count(0)
    lesson.page.get_by_role("button", name="infinitely many").click()
    expect(words).to_be_visible()
    expect(lesson.page.locator(".st-key-prompts")).to_contain_text("Right.")
    lesson.has(9)


# --- themes and sizes ----------------------------------------------------------------------------------------------


def test_the_theme_can_be_switched_without_losing_the_drawing(blank: Lesson) -> None:
    """By the system and by the menu: page, figures and board follow, points and answer stay."""
    blank.draw(*FIVE)
    blank.answers()
    blank.becomes(LIGHT)
    blank.page.emulate_media(color_scheme="dark")
    blank.becomes(DARK)
    blank.has(5)
    blank.answers()
    for name, background in (("Light", LIGHT), ("Dark", DARK), ("System", DARK)):
        blank.page.get_by_test_id("stMainMenuButton").click()
        blank.page.get_by_test_id(f"stMainMenuItem-theme-{name}").click()
        blank.becomes(background)
        blank.page.keyboard.press("Escape")
        expect(blank.page.get_by_test_id("stMainMenuPopover")).to_have_count(0)
    blank.has(5)
    blank.answers()


@pytest.fixture
def phone(open_page: OpenPage, app_address: str) -> Lesson:
    return Lesson(open_page(**PHONE), app_address)


def test_on_a_phone_a_tap_adds_a_point_and_nothing_sticks_out(phone: Lesson) -> None:
    phone.open("n=12")
    phone.answers()
    phone.fits_across(390)
    box = phone.surface.bounding_box()
    assert box is not None
    assert box["width"] > 250
    phone.page.touchscreen.tap(*phone.at(0.5, 0.1))
    phone.has(13)
    phone.answers()
    phone.page.get_by_test_id("status").scroll_into_view_if_needed()
    phone.fits_across(390)


def test_home_answers_too_and_leads_here(lesson: Lesson) -> None:
    lesson.page.goto(lesson.address)
    lesson.has(14)
    lesson.answers()
    lesson.draw((0.5, 0.05))
    lesson.answers()
    lesson.page.locator(".st-key-card-splines a").click()
    expect(lesson.page).to_have_title("Splines · convexviz")
    lesson.has(40)
    lesson.answers()
