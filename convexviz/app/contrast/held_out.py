"""What tangent kernel and path are made from: the points of a board, and fresh ones to judge by.

Errors: root mean square of f - y in regression, share of points on the wrong side in classification.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app.components import board
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.points import Drawn
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.core.network import Array
from convexviz.figures.parts import Range

FRESH = 400  # held-out points that a preset draws
MOST_SEED = 2**31 - 1
UNDECIDED = 1e-9  # a value of a classifier that is rounding
NO_FRESH = "No held-out data: drawn points and measurements have no source of fresh ones. A made-up preset has one."


@dataclass(frozen=True)
class Data:
    """A training problem with its window and, where the points come from a generator, another sample of it."""

    problem: Problem
    fresh: Problem | None
    view: board.View
    beta: float
    classes: bool
    live: bool
    axes: tuple[str, str]

    @property
    def heights(self) -> Range:
        """Values that the figures have room for: the window's on the line, those of points in the plane."""
        return self.view.y if self.problem.d == 1 else (self.view.z or (-1.0, 1.0))

    @property
    def points(self) -> tuple[Array, Array]:
        """Inputs (n,) on the line, (n, 2) in the plane, and targets (n,)."""
        X = self.problem.X
        return (X[:, 0] if self.problem.d == 1 else X), self.problem.targets

    @property
    def measure(self) -> str:
        """Name of the error."""
        return "share misclassified" if self.classes else "root mean square error"


def posed(drawn: Drawn) -> Data:
    """The problem on a board, with fresh points if it is a preset that has them."""
    made = fresh(drawn.settings) if drawn.preset else None
    origin, beta = drawn.origin, drawn.settings.beta
    return Data(drawn.problem, made, origin.view, beta, drawn.classes, drawn.live, origin.axes)


def fresh(settings: ContrastSettings) -> Problem | None:
    """Other points of the preset, drawn with the next seed; None for measurements, which are all there are."""
    if data.DATASETS[settings.dataset].real:
        return None
    return _drawn(settings.dataset, settings.noise, (settings.seed + 1) % MOST_SEED, settings.loss)


@st.cache_data(max_entries=32, show_spinner=False)
def _drawn(name: str, noise: float, seed: int, loss: str) -> Problem:
    spec = data.DATASETS[name]
    made = data.load(name, min(max(FRESH, spec.n_min), spec.n_max), noise, seed)
    return Problem.of(made.X, made.y, loss)


def error(f: Array, y: Array, classes: bool) -> float:
    """What predictions f (n,) miss of y (n,); where f is zero up to rounding, a coin decides: half a miss."""
    if not classes:
        return float(np.sqrt(np.mean((f - y) ** 2)))
    undecided = np.abs(f) <= UNDECIDED
    return float(np.mean(np.where(undecided, 0.5, f * y < 0)))


def comparable(f: Array, classes: bool) -> Array:
    """Values as they are compared: of classifiers, whose scales differ, only up to +-1, where both are sure."""
    return np.clip(f, -1.0, 1.0) if classes else f


def shown(value: float, classes: bool) -> str:
    """An error in words; what only rounding leaves is zero."""
    return f"{100 * value:.1f} %" if classes else f"{value:.3g}" if value > 1e-9 else "0"
