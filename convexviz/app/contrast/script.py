"""The points of a lesson of the group Contrast in a Python script."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.contrast.optimum_board import HEIGHT
from convexviz.app.contrast.points import Boards
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.course.script import board_code, limits, line_code, plane_code, window


def data_code(settings: ContrastSettings, boards: Boards) -> list[str]:
    """Lines that bring X, y: the preset by its name, drawn points as numbers."""
    shown = boards[settings.scene]
    drawn, edited = shown.points(settings.task), shown.edited(settings.task)
    if settings.scene == "plane":
        return plane_code(settings, drawn.X, drawn.y, edited)
    return line_code(settings, drawn.X[:, 0], drawn.y, edited)


def optimum_code(settings: ContrastSettings, view: View, height: int | None = None) -> list[str]:
    """Lines that draw the board with its optimum."""
    classes, plane = settings.task == "classification", settings.scene == "plane"
    options = ["classes=True"] if classes else []
    if plane:
        options += ["margins=False" if classes else f"z_range={limits(view.z or (-1.0, 1.0))}"]
    return [
        f"view = {window(view.x, view.y)}",
        *board_code("s.network", "view", *options, f"height={height or HEIGHT[plane]}"),
    ]
