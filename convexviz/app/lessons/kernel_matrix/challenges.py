"""The challenges of the lesson on the kernel matrix, and what the solver says to an attempt."""

from __future__ import annotations

import numpy as np

from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.kernel_matrix.answer import Read, read
from convexviz.app.lessons.kernel_matrix.settings import MatrixSettings
from convexviz.app.shell import link
from convexviz.app.shell.source import Points

EIGHTHS = (-1.0, -1.0 + 65535 / 2**15)  # a window in which a link holds multiples of 1/8 exactly
CHEAP = 6.0


def _found(settings: MatrixSettings, points: Points | None, loss: str, least: int) -> Read | None:
    """The optimum of the points, None unless there are enough of them under this loss and there is one."""
    if points is None or settings.loss != loss or len(points.y) < least:
        return None
    solution = answers.solve(Problem.of(points.X, points.y, loss), settings.beta).solution
    return None if solution is None or not solution.certified else read(points.X, points.y, solution, None)


def _used(found: Read) -> int:
    return int(found.columns.columns_lit.sum())


def one_column(settings: MatrixSettings, points: Points | None) -> bool:
    """Eight points, four of each class, and one column."""
    found = _found(settings, points, "hard_margin", 8)
    return found is not None and _used(found) == 1 and 4 <= int((found.columns.y > 0).sum()) <= found.columns.n - 4


def every_row(settings: MatrixSettings, points: Points | None) -> bool:
    """Six points, and all rows lit."""
    found = _found(settings, points, "hard_margin", 6)
    return found is not None and bool(found.columns.rows_lit.all())


def cheap_borders(settings: MatrixSettings, points: Points | None) -> bool:
    """Eight points, two borders, and a small norm."""
    found = _found(settings, points, "hard_margin", 8)
    return found is not None and len(found.borders) == 2 and float(np.abs(found.columns.w).sum()) < CHEAP


def two_columns(settings: MatrixSettings, points: Points | None) -> bool:
    """Six points with different places, interpolated by two columns."""
    found = _found(settings, points, "interpolate", 6)
    return found is not None and len(np.unique(found.columns.x)) >= 6 and _used(found) == 2


def _labelled(x: list[float], y: list[float]) -> str:
    """Points with their labels as a link writes them."""
    return link.points_to_text(np.column_stack([x, y]), (*EIGHTHS, -1.0, 1.0))


def _hat() -> str:
    """Seven points of |x|."""
    x = np.arange(-6, 7, 2) / 8
    return link.points_to_text(np.column_stack([x, np.abs(x)]), (*EIGHTHS, *EIGHTHS))


HARD = {"task": "classification", "loss": "hard_margin"}
CHALLENGES = (
    Challenge(
        "one-column",
        "Eight points, four of each class: move them until one column separates them.",
        "One column bends once, and here it must change its sign once. Which order of the labels allows that?",
        "One border, one column: the weight is 2 divided by the gap between the two classes.",
        HARD | {"dataset": "interleaved", "n": 8},
        one_column,
        {"points": _labelled([-0.9, -0.7, -0.5, -0.3, 0.3, 0.5, 0.7, 0.9], [-1.0] * 4 + [1.0] * 4)},
    ),
    Challenge(
        "every-row",
        "Light every row: six points or more, none of them idle.",
        "A row is idle where the margin is more than met. A point between two of the other class cannot afford that.",
        "Every point holds the network: each v_i is not zero, and every margin is touched.",
        HARD | {"dataset": "three_bands", "n": 6},
        every_row,
        {"points": _labelled([-0.9, -0.5, -0.1, 0.2, 0.6, 0.9], [-1.0, 1.0] * 3)},
    ),
    Challenge(
        "cheap-borders",
        "Keep two borders and eight points, and bring ‖w‖₁ (the objective) below 6.",
        "The network must climb or fall by 2 in every gap between the classes. Where is that cheap?",
        "Two gaps a and b cost 2/a + 2/b, however many points stand outside of them.",
        HARD | {"dataset": "three_bands", "n": 8},
        cheap_borders,
        {"points": _labelled([-0.98, -0.95, -0.9, -0.05, 0.05, 0.9, 0.95, 0.98], [-1.0] * 3 + [1.0] * 2 + [-1.0] * 3)},
    ),
    Challenge(
        "two-columns",
        "Interpolate six points or more, at different x, with exactly two columns.",
        "Two straight pieces are enough if they meet at a point. Switch on the grid, so that points lie exactly on a "
        "line.",
        "A point on a straight stretch needs no column of its own.",
        {"task": "regression", "loss": "interpolate", "dataset": "sine", "n": 8, "noise": 0.0},
        two_columns,
        {"points": _hat()},
    ),
)
