"""Figures of the plane in a real browser: what it computes from the network is what Python's figures hold."""

import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from e2e.lesson_hand import turn_scene
from playwright.sync_api import Page, expect

from convexviz.figures import plane as figures

HARNESS = Path(__file__).with_name("chart_plane_harness.py")
made = runpy.run_path(str(HARNESS))  # what the page draws, to draw it again in Python
BETA, VIEW, Z_RANGE, solved = (made[name] for name in ("BETA", "VIEW", "Z_RANGE", "solved"))
DUAL, SURFACE, WEIGHTS, BOUNDS = (f'[data-figure="{name}"]' for name in ("dual", "surface", "weights", "bounds"))
CLOSE = 1e-4  # the network travels in single precision
LIT = 2  # a neuron to point at

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def page(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """The tab, with the pointer out of the way; it must show no error."""
    page, errors = tab
    errors.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.mouse.move(2, 2)
    yield page
    assert errors == []


def visit(page: Page, address: str, query: str = "", first: str = DUAL) -> None:
    """Open the page, wait for its first figure and note what passes over the bus."""
    page.goto(f"{address}/{query}")
    expect(page.locator(first)).to_have_attribute("data-updates", "1", timeout=60_000)
    page.evaluate("() => { globalThis.heard = []; __convexvizBus.on('hover', ({ neuron }) => heard.push(neuron)); }")


def drawn(page: Page, figure: str, trace: int, name: str) -> Any:
    """An array of a trace as it was given to plotly; rows for a grid."""
    found = page.locator(figure).evaluate(
        f"""(node) => Array.from(
          node.data[{trace}].{name},
          (item) => ArrayBuffer.isView(item) ? Array.from(item) : item,
        )"""
    )
    return np.array(found)


def light(page: Page, neuron: int | None) -> None:
    page.evaluate("(neuron) => __convexvizBus.emit('hover', { neuron, source: 'test' })", neuron)


RAMP = f"document.querySelector('{SURFACE}').data[1].visible"


def wait_for_ramp(page: Page, shown: bool) -> None:
    page.wait_for_function(f"{RAMP} === {str(shown).lower()}")


@pytest.mark.parametrize("task", ["values", "classes"])
def test_the_browser_computes_what_python_draws(page: Page, address: str, task: str) -> None:
    visit(page, address, f"?task={task}")
    X, y, solution = solved(task)
    assert solution.certified
    heat, marks = figures.dual_map_figure(solution, X, VIEW).data
    np.testing.assert_allclose(drawn(page, DUAL, 0, "x"), heat.x, atol=1e-12)
    np.testing.assert_allclose(drawn(page, DUAL, 0, "y"), heat.y, atol=1e-12)
    np.testing.assert_allclose(drawn(page, DUAL, 0, "z"), heat.z, atol=CLOSE)
    np.testing.assert_allclose(drawn(page, DUAL, 1, "x"), marks.x, atol=100 * CLOSE)  # degrees
    np.testing.assert_allclose(drawn(page, DUAL, 1, "y"), marks.y, atol=CLOSE)
    np.testing.assert_array_equal(drawn(page, DUAL, 1, "customdata"), marks.customdata)
    np.testing.assert_array_equal(drawn(page, DUAL, 1, "marker.symbol"), marks.marker.symbol)
    expect(page.locator(SURFACE)).to_have_attribute("data-updates", "1")
    surface = figures.surface_figure(solution, X, y, VIEW, Z_RANGE).data[0]
    np.testing.assert_allclose(drawn(page, SURFACE, 0, "z"), surface.z, atol=CLOSE)
    stems, bars = figures.weights_figure(solution).data
    np.testing.assert_array_equal(drawn(page, WEIGHTS, 1, "x"), bars.x)
    np.testing.assert_allclose(drawn(page, WEIGHTS, 1, "y"), bars.y, atol=CLOSE)
    np.testing.assert_allclose(drawn(page, WEIGHTS, 0, "y")[1::3].astype(float), stems.y[1::3], atol=CLOSE)


def test_a_lit_neuron_shows_the_sum_up_to_it_and_itself(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(SURFACE)).to_have_attribute("data-updates", "1")
    X, y, solution = solved("values")
    whole = drawn(page, SURFACE, 0, "z")
    light(page, LIT)
    wait_for_ramp(page, True)
    expected = figures.surface_figure(solution, X, y, VIEW, Z_RANGE, neuron=LIT).data
    for trace in (0, 1):
        np.testing.assert_allclose(drawn(page, SURFACE, trace, "z"), expected[trace].z, atol=CLOSE)
    light(page, None)
    wait_for_ramp(page, False)
    np.testing.assert_array_equal(drawn(page, SURFACE, 0, "z"), whole)


def test_a_lit_neuron_leaves_the_dual_function_as_it_is(page: Page, address: str) -> None:
    """The same arrays, by which plotly knows that it need not draw them again."""
    visit(page, address)
    page.evaluate(f"globalThis.before = document.querySelector('{DUAL}').data[0].z")
    light(page, LIT)
    page.wait_for_function(f"document.querySelector('{DUAL}').data[1].selectedpoints?.[0] === {LIT}")
    assert page.evaluate(f"document.querySelector('{DUAL}').data[0].z === before") is True


def test_a_rerun_that_brings_the_same_network_draws_nothing(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(WEIGHTS)).to_have_attribute("data-updates", "1")
    page.evaluate(f"globalThis.before = document.querySelector('{DUAL}').data[0].z")
    page.get_by_role("button", name="again").click()
    expect(page.get_by_test_id("beta")).to_have_attribute("data-runs", "2")
    light(page, LIT)  # drawn from what the second message brought
    page.wait_for_function(f"document.querySelector('{DUAL}').data[1].selectedpoints?.[0] === {LIT}")
    assert page.evaluate(f"document.querySelector('{DUAL}').data[0].z === before") is True
    expect(page.locator(DUAL)).to_have_attribute("data-updates", "1")


@pytest.mark.parametrize("figure", [DUAL, WEIGHTS])
def test_pointing_at_a_mark_tells_its_neuron(page: Page, address: str, figure: str) -> None:
    visit(page, address)
    expect(page.locator(figure)).to_have_attribute("data-updates", "1")
    page.locator(figure).scroll_into_view_if_needed()
    x, y = page.locator(figure).evaluate(
        f"""(node) => {{
          const box = node.querySelector(".nsewdrag").getBoundingClientRect();
          const {{ xaxis, yaxis }} = node._fullLayout;
          const {{ x, y }} = node.data[1];
          const at = xaxis.type === "category" ? {LIT} : x[{LIT}]; // d2p takes the name "3" for the number 3
          return [box.x + xaxis.d2p(at), box.y + yaxis.d2p(y[{LIT}])];
        }}"""
    )
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y, steps=3)
    page.wait_for_function(f"heard.includes({LIT})")
    wait_for_ramp(page, True)
    page.mouse.move(2, 2)
    wait_for_ramp(page, False)
    assert page.evaluate("heard.at(-1)") is None


