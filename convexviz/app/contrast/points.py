"""The points of a lesson of the group Contrast: those on its boards, one on the line and one in the plane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convexviz.app.components import board
from convexviz.app.compute.answers import Problem
from convexviz.app.contracts import Mode
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.shell import source, state

Boards = Mapping[str, source.PointSource]


def boards_of(lesson: str) -> Boards:
    """The boards of a lesson, by the scene that they are for."""
    return {"line": source.LinePoints(f"{lesson}-line"), "plane": source.PlanePoints(f"{lesson}-plane")}


@dataclass(frozen=True, eq=False)
class Drawn:
    """The points on the board on show and the problem that they pose; `live` while the hand that draws still moves."""

    settings: ContrastSettings
    boards: source.PointSource
    origin: source.Source
    points: source.Points
    problem: Problem
    live: bool

    @property
    def classes(self) -> bool:
        return self.settings.task == "classification"

    @property
    def plane(self) -> bool:
        return self.settings.scene == "plane"

    @property
    def state_key(self) -> str:
        """Name of the board's points in the session."""
        return self.boards.state_key(self.settings.task)

    @property
    def mode(self) -> Mode:
        """The kind of board."""
        if self.plane:
            return "plane" if self.classes else "plane-values"
        return "line-classes" if self.classes else "regression"

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of what the board shows."""
        return (*self.origin.axes, self.origin.target) if self.plane and not self.classes else self.origin.axes

    @property
    def preset(self) -> bool:
        """Whether the points are those of the preset, none of them drawn."""
        return not (self.settings.points or self.boards.edited(self.settings.task))


def now_on(boards: Boards, settings: ContrastSettings) -> source.Points:
    """The points on the board of these settings."""
    boards[settings.scene].prepare(settings, state.link_loads())
    return boards[settings.scene].points(settings.task)


def named_by(boards: Boards, settings: ContrastSettings) -> source.Points:
    """The points that settings name, without a session."""
    return boards[settings.scene].named(settings)[0]


def drawn(boards: Boards) -> Drawn:
    """The points on the board that the present settings name."""
    lesson = state.current()
    settings: ContrastSettings = lesson.settings
    lesson.shelf = {task: kept for task, kept in lesson.shelf.items() if kept.scene == settings.scene}
    shown = boards[settings.scene]
    origin = shown.prepare(settings, state.link_loads())
    points = shown.points(settings.task)
    problem = Problem.of(points.X, points.y, settings.loss)
    return Drawn(settings, shown, origin, points, problem, board.current(shown.state_key(settings.task)).live)
