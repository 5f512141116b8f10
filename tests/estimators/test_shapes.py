"""Shapes in the estimators and on the path: the same as in `solve`."""

from __future__ import annotations

import numpy as np
import pytest

import convexviz as cv

X = np.linspace(-1, 1, 15)[:, None]
Y = np.sin(4 * X[:, 0])


def test_estimators_pass_shape_and_slope_on():
    model = cv.ConvexReLURegressor(beta=0.05, shape=("increasing", "concave"), slope=(None, 1.0)).fit(X, Y)
    assert model.certified_
    assert model.objective_ == cv.solve(X, Y, 0.05, shape=("increasing", "concave"), slope=(None, 1.0)).objective
    labels = cv.ConvexReLUClassifier(beta=0.05, shape="decreasing").fit(X, Y > 0)
    assert labels.certified_
    with pytest.raises(ValueError, match="shape must be one of"):
        cv.ConvexReLURegressor(shape="round").fit(X, Y)


@pytest.mark.parametrize("asked", [{"shape": "decreasing"}, {"shape": "convex"}, {"slope": (-1.0, 1.0)}])
@pytest.mark.parametrize("loss", ["squared", "huber", "quantile"])
def test_at_beta_max_the_constant_is_optimal_and_below_it_is_not(asked, loss):
    top = cv.beta_max(X, Y, loss, **asked)
    assert cv.solve(X, Y, top * 1.001, loss, **asked).network.penalty <= 1e-6
    assert cv.solve(X, Y, top * 0.9, loss, **asked).network.penalty > 0
    path = cv.regularization_path(X, Y, [top, top / 10], loss, **asked)
    assert all(s.certified for s in path)


def test_there_is_no_beta_max_without_a_level_curve():
    with pytest.raises(ValueError, match="beta_max needs a shape that a constant has"):
        cv.beta_max(X, Y, slope=(0.5, 2.0))
