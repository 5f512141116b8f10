"""Networks trained with every loss there is: certified, and as good as the loss written on paper makes them."""

import cvxpy as cp
import numpy as np
import pytest
from core.losses.kinds import EVERY, FREE, RESIDUAL, over, training
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv
from convexviz.core.oracles.arrangements import activation_patterns


def written(name, f, y):
    """The data term and constraints as on paper, with nothing of the package."""
    name, _, parameter = name.rstrip(")").partition("(")
    r = y - f
    if name == "huber":
        return 0.5 * cp.sum(cp.huber(r, float(parameter or 1.0))), []
    if name == "quantile":
        q = float(parameter or 0.5)
        return cp.sum(cp.maximum(q * r, (q - 1) * r)), []
    terms = {
        "squared": (0.5 * cp.sum_squares(r), []),
        "hinge": (cp.sum(cp.pos(1 - cp.multiply(y, f))), []),
        "logistic": (cp.sum(cp.logistic(-cp.multiply(y, f))), []),
        "interpolate": (0.0, [r == 0]),
        "hard_margin": (0.0, [cp.multiply(y, f) >= 1]),
    }
    return terms[name]


def by_patterns(X, y, beta, name, bias):
    """The optimum over all activation patterns (Pilanci & Ergen 2020), by cvxpy."""
    points = np.column_stack([X, np.ones(len(X))]) if bias else X
    n, d = X.shape
    f = cp.Variable() * np.ones(n) if bias else np.zeros(n)
    penalty, cones = 0.0, []
    for pattern in activation_patterns(X, affine=bias):
        for sign in (1.0, -1.0):
            u = cp.Variable(points.shape[1])
            f = f + sign * (pattern[:, None] * points) @ u
            penalty = penalty + cp.norm(u[:d], 2)
            cones.append(((2.0 * pattern - 1.0)[:, None] * points) @ u >= 0)
    term, data = written(name, f, y)
    problem = cp.Problem(cp.Minimize(term + beta * penalty), [*cones, *data])
    return problem.solve(solver=cp.CLARABEL, tol_gap_rel=1e-10, tol_gap_abs=1e-10)


@over(EVERY)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("d", "n"), [(1, 9), (2, 6)])
def test_training_is_certified_and_as_good_as_the_program_over_all_patterns(loss, bias, d, n):
    X, y = training(loss, d, n)
    if loss.interpolates and not bias:
        y = np.maximum(X[:, 0], 0.0) - 0.5 * np.maximum(-X[:, 0], 0.0)
    s = cv.solve(X, y, beta=0.1, loss=loss, bias=bias)
    assert s.gap <= GAP
    assert s.loss == loss.name
    beta = 1.0 if loss.constrained else 0.1
    assert s.objective == pytest.approx(by_patterns(X, y, beta, loss.name, bias), rel=5 * INDEPENDENT)


@over(EVERY)
@pytest.mark.parametrize("d", [1, 2])
def test_whole_weights_are_repeated_points(loss, d):
    X, y = training(loss, d, 8)
    weight = np.array([1, 2, 1, 3, 1, 1, 2, 1])
    weighted = cv.solve(X, y, beta=0.2, loss=loss, sample_weight=weight)
    repeated = cv.solve(np.repeat(X, weight, axis=0), np.repeat(y, weight), beta=0.2, loss=loss)
    assert max(weighted.gap, repeated.gap) <= GAP
    assert weighted.objective == pytest.approx(repeated.objective, rel=2 * GAP)


@over(RESIDUAL)
@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_units_of_the_targets_change_nothing_but_the_units(loss, d, unit):
    X, y = training(loss, d, 10)
    plain = cv.solve(X, y, beta=0.1, loss=loss.rescaled(unit))
    scaled = cv.solve(X, unit * y + 3 * unit, beta=0.1 * unit ** (loss.degree - 1), loss=loss)
    assert scaled.gap <= GAP
    assert scaled.objective == pytest.approx(unit**loss.degree * plain.objective, rel=2 * GAP)


@over(FREE)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("d", [1, 2])
def test_beta_max_is_where_the_first_neuron_enters(loss, bias, d):
    X, y = training(loss, d, 12)
    top = cv.beta_max(X, y, loss, bias=bias)
    constant = loss.baseline(y) if bias else loss.value(np.zeros(len(y)), y)
    above, below = (cv.solve(X, y, beta=top * share, loss=loss, bias=bias) for share in (1.0 + 1e-6, 0.8))
    assert above.objective == pytest.approx(constant, rel=2 * GAP)
    assert below.objective < constant * (1 - GAP)


@over(RESIDUAL)
@pytest.mark.parametrize("d", [1, 2])
def test_bounds_of_residual_losses_are_proved_in_exact_arithmetic(loss, d):
    X, y = training(loss, d, 12)
    s = cv.solve(X, y, beta=0.1, loss=loss, tol=1e-8)
    proof = cv.prove(s, X, y)
    assert proof.lower <= proof.upper
    assert proof.gap <= 1e-8


@over([loss for loss in FREE if loss.name in cv.LOSSES])
def test_training_in_many_dimensions_beats_the_best_constant(loss):
    X, y = training(loss, 6, 40)
    s = cv.solve(X, y, beta=0.1, loss=loss, method="ascent", max_rounds=5)
    assert s.objective < 0.9 * loss.baseline(y)


@over(FREE)
@pytest.mark.parametrize("d", [1, 2])
def test_where_all_points_are_in_one_place_the_best_constant_is_certified(loss, d):
    _, y = training(loss, d, 8)
    s = cv.solve(np.full((8, d), 0.5), y, loss=loss)
    assert s.gap <= GAP
    assert s.objective == pytest.approx(loss.baseline(y), rel=SAME)


@over(RESIDUAL)
def test_a_thousand_points_with_ties_on_the_line(loss):
    rng = np.random.default_rng(0)
    x = np.round(rng.normal(size=1000), 2)
    y = np.sin(2 * x) + 0.2 * rng.standard_t(1.5, 1000)
    s = cv.solve(x[:, None], y, beta=1.0, loss=loss)
    assert s.gap <= GAP
