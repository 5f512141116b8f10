"""Lines of the Python that a lesson hands over."""

from __future__ import annotations

import numpy as np

from convexviz.app.shell.settings import DataSettings
from convexviz.core.losses import LOSSES


def preset_code(settings: DataSettings) -> list[str]:
    """Lines that load the preset of the settings as X, y."""
    where = f"{settings.dataset!r}, n={settings.n}, noise={settings.noise!r}, seed={settings.seed}"
    return [f"data = cv.datasets.load({where})", "X, y = data.X, data.y"]


def solve_code(settings: DataSettings) -> list[str]:
    """Lines that train on X, y and print what is proved."""
    beta = "" if LOSSES[settings.loss].constrained else f"beta={settings.beta!r}, "
    return [
        "",
        f"s = cv.solve(X, y, {beta}loss={settings.loss!r})",
        "print(s.objective, s.lower_bound, s.gap, s.certified)",
    ]


def numbers(values: np.ndarray) -> str:
    """A list of numbers, or of rows of numbers, as Python text."""
    if values.ndim == 2:
        return "[" + ", ".join(numbers(row) for row in values) + "]"
    return "[" + ", ".join(f"{value:.9g}" for value in values) + "]"
