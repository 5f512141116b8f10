"""Training with several outputs: what must hold of every answer, and routes of their own to the same optimum."""

import warnings

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from tolerances import GAP, INDEPENDENT, SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.closed_forms.vector_closed_form import vector_whitened
from convexviz.core.losses import SEVERAL
from convexviz.core.oracles.vector import VectorLineOracle, VectorPlaneOracle
from convexviz.core.solve_vector import solve_vector
from convexviz.core.vector_network import vector_objective

TWICE = 3 * GAP  # two certified optima of one value


def problem(seed, n, d, K, loss="squared"):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    F = np.abs(X @ rng.normal(size=(d, K))) + 0.3 * rng.normal(size=(n, K))
    if loss == "logistic":
        labels = F.argmax(axis=1)
        labels[:K] = np.arange(K)
        return X, np.eye(K)[labels]
    return X, F


def assert_proved(solution, X, Y, bias=True):
    """Both sides of weak duality, computed anew from the network and the dual matrix."""
    net, V = solution.network, solution.v
    loss = SEVERAL[solution.loss]
    F = np.maximum(X @ net.U.T + net.b, 0.0) @ net.W + net.c
    objective = loss.value(F, Y) + solution.beta * np.linalg.norm(net.W, axis=1).sum()
    assert solution.objective == pytest.approx(objective, rel=SAME)
    oracle = VectorLineOracle if X.shape[1] == 1 else VectorPlaneOracle
    assert oracle(X, bias).maximum(V) <= solution.beta * (1 + SAME)
    if bias:
        np.testing.assert_allclose(V.sum(axis=0), 0.0, atol=SAME * (1 + np.abs(V).max()))
    assert loss.dual_value(V, Y) == pytest.approx(solution.lower_bound, rel=SAME)
    assert solution.lower_bound <= objective * (1 + WEAK_DUALITY)
    assert solution.certified == (solution.gap <= GAP)
    assert solution.certified


cases = st.tuples(
    st.integers(0, 10**6),
    st.integers(4, 14),
    st.sampled_from([1, 2]),
    st.integers(2, 3),
    st.sampled_from(["squared", "logistic"]),
)


@settings(max_examples=15)
@given(cases, st.booleans(), st.sampled_from([0.02, 0.3]))
def test_the_line_and_the_plane_are_proved(case, bias, beta):
    X, Y = problem(*case)
    assert_proved(solve_vector(X, Y, beta, case[4], bias), X, Y, bias)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(2, 20), st.sampled_from([1, 2]), st.booleans())
def test_one_output_is_the_scalar_problem(seed, n, d, bias):
    X, Y = problem(seed, n, d, 1)
    many, one = solve_vector(X, Y, 0.1, bias=bias), cv.solve(X, Y[:, 0], 0.1, bias=bias)
    assert many.certified
    assert many.objective == pytest.approx(one.objective, rel=TWICE)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(2, 20), st.sampled_from([1, 2]), st.integers(2, 4))
def test_an_output_repeated_is_the_scalar_problem_at_a_smaller_beta(seed, n, d, K):
    """F = f 1^T at the optimum, by symmetry and convexity, and ||w 1|| = sqrt(K) |w|: P = K P_1(beta / sqrt(K))."""
    X, Y = problem(seed, n, d, 1)
    many = solve_vector(X, np.tile(Y, (1, K)), 0.1)
    one = cv.solve(X, Y[:, 0], 0.1 / np.sqrt(K))
    assert many.objective == pytest.approx(K * one.objective, rel=TWICE)
    np.testing.assert_allclose(many.network.predict(X), many.network.predict(X)[:, [0] * K], atol=1e-2)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(4, 20), st.sampled_from([1, 2]))
def test_two_classes_are_binary_logistic_regression_at_a_smaller_beta(seed, n, d):
    """Only f = F_1 - F_2 counts, cheapest with W = (w, -w) / 2, length |w| / sqrt(2): P = P_binary(beta / sqrt(2))."""
    X, Y = problem(seed, n, d, 2, "logistic")
    many = solve_vector(X, Y, 0.2, "logistic")
    one = cv.solve(X, Y[:, 0] - Y[:, 1], 0.2 / np.sqrt(2), "logistic")
    assert many.certified
    assert many.objective == pytest.approx(one.objective, rel=TWICE)


