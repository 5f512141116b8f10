"""Data on a line in any dimension is one-dimensional data."""

import numpy as np
import pytest
from certificates import LOSS_NAMES, assert_certified
from hypothesis import given
from hypothesis import strategies as st
from problems import problems
from tolerances import INDEPENDENT

import convexviz as cv
from convexviz.core.rank import reduce_to_line


def embedded(X, d, seed):
    """The positions X (n, 1) on a random line in d dimensions."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=d)
    return X * (direction / np.linalg.norm(direction)) + rng.normal(size=d)


@given(problems(losses=LOSS_NAMES), st.integers(2, 5), st.integers(0, 10**6))
def test_a_line_in_space_gives_the_optimum_of_the_line(problem, d, seed):
    X = embedded(problem.X, d, seed)
    solution = cv.solve(X, problem.y, problem.beta, problem.loss)
    assert_certified(X, problem.y, problem.beta, problem.loss, solution)
    assert solution.network.dimension == d
    flat = cv.solve(problem.X, problem.y, problem.beta, problem.loss)
    assert solution.objective == pytest.approx(flat.objective, rel=INDEPENDENT)


@given(problems(losses=["squared"]), st.integers(2, 5))
def test_the_lifted_network_is_the_network_of_the_line(problem, d):
    X = embedded(problem.X, d, 1)
    line = reduce_to_line(X)
    assert line is not None
    np.testing.assert_allclose(line.centre + line.t[:, None] * line.direction, X, atol=1e-12)
    network = cv.solve(line.t[:, None], problem.y, problem.beta).network
    lifted = line.lift(network)
    np.testing.assert_allclose(lifted.predict(X), network.predict(line.t[:, None]), atol=1e-9)
    assert lifted.penalty == network.penalty


@pytest.mark.parametrize("d", [2, 3, 5])
def test_higher_rank_is_refused_with_the_way_out(d):
    X = np.random.default_rng(0).normal(size=(10, d))
    with pytest.raises(ValueError, match=r"X must have one feature, .*got shape \(10, \d\) of higher rank. Project"):
        cv.solve(X, X[:, 0])


def test_a_point_just_off_the_line_is_not_on_it():
    X = np.outer(np.arange(5.0), [1.0, 2.0])
    assert reduce_to_line(X) is not None
    X[2, 0] += 1e-6
    assert reduce_to_line(X) is None


@pytest.mark.parametrize("n", [1, 3])
def test_one_position_in_space(n):
    X = np.tile([[1.0, 2.0, 3.0]], (n, 1))
    solution = cv.solve(X, np.arange(float(n)), 0.1)
    assert solution.certified
    assert solution.network.dimension == 3
    np.testing.assert_allclose(solution.network.predict(X), (n - 1) / 2)
