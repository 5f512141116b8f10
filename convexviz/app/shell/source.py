"""Where the points on a board come from: a preset, a formula, a link, a table, or the hand.

The board's points change under the hand; the settings only name their origin. A new origin replaces the points (the
board can undo that), the same origin leaves what was drawn alone. `line` and `plane` are the boards of the lessons
Splines and The plane.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz import data
from convexviz.app.components import board
from convexviz.app.shell import link, state
from convexviz.app.shell.settings import DataSettings, table
from convexviz.core.losses import LOSSES
from convexviz.core.network import Array

LABEL_VIEW = (-2.0, 2.0)  # the heights shown of a classifier: labels and margins at -1 and +1
PLAIN = ("x", "y")  # names of what nobody named
EMPTY_VIEW = board.View(x=(-1.0, 1.0), y=(-1.5, 1.5))
EMPTY_PLANE = board.View(x=(-1.0, 1.0), y=(-1.0, 1.0), z=(-1.0, 1.0))
DRAWN = (0, 0)  # a stamp no board has: the points count as drawn by hand
MAX_POINTS = 500  # points that may be on the board
NO_BETA = 1e-12  # a β_max below this share of the data's size is rounding


@dataclass(frozen=True)
class Source:
    """Origin of the points of one board: its name, the window it set, and the board's (gen, rev) just after."""

    origin: tuple[object, ...]
    view: board.View
    stamp: tuple[int, int]
    problem: str = ""
    axes: tuple[str, str] = ("x", "y")
    target: str = "y"  # name of the values of points in the plane

    @property
    def plain(self) -> bool:
        """Whether nothing has a name of its own."""
        return self.axes in (PLAIN, ("x₁", "x₂")) and self.target == "y"


@dataclass(frozen=True, eq=False)
class Points:
    """Points in one place: X (n, d) inputs, y (n,) targets or labels, weights (n,) or None for 1 each."""

    X: Array
    y: Array
    weights: Array | None = None

    @property
    def counted(self) -> Points:
        """The points that count: those of weight 0 are left out."""
        if self.weights is None:
            return self
        there = self.weights > 0
        return Points(self.X[there], self.y[there], self.weights[there])


class PointSource(ABC):
    """The points of one kind of board, a board for each task; `name` tells the boards of the lessons apart.

    Where they are not `weighted`, every point counts once.
    """

    empty: board.View
    links_names = True  # whether a link holds the names of columns

    def __init__(self, name: str, weighted: bool = False) -> None:
        self.name = name
        self.weighted = weighted  # whether its points may count more or less than once

    def state_key(self, task: str) -> str:
        """Name of the board's points in the session; each task keeps its own."""
        return f"{self.name}-{task}"

    def prepare(self, settings: Any, loads: int) -> Source:
        """Put the points that the settings name on the board, unless they are there already or were drawn over."""
        key = self.state_key(settings.task)
        origin = (*self.origin(settings), loads)
        known: Source | None = st.session_state.get(f"{key}-source")
        if known is not None and known.origin == origin:
            return known
        before = self.points(settings.task)
        try:
            points, view, names = self.named(settings)
        except ValueError as error:  # a formula or link that reads well and yields nothing to draw: keep what is there
            points, view = self.points(settings.task), known.view if known else self.empty
            drawn = known is not None and self.edited(settings.task)
            return self._put(settings.task, Source(origin, view, DRAWN, str(error)), points, drawn)
        if known is not None and known.origin[-1] == loads:  # a link or a prompt names the β that it means
            rescale_beta(settings, before, points)
        axes, target = self.named_axes(names)
        return self._put(settings.task, Source(origin, view, DRAWN, "", axes, target), points, False)

    def replace(self, task: str, points: Points, view: board.View | None = None, names: Sequence[str] = ()) -> None:
        """Points from a table or a file: they count as drawn. `names` are those of its columns, the target's last."""
        known: Source = st.session_state[f"{self.state_key(task)}-source"]
        axes, target = self.named_axes(names) if names else (known.axes, known.target)
        points = points if self.weighted else Points(points.X, points.y)
        if view is None and not a_gesture(self.points(task), points):
            rescale_beta(state.current().settings, self.points(task), points)
        made = Source(known.origin, view or self.window(task, points), DRAWN, "", axes, target)
        self._put(task, made, points, True)

    def edited(self, task: str) -> bool:
        """Whether the points differ from what their origin put there; those of a task never on show do not."""
        state, known = board.current(self.state_key(task)), st.session_state.get(f"{self.state_key(task)}-source")
        return known is not None and (state.gen, state.rev) != known.stamp

    def as_link(self, settings: DataSettings) -> str:
        """The drawn points as text for a link; what the settings already name is left out."""
        if not self.edited(settings.task):
            return settings.points
        known: Source = st.session_state[f"{self.state_key(settings.task)}-source"]
        points = self.points(settings.task)
        text = link.with_weights(self.encoded(settings.task, points, known.view), points.weights)
        names = self.names(settings.task)
        return link.with_names(text, names) if self.links_names and not known.plain else text

    def names(self, task: str) -> tuple[str, ...]:
        """Names of the columns of the points on the board, the target's last."""
        known: Source = st.session_state.get(f"{self.state_key(task)}-source", Source((), self.empty, DRAWN))
        return self.columns(known)

    def named_axes(self, names: Sequence[str]) -> tuple[tuple[str, str], str]:
        """Names of the two axes, and of the values where points have one, after columns so named."""
        return (names[0], names[1]), names[-1]

    def _put(self, task: str, source: Source, points: Points, drawn: bool) -> Source:
        state = self.on_board(task, points)
        stamp = DRAWN if drawn else (state.gen, state.rev)
        stamped = replace(source, stamp=stamp)
        st.session_state[f"{self.state_key(task)}-source"] = stamped
        return stamped

    @abstractmethod
    def origin(self, settings: Any) -> tuple[object, ...]:
        """What of the settings names the points."""

    @abstractmethod
    def columns(self, known: Source) -> tuple[str, ...]:
        """Names of the columns, from those of the axes and of the target."""

    @abstractmethod
    def named(self, settings: Any) -> tuple[Points, board.View, tuple[str, ...]]:
        """Points, window and names of the columns of a link, a formula or a preset; ValueError where there are none."""

    @abstractmethod
    def points(self, task: str) -> Points:
        """The points on the board as the solver takes them."""

    @abstractmethod
    def on_board(self, task: str, points: Points) -> board.BoardState:
        """Put points on the board."""

    @abstractmethod
    def encoded(self, task: str, points: Points, view: board.View) -> str:
        """Points as text for a link."""

    @abstractmethod
    def window(self, task: str, points: Points) -> board.View:
        """The window around points."""