@settings(max_examples=8)
@given(cases)
def test_outputs_turned_and_points_moved_change_nothing(case):
    X, Y = problem(*case)
    rng = np.random.default_rng(case[0])
    K, d, loss = case[3], case[2], case[4]
    turn = np.linalg.qr(rng.normal(size=(K, K)))[0] if loss == "squared" else np.eye(K)[rng.permutation(K)]
    around = np.linalg.qr(rng.normal(size=(d, d)))[0]
    order = rng.permutation(len(X))
    first = solve_vector(X, Y, 0.1, loss)
    again = solve_vector((X @ around + 3.0)[order], (Y @ turn)[order], 0.1, loss)
    assert first.objective == pytest.approx(again.objective, rel=TWICE)


@settings(max_examples=8)
@given(cases, st.integers(3, 5))
def test_a_plane_in_more_dimensions_is_the_plane(case, d):
    X, Y = problem(*case)
    basis = np.linalg.qr(np.random.default_rng(1).normal(size=(d, X.shape[1])))[0]
    flat, space = (solve_vector(Z, Y, 0.1, case[4]) for Z in (X, X @ basis.T + 1.0))
    assert space.certified
    assert space.network.dimension == d
    assert space.objective == pytest.approx(flat.objective, rel=TWICE)


@pytest.mark.parametrize("name", SEVERAL)
def test_on_the_line_it_is_a_group_lasso_over_all_ramps(name):
    for seed in range(3):
        X, Y = problem(seed, 15, 1, 2, name)
        t = np.concatenate([X[:, 0], np.linspace(-4, 4, 41)])
        A = np.maximum(np.hstack([X - t, t - X]), 0.0)
        W, c = cp.Variable((A.shape[1], 2)), cp.Variable((1, 2))
        F = A @ W + np.ones((15, 1)) @ c
        crossed = cp.sum(cp.log_sum_exp(F, axis=1)) - cp.sum(cp.multiply(F, Y))
        data = cp.sum_squares(F - Y) / 2 if name == "squared" else crossed
        program = cp.Problem(cp.Minimize(data + 0.1 * cp.sum(cp.norm(W, 2, axis=1))))
        program.solve(solver=cp.CLARABEL)
        assert solve_vector(X, Y, 0.1, name).objective == pytest.approx(program.value, rel=2 * INDEPENDENT)


def test_whitened_data_give_the_closed_form():
    rng = np.random.default_rng(0)
    for n, K in ((6, 2), (8, 3)):
        X = np.linalg.qr(rng.normal(size=(n, n)))[0]
        Y = np.eye(K)[np.concatenate([np.arange(K), rng.integers(0, K, n - K)])]
        exact = vector_whitened(X, Y, 0.3)
        found = solve_vector(X, Y, 0.3, bias=False, time_limit=1.5)
        assert found.objective == pytest.approx(exact.objective, rel=INDEPENDENT)
        assert found.lower_bound <= exact.objective * (1 + WEAK_DUALITY)
    # In the plane the way is exact.
    X = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    assert solve_vector(X, np.eye(2), 0.3, bias=False).objective == pytest.approx(
        vector_whitened(X, np.eye(2), 0.3).objective, rel=TWICE
    )


@pytest.mark.parametrize(
    ("d", "n", "K", "bias"), [(3, 12, 2, True), (4, 30, 3, True), (3, 6, 2, False), (8, 25, 5, True)]
)
@pytest.mark.parametrize("name", SEVERAL)
def test_in_more_dimensions_the_bounds_are_honest(d, n, K, bias, name):
    X, Y = problem(d, n, d, K, name)
    s = solve_vector(X, Y, 0.1, name, bias, time_limit=1.0)
    assert 0.0 < s.lower_bound <= s.objective
    assert s.objective == pytest.approx(vector_objective(s.network, X, Y, 0.1, name), rel=SAME)
    assert s.objective < SEVERAL[name].value(np.tile(SEVERAL[name].best_constant(Y), (n, 1)), Y)
    assert s.certified == (s.gap <= GAP)
    U = np.random.default_rng(0).normal(size=(5000, d))
    U /= np.linalg.norm(U, axis=1)[:, None]
    U = np.vstack([U, s.network.U])
    b = -(U * X[np.random.default_rng(1).integers(0, n, len(U))]).sum(axis=1) * bias
    assert np.linalg.norm(s.v.T @ np.maximum(X @ U.T + b, 0.0), axis=0).max() <= 0.1 * (1 + SAME)


