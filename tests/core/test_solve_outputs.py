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
from convexviz.core.closed_forms.closed_form import vector_whitened
from convexviz.core.dual.certificate import objective
from convexviz.core.losses import SEVERAL
from convexviz.core.oracles.vector import VectorLineOracle, VectorPlaneOracle

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
    assert_proved(cv.solve(X, Y, beta, case[4], bias), X, Y, bias)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(2, 20), st.sampled_from([1, 2]), st.booleans())
def test_one_output_is_the_scalar_problem(seed, n, d, bias):
    X, Y = problem(seed, n, d, 1)
    many, one = cv.solve(X, Y, 0.1, bias=bias), cv.solve(X, Y[:, 0], 0.1, bias=bias)
    assert many.certified
    assert many.objective == pytest.approx(one.objective, rel=TWICE)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(2, 20), st.sampled_from([1, 2]), st.integers(2, 4))
def test_an_output_repeated_is_the_scalar_problem_at_a_smaller_beta(seed, n, d, K):
    """F = f 1^T at the optimum, by symmetry and convexity, and ||w 1|| = sqrt(K) |w|: P = K P_1(beta / sqrt(K))."""
    X, Y = problem(seed, n, d, 1)
    many = cv.solve(X, np.tile(Y, (1, K)), 0.1)
    one = cv.solve(X, Y[:, 0], 0.1 / np.sqrt(K))
    assert many.objective == pytest.approx(K * one.objective, rel=TWICE)
    np.testing.assert_allclose(many.network.predict(X), many.network.predict(X)[:, [0] * K], atol=1e-2)


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(4, 20), st.sampled_from([1, 2]))
def test_two_classes_are_binary_logistic_regression_at_a_smaller_beta(seed, n, d):
    """Only f = F_1 - F_2 counts, cheapest with W = (w, -w) / 2, length |w| / sqrt(2): P = P_binary(beta / sqrt(2))."""
    X, Y = problem(seed, n, d, 2, "logistic")
    many = cv.solve(X, Y, 0.2, "logistic")
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
    first = cv.solve(X, Y, 0.1, loss)
    again = cv.solve((X @ around + 3.0)[order], (Y @ turn)[order], 0.1, loss)
    assert first.objective == pytest.approx(again.objective, rel=TWICE)


@settings(max_examples=8)
@given(cases, st.integers(3, 5))
def test_a_plane_in_more_dimensions_is_the_plane(case, d):
    X, Y = problem(*case)
    basis = np.linalg.qr(np.random.default_rng(1).normal(size=(d, X.shape[1])))[0]
    flat, space = (cv.solve(Z, Y, 0.1, case[4]) for Z in (X, X @ basis.T + 1.0))
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
        assert cv.solve(X, Y, 0.1, name).objective == pytest.approx(program.value, rel=2 * INDEPENDENT)


def test_whitened_data_give_the_closed_form():
    rng = np.random.default_rng(0)
    for n, K in ((6, 2), (8, 3)):
        X = np.linalg.qr(rng.normal(size=(n, n)))[0]
        Y = np.eye(K)[np.concatenate([np.arange(K), rng.integers(0, K, n - K)])]
        exact = vector_whitened(X, Y, 0.3)
        found = cv.solve(X, Y, 0.3, bias=False, time_limit=1.5)
        assert found.objective == pytest.approx(exact.objective, rel=INDEPENDENT)
        assert found.lower_bound <= exact.objective * (1 + WEAK_DUALITY)
    # In the plane the way is exact.
    X = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    assert cv.solve(X, np.eye(2), 0.3, bias=False).objective == pytest.approx(
        vector_whitened(X, np.eye(2), 0.3).objective, rel=TWICE
    )


@pytest.mark.parametrize(
    ("d", "n", "K", "bias"), [(3, 12, 2, True), (4, 30, 3, True), (3, 6, 2, False), (8, 25, 5, True)]
)
@pytest.mark.parametrize("name", SEVERAL)
def test_in_more_dimensions_the_bounds_are_honest(d, n, K, bias, name):
    X, Y = problem(d, n, d, K, name)
    s = cv.solve(X, Y, 0.1, name, bias, time_limit=1.0)
    assert 0.0 < s.lower_bound <= s.objective
    assert s.objective == pytest.approx(objective(s.network, X, Y, 0.1, name), rel=SAME)
    assert s.objective < SEVERAL[name].value(np.tile(SEVERAL[name].best_constant(Y), (n, 1)), Y)
    assert s.certified == (s.gap <= GAP)
    U = np.random.default_rng(0).normal(size=(5000, d))
    U /= np.linalg.norm(U, axis=1)[:, None]
    U = np.vstack([U, s.network.U])
    b = -(U * X[np.random.default_rng(1).integers(0, n, len(U))]).sum(axis=1) * bias
    assert np.linalg.norm(s.v.T @ np.maximum(X @ U.T + b, 0.0), axis=0).max() <= 0.1 * (1 + SAME)


