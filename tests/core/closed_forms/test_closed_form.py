"""Closed forms against the general solver, the program over all patterns, and semidefinite programs of their own."""

from itertools import product

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv
from convexviz.closed_form import rank_one, spike_free, vector_whitened, whiten, whitened
from convexviz.core.dual.certificate import objective
from convexviz.core.geometry import spike_free as spikes

PROGRAM = 1e-5  # conic programs of many cones at Clarabel's default accuracy, relative
SPHERE = 4000  # random neurons by which a dual function is probed from below
seeds = st.integers(0, 10**6)
betas = st.floats(-2, 0.7).map(lambda e: 10**e)


def orthonormal(rng, n, d):
    """X (n, d) with X X^T = I."""
    return np.linalg.qr(rng.normal(size=(d, n)))[0].T


def unit_rows(rng, m, d):
    U = rng.normal(size=(m, d))
    return U / np.linalg.norm(U, axis=1)[:, None]


def over_all_patterns(X, y, beta):
    """The convex program over every one of the 2^n patterns that linearly independent rows of X have: its optimum."""
    f, penalty, constraints = 0, 0, []
    for pattern in product([0.0, 1.0], repeat=len(X)):
        on = np.array(pattern)
        for sign in (1, -1):
            a = cp.Variable(X.shape[1])
            f = f + sign * (on[:, None] * X) @ a
            penalty = penalty + cp.norm2(a)
            constraints.append(((2 * on - 1)[:, None] * X) @ a >= 0)
    return cp.Problem(cp.Minimize(cp.sum_squares(f - y) / 2 + beta * penalty), constraints).solve(solver=cp.CLARABEL)


def copositive_optimum(Y, beta):
    """The vector dual for whitened X, n <= 4, exactly: M(V) <= beta says that beta^2 I - V V^T is copositive.

    Up to four rows a copositive matrix is the sum of a semidefinite and an entrywise non-negative one (Diananda 1962),
    and beta^2 I - N - V V^T >= 0 is a linear matrix inequality by Schur's complement.
    """
    n, K = Y.shape
    S, N = cp.Variable((n + K, n + K), PSD=True), cp.Variable((n, n), symmetric=True)
    V = S[:n, n:]
    constraints = [N >= 0, S[:n, :n] == beta**2 * np.eye(n) - N, S[n:, n:] == np.eye(K)]
    value = cp.sum(cp.multiply(Y, V)) - cp.sum_squares(V) / 2
    return cp.Problem(cp.Maximize(value), constraints).solve(solver=cp.CLARABEL)


def assert_certified(solution, X, y, rng):
    """In plain numpy: objective, weak duality, and no random neuron above the band."""
    net, beta, v = solution.network, solution.beta, solution.v
    hidden = np.maximum(X @ net.U.T, 0)
    vector = y.ndim == 2
    weights = net.W if vector else net.w
    penalty = np.linalg.norm(weights, axis=1).sum() if vector else np.abs(weights).sum()
    value = np.sum((hidden @ weights - y) ** 2) / 2 + beta * penalty
    assert not np.any(net.b)
    assert not np.any(net.c)
    assert solution.objective == pytest.approx(value, rel=SAME, abs=1e-14)
    assert np.sum(y * v) - np.sum(v**2) / 2 == pytest.approx(solution.lower_bound, rel=SAME, abs=1e-14)
    seen = v.T @ np.maximum(X @ unit_rows(rng, SPHERE, X.shape[1]).T, 0)
    assert np.abs(np.linalg.norm(seen, axis=0) if vector else seen).max() <= beta * (1 + SAME)
    assert solution.gap <= GAP
    assert solution.certified
    assert solution.history == ()
    assert solution.loss == "squared"


@given(seeds, st.integers(1, 8), st.integers(0, 5))
def test_whitening_makes_the_rows_orthonormal_by_a_map_of_the_features(seed, n, more):
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=(n, n + more))
    white = whiten(raw)
    assert white.X.shape == (n, n)
    assert np.allclose(white.X @ white.X.T, np.eye(n), atol=1e-13)
    assert np.allclose(white.apply(raw), white.X, atol=1e-9)
    assert np.allclose(raw @ white.transform, white.X, atol=1e-9)
    mixture = rng.normal(size=n)  # a new sample made of the old ones is seen by its coefficients
    off = rng.normal(size=n + more)
    off -= np.linalg.pinv(raw) @ (raw @ off)
    assert np.allclose(white.X @ white.apply((mixture @ raw + off)[None])[0], mixture, atol=1e-7)
    pictures = white.pictures(unit_rows(rng, 3, n))
    assert np.linalg.norm(pictures, axis=1) == pytest.approx(np.ones(3))


