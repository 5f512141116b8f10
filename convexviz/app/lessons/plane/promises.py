"""What the lesson in the plane promises to show, checked on the data that it names."""

from __future__ import annotations

import numpy as np
from sklearn.svm import SVC

import convexviz as cv
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points
from convexviz.figures.plane.decision import support_vectors

ROUNDING = 5e-6  # relative, between objectives
FEWER = 0.1  # of β: with so much less decay there are more neurons


def data_of(settings: PlaneSettings) -> Points:
    """The points that the settings name."""
    return source.plane.named(settings)[0]


def ringed_points(settings: PlaneSettings) -> dict[str, bool]:
    """Most points do not matter."""
    points = data_of(settings)
    s, ringed = solved(settings, points), support_vectors(solved(settings, points))
    kept = solved(settings, Points(points.X[ringed], points.y[ringed]))
    margins = np.where(ringed, 0.0, points.y * s.network.predict(points.X))
    far, moved = int(np.argmax(margins)), points.X.copy()
    moved[far] += 0.05
    after = solved(settings, Points(moved, points.y))
    return {
        "most points are not ringed": bool(0 < ringed.sum() < len(ringed) / 2),
        "the ringed ones alone give the same boundary": bool(np.isclose(kept.objective, s.objective, rtol=ROUNDING)),
        "dragging another one moves nothing": bool(np.isclose(after.objective, s.objective, rtol=ROUNDING)),
    }


def xor_costs(settings: PlaneSettings) -> dict[str, bool]:
    """XOR costs 4 sqrt(2)."""
    points = data_of(settings)
    s = solved(settings, points)
    line = SVC(kernel="linear", C=1e6).fit(points.X, points.y)
    return {
        "four points": len(points.y) == 4,
        "that no line separates": bool((line.predict(points.X) != points.y).any()),
        "two neurons": s.network.width == 2,
        "of 4√2": bool(np.isclose(s.objective, 4 * np.sqrt(2), rtol=ROUNDING)),
        "proved": s.certified,
    }


def islands_go(settings: PlaneSettings) -> dict[str, bool]:
    """Watch the proof being made."""
    points = data_of(settings)
    s = cv.solve(points.X, points.y, beta=settings.beta, loss=settings.loss, method="sweep", cuts=1)
    first, last = s.history[0], s.history[-1]
    lower, upper = [r.lower for r in s.history], [r.upper for r in s.history]
    return {
        "at first there are neurons that would pay": first.maximum > 1.1 * settings.beta,
        "in the end there are none": last.maximum <= (1 + 1e-3) * settings.beta,
        "the bounds close in": lower == sorted(lower) and upper == sorted(upper, reverse=True) and s.certified,
    }


def decay_deletes(settings: PlaneSettings) -> dict[str, bool]:
    """Weight decay deletes neurons."""
    points = data_of(settings)
    some, many = (solved(settings, points, beta) for beta in (settings.beta, FEWER * settings.beta))
    touching = np.abs(some.v @ some.network.activations(points.X))
    return {
        "more break lines as β falls": 0 < some.network.width < many.network.width,
        "the dual map touches the band at each": bool(np.allclose(touching, settings.beta, rtol=1e-3)),
    }


def folds_found(settings: PlaneSettings) -> dict[str, bool]:
    """The surface is folded paper."""
    points = data_of(settings)
    network = solved(settings, points).network
    f, y = network.predict(points.X), points.y
    across, up = (np.abs(network.w) @ (np.abs(network.U[:, k]) > 0.9) for k in (0, 1))
    return {
        "folds across the first axis carry most weight": bool(across > 0.5 * network.penalty),
        "there are others across the second": bool(up > 0),
        "the fit explains the values": bool(np.var(f - y) < 0.1 * np.var(y)),
    }


def against_rivals(settings: PlaneSettings) -> dict[str, bool]:
    """Against a line and a kernel."""
    points = data_of(settings)
    wrong = {
        kernel: (SVC(kernel=kernel).fit(points.X, points.y).predict(points.X) != points.y).mean()
        for kernel in ("linear", "rbf")
    }
    s = solved(settings, points)
    return {
        "the linear classifier fails": bool(wrong["linear"] > 0.25),
        "the kernel machine does not": bool(wrong["rbf"] < 0.05),
        "nor does the network": bool((np.sign(s.network.predict(points.X)) == points.y).mean() > 0.95),
    }
