"""Without biases the line has two neurons, (x)_+ and (-x)_+: two one-dimensional problems with closed forms."""

import cvxpy as cp
import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import given
from hypothesis import strategies as st
from problems import problems
from tolerances import GAP, INDEPENDENT

import convexviz as cv

slopes = st.floats(-5, 5).map(lambda slope: round(slope, 6))  # what is below 1e-150 is refused


def soft_threshold(z, y, beta):
    """min_w 1/2 ||w z - y||^2 + beta |w|: (w, value)."""
    if not z.any():
        return 0.0, (y @ y) / 2
    w = np.sign(z @ y) * max(abs(z @ y) - beta, 0.0) / (z @ z)
    return w, ((w * z - y) @ (w * z - y)) / 2 + beta * abs(w)


@given(problems(losses=["squared"]))
def test_squared_loss_is_two_soft_thresholds(problem):
    x, y, beta = problem.X[:, 0], problem.y, problem.beta
    sides = [soft_threshold(np.abs(x[side]), y[side], beta) for side in (x > 0, x < 0)]
    solution = cv.solve(problem.X, y, beta, bias=False)
    assert solution.objective == pytest.approx(sides[0][1] + sides[1][1], rel=INDEPENDENT)
    assert solution.certified
    assert not solution.network.b.any()
    assert solution.network.c == 0
    weights = dict(zip(solution.network.U[:, 0], solution.network.w, strict=True))
    assert weights.get(1.0, 0.0) == pytest.approx(sides[0][0], abs=1e-4)
    assert weights.get(-1.0, 0.0) == pytest.approx(sides[1][0], abs=1e-4)


@given(problems(losses=["hinge", "logistic"]))
def test_hinge_and_logistic_agree_with_cvxpy(problem):
    x, y, beta = problem.X[:, 0], problem.y, problem.beta
    w = cp.Variable(2)
    margin = cp.multiply(y, np.maximum(np.column_stack([x, -x]), 0) @ w)
    term = cp.sum(cp.pos(1 - margin)) if problem.loss == "hinge" else cp.sum(cp.logistic(-margin))
    theirs = cp.Problem(cp.Minimize(term + beta * cp.norm1(w))).solve(solver=cp.CLARABEL)
    solution = cv.solve(problem.X, y, beta, problem.loss, bias=False)
    assert solution.objective == pytest.approx(theirs, rel=10 * INDEPENDENT)
    assert solution.gap <= GAP


@given(slopes, slopes, st.sampled_from([1e-6, 1.0, 1e6]))
def test_two_rays_through_the_origin_are_interpolated_at_their_slopes(right, left, unit):
    x = np.array([-2.0, -1.0, 1.0, 3.0]) * unit
    y = right * np.maximum(x, 0) + left * np.maximum(-x, 0)
    solution = cv.solve(x[:, None], y, loss="interpolate", bias=False)
    assert solution.objective == pytest.approx(abs(right) + abs(left), rel=INDEPENDENT, abs=1e-7)


def test_a_hard_margin_without_bias_is_set_by_the_nearest_point_of_each_side():
    x, y = np.array([0.5, 2.0, -0.25, -3.0]), np.array([1.0, 1.0, -1.0, -1.0])
    solution = cv.solve(x[:, None], y, loss="hard_margin", bias=False)
    assert solution.objective == pytest.approx(1 / 0.5 + 1 / 0.25, rel=INDEPENDENT)
    assert solution.certified


@pytest.mark.parametrize("loss", CONSTRAINED)
def test_what_two_rays_cannot_reach_is_refused(loss):
    y = np.array([1.0, -1.0, 1.0])
    with pytest.raises(cv.Infeasible, match=r"No network satisfies .*bias=True"):
        cv.solve(np.array([[1.0], [2.0], [3.0]]), y, loss=loss, bias=False)


@pytest.mark.parametrize("loss", [name for name in LOSS_NAMES if name not in CONSTRAINED])
def test_data_at_the_origin_sees_no_neuron(loss):
    y = np.array([1.0, -1.0, 1.0])
    solution = cv.solve(np.zeros((3, 1)), y, 0.1, loss, bias=False)
    expected = {"squared": 1.5, "hinge": 3.0, "logistic": 3 * np.log(2)}[loss]
    assert solution.objective == pytest.approx(expected)
    assert solution.certified
    assert loss in LABELS or solution.network.width == 0
