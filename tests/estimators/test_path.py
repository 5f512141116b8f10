"""regularization_path: fitted estimators from no neurons down, each the optimum of its beta."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs, make_moons
from tolerances import GAP, WEAK_DUALITY

import convexviz as cv
from convexviz.estimators.outputs import beta_without_neurons


def bent(n=20, d=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, np.abs(X[:, 0]) + 0.1 * rng.normal(size=n)


def three_classes(n=24, d=2):
    X, y = make_blobs(n, n_features=d, centers=3, cluster_std=2.0, random_state=2)
    return X / 5, y


def test_the_default_path_begins_without_neurons():
    X, y = bent()
    path = cv.ConvexReLURegressor().regularization_path(X, y)
    core = cv.regularization_path(X, y)
    assert len(path) == len(core) == 41
    assert [model.beta for model in path] == [solution.beta for solution in core]
    assert path[0].network_.width == 0
    assert all(model.certified_ for model in path)
    for before, after in pairwise(path):
        assert after.objective_ <= before.objective_ * (1 + GAP)
        assert after.network_.penalty >= before.network_.penalty * (1 - 1e-3)


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared"])
def test_every_beta_is_a_fit_from_large_to_small(loss):
    X, y = three_classes()
    model = cv.ConvexReLUClassifier(loss=loss, beta=7.0)
    path = model.regularization_path(X, y, betas=[0.3, 3.0, 1.0])
    assert [fitted.beta for fitted in path] == [3.0, 1.0, 0.3]
    assert not hasattr(model, "network_")
    assert model.beta == 7.0
    assert all(type(fitted.beta) is float for fitted in path)
    for fitted in path:
        fresh = cv.ConvexReLUClassifier(loss=loss, beta=fitted.beta).fit(X, y)
        assert fitted.certified_
        assert fitted.objective_ == pytest.approx(fresh.objective_, rel=2 * GAP)
        assert fitted.score(X, y) > 0.3


def test_a_path_starts_every_fit_from_the_one_before(monkeypatch):
    begun = []
    train = cv.estimators.base.train
    monkeypatch.setattr(cv.estimators.base, "train", lambda *given: begun.append(given[3]) or train(*given))
    path = cv.ConvexReLUClassifier().regularization_path(*make_moons(20, random_state=0), betas=[1.0, 0.5, 0.1])
    assert begun == [None, path[0].solution_, path[1].solution_]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
@pytest.mark.parametrize("case", ["line", "plane", "three classes"])
def test_no_neurons_where_a_path_begins(case, loss, bias):
    d = 1 if case == "line" else 2
    X, y = three_classes() if case == "three classes" else make_moons(16, noise=0.2, random_state=1)
    model = cv.ConvexReLUClassifier(loss=loss, bias=bias)
    first, second = model.regularization_path(X[:, :d], y)[:2] if case == "line" else starts(model, X, y)
    assert first.network_.width == 0
    assert first.certified_
    assert second.objective_ <= first.objective_ * (1 + WEAK_DUALITY)


def starts(model, X, y):
    """The first of a path and one far below it."""
    samples = clone(model)._samples(X, y, None)
    top = beta_without_neurons(samples.X, samples.Y, model._options())
    return model.regularization_path(X, y, betas=[top, top / 10])


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_no_neurons_in_five_dimensions(loss, bias):
    X, y = three_classes(d=5)
    first, second = starts(cv.ConvexReLUClassifier(loss=loss, bias=bias), X, y)
    assert first.network_.width == 0
    assert second.network_.width > 0


def test_constant_targets_have_a_path():
    path = cv.ConvexReLURegressor().regularization_path([[0.0], [1.0], [2.0]], [3.0, 3.0, 3.0])
    assert len(path) == 1
    np.testing.assert_allclose(path[0].predict([[5.0]]), 3.0)


def test_a_path_needs_betas_that_play_a_part():
    with pytest.raises(ValueError, match="betas must hold at least one positive number, got none"):
        cv.ConvexReLURegressor().regularization_path(*bent(), betas=[])
    with pytest.raises(ValueError, match="beta plays no part"):
        cv.ConvexReLURegressor(loss="interpolate").regularization_path(*bent())
    with pytest.raises(ValueError, match="beta must be a positive number, got -1"):
        cv.ConvexReLURegressor().regularization_path(*bent(), betas=[1.0, -1.0])
    with pytest.raises(ValueError, match="loss must be one of"):
        cv.ConvexReLURegressor(loss="hinge").regularization_path(*bent())
