"""From points to what the page shows of them: certified answers, calm reasons, and the path solved bit by bit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.components import badge
from convexviz.app.components.board import View
from convexviz.app.compute import answers, paths
from convexviz.app.compute.answers import Problem
from convexviz.app.compute.paths import PathWork
from convexviz.app.shell.settings import LOSSES
from convexviz.figures.sent.typed import decoded

GAP = 1e-6
VIEW = View()
X = np.linspace(-1, 1, 12)
WAVE = np.sin(3 * X)
SIDES = np.sign(X - 0.1)


def regression(loss: str = "squared") -> Problem:
    return Problem.of(X, WAVE, loss)


def classes(loss: str = "hinge") -> Problem:
    return Problem.of(X, SIDES, loss)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test starts from an empty cache, and leaves none behind."""
    answers._solve.clear()
    answers.beta_max.clear()
    yield
    answers._solve.clear()
    answers.beta_max.clear()


# --- one answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("task", "loss"), [(task, loss) for task in LOSSES for loss in LOSSES[task]])
def test_what_can_be_drawn_is_certified(task: str, loss: str) -> None:
    answer = answers.solve(regression(loss) if task == "regression" else classes(loss), 0.05)
    assert (answer.status, answer.message) == ("certified", "")
    assert answer.solution is not None
    assert answer.solution.gap <= GAP


def test_the_answer_is_the_librarys() -> None:
    ours, theirs = answers.solve(regression(), 0.1).solution, cv.solve(X[:, None], WAVE, beta=0.1)
    assert ours is not None
    assert ours.objective == pytest.approx(theirs.objective, rel=1e-9)


@pytest.mark.parametrize("loss", cv.LOSSES)
def test_an_empty_board_asks_for_a_point(loss: str) -> None:
    answer = answers.solve(Problem.of(np.empty(0), np.empty(0), loss), 0.1)
    assert (answer.status, answer.solution) == ("empty", None)
    assert "Click on it to add a point" in answer.message


@pytest.mark.parametrize("loss", ["hinge", "logistic", "hard_margin"])
@pytest.mark.parametrize(("label", "missing"), [(1.0, "class −1, below"), (-1.0, "class +1, above")])
def test_one_class_only_asks_for_the_other(loss: str, label: float, missing: str) -> None:
    answer = answers.solve(Problem.of(X, np.full(len(X), label), loss), 0.1)
    assert (answer.status, answer.solution) == ("empty", None)
    assert missing in answer.message


@pytest.mark.parametrize(("loss", "status"), [("interpolate", "infeasible"), ("squared", "certified")])
def test_two_heights_at_one_place(loss: str, status: str) -> None:
    answer = answers.solve(Problem.of(np.array([0.0, 0.5, 0.5]), np.array([0.0, 1.0, 2.0]), loss), 0.1)
    assert answer.status == status
    assert bool(answer.message) == (status == "infeasible")


@pytest.mark.parametrize(
    ("loss", "status"), [("hard_margin", "infeasible"), ("hinge", "certified"), ("logistic", "certified")]
)
def test_two_classes_at_one_place(loss: str, status: str) -> None:
    answer = answers.solve(Problem.of(np.array([0.0, 0.5, 0.5]), np.array([1.0, 1.0, -1.0]), loss), 0.1)
    assert answer.status == status
    assert bool(answer.message) == (status == "infeasible")


@pytest.mark.parametrize("loss", ["squared", "interpolate"])
@pytest.mark.parametrize("x", [[0.3], [0.3, 0.3], [0.3, 0.7], [0.3, 0.3 + 1e-9, 0.7]])
def test_very_few_points_are_answered(loss: str, x: list[float]) -> None:
    answer = answers.solve(Problem.of(np.array(x), np.full(len(x), 0.4), loss), 0.1)
    assert answer.status == "certified"
    assert answer.solution is not None
    assert answer.solution.network.width == 0


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_scales_far_from_one_are_answered(scale: float) -> None:
    """Scaling y and beta alike scales the network."""
    answer = answers.solve(Problem.of(X, scale * WAVE, "squared"), 0.1 * scale)
    plain = answers.solve(regression(), 0.1)
    assert answer.solution is not None
    assert plain.solution is not None
    assert answer.status == "certified"
    assert answer.solution.objective == pytest.approx(scale**2 * plain.solution.objective, rel=1e-5)


