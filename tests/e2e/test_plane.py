"""The lesson in the plane in a real browser: draw, and see the certified optimal network answer each gesture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.lesson_hand import Tab, calm_visit
from e2e.plane_hand import BETA, Plane
from playwright.sync_api import Page, expect

import convexviz as cv

pytestmark = pytest.mark.e2e

PLUS = [(0.15, 0.3), (0.3, 0.7), (0.75, 0.6)]  # shares of the board, from the upper left
MINUS = [(0.3, 0.25), (0.55, 0.75), (0.6, 0.35)]


@pytest.fixture
def plane(tab: Tab, app_address: str) -> Iterator[Plane]:
    with calm_visit(tab) as page:
        yield Plane(page, app_address)


@pytest.fixture
def six(plane: Plane) -> Plane:
    """The lesson with three points of each class on its board."""
    plane.open().empty()
    plane.draw(*PLUS)
    plane.tool("neg").click()
    plane.draw(*MINUS)
    plane.answers()
    return plane


# --- the first visit -----------------------------------------------------------------------------------------------


def test_the_first_request_of_a_fresh_server_shows_the_lesson_in_its_frame(
    serve: Callable[..., str], page: Page
) -> None:
    plane = Plane(page, serve("app.py")).open()
    expect(page).to_have_title("The plane · convexviz")
    expect(page.get_by_test_id("stTopNavLink")).to_contain_text(["Home"])
    expect(plane.alert).to_have_count(0)
    for key in ("board", "beta", "certificate", "figure", "neurons"):
        expect(page.locator(f".st-key-{key}")).to_be_visible()
    plane.has(60)
    plane.answers()
    for figure in ("dual", "neurons"):
        expect(plane.figure(figure).locator(".main-svg").first).to_be_visible()


def test_what_is_drawn_is_the_certified_network(plane: Plane) -> None:
    """Objective and dual bound recomputed from what the browser holds; the heat map has the right colours."""
    plane.open()
    plane.answers()
    net, sent = plane.network()
    X, y = plane.coordinates(), plane.marks()
    np.testing.assert_allclose(np.reshape(sent["x"], (-1, 2)), X, atol=1e-6)
    f = net.predict(X)
    objective = np.maximum(0, 1 - y * f).sum() + BETA * np.abs(net.w).sum()
    assert objective == pytest.approx(plane.number("objective"), rel=1e-4)  # sent in single precision
    z = np.array(plane.drawn("dual", "data[0].z.map((row) => [...row])"))
    assert 0.95 < np.abs(z).max() < 1 + 1e-4
    colours, clear = plane.heat(np.array(plane.shares())), np.abs(f) > 0.1
    assert clear.sum() > 40
    np.testing.assert_array_equal((colours[:, 2] > colours[:, 0])[clear], (f > 0)[clear])
    drawn = int(plane.number("neurons"))
    assert plane.drawn("neurons", "data[1].y.length") == drawn
    assert 0 < plane.breaks.count() <= drawn


# --- drawing -------------------------------------------------------------------------------------------------------


def test_every_gesture_is_answered_by_the_certified_optimum(six: Plane) -> None:
    """Classes by button and by key, flip, remove, undo, and a point moved: each time the badge shows the optimum."""
    assert six.marks().tolist() == [1, 1, 1, -1, -1, -1]
    six.page.keyboard.press("1")  # the pointer rests on the last point
    expect(six.tool("pos")).to_have_attribute("aria-pressed", "true")
    six.draw((0.9, 0.2))
    six.page.keyboard.press("2")
    six.draw((0.85, 0.85))
    assert six.marks()[6:].tolist() == [1, -1]
    eight = six.answers().objective
    six.points.nth(7).hover()
    six.page.keyboard.press("f")
    expect(six.points.nth(7)).to_have_attribute("data-label", "1")
    flipped = six.answers().objective
    assert flipped != pytest.approx(eight, rel=1e-3)
    six.page.mouse.click(*six.at(*MINUS[1]), button="right")
    six.has(7)
    assert six.answers().objective < flipped
    six.page.keyboard.press("Control+z")
    six.has(8)
    six.page.keyboard.press("Control+z")
    expect(six.points.nth(7)).to_have_attribute("data-label", "-1")
    assert six.answers().objective == pytest.approx(eight, rel=1e-5)
    six.tool("redo").click()
    expect(six.points.nth(7)).to_have_attribute("data-label", "1")
    six.answers()


def test_one_class_alone_and_classes_in_one_place_are_explained(plane: Plane) -> None:
    plane.open().empty()
    note = plane.page.get_by_test_id("board-note")
    expect(note).to_contain_text("Click on it to add a point")
    expect(plane.slider).to_be_disabled()
    plane.tool("snap").click()  # so that two clicks fall on the very same position
    plane.draw((0.5, 0.5), (0.2, 0.2))
    expect(note).to_contain_text("class −1")
    plane.shows_status("empty")
    plane.tool("neg").click()
    plane.draw((0.8, 0.3))
    plane.answers()
    expect(plane.slider).to_be_enabled()
    plane.choose("hard margin")
    plane.answers(loss="hard_margin")
    plane.tool("brush").click()  # a click of the drawing tool would pick the point that is there
    plane.draw((0.5, 0.5))
    plane.shows_status("infeasible")
    assert plane.shown("objective") == ""
    expect(plane.surface).to_have_attribute("data-status", "infeasible")
    plane.choose("logistic")
    plane.answers(loss="logistic")


WATCH = """i => {
  const surface = document.querySelector("[data-testid=board]");
  globalThis.seen = { places: [], fits: [], pictures: new Set(), objectives: new Set() };
  const look = () => {
    const x = Number(document.querySelectorAll("[data-testid=point]")[i].dataset.x);
    if (seen.places.at(-1) !== x) seen.places.push(x);
    const fit = Number(surface.dataset.fitRev);
    if (seen.fits.at(-1) !== fit) seen.fits.push(fit);
    seen.pictures.add(surface.querySelector("[data-testid=heat]").getAttribute("href"));
    seen.objectives.add(document.querySelector("[data-testid=objective]").dataset.value);
  };
  new MutationObserver(look).observe(surface, { subtree: true, attributes: true });
}"""


def test_new_regions_follow_a_drag_and_the_last_position_gets_the_last_answer(plane: Plane) -> None:
    plane.open()
    before = plane.answers().objective
    shares = np.array(plane.shares())
    i = int(shares[:, 0].argmin())
    x, y = plane.spot(i)
    start = int(plane.surface.get_attribute("data-updates") or 0)
    plane.page.evaluate(WATCH, i)
    plane.page.mouse.move(*plane.at(x, y))
    plane.page.mouse.down()
    for step in range(1, 31):
        plane.page.mouse.move(*plane.at(x + (0.8 - x) * step / 30, y))
    plane.page.wait_for_function(
        "start => document.querySelector('[data-testid=board]').dataset.updates > start", arg=start + 1
    )
    plane.page.mouse.up()
    after = plane.answers().objective
    seen = plane.page.evaluate("({ ...seen, pictures: seen.pictures.size, objectives: seen.objectives.size })")
    assert after != pytest.approx(before, rel=1e-3)
    assert seen["places"] == sorted(seen["places"]), "the point snapped back"
    assert seen["fits"] == sorted(seen["fits"]), "older regions replaced newer ones"
    assert min(seen["pictures"], seen["objectives"]) >= 2, "regions and badge followed the hand"
    assert plane.spot(i) == pytest.approx((0.8, y), abs=0.01)


def test_values_are_set_by_knob_and_bar_and_the_surface_follows(plane: Plane) -> None:
    plane.open("task=regression&n=20&show=surface")
    expect(plane.surface).to_have_attribute("data-mode", "plane-values")
    plane.has(20)
    first = plane.answers(loss="squared")
    points = np.array(plane.shares())
    i = int(np.abs(points - 0.5).sum(axis=1).argmin())
    plane.points.nth(i).click()
    old, sheet = plane.marks()[i], plane.drawn("surface", "[...data[0].z[20]]")
    knob = plane.page.get_by_test_id("value-knob").bounding_box()
    assert knob is not None
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    plane.page.mouse.move(x, y)
    plane.page.mouse.down()
    plane.page.mouse.move(x, y - 90, steps=6)
    plane.page.mouse.up()
    second = plane.answers(loss="squared")
    assert plane.marks()[i] > old
    assert second.objective > first.objective, "a value out of line costs more"
    changed = (
        "sheet => !sheet.every((v, k) => v === document.querySelector('[data-figure=surface]')._fullData[0].z[20][k])"
    )
    plane.page.wait_for_function(changed, arg=sheet)
    bar = plane.page.get_by_test_id("value-bar").bounding_box()
    assert bar is not None
    plane.page.mouse.click(bar["x"] + 7, bar["y"] + 0.9 * bar["height"])
    assert plane.answers(loss="squared").objective != pytest.approx(second.objective, rel=1e-3)
    assert plane.marks()[i] < old
    plane.page.keyboard.press("Control+z")
    assert plane.answers(loss="squared").objective == pytest.approx(second.objective, rel=1e-5)


# --- presets -------------------------------------------------------------------------------------------------------


def test_every_thumbnail_brings_a_certified_answer(plane: Plane) -> None:
    plane.open()
    first = brings(plane, "classification", "hinge")
    plane.choose("Regression")
    expect(plane.surface).to_have_attribute("data-mode", "plane-values")
    second = brings(plane, "regression", "squared")
    assert (first, second) == (7, 5)


def brings(plane: Plane, task: str, loss: str) -> int:
    """Pick one preset after the other, each is answered; their number."""
    names = cv.datasets.names(task, dims=2)
    plane.page.get_by_role("button", name="Points", exact=True).click()
    expect(plane.page.locator(".cvz-card")).to_have_count(len(names))
    for name in [*names[1:], names[0]]:
        before = plane.generation()
        plane.page.get_by_test_id(f"preset-{name}").click()
        expect(plane.page.get_by_test_id(f"preset-{name}")).to_have_attribute("aria-pressed", "true")
        plane.renewed(before)
        made = cv.datasets.load(name)
        plane.has(len(made.y))
        np.testing.assert_allclose(plane.coordinates(), made.X)
        np.testing.assert_allclose(plane.marks(), made.y)
        plane.answers_new_data(loss=loss)
    plane.page.keyboard.press("Escape")
    return len(names)
