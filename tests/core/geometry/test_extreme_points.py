"""Extreme points: projections on the hull of the others against cvxpy, against segments in the plane, on any scale."""

from itertools import combinations

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull
from tolerances import INDEPENDENT, SAME

from convexviz.core.geometry.extreme_points import (
    IN_HULL,
    extreme_point,
    extreme_points,
    in_hull,
    iterate_extreme_points,
)

PROJECTED = 1e-4  # point of a quadratic program whose value Clarabel has to 1e-8, of size one
seeds = st.integers(0, 10**6)


def assert_proved(X, point, scale=1.0):
    """Weak duality in plain numpy: p in the hull bounds (1) from above, a feasible (u, b) from below, and they meet."""
    k, others = point.index, np.delete(np.arange(len(X)), point.index)
    weights = point.weights
    assert weights[k] == 0
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1, rel=SAME)
    assert np.abs(weights @ X - point.projection).max() <= 1e-12 * np.abs(X).max()
    if point.u is None:
        assert point.b is None
        assert point.distance == point.value == 0
        assert np.linalg.norm(X[k] - point.projection) <= 3 * IN_HULL * scale * len(X[0])
        return
    digits = 1e-13 * scale + 1e-15 * np.abs(X).max()  # of p, which is as large as X
    assert np.linalg.norm(point.u) == pytest.approx(1, rel=SAME)
    assert np.linalg.norm(X[k] - point.projection) == pytest.approx(point.distance, abs=digits, rel=SAME)
    assert ((X[k] - X[others]) @ point.u).min() == pytest.approx(point.value, abs=digits, rel=SAME)
    assert point.value == pytest.approx(point.distance, rel=1e-6)
    assert (X[others] @ point.u + point.b).max() == pytest.approx(0, abs=1e-13 * np.abs(X).max())


def scale_of(X):
    return float(np.ptp(X, axis=0).max())


def from_segments(x, others):
    """Distance of x (2,) from the hull of `others` (m, 2): to its vertices and edges, 0 inside."""
    ends = [(a, b) for a, b in combinations(others, 2)] or [(others[0], others[0])]
    best = np.inf
    for a, b in ends:
        along = b - a
        t = np.clip((x - a) @ along / max(along @ along, 1e-300), 0, 1)
        best = min(best, np.linalg.norm(x - a - t * along))
    if len(others) > 2 and np.linalg.matrix_rank(others[1:] - others[0]) == 2:
        faces = ConvexHull(others).equations
        if (faces[:, :2] @ x + faces[:, 2] <= 0).all():
            return 0.0
    return best


@given(seeds, st.integers(2, 9))
def test_in_the_plane_the_distance_is_that_to_the_nearest_segment(seed, n):
    X = np.random.default_rng(seed).normal(size=(n, 2))
    for k, point in enumerate(extreme_points(X)):
        assert_proved(X, point, scale_of(X))
        assert point.distance == pytest.approx(from_segments(X[k], np.delete(X, k, axis=0)), abs=1e-12)


@settings(max_examples=15)
@given(seeds, st.integers(2, 12), st.integers(1, 8))
def test_projection_and_value_agree_with_two_convex_programs(seed, n, d):
    rng = np.random.default_rng(seed)
    X, k = rng.normal(size=(n, d)), int(rng.integers(n))
    others = np.delete(X, k, axis=0)
    point = extreme_point(X, k)
    mixture = cp.Variable(n - 1, nonneg=True)
    cp.Problem(cp.Minimize(cp.sum_squares(others.T @ mixture - X[k])), [cp.sum(mixture) == 1]).solve(solver=cp.CLARABEL)
    assert np.abs(point.projection - others.T @ mixture.value).max() <= PROJECTED
    u, b = cp.Variable(d), cp.Variable()
    value = cp.Problem(cp.Maximize(u @ X[k] + b), [others @ u + b <= 0, cp.norm2(u) <= 1]).solve(solver=cp.CLARABEL)
    assert point.value == pytest.approx(value, abs=INDEPENDENT)
    assert point.distance == pytest.approx(value, abs=INDEPENDENT)


@given(seeds, st.integers(2, 12), st.integers(1, 6), st.sampled_from([1e-100, 1e-9, 1.0, 1e9, 1e100]))
def test_scales_duplicates_and_collinear_points(seed, n, d, unit):
    rng = np.random.default_rng(seed)
    X = rng.integers(-2, 3, size=(n, d)).astype(float)  # a coarse grid: duplicates, lines, points on faces
    if seed % 3 == 0:
        X = X[:, :1] * rng.normal(size=d)  # all on one line
    plain, scaled = extreme_points(X), extreme_points(unit * X)
    for one, other in zip(plain, scaled, strict=True):
        assert_proved(X, one, scale_of(X))
        assert one.in_hull == other.in_hull
        assert other.distance == pytest.approx(unit * one.distance, rel=1e-9)
        if one.u is not None:
            assert np.abs(one.u - other.u).max() <= 1e-9


