"""The view state of the lesson on rank one: the points of the line, the handles of the plane, and the answers.

The points (z, y) are drawn on one board. The other, the plane, holds two handles: the tip of `a`, which turns and
stretches the line, and the point p, which may leave it. What the hand does to a handle becomes settings, rounded to
what it can tell apart, and everything is computed from those: a link that names them shows the same numbers. Once the
hand rests the handles are put where the settings say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer
from convexviz.app.lessons.rank_one.placing import Placed, directions, gain_of
from convexviz.app.lessons.rank_one.settings import FARTHEST, SCALES, RankOneSettings
from convexviz.app.shell import source, state
from convexviz.app.shell.source import Points
from convexviz.core.network import Array

LINE = source.LinePoints("rank-one-line")
HANDLES, PUT = "rank-one-handles", "rank-one-put"  # session keys: the handles, and those that Python put there last
ROOM = 1.5  # half the plane's window, in units of the length of a at scale 1
ANGLE_DIGITS, LENGTH_DIGITS = 1, 2  # decimals that a hand can set
BUDGED = 1e-9  # relative to the window: handles nearer than this to where they were put were not moved


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from."""

    settings: RankOneSettings
    source: source.Source
    placed: Placed
    live: bool

    @property
    def reach(self) -> float:
        """The length of `a` on the board at scale 1: the end of the line's window."""
        return reach_of(self.source)

    @property
    def view(self) -> board.View:
        """The window of the plane; it stays where it is, whatever the handles do."""
        half = ROOM * self.reach
        return board.View(x=(-half, half), y=(-half, half), z=self.source.view.y)

    @cached_property
    def answer(self) -> Answer:
        """The optimum of the plane."""
        return answers.solve(self.placed.in_plane, self.settings.beta, live=self.live)

    @cached_property
    def line(self) -> Answer:
        """The optimum of the line, p put back."""
        return answers.solve(self.placed.on_line, self.placed.line_beta)

    @cached_property
    def without(self) -> Answer:
        """The optimum of the line without p."""
        return answers.solve(self.placed.without, self.placed.line_beta)

    @property
    def solution(self) -> cv.Solution | None:
        return self.answer.solution

    @cached_property
    def gain(self) -> float | None:
        """What the best neuron of the plane gains from the line's dual vector, in units of beta."""
        return None if self.line.solution is None else gain_of(self.placed, self.line.solution)


def present() -> ViewState:
    """The points and handles as they stand."""
    settings: RankOneSettings = state.current().settings
    origin = LINE.prepare(settings, state.link_loads())
    line, hand = board.current(LINE.state_key("regression")), board.current(HANDLES)
    drawn = LINE.points("regression")
    changes = moved_by_hand(Placed(settings, drawn), reach_of(origin))
    if changes:
        state.update(**changes)
        settings = state.current().settings
    placed = Placed(settings, drawn)
    if not hand.live:
        put_handles(placed, origin)
    return ViewState(settings, origin, placed, line.live or hand.live)


def reach_of(origin: source.Source) -> float:
    """How far from the origin the window of the line ends."""
    return max(map(abs, origin.view.x))


def points_now(settings: RankOneSettings) -> Points:
    """The points on the board of the line."""
    LINE.prepare(settings, state.link_loads())
    return LINE.points("regression")


def handles_of(placed: Placed, reach: float) -> tuple[Array, Array]:
    """Where the handles belong, (2, 2) or without points (1, 2), and their values: a between all, p its target's."""
    tip = reach * placed.a
    if placed.moved is None:
        return tip[None], np.zeros(1)
    p = placed.X[placed.moved]
    return np.vstack([tip, p]), np.array([0.0, placed.y[placed.moved]])


def put_handles(placed: Placed, origin: source.Source) -> None:
    """Put the handles where the settings want them, unless they are there."""
    wanted, values = handles_of(placed, reach_of(origin))
    now = board.current(HANDLES)
    there = now.points.shape == wanted.shape and np.array_equal(now.points, wanted)
    if not (there and now.values is not None and np.array_equal(now.values, values)):
        put = board.put(HANDLES, wanted, values=values)
        st.session_state[PUT] = put.gen, put.points


def moved_by_hand(placed: Placed, reach: float) -> dict[str, Any]:
    """The settings that handles say which are not where they were put."""
    gen, before = st.session_state.get(PUT, (None, None))
    now = board.current(HANDLES)
    if now.gen != gen or len(now) != len(before):
        return {}
    moved = np.abs(now.points - before).max(axis=1) > BUDGED * reach
    changes: dict[str, Any] = {}
    if len(moved) and moved[0]:
        changes |= turned(now.points[0], reach)
    if len(moved) > 1 and moved[1]:
        across = directions(placed.settings.angle)[1] @ now.points[1] / placed.settings.scale
        changes["off"] = float(np.clip(round(float(across), LENGTH_DIGITS), -FARTHEST, FARTHEST))
    return changes


def turned(tip: Array, reach: float) -> dict[str, float]:
    """Angle and scale of a line whose `a` has its tip there."""
    angle = float(np.rad2deg(np.arctan2(tip[1], tip[0])))
    scale = float(np.clip(round(float(np.hypot(*tip)) / reach, LENGTH_DIGITS), *SCALES))
    return {"angle": round(angle, ANGLE_DIGITS), "scale": scale}