def test_a_solver_that_fails_is_told_calmly(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise cv.SolveError("Clarabel stopped with: nothing. Rescale the data.")

    monkeypatch.setattr(answers.cv, "solve", fail)
    answer = answers.solve(regression(), 0.1)
    assert (answer.status, answer.solution) == ("error", None)
    assert answer.message == "Clarabel stopped with: nothing. Rescale the data."


def test_what_is_not_proved_is_called_an_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = replace(cv.solve(X[:, None], WAVE, beta=0.0123), gap=3e-4, certified=False)
    monkeypatch.setattr(answers.cv, "solve", lambda *args, **options: honest)
    answer = answers.solve(regression(), 0.0123)
    assert (answer.status, answer.solution) == ("upper-bound", honest)
    assert "3.0e-04 apart" in answer.message


def test_equal_points_share_one_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    solve = cv.solve
    monkeypatch.setattr(answers.cv, "solve", lambda *args, **options: calls.append(1) or solve(*args, **options))
    for _ in range(3):
        answers.solve(Problem.of(X.copy(), WAVE.copy(), "squared"), 0.2)
    answers.solve(Problem.of(X, WAVE, "squared"), 0.3)
    assert len(calls) == 2


# --- beta_max ------------------------------------------------------------------------------------------------------


def test_the_slider_ends_where_the_last_neuron_leaves() -> None:
    top = answers.beta_max(regression())
    assert top is not None
    widths = [answers.solve(regression(), top * share).solution.network.width for share in (1.001, 0.99)]  # type: ignore[union-attr]
    assert widths[0] == 0 < widths[1]


@pytest.mark.parametrize(
    "problem",
    [
        regression("interpolate"),
        classes("hard_margin"),
        Problem.of(np.empty(0), np.empty(0), "squared"),
        Problem.of(X, np.ones(len(X)), "hinge"),
        Problem.of(X, np.full(len(X), 0.7), "squared"),
        Problem.of(np.array([0.3]), np.array([0.4]), "squared"),
        Problem.of(np.array([0.3, 0.3]), np.array([0.4, 0.9]), "squared"),
    ],
    ids=["interpolate", "hard margin", "empty", "one class", "constant", "one point", "one position"],
)
def test_there_is_no_slider_where_no_beta_matters(problem: Problem) -> None:
    assert answers.beta_max(problem) is None


# --- the path ------------------------------------------------------------------------------------------------------


def worked(problem: Problem) -> PathWork:
    """The path of a problem, advanced to its end."""
    work = PathWork.start(problem, VIEW)
    for _ in range(10 * paths.LENGTH[1]):
        if work.complete:
            return work
        work.advance()
    raise AssertionError("The path does not end.")


@pytest.mark.parametrize("problem", [regression("huber"), classes(), classes("logistic")], ids=lambda p: p.loss)
def test_a_finished_path_is_whole_sorted_and_certified(problem: Problem) -> None:
    path = worked(problem).sorted
    betas = [solution.beta for solution in path]
    top = answers.beta_max(problem)
    assert len(betas) == paths.LENGTH[1]
    assert betas == sorted(set(betas))
    assert top is not None
    assert (betas[0], betas[-1]) == pytest.approx((paths.DEPTH[1] * top, top))
    np.testing.assert_allclose(np.diff(np.log(betas)), np.log(betas[1] / betas[0]), rtol=1e-9)
    assert all(solution.certified for solution in path)


def test_the_path_obeys_the_theory() -> None:
    """P(beta) rises and is concave, sum |w| falls, and no neuron is left at beta_max."""
    path = worked(regression()).sorted
    betas, values = np.array([s.beta for s in path]), np.array([s.objective for s in path])
    weights = np.array([np.abs(s.network.w).sum() for s in path])
    slopes = np.diff(values) / np.diff(betas)
    assert (np.diff(values) >= -1e-9).all()
    assert (np.diff(slopes) <= 1e-5).all()
    assert (np.diff(weights) <= 1e-5).all()
    assert path[-1].network.width == 0


def test_the_squared_loss_on_the_line_has_a_frame_for_each_state_of_its_exact_path() -> None:
    problem = regression()
    work = worked(problem)
    exact = cv.exact_path(problem.X, problem.targets)
    assert work.exact is not None
    np.testing.assert_array_equal(work.exact.betas, exact.betas)
    betas, stops = [s.beta for s in work.sorted][::-1], exact.stops(paths.DEPTH[1], paths.EXACT_LENGTH)
    assert set(stops) <= set(betas)
    assert len(betas) == max(len(stops), paths.LENGTH[1])
    assert betas[0] == stops[0] > exact.beta_max > betas[1]
    widest = [np.abs(np.diff(np.log(some))).max() for some in (betas, stops)]
    assert len(stops) < paths.LENGTH[1]
    assert widest[0] < widest[1] / 4
    assert all(s.certified for s in work.sorted)
    assert not paths.has_exact_path(regression("huber"))


def test_the_path_is_solved_coarse_first() -> None:
    work = PathWork.start(regression("huber"), VIEW)
    first = np.sort(work.todo[: work.coarse])
    assert work.coarse == len(first) == 6
    np.testing.assert_allclose(first / first[-1], np.geomspace(paths.DEPTH[1], 1.0, work.coarse))
    assert len(set(work.todo)) == paths.LENGTH[1]


class Clock:
    """A clock that each solve advances."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.now, self.solves = 0.0, 0
        solve = cv.solve

        def slow(*args: object, **options: object) -> cv.Solution:
            self.now += seconds
            self.solves += 1
            return solve(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(answers.cv, "solve", slow)
        monkeypatch.setattr(paths.time, "perf_counter", lambda: self.now)


def test_a_stretch_of_the_path_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than one solve may begin before the end and finish after it."""
    work, clock = PathWork.start(regression("huber"), VIEW), Clock(monkeypatch, paths.CHUNK_SECONDS / 2.5)
    work.advance()
    assert clock.solves == 3
    assert len(work.todo) == paths.LENGTH[1] - 3


def test_a_slow_solve_ends_its_stretch_and_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    work, clock = PathWork.start(regression("huber"), VIEW), Clock(monkeypatch, 10.0)
    for done in range(1, 4):
        work.advance()
        assert clock.solves == len(work.solutions) == done


def test_the_path_is_sent_twice_coarse_and_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    work = PathWork.start(regression("huber"), VIEW)
    Clock(monkeypatch, paths.CHUNK_SECONDS / 2.5)
    sent = []
    while not work.complete:
        if work.advance():
            sent.append(len(work.solutions))
    assert len(sent) == 2
    assert work.coarse <= sent[0] < sent[1] == paths.LENGTH[1]


def test_a_finished_path_solves_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    work = worked(regression("huber"))
    clock = Clock(monkeypatch, 1.0)
    assert work.advance() is False
    assert clock.solves == 0


@pytest.mark.parametrize("problem", [regression("interpolate"), Problem.of(np.empty(0), np.empty(0), "squared")])
def test_there_is_no_path_without_a_beta(problem: Problem) -> None:
    work = PathWork.start(problem, VIEW)
    assert work.complete
    assert work.advance() is False
    assert work.sorted == []


# --- as the browser reads it ---------------------------------------------------------------------------------------


def test_the_badge_shows_the_numbers_of_the_answer() -> None:
    answer = answers.solve(regression(), 0.1)
    assert answer.solution is not None
    shown = badge.payload(answers.badge(answer))
    for name in ("objective", "lower_bound", "gap", "seconds", "beta", "method", "loss"):
        assert shown[name] == getattr(answer.solution, name)
    assert shown["neurons"] == answer.solution.network.width
    assert shown["status"] == "certified"
    json.dumps(shown, allow_nan=False)


def test_the_badge_shows_no_beta_where_none_was_used() -> None:
    assert "beta" not in answers.badge(answers.solve(regression("interpolate"), 0.1))


def test_the_badge_of_no_answer_has_a_reason_and_no_numbers() -> None:
    answer = answers.solve(Problem.of(np.empty(0), np.empty(0), "squared"), 0.1)
    assert set(answers.badge(answer)) == {"status", "message"}


def test_the_browser_can_evaluate_the_network() -> None:
    solution = answers.solve(regression(), 0.05).solution
    assert solution is not None
    sent = json.loads(json.dumps(answers.network_json(solution.network)))
    t = np.linspace(-2, 2, 41)
    ramps = [w * np.maximum(0, u * t + b) for u, b, w in zip(sent["u"], sent["b"], sent["w"], strict=True)]
    np.testing.assert_allclose(sent["c"] + np.sum(ramps, axis=0), solution.network.predict(t[:, None]), atol=1e-12)
    assert set(sent["u"]) <= {1, -1}


# --- weights -------------------------------------------------------------------------------------------------------

TIMES = np.array([1, 3, 0, 1, 2, 1, 1, 5, 1, 0, 1, 2])
ROWS = np.repeat(np.arange(12), TIMES)


@pytest.mark.parametrize(("task", "loss"), [(task, loss) for task in LOSSES for loss in LOSSES[task]])
def test_a_point_of_weight_k_is_the_point_k_times(task: str, loss: str) -> None:
    y = WAVE if task == "regression" else SIDES
    weighted, repeated = Problem.of(X, y, loss, TIMES.astype(float)), Problem.of(X[ROWS], y[ROWS], loss)
    one, other = (answers.solve(problem, 0.05).solution for problem in (weighted, repeated))
    assert one is not None
    assert other is not None
    assert one.objective == pytest.approx(other.objective, rel=1e-8)
    most, same = answers.beta_max(weighted), answers.beta_max(repeated)
    assert most == same or most == pytest.approx(same, rel=1e-8)
    np.testing.assert_allclose(
        one.network.predict(X[TIMES > 0, None]), other.network.predict(X[TIMES > 0, None]), atol=1e-6
    )


def test_weights_of_one_each_are_the_problem_that_it_was() -> None:
    assert Problem.of(X, WAVE, "squared", np.ones(12)) == regression()
    assert regression().sample_weight is None


def test_points_that_are_left_out_do_not_count_as_points() -> None:
    nothing = Problem.of(X, WAVE, "squared", np.zeros(12))
    assert "weight 0" in answers.solve(nothing, 0.1).message
    one_sided = Problem.of(X, SIDES, "hinge", (SIDES > 0).astype(float))
    assert "class −1" in answers.solve(one_sided, 0.1).message


def test_the_proof_of_the_browser_gets_the_weights() -> None:
    problem = Problem.of(X, WAVE, "squared", TIMES.astype(float))
    shown = answers.proved(answers.solve(problem, 0.1), problem, live=False)
    assert decoded(shown["proof"]["weight"]).tolist() == TIMES.tolist()  # type: ignore[index]
    plain = answers.proved(answers.solve(regression(), 0.1), regression(), live=False)
    assert "weight" not in plain["proof"]  # type: ignore[operator]