def test_space_is_proved_for_few_points_and_two_outputs():
    X, Y = problem(0, 12, 3, 2, "logistic")
    solution = cv.solve(X, Y, 0.5, "logistic")
    assert solution.gap <= 1e-4
    assert "cover" in solution.method


@pytest.mark.parametrize(("d", "K"), [(1, 2), (2, 3), (3, 2), (6, 4)])
def test_no_trained_network_ends_below_the_lower_bound(d, K):
    """n K times scikit-learn's loss, a mean over outputs too, is (1) with beta = K alpha (K = 1: MATH, comparisons)."""
    for seed in range(2):
        X, Y = problem(seed, 20, d, K)
        solution = cv.solve(X, Y, 0.1, time_limit=10.0 if d <= 2 else 1.0)
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
    cold = cv.solve(X, Y, 0.1)
    warm = cv.solve(X, Y, 0.1, start=cold)
    assert warm.certified
    assert len(warm.history) < len(cold.history)
    other = cv.solve(X, Y[:, :1], 0.1, start=cold)
    assert other.certified
    unbiased = cv.solve(X, Y, 0.1, bias=False, start=cold)
    assert unbiased.certified
    assert not unbiased.network.b.any()
    assert not unbiased.network.c.any()


def test_rounds_are_on_record_and_the_bounds_close():
    X, Y = problem(1, 30, 2, 2)
    s = cv.solve(X, Y, 0.1)
    upper, lower = np.array([r.upper for r in s.history]), np.array([r.lower for r in s.history])
    assert (np.diff(upper) <= 0).all()
    assert (np.diff(lower) >= 0).all()
    assert (lower <= upper).all()


def test_a_time_limit_gives_honest_bounds():
    X, Y = problem(2, 80, 2, 3)
    hasty, done = cv.solve(X, Y, 0.05, time_limit=1e-3), cv.solve(X, Y, 0.05)
    assert not hasty.certified
    assert hasty.lower_bound <= done.objective
    assert hasty.objective >= done.lower_bound


def test_a_constant_needs_no_neuron_and_equal_points_are_one():
    X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    flat = cv.solve(X, np.full((3, 2), 0.7))
    assert flat.certified
    assert flat.network.width == 0
    same = cv.solve(np.ones((4, 2)), np.arange(8.0).reshape(4, 2))
    assert same.certified
    assert same.objective == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.zeros((5, 2, 1))}, r"y must have shape \(n,\), or \(n, K\) for K outputs, got \(5, 2, 1\)"),
        ({"y": np.zeros((5, 0))}, r"y must have shape \(n, K\), got \(5, 0\); pass a row .* a column for each output"),
        ({"y": np.zeros((4, 2))}, "same number of points"),
        ({"beta": 0.0}, "beta must be a positive number"),
        ({"tol": 2.0}, "tol must lie between 0 and 1"),
        ({"time_limit": -1.0}, "time_limit must be positive seconds or None"),
        ({"loss": "hinge"}, "loss must be one of squared, logistic for several outputs"),
        ({"method": "sweep"}, "method must be 'auto' for several outputs .* got 'sweep'"),
        ({"cuts": 2}, "cuts must be None for several outputs"),
        ({"stop": 3}, "stop must be a function or None"),
        ({"start": cv.solve([[0.0], [1.0]], [0.0, 1.0])}, r"start must be a solution for targets of shape \(n, K\)"),
        ({"loss": "logistic"}, "one-hot rows of two classes or more"),
        ({"loss": "logistic", "y": np.eye(3)[[0, 0, 1, 1, 1]]}, "Every class must be present.*class 2"),
    ],
)
def test_what_is_not_usable_is_refused_with_the_remedy(change, message):
    usual = {"X": np.arange(10.0).reshape(5, 2), "y": np.arange(10.0).reshape(5, 2)}
    with pytest.raises(ValueError, match=message):
        cv.solve(**(usual | change))


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_one_column_is_one_output_with_an_axis_for_it(d, bias, loss):
    X, Y = problem(d, 9, d, 1)
    y = Y[:, 0] if loss == "squared" else np.where(Y[:, 0] > np.median(Y), 1.0, -1.0)
    weight = np.linspace(0.0, 2.0, 9)
    one, column = (cv.solve(X, t, 0.2, loss, bias, sample_weight=weight) for t in (y, y[:, None]))
    assert column.objective == pytest.approx(one.objective, rel=1e-9)
    assert column.certified == one.certified
    assert column.method == one.method
    assert (column.v.shape, column.network.w.shape) == ((9, 1), (one.network.width, 1))
    assert column.network.c.shape == (1,)
    np.testing.assert_array_equal(column.v[:, 0], one.v)
    np.testing.assert_allclose(column.network.predict(X)[:, 0], one.network.predict(X), atol=1e-12)
    assert all(seen.v.shape[1:] == (1,) for seen in column.history if seen.v is not None)