def test_space_is_proved_for_few_points_and_two_outputs():
    X, Y = problem(0, 12, 3, 2, "logistic")
    solution = solve_vector(X, Y, 0.5, "logistic")
    assert solution.gap <= 1e-4
    assert "cover" in solution.method


@pytest.mark.parametrize(("d", "K"), [(1, 2), (2, 3), (3, 2), (6, 4)])
def test_no_trained_network_ends_below_the_lower_bound(d, K):
    """n K times scikit-learn's loss, a mean over outputs too, is (1) with beta = K alpha (K = 1: MATH, comparisons)."""
    for seed in range(2):
        X, Y = problem(seed, 20, d, K)
        solution = solve_vector(X, Y, 0.1, time_limit=10.0 if d <= 2 else 1.0)
        net = MLPRegressor(hidden_layer_sizes=(15,), alpha=0.1 / K, solver="lbfgs", max_iter=100, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            net.fit(X, Y)
        decay = sum(np.sum(w**2) for w in net.coefs_)
        reached = 0.5 * np.sum((net.predict(X) - Y) ** 2) + 0.05 * decay
        assert reached >= solution.lower_bound * (1 - WEAK_DUALITY)
        if d <= 2:
            assert reached >= solution.objective * (1 - GAP)


def test_a_start_shortens_the_way_and_another_shape_is_no_start():
    X, Y = problem(0, 40, 2, 2)
    cold = solve_vector(X, Y, 0.1)
    warm = solve_vector(X, Y, 0.1, start=cold)
    assert warm.certified
    assert len(warm.history) < len(cold.history)
    other = solve_vector(X, Y[:, :1], 0.1, start=cold)
    assert other.certified
    unbiased = solve_vector(X, Y, 0.1, bias=False, start=cold)
    assert unbiased.certified
    assert not unbiased.network.b.any()
    assert not unbiased.network.c.any()


def test_rounds_are_on_record_and_the_bounds_close():
    X, Y = problem(1, 30, 2, 2)
    s = solve_vector(X, Y, 0.1)
    upper, lower = np.array([r.upper for r in s.history]), np.array([r.lower for r in s.history])
    assert (np.diff(upper) <= 0).all()
    assert (np.diff(lower) >= 0).all()
    assert (lower <= upper).all()


def test_a_time_limit_gives_honest_bounds():
    X, Y = problem(2, 80, 2, 3)
    hasty, done = solve_vector(X, Y, 0.05, time_limit=1e-3), solve_vector(X, Y, 0.05)
    assert not hasty.certified
    assert hasty.lower_bound <= done.objective
    assert hasty.objective >= done.lower_bound


def test_a_constant_needs_no_neuron_and_equal_points_are_one():
    X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    flat = solve_vector(X, np.full((3, 2), 0.7))
    assert flat.certified
    assert flat.network.width == 0
    same = solve_vector(np.ones((4, 2)), np.arange(8.0).reshape(4, 2))
    assert same.certified
    assert same.objective == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Y": np.zeros(5)}, r"Y must have shape \(n, K\), got \(5,\)"),
        ({"Y": np.zeros((4, 2))}, "same number of points"),
        ({"beta": 0.0}, "beta must be a positive number"),
        ({"tol": 2.0}, "tol must lie between 0 and 1"),
        ({"time_limit": -1.0}, "time_limit must be positive seconds or None"),
        ({"loss": "hinge"}, "loss must be one of squared, logistic"),
        ({"loss": "logistic"}, "one-hot rows of two classes or more"),
        ({"loss": "logistic", "Y": np.eye(3)[[0, 0, 1, 1, 1]]}, "Every class must be present.*class 2"),
    ],
)
def test_what_is_not_usable_is_refused_with_the_remedy(change, message):
    usual = {"X": np.arange(10.0).reshape(5, 2), "Y": np.arange(10.0).reshape(5, 2)}
    with pytest.raises(ValueError, match=message):
        solve_vector(**(usual | change))
