"""What lies over or around the points: curves, bands, marks; arrows from the origin, rings, names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from convexviz.core.network import Array

from ..inks import INK, PAPER
from ..parts import shown_name, told_name
from ..sent.typed import numbers
from ..spec import Annotation, Curve, Mark, Traces
from ..theme import DUAL, OVERLAY
from .canvas import Canvas, area, dots, shaded, stroke
from .drawn import Band
from .plane import triangle

BAND = 0.2  # opacity of a band
FILL = 0.15  # opacity of a filled curve that names none
MARK = 5.0  # px, half the size of a mark
# Symbols of plotly for the shapes of marks, and their size to be of about equal weight to the eye.
SHAPES = {"circle": ("circle", 1.0), "square": ("square", 0.88), "diamond": ("diamond", 0.92), "cross": ("x", 1.0)}
SHAPES["star"] = ("star", 1.04)
HEAD = 11.0  # px of an arrow's head
CLEAR = 2.0  # px between an arrow and its point
NAME = 14  # px of a name's letters
TURNS = np.deg2rad([0, 45, -45, 90, -90, 135, -135, 180])  # from the best place of a name to the others
FEW = 8  # corners of a curve up to which it is straight lines, which names keep off
STRIDES = 40  # places on each of these


def band(item: Band) -> Traces:
    """The region between two lines."""
    x, low, high = (numbers(item[name]) for name in ("x", "lo", "hi"))
    if not len(x):
        return []
    outline = np.column_stack([np.append(x, x[::-1]), np.append(high, low[::-1])])
    return [area(outline, item["label"], item["color"], BAND)]


def curve(item: Curve) -> Traces:
    """A line, or a closed outline and its inside."""
    places = np.column_stack([numbers(item["x"]), numbers(item["y"])])
    if not np.isfinite(places).all(axis=1).any():
        return []
    filled = item.get("fill", False)
    if filled or item.get("closed", False):
        places = places[np.isfinite(places).all(axis=1)]
        places = np.vstack([places, places[:1]])
    opacity = item.get("opacity", FILL if filled else 1.0)
    look = stroke(places, item.get("label", ""), item["color"], item.get("width", 2.0), item.get("dash") or "solid")
    if filled:
        return [look | {"fill": "toself", "fillcolor": shaded(item["color"], opacity)}]
    return [look | {"opacity": opacity}]


def marks(canvas: Canvas, items: Sequence[Mark]) -> Traces:
    """Marks in the window; one that a point would hide becomes a halo around it."""
    made: Traces = []
    for item in items:
        place = np.array([[item["x"], item["y"]]], float)
        if not canvas.inside(place)[0]:
            continue
        half = item.get("size", MARK)
        half = max(half, 1.75 * float(canvas.covers(place)[0]))
        symbol, scale = SHAPES[item.get("shape", "circle")]
        trace = dots(place, item["label"], item["color"], symbol, 2 * scale * half)
        trace["marker"]["line"] = {"color": PAPER, "width": 1.2}
        made.append(trace | {"hoverinfo": "all", "hovertemplate": f"{told_name(item['text'])}<extra></extra>"})
    return made


# ---------------------------------------------------------------- what belongs to points


def arrows(canvas: Canvas, ringed: Array) -> Traces:
    """An arrow from the origin to every point, and the origin."""
    pixel = canvas.pixel[0]
    shafts, heads = [np.empty((0, 2))], [np.empty((0, 2))]
    gap = [np.nan, np.nan]
    for place, rings in zip(canvas.places, ringed, strict=True):
        full = float(np.hypot(*place))
        tip = max(0.0, full - (canvas.radius + CLEAR + 6 * rings) * pixel)
        along = place / full if full else np.zeros(2)
        base = max(0.0, tip - HEAD * pixel)
        shafts.append(np.array([np.zeros(2), (base if base else tip) * along, gap]))
        if base:
            heads.append(np.vstack([triangle(base * along, along, HEAD * pixel * 1.0), gap]))
    origin = dots(np.zeros((1, 2)), "", PAPER, "circle", 6.4)
    origin["marker"]["line"] = {"color": INK, "width": 1.4}
    shaft = stroke(np.vstack(shafts), "", INK, 1.8)
    return [shaft, stroke(np.vstack(heads), "", INK, 0.5) | {"fill": "toself", "fillcolor": INK}, origin]


def support(canvas: Canvas, held: Sequence[int]) -> Traces:
    """Two rings around each point whose v is not zero."""
    known = [i for i in held if i < len(canvas.places)]
    if not known:
        return []
    places, radii = canvas.places[known], canvas.radii[known]
    rings = [dots(places, "", DUAL, "circle-open", 2 * (canvas.radius + out)) for out in (6, 3)]
    for ring, out in zip(rings, (6, 3), strict=True):
        if canvas.weights is not None:
            ring["marker"]["size"] = (2 * (radii + out)).tolist()
        ring["marker"]["line"] = {"width": 1.5}
    return [rings[0], rings[1] | {"name": "support vector"}]


def chosen(canvas: Canvas, i: int, label: str) -> Traces:
    """A ring around one point."""
    if not 0 <= i < len(canvas.places):
        return []
    looks = (("", PAPER, 6.0), (label, OVERLAY, 3.0))
    size = 2 * (float(canvas.radii[i]) + 4)
    rings = [dots(canvas.places[[i]], name, color, "circle-open", size) for name, color, _ in looks]
    for ring, (_, _, width) in zip(rings, looks, strict=True):
        ring["marker"]["line"] = {"width": width}
    return rings


# ---------------------------------------------------------------- names


def names(
    canvas: Canvas, words: Sequence[str], curves: Sequence[Curve], arrows: bool, ringed: Array
) -> list[Annotation]:
    """Names beside the points, each where it hides no other point or name and no straight line."""
    from_origin = [np.linspace([0.0, 0.0], place, STRIDES) for place in canvas.places] if arrows else []
    busy = canvas.pixels(np.vstack([canvas.places, *from_origin, *_straight(curves)]))
    made: list[Annotation] = []
    for word, place, rings in zip(words, canvas.places, ringed, strict=False):
        if word:
            away = float(np.arctan2(place[1], place[0])) if arrows and place.any() else np.pi / 4
            reach = canvas.radius + (8 if rings else 2) + 5
            half = np.array([4.0 * len(word), NAME / 2])
            at = canvas.pixels(place[None])[0]
            angle = _free(at, away, reach, half, busy)
            busy = np.vstack([busy, at + _middle(angle, reach, half)])
            made.append(_name(word, place, reach * _towards(angle), angle))
    return made


def _free(at: Array, away: float, reach: float, half: Array, busy: Array) -> float:
    """In which direction from its point a name stands: the first in which least is hidden."""
    hidden = [int((np.abs(busy - at - _middle(away + t, reach, half)) < half + 2).all(axis=1).sum()) for t in TURNS]
    return float(away + TURNS[int(np.argmin(hidden))])


def _towards(angle: float) -> Array:
    return np.array([np.cos(angle), np.sin(angle)])


def _side(angle: float) -> Array:
    """-1, 0 or 1 across and up: on which side of its point a name stands, which keeps it off when letters grow."""
    return np.round(_towards(angle))


def _middle(angle: float, reach: float, half: Array) -> Array:
    """Where the middle of a name is, in pixels from its point."""
    middle: Array = reach * _towards(angle) + _side(angle) * half
    return middle


def _name(word: str, place: Array, shift: Array, angle: float) -> Annotation:
    across, up = _side(angle).astype(int).tolist()
    sides: dict[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
    heights: dict[int, Literal["bottom", "middle", "top"]] = {1: "bottom", 0: "middle", -1: "top"}
    return {
        "x": float(place[0]),
        "y": float(place[1]),
        "text": f"<i>{shown_name(word)}</i>",
        "showarrow": False,
        "font": {"size": NAME},
        "xshift": float(shift[0]),
        "yshift": float(shift[1]),
        "xanchor": sides[across],
        "yanchor": heights[up],
    }


def _straight(curves: Sequence[Curve]) -> list[Array]:
    """Places on the curves that are a few straight lines."""
    lines = [np.column_stack([numbers(item["x"]), numbers(item["y"])]) for item in curves if not item.get("fill")]
    ends = [(a, b) for line in lines if len(line) <= FEW for a, b in pairwise(line)]
    return [np.linspace(a, b, STRIDES) for a, b in ends if np.isfinite([a, b]).all()]
