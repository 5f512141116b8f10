"""Where the points on the board come from, and what becomes of drawn ones: without a browser, on a plain session."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import streamlit as st

import convexviz as cv
from convexviz import data
from convexviz.app.components import board
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import link, source, state
from convexviz.app.shell.state import Begun

DRAWN = np.array([[-0.5, 0.25], [0.125, -1.0], [0.75, 0.5]])
QUANTUM = 2.0**-15  # of the board's width: half a step of the 16 bits that a coordinate takes in a link


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of one visitor, on the lesson's page, with nothing in it yet."""
    fresh: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", fresh)
    fresh[state.CURRENT] = "splines"
    fresh[state.LESSONS] = {"splines": state.LessonState(SplineSettings())}
    return fresh


def show(settings: SplineSettings | None = None) -> source.Source:
    """What a run of the page does about the points; by default with the settings of the session."""
    lesson = state.current()
    lesson.settings = settings or lesson.settings
    return source.line.prepare(lesson.settings, state.link_loads())


def draw(session: dict[str, Any], points: np.ndarray, task: str = "regression", live: bool = False) -> None:
    """The browser sends points; labels are the heights' signs."""
    key = source.line.state_key(task)
    now = board.current(key)
    labels = np.where(points[:, 1] > 0, 1, -1).tolist() if task == "classification" else None
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": points.tolist(), "labels": labels}
    session[key] = board.fold(now, message, board.Limits(source.MAX_POINTS, task == "classification"))


def xy(task: str) -> tuple[np.ndarray, np.ndarray]:
    points = source.line.points(task)
    return points.X[:, 0], points.y


def drawn(task: str = "regression") -> np.ndarray:
    return np.column_stack(xy(task))


# --- presets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", data.TASKS)
def test_every_preset_is_put_on_the_board_inside_the_window(task: data.Task) -> None:
    for name in data.names(task, dims=1):
        view = show(SplineSettings().changed(task=task, dataset=name)).view
        made = data.load(name)
        np.testing.assert_array_equal(drawn(task), np.column_stack([made.X[:, 0], made.y]))
        x, y = drawn(task).T
        assert view.x[0] < x.min()
        assert x.max() < view.x[1]
        assert view.y[0] < y.min()
        assert y.max() < view.y[1]


def test_number_noise_and_seed_make_the_points() -> None:
    show(SplineSettings(dataset="step", n=17, noise=0.2, seed=5))
    made = data.load("step", 17, 0.2, 5)
    np.testing.assert_array_equal(drawn(), np.column_stack([made.X[:, 0], made.y]))


