"""The picture of a solution for slides and notebooks: values or regions, boundary and margins, break lines, points."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution

from ..parts import Traces
from ..spec import Axis, Colorbar, Colorscale, Layout, Legend, Line, Margin, Marker, Trace
from ..theme import NEURON, layout
from .tools import (
    POINT_EDGE,
    View,
    by_size,
    class_groups,
    default_z_range,
    diverging,
    grid,
    heights,
    is_classes,
    line_in_window,
    on_white,
    view_of,
)

CELLS = 161  # grid points a side: a boundary without visible corners on a slide
SUPPORT = 1e-5  # share of the largest |v_i| above which a point holds the boundary
STRONGEST = 40  # break lines drawn at most
ABOVE, BELOW, BESIDE, KEY = 36, 48, 52, 220  # pixels around the axes; KEY holds colour bar and legend
PALE_FIT, PALE_OTHER = "#b8d6e8", "#f5d0b8"  # FIT and OTHER_CLASS at 28 % on white


def decision_figure(
    solution: Solution, X: Array, y: Array, view: View | None = None, height: int = 480, lines: bool = True
) -> go.Figure:
    """A trained network in the plane, on equal axes, for X of shape (n, 2) and y of shape (n,).

    For classes: the two regions, the boundary f = 0, the margins f = +-1, and a ring around each support vector. For
    values: f as a map with level lines. In both, the lines where neurons switch (unless not `lines`) and the points.

    Parameters
    ----------
    solution : from `cv.solve` with two inputs.
    view : limits of x1, and of x2; around X if None.
    height : pixels; the width follows from the window.
    """
    X, y = np.asarray(X, float), np.asarray(y, float)
    view = view or view_of(X)
    xs, ys = grid(view, CELLS)
    z = heights(solution.network, xs, ys)
    network = by_size(solution.network)
    breaks = [_break_lines(network, view)] if lines else []
    if is_classes(solution):
        traces = [*_regions(xs, ys, z), *breaks, *_levels(xs, ys, z), *_classes(X, y), *_rings(solution, X)]
    else:
        traces = [*_map(solution, X, y, xs, ys, z), *breaks, _targets(solution, X, y)]
    return on_white({"data": traces, "layout": _page(view, height, is_classes(solution))})


def _page(view: View, height: int, classes: bool) -> Layout:
    plain: Axis = {"zeroline": False, "showgrid": False}
    alt = "The network over the plane, the lines where its neurons switch, and the points."
    words = "Regions of the two classes" if classes else "The network over the plane"
    axes: Layout = {
        "xaxis": {"range": list(view[0]), "title": {"text": "x₁"}, "constrain": "domain"} | plain,
        "yaxis": {
            "range": list(view[1]),
            "title": {"text": "x₂"},
            "scaleanchor": "x",
            "constrain": "domain",
        }
        | plain,
    }
    (left, right), (low, high) = view
    wide = (height - ABOVE - BELOW) * (right - left) / (high - low)
    legend: Legend = {"orientation": "v", "x": 1.02 if classes else 1.16, "y": 1.0, "yanchor": "top"}
    page = layout(words, alt, axes, height=height, showlegend=True, legend=legend)
    margin: Margin = {"l": BESIDE, "r": KEY, "t": ABOVE, "b": BELOW}
    return page | {"width": BESIDE + min(max(wide, 240.0), 960.0) + KEY, "margin": margin}


def _regions(xs: Array, ys: Array, z: Array) -> Traces:
    """Where f < 0 and where f > 0; the boundary itself is a level line, so coarse cells do not show."""
    pale: Colorscale = [[0.0, PALE_OTHER], [0.5, PALE_OTHER], [0.5, PALE_FIT], [1.0, PALE_FIT]]
    base: Trace = {"type": "heatmap", "x": xs, "y": ys, "z": z, "zmin": -1.0, "zmax": 1.0, "zsmooth": "best"}
    hover = "x₁ = %{x:.3g}<br>x₂ = %{y:.3g}<br>f = %{z:.3g}<extra></extra>"
    return [base | {"colorscale": pale, "showscale": False, "hovertemplate": hover, "name": "regions"}]


def _levels(xs: Array, ys: Array, z: Array) -> Traces:
    """Boundary and margins."""
    base: Trace = {
        "type": "contour",
        "x": xs,
        "y": ys,
        "z": z,
        "showscale": False,
        "hoverinfo": "skip",
        "showlegend": True,
    }
    styles: list[tuple[str, float, float, Line]] = [
        ("boundary f = 0", 0.0, 0.0, {"color": POINT_EDGE, "width": 2.5}),
        ("margins f = ±1", -1.0, 1.0, {"color": POINT_EDGE, "width": 1.2, "dash": "dash"}),
    ]
    return [
        base
        | {
            "name": name,
            "line": line,
            "colorscale": [[0.0, line["color"]], [1.0, line["color"]]],
            "contours": {"coloring": "none", "start": start, "end": end, "size": 2.0},
        }
        for name, start, end, line in styles
    ]


def _map(solution: Solution, X: Array, y: Array, xs: Array, ys: Array, z: Array) -> Traces:
    """f as colours, and its level lines."""
    low, high = default_z_range(solution, X, y)
    bar: Colorbar = {"thickness": 10, "outlinewidth": 0, "xpad": 6, "ypad": 0, "title": {"text": "f"}}
    hover = "x₁ = %{x:.3g}<br>x₂ = %{y:.3g}<br>f = %{z:.3g}<extra></extra>"
    colours: Trace = {"zmin": low, "zmax": high, "colorscale": diverging(), "zsmooth": "best", "colorbar": bar}
    base: Trace = {"x": xs, "y": ys, "z": z, "name": "level lines of f"}
    lines: Trace = {
        "contours": {"coloring": "none"},
        "line": {"color": "rgba(32, 32, 32, 0.35)", "width": 1},
        "ncontours": 12,
    }
    return [
        base | colours | {"type": "heatmap", "hovertemplate": hover},
        base | lines | {"type": "contour", "hoverinfo": "skip", "showscale": False, "showlegend": True},
    ]


def _break_lines(network: ReLUNetwork, view: View) -> Trace:
    """The lines u . x + b = 0 of the strongest neurons, across the window, one after the other with gaps between."""
    gap = np.full((1, 2), np.nan)
    strongest = zip(network.U[:STRONGEST], network.b[:STRONGEST], strict=True)
    lines = [ends for u, b in strongest if len(ends := line_in_window(u, -b, view))]
    x, y = np.vstack([np.empty((0, 2)), *(part for ends in lines for part in (ends, gap))]).T
    style: Trace = {"mode": "lines", "line": {"color": NEURON, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    place: Trace = {"type": "scatter", "name": "a neuron switches", "x": x, "y": y}
    return place | style


def _classes(X: Array, y: Array) -> Traces:
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": X[chosen, 0],
            "y": X[chosen, 1],
            "marker": {"color": colour, "symbol": symbol, "size": 9, "line": {"color": "white", "width": 1}},
            "hovertemplate": "%{x:.3g}, %{y:.3g}<extra>" + name + "</extra>",
        }
        for chosen, colour, symbol, name in class_groups(y)
    ]


def _targets(solution: Solution, X: Array, y: Array) -> Trace:
    """Points in the colours of their targets."""
    low, high = default_z_range(solution, X, y)
    marker: Marker = {"color": y, "cmin": low, "cmax": high, "colorscale": diverging(), "size": 9}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "points, coloured by target",
        "x": X[:, 0],
        "y": X[:, 1],
        "customdata": y,
        "marker": marker | {"line": {"color": POINT_EDGE, "width": 1}},
        "hovertemplate": "%{x:.3g}, %{y:.3g}<br>target %{customdata:.3g}<extra></extra>",
    }


def support_vectors(solution: Solution) -> Array:
    """Which points hold the boundary, (n,) of bool: those with v_i != 0, for losses that leave the others out."""
    if not get_loss(solution.loss).supported:
        return np.zeros(len(solution.v), bool)
    size: Array = np.abs(solution.v)
    held: Array = size > SUPPORT * size.max(initial=0.0)
    return held


def _rings(solution: Solution, X: Array) -> Traces:
    if not get_loss(solution.loss).supported:
        return []
    held = support_vectors(solution)
    ring: Marker = {"symbol": "circle-open", "size": 16, "color": POINT_EDGE, "line": {"width": 1.5}}
    place: Trace = {"x": X[held, 0], "y": X[held, 1], "name": "support vectors", "marker": ring}
    style: Trace = {"type": "scatter", "mode": "markers", "hoverinfo": "skip"}
    return [style | place]
