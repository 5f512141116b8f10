"""The page around the board in the plane: links, tables, code, other pages, screens and themes, hidden controls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from e2e.lesson_hand import DARK, LIGHT, PHONE, Tab, calm_visit, turn_to
from e2e.plane_hand import TWICE, Plane
from playwright.sync_api import Locator, Page, expect

from convexviz.app.lessons.plane.tour import TOUR

pytestmark = pytest.mark.e2e

QUANTISED = 2e-3  # relative, after a link has rounded the points to 16 bits of the window
SPOTS = [(0.2, 0.3), (0.4, 0.75), (0.7, 0.4), (0.85, 0.7)]  # shares of the board, from the upper left
OpenPage = Callable[..., Page]


@pytest.fixture
def plane(tab: Tab, app_address: str) -> Iterator[Plane]:
    with calm_visit(tab) as page:
        yield Plane(page, app_address)


# --- the link ------------------------------------------------------------------------------------------------------


def test_the_share_link_brings_drawing_and_settings_back(plane: Plane, open_page: OpenPage) -> None:
    plane.open("loss=squared&n=20")
    plane.draw(*SPOTS[:2])
    plane.tool("neg").click()
    plane.draw(*SPOTS[2:])
    plane.type_beta("0.2")
    expect(plane.page.get_by_test_id("beta")).to_have_attribute("data-value", "0.2")
    solution = plane.answers(beta=0.2, loss="squared")
    plane.show("linear")
    expect(plane.page.get_by_test_id("field")).to_have_count(1)
    plane.page.get_by_role("button", name="Share").click()
    shared = plane.page.locator(".st-key-share code")
    expect(shared).to_contain_text("/plane?")
    link = shared.inner_text().strip()
    expect(plane.page).to_have_url(link)
    other = Plane(open_page(), plane.address)
    other.page.goto(link)
    other.opened().has(24)
    expect(other.page.get_by_test_id("beta-input")).to_have_value("0.2")
    expect(other.page.get_by_role("radio", name="squared")).to_be_checked()
    other.shows_objective(solution.objective, QUANTISED)
    other.answers(beta=0.2, loss="squared")
    np.testing.assert_allclose(other.coordinates(), plane.coordinates(), atol=1e-4)
    assert other.marks().tolist() == plane.marks().tolist()
    expect(other.page.get_by_test_id("field")).to_have_count(1)


def test_values_survive_the_share_link(plane: Plane) -> None:
    plane.open("task=regression&n=10")
    plane.draw(SPOTS[0])
    solution = plane.answers(loss="squared")
    points, values = plane.coordinates(), plane.marks()
    plane.page.get_by_role("button", name="Share").click()
    shared = plane.page.locator(".st-key-share code")
    expect(shared).to_contain_text("/plane?")
    link = shared.inner_text().strip()
    plane.page.goto("about:blank")
    plane.page.goto(link)
    plane.opened().has(11)
    plane.shows_objective(solution.objective, QUANTISED)
    plane.answers(loss="squared")
    np.testing.assert_allclose(plane.coordinates(), points, atol=1e-4)
    np.testing.assert_allclose(plane.marks(), values, atol=1e-3)


def test_a_damaged_link_shows_a_warning_and_the_default(plane: Plane) -> None:
    plane.open("p=%21broken&beta=-3&n=12&show=nothing")
    for part in ("p=!broken", "beta=-3", "show=nothing"):
        expect(plane.page.get_by_test_id("stAlert")).to_contain_text(part)
    plane.has(12)
    plane.answers()


# --- numbers in and out --------------------------------------------------------------------------------------------


def test_points_go_out_as_csv_and_come_in_again(plane: Plane) -> None:
    plane.open("n=12")
    points, classes = plane.coordinates(), plane.marks()
    plane.page.get_by_role("button", name="Table, CSV").click()
    plane.page.get_by_role("tab", name="CSV").click()
    with plane.page.expect_download() as saving:
        plane.page.get_by_role("button", name="Download the points").click()
    rows = saving.value.path().read_text().strip().splitlines()
    assert rows[0] == "x1,x2,class"
    assert len(rows) == 13
    pasted = plane.page.locator(".st-key-csv-text textarea")
    pasted.fill("x1,x2,y\n1,apple,1\n")
    plane.page.get_by_role("button", name="Use these rows").click()
    expect(plane.page.get_by_role("dialog").get_by_test_id("stAlert")).to_contain_text("apple")
    plane.has(12)
    before = plane.generation()
    pasted.fill("\n".join(rows[:11]) + "\n")
    plane.page.get_by_role("button", name="Use these rows").click()
    plane.renewed(before)
    plane.has(10)
    expect(plane.page.get_by_role("dialog")).to_have_count(0)
    np.testing.assert_allclose(plane.coordinates(), points[:10], rtol=1e-9)
    assert plane.marks().tolist() == classes[:10].tolist()
    plane.answers_new_data()
    plane.tool("undo").click()
    plane.has(12)
    plane.answers_new_data()


def test_a_cell_of_the_table_moves_its_point(plane: Plane) -> None:
    with plane.page.expect_websocket() as socket:
        plane.open("n=12")
    before = plane.coordinates()
    plane.page.get_by_role("button", name="Table, CSV").click()
    grid = plane.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(grid).to_be_visible()
    box = grid.bounding_box()
    assert box is not None
    plane.page.mouse.dblclick(box["x"] + 0.28 * box["width"], box["y"] + 52)
    cell = plane.page.locator(".gdg-input")
    expect(cell).to_be_visible()
    cell.fill("0.625")
    with socket.value.expect_event("framesent"):  # the table tells of an edit a little later
        plane.page.keyboard.press("Enter")
    plane.page.get_by_role("button", name="Apply the table").click()
    expect(plane.page.get_by_role("dialog")).to_have_count(0)
    expect(plane.points.first).to_have_attribute("data-y", "0.625")
    np.testing.assert_allclose(plane.coordinates()[1:], before[1:], rtol=1e-6)
    plane.answers_new_data()


def test_the_python_code_gives_the_same_answer(plane: Plane) -> None:
    """Of a preset, which the code loads, and of drawn points, which it lists."""
    plane.open("n=12")
    plane.answers()
    for listed in (False, True):
        plane.page.get_by_role("button", name="Python").click()
        code = plane.page.get_by_role("dialog").locator("code").first
        expect(code).to_contain_text("dual_map_figure")
        written = code.inner_text().replace("\xa0", " ").split("print(")[0]
        assert ("np.array" in written) == listed
        names: dict[str, Any] = {}
        exec(written, names)
        assert names["s"].objective == pytest.approx(plane.number("objective"), rel=TWICE)
        plane.page.keyboard.press("Escape")
        expect(plane.page.get_by_role("dialog")).to_have_count(0)
        plane.draw(SPOTS[listed])
        plane.answers()


# --- pages and tasks -----------------------------------------------------------------------------------------------


def go(plane: Plane, title: str, count: int) -> None:
    """To another page, whose board holds so many points.

    About one switch in ten, a switch back at once, Streamlit 1.67 leaves the page without its board: then once more,
    as a visitor would.
    """
    for last in (False, False, True):
        turn_to(plane.page, title)
        expect(plane.page).to_have_title(f"{title} · convexviz")
        try:
            return plane.has(count)
        except AssertionError:
            if last:
                raise
    return None


def test_points_are_kept_on_another_page_and_under_another_task(plane: Plane) -> None:
    plane.open("n=12")
    plane.draw(SPOTS[0])
    plane.answers()
    points = plane.coordinates()
    go(plane, "Splines", 40)
    go(plane, "The plane", 13)
    np.testing.assert_array_equal(plane.coordinates(), points)
    plane.answers()
    plane.choose("Regression")
    expect(plane.surface).to_have_attribute("data-mode", "plane-values")
    plane.has(60)
    plane.answers(loss="squared")
    plane.choose("Classification")
    expect(plane.surface).to_have_attribute("data-mode", "plane")
    plane.has(13)
    plane.answers()
    np.testing.assert_array_equal(plane.coordinates(), points)


def test_controls_in_popovers_show_the_settings_and_leave_them_alone(plane: Plane) -> None:
    """Opened for the first time after something else has changed, when the server has sent their values long ago."""
    plane.open("n=12&noise=0.3&seed=4&svm=1&support=0")
    plane.has(12)
    plane.choose("Path")
    plane.path_is_ready(20)
    plane.page.get_by_role("button", name="Points", exact=True).click()
    for name, value in (("n", "12"), ("noise", "0.30"), ("seed", "4")):
        expect(plane.page.locator(f".st-key-set-{name} input")).to_have_value(value)
    plane.page.keyboard.press("Escape")
    plane.page.get_by_role("button", name="Show").click()
    for name, on in (("regions", True), ("support", False), ("svm", True)):
        expect(plane.page.locator(f".st-key-set-{name} input")).to_be_checked(checked=on)
    plane.page.keyboard.press("Escape")
    plane.choose("logistic")
    plane.answers(loss="logistic")
    plane.has(12)
    expect(plane.breaks.first).to_be_visible()
    expect(plane.page.get_by_test_id("field")).to_have_count(1)


def test_a_lesson_link_hides_controls_and_no_readouts(plane: Plane) -> None:
    plane.open("hide=presets,data,loss,beta,overlays,share&n=12")
    plane.has(12)
    plane.answers()
    for name in ("Points", "Table, CSV", "Show", "Share"):
        expect(plane.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for name in ("Regression", "hinge"):
        expect(plane.page.get_by_role("radio", name=name)).to_have_count(0)
    expect(plane.slider).to_be_disabled()
    expect(plane.figure("dual").locator(".main-svg").first).to_be_visible()
    plane.draw(SPOTS[0])
    plane.answers()


# --- tour and challenges -------------------------------------------------------------------------------------------


def test_the_tour_goes_from_stop_to_stop(plane: Plane) -> None:
    plane.page.set_viewport_size({"width": 1280, "height": 720})
    plane.open("n=12")
    plane.page.get_by_role("button", name="Tour").click()
    for k, step in enumerate(TOUR):
        card = plane.page.locator(".st-key-guide")
        expect(card).to_contain_text(f"{k + 1}/{len(TOUR)}")
        expect(card).to_contain_text(step.title)
        expect(plane.page.locator(f".st-key-{step.figure}")).to_be_in_viewport()
        plane.shows_status("certified")
        if k + 1 < len(TOUR):
            plane.page.get_by_role("button", name="Next").click()
    expect(plane.film("ask")).to_be_visible()


def test_a_challenge_is_met_by_moving_one_corner(plane: Plane) -> None:
    plane.open("challenge=one-neuron")
    plane.has(4)
    plane.answers(loss="hard_margin")
    expect(plane.page.locator(".cvz-guide")).to_have_text("")
    corners = [tuple(corner) for corner in plane.coordinates()]
    like, corner = plane.spot(corners.index((-0.5, -0.5))), plane.spot(corners.index((0.5, 0.5)))
    plane.drag(corner, (like[0] + 0.04, like[1] + 0.12))
    expect(plane.page.locator(".cvz-guide")).to_contain_text("One ramp runs straight across")
    assert plane.number("neurons") == 1


# --- screens and themes --------------------------------------------------------------------------------------------


def test_the_dark_theme_is_readable(plane: Plane) -> None:
    """Page, figures and board follow; the heat map stands out from the page, and the points stay."""
    plane.open("n=12")
    plane.answers()
    plane.becomes(LIGHT)
    plane.page.emulate_media(color_scheme="dark")
    plane.becomes(DARK)
    plane.has(12)
    image = plane.surface.screenshot()
    page = np.array([int(part) for part in re.findall(r"\d+", DARK)])
    colours = np.array(plane.page.evaluate(SHOT, [list(image), [[0.1, 0.1], [0.9, 0.9], [0.05, 0.9], [0.95, 0.1]]]))
    assert (np.abs(colours - page).max(axis=1) > 30).all()
    ink = plane.page.get_by_test_id("boundary").evaluate("path => getComputedStyle(path).stroke")
    assert sum(float(part) for part in re.findall(r"[\d.]+", ink)[:3]) > 382, "a light boundary"
    plane.answers()


SHOT = """async ([bytes, spots]) => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const at = ([fx, fy]) => [Math.round(fx * (bitmap.width - 1)), Math.round(fy * (bitmap.height - 1))];
  return spots.map((spot) => [...context.getImageData(...at(spot), 1, 1).data].slice(0, 3));
}"""


def test_on_a_phone_everything_is_within_reach(open_page: OpenPage, app_address: str) -> None:
    phone = Plane(open_page(**PHONE), app_address).open("n=12")
    phone.answers()
    phone.fits_across(390)
    box = phone.surface.bounding_box()
    assert box is not None
    assert box["width"] > 240
    phone.surface.scroll_into_view_if_needed()
    phone.page.touchscreen.tap(*phone.at(0.5, 0.05))
    phone.has(13)
    phone.answers()
    for part in ("beta-play", "beta-slider", "beta-input", "status", "gap"):
        within_reach(phone.page.get_by_test_id(part))
    for name in ("Pin this answer", "Table, CSV", "Python", "Share"):
        within_reach(phone.page.get_by_role("button", name=name))
    for picture, part in (("Film", '[data-testid="film"]'), ("Surface", '[data-figure="surface"]')):
        phone.page.get_by_text(picture, exact=True).tap()
        within_reach(phone.page.locator(part))
        phone.fits_across(390)
    for name in ("Points", "Show"):
        phone.page.get_by_role("button", name=name, exact=True).tap()
        expect(phone.page.get_by_test_id("stPopoverBody")).to_be_visible()
        phone.fits_across(390)
        phone.page.keyboard.press("Escape")
        expect(phone.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    phone.page.get_by_text("Regression", exact=True).tap()
    phone.has(60)
    phone.answers(loss="squared")
    within_reach(phone.page.get_by_test_id("value-bar"))
    phone.fits_across(390)


def within_reach(part: Locator) -> None:
    """It can be scrolled to and lies within the width of the phone."""
    part.scroll_into_view_if_needed()
    expect(part).to_be_in_viewport()
    box = part.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
