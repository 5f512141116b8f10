"""The view state: points on the board, v in the hand, and the best network that was met with these points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.lessons.dual.judge import Hand, solver_hand
from convexviz.app.lessons.dual.settings import DualSettings, to_text
from convexviz.app.shell import source, state
from convexviz.app.shell.source import Points
from convexviz.core.network import Array, ReLUNetwork

BEST = "dual-best"  # session key: the best network so far, and of which problem
TROUBLE = "dual-trouble"  # session key: why the solver had no answer
ROOM = 0.32  # of the extent of the points, around them: kinks beyond them are seen


@dataclass(frozen=True, eq=False)
class Best:
    """The best network so far of one problem."""

    problem: tuple[object, ...]
    objective: float
    network: ReLUNetwork


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from; `own` is the network that belongs to v."""

    settings: DualSettings
    hand: Hand
    view: board.View
    live: bool
    own: ReLUNetwork
    best: Best

    @property
    def gap(self) -> float:
        """Between the two bounds."""
        return self.hand.gap(self.best.objective)


class DualPoints(source.LinePoints):
    """The few points of this lesson, named and linked by their digits."""

    links_names = False

    def origin(self, settings: Any) -> tuple[object, ...]:
        return settings.dataset, settings.points

    def named(self, settings: Any) -> tuple[Points, board.View, tuple[str, ...]]:
        both = settings.named()
        points = Points(both[:, :1], both[:, 1])
        return points, self.window(settings.task, points), ("x", "y")

    def encoded(self, task: str, points: Points, view: board.View) -> str:
        return to_text(np.column_stack([points.X[:, 0], points.y]))

    def window(self, task: str, points: Points) -> board.View:
        both = np.column_stack([points.X[:, 0], points.y])
        return board.View.around(both, pad=ROOM, y=source.LABEL_VIEW if task == "classification" else None)


POINTS = DualPoints("dual")


def present() -> ViewState:
    """The points on the board, the numbers in the hand, and the best network so far."""
    settings: DualSettings = state.current().settings
    view = POINTS.prepare(settings, state.link_loads()).view
    hand = held(settings, POINTS.points(settings.task))
    own = hand.network
    live = board.current(POINTS.state_key(settings.task)).live
    return ViewState(settings, hand, view, live, own, met(hand, own))


def held(settings: DualSettings, points: Points) -> Hand:
    """The points with the v of the settings."""
    return Hand(points.X[:, 0], points.y, settings.vector(len(points.y)), settings.loss, settings.beta)


def met(hand: Hand, network: ReLUNetwork) -> Best:
    """The best network so far, of those met with these points and this one."""
    known, best = best_known(hand), Best(problem_of(hand), hand.objective_of(network), network)
    if known is not None and known.objective <= best.objective:
        return known
    st.session_state[BEST] = best
    return best


def best_known(hand: Hand) -> Best | None:
    """The best network met before with these points, loss and β."""
    known: Best | None = st.session_state.get(BEST)
    return known if known is not None and known.problem == problem_of(hand) else None


def problem_of(hand: Hand) -> tuple[object, ...]:
    """What the best network so far is the best for."""
    return hand.x.tobytes(), hand.y.tobytes(), hand.loss, hand.beta


def take(v: Array, best: Array | None) -> None:
    """v as the hand left it, and the v on its way whose network was the best one."""
    settings: DualSettings = state.current().settings
    points = POINTS.points(settings.task)
    if len(v) != len(points.y):
        return  # sent before the points were others
    if best is not None and len(best) == len(v):
        passed = replace(held(settings, points), v=best)
        met(passed, passed.network)
    state.update(v=to_text(v))


def solve() -> None:
    """Put the solver's v and network in place of the hand's."""
    settings: DualSettings = state.current().settings
    hand = held(settings, POINTS.points(settings.task))
    try:
        found, solution = solver_hand(hand)
    except (cv.Infeasible, cv.SolveError, ValueError) as error:
        st.session_state[TROUBLE] = str(error)
        return
    met(hand, solution.network)
    state.update(v=to_text(found.v), solved=True, free=False)


def start_over() -> None:
    """All numbers zero, and no network met."""
    st.session_state.pop(BEST, None)
    state.update(v="")
