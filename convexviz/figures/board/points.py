"""The points: dots, circles and squares of two classes, or discs in the colours of their values.

Where points have weights, the area of each is its weight, and those of weight 0, which are left out, are hollow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convexviz.core.network import Array

from ..inks import HIGH_VALUE, INK, LOW_VALUE, PAPER
from ..parts import told_name
from ..plane.tools import class_groups
from ..spec import Colorscale, Marker, Trace, Traces
from .canvas import Canvas, dots

SQUARE = 0.9  # of a circle's width: of about equal weight to the eye
SWELL = 0.4  # by how much a disc of the highest or the lowest value is larger than one of the middle
LEFT_OUT = "weight 0: left out"
HOLLOW = 1.8  # px of the edge of a point that is left out
VALUES: Colorscale = [[0.0, LOW_VALUE], [0.5, PAPER], [1.0, HIGH_VALUE]]  # opaque: those of the heat map on paper


def points(canvas: Canvas, axes: tuple[str, ...]) -> Traces:
    """All points, of each class by itself."""
    n = len(canvas.places)
    if not n:
        return []
    if canvas.mode == "plane-values" and canvas.third is not None:
        return _parted(canvas, np.ones(n, bool), lambda members: _valued(canvas, members, axes))
    groups = [(np.ones(n, bool), INK, "circle", "points")]
    if canvas.third is not None:
        groups = [group for group in class_groups(canvas.third) if group[0].any()]
    return [
        trace
        for members, color, symbol, name in groups
        for trace in _parted(
            canvas, members, lambda part, look=(color, symbol, name): _plain(canvas, part, axes, *look)
        )
    ]


def _parted(canvas: Canvas, members: Array, draw: Any) -> Traces:
    """The points that count, and hollow those that are left out."""
    if canvas.weights is None:
        return [draw(members)]
    counted, left_out = members & (canvas.weights > 0), members & (canvas.weights == 0)
    sized = [draw(counted)] if counted.any() else []
    return [*map(_by_weight, sized), *([_hollow(draw(left_out))] if left_out.any() else [])]


def _by_weight(trace: Trace) -> Trace:
    return trace | {"name": f"{trace['name']}, area by weight"}


def _hollow(trace: Trace) -> Trace:
    marker = trace["marker"]
    edge: Marker = {"symbol": f"{marker['symbol']}-open", "line": {"width": HOLLOW}}
    return trace | {"name": LEFT_OUT, "marker": marker | edge}


def _plain(canvas: Canvas, members: Array, axes: tuple[str, ...], color: str, symbol: str, name: str) -> Trace:
    share = SQUARE if symbol == "square" else 1
    trace = dots(canvas.places[members], name, color, symbol, 2 * canvas.radius * share)
    trace["marker"]["line"] = {"color": PAPER, "width": 1.5 if canvas.radius > 4 else 1.0}
    told = trace | {"hoverinfo": "all", "hovertemplate": _template(axes[:2], name)}
    if canvas.weights is None:
        return told
    told["marker"]["size"] = (2 * share * canvas.radii[members]).tolist()
    weights = canvas.weights[members]
    return told | {"customdata": weights, "hovertemplate": _said(axes, [("weight", "%{customdata:.4g}")], name)}


def _valued(canvas: Canvas, members: Array, axes: tuple[str, ...]) -> Trace:
    """Discs whose colour is that of their value in its range; their size grows to both ends of it, or is the weight."""
    assert canvas.third is not None
    values = canvas.third[members]
    low, high = canvas.z_range or (float(values.min()), float(values.max()))
    extent = (high - low) or 1.0
    sizes = 2 * canvas.radius * (1 + SWELL * np.minimum(1, np.abs(2 * values - low - high) / extent))
    if canvas.weights is not None:
        sizes = 2 * canvas.radii[members]
    marker: Marker = {"color": values, "cmin": low, "cmax": high, "colorscale": VALUES, "size": sizes.tolist()}
    trace = dots(canvas.places[members], "points, coloured by value", INK, "circle", 0)
    trace["marker"] |= marker | {"line": {"color": INK, "width": 1.4}}
    target = told_name(axes[2])
    if canvas.weights is None:
        return trace | {
            "customdata": values,
            "hoverinfo": "all",
            "hovertemplate": _said(axes, [(target, "%{customdata:.4g}")], ""),
        }
    told = [(target, "%{customdata[0]:.4g}"), ("weight", "%{customdata[1]:.4g}")]
    both = np.column_stack([values, canvas.weights[members]])
    return trace | {"customdata": both, "hoverinfo": "all", "hovertemplate": _said(axes, told, "")}


def _template(axes: tuple[str, ...], name: str) -> str:
    return _said(axes, [], name)


def _said(axes: tuple[str, ...], more: list[tuple[str, str]], name: str) -> str:
    """What is said of a point: where it is, and what else there is of it."""
    first, second = map(told_name, axes[:2])
    rows = [(first, "%{x:.4g}"), (second, "%{y:.4g}"), *more]
    return "<br>".join(f"{word} = {number}" for word, number in rows) + f"<extra>{name}</extra>"
