"""Colours as numbers: of their names, and of values on a scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from convexviz.core.network import Array


def rgb(colour: str) -> Array:
    """Red, green and blue, 0 to 255, of "#rgb", "#rrggbb", "rgb(...)", "rgba(...)" or a grey of its name."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])
        return np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)], float)
    if colour.startswith("rgb"):
        return np.array([float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]])
    return np.full(3, {"white": 255.0, "black": 0.0}.get(colour, 128.0))


def scaled(scale: Any, value: float, low: float, high: float) -> Array:
    """The colour of a value on a scale of places in [0, 1] and colours."""
    at = float(np.clip((value - low) / ((high - low) or 1.0), 0.0, 1.0))
    places = [float(place) for place, _ in scale]
    k = int(np.clip(np.searchsorted(places, at, side="right") - 1, 0, len(places) - 2))
    share = (at - places[k]) / ((places[k + 1] - places[k]) or 1.0)
    return (1 - share) * rgb(scale[k][1]) + share * rgb(scale[k + 1][1])
