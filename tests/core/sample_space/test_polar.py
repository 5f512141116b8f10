"""The gauge of C by three routes, its contact points, and the polar set against dense sampling."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tolerances import CONSTRAINT, INDEPENDENT

import convexviz as cv
from convexviz.core.geometry.sampled import SampledOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.sample_space.polar import gauge_of
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

SHAPES = [(2, 2), (3, 2), (2, 3), (3, 3), (4, 3), (5, 2)]
SOLVED = 2e-7  # violation of a cut: a linear program keeps its constraints to 1e-7


def dense(rng, k, d):
    U = rng.normal(size=(k, d))
    return U / np.linalg.norm(U, axis=1)[:, None]


def group_program(X, y, rng):
    """min sum ||z|| over a pair of cone-constrained vectors per pattern with f(X) = y (Pilanci & Ergen 2020)."""
    patterns = np.unique(dense(rng, 100_000, X.shape[1]) @ X.T > 0, axis=0)
    f, penalty, constraints = 0, 0, []
    for pattern in patterns[patterns.any(axis=1)]:
        for sign in (1.0, -1.0):
            z = cp.Variable(X.shape[1])
            f = f + sign * cp.multiply(pattern.astype(float), X @ z)
            penalty += cp.norm2(z)
            constraints.append(cp.multiply(np.where(pattern, 1.0, -1.0), X @ z) >= 0)
    problem = cp.Problem(cp.Minimize(penalty), [*constraints, f == y])
    return float(problem.solve(solver=cp.CLARABEL))


def zoom(X, v, U, rng):
    """High points q of v . (Xu)_+, one begun in every cell, by random search in ever smaller balls."""
    heights = np.maximum(U @ X.T, 0.0) @ v
    order = np.argsort(-heights)
    _, first = np.unique(U[order] @ X.T > 0, axis=0, return_index=True)
    at = U[order][first]
    for radius in np.geomspace(0.1, 1e-9, 60):
        near = at[:, None, :] + radius * rng.normal(size=(len(at), 80, X.shape[1]))
        near = np.concatenate([at[:, None, :], near / np.linalg.norm(near, axis=2, keepdims=True)], axis=1)
        best = (np.maximum(near @ X.T, 0.0) @ v).argmax(axis=1)
        at = near[np.arange(len(at)), best]
    return np.maximum(at @ X.T, 0.0)


def polar_program(X, y, rng):
    """max y . v over |v . q| <= 1 by cutting planes: a linear program over few q, then those it violates most."""
    U = dense(rng, 20_000, X.shape[1])
    Q = np.maximum(U[:200] @ X.T, 0.0)
    for _ in range(60):
        rows = np.vstack([Q, -Q])
        v = linprog(-y, A_ub=rows, b_ub=np.ones(len(rows)), bounds=(None, None)).x
        worst = np.vstack([zoom(X, v, U, rng), zoom(X, -v, U, rng)])
        violation = np.abs(worst @ v) - 1
        if violation.max() <= SOLVED:
            return float(y @ v)
        Q = np.vstack([Q, worst[violation > 0]])
    raise AssertionError("the cutting planes of the test did not end")


@pytest.mark.parametrize("shape", SHAPES)
def test_three_routes_to_the_gauge_agree(shape):
    rng = np.random.default_rng(10 * shape[0] + shape[1])
    X, y = rng.normal(size=shape), rng.normal(size=shape[0])
    gauge = RectifiedEllipsoid(X).gauge(y)
    assert gauge.value == pytest.approx(group_program(X, y, rng), rel=INDEPENDENT)
    assert gauge.value == pytest.approx(polar_program(X, y, rng), rel=INDEPENDENT)
    assert gauge.lower <= gauge.value * (1 + 1e-12)
    assert gauge.gap <= INDEPENDENT


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([*SHAPES, (4, 1), (5, 4), (1, 3)]), st.booleans())
def test_the_network_attains_the_gauge_and_v_proves_it(seed, shape, whole):
    rng = np.random.default_rng(seed)
    X = np.round(1.5 * rng.normal(size=shape)) if whole else rng.normal(size=shape)
    Q = np.maximum(dense(rng, 3000, shape[1]) @ X.T, 0.0)
    y = Q[:4].T @ rng.normal(size=4)  # in the span of C, whatever X
    body = RectifiedEllipsoid(X)
    gauge = body.gauge(y)
    size = np.abs(y).max(initial=1e-300)
    assert gauge.network.penalty == pytest.approx(gauge.value, rel=1e-12, abs=1e-300)
    np.testing.assert_allclose(gauge.network.predict(X), y, atol=CONSTRAINT * size)
    assert not gauge.network.b.any()
    assert gauge.network.c == 0.0
    assert float(y @ gauge.v) == pytest.approx(gauge.lower, rel=1e-9, abs=1e-9 * size)
    assert np.abs(Q @ gauge.v).max() <= 1 + 1e-9
    assert gauge.value - gauge.lower <= 1e-6 * gauge.value
    assert not gauge.outside.any()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(2, 2), (3, 2), (3, 3)]))
def test_the_gauge_is_a_norm(seed, shape):
    rng = np.random.default_rng(seed)
    body = RectifiedEllipsoid(rng.normal(size=shape))
    a, b = rng.normal(size=(2, shape[0]))
    ga, gb, gsum = (body.gauge(y).value for y in (a, b, a + b))
    assert gsum <= (ga + gb) * (1 + 1e-7)
    assert body.gauge(-3.0 * a).value == pytest.approx(3.0 * ga, rel=1e-7)


def test_whitened_data_split_the_target_into_its_parts():
    rng = np.random.default_rng(1)
    X, y = np.linalg.qr(rng.normal(size=(6, 4)))[0].T, np.array([1.0, -2.0, 0.5, -0.3])
    gauge = RectifiedEllipsoid(X).gauge(y)
    parts = np.linalg.norm(np.maximum(y, 0.0)) + np.linalg.norm(np.maximum(-y, 0.0))
    assert gauge.value == pytest.approx(parts, rel=1e-8)
    assert gauge.network.width == 2


def test_a_plane_in_five_dimensions_and_the_general_oracle_in_the_plane():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(4, 2)), rng.normal(size=4)
    lifted = X @ np.linalg.qr(rng.normal(size=(5, 2)))[0].T
    flat = RectifiedEllipsoid(X)
    gauge = flat.gauge(y)
    assert RectifiedEllipsoid(lifted).gauge(y).value == pytest.approx(gauge.value, rel=1e-8)
    general = gauge_of(X, X, np.eye(2), y, flat.span, PatternOracle(X))
    assert general.value == pytest.approx(gauge.value, rel=1e-8)


def test_rank_one_is_what_the_solver_finds():
    z, a = np.array([2.0, -1.0, 0.5, 0.0]), np.array([0.6, 0.8])
    y = 1.5 * np.maximum(z, 0) - 0.5 * np.maximum(-z, 0)
    gauge = RectifiedEllipsoid(np.outer(z, a)).gauge(y)
    solution = cv.solve(np.outer(z, a), y, loss="interpolate", bias=False)
    assert gauge.value == pytest.approx(solution.objective, rel=1e-7) == pytest.approx(2.0)
    assert gauge.network.width == 2


def test_without_an_exact_oracle_the_gauge_is_an_upper_bound_without_proof():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(4, 3)), rng.normal(size=4)
    body = RectifiedEllipsoid(X)
    few = SampledOracle(X, rng.normal(size=(3, 3)))
    sampled = gauge_of(X, X, np.eye(3), y, body.span, few)
    assert sampled.value >= body.gauge(y).value * (1 - 1e-8)
    assert sampled.lower == -np.inf
    np.testing.assert_allclose(sampled.network.predict(X), y, atol=1e-8)


@pytest.mark.parametrize(
    ("X", "y", "sample"),
    [
        (np.array([[1.0, 0.0], [0.0, 0.0]]), [1.0, 0.5], 2),
        (np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 2.0]]), [0.0, 1.0, 1.0], 2),
        (np.array([[1.0], [2.0], [-1.0]]), [1.0, 0.0, 3.0], 1),
        (np.vstack([np.eye(3), np.zeros(3)]), [1.0, 0.0, 3.0, -0.2], 4),
    ],
)
def test_targets_that_no_network_takes(X, y, sample):
    y = np.array(y)
    body = RectifiedEllipsoid(X)
    gauge = body.gauge(y)
    assert gauge.value == gauge.lower == np.inf
    assert gauge.network is None
    assert f"sample {sample}" in gauge.reason
    Q = np.maximum(dense(np.random.default_rng(0), 1000, X.shape[1]) @ X.T, 0.0)
    assert np.abs(Q @ gauge.v).max() <= 1e-12  # v runs to infinity inside the polar, along it y . v grows
    assert y @ gauge.v > 0.1
    assert body.gauge(y - gauge.outside).network is not None
    with pytest.raises(ValueError, match=r"in the span of C.*move them"):
        body.contact(y)


def test_repeated_and_silent_samples_bind_nothing_that_agrees():
    X = np.array([[1.0, 0.2, 0.1], [1.0, 0.2, 0.1], [0.0, 0.0, 0.0], [-0.5, 1.0, 0.3], [0.2, 0.1, 1.0]])
    y = np.array([0.3, 0.3, 0.0, -1.0, 2.0])
    gauge = RectifiedEllipsoid(X).gauge(y)
    np.testing.assert_allclose(gauge.network.predict(X), y, atol=1e-8)
    weighted = RectifiedEllipsoid(X[[0, 3, 4]]).gauge(y[[0, 3, 4]])
    assert gauge.value == pytest.approx(weighted.value, rel=1e-8)


def test_zero_costs_nothing():
    gauge = RectifiedEllipsoid(np.eye(3)).gauge(np.zeros(3))
    assert gauge.value == gauge.lower == 0.0
    assert gauge.network.width == 0
    with pytest.raises(ValueError, match="must not be zero"):
        RectifiedEllipsoid(np.eye(3)).contact(np.zeros(3))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SHAPES))
def test_the_hyperplane_supports_C_and_touches_it_at_the_neurons(seed, shape):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=shape), rng.normal(size=shape[0])
    body = RectifiedEllipsoid(X)
    contact = body.contact(y)
    assert float(contact.v @ contact.point) == pytest.approx(1.0, abs=1e-7)
    assert body.support(np.array([contact.v, -contact.v])).max() <= 1 + 1e-9
    assert np.abs(contact.w).sum() == pytest.approx(1.0)
    np.testing.assert_allclose(np.abs(contact.w) @ contact.q, contact.point, atol=1e-8 * np.abs(y).max())
    np.testing.assert_allclose(contact.q, np.sign(contact.w)[:, None] * np.maximum(contact.U @ X.T, 0.0), atol=1e-12)
    heavy = np.abs(contact.w) > 1e-3
    np.testing.assert_allclose(contact.q[heavy] @ contact.v, 1.0, atol=1e-5)
    assert body.gauge(contact.point).value == pytest.approx(1.0, rel=1e-7)


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (3, 3)])
def test_the_polar_touches_every_slab_and_leaves_none(shape):
    rng = np.random.default_rng(4)
    X = rng.normal(size=shape)
    polar = RectifiedEllipsoid(X).polar_boundary(80 if shape[0] == 2 else 20)
    Q = np.maximum(dense(rng, 20_000, shape[1]) @ X.T, 0.0)
    points = polar.points.reshape(-1, shape[0])
    assert polar.bounded
    assert np.isfinite(points).all()
    reached = np.linalg.norm(points, axis=1) < polar.reach
    widest = np.abs(Q @ points.T).max(axis=0)
    assert widest.max() <= 1 + 1e-9
    assert widest[reached].min() >= 1 - 1e-2
    np.testing.assert_array_equal(polar.points[..., 0, :], polar.points[..., -1, :])


def test_the_polar_of_whitened_data_is_two_quarter_discs_and_a_square():
    polar = RectifiedEllipsoid(np.eye(2)).polar_boundary(100)
    v = polar.points
    same = v.prod(axis=1) > 0
    np.testing.assert_allclose(np.linalg.norm(v[same], axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(np.abs(v[~same]).max(axis=1), 1.0, rtol=1e-12)


@pytest.mark.parametrize(
    "X", [np.array([[1.0, 0.0], [0.0, 0.0]]), np.outer([1.0, 2.0], [1.0, 1.0]), np.zeros((2, 2)), np.ones((3, 3))]
)
def test_an_unbounded_polar_is_cut_off_and_says_so(X):
    polar = RectifiedEllipsoid(X).polar_boundary(33)
    size = np.linalg.norm(polar.points, axis=-1)
    assert not polar.bounded
    assert np.isfinite(polar.points).all()
    assert size.max() <= polar.reach * (1 + 1e-12)


def test_the_oracle_names_violated_neurons_at_their_heights():
    rng = np.random.default_rng(5)
    X, v = rng.normal(size=(5, 3)), rng.normal(size=5)
    oracle = PatternOracle(X)
    M = oracle.maximum(v)
    assert float(RectifiedEllipsoid(X).support(np.array([v, -v])).max()) == pytest.approx(M)
    found, U, b, sign = oracle.violated(v, 0.3 * M, 4)
    heights = sign * (np.maximum(U @ X.T, 0.0) @ v)
    assert found == pytest.approx(M) == pytest.approx(heights.max())
    assert heights.min() > 0.3 * M
    assert max((sign > 0).sum(), (sign < 0).sum()) <= 4
    assert not b.any()
    assert len(oracle.violated(v, 1.1 * M, 4)[1]) == 0
