"""The board of the geometry: plain points, what is laid over and around them, and small boards."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from e2e.board_hand import HARNESS, Board
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e

EVERYTHING = "curves,marks,names,arrows"
REACH = 5.5 + 2  # px around the middle of a point that an arrow leaves free


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def plain(page: Page, address: str) -> Callable[..., Board]:
    return lambda **options: Board(page, address, **{"mode": "plane-points", "n": 3} | options)


def corners(path: Locator) -> np.ndarray:
    """Corners of a drawn path in pixels of the surface, shape (k, 2)."""
    expect(path).to_have_attribute("d", re.compile("^M"))
    return np.array(
        [[float(v) for v in pair.split()] for pair in re.split("[MLz]+", str(path.get_attribute("d"))) if pair]
    )


def middle(locator: Locator) -> np.ndarray:
    """Where a group is moved to, in pixels of the surface."""
    found = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", str(locator.get_attribute("transform")))
    assert found is not None
    return np.array([float(found[1]), float(found[2])])


def to_data(b: Board, pixels: np.ndarray) -> np.ndarray:
    """Pixels of the surface as data of the window (-1, 1) x (-1, 1)."""
    return pixels * [2, -2] / np.subtract(b.at(1, 1), b.at(0, 0)) + [-1, 1]


# ---- plain points --------------------------------------------------------------------------------


def test_plain_points_have_neither_class_nor_value(plain: Callable[..., Board]) -> None:
    b = plain(n=0)
    expect(b.page.get_by_text("Click to add points, drag to move them")).to_be_visible()
    b.click(0.25, 0.25)
    b.surface.focus()
    b.press("Escape", "ArrowRight", "2", "Enter")
    b.has(2)
    state = b.settled()
    assert (state["labels"], state["values"]) == (None, None)
    assert state["points"][0] == pytest.approx([-0.5, 0.5], abs=0.01)
    for name in ("pos", "neg"):
        expect(b.tool(name)).to_be_hidden()
    expect(b.page.get_by_test_id("value-bar")).to_be_hidden()
    for point in b.points.all():
        expect(point).not_to_have_class(re.compile("is-pos|is-neg|is-valued"))
        assert point.get_attribute("data-label") is None


def test_brush_and_erase_work_on_plain_points(plain: Callable[..., Board]) -> None:
    b = plain(n=0)
    b.tool("brush").click()
    b.stroke((0.2, 0.5), (0.8, 0.5))
    expect(b.surface).not_to_have_attribute("data-count", "0")
    drawn = len(b.settled()["points"])
    assert drawn > 10
    b.tool("erase").click()
    b.stroke((0.2, 0.5), (0.5, 0.5))
    assert 0 < len(b.settled()["points"]) < drawn


def test_a_scrubbed_frame_of_the_page_draws_nothing_among_points_without_a_network(plain: Callable[..., Board]) -> None:
    b = plain()
    network = {"dim": 2, "u": [0, 1], "b": [0], "w": [1], "c": -0.5}
    b.page.evaluate("network => globalThis.__convexvizBus.emit('scrub', { network, badge: {} })", network)
    b.stroke((0.5, 0.5), (0.6, 0.4))
    b.settled()
    expect(b.page.get_by_test_id("boundary")).to_have_attribute("d", "")


# ---- around the points ---------------------------------------------------------------------------


def test_arrows_run_from_the_origin_to_just_before_the_points(plain: Callable[..., Board]) -> None:
    b = plain(lay="arrows", n=4)
    arrows = b.page.get_by_test_id("arrow")
    expect(arrows).to_have_count(4)
    origin = middle(b.page.get_by_test_id("origin"))
    np.testing.assert_allclose(to_data(b, origin), 0, atol=1e-3)
    for i in range(4):
        point = middle(b.points.nth(i))
        start, shaft = corners(arrows.nth(i).locator(".cvz-shaft"))
        tip, left, right = corners(arrows.nth(i).locator(".cvz-head"))
        along = (point - origin) / np.linalg.norm(point - origin)
        np.testing.assert_allclose(start, origin, atol=0.02)
        np.testing.assert_allclose(tip, point - REACH * along, atol=0.03)
        np.testing.assert_allclose((shaft - start) @ [along[1], -along[0]], 0, atol=0.03)
        assert (left + right) / 2 @ along < tip @ along
        np.testing.assert_allclose((left - right) @ along, 0, atol=0.03)


def test_arrow_and_name_follow_the_hand_before_the_answer(plain: Callable[..., Board]) -> None:
    b = plain(lay="arrows,names", sleep=1)
    name = b.page.get_by_test_id("name").nth(2)
    expect(name).to_have_text("x₃")
    b.page.mouse.move(*b.at(0.95, 0.35))
    b.page.mouse.down()
    b.page.mouse.move(*b.at(0.2, 0.2), steps=4)
    b.page.wait_for_function("() => document.querySelectorAll('[data-testid=point]')[2].dataset.x < -0.5")
    expect(b.surface).to_have_attribute("data-pending", "true")
    point = middle(b.points.nth(2))
    tip = corners(b.page.get_by_test_id("arrow").nth(2).locator(".cvz-head"))[0]
    assert 0 < np.linalg.norm(tip - point) < 16
    assert 5 < np.linalg.norm(middle(name) - point) < 40
    b.page.mouse.up()
    b.settled()


def test_readout_hides_neither_arrow_nor_name(plain: Callable[..., Board]) -> None:
    b = plain(lay="arrows,names")
    for i, end in ((0, (0.4, 0.75)), (2, (0.6, 0.3))):
        b.points.nth(i).hover()
        b.page.mouse.down()
        b.page.mouse.move(*b.at(*end), steps=3)
        b.page.wait_for_function(
            "([i, x]) => Math.abs(document.querySelectorAll('[data-testid=point]')[i].dataset.x - x) < 0.02",
            arg=[i, 2 * end[0] - 1],
        )
        tag = b.page.get_by_test_id("board-readout").bounding_box()
        name = b.page.get_by_test_id("name").nth(i).bounding_box()
        assert tag is not None
        assert name is not None
        arrow_end = b.at(*end)[1]
        assert (tag["y"] > arrow_end) == (end[1] > 0.5), "the readout stands on the far side of the point"
        assert name["y"] + name["height"] - 4 <= tag["y"] or tag["y"] + tag["height"] <= name["y"] + 4
        b.page.mouse.up()
    b.settled()


def test_an_arrow_too_short_for_its_head_has_none(plain: Callable[..., Board]) -> None:
    b = plain(lay="arrows", n=3)  # the second point lies in the origin
    expect(b.page.get_by_test_id("arrow")).to_have_count(3)
    assert [part.get_attribute("d") for part in b.page.get_by_test_id("arrow").nth(1).locator("path").all()] == ["", ""]


def test_names_stand_apart_from_points_and_from_each_other(plain: Callable[..., Board]) -> None:
    b = plain(lay="arrows,names,marks", n=0, width=360, height=280)
    spots = [(0.9, 0.2), (0.94, 0.24), (0.97, 0.03), (0.5, 0.5), (0.53, 0.45), (0.02, 0.97), (0.3, 0.8)]
    for spot in spots:
        x, y = b.at(*spot)
        b.page.mouse.click(x, y)
    b.has(len(spots))
    names = b.page.get_by_test_id("name")
    expect(names).to_have_count(len(spots))
    b.settled()
    boxes = [box for box in (name.bounding_box() for name in names.all()) if box]
    surface = b.surface.bounding_box()
    assert surface is not None
    for i, one in enumerate(boxes):
        assert surface["x"] - 3 <= one["x"]
        assert one["x"] + one["width"] <= surface["x"] + surface["width"] + 3
        for two in boxes[i + 1 :]:
            across = (
                abs(one["x"] + one["width"] / 2 - two["x"] - two["width"] / 2) >= (one["width"] + two["width"]) / 2 - 2
            )
            down = abs(one["y"] - two["y"]) >= 14
            assert across or down, "two names lie on each other"


def test_names_keep_off_arrows(plain: Callable[..., Board]) -> None:
    """The second point lies where the name of the first would stand, and its arrow beside that."""
    b = plain(lay="arrows,names", n=0, width=420, height=420)
    for spot in ((0.7, 0.35), (0.9, 0.2), (0.55, 0.2)):
        b.page.mouse.click(*b.at(*spot))
    b.has(3)
    b.settled()
    for name in b.page.get_by_test_id("name").all():
        box, (left, top) = name.bounding_box(), b.at(0, 0)
        assert box is not None
        for arrow in b.page.get_by_test_id("arrow").all():
            start, end = corners(arrow.locator(".cvz-shaft"))
            x, y = np.add(np.linspace(start, end, 200), [left, top]).T
            across = (x > box["x"] + 2) & (x < box["x"] + box["width"] - 2)
            assert not (across & (y > box["y"] + 4) & (y < box["y"] + box["height"] - 4)).any()


def test_names_without_arrows_stand_up_and_right(plain: Callable[..., Board]) -> None:
    b = plain(lay="names", n=2)
    expect(b.page.get_by_test_id("name")).to_have_count(2)
    dx, dy = middle(b.page.get_by_test_id("name").first) - middle(b.points.first)
    assert dx > 5
    assert dy < 0


# ---- over the plane ------------------------------------------------------------------------------


def test_curves_are_drawn_under_the_points_and_named_once(plain: Callable[..., Board]) -> None:
    b = plain(lay="curves", n=5)
    curves = b.page.get_by_test_id("curve")
    expect(curves).to_have_count(5)
    ellipse = b.page.locator("[data-id=ellipse]")
    x, y = to_data(b, corners(ellipse)).T
    np.testing.assert_allclose((x / 0.8) ** 2 + (y / 0.5) ** 2, 1, atol=1e-3)
    assert str(ellipse.get_attribute("d")).endswith("z")
    look = ellipse.evaluate("e => (s => [s.fill, s.fillOpacity, s.strokeWidth])(getComputedStyle(e))")
    assert look == ["rgb(0, 158, 115)", "0.15", "2.5px"]
    line = b.page.locator("[data-id=path]")
    assert line.evaluate("e => (s => [s.fill, s.strokeOpacity, s.strokeWidth])(getComputedStyle(e))") == [
        "none",
        "0.5",
        "4px",
    ]
    assert str(line.get_attribute("d")).count("M") == 2, "a gap parts the line"
    order = b.surface.evaluate("s => [...s.children].map(layer => layer.getAttribute('class') ?? '')")
    assert order.index("cvz-curves") < order.index("cvz-points")
    texts = b.page.locator(".cvz-legend-item").all_inner_texts()
    assert texts == ["a strip", "an ellipse", "a path"]


def test_a_far_outline_is_cut_where_no_one_sees(plain: Callable[..., Board]) -> None:
    b = plain(lay="curves")
    pixels = corners(b.page.locator("[data-id=far]"))
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    assert (abs(pixels[:, 0] - width / 2) <= 1.5 * width + 1).all()
    assert abs(pixels[:, 0]).max() > width, "it still fills the window"
    np.testing.assert_allclose(np.sort(np.unique(to_data(b, pixels)[:, 1].round(2))), [-0.9, -0.8])
    assert corners(b.page.locator("[data-id=path]")).max() <= 2 * max(width, height)


def test_marks_stand_in_their_places_and_are_no_points(plain: Callable[..., Board]) -> None:
    b = plain(lay="marks")
    marks = b.page.get_by_test_id("mark")
    expect(marks).to_have_count(6)  # the one outside the window is not drawn
    for name in ("circle", "diamond", "cross", "square", "star"):
        mark = b.page.locator(f".cvz-mark[data-id={name}]")
        x, y = (float(mark.get_attribute(f"data-{axis}") or "nan") for axis in "xy")
        np.testing.assert_allclose(to_data(b, middle(mark)), [x, y], atol=1e-3)
        box = mark.bounding_box()
        assert box is not None
        assert 8 <= box["width"] <= 17
    small, large = (b.page.locator(f".cvz-mark[data-id={name}]").bounding_box() for name in ("star", "large"))
    assert small is not None
    assert large is not None
    assert large["width"] > 1.5 * small["width"]
    shapes = marks.evaluate_all("all => new Set(all.map(one => one.getAttribute('d'))).size")
    assert shapes == 6
    texts = b.page.locator(".cvz-legend-item").all_inner_texts()
    assert texts == ["a circle", "a diamond", "a cross", "a square", "a star"]
    b.stroke((0.35, 0.8), (0.5, 0.6))  # from a mark: a point is added and moved
    b.has(4)
    expect(b.page.locator(".cvz-mark[data-id=diamond]")).to_have_attribute("data-x", "-0.3")


def test_a_mark_under_a_point_is_seen_around_it(plain: Callable[..., Board]) -> None:
    b = plain(lay="marks", n=0)
    before = b.page.locator(".cvz-mark[data-id=circle]").bounding_box()
    b.click(0.2, 0.8)
    b.has(1)
    b.settled()
    after = b.page.locator(".cvz-mark[data-id=circle]").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] + 6


def test_saved_picture_holds_arrows_and_names(plain: Callable[..., Board]) -> None:
    b = plain(lay=EVERYTHING)
    expect(b.page.get_by_test_id("mark")).to_have_count(6)
    with b.page.expect_download() as saving:
        b.tool("save").click()
    text = saving.value.path().read_text()
    assert text.count('data-testid="arrow"') == text.count('data-testid="name"') == 3
    assert "paint-order:stroke" in text.replace("paint-order: stroke", "paint-order:stroke")


# ---- small boards --------------------------------------------------------------------------------


def test_small_board_without_tools(plain: Callable[..., Board]) -> None:
    b = plain(bald=1, fixed=1, pick=1, lay=EVERYTHING, width=300, height=260, equal=1)
    expect(b.page.locator(".cvz-tools")).to_be_hidden()
    b.points.nth(2).click()
    b.told(chosen=2)
    box = b.page.locator(".cvz-frame").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (300, 260)
    ticks = [tick.bounding_box() for tick in b.surface.locator(".cvz-ticks text").all()]
    boxes = [tick for tick in ticks if tick]
    assert 6 <= len(boxes) <= 10
    for i, one in enumerate(boxes):
        for two in boxes[i + 1 :]:
            apart = one["x"] + one["width"] <= two["x"] or two["x"] + two["width"] <= one["x"]
            assert apart or one["y"] + 12 <= two["y"] or two["y"] + 12 <= one["y"]
    b.stroke((0.5, 0.5), (0.6, 0.4))
    b.press("Control+z", "e", "g")
    assert b.settled()["points"][1] == pytest.approx([0, 0], abs=0.02)


def test_tools_of_a_small_board_stay_in_one_row(plain: Callable[..., Board]) -> None:
    b = plain(width=300, height=280)
    tops = b.page.locator(".cvz-button:visible").evaluate_all("all => all.map(one => one.offsetTop)")
    assert len(tops) == 8
    assert len(set(tops)) == 1
