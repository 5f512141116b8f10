"""Branch and bound: its proof against the plane and the list of all patterns, its bounds wherever it is stopped."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv
from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.run import Plan
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.branch import bounds as branch_bounds
from convexviz.core.oracles.branch import tree as branch_tree
from convexviz.core.oracles.branch.branch_and_bound import PROVED, BranchAndBoundOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.plane import PlaneOracle

KINDS = ["general", "grid", "line", "repeated", "circle", "mirrored"]
AGREE = 4 * PROVED  # two proofs of one maximum


def cloud(rng, n, d, kind):
    """Points of one kind of difficulty."""
    X = rng.normal(size=(n, d))
    if kind == "grid":
        return np.round(X)
    if kind == "line":
        return np.outer(X[:, 0], np.arange(1.0, d + 1))
    if kind == "repeated":
        return X[rng.integers(0, n, n)]
    if kind == "circle":
        return X / np.linalg.norm(X, axis=1)[:, None]
    if kind == "mirrored":
        return np.vstack([X, -X])[:n] if n > 1 else X
    return X


def dual(rng, n, bias=True):
    """A dual vector: now and then mostly zero, or whole numbers that tie, or nearly all of one sign."""
    v = rng.choice([-2.0, -1.0, 0.0, 1.0, 2.0], n) if rng.random() < 0.3 else rng.normal(size=n)
    if rng.random() < 0.2:
        v = np.abs(v)
    return v - v.mean() if bias else v


def with_biases(X, v):
    """M(v) from the cones of all patterns: some best line passes through a point, and moved there has no bias."""
    return max(PatternOracle(X - x).maximum(v) for x in X)


def height(X, v, u, b):
    return float(v @ np.maximum(X @ u + b, 0.0))


def assert_proof(X, v, proof, M):
    scale = np.abs(v).sum() * (1e-300 + np.ptp(X, axis=0).max())
    assert proof.closed
    assert proof.value == pytest.approx(M, rel=AGREE, abs=SAME * scale)
    assert proof.upper == pytest.approx(M, rel=AGREE, abs=SAME * scale)
    assert proof.upper >= M - 1e-13 * scale
    assert np.linalg.norm(proof.u) == pytest.approx(1.0, abs=SAME)
    assert proof.sign * height(X, v, proof.u, proof.b) == pytest.approx(proof.value, abs=SAME * scale)


@given(st.integers(0, 10**6), st.integers(1, 15), st.integers(3, 6), st.sampled_from(KINDS))
def test_a_plane_in_more_dimensions_has_the_maximum_of_the_plane(seed, n, d, kind):
    rng = np.random.default_rng(seed)
    flat, v = cloud(rng, n, 2, kind), dual(rng, n)
    X = flat @ np.linalg.qr(rng.normal(size=(d, 2)))[0].T + rng.normal(size=d)
    assert_proof(X, v, BranchAndBoundOracle(X).prove(v), PlaneOracle(flat).maximum(v))


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 4), st.sampled_from(KINDS), st.sampled_from([0, 6]))
def test_it_agrees_with_all_patterns_of_all_pivots(seed, n, d, kind, at_once):
    rng = np.random.default_rng(seed)
    X, v = cloud(rng, n, d, kind), dual(rng, n)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branch_tree, "AT_ONCE", at_once)  # else so few points need no tree
        assert_proof(X, v, BranchAndBoundOracle(X).prove(v), with_biases(X, v))


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 4), st.sampled_from(KINDS))
def test_without_biases_it_agrees_with_all_patterns(seed, n, d, kind):
    rng = np.random.default_rng(seed)
    X, v = cloud(rng, n, d, kind), dual(rng, n, bias=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branch_tree, "AT_ONCE", int(rng.choice([0, 6])))
        proof = BranchAndBoundOracle(X, bias=False).prove(v)
    assert proof.b == 0.0
    assert_proof(X, v, proof, PatternOracle(X).maximum(v))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("n", "d"), [(15, 3), (15, 6), (25, 4)])
def test_no_neuron_of_many_beats_the_proof(n, d, bias):
    rng = np.random.default_rng(n + d)
    X, v = rng.normal(size=(n, d)), rng.normal(size=n)
    v -= v.mean()
    proof = BranchAndBoundOracle(X, bias).prove(v)
    assert proof.closed
    U = rng.normal(size=(20_000, d))
    U[10_000:] = proof.u + 0.1 * U[10_000:]
    U /= np.linalg.norm(U, axis=1)[:, None]
    b = -(U * X[rng.integers(0, n, len(U))]).sum(axis=1) * bias
    N = np.abs(np.maximum(U @ X.T + b[:, None], 0.0) @ v)
    assert 0.8 * proof.value < N.max() <= proof.upper


@given(st.integers(0, 10**6), st.integers(2, 15), st.sampled_from(KINDS), st.sampled_from([0, 20]), st.integers(1, 12))
def test_the_bound_holds_wherever_the_search_and_the_steps_inside_it_are_stopped(seed, n, kind, nodes, steps):
    rng = np.random.default_rng(seed)
    flat, v = cloud(rng, n, 2, kind), dual(rng, n)
    X = flat @ np.linalg.qr(rng.normal(size=(4, 2)))[0].T
    M = PlaneOracle(flat).maximum(v)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branch_bounds, "STEPS", steps)
        patch.setattr(branch_tree, "AT_ONCE", 0)
        patch.setattr(branch_tree, "PLANS", 3)
        patch.setattr("convexviz.core.oracles.branch.branch_and_bound.BATCH", 2)
        oracle = BranchAndBoundOracle(X)
        proof = oracle.prove(v, nodes=nodes)
    rounding = 1e-12 * np.abs(v).sum() * (1 + np.ptp(X))
    assert proof.value <= M + rounding
    assert proof.upper + rounding >= M
    assert oracle.exact == proof.closed
    if proof.closed:
        assert proof.upper <= proof.value * (1 + AGREE) + rounding


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 5))
def test_the_first_bound_is_at_most_half_of_the_linear_part_and_the_transport(seed, pairs, d):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(2 * pairs, d)), np.repeat([1.0, -1.0], pairs)
    far = cdist(X[:pairs], X[pairs:])
    transport = far[linear_sum_assignment(far)].sum()
    first = BranchAndBoundOracle(X).bound(v, nodes=0)
    assert first <= 0.5 * (np.linalg.norm(v @ X) + transport) * (1 + INDEPENDENT)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.floats(0.1, 10), st.booleans())
def test_turning_scaling_and_shifting_move_the_maximum_as_they_must(seed, t, bias):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(9, 3)), dual(rng, 9)
    turn, order = np.linalg.qr(rng.normal(size=(3, 3)))[0], rng.permutation(9)
    moved = (t * X @ turn + (5.0 if bias else 0.0))[order]
    M = BranchAndBoundOracle(X, bias).maximum(v)
    assert BranchAndBoundOracle(moved, bias).maximum(-3.0 * v[order]) == pytest.approx(3 * t * M, rel=AGREE, abs=1e-12)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0.1, 1.2), st.booleans())
def test_what_violates_violates_and_is_not_named_twice(seed, most, share, bias):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(12, 3)), dual(rng, 12)
    oracle = BranchAndBoundOracle(X, bias)
    M = oracle.maximum(v)
    bound, U, b, sign = oracle.violated(v, share * M, most)
    assert M * (1 - AGREE) <= bound <= M * (1 + 0.05 + AGREE)
    assert max((sign > 0).sum(), (sign < 0).sum()) <= most
    for u, shift, s in zip(U, b, sign, strict=True):
        assert np.linalg.norm(u) == pytest.approx(1.0)
        assert share * M < s * height(X, v, u, shift) <= M * (1 + SAME)
    assert len(np.unique(np.round(np.column_stack([U, b, sign]), 5), axis=0)) == len(b)
    assert (len(b) > 0) == (share < 1 - AGREE and M > 0)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("X", [np.ones((1, 3)), np.full((5, 2), 0.1), np.zeros((4, 2))], ids=["one", "same", "zero"])
def test_points_in_one_place_and_a_dual_vector_of_zeros_give_zero(X, bias):
    v = np.linspace(-1.0, 1.0, len(X)) if len(X) > 1 else np.zeros(1)
    for dual_vector in (v, 0 * v):
        proof = BranchAndBoundOracle(X, bias).prove(dual_vector)
        assert proof.closed
        assert proof.value == pytest.approx(0.0, abs=1e-15)
        assert proof.upper == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_training_in_three_dimensions_on_a_plane_is_certified_at_the_optimum_of_the_plane(loss):
    rng = np.random.default_rng(3)
    flat, y = rng.normal(size=(9, 2)), rng.normal(size=9)
    y = np.where(y > np.median(y), 1.0, -1.0) if LOSSES[loss].classification else y
    X = flat @ np.linalg.qr(rng.normal(size=(3, 2)))[0].T
    oracle = BranchAndBoundOracle(X)
    network, duals, _ = solve_cutting_plane(X, y, 0.1, LOSSES[loss], oracle, Plan(GAP))
    proof = certify(network, X, y, 0.1, loss, duals, oracle)
    assert proof.gap <= GAP
    assert proof.objective == pytest.approx(cv.solve(flat, y, 0.1, loss).objective, rel=3 * GAP)


@given(st.integers(0, 10**6), st.sampled_from([1e-9, 1e-4]), st.sampled_from([1e-6, 1.0, 1e6]), st.floats(0, 1e4))
def test_points_nearly_in_one_place_and_data_far_from_the_origin_do_no_harm(seed, near, size, shift):
    rng = np.random.default_rng(seed)
    flat = rng.normal(size=(6, 2))
    flat, v = size * np.vstack([flat, flat + near * rng.normal(size=(6, 2))]), dual(rng, 12)
    X = flat @ np.linalg.qr(rng.normal(size=(3, 2)))[0].T + size * shift
    proof, M = BranchAndBoundOracle(X).prove(v), PlaneOracle(flat).maximum(v)
    rounding = 1e-13 * (1 + shift) * size * np.abs(v).sum()
    assert proof.closed
    assert proof.value == pytest.approx(M, rel=AGREE, abs=rounding)
    assert proof.upper == pytest.approx(M, rel=AGREE, abs=rounding)


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_twenty_points_in_five_dimensions_are_proved(seed):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(20, 5)), rng.normal(size=20)
    assert BranchAndBoundOracle(X).prove(v - v.mean()).closed


def test_a_dual_vector_out_of_balance_or_shape_and_bad_data_are_refused():
    oracle = BranchAndBoundOracle(np.eye(3))
    with pytest.raises(ValueError, match=r"sum v = 0, else M\(v\) is infinite; got sum v = 3"):
        oracle.prove(np.ones(3))
    with pytest.raises(ValueError, match=r"shape \(3,\), one number per row of X; got \(2,\)"):
        oracle.prove(np.zeros(2))
    with pytest.raises(ValueError, match=r"use X\.reshape"):
        BranchAndBoundOracle(np.zeros(3))
