"""The box around a scene: grids on the walls behind it, ticks and titles along three edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convexviz.core.network import Array

from ..presets import Preset, Theme
from ..ticks import number, round_numbers
from ..words import levelled, width
from .camera import Camera, flat

TICKS = 5  # of an axis, about
CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)


def window_of(camera: Camera, size: Preset, room: tuple[float, float]) -> tuple[dict[str, Any], float]:
    """Axes in the plane, unseen, on which the box and its labels fill the room, and the pixels of their unit."""
    seen, _ = camera.seen(camera.low + CORNERS * (camera.high - camera.low))
    low, high = seen.min(axis=0), seen.max(axis=0)
    labels = np.array([5.5, 5.0]) * size.text  # ticks and titles outside of the box, on both sides
    scale = float(np.min((np.array(room) - labels) / (high - low)))
    middle, half = (low + high) / 2, np.array(room) / scale / 2
    hidden = {"visible": False, "fixedrange": True}
    spans = [[float(m - h), float(m + h)] for m, h in zip(middle, half, strict=True)]
    return {"xaxis": {**hidden, "range": spans[0]}, "yaxis": {**hidden, "range": spans[1]}}, scale


def walls_of(
    scene: Mapping[str, Any], camera: Camera, colours: Theme, size: Preset, pixels: float
) -> tuple[list[Any], list[Any]]:
    """Grids on the three walls behind everything, and what stands along three edges of the box."""
    eye = camera.eye - camera.center
    far = np.where(eye > 0, camera.low, camera.high)
    near = np.where(eye > 0, camera.high, camera.low)
    floor = camera.low[2] if eye[2] >= 0 else camera.high[2]
    shapes: list[Any] = []
    notes: list[Any] = []
    for k, letter in enumerate("xyz"):
        axis, edge = scene.get(f"{letter}axis") or {}, _edge(k, near, far, floor, camera)
        ticks = _apart(_ticks(axis, camera.low[k], camera.high[k]), axis, k, edge, camera, size, pixels)
        for value in [camera.low[k], *ticks, camera.high[k]]:
            shapes += [_rule(k, value, other, far, camera, colours, size) for other in range(3) if other != k]
        notes += _labels(axis, k, ticks, edge, camera, size)
    return shapes, notes


def _apart(
    ticks: list[float], axis: Mapping[str, Any], k: int, edge: Array, camera: Camera, size: Preset, pixels: float
) -> list[float]:
    """Every first, second, third … tick: the first step at which no label meets the next."""
    at = pixels * camera.seen(_on_edge(edge, k, ticks))[0] if ticks else np.empty((0, 2))
    wide = np.array([width(text, size.text) for text in _texts(axis, ticks)])
    for step in range(1, len(ticks) + 1):
        gaps = np.abs(np.diff(at[::step], axis=0))
        if ((gaps[:, 0] > wide[::step][1:] + 0.3 * size.text) | (gaps[:, 1] > 1.15 * size.text)).all():
            return ticks[::step]
    return ticks[:1]


def _on_edge(edge: Array, k: int, values: list[float]) -> Array:
    places = np.repeat(edge[:1], len(values), axis=0)
    places[:, k] = values
    return places


def _ticks(axis: Mapping[str, Any], low: float, high: float) -> list[float]:
    if axis.get("tickvals") is not None:
        return [float(v) for v in axis["tickvals"] if low <= v <= high]
    edge = 0.03 * (high - low)  # two labels of one corner would lie on each other
    return round_numbers(low + edge, high - edge, min(int(axis.get("nticks") or TICKS), TICKS))[0]


def _rule(k: int, value: float, other: int, far: Array, camera: Camera, colours: Theme, size: Preset) -> Any:
    """The line of a wall at a value of axis k, along the axis `other`."""
    ends = np.array([far, far])
    ends[:, k] = value
    ends[:, other] = camera.low[other], camera.high[other]
    seen, _ = camera.seen(ends)
    path = "L".join(f"{x:.5f},{y:.5f}" for x, y in seen)
    line = {"color": colours.grid, "width": size.text / 20}
    return flat({"type": "path", "path": f"M{path}", "line": line, "layer": "below"})


def _edge(k: int, near: Array, far: Array, floor: float, camera: Camera) -> Array:
    """The ends of the edge along which the labels of axis k stand: below for x and y, at the left for z."""
    if k < 2:
        ends = np.array([near, near])
        ends[:, 2] = floor
        ends[:, k] = camera.low[k], camera.high[k]
        return ends
    sides = [
        np.array([[*side, camera.low[2]], [*side, camera.high[2]]]) for side in ((near[0], far[1]), (far[0], near[1]))
    ]
    return min(sides, key=lambda ends: float(camera.seen(ends)[0][:, 0].mean()))


def _labels(
    axis: Mapping[str, Any], k: int, ticks: list[float], edge: Array, camera: Camera, size: Preset
) -> list[dict[str, Any]]:
    """Tick labels and title of an axis, outside of the box."""
    middle = camera.seen((camera.low + camera.high)[None, :] / 2)[0][0]
    ends, _ = camera.seen(edge)
    along = ends[1] - ends[0]
    out = np.array([along[1], -along[0]])
    out = out / (np.linalg.norm(out) or 1.0) * np.sign(out @ (ends.mean(axis=0) - middle) or 1.0)
    texts = _texts(axis, ticks)
    notes = []
    widest = 0.0
    for at, text in zip(camera.seen(_on_edge(edge, k, ticks))[0], texts, strict=True):
        wide = width(text, size.text)
        widest = max(widest, wide)
        notes.append(_note(text, at, out, (0.7 * size.text, wide / 2), size))
    title = axis.get("title") or {}
    name = levelled(title if isinstance(title, str) else title.get("text") or "")
    reach = 1.7 * size.text + abs(out[0]) * widest
    return [*notes, _note(name, ends.mean(axis=0), out, (reach, width(name, size.text) / 2), size)] if name else notes


def _texts(axis: Mapping[str, Any], ticks: list[float]) -> list[str]:
    if axis.get("ticktext") is not None and axis.get("tickvals") is not None:
        named = dict(zip([float(v) for v in axis["tickvals"]], axis["ticktext"], strict=False))
        return [levelled(str(named[value])) for value in ticks]
    return [number(value, abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0) for value in ticks]


def _note(text: str, at: Array, out: Array, reach: tuple[float, float], size: Preset) -> dict[str, Any]:
    gap, half = reach
    shift = {
        "xshift": float(out[0] * gap + np.sign(out[0]) * min(1.0, 2 * abs(out[0])) * half),
        "yshift": float(out[1] * gap),
    }
    place = {"x": float(at[0]), "y": float(at[1]), "xref": "x", "yref": "y", "xanchor": "center", "yanchor": "middle"}
    return {"name": "flat", "text": text, "showarrow": False, **place, **shift, "font": {"size": 12}}
