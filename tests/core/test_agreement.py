"""Independent routes to one optimum: the plane turned into space, the sweep, branch and bound, and all patterns.

The routes share no mathematics: a sweep over pairs of pivots, a tree of bounds, one convex program over all patterns.
"""

import numpy as np
import pytest
from certificates import CONSTRAINED, LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import labels
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv
from convexviz.core.cutting.pattern_program import solve_arrangements
from convexviz.core.dual.certificate import certify, objective
from convexviz.core.losses import LOSSES
from convexviz.core.oracles.arrangements import activation_patterns, pattern_bound
from convexviz.core.oracles.branch.branch_and_bound import PROVED, BranchAndBoundOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.space import SpaceOracle

AGREE = 3 * GAP  # two certified optima of one value
PROGRAM = 1e-5  # Clarabel against a certified optimum, relative
THIN = 1e-9  # how far points leave their plane so that the rank is three; the optimum moves by about as much


def problem(seed, n, d, loss):
    """Random points of random size and place, and targets or labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0) + rng.normal(size=d)
    return X, labels(rng, n) if LOSSES[loss].classification else rng.normal(size=n)


def turned(X, d, seed, shift):
    """Points of the plane (n, 2) in a random plane of d dimensions, through the origin unless shifted."""
    rng = np.random.default_rng(seed)
    return X @ np.linalg.qr(rng.normal(size=(d, 2)))[0].T + shift * rng.normal(size=d)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(4, 14), st.integers(3, 6), st.sampled_from(LOSS_NAMES), st.booleans())
def test_the_plane_turned_into_space_has_the_optimum_of_the_plane_with_a_certificate(seed, n, d, loss, bias):
    if not bias and loss in CONSTRAINED:
        n = 2  # more points might ask for what no bias-free network can do
    X, y = problem(seed, n, 2, loss)
    lifted = turned(X, d, seed, shift=float(bias))
    flat, high = (cv.solve(A, y, 0.1, loss, bias=bias) for A in (X, lifted))
    assert flat.certified
    assert high.certified
    assert high.statement == "certified optimum"
    assert high.objective == pytest.approx(flat.objective, rel=AGREE)
    assert high.network.dimension == d
    # Nothing of the reduction is believed: the certificate once more, on the points in d dimensions, from the tree.
    proof = certify(high.network, lifted, y, 0.1, loss, [high.v], BranchAndBoundOracle(lifted, bias), bias)
    assert proof.gap <= 2 * GAP
    assert proof.lower_bound <= flat.objective * (1 + SAME)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_points_a_hair_off_a_plane_have_its_optimum_by_the_sweep_in_space(loss):
    X, y = problem(3, 12, 2, loss)
    rng = np.random.default_rng(4)
    thick = turned(X, 3, 0, 1.0) + THIN * rng.normal(size=(12, 3))
    flat, high = cv.solve(X, y, 0.1, loss), cv.solve(thick, y, 0.1, loss)
    assert "three dimensions" in high.method
    assert high.certified
    assert high.objective == pytest.approx(flat.objective, rel=AGREE)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(4, 15))
def test_in_three_dimensions_the_sweep_and_the_tree_find_one_maximum(seed, n):
    X, v = problem(seed, n, 3, "squared")
    v = v - v.mean()
    sweep, proof = SpaceOracle(X).maximum(v), BranchAndBoundOracle(X).prove(v)
    assert proof.closed
    assert sweep == pytest.approx(proof.value, rel=4 * PROVED)
    assert proof.upper >= sweep * (1 - SAME)


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(5, 15), st.sampled_from(LOSS_NAMES))
def test_in_three_dimensions_the_sweep_the_tree_and_all_patterns_train_to_one_optimum(seed, n, loss):
    X, y = problem(seed, n, 3, loss)
    sweep, tree = (cv.solve(X, y, 0.3, loss, method=method) for method in ("space", "branch_and_bound"))
    assert sweep.certified
    assert tree.certified
    assert "three dimensions" in sweep.method
    assert "branch and bound" in tree.method
    assert tree.objective == pytest.approx(sweep.objective, rel=AGREE)
    if pattern_bound(n, 4) <= 300:  # ten points; for more the program takes seconds
        agrees_with_all_patterns(X, y, loss, sweep)


def agrees_with_all_patterns(X, y, loss, solution, bias=True):
    """The program over all patterns ends at the optimum, and its multipliers prove it, without the solution's own."""
    beta = 1.0 if loss in CONSTRAINED else solution.beta
    answer = solve_arrangements(X, y, beta, LOSSES[loss], bias=bias)
    assert answer.exact
    assert answer.patterns == len(activation_patterns(X, affine=bias))
    assert objective(answer.network, X, y, beta, loss) == pytest.approx(solution.objective, rel=PROGRAM)
    oracle = BranchAndBoundOracle(X) if bias else PatternOracle(X)
    assert certify(answer.network, X, y, beta, loss, answer.duals, oracle, bias).gap <= 2 * PROGRAM


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_in_four_dimensions_the_tree_and_all_patterns_train_to_one_optimum(loss):
    X, y = problem(5, 9, 4, loss)
    tree = cv.solve(X, y, 0.3, loss, method="branch_and_bound")
    assert tree.certified
    agrees_with_all_patterns(X, y, loss, tree)


@pytest.mark.parametrize(("n", "d"), [(12, 3), (10, 4), (8, 6)])
def test_the_largest_arrangements_agree_too(n, d):
    X, y = problem(n, n, d, "squared")
    solution = cv.solve(X, y, 0.3)
    assert solution.certified
    agrees_with_all_patterns(X, y, "squared", solution)


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(4, 7), st.integers(3, 5), st.sampled_from(["squared", "hinge", "logistic"]))
def test_without_biases_the_patterns_the_tree_and_the_program_train_to_one_optimum(seed, n, d, loss):
    X, y = problem(seed, n, d, loss)
    patterns, tree = (cv.solve(X, y, 0.2, loss, False, method=method) for method in ("patterns", "branch_and_bound"))
    assert patterns.certified
    assert tree.certified
    assert tree.objective == pytest.approx(patterns.objective, rel=AGREE)
    agrees_with_all_patterns(X, y, loss, patterns, bias=False)


@pytest.mark.parametrize("d", [3, 5])
def test_sampled_patterns_stay_above_the_bound_that_the_tree_proves(d):
    X, y = problem(d, 14, d, "squared")
    tree = cv.solve(X, y, 0.2, method="branch_and_bound")
    answer = solve_arrangements(X, y, 0.2, LOSSES["squared"], count=30, rng=np.random.default_rng(0))
    assert not answer.exact
    value = objective(answer.network, X, y, 0.2, "squared")
    assert value >= tree.lower_bound * (1 - INDEPENDENT)
    assert value >= tree.objective * (1 - PROGRAM)
