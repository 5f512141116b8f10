"""Weights of the points: s_i = 2 is a point given twice, s_i = 0 one that is not there, and all of it is proved."""

import cvxpy as cp
import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES, data_term, ramps
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import entr
from tolerances import GAP, INDEPENDENT, SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.oracles.arrangements import activation_patterns

PENALISED = [loss for loss in LOSS_NAMES if loss not in CONSTRAINED]
TIGHT = 1e-9  # gap asked for where two optima are compared to about as much
RANKS = [(1, 14), (2, 14), (3, 9)]  # dimensions, points
ACCURATE = {"tol_gap_rel": 1e-10, "tol_gap_abs": 1e-10, "tol_feas": 1e-10}


def weighted(n, d, loss, seed=0):
    """X (n, d), y (n,) with equal positions among them, and whole weights (n,), some 0, some large."""
    rng = np.random.default_rng(seed)
    X, s = rng.normal(size=(n, d)), rng.permutation(np.resize([0.0, 1.0, 2.0, 5.0, 1.0], n))
    y = np.abs(X[:, 0]) - X[:, -1] / 3 + 0.3 * rng.normal(size=n)
    if loss not in CONSTRAINED:
        X[1] = X[0]
    if loss in LABELS:
        y = np.where(y > np.median(y), 1.0, -1.0)
        s[:2], y[:2] = 2.0, (1.0, -1.0 if loss == "logistic" else 1.0)
    return X, y, s


def repeated(X, y, s):
    rows = np.repeat(np.arange(len(s)), s.astype(int))
    return X[rows], y[rows]


def assert_one_optimum(one, other, times=1.0, rel=2 * TIGHT):
    """Two certified solutions of one problem, the first in units `times` as large."""
    assert one.certified, f"gap {one.gap:.3g}"
    assert other.certified, f"gap {other.gap:.3g}"
    assert one.objective == pytest.approx(times * other.objective, rel=rel)
    assert one.lower_bound <= times * other.objective * (1 + WEAK_DUALITY)
    assert times * other.lower_bound <= one.objective * (1 + WEAK_DUALITY)


@pytest.mark.parametrize(("d", "n"), RANKS)
@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_whole_weights_are_repeated_points(loss, d, n):
    X, y, s = weighted(n, d, loss)
    one = cv.solve(X, y, 0.2, loss, sample_weight=s, tol=TIGHT)
    assert_one_optimum(one, cv.solve(*repeated(X, y, s), 0.2, loss, tol=TIGHT))
    assert (one.v[s == 0] == 0).all()
    assert one.objective == pytest.approx(objective(one.network, X, y, 0.2, loss, s), rel=SAME)
    share = np.repeat(one.v / np.maximum(s, 1), s.astype(int))
    again = cv.certify(one.network, *repeated(X, y, s), 0.2, loss, duals=[share])
    assert again.objective == pytest.approx(one.objective, rel=SAME)
    if d == 1:
        assert again.lower_bound == pytest.approx(one.lower_bound, rel=SAME)


@pytest.mark.parametrize("method", ["dictionary", "spline"])
@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_both_methods_on_the_line(loss, method):
    X, y, s = weighted(12, 1, loss, seed=3)
    ours = cv.solve(X, y, 0.1, loss, method=method, sample_weight=s / 3)
    assert_one_optimum(ours, cv.solve(X, y, 0.1, loss, sample_weight=s / 3), rel=2 * GAP)


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("loss", PENALISED)
def test_without_biases(loss, d):
    X, y, s = weighted(10, d, loss, seed=4)
    ours = cv.solve(X, y, 0.2, loss, bias=False, sample_weight=s)
    assert_one_optimum(ours, cv.solve(*repeated(X, y, s), 0.2, loss, bias=False), rel=2 * GAP)


@pytest.mark.parametrize("loss", PENALISED)
def test_many_points_on_the_line(loss):
    X, y, s = weighted(3000, 1, loss, seed=5)
    assert_one_optimum(cv.solve(X, y, 2.0, loss, sample_weight=s), cv.solve(*repeated(X, y, s), 2.0, loss), rel=2 * GAP)


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_a_point_of_weight_zero_is_not_there(loss, d):
    X, y, s = weighted(12, d, loss, seed=1)
    there = s > 0
    ours = cv.solve(X, y, 0.2, loss, sample_weight=there)
    theirs = cv.solve(X[there], y[there], 0.2, loss)
    assert (ours.objective, ours.lower_bound) == (theirs.objective, theirs.lower_bound)
    np.testing.assert_array_equal(ours.v[there], theirs.v)
    np.testing.assert_array_equal(ours.network.predict(X), theirs.network.predict(X))
    assert (ours.v[~there] == 0).all()
    assert all(seen.v is None or seen.v.shape == y.shape for seen in ours.history)


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_weights_of_one_are_no_weights(loss, d):
    X, y, _ = weighted(12, d, loss, seed=1)
    ours, plain = cv.solve(X, y, 0.2, loss, sample_weight=np.ones(12)), cv.solve(X, y, 0.2, loss)
    assert (ours.objective, ours.lower_bound) == (plain.objective, plain.lower_bound)
    np.testing.assert_array_equal(ours.v, plain.v)


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("loss", PENALISED)
@pytest.mark.parametrize("t", [1e-9, 3.0, 1e9])
def test_weights_and_beta_scale_the_optimum(loss, d, t):
    X, y, s = weighted(12, d, loss, seed=2)
    ours, base = (cv.solve(X, y, 0.2 * r, loss, sample_weight=s * r, tol=TIGHT) for r in (t, 1.0))
    assert_one_optimum(ours, base, times=t)
    assert ours.beta == 0.2 * t
    assert ours.history[-1].upper == pytest.approx(t * base.history[-1].upper, rel=GAP)


