"""Points of the plane: where they come from, and what becomes of drawn ones; without a browser, on a plain session."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import streamlit as st

from convexviz import data
from convexviz.app.components import board
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import link, source, state
from convexviz.app.shell.state import Begun

PLACES = np.array([[-0.5, 0.25], [0.125, -1.0], [0.75, 0.5]])
VALUES = {"regression": np.array([0.3, -0.7, 0.45]), "classification": np.array([1.0, -1.0, 1.0])}
QUANTUM = 2.0**-15  # of the window's width: half a step of the 16 bits that a coordinate takes in a link


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of one visitor, on the lesson's page, with nothing in it yet."""
    fresh: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", fresh)
    fresh[state.CURRENT] = "plane"
    fresh[state.LESSONS] = {"plane": state.LessonState(PlaneSettings())}
    return fresh


def show(**changes: Any) -> source.Source:
    """What a run of the page does about the points, after these changes to the settings."""
    if changes:
        state.update(**changes)
    return source.plane.prepare(state.current().settings, state.link_loads())


def opened(**values: Any) -> source.Source:
    """The page opened by a link with these settings."""
    lesson = state.current()
    lesson.settings, problems = PlaneSettings.assembled(values)
    assert problems == []
    lesson.loads += 1
    return show()


def draw(session: dict[str, Any], task: str, n: int = 3, live: bool = False) -> None:
    """The browser sends the first n of the drawn points with their classes or values."""
    key = source.plane.state_key(task)
    now = board.current(key)
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": PLACES[:n].tolist()}
    if task == "classification":
        limits = board.Limits(source.MAX_POINTS, labelled=True)
        message["labels"] = VALUES[task][:n].astype(int).tolist()
    else:
        limits = board.Limits(source.MAX_POINTS, valued=True)
        message["values"] = VALUES[task][:n].tolist()
    session[key] = board.fold(now, message, limits)
    assert session[key].refused is None


def columns(task: str) -> np.ndarray:
    """Places and values or labels on the board, (n, 3)."""
    points = source.plane.points(task)
    return np.column_stack([points.X, points.y])


def drawn(task: str, n: int = 3) -> np.ndarray:
    return np.column_stack([PLACES[:n], VALUES[task][:n]])


def text(task: str) -> str:
    """The points as they go into a link; the task is the one on show."""
    assert state.current().settings.task == task
    return source.plane.as_link(state.current().settings)


both_tasks = pytest.mark.parametrize("task", data.TASKS)

# --- presets -------------------------------------------------------------------------------------------------------


@both_tasks
def test_every_preset_is_put_on_the_board_inside_the_window(task: data.Task) -> None:
    show(task=task)
    for name in data.names(task, dims=2):
        origin = show(dataset=name)
        made = data.load(name)
        np.testing.assert_array_equal(columns(task), np.column_stack([made.X, made.y]))
        for (low, high), values in zip((origin.view.x, origin.view.y, origin.view.z), columns(task).T, strict=True):
            assert low <= values.min()
            assert values.max() <= high
        assert made.X[:, 1].max() < origin.view.y[1]
        assert not source.plane.edited(task)


@both_tasks
def test_axes_bear_the_names_of_real_data_and_plain_ones_of_others(task: data.Task) -> None:
    show(task=task)
    for name in data.names(task, dims=2):
        spec = data.DATASETS[name]
        assert show(dataset=name).axes == (spec.feature_names if spec.real else ("x₁", "x₂"))


def test_a_window_of_classes_shows_labels_and_one_of_values_all_of_them() -> None:
    assert show().view.z == (-1.0, 1.0)
    low, high = show(task="regression", dataset="ripple").view.z or (0.0, 0.0)
    y = columns("regression")[:, 2]
    assert low < y.min() < y.max() < high


def test_number_noise_and_seed_make_the_points() -> None:
    show(dataset="circles", n=17, noise=0.2, seed=5)
    made = data.load("circles", 17, 0.2, 5)
    np.testing.assert_array_equal(columns("classification"), np.column_stack([made.X, made.y]))


@both_tasks
def test_what_was_drawn_outlasts_reruns_and_looks(session: dict[str, Any], task: data.Task) -> None:
    show(task=task)
    draw(session, task)
    first, second = show(), show(beta=0.3, picture="surface", lines=False)
    assert first is second
    np.testing.assert_array_equal(columns(task), drawn(task))
    assert source.plane.edited(task)


@pytest.mark.parametrize("changes", [{"dataset": "xor"}, {"n": 12}, {"noise": 0.3}, {"seed": 4}], ids=str)
def test_a_new_origin_replaces_what_was_drawn(session: dict[str, Any], changes: dict[str, Any]) -> None:
    show()
    draw(session, "classification")
    show(**changes)
    assert not source.plane.edited("classification")
    assert len(columns("classification")) == state.current().settings.n != len(PLACES)


def test_a_drag_that_began_before_a_new_preset_cannot_overwrite_it() -> None:
    show()
    key = source.plane.state_key("classification")
    before = board.current(key)
    late = {"gen": before.gen, "rev": before.rev + 50, "points": PLACES.tolist(), "labels": [1, 1, -1]}
    show(dataset="circles")
    now = board.current(key)
    assert board.fold(now, late, board.Limits(labelled=True)) is now


def test_something_to_try_starts_from_fresh_points(session: dict[str, Any]) -> None:
    """Even where it asks for the preset that was drawn over."""
    show()
    before = columns("classification")
    draw(session, "classification")
    state.begin(Begun("try", "moons"), {"dataset": "moons"})
    show()
    np.testing.assert_array_equal(columns("classification"), before)