class LinePoints(PointSource):
    """Points on the line: across the input, upwards the target, or the class by the half it lies in."""

    empty = EMPTY_VIEW

    def origin(self, settings: DataSettings) -> tuple[object, ...]:
        return settings.dataset, settings.n, settings.noise, settings.seed, formula_of(settings), settings.points

    def columns(self, known: Source) -> tuple[str, ...]:
        return known.axes

    def named(self, settings: DataSettings) -> tuple[Points, board.View, tuple[str, ...]]:
        if settings.points:
            text, weights = link.split_weights(settings.points)
            drawn, (x_lo, x_hi, y_lo, y_hi) = link.text_to_points(text)
            empty = EMPTY_VIEW.y if not len(drawn) else (y_lo, y_hi)
            view = board.View(x=(x_lo, x_hi), y=empty if settings.task == "regression" else LABEL_VIEW)
            names = link.names_in(settings.points, 2) or PLAIN
            return Points(drawn[:, :1], drawn[:, 1], weights), view, names
        formula = formula_of(settings)
        if formula and settings.task == "regression":
            made = data.sample_formula(formula, (-1.0, 1.0), settings.n, settings.noise, settings.seed)
        else:
            made = data.load(settings.dataset, settings.n, settings.noise, settings.seed)
        points = Points(made.X, made.y)
        return points, self.window(settings.task, points), called(made)

    def points(self, task: str) -> Points:
        state = board.current(self.state_key(task))
        heights = state.points[:, 1] if state.labels is None else state.labels
        y = state.points[:, 1] if task == "regression" else np.where(heights > 0, 1.0, -1.0)
        return Points(state.points[:, :1], y, state.weights)

    def on_board(self, task: str, points: Points) -> board.BoardState:
        both = np.column_stack([points.X[:, 0], points.y])
        labels = points.y if task == "classification" else None
        return board.put(self.state_key(task), both, labels, weights=points.weights)

    def encoded(self, task: str, points: Points, view: board.View) -> str:
        heights = view.y if task == "regression" else (-1.0, 1.0)
        return link.points_to_text(np.column_stack([points.X[:, 0], points.y]), (*view.x, *heights))

    def window(self, task: str, points: Points) -> board.View:
        both = np.column_stack([points.X[:, 0], points.y])
        return board.View.around(both, y=LABEL_VIEW if task == "classification" else None)