@given(seeds, st.integers(1, 6), st.integers(0, 3), betas)
def test_whitened_data_need_two_neurons_in_closed_form(seed, n, more, beta):
    rng = np.random.default_rng(seed)
    X, y = orthonormal(rng, n, n + more), rng.normal(size=n)
    solution = whitened(X, y, beta)
    assert_certified(solution, X, y, rng)
    parts = np.linalg.norm(np.maximum(y, 0)), np.linalg.norm(np.maximum(-y, 0))
    assert sorted(solution.network.w) == pytest.approx(
        sorted(s * (p - beta) for s, p in zip((1, -1), parts, strict=True) if p > beta)
    )
    assert solution.objective == pytest.approx(sum(p * p / 2 if p <= beta else beta * p - beta**2 / 2 for p in parts))
    dual = y - solution.network.predict(X)
    touched = max(np.linalg.norm(np.maximum(dual, 0)), np.linalg.norm(np.maximum(-dual, 0)))
    assert touched == pytest.approx(min(beta, max(parts)))


@settings(max_examples=8)
@given(seeds, st.integers(1, 5), betas)
def test_whitened_agrees_with_the_program_over_all_patterns(seed, n, beta):
    rng = np.random.default_rng(seed)
    X, y = orthonormal(rng, n, n), rng.normal(size=n)
    assert whitened(X, y, beta).objective == pytest.approx(over_all_patterns(X, y, beta), rel=PROGRAM, abs=1e-7)


@given(seeds, st.integers(1, 2), st.integers(0, 3), betas)
def test_whitened_agrees_with_the_general_solver(seed, n, more, beta):
    rng = np.random.default_rng(seed)
    X, y = orthonormal(rng, n, n + more), rng.normal(size=n)
    theirs = cv.solve(X, y, beta, bias=False)
    assert whitened(X, y, beta).objective == pytest.approx(theirs.objective, rel=2 * INDEPENDENT)


@pytest.mark.parametrize(("y", "width"), [([1.0, 2.0], 1), ([-1.0, -2.0], 1), ([0.0, 0.0], 0), ([3.0, -2.0], 2)])
def test_an_empty_part_has_no_neuron(y, width):
    solution = whitened(np.eye(2, 3), np.array(y), 0.1)
    assert solution.network.width == width
    assert solution.certified


@given(seeds, st.integers(1, 8), st.integers(1, 4), betas)
def test_rank_one_data_are_two_soft_thresholds(seed, n, d, beta):
    rng = np.random.default_rng(seed)
    z = np.where(rng.uniform(size=n) < 0.2, 0.0, rng.normal(size=n))
    X, y = np.outer(z, rng.normal(size=d)), rng.normal(size=n)
    solution = rank_one(X, y, beta)
    assert_certified(solution, X, y, rng)
    theirs = cv.solve(X, y, beta, bias=False)
    assert solution.objective == pytest.approx(theirs.objective, rel=2 * INDEPENDENT)
    assert solution.network.width <= 2


@given(seeds, st.integers(2, 8), st.integers(1, 4), betas)
def test_rank_one_data_with_biases_are_a_spline(seed, n, d, beta):
    rng = np.random.default_rng(seed)
    z, a, y = rng.normal(size=n), rng.normal(size=d), rng.normal(size=n)
    solution = rank_one(np.outer(z, a), y, beta, bias=True)
    line = cv.solve((np.linalg.norm(a) * z)[:, None], y, beta, method="dictionary")
    assert solution.certified
    assert solution.objective == pytest.approx(line.objective, rel=2 * INDEPENDENT)


def spike_free_data(rng, n, kind):
    """Data of the families that are spike-free."""
    if kind == "whitened":
        return orthonormal(rng, n, n + 1)
    if kind == "diagonal":
        return np.diag(rng.uniform(0.2, 3, n)) @ orthonormal(rng, n, n)
    return np.outer(rng.uniform(0.1, 2, n), rng.normal(size=3))


@settings(max_examples=20)
@given(seeds, st.integers(1, 4), st.sampled_from(["whitened", "diagonal", "rank one"]), betas)
def test_spike_free_data_are_one_cone_program(seed, n, kind, beta):
    rng = np.random.default_rng(seed)
    X, y = spike_free_data(rng, n, kind), rng.normal(size=n)
    solution = spike_free(X, y, beta)
    assert_certified(solution, X, y, rng)
    assert solution.network.width <= 2
    if kind == "whitened":
        assert solution.objective == pytest.approx(whitened(X, y, beta).objective, rel=INDEPENDENT)
    elif kind == "rank one":
        assert solution.objective == pytest.approx(rank_one(X, y, beta).objective, rel=INDEPENDENT)
    elif n <= 2:
        theirs = cv.solve(X, y, beta, bias=False)
        assert solution.objective == pytest.approx(theirs.objective, rel=2 * INDEPENDENT)
    else:
        assert solution.objective == pytest.approx(over_all_patterns(X, y, beta), rel=PROGRAM, abs=1e-7)


