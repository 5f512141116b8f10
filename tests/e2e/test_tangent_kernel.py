"""The lesson on the tangent kernel in a real browser: λ, a drag, a phone in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import BoardHand
from e2e.lesson_hand import PHONE, Tab, calm_visit
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz import data
from convexviz.core.rivals.kernels import TangentKernelRidge

pytestmark = pytest.mark.e2e

NAMED = "data.find((t) => t.name === '{}')"
AXES = "[full.xaxis.range, full.yaxis.range, full.yaxis2.range]"


class Kernel(BoardHand):
    """The page."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "tangent-kernel", figure="kernel")
        self.ridge = page.locator(".st-key-kernel-ridge input[type=range]")
        self.table = page.locator(".st-key-kernel-numbers table")

    def curve_of(self, name: str) -> np.ndarray:
        """Positions and values (k, 2) of a trace as plotly has it."""
        one = NAMED.format(name)
        return np.array(self.drawn("kernel", f"[[...{one}.x], [...{one}.y]]"), float).T


@pytest.fixture
def kernel(tab: Tab, app_address: str) -> Iterator[Kernel]:
    with calm_visit(tab) as page:
        yield Kernel(page, app_address)


def test_the_ridge_moves_the_kernel_and_nothing_else(kernel: Kernel) -> None:
    kernel.open("data=tent&n=14&noise=0.1&ridge=0.1")
    made = data.load("tent", 14, 0.1, 0)
    expect(kernel.table).to_contain_text("λ = 0.1")
    before, axes = kernel.curve_of("tangent kernel"), kernel.drawn("kernel", AXES)
    model = TangentKernelRidge(0.1).fit(made.X, made.y)
    np.testing.assert_allclose(before[:, 1], model.predict(before[:, :1]), atol=1e-9)
    network = cv.solve(made.X, made.y, beta=0.1).network
    optimal = kernel.curve_of("optimal network")
    np.testing.assert_allclose(optimal[:, 1], network.predict(optimal[:, :1]), atol=1e-4)
    expect(kernel.table).to_contain_text(f"‖f‖ = {model.norm_:.3g}")
    updates = kernel.figure("kernel").get_attribute("data-updates") or ""
    kernel.ridge.press("End")
    expect(kernel.table).to_contain_text("λ = 10")
    expect(kernel.figure("kernel")).not_to_have_attribute("data-updates", updates)
    after = kernel.curve_of("tangent kernel")
    stiff = TangentKernelRidge(10.0).fit(made.X, made.y)
    np.testing.assert_allclose(after[:, 1], stiff.predict(after[:, :1]), atol=1e-9)
    assert np.abs(after - before).max() > 0.01
    assert kernel.drawn("kernel", AXES) == axes


def test_a_dragged_point_moves_network_kernel_and_certificate(kernel: Kernel) -> None:
    kernel.open("data=tent&n=8&noise=0&ridge=0.1")
    before = kernel.curve_of("tangent kernel")
    kernel.drag(kernel.spot(3), (0.5, 0.8))
    kernel.page.wait_for_function(
        "was => document.querySelector('[data-figure=kernel]')._fullData"
        ".find((t) => t.name === 'tangent kernel').y[200] !== was",
        arg=float(before[200, 1]),
    )
    points = kernel.coordinates()
    X, y = points[:, :1], points[:, 1]
    kernel.shows_objective(cv.solve(X, y, beta=0.1).objective)
    after = kernel.curve_of("tangent kernel")
    np.testing.assert_allclose(after[:, 1], TangentKernelRidge(0.1).fit(X, y).predict(after[:, :1]), atol=1e-6)


def test_a_phone_shows_the_plane_without_sideways_scroll(open_page: Callable[..., Page], app_address: str) -> None:
    kernel = Kernel(open_page(**PHONE, color_scheme="dark"), app_address)
    kernel.page.goto(f"{app_address}/tangent-kernel?data=moons&n=16&ridge=0.1")
    expect(kernel.figure("kernel-difference")).to_have_attribute("data-updates", re.compile("[1-9]"))
    expect(kernel.table).to_contain_text("held-out error")
    kernel.fits_across(390)
