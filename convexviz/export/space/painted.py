"""The traces of a scene as pieces: surfaces, meshes and cones as polygons, lines in short parts, marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from convexviz.core.network import Array

from ..presets import Preset
from .camera import Camera, Piece, flat
from .colours import rgb, scaled
from .within import clipped, segment

PIECES = 80  # of a line, each with a distance of its own
NEARER = 0.03  # of the scene: lines and marks on a surface lie this much before it
OPAQUE = 0.8  # from this opacity on a surface hides what is behind it
CONE_SIDES = 16


def _surface(trace: Any, camera: Camera, size: Preset) -> Iterable[Piece]:
    points = np.stack([trace["x"], trace["y"], trace["z"]], axis=-1)
    tints = trace["surfacecolor"]
    low, high = (trace.get(name, edge) for name, edge in (("cmin", np.nanmin(tints)), ("cmax", np.nanmax(tints))))
    levels = _levels(trace)
    for i in range(points.shape[0] - 1):
        for j in range(points.shape[1] - 1):
            corners = points[[i, i, i + 1, i + 1], [j, j + 1, j + 1, j]]
            if not np.isfinite(corners).all():
                continue
            tint = float(np.mean(tints[i : i + 2, j : j + 2]))
            colour = scaled(trace.get("colorscale") or [[0, "#0072B2"], [1, "#D55E00"]], tint, low, high)
            yield from _polygon(corners, colour, trace, camera, size)
            for level in levels:
                yield from _level(corners, level, trace["contours"]["z"], camera, size)


def _levels(trace: Any) -> list[float]:
    lines = (trace.get("contours") or {}).get("z") or {}
    if not lines.get("show"):
        return []
    return list(np.arange(lines["start"], lines["end"] + 1e-9, lines["size"]))


def _level(corners: Array, level: float, look: Mapping[str, Any], camera: Camera, size: Preset) -> Iterable[Piece]:
    """The line of one height on a cell."""
    ends = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (a[2] < level) != (b[2] < level):
            ends.append(a + (level - a[2]) / (b[2] - a[2]) * (b - a))
    if len(ends) == 2:
        line = {"color": look.get("color", "#444"), "width": 0.6 * look.get("width", 2) * size.lines}
        yield from _path(np.array(ends), {"line": line}, camera, near=NEARER / 2)


def _mesh(trace: Any, camera: Camera, size: Preset) -> Iterable[Piece]:
    points = np.stack([np.asarray(trace[letter], float) for letter in "xyz"], axis=-1)
    colour = rgb(trace.get("color") or "#0072B2")
    for corners in np.stack([np.asarray(trace[letter], int) for letter in "ijk"], axis=-1):
        yield from _polygon(points[corners], colour, trace, camera, size)


def _cone(trace: Any, camera: Camera, size: Preset) -> Iterable[Piece]:
    """Each cone as the triangles round its axis; with its tip, or else its middle, at the place."""
    colour = scaled(trace.get("colorscale") or [[0, "#0072B2"], [1, "#0072B2"]], 0.5, 0.0, 1.0)
    tips, ways = (np.stack([np.asarray(trace[n], float).ravel() for n in names], axis=-1) for names in ("xyz", "uvw"))
    for tip, way in zip(tips, ways, strict=True):
        length = float(np.linalg.norm(way)) * (trace.get("sizeref", 1.0) if trace.get("sizemode") == "raw" else 1.0)
        if not length:
            continue
        way = way / np.linalg.norm(way)
        tip = tip if trace.get("anchor") == "tip" else tip + way * length / 2
        side = np.cross(way, np.eye(3)[np.argmin(np.abs(way))])
        side = side / np.linalg.norm(side)
        angles = np.linspace(0, 2 * np.pi, CONE_SIDES + 1)[:, None]
        rim = tip - way * length + 0.35 * length * (np.cos(angles) * side + np.sin(angles) * np.cross(way, side))
        for a, b in pairwise(rim):
            yield from _polygon(np.array([tip, a, b]), colour, trace, camera, size)


def _polygon(corners: Array, colour: Array, trace: Any, camera: Camera, size: Preset) -> Iterable[Piece]:
    inside = clipped(corners, camera.low, camera.high)
    if len(inside) < 3:
        return
    light = trace.get("lighting") or {}
    a, b = camera.placed(corners[1]) - camera.placed(corners[0]), camera.placed(corners[-1]) - camera.placed(corners[0])
    normal = np.cross(a, b)
    towards = camera.eye - camera.placed(corners.mean(axis=0))
    cosine = abs(normal @ towards) / ((np.linalg.norm(normal) * np.linalg.norm(towards)) or 1.0)
    shade = min(light.get("ambient", 0.8) + light.get("diffuse", 0.4) * cosine, 1.1)
    opacity = float(trace.get("opacity", 1.0))
    r, g, b_ = (int(c) for c in np.clip(np.round(colour * shade), 0, 255))
    solid = f"rgb({r},{g},{b_})"
    # Neighbours share an edge, where two smooth edges would let the paper through; a line as thin hides that.
    look: dict[str, Any] = {"fillcolor": solid, "line": {"color": solid, "width": 0.8}}
    if opacity < OPAQUE:
        look = {"fillcolor": f"rgba({r},{g},{b_},{opacity:.3g})", "line": {"color": solid, "width": 0}}
    yield from _path(inside, look, camera, closed=True)


def _path(
    points: Array, look: Mapping[str, Any], camera: Camera, closed: bool = False, near: float = 0.0
) -> list[Piece]:
    seen, depth = camera.seen(points)
    steps = "L".join(f"{x:.5f},{y:.5f}" for x, y in seen)
    return [
        Piece(float(depth.mean()) - near, flat({"type": "path", "path": f"M{steps}{'Z' if closed else ''}", **look}))
    ]


def _scatter(trace: Any, camera: Camera, size: Preset) -> Iterable[Piece]:
    points = np.stack([np.asarray(trace[letter], float) for letter in "xyz"], axis=-1).reshape(-1, 3)
    mode = trace.get("mode", "lines+markers")
    if "lines" in mode:
        yield from _line(points, trace.get("line") or {}, camera, size)
    if "markers" in mode:
        yield from _marks(points, trace.get("marker") or {}, camera, size)


def _line(points: Array, look: Mapping[str, Any], camera: Camera, size: Preset) -> Iterable[Piece]:
    dash = look.get("dash") or "solid"
    style = {"color": look.get("color", "#444"), "width": 0.7 * look.get("width", 2) * size.lines, "dash": dash}
    most = max(1, len(points) // (PIECES if dash == "solid" else PIECES // 8))
    run: list[Array] = []
    for a, b in pairwise(points):
        ends = segment(a, b, camera.low, camera.high)
        if ends is None or len(run) > most or (run and not np.array_equal(run[-1], ends[0])):
            yield from _run(run, style, camera)
            run = run[-1:] if ends is not None and run and np.array_equal(run[-1], ends[0]) else []
        if ends is not None:
            run = [*(run or [ends[0]]), ends[1]]
    yield from _run(run, style, camera)


def _run(run: list[Array], style: Mapping[str, Any], camera: Camera) -> list[Piece]:
    return (
        _path(np.array(run), {"line": style, "fillcolor": "rgba(0,0,0,0)"}, camera, near=NEARER) if len(run) > 1 else []
    )


def _marks(points: Array, marker: Mapping[str, Any], camera: Camera, size: Preset) -> Iterable[Piece]:
    inside = ((points >= camera.low) & (points <= camera.high)).all(axis=1)  # what is nan is not
    seen, depth = camera.seen(points)
    symbol, colour, edge = marker.get("symbol"), marker.get("color", "#0072B2"), marker.get("line") or {}
    for i in map(int, np.flatnonzero(inside)):
        half = float(_one(marker.get("size", 6), i)) * size.marks / 2 * 1.3
        tint = _one(colour, i)
        if not isinstance(tint, str):
            low, high = marker.get("cmin", np.nanmin(colour)), marker.get("cmax", np.nanmax(colour))
            r, g, b = (int(c) for c in np.round(scaled(marker["colorscale"], float(tint), low, high)))
            tint = f"rgb({r},{g},{b})"
        line = {"color": _one(edge.get("color", tint), i), "width": float(edge.get("width", 0)) * size.lines}
        place = {"xanchor": float(seen[i, 0]), "yanchor": float(seen[i, 1]), "xsizemode": "pixel", "ysizemode": "pixel"}
        form = _symbol(str(_one(symbol, i) or "circle"), half)
        yield Piece(float(depth[i]) - 2 * NEARER, flat({**form, **place, "fillcolor": tint, "line": line}))


def _one(value: Any, i: int) -> Any:
    return value if isinstance(value, str | int | float) or value is None else value[i]


def _symbol(symbol: str, half: float) -> dict[str, Any]:
    """The shape of a mark in pixels round its place."""
    if symbol.startswith("circle"):
        return {"type": "circle", "x0": -half, "x1": half, "y0": -half, "y1": half}
    if symbol.startswith("diamond"):
        half *= 1.25
        return {"type": "path", "path": f"M{-half:.2f},0L0,{half:.2f}L{half:.2f},0L0,{-half:.2f}Z"}
    return {"type": "rect", "x0": -0.9 * half, "x1": 0.9 * half, "y0": -0.9 * half, "y1": 0.9 * half}


DRAWN = {"surface": _surface, "mesh3d": _mesh, "scatter3d": _scatter, "cone": _cone}