def test_a_frame_replaces_the_network_until_it_is_taken_back(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(SURFACE)).to_have_attribute("data-updates", "1")
    before = {figure: drawn(page, figure, 0, "z") for figure in (DUAL, SURFACE)}
    frame = json.loads(page.get_by_test_id("beta").get_attribute("data-frame") or "")
    assert "x" not in frame["network"]["dual"]
    page.evaluate("(frame) => __convexvizBus.emit('scrub', frame)", frame)
    for figure in (DUAL, SURFACE, WEIGHTS):
        expect(page.locator(figure)).to_have_attribute("data-updates", "2")
    X, y, other = solved("values", 3 * BETA)
    heat, marks = figures.dual_map_figure(other, X, VIEW).data
    np.testing.assert_allclose(drawn(page, DUAL, 0, "z"), heat.z, atol=CLOSE)
    np.testing.assert_allclose(drawn(page, DUAL, 1, "y"), marks.y, atol=CLOSE)
    expected = figures.surface_figure(other, X, y, VIEW, Z_RANGE).data[0]
    np.testing.assert_allclose(drawn(page, SURFACE, 0, "z"), expected.z, atol=CLOSE)
    assert len(drawn(page, WEIGHTS, 1, "y")) == other.network.width
    page.evaluate("__convexvizBus.emit('scrub', null)")
    for figure in (DUAL, SURFACE):
        expect(page.locator(figure)).to_have_attribute("data-updates", "3")
        np.testing.assert_array_equal(drawn(page, figure, 0, "z"), before[figure])


