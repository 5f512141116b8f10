"""What the promises of a lesson are checked on: points and networks that its settings name, without a session."""

from __future__ import annotations

import convexviz as cv
from convexviz.app.shell.settings import DataSettings
from convexviz.app.shell.source import Points


def solved(settings: DataSettings, points: Points, beta: float | None = None) -> cv.Solution:
    """The optimum of the points, at the β of the settings or at another one."""
    return cv.solve(points.X, points.y, beta=settings.beta if beta is None else beta, loss=settings.loss)
