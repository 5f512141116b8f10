"""The optimum as p goes off the line: the same to either side, and never rising with the distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from convexviz.app.compute import answers
from convexviz.app.lessons.rank_one.placing import Placed
from convexviz.app.lessons.rank_one.settings import FARTHEST
from convexviz.core.network import Array

DISTANCES = FARTHEST * np.linspace(0.0, 1.0, 9) ** 2  # more of them near the line: the optimum is flat on it


def leaving(placed: Placed, pause: Callable[[], object] = lambda: None) -> tuple[Array, Array]:
    """Distances off the line (k,), from one side to the other, and the optimum of the plane at each (k,).

    `pause` is called before each of the optima, for work that has to come first.
    """
    # The angle changes nothing, and the scale is a part of beta: what is turned or stretched shares the work.
    plain = replace(placed.settings, angle=0.0, scale=1.0, beta=placed.line_beta)
    values = np.array([_optimum(Placed(replace(plain, off=float(t)), placed.points), pause) for t in DISTANCES])
    known = np.isfinite(values)
    t, values = DISTANCES[known], values[known]
    return np.concatenate([-t[:0:-1], t]), np.concatenate([values[:0:-1], values])


def _optimum(placed: Placed, pause: Callable[[], object]) -> float:
    pause()
    solution = answers.solve(placed.in_plane, placed.settings.beta).solution
    return np.nan if solution is None else solution.objective
