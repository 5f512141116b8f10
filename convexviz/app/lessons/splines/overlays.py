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
    settings: SplineSettings, solution: cv.Solution, x: Array, y: Array, view: tuple[float, float]
) -> BoardAnswer:
    """`curves` and `bands` for the board, for the overlays that the settings ask for."""
    curves: list[Curve] = []
    bands: list[Band] = []
    if (settings.envelope or settings.sparsest or settings.connect) and len(np.unique(x)) > 1:
        optima = cv.optimal_set(solution.network, x[:, None])
        if settings.envelope:
            bands.append(_envelope(optima))
        if settings.connect:
            curves.append(_network("connect", "connect the dots", optima.connect_the_dots, view, "dot", OVERLAY))
        if settings.sparsest:
            width = optima.sparsest.width
            word = f"sparsest ({width} {'neuron' if width == 1 else 'neurons'})"
            curves.append(_network("sparsest", word, optima.sparsest, view, "dash", OVERLAY))
    for name, label, draw in INTERPOLANTS:
        if getattr(settings, name) and len(np.unique(x)) > 1:
            curves.append(draw(label, *_knots(x, y)))
    return {"curves": curves, "bands": bands}


def _envelope(optima: cv.OptimalSet) -> Band:
    (tl, _), (tu, _) = optima.envelope_outline()
    t = np.union1d(tl, tu)
    lo, hi = optima.envelope(t)
    label = "only one optimum" if optima.unique else "all optima"
    return {"id": "envelope", "label": label, "x": t, "lo": lo, "hi": hi, "color": OVERLAY}


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


def _knots(x: Array, y: Array) -> tuple[Array, Array]:
    """Distinct x with the mean of their y, as an interpolant needs."""
    knots, where = np.unique(x, return_inverse=True)
    return knots, np.bincount(where, weights=y) / np.bincount(where)


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