@pytest.mark.parametrize("loss", CONSTRAINED)
def test_to_a_constraint_any_weight_is_the_same(loss):
    X, y, s = weighted(12, 2, loss)
    ours, plain = (cv.solve(X, y, loss=loss, sample_weight=weight) for weight in (s * 7.3, s > 0))
    assert ours.objective == plain.objective


def data_side(f, y, loss, s):
    """The weighted loss and its constraints, in cvxpy's words."""
    if loss == "squared":
        return cp.sum(cp.multiply(s, cp.square(f - y))) / 2, []
    if loss == "hinge":
        return s @ cp.pos(1 - cp.multiply(y, f)), []
    if loss == "logistic":
        return s @ cp.logistic(-cp.multiply(y, f)), []
    there = np.flatnonzero(s)
    return 0.0, [f[there] == y[there]] if loss == "interpolate" else [cp.multiply(y, f)[there] >= 1]


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_cvxpy_agrees_on_the_line(loss):
    X, y, s = weighted(10, 1, loss, seed=6)
    s = s * 0.37
    Phi = ramps(X[:, 0]).T
    w, c = cp.Variable(Phi.shape[1]), cp.Variable()
    term, constraints = data_side(Phi @ w + c, y, loss, s)
    program = cp.Problem(cp.Minimize(term + (1.0 if loss in CONSTRAINED else 0.2) * cp.norm1(w)), constraints)
    ours = cv.solve(X, y, 0.2, loss, sample_weight=s)
    assert ours.certified
    assert ours.objective == pytest.approx(program.solve(solver=cp.CLARABEL, **ACCURATE), rel=10 * INDEPENDENT)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_cvxpy_agrees_in_the_plane(loss):
    """The program over all activation patterns: one vector (u, b) in the cone of each, of either sign."""
    X, y, s = weighted(7, 2, loss, seed=7)
    s = s * 0.37
    points = np.column_stack([X, np.ones(len(y))])
    f, penalty, constraints = cp.Variable() * np.ones(len(y)), 0, []
    for pattern in activation_patterns(X, affine=True):
        for sign in (1.0, -1.0):
            z = cp.Variable(3)
            f, penalty = f + sign * cp.multiply(pattern.astype(float), points @ z), penalty + cp.norm(z[:2])
            constraints.append(cp.multiply(2.0 * pattern - 1.0, points @ z) >= 0)
    term, data = data_side(f, y, loss, s)
    program = cp.Problem(cp.Minimize(term + (1.0 if loss in CONSTRAINED else 0.2) * penalty), [*constraints, *data])
    ours = cv.solve(X, y, 0.2, loss, sample_weight=s)
    assert ours.certified
    assert ours.objective == pytest.approx(program.solve(solver=cp.CLARABEL, **ACCURATE), rel=10 * INDEPENDENT)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_any_vector_proves_a_bound_of_the_weighted_problem(loss, seed):
    """What `certify` says, written out: s v is feasible and g(v) is below the objective of any network."""
    rng = np.random.default_rng(seed)
    X, y, s = weighted(9, 1, loss, seed)
    s = s * rng.uniform(0.1, 3.0)
    best = cv.solve(X, y, 0.3, loss, sample_weight=s)
    proof = cv.certify(best.network, X, y, 0.3, loss, duals=[rng.normal(size=9), best.v], sample_weight=s)
    v, a, inside = proof.v, proof.v * y, s > 0
    size = np.abs(v).sum() + 1e-300
    assert abs(v.sum()) <= SAME * size
    assert (v[~inside] == 0).all()
    assert np.abs(ramps(X[:, 0]) @ v).max() <= (1.0 if loss in CONSTRAINED else 0.3) * (1 + SAME)
    share = (a / np.where(inside, s, 1.0))[inside]
    if loss in LABELS:
        assert share.min() >= 0
    if loss in ("hinge", "logistic"):
        assert share.max() <= 1 + SAME
    value = {
        "squared": lambda: a.sum() - (v[inside] ** 2 / s[inside]).sum() / 2,
        "hinge": lambda: a.sum(),
        "logistic": lambda: s[inside] @ (entr(share) + entr(np.maximum(1 - share, 0))),
        "interpolate": lambda: a.sum(),
        "hard_margin": lambda: a.sum(),
    }[loss]()
    assert proof.lower_bound == pytest.approx(value, rel=GAP, abs=SAME)
    assert proof.gap <= GAP
    other = cv.ReLUNetwork(np.array([[1.0]]), rng.normal(size=1), rng.normal(size=1), 0.1)
    assert proof.lower_bound <= objective(other, X, y, 0.3, loss, s) * (1 + WEAK_DUALITY)
    if loss not in CONSTRAINED:
        f = other.predict(X)
        assert objective(other, X, y, 0.3, loss, s) == pytest.approx(s @ data_term(f, y, loss) + 0.3 * other.penalty)


