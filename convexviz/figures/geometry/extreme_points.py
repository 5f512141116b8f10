"""A neuron as an extreme point in the plane: hull of the other samples, mixture p, residual and break line.

The neuron's u is the residual x_k - p scaled to length one, its break line {x : u . x + b = 0} touches the hull.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.geometry.extreme_points import ExtremePoint
from convexviz.core.network import Array

from ..parts import keyed
from ..plane.tools import POINT_EDGE, View, line_in_window, view_of
from ..spec import Axis, Curve, Layout, Mark, Marker, Trace, Traces
from ..theme import FIT, NEURON, OTHER_CLASS, layout
from .tools import arrow, curve, curve_trace, mark, mark_trace, slide

MIXED = 3  # samples that a mixture in the plane needs at most
LEAST = 1e-9  # a smaller share of a mixture is rounding
HEAD = 0.04  # length of the arrow's head, of the data's extent
SHORT = 0.035  # the arrow ends before the mark of x_k and its ring, of the data's extent
THINNEST, WIDTH = 1.0, 6.0  # of a segment to a sample that p holds none of, and more for all of it


def extreme_point_curves(X: Array, point: ExtremePoint, window: View) -> list[Curve]:
    """Six curves for X (n, 2): hull of the others, three segments from p to what it mixes, break line, residual.

    Segments that are not needed, and where x_k lies in the hull break line and residual, are empty.
    """
    X = np.asarray(X, float)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must have shape (n, 2) to be drawn in the plane, got {X.shape}. Take two features.")
    p, none = point.projection, np.empty((0, 2))
    extent = float(np.ptp(X, axis=0).max())
    if point.u is None or point.b is None:
        line = residual = none
    else:
        line = line_in_window(point.u, -point.b, window)
        residual = arrow(p, X[point.index], HEAD * extent, SHORT * extent)
    return [
        curve("hull", "hull of the others", outline(np.delete(X, point.index, axis=0)), FIT, width=1.5, fill=0.1),
        *_segments(X, point),
        curve("break", "the neuron's break line", line, NEURON, dash="dash"),
        curve("residual", "residual: direction of u", residual, OTHER_CLASS, width=3.0),
    ]


def _segments(X: Array, point: ExtremePoint) -> list[Curve]:
    """From p to the samples it mixes, the wider the more of it."""
    order = np.argsort(-point.weights, kind="stable")[:MIXED]
    mixed = [i for i in order if point.weights[i] > LEAST]
    curves = []
    for place in range(MIXED):
        i = mixed[place] if place < len(mixed) else None
        share = 0.0 if i is None else float(point.weights[i])
        ends = np.empty((0, 2)) if i is None else np.array([point.projection, X[i]])
        curves.append(
            curve(
                f"mixed-{place}",
                "samples in the mixture p; wider: more of it" if place == 0 else "",
                ends,
                FIT,
                width=THINNEST + WIDTH * share,
                opacity=0.8,
            )
        )
    return curves


def extreme_point_marks(X: Array, point: ExtremePoint) -> list[Mark]:
    """The reconstruction p."""
    return [mark("projection", "nearest mixture p", point.projection, FIT, "diamond", 7.0)]


def outline(points: Array) -> Array:
    """The hull of points (n, 2) as a closed counterclockwise polygon (k, 2), last point = first; at least a point.

    Andrew (1979): the lower and the upper chain of the sorted points, each turning left only.
    """
    ordered = np.unique(points, axis=0)
    if len(ordered) < 3:
        return ordered[[*range(len(ordered)), 0]]
    return np.array([*_chain(ordered), *_chain(ordered[::-1]), ordered[0]])


def _chain(points: Array) -> list[Array]:
    chain: list[Array] = []
    for q in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], q) <= 0:
            chain.pop()
        chain.append(q)
    return chain[:-1]


def _turn(a: Array, b: Array, c: Array) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def extreme_point_figure(X: Array, point: ExtremePoint, window: View | None = None, height: int = 540) -> go.Figure:
    """A sample in the plane, the nearest mixture of the others, and the neuron that sees it alone.

    The residual is the direction of the neuron, its break line touches the hull of the other samples.

    Parameters
    ----------
    X : (n, 2) the samples.
    point : from `convexviz.geometry.extreme_point(X, k)`.
    window : limits of x1, and of x2; around X if None.
    height : pixels.

    Raises ValueError unless X has two columns.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    X = np.asarray(X, float)
    window = window or view_of(X)
    others = np.delete(X, point.index, axis=0)
    ring: Marker = {"symbol": "circle", "size": 14, "color": OTHER_CLASS, "line": {"color": "white", "width": 1}}
    dots: Trace = {"type": "scatter", "mode": "markers", "hovertemplate": "%{x:.3g}, %{y:.3g}<extra></extra>"}
    traces: Traces = [
        *map(curve_trace, extreme_point_curves(X, point, window)),
        dots
        | {
            "name": "other samples",
            "x": others[:, 0],
            "y": others[:, 1],
            "marker": {"color": POINT_EDGE, "size": 9, "line": ring["line"]},
        },
        mark_trace("p", extreme_point_marks(X, point), FIT, "diamond", 7.0),
        dots
        | {"name": f"sample {point.index + 1}", "x": X[[point.index], 0], "y": X[[point.index], 1], "marker": ring},
    ]
    return slide({"data": traces, "layout": _page(point, window, height)})


def _page(point: ExtremePoint, window: View, height: int) -> Layout:
    words = "in the hull: no neuron" if point.in_hull else f"distance {point.distance:.3g}"
    key = [
        (FIT, "━", "hull of the others"),
        (FIT, "◆", "p"),
        (OTHER_CLASS, "→", "residual"),
        (NEURON, "╍", "break line"),
    ]
    limits: Axis = {"constrain": "domain", "zeroline": False}
    axes: Layout = {
        "xaxis": limits | {"range": list(window[0]), "title": {"text": "x₁"}},
        "yaxis": limits | {"range": list(window[1]), "title": {"text": "x₂"}, "scaleanchor": "x"},
    }
    alt = "A sample, its nearest mixture of the other samples, and the neuron that sees it alone."
    return layout(keyed(f"Sample {point.index + 1}, {words}", *key), alt, axes, height=height)
