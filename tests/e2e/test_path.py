"""The lesson on the path in a real browser: the film, the board that follows it, a phone in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import BoardHand
from e2e.lesson_hand import DRAWN, PHONE, Tab, calm_visit
from playwright.sync_api import Locator, Page, expect

import convexviz as cv
from convexviz import data

pytestmark = pytest.mark.e2e

NAMED = "data.find((t) => t.name === '{}')"
AXES = "[full.xaxis.range, full.yaxis.range, full.yaxis2.range]"


class Path(BoardHand):
    """The page."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "path", figure="path-errors")

    def film(self, part: str) -> Locator:
        return self.page.locator(".st-key-path-film").get_by_test_id(f"film-{part}")

    def curve_of(self, figure: str, name: str) -> np.ndarray:
        """Positions and values (k, 2) of a trace as plotly has it."""
        one = NAMED.format(name)
        return np.array(self.drawn(figure, f"[[...{one}.x], [...{one}.y]]"), float).T

    def has_path(self) -> None:
        expect(self.film("range")).to_be_visible()
        expect(self.figure("path-errors")).to_have_attribute("data-updates", re.compile("[1-9]"))
        expect(self.figure("path-network")).to_have_attribute("data-updates", re.compile("[1-9]"))


@pytest.fixture
def path(tab: Tab, app_address: str) -> Iterator[Path]:
    with calm_visit(tab) as page:
        yield Path(page, app_address)


def test_the_film_follows_the_path_and_the_page_the_film(path: Path) -> None:
    path.open("data=tent&n=14&noise=0.1")
    made = data.load("tent", 14, 0.1, 0)
    path.has_path()
    errors = path.curve_of("path-errors", "held-out error")
    star = path.curve_of("path-errors", "least held-out error")[0]
    assert star[1] == errors[:, 1].min()
    assert star[0] == errors[np.argmin(errors[:, 1]), 0]
    expect(path.film("caption")).to_contain_text("the least of the path")
    axes = path.drawn("path-errors", AXES)
    path.film("first").click()
    expect(path.film("caption")).to_have_text(re.compile(r"^β = .*: no neurons, training error .*, held-out error "))
    path.page.wait_for_function(
        "beta => document.querySelector('[data-figure=path-errors]')._fullData.at(-1).x[0] > 0.99 * beta",
        arg=errors[0, 0],
    )
    flat = path.curve_of("path-network", "network")
    assert np.ptp(flat[:, 1]) < 1e-3
    for _ in range(6):
        path.film("range").press("ArrowRight")
    expect(path.film("readout")).to_have_text(re.compile("^step 7 of "))
    path.page.evaluate(DRAWN)
    beta = float(errors[6, 0])
    path.page.wait_for_function(
        "beta => Math.abs(document.querySelector('[data-figure=path-errors]')._fullData.at(-1).x[0] / beta - 1) < 1e-4",
        arg=beta,
    )
    curve = path.curve_of("path-network", "network")
    here = cv.solve(made.X, made.y, beta=beta).network
    inside = np.abs(curve[:, 0]) <= np.abs(made.X).max()
    np.testing.assert_allclose(curve[inside, 1], here.predict(curve[inside, :1]), atol=2e-2)
    assert path.drawn("path-errors", AXES) == axes
    path.shows_objective(cv.solve(made.X, made.y, beta=beta).objective)


def test_a_point_added_begins_another_path(path: Path) -> None:
    path.open("data=tent&n=8&noise=0")
    path.has_path()
    path.draw((0.3, 0.3))
    expect(path.page.get_by_text("No held-out data")).to_be_visible()
    points = path.coordinates()
    path.shows_objective(cv.solve(points[:, :1], points[:, 1], beta=0.1).objective)


def test_a_phone_shows_the_plane_without_sideways_scroll(open_page: Callable[..., Page], app_address: str) -> None:
    path = Path(open_page(**PHONE, color_scheme="dark"), app_address)
    path.page.goto(f"{app_address}/path?data=moons&n=16")
    path.has_path()
    path.film("first").click()
    expect(path.film("caption")).to_contain_text("no neurons")
    path.fits_across(390)
