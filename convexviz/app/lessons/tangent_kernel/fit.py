"""The tangent kernel's prediction for one problem: values on the window, errors, norm, and ranges that hold still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import comparable, error
from convexviz.core.network import Array
from convexviz.core.rivals.kernels import TangentKernelRidge
from convexviz.figures.parts import Range

STOPS = (0.0, *(float(f"{10.0**k:.3g}") for k in np.arange(-6.0, 1.01, 0.25)))  # of the slider
ACROSS, CELLS = 401, 61  # positions on the line, and along each side of the plane's window
OVERSHOOT = 0.35  # of the window's height that functions may leave it by on either side; what goes further is cut off
SAMPLES = (0.0, 1e-4, 1e-2, 0.1)  # regularisations that the range of the difference is to hold; 0 may be impossible


@dataclass(frozen=True, eq=False)
class Prediction:
    """f at the positions asked for (k,), errors on training points and fresh ones (None without), norm of f."""

    values: Array
    train: float
    fresh: float | None
    norm: float


@st.cache_data(max_entries=256, show_spinner=False)
def predict(problem: Problem, ridge: float, at: bytes, fresh: Problem | None, classes: bool) -> Prediction:
    """Kernel ridge regression on the targets, or on the labels -1 and +1; `at` holds positions (k, d).

    Raises ValueError where ridge = 0 and points that coincide, or nearly, have different targets.
    """
    X, y = problem.X, problem.targets
    model = TangentKernelRidge(ridge=ridge).fit(X, y)
    f = model.predict(np.frombuffer(at).reshape(-1, problem.d))
    held = None if fresh is None else error(model.predict(fresh.X), fresh.targets, classes)
    return Prediction(f, error(model.predict(X), y, classes), held, float(model.norm_))


def positions(problem: Problem, window: tuple[Range, Range]) -> Array:
    """Where functions are drawn: (k, d), on the line with all data among them."""
    if problem.d == 1:
        even = np.linspace(*window[0], ACROSS)
        return np.union1d(even, problem.X[:, 0])[:, None]
    x, y = np.meshgrid(np.linspace(*window[0], CELLS), np.linspace(*window[1], CELLS))
    return np.column_stack([x.ravel(), y.ravel()])


@st.cache_data(max_entries=64, show_spinner=False)
def ranges(
    problem: Problem, at: bytes, heights: Range, classes: bool, _network: Array, network: bytes
) -> tuple[Range, float]:
    """Limits of both functions, and the reach of their difference; `network` names the values `_network` (k,)."""
    made = [_values(problem, ridge, at, classes) for ridge in SAMPLES]
    kernels = [values for values in made if values is not None]
    low, high = heights
    room = OVERSHOOT * (high - low)
    every = np.concatenate([_network, *kernels])
    limits = max(low - room, min(low, float(every.min()))), min(high + room, max(high, float(every.max())))
    own = comparable(_network, classes)
    apart = max((float(np.abs(own - comparable(values, classes)).max()) for values in kernels), default=1.0)
    return limits, min(1.1 * apart, limits[1] - limits[0]) or 1.0


def _values(problem: Problem, ridge: float, at: bytes, classes: bool) -> Array | None:
    try:
        return predict(problem, ridge, at, None, classes).values
    except ValueError:
        return None