def test_a_neuron_that_a_frame_lacks_is_not_lit(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(SURFACE)).to_have_attribute("data-updates", "1")
    last = len(drawn(page, WEIGHTS, 1, "y")) - 1
    light(page, last)
    wait_for_ramp(page, True)
    empty = {"beta": 9.0, "figures": {}, "network": {"dim": 2, "u": [], "b": [], "w": [], "c": 0.25}}
    page.evaluate("(frame) => __convexvizBus.emit('scrub', frame)", empty)
    wait_for_ramp(page, False)
    np.testing.assert_allclose(drawn(page, SURFACE, 0, "z"), 0.25)
    expect(page.locator(DUAL)).to_have_attribute("data-updates", "2")
    assert page.evaluate(f"document.querySelector('{DUAL}').data[0].visible") is False, "no dual function came along"
    assert len(drawn(page, DUAL, 1, "x")) == 0


def test_the_camera_survives_a_new_answer_and_a_lit_neuron(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(SURFACE)).to_have_attribute("data-updates", "1")
    eye = f"document.querySelector('{SURFACE}')._fullLayout.scene.camera.eye"
    box = page.locator(SURFACE).bounding_box()
    assert box is not None
    turned = turn_scene(
        page, (box["x"] + 150, box["y"] + 150), (box["x"] + 220, box["y"] + 170), f"() => ({{ ...{eye} }})"
    )
    page.mouse.move(2, 2)  # off the surface, whose own hover would have the last word
    ramp = f"() => {{ __convexvizBus.emit('hover', {{ neuron: {LIT}, source: 'test' }}); return {RAMP} === true; }}"
    page.wait_for_function(ramp, polling=300)
    light(page, None)
    page.evaluate(f"globalThis.before = document.querySelector('{DUAL}').data[0].z")
    page.get_by_role("button", name="other beta").click()
    expect(page.get_by_test_id("beta")).to_have_attribute("data-value", str(2 * BETA))
    X, _, other = solved("values", 2 * BETA)
    page.wait_for_function(f"document.querySelector('{DUAL}').data[0].z !== before")
    np.testing.assert_allclose(
        drawn(page, DUAL, 0, "z"), figures.dual_map_figure(other, X, VIEW).data[0].z, atol=CLOSE
    )  # the spec is the same text; the network alone is new
    assert page.evaluate(eye) == pytest.approx(turned)


def test_a_line_follows_the_round_of_the_film(page: Page, address: str) -> None:
    visit(page, address, "?show=bounds", BOUNDS)
    lines = f"document.querySelector('{BOUNDS}').data.slice(6).map(({{ x, visible }}) => [visible !== false, ...x])"
    assert page.evaluate(lines) == [[False], [False]]
    page.evaluate("__convexvizBus.emit('round', { round: 3 })")
    page.wait_for_function(f"JSON.stringify({lines}) === '[[true,3,3],[true,3,3]]'")
    page.evaluate("__convexvizBus.emit('round', { round: null })")
    page.wait_for_function(f"JSON.stringify({lines}) === '[[false],[false]]'")


def test_figures_stay_within_a_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    visit(page, address, "?task=classes&show=dual,surface,weights,path,bounds")
    for name in ("dual", "surface", "weights", "path", "bounds"):
        figure = page.locator(f'[data-figure="{name}"]')
        expect(figure).to_have_attribute("data-updates", "1")
        box = figure.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
