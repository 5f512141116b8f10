"""The points of a lesson of the group Contrast in a Python script."""

from __future__ import annotations

from convexviz.app.contrast.points import Boards
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.course.script import numbers, preset_code


def data_code(settings: ContrastSettings, boards: Boards) -> list[str]:
    """Lines that bring X, y: the preset by its name, drawn points as numbers."""
    shown = boards[settings.scene]
    if not (shown.edited(settings.task) or settings.points):
        return ["import convexviz as cv", "", *preset_code(settings)]
    drawn = shown.points(settings.task)
    return [
        "import numpy as np",
        "import convexviz as cv",
        "",
        f"X = np.array({numbers(drawn.X)}).reshape(-1, {settings.dims})",
        f"y = np.array({numbers(drawn.y)})",
    ]
