"""Column generation against the convex program over all activation patterns, which shares nothing with it."""

import numpy as np
import pytest
from certificates import LABELS, LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import labels
from tolerances import GAP

import convexviz as cv
from benchmarks.patterns import activation_patterns, facets, solve_patterns

PROGRAM = 1e-5  # Clarabel at its default accuracy against a certified optimum, relative


def problem(rng, n, loss):
    """n random points with random targets: no structure that could hide a mistake."""
    return rng.normal(size=(n, 2)), labels(rng, n) if loss in LABELS else rng.normal(size=n)


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_every_line_cuts_out_one_of_the_patterns_and_every_pattern_belongs_to_a_line(seed, n):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    patterns = activation_patterns(X)
    assert len(patterns) == n * n - n + 2  # Schlaefli: cells of n planes through the origin of (u, b)
    known = {row.tobytes() for row in patterns}
    u, b = rng.normal(size=(2000, 2)), rng.normal(size=(2000, 1))
    assert {row.tobytes() for row in u @ X.T + b > 0} <= known
    assert {row.tobytes() for row in ~patterns} == known


def test_few_lines_of_a_grid_are_refused_because_its_points_are_not_in_general_position():
    X = np.array([[0.0, 0], [1, 0], [2, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"general position: 14 patterns, got 1\d\. Move a point"):
        activation_patterns(X)


@given(st.integers(0, 10**6), st.integers(3, 12))
def test_a_pattern_is_bounded_by_four_points_on_average(seed, n):
    """n planes through a point cut each other into n (n - 1) rays' worth of edges: 2 n (n - 1) faces of two cells."""
    X = np.random.default_rng(seed).normal(size=(n, 2))
    patterns = activation_patterns(X)
    bounds = facets(patterns)
    assert bounds.sum() == 4 * n * (n - 1)
    assert bounds.any(axis=1).all()


@pytest.mark.parametrize("loss", LOSS_NAMES)
@settings(max_examples=6)
@given(seed=st.integers(0, 10**6), n=st.integers(3, 12), beta=st.floats(0.02, 0.5))
def test_the_program_over_all_patterns_has_the_same_optimum(loss, seed, n, beta):
    X, y = problem(np.random.default_rng(seed), n, loss)
    solution = cv.solve(X, y, beta, loss)
    assert solution.gap <= GAP
    for facets_only in (False, True):
        answer = solve_patterns(X, y, beta, loss, facets_only)
        assert answer.objective == pytest.approx(solution.objective, rel=PROGRAM)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
@settings(max_examples=5)
@given(seed=st.integers(0, 10**6))
def test_the_network_of_the_program_is_worth_what_the_program_says(loss, seed):
    """The vectors really are neurons: on the data the network has the values that the program reckons with."""
    X, y = problem(np.random.default_rng(seed), 9, loss)
    answer = solve_patterns(X, y, 0.1, loss)
    solution = cv.solve(X, y, 0.1, loss)
    proof = cv.certify(answer.network, X, y, 0.1, loss, [solution.v])
    assert proof.objective == pytest.approx(answer.objective, rel=PROGRAM)
    assert solution.lower_bound * (1 - GAP) <= proof.objective
