"""Data on a line in any dimension is one-dimensional data."""

import numpy as np
import pytest
from certificates import LOSS_NAMES, assert_certified
from hypothesis import given
from hypothesis import strategies as st
from problems import problems
from tolerances import INDEPENDENT

import convexviz as cv
from convexviz.core.rank import reduce_rank


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
    line = reduce_rank(X)
    assert line.rank == 1
    np.testing.assert_allclose(line.centre + line.Z @ line.basis, X, atol=1e-12)
    network = cv.solve(line.Z, problem.y, problem.beta).network
    lifted = line.lift(network)
    np.testing.assert_allclose(lifted.predict(X), network.predict(line.Z), atol=1e-9)
    assert lifted.penalty == network.penalty
    np.testing.assert_allclose(line.restrict(lifted).predict(line.Z), network.predict(line.Z), atol=1e-9)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_a_plane_in_space_gives_the_optimum_of_the_plane(loss):
    rng = np.random.default_rng(4)
    X, turn = rng.normal(size=(10, 2)), np.linalg.qr(rng.normal(size=(5, 5)))[0][:2]
    y = rng.normal(size=10) if loss in ("squared", "interpolate") else np.where(np.arange(10) % 3 > 0, 1.0, -1.0)
    flat, lifted = cv.solve(X, y, 0.1, loss), cv.solve(X @ turn + 2.0, y, 0.1, loss)
    assert flat.certified
    assert lifted.certified
    assert lifted.objective == pytest.approx(flat.objective, rel=INDEPENDENT)
    assert lifted.network.dimension == 5


@pytest.mark.parametrize(("d", "method"), [(1, "cutting_plane"), (2, "spline"), (2, "dictionary")])
def test_a_method_for_another_rank_is_refused_with_those_that_fit(d, method):
    X = np.random.default_rng(0).normal(size=(10, d))
    with pytest.raises(ValueError, match=r"method must be one of auto, .* for data of rank \d; got"):
        cv.solve(X, X[:, 0], method=method)


def test_a_point_just_off_the_line_is_not_on_it():
    X = np.outer(np.arange(5.0), [1.0, 2.0])
    assert reduce_rank(X).rank == 1
    X[2, 0] += 1e-6
    assert reduce_rank(X).rank == 2


@pytest.mark.parametrize("n", [1, 3])
def test_one_position_in_space(n):
    X = np.tile([[1.0, 2.0, 3.0]], (n, 1))
    solution = cv.solve(X, np.arange(float(n)), 0.1)
    assert solution.certified
    assert solution.network.dimension == 3
    np.testing.assert_allclose(solution.network.predict(X), (n - 1) / 2)
