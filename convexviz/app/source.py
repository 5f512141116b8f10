"""Where the points on a board come from: a preset, a formula, a link, a table, or the hand.

The board's points change under the hand; the settings only name their origin. A new origin replaces the points (the
board can undo that), the same origin leaves what was drawn alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app import board, link
from convexviz.app.settings import Settings
from convexviz.core.network import Array

LABEL_VIEW = (-2.0, 2.0)  # the heights shown of a classifier: labels and margins at -1 and +1
EMPTY_VIEW = board.View(x=(-1.0, 1.0), y=(-1.5, 1.5))
DRAWN = (0, 0)  # a stamp no board has: the points count as drawn by hand
MAX_POINTS = 500  # points that may be on the board


@dataclass(frozen=True)
class Source:
    """Origin of the points of one board: its name, the window it set, and the board's (gen, rev) just after."""

    origin: tuple[object, ...]
    view: board.View
    stamp: tuple[int, int]
    problem: str = ""


def state_key(task: str) -> str:
    """Name of the board's points in the session; each task keeps its own."""
    return f"line-{task}"


def prepare(settings: Settings, loads: int) -> Source:
    """Put the points that the settings name on the board, unless they are there already or were drawn over."""
    key = state_key(settings.task)
    origin = (settings.dataset, settings.n, settings.noise, settings.seed, settings.formula, settings.points, loads)
    known: Source | None = st.session_state.get(f"{key}-source")
    if known is not None and known.origin == origin:
        return known
    try:
        points, view = _named(settings)
    except ValueError as error:  # a formula or link that reads well and yields nothing to draw: keep what is there
        points, view = board.current(key).points, known.view if known else EMPTY_VIEW
        return _put(settings.task, origin, points, view, str(error), drawn=known is not None and edited(settings.task))
    return _put(settings.task, origin, points, view, "")


def replace(task: str, points: Array, view: board.View | None = None) -> None:
    """Points from a table or a file, shape (n, 2): they count as drawn."""
    known: Source = st.session_state[f"{state_key(task)}-source"]
    _put(task, known.origin, points, view or window(task, points), "", drawn=True)


def edited(task: str) -> bool:
    """Whether the points differ from what their origin put there."""
    state, known = board.current(state_key(task)), st.session_state[f"{state_key(task)}-source"]
    return (state.gen, state.rev) != known.stamp


def xy(task: str) -> tuple[Array, Array]:
    """The points as the solver takes them: x (n,), and y (n,) or labels."""
    state = board.current(state_key(task))
    y = state.points[:, 1] if task == "regression" else np.where(_labels(state) > 0, 1.0, -1.0)
    return state.points[:, 0], y


def as_link(settings: Settings) -> str:
    """The drawn points as text for a link; what the settings already name is left out."""
    if not edited(settings.task):
        return settings.points
    view = st.session_state[f"{state_key(settings.task)}-source"].view
    x, y = xy(settings.task)
    heights = view.y if settings.task == "regression" else (-1.0, 1.0)
    return link.points_to_text(np.column_stack([x, y]), (*view.x, *heights))


def window(task: str, points: Array) -> board.View:
    """The window around points: round limits, or the fixed heights of a classifier."""
    if task == "classification":
        return board.View.around(points, y=LABEL_VIEW)
    return board.View.around(points)


def _labels(state: board.BoardState) -> Array:
    return state.points[:, 1] if state.labels is None else state.labels


def _named(settings: Settings) -> tuple[Array, board.View]:
    """Points (n, 2) and window of a link, a formula or a preset."""
    if settings.points:
        points, (x_lo, x_hi, y_lo, y_hi) = link.text_to_points(settings.points)
        if not len(points):
            return points, EMPTY_VIEW if settings.task == "regression" else board.View(x=EMPTY_VIEW.x, y=LABEL_VIEW)
        heights = (y_lo, y_hi) if settings.task == "regression" else LABEL_VIEW
        return points, board.View(x=(x_lo, x_hi), y=heights)
    if settings.formula and settings.task == "regression":
        made = data.sample_formula(settings.formula, (-1.0, 1.0), settings.n, settings.noise, settings.seed)
    else:
        made = data.load(settings.dataset, settings.n, settings.noise, settings.seed)
    points = np.column_stack([made.X[:, 0], made.y])
    return points, window(settings.task, points)


def _put(
    task: str, origin: tuple[object, ...], points: Array, view: board.View, problem: str, drawn: bool = False
) -> Source:
    labels = points[:, 1] if task == "classification" else None
    state = board.put(state_key(task), points, labels)
    source = Source(origin, view, DRAWN if drawn else (state.gen, state.rev), problem)
    st.session_state[f"{state_key(task)}-source"] = source
    return source
