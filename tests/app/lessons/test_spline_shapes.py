"""The lesson on the line with a shape: its settings, its script, and what its pictures claim."""

from __future__ import annotations

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.splines import overlays, text
from convexviz.app.lessons.splines.settings import SplineSettings, slope_bounds
from convexviz.figures.splines import dual_traces

X = np.linspace(-1, 1, 15)
Y = np.sin(4 * X)


def test_the_badge_says_the_shape_and_the_dual_function_stays_in_its_band():
    answer = answers.solve(Problem.of(X, Y, "squared", None, "increasing convex", (0.0, 2.0)), 0.05)
    assert answer.status == "certified"
    assert answers.badge(answer)["shape"] == "increasing, convex, slope between 0 and 2"
    traces = {trace["uid"]: trace for trace in dual_traces(answer.solution, X, (-1.2, 1.2))}
    assert max(np.abs(traces[side]["y"]).max() for side in ("right", "left")) <= 1 + 1e-6


def test_the_set_of_all_optima_is_not_drawn_where_it_is_not_known():
    settings = SplineSettings(shape="increasing", envelope=True, sparsest=True, connect=True)
    shaped = cv.solve(X[:, None], Y, shape="increasing")
    assert overlays.drawn(settings, shaped, X, Y, (-1.0, 1.0)) == {"curves": [], "bands": []}


@pytest.mark.parametrize(
    ("words", "bounds"), [("", None), ("0, 2", (0, 2)), ("-1,", (-1, np.inf)), (",−1", (-np.inf, -1))]
)
def test_a_text_names_the_bounds_of_the_slope(words, bounds):
    assert slope_bounds(words) == bounds


@pytest.mark.parametrize("words", ["a,b", "1", "2,1", "1,2,3"])
def test_what_names_no_bounds_is_none(words):
    with pytest.raises(ValueError, match=r"."):
        slope_bounds(words)
    assert SplineSettings(slope=words).bounds is None


def test_the_script_asks_for_the_shape():
    settings = SplineSettings(shape="increasing concave", slope="0,3")
    code = text.python_code(settings, X, Y, True, View((-1.2, 1.2), (-1.2, 1.2)))
    assert "shape=('increasing', 'concave'), slope=(0.0, 3.0))" in code
    assert "optimal_set" not in code
