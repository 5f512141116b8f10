"""The loop itself: its records, its ways to stop, and the sparse answer at its end."""

from itertools import pairwise

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, objective_of
from hypothesis import given
from hypothesis import strategies as st
from tolerances import GAP, SAME

import convexviz as cv
from convexviz.core.cutting.sparse import at_most_n_neurons, without_the_idle
from convexviz.core.dual.certificate import objective
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.plane import PlaneOracle


def problem(n, loss="squared", seed=0):
    """Points in the plane with a bent target, or its sign."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    y = np.abs(X[:, 0]) - np.maximum(X[:, 1] - 0.5, 0.0) + 0.1 * rng.normal(size=n)
    return X, np.where(y > 0.4, 1.0, -1.0) if loss in LABELS else y


@pytest.mark.parametrize("loss", LOSSES)
def test_every_round_is_on_record_and_the_bounds_close(loss):
    X, y = problem(20, loss)
    solution = cv.solve(X, y, 0.1, loss, cuts=1)
    rounds = solution.history
    beta = 1.0 if loss in CONSTRAINED else 0.1
    assert solution.certified
    assert solution.objective == pytest.approx(cv.solve(X, y, 0.1, loss).objective, rel=2 * GAP)
    assert len(rounds) >= 4
    for before, after in pairwise(rounds):
        assert after.upper <= before.upper
        assert after.lower >= before.lower
        assert after.seconds >= before.seconds
    for record in rounds:
        net = record.network
        value = objective_of(X, y, 0.1, loss, net.U, net.b, net.w, net.c)
        assert value >= record.upper * (1 - SAME) or not np.isfinite(record.upper)
        assert record.maximum == pytest.approx(PlaneOracle(X).maximum(record.v))
        assert record.added == len(record.b) == len(record.U) <= 2
        heights = np.abs(np.maximum(record.U @ X.T + record.b[:, None], 0.0) @ record.v)
        assert (heights > beta).all()
    assert rounds[0].network.width == 0


def test_a_watched_run_adds_few_neurons_at_a_time():
    X, y = problem(30)
    one, two = (cv.solve(X, y, 0.1, cuts=cuts).history for cuts in (1, 2))
    assert max(r.added for r in one) <= 2
    assert max(r.added for r in two) == 4
    assert len(one) > len(two)


@pytest.mark.parametrize("cuts", [0, 1.5, "many"])
def test_the_number_of_cuts_is_checked(cuts):
    with pytest.raises(ValueError, match="cuts must be a whole number from 1 up, or None"):
        cv.solve(*problem(5), cuts=cuts)


def test_stopped_between_rounds_it_brings_the_best_so_far_with_honest_bounds():
    X, y = problem(60)
    asked = []

    def stop():
        asked.append(True)
        return len(asked) == 3

    stopped, done = cv.solve(X, y, 0.05, stop=stop), cv.solve(X, y, 0.05)
    assert len(stopped.history) == len(asked) == 3
    assert not stopped.certified
    assert stopped.lower_bound <= done.objective <= stopped.objective
    assert stopped.objective == min(r.upper for r in stopped.history)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_neuron_reported_matters_and_touches_the_band(loss):
    X, y = problem(40, loss, seed=1)
    solution = cv.solve(X, y, 0.1, loss)
    net, beta = solution.network, 1.0 if loss in CONSTRAINED else 0.1
    assert net.width <= len(y) + 1
    assert (np.diff(np.abs(net.w)) <= 0).all()
    heights = np.sign(net.w) * (solution.v @ net.activations(X)) / beta
    assert (heights > 1 - 2e-2).all()
    assert heights @ np.abs(net.w) >= (1 - 1e-4) * net.penalty
    for j in range(net.width):
        kept = np.arange(net.width) != j
        rest = cv.ReLUNetwork(net.U[kept], net.b[kept], net.w[kept], net.c)
        assert objective(rest, X, y, 0.1, loss) > solution.objective


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 25))
def test_more_neurons_than_points_are_never_needed(seed, n, width):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    net = cv.ReLUNetwork.normalized(
        rng.normal(size=(width, 2)),
        rng.normal(size=width),
        rng.choice([-1.0, 1.0], width) * rng.uniform(0.1, 2, width),
        0.3,
    )
    fewer = at_most_n_neurons(net, X)
    assert fewer.width <= max(n, 0)
    scale = 1 + np.abs(net.w) @ net.activations(X).max(axis=0)
    np.testing.assert_allclose(fewer.predict(X), net.predict(X), atol=1e-7 * scale)
    assert fewer.penalty <= net.penalty * (1 + 1e-9)


def test_neurons_that_no_pixel_shows_are_left_out():
    X, y = problem(40, seed=2)
    s = cv.solve(X, y, 0.1)
    rng = np.random.default_rng(5)
    dust = rng.normal(size=(9, 2))
    dust /= np.linalg.norm(dust, axis=1)[:, None]
    dusty = cv.ReLUNetwork(
        np.vstack([dust, s.network.U]),
        np.concatenate([rng.normal(size=9), s.network.b]),
        np.concatenate([1e-7 * rng.choice([-1.0, 1.0], 9), s.network.w]),
        s.network.c,
    )
    clean = without_the_idle(dusty, X, y, 0.1, LOSSES["squared"], s.lower_bound, GAP, True)
    assert clean.width <= s.network.width
    assert objective(clean, X, y, 0.1, "squared") <= s.lower_bound * (1 + 1.01 * GAP)


@pytest.mark.parametrize("loss", ["squared", "interpolate"])
def test_equal_targets_are_proved_though_their_mean_rounds(loss):
    X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    solution = cv.solve(X, np.full(3, 0.7), 0.1, loss)
    assert solution.certified
    assert solution.network.width == 0


def test_a_neuron_without_weight_and_without_a_wish_for_any_leaves():
    X = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    y = np.array([0.75, -0.625, 1.0, -0.375])
    assert all(s.certified for s in cv.regularization_path(X, y))


@pytest.mark.parametrize(("loss", "y"), [("interpolate", [1.0, -1.0, 0.5]), ("hard_margin", [1.0, -1.0, 1.0])])
def test_close_points_that_disagree_are_dear_and_possible_however_few_the_cuts(loss, y):
    X = np.array([[0.0, 0.0], [1e-9, 0.0], [0.3, 0.7]])
    fast, watched = (cv.solve(X, np.array(y), loss=loss, cuts=cuts) for cuts in (None, 1))
    assert watched.objective == pytest.approx(fast.objective, rel=1e-4)
    assert fast.objective > 1e8
