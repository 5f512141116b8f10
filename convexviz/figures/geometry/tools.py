"""What the figures of convex sets share: curves and marks as plain data, keys in titles, sets cut to a window.

A curve is {"id", "label", "x", "y", "color", "dash", "width", "closed", "fill", "opacity"}: gaps in `x` and `y` are
nan, `opacity` is that of the inside if `fill`, else of the line. A mark is {"id", "label", "x", "y", "color", "shape",
"size", "text"}, `size` half its width in pixels. The board draws both as they are and lists what has a label, so what
is empty has none; `curve_trace` and `mark_trace` make plotly's traces of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from scipy.spatial import ConvexHull

from convexviz.core.network import Array

from ..parts import Range, Spec
from ..plane.tools import faded, on_white
from ..spec import Axis, Camera, Curve, Dash, Layout, Mark, MarkShape, Scene, Trace
from ..theme import AXIS_FONT

CUT = 1e-9  # of the reach: a point this near to the edge of the window was cut off there
SAME = 1e-9  # of the reach: corners this close are one
PAPER, INK = "#ffffff", "#202020"  # on slides and in notebooks, for the theme's colours on the page
GRID = "#8c8c8c"  # opaque, since in 3-D transparent lines turn white; readable on white paper and on black
PAGE_VAR, INK_VAR, GRAY_VAR = "var(--st-background-color)", "var(--st-text-color)", "var(--st-gray-color)"


# ---------------------------------------------------------------- curves and marks


def curve(
    name: str,
    label: str,
    points: Array,
    color: str,
    *,
    dash: Dash = "solid",
    width: float = 2.0,
    fill: float = 0.0,
    opacity: float = 1.0,
) -> Curve:
    """A curve through `points` (k, 2); its inside is filled with its colour at the opacity `fill`, if above zero."""
    points = np.asarray(points, float).reshape(-1, 2)
    return {
        "id": name,
        "label": label if len(points) else "",
        "x": points[:, 0],
        "y": points[:, 1],
        "color": color,
        "dash": dash,
        "width": width,
        "closed": fill > 0,
        "fill": fill > 0,
        "opacity": fill if fill > 0 else opacity,
    }


def mark(name: str, label: str, point: Array, color: str, shape: MarkShape, size: float = 6.0, text: str = "") -> Mark:
    """A mark at `point` (2,), with its text where it differs from the label."""
    x, y = (float(value) for value in point)
    text = text or label
    return {"id": name, "label": label, "x": x, "y": y, "color": color, "shape": shape, "size": size, "text": text}


def curve_trace(item: Curve) -> Trace:
    """A curve as a trace of plotly."""
    trace: Trace = {
        "type": "scatter",
        "mode": "lines",
        "name": item["label"],
        "x": short(item["x"]),
        "y": short(item["y"]),
        "line": {"color": item["color"], "width": item["width"], "dash": item["dash"]},
        "hoverinfo": "skip",
    }
    if not item["fill"]:
        return trace | {"opacity": item["opacity"]}
    return trace | {"fill": "toself", "fillcolor": faded(item["color"], item["opacity"])}


def mark_trace(name: str, marks: list[Mark], color: str, shape: str, size: float = 6.0) -> Trace:
    """All marks of one kind as one trace, which may be empty."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [m["x"] for m in marks],
        "y": [m["y"] for m in marks],
        "text": [m["text"] for m in marks],
        "marker": {"color": color, "symbol": shape, "size": 2 * size, "line": {"color": "white", "width": 1}},
        "hovertemplate": "%{text}<br>%{x:.3g}, %{y:.3g}<extra></extra>",
    }


def short(values: Array | Sequence[float | None]) -> Array:
    """Single precision: half the bytes of what is sent, and finer than any screen."""
    return np.asarray(values, np.float32)


def chained(pieces: list[Array], dimension: int) -> Array:
    """Pieces (k_i, dimension) one after the other, a row of nan after each."""
    gap = np.full((1, dimension), np.nan)
    return np.concatenate([np.empty((0, dimension)), *(part for piece in pieces for part in (piece, gap))])


