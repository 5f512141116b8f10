"""A limit in rounds: the same network every time, and bounds that hold on both sides of the optimum."""

import numpy as np
import pytest
from certificates import assert_honest
from problems import wave
from tolerances import GAP, WEAK_DUALITY

import convexviz as cv


def assert_stopped(few, again, best, rounds):
    assert len(few.history) == rounds < len(best.history)
    assert (few.objective, few.network.width) == (again.objective, again.network.width)
    assert few.objective > best.objective
    assert not few.certified
    assert few.lower_bound <= best.objective * (1 + WEAK_DUALITY)
    assert best.lower_bound <= few.objective * (1 + WEAK_DUALITY)


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_cutting_planes_stop(loss, d):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, d))
    y = np.abs(X[:, 0]) - 0.7 + 0.3 * rng.normal(size=20)
    y = y if loss == "squared" else np.sign(y)
    few, again = (cv.solve(X, y, 0.05, loss, max_rounds=2) for _ in range(2))
    assert_stopped(few, again, cv.solve(X, y, 0.05, loss), 2)


def test_several_outputs_stop():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2))
    few, again = (cv.solve(X, np.abs(X), 0.05, max_rounds=2) for _ in range(2))
    assert_stopped(few, again, cv.solve(X, np.abs(X), 0.05), 2)


def test_the_spline_stops():
    X, y = wave(3000, "hinge")
    few, best = (cv.solve(X, y, 0.5, "hinge", max_rounds=rounds) for rounds in (1, None))
    assert len(few.history) == 1 < len(best.history)
    assert not few.certified
    assert best.certified
    assert_honest(X, y, 0.5, "hinge", few)
    assert few.lower_bound <= best.objective <= few.objective * (1 + WEAK_DUALITY)


def test_more_rounds_than_needed_change_nothing():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(12, 2))
    limited, free = (cv.solve(X, X[:, 0] ** 2, 0.1, max_rounds=rounds) for rounds in (10**6, None))
    assert limited.objective == free.objective
    assert limited.gap <= GAP


@pytest.mark.parametrize("rounds", [0, -1, 2.5, "3", True])
def test_a_limit_is_a_whole_number(rounds):
    for task in (
        lambda: cv.solve([[0.0], [1.0]], [0.0, 1.0], max_rounds=rounds),
        lambda: cv.solve([[0.0], [1.0]], [[0.0], [1.0]], max_rounds=rounds),
    ):
        with pytest.raises(ValueError, match="max_rounds must be a whole number from 1 up, or None, got"):
            task()
