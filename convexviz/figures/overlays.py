"""What can be laid over `board_figure`: curves, bands and marks, in the colours that mean the same on every figure.

>>> from convexviz import figures
>>> figures.curve("y = x", [0.0, 1.0], [0.0, 1.0])["label"]
'y = x'
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convexviz.core.network import ReLUNetwork

from .board.drawn import Band
from .parts import Range
from .plane.tools import View, line_in_window
from .spec import Curve, Dash, Mark, MarkShape
from .theme import OVERLAY


def curve(
    label: str, x: ArrayLike, y: ArrayLike, color: str = OVERLAY, dash: Dash | None = "solid", width: float = 2.0
) -> Curve:
    """A line through x (k,), y (k,), with gaps where they are nan; in the legend unless its label is empty."""
    places = {"x": np.asarray(x, float), "y": np.asarray(y, float)}
    return {"id": label, "label": label, "color": color, "dash": dash, "width": width, **places}  # type: ignore[typeddict-item]


def network_curve(
    label: str, network: ReLUNetwork, across: Range, color: str = OVERLAY, dash: Dash = "dash", width: float = 2.0
) -> Curve:
    """Another network on the line, over the limits `across` of x."""
    t = np.unique(np.concatenate([across, np.clip(network.kinks(), *across)]))
    return curve(label, t, network.predict(t[:, None]), color, dash, width)


def line_curve(
    label: str, u: ArrayLike, b: float, view: View, color: str = OVERLAY, dash: Dash = "dash", width: float = 2.5
) -> Curve:
    """The break line {x : u . x + b = 0} of a neuron in the plane, as far as it runs through the window."""
    ends = line_in_window(np.asarray(u, float), -b, view)
    return curve(label, ends[:, 0], ends[:, 1], color, dash, width)


def band(label: str, x: ArrayLike, low: ArrayLike, high: ArrayLike, color: str = OVERLAY) -> Band:
    """The region between two lines over x (k,), from low (k,) to high (k,)."""
    x, low, high = (np.asarray(values, float) for values in (x, low, high))
    return {"id": label, "label": label, "x": x, "lo": low, "hi": high, "color": color}


def mark(
    label: str, x: float, y: float, color: str = OVERLAY, shape: MarkShape = "circle", size: float = 5.0, text: str = ""
) -> Mark:
    """A mark at (x, y); `size` is half its width in pixels, `text` what it says to a pointer."""
    where = {"x": float(x), "y": float(y), "size": size, "text": text or label}
    return {"id": label, "label": label, "color": color, "shape": shape, **where}  # type: ignore[typeddict-item]
