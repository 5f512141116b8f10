"""What the lesson on the line promises to show, checked on the data that it names."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

import convexviz as cv
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points

ROUNDING = 1e-6  # relative
FEWER = 0.1  # of β: with so much less decay there are more neurons


def data_of(settings: SplineSettings) -> Points:
    """The points that the settings name."""
    return source.line.named(settings)[0]


def one_neuron(settings: SplineSettings) -> dict[str, bool]:
    """A line costs one neuron."""
    points = data_of(settings)
    s, slope = solved(settings, points), np.polyfit(points.X[:, 0], points.y, 1)[0]
    moved = points.y.copy()
    moved[len(moved) // 2] += 0.5
    return {
        "one neuron": s.network.width == 1,
        "of weight |slope|": bool(np.isclose(abs(s.network.w[0]), abs(slope), rtol=ROUNDING)),
        "with one point pulled away there are more": solved(settings, Points(points.X, moved)).network.width > 1,
    }


def decay_deletes(settings: SplineSettings) -> dict[str, bool]:
    """Weight decay deletes neurons."""
    points = data_of(settings)
    most = cv.beta_max(points.X, points.y, settings.loss)
    none, some, many = (solved(settings, points, beta) for beta in (most, settings.beta, FEWER * settings.beta))
    touching = np.abs(some.v @ some.network.activations(points.X))
    return {
        "no neuron at the largest β": none.network.width == 0,
        "more as β falls": 0 < some.network.width < many.network.width,
        "the dual function reaches the band at each": bool(np.allclose(touching, settings.beta, rtol=1e-4)),
    }


def many_optima(settings: SplineSettings) -> dict[str, bool]:
    """More than one optimum."""
    points = data_of(settings)
    s = solved(settings, points)
    optima = cv.optimal_set(s.network, points.X)
    few = optima.sparsest
    return {
        "the optimum is not unique": not optima.unique,
        "the sparsest has fewer neurons": few.width < s.network.width,
        "and costs the same": bool(np.isclose(few.penalty, s.network.penalty, rtol=ROUNDING)),
        "through the same points": bool(np.allclose(few.predict(points.X), points.y, atol=ROUNDING)),
    }


def no_overshoot(settings: SplineSettings) -> dict[str, bool]:
    """Not a smooth curve."""
    points = data_of(settings)
    s, order = solved(settings, points), np.argsort(points.X[:, 0])
    x = np.linspace(points.X.min(), points.X.max(), 2001)
    low, high = points.y.min(), points.y.max()
    cubic, room = CubicSpline(points.X[order, 0], points.y[order])(x), ROUNDING * (high - low)
    ours = s.network.predict(x[:, None])
    return {
        "the cubic spline overshoots": bool(cubic.max() > high + 0.05 * (high - low)),
        "the network does not": bool(low - room <= ours.min() and ours.max() <= high + room),
    }


def dear_neighbours(settings: SplineSettings) -> dict[str, bool]:
    """One point in the way."""
    points = data_of(settings)
    (lonely,) = np.flatnonzero(points.y == 1)
    closer = points.X.copy()
    right = closer[closer[:, 0] > closer[lonely, 0], 0].min()
    closer[lonely, 0] += 0.9 * (right - closer[lonely, 0])
    before, after = solved(settings, points), solved(settings, Points(closer, points.y))
    return {
        "the point has neighbours of the other class": bool(closer.min() < closer[lonely, 0] < closer.max()),
        "closer to one the margin costs more": after.objective > 1.5 * before.objective,
    }


def far_points(settings: SplineSettings) -> dict[str, bool]:
    """Most points do not matter."""
    points = data_of(settings)
    s = solved(settings, points)
    margins = points.y * s.network.predict(points.X)
    far, moved = int(np.argmax(margins)), points.X.copy()
    moved[far] += 0.1 * np.sign(moved[far])
    after = solved(settings, Points(moved, points.y))
    return {
        "most points lie beyond their margin": bool((margins > 1 + 1e-3).mean() >= 0.5),
        "dragging the farthest moves nothing": bool(np.isclose(after.objective, s.objective, rtol=ROUNDING)),
    }