@given(seeds, st.integers(2, 10), st.integers(1, 6), st.sampled_from([1.0, 1e3, 1e6]))
def test_shifts_and_rotations_change_nothing(seed, n, d, shift):
    rng = np.random.default_rng(seed)
    X, turn = rng.normal(size=(n, d)), np.linalg.qr(rng.normal(size=(d, d)))[0]
    moved = X @ turn.T + shift
    for one, other in zip(extreme_points(X), extreme_points(moved), strict=True):
        assert_proved(moved, other, scale_of(moved))
        assert other.distance == pytest.approx(one.distance, abs=1e-14 * shift * n * d, rel=1e-9)


@given(seeds, st.integers(1, 6), st.integers(1, 5), st.floats(1.5, 1e4))
def test_a_sample_just_outside_of_a_face_is_told_from_one_inside(seed, d, extra, height):
    """At `height` tolerances above the face the distance still has digits; at a tenth of one it counts as inside."""
    rng = np.random.default_rng(seed)
    face = np.zeros((d + extra, d + 1))
    face[:, :d] = rng.uniform(-1, 1, size=(d + extra, d))
    foot = rng.dirichlet(np.ones(d + extra)) @ face
    turn = np.linalg.qr(rng.normal(size=(d + 1, d + 1)))[0]
    up = np.eye(d + 1)[d]
    reach = np.abs(face - foot).max()
    for rise, inside in ((height * IN_HULL * np.sqrt(d + 1) * reach, False), (0.1 * IN_HULL * reach, True)):
        X = np.vstack([face, foot + rise * up]) @ turn.T
        point = extreme_point(X, d + extra)
        assert point.in_hull == inside
        if not inside:
            assert_proved(X, point, scale_of(X))
            assert point.distance == pytest.approx(rise, rel=1e-5)
            assert point.u @ turn @ up == pytest.approx(1, abs=1e-6)


@given(seeds, st.integers(3, 10), st.integers(1, 6))
def test_a_mixture_of_the_others_lies_in_their_hull(seed, n, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    X[0] = rng.dirichlet(np.ones(n - 1)) @ X[1:]
    assert in_hull(X, 0)
    assert_proved(X, extreme_point(X, 0), scale_of(X))
    far = X.copy()
    far[0] = 10 * np.abs(X).max() * np.ones(d)
    assert not in_hull(far, 0)


@given(seeds, st.integers(1, 5))
def test_one_other_sample_is_its_own_hull(seed, d):
    X = np.random.default_rng(seed).normal(size=(2, d))
    point = extreme_point(X, 1)
    assert point.distance == pytest.approx(np.linalg.norm(X[1] - X[0]))
    assert np.array_equal(point.weights, [1.0, 0.0])
    assert np.allclose(point.u, (X[1] - X[0]) / point.distance)


@given(seeds, st.integers(2, 8), st.integers(1, 4))
def test_the_neuron_sees_its_sample_only_and_touches_the_dual_band_first_there(seed, n, d):
    """N_v at v = e_k is (u.x_k + b)_+ : among all neurons blind to the others none is larger than `value`."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    for point in extreme_points(X):
        if point.u is None:
            continue
        seen = np.maximum(X @ point.u + point.b, 0)
        assert seen[point.index] == pytest.approx(point.value, rel=SAME)
        assert np.delete(seen, point.index).max() <= 1e-12
        touching = (
            point.weights > 1e-9
        )  # complementary slackness: every sample of the mixture lies on the neuron's line
        assert np.abs((X @ point.u + point.b)[touching]).max() <= 1e-12
        directions = rng.normal(size=(200, d))
        directions /= np.linalg.norm(directions, axis=1)[:, None]
        rivals = ((X[point.index] - np.delete(X, point.index, axis=0)) @ directions.T).min(axis=0)
        assert rivals.max() <= point.value * (1 + SAME)


def test_digits_among_themselves():
    from sklearn.datasets import load_digits

    X = load_digits().data
    chosen = range(0, len(X), 90)
    for point in extreme_points(X, chosen):
        assert_proved(X, point, scale_of(X))
        assert point.distance > 1
    assert [point.index for point in iterate_extreme_points(X, chosen)] == list(chosen)


def test_images_of_more_pixels_than_samples():
    X = np.random.default_rng(0).uniform(size=(30, 500))
    X[3] = X[4:8].mean(axis=0)
    for point in extreme_points(X):
        assert_proved(X, point, scale_of(X))
        assert point.in_hull == (point.index == 3)
    assert extreme_point(X, 3).weights[4:8] == pytest.approx(np.full(4, 0.25))


@pytest.mark.parametrize(
    ("X", "k", "message"),
    [
        (np.ones((1, 2)), 0, "at least two samples, got 1; add"),
        (np.ones((3, 2)), 3, "from 0 to 2, a row of X; got 3"),
        (np.ones((3, 2)), -1, "got -1. Count from 0"),
        (np.ones((3, 2)), 0.5, r"got 0\.5"),
        (np.ones(3), 0, r"got \(3,\); use X.reshape"),
        (np.array([[0.0], [np.nan]]), 0, "X must be finite"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_remedy(X, k, message):
    with pytest.raises(ValueError, match=message):
        extreme_point(X, k)


def test_duplicates_lie_in_each_others_hull():
    points = extreme_points(np.full((3, 2), 7.0))
    assert all(point.in_hull and point.distance == 0 for point in points)
