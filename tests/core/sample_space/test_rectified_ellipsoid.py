"""Support function and outlines of the rectified ellipsoid: dense sampling, cvxpy per pattern, closed forms."""

from itertools import product

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import INDEPENDENT, SAME

from convexviz.core.oracles.origin import OriginPlaneOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

SHAPES = [(2, 2), (3, 2), (2, 3), (3, 3), (4, 3), (5, 2), (5, 4), (4, 1)]


def sphere_sample(rng, k, d):
    U = rng.normal(size=(k, d))
    return U / np.linalg.norm(U, axis=1)[:, None]


def points_of_Q(X, U):
    return np.maximum(U @ X.T, 0.0)


def normals(k):
    t = np.linspace(0, 2 * np.pi, k)
    return np.column_stack([np.cos(t), np.sin(t)])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SHAPES), st.booleans())
def test_no_sample_beats_the_support_and_its_point_attains_it(seed, shape, whole):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape)
    X = np.round(1.5 * X) if whole else X
    V = rng.normal(size=(4, shape[0]))
    body = RectifiedEllipsoid(X)
    h = body.support(V)
    scale = np.abs(V).sum() * np.linalg.norm(X) + 1e-300
    dense = points_of_Q(X, sphere_sample(rng, 4000, shape[1])) @ V.T
    assert body.exact
    assert (dense.max(axis=0) <= h + 1e-12 * scale).all()
    assert (h - np.maximum(dense.max(axis=0), 0.0) <= 0.05 * scale).all()  # what 4000 directions miss
    for v, value in zip(V, h, strict=True):
        point = body.support_point(v)
        np.testing.assert_allclose(point.q, np.maximum(X @ point.u, 0.0), atol=0)
        assert point.value == pytest.approx(value, abs=1e-12 * scale)
        assert point.value == pytest.approx(float(v @ point.q), abs=1e-12 * scale)
        assert np.linalg.norm(point.u) == pytest.approx(1.0 if value > 0 else 0.0)


def largest_by_cones(X, v):
    """max over all sign patterns of max v . DXu over {(2D - 1) Xu >= 0, ||u|| <= 1}, each a program of its own."""
    best = 0.0
    for pattern in product([0.0, 1.0], repeat=len(X)):
        D = np.array(pattern)
        u = cp.Variable(X.shape[1])
        problem = cp.Problem(cp.Maximize((D * v) @ X @ u), [cp.multiply(2 * D - 1, X @ u) >= 0, cp.norm2(u) <= 1])
        best = max(best, float(problem.solve(solver=cp.CLARABEL)))
    return best


@pytest.mark.parametrize("shape", SHAPES[:7])
def test_support_is_the_largest_of_the_cone_programs(shape):
    rng = np.random.default_rng(sum(shape))
    X, v = rng.normal(size=shape), rng.normal(size=shape[0])
    body = RectifiedEllipsoid(X)
    assert body.support(v[None, :])[0] == pytest.approx(largest_by_cones(X, v), rel=INDEPENDENT, abs=INDEPENDENT)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 4), st.booleans())
def test_faces_and_least_squares_on_the_cones_agree(seed, n, d, whole):
    rng = np.random.default_rng(seed)
    X = np.round(1.5 * rng.normal(size=(n, d))) if whole else rng.normal(size=(n, d))
    V = rng.normal(size=(3, n))
    oracle = PatternOracle(X)
    peaks = [oracle.peak(v) for v in V]
    np.testing.assert_allclose(RectifiedEllipsoid(X).support(V), [height for height, _ in peaks], rtol=1e-9, atol=1e-9)
    for v, (height, u) in zip(V, peaks, strict=True):
        assert float(v @ np.maximum(X @ u, 0.0)) == pytest.approx(height, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_in_the_plane_the_angular_sweep_agrees(seed, n):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, 2)), rng.normal(size=n)
    both = RectifiedEllipsoid(X).support(np.array([v, -v]))
    assert both.max() == pytest.approx(OriginPlaneOracle(X).maximum(v), rel=SAME)


def test_orthonormal_rows_have_the_norm_of_the_positive_part_for_support():
    rng = np.random.default_rng(0)
    for n in (3, 10):  # all faces of ten rows are too many, their cells are not
        X = np.linalg.qr(rng.normal(size=(n + 2, n)))[0].T
        V = rng.normal(size=(3, n))
        body = RectifiedEllipsoid(X)
        assert body.exact
        np.testing.assert_allclose(body.support(V), np.linalg.norm(np.maximum(V, 0.0), axis=1), rtol=1e-9)
        assert body.support_point(V[0]).value == pytest.approx(np.linalg.norm(np.maximum(V[0], 0.0)))


