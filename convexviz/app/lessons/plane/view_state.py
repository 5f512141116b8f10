"""The view state of the lesson in the plane: settings, points, problem and answer, and an answer as a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.compute.kept import Shown, keep
from convexviz.app.compute.paths import PathWork
from convexviz.app.contracts import Frame
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import share, source, state
from convexviz.app.shell.source import Points
from convexviz.figures.parts import band_of
from convexviz.figures.plane.tools import by_size

LAST, WORK = "plane-last", "plane-path-work"  # session keys: what is on the page, the path under way


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from."""

    settings: PlaneSettings
    source: source.Source
    points: Points
    problem: Problem
    answer: Answer

    @property
    def view(self) -> board.View:
        return self.source.view

    @property
    def window(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.view.x, self.view.y

    @property
    def classes(self) -> bool:
        return self.settings.task == "classification"

    @property
    def solution(self) -> cv.Solution | None:
        return self.answer.solution

    @property
    def live(self) -> bool:
        """Whether the hand that draws is still moving."""
        return live(self.settings)


def present() -> ViewState:
    """The present settings and points, and their answer, begun from the last one while the hand moves.

    The network on the page stays where it is still optimal.
    """
    settings: PlaneSettings = state.current().settings
    origin = source.plane.prepare(settings, state.link_loads())
    points, problem = source.plane.points(settings.task), posed(settings)
    moving = live(settings)
    work: PathWork | None = st.session_state.get(WORK)
    if work is not None and work.problem != problem:
        work.cancel()  # it would only take time from the answer
    last: Shown | None = st.session_state.get(LAST)
    afresh = share.at_link(settings, lambda: source.plane.as_link(settings))
    seen = last.solution_of(origin.origin) if last and not afresh else None
    start = seen if moving and seen is not None and seen.loss == settings.loss else None
    answer = keep(_in_order(answers.solve(problem, settings.beta, start, moving)), seen, problem)
    st.session_state[LAST] = Shown(origin.origin, answer.solution or seen)
    return ViewState(settings, origin, points, problem, answer)


def _in_order(answer: Answer) -> Answer:
    """The answer with its neurons as the page counts them, the heaviest first: those of points on a line are not."""
    if answer.solution is None:
        return answer
    return replace(answer, solution=replace(answer.solution, network=by_size(answer.solution.network)))


def posed(settings: PlaneSettings) -> Problem:
    """The training problem of the points on the board."""
    points = source.plane.points(settings.task)
    return Problem.of(points.X, points.y, settings.loss, points.weights)


def live(settings: PlaneSettings) -> bool:
    """Whether the hand that draws is still moving."""
    return board.current(source.plane.state_key(settings.task)).live


def frame(solution: cv.Solution) -> Frame:
    """A stop of the path."""
    dual = solution.v, band_of(solution)
    answer = Answer("certified" if solution.certified else "upper-bound", "", solution)
    return {
        "beta": solution.beta,
        "network": answers.plane_json(by_size(solution.network), dual),
        "badge": answers.badge(answer),
        "figures": {},
    }
