"""What is drawn on: the window, the points in it, and about how large a pixel of the page's board is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convexviz.core.network import Array, ReLUNetwork

from ..parts import Range
from ..spec import Dash, Line, Trace, Traces
from .drawn import Mode

Window = tuple[Range, Range]

HEIGHT, WIDTH = 340.0, 620.0  # px of the plot: sizes on the page are turned into units of the axes by them
AIR = 1.04  # of the way to the farthest point: axes of one scale show points outside of their window
GREATEST = 10.0  # a weight up to this is drawn in full; beyond, the greatest is, and the others are in proportion
LEAST_SHARE = 0.4  # of the usual radius, that the lightest points keep to be seen
CELL = 3.0  # px between the places at which a network in the plane is evaluated
PLANAR: tuple[Mode, ...] = ("plane", "plane-values", "plane-points")


@dataclass(frozen=True, eq=False)
class Canvas:
    """A board before anything is drawn.

    Attributes
    ----------
    places : (n, 2) points.
    third : (n,) class +1 or -1, or value; None where points have neither.
    mode : what the points are.
    window : limits of both axes.
    z_range : of the values of a `plane-values` board.
    network : what is drawn through the points, or None.
    weights : (n,) how often each point counts, None for once each; the area of a point is its weight.
    """

    places: Array
    third: Array | None
    mode: Mode
    window: Window
    z_range: Range | None
    network: ReLUNetwork | None
    weights: Array | None = None

    @property
    def planar(self) -> bool:
        """Whether the points lie in the plane of two inputs."""
        return self.mode in PLANAR

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the window."""
        (left, right), (low, high) = self.window
        return right - left, high - low

    @property
    def pixel(self) -> tuple[float, float]:
        """A pixel in the units of the axes: one scale for both in the plane."""
        width, height = self.extent
        return (height / HEIGHT,) * 2 if self.planar else (width / WIDTH, height / HEIGHT)

    def pixels(self, places: Array) -> Array:
        """Places (k, 2) in pixels from the lower left corner."""
        out: Array = (places - [limits[0] for limits in self.window]) / self.pixel
        return out

    @property
    def radius(self) -> float:
        """Of a point, in pixels."""
        n = len(self.places)
        return 3.0 if n > 500 else 4.0 if n > 150 else 5.5

    @cached_property
    def radii(self) -> Array:
        """Of each point, in pixels (n,); of one of weight 0, which is left out, the usual one."""
        n = len(self.places)
        if self.weights is None or not (self.weights > 0).any():
            return np.full(n, self.radius)
        most = float(self.weights.max())
        unit = min(max(1.0, most / GREATEST), most)  # the weight that is drawn at the usual size
        shares = np.where(self.weights > 0, np.maximum(LEAST_SHARE, np.sqrt(self.weights / unit)), 1.0)
        out: Array = self.radius * shares
        return out

    def covers(self, places: Array, within: float = 5.0) -> Array:
        """Radius of the first point that would hide each of the places (k, 2), 0 where none does."""
        apart = self.pixels(places)[:, None] - self.pixels(self.places)[None]
        near = np.hypot(*np.moveaxis(apart, -1, 0)) < within
        if not len(self.places):
            return np.zeros(len(places))
        out: Array = np.where(near.any(axis=1), self.radii[near.argmax(axis=1)], 0.0)
        return out

    def covered(self, places: Array, within: float = 5.0) -> Array:
        """Which of the places (k, 2) a point would hide: it stands within so many pixels."""
        apart = self.pixels(places)[:, None] - self.pixels(self.places)[None]
        hidden: Array = (np.hypot(*np.moveaxis(apart, -1, 0)) < within).any(axis=1)
        return hidden

    def inside(self, places: Array) -> Array:
        """Which of the places (k, 2) lie in the window."""
        low, high = np.array(self.window).T
        within: Array = ((places >= low) & (places <= high)).all(axis=1)
        return within

    @cached_property
    def grid(self) -> tuple[Array, Array]:
        """Evenly spaced places along both axes of the plane."""
        counts = (max(2, round(length / (CELL * self.pixel[0]))) for length in self.extent)
        xs, ys = (np.linspace(*limits, count) for limits, count in zip(self.window, counts, strict=True))
        return xs, ys


def widened(window: Window, places: Array) -> Window:
    """The window with both axes stretched by one factor until it holds all points."""
    limits = np.array(window)
    middle, half = limits.mean(axis=1), np.diff(limits, axis=1)[:, 0] / 2
    far = float((np.abs(places - middle) / half).max(initial=0.0))
    if far <= 1:
        return window
    low, high = middle - AIR * far * half, middle + AIR * far * half
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def stroke(
    places: Array, name: str, color: str, width: float = 2.0, dash: Dash = "solid", opacity: float = 1.0
) -> Trace:
    """A line through places (k, 2), with gaps where they are nan."""
    line: Line = {"color": color, "width": width, "dash": dash}
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": places[:, 0],
        "y": places[:, 1],
        "line": line,
        "opacity": opacity,
        "hoverinfo": "skip",
    }


def area(places: Array, name: str, color: str, opacity: float) -> Trace:
    """The inside of outlines (k, 2), with gaps between them, without an edge."""
    return stroke(places, name, color, 0.0) | {"fill": "toself", "fillcolor": shaded(color, opacity)}


def dots(places: Array, name: str, color: str, symbol: str, size: float) -> Trace:
    """Marks at places (k, 2), `size` pixels wide."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": places[:, 0],
        "y": places[:, 1],
        "marker": {"color": color, "symbol": symbol, "size": size},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def shaded(color: str, opacity: float) -> str:
    """A colour #rrggbb with an opacity."""
    if len(color) != 7 or not color.startswith("#"):
        raise ValueError(f"The colour of an area must have the form #rrggbb, got {color!r}.")
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def listed(traces: Traces) -> Traces:
    """Each thing once in the legend, and only what has a name."""
    seen: set[str] = set()
    out: Traces = []
    for trace in traces:
        line, marker = trace.get("line", {}), trace.get("marker", {})
        look = repr((trace.get("name"), line.get("color"), line.get("dash"), marker.get("symbol"), trace.get("fill")))
        out.append(trace | {"showlegend": bool(trace.get("name")) and look not in seen})
        seen.add(look)
    return out