# --- tasks ---------------------------------------------------------------------------------------------------------


def test_each_task_keeps_its_points_and_window(session: dict[str, Any]) -> None:
    first = show(dataset="circles", n=20)
    draw(session, "classification")
    other = show(task="regression", dataset="ridges", n=30)
    draw(session, "regression", 2)
    assert show(task="classification") is first
    np.testing.assert_array_equal(columns("classification"), drawn("classification"))
    assert show(task="regression") is other
    np.testing.assert_array_equal(columns("regression"), drawn("regression", 2))


def test_the_way_back_to_a_task_finds_its_preset() -> None:
    show(task="regression", dataset="ripple", n=33)
    before = columns("regression")
    show(task="classification")
    show(task="regression")
    np.testing.assert_array_equal(columns("regression"), before)
    assert state.current().settings.dataset == "ripple"


# --- what a board may lack -----------------------------------------------------------------------------------------


def test_points_without_values_count_as_zero_and_without_classes_as_plus_one(session: dict[str, Any]) -> None:
    for task, expected in (("regression", 0.0), ("classification", 1.0)):
        session[source.plane.state_key(task)] = board.BoardState(points=PLACES)
        np.testing.assert_array_equal(source.plane.points(task).y, np.full(3, expected))


@both_tasks
def test_a_board_that_nobody_touched_is_empty(task: data.Task) -> None:
    points = source.plane.points(task)
    assert (points.X.shape, points.y.shape) == ((0, 2), (0,))


@both_tasks
def test_classes_and_values_are_numbers_that_the_solver_takes(session: dict[str, Any], task: data.Task) -> None:
    show(task=task)
    draw(session, task)
    points = source.plane.points(task)
    assert points.X.dtype == points.y.dtype == np.float64


# --- table ---------------------------------------------------------------------------------------------------------


@both_tasks
def test_points_from_a_table_count_as_drawn(task: data.Task) -> None:
    before = show(task=task)
    source.plane.replace(task, source.Points(3 + PLACES, VALUES[task]))
    origin = show()
    np.testing.assert_array_equal(columns(task)[:, :2], 3 + PLACES)
    np.testing.assert_array_equal(columns(task)[:, 2], VALUES[task])
    assert source.plane.edited(task)
    assert origin.view.x[0] < 2.5 < 3.75 < origin.view.x[1]
    assert (origin.axes, origin.origin) == (before.axes, before.origin)
    assert text(task)


@both_tasks
def test_an_empty_table_empties_the_board(task: data.Task) -> None:
    show(task=task)
    source.plane.replace(task, source.Points(np.empty((0, 2)), np.empty(0)))
    assert show().view == source.EMPTY_PLANE
    assert len(columns(task)) == 0
    assert source.plane.edited(task)
    assert text(task) == link.EMPTY


def test_points_can_be_put_back_into_their_old_window() -> None:
    view = show().view
    source.plane.replace("classification", source.Points(PLACES, VALUES["classification"]), view)
    assert show().view == view


# --- link ----------------------------------------------------------------------------------------------------------


@both_tasks
def test_points_that_the_settings_name_are_not_put_into_a_link(session: dict[str, Any], task: data.Task) -> None:
    show(task=task)
    assert text(task) == ""
    draw(session, task)
    assert text(task) != ""


@both_tasks
def test_a_link_brings_drawn_points_and_window_back(session: dict[str, Any], task: data.Task) -> None:
    view = show(task=task).view
    draw(session, task)
    origin = opened(task=task, points=text(task))
    wide = max(high - low for low, high in (view.x, view.y, view.z or (0.0, 0.0)))
    np.testing.assert_allclose(columns(task), drawn(task), atol=QUANTUM * wide)
    assert origin.view == view
    assert not source.plane.edited(task)


def test_classes_come_back_exactly(session: dict[str, Any]) -> None:
    show()
    draw(session, "classification")
    written = text("classification")
    assert link.plane_holds_labels(written)
    opened(points=written)
    np.testing.assert_array_equal(columns("classification")[:, 2], VALUES["classification"])


def test_points_of_a_link_go_into_the_next_link_unchanged(session: dict[str, Any]) -> None:
    show(task="regression")
    draw(session, "regression")
    written = text("regression")
    opened(task="regression", points=written)
    assert text("regression") == written
    draw(session, "regression", 2)
    assert text("regression") not in ("", written)


@both_tasks
def test_an_emptied_board_survives_the_link(session: dict[str, Any], task: data.Task) -> None:
    show(task=task)
    draw(session, task, 0)
    assert text(task) == link.EMPTY
    opened(task=task, points=link.EMPTY)
    assert len(columns(task)) == 0
    assert show().problem == ""


def test_a_link_opened_again_replaces_what_was_drawn_over_it(session: dict[str, Any]) -> None:
    show()
    draw(session, "classification")
    opened(points=text("classification"))
    draw(session, "classification", 1)
    state.current().loads += 1
    show()
    assert len(columns("classification")) == len(PLACES)


def test_points_beyond_the_window_stretch_the_one_of_the_link() -> None:
    view = show().view
    source.plane.replace("classification", source.Points(20 * PLACES, VALUES["classification"]), view)
    origin = opened(points=text("classification"))
    assert origin.view.x[0] <= -10 < 15 <= origin.view.x[1]
    np.testing.assert_allclose(columns("classification")[:, :2], 20 * PLACES, atol=40 * QUANTUM)