def test_what_was_drawn_outlasts_reruns(session: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    first, second = show(), show()
    assert first is second
    np.testing.assert_array_equal(drawn(), DRAWN)


@pytest.mark.parametrize(
    "changes", [{"dataset": "step"}, {"n": 12}, {"noise": 0.3}, {"seed": 4}, {"formula": "x^2"}], ids=str
)
def test_a_new_origin_replaces_what_was_drawn(session: dict[str, Any], changes: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    state.update(**changes)
    show()
    assert not source.line.edited("regression")
    assert len(drawn()) == state.current().settings.n != len(DRAWN)


@pytest.mark.parametrize("changes", [{"beta": 0.3}, {"loss": "interpolate"}, {"cubic": True}, {"snap": True}], ids=str)
def test_other_settings_leave_what_was_drawn_alone(session: dict[str, Any], changes: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    state.update(**changes)
    show()
    np.testing.assert_array_equal(drawn(), DRAWN)


def test_a_replaced_board_is_a_new_generation(session: dict[str, Any]) -> None:
    """So that a drag that began before it cannot overwrite it."""
    show()
    before = board.current(source.line.state_key("regression"))
    late = {"gen": before.gen, "rev": before.rev + 50, "live": False, "points": DRAWN.tolist(), "labels": None}
    state.update(dataset="tent")
    show()
    now = board.current(source.line.state_key("regression"))
    assert board.fold(now, late, board.Limits()) is now


# --- tasks ---------------------------------------------------------------------------------------------------------


def test_drawn_points_survive_a_switch_of_tasks_and_back(session: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    state.update(task="classification")
    show()
    assert set(xy("classification")[1]) == {1.0, -1.0}
    state.update(task="regression")
    show()
    np.testing.assert_array_equal(drawn(), DRAWN)
    assert source.line.edited("regression")


def test_each_task_keeps_its_own_drawing(session: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    state.update(task="classification")
    show()
    draw(session, DRAWN[:2], "classification")
    state.update(task="regression")
    show()
    state.update(task="classification")
    show()
    np.testing.assert_array_equal(drawn("classification"), [[-0.5, 1.0], [0.125, -1.0]])


def test_the_way_back_to_a_task_finds_its_preset(session: dict[str, Any]) -> None:
    state.update(dataset="step", n=13, beta=0.4)
    show()
    before = drawn()
    state.update(task="classification")
    show()
    state.update(task="regression")
    show()
    np.testing.assert_array_equal(drawn(), before)
    assert state.current().settings.beta == 0.4


def test_classes_come_from_labels_not_from_heights(session: dict[str, Any]) -> None:
    show(SplineSettings().changed(task="classification"))
    key = source.line.state_key("classification")
    session[key] = board.BoardState(points=[[0.0, 1.0], [0.5, 1.0]], labels=[1, -1])
    np.testing.assert_array_equal(xy("classification")[1], [1.0, -1.0])


def test_something_to_try_starts_from_fresh_points(session: dict[str, Any]) -> None:
    """Even where it asks for the preset that was drawn over."""
    show()
    before = drawn()
    draw(session, DRAWN)
    state.begin(Begun("try", "sine"), {"task": "regression", "dataset": "sine"})
    show()
    np.testing.assert_array_equal(drawn(), before)


# --- formula -------------------------------------------------------------------------------------------------------


def test_a_formula_is_sampled() -> None:
    origin = show(SplineSettings(formula="2*x^2 - 1", n=11, noise=0.0))
    x, y = xy("regression")
    assert origin.problem == ""
    assert (x[0], x[-1], len(x)) == (-1.0, 1.0, 11)
    np.testing.assert_allclose(y, 2 * x**2 - 1, atol=1e-12)


@pytest.mark.parametrize("formula", ["2 +", "foo(x)", "__import__('os')", "1/(x-x)", "y", "x" * 199])
def test_a_damaged_formula_says_so_and_leaves_the_points(session: dict[str, Any], formula: str) -> None:
    show()
    draw(session, DRAWN)
    state.update(formula=formula)
    origin = show()
    assert origin.problem
    np.testing.assert_array_equal(drawn(), DRAWN)


def test_what_was_drawn_before_a_damaged_formula_still_goes_into_the_link(session: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    state.update(formula="2 +")
    show()
    assert source.line.edited("regression")
    assert source.line.as_link(state.current().settings) != ""


def test_a_damaged_formula_is_forgotten_with_the_next_preset() -> None:
    show(SplineSettings(formula="2 +"))
    state.update(dataset="step")
    assert show().problem == ""
    assert len(drawn()) == data.DATASETS["step"].n


def test_a_first_visit_with_a_damaged_formula_shows_an_empty_board() -> None:
    origin = show(SplineSettings(formula="2 +"))
    assert origin.problem
    assert origin.view == source.EMPTY_VIEW
    assert len(drawn()) == 0


def test_classification_takes_no_formula() -> None:
    show(SplineSettings().changed(task="classification", formula="x"))
    assert set(xy("classification")[1]) == {1.0, -1.0}


# --- table ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", data.TASKS)
def test_points_from_a_table_count_as_drawn(task: data.Task) -> None:
    show(SplineSettings().changed(task=task))
    table = np.array([[3.0, 1.0], [5.0, -1.0], [4.0, 1.0]])
    source.line.replace(task, source.Points(table[:, :1], table[:, 1]))
    assert source.line.edited(task)
    origin = show()
    np.testing.assert_array_equal(drawn(task), table)
    assert origin.view.x[0] < 3.0 < 5.0 < origin.view.x[1]
    assert source.line.as_link(state.current().settings)


def test_an_empty_table_empties_the_board() -> None:
    show()
    source.line.replace("regression", source.Points(np.empty((0, 1)), np.empty(0)))
    assert len(drawn()) == 0
    assert source.line.edited("regression")


# --- link ----------------------------------------------------------------------------------------------------------


def test_points_that_the_settings_name_are_not_put_into_a_link(session: dict[str, Any]) -> None:
    show()
    assert not source.line.edited("regression")
    assert source.line.as_link(state.current().settings) == ""
    draw(session, DRAWN)
    assert source.line.edited("regression")
    assert source.line.as_link(state.current().settings) != ""


def test_a_link_brings_drawn_points_and_window_back(session: dict[str, Any]) -> None:
    view = show().view
    draw(session, DRAWN)
    text = source.line.as_link(state.current().settings)
    session.pop(source.line.state_key("regression") + "-source")
    origin = show(SplineSettings(points=text))
    wide = max(view.x[1] - view.x[0], view.y[1] - view.y[0])
    np.testing.assert_allclose(drawn(), DRAWN, atol=QUANTUM * wide)
    assert origin.view == view
    assert not source.line.edited("regression")


def test_a_link_brings_classes_back_exactly(session: dict[str, Any]) -> None:
    show(SplineSettings().changed(task="classification"))
    draw(session, DRAWN, "classification")
    text = source.line.as_link(state.current().settings)
    assert link.holds_labels(text)
    view = show(SplineSettings().changed(task="classification", points=text)).view
    np.testing.assert_array_equal(xy("classification")[1], np.sign(DRAWN[:, 1]))
    np.testing.assert_allclose(xy("classification")[0], DRAWN[:, 0], atol=QUANTUM * (view.x[1] - view.x[0]))
    assert view.y == source.LABEL_VIEW


def test_points_of_a_link_go_into_the_next_link_unchanged(session: dict[str, Any]) -> None:
    show()
    draw(session, DRAWN)
    text = source.line.as_link(state.current().settings)
    show(SplineSettings(points=text))
    assert source.line.as_link(state.current().settings) == text
    draw(session, DRAWN[:2])
    assert source.line.as_link(state.current().settings) not in ("", text)


def test_an_emptied_board_survives_the_link(session: dict[str, Any]) -> None:
    """What Share promises: everything, drawn points included, and none at all is a drawing too."""
    show()
    draw(session, np.empty((0, 2)))
    settings = state.current().settings
    again = SplineSettings(points=source.line.as_link(settings))
    session.pop(source.line.state_key("regression") + "-source")
    show(again)
    assert len(drawn()) == 0


def test_a_link_opened_again_replaces_what_was_drawn_over_it(session: dict[str, Any]) -> None:
    show(SplineSettings(points=link.points_to_text(DRAWN, (-1, 1, -2, 2))))
    draw(session, DRAWN[:1])
    state.current().loads += 1
    show()
    assert len(drawn()) == len(DRAWN)


# --- β of new points -----------------------------------------------------------------------------------------------


def share_of_most() -> float:
    """β as a share of β_max, where the last neuron leaves."""
    now = state.current().settings
    points = source.line.points(now.task)
    return float(now.beta / cv.beta_max(points.X, points.y, now.loss))


@pytest.mark.parametrize(
    "changes", [{"dataset": "step"}, {"n": 60}, {"noise": 0.4}, {"seed": 3}, {"formula": "40*sin(3*x)"}], ids=str
)
def test_new_points_keep_the_share_of_beta_in_beta_max(changes: dict[str, Any]) -> None:
    show()
    before, share = source.line.points("regression"), share_of_most()
    state.update(**changes)
    show()
    assert not np.array_equal(before.y, source.line.points("regression").y)
    assert share_of_most() == pytest.approx(share, rel=5e-3), "β is rounded to three digits"


def test_a_table_keeps_the_share_too_and_a_row_of_it_leaves_beta_alone() -> None:
    show()
    share, made = share_of_most(), source.line.points("regression")
    source.line.replace("regression", source.Points(5.0 * made.X, 80.0 * made.y), names=("hours", "price", "price"))
    assert share_of_most() == pytest.approx(share, rel=5e-3)
    beta, now = state.current().settings.beta, source.line.points("regression")
    moved = now.y.copy()
    moved[3] *= 40.0
    for X, y in ((now.X, moved), (now.X[1:], now.y[1:]), (np.vstack([now.X, [[0.5]]]), np.append(now.y, 900.0))):
        source.line.replace("regression", source.Points(X, y))
        assert state.current().settings.beta == beta
        source.line.replace("regression", now)
    source.line.replace("regression", source.Points(now.X, 10.0 * now.y), source.EMPTY_VIEW)  # a pin names its β
    assert state.current().settings.beta == beta
    source.line.replace("regression", source.Points(now.X[2:], now.y[2:]))
    assert state.current().settings.beta != beta


def test_a_beta_that_a_link_or_a_prompt_names_is_taken_as_it_is() -> None:
    show()
    state.begin(Begun("try", "steps"), {"dataset": "step", "beta": 0.7})
    show()
    assert state.current().settings.beta == 0.7
    lesson = state.current()
    lesson.settings, lesson.loads = SplineSettings(dataset="abs", beta=123.0), lesson.loads + 1  # as a link does
    show()
    assert lesson.settings.beta == 123.0
    assert share_of_most() > 1.0, "and be it beyond β_max"


@pytest.mark.parametrize("changes", [{"loss": "interpolate"}, {"task": "classification"}, {"cubic": True}], ids=str)
def test_what_leaves_the_points_alone_leaves_beta_alone(changes: dict[str, Any]) -> None:
    show()
    beta = state.current().settings.beta
    state.update(**changes)
    show()
    assert state.current().settings.beta == (beta if "task" not in changes else SplineSettings().beta)


def test_where_beta_has_no_scale_it_stays(session: dict[str, Any]) -> None:
    show()
    draw(session, np.empty((0, 2)))
    beta = state.current().settings.beta
    state.update(dataset="step")
    show()
    assert state.current().settings.beta == beta


# --- weights -------------------------------------------------------------------------------------------------------

THRICE = np.array([3.0, 0.0, 1.0])


def weigh(weights: np.ndarray) -> None:
    """A table brings the points that are drawn, with a column of weights."""
    source.line.replace("regression", source.Points(DRAWN[:, :1], DRAWN[:, 1], weights))


def test_weights_of_a_table_are_on_the_board_and_in_the_link(session: dict[str, Any]) -> None:
    show()
    weigh(THRICE)
    settings = state.current().settings
    again = SplineSettings(points=source.line.as_link(settings))
    session.pop(source.line.state_key("regression") + "-source")
    source.line.on_board("regression", source.Points(DRAWN[:0, :1], DRAWN[:0, 1]))
    show(again)
    found = source.line.points("regression")
    assert found.weights is not None
    assert found.weights.tolist() == THRICE.tolist()
    assert found.counted.y.tolist() == DRAWN[[0, 2], 1].tolist()


def test_weights_of_one_each_leave_the_link_as_it_was() -> None:
    show()
    weigh(np.ones(3))
    with_ones = source.line.as_link(state.current().settings)
    source.line.replace("regression", source.Points(DRAWN[:, :1], DRAWN[:, 1]))
    assert source.line.as_link(state.current().settings) == with_ones


def test_a_preset_brings_no_weights() -> None:
    show()
    weigh(THRICE)
    state.update(dataset="step")
    show()
    assert source.line.points("regression").weights is None


def test_a_board_without_weights_takes_none() -> None:
    plain = source.LinePoints("plain")
    plain.prepare(state.current().settings, 0)
    plain.replace("regression", source.Points(DRAWN[:, :1], DRAWN[:, 1], THRICE))
    assert plain.points("regression").weights is None


def test_beta_max_is_that_of_the_points_that_count() -> None:
    most = source.most_beta(source.Points(DRAWN[:, :1], DRAWN[:, 1], THRICE), "squared")
    rows = [0, 0, 0, 2]
    assert most == pytest.approx(cv.beta_max(DRAWN[rows, :1], DRAWN[rows, 1]), rel=1e-9)
