"""What theory says about the optimum: monotone paths, invariances, closed forms (MATH, section 10)."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES, assert_certified, ramps
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import Problem, problems, wave
from scipy.optimize import linprog
from tolerances import GAP, INDEPENDENT

import convexviz as cv

WITH_BETA = [loss for loss in LOSS_NAMES if loss not in CONSTRAINED]


def optimum(X, y, beta, loss):
    """The certified optimum."""
    solution = cv.solve(X, y, beta, loss)
    assert_certified(X, y, beta, loss, solution)
    return solution.objective


@pytest.mark.parametrize("loss", WITH_BETA)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_optimum_rises_concavely_with_beta_and_the_penalty_falls(loss, seed):
    X, y = wave(15, loss, seed)
    betas = np.geomspace(1e-3, 1.2, 14) * cv.beta_max(X, y, loss)
    solutions = [cv.solve(X, y, beta, loss) for beta in betas]
    P = np.array([s.objective for s in solutions])
    W = np.array([s.network.penalty for s in solutions])
    assert (np.diff(P) >= -GAP * P[1:]).all()
    assert (np.diff(W) <= GAP * (P[:-1] + P[1:]) / np.diff(betas) + 1e-9 * W[0]).all()
    slopes = np.diff(P) / np.diff(betas)
    assert (np.diff(slopes) <= 2 * GAP * P[1:-1] / np.minimum(np.diff(betas)[1:], np.diff(betas)[:-1])).all()
    # P'(beta) = sum |w|: chords lie between the slopes at their two ends.
    assert (slopes <= W[:-1] + 2 * GAP * P[1:] / np.diff(betas)).all()
    assert (slopes >= W[1:] - 2 * GAP * P[1:] / np.diff(betas)).all()


def moved(problem, x=lambda x: x, y=lambda y: y, beta=lambda b: b):
    """The problem with its inputs, targets and beta changed."""
    return Problem(x(problem.X), y(problem.y), beta(problem.beta), problem.loss)


def optimum_of(problem):
    return optimum(problem.X, problem.y, problem.beta, problem.loss)


@given(problems(), st.sampled_from([-1000.0, -0.37, 5.0]))
def test_shifting_and_mirroring_x_changes_nothing(problem, by):
    best = optimum_of(problem)
    assert optimum_of(moved(problem, x=lambda x: x + by)) == pytest.approx(best, rel=INDEPENDENT)
    assert optimum_of(moved(problem, x=lambda x: -x)) == pytest.approx(best, rel=INDEPENDENT)


@given(problems(losses=["squared", "interpolate"]), st.sampled_from([-1000.0, -0.37, 5.0]))
def test_shifting_and_mirroring_targets_changes_nothing(problem, by):
    best = optimum_of(problem)
    assert optimum_of(moved(problem, y=lambda y: y + by)) == pytest.approx(best, rel=INDEPENDENT)
    assert optimum_of(moved(problem, y=lambda y: -y)) == pytest.approx(best, rel=INDEPENDENT)


@given(problems(losses=LABELS))
def test_swapping_the_classes_changes_nothing(problem):
    assert optimum_of(moved(problem, y=lambda y: -y)) == pytest.approx(optimum_of(problem), rel=INDEPENDENT)


@given(problems(), st.sampled_from([1e-6, 0.3, 1e6]))
def test_a_unit_of_x_is_a_unit_of_beta(problem, t):
    """f(x / t) has weights smaller by t, so P(t x, t beta) = P(x, beta); without a beta P itself falls by t."""
    scaled = optimum_of(moved(problem, x=lambda x: t * x, beta=lambda b: t * b))
    assert scaled * (t if problem.loss in CONSTRAINED else 1.0) == pytest.approx(optimum_of(problem), rel=INDEPENDENT)


@given(problems(losses=["squared"]), st.sampled_from([1e-6, 0.3, 1e6]))
def test_scaling_targets_and_beta_scales_the_optimum_by_the_square(problem, t):
    scaled = optimum_of(moved(problem, y=lambda y: t * y, beta=lambda b: t * b))
    assert scaled == pytest.approx(t**2 * optimum_of(problem), rel=INDEPENDENT)


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(problem, random):
    order = list(range(len(problem.y)))
    random.shuffle(order)
    shuffled = moved(problem, x=lambda x: x[order], y=lambda y: y[order])
    assert optimum_of(shuffled) == pytest.approx(optimum_of(problem), rel=INDEPENDENT)


@given(problems())
def test_every_point_twice_at_twice_the_beta_is_twice_the_problem(problem):
    twice = moved(problem, x=lambda x: np.vstack([x, x]), y=lambda y: np.tile(y, 2), beta=lambda b: 2 * b)
    factor = 1 if problem.loss in CONSTRAINED else 2
    assert optimum_of(twice) == pytest.approx(factor * optimum_of(problem), rel=INDEPENDENT)


@given(problems(losses=WITH_BETA))
def test_beta_max_is_where_the_first_neuron_appears(problem):
    top = cv.beta_max(problem.X, problem.y, problem.loss)
    assume(top > 1e-3)  # a hinge loss may need no neuron at any beta
    none = cv.solve(problem.X, problem.y, top * (1 + 1e-6), problem.loss)
    some = cv.solve(problem.X, problem.y, top * 0.98, problem.loss)
    assert none.certified
    assert none.network.penalty * top <= GAP * none.objective
    assert some.network.width > 0
    assert some.objective < none.objective


@pytest.mark.parametrize("k", [-3.0, 0.25, 1e4])
def test_a_straight_line_costs_its_slope_and_one_neuron(k):
    x = np.array([0.3, -1.0, 2.0, 0.7])
    solution = cv.solve(x[:, None], k * x + 5, loss="interpolate")
    assert_certified(x[:, None], k * x + 5, 1.0, "interpolate", solution)
    assert solution.network.width == 1
    assert solution.objective == pytest.approx(abs(k), rel=1e-9)


def spline_penalty(x, f):
    """R(f) = max(TV, (TV + |s_1 + s_last|) / 2)."""
    order = np.argsort(x)
    s = np.diff(f[order]) / np.diff(x[order])
    variation = np.abs(np.diff(s)).sum()
    return max(variation, (variation + abs(s[0] + s[-1])) / 2)


@given(problems(losses=["interpolate"]), st.floats(-3, 3).map(lambda tilt: round(tilt, 6)))
def test_interpolation_costs_R_and_so_says_a_linear_program(problem, tilt):
    x, y = problem.X[:, 0], problem.y + tilt * problem.X[:, 0]
    assume(np.diff(np.sort(x)).min() > 1e-3)
    Phi = ramps(x).T
    m = Phi.shape[1]
    columns = np.hstack([Phi, -Phi, np.ones((len(y), 1)), -np.ones((len(y), 1))])
    answer = linprog(np.r_[np.ones(2 * m), 0.0, 0.0], A_eq=columns, b_eq=y)
    assert spline_penalty(x, y) == pytest.approx(answer.fun, rel=INDEPENDENT)
    assert optimum(problem.X, y, 1.0, "interpolate") == pytest.approx(answer.fun, rel=INDEPENDENT)


@given(problems(losses=["interpolate"]))
def test_a_small_beta_approaches_interpolation(problem):
    assume(np.diff(np.sort(problem.X[:, 0])).min() > 1e-2)
    R = spline_penalty(problem.X[:, 0], problem.y)
    beta = 1e-7
    assert optimum(problem.X, problem.y, beta, "squared") == pytest.approx(beta * R, rel=1e-3)


@settings(max_examples=15)
@given(problems(losses=["hard_margin"]))
def test_a_small_beta_turns_the_hinge_loss_into_the_hard_margin(problem):
    """For beta below 1 / max a, with a the hard margin's multipliers, the two problems have the same networks."""
    hard = cv.solve(problem.X, problem.y, loss="hard_margin")
    assert_certified(problem.X, problem.y, 1.0, "hard_margin", hard)
    beta = 0.5 / np.abs(hard.v).max()
    assert optimum(problem.X, problem.y, beta, "hinge") == pytest.approx(beta * hard.objective, rel=INDEPENDENT)


@given(problems(losses=WITH_BETA))
def test_two_points_of_hinge_or_more_never_cost_more_than_the_best_constant(problem):
    y = problem.y
    constants = {"squared": ((y - y.mean()) ** 2).sum() / 2, "hinge": 2.0 * min((y > 0).sum(), (y < 0).sum())}
    if problem.loss == "logistic":
        p = (y > 0).mean()
        constants["logistic"] = -len(y) * (p * np.log(p) + (1 - p) * np.log(1 - p))
    assert optimum_of(problem) <= constants[problem.loss] * (1 + GAP)