def test_one_column_takes_every_option_and_can_be_started_from_and_proved():
    X, Y = problem(4, 12, 2, 1)
    first = cv.solve(X, Y, 0.3, method="sweep", cuts=2)
    again = cv.solve(X, Y, 0.2, start=first)
    assert again.certified
    assert again.objective == pytest.approx(cv.solve(X, Y[:, 0], 0.2).objective, rel=TWICE)
    exact = cv.solve(X, Y, loss="interpolate")
    assert exact.network.predict(X) == pytest.approx(Y, abs=1e-6)
    proof = cv.prove(again, X, Y)
    assert float(proof.lower) <= again.objective * (1 + SAME)
    assert proof.gap < GAP


def dictionary(X, rng, bias):
    """Directions in plenty, with planes through the data points if there are biases: U (m, d), b (m,)."""
    n, d = X.shape
    U = rng.normal(size=(600, d)) if d > 1 else np.repeat([[1.0], [-1.0]], n, axis=0)
    U /= np.linalg.norm(U, axis=1)[:, None]
    at = np.resize(np.arange(n), len(U))
    return U, -(U * X[at]).sum(axis=1) * bias


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("bias", [True, False])
def test_three_outputs_are_a_group_lasso_over_neurons(d, bias):
    """No set of neurons gets below the lower bound; with those of the network among them cvxpy finds its objective."""
    X, Y = problem(10 + d, 8, d, 3)
    s = cv.solve(X, Y, 0.2, bias=bias)
    assert s.certified or d == 3
    assert s.gap < 1e-3
    U, b = dictionary(X, np.random.default_rng(d), bias)
    A = np.maximum(X @ np.vstack([U, s.network.U]).T + np.concatenate([b, s.network.b]), 0.0)
    W = cp.Variable((A.shape[1], 3))
    c = cp.Variable((1, 3)) if bias else np.zeros((1, 3))
    misfit = cp.sum_squares(A @ W + np.ones((8, 1)) @ c - Y) / 2
    program = cp.Problem(cp.Minimize(misfit + 0.2 * cp.sum(cp.norm(W, 2, axis=1))))
    program.solve(solver=cp.CLARABEL)
    assert program.value >= s.lower_bound * (1 - INDEPENDENT)
    assert program.value == pytest.approx(s.objective, rel=2 * INDEPENDENT + s.gap)


@settings(max_examples=10)
@given(cases, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_outputs_does_not_matter(case, bias, random):
    X, Y = problem(*case)
    order = random.sample(range(Y.shape[1]), Y.shape[1])
    first, again = (cv.solve(X, T, 0.1, case[4], bias) for T in (Y, Y[:, order]))
    assert first.objective == pytest.approx(again.objective, rel=TWICE)


def test_a_candidate_of_several_outputs_is_judged_on_the_line():
    X, Y = problem(5, 10, 1, 2)
    s = cv.solve(X, Y, 0.1)
    proof = cv.certify(s.network, X, Y, 0.1, duals=[s.v])
    assert proof.holds(GAP)
    assert proof.objective == pytest.approx(s.objective, rel=SAME)
    nothing = cv.certify(cv.ReLUNetwork.constant(Y.mean(axis=0), 1), X, Y, 0.1)
    assert nothing.lower_bound <= s.objective <= nothing.objective
    with pytest.raises(ValueError, match=r"network must have weights w of shape \(m, 2\) here, got \(\d+,\)"):
        cv.certify(cv.solve(X, Y[:, 0]).network, X, Y, 0.1)


@pytest.mark.parametrize("d", [2, 3, 5])
def test_several_outputs_stop_when_asked_with_honest_bounds(d):
    X, Y = problem(6, 30, d, 2)
    asked = []
    s = cv.solve(X, Y, 0.05, stop=lambda: asked.append(0) or len(asked) > 3, max_rounds=5)
    assert len(asked) > 3
    assert s.objective == pytest.approx(objective(s.network, X, Y, 0.05, "squared"), rel=SAME)
    assert s.lower_bound <= s.objective


@pytest.mark.parametrize(("d", "K"), [(1, 1), (1, 3), (2, 2)])
def test_from_beta_max_on_several_outputs_need_no_neuron_and_the_path_begins_there(d, K):
    X, Y = problem(7, 12, d, K)
    top = cv.beta_max(X, Y)
    assert top == pytest.approx(cv.beta_max(X, Y @ np.linalg.qr(np.random.default_rng(0).normal(size=(K, K)))[0]))
    above, below = cv.regularization_path(X, Y, [1.001 * top, 0.9 * top])
    assert above.certified
    assert below.certified
    assert (above.network.width, above.network.w.shape[1]) == (0, K)
    assert below.network.width > 0
