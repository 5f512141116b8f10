"""The program over activation patterns: with all of them the certified optimum, with fewer an upper bound."""

import numpy as np
import pytest
from certificates import LABELS, LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import labels

import convexviz as cv
from benchmarks.patterns import facets
from convexviz.core.cutting.pattern_program import bounding, solve_arrangements
from convexviz.core.dual.certificate import certify, objective
from convexviz.core.errors import SolveError
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.arrangements import activation_patterns, sampled_patterns
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.space import SpaceOracle

PROGRAM = 1e-5  # Clarabel against a certified optimum, relative


def problem(seed, n, d, loss):
    """Random points and targets, none of size one, or labels."""
    rng = np.random.default_rng(seed)
    X = 3 * rng.normal(size=(n, d)) + 2
    return X, labels(rng, n) if loss in LABELS else 4 * rng.normal(size=n) + 1


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize(("d", "bias"), [(1, True), (2, True), (2, False), (3, False)])
def test_all_patterns_give_the_certified_optimum(loss, d, bias):
    X, y = problem(d, 8 if bias else 6, d, loss)
    if not bias and loss in ("interpolate", "hard_margin"):
        X, y = X[:d], y[:d]  # more points might ask for what no bias-free network can do
    solution = cv.solve(X, y, 0.3, loss, bias=bias)
    answer = solve_arrangements(X, y, 0.3, LOSSES[loss], bias=bias)
    assert answer.exact
    assert objective(answer.network, X, y, 0.3, loss) == pytest.approx(solution.objective, rel=PROGRAM)
    assert bias or not (answer.network.b.any() or answer.network.c)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_in_space_the_exact_oracle_certifies_network_and_duals(loss):
    X, y = problem(7, 8, 3, loss)
    answer = solve_arrangements(X, y, 0.3, LOSSES[loss])
    proof = certify(answer.network, X, y, 0.3, loss, answer.duals, SpaceOracle(X))
    assert proof.gap <= PROGRAM


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_without_biases_the_duals_prove_the_optimum(loss):
    X, y = problem(8, 5, 4, loss)
    X = X[: 4 if loss in ("interpolate", "hard_margin") else 5]
    answer = solve_arrangements(X, y[: len(X)], 0.3, LOSSES[loss], bias=False)
    proof = certify(answer.network, X, y[: len(X)], 0.3, loss, answer.duals, PatternOracle(X), bias=False)
    assert proof.gap <= PROGRAM


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.sampled_from(["squared", "hinge", "logistic"]), st.booleans())
def test_sampled_patterns_give_an_upper_bound_that_falls_as_more_come_in(seed, loss, bias):
    X, y = problem(seed, 7, 2, loss)
    rng = np.random.default_rng(seed)
    some = sampled_patterns(X, 6, rng, affine=bias)
    more = np.unique(np.vstack([some, sampled_patterns(X, 30, rng, affine=bias)]), axis=0)
    values = []
    for patterns in (some, more):
        answer = solve_arrangements(X, y, 0.3, LOSSES[loss], patterns, bias=bias)
        assert not answer.exact
        assert answer.patterns == len(patterns)
        values.append(objective(answer.network, X, y, 0.3, loss))
    values.append(cv.solve(X, y, 0.3, loss, bias=bias).objective)
    assert values[0] >= values[1] * (1 - PROGRAM)
    assert values[1] >= values[2] * (1 - PROGRAM)


def test_given_all_patterns_it_is_the_same_program_but_takes_nobodys_word_for_it():
    X, y = problem(3, 7, 2, "squared")
    everything = solve_arrangements(X, y, 0.3, LOSSES["squared"])
    given_ = solve_arrangements(X, y, 0.3, LOSSES["squared"], activation_patterns(X, affine=True))
    assert not given_.exact
    assert objective(given_.network, X, y, 0.3, "squared") == pytest.approx(
        objective(everything.network, X, y, 0.3, "squared"), rel=PROGRAM
    )


def test_a_count_draws_patterns_and_a_generator_decides_which():
    X, y = problem(4, 30, 5, "squared")
    one, same = (
        solve_arrangements(X, y, 0.3, LOSSES["squared"], count=20, rng=np.random.default_rng(1)) for _ in range(2)
    )
    assert 2 <= one.patterns <= 20
    np.testing.assert_array_equal(one.network.w, same.network.w)
    assert objective(one.network, X, y, 0.3, "squared") < 0.5 * ((y - y.mean()) ** 2).sum()


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(3, 9))
def test_in_general_position_the_bounding_points_are_those_of_the_benchmark(seed, n):
    patterns = activation_patterns(np.random.default_rng(seed).normal(size=(n, 2)), affine=True)
    np.testing.assert_array_equal(bounding(patterns), facets(patterns))


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.booleans())
def test_repeated_and_collinear_points_are_no_trouble(seed, bias):
    rng = np.random.default_rng(seed)
    X = rng.integers(-1, 2, size=(8, 2)).astype(float)
    y = rng.normal(size=8)
    solution = cv.solve(X, y, 0.3, bias=bias)
    answer = solve_arrangements(X, y, 0.3, LOSSES["squared"], bias=bias)
    assert objective(answer.network, X, y, 0.3, "squared") == pytest.approx(solution.objective, rel=PROGRAM)


def test_points_of_one_plane_in_five_dimensions_are_points_of_the_plane():
    X, y = problem(9, 8, 2, "squared")
    lifted = X @ np.linalg.qr(np.random.default_rng(0).normal(size=(5, 2)))[0].T + 1.0
    flat, high = (solve_arrangements(A, y, 0.3, LOSSES["squared"]) for A in (X, lifted))
    assert flat.patterns == high.patterns
    assert objective(high.network, lifted, y, 0.3, "squared") == pytest.approx(
        objective(flat.network, X, y, 0.3, "squared"), rel=PROGRAM
    )


def test_what_cannot_be_is_refused_by_name():
    X, y = problem(1, 6, 2, "squared")
    with pytest.raises(ValueError, match=r"patterns must have shape \(p, 6\), got \(3, 5\)"):
        solve_arrangements(X, y, 0.3, LOSSES["squared"], np.ones((3, 5), bool))
    with pytest.raises(ValueError, match="Either patterns or count"):
        solve_arrangements(X, y, 0.3, LOSSES["squared"], np.ones((3, 6), bool), count=4)
    with pytest.raises(cv.Infeasible, match="points 1 and 2 share theirs"):
        solve_arrangements(X[[0, 0, 1]], y[:3], 0.3, LOSSES["interpolate"])
    with pytest.raises(cv.Infeasible, match="Use bias=True"):
        solve_arrangements(np.ones((3, 2)) * [[1], [2], [3]], y[:3], 0.3, LOSSES["interpolate"], bias=False)
    with pytest.raises(SolveError, match="The 1 patterns held must allow an answer"):
        solve_arrangements(X, y, 0.3, LOSSES["interpolate"], np.ones((1, 6), bool))