@given(seeds, st.sampled_from([1e-4, 1.0, 1e4]), st.sampled_from([1e-4, 1.0, 1e4]))
def test_scales_of_data_and_targets_do_not_matter_to_the_cone_program(seed, of_X, of_y):
    rng = np.random.default_rng(seed)
    X, y = spike_free_data(rng, 3, "diagonal"), rng.normal(size=3)
    plain, scaled = spike_free(X, y, 0.3), spike_free(of_X * X, of_y * y, 0.3 * of_X * of_y)
    assert scaled.certified
    assert scaled.objective == pytest.approx(of_y**2 * plain.objective, rel=INDEPENDENT)
    assert scaled.network.width == plain.network.width


def test_spikes_are_refused_with_a_witness_that_shows_them():
    X = np.array([[1.0, 0.0], [-0.9, 0.1]])  # at an obtuse angle: each sees far where the other is blind
    with pytest.raises(ValueError, match=r"must be spike-free; got shape \(2, 2\) .* at u = \[.*bias=False"):
        spike_free(X, np.array([1.0, -1.0]), 0.1)
    trusting = spike_free(X, np.array([1.0, -1.0]), 0.1, check=False)
    assert "taken on trust" in trusting.method
    assert not trusting.certified
    assert trusting.lower_bound == -np.inf
    assert trusting.objective >= cv.solve(X, np.array([1.0, -1.0]), 0.1, bias=False).lower_bound


def test_a_verdict_that_was_only_sampled_proves_nothing(monkeypatch):
    sampled = spikes.SpikeFree(True, 0.0, None, 0.0, "sampled: no violation found among 20000 directions")
    monkeypatch.setattr(spikes, "spike_free", lambda X: sampled)
    solution = spike_free(np.eye(3), np.array([1.0, -2.0, 3.0]), 0.1)
    assert "sampled: no violation found among 20000 directions" in solution.method
    assert not solution.certified
    assert solution.objective == pytest.approx(whitened(np.eye(3), np.array([1.0, -2.0, 3.0]), 0.1).objective)


def test_data_and_targets_of_zero_need_no_neuron():
    for X, y in ((np.zeros((2, 2)), np.ones(2)), (np.eye(2), np.zeros(2))):
        for solution in (spike_free(X, y, 0.1, check=False), spike_free(X, y, 0.1)):
            assert solution.network.width == 0
            assert solution.objective == pytest.approx(y @ y / 2)
    assert rank_one(np.zeros((2, 2)), np.ones(2), 0.1).certified


def one_hot(rng, n, K):
    return np.eye(K)[rng.integers(0, K, n)]


def obtuse_targets(rng, n, K, kind):
    """Targets whose different directions are at no acute angle."""
    if kind == "one-hot":
        return one_hot(rng, n, K)
    if kind == "one number a row":
        return one_hot(rng, n, K) * rng.normal(size=n)[:, None]
    if kind == "simplex":
        return (one_hot(rng, n, K) - 1 / K) * rng.uniform(0.5, 2, n)[:, None]
    turn = np.linalg.qr(rng.normal(size=(K, K)))[0]
    return one_hot(rng, n, K) @ turn * rng.normal(size=n)[:, None]


kinds = st.sampled_from(["one-hot", "one number a row", "simplex", "turned"])


@given(seeds, st.integers(1, 7), st.integers(2, 4), kinds, betas)
def test_vector_outputs_have_one_neuron_per_direction(seed, n, K, kind, beta):
    rng = np.random.default_rng(seed)
    X, Y = orthonormal(rng, n, n + 1), obtuse_targets(rng, n, K, kind)
    solution = vector_whitened(X, Y, beta)
    assert_certified(solution, X, Y, rng)
    if kind == "one-hot":
        assert solution.network.width == (np.linalg.norm(Y, axis=0) > beta).sum()
        for u, w in zip(solution.network.U, solution.network.W, strict=True):
            k = int(w.argmax())
            size = np.linalg.norm(Y[:, k])
            assert np.allclose(u, X.T @ Y[:, k] / size)
            assert np.allclose(w, (size - beta) * np.eye(K)[k])


@settings(max_examples=20)
@given(seeds, st.integers(1, 4), st.integers(2, 3), kinds, betas)
def test_vector_outputs_agree_with_the_copositive_program(seed, n, K, kind, beta):
    rng = np.random.default_rng(seed)
    X, Y = orthonormal(rng, n, n), obtuse_targets(rng, n, K, kind)
    solution = vector_whitened(X, Y, beta)
    assert solution.objective == pytest.approx(copositive_optimum(Y, beta), rel=PROGRAM, abs=1e-6)


