"""Answers in the plane: certified, the library's own, small to send; and the rounds of the cutting planes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.shell.settings import LOSSES
from convexviz.core.network import ReLUNetwork
from convexviz.figures.parts import band_of

GAP = 1e-6
MOONS, RIDGES = cv.datasets.load("moons", n=30, seed=1), cv.datasets.load("ridges", n=30, seed=1)
LABELLED = ("hinge", "logistic", "hard_margin")
EVERY_LOSS = [(task, loss) for task in LOSSES for loss in LOSSES[task]]


def problem(task: str, loss: str) -> Problem:
    made = MOONS if task == "classification" else RIDGES
    return Problem.of(made.X, made.y, loss)


def certified(task: str, loss: str, beta: float = 0.1) -> cv.Solution:
    answer = answers.solve(problem(task, loss), beta)
    assert answer.solution is not None
    assert (answer.status, answer.message) == ("certified", "")
    return answer.solution


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test starts from an empty cache, and leaves none behind."""
    caches = (answers._solve, answers.beta_max, answers.watched)
    for cache in caches:
        cache.clear()
    yield
    for cache in caches:
        cache.clear()


# --- the problem ---------------------------------------------------------------------------------------------------


def test_a_problem_is_known_by_its_contents() -> None:
    one, two = problem("classification", "hinge"), Problem.of(MOONS.X.copy(), MOONS.y.copy(), "hinge")
    assert one == two
    assert hash(one) == hash(two)
    assert one != Problem.of(MOONS.X + 1e-12, MOONS.y, "hinge")
    np.testing.assert_array_equal(one.X, MOONS.X)
    np.testing.assert_array_equal(one.targets, MOONS.y)


def test_the_same_numbers_on_the_line_are_another_problem() -> None:
    assert Problem.of(np.arange(4.0).reshape(2, 2), np.ones(2), "squared").d == 2
    assert Problem.of(np.arange(4.0), np.ones(4), "squared").d == 1
    assert Problem.of(np.empty((0, 2)), np.empty(0), "squared").X.shape == (0, 2)


# --- one answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_every_loss_is_certified_and_the_answer_is_the_librarys(task: str, loss: str) -> None:
    ours, at = certified(task, loss), problem(task, loss)
    assert ours.gap <= GAP
    theirs = cv.solve(at.X, at.targets, beta=0.1, loss=loss)
    assert ours.objective == pytest.approx(theirs.objective, rel=2 * GAP)
    assert theirs.lower_bound <= ours.objective * (1 + 1e-9)


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_an_answer_begun_from_the_last_one_is_the_same(task: str, loss: str) -> None:
    """What a drag does: the points move a little, the fit is begun from the one before."""
    start, before = certified(task, loss), problem(task, loss)
    moved = Problem.of(before.X + 0.01 * np.random.default_rng(0).standard_normal(before.X.shape), before.targets, loss)
    warm = answers.solve(moved, 0.1, start, live=True)
    assert warm.status == "certified"
    assert warm.solution is not None
    cold = cv.solve(moved.X, moved.targets, beta=0.1, loss=loss)
    assert warm.solution.objective == pytest.approx(cold.objective, rel=2 * GAP)


@pytest.mark.parametrize("loss", cv.LOSSES)
def test_an_empty_board_asks_for_a_point(loss: str) -> None:
    answer = answers.solve(Problem.of(np.empty((0, 2)), np.empty(0), loss), 0.1)
    assert (answer.status, answer.solution) == ("empty", None)
    assert "Click on it to add a point" in answer.message


@pytest.mark.parametrize("loss", LABELLED)
@pytest.mark.parametrize(
    ("label", "missing"), [(1.0, "class −1 (its button, or key 2"), (-1.0, "class +1 (its button")]
)
def test_one_class_only_asks_for_the_other_and_says_how(loss: str, label: float, missing: str) -> None:
    answer = answers.solve(Problem.of(MOONS.X, np.full(len(MOONS.y), label), loss), 0.1)
    assert (answer.status, answer.solution) == ("empty", None)
    assert missing in answer.message


def test_one_class_is_no_matter_for_the_squared_loss() -> None:
    answer = answers.solve(Problem.of(MOONS.X, np.ones(len(MOONS.y)), "squared"), 0.1)
    assert answer.status == "certified"
    assert answer.solution is not None
    assert answer.solution.network.width == 0


@pytest.mark.parametrize("loss", cv.LOSSES)
def test_two_targets_at_one_place_are_named_where_no_miss_is_allowed(loss: str) -> None:
    X = np.array([[0.1, 0.2], [0.3, 0.9], [0.3, 0.9], [-0.5, 0.1]])
    answer = answers.solve(Problem.of(X, np.array([1.0, 1.0, -1.0, -1.0]), loss), 0.1)
    assert answer.status == ("infeasible" if cv.LOSSES[loss].constrained else "certified")
    if answer.solution is None:
        assert "points 2 and 3" in answer.message
        assert "Move or delete one of them" in answer.message


# --- the slider ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("task", "loss"), [pair for pair in EVERY_LOSS if not cv.LOSSES[pair[1]].constrained])
def test_the_slider_ends_where_the_last_neuron_leaves(task: str, loss: str) -> None:
    top = answers.beta_max(problem(task, loss))
    assert top is not None
    assert certified(task, loss, 1.001 * top).network.width == 0
    assert certified(task, loss, 0.98 * top).network.width > 0


