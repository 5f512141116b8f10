"""Curves and bands beside the fit: each overlay on its own, and that those called optimal are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.lessons.splines import overlays
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings
from convexviz.figures.theme import COMPARISON, OVERLAY

NONE = SplineSettings(regions=False)
VIEW = (-1.2, 1.2)
X = np.linspace(-1, 1, 9)
Y = X**2


def solution(loss: str = "interpolate", beta: float = 0.05) -> cv.Solution:
    return cv.solve(X[:, None], Y, loss=loss, beta=beta)


def drawn(*names: str, x: np.ndarray = X, y: np.ndarray = Y, solved: cv.Solution | None = None) -> dict[str, Any]:
    settings = replace(NONE, **dict.fromkeys(names, True))
    return overlays.drawn(settings, solved or solution(), x, y, VIEW)


def test_nothing_is_drawn_that_was_not_asked_for() -> None:
    assert drawn() == {"curves": [], "bands": []}


@pytest.mark.parametrize("name", [name for name in OVERLAYS if name != "regions"])
def test_each_overlay_is_one_curve_or_band_of_its_name(name: str) -> None:
    shown = drawn(name)
    both = shown["curves"] + shown["bands"]
    assert [item["id"] for item in both] == [name]
    assert len(shown["bands"]) == (name == "envelope")
    assert both[0]["label"]


def test_all_overlays_together_can_be_told_apart() -> None:
    curves = drawn(*OVERLAYS)["curves"]
    assert len({(curve["color"], curve["dash"]) for curve in curves}) == len(curves) == 4
    assert {curve["color"] for curve in curves if curve["id"] in ("cubic", "linear")} == {COMPARISON}
    assert {curve["color"] for curve in curves if curve["id"] in ("connect", "sparsest")} == {OVERLAY}


@pytest.mark.parametrize("name", ["connect", "sparsest"])
def test_networks_called_optimal_are(name: str) -> None:
    """Read off the drawn polyline: it passes the fit's values at the data and costs no more."""
    solved = solution("squared")
    (curve,) = drawn(name, solved=solved)["curves"]
    at_data = np.interp(X, curve["x"], curve["y"])
    np.testing.assert_allclose(at_data, solved.network.predict(X[:, None]), atol=1e-8)
    slopes = np.diff(curve["y"]) / np.diff(curve["x"])
    variation = np.abs(np.diff(slopes)).sum()
    assert max(variation, (variation + abs(slopes[0] + slopes[-1])) / 2) <= np.abs(solved.network.w).sum() * (1 + 1e-6)


def test_the_sparsest_says_how_many_neurons_it_has() -> None:
    (curve,) = drawn("sparsest")["curves"]
    sparse = cv.optimal_set(solution().network, X[:, None]).sparsest
    assert curve["label"] == f"sparsest ({sparse.width} neurons)"
    assert sparse.width < solution().network.width


def test_one_neuron_is_not_called_neurons() -> None:
    line = cv.solve(X[:, None], 2 * X, loss="interpolate")
    (curve,) = drawn("sparsest", y=2 * X, solved=line)["curves"]
    assert curve["label"] == "sparsest (1 neuron)"


def test_every_optimum_lies_in_the_band() -> None:
    shown = drawn("envelope", "sparsest", "connect")
    (band,) = shown["bands"]
    assert band["label"] == "region of all optima"
    t = np.linspace(-1, 1, 201)
    lo, hi = np.interp(t, band["x"], band["lo"]), np.interp(t, band["x"], band["hi"])
    for values in [np.interp(t, curve["x"], curve["y"]) for curve in shown["curves"]]:
        assert (values >= lo - 1e-8).all()
        assert (values <= hi + 1e-8).all()
    assert (hi - lo).max() > 1e-3


def test_the_band_says_so_where_there_is_one_optimum_only() -> None:
    zigzag = (-1.0) ** np.arange(len(X))
    solved = cv.solve(X[:, None], zigzag, loss="interpolate")
    (band,) = drawn("envelope", y=zigzag, solved=solved)["bands"]
    assert band["label"] == "one optimal curve between the points"
    np.testing.assert_allclose(band["lo"], band["hi"], atol=1e-8)


def test_where_other_values_may_be_as_good_the_band_says_for_which_it_is() -> None:
    """The values at the data are the same for all optima of a strictly convex loss, not for these."""
    for loss in ("huber", "quantile"):
        (band,) = drawn("envelope", solved=solution(loss))["bands"]
        assert band["label"].endswith("with these values")


def test_the_cubic_spline_is_scipys_and_passes_the_points() -> None:
    (curve,) = drawn("cubic")["curves"]
    np.testing.assert_allclose(curve["y"], CubicSpline(X, Y, bc_type="natural")(curve["x"]))
    assert (curve["x"][0], curve["x"][-1]) == (-1.0, 1.0)


def test_interpolants_take_points_in_any_order_and_the_mean_of_ties() -> None:
    x, y = np.array([0.5, -1.0, 0.5, 1.0]), np.array([2.0, 0.0, 4.0, 1.0])
    solved = cv.solve(x[:, None], y, beta=0.1)
    (curve,) = drawn("linear", x=x, y=y, solved=solved)["curves"]
    assert (curve["x"].tolist(), curve["y"].tolist()) == ([-1.0, 0.5, 1.0], [0.0, 3.0, 1.0])


@pytest.mark.parametrize("x", [[0.3], [0.3, 0.3]])
def test_points_at_one_place_have_no_overlays(x: list[float]) -> None:
    at = np.array(x)
    solved = cv.solve(at[:, None], np.full(len(x), 0.5), beta=0.1)
    assert drawn(*OVERLAYS, x=at, y=np.full(len(x), 0.5), solved=solved) == {"curves": [], "bands": []}


@pytest.mark.parametrize("name", [name for name in OVERLAYS if name != "regions"])
def test_two_points_have_every_overlay(name: str) -> None:
    x, y = np.array([-0.5, 0.5]), np.array([0.0, 1.0])
    shown = drawn(name, x=x, y=y, solved=cv.solve(x[:, None], y, beta=0.01))
    for item in shown["curves"]:
        assert np.isfinite(item["y"]).all()
    for item in shown["bands"]:
        assert np.isfinite(item["lo"]).all()
        assert np.isfinite(item["hi"]).all()
    assert len(shown["curves"]) + len(shown["bands"]) == 1


def test_a_fit_without_neurons_has_every_overlay() -> None:
    shown = drawn(*OVERLAYS, solved=solution("squared", 100.0))
    assert len(shown["curves"]) == 4
    assert shown["bands"][0]["label"] == "one optimal curve between the points"


def test_overlays_can_be_sent() -> None:
    shown = drawn(*OVERLAYS)
    sent = board.payload(board.BoardState(), view=board.View(), answer=shown)
    text = json.dumps(sent, allow_nan=False)
    assert len(json.loads(text)["answer"]["curves"]) == 4
    assert len(text) < 15_000, "a message answers every move of the hand"
