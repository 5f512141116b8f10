"""A network in the plane: its heat map, boundary and margins or level lines of values, lines where it breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from convexviz.core.network import Array, ReLUNetwork

from ..inks import INK, QUIET
from ..parts import Range
from ..plane.tools import heights, line_in_window
from ..sent.networks import network_of
from ..sent.typed import numbers
from ..spec import Colorscale, Trace, Traces
from ..theme import FIT, NEURON, OTHER_CLASS
from .canvas import Canvas, area, dots, shaded, stroke
from .drawn import Field, Ghost
from .levels import level_lines

FAINTEST, STRONGEST = 0.1, 0.45  # opacity of the heat map of classes at the boundary, and from the margins on
VALUES = 0.85  # opacity of the highest and the lowest value
MARGIN_LEVEL = 0.999  # just inside 1: where the network is 1 on a whole region, the margin is that region's edge
GRAIN = 2  # widths of break lines a pixel: neurons of about equal weight are one trace
LONG = 160.0  # px of a break line from which on it has two arrows


def heat(canvas: Canvas, title: str) -> Traces:
    """The network as colours: sign and size for classes, place in the range for values."""
    if canvas.network is None:
        return []
    xs, ys = canvas.grid
    z = heights(canvas.network, xs, ys)
    if not z.any():
        return []
    low, high = canvas.z_range or (-1.0, 1.0)
    base: Trace = {"type": "heatmap", "x": xs, "y": ys, "z": z, "zmin": low, "zmax": high, "zsmooth": "best"}
    base |= {"name": "", "colorscale": colours(canvas.z_range), "showscale": canvas.z_range is not None}
    base["hovertemplate"] = "%{x:.3g}, %{y:.3g}<br>f = %{z:.3g}<extra></extra>"
    if canvas.z_range is not None:
        base["colorbar"] = {"thickness": 12, "outlinewidth": 0, "xpad": 8, "ypad": 0, "title": {"text": title}}
    return [base]


def colours(z_range: Range | None) -> Colorscale:
    """Of the heat map: both classes from the boundary to the margins, or the values of a range."""
    end, middle = (STRONGEST, FAINTEST) if z_range is None else (VALUES, 0.0)
    return [
        [0.0, shaded(OTHER_CLASS, end)],
        [0.5, shaded(OTHER_CLASS, middle)],
        [0.5, shaded(FIT, middle)],
        [1.0, shaded(FIT, end)],
    ]


# ---------------------------------------------------------------- level lines


def levels(canvas: Canvas, network: ReLUNetwork, values: list[float]) -> Array:
    """Lines (k, 2), with gaps, on which the network takes one of the values."""
    xs, ys = canvas.grid
    z = heights(network, xs, ys)
    return np.vstack([level_lines(z, xs, ys, value, network.predict) for value in values])


def outlines(canvas: Canvas, boundary: bool, margins: bool) -> Traces:
    """Margins and boundary of classes, or level lines of values."""
    network = canvas.network
    if network is None:
        return []
    if canvas.z_range is not None:
        heights_ = levels(canvas, network, ticks(canvas.z_range))
        return [stroke(heights_, "level lines", INK, 1, opacity=0.4)] if margins else []
    edge = levels(canvas, network, [MARGIN_LEVEL, -MARGIN_LEVEL]) if margins else np.empty((0, 2))
    made = [stroke(edge, "margins f = ±1", INK, 1.2, "dash", 0.75)] if len(edge) else []
    zero = levels(canvas, network, [0.0]) if boundary or margins else np.empty((0, 2))
    return [*made, stroke(zero, "boundary f = 0", INK, 2.2)] if len(zero) else made


def ghost(canvas: Canvas, other: Ghost) -> Traces:
    """Another network's boundary, or its level lines."""
    values = [0.0] if canvas.z_range is None else ticks(canvas.z_range)
    lines = levels(canvas, network_of(other["network"]), values)
    return [stroke(lines, other.get("label", "pinned"), QUIET, 1.6, "dot")] if len(lines) else []


