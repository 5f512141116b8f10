"""Kernel and path on the page of the race in a real browser: the ridge, the film, a phone."""

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
from convexviz.core.rivals.kernels import TangentKernelRidge

pytestmark = pytest.mark.e2e

FIRST = 30_000  # ms
NAMED = "data.find((t) => t.name === '{}')"
AXES = "[full.xaxis.range, full.yaxis.range, full.yaxis2.range]"


class Parts(BoardHand):
    """The two sections below the race."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "race", figure="kernel")
        self.ridge = page.locator(".st-key-kernel-ridge input[type=range]")
        self.table = page.locator(".st-key-kernel-numbers table")

    def film(self, part: str) -> Locator:
        return self.page.locator(".st-key-path-film").get_by_test_id(f"film-{part}")

    def curve_of(self, figure: str, name: str) -> np.ndarray:
        """Positions and values (k, 2) of a trace as plotly has it."""
        one = NAMED.format(name)
        return np.array(self.drawn(figure, f"[[...{one}.x], [...{one}.y]]"), float).T

    def opened(self) -> Parts:
        """The race above may be under way, and takes the first seconds of a fresh server."""
        expect(self.figure("kernel")).to_have_attribute("data-updates", re.compile("[1-9]"), timeout=FIRST)
        return self

    def has_path(self) -> None:
        expect(self.film("range")).to_be_visible()
        expect(self.figure("path-errors")).to_have_attribute("data-updates", re.compile("[1-9]"))
        expect(self.figure("path-network")).to_have_attribute("data-updates", re.compile("[1-9]"))


@pytest.fixture
def parts(tab: Tab, app_address: str) -> Iterator[Parts]:
    with calm_visit(tab) as page:
        yield Parts(page, app_address)


def test_the_ridge_moves_the_kernel_and_the_film_follows_the_path(parts: Parts) -> None:
    parts.open("data=tent&n=14&noise=0.1&ridge=0.1")
    made = data.load("tent", 14, 0.1, 0)
    expect(parts.table).to_contain_text("λ = 0.1")
    before, axes = parts.curve_of("kernel", "tangent kernel"), parts.drawn("kernel", AXES)
    model = TangentKernelRidge(0.1).fit(made.X, made.y)
    np.testing.assert_allclose(before[:, 1], model.predict(before[:, :1]), atol=1e-9)
    network = cv.solve(made.X, made.y, beta=0.1).network
    optimal = parts.curve_of("kernel", "optimal network")
    np.testing.assert_allclose(optimal[:, 1], network.predict(optimal[:, :1]), atol=1e-4)
    expect(parts.table).to_contain_text(f"‖f‖ = {model.norm_:.3g}")
    updates = parts.figure("kernel").get_attribute("data-updates") or ""
    parts.ridge.press("End")
    expect(parts.table).to_contain_text("λ = 10")
    expect(parts.figure("kernel")).not_to_have_attribute("data-updates", updates)
    after = parts.curve_of("kernel", "tangent kernel")
    stiff = TangentKernelRidge(10.0).fit(made.X, made.y)
    np.testing.assert_allclose(after[:, 1], stiff.predict(after[:, :1]), atol=1e-9)
    assert np.abs(after - before).max() > 0.01
    assert parts.drawn("kernel", AXES) == axes

    parts.has_path()
    errors = parts.curve_of("path-errors", "held-out error")
    star = parts.curve_of("path-errors", "least held-out error")[0]
    assert star[1] == errors[:, 1].min()
    assert star[0] == errors[np.argmin(errors[:, 1]), 0]
    expect(parts.film("caption")).to_contain_text("the least of the path")
    axes = parts.drawn("path-errors", AXES)
    parts.film("first").click()
    expect(parts.film("caption")).to_have_text(re.compile(r"^β = .*: no neurons, training error .*, held-out error "))
    parts.page.wait_for_function(
        "beta => document.querySelector('[data-figure=path-errors]')._fullData.at(-1).x[0] > 0.99 * beta",
        arg=errors[0, 0],
    )
    flat = parts.curve_of("path-network", "network")
    assert np.ptp(flat[:, 1]) < 1e-3
    for _ in range(6):
        parts.film("range").press("ArrowRight")
    expect(parts.film("readout")).to_have_text(re.compile("^step 7 of "))
    parts.page.evaluate(DRAWN)
    beta = float(errors[6, 0])
    parts.page.wait_for_function(
        "beta => Math.abs(document.querySelector('[data-figure=path-errors]')._fullData.at(-1).x[0] / beta - 1) < 1e-4",
        arg=beta,
    )
    curve = parts.curve_of("path-network", "network")
    here = cv.solve(made.X, made.y, beta=beta).network
    inside = np.abs(curve[:, 0]) <= np.abs(made.X).max()
    np.testing.assert_allclose(curve[inside, 1], here.predict(curve[inside, :1]), atol=2e-2)
    assert parts.drawn("path-errors", AXES) == axes


def test_a_phone_shows_both_in_the_plane_without_sideways_scroll(
    open_page: Callable[..., Page], app_address: str
) -> None:
    parts = Parts(open_page(**PHONE, color_scheme="dark"), app_address)
    parts.page.goto(f"{app_address}/race?data=moons&n=16&ridge=0.1")
    expect(parts.figure("kernel-difference")).to_have_attribute("data-updates", re.compile("[1-9]"))
    expect(parts.table).to_contain_text("held-out error")
    parts.has_path()
    parts.film("first").click()
    expect(parts.film("caption")).to_contain_text("no neurons")
    parts.fits_across(390)
