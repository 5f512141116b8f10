"""The least-norm function of the tangent kernel: cvxpy finds no better one, and its optimality conditions hold."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

import convexviz as cv
from convexviz.core.errors import SolveError
from convexviz.core.line.kernel_matrix import kernel_matrix
from convexviz.core.rivals.least_norm import least_norm

BETA = 0.05


def data(name: str) -> tuple[np.ndarray, np.ndarray]:
    made = cv.datasets.load(name, 12, 0.1, 0)
    return made.X, made.y


def by_cvxpy(X: np.ndarray, y: np.ndarray, loss: str) -> float:
    """The optimal value of the program as written."""
    Theta = cv.tangent_kernel(X)
    root = np.linalg.cholesky(Theta + 1e-13 * np.eye(len(y)))
    alpha = cp.Variable(len(y))
    f, half = Theta @ alpha, cp.sum_squares(root.T @ alpha) / 2
    term = {"hinge": cp.sum(cp.pos(1 - cp.multiply(y, f))), "squared": cp.sum_squares(f - y) / 2}
    limits = {"hard_margin": [cp.multiply(y, f) >= 1]}
    cost = term[loss] + BETA * half if loss in term else half
    return float(cp.Problem(cp.Minimize(cost), limits.get(loss, [])).solve(solver=cp.CLARABEL))


@pytest.mark.parametrize(
    ("name", "loss"),
    [("three_bands", "hard_margin"), ("interleaved", "hard_margin"), ("gaussians", "hinge"), ("sine", "squared")],
)
def test_no_function_of_the_space_is_better(name: str, loss: str) -> None:
    X, y = data(name)
    fit = least_norm(X, y, loss, BETA)
    term = {"hinge": np.maximum(1 - y * fit.values, 0).sum(), "squared": ((fit.values - y) ** 2).sum() / 2}
    mine = term[loss] + BETA * fit.norm**2 / 2 if loss in term else fit.norm**2 / 2
    assert mine == pytest.approx(by_cvxpy(X, y, loss), rel=1e-6)
    np.testing.assert_allclose(fit.predict(X), fit.values)


def test_the_hard_margin_is_met_and_touched_where_alpha_is_not_zero() -> None:
    X, y = data("interleaved")
    fit = least_norm(X, y, "hard_margin")
    margins = y * fit.values
    assert margins.min() >= 1 - 1e-12
    assert (y * fit.alpha >= 0).all()
    np.testing.assert_allclose(margins[fit.alpha != 0], 1.0, atol=1e-6)
    assert 0 < (fit.alpha != 0).sum() < len(y)


@pytest.mark.parametrize("name", ["interleaved", "three_bands", "gaussians", "point_between"])
@pytest.mark.parametrize("n", [5, 40])
@pytest.mark.parametrize("seed", range(4))
def test_the_hard_margin_has_an_answer_for_any_labels(name: str, n: int, seed: int) -> None:
    made = cv.datasets.load(name, n, 0.1, seed)
    fit = least_norm(made.X, made.y, "hard_margin")
    margins = made.y * fit.values
    assert margins.min() >= 1 - 1e-9
    np.testing.assert_allclose(np.abs(fit.alpha).sum(), fit.norm**2, rtol=1e-6)  # no gap to its dual


def test_points_that_coincide_share_their_part() -> None:
    X, y = np.array([[-1.0], [-1.0], [0.0], [1.0]]), np.array([-1.0, -1.0, 1.0, -1.0])
    once = least_norm(X[1:], y[1:], "hard_margin")
    np.testing.assert_allclose(least_norm(X, y, "hard_margin").predict(X), once.predict(X), atol=1e-6)
    both = least_norm(np.array([[0.0], [0.0], [1.0]]), np.array([-1.0, 1.0, 1.0]), "hinge", BETA)
    assert np.isfinite(both.alpha).all()


def test_interpolation_passes_through_the_targets() -> None:
    X, y = data("sine")
    fit = least_norm(X, y, "interpolate")
    np.testing.assert_allclose(fit.values, y, atol=1e-9)
    assert (np.abs(fit.alpha) > 0).all()


def test_its_output_weights_on_the_line_are_those_of_the_kernel_matrix() -> None:
    """Training moves the output weight of (g.x~)_+ by sum_i alpha_i (g.x~_i)_+."""
    X, y = data("three_bands")
    alpha, x = least_norm(X, y, "hard_margin").alpha, X[:, 0]
    gain = kernel_matrix(x).T @ alpha
    for k, u in ((4, 1.0), (7, -1.0)):
        g = 3.0 * np.array([u, -u * x[k]])  # a neuron of any length whose kink is at x_k
        moved = alpha @ np.maximum(np.column_stack([x, np.ones(len(x))]) @ g, 0.0)
        assert moved == pytest.approx(3.0 * gain[k if u > 0 else len(x) + k], rel=1e-9)


def test_what_it_is_not_known_for_is_refused_with_a_remedy() -> None:
    X, y = data("three_bands")
    with pytest.raises(ValueError, match="known for squared, hinge"):
        least_norm(X, y, "logistic")
    with pytest.raises(ValueError, match="ridge > 0"):
        least_norm(np.array([[0.0], [0.0], [1.0]]), np.array([0.0, 1.0, 2.0]), "interpolate")
    with pytest.raises(SolveError, match="hinge"):
        least_norm(np.array([[0.0], [0.0], [1.0]]), np.array([-1.0, 1.0, 1.0]), "hard_margin")
