"""Vector losses with their conjugates, and the group lasso over neurons held against conic programs."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import INDEPENDENT, SAME, WEAK_DUALITY

from convexviz.core.losses import LOSSES, SEVERAL, get_loss
from convexviz.core.masters.columns import merged
from convexviz.core.masters.vector import VectorMaster
from convexviz.core.network import ReLUNetwork

CONDITIONS = 1e-8  # of optimality, relative to beta, that the group lasso meets
DIFFERENCE = 1e-6  # step of central differences; their error is about its square

names = st.sampled_from(list(SEVERAL))


def targets(rng, n, K, loss):
    Y = rng.normal(size=(n, K))
    if loss == "logistic":
        return np.eye(K)[np.concatenate([np.arange(K), rng.integers(0, K, n - K)])]
    return Y


@given(st.integers(0, 10**6), names)
def test_gradient_and_curvature_are_those_of_the_value(seed, name):
    rng = np.random.default_rng(seed)
    loss, F = get_loss(name, several=True), rng.normal(size=(6, 3))
    Y, B, C = targets(rng, 6, 3, name), rng.normal(size=(6, 2)), rng.normal(size=(2, 3))
    up, down = (loss.value(F + s * DIFFERENCE * B @ C, Y) for s in (1, -1))
    assert (down - up) / (2 * DIFFERENCE) == pytest.approx(np.sum(loss.gradient(F, Y) * (B @ C)), abs=1e-6)
    change = loss.gradient(F - DIFFERENCE * B @ C, Y) - loss.gradient(F + DIFFERENCE * B @ C, Y)
    H = loss.hessian(B, F)
    np.testing.assert_allclose(H @ C.ravel(), (B.T @ change / (2 * DIFFERENCE)).ravel(), atol=1e-6)
    assert np.linalg.eigvalsh(H)[-1] <= loss.steepest * np.linalg.norm(B, 2) ** 2 * (1 + SAME)


@given(st.integers(0, 10**6), names, st.booleans())
def test_fenchel_and_young(seed, name, bias):
    """g(V) <= loss(F) + <V, F> for V in the domain, with equality at V = -gradient; projection leads there."""
    rng = np.random.default_rng(seed)
    loss, F = get_loss(name, several=True), rng.normal(size=(7, 3))
    Y = targets(rng, 7, 3, name)
    V = loss.feasible(rng.normal(size=(7, 3)), Y, bias)
    assert loss.dual_value(V, Y) <= loss.value(F, Y) + np.sum(V * F) + WEAK_DUALITY * 100
    own = loss.gradient(F, Y)
    assert loss.dual_value(own, Y) == pytest.approx(loss.value(F, Y) + np.sum(own * F), rel=SAME, abs=SAME)
    if bias:
        assert np.abs(V.sum(axis=0)).max() <= SAME
    if name == "logistic":
        assert (Y - V).min() >= 0.0
        np.testing.assert_allclose((Y - V).sum(axis=1), 1.0, rtol=SAME)
    s = loss.scale(V, Y, 0.4)
    assert 0.0 <= s <= 0.4
    assert loss.dual_value(s * V, Y) >= -WEAK_DUALITY * 100 or name == "squared"


@given(st.integers(0, 10**6))
def test_the_best_constant_leaves_a_dual_matrix_of_sum_zero(seed):
    rng = np.random.default_rng(seed)
    for name, loss in SEVERAL.items():
        Y = targets(rng, 8, 3, name)
        V = loss.gradient(np.tile(loss.best_constant(Y), (8, 1)), Y)
        np.testing.assert_allclose(V.sum(axis=0), 0.0, atol=1e-12)
        np.testing.assert_allclose(loss.feasible(V, Y, True), V, atol=1e-12)


def test_two_classes_are_the_binary_logistic_loss():
    rng = np.random.default_rng(0)
    F, y = rng.normal(size=(9, 2)), np.where(rng.normal(size=9) > 0, 1.0, -1.0)
    Y = np.column_stack([y > 0, y < 0]).astype(float)
    f = F[:, 0] - F[:, 1]
    loss, binary = SEVERAL["logistic"], LOSSES["logistic"]
    assert loss.value(F, Y) == pytest.approx(binary.value(f, y), rel=SAME)
    np.testing.assert_allclose(loss.gradient(F, Y)[:, 0], binary.gradient(f, y), atol=1e-12)
    v = loss.gradient(F, Y)
    assert loss.dual_value(v, Y) == pytest.approx(binary.dual_value(v[:, 0], y), rel=SAME)


def test_no_upper_bound_on_the_dual_maximum_means_no_lower_bound():
    loss, Y = SEVERAL["squared"], np.eye(3)
    assert loss.bound(Y, Y, 0.1, np.inf)[0] == -np.inf
    with pytest.raises(ValueError, match="loss must be one of squared, logistic for several outputs; got 'hinge'"):
        get_loss("hinge", several=True)


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_group_lasso_is_solved_to_many_digits(name, bias, seed):
    rng = np.random.default_rng(seed)
    n, m, K, beta = 25, 60, 3, 0.2
    loss, Y = get_loss(name, several=True), targets(rng, 25, 3, name)
    A = np.maximum(rng.normal(size=(n, 2)) @ rng.normal(size=(2, m)) + rng.normal(size=m), 0.0)
    A[:, 7] = A[:, 3]  # neurons that are alike do no harm
    answer = VectorMaster(A, Y, beta, loss, bias).weights(A, np.zeros((m, K)), np.zeros(K))
    size = np.linalg.norm(answer.w, axis=1)
    used, G = size > 0, A.T @ answer.v
    np.testing.assert_allclose(answer.v, loss.gradient(answer.c + A @ answer.w, Y), atol=1e-10)
    np.testing.assert_allclose(G[used], beta * answer.w[used] / size[used, None], atol=CONDITIONS * beta)
    assert np.linalg.norm(G, axis=1).max() <= beta * (1 + CONDITIONS)
    if bias:
        np.testing.assert_allclose(answer.v.sum(axis=0), 0.0, atol=CONDITIONS)
    else:
        assert not answer.c.any()
    W, c = cp.Variable((m, K)), cp.Variable((1, K)) if bias else np.zeros((1, K))
    F = A @ W + np.ones((n, 1)) @ c
    data = (
        cp.sum_squares(F - Y) / 2
        if name == "squared"
        else cp.sum(cp.log_sum_exp(F, axis=1)) - cp.sum(cp.multiply(F, Y))
    )
    problem = cp.Problem(cp.Minimize(data + beta * cp.sum(cp.norm(W, 2, axis=1))))
    problem.solve(solver=cp.CLARABEL)
    value = loss.value(answer.c + A @ answer.w, Y) + beta * size.sum()
    assert value == pytest.approx(problem.value, rel=INDEPENDENT)


@given(st.integers(0, 10**6), st.booleans())
def test_merging_keeps_the_function_and_never_costs(seed, parallel):
    rng = np.random.default_rng(seed)
    X, U, b = rng.normal(size=(5, 2)), rng.normal(size=(12, 2)), rng.normal(size=12)
    W = rng.choice([0.5, 1.0, 2.0], 12)[:, None] * np.eye(2)[rng.integers(0, 2, 12)]
    if not parallel:
        W = rng.normal(size=(12, 2))
    net = ReLUNetwork.normalized(U, b, W, np.array([1.0, -1.0]))
    less = merged(net, X)
    np.testing.assert_allclose(less.predict(X), net.predict(X), atol=1e-10)
    assert less.penalty <= net.penalty * (1 + SAME)
    patterns = {(*(row > 0), *way) for row, way in zip(net.activations(X).T, np.sign(W), strict=True)}
    if parallel:
        assert less.width <= len(patterns)
