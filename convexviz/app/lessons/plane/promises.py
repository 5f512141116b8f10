"""What the things to try in the plane promise to show, checked on the data that they name."""

from __future__ import annotations

import numpy as np
from sklearn.svm import SVC

import convexviz as cv
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.compute.kept import keep
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points
from convexviz.figures.plane.decision import support_vectors
from convexviz.figures.plane.tools import by_size

ROUNDING = 5e-6  # relative, between objectives
LESS = (1.0, 0.3, 0.1)  # times β: with so much less decay there are more neurons
ALONG = 2.0  # degrees between a neuron and the fold that it lies along


def data_of(settings: PlaneSettings) -> Points:
    """The points that the settings name."""
    return source.plane.named(settings)[0]


def ringed_points(settings: PlaneSettings) -> dict[str, bool]:
    """Most points do not matter."""
    points = data_of(settings)
    s = solved(settings, points)
    ringed = support_vectors(s)
    alone = solved(settings, Points(points.X[ringed], points.y[ringed]))
    margins = np.where(ringed, 0.0, points.y * s.network.predict(points.X))
    far, moved = int(np.argmax(margins)), points.X.copy()
    moved[far] += 0.05
    after = solved(settings, Points(moved, points.y))
    kept = keep(Answer("certified", "", after), s, Problem.of(moved, points.y, settings.loss)).solution
    return {
        "most points are not ringed": bool(0 < ringed.sum() < len(ringed) / 2),
        "the ringed ones alone cost the same": bool(np.isclose(alone.objective, s.objective, rtol=ROUNDING)),
        "it stays": bool(np.isclose(after.objective, s.objective, rtol=ROUNDING)),
        "and so does the network": kept is not None and kept.network is s.network,
    }


def xor_costs(settings: PlaneSettings) -> dict[str, bool]:
    """XOR costs 4 sqrt(2)."""
    points = data_of(settings)
    s, twice = solved(settings, points), solved(settings, Points(2 * points.X, points.y))
    line = SVC(kernel="linear", C=1e6).fit(points.X, points.y)
    return {
        "four corners of a square of side 1": len(points.y) == 4 and bool(np.allclose(np.abs(points.X), 0.5)),
        "that no line separates": bool((line.predict(points.X) != points.y).any()),
        "two neurons": s.network.width == 2,
        "of 4√2": bool(np.isclose(s.objective, 4 * np.sqrt(2), rtol=ROUNDING)),
        "a square twice as large costs half": bool(np.isclose(twice.objective, s.objective / 2, rtol=ROUNDING)),
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
        "every round but the last adds some": all(r.added > 0 for r in s.history[:-1]),
        "in the end there are none": last.maximum <= (1 + 1e-3) * settings.beta,
        "the bounds close in": lower == sorted(lower) and upper == sorted(upper, reverse=True) and s.certified,
    }


def decay_deletes(settings: PlaneSettings) -> dict[str, bool]:
    """Weight decay deletes neurons."""
    points = data_of(settings)
    falling = [solved(settings, points, share * settings.beta) for share in LESS]
    widths = [s.network.width for s in falling]
    touching = [np.abs(s.v @ s.network.activations(points.X)) / s.beta for s in falling]
    most = cv.beta_max(points.X, points.y, settings.loss)
    return {
        "no break line at the largest β": solved(settings, points, most).network.width == 0,
        "more and more as β falls": widths == sorted(set(widths)) and widths[0] > 0,
        "each where the dual map reaches an end of its band": all(np.allclose(t, 1.0, rtol=1e-3) for t in touching),
    }


def folds_found(settings: PlaneSettings) -> dict[str, bool]:
    """The surface is folded paper."""
    points = data_of(settings)
    network = by_size(solved(settings, points).network)
    f, y = network.predict(points.X), points.y
    off = np.rad2deg(np.arccos(np.clip(np.abs(network.U[:3]).max(axis=1), 0.0, 1.0)))
    first = np.abs(network.U[:3, 0]) > np.abs(network.U[:3, 1])
    return {
        "the three heaviest neurons lie along the folds": bool((off < ALONG).all()) and first.sum() == 2,
        "the fit explains the values": bool(np.var(f - y) < 0.1 * np.var(y)),
        "there are lighter ones": network.width > 3,
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
        "the linear classifier has more than a quarter wrong": bool(wrong["linear"] > 0.25),
        "the kernel machine has none": bool(wrong["rbf"] == 0),
        "nor has the network": bool((np.sign(s.network.predict(points.X)) == points.y).all()),
    }
