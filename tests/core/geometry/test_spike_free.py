"""Spike-free or not: the families that are, and random matrices against 1e5 random directions, both ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convexviz.core.geometry.spike_free import SpikeFree, judge, spike_free
from convexviz.core.oracles.arrangements import activation_patterns
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

DIRECTIONS = 100_000


def by_force(X, rng, k=DIRECTIONS):
    """The largest ||X^+ (Xu)_+|| and ||(I - X X^+)(Xu)_+|| over random unit u."""
    U = rng.normal(size=(k, X.shape[1]))
    Q = np.maximum(U / np.linalg.norm(U, axis=1)[:, None] @ X.T, 0.0)
    back = Q @ np.linalg.pinv(X).T
    return np.linalg.norm(back, axis=1).max(), np.linalg.norm(Q - back @ X.T, axis=1).max()


def at(X, u):
    q = np.maximum(X @ u, 0.0)
    back = np.linalg.pinv(X) @ q
    return np.linalg.norm(back), np.linalg.norm(q - X @ back)


def orthonormal(rng, n, d):
    return np.linalg.qr(rng.normal(size=(d, n)))[0].T


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(0, 2))
def test_whitened_diagonal_and_nonnegative_rank_one_data_have_none(seed, n, more):
    rng = np.random.default_rng(seed)
    whitened = orthonormal(rng, n, n + more)
    diagonal = np.diag(rng.normal(size=n) * 10.0 ** rng.uniform(-2, 2, size=n))
    rank_one = np.outer(np.abs(rng.normal(size=n)), rng.normal(size=n + more))
    for X in (whitened, 3.0 * whitened, diagonal, rank_one):
        result = spike_free(X)
        assert result.verdict
        assert result.proved == "exact"
        assert result.margin >= 0
        assert result.witness is None
        assert result.off_range <= 1e-9 * np.linalg.norm(X)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 4))
def test_rank_one_with_both_signs_leaves_the_range(seed, n, d):
    rng = np.random.default_rng(seed)
    z = rng.choice([-1.0, 1.0], size=n) * rng.uniform(0.1, 2.0, size=n)
    z[:2] = [1.0, -0.5]
    X = np.outer(z, rng.normal(size=d))
    result = spike_free(X)
    assert not result.verdict
    assert result.margin == -np.inf
    assert at(X, result.witness)[1] == pytest.approx(result.off_range, rel=1e-9)
    # (Xu)_+ is t z_+ or t z_-, whose distance from the line of z is elementary.
    halves = [np.maximum(z, 0.0), np.maximum(-z, 0.0)]
    distance = max(np.sqrt(h @ h - (h @ z) ** 2 / (z @ z)) for h in halves) * np.linalg.norm(X) / np.linalg.norm(z)
    assert result.off_range == pytest.approx(distance, rel=1e-9)


@pytest.mark.parametrize(("n", "d"), [(2, 2), (2, 3), (3, 3), (3, 2), (4, 3), (5, 2), (3, 4), (4, 4)])
@pytest.mark.parametrize("seed", range(4))
def test_random_matrices_against_brute_force(n, d, seed):
    rng = np.random.default_rng(100 * seed + 10 * n + d)
    X = rng.normal(size=(n, d))
    result, (length, off) = spike_free(X), by_force(X, rng)
    assert result.proved == "exact"
    assert result.off_range >= off - 1e-9
    assert result.off_range <= 1.1 * off + 1e-9
    assert result.verdict == (off <= 1e-9 and length <= 1 + 1e-9)
    if off <= 1e-9:
        assert 1 - result.margin >= length - 1e-9
        assert 1 - result.margin <= 1.1 * length
    if not result.verdict:
        _check_witness(X, result)


def _check_witness(X, result):
    assert np.linalg.norm(result.witness) == pytest.approx(1.0)
    length, off = at(X, result.witness)
    if np.isinf(result.margin):
        assert off == pytest.approx(result.off_range, rel=1e-7)
        assert off > 0
    else:
        assert length == pytest.approx(1 - result.margin, rel=1e-7)
        assert length > 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_two_samples_are_decided_as_on_a_fine_circle(seed):
    X = np.random.default_rng(seed).normal(size=(2, 2))
    t = np.linspace(0, 2 * np.pi, 20_001)
    Q = np.maximum(np.column_stack([np.cos(t), np.sin(t)]) @ X.T, 0.0)
    longest = np.linalg.norm(np.linalg.solve(X, Q.T), axis=0).max()
    result = spike_free(X)
    assert 1 - result.margin == pytest.approx(longest, rel=1e-3)
    assert 1 - result.margin >= longest * (1 - 1e-9)
    if abs(X[0] @ X[1]) > 1e-3 * np.linalg.norm(X[0]) * np.linalg.norm(X[1]):  # else a matter of rounding
        assert result.verdict == (longest <= 1 + 1e-12)


def test_both_verdicts_occur_among_random_matrices():
    rng = np.random.default_rng(0)
    verdicts = [spike_free(rng.normal(size=(2, 2))).verdict for _ in range(40)]
    assert 5 < sum(verdicts) < 35


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(2, 2), (3, 3), (3, 2), (2, 4)]))
def test_scale_rotation_and_order_of_the_data_do_not_matter(seed, shape):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape)
    plain = spike_free(X)
    turned = 7.0 * rng.permutation(X) @ orthonormal(rng, shape[1], shape[1] + 1)
    again = spike_free(turned)
    assert again.verdict == plain.verdict
    assert again.margin == pytest.approx(plain.margin, rel=1e-6, abs=1e-8)
    assert again.off_range == pytest.approx(7.0 * plain.off_range, rel=1e-6, abs=1e-8)


def ladder(X, patterns):
    return judge(X, np.eye(X.shape[1]), None, patterns, np.random.default_rng(0))


def test_each_rung_says_what_it_proves():
    rng = np.random.default_rng(1)
    whitened = orthonormal(rng, 40, 50)
    assert spike_free(whitened).verdict
    assert spike_free(whitened).proved == "proved: the rows are orthogonal"
    spiky = spike_free(rng.normal(size=(30, 8)))
    assert not spiky.verdict
    assert spiky.proved == "proved by a witness"
    free = next(X for X in (rng.normal(size=(2, 2)) for _ in range(100)) if spike_free(X).verdict)
    assert ladder(free, None).verdict
    assert ladder(free, None).proved.startswith("sampled: no violation found among 20000 directions")


def test_norms_of_all_patterns_suffice_where_they_do():
    # A row twice is orthogonal to nothing, but its patterns come in pairs and X^+ D X is a projection.
    rng = np.random.default_rng(2)
    twice = orthonormal(rng, 3, 3)[[0, 0, 1, 2]]
    result = ladder(twice, activation_patterns(twice))
    assert result.verdict
    assert result.proved == "proved by patterns"
    assert spike_free(twice).proved == "exact"
    assert spike_free(twice).verdict


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(2, 2), (3, 3), (4, 3)]))
def test_sampling_never_finds_more_than_there_is_and_mostly_all(seed, shape):
    X = np.random.default_rng(seed).normal(size=shape)
    exact, sampled = spike_free(X), ladder(X, None)
    assert sampled.off_range <= exact.off_range + 1e-9
    assert sampled.off_range >= 0.95 * exact.off_range - 1e-9
    assert sampled.margin >= exact.margin - 1e-9
    if not sampled.verdict:
        _check_witness(X, sampled)
        assert not exact.verdict


def test_nothing_at_all_is_free_of_spikes():
    result = RectifiedEllipsoid(np.zeros((3, 2))).spike_free()
    assert isinstance(result, SpikeFree)
    assert result.verdict
    assert result.margin == 1.0
