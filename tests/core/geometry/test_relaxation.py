"""The paper's relaxation: a cone program solved as least squares, exact on spike-free data, linear with biases."""

import cvxpy as cp
import numpy as np
import pytest
from certificates import LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import labels
from tolerances import GAP, SAME

import convexviz as cv
from convexviz.core.closed_forms import closed_form
from convexviz.core.geometry.relaxation import RelaxationOracle, exact_for
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.branch.branch_and_bound import BranchAndBoundOracle
from convexviz.core.oracles.patterns import PatternOracle

AGREE = 3 * GAP  # two certified optima of one value
PROGRAM = 1e-6  # Clarabel at its default accuracy, relative to the size of X^T v


def program(X, v, bias):
    """The second-order cone program as the paper writes it; with biases b is free."""
    u, b = cp.Variable(X.shape[1]), cp.Variable()
    z = X @ u + (b if bias else 0)
    problem = cp.Problem(cp.Maximize(v @ z), [z >= 0, cp.norm(u) <= 1])
    return float(problem.solve(solver=cp.CLARABEL))


def orthonormal(rng, n, d):
    return np.linalg.qr(rng.normal(size=(d, n)))[0].T


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 5), st.booleans())
def test_its_value_is_that_of_the_cone_program_for_both_signs(seed, n, d, bias):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, d)) + (0 if bias else 1.0), rng.normal(size=n)
    v -= v.mean() * bias
    expected = max(program(X, v, bias), program(X, -v, bias))
    scale = np.abs(v).sum() * np.linalg.norm(X, axis=1).max()
    assert RelaxationOracle(X, bias).maximum(v) == pytest.approx(expected, abs=PROGRAM * scale)


@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 5), st.booleans())
def test_its_neurons_are_active_on_all_data_and_worth_what_it_says(seed, n, d, bias):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, d)) + 0.5, rng.normal(size=n)
    v -= v.mean() * bias
    oracle = RelaxationOracle(X, bias)
    M = oracle.maximum(v)
    value, U, b, sign = oracle.violated(v, 0.3 * M, 3)
    assert value == M <= BranchAndBoundOracle(X, bias).maximum(v) * (1 + SAME)
    assert 1 <= len(b) <= 2 or M <= SAME
    rounding = SAME * (1 + np.abs(X).max())
    for u, shift, s in zip(U, b, sign, strict=True):
        z = X @ u + shift
        assert np.linalg.norm(u) == pytest.approx(1.0)
        assert z.min() >= -rounding
        assert 0.3 * M < s * (v @ np.maximum(z, 0.0)) <= M + rounding * np.abs(v).sum()
    assert len(oracle.violated(v, 1.01 * M + rounding, 3)[2]) == 0


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(0, 2))
def test_on_spike_free_data_it_is_the_maximum(seed, n, more):
    rng = np.random.default_rng(seed)
    rank_one = np.outer(rng.uniform(0.1, 2.0, n), rng.normal(size=n + more))
    for X in (orthonormal(rng, n, n + more), np.diag(rng.uniform(0.1, 3.0, n)), rank_one):
        oracle = RelaxationOracle(X, bias=False)
        assert oracle.exact
        assert oracle.exactness.proved.startswith("exact: the data are spike-free")
        for v in rng.normal(size=(4, n)):
            assert oracle.maximum(v) == pytest.approx(PatternOracle(X).maximum(v), rel=1e-8)


def test_on_data_with_spikes_it_misses_neurons_and_does_not_claim_otherwise():
    X = np.random.default_rng(0).normal(size=(8, 3))
    v = np.random.default_rng(1).normal(size=8)
    oracle = RelaxationOracle(X, bias=False)
    assert not oracle.exact
    assert "spikes (proved by a witness)" in oracle.exactness.proved
    assert oracle.maximum(v) < 0.9 * PatternOracle(X).maximum(v)


