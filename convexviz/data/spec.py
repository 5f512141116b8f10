"""What an entry of the registry is, and what the modules that fill it share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convexviz.data.dataset import Task
from convexviz.data.validation import FloatArray

MAX_POINTS = 1_000_000  # generated sets stop here: 16 MB a set
CELL_MARGIN = 0.1  # share of a cell kept free at each side: neighbours stay at least a fifth of a cell apart

Points = tuple[FloatArray, FloatArray]
Draw = Callable[[np.random.Generator, int, float], Points]


@dataclass(frozen=True)
class DatasetSpec:
    """One entry of the registry: what a set is called, what it teaches, and `draw(rng, n, noise) -> X (n, d), y (n,)`.

    `n` and `noise` are the defaults, `n_min` and `n_max` the allowed range, `noise_title` what noise means here;
    `units` says whether the numbers are generated, standardised or in natural units.
    """

    name: str
    title: str
    task: Task
    description: str
    n: int
    noise: float
    draw: Draw
    noise_title: str = "standard deviation of y"
    n_min: int = 1
    n_max: int = MAX_POINTS
    dims: int = 1
    feature_names: tuple[str, ...] = ("x",)
    target_name: str = "y"
    units: str = "generated"

    @property
    def real(self) -> bool:
        """Whether these are measurements rather than generated numbers."""
        return self.units != "generated"


def spread(rng: np.random.Generator, n: int) -> FloatArray:
    """n increasing inputs in [-1, 1], one in each of n equal cells."""
    return (2.0 * np.arange(n) + 2.0 * rng.uniform(CELL_MARGIN, 1.0 - CELL_MARGIN, n)) / n - 1.0
