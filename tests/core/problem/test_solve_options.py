"""The public door: every option that is not usable is refused with what must hold, what came and what to do."""

import dataclasses
import doctest
import importlib
import pickle
import pkgutil
import time

import numpy as np
import pytest
from certificates import CONSTRAINED, LOSS_NAMES, assert_certified, assert_honest
from problems import wave

import convexviz as cv

X = np.linspace(-1, 1, 6)[:, None]
Y = np.array([0.0, 1.0, 0.0, 2.0, 1.0, 1.0])


@pytest.mark.parametrize("beta", [0.0, -1.0, np.nan, np.inf, None, "large", [0.1], 1j])
def test_beta_must_be_positive(beta):
    with pytest.raises(ValueError, match=r"beta must be a positive number, got .*; choose one between 0 and convexviz"):
        cv.solve(X, Y, beta)


@pytest.mark.parametrize("loss", CONSTRAINED)
def test_constraints_do_not_look_at_beta(loss):
    y = np.where(Y > 0.5, 1.0, -1.0)
    values = {cv.solve(X, y, beta, loss).objective for beta in (0.0, 1e-9, 5.0)}
    assert max(values) == pytest.approx(min(values), rel=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "poisson"}, r"loss must be one of squared, hinge, .*; got 'poisson'. Choose"),
        (
            {"method": "magic"},
            r"method must be one of auto, spline, dictionary, cutting_plane, sweep, .*; got 'magic'. Use 'auto'",
        ),
        ({"tol": 0.0}, r"tol must lie between 0 and 1, got 0.0; 1e-6 is the default"),
        ({"tol": 1.0}, r"tol must lie between 0 and 1, got 1.0"),
        ({"tol": np.nan}, r"tol must lie between 0 and 1, got nan"),
        ({"time_limit": 0.0}, r"time_limit must be positive seconds or None, got 0.0. Leave it out"),
        ({"time_limit": -1.0}, r"time_limit must be positive seconds or None, got -1.0"),
        ({"time_limit": np.nan}, r"time_limit must be positive seconds or None, got nan"),
    ],
)
def test_other_options(options, message):
    with pytest.raises(ValueError, match=message):
        cv.solve(X, Y, **options)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (X[:, 0], Y, r"X must have shape \(n, d\), got \(6,\); use X.reshape"),
        (X, Y[:4], r"same number of points, got 6 rows in X and 4 values in y"),
        (X, Y[:, None, None], r"y must have shape \(n,\), or \(n, K\) for K outputs, got \(6, 1, 1\)"),
        (np.empty((0, 1)), np.empty(0), r"at least one point, got none; add a point"),
        (np.full((6, 1), np.nan), Y, r"X must be finite, got nan in row 0"),
        (X, np.full(6, np.inf), r"y must be finite, got inf in row 0"),
        (X.astype(complex), Y, r"X must hold real numbers, got dtype complex128"),
    ],
)
def test_data_that_are_not_usable(X, y, message):
    with pytest.raises(ValueError, match=message):
        cv.solve(X, y)


def test_lists_and_integers_are_data():
    solution = cv.solve([[0], [1], [2], [3]], [0, 1, 0, 1], 0.1)
    assert_certified(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0.0, 1.0, 0.0, 1.0]), 0.1, "squared", solution)


def test_the_arguments_are_left_alone():
    x, y = X.copy(), Y.copy()
    cv.solve(x, y, 0.1)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_both_methods_agree(loss):
    X, y = wave(15, loss)
    spline, dictionary = (cv.solve(X, y, 0.1, loss, method=method) for method in ("spline", "dictionary"))
    assert spline.objective == pytest.approx(dictionary.objective, rel=1e-6)
    assert "spline" in spline.method
    assert "dictionary" in dictionary.method


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_past_the_time_limit_the_bounds_are_still_honest(loss):
    X, y = wave(1500, loss)
    begin = time.perf_counter()
    solution = cv.solve(X, y, 1e-3, loss, time_limit=1e-6)
    assert time.perf_counter() - begin < 10.0
    assert_honest(X, y, 1e-3, loss, solution)
    assert solution.lower_bound <= solution.objective * (1 + 1e-9)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_history_closes_in_on_the_answer(loss):
    X, y = wave(600, loss)
    solution = cv.solve(X, y, 0.05, loss)
    uppers = [r.upper for r in solution.history]
    lowers = [r.lower for r in solution.history]
    assert uppers == sorted(uppers, reverse=True)
    assert lowers == sorted(lowers)
    assert all(a <= b * (1 + 1e-6) for a, b in zip(lowers, uppers, strict=True))
    assert [r.seconds for r in solution.history] == sorted(r.seconds for r in solution.history)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_solutions_pickle_and_cannot_be_changed(loss):
    X, y = wave(12, loss)
    solution = cv.solve(X, y, 0.1, loss)
    copy = pickle.loads(pickle.dumps(solution))
    assert copy.objective == solution.objective
    np.testing.assert_array_equal(copy.v, solution.v)
    assert (copy.loss, copy.beta) == (loss, 0.1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        solution.objective = 0.0


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_same_problem_gives_the_same_answer(loss):
    X, y = wave(60, loss)
    first, second = cv.solve(X, y, 0.1, loss), cv.solve(X, y, 0.1, loss)
    np.testing.assert_array_equal(first.network.w, second.network.w)
    np.testing.assert_array_equal(first.v, second.v)


def test_nothing_is_printed(capfd):
    for loss in LOSS_NAMES:
        X, y = wave(20, loss)
        for method in ("auto", "dictionary"):
            cv.solve(X, y, 0.1, loss, method=method)
    assert capfd.readouterr() == ("", "")


CORE = [module.name for module in pkgutil.walk_packages(cv.core.__path__, "convexviz.core.")]


@pytest.mark.parametrize("name", ["convexviz", *CORE])
def test_examples_in_docstrings_run(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
    assert results.attempted > 0 or name not in ("convexviz", "convexviz.core.solve")
