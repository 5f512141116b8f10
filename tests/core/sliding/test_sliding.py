"""Training in many dimensions without a proof: upper bounds that are true, early, better with time, always the same."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.losses import SmoothedHinge, get_loss
from convexviz.core.masters.weighing import weighed
from convexviz.core.network import Array
from convexviz.core.numerics import clock
from convexviz.core.numerics.quasi_newton import QuasiNewton
from convexviz.core.oracles.ascent import AscentOracle
from convexviz.core.oracles.branch.branch_and_bound import BranchAndBoundOracle
from convexviz.core.sliding.proposals import Proposals
from convexviz.core.sliding.sliding import SlidingPlan, solve_sliding, without_dust

LOSSES = ("squared", "hinge", "logistic")
ROUNDING = 1e-10


def data(loss: str, n: int = 80, d: int = 5, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    y = np.abs(X[:, 0]) - X[:, 1] + 0.1 * rng.standard_normal(n)
    return X, y if loss == "squared" else np.where(y > np.median(y), 1.0, -1.0)


class Ticks:
    """A clock that goes on by so many seconds at every look."""

    def __init__(self, step: float) -> None:
        self.step, self.time = step, 0.0

    def __call__(self) -> float:
        self.time += self.step
        return self.time


@pytest.mark.parametrize("loss", LOSSES)
def test_without_a_limit_no_clock_decides(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = data(loss)
    usual = cv.solve(X, y, 1.0, loss, max_rounds=12)
    few = cv.solve(X[:14], y[:14], 0.5, loss)
    monkeypatch.setattr(clock, "now", Ticks(1e3))
    wild = cv.solve(X, y, 1.0, loss, max_rounds=12)
    np.testing.assert_array_equal(usual.network.U, wild.network.U)
    np.testing.assert_array_equal(usual.network.w, wild.network.w)
    hasty = cv.solve(X[:14], y[:14], 0.5, loss)
    assert (hasty.objective, hasty.lower_bound) == (few.objective, few.lower_bound)


@pytest.mark.parametrize("n", [9, 60])  # with a proof by a cover of the outputs, and without
def test_nor_does_one_for_several_outputs(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = data("squared", n, 4)
    Y = np.column_stack([y, np.sin(y)])
    monkeypatch.setattr("convexviz.core.solvers.several_outputs.PROOF_WORK", 2.0)
    usual = cv.solve(X, Y, 1.0, max_rounds=8)
    monkeypatch.setattr(clock, "now", Ticks(1e3))
    wild = cv.solve(X, Y, 1.0, max_rounds=8)
    np.testing.assert_array_equal(usual.network.W, wild.network.W)
    assert usual.lower_bound == wild.lower_bound


@pytest.mark.parametrize("loss", LOSSES)
def test_it_comes_back_soon_after_the_deadline_and_more_time_is_never_worse(
    loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock that counts looks: at most a few are taken once the time is up."""
    X, y = data(loss, n=100, d=6)
    ends = []
    for looks in (3, 30, 300):
        ticks = Ticks(1.0)
        monkeypatch.setattr(clock, "now", ticks)
        plan = SlidingPlan(1e-6, True, None, partial(clock.passed, looks), deadline=looks)
        network = solve_sliding(X, y, 1.0, get_loss(loss), plan)[0]
        assert ticks.time <= looks + 20
        ends.append(objective(network, X, y, 1.0, loss))
    assert ends[0] >= ends[1] >= ends[2]
    assert ends[2] < 0.8 * get_loss(loss).value(np.zeros(len(y)), y)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bias", [True, False])
def test_it_ends_near_the_proved_optimum(loss: str, bias: bool) -> None:
    X, y = data(loss, n=30, d=2, seed=3)
    proved = cv.solve(X, y, 0.3, loss, bias=bias)
    hopeful = cv.solve(X, y, 0.3, loss, bias=bias, method="ascent")
    assert proved.certified
    assert proved.lower_bound * (1 - ROUNDING) <= hopeful.objective <= 1.01 * proved.objective
    assert bias or (not hopeful.network.b.any() and hopeful.network.c == 0.0)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_history_falls_and_ends_no_lower_than_the_network(loss: str) -> None:
    X, y = data(loss)
    solution = cv.solve(X, y, 1.0, loss, max_rounds=15)
    uppers = [seen.upper for seen in solution.history]
    assert uppers == sorted(uppers, reverse=True)
    assert len(uppers) <= 15
    assert solution.objective <= uppers[-1] * (1 + 1e-6)
    assert solution.objective == pytest.approx(objective(solution.network, X, y, 1.0, loss), rel=ROUNDING)


@given(st.integers(0, 10**6), st.floats(1e-3, 1.0))
def test_the_rounded_hinge_loss_lies_just_below_and_its_slope_is_its_own(seed: int, radius: float) -> None:
    rng = np.random.default_rng(seed)
    f, y = 2 * rng.standard_normal(50), np.where(rng.random(50) < 0.5, 1.0, -1.0)
    plain, rounded = get_loss("hinge"), SmoothedHinge(radius)
    below = plain.terms(f, y) - rounded.terms(f, y)
    assert below.min() >= -ROUNDING
    assert below.max() <= radius / 2 + ROUNDING
    step = 1e-6 * radius
    slope = (rounded.terms(f + step, y) - rounded.terms(f - step, y)) / (2 * step)
    np.testing.assert_allclose(-rounded.gradient(f, y), slope, atol=1e-5)
    v = rounded.gradient(f, y)
    np.testing.assert_array_equal(plain.into_domain(v, y), v)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 3), st.booleans())