def arrow(tail: Array, tip: Array, head: float, short: float = 0.0) -> Array:
    """An arrow as a curve (6, 2) with a gap before its head, whose sides are `head` long in the units of the axes.

    It ends `short` before its tip, but not before half way, so that a mark there does not hide the head.
    """
    length = float(np.hypot(*(tip - tail)))
    if length == 0:
        return np.empty((0, 2))
    along = max(length - short, 0.5 * length) / length * (tip - tail)
    tip, length = tail + along, float(np.hypot(*along))
    back = -along / length * min(head, 0.5 * length)
    side = 0.5 * np.array([-back[1], back[0]])
    return np.array([tail, tip, [np.nan, np.nan], tip + back + side, tip, tip + back - side])


# ---------------------------------------------------------------- figures


def square_axes(reach: float, x: str, y: str) -> Layout:
    """Axes of equal scale over [-reach, reach], the same for every data set."""
    limits: Axis = {"range": [-reach, reach], "constrain": "domain", "zeroline": True, "nticks": 7}
    return {
        "xaxis": limits | {"title": {"text": x}},
        "yaxis": limits | {"title": {"text": y}, "scaleanchor": "x", "scaleratio": 1},
    }


def cube(reach: float, names: tuple[str, str, str]) -> Scene:
    """A scene over [-reach, reach] in all three directions."""
    limits: Axis = {"range": [-reach, reach], "tickfont": AXIS_FONT, "nticks": 5}
    limits |= {"gridcolor": GRID, "zerolinecolor": GRID}
    x, y, z = (limits | {"title": {"text": name, "font": AXIS_FONT}} for name in names)
    camera: Camera = {"eye": {"x": 1.5, "y": 1.37, "z": 0.98}, "center": {"x": 0, "y": 0, "z": -0.14}}
    return {"xaxis": x, "yaxis": y, "zaxis": z, "aspectmode": "cube", "camera": camera, "dragmode": "turntable"}


def slide(spec: Spec) -> go.Figure:
    """A spec as a figure on white paper, with the theme's ink and paper made black and white."""
    return on_white(_printed(spec))


def _printed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _printed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_printed(item) for item in value]
    return {PAGE_VAR: PAPER, INK_VAR: INK, GRAY_VAR: GRID}.get(value, value) if isinstance(value, str) else value


# ---------------------------------------------------------------- sets cut to the window


def polar_of_hull(q: Array, reach: float) -> Array:
    """Corners (m, n) of {v : v . q_i <= 1 for all i, |v_k| <= reach}, for points q (k, n) in pairs q and -q.

    The facets of the hull of these points and of +-e_k / reach are the corners wanted: facet {q : v . q = 1}.
    """
    n = q.shape[1]
    edges = np.concatenate([np.eye(n), -np.eye(n)]) / reach
    facets = ConvexHull(np.concatenate([q, edges])).equations
    corners: Array = -facets[:, :n] / facets[:, n:]
    _, kept = np.unique(np.round(corners / (SAME * reach)), axis=0, return_index=True)
    return corners[np.sort(kept)]


def on_edge(points: Array, reach: float) -> Array:
    """Which edges of the window points (..., n) lie on: (..., 2 n) of bool."""
    far = (1 - CUT) * reach
    return np.concatenate([points >= far, points <= -far], axis=-1)


def outward(points: Array, triangles: np.ndarray) -> np.ndarray:
    """Triangles of a convex surface around the origin, counterclockwise seen from outside."""
    inward = np.linalg.det(points[triangles]) < 0
    return np.where(inward[:, None], triangles[:, ::-1], triangles)


def creases(points: Array, triangles: Array, angle: float) -> Array:
    """Edges (k, 3), with gaps, where the surface bends by more than `angle` degrees or ends."""
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.finfo(float).tiny)
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    owner = np.repeat(np.arange(len(triangles)), 3)
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    shared = np.append((edges[1:] == edges[:-1]).all(axis=1), False)
    second = np.roll(shared, 1)
    bend = (normals[owner] * normals[np.roll(owner, -1)]).sum(axis=1)
    kept = edges[~second & (~shared | (bend < np.cos(np.deg2rad(angle))))]
    gaps = np.full((len(kept), 1, points.shape[1]), np.nan)
    return np.concatenate([points[kept], gaps], axis=1).reshape(-1, points.shape[1])


def limits_of(reach: float) -> tuple[Range, Range]:
    """The window [-reach, reach] in both directions."""
    return (-reach, reach), (-reach, reach)
