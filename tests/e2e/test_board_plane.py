"""The board in the plane: what it draws of a network agrees with the network's arithmetic, done here in numpy."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from e2e.board_hand import HARNESS, TOUCH, Board
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

EVERYTHING = "regions,margins,lines,support,ghost,fields"
# The harness's network: f(x) = -0.5 + 2 (x1)_+ + 1.5 (0.6 x1 + 0.8 x2 - 0.2)_+ - (0.2 - x2)_+
U = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, -1.0]])
B, W, C = np.array([0.0, -0.2, 0.2]), np.array([2.0, 1.5, -1.0]), -0.5
PIXEL = 2 / 300  # in data; the plot area is at least 300 pixels high
HEAT = """async ([element, spots]) => {
  const image = new Image();
  image.src = element.getAttribute("href");
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const at = ([fx, fy]) => [Math.round(fx * (canvas.width - 1)), Math.round(fy * (canvas.height - 1))];
  return spots.map((spot) => [...context.getImageData(...at(spot), 1, 1).data]);
}"""


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def plane(page: Page, address: str) -> Callable[..., Board]:
    return lambda **options: Board(page, address, **{"mode": "plane", "n": 7} | options)


def f(x: np.ndarray, upto: int = 3, b: np.ndarray = B) -> np.ndarray:
    """The network's value at `x`, shape (n, 2), with the first neurons alone."""
    return C + np.maximum(0, x @ U[:upto].T + b[:upto]) @ W[:upto]


def vertices(b: Board, test_id: str, nth: int = 0) -> np.ndarray:
    """Corners of a drawn path in data coordinates of the window (-1, 1) x (-1, 1)."""
    path = b.page.get_by_test_id(test_id).nth(nth)
    expect(path).to_have_attribute("d", re.compile("^M"))
    pixels = [[float(v) for v in pair.split()] for pair in re.split("[MLz]+", str(path.get_attribute("d"))) if pair]
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    return np.array(pixels) * [2 / width, -2 / height] + [-1, 1]


def heat(b: Board, spots: np.ndarray) -> np.ndarray:
    """Colours (red, green, blue, opacity) of the heat map at `spots`, shape (n, 2)."""
    image = b.page.get_by_test_id("heat")
    expect(image).to_have_attribute("href", re.compile("^data:image/png"))
    fractions = (spots * [1, -1] + 1) / 2
    return np.array(b.page.evaluate(HEAT, [image.element_handle(), fractions.tolist()]), dtype=float)


def test_heat_map_is_blue_where_the_network_is_positive(plane: Callable[..., Board]) -> None:
    b = plane()
    spots = np.random.default_rng(0).uniform(-0.95, 0.95, (60, 2))
    value = f(spots)
    spots, value = spots[abs(value) > 0.05], value[abs(value) > 0.05]
    colours = heat(b, spots)
    np.testing.assert_array_equal(colours[:, 2] > colours[:, 0], value > 0)
    np.testing.assert_allclose(colours[:, 3] / 255, 0.1 + 0.35 * np.minimum(abs(value), 1), atol=0.03)


def test_heat_map_of_values_grows_from_the_middle_of_their_range(plane: Callable[..., Board]) -> None:
    b = plane(mode="plane-values")
    spots = np.random.default_rng(1).uniform(-0.95, 0.95, (40, 2))
    np.testing.assert_allclose(heat(b, spots)[:, 3] / 255, 0.85 * np.minimum(abs(f(spots)) / 2, 1), atol=0.03)


def test_boundary_and_margins_run_where_the_network_says(plane: Callable[..., Board]) -> None:
    b = plane()
    boundary = vertices(b, "boundary")
    assert len(boundary) > 50
    np.testing.assert_allclose(f(boundary), 0, atol=4 * 0.2 * PIXEL)
    assert np.ptp(boundary[:, 1]) == pytest.approx(2, abs=0.01), "it crosses the window from top to bottom"
    np.testing.assert_allclose(abs(f(vertices(b, "margins"))), 0.999, atol=4 * 0.2 * PIXEL)


def test_break_lines_stand_where_neurons_switch(plane: Callable[..., Board]) -> None:
    b = plane()
    lines = b.page.get_by_test_id("breakline")
    expect(lines).to_have_count(3)
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    for j in range(3):
        stroke = b.page.locator(f"[data-neuron='{j}'] .cvz-break-stroke")
        ends = np.array([[float(v) for v in p.split()] for p in re.split("[ML]", str(stroke.get_attribute("d")))[1:]])
        np.testing.assert_allclose((ends * [2 / width, -2 / height] + [-1, 1]) @ U[j] + B[j], 0, atol=1e-3)
        assert (stroke.get_attribute("stroke-dasharray") is not None) == (W[j] < 0)
        assert float(stroke.get_attribute("stroke-width") or 0) == pytest.approx(1 + 4 * abs(W[j]) / 2)