def test_proposals_are_as_high_as_they_are_said_to_be(seed: int, K: int, bias: bool) -> None:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((40, 4))
    X -= X.mean(axis=0)
    V = rng.standard_normal((40, K))
    V -= V.mean(axis=0)
    U, b, top = Proposals(X, bias, 1.0, seed).above(V, 0.3, 6, 30, 5)
    heights = np.linalg.norm(np.maximum(X @ U.T + b, 0.0).T @ V, axis=1)
    np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0, rtol=1e-12)
    assert bias or not b.any()
    assert (heights > 0.3).all()
    assert top == pytest.approx(heights.max(), rel=1e-9)
    assert len(U) <= 6


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(["squared", "logistic"]), st.booleans())
def test_weighing_never_raises_the_objective(seed: int, name: str, bias: bool) -> None:
    rng = np.random.default_rng(seed)
    A, Y = np.maximum(rng.standard_normal((30, 7)), 0.0), np.eye(3)[rng.integers(0, 3, 30)]
    loss, W, c = get_loss(name, several=True), rng.standard_normal((7, 3)), rng.standard_normal(3) * bias

    def value(W: Array, c: Array) -> float:
        return loss.value(c + A @ W, Y) + 0.5 * float(np.linalg.norm(W, axis=1).sum())

    better, shift = weighed(A, Y, W, c, 0.5, loss, bias)
    assert value(better, shift) <= value(W, c) * (1 + ROUNDING)
    assert bias or not shift.any()


def test_descent_goes_on_where_it_stopped_and_finds_the_minimum() -> None:
    H = np.diag(np.geomspace(1.0, 1e4, 30))

    def quadratic(x: Array) -> tuple[float, Array]:
        return 0.5 * float((x - 1) @ H @ (x - 1)), H @ (x - 1)

    whole, parts = (QuasiNewton(quadratic, np.zeros(30)) for _ in range(2))
    whole.run(400)
    while parts.evaluations < 400 and not parts.ended:
        before = parts.value
        parts.run(1)
        assert parts.value <= before
    assert whole.value == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(parts.x, whole.x, atol=1e-4)


def test_dust_goes_and_nothing_else() -> None:
    X, y = data("squared")
    found = cv.solve(X, y, 1.0, max_rounds=12).network
    dusty = cv.ReLUNetwork(
        np.vstack([found.U, -found.U]),
        np.concatenate([found.b, found.b]),
        np.concatenate([found.w, 1e-12 * found.w]),
        found.c,
    )
    clean = without_dust(dusty, X, y, 1.0, get_loss("squared"), 1e-9, True)
    assert clean.width <= found.width
    assert objective(clean, X, y, 1.0, "squared") <= objective(dusty, X, y, 1.0, "squared") * (1 + 1e-9)
    nothing = without_dust(dusty, X, y, 1e6, get_loss("squared"), 1e-9, True)
    assert nothing.width == 0


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_several_outputs_are_no_worse_than_the_best_constant_and_proved_from_below(loss: str) -> None:
    X, y = data("squared", n=70)
    Y = np.eye(3)[np.digitize(y, np.quantile(y, [0.3, 0.7]))]
    s = cv.solve(X, Y, 1.0, loss, max_rounds=12)
    assert 0 < s.lower_bound <= s.objective
    term = get_loss(loss, several=True)
    assert s.objective < term.value(np.tile(term.best_constant(Y), (70, 1)), Y)
    assert s.objective == pytest.approx(objective(s.network, X, Y, 1.0, loss), rel=ROUNDING)


def test_units_of_the_features_are_conditioning_only() -> None:
    """The same features in other units with the old penalty would be another problem: nothing is rescaled."""
    X, y = data("squared", n=70, d=4)
    plain = cv.solve(X, y, 1.0, max_rounds=25)
    scaled = cv.solve(1e3 * X + 7.0, y, 1e3, max_rounds=25)
    assert scaled.objective == pytest.approx(plain.objective, rel=1e-3)
    stretched = cv.solve(X * [1.0, 1.0, 1e3, 1.0], y, 1.0, max_rounds=25)
    assert stretched.objective == pytest.approx(
        objective(stretched.network, X * [1.0, 1.0, 1e3, 1.0], y, 1.0, "squared"), rel=ROUNDING
    )


def test_where_the_time_is_too_short_for_the_plane_a_network_comes_without_its_proof() -> None:
    X, y = data("squared", n=1500, d=2)
    Y = np.column_stack([y, np.sin(y)])
    s = cv.solve(X, Y, 1.0, time_limit=0.2)
    assert "ascent" in s.method
    assert 0 < s.lower_bound <= s.objective < get_loss("squared", several=True).value(0.0 * Y + Y.mean(axis=0), Y)


@pytest.mark.parametrize("step", [0.01, 1.0])
def test_ascent_that_is_late_still_tells_the_truth(step: float, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = data("squared", n=60)
    v = y - y.mean()
    monkeypatch.setattr(clock, "now", Ticks(step))
    maximum, U, b, sign = AscentOracle(X, deadline=0.05).violated(v, 1.0, 5)
    heights = sign * (np.maximum(X @ U.T + b, 0.0).T @ v)
    assert heights.max() <= maximum * (1 + ROUNDING)
    assert (heights > 1.0).all()
    proof = BranchAndBoundOracle(X[:20], deadline=0.05).prove(v[:20] - v[:20].mean())
    whole = BranchAndBoundOracle(X[:20]).prove(v[:20] - v[:20].mean())
    assert whole.closed
    assert proof.value <= whole.value * (1 + ROUNDING)
    assert proof.upper >= whole.value * (1 - ROUNDING)
    assert not proof.closed
