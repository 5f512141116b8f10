"""Limits of time in the plane and in space, by a clock that the tests turn; sums that are remembered; second looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import SAME

import convexviz as cv
from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.run import Plan
from convexviz.core.cutting.sparse import at_most_n_neurons, without_the_idle
from convexviz.core.dual.certificate import objective
from convexviz.core.losses import LOSSES
from convexviz.core.numerics import clock
from convexviz.core.oracles import plane, space
from convexviz.core.oracles.maxima import Maxima
from convexviz.core.oracles.plane import PlaneOracle
from convexviz.core.oracles.space import SpaceOracle

ORACLES = {2: PlaneOracle, 3: SpaceOracle}


class Ticks:
    """A clock that goes on by one at every look."""

    def __init__(self):
        self.time = 0.0

    def __call__(self):
        self.time += 1.0
        return self.time


@pytest.fixture
def ticks(monkeypatch):
    found = Ticks()
    monkeypatch.setattr(clock, "now", found)
    return found


def problem(n, d, loss, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = np.abs(X[:, 0]) - np.maximum(X[:, 1] - 0.5, 0.0) + 0.1 * rng.normal(size=n)
    return X, np.where(y > 0.3, 1.0, -1.0) if LOSSES[loss].classification else y


@pytest.mark.parametrize("d", [2, 3])
def test_a_sweep_that_is_cut_short_says_so_and_the_next_one_is_whole(monkeypatch, ticks, d):
    rng = np.random.default_rng(0)
    X, v = rng.normal(size=(30, d)), rng.normal(size=30)
    v -= v.mean()
    whole = ORACLES[d](X).maximum(v)
    monkeypatch.setattr(plane if d == 2 else space, "BLOCK", 100)
    oracle = ORACLES[d](X, ticks.time + 3)
    assert oracle.maximum(v) == np.inf
    assert not oracle.exact
    maximum, *_ = oracle.violated(v, 1e-3, 4)
    assert maximum == np.inf
    assert not oracle.exact
    ticks.time = -1e9
    assert oracle.maximum(v) == pytest.approx(whole, rel=SAME)
    assert oracle.exact


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("loss", LOSSES)
def test_more_time_never_gives_a_worse_network(ticks, loss, d):
    X, y = problem(24, d, loss)
    beta = 1.0 if LOSSES[loss].constrained else 0.05
    values, looks = [], []
    for limit in (1, 4, 16, 64, 256, 1024, 4096):
        ticks.time = 0.0
        oracle = ORACLES[d](X, limit)
        plan = Plan(halt=lambda limit=limit: clock.passed(limit), deadline=limit)
        network, *_ = solve_cutting_plane(X, y, beta, LOSSES[loss], oracle, plan)
        values.append(objective(network, X, y, beta, loss))
        looks.append(ticks.time - limit)
    assert np.isfinite(values).all()
    assert (np.diff(values) <= SAME * np.abs(values[:-1])).all()
    assert values[-1] < values[0]
    assert max(looks) <= 20  # after the deadline the clock is looked at on the way out only


def test_with_no_time_left_nothing_is_left_out(ticks):
    X, y = problem(5, 2, "squared")
    rng = np.random.default_rng(1)
    U = rng.normal(size=(9, 2))
    U /= np.linalg.norm(U, axis=1)[:, None]
    network = plane_network(U, rng)
    assert at_most_n_neurons(network, X, 0.0) is network
    assert without_the_idle(network, X, y, 0.1, LOSSES["squared"], 0.0, 1e-6, True, 0.0) is network
    assert ticks.time > 0.0


def plane_network(U, rng):
    return cv.ReLUNetwork(U, rng.normal(size=len(U)), rng.normal(size=len(U)), 0.0)


@given(st.integers(0, 10**6), st.floats(1e-3, 1e3))
def test_the_maximum_of_a_multiple_is_remembered_and_no_lower_than_it_is(seed, factor):
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(12, 2)), rng.normal(size=12)
    v -= v.mean()
    oracle = PlaneOracle(X)
    M = oracle.maximum(v)
    again = factor * v * (1 + 1e-15 * rng.normal(size=12))
    again -= again.mean()
    remembered = oracle.maximum(again)
    assert remembered == pytest.approx(factor * M, rel=SAME)
    assert remembered >= PlaneOracle(X).maximum(again) * (1 - 1e-14)


def test_only_multiples_are_remembered_and_only_the_last_few():
    known, rng = Maxima(1.0), np.random.default_rng(0)
    vectors = rng.normal(size=(6, 9))
    for i, v in enumerate(vectors):
        assert known.learned(v, float(i)) == i
    assert known.recalled(vectors[0]) is None
    assert known.recalled(-2.0 * vectors[5]) == pytest.approx(10.0)
    assert known.recalled(vectors[5] + 1e-6 * vectors[4]) is None
    assert known.recalled(np.zeros(9)) == 0.0


@pytest.mark.parametrize("d", [2, 3])
def test_a_second_look_names_true_violations_and_finds_the_greatest_at_once(monkeypatch, d):
    monkeypatch.setattr(plane if d == 2 else space, "MANY", 10)
    rng = np.random.default_rng(3)
    X, v = rng.normal(size=(40, d)), rng.normal(size=40)
    v -= v.mean()
    oracle = ORACLES[d](X)
    maximum, *_ = oracle.violated(v, 0.0, 9)
    for w in (v, v + 0.05 * (rng.permutation(v) - v)):
        U, b, sign = oracle.again(w, 0.5 * maximum, 9)
        heights = sign * (w @ np.maximum(X @ U.T + b, 0.0))
        assert len(b)
        assert (heights > 0.5 * maximum).all()
        assert heights.max() <= ORACLES[d](X).maximum(w) * (1 + SAME)
    U, b, sign = oracle.again(v, 0.5 * maximum, 9)
    assert (sign * (v @ np.maximum(X @ U.T + b, 0.0))).max() == pytest.approx(maximum, rel=SAME)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_a_sample_first_and_second_looks_change_no_optimum(monkeypatch, loss):
    X, y = problem(80, 2, loss)
    plain = solve_cutting_plane(X, y, 0.2, LOSSES[loss], PlaneOracle(X), Plan())
    monkeypatch.setattr(plane, "MANY", 10)
    quick = solve_cutting_plane(X, y, 0.2, LOSSES[loss], PlaneOracle(X), Plan())
    values = [objective(network, X, y, 0.2, loss) for network, *_ in (plain, quick)]
    assert values[0] == pytest.approx(values[1], rel=2e-6)
    assert len(quick[2]) <= len(plain[2])
