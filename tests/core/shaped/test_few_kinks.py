"""At most k kinks: against all choices on few points, and what it says of itself."""

from __future__ import annotations

from itertools import combinations

import cvxpy as cp
import numpy as np
import pytest

import convexviz as cv


def of_choice(x, y, beta, chosen):
    """The best spline with kinks at the chosen inner points, on paper."""
    knots = np.array([x[0], *x[list(chosen)], x[-1]])
    F = cp.Variable(len(knots))
    hats = np.array([np.interp(x, knots, row) for row in np.eye(len(knots))]).T
    slopes = cp.multiply(cp.diff(F), 1 / np.diff(knots))
    bends = cp.norm1(cp.diff(slopes)) if len(knots) > 2 else 0.0
    R = cp.maximum(bends, (bends + cp.abs(slopes[0] + slopes[-1])) / 2)
    return cp.Problem(cp.Minimize(0.5 * cp.sum_squares(hats @ F - y) + beta * R)).solve(solver=cp.CLARABEL)


@pytest.mark.parametrize("seed", range(3))
def test_it_comes_near_the_best_choice_of_two_kinks_out_of_all(seed):
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, 9))
    y = np.sin(5 * x) + 0.1 * rng.normal(size=9)
    few = cv.at_most_kinks(x[:, None], y, kinks=2, beta=0.01)
    best = min(of_choice(x, y, 0.01, chosen) for chosen in combinations(range(1, 8), 2))
    assert len(few.kinks) <= 2
    assert few.objective == pytest.approx(
        cv.core.dual.certificate.objective(few.network, x[:, None], y, 0.01, "squared")
    )
    assert best * (1 - 1e-6) <= few.objective <= best * 1.1
    assert few.lower_bound <= best


def test_it_says_that_it_is_a_heuristic_and_what_is_proved_beside_it():
    x = np.linspace(-1, 1, 41)
    few = cv.at_most_kinks(x[:, None], np.sin(4 * x), kinks=1, beta=1e-3)
    assert few.heuristic
    assert few.statement.startswith("found by a heuristic: 1 kink,")
    assert "certified" not in few.statement
    assert few.lower_bound == few.optimum.lower_bound < few.objective


def test_where_the_optimum_has_so_few_kinks_it_is_the_answer():
    x = np.linspace(-1, 1, 21)
    few = cv.at_most_kinks(x[:, None], np.abs(x), kinks=1, beta=1e-3)
    assert not few.heuristic
    assert few.statement.startswith("certified optimum")
    straight = cv.at_most_kinks(x[:, None], np.abs(x), kinks=0, beta=1e-3)
    assert len(straight.kinks) == 0
    assert straight.heuristic


def test_weights_shapes_and_labels_are_heeded():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(-1, 1, 30))
    few = cv.at_most_kinks(x[:, None], np.exp(2 * x), 2, 1e-3, shape=("increasing", "convex"), sample_weight=x + 2)
    assert len(few.kinks) <= 2
    assert (np.diff(few.network.predict(x[:, None])) >= 0).all()
    labels = np.sign(np.sin(7 * x))
    assert len(cv.at_most_kinks(x[:, None], labels, 2, 0.01, "hinge").kinks) <= 2


@pytest.mark.parametrize("kinks", [-1, 1.5, True, "2", None])
def test_kinks_must_be_a_whole_number(kinks):
    with pytest.raises(ValueError, match="kinks must be a whole number"):
        cv.at_most_kinks(np.arange(4.0)[:, None], np.arange(4.0), kinks)


def test_losses_without_a_beta_are_refused():
    with pytest.raises(ValueError, match="needs a loss with a beta"):
        cv.at_most_kinks(np.arange(4.0)[:, None], np.arange(4.0), 1, loss="interpolate")
