"""What the things to try on the line promise to show, checked on the data that they name."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

import convexviz as cv
from convexviz.app.compute.paths import DEPTH, EXACT_LENGTH
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.core.neurons import spline_network

ROUNDING = 1e-6  # relative
TEETH = 8  # of a wiggle, between two neighbouring points


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
        "whose weight is the slope": bool(np.isclose(abs(s.network.w[0]), abs(slope), rtol=ROUNDING)),
        "which is 0.8": bool(np.isclose(abs(slope), 0.8)),
        "with one point pulled away there are more": solved(settings, Points(points.X, moved)).network.width > 1,
    }


def decay_deletes(settings: SplineSettings) -> dict[str, bool]:
    """Weight decay deletes neurons."""
    points = data_of(settings)
    exact = cv.exact_path(points.X, points.y)
    path = [exact.at(beta) for beta in exact.stops(DEPTH[1], EXACT_LENGTH)]
    kinds = [event.kind for event in exact.events if event.beta > path[-1].beta]
    touching = [np.abs(s.v @ s.network.activations(points.X)) / s.beta for s in path]
    return {
        "it begins without a neuron": path[0].network.width == 0,
        "and ends with many": path[-1].network.width > 20,
        "mostly neurons enter": kinds.count("born") > 2 * kinds.count("dies"),
        "again and again one leaves": kinds.count("dies") > 10,
        "each stands where the dual function reaches the band": all(np.allclose(t, 1.0, rtol=1e-4) for t in touching),
    }


def many_optima(settings: SplineSettings) -> dict[str, bool]:
    """More than one optimum."""
    points = data_of(settings)
    s = solved(settings, points)
    optima = cv.optimal_set(s.network, points.X)
    few, x = optima.sparsest, points.X[:, 0]
    between = (x[1:] + x[:-1]) / 2
    low, high = optima.envelope(between)
    through = [_price(x, points.y, [t], [low[k]]) for k, t in enumerate(between)]
    wiggle = np.setdiff1d(np.linspace(x[0], x[-1], TEETH * (len(x) - 1) + 1), x)
    lower, upper = optima.envelope(wiggle)
    teeth = np.where(np.arange(len(wiggle)) % 2 == 0, lower, upper)
    return {
        "infinitely many": not optima.unique and bool((high - low).max() > 0.005),
        "in any gap one runs along the edge": bool(np.allclose(through, s.objective, rtol=ROUNDING)),
        "a wiggle inside it more than ten times as much": _price(x, points.y, wiggle, teeth) > 10 * s.objective,
        "the dashed one has fewer neurons": few.width < s.network.width,
        "and costs the same": bool(np.isclose(few.penalty, s.network.penalty, rtol=ROUNDING)),
        "through the same points": bool(np.allclose(few.predict(points.X), points.y, atol=ROUNDING)),
    }


def _price(x: Array, y: Array, more_x: list[float] | Array, more_y: list[float] | Array) -> float:
    """The least that a network costs which runs straight between these points and some more."""
    every, values = np.append(x, more_x), np.append(y, more_y)
    order = np.argsort(every)
    return spline_network(every[order], values[order]).penalty


def no_overshoot(settings: SplineSettings) -> dict[str, bool]:
    """Not a smooth curve."""
    points = data_of(settings)
    s, order = solved(settings, points), np.argsort(points.X[:, 0])
    x = np.linspace(points.X.min(), points.X.max(), 2001)
    low, high = points.y.min(), points.y.max()
    cubic = CubicSpline(points.X[order, 0], points.y[order], bc_type="natural")(x)
    room, ours = ROUNDING * (high - low), s.network.predict(np.concatenate([x - 1, x, x + 1])[:, None])
    over = bool(cubic.max() > high + 0.05 * (high - low))
    held = bool(low - room <= ours.min() and ours.max() <= high + room)
    return {"the cubic spline does": over, "the network does not": held, "only the cubic spline": over and held}


def dear_neighbours(settings: SplineSettings) -> dict[str, bool]:
    """One point in the way."""
    points = data_of(settings)
    (lonely,) = np.flatnonzero(points.y == 1)
    x = points.X[:, 0]
    near = x[x > x[lonely]].min()
    closer = points.X.copy()
    closer[lonely, 0] += 0.9 * (near - x[lonely])
    before, after = solved(settings, points), solved(settings, Points(closer, points.y))
    gap, narrow = near - x[lonely], near - closer[lonely, 0]
    steep = np.abs(np.diff(after.network.predict(np.array([[closer[lonely, 0]], [near]]))))[0] / narrow
    return {
        "it has neighbours of the other class on both sides": bool(x.min() < x[lonely] < x.max()),
        "the curve falls by 2 on the way to the neighbour": bool(np.isclose(steep * narrow, 2.0, rtol=1e-3)),
        "nearer it is steeper": bool(steep > 2 / gap),
        "and costs more": after.objective > 1.5 * before.objective,
    }


def far_points(settings: SplineSettings) -> dict[str, bool]:
    """Most points do not matter."""
    points = data_of(settings)
    s = solved(settings, points)
    margins = points.y * s.network.predict(points.X)
    far, moved = int(np.argmax(margins)), points.X.copy()
    moved[far] += 0.1 * np.sign(moved[far])
    after = solved(settings, Points(moved, points.y))
    across = points.X.copy()
    across[far] *= -1
    wrong = solved(settings, Points(across, points.y))
    return {
        "most points lie beyond their margin": bool((margins > 1 + 1e-3).mean() >= 0.5),
        "the objective stays": bool(np.isclose(after.objective, s.objective, rtol=ROUNDING)),
        "on the wrong side it counts": wrong.objective > 1.1 * s.objective,
    }