@settings(max_examples=6)
@given(seeds, st.integers(2, 3), st.floats(0.05, 0.8))
def test_vector_outputs_agree_with_a_group_lasso_over_a_fine_circle(seed, K, beta):
    rng = np.random.default_rng(seed)
    Y = one_hot(rng, 2, K)
    t = np.linspace(0, np.pi / 2, 181)
    rows = np.column_stack([np.cos(t), np.sin(t)]).clip(0)
    W = cp.Variable((len(t), K))
    misfit = cp.sum_squares(rows.T @ W - Y) / 2
    dense = cp.Problem(cp.Minimize(misfit + beta * cp.sum(cp.norm2(W, axis=1)))).solve(solver=cp.CLARABEL)
    value = vector_whitened(np.eye(2), Y, beta).objective
    assert value <= dense * (1 + PROGRAM)
    assert value == pytest.approx(dense, rel=1e-3)  # 181 angles


@given(seeds, st.integers(1, 6), betas)
def test_one_output_is_the_scalar_closed_form(seed, n, beta):
    rng = np.random.default_rng(seed)
    X, y = orthonormal(rng, n, n), rng.normal(size=n)
    vector, scalar = vector_whitened(X, y[:, None], beta), whitened(X, y, beta)
    assert vector.objective == pytest.approx(scalar.objective, rel=SAME, abs=1e-14)
    assert np.allclose(vector.network.predict(X)[:, 0], scalar.network.predict(X), atol=1e-12)


def test_acute_directions_have_no_such_closed_form():
    """What the formula would give for two directions at 60 degrees is above the optimum: the condition is needed."""
    Y, beta = np.array([[1.0, 0.0], [0.5, np.sqrt(0.75)]]), 0.5
    with pytest.raises(ValueError, match=r"at most zero, as one-hot rows do; got rows 0 and 1 .* a cosine of 0\.5"):
        vector_whitened(np.eye(2), Y, beta)
    formula = cv.ReLUNetwork(np.eye(2), np.zeros(2), (1 - beta) * Y, np.zeros(2))
    assert objective(formula, np.eye(2), Y, beta, "squared") > 1.02 * copositive_optimum(Y, beta)


def test_a_network_of_several_outputs_is_its_outputs_side_by_side():
    rng = np.random.default_rng(0)
    net = cv.ReLUNetwork.normalized(rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(4, 2)), np.ones(2))
    X = rng.normal(size=(5, 3))
    assert (net.width, net.dimension, net.outputs) == (4, 3, 2)
    assert np.allclose(net.predict(X), np.column_stack([net.output(k).predict(X) for k in range(2)]))
    assert net.penalty == pytest.approx(np.sqrt((net.W**2).sum(axis=1)).sum())
    dead = cv.ReLUNetwork.normalized(np.zeros((1, 3)), np.array([2.0]), np.array([[1.0, -1.0]]), np.zeros(2))
    assert np.allclose(dead.predict(X), [2.0, -2.0])
    assert cv.ReLUNetwork.constant(np.zeros(2), 3).width == 0
    assert not net.W.flags.writeable


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: whiten(np.ones((3, 2))), r"got 3 samples of 2 features and rank 1\. Keep 1 samples"),
        (lambda: whiten(np.zeros((1, 2))), "rank 0"),
        (
            lambda: whitened(np.ones((2, 2)), np.ones(2), 0.1),
            r"X X\^T = I; got shape \(2, 2\) .* off by 2\. Use whiten",
        ),
        (lambda: whitened(np.eye(2), np.ones(2), 0), "beta must be a positive number, got 0"),
        (lambda: whitened(np.eye(2), np.ones(3), 1), "2 rows in X and 3 values"),
        (lambda: rank_one(np.eye(2), np.ones(2), 0.1), r"rank one, X = z a\^T .* of rank 2\. Project"),
        (lambda: vector_whitened(np.eye(2), np.ones(2), 0.1), r"Y must have shape \(n, K\), got \(2,\); use Y.reshape"),
        (lambda: vector_whitened(2 * np.eye(2), np.eye(2), 0.1), "whitened"),
        (
            lambda: cv.ReLUNetwork(np.eye(2), np.zeros(2), np.eye(3), np.zeros(3)),
            r"w \(m, K\) with c \(K,\); got U \(2, 2\)",
        ),
        (
            lambda: cv.ReLUNetwork(2 * np.eye(2), np.zeros(2), np.eye(2), np.zeros(2)),
            "must have norm 1; use ReLUNetwork",
        ),
        (lambda: cv.ReLUNetwork(np.eye(2), np.zeros(2), np.eye(2), np.array([np.nan, 0])), "must be finite"),
        (
            lambda: cv.ReLUNetwork.constant(np.zeros(2), 3).predict(np.eye(2)),
            r"X must have shape \(n, 3\), got \(2, 2\)",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
