"""The board as a figure: points, network, regions, break lines, and the curves and sets that a lesson lays over them.

`board_spec` draws a board from the data that the page sends its browser; `board_figure` is the same for a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack, get_args

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from convexviz.core.network import Array, ReLUNetwork
from convexviz.data.validation import check_weights

from ..dates import dated
from ..inks import inked
from ..parts import Range, Spec, assembled, shown_name
from ..plane.tools import on_white
from ..sent.networks import Network, dimension, network_of
from ..spec import Axis, Layout, Legend, Traces
from ..theme import layout
from . import line, overlay, plane, points
from .canvas import PLANAR, Canvas, Window, listed, widened
from .drawn import Band, Drawn, Field, Ghost, Mode

__all__ = ["Band", "Drawn", "Field", "Ghost", "Mode", "Window", "board_figure", "board_spec"]

HEIGHT = 420
PAD = 0.12  # of the extent of the data, on each side of it
TITLES: dict[Mode, str] = {
    "regression": "Network on the line",
    "line-classes": "Classes on the line",
    "plane": "Classes in the plane",
    "plane-values": "Values in the plane",
    "plane-points": "Points in the plane",
}


def board_spec(
    X: ArrayLike,
    y: ArrayLike | None,
    *,
    mode: Mode,
    network: ReLUNetwork | Network | None = None,
    view: Window | None = None,
    z_range: Range | None = None,
    axes: Sequence[str] = (),
    title: str = "",
    height: int = HEIGHT,
    weights: ArrayLike | None = None,
    **drawn: Unpack[Drawn],
) -> Spec:
    """The board of points X, (n, 1) on the line and (n, 2) in the plane, as a figure that is complete.

    Parameters
    ----------
    y : (n,) values, or classes +1 and -1; None for points that have neither (`plane-points`).
    mode : `regression` and `line-classes` on the line; `plane` (classes), `plane-values` and `plane-points`.
    network : what is drawn through the points, if anything; it must take as many inputs as X has columns.
    view : limits of both axes; without it, those of the data with some air. In the plane both axes have one scale.
    z_range : limits of the values of `plane-values`.
    axes : names of the axes, and of the values; a `DayAxis` where an axis counts days since 1970: it shows dates.
    weights : (n,) how often each point counts, which is its area; None for once each. One of weight 0 is hollow.
    drawn : what else is drawn, see `Drawn`.

    Raises
    ------
    ValueError
        If X, y, mode and network do not belong together.
    """
    canvas = _weighted(_canvas(X, y, mode, network, view, z_range), weights)
    names = (*axes, *(("x₁", "x₂", "y") if canvas.planar else ("x", "y"))[len(axes) :])
    traces = listed(_plane_traces(canvas, names, drawn) if canvas.planar else _line_traces(canvas, names, drawn))
    words = title or TITLES[mode]
    page = layout(words, _alt(canvas, names, traces), _sides(canvas, names), height=height, showlegend=True)
    legend: Legend = {"orientation": "h", "x": 0.0, "y": -0.16, "yanchor": "top"}
    page |= {"legend": legend, "margin": {"l": 56, "r": 24, "t": 44, "b": 48}}
    if said := drawn.get("names"):
        ringed = _ringed(canvas, drawn)
        curves = drawn.get("curves", ())
        page["annotations"] = overlay.names(canvas, said, curves, bool(drawn.get("arrows")), ringed)
    return inked(dated(assembled([{} for _ in traces], traces, page), names[0], names[1]))


def board_figure(
    network: ReLUNetwork | Network | None,
    X: ArrayLike,
    y: ArrayLike | None = None,
    *,
    classes: bool = False,
    view: Window | None = None,
    z_range: Range | None = None,
    axes: Sequence[str] = (),
    title: str = "",
    height: int = HEIGHT,
    weights: ArrayLike | None = None,
    **drawn: Unpack[Drawn],
) -> go.Figure:
    """`board_spec` as a plotly figure, on white paper: a network and the points X (n, 1) or (n, 2) with their y.

    With `classes`, y holds the classes +1 and -1. Regions, margins and break lines are drawn unless switched off, as in
    `board_figure(net, X, y, classes=True, lines=False)`; a band, curves and marks are drawn as well when they are
    given. With `weights` (n,) the area of a point is its weight.
    """
    X = np.asarray(X, float)
    on_line = X.ndim == 2 and X.shape[1] == 1
    usual: Drawn = {"regions": classes or not on_line, "margins": classes or not on_line, "lines": not on_line}
    mode: Mode = "plane-points" if y is None else "plane" if classes else "plane-values"
    if on_line:
        mode = "line-classes" if classes else "regression"
    shown: Drawn = usual | drawn
    frame = {"view": view, "z_range": z_range, "axes": axes, "title": title, "height": height}
    spec = board_spec(X, y, mode=mode, network=network, weights=weights, **frame, **shown)  # type: ignore[arg-type]
    return on_white(spec)


# ---------------------------------------------------------------- what it is made of


def _canvas(
    X: ArrayLike,
    y: ArrayLike | None,
    mode: Mode,
    network: ReLUNetwork | Network | None,
    view: Window | None,
    z_range: Range | None,
) -> Canvas:
    if mode not in get_args(Mode):
        raise ValueError(f"mode must be one of {', '.join(get_args(Mode))}; got {mode!r}.")
    X, third = _points(X, y, mode)
    if network is not None and dimension(network) != X.shape[1]:
        raise ValueError(
            f"The network must take {X.shape[1]} inputs, as X has columns; it takes {dimension(network)}. "
            "Give the network that was trained on X."
        )
    net = None if network is None else network_of(network).at_origin()
    if mode not in PLANAR:
        assert third is not None
        places = np.column_stack([X[:, 0], third])
        window = view or _line_view(places, net, mode)
        return Canvas(places, np.sign(third) if mode == "line-classes" else None, mode, window, None, net)
    window = widened(view or (_limits(X[:, 0]), _limits(X[:, 1])), X)
    if mode == "plane-values" and z_range is None:
        z_range = _limits(np.concatenate([third, np.empty(0) if net is None else net.predict(X)]))
    return Canvas(X, third, mode, window, z_range if mode == "plane-values" else None, net)


def _weighted(canvas: Canvas, weights: ArrayLike | None) -> Canvas:
    """The canvas with weights of its points, none where all are 1."""
    if weights is None or not len(canvas.places):
        return canvas
    given = check_weights(weights, len(canvas.places)) if np.any(weights) else np.zeros(len(canvas.places))
    return canvas if (given == 1).all() else replace(canvas, weights=given)


def _points(X: ArrayLike, y: ArrayLike | None, mode: Mode) -> tuple[Array, Array | None]:
    X, d = np.asarray(X, float), 2 if mode in PLANAR else 1
    if X.ndim != 2 or X.shape[1] != d:
        raise ValueError(f"X must have shape (n, {d}) on a board of mode {mode!r}, got {X.shape}.")
    if y is None:
        if mode != "plane-points":
            raise ValueError(f"A board of mode {mode!r} needs y, one number for each point; got None.")
        return X, None
    third = np.asarray(y, float)
    if third.shape != (len(X),):
        raise ValueError(f"y must have shape ({len(X)},), one number for each row of X; got {third.shape}.")
    if mode in ("plane", "line-classes") and not (np.abs(third) == 1).all():
        raise ValueError("Classes must be +1 and -1; recode y, or draw it as values.")
    return X, None if mode == "plane-points" else third


def _line_view(places: Array, network: ReLUNetwork | None, mode: Mode) -> Window:
    across = _limits(places[:, 0])
    if mode == "line-classes":
        return across, (-2.0, 2.0)
    heights: Array = np.empty(0) if network is None else line.vertices(network, *across)[:, 1]
    return across, _limits(np.concatenate([places[:, 1], heights]))


def _limits(values: Array) -> Range:
    """Limits around values, with air on both sides."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (-1.0, 1.0)
    air = PAD * (high - low) or abs(high) or 1.0
    return low - air, high + air


