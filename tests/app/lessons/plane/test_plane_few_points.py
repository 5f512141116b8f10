"""Points in the plane that are few, on one line, or in one place: every part of the page shows them all the same."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest
import streamlit as st

import convexviz as cv
from convexviz.app.components import badge, chart, scrubber
from convexviz.app.compute import answers
from convexviz.app.compute.paths import PathWork
from convexviz.app.lessons.plane import film, overlays, parts, pins, text
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.lessons.plane.view_state import ViewState, frame, present
from convexviz.app.shell import source, state
from convexviz.app.shell.settings import LOSSES
from convexviz.app.shell.source import Points
from convexviz.figures import plane as figures

CASES = {
    "one point": [[0.3, 0.4]],
    "two points": [[0.3, 0.4], [-0.2, 0.1]],
    "two above each other": [[0.3, 0.4], [0.3, -0.1]],
    "one place": [[0.3, 0.4], [0.3, 0.4], [0.3, 0.4]],
    "three in a row": [[-0.5, -0.5], [0.0, 0.0], [0.5, 0.5]],
    "a vertical line": [[0.2, -1.0], [0.2, 0.0], [0.2, 0.7], [0.2, 0.9]],
    "a horizontal line": [[-1.0, 0.1], [0.0, 0.1], [0.7, 0.1], [0.9, 0.1]],
    "a slanted line": [[-0.3, 0.1], [0.0, 0.2], [0.3, 0.3], [0.6, 0.4], [0.9, 0.5]],
    "all but a line": [[0.0, 0.0], [0.5, 0.5 + 1e-10], [1.0, 1.0], [0.2, 0.2]],
    "a square": [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]],
    "two places twice": [[0.0, 0.0], [0.0, 0.0], [1.0, 0.5], [1.0, 0.5]],
    "three in one place": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.5]],
    "far apart": [[1e6, -1e6], [-1e6, 1e6], [0.0, 1.0]],
    "very close": [[1e-4, 0.0], [0.0, 1e-4], [0.0, 0.0]],
}
LOSS_PAIRS = [(task, loss) for task in LOSSES for loss in LOSSES[task]]
every_case = pytest.mark.parametrize("case", CASES)
every_loss = pytest.mark.parametrize(("task", "loss"), LOSS_PAIRS)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of one visitor, on the lesson's page, with nothing in it yet."""
    fresh: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", fresh)
    fresh[state.CURRENT] = "plane"
    fresh[state.LESSONS] = {"plane": state.LessonState(PlaneSettings(linear=True, svm=True))}
    return fresh


def points(task: str, case: str) -> Points:
    X = np.array(CASES[case])
    y = np.where(np.arange(len(X)) % 2 == 0, 1.0, -1.0)
    return Points(X, y if task == "classification" else 0.75 * y + 0.125 * np.arange(len(X)))


def shown(task: str, loss: str, drawn: Points, **looks: Any) -> ViewState:
    """What a run of the page finds after these points were drawn."""
    state.update(task=task, loss=loss, **looks)
    source.plane.prepare(state.current().settings, state.link_loads())
    source.plane.replace(task, drawn)
    return present()


def sendable(*parts: Any) -> None:
    for part in parts:
        json.dumps(part, allow_nan=False)


def contradicts(drawn: Points) -> bool:
    """Does one place ask for two values?"""
    places, targets = np.unique(drawn.X, axis=0), np.unique(np.column_stack([drawn.X, drawn.y]), axis=0)
    return len(targets) > len(places)


# --- the answer ----------------------------------------------------------------------------------------------------


@every_case
@every_loss
def test_there_is_a_proved_answer_or_a_reason(task: str, loss: str, case: str) -> None:
    drawn = points(task, case)
    now = shown(task, loss, drawn)
    expected = "certified"
    if cv.LOSSES[loss].constrained and contradicts(drawn):
        expected = "infeasible"
    if cv.LOSSES[loss].classification and len(drawn.y) == 1:
        expected = "empty"
    assert now.answer.status == expected
    assert bool(now.answer.message) == (expected != "certified")
    if now.solution is not None:
        assert now.solution.network.dimension == 2
        assert now.solution.v.shape == drawn.y.shape
        assert (np.diff(np.abs(now.solution.network.w)) <= 0).all(), "the heaviest first"


@every_case
@pytest.mark.parametrize("loss", ["squared", "hinge"])
def test_points_on_a_line_are_answered_as_on_the_line(case: str, loss: str) -> None:
    """Their positions along it are all that counts."""
    drawn = points("classification", case)
    offsets = drawn.X - drawn.X[0]
    _, size, directions = np.linalg.svd(offsets, full_matrices=False)
    along = offsets @ directions[0]
    now = shown("classification", loss, drawn)
    if now.solution is None or (len(size) > 1 and size[1] > 1e-9 * size[0]):
        assert now.solution is None or cv.beta_max(drawn.X, drawn.y, loss) > 0
        return
    line = cv.solve(along[:, None], drawn.y, beta=now.solution.beta, loss=loss)  # new points bring a β of their own
    assert now.solution.objective == pytest.approx(line.objective, rel=2e-6, abs=1e-9)


