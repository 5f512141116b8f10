"""Rows of small images, such as digits, neurons and residuals: each an array (h, w), as one trace of one figure.

Grey images run from the page's own colour (0) to its ink (the largest value), signed ones from OTHER_CLASS over the
page's colour (0) to FIT, the same distance to both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from convexviz.core.network import Array

from .geometry.tools import INK_VAR, PAGE_VAR, slide
from .spec import Annotation, Axis, Colorscale, Layout, Shape, Spec, Trace, Traces
from .theme import AXIS_FONT, FIT, OTHER_CLASS, layout

GAP = 0.14  # between images, of their width
EDGE = 0.02  # room for the outermost frames, of an image's width
ABOVE = 0.28  # room for a line of a title, of an image's height
STRIP = 0.12  # height of the strip below an image, of the image's
APART = 0.05  # between an image and its strip
GREY: Colorscale = [[0.0, PAGE_VAR], [1.0, INK_VAR]]
SIGNED: Colorscale = [[0.0, OTHER_CLASS], [0.5, PAGE_VAR], [1.0, FIT]]


def image_row_spec(
    images: ArrayLike,
    titles: Sequence[str] | None = None,
    signed: bool | Sequence[bool] = False,
    columns: int | None = None,
    height: int = 200,
    shared: bool = False,
    title: str = "",
    alt: str = "",
    lines: float = 1,
    strips: ArrayLike | None = None,
) -> Spec:
    """Images (k, h, w) with a title each, `columns` in a row (all, if None); above each is room for so many `lines`.

    Every image has a scale of its own, or with `shared` all grey ones have one and all signed ones another. `strips`
    (k, K) are signed numbers that belong to each image, drawn below it as a strip of K cells.
    """
    stack, signs, titles = _checked(images, titles, signed)
    most = _scales(stack, signs, shared)
    columns = columns or max(1, len(stack))
    k, h, w = stack.shape
    above, below = ABOVE * lines, 0.0 if strips is None else APART + STRIP
    places = [(j % columns * (1 + GAP) * w, j // columns * (1 + above + below) * h) for j in range(k)]
    traces: Traces = [
        _at(x + 0.5, y + 0.5, _image(stack[j], signs[j], most[j], titles[j])) for j, (x, y) in enumerate(places)
    ]
    if strips is not None:
        traces += _strips(np.asarray(strips, float), places, w, h, titles)
    rows = -(-k // columns)
    plain: Axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    right, bottom = (columns * (1 + GAP) - GAP) * w, (rows * (1 + above + below) - above) * h
    axes: Layout = {
        "xaxis": plain | {"range": [-EDGE * w, right + EDGE * w]},
        "yaxis": plain | {"range": [bottom + EDGE * w, -above * h], "scaleanchor": "x", "constraintoward": "top"},
    }
    frames = [_frame(x, y, w, h) for x, y in places]
    words = [_words(text, x + w / 2, y) for text, (x, y) in zip(titles, places, strict=True) if text]
    alt = alt or ", ".join(titles) or "images"
    page = layout(title, alt, axes, height=height, annotations=words, shapes=frames)
    page["margin"] = {"l": 4, "r": 4, "t": 30 if title else 4, "b": 4}
    return {"data": traces, "layout": page | {"uirevision": "images"}}


def image_row_figure(
    images: ArrayLike,
    titles: Sequence[str] | None = None,
    signed: bool | Sequence[bool] = False,
    columns: int | None = None,
    height: int = 200,
    shared: bool = False,
    title: str = "",
    lines: float = 1,
    strips: ArrayLike | None = None,
) -> go.Figure:
    """Small images in rows, such as digits and the neurons that look at them.

    Grey ones run from white (0) to black (the largest value), signed ones from orange over white (0) to blue.

    Parameters
    ----------
    images : (k, h, w) numbers.
    titles : one above each, None for none.
    signed : whether values have a sign, of all images or of each.
    columns : images in a row, all if None.
    height : pixels.
    shared : whether all images have one scale; else each has its own.
    title : over the figure.
    lines : lines of words that there is room for above an image.
    strips : (k, K) signed numbers that belong to each image, drawn below it as a strip of K cells.

    Raises ValueError for arrays of other shapes, and another number of titles or signs than of images.
    """
    return slide(image_row_spec(images, titles, signed, columns, height, shared, title, "", lines, strips))


def _checked(
    images: ArrayLike, titles: Sequence[str] | None, signed: bool | Sequence[bool]
) -> tuple[Array, list[bool], list[str]]:
    stack = np.asarray(images)
    if stack.ndim != 3:
        raise ValueError(f"images must have shape (k, h, w), got {stack.shape}; reshape rows of pixels to squares.")
    k = len(stack)
    signs = [bool(signed)] * k if isinstance(signed, bool | np.bool_) else [bool(s) for s in signed]
    titles = [""] * k if titles is None else [str(t) for t in titles]
    if not len(signs) == len(titles) == k:
        raise ValueError(
            f"titles and signed must be given for each of the {k} images, got {len(titles)} and {len(signs)}."
        )
    return stack, signs, titles


def _scales(stack: Array, signs: list[bool], shared: bool) -> list[float]:
    """The value of each image that has full colour; 1 for an empty one."""
    reach = [float(np.abs(image).max(initial=0.0)) for image in stack]
    if shared:
        best = {sign: max((r for r, s in zip(reach, signs, strict=True) if s == sign), default=0.0) for sign in signs}
        reach = [best[sign] for sign in signs]
    return [r or 1.0 for r in reach]


def _at(x: float, y: float, trace: Trace) -> Trace:
    """The image with its first pixel there."""
    place: Trace = {"x0": x, "y0": y}
    return place | trace


def _image(image: Array, signed: bool, most: float, name: str) -> Trace:
    return {
        "type": "heatmap",
        "z": _compact(image),
        "dx": 1,
        "dy": 1,
        "zmin": -most if signed else 0.0,
        "zmax": most,
        "colorscale": SIGNED if signed else GREY,
        "showscale": False,
        "name": name,
        "hovertemplate": "%{z:.3g}<extra></extra>",
    }


def _strips(strips: Array, places: list[tuple[float, float]], w: int, h: int, titles: Sequence[str]) -> Traces:
    """A row of K cells below each image, each with a scale of its own."""
    if strips.ndim != 2 or len(strips) != len(places):
        raise ValueError(f"strips must have shape ({len(places)}, K), a row for each image, got {strips.shape}.")
    cell = w / strips.shape[1]
    most = _scales(strips, [True] * len(strips), shared=False)
    return [
        _image(row[None, :], True, reach, f"{title} strip")
        | {"x0": x + cell / 2, "dx": cell, "y0": y + (1 + APART + STRIP / 2) * h, "dy": STRIP * h}
        | {"text": [list(range(len(row)))], "hovertemplate": "%{text}: %{z:.3g}<extra></extra>"}
        for row, reach, title, (x, y) in zip(strips, most, titles, places, strict=True)
    ]


def _compact(image: Array) -> Array:
    """Whole numbers up to 255 as bytes, all else in single precision."""
    small = image.size > 0 and image.min() >= 0 and image.max() <= 255 and (image == np.round(image)).all()
    return image.astype(np.uint8 if small else np.float32)


def _frame(x: float, y: float, w: int, h: int) -> Shape:
    """The edge of an image, whose outermost pixels often have the page's colour."""
    corners: Shape = {"x0": x, "y0": y, "x1": x + w, "y1": y + h, "xref": "x", "yref": "y"}
    edge: Shape = {"type": "rect", "line": {"color": "rgba(128, 128, 128, 0.4)", "width": 1}, "layer": "above"}
    return edge | corners


def _words(text: str, x: float, y: float) -> Annotation:
    place: Annotation = {"x": x, "y": y, "xref": "x", "yref": "y", "xanchor": "center", "yanchor": "bottom"}
    return place | {"text": text, "showarrow": False, "font": AXIS_FONT}