@given(st.integers(0, 10**6), st.integers(2, 10), st.integers(1, 5))
def test_with_biases_it_finds_the_linear_functions_and_nothing_else(seed, n, d):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, d)), rng.normal(size=n)
    v -= v.mean()
    g = v @ X
    oracle = RelaxationOracle(X)
    assert oracle.maximum(v) == pytest.approx(np.linalg.norm(g), rel=1e-8)
    _, U, _, sign = oracle.violated(v, 0.0, 5)
    np.testing.assert_allclose(U, sign[:, None] * g / np.linalg.norm(g), atol=1e-8)


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_with_biases_it_is_exact_on_a_regular_simplex(n):
    rng = np.random.default_rng(n)
    X = 2.0 * orthonormal(rng, n, n + 1) + rng.normal(size=n + 1)
    oracle = RelaxationOracle(X)
    assert oracle.exact
    for v in rng.normal(size=(5, n)):
        v = v - v.mean()
        assert oracle.maximum(v) == pytest.approx(2.0 * np.linalg.norm(v), rel=1e-8)
        assert oracle.maximum(v) == pytest.approx(BranchAndBoundOracle(X).maximum(v), rel=1e-8)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_with_biases_affinely_dependent_points_have_a_dual_vector_that_it_does_not_see(seed, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(d + 2, d))
    v = np.linalg.svd(np.column_stack([X, np.ones(d + 2)]).T)[2][-1]  # X^T v = 0 and sum v = 0
    exactness = exact_for(X, bias=True)
    assert not exactness.holds
    assert "affinely dependent" in exactness.proved
    assert RelaxationOracle(X).maximum(v) <= 1e-12
    assert BranchAndBoundOracle(X).prove(v).value > 1e-6


def test_with_biases_a_flat_triangle_has_a_spike_and_two_points_have_none():
    flat = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.01]])
    assert "leaves the ellipsoid (proved by a witness)" in exact_for(flat, bias=True).proved
    assert exact_for(flat[[0, 1, 1]], bias=True).holds
    assert not exact_for(flat, bias=True).holds


def targets(rng, n, loss):
    return labels(rng, n) if LOSSES[loss].classification else rng.normal(size=n)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(0, 2), st.sampled_from(LOSS_NAMES))
def test_where_it_is_exact_it_certifies_the_optimum_that_other_routes_find(seed, n, more, loss):
    rng = np.random.default_rng(seed)
    for X in (2.0 * orthonormal(rng, n, n + more), np.diag(rng.uniform(0.5, 3.0, n))):
        y = targets(rng, n, loss)
        relaxed = cv.solve(X, y, 0.2, loss, bias=False, method="relaxation")
        assert relaxed.exactness.startswith("exact: the data are spike-free (")
        assert np.isfinite(relaxed.lower_bound)
        assert relaxed.certified
        assert relaxed.statement == "certified optimum"
        listed = cv.solve(X, y, 0.2, loss, bias=False, method="patterns" if n > 2 else "auto")
        assert listed.certified
        assert listed.exactness == ""
        assert relaxed.objective == pytest.approx(listed.objective, rel=AGREE)
        if loss == "squared":
            formula = closed_form.spike_free(X, y, 0.2)
            assert formula.certified
            assert relaxed.objective == pytest.approx(formula.objective, rel=AGREE)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_on_a_regular_simplex_it_certifies_the_optimum_with_biases(loss):
    rng = np.random.default_rng(5)
    X, y = 2.0 * orthonormal(rng, 5, 6) + rng.normal(size=6), targets(rng, 5, loss)
    relaxed, tree = (cv.solve(X, y, 0.1, loss, method=method) for method in ("relaxation", "branch_and_bound"))
    assert relaxed.exactness == "exact: the points are the corners of a regular simplex"
    assert relaxed.certified
    assert tree.certified
    assert relaxed.objective == pytest.approx(tree.objective, rel=AGREE)


@pytest.mark.parametrize("bias", [True, False])
def test_where_it_is_not_exact_training_claims_an_upper_bound_only(bias):
    rng = np.random.default_rng(6)
    X, y = rng.normal(size=(9, 3)), rng.normal(size=9)
    relaxed, proved = (cv.solve(X, y, 0.2, bias=bias, method=method) for method in ("relaxation", "auto"))
    assert relaxed.exactness.startswith("not exact: the ")
    assert relaxed.lower_bound == -np.inf
    assert relaxed.statement == "upper bound only"
    assert proved.certified
    assert relaxed.objective > proved.objective * 1.01


def test_bad_data_are_refused():
    with pytest.raises(ValueError, match=r"use X\.reshape"):
        RelaxationOracle(np.zeros(3))
