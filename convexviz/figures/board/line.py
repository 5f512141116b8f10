"""A network on the line: the fit through its kinks, and for classes where it is positive or negative."""

from __future__ import annotations

import numpy as np

from convexviz.core.network import Array, ReLUNetwork

from ..inks import PAPER, QUIET
from ..spec import Traces
from ..theme import FIT, NEURON, OTHER_CLASS
from .canvas import Canvas, area, dots, stroke

KINK = 8.5  # px across
HALO = 1.35  # of a point's width: a kink that a point would hide shows around it
POSITIVE, NEGATIVE = 0.12, 0.14  # opacity of the regions


def fit(canvas: Canvas, label: str) -> Traces:
    """The network through its kinks, exact."""
    if canvas.network is None:
        return []
    return [stroke(vertices(canvas.network, *canvas.window[0]), label, FIT, 3)]


def vertices(network: ReLUNetwork, low: float, high: float) -> Array:
    """Corners (k, 2) of the graph between two places, both ends among them."""
    kinks = network.kinks()
    x = np.unique(np.concatenate([[low, high], kinks[(kinks > low) & (kinks < high)]]))
    return np.column_stack([x, network.predict(x[:, None])])


def regions(canvas: Canvas) -> Traces:
    """Where the network is positive and where it is negative, from bottom to top."""
    if canvas.network is None:
        return []
    line = with_zeros(vertices(canvas.network, *canvas.window[0]))
    sign = np.sign(line[1:, 1] + line[:-1, 1])
    looks = ((1, FIT, POSITIVE), (-1, OTHER_CLASS, NEGATIVE))
    return [area(_columns(canvas, line[:, 0], sign == side), "", color, opacity) for side, color, opacity in looks]


def with_zeros(line: Array) -> Array:
    """The corners (k, 2) of a line and the places where it crosses zero."""
    (x0, f0), (x1, f1) = line[:-1].T, line[1:].T
    crossed = f0 * f1 < 0
    share = f0[crossed] / (f0[crossed] - f1[crossed])
    zeros = x0[crossed] + share * (x1 - x0)[crossed]
    out = np.vstack([line, np.column_stack([zeros, np.zeros(len(zeros))])])
    return out[np.argsort(out[:, 0], kind="stable")]


def _columns(canvas: Canvas, x: Array, chosen: Array) -> Array:
    """Outlines of the columns between neighbours of `x`, those that touch joined."""
    low, high = canvas.window[1]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(int), [0]])))
    columns = [
        [[x[a], low], [x[a], high], [x[b], high], [x[b], low], [x[a], low], [np.nan, np.nan]]
        for a, b in edges.reshape(-1, 2)
    ]
    return np.array(columns, float).reshape(-1, 2)


def margins(canvas: Canvas) -> Traces:
    """The heights +1 and -1."""
    left, right = canvas.window[0]
    gap = [np.nan, np.nan]
    places = np.array([[left, 1.0], [right, 1.0], gap, [left, -1.0], [right, -1.0]])
    return [stroke(places, "margins f = ±1", QUIET, 1.2, "dash")]


def kinks(canvas: Canvas) -> Traces:
    """A diamond where a neuron switches."""
    if canvas.network is None:
        return []
    at = np.unique(canvas.network.kinks())
    places = np.column_stack([at, canvas.network.predict(at[:, None])])
    places = places[canvas.inside(places)]
    if not len(places):
        return []
    radii = canvas.covers(places)
    hidden = radii > 0
    halos, free = places[hidden], places[~hidden] if len(hidden) > hidden.sum() else np.full((1, 2), np.nan)
    made = [dots(halos, "", NEURON, "diamond", HALO * 2 * canvas.radius), dots(free, "kinks", NEURON, "diamond", KINK)]
    if canvas.weights is not None:
        made[0]["marker"]["size"] = (HALO * 2 * radii[hidden]).tolist()
    for trace in made:
        trace["marker"]["line"] = {"color": PAPER, "width": 1}
        trace |= {"hoverinfo": "all", "hovertemplate": "kink at %{x:.4g}<extra></extra>"}
    return made
