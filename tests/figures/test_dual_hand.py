"""The dual vector's pictures: N_v where it is, red where it leaves its band, bars that meet at the optimum."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.figures.dual_hand import (
    VIOLATION,
    DualHand,
    band_figure,
    band_spec,
    bounds_figure,
    bounds_spec,
    gap_words,
    verdict,
)

X, Y = np.array([0.0, 1.0, 3.0]), np.array([0.0, 3.0, 0.0])
SPAN = (-1.0, 4.0)


def hand(*v: float, loss: str = "squared") -> DualHand:
    return DualHand(X, Y, np.array(v), loss, 1.0)


def named(spec: Any, name: str) -> Any:
    (found,) = [trace for trace in spec["data"] if trace["name"].startswith(name) and trace["showlegend"]]
    return found


def test_the_lines_are_what_every_ramp_would_gain() -> None:
    held = hand(-0.5, 1.0, -0.5)
    for u, name in ((1, "rises to the right"), (-1, "rises to the left")):
        line = named(band_spec(held, SPAN), name)
        gained = [held.v @ np.maximum(u * (X - t), 0.0) for t in line["x"]]
        np.testing.assert_allclose(line["y"], gained)
        assert {0.0, 1.0, 3.0, *SPAN} <= set(line["x"])


def test_what_leaves_the_band_is_drawn_again_from_where_it_leaves_it() -> None:
    spec = band_spec(hand(-2.0, 3.0, -1.0), SPAN)
    lines = [trace for trace in spec["data"] if trace["mode"] == "lines"]
    red: Any = [trace for trace in lines if trace["line"]["color"] == VIOLATION]
    beyond = np.concatenate([trace["y"] for trace in red])
    beyond = beyond[np.isfinite(beyond)]
    assert len(beyond)
    assert np.abs(beyond).min() == pytest.approx(1.0)
    assert np.abs(beyond).max() > 1.0
    assert named(spec, "leaves the band")


def test_the_solvers_v_touches_the_band_and_its_bars_meet() -> None:
    solved = cv.solve(X[:, None], Y, beta=1.0)
    held = DualHand(X, Y, solved.v, "squared", 1.0)
    assert named(band_spec(held, SPAN), "touches the band")
    spec = bounds_spec(held, solved.objective, None, 5.0)
    low, high = named(spec, "lower bound"), named(spec, "best network")
    assert low["x"].max() == pytest.approx(high["x"].min(), abs=1e-5)
    assert "They met" in gap_words(held, solved.objective)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (hand(0.0, 0.0, 0.0), "✓ feasible"),
        (hand(0.5, 1.0, 0.0), "Σv = 1.5"),
        (hand(-2.0, 3.0, -1.0), "leaves the band"),
        (DualHand(X, np.array([-1.0, 1.0, -1.0]), np.array([-2.0, 2.0, 0.0]), "hinge", 9.0), "outside of its box"),
    ],
)
def test_the_verdict_says_why(held: DualHand, words: str) -> None:
    assert words in verdict(held)
    assert verdict(held).startswith("✓") == held.feasible


def test_a_void_bound_is_an_outline_and_says_so() -> None:
    low = named(bounds_spec(hand(-2.0, 3.0, -1.0), 4.5, 4.8, 5.0), "lower bound")
    assert "void" in low["name"]
    assert "fill" not in low
    assert gap_words(hand(0.0, 0.0, 0.0), np.inf) == "No network so far."
    assert "4.5 apart, 100 %" in gap_words(hand(0.0, 0.0, 0.0), 4.5)


def test_both_are_figures_of_plotly() -> None:
    for figure in (band_figure(hand(0.0, 0.0, 0.0), SPAN), bounds_figure(hand(0.0, 0.0, 0.0), 4.5, None, 5.0)):
        assert isinstance(figure, go.Figure)
        assert figure.layout.meta["alt"]