def test_where_nothing_is_above_zero_the_origin_supports():
    body = RectifiedEllipsoid(np.random.default_rng(1).normal(size=(3, 2)))
    point = body.support_point([-1.0, -2.0, -0.5])
    assert point.value == 0.0
    assert not point.u.any()
    assert not point.q.any()
    assert RectifiedEllipsoid(np.zeros((2, 3))).support(np.eye(2)).tolist() == [0.0, 0.0]


def test_many_samples_are_sampled_and_said_so():
    rng = np.random.default_rng(2)
    X, v = rng.normal(size=(24, 6)), rng.normal(size=24)
    body = RectifiedEllipsoid(X)
    point = body.support_point(v)
    assert not body.exact
    assert point.value == pytest.approx(float(v @ np.maximum(X @ point.u, 0.0)))
    assert np.linalg.norm(point.u) == pytest.approx(1.0)
    assert point.value >= (points_of_Q(X, sphere_sample(rng, 4000, 6)) @ v).max()


def test_turning_the_inputs_or_lifting_a_plane_changes_nothing():
    rng = np.random.default_rng(3)
    X, V = rng.normal(size=(4, 2)), rng.normal(size=(6, 4))
    lifted = X @ np.linalg.qr(rng.normal(size=(5, 2)))[0].T
    body = RectifiedEllipsoid(lifted)
    np.testing.assert_allclose(body.support(V), RectifiedEllipsoid(X).support(V), rtol=1e-12)
    assert body.rank == 2
    q = body.support_point(V[0])
    np.testing.assert_allclose(np.maximum(lifted @ q.u, 0.0), q.q, atol=1e-14)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 4), (3, 3), (3, 5), (4, 2)])
def test_outlines_are_images_of_unit_directions(shape):
    X = np.random.default_rng(4).normal(size=shape)
    body = RectifiedEllipsoid(X)
    Q, E = body.boundary(41), body.ellipsoid(41)
    assert Q.is_curve == (body.rank == 2)
    assert Q.points.shape == ((41, shape[0]) if body.rank == 2 else (41, 41, shape[0]))
    np.testing.assert_allclose(np.linalg.norm(Q.U, axis=-1), 1.0)
    np.testing.assert_allclose(E.points, E.U @ X.T, atol=1e-12)
    np.testing.assert_allclose(Q.points, np.maximum(E.points, 0.0), atol=0)
    np.testing.assert_array_equal(Q.points[..., 0, :], Q.points[..., -1, :])


def test_the_curve_hits_the_directions_where_a_sample_goes_silent():
    X = np.random.default_rng(5).normal(size=(3, 2))
    z = RectifiedEllipsoid(X).ellipsoid(60).points
    assert (np.isclose(z, 0.0, atol=1e-13).sum(axis=0) >= 2).all()


def test_data_on_a_line_give_a_pair_of_segments():
    Q = RectifiedEllipsoid(np.outer([2.0, -1.0], [0.6, 0.8])).boundary(81)
    assert np.isclose(Q.points.max(axis=0), [2.0, 1.0]).all()
    assert (Q.points.min(axis=1) == 0).all()


