"""Few points with small numbers, so that everything about them can be computed on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """Points (x, y), or x and a class, and the losses that go with them, the first one first."""

    title: str
    points: tuple[tuple[float, float], ...]
    losses: tuple[str, ...]


VALUES = ("squared", "interpolate")

PRESETS: Mapping[str, Preset] = {
    "three": Preset("Three points", ((0, 0), (1, 3), (3, 0)), VALUES),
    "five": Preset("Five points", ((0, 1), (1, 4), (2, 2), (4, 4), (6, 2)), VALUES),
    "classes": Preset("Two classes", ((0, -1), (1, 1), (2, -1), (6, 1)), ("hinge",)),
}
