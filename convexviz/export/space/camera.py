"""Where a scene in space is seen from, and what is painted of it: pieces, each with its distance.

A point v of a scene is at q = (v - middle) / (upper - lower) * aspect; the camera, at `eye`, looks from there in the
direction of `center`. With `forward`, `right` and `up` of the camera a point is seen at

    (right . (q - eye), up . (q - eye)) / forward . (q - eye),

and is the farther away the larger `forward . (q - eye)` is, by which all pieces are sorted (the painter's algorithm).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convexviz.core.network import Array


@dataclass(frozen=True)
class Camera:
    """Where the scene is seen from, and its axes: the lower and the upper ends, and how long each is drawn."""

    eye: Array
    center: Array
    low: Array
    high: Array
    aspect: Array

    def placed(self, points: Array) -> Array:
        """Points (k, 3) of the data, in the units of the camera."""
        return ((points - (self.low + self.high) / 2) / (self.high - self.low)) * self.aspect

    def seen(self, points: Array) -> tuple[Array, Array]:
        """Where points (k, 3) of the data are seen, (k, 2), and how far away they are, (k,)."""
        forward = self.center - self.eye
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right = right / (np.linalg.norm(right) or 1.0)
        away = self.placed(points) - self.eye
        depth = away @ forward
        return np.column_stack([away @ right, away @ np.cross(right, forward)]) / depth[:, None], depth


@dataclass(frozen=True)
class Piece:
    """Something to paint: how far away it is, and the shape of plotly."""

    depth: float
    shape: Mapping[str, Any]


def flat(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "flat", "xref": "x", "yref": "y", "layer": "above", **shape}


def camera_of(scene: Mapping[str, Any], traces: list[Any]) -> Camera:
    ends = np.array([_ends(scene.get(f"{letter}axis") or {}, letter, traces) for letter in "xyz"])
    look = scene.get("camera") or {}
    eye, center = look.get("eye") or {}, look.get("center") or {}
    at = np.array([center.get(letter, 0.0) for letter in "xyz"], float)
    ratio = scene.get("aspectratio") or {}
    return Camera(
        np.array([eye.get(letter, default) for letter, default in zip("xyz", (1.5, 1.5, 1.0), strict=True)], float),
        at,
        ends[:, 0],
        ends[:, 1],
        np.array([ratio.get(letter, 1.0) for letter in "xyz"], float),
    )


def _ends(axis: Mapping[str, Any], letter: str, traces: list[Any]) -> tuple[float, float]:
    if axis.get("range") is not None:
        low, high = sorted(float(end) for end in axis["range"])
        return low, high
    values = [np.asarray(trace[letter], float).ravel() for trace in traces if trace.get(letter) is not None]
    held = np.concatenate([v[np.isfinite(v)] for v in values]) if values else np.empty(0)
    low, high = (float(held.min()), float(held.max())) if held.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)