@pytest.mark.parametrize("shape", [(2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3), (3, 4)])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_hull_has_the_support_of_both_halves(shape, seed):
    rng = np.random.default_rng(seed)
    body = RectifiedEllipsoid(rng.normal(size=shape))
    hull = body.hull_boundary(200 if shape[0] == 2 else 40)
    phi = sphere_sample(rng, 300, shape[0])
    exact = np.maximum(body.support(phi), body.support(-phi))
    drawn = (hull.points @ phi.T).max(axis=0)
    assert (drawn <= exact * (1 + 1e-12) + 1e-12).all()
    assert (drawn >= exact - 2e-2 * exact.max()).all()
    for p in hull.points[:: max(1, len(hull.points) // 10)]:  # every vertex lies on the boundary of C
        gauge = body.gauge(p).value
        assert gauge == pytest.approx(1.0, abs=1e-6)


def test_the_polygon_is_closed_and_counterclockwise_with_its_exact_corners():
    body = RectifiedEllipsoid(np.array([[2.0], [-1.0]]))
    hull = body.hull_boundary(30)
    assert hull.triangles is None
    np.testing.assert_array_equal(hull.points[0], hull.points[-1])
    assert {tuple(p) for p in np.round(hull.points, 12).tolist()} == {(2, 0), (0, 1), (-2, 0), (0, -1)}
    x, y = hull.points.T
    assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2 == pytest.approx(4.0)


def test_triangles_look_outward_and_close_the_solid():
    hull = RectifiedEllipsoid(np.diag([1.0, 2.0, 3.0])).hull_boundary(40)
    a, b, c = (hull.points[hull.triangles[:, k]] for k in range(3))
    signed = np.einsum("td,td->t", a, np.cross(b, c)) / 6
    assert signed.min() >= -1e-12
    edges = np.sort(np.concatenate([hull.triangles[:, [0, 1]], hull.triangles[:, [1, 2]], hull.triangles[:, [2, 0]]]))
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    unit_hull = RectifiedEllipsoid(np.eye(3)).hull_boundary(40)
    a, b, c = (unit_hull.points[unit_hull.triangles[:, k]] for k in range(3))
    volume = np.einsum("td,td->t", a, np.cross(b, c)).sum() / 6
    assert signed.sum() == pytest.approx(6 * volume, rel=1e-2)  # stretched by 1, 2 and 3


def test_flat_hulls():
    segment = RectifiedEllipsoid(np.array([[1.0, 0.0], [0.0, 0.0]])).hull_boundary(20)
    np.testing.assert_allclose(np.sort(segment.points[:2, 0]), [-1.0, 1.0])
    plane = RectifiedEllipsoid(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])).hull_boundary(20)
    assert not plane.points[:, 1].any()
    assert plane.triangles.max() == len(plane.points) - 1
    line = RectifiedEllipsoid(np.array([[1.0], [2.0], [2.0]])).hull_boundary(20)
    np.testing.assert_allclose(np.abs(line.points), [[1.0, 2.0, 2.0]] * 2)
    assert not RectifiedEllipsoid(np.zeros((3, 2))).hull_boundary(20).points.any()


def test_spikes_are_what_lies_outside_the_ellipsoid():
    X = np.array([[1.0, 0.0], [0.9, 0.4]])
    body = RectifiedEllipsoid(X)
    spikes = body.spikes(400)
    outside = np.linalg.norm(np.linalg.solve(X, spikes.trace.points.T), axis=0)
    np.testing.assert_allclose(spikes.measure, outside, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(spikes.mask, outside > 1 + 1e-9)
    assert len(spikes.curves) == (np.diff(spikes.mask.astype(int)) == 1).sum()
    assert sum(len(curve) - 2 for curve in spikes.curves) == spikes.mask[:-1].sum()
    assert 1 - spikes.measure.max() == pytest.approx(body.spike_free().margin, rel=1e-3)


def test_spikes_off_the_range_are_infinitely_far():
    spikes = RectifiedEllipsoid(np.outer([1.0, -1.0], [0.6, 0.8])).spikes(50)
    assert np.isinf(spikes.measure[spikes.mask]).all()
    assert len(spikes.curves) >= 1
    mesh = RectifiedEllipsoid(np.random.default_rng(6).normal(size=(3, 3))).spikes(30)
    assert mesh.mask.shape == mesh.measure.shape == (30, 30)
    assert mesh.curves == ()
    assert not RectifiedEllipsoid(np.eye(2)).spikes(50).mask.any()


def test_what_cannot_be_done_is_refused_with_a_remedy():
    rng = np.random.default_rng(7)
    body = RectifiedEllipsoid(rng.normal(size=(4, 4)))
    for draw, remedy in ((body.boundary, "rank at most three"), (body.hull_boundary, "two or three rows")):
        with pytest.raises(ValueError, match=remedy):
            draw(20)
    with pytest.raises(ValueError, match="k must be at least 4"):
        RectifiedEllipsoid(np.eye(2)).boundary(2)
    with pytest.raises(ValueError, match=r"shape \(4,\), got \(3,\)"):
        body.gauge(np.ones(3))
    with pytest.raises(ValueError, match=r"shape \(k, 4\), got \(4,\)"):
        body.support(np.ones(4))
    with pytest.raises(ValueError, match=r"X must have shape \(n, d\), got \(3,\)"):
        RectifiedEllipsoid(np.ones(3))
    with pytest.raises(ValueError, match=r"finite"):
        RectifiedEllipsoid(np.array([[1.0, np.nan]]))
