"""What must hold of every planar problem, whatever solved it: invariances, reduction of rank, the path's shape."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import GAP

import convexviz as cv

TWICE = 3 * GAP  # two certified optima of one value


def cloud(seed, n, loss):
    """Points in the plane with targets, or with labels of both classes, and a strength of decay that bites."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    y = rng.normal(size=n)
    if loss in LABELS:
        y = np.where(y > np.median(y), 1.0, -1.0)
    return X, y, 0.05 * n**0.5


cases = st.tuples(st.integers(0, 10**6), st.integers(4, 14), st.sampled_from(LOSS_NAMES))


def optimum(X, y, beta, loss):
    solution = cv.solve(X, y, beta, loss)
    assert solution.certified
    return solution.objective


@settings(max_examples=25)
@given(cases, st.floats(0, 2 * np.pi), st.floats(-30, 30))
def test_turning_mirroring_and_shifting_the_points_changes_nothing(case, angle, shift):
    X, y, beta = cloud(*case)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([1.0, -1.0])
    moved = X @ turn.T + shift
    assert optimum(moved, y, beta, case[2]) == pytest.approx(optimum(X, y, beta, case[2]), rel=TWICE)


@settings(max_examples=25)
@given(cases)
def test_every_point_twice_is_twice_the_loss(case):
    X, y, beta = cloud(*case)
    loss = case[2]
    twice = optimum(np.vstack([X, X]), np.tile(y, 2), 2 * beta, loss)
    factor = 1 if loss in CONSTRAINED else 2
    assert twice == pytest.approx(factor * optimum(X, y, beta, loss), rel=TWICE)


@settings(max_examples=25)
@given(cases, st.integers(3, 6))
def test_a_plane_in_more_dimensions_is_the_plane(case, d):
    X, y, beta = cloud(*case)
    rng = np.random.default_rng(case[0])
    basis = np.linalg.qr(rng.normal(size=(d, 2)))[0]
    lifted = X @ basis.T + rng.normal(size=d)
    solution = cv.solve(lifted, y, beta, case[2])
    assert solution.certified
    assert solution.objective == pytest.approx(optimum(X, y, beta, case[2]), rel=TWICE)
    assert solution.network.dimension == d


@settings(max_examples=25)
@given(cases)
def test_points_on_one_line_of_the_plane_are_points_on_the_line(case):
    X, y, beta = cloud(*case)
    z = X[:, 0]
    on_a_line = np.outer(z, [0.6, 0.8]) + np.array([3.0, -1.0])
    assert optimum(on_a_line, y, beta, case[2]) == pytest.approx(optimum(z[:, None], y, beta, case[2]), rel=TWICE)


@given(st.integers(0, 10**6), st.integers(4, 12), st.floats(0.1, 10))
def test_scaled_targets_and_decay_scale_the_objective(seed, n, t):
    X, y, beta = cloud(seed, n, "squared")
    assert optimum(X, t * y, t * beta, "squared") == pytest.approx(t**2 * optimum(X, y, beta, "squared"), rel=TWICE)


@pytest.mark.parametrize("loss", sorted(set(LOSS_NAMES) - set(CONSTRAINED)))
def test_the_objective_rises_with_beta_and_is_concave_and_the_weights_fall(loss):
    X, y, _ = cloud(5, 25, loss)
    top = cv.beta_max(X, y, loss)
    path = cv.regularization_path(X, y, betas=top * np.geomspace(1.0, 0.01, 12), loss=loss)
    betas, values = np.array([s.beta for s in path]), np.array([s.objective for s in path])
    weights = np.array([s.network.penalty for s in path])
    assert path[0].network.width == 0
    assert (np.diff(values) <= TWICE * values[:-1]).all()
    slopes = np.diff(values) / np.diff(betas)  # betas fall, so slopes rise
    assert (np.diff(slopes) >= -1e-3 * slopes[:-1]).all()
    assert (np.diff(weights) >= -1e-2 * weights[-1]).all()
