"""Interpolation and slight weight decay: the method of multipliers, networks made to interpolate, cheap ones."""

import numpy as np
import pytest
from certificates import objective_of
from hypothesis import given
from hypothesis import strategies as st
from tolerances import GAP, SAME

import convexviz as cv
from convexviz.core.cutting import cutting_plane
from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.interpolant import interpolant
from convexviz.core.cutting.run import Plan, cheapest
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.plane import PlaneOracle

RANDOM = st.integers(0, 10**6)


def bent(n, noise, seed=0, d=2):
    """Points and the values of a network of three neurons on them, blurred."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, np.abs(X[:, 0]) - np.maximum(X[:, 1] - 0.5, 0.0) + noise * rng.normal(size=n)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_multipliers_and_linear_programs_interpolate_at_the_same_price(monkeypatch, noise):
    X, y = bent(40, noise)
    by_programs = cv.solve(X, y, loss="interpolate")
    monkeypatch.setattr(cutting_plane, "PLENTY", 1)
    by_multipliers = cv.solve(X, y, loss="interpolate")
    for s in (by_programs, by_multipliers):
        assert s.certified
        assert np.abs(s.network.predict(X) - y).max() <= 1e-9 * np.abs(y).max()
    assert by_multipliers.objective == pytest.approx(by_programs.objective, rel=2 * GAP)
    assert by_multipliers.history[0].seconds <= by_multipliers.history[-1].seconds


def test_a_network_of_three_neurons_is_found_again_among_many_points():
    X, y = bent(160, 0.0)
    s = cv.solve(X, y, loss="interpolate")
    assert s.certified
    assert s.objective == pytest.approx(3.0, rel=2 * GAP)


@pytest.mark.parametrize("weighted", [False, True])
def test_slight_weight_decay_is_certified_and_near_interpolation(weighted):
    X, y = bent(30, 0.1)
    weight = np.linspace(0.5, 2.0, 30) if weighted else None
    s, limit = cv.solve(X, y, 1e-5, sample_weight=weight), cv.solve(X, y, loss="interpolate")
    assert s.certified
    net = s.network
    penalty = np.abs(net.w).sum()
    assert penalty <= limit.objective * (1 + GAP)
    assert s.objective <= 1e-5 * limit.objective * (1 + GAP)
    if not weighted:
        assert objective_of(X, y, 1e-5, "squared", net.U, net.b, net.w, net.c) == pytest.approx(s.objective, rel=SAME)


@given(RANDOM, st.integers(3, 12))
def test_a_network_that_nearly_interpolates_is_made_to_do_so_at_next_to_no_price(seed, n):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    U = rng.normal(size=(3 * n, 2))
    w = rng.choice([-1.0, 1.0], 3 * n) * rng.uniform(0.5, 2.0, 3 * n)
    network = cv.ReLUNetwork.normalized(U, rng.normal(size=3 * n), w, 0.3)
    y = network.predict(X) + 1e-7 * rng.normal(size=n)
    exact = interpolant(network, X, y)
    before, after = (np.abs(net.predict(X) - y).max() for net in (network, exact))
    assert after <= before
    if after <= 1e-12:
        assert exact.penalty <= network.penalty * (1 + 1e-3)


def test_a_network_without_neurons_stays_what_it_is():
    network = cv.ReLUNetwork.constant(1.0, 2)
    assert interpolant(network, np.eye(2), np.array([1.0, 2.0])) is network


@given(RANDOM, st.integers(2, 40), st.sampled_from(["interpolate", "hard_margin"]), st.integers(2, 3))
def test_the_cheapest_network_meets_the_constraint(seed, n, loss, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = rng.choice([-1.0, 1.0], n) if loss == "hard_margin" else rng.normal(size=n)
    network = cheapest(X, y, LOSSES[loss], True)
    assert LOSSES[loss].violation(network.predict(X), y) <= 1e-7
    assert cheapest(X, y, LOSSES[loss], False) is None


@pytest.mark.parametrize("loss", ["interpolate", "hard_margin"])
def test_stopped_after_one_round_the_constraint_is_met(loss):
    X, y = bent(30, 0.1, seed=1)
    y = np.where(y > np.median(y), 1.0, -1.0) if loss == "hard_margin" else y
    stopped, done = cv.solve(X, y, loss=loss, max_rounds=1), cv.solve(X, y, loss=loss)
    assert np.isfinite(stopped.objective)
    assert stopped.lower_bound <= done.objective <= stopped.objective


def test_a_plan_of_few_rounds_is_kept_by_the_multipliers_too(monkeypatch):
    monkeypatch.setattr(cutting_plane, "PLENTY", 1)
    X, y = bent(40, 0.1)
    oracle = PlaneOracle(X)
    network, duals, history = solve_cutting_plane(X, y, 1.0, LOSSES["interpolate"], oracle, Plan(rounds=5))
    assert len(history) <= 5
    proof = certify(network, X, y, 1.0, "interpolate", duals, oracle)
    assert 0.0 < proof.lower_bound <= proof.objective < np.inf
