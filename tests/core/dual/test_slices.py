"""A circle through neuron space: against plain sums, the exact maximum, and what turning and naming must do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import SAME

from convexviz.core.dual.slices import dual_slice, second_direction
from convexviz.core.oracles.branch.branch_and_bound import BranchAndBoundOracle
from convexviz.core.oracles.plane import PlaneOracle
from convexviz.core.oracles.space import SpaceOracle


def cloud(seed, n, d, bias=True):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, d)), rng.normal(size=n)
    return X, v - v.mean() * bias


def by_sums(X, v, u, bias):
    """Greatest and least N_v of one direction, one b after the other."""
    shifts = [-(u @ x) for x in X] + [1e3, -1e3] if bias else [0.0]
    heights = [sum(w * max(0.0, u @ x + b) for w, x in zip(v, X, strict=True)) for b in shifts]
    return max(heights), min(heights)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(2, 5), st.booleans())
def test_every_angle_has_the_best_and_the_worst_b(seed, n, d, bias):
    X, v = cloud(seed, n, d, bias)
    u, across = np.random.default_rng(seed).normal(size=(2, d))
    cut = dual_slice(X, v, u, across, k=9, bias=bias)
    scale = np.abs(v).sum() * 2e3
    for t, upper, lower in zip(cut.angles, cut.upper, cut.lower, strict=True):
        direction = np.cos(t) * cut.u + np.sin(t) * cut.across
        assert np.linalg.norm(direction) == pytest.approx(1.0, rel=SAME)
        assert (upper, lower) == pytest.approx(by_sums(X, v, direction, bias), abs=1e-14 * scale)
    assert cut.upper[0] == pytest.approx(cut.upper[-1])
    assert cut.u == pytest.approx(u / np.linalg.norm(u))
    assert abs(cut.across @ cut.u) <= SAME
    assert cut.across @ across > 0
    np.testing.assert_allclose(cut.directions[4], cut.u, atol=SAME)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(3, 25), st.sampled_from([2, 3, 6]))
def test_no_angle_exceeds_the_maximum_and_a_circle_through_the_best_neuron_reaches_it(seed, n, d):
    X, v = cloud(seed, min(n, 12) if d == 6 else n, d)
    oracle = {2: PlaneOracle, 3: SpaceOracle, 6: BranchAndBoundOracle}[d](X)
    M, U, _, sign = oracle.violated(v, 0.5 * oracle.maximum(v), 1)
    heights = [dual_slice(X, v, u, second_direction(X, v, u)) for u in U]
    best = max(range(len(U)), key=lambda j: sign[j] * (heights[j].upper if sign[j] > 0 else heights[j].lower)[180])
    cut = heights[best]
    highest = max(cut.upper.max(), -cut.lower.min())
    assert highest <= M * (1 + 1e-8)
    assert sign[best] * (cut.upper if sign[best] > 0 else cut.lower)[180] == pytest.approx(M, rel=1e-8)


def test_many_points_are_cut_in_blocks_alike(monkeypatch):
    X, v = cloud(0, 50, 4)
    u, across = np.eye(4)[:2]
    whole = dual_slice(X, v, u, across)
    monkeypatch.setattr("convexviz.core.dual.slices.BLOCK", 150)
    parts = dual_slice(X, v, u, across)
    np.testing.assert_allclose(parts.upper, whole.upper, rtol=SAME)
    np.testing.assert_allclose(parts.lower, whole.lower, rtol=SAME)


@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(2, 6), st.booleans())
def test_the_second_direction_is_a_unit_vector_across_and_always_the_same(seed, n, d, bias):
    X, v = cloud(seed, n, d, bias)
    u = 3.0 * np.random.default_rng(seed).normal(size=d)
    across = second_direction(X, v, u, bias)
    assert np.linalg.norm(across) == pytest.approx(1.0, rel=SAME)
    assert abs(across @ u) <= SAME * np.linalg.norm(u)
    np.testing.assert_array_equal(across, second_direction(X, v, u, bias))


def test_the_second_direction_shows_a_second_bump():
    """Two clusters of charges along two axes: the highest neurons point along these, in six dimensions."""
    X = np.zeros((6, 6))
    X[:3, 0], X[3:, 1] = [0.0, 1.0, 2.0], [0.0, 1.0, 2.0]
    v = np.array([1.0, -2.0, 1.0, 0.9, -1.8, 0.9])
    first = BranchAndBoundOracle(X).prove(v)
    cut = dual_slice(X, v, first.u, second_direction(X, v, first.u))
    inner = np.flatnonzero((cut.upper[1:-1] >= cut.upper[:-2]) & (cut.upper[1:-1] > cut.upper[2:])) + 1
    high = cut.angles[inner[cut.upper[inner] > 0.5 * first.value]]
    assert cut.upper.max() == pytest.approx(first.value, rel=1e-3)
    assert np.ptp(high) > np.deg2rad(20)


def test_points_on_a_line_in_the_plane_have_a_direction_across_too():
    X = np.outer([0.0, 1.0, 2.0], [0.6, 0.8])
    v = np.array([1.0, -2.0, 1.0])
    across = second_direction(X, v, np.array([0.6, 0.8]))
    assert np.abs(across) == pytest.approx([0.8, 0.6])
    assert dual_slice(X, v, np.array([0.6, 0.8]), across).upper.max() == pytest.approx(1.0)


def test_what_makes_no_circle_is_refused():
    X, v = cloud(1, 5, 3)
    u = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="across must point away from the line of u"):
        dual_slice(X, v, u, -2 * u)
    with pytest.raises(ValueError, match="got sum v = 5"):
        dual_slice(X, v + 1, u, np.eye(3)[0])
    with pytest.raises(ValueError, match=r"got \(5, 3\), \(4,\)"):
        dual_slice(X, v[:4], u, np.eye(3)[0])
    with pytest.raises(ValueError, match="d >= 2, got d = 1"):
        second_direction(X[:, :1], v, np.ones(1))