def test_arrows_point_to_the_active_side(plane: Callable[..., Board]) -> None:
    b = plane()
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    for j in range(3):
        path = str(b.page.locator(f"[data-neuron='{j}'] .cvz-break-arrow").get_attribute("d"))
        corners = np.array([[float(v) for v in p.split()] for p in re.split("[MLz]+", path) if p]).reshape(-1, 3, 2)
        tips = corners[:, 1] * [2 / width, -2 / height] + [-1, 1]
        assert len(tips) == 2
        assert (tips @ U[j] + B[j] > 0).all()


def test_hovering_a_break_line_shows_the_sum_up_to_its_neuron(plane: Callable[..., Board]) -> None:
    b = plane()
    whole = heat(b, np.array([[0.3, -0.8]]))
    b.page.mouse.move(*b.at(0.8, 0.38))
    b.page.mouse.move(*b.at(0.8, 0.46 + 0.005))  # nothing is there
    b.page.mouse.move(*b.at(0.625, 0.4625))  # on 0.6 x1 + 0.8 x2 = 0.2
    b.page.wait_for_function("() => globalThis.__convexvizBus.last.hover?.neuron === 1")
    expect(b.page.locator(".cvz-break.is-lit")).to_have_attribute("data-neuron", "1")
    expect(b.page.get_by_test_id("ramp")).to_have_attribute("d", re.compile("^M.*z$"))
    np.testing.assert_allclose(f(vertices(b, "partial-sum"), upto=2), 0, atol=4 * 0.2 * PIXEL)
    spot = np.array([[0.3, -0.8]])  # positive without the last neuron, negative with it
    assert f(spot)[0] < 0 < f(spot, upto=2)[0]
    assert whole[0, 0] > whole[0, 2]
    assert (lambda c: c[0, 2] > c[0, 0])(heat(b, spot))
    b.page.mouse.move(*b.at(0.1, 0.1))
    b.page.wait_for_function("() => globalThis.__convexvizBus.last.hover.neuron === null")
    expect(b.page.get_by_test_id("partial-sum")).to_have_attribute("d", "")
    np.testing.assert_array_equal(heat(b, spot), whole)


def test_neuron_lit_elsewhere_is_lit_here(plane: Callable[..., Board]) -> None:
    b = plane()
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)
    b.page.evaluate("() => globalThis.__convexvizBus.emit('hover', { neuron: 0, source: 'test' })")
    expect(b.page.locator(".cvz-break.is-lit")).to_have_attribute("data-neuron", "0")
    np.testing.assert_allclose(vertices(b, "partial-sum")[:, 0], 0.25, atol=PIXEL)
    b.page.evaluate("() => globalThis.__convexvizBus.emit('hover', { neuron: null, source: 'test' })")
    expect(b.page.locator(".cvz-break.is-lit")).to_have_count(0)


def test_a_nearer_point_is_pointed_at_instead_of_a_line(plane: Callable[..., Board]) -> None:
    b = plane(n=7)
    b.points.nth(3).hover()
    x, y = b.at(0.5, 0.5)
    b.page.mouse.move(x + 1, y)
    expect(b.points.nth(3)).to_have_class(re.compile("is-hovered"))
    b.page.mouse.move(x, y + 9)
    b.page.wait_for_function("() => globalThis.__convexvizBus.last.hover?.neuron === 0")


def test_support_ghost_and_fields_are_drawn_and_named(plane: Callable[..., Board]) -> None:
    b = plane(show=EVERYTHING)
    rings = b.page.get_by_test_id("support")
    expect(rings).to_have_count(2)
    for i in range(2):
        assert rings.nth(i).get_attribute("transform") == b.points.nth(i).get_attribute("transform")
    np.testing.assert_allclose(f(vertices(b, "ghost"), b=B + np.array([0.3, 0, 0])), 0, atol=4 * 0.2 * PIXEL)
    np.testing.assert_allclose(vertices(b, "field").sum(axis=1), 0, atol=1e-3)
    legend = b.page.locator(".cvz-legend")
    for name in ("boundary", "margins", "break line", "w < 0", "support vector", "pinned", "linear classifier"):
        expect(legend).to_contain_text(name)
    b.points.first.click(button="right")
    b.has(6)
    expect(rings).to_have_count(2)
    assert rings.first.get_attribute("transform") == b.points.first.get_attribute("transform")


def test_only_what_is_asked_for_is_drawn(plane: Callable[..., Board]) -> None:
    b = plane(show="margins")
    expect(b.page.get_by_test_id("boundary")).to_have_attribute("d", re.compile("^M"))
    expect(b.page.get_by_test_id("breakline")).to_have_count(0)
    expect(b.page.get_by_test_id("heat")).not_to_have_attribute("href", re.compile("."))
    expect(b.page.locator(".cvz-legend")).not_to_contain_text("break line")


