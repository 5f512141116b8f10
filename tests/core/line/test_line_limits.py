"""Limits of time on the line, by a clock that ticks when it is looked at: no machine is fast or slow here."""

import numpy as np
import pytest
from certificates import LOSS_NAMES, objective_of
from problems import wave
from tolerances import WEAK_DUALITY

import convexviz as cv
from convexviz.core.dual.certificate import certify
from convexviz.core.line.dictionary import solve_dictionary
from convexviz.core.line.spline import solve_spline
from convexviz.core.losses import LOSSES
from convexviz.core.numerics import clock

HOUR = 3600.0
AFTERWARDS = 8  # looks at the clock, at most, once time is up: one in each of the loops that are left


class Ticking:
    """Every look takes an hour, so that no solver of others that is told what is left of it comes to its own limit."""

    def __init__(self):
        self.looks = 0

    def now(self):
        self.looks += 1
        return self.looks * HOUR


@pytest.fixture
def ticking(monkeypatch):
    made = Ticking()
    monkeypatch.setattr(clock, "now", made.now)
    return made


def trained(X, y, beta, loss, deadline):
    answer = solve_spline(X[:, 0], y, beta, LOSSES[loss], 1e-6, deadline=deadline)
    return certify(answer.network, X, y, beta, loss, answer.duals or [y]), answer.network


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("n", [60, 500])
def test_more_time_is_never_worse_and_the_bounds_are_honest(loss, n, ticking):
    X, y = wave(n, loss)
    free, _ = trained(X, y, 0.01, loss, clock.NEVER)
    before = np.inf
    for ticks in (0, 1, 3, 5, 8, 12, 20, 40, 80, 160, 500, 10**5):
        ticking.looks = 0
        proof, net = trained(X, y, 0.01, loss, ticks * HOUR)
        assert ticking.looks <= ticks + AFTERWARDS
        assert proof.objective <= before * (1 + WEAK_DUALITY)
        assert proof.lower_bound <= free.objective * (1 + WEAK_DUALITY)
        if loss not in ("interpolate", "hard_margin"):
            objective = objective_of(X, y, 0.01, loss, net.U, net.b, net.w, net.c)
            assert objective == pytest.approx(proof.objective, rel=1e-9)
        before = proof.objective
    assert proof.objective == pytest.approx(free.objective, rel=1e-9)


@pytest.mark.parametrize("loss", ["interpolate", "hard_margin"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("method", ["spline", "dictionary"])
def test_constraints_are_met_when_there_is_no_time(loss, bias, method, ticking):
    X, y = wave(80, loss)
    if not bias:
        y = np.sign(X[:, 0]) if loss == "hard_margin" else 2 * np.abs(X[:, 0])
    if method == "spline" and bias:
        net = solve_spline(X[:, 0], y, 1.0, LOSSES[loss], 1e-6, deadline=0.0).network
    else:
        net, _ = solve_dictionary(X[:, 0], y, 1.0, LOSSES[loss], bias, 1e-6, deadline=0.0)
    assert np.isfinite(certify(net, X, y, 1.0, loss, [y], bias=bias).objective)
    if not bias:
        assert not net.b.any()
        assert net.c == 0


@pytest.mark.parametrize("loss", ["squared", "logistic", "hinge"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_dense_program_gives_the_constant_when_there_is_no_time(loss, bias, ticking):
    X, y = wave(40, loss)
    nothing, _ = solve_dictionary(X[:, 0], y, 0.1, LOSSES[loss], bias, 1e-6, deadline=0.0)
    assert nothing.width == 0
    assert solve_dictionary(X[:, 0], y, 0.1, LOSSES[loss], bias, 1e-6)[0].width > 0


def test_without_a_limit_the_clock_is_of_no_account(monkeypatch):
    X, y = wave(500, "hinge")
    calm = cv.solve(X, y, 0.05, "hinge")
    rng = np.random.default_rng(0)
    monkeypatch.setattr(clock, "now", lambda: 1e9 * rng.random())
    wild = cv.solve(X, y, 0.05, "hinge")
    assert (calm.objective, calm.lower_bound, calm.network.width) == (
        wild.objective,
        wild.lower_bound,
        wild.network.width,
    )


@pytest.mark.parametrize("loss", ["squared", "logistic", "hinge", "hard_margin"])
def test_a_single_round_gives_a_network_with_honest_bounds(loss):
    X, y = wave(700, loss)
    few, best = (cv.solve(X, y, 0.02, loss, max_rounds=rounds) for rounds in (1, None))
    assert np.isfinite(few.objective)
    assert few.lower_bound <= best.objective * (1 + WEAK_DUALITY)
    assert best.objective <= few.objective * (1 + WEAK_DUALITY)
