"""Multi-start ascent: what it names is real, never more than the exact maximum, and on small problems all of it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import SAME

from convexviz.core.cutting.cutting_plane import solve_cutting_plane
from convexviz.core.cutting.run import Plan
from convexviz.core.dual.certificate import certify
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.ascent import AscentOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.plane import PlaneOracle
from convexviz.core.oracles.space import SpaceOracle

LOOSE = 1e-5  # relative gap that training reaches with these cuts: the last violations are too slight to be cut


def problem(seed, n, d, bias=True):
    """Random points and a dual vector, of sum zero with biases."""
    rng = np.random.default_rng(seed)
    X, v = rng.normal(size=(n, d)), rng.normal(size=n)
    return X, v - v.mean() if bias else v


def heights(X, v, U, b):
    """N_v of the neurons, (k,)."""
    return v @ np.maximum(X @ U.T + b, 0.0)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 12), st.booleans(), st.sampled_from([0.2, 0.9]))
def test_what_is_named_is_attained_violates_and_differs(seed, n, d, bias, share):
    X, v = problem(seed, n, d, bias)
    oracle = AscentOracle(X, bias, starts=12)
    M = oracle.maximum(v)
    maximum, U, b, sign = oracle.violated(v, share * M, 5)
    slack = SAME * np.abs(v).sum() * np.abs(X).max()
    assert maximum >= M - slack  # it remembers
    assert (sign == 1).sum() <= 5
    assert (sign == -1).sum() <= 5
    if maximum > slack:
        assert (sign * heights(X, v, U, b)).max() == pytest.approx(maximum, abs=slack)
    assert (sign * heights(X, v, U, b) > share * M - slack).all()
    np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0, rtol=SAME)
    assert bias or not b.any()
    active = X @ U.T + b > 1e-9 * np.abs(X).max()
    assert len(np.unique(np.vstack([active, sign > 0]), axis=1).T) == len(b)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(3, 25), st.sampled_from([2, 3]))
def test_with_biases_it_finds_the_exact_maximum_of_small_problems_and_never_more(seed, n, d):
    X, v = problem(seed, n, d)
    exact = (PlaneOracle if d == 2 else SpaceOracle)(X).maximum(v)
    found = AscentOracle(X).maximum(v)
    assert found <= exact * (1 + SAME)
    assert found >= exact * (1 - 1e-2)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(1, 4))
def test_without_biases_it_finds_the_exact_maximum_of_small_problems(seed, n, d):
    X, v = problem(seed, n, d, bias=False)
    exact = PatternOracle(X).maximum(v)
    assert AscentOracle(X, bias=False).maximum(v) == pytest.approx(exact, rel=1e-2)


def test_in_the_plane_and_in_space_hardly_a_maximum_is_missed():
    missed = 0
    for seed in range(20):
        X, v = problem(seed, 40, 2 + seed % 2)
        exact = (PlaneOracle if X.shape[1] == 2 else SpaceOracle)(X).maximum(v)
        missed += AscentOracle(X).maximum(v) < exact * (1 - SAME)
    assert missed <= 1


def test_data_of_low_rank_in_many_dimensions_are_climbed_where_they_are():
    X, v = problem(4, 20, 2)
    rng = np.random.default_rng(0)
    lifted = X @ np.linalg.qr(rng.normal(size=(30, 2)))[0].T + rng.normal(size=30)
    maximum, U, b, sign = AscentOracle(lifted).violated(v, 0.1, 4)
    assert maximum == pytest.approx(PlaneOracle(X).maximum(v), rel=SAME)
    assert (sign * heights(lifted, v, U, b)).max() == pytest.approx(maximum, rel=SAME)


def test_a_seed_decides_and_the_best_neurons_are_remembered():
    X, v = problem(5, 60, 6)
    first, second = AscentOracle(X, starts=4, seed=3), AscentOracle(X, starts=4, seed=3)
    found = [first.maximum(v) for _ in range(5)]
    assert found == [second.maximum(v) for _ in range(5)]
    assert all(b >= a * (1 - SAME) for a, b in pairwise(found))


def test_it_says_that_it_proves_nothing():
    assert not AscentOracle(np.eye(3)).exact


def test_zeros_and_a_single_place_give_zero():
    assert AscentOracle(np.eye(4)).maximum(np.zeros(4)) == 0.0
    assert AscentOracle(np.full((5, 3), 0.1)).maximum(np.array([1.0, -1, 2, -2, 0])) <= 1e-12
    assert not len(AscentOracle(np.eye(4)).violated(np.zeros(4), 0.1, 3)[2])


def test_no_starts_are_refused():
    with pytest.raises(ValueError, match="starts must be a whole number from 1 up, got 0"):
        AscentOracle(np.eye(3), starts=0)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_cuts_by_ascent_train_to_what_the_exact_oracle_certifies(loss):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(25, 3))
    y = rng.normal(size=25) if loss == "squared" else np.where(rng.permutation(25) < 12, 1.0, -1.0)
    network, duals, history = solve_cutting_plane(X, y, 0.2, LOSSES[loss], AscentOracle(X), Plan())
    assert all(record.lower == -np.inf for record in history)
    assert certify(network, X, y, 0.2, loss, duals, SpaceOracle(X)).gap <= LOOSE