def field(canvas: Canvas, item: Field) -> Traces:
    """Where a function that comes as a grid is zero."""
    xs = np.linspace(*_ends(item.get("x", canvas.window[0])), item["nx"])
    ys = np.linspace(*_ends(item.get("y", canvas.window[1])), item["ny"])
    lines = level_lines(numbers(item["z"]).reshape(len(ys), len(xs)), xs, ys, 0.0)
    return [stroke(lines, item["label"], item["color"], 2, item["dash"], 0.8)] if len(lines) else []


def _ends(limits: Sequence[float]) -> Range:
    low, high = limits
    return low, high


def ticks(limits: Range, about: int = 6) -> list[float]:
    """Round values between the limits, about so many."""
    low, high = limits
    least = (high - low) / about
    power = 10.0 ** np.floor(np.log10(least))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= least * (1 - 1e-9))
    return [float(k * step) for k in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]


# ---------------------------------------------------------------- break lines


def breaks(canvas: Canvas) -> Traces:
    """The line on which each neuron switches: the wider, the larger its weight, dashed where that is negative.

    Triangles stand on it and point to where the neuron is active.
    """
    network = canvas.network
    if network is None or not network.width:
        return []
    strengths = network.w / np.abs(network.w).max()
    lines: dict[tuple[bool, float], list[Array]] = defaultdict(list)
    heads: dict[float, list[Array]] = defaultdict(list)
    for u, b, strength in zip(network.U, network.b, strengths, strict=True):
        ends = line_in_window(u, -b, canvas.window)
        if len(ends):
            weight = round(GRAIN * 4 * abs(strength)) / (GRAIN * 4)
            lines[strength < 0, weight].append(_apart(ends))
            size = (8 + (1 + 4 * weight) / 2) * canvas.pixel[0]
            long = np.hypot(*np.diff(canvas.pixels(ends), axis=0)[0]) > LONG
            feet = [ends[0] + t * (ends[1] - ends[0]) for t in ([0.2, 0.8] if long else [0.5])]
            heads[weight] += [_apart(triangle(foot, u, size)) for foot in feet]
    return [
        *(_break(np.vstack(lines[falls, weight]), falls, weight) for falls, weight in sorted(lines)),
        *(area(np.vstack(heads[weight]), "", NEURON, _opacity(weight)) for weight in sorted(heads)),
        *_keys({falls for falls, _ in lines}),
    ]


def _break(places: Array, falls: bool, weight: float) -> Trace:
    """Break lines of neurons of one sign and weight, as a share of the largest."""
    return stroke(places, "", NEURON, 1 + 4 * weight, "dash" if falls else "solid", 0.85 * _opacity(weight))


def _opacity(weight: float) -> float:
    return 0.45 + 0.55 * weight


def triangle(foot: Array, along: Array, size: float) -> Array:
    """A triangle (4, 2) that stands on `foot` and points `along`, a vector of length one."""
    aside = 0.6 * size * np.array([-along[1], along[0]])
    return np.array([foot + aside, foot + size * along, foot - aside, foot + aside])


def _apart(places: Array) -> Array:
    """The places, and a gap after them."""
    return np.vstack([places, [[np.nan, np.nan]]])


def _keys(falls: set[bool]) -> Traces:
    """Entries of the legend for the break lines of either sign of the weight."""
    words = {False: "break line → active side", True: "break line → active side, w < 0"}
    if len(falls) == 2:
        words[True] = "the same, w < 0"
    nowhere = np.full((1, 2), np.nan)
    keys: Traces = []
    for down in sorted(falls):
        look = dots(nowhere, words[down], NEURON, "triangle-up", 9) | {"mode": "lines+markers"}
        keys.append(look | {"line": {"color": NEURON, "width": 2.5, "dash": "dash" if down else "solid"}})
    return keys