class PlanePoints(PointSource):
    """Points in the plane with a class, or with a value that colour and size show."""

    empty = EMPTY_PLANE

    def origin(self, settings: DataSettings) -> tuple[object, ...]:
        return settings.dataset, settings.n, settings.noise, settings.seed, settings.points

    def columns(self, known: Source) -> tuple[str, ...]:
        mathematical = {"x₁": "x1", "x₂": "x2"}
        return (*(mathematical.get(name, name) for name in known.axes), known.target)

    def named(self, settings: DataSettings) -> tuple[Points, board.View, tuple[str, ...]]:
        if settings.points:
            text, weights = link.split_weights(settings.points)
            drawn, values, (x_lo, x_hi, y_lo, y_hi, z_lo, z_hi) = link.text_to_plane(text)
            spec = data.DATASETS[settings.dataset]
            names = link.names_in(settings.points, 3) or (*spec.feature_names, "y")
            return Points(drawn, values, weights), board.View(x=(x_lo, x_hi), y=(y_lo, y_hi), z=(z_lo, z_hi)), names
        made = data.load(settings.dataset, settings.n, settings.noise, settings.seed)
        points = Points(made.X, made.y)
        return points, self.window(settings.task, points), called(made)

    def points(self, task: str) -> Points:
        state = board.current(self.state_key(task))
        n = len(state)
        if task == "regression":
            return Points(state.points, np.zeros(n) if state.values is None else state.values, state.weights)
        labels = np.ones(n) if state.labels is None else state.labels.astype(float)
        return Points(state.points, labels, state.weights)

    def on_board(self, task: str, points: Points) -> board.BoardState:
        if task == "regression":
            return board.put(self.state_key(task), points.X, values=points.y, weights=points.weights)
        return board.put(self.state_key(task), points.X, points.y, weights=points.weights)

    def encoded(self, task: str, points: Points, view: board.View) -> str:
        reach = (view.z or (-1.0, 1.0)) if task == "regression" else (-1.0, 1.0)
        return link.plane_to_text(points.X, points.y, (*view.x, *view.y, *reach))

    def named_axes(self, names: Sequence[str]) -> tuple[tuple[str, str], str]:
        return axis_names((names[0], names[1])), names[2]

    def window(self, task: str, points: Points) -> board.View:
        if task == "regression":
            return board.View.around(points.X, values=points.y)
        return board.View.around(points.X, z=(-1.0, 1.0))


def a_gesture(before: Points, after: Points) -> bool:
    """Whether at most one point was changed, added or taken away, as by a hand on the board: the data are the same."""
    old, new = (Counter(map(tuple, _columns(points).tolist())) for points in (before, after))
    return max((old - new).total(), (new - old).total()) <= 1


def _columns(points: Points) -> Array:
    """All that there is of each point, a row each."""
    weights = np.ones(len(points.y)) if points.weights is None else points.weights
    return np.column_stack([points.X, points.y, weights])


def rescale_beta(settings: Any, before: Points, after: Points) -> None:
    """New points bring a β that means the same of them: it keeps its share of β_max, where the last neuron leaves."""
    old, new = most_beta(before, settings.loss), most_beta(after, settings.loss)
    row = table(type(settings)).get("beta")
    if row is not None and old is not None and new is not None:
        share = settings.beta / old
        state.update(beta=min(max(float(f"{share * new:.3g}"), row.lo), row.hi))


def most_beta(points: Points, loss: str) -> float | None:
    """β_max of the points, None where β plays no part or nothing is there to train."""
    counted = points.counted
    y = counted.y
    if LOSSES[loss].constrained or not len(y) or (LOSSES[loss].classification and len(np.unique(y)) < 2):
        return None
    try:
        found = cv.beta_max(counted.X, y, loss, counted.weights)
    except (cv.SolveError, ValueError):
        return None
    scale = float(np.abs(y).max()) * float(np.ptp(counted.X))
    return found if found > NO_BETA * max(scale, NO_BETA) else None


def called(made: data.Dataset) -> tuple[str, ...]:
    """Names of the columns of a preset, the target's last; a class without a name of its own is on the y axis."""
    return (*made.feature_names, "y" if made.target_name == "class" else made.target_name)


def formula_of(settings: DataSettings) -> str:
    """The formula that the points are sampled from; not every lesson has one."""
    return getattr(settings, "formula", "")


def axis_names(features: tuple[str, ...]) -> tuple[str, str]:
    """Names of the two axes: mathematical ones for made-up data, the real ones otherwise."""
    plain = {"x1": "x₁", "x2": "x₂"}
    first, second = features
    return plain.get(first, first), plain.get(second, second)


line, plane = LinePoints("line", weighted=True), PlanePoints("plane", weighted=True)
