"""The points: dots, circles and squares of two classes, or discs in the colours of their values."""

from __future__ import annotations

import numpy as np

from convexviz.core.network import Array

from ..inks import HIGH_VALUE, INK, LOW_VALUE, PAPER
from ..parts import told_name
from ..plane.tools import class_groups
from ..spec import Colorscale, Marker, Trace, Traces
from .canvas import Canvas, dots

SQUARE = 0.9  # of a circle's width: of about equal weight to the eye
SWELL = 0.4  # by how much a disc of the highest or the lowest value is larger than one of the middle
VALUES: Colorscale = [[0.0, LOW_VALUE], [0.5, PAPER], [1.0, HIGH_VALUE]]  # opaque: those of the heat map on paper


def points(canvas: Canvas, axes: tuple[str, ...]) -> Traces:
    """All points, of each class by itself."""
    if not len(canvas.places):
        return []
    if canvas.third is None:
        return [_plain(canvas, canvas.places, axes, "points", INK, "circle", 2 * canvas.radius)]
    if canvas.mode == "plane-values":
        return [_valued(canvas, canvas.third, axes)]
    groups = [group for group in class_groups(canvas.third) if group[0].any()]
    width = 2 * canvas.radius
    return [
        _plain(canvas, canvas.places[members], axes, name, color, symbol, width * (SQUARE if symbol == "square" else 1))
        for members, color, symbol, name in groups
    ]


def _plain(
    canvas: Canvas, places: Array, axes: tuple[str, ...], name: str, color: str, symbol: str, size: float
) -> Trace:
    trace = dots(places, name, color, symbol, size)
    trace["marker"]["line"] = {"color": PAPER, "width": 1.5 if canvas.radius > 4 else 1.0}
    return trace | {"hoverinfo": "all", "hovertemplate": _template(axes[:2], name)}


def _valued(canvas: Canvas, values: Array, axes: tuple[str, ...]) -> Trace:
    """Discs whose colour is that of their value in its range, and whose size grows to both ends of it."""
    low, high = canvas.z_range or (float(values.min()), float(values.max()))
    extent = (high - low) or 1.0
    sizes = 2 * canvas.radius * (1 + SWELL * np.minimum(1, np.abs(2 * values - low - high) / extent))
    marker: Marker = {"color": values, "cmin": low, "cmax": high, "colorscale": VALUES, "size": sizes.tolist()}
    trace = dots(canvas.places, "points, coloured by value", INK, "circle", 0)
    trace["marker"] |= marker | {"line": {"color": INK, "width": 1.4}}
    words = "<br>".join(
        [_template(axes[:2], "").removesuffix("<extra></extra>"), f"{told_name(axes[2])} = %{{customdata:.4g}}"]
    )
    return trace | {"customdata": values, "hoverinfo": "all", "hovertemplate": f"{words}<extra></extra>"}


def _template(axes: tuple[str, ...], name: str) -> str:
    first, second = map(told_name, axes)
    return f"{first} = %{{x:.4g}}<br>{second} = %{{y:.4g}}<extra>{name}</extra>"