@pytest.mark.parametrize(("d", "n"), RANKS)
@pytest.mark.parametrize("loss", PENALISED)
def test_the_path_and_where_it_begins(loss, d, n):
    X, y, s = weighted(n, d, loss, seed=8)
    top = cv.beta_max(X, y, loss, sample_weight=s)
    assert top == pytest.approx(cv.beta_max(*repeated(X, y, s), loss), rel=10 * INDEPENDENT)
    assert cv.beta_max(X, y, loss, sample_weight=1e6 * s) == pytest.approx(1e6 * top, rel=INDEPENDENT)
    above, below = cv.regularization_path(X, y, [0.8 * top, 1.01 * top], loss, sample_weight=s)
    assert above.certified
    assert above.network.width == 0
    assert below.network.width > 0
    assert_one_optimum(below, cv.solve(*repeated(X, y, s), 0.8 * top, loss), rel=2 * GAP)


def test_the_default_path_of_weighted_points():
    X, y, s = weighted(14, 1, "squared")
    path = cv.regularization_path(X, y, sample_weight=s)
    assert len(path) == 41
    assert path[0].network.width == 0
    assert all(solution.certified for solution in path)


@pytest.mark.parametrize("loss", PENALISED)
def test_one_position_needs_no_neuron(loss):
    y, s = np.array([1.0, 1.0, -1.0]), np.array([1.0, 2.5, 3.0])
    X = np.zeros((3, 1))
    constant = cv.solve(X, y, 0.1, loss, sample_weight=s)
    assert constant.certified
    f = np.linspace(-1, 1, 2001)
    least = min(s @ data_term(np.full(3, value), y, loss) for value in f)
    assert constant.objective == pytest.approx(least, rel=1e-5)
    assert constant.lower_bound <= least * (1 + WEAK_DUALITY)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -2.0, 1.0, 1.0], "must not be negative, got -2 in row 1 .*; use 0 to leave a point out"),
        ([1.0, np.nan, 1.0, 1.0], "sample_weight must be finite, got nan in row 1"),
        ([1.0, 1.0, 1.0], r"sample_weight must have shape \(4,\), got \(3,\); pass one weight per point"),
        (np.ones((4, 1)), r"sample_weight must have shape \(4,\), got \(4, 1\)"),
        (np.zeros(4), "must not be 0 everywhere, got 4 zeros; give some points a weight above 0"),
        (["a"] * 4, "sample_weight must hold real numbers"),
        ([0.0, 0.0, 1.0, 1.0], r"Both classes must be present, got only class \+1"),
    ],
)
def test_weights_that_cannot_be_used_are_named(weights, message):
    X, y = np.arange(4.0)[:, None], np.array([-1.0, -1.0, 1.0, 1.0])
    for task in (lambda s: cv.solve(X, y, 0.1, "hinge", sample_weight=s), lambda s: cv.beta_max(X, y, "hinge", s)):
        with pytest.raises(ValueError, match=message):
            task(weights)
    if "classes" not in message:
        with pytest.raises(ValueError, match=message):
            cv.certify(cv.ReLUNetwork.constant(0.0, 1), X, y, 0.1, "hinge", [y], sample_weight=weights)


@pytest.mark.parametrize("s", [[1e-149, 1.0, 2.0, 1e150], [0.0, 1e-12, 1.0, 1.0], [1e-149, 1e-149, 1e-149, 1e-149]])
def test_weights_of_any_size(s):
    X, y = np.arange(4.0)[:, None] ** 2, np.array([0.5, -1.0, 1.0, 0.0])
    scale = max(s)
    solution = cv.solve(X, y, 0.1 * scale, sample_weight=np.array(s))
    assert solution.certified
    assert np.isfinite(solution.v).all()
