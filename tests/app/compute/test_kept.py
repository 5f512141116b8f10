"""A network stays on the page exactly as long as it is proved optimal for the points that are there now."""

from __future__ import annotations

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.compute.kept import Shown, keep

AS_GOOD = 1e-9


def answered(X: np.ndarray, y: np.ndarray, loss: str, beta: float) -> tuple[Problem, Answer]:
    problem = Problem.of(X, y, loss)
    return problem, answers.solve(problem, beta)


def farthest(X: np.ndarray, y: np.ndarray, s: cv.Solution) -> int:
    """The point farthest beyond its margin."""
    return int(np.argmax(y * s.network.predict(X)))


@pytest.mark.parametrize(("name", "tol"), [("two_bands", AS_GOOD), ("interleaved", AS_GOOD), ("moons", 1e-6)])
def test_a_point_that_moves_beyond_its_margin_moves_nothing(name: str, tol: float) -> None:
    made = cv.datasets.load(name)
    _, before = answered(made.X, made.y, "hinge", 0.1)
    assert before.solution is not None
    X = made.X.copy()
    far = farthest(X, made.y, before.solution)
    X[far] += 0.03 * np.sign(X[far])
    problem, after = answered(X, made.y, "hinge", 0.1)
    kept = keep(after, before.solution, problem, tol).solution
    assert kept is not None
    assert kept.network is before.solution.network
    assert kept.certified
    assert kept.gap <= tol
    assert kept.objective == pytest.approx(before.solution.objective, rel=1e-12)
    assert kept.lower_bound <= kept.objective + kept.rounding


@pytest.mark.parametrize("loss", ["squared", "interpolate", "huber"])
def test_a_point_that_counts_brings_the_new_network(loss: str) -> None:
    made = cv.datasets.load("sine")
    _, before = answered(made.X, made.y, loss, 0.05)
    y = made.y.copy()
    y[7] += 0.3
    problem, after = answered(made.X, y, loss, 0.05)
    assert keep(after, before.solution, problem, AS_GOOD) is after


def test_another_loss_or_beta_brings_its_own_network() -> None:
    made = cv.datasets.load("two_bands")
    _, before = answered(made.X, made.y, "hinge", 0.1)
    for loss, beta in (("logistic", 0.1), ("hinge", 0.2)):
        problem, after = answered(made.X, made.y, loss, beta)
        assert keep(after, before.solution, problem) is after


def test_the_same_answer_asked_for_twice_is_the_same_to_the_last_digit() -> None:
    made = cv.datasets.load("sine")
    problem, first = answered(made.X, made.y, "squared", 0.05)
    again = answers.solve(problem, 0.05)
    assert keep(again, first.solution, problem) is again


def test_points_in_the_plane_do_not_get_a_network_of_the_line() -> None:
    line, plane = cv.datasets.load("two_bands"), cv.datasets.load("moons", 12)
    _, before = answered(line.X, line.y, "hinge", 0.1)
    problem, after = answered(plane.X, plane.y, "hinge", 0.1)
    assert keep(after, before.solution, problem) is after


def test_where_there_is_no_answer_nothing_is_kept() -> None:
    made = cv.datasets.load("two_bands")
    _, before = answered(made.X, made.y, "hinge", 0.1)
    problem, after = answered(made.X[:0], made.y[:0], "hinge", 0.1)
    assert keep(after, before.solution, problem).solution is None


def test_new_data_begin_with_their_own_answer() -> None:
    made = cv.datasets.load("two_bands")
    _, before = answered(made.X, made.y, "hinge", 0.1)
    shown = Shown(("two_bands", 0), before.solution)
    assert shown.solution_of(("two_bands", 0)) is before.solution
    assert shown.solution_of(("two_bands", 1)) is None
