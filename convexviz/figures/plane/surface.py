"""The network in the plane as a surface, with the points at their targets; see `convexviz.figures.plane`."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution

from ..dates import dated_axis
from ..parts import Range, Spec, Traces, assembled, shown_name, told_name
from ..spec import Axis, Contours, Marker, Scene, Trace, TraceMeta
from ..theme import AXIS_FONT, NEURON, layout
from .tools import (
    PLAIN,
    POINT_EDGE,
    Names,
    View,
    by_size,
    class_groups,
    default_z_range,
    diverging,
    filled,
    grid,
    heights,
    is_classes,
    view_of,
)

SURFACE = 41  # grid points a side
LEVELS: Contours = {"z": {"show": True, "start": -1.0, "end": 1.0, "size": 1.0, "color": POINT_EDGE, "width": 2}}


def surface_spec(
    view: View,
    z_range: Range,
    X: Array,
    y: Array,
    classes: bool = False,
    height: int = 380,
    axes: Names = PLAIN,
    target: str = "y",
) -> Spec:
    """The network over the window as a surface, with the points (X (n, 2), y (n,)) at their targets.

    `axes` are the names of the inputs, `target` that of what is fitted.

    With a neuron lit, the surface is the sum up to it, and a second one is that neuron alone. For classes the sheet
    f = 0 is drawn, and the lines f = 0 and f = +-1 on the surface.
    """
    X, y = np.asarray(X, float), np.asarray(y, float)
    first, second = (told_name(name) for name in axes)
    across: TraceMeta = {"plane": "surface", "x": [*view[0], SURFACE], "y": [*view[1], SURFACE]}
    styles: Traces = [
        {
            "type": "surface",
            "cmin": z_range[0],
            "cmax": z_range[1],
            "colorscale": diverging(),
            "showscale": False,
            "opacity": 0.88,  # so that points on the surface are seen whole
            "lighting": {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05, "roughness": 0.9},
            "contours": LEVELS if classes else {},
            "hovertemplate": f"{first} = %{{x:.3g}}<br>{second} = %{{y:.3g}}<br>f = %{{z:.3g}}<extra></extra>",
            "meta": across,
        },
        _sheet(NEURON, 0.4) | {"visible": False, "hoverinfo": "skip", "meta": across | {"plane": "ramp"}},
    ]
    data: Traces = [{}, {}]
    points = _classes(X, y) if classes else [_targets(X, y, z_range)]
    styles += points
    data += [{} for _ in points]
    if classes:
        corners: Trace = {"x": list(view[0]), "y": list(view[1]), "z": np.zeros((2, 2))}
        styles.append(_sheet("#808080", 0.25) | {"hoverinfo": "skip"})
        data.append(corners)
    alt = "The network as a surface over the plane, and the points at their targets."
    page = layout("The network as a surface", alt, height=height, scene=_scene(view, z_range, axes, target))
    page["margin"] = {"l": 0, "r": 0, "t": 30, "b": 0}
    return assembled(styles, data, page)


def _classes(X: Array, y: Array) -> Traces:
    """The points of either class at +-1."""
    return [
        _solid(X[chosen], y[chosen], {"color": colour, "symbol": symbol}, name)
        for chosen, colour, symbol, name in class_groups(y)
    ]


def _targets(X: Array, y: Array, z_range: Range) -> Trace:
    """The points in the colours of their targets."""
    colours: Marker = {"color": y, "cmin": z_range[0], "cmax": z_range[1], "colorscale": diverging()}
    return _solid(X, y, colours, "point")


def _solid(X: Array, y: Array, marker: Marker, name: str) -> Trace:
    edge: Marker = {"size": 4, "line": {"color": POINT_EDGE, "width": 1}}
    return {
        "type": "scatter3d",
        "mode": "markers",
        "x": X[:, 0],
        "y": X[:, 1],
        "z": y,
        "name": name,
        "marker": edge | marker,
        "hovertemplate": "%{x:.3g}, %{y:.3g}<br>target %{z:.3g}<extra>" + name + "</extra>",
    }


def _sheet(colour: str, opacity: float) -> Trace:
    return {
        "type": "surface",
        "colorscale": [[0.0, colour], [1.0, colour]],
        "showscale": False,
        "opacity": opacity,
        "lighting": {"ambient": 0.9, "diffuse": 0.2, "specular": 0.0},
    }


def _scene(view: View, z_range: Range, axes: Names, target: str) -> Scene:
    (left, right), (low, high) = view
    longest = max(right - left, high - low)
    return {
        "xaxis": _axis(shown_name(axes[0]), (left, right)) | dated_axis(axes[0], (left, right), 4),
        "yaxis": _axis(shown_name(axes[1]), (low, high)) | dated_axis(axes[1], (low, high), 4),
        "zaxis": _axis("f" if target == "y" else f"f ({shown_name(target)})", z_range),
        "aspectmode": "manual",
        "aspectratio": {"x": (right - left) / longest, "y": (high - low) / longest, "z": 0.6},
        "camera": {"eye": {"x": -0.8, "y": -1.28, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.14}},
        "dragmode": "turntable",
    }


def _axis(name: str, ends: Range) -> Axis:
    return {
        "range": list(ends),
        "title": {"text": name, "font": AXIS_FONT},
        "tickfont": AXIS_FONT,
        "nticks": 5,
    }


def surface_figure(
    solution: Solution,
    X: Array,
    y: Array,
    view: View | None = None,
    z_range: Range | None = None,
    neuron: int | None = None,
    height: int = 380,
    axes: Names = PLAIN,
    target: str = "y",
) -> go.Figure:
    """A network over the plane as a surface, with the points at their targets.

    Parameters
    ----------
    solution : from `cv.solve` with two inputs.
    X, y : (n, 2) the points, (n,) their targets or labels.
    view : limits of x1, and of x2; around X if None.
    z_range : of the values shown; of targets and fit if None.
    neuron : its place by |w|, from 0: then the surface is the sum up to it, and a second one the neuron alone.
    height : pixels.
    axes, target : names of the inputs and of what is fitted.
    """
    X, y = np.asarray(X, float), np.asarray(y, float)
    view = view or view_of(X)
    classes = is_classes(solution)
    spec = surface_spec(view, z_range or default_z_range(solution, X, y), X, y, classes, height, axes, target)
    xs, ys = grid(view, SURFACE)
    full = by_size(solution.network)
    place: Trace = {"x": xs, "y": ys}
    if neuron is None:
        return filled(spec, [place | {"z": heights(full, xs, ys)}, place | {"z": np.zeros((SURFACE, SURFACE))}])
    lone = _part(full, neuron, neuron + 1, 0.0)
    ramp: Trace = place | {"z": heights(lone, xs, ys), "visible": True}
    return filled(spec, [place | {"z": heights(_part(full, 0, neuron + 1, full.c), xs, ys)}, ramp])


def _part(network: ReLUNetwork, first: int, end: int, c: float) -> ReLUNetwork:
    chosen = slice(first, end)
    return ReLUNetwork(network.U[chosen], network.b[chosen], network.w[chosen], c)
