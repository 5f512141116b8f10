"""Curves and bands drawn beside the fit: other optimal networks, and what other methods make of the same points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline

import convexviz as cv
from convexviz.app.contracts import Band, BoardAnswer
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.core.network import Array, ReLUNetwork
from convexviz.figures.spec import Curve, Dash
from convexviz.figures.theme import COMPARISON, OVERLAY

SMOOTH_POINTS = 300


def drawn(
    settings: SplineSettings,
    solution: cv.Solution,
    x: Array,
    y: Array,
    view: tuple[float, float],
    weights: Array | None = None,
) -> BoardAnswer:
    """`curves` and `bands` for the board, for the overlays that the settings ask for, of points that count."""
    curves: list[Curve] = []
    bands: list[Band] = []
    if (settings.envelope or settings.sparsest or settings.connect) and len(np.unique(x)) > 1:
        optima = cv.optimal_set(solution.network, x[:, None])
        if settings.envelope:
            bands.append(_envelope(optima, solution.loss))
        if settings.connect:
            curves.append(_network("connect", "kinks at the data", optima.connect_the_dots, view, "dot", OVERLAY))
        if settings.sparsest:
            width = optima.sparsest.width
            word = f"sparsest ({width} {'neuron' if width == 1 else 'neurons'})"
            curves.append(_network("sparsest", word, optima.sparsest, view, "dash", OVERLAY))
    for name, label, draw in INTERPOLANTS:
        if getattr(settings, name) and len(np.unique(x)) > 1:
            curves.append(draw(label, *_knots(x, y, weights)))
    return {"curves": curves, "bands": bands}


def _envelope(optima: cv.OptimalSet, loss: str) -> Band:
    """What the optimal curves sweep out between the points; where other values are as good, of those with these."""
    (tl, _), (tu, _) = optima.envelope_outline()
    t = np.union1d(tl, tu)
    lo, hi = optima.envelope(t)
    settled = cv.LOSSES[loss].curved or cv.LOSSES[loss].interpolates  # the values at the data are the same for all
    one = "one optimal curve between the points" if settled else "one optimal curve with these values"
    many = "region of all optima" if settled else "region of the optima with these values"
    return {"id": "envelope", "label": one if optima.unique else many, "x": t, "lo": lo, "hi": hi, "color": OVERLAY}


def _network(name: str, label: str, network: ReLUNetwork, view: tuple[float, float], dash: Dash, color: str) -> Curve:
    t = np.unique(np.concatenate([view, np.clip(network.kinks(), *view)]))
    return {
        "id": name,
        "label": label,
        "x": t,
        "y": network.predict(t[:, None]),
        "dash": dash,
        "color": color,
        "width": 2,
    }


def _knots(x: Array, y: Array, weights: Array | None) -> tuple[Array, Array]:
    """Distinct x with the mean of their y, as an interpolant needs."""
    knots, where = np.unique(x, return_inverse=True)
    weights = np.ones(len(y)) if weights is None else weights
    return knots, np.bincount(where, weights=weights * y) / np.bincount(where, weights=weights)


def _cubic(label: str, x: Array, y: Array) -> Curve:
    t = np.linspace(x[0], x[-1], SMOOTH_POINTS)
    spline = CubicSpline(x, y, bc_type="natural")
    return {"id": "cubic", "label": label, "x": t, "y": spline(t), "dash": "solid", "color": COMPARISON, "width": 1.5}


def _linear(label: str, x: Array, y: Array) -> Curve:
    return {"id": "linear", "label": label, "x": x, "y": y, "dash": "dash", "color": COMPARISON, "width": 1.5}


INTERPOLANTS: tuple[tuple[str, str, Callable[[str, Array, Array], Curve]], ...] = (
    ("cubic", "cubic spline of the data", _cubic),
    ("linear", "piecewise linear interpolant", _linear),
)