# --- the pictures --------------------------------------------------------------------------------------------------


@every_case
@every_loss
def test_every_picture_can_be_sent(task: str, loss: str, case: str) -> None:
    now = shown(task, loss, points(task, case))
    sendable(badge.payload(answers.badge(now.answer)), scrubber.parcel("beta", parts._beta(now)))
    sendable(chart.parcel("dual", **parts._dual(now)), parts._network(now))
    for name in parts.PICTURES:
        now = shown(task, loss, points(task, case), picture=name)
        sendable(chart.parcel("picture", **parts._picture(now)))
    for field in overlays.fields(now.settings, now.points, now.view):
        assert (now.settings.task, field["nx"] >= 2) == ("classification", True)
        sendable(field)
    low, high = figures.dual_map_spec(now.window, 200, parts._reach(now))["layout"]["yaxis"]["range"]
    assert low < high


@every_case
@every_loss
def test_the_film_can_be_sent(task: str, loss: str, case: str) -> None:
    now = shown(task, loss, points(task, case))
    if now.solution is None:
        assert now.answer.message
        return
    solution = answers.watched(now.problem, now.settings.beta)
    frames = json.loads(film._film(solution))
    assert len(frames) == max(1, len(solution.history))
    assert frames[-1]["badge"]["objective"] == pytest.approx(now.solution.objective, rel=2e-6, abs=1e-9)
    assert "proved optimal" in frames[-1]["caption"]
    sendable(chart.figure_json(figures.bounds_spec(solution.history, 300)))


@pytest.mark.parametrize("case", [*list(CASES)[::2], "a square"])
@pytest.mark.parametrize(("task", "loss"), [("regression", "squared"), ("classification", "hinge")])
def test_the_path_can_be_sent(task: str, loss: str, case: str) -> None:
    now = shown(task, loss, points(task, case))
    work, end = PathWork.start(now.problem, now.view), time.monotonic() + 10
    while not work.complete and time.monotonic() < end:
        work.advance()
    assert work.complete
    path = work.sorted
    if not path:
        assert answers.beta_max(now.problem) is None
        return
    frames = json.loads(scrubber.pack_frames([frame(solution) for solution in path]))
    assert [f["badge"]["neurons"] for f in frames] == [solution.network.width for solution in path]
    assert frames[-1]["badge"]["neurons"] == 0
    assert all(f["badge"]["status"] == "certified" for f in frames)
    sendable(chart.figure_json(figures.plane_path_spec(path)))


# --- what else a visitor does with them ----------------------------------------------------------------------------


@every_case
@every_loss
def test_pin_link_and_code(task: str, loss: str, case: str) -> None:
    drawn = points(task, case)
    now = shown(task, loss, drawn)
    pins._pin_now()
    pin = pins.pinned(now.settings)
    assert (pin is None) == (now.solution is None)
    if pin is not None:
        ghost = overlays.ghost(pin, now.solution)
        assert ghost["label"].startswith("pinned: ")
        pins._back(pin)
        np.testing.assert_array_equal(source.plane.points(task).X, drawn.X)
    encoded = source.plane.as_link(now.settings)
    settings, problems = PlaneSettings.assembled({"task": task, "loss": loss, "points": encoded})
    assert (settings.points, problems) == (encoded, [])
    assert "X = np.array([[" in text.code_now(now.settings)


@pytest.mark.parametrize("task", LOSSES)
def test_a_hand_that_draws_the_first_points_one_by_one(session: dict[str, Any], task: str) -> None:
    """Each answer begins from the one before, whether that lay on a line or not."""
    drawn = points(task, "a square")
    for n in (0, 1, 2, 3, 4, 3, 2, 1, 0):
        now = shown(task, LOSSES[task][0], Points(drawn.X[:n], drawn.y[:n]))
        key = source.plane.state_key(task)
        session[key] = type(session[key])(9, 9 + n, True, drawn.X[:n], session[key].labels, values=session[key].values)
        moving = present()
        assert moving.live
        assert now.answer.status == moving.answer.status
        assert (moving.solution is None) == (n < (2 if task == "classification" else 1))
        sendable(chart.parcel("dual", **parts._dual(moving)))


@pytest.mark.parametrize("loss", ["squared", "interpolate"])
def test_equal_values_need_no_neuron(loss: str) -> None:
    X = np.array(CASES["a square"])
    now = shown("regression", loss, Points(X, np.full(4, 0.75)))
    assert now.answer.status == "certified"
    assert now.solution is not None
    assert now.solution.network.width == 0
    assert parts._beta(now)["beta_max"] is None
