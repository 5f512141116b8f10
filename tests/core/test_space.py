"""The sweep in space against three independent routes, on general and degenerate data."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import GAP, INDEPENDENT, SAME

from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.run import Plan
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.arrangements import activation_patterns
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.plane import PlaneOracle
from convexviz.core.oracles.space import SpaceOracle

KINDS = ["general", "grid", "flat", "repeated", "sphere", "thin line", "close", "collinear triples"]
AXIS = 3e-9  # relative: the patterns of planes this near to each other are not told apart by the listing


def cloud(rng, n, kind):
    """Points of one kind of difficulty, (n, 3)."""
    X = rng.normal(size=(n, 3))
    small = 10.0 ** rng.integers(-14, -4)
    if kind == "grid":
        return np.round(X)
    if kind == "flat":
        return X * [1.0, 1.0, small]
    if kind == "repeated":
        return X[rng.integers(0, n, n)]
    if kind == "sphere":
        return X / np.linalg.norm(X, axis=1)[:, None]
    if kind == "thin line":
        return np.outer(X[:, 0], [1.0, 2.0, 3.0]) + small * X
    if kind == "close":
        return np.vstack([X, X])[:n] + small * rng.normal(size=(n, 3))
    if kind == "collinear triples":
        t = rng.random((n, 1))
        return np.vstack([X, t * X + (1 - t) * X[::-1] + small * rng.normal(size=(n, 3))])[:: max(1, 2 * n // 12)]
    return X


def dual(rng, n):
    """A vector with sum zero, now and then zero at most points."""
    held = rng.random(n) < rng.choice([0.4, 1.0])
    v = np.where(held, rng.normal(size=n), 0.0)
    return np.where(held, v - v.sum() / max(1, held.sum()), 0.0)


def size_of(X, v):
    """What M(v) may be at most."""
    return np.abs(v).sum() * max(np.ptp(X, axis=0).max(), 1e-300)


def by_pivots(X, v):
    """M(v) from the patterns of the planes through each point in turn, every cone by least squares."""
    best = 0.0
    for k in range(len(X)):
        others = np.delete(X - X[k], k, axis=0)
        if others.any():
            best = max(best, PatternOracle(others).maximum(np.delete(v, k)))
    return best


def by_cones(X, v):
    """M(v) from the patterns of all planes: max +-g . (u, b), ||u|| <= 1, over the cone of each, as one program."""
    points = np.column_stack([X, np.ones(len(X))])
    patterns = activation_patterns(X, affine=True)
    G = (patterns * v) @ points
    z = cp.Variable((2 * len(G), 4))
    sides = np.tile(np.where(patterns, 1.0, -1.0), (2, 1))
    limits = [cp.multiply(sides, z @ points.T) >= 0, cp.norm(z[:, :3], 2, axis=1) <= 1]
    value = np.vstack([G, -G])
    cp.Problem(cp.Maximize(cp.sum(cp.multiply(value, z))), limits).solve(solver=cp.CLARABEL)
    return float((value * z.value).sum(axis=1).max())


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 12), st.sampled_from(KINDS))
def test_the_maximum_is_that_over_all_patterns_of_planes_through_a_point(seed, n, kind):
    rng = np.random.default_rng(seed)
    X = cloud(rng, n, kind)
    v = dual(rng, len(X))
    assert SpaceOracle(X).maximum(v) == pytest.approx(by_pivots(X, v), abs=AXIS * size_of(X, v))


@pytest.mark.parametrize(("n", "seed"), [(4, 0), (5, 1), (6, 2), (7, 3), (8, 4), (8, 5)])
def test_the_maximum_is_that_over_all_patterns_of_all_planes(n, seed):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, 3)), rng.normal(size=n)
    v -= v.mean()
    assert SpaceOracle(X).maximum(v) == pytest.approx(by_cones(X, v), rel=INDEPENDENT)


@given(st.integers(0, 10**6), st.integers(2, 30), st.sampled_from(KINDS))
def test_no_neuron_beats_the_maximum(seed, n, kind):
    rng = np.random.default_rng(seed)
    X = cloud(rng, n, kind)
    v = dual(rng, len(X))
    U = rng.normal(size=(2000, 3))
    U /= np.linalg.norm(U, axis=1)[:, None]
    z = X @ U.T
    b = -np.concatenate([z[rng.integers(0, len(X), 1000), range(1000)], rng.uniform(-3, 3, 1000)])
    assert np.abs(v @ np.maximum(z + b, 0.0)).max() <= SpaceOracle(X).maximum(v) + AXIS * size_of(X, v)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 25), st.sampled_from(["plane", "line", "point", "bent"]))
def test_a_plane_in_space_has_the_maximum_of_the_plane(seed, n, kind):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2)) * {"plane": [1, 1], "line": [1, 0], "point": [0, 0], "bent": [1, 1]}[kind]
    v = dual(rng, n)
    lifted = X @ np.linalg.qr(rng.normal(size=(3, 2)))[0].T + rng.normal(size=3)
    if kind == "bent":  # by next to nothing, so that it is of rank three
        lifted += 1e-11 * rng.normal(size=(n, 3))
    oracle, M = SpaceOracle(lifted), PlaneOracle(X).maximum(v)
    assert oracle.maximum(v) == pytest.approx(M, abs=1e-10 * size_of(lifted, v))
    maximum, U, b, sign = oracle.violated(v, 0.5 * M, 3)
    assert maximum == pytest.approx(M, abs=1e-10 * size_of(lifted, v))
    np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0, rtol=SAME)
    heights = sign * (v @ np.maximum(lifted @ U.T + b, 0.0))
    assert (heights > 0.5 * M - 1e-10 * size_of(lifted, v)).all()


@given(st.integers(0, 10**6), st.integers(4, 30), st.sampled_from(KINDS), st.integers(1, 6))
def test_the_neurons_named_violate_and_the_first_attains_the_maximum(seed, n, kind, most):
    rng = np.random.default_rng(seed)
    X = cloud(rng, n, kind)
    v = dual(rng, len(X))
    oracle = SpaceOracle(X)
    M = oracle.maximum(v)
    maximum, U, b, sign = oracle.violated(v, 0.6 * M, most)
    slack = AXIS * size_of(X, v)
    assert maximum == pytest.approx(M, abs=slack)
    assert U.shape == (len(b), 3)
    assert (sign == 1).sum() <= most
    assert (sign == -1).sum() <= most
    heights = sign * (v @ np.maximum(X @ U.T + b, 0.0))
    assert (heights > 0.6 * M - slack).all()
    assert heights.max(initial=0.0) == pytest.approx(M, abs=slack) or slack > 0.1 * M
    assert not oracle.violated(v, M + slack, most)[3].size


def test_many_different_neurons_are_named():
    rng = np.random.default_rng(3)
    X, v = rng.normal(size=(40, 3)), rng.normal(size=40)
    v -= v.mean()
    oracle = SpaceOracle(X)
    _, U, b, _ = oracle.violated(v, 0.3 * oracle.maximum(v), 10)
    assert len(np.unique(X @ U.T + b > 1e-9, axis=1).T) >= 10


def test_blocks_and_what_is_kept_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    X, v = rng.normal(size=(25, 3)), rng.normal(size=25)
    v -= v.mean()
    whole = SpaceOracle(X).maximum(v)
    monkeypatch.setattr("convexviz.core.oracles.space.BLOCK", 60)
    assert SpaceOracle(X).maximum(v) == pytest.approx(whole, rel=SAME)
    monkeypatch.setattr("convexviz.core.oracles.space.KEPT", 0)
    assert SpaceOracle(X).maximum(v) == pytest.approx(whole, rel=SAME)


def test_turning_shifting_repeating_and_ordering_change_nothing():
    rng = np.random.default_rng(1)
    X, v = rng.normal(size=(20, 3)), rng.normal(size=20)
    v -= v.mean()
    M = SpaceOracle(X).maximum(v)
    turn, order = np.linalg.qr(rng.normal(size=(3, 3)))[0], rng.permutation(20)
    assert SpaceOracle((X @ turn + 7.0)[order]).maximum(v[order]) == pytest.approx(M, rel=SAME)
    assert SpaceOracle(np.vstack([X, X])).maximum(np.tile(v, 2) / 2) == pytest.approx(M, rel=SAME)
    assert SpaceOracle(1e6 * X).maximum(v) == pytest.approx(1e6 * M, rel=SAME)
    assert SpaceOracle(X).maximum(np.zeros(20)) == 0.0


@pytest.mark.parametrize("loss", LOSSES)
def test_training_in_space_is_certified(loss):
    rng = np.random.default_rng(2)
    X = rng.normal(size=(14, 3))
    y = np.where(rng.permutation(14) < 7, 1.0, -1.0) if LOSSES[loss].classification else rng.normal(size=14)
    oracle = SpaceOracle(X)
    network, duals, _ = solve_cutting_plane(X, y, 0.1, LOSSES[loss], oracle, Plan(GAP))
    assert certify(network, X, y, 0.1, loss, duals, oracle).gap <= GAP


def test_other_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"X must have shape \(n, 3\), got \(5, 2\)"):
        SpaceOracle(np.ones((5, 2)))
