"""The drawing board in a real browser: the answer it draws, its classes, and what survives pages and servers."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from e2e.board_hand import HARNESS, Board
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def board(page: Page, address: str) -> Callable[..., Board]:
    return lambda **options: Board(page, address, **options)


def test_classes_on_the_line(board: Callable[..., Board]) -> None:
    b = board(mode="line-classes")
    b.click(0.3, 0.1)
    b.click(0.7, 0.6)
    b.has(2)
    state = b.settled()
    assert state["labels"] == [1, -1]
    assert [y for _, y in state["points"]] == [1, -1]
    shapes = b.points.evaluate_all("marks => marks.map(m => m.getAttribute('d'))")
    assert "a" in shapes[0]
    assert "a" not in shapes[1]
    expect(b.page.locator(".cvz-regions rect")).to_have_count(2)
    b.stroke((0.3, 0.25), (0.4, 0.9))
    expect(b.points.first).to_have_class(re.compile("is-neg"))
    assert b.settled()["labels"] == [-1, -1]


def test_class_buttons_in_the_plane_leave_drawn_points_alone(board: Callable[..., Board]) -> None:
    b = board(mode="plane")
    b.click(0.3, 0.3)
    b.tool("neg").click()
    b.click(0.6, 0.6)
    b.has(2)
    assert b.settled()["labels"] == [1, -1]
    b.points.first.click()
    b.tool("neg").click()
    assert b.settled()["labels"] == [1, -1]
    b.points.first.click()
    b.press("x")
    expect(b.points.first).to_have_attribute("data-label", "-1")
    assert b.settled()["labels"] == [-1, -1]


def test_class_buttons_appear_only_in_the_plane(board: Callable[..., Board]) -> None:
    b = board(n=3)
    expect(b.tool("pos")).to_be_hidden()


def test_without_an_answer_the_last_fit_stays_with_a_message(board: Callable[..., Board]) -> None:
    b = board(note="two points share x", n=3)
    expect(b.note).to_have_text("two points share x")
    b.click(0.8, 0.2)
    b.has(4)
    b.settled()


def test_kinks_and_hover_are_shared_with_other_pictures(board: Callable[..., Board]) -> None:
    b = board(n=7)
    kinks = b.page.get_by_test_id("kink")
    expect(kinks).to_have_count(7)
    b.page.evaluate("() => globalThis.__convexvizBus.emit('hover', { neuron: 2, source: 'test' })")
    expect(b.page.locator("[data-neuron='2']")).to_have_class(re.compile("is-lit"))
    expect(b.page.get_by_test_id("partial-sum")).to_have_attribute("d", re.compile("^M"))
    b.page.mouse.move(*b.at(0.05, 0.7))
    b.points.nth(4).hover()
    b.page.wait_for_function("() => globalThis.__convexvizBus.last.hover.neuron === 4")
    b.page.mouse.move(*b.at(0.9, 0.9))
    b.page.wait_for_function("() => globalThis.__convexvizBus.last.hover.neuron === null")


def test_scrubbed_frame_is_drawn_until_it_is_taken_back(board: Callable[..., Board]) -> None:
    b = board(n=7)
    fit = b.page.get_by_test_id("fit")
    expect(fit).to_have_attribute("d", re.compile("^M"))
    solved = str(fit.get_attribute("d"))
    network = {"u": [1], "b": [0], "w": [1], "c": 0}
    b.page.evaluate("network => globalThis.__convexvizBus.emit('scrub', { network })", network)
    expect(b.page.get_by_test_id("kink")).to_have_count(1)
    b.page.evaluate("() => globalThis.__convexvizBus.emit('scrub', null)")
    expect(fit).to_have_attribute("d", solved)


def test_drawn_line_is_the_function_of_the_network(board: Callable[..., Board]) -> None:
    b = board(n=3)
    rng = np.random.default_rng(0)
    u, w = np.where(rng.random(12) < 0.5, -1, 1), rng.normal(size=12) / 8
    kinks = np.sort(rng.uniform(-1.3, 1.3, 12))
    network = {"u": u.tolist(), "b": (-u * kinks).tolist(), "w": w.tolist(), "c": 0.1}
    b.page.evaluate("network => globalThis.__convexvizBus.emit('scrub', { network })", network)
    inside = kinks[abs(kinks) < 1]
    expect(b.page.get_by_test_id("kink")).to_have_count(len(inside))
    path = b.page.get_by_test_id("fit").get_attribute("d") or ""
    pixels = np.array([[float(v) for v in pair.split()] for pair in re.split("[ML]", path)[1:]])
    width, height = np.subtract(b.at(1, 1), b.at(0, 0))
    x, y = 2 * pixels[:, 0] / width - 1, 1 - 2 * pixels[:, 1] / height
    np.testing.assert_allclose(x, [-1, *inside, 1], atol=1e-4)
    np.testing.assert_allclose(y, 0.1 + np.maximum(0, u * (x[:, None] - kinks)) @ w, atol=1e-4)


def test_points_and_history_survive_another_page(board: Callable[..., Board]) -> None:
    b = board(pages=2)
    b.click(0.2, 0.2)
    b.click(0.5, 0.6)
    drawn = b.settled()["points"]
    away = b.page.get_by_text("Away")
    away.click()
    expect(b.surface).to_have_count(0)
    away.click()
    b.has(2)
    assert b.coordinates() == drawn
    b.tool("undo").click()
    b.has(1)
    b.settled()


def test_a_server_that_forgets_is_told_again(board: Callable[..., Board]) -> None:
    b = board(n=4)
    b.click(0.9, 0.2)
    drawn = b.settled()["points"]
    b.page.get_by_role("button", name="Forget").click()
    expect(b.surface).to_have_attribute("data-gen", "1")
    assert b.settled()["points"] == drawn
    b.has(5)


def test_overlays_are_named_below_the_plot(board: Callable[..., Board]) -> None:
    b = board(n=7, extras=1)
    expect(b.page.locator(".cvz-legend")).to_have_text(re.compile("optimal network.*sine.*all optimal networks"))
    expect(b.page.locator(".cvz-curve")).to_have_count(1)
    expect(b.page.locator(".cvz-bands path")).to_have_count(1)


def test_board_keeps_its_element_through_answers(board: Callable[..., Board]) -> None:
    b = board(n=5)
    b.surface.evaluate("element => { element.dataset.mark = 'same'; }")
    b.click(0.9, 0.9)
    b.settled()
    expect(b.surface).to_have_attribute("data-mark", "same")


def test_dark_theme_takes_its_ink_from_the_page(open_page: OpenPage, address: str) -> None:
    ink = {}
    for scheme in ("light", "dark"):
        b = Board(open_page(color_scheme=scheme), address, n=3)
        ink[scheme] = b.points.first.evaluate("mark => getComputedStyle(mark).fill")
    assert ink["light"] != ink["dark"]