@pytest.mark.parametrize(("task", "loss"), [("regression", "interpolate"), ("classification", "hard_margin")])
def test_there_is_no_slider_where_beta_plays_no_part(task: str, loss: str) -> None:
    assert answers.beta_max(problem(task, loss)) is None
    assert band_of(certified(task, loss, 0.3)) == 1.0


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
def test_the_band_is_beta_wide_where_there_is_one(loss: str) -> None:
    assert band_of(certified("classification", loss, 0.3)) == 0.3


# --- as the browser reads it ---------------------------------------------------------------------------------------


def decoded(value: Any) -> np.ndarray:
    """An array as `cvzDecode` reads it."""
    if isinstance(value, list):
        return np.array(value, float)
    assert value["dtype"] == "f4"
    return np.frombuffer(base64.b64decode(value["bdata"]), "<f4").astype(float)


@dataclass(frozen=True)
class Drawn:
    """A network as the browser holds it, its numbers rounded to single precision."""

    U: np.ndarray
    b: np.ndarray
    w: np.ndarray
    c: float

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.c + np.maximum(X @ self.U.T + self.b, 0) @ self.w


def read(sent: dict[str, Any]) -> Drawn:
    return Drawn(decoded(sent["u"]).reshape(-1, 2), decoded(sent["b"]), decoded(sent["w"]), sent["c"])


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_the_browser_reads_the_network_itself_its_heaviest_neuron_first(task: str, loss: str) -> None:
    solution = certified(task, loss)
    sent = json.loads(json.dumps(answers.plane_json(solution.network), allow_nan=False))
    again = read(sent)
    assert set(sent) == {"dim", "u", "b", "w", "c"}
    assert sent["dim"] == 2
    assert len(again.w) == solution.network.width > 0
    X = np.random.default_rng(0).uniform(-1.5, 1.5, (400, 2))
    scale = 1 + np.abs(solution.network.w).sum()
    np.testing.assert_allclose(again.predict(X), solution.network.predict(X), atol=1e-6 * scale)
    np.testing.assert_allclose(np.linalg.norm(again.U, axis=1), 1.0, atol=1e-6)
    assert (np.diff(np.abs(again.w)) <= 0).all()


def test_the_dual_function_can_be_drawn_from_what_is_sent() -> None:
    """N_v of the numbers sent touches +-beta at the neurons, with the sign of their weights."""
    solution = certified("classification", "hinge")
    sent = answers.plane_json(solution.network, (solution.v, 0.1), MOONS.X)
    X, v, network = decoded(sent["dual"]["x"]).reshape(-1, 2), decoded(sent["dual"]["v"]), read(sent)
    heights = np.maximum(network.U @ X.T + network.b[:, None], 0) @ v
    assert sent["dual"]["beta"] == 0.1
    np.testing.assert_allclose(X, MOONS.X, atol=1e-6)
    np.testing.assert_allclose(heights, 0.1 * np.sign(network.w), rtol=1e-3)
    assert set(answers.plane_json(solution.network, (solution.v, 0.1))["dual"]) == {"v", "beta"}


def test_a_network_of_twenty_neurons_is_less_than_two_kilobytes() -> None:
    rng = np.random.default_rng(0)
    network = ReLUNetwork.normalized(*(rng.standard_normal(shape) for shape in ((20, 2), 20, 20)), 0.5)
    assert len(json.dumps(answers.plane_json(network))) < 1000
    dual = rng.standard_normal(60), 0.1
    assert len(json.dumps(answers.plane_json(network, dual, rng.standard_normal((60, 2))))) < 2000


@pytest.mark.parametrize("m", [0, 1, 2, 5, 6])
def test_few_neurons_are_sent_as_well(m: int) -> None:
    rng = np.random.default_rng(m)
    network = ReLUNetwork.normalized(rng.standard_normal((m, 2)), rng.standard_normal(m), np.arange(1.0, m + 1), 0.25)
    again = read(json.loads(json.dumps(answers.plane_json(network))))
    assert (len(again.w), again.c) == (m, 0.25)
    X = rng.standard_normal((50, 2))
    np.testing.assert_allclose(again.predict(X), network.predict(X), atol=1e-5)


# --- the film ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_the_rounds_to_watch_end_at_the_same_optimum(task: str, loss: str) -> None:
    solution = answers.watched(problem(task, loss), 0.1)
    assert solution.certified
    assert solution.objective == pytest.approx(certified(task, loss).objective, rel=2 * GAP)
    assert 2 <= len(solution.history) <= answers.FILM_ROUNDS


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_round_by_round_the_bounds_close_and_neurons_come_in(task: str, loss: str) -> None:
    rounds = answers.watched(problem(task, loss), 0.1).history
    lower, upper = np.array([r.lower for r in rounds]), np.array([r.upper for r in rounds])
    assert (np.diff(lower) >= 0).all()
    assert (upper[1:] <= upper[:-1]).all()
    assert (upper >= lower * (1 - 1e-9)).all()
    first, last = rounds[0].network, rounds[-1].network
    assert first is not None
    assert last is not None
    assert first.width == 0 < last.width, "it begins without neurons"
    assert max(r.added for r in rounds) <= 2 * max(answers.FILM_CUTS)
    for r in rounds:
        assert r.network is not None
        assert r.v is not None
        assert (r.network.dimension, r.v.shape) == (2, (30,))
        assert abs(r.v.sum()) <= 1e-9 * np.abs(r.v).sum()


def test_a_long_film_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more cuts a round, until the rounds are few enough."""
    monkeypatch.setattr(answers, "FILM_ROUNDS", 8)
    short, long = (
        answers.watched(problem("regression", "squared"), 0.011),
        cv.solve(RIDGES.X, RIDGES.y, beta=0.011, cuts=1),
    )
    assert short.certified
    assert len(short.history) < len(long.history)
