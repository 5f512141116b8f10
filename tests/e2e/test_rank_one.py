"""The lesson on rank one in a real browser: the handles of the plane, the points of the line, tour, challenge, link."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from e2e.geometry_hand import BoardHand
from e2e.lesson_hand import Tab, calm_visit
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz import data

pytestmark = pytest.mark.e2e

SINE = data.load("sine", 12, 0.1, 0)
FOLD = 720  # px: the first screen of a projector


class RankOne(BoardHand):
    """The page, its hand on the plane."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "rank-one", figure="dual")
        self.line = BoardHand(page, address, "rank-one", container="line")

    def settled(self) -> None:
        super().settled()
        self.line.has(12)

    def marks(self) -> np.ndarray:
        """The points that are no handles, (11, 2)."""
        read = "marks => marks.map(m => [Number(m.dataset.x), Number(m.dataset.y)])"
        return np.array(self.frame.get_by_test_id("mark").evaluate_all(read), float)


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[RankOne]:
    with calm_visit(tab) as page:
        yield RankOne(page, app_address)


def optimum(scale: float = 1.0) -> float:
    return cv.solve(SINE.X, SINE.y, beta=0.05 / scale).objective


def test_the_tip_turns_and_stretches_the_line_and_p_leaves_it(lesson: RankOne) -> None:
    lesson.open()
    lesson.certified(optimum())
    lesson.grab(0, (0.0, -1.8))
    lesson.page.wait_for_function(  # the other points follow under the moving hand
        """() => [...document.querySelectorAll(".st-key-board [data-testid=mark]")]
          .every((mark) => Math.abs(mark.dataset.x) < 0.03)"""
    )
    lesson.release()
    lesson.certified(optimum(1.5))
    tip, p = lesson.coordinates()
    np.testing.assert_allclose(tip, [0.0, -1.8], atol=0.02)
    assert abs(p[0]) < 0.01
    lesson.grab(1, (p[0] + 1.2, p[1]))
    lesson.release()
    expect(lesson.words).to_contain_text("off the line")
    assert lesson.number("objective") < 0.95 * optimum(1.5)
    lesson.shows_status("certified")
    link = lesson.shared_link()
    shown = lesson.shown("objective")
    assert re.search(r"angle=-?[0-9.]+", link)
    assert "off=" in link
    lesson.page.reload()
    lesson.opened()
    lesson.page.wait_for_function(
        "shown => document.querySelector('[data-testid=objective]').dataset.value === shown", arg=shown
    )


def test_a_point_of_the_line_moves_the_plane(lesson: RankOne) -> None:
    lesson.open()
    lesson.certified(optimum())
    lesson.line.grab(0, (float(SINE.X[0, 0]), 0.0))
    lesson.line.release()
    lesson.page.wait_for_function(
        "before => Math.abs(document.querySelector('[data-testid=objective]').dataset.value - before) > 1e-3",
        arg=optimum(),
    )
    x, y = lesson.line.coordinates().T
    lesson.certified(cv.solve(x[:, None], y, beta=0.05).objective)


def test_board_proof_and_map_are_on_the_first_screen_and_a_phone_shows_the_board_first(lesson: RankOne) -> None:
    lesson.page.set_viewport_size({"width": 1280, "height": FOLD})
    lesson.open()
    for key in ("board", "line", "beta", "certificate", "figure"):
        box = lesson.page.locator(f".st-key-{key}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= FOLD, key
    lesson.page.set_viewport_size({"width": 390, "height": 844})
    lesson.fits_across(390)
    tops = [lesson.page.locator(f".st-key-{key}").bounding_box() for key in ("board", "line", "certificate", "figure")]
    assert sorted(tops, key=lambda box: box["y"] if box else 0.0) == tops


def test_the_tour_pulls_p_off_and_a_challenge_is_met_by_hand(lesson: RankOne) -> None:
    lesson.open("tour=off")
    expect(lesson.page.locator(".st-key-guide")).to_contain_text("One point leaves the line")
    expect(lesson.words).to_contain_text("15 % below")
    lesson.page.locator(".st-key-begin-six button").click()
    expect(lesson.page.locator(".st-key-guide")).to_contain_text("six neurons")
    expect(lesson.words).to_contain_text("On the line")
    lesson.certified(optimum())
    lesson.surface.scroll_into_view_if_needed()
    tip = lesson.coordinates()[0]
    lesson.grab(0, (1.5 * tip[0], 1.5 * tip[1]))
    lesson.release()
    expect(lesson.page.get_by_test_id("neurons")).to_have_attribute("data-value", "6")
    expect(lesson.page.locator(".st-key-guide")).to_contain_text("Stretching the line is lowering β")
