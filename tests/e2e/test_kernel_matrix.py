"""The lesson on the kernel matrix in a real browser: a drag across the border, the tour, a challenge, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import BoardHand
from e2e.lesson_hand import PHONE, Tab, calm_visit
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz.core.line.kernel_matrix import kernel_matrix

pytestmark = pytest.mark.e2e

LAPTOP = {"width": 1280, "height": 720}
BOTTOM = "key => document.querySelector(`.st-key-${key}`).getBoundingClientRect().bottom"
HEIGHTS = "[...data[{}].y].filter((v) => v)"
W = 6  # trace of the l1 weights


class Matrix(BoardHand):
    """The page."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "kernel-matrix", figure="matrix")
        self.words = self.figure("matrix").locator(".annotation-text")

    def news(self, words: str) -> None:
        """Wait until the figure says this, a pattern, of the columns in use."""
        expect(self.words.filter(has_text=re.compile(f"ℓ₁: {words}"))).to_have_count(1)

    def weights(self) -> np.ndarray:
        """Heights of the green bars."""
        return np.array(self.drawn("matrix", HEIGHTS.format(W)), float)[::2]


@pytest.fixture
def matrix(tab: Tab, app_address: str) -> Iterator[Matrix]:
    with calm_visit(tab) as page:
        yield Matrix(page, app_address)


def test_a_point_dragged_across_the_border_brings_columns_in_and_their_names(matrix: Matrix) -> None:
    matrix.open("data=two_bands")
    matrix.news("1 of 24 columns")
    points = matrix.coordinates()
    y = np.where(points[:, 1] > 0, 1.0, -1.0)
    moving = int(np.flatnonzero(y < 0)[np.argmax(points[y < 0, 0])])
    there = np.sort(points[y > 0, 0])
    target, (fx, fy) = float(there[:2].mean()), matrix.spot(moving)
    scale = np.polyfit(points[:, 0], [matrix.spot(i)[0] for i in range(len(points))], 1)
    matrix.drag((fx, fy), (float(np.polyval(scale, target)), fy))
    matrix.news("3 of 24. Entered")
    x = matrix.coordinates()[:, 0]
    s = cv.solve(x[:, None], y, loss="hard_margin")
    matrix.shows_objective(s.objective)
    assert s.network.width == 3
    np.testing.assert_allclose(np.abs(matrix.weights()).sum(), s.network.penalty, rtol=1e-6)
    shown = np.array(matrix.drawn("matrix", "data[0].customdata.map((row) => [...row])"), float)
    np.testing.assert_allclose(np.delete(shown, 12, axis=1), kernel_matrix(np.sort(x)), atol=1e-6)


def test_a_laptop_shows_board_badge_and_matrix_at_once(open_page: Callable[..., Page], app_address: str) -> None:
    matrix = Matrix(open_page(viewport=LAPTOP), app_address).open()
    for key in ("board", "certificate", "figure"):
        assert matrix.page.evaluate(BOTTOM, key) <= LAPTOP["height"]


def test_a_phone_in_the_dark_does_not_scroll_sideways(open_page: Callable[..., Page], app_address: str) -> None:
    matrix = Matrix(open_page(**PHONE, color_scheme="dark"), app_address).open("task=regression&loss=squared&n=40")
    matrix.news(r"\d+ of 80 columns")
    matrix.fits_across(390)


def test_the_tour_goes_on_and_a_link_opens_it_at_any_stop(matrix: Matrix) -> None:
    matrix.open("tour=matrix")
    expect(matrix.page.get_by_text("1/7 · Rows are points, columns are ramps")).to_be_visible()
    matrix.page.locator(".st-key-tour-next button").click()
    expect(matrix.page.get_by_text("2/7 ·")).to_be_visible()
    matrix.open("tour=regression")
    matrix.news("4 of 40 columns")


def test_a_challenge_is_met_by_hand(matrix: Matrix) -> None:
    """A point of a band of two classes is pulled down or up: where it lands is its class."""
    matrix.open("challenge=every-row")
    guide = matrix.page.locator(".cvz-guide")
    expect(guide).not_to_have_attribute("data-done", re.compile(".*"))
    points = matrix.coordinates()
    order = np.argsort(points[:, 0])
    for place, i in enumerate(order):
        wanted = 1.0 if place % 2 else -1.0
        fx, fy = matrix.spot(int(i))
        if (points[i, 1] > 0) != (wanted > 0):
            matrix.drag((fx, fy), (fx, 0.25 if wanted > 0 else 0.75))
    expect(guide).to_have_attribute("data-done", "")
    expect(guide).to_contain_text("Every point holds the network")
