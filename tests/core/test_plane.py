"""The plane: the angular sweep against brute force, column generation against independent programs."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import GAP, INDEPENDENT, ROUNDING, SAME

import convexviz as cv
from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.run import Plan
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.plane import PlaneOracle

FILE = Path(__file__).parents[1] / "reference" / "optima.json"
IN_THE_PLANE = [p for p in json.loads(FILE.read_text(encoding="utf-8")) if len(p["X"][0]) == 2]


def cloud(rng, n, kind):
    """Points of one kind of difficulty."""
    X = rng.normal(size=(n, 2))
    if kind == "grid":
        return np.round(X)
    if kind == "line":
        return np.column_stack([X[:, 0], 2 * X[:, 0]])
    if kind == "repeated":
        return X[rng.integers(0, n, n)]
    if kind == "circle":
        return X / np.linalg.norm(X, axis=1)[:, None]
    return X


def height(X, v, angle, k):
    """N_v of the line through point k with normal (cos, sin)(angle)."""
    u = np.array([np.cos(angle), np.sin(angle)])
    return float(v @ np.maximum((X - X[k]) @ u, 0.0))


def extremes(X, v, k):
    """Greatest and least N_v of the lines through point k, arc by arc: at all ends and towards every sum G or -G."""
    d = X - X[k]
    normal = np.arctan2(d[:, 1], d[:, 0]) + np.pi / 2
    ends = np.sort(np.concatenate([normal, normal + np.pi]) % (2 * np.pi))
    middle = (ends + np.append(ends[1:], ends[0] + 2 * np.pi)) / 2
    G = ((np.stack([np.cos(middle), np.sin(middle)], axis=1) @ d.T > 0) * v) @ d
    angles = np.concatenate([ends, np.arctan2(G[:, 1], G[:, 0]), np.arctan2(-G[:, 1], -G[:, 0])])
    N = np.maximum(np.stack([np.cos(angles), np.sin(angles)], axis=1) @ d.T, 0.0) @ v
    return N.max(), N.min()


clouds = st.tuples(st.integers(0, 10**6), st.integers(1, 12), st.sampled_from(["general", "grid", "line", "repeated"]))


@given(clouds)
def test_no_line_through_a_point_beats_the_sweep_and_its_own_lines_attain_it(case):
    seed, n, kind = case
    rng = np.random.default_rng(seed)
    X, v = cloud(rng, n, kind), rng.normal(size=n)
    v -= v.mean()
    lines = PlaneOracle(X).best_lines(v)
    scale = np.abs(v).sum() * (1 + np.abs(X).max())
    for k in range(n):
        heights = [height(X, v, angle, k) for angle in np.linspace(0, 2 * np.pi, 721)]
        assert max(heights) <= lines.high[k] + SAME * scale
        assert min(heights) >= lines.low[k] - SAME * scale
        assert height(X, v, lines.high_angle[k], k) == pytest.approx(lines.high[k], abs=SAME * scale)
        assert height(X, v, lines.low_angle[k], k) == pytest.approx(lines.low[k], abs=SAME * scale)


@given(st.integers(0, 10**6), st.integers(2, 9))
def test_no_neuron_at_all_beats_the_maximum(seed, n):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, 2)), rng.normal(size=n)
    v -= v.mean()
    U = rng.normal(size=(4000, 2))
    U /= np.linalg.norm(U, axis=1)[:, None]
    b = rng.uniform(-3, 3, 4000)
    N = v @ np.maximum(X @ U.T + b, 0.0)
    assert np.abs(N).max() <= PlaneOracle(X).maximum(v) * (1 + SAME)


@given(
    st.integers(0, 10**6),
    st.integers(1, 70),
    st.sampled_from(["general", "grid", "line", "repeated", "circle"]),
    st.sampled_from([1.0, 0.2]),
)
def test_the_extremes_of_every_pivot_are_those_found_arc_by_arc(seed, n, kind, share):
    rng = np.random.default_rng(seed)
    X, v = cloud(rng, n, kind), rng.normal(size=n)
    held = rng.random(n) < share  # a dual vector may be zero at most points
    v = np.where(held, v - v[held].mean() if held.any() else 0.0, 0.0)
    lines = PlaneOracle(X).best_lines(v)
    expected = np.array([extremes(X, v, k) for k in range(n)])
    scale = np.abs(v).sum() * np.ptp(X, axis=0).max()
    np.testing.assert_allclose(np.stack([lines.high, lines.low], axis=1), expected, rtol=0, atol=ROUNDING * scale)


def test_a_dual_vector_of_zeros_and_points_in_one_place_give_zero():
    assert PlaneOracle(np.eye(3)[:, :2]).maximum(np.zeros(3)) == 0.0
    assert PlaneOracle(np.full((30, 2), 0.1)).maximum(np.linspace(-1, 1, 30)) == 0.0


@pytest.mark.parametrize(("block", "sweeps", "orders"), [(130, 10**6, 10**6), (130, 0, 10**6), (130, 0, 0), (1, 0, 0)])
def test_blocks_and_what_is_kept_change_nothing(monkeypatch, block, sweeps, orders):
    rng = np.random.default_rng(0)
    X, v = rng.normal(size=(40, 2)), rng.normal(size=40)
    v -= v.mean()
    whole = PlaneOracle(X).best_lines(v)
    for name, value in (("BLOCK", block), ("KEPT_SWEEPS", sweeps), ("KEPT_ORDERS", orders)):
        monkeypatch.setattr(f"convexviz.core.oracles.plane.{name}", value)
    parts = PlaneOracle(X).best_lines(v)
    np.testing.assert_array_equal(whole.high, parts.high)
    np.testing.assert_array_equal(whole.low, parts.low)
    np.testing.assert_array_equal(whole.high_angle, parts.high_angle)
    np.testing.assert_array_equal(whole.low_angle, parts.low_angle)


def trained(X, y, beta, loss):
    """Network and its certificate by the exact oracle."""
    oracle = PlaneOracle(X)
    network, duals, history = solve_cutting_plane(X, y, beta, LOSSES[loss], oracle, Plan(GAP))
    assert history[-1].lower <= history[-1].upper * (1 + SAME)
    return network, certify(network, X, y, beta, loss, duals, oracle)


@pytest.mark.parametrize("problem", IN_THE_PLANE, ids=lambda p: f"{p['name']}-{p['loss']}-{p['beta']}")
def test_the_optimum_lies_in_the_reference_interval(problem):
    X, y = np.array(problem["X"]), np.array(problem["y"])
    _, proof = trained(X, y, problem["beta"], problem["loss"])
    assert proof.gap <= GAP
    assert problem["lower"] * (1 - INDEPENDENT) <= proof.objective <= problem["upper"] * (1 + INDEPENDENT)


def test_xor_with_a_hard_margin_costs_four_roots_of_two():
    X = np.array([[0.0, 0], [1, 1], [0, 1], [1, 0]])
    network, proof = trained(X, np.array([1.0, 1, -1, -1]), 1.0, "hard_margin")
    assert proof.gap <= GAP
    assert network.penalty == pytest.approx(4 * np.sqrt(2), rel=INDEPENDENT)


@given(st.integers(0, 10**5), st.sampled_from(["squared", "hinge", "logistic"]))
def test_rotation_shift_and_order_change_nothing(seed, loss):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, 2))
    y = rng.normal(size=12) if loss == "squared" else np.where(rng.permutation(12) < 6, 1.0, -1.0)
    turn = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    order = rng.permutation(12)
    _, first = trained(X, y, 0.2, loss)
    _, second = trained((X @ turn + 3.0)[order], y[order], 0.2, loss)
    assert first.gap <= GAP
    assert second.gap <= GAP
    assert first.objective == pytest.approx(second.objective, rel=INDEPENDENT)


@pytest.mark.parametrize("loss", ["interpolate", "hard_margin"])
def test_two_points_in_one_place_that_disagree_are_named(loss):
    X = np.array([[0.0, 0], [1, 2], [3, 1], [1, 2]])
    with pytest.raises(cv.Infeasible, match=r"points 2 and 4 share theirs"):
        trained(X, np.array([1.0, -1, 1, 1]), 1.0, loss)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_beta_max_is_where_the_last_neuron_leaves(loss):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(14, 2))
    y = rng.normal(size=14) if loss == "squared" else np.where(X[:, 0] + 0.3 * rng.normal(size=14) > 0.2, 1.0, -1.0)
    top = cv.beta_max(X, y, loss)
    above, below = cv.solve(X, y, top * 1.01, loss), cv.solve(X, y, top * 0.95, loss)
    assert above.certified
    assert below.certified
    assert above.network.penalty <= 1e-6
    assert below.network.penalty > 1e-6


def test_the_path_in_the_plane_is_certified_and_each_step_starts_from_the_last():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(20, 2))
    path = cv.regularization_path(X, np.abs(X[:, 0]), betas=[0.5, 0.1, 0.02])
    assert [s.beta for s in path] == [0.5, 0.1, 0.02]
    assert all(s.certified for s in path)
    assert path[0].objective < path[0].beta / path[1].beta * path[1].objective


def test_a_time_limit_gives_the_best_network_so_far_with_honest_bounds():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(100, 2))
    y = np.sin(3 * X[:, 0]) * X[:, 1]
    hasty, done = cv.solve(X, y, 0.05, time_limit=1e-3), cv.solve(X, y, 0.05)
    assert not hasty.certified
    assert hasty.lower_bound <= done.objective * (1 + SAME)
    assert hasty.objective >= done.lower_bound * (1 - SAME)