def _line_traces(canvas: Canvas, names: tuple[str, ...], drawn: Drawn) -> Traces:
    """From below: what is drawn on the line."""
    return [
        *(line.regions(canvas) if drawn.get("regions") else []),
        *(trace for item in drawn.get("bands", ()) for trace in overlay.band(item)),
        *(trace for item in drawn.get("curves", ()) for trace in overlay.curve(item)),
        *(line.margins(canvas) if drawn.get("margins") else []),
        *line.fit(canvas, drawn.get("label", "network")),
        *line.kinks(canvas),
        *_around(canvas, names, drawn),
    ]


def _plane_traces(canvas: Canvas, names: tuple[str, ...], drawn: Drawn) -> Traces:
    """From below: what is drawn in the plane."""
    regions, margins = bool(drawn.get("regions")), bool(drawn.get("margins", canvas.z_range is not None))
    other = drawn.get("ghost")
    return [
        *(plane.heat(canvas, shown_name(names[2])) if regions else []),
        *(trace for item in drawn.get("bands", ()) for trace in overlay.band(item)),
        *(trace for item in drawn.get("curves", ()) for trace in overlay.curve(item)),
        *(trace for item in drawn.get("fields", ()) for trace in plane.field(canvas, item)),
        *(plane.ghost(canvas, other) if other else []),
        *plane.outlines(canvas, regions, margins),
        *(plane.breaks(canvas) if drawn.get("lines") else []),
        *(overlay.arrows(canvas, _ringed(canvas, drawn)) if drawn.get("arrows") else []),
        *_around(canvas, names, drawn),
    ]


def _around(canvas: Canvas, names: tuple[str, ...], drawn: Drawn) -> Traces:
    """Marks, rings and the points themselves."""
    ring = drawn.get("chosen")
    return [
        *overlay.marks(canvas, drawn.get("marks", ())),
        *overlay.support(canvas, drawn.get("support", ())),
        *(overlay.chosen(canvas, ring, drawn.get("chosen_label", "chosen point")) if ring is not None else []),
        *points.points(canvas, names),
    ]


def _ringed(canvas: Canvas, drawn: Drawn) -> Array:
    """Which points have a ring around them, (n,) of bool."""
    held = [*drawn.get("support", ()), *([drawn["chosen"]] if drawn.get("chosen") is not None else [])]
    ringed: Array = np.isin(np.arange(len(canvas.places)), held)
    return ringed


def _sides(canvas: Canvas, names: tuple[str, ...]) -> Layout:
    across: Axis = {"range": list(canvas.window[0]), "title": {"text": shown_name(names[0])}}
    up: Axis = {"range": list(canvas.window[1]), "title": {"text": shown_name(names[1])}}
    if canvas.planar:
        across |= {"constrain": "domain"}
        up |= {"constrain": "domain", "scaleanchor": "x", "scaleratio": 1}
    return {"xaxis": across, "yaxis": up}


def _alt(canvas: Canvas, names: tuple[str, ...], traces: Traces) -> str:
    """The figure in words: what the axes are, and what the legend names."""
    count = len(canvas.places)
    shown = [trace["name"] for trace in traces if trace["showlegend"] and not trace["name"].startswith("points")]
    many = f"{count} {'point' if count == 1 else 'points'}"
    return f"{names[1]} against {names[0]}: {'; '.join([many, *shown])}."
