"""Figures of the lesson on cutting planes: bounds without a proof, slices that show the neuron, fits that rest."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convexviz as cv
from convexviz.app.components.chart import figure_json
from convexviz.core.dual.slices import dual_slice
from convexviz.figures import cutting as figures

BETA = 0.2
X = np.random.default_rng(3).uniform(-1.0, 1.0, (16, 2))
Y = np.abs(X[:, 0]) - X[:, 1] * X[:, 0]
EXACT = cv.solve(X, Y, beta=BETA, method="sweep", cuts=1, tol=1e-6)
RELAXED = cv.solve(X, Y, beta=BETA, method="relaxation", cuts=1)


def by_name(spec: figures.Spec) -> dict[str, dict]:
    return {trace["name"]: trace for trace in spec["data"] if "name" in trace}


def test_a_run_without_proof_shows_no_lower_bound_and_claims_no_maximum() -> None:
    spec = figures.rounds_spec(RELAXED.history, 200, BETA, False, EXACT.objective)
    lines = by_name(spec)
    assert not np.isfinite(lines["lower bound"]["y"]).any()
    np.testing.assert_allclose(lines["upper bound"]["y"], [r.upper for r in RELAXED.history])
    np.testing.assert_allclose(lines["optimum"]["y"], EXACT.objective)
    text = json.dumps(figure_json(spec), ensure_ascii=False)
    assert figures.MOST_OF_N not in text
    assert "proved from below" not in text
    assert "certified optimum" in text


def test_a_proved_run_shows_both_bounds_and_the_maximum() -> None:
    spec = figures.rounds_spec(EXACT.history, 200, BETA, True)
    lines = by_name(spec)
    assert (lines["lower bound"]["y"] <= EXACT.objective * (1 + 1e-9)).all()
    assert (lines["upper bound"]["y"] >= EXACT.objective * (1 - 1e-9)).all()
    assert "optimum" not in lines
    text = figure_json(spec)
    assert figures.MOST_OF_N in text
    assert "proved from below" in text


def test_a_slice_shows_the_neuron_outside_the_band_before_and_inside_after() -> None:
    first, last = EXACT.history[2], EXACT.history[-1]
    u, b = first.U[0], first.b[0]
    across = np.array([-u[1], u[0]])
    before, after = (dual_slice(X, r.v, u, across, 181) for r in (first, last))
    value = float(np.maximum(X @ u + b, 0.0) @ first.v)
    spec = figures.slice_spec(before, after, value, BETA, 200, "the neuron added")
    low, high, *curves, mark = spec["data"]
    assert (set(low["y"]), set(high["y"])) == ({-1.0}, {1.0})
    np.testing.assert_allclose(mark["y"], value / BETA)
    assert abs(value) > BETA
    assert mark["marker"]["symbol"] == ("triangle-up" if value > 0 else "triangle-down")
    up, down, up_after, down_after = (np.asarray(curve["y"]) for curve in curves)
    assert max(abs(up[90]), abs(down[90])) == pytest.approx(abs(value) / BETA, rel=1e-9), "the best line of its angle"
    assert max(up_after.max(), -down_after.min()) <= 1 + 1e-3
    least, most = spec["layout"]["yaxis"]["range"]
    assert least <= down.min() <= up.max() <= most
    update = figures.slice_update(before, None, value, BETA, "the neuron added")
    assert [part["uid"] for part in update["data"]] == [trace["uid"] for trace in spec["data"][2:]]
    assert np.isnan(update["data"][2]["y"]).all()
    assert "now" in update["layout"]["title"]["text"]
    with pytest.raises(ValueError, match="at least one"):
        figures.slice_spec(None, None, value, BETA, 200, "the neuron added")


@given(st.floats(1e-3, 1e5))
def test_the_axis_of_a_slice_has_room_and_few_ends(size: float) -> None:
    angles = np.linspace(-np.pi, np.pi, 5)
    cut = replace(
        dual_slice(X, EXACT.v, np.array([1.0, 0.0]), np.array([0.0, 1.0]), 5),
        angles=angles,
        upper=np.full(5, size),
        lower=np.zeros(5),
    )
    low, high = figures.slice_update(cut, None, size, 1.0, "a neuron")["layout"]["yaxis"]["range"]
    assert -low == high > size
    assert high in figures.REACHES or size > 0.9 * figures.REACHES[-1]


def test_fit_and_margins_keep_their_axes_and_their_points() -> None:
    labels = np.where(Y > 0.2, 1.0, -1.0)
    fits = [r.network.predict(X) for r in EXACT.history]
    spec = figures.fit_spec(Y, fits, 200)
    np.testing.assert_array_equal(spec["data"][1]["x"], Y)
    np.testing.assert_array_equal(spec["data"][1]["y"], fits[-1])
    low, high = spec["layout"]["yaxis"]["range"]
    assert all(low < f.min() and f.max() < high for f in fits)
    np.testing.assert_array_equal(figures.fit_update(fits[0])[0]["y"], fits[0])
    spec = figures.margins_spec(labels, fits, 200)
    at = np.concatenate([trace["x"] for trace in spec["data"][2:]])
    margins = np.concatenate([trace["y"] for trace in spec["data"][2:]])
    assert sorted(at) == list(range(1, len(labels) + 1))
    np.testing.assert_allclose(margins[np.argsort(at)], np.sort(labels * fits[-1]))
    update = figures.margins_update(labels, fits[0], figures.margin_order(labels, fits[-1]))
    again = np.concatenate([trace["y"] for trace in update])
    np.testing.assert_allclose(np.sort(again), np.sort(labels * fits[0]))
