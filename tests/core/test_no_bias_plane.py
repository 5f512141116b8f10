"""Without biases in the plane every line passes through the origin: the sweep, and a program over all sectors."""

import cvxpy as cp
import numpy as np
import pytest
from certificates import CONSTRAINED
from hypothesis import given
from hypothesis import strategies as st
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.origin import OriginPlaneOracle


def directions(X):
    """Unit vectors on both sides of every angle at which a point changes sides, and between."""
    events = np.arctan2(X[:, 1], X[:, 0])[:, None] + np.pi / 2 * np.array([1.0, -1.0])
    events = np.sort(np.concatenate([events.ravel() % (2 * np.pi), [0.0]]))
    t = np.concatenate([events, (events + np.roll(events, -1)) / 2, np.linspace(0, 2 * np.pi, 2000)])
    return np.column_stack([np.cos(t), np.sin(t)])


@given(st.integers(0, 10**6), st.integers(1, 12), st.booleans())
def test_no_direction_beats_the_sweep_and_its_own_attain_it(seed, n, whole):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, 2)), rng.normal(size=n)
    X = np.round(X) if whole else X
    oracle = OriginPlaneOracle(X)
    values = np.maximum(directions(X) @ X.T, 0.0) @ v
    scale = np.abs(v) @ np.linalg.norm(X, axis=1) + 1e-300
    maximum = oracle.maximum(v)
    assert np.abs(values).max() <= maximum + 1e-12 * scale
    assert maximum <= np.abs(values).max() + 1e-4 * scale  # brute force misses peaks between its directions
    found, U, b, sign = oracle.violated(v, 0.5 * maximum, 3)
    assert found == maximum
    assert not b.any()
    heights = sign * (np.maximum(U @ X.T, 0.0) @ v)
    np.testing.assert_allclose(heights.max(initial=0.0), maximum, rtol=1e-9, atol=1e-12 * scale)


def sector_program(X, y, beta, loss):
    """Pilanci & Ergen (2020) without biases: a cone-constrained pair of vectors per sector of directions."""
    patterns = np.unique(directions(X) @ X.T > 0, axis=0)
    f, penalty, constraints = 0, 0, []
    for pattern in patterns[patterns.any(axis=1)]:
        flip = np.where(pattern, 1.0, -1.0)
        for sign in (1.0, -1.0):
            z = cp.Variable(2)
            f = f + sign * cp.multiply(pattern.astype(float), X @ z)
            penalty += cp.norm2(z)
            constraints.append(cp.multiply(flip, X @ z) >= 0)
    terms = {
        "squared": 0.5 * cp.sum_squares(f - y),
        "hinge": cp.sum(cp.pos(1 - cp.multiply(y, f))),
        "logistic": cp.sum(cp.logistic(-cp.multiply(y, f))),
        "huber": 0.5 * cp.sum(cp.huber(f - y)),
        "quantile": 0.5 * cp.norm1(f - y),
    }
    if loss == "interpolate":
        constraints.append(f == y)
    if loss == "hard_margin":
        constraints.append(cp.multiply(y, f) >= 1)
    problem = cp.Problem(
        cp.Minimize(terms.get(loss, 0.0) + (1.0 if loss in CONSTRAINED else beta) * penalty), constraints
    )
    problem.solve(solver=cp.CLARABEL)
    return float(problem.value)


def data(seed, n, loss):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    y = rng.normal(size=n)
    return X, np.where(np.arange(n) % 2, 1.0, -1.0) if LOSSES[loss].classification else y


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_program_over_all_sectors_has_the_same_optimum(loss, seed):
    X, y = data(seed, 8, loss)
    solution = cv.solve(X, y, 0.1, loss, bias=False)
    assert solution.certified
    assert solution.objective == pytest.approx(sector_program(X, y, 0.1, loss), rel=10 * INDEPENDENT)
    assert not solution.network.b.any()
    assert solution.network.c == 0.0
    assert "no biases" in solution.method


def test_a_plane_through_the_origin_in_five_dimensions_is_the_plane():
    X, y = data(3, 15, "squared")
    basis = np.linalg.qr(np.random.default_rng(4).normal(size=(5, 2)))[0]
    flat, lifted = cv.solve(X, y, 0.1, bias=False), cv.solve(X @ basis.T, y, 0.1, bias=False)
    assert lifted.objective == pytest.approx(flat.objective, rel=2 * GAP)
    assert lifted.certified
    assert not lifted.network.b.any()


def test_a_line_through_the_origin_is_the_line_and_one_beside_it_is_not():
    z, y = np.array([-2.0, -0.5, 1.0, 3.0]), np.array([1.0, 0.0, 2.0, -1.0])
    along = np.array([0.6, 0.8])
    line = cv.solve(z[:, None], y, 0.1, bias=False)
    assert cv.solve(np.outer(z, along), y, 0.1, bias=False).objective == pytest.approx(line.objective, rel=2 * GAP)
    beside = cv.solve(np.outer(z, along) + np.array([2.0, -1.5]), y, 0.1, bias=False)
    assert beside.certified
    assert abs(beside.objective - line.objective) > 1e-3


def test_antipodal_targets_whose_difference_is_not_linear_are_refused():
    half = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])  # f(x) - f(-x) is linear in x for every bias-free network
    X = np.vstack([half, -half])
    with pytest.raises(cv.Infeasible, match=r"without biases.*Use bias=True"):
        cv.solve(X, np.array([1.0, 1.0, -5.0, 0.0, 0.0, 0.0]), loss="interpolate", bias=False)
    fits = cv.solve(X, np.array([1.0, 1.0, 2.0, 0.0, 0.0, 0.0]), loss="interpolate", bias=False)
    assert fits.certified
    assert fits.objective == pytest.approx(np.sqrt(2.0), rel=10 * SAME + GAP)  # the one neuron (x1 + x2)_+