def test_bare_plane_draws_no_answer(plane: Callable[..., Board]) -> None:
    b = plane(bare=1)
    b.click(0.8, 0.8)
    b.has(8)
    b.settled()
    expect(b.page.get_by_test_id("boundary")).to_have_attribute("d", "")
    expect(b.page.locator(".cvz-legend")).to_be_empty()


def test_answers_are_counted_and_lines_keep_their_elements(plane: Callable[..., Board]) -> None:
    b = plane()
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)
    b.page.get_by_test_id("breakline").first.evaluate("line => { line.dataset.mark = 'same'; }")
    before = b.attribute("updates")
    b.stroke((0.5, 0.5), (0.6, 0.6))
    state = b.settled()
    expect(b.surface).to_have_attribute("data-fit-rev", str(state["rev"]))
    assert b.attribute("updates") > before
    expect(b.page.get_by_test_id("breakline").first).to_have_attribute("data-mark", "same")


def test_scrubbed_frame_replaces_the_network(plane: Callable[..., Board]) -> None:
    b = plane()
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)
    network = {"dim": 2, "u": [0, 1], "b": [0], "w": [1], "c": -0.5}
    b.page.evaluate("network => globalThis.__convexvizBus.emit('scrub', { network })", network)
    expect(b.page.get_by_test_id("breakline")).to_have_count(1)
    np.testing.assert_allclose(vertices(b, "boundary")[:, 1], 0.5, atol=PIXEL)
    b.page.evaluate("() => globalThis.__convexvizBus.emit('scrub', null)")
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)


def test_a_late_answer_dims_heat_map_and_lines_until_it_comes(plane: Callable[..., Board]) -> None:
    b = plane(sleep=0.5)
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)
    b.click(0.8, 0.8)
    for layer in ("heat", "plane", "support"):
        expect(b.page.locator(f"g.cvz-{layer}")).to_have_class(re.compile("cvz-late"))
    b.settled()
    expect(b.page.locator("g.cvz-heat")).not_to_have_class(re.compile("cvz-late"))


def test_margin_along_a_plateau_is_straight(plane: Callable[..., Board]) -> None:
    b = plane()
    s = 2**-0.5
    network = {"dim": 2, "u": [s, s, -s, s], "b": [0.05, -0.6], "w": [2, 1], "c": -1}
    b.page.evaluate("network => globalThis.__convexvizBus.emit('scrub', { network })", network)
    expect(b.page.get_by_test_id("breakline")).to_have_count(2)
    edge = vertices(b, "margins")
    edge = edge[(abs(edge.sum(axis=1) * s + 0.05) < 0.05) & (np.diff(edge)[:, 0] * s < 0.6)]  # the first neuron alone
    assert len(edge) > 50
    np.testing.assert_allclose(edge.sum(axis=1) * s + 0.05, 0.0005, atol=0.1 * PIXEL)


def test_equal_scales_show_more_and_all_of_it_can_be_drawn_on(plane: Callable[..., Board]) -> None:
    b = plane(equal=1, n=7)
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    assert width > height
    expect(b.page.get_by_test_id("boundary")).to_have_attribute("d", re.compile("^M"))
    b.click(0.99, 0.5)
    b.has(8)
    x, y = b.settled()["points"][-1]
    assert x == pytest.approx(0.98 * width / height, abs=0.02)
    assert y == pytest.approx(0, abs=0.02)
    a, c = (b.points.nth(i).bounding_box() for i in (0, 7))
    assert a is not None
    assert c is not None
    assert (c["x"] - a["x"]) / (x + 0.9) == pytest.approx(height / 2, rel=0.02)


def test_keys_choose_and_flip_classes(plane: Callable[..., Board]) -> None:
    b = plane(n=3)
    b.points.first.click()
    b.press("f")
    expect(b.points.first).to_have_attribute("data-label", "1")
    b.press("2")
    expect(b.tool("neg")).to_have_attribute("aria-pressed", "true")
    b.press("Control+z")
    expect(b.points.first).to_have_attribute("data-label", "-1")
    b.settled()


def test_saved_picture_holds_the_heat_map(plane: Callable[..., Board]) -> None:
    b = plane(show=EVERYTHING)
    heat(b, np.zeros((1, 2)))
    with b.page.expect_download() as saving:
        b.tool("save").click()
    text = saving.value.path().read_text()
    assert re.search(r'<image [^>]*href="data:image/png;base64,', text)
    assert text.count('data-testid="breakline"') == 3


def test_plane_fits_a_phone(open_page: Callable[..., Page], address: str) -> None:
    b = Board(open_page(**TOUCH), address, mode="plane", n=7, equal=1, show=EVERYTHING)
    expect(b.page.get_by_test_id("breakline")).to_have_count(3)
    assert b.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    tops = b.page.locator(".cvz-button:visible").evaluate_all("all => all.map(one => one.offsetTop)")
    assert len(set(tops)) == 1, "all tools in one row"
