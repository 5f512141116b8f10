"""The points of a lesson of the group Contrast in a Python script."""

from __future__ import annotations

from convexviz.app.contrast.points import Boards
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.course.script import line_code, plane_code


def data_code(settings: ContrastSettings, boards: Boards) -> list[str]:
    """Lines that bring X, y: the preset by its name, drawn points as numbers."""
    shown = boards[settings.scene]
    drawn, edited = shown.points(settings.task), shown.edited(settings.task)
    if settings.scene == "plane":
        return plane_code(settings, drawn.X, drawn.y, edited)
    return line_code(settings, drawn.X[:, 0], drawn.y, edited)
