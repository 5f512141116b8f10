"""ConvexReLURegressor is `solve` under another name, and its attributes are the network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from tolerances import GAP, SAME

import convexviz as cv


def problem(n=25, targets=0, seed=0):
    """Points in the plane with one bent target, or several."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    bends = np.maximum(X @ rng.normal(size=(2, max(targets, 1))), 0.0) + 0.1 * rng.normal(size=(n, max(targets, 1)))
    return X, bends if targets else bends[:, 0]


def in_order(X, y):
    """The samples sorted by x, the way a fit takes them."""
    order = np.lexsort(X.T[::-1])
    return X[order], y[order]


def written_out(model, X):
    """The network's formula, from the attributes alone."""
    hidden = np.maximum(X @ model.directions_.T + model.biases_, 0.0)
    return model.intercept_ + hidden @ model.weights_


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", ["squared", "interpolate"])
def test_one_target_is_solve(loss, bias):
    X, y = in_order(*problem())
    model = cv.ConvexReLURegressor(0.2, loss, bias=bias).fit(X, y)
    solution = cv.solve(X, y, 0.2, loss, bias)
    assert model.certified_
    assert model.objective_ == solution.objective
    assert model.lower_bound_ == solution.lower_bound
    assert model.gap_ == solution.gap <= GAP
    assert model.n_iter_ == len(solution.history)
    np.testing.assert_array_equal(model.predict(X), solution.network.predict(X))
    np.testing.assert_array_equal(model.solution_.v, solution.v)


@pytest.mark.parametrize("targets", [0, 1, 3])
def test_the_attributes_are_the_network(targets):
    X, y = problem(targets=targets)
    model = cv.ConvexReLURegressor(beta=0.2).fit(X, y)
    new = np.random.default_rng(1).normal(size=(9, 2))
    width = len(model.directions_)
    assert model.weights_.shape == ((width, targets) if targets else (width,))
    assert np.shape(model.intercept_) == ((targets,) if targets else ())
    assert model.predict(new).shape == (9, *y.shape[1:])
    np.testing.assert_allclose(np.linalg.norm(model.directions_, axis=1), 1.0, rtol=SAME)
    np.testing.assert_allclose(model.predict(new), written_out(model, new), rtol=SAME, atol=SAME)
    penalty = np.linalg.norm(np.atleast_2d(model.weights_.T), axis=0).sum()
    value = 0.5 * np.sum((model.predict(X) - y) ** 2) + 0.2 * penalty
    assert model.objective_ == pytest.approx(value, rel=SAME)


def test_several_targets_share_their_neurons():
    X, Y = in_order(*problem(targets=3))
    model = cv.ConvexReLURegressor(beta=0.2).fit(X, Y)
    assert model.certified_
    assert model.objective_ == cv.solve(X, Y, 0.2).objective
    apart = [cv.ConvexReLURegressor(beta=0.2).fit(X, y).objective_ for y in Y.T]
    assert model.objective_ < sum(apart)  # a row of W is shorter than the sum of its entries


def test_a_column_of_targets_is_one_target():
    X, y = problem()
    one, column = (cv.ConvexReLURegressor(beta=0.2).fit(X, target) for target in (y, y[:, None]))
    assert column.objective_ == one.objective_
    np.testing.assert_allclose(column.predict(X)[:, 0], one.predict(X), rtol=SAME, atol=SAME)


def test_targets_interpolated_have_neurons_of_their_own():
    X, Y = in_order(*problem(n=8, targets=2))
    model = cv.ConvexReLURegressor(loss="interpolate").fit(X, Y)
    np.testing.assert_allclose(model.predict(X), Y, atol=1e-8)
    assert ((model.weights_ != 0).sum(axis=1) == 1).all()
    alone = [cv.solve(X, y, loss="interpolate") for y in Y.T]
    assert model.objective_ == sum(s.objective for s in alone)
    assert model.lower_bound_ == sum(s.lower_bound for s in alone)
    assert model.gap_ == max(s.gap for s in alone)
    assert len(model.solution_) == 2


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_repeated_samples_ask_for_as_many_times_the_beta(seed, times):
    X, y = problem(n=12, seed=seed)
    once = cv.ConvexReLURegressor(beta=0.1).fit(X, y)
    often = cv.ConvexReLURegressor(beta=0.1 * times).fit(np.tile(X, (times, 1)), np.tile(y, times))
    assert often.objective_ == pytest.approx(times * once.objective_, rel=2 * GAP)


def test_out_of_time_it_says_what_it_knows():
    X, y = problem(n=120)
    with pytest.warns(ConvergenceWarning, match="time_limit=0.001 stopped the training"):
        model = cv.ConvexReLURegressor(beta=0.001, time_limit=1e-3).fit(X, y)
    best = cv.ConvexReLURegressor(beta=0.001).fit(X, y)
    assert not model.certified_
    assert model.lower_bound_ <= best.objective_ * (1 + GAP)
    assert best.lower_bound_ <= model.objective_ * (1 + GAP)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"loss": "hinge"},
            "loss must be one of squared, interpolate, huber, quantile for ConvexReLURegressor .*; got 'hinge'",
        ),
        ({"beta": 0.0}, "beta must be a positive number, got 0.0"),
        ({"tol": 2.0}, "tol must lie between 0 and 1, got 2.0"),
        ({"time_limit": -1.0}, "time_limit must be positive seconds or None, got -1.0"),
        ({"method": "magic"}, "method must be one of"),
    ],
)
def test_wrong_settings_are_named_by_fit(settings, message):
    with pytest.raises(ValueError, match=message):
        cv.ConvexReLURegressor(**settings).fit(*problem())


def test_the_method_is_for_one_output():
    with pytest.raises(ValueError, match="method must be 'auto' for several outputs"):
        cv.ConvexReLURegressor(method="cutting_plane").fit(*problem(targets=2))


def test_other_numbers_of_features_are_refused():
    X, y = problem()
    model = cv.ConvexReLURegressor().fit(X, y)
    with pytest.raises(ValueError, match="X has 3 features, but ConvexReLURegressor is expecting 2 features"):
        model.predict(np.ones((4, 3)))
    with pytest.raises(NotFittedError):
        cv.ConvexReLURegressor().predict(X)
