"""Weights of the points for several outputs: the losses with weights against rows repeated, and the optima."""

import numpy as np
import pytest
from certificates import ramps
from tolerances import GAP, SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.losses import SEVERAL
from convexviz.core.masters.vector import VectorMaster

TIGHT = 1e-8
LOSSES = tuple(SEVERAL)


def weighted(n, d, loss, K=3, seed=0):
    """X (n, d), Y (n, K) and whole weights (n,), some 0."""
    rng = np.random.default_rng(seed)
    X, s = rng.normal(size=(n, d)), rng.permutation(np.resize([0.0, 1.0, 2.0, 4.0], n))
    if loss == "squared":
        return X, np.maximum(X @ rng.normal(size=(d, K)), 0) + 0.1 * rng.normal(size=(n, K)), s
    s[:K] = 1.0
    return X, np.eye(K)[np.resize(np.arange(K), n)], s


def rows(s):
    return np.repeat(np.arange(len(s)), s.astype(int))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_weighted_loss_is_that_of_repeated_rows(loss, bias):
    rng = np.random.default_rng(1)
    _, Y, s = weighted(9, 2, loss)
    s += 1.0
    r, plain = rows(s), SEVERAL[loss]
    term = plain.weighted(s)
    F, B = rng.normal(size=Y.shape), rng.normal(size=(9, 4))
    V = rng.normal(size=Y.shape)
    assert term.value(F, Y) == pytest.approx(plain.value(F[r], Y[r]), rel=SAME)
    np.testing.assert_allclose((term.gradient(F, Y) / s[:, None])[r], plain.gradient(F[r], Y[r]), atol=SAME)
    np.testing.assert_allclose(term.hessian(B, F), plain.hessian(B[r], F[r]), atol=SAME)
    ours, theirs = term.feasible(V, Y, bias), plain.feasible((V / s[:, None])[r], Y[r], bias)
    np.testing.assert_allclose((ours / s[:, None])[r], theirs, atol=SAME)
    assert term.dual_value(ours, Y) == pytest.approx(plain.dual_value(theirs, Y[r]), rel=SAME)
    assert term.scale(ours, Y, 0.7) == pytest.approx(plain.scale(theirs, Y[r], 0.7), rel=SAME)
    np.testing.assert_allclose(term.best_constant(Y), plain.best_constant(Y[r]), atol=SAME)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_group_lasso_of_weighted_rows(loss, bias):
    rng = np.random.default_rng(2)
    _, Y, s = weighted(12, 2, loss)
    s += 1.0
    A, r, start = rng.random((12, 7)), rows(s), np.zeros((7, 3))
    ours = VectorMaster(A, Y, 0.3, SEVERAL[loss].weighted(s), bias).weights(A, start, np.zeros(3))
    theirs = VectorMaster(A[r], Y[r], 0.3, SEVERAL[loss], bias).weights(A[r], start, np.zeros(3))
    ours_f, theirs_f = ours.c + A @ ours.w, theirs.c + A @ theirs.w
    if loss == "logistic":  # which takes no notice of a number added to all outputs
        ours_f, theirs_f = (f - f.mean(axis=1, keepdims=True) for f in (ours_f, theirs_f))
    np.testing.assert_allclose(ours_f, theirs_f, atol=1e-7)
    np.testing.assert_allclose((ours.v / s[:, None])[r], theirs.v, atol=1e-7)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("d", "n"), [(1, 16), (2, 12)])
@pytest.mark.parametrize("loss", LOSSES)
def test_whole_weights_are_repeated_points(loss, d, n, bias):
    X, Y, s = weighted(n, d, loss)
    r = rows(s)
    ours = cv.solve(X, Y, 0.3, loss, bias, tol=TIGHT, sample_weight=s)
    theirs = cv.solve(X[r], Y[r], 0.3, loss, bias, tol=TIGHT)
    assert ours.certified
    assert theirs.certified
    assert ours.objective == pytest.approx(theirs.objective, rel=2 * TIGHT)
    assert ours.lower_bound <= theirs.objective * (1 + WEAK_DUALITY)
    assert theirs.lower_bound <= ours.objective * (1 + WEAK_DUALITY)
    assert (ours.v[s == 0] == 0).all()
    scaled = cv.solve(X, Y, 0.3 * 1e7, loss, bias, tol=TIGHT, sample_weight=s * 1e7)
    assert scaled.certified
    assert scaled.objective == pytest.approx(1e7 * ours.objective, rel=2 * TIGHT)
    if d == 1 and bias:  # the dual matrix is feasible: sums to zero, and every neuron's column has length beta at most
        assert np.abs(scaled.v.sum(axis=0)).max() <= SAME * np.abs(scaled.v).sum()
        assert np.linalg.norm(ramps(X[:, 0]) @ scaled.v, axis=1).max() <= 0.3e7 * (1 + SAME)


def test_bounds_in_space_are_honest():
    X, Y, s = weighted(7, 3, "squared", K=2)
    ours = cv.solve(X, Y, 0.5, sample_weight=s, time_limit=3.0)
    theirs = cv.solve(X[rows(s)], Y[rows(s)], 0.5, time_limit=3.0)
    assert ours.lower_bound <= theirs.objective * (1 + WEAK_DUALITY)
    assert theirs.lower_bound <= ours.objective * (1 + WEAK_DUALITY)
    assert ours.objective == pytest.approx(theirs.objective, rel=1e-3)


def test_one_column_is_one_output():
    X, Y, s = weighted(14, 2, "squared", K=1)
    column, one = cv.solve(X, Y, 0.2, sample_weight=s), cv.solve(X, Y[:, 0], 0.2, sample_weight=s)
    assert column.objective == pytest.approx(one.objective, rel=2 * GAP)


def test_weights_that_cannot_be_used_are_named():
    X, Y, _ = weighted(6, 1, "logistic")
    with pytest.raises(ValueError, match="sample_weight must not be negative"):
        cv.solve(X, Y, loss="logistic", sample_weight=[-1.0] * 6)
    with pytest.raises(ValueError, match=r"Every class must be present .* class 1 .* has no row"):
        cv.solve(X, Y, loss="logistic", sample_weight=1.0 - Y[:, 1])
