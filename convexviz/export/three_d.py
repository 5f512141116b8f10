"""Scenes in space as flat vectors: what plotly would draw as a bitmap is projected, shaded and painted far to near.

A point v of a scene is at q = (v - middle) / (upper - lower) * aspect; the camera, at `eye`, looks from there in the
direction of `center`. With `forward`, `right` and `up` of the camera a point is seen at

    (right . (q - eye), up . (q - eye)) / forward . (q - eye),

and is the farther away the larger `forward . (q - eye)` is, by which all pieces are sorted (the painter's algorithm).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from convexviz.core.network import Array

from .presets import Preset, Theme
from .ticks import number, round_numbers
from .words import levelled, width

KINDS = {"surface", "mesh3d", "scatter3d", "cone"}
MOST = 2000  # polygons of a picture; of a surface with more, some of its lines are left out
FEWEST = 500  # of them are for surfaces, whatever else there is
PIECES = 80  # of a line, each with a distance of its own
NEARER = 0.03  # of the scene: lines and marks on a surface lie this much before it
OPAQUE = 0.8  # from this opacity on a surface hides what is behind it
CONE_SIDES = 16
TICKS = 5  # of an axis, about
CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)


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


def is_solid(spec: Mapping[str, Any]) -> bool:
    """Whether the figure is a scene in space."""
    return any(trace.get("type") in KINDS for trace in spec["data"])


def flattened(spec: Mapping[str, Any], colours: Theme, size: Preset, room: tuple[float, float]) -> dict[str, Any]:
    """The figure with its scene as shapes and notes in the plane, on `room` pixels; one without a scene as it is.

    Shapes are called "flat", and have the widths and sizes of the preset.
    """
    if not is_solid(spec):
        return {"data": list(spec["data"]), "layout": dict(spec["layout"])}
    scene = spec["layout"].get("scene") or {}
    solid = [trace for trace in spec["data"] if _is_seen(trace)]
    camera = _camera(scene, solid)
    pieces = [piece for trace in _coarser(solid) for piece in DRAWN[trace["type"]](trace, camera, size)]
    pieces.sort(key=lambda piece: -piece.depth)
    window, pixels = _window(camera, size, room)
    walls, notes = _walls(scene, camera, colours, size, pixels)
    page = {name: value for name, value in spec["layout"].items() if name != "scene"} | window
    page["shapes"] = [*walls, *(piece.shape for piece in pieces)]
    page["annotations"] = [*page.get("annotations", ()), *notes]
    rest = [trace for trace in spec["data"] if trace.get("type") not in KINDS]
    return {"data": [*rest, {"type": "scatter", "mode": "markers", "x": [], "y": []}], "layout": page}


def _is_seen(trace: Any) -> bool:
    held = trace.get("visible", True) is True and trace.get("z") is not None
    return trace.get("type") in KINDS and held and np.size(trace["z"]) > 0


def _camera(scene: Mapping[str, Any], traces: list[Any]) -> Camera:
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


# ---------------------------------------------------------------- what is painted


def _coarser(traces: list[Any]) -> list[Any]:
    """The traces with surfaces of so few lines that all have no more than MOST polygons; the largest yields first."""
    most = max(FEWEST, MOST - sum(len(trace["i"]) for trace in traces if trace["type"] == "mesh3d"))
    steps = {k: 1 for k, trace in enumerate(traces) if trace["type"] == "surface"}

    def cells(k: int) -> int:
        n, m = np.shape(traces[k]["z"])
        return -(-(n - 1) // steps[k]) * -(-(m - 1) // steps[k])

    while sum(map(cells, steps)) > most:
        steps[max(steps, key=lambda k: (cells(k), k))] += 1
    return [_every(trace, steps[k]) if k in steps else trace for k, trace in enumerate(traces)]


def _every(trace: Any, step: int) -> Any:
    z = np.asarray(trace["z"], float)
    x, y = (_spread(trace.get(letter), z.shape, along) for letter, along in (("x", 1), ("y", 0)))
    rows, columns = (np.unique([*range(0, n, step), n - 1]) for n in z.shape)
    cut = np.ix_(rows, columns)
    colour = trace.get("surfacecolor")
    tint = z if colour is None else np.asarray(colour, float).reshape(z.shape)
    return {**trace, "x": x[cut], "y": y[cut], "z": z[cut], "surfacecolor": tint[cut]}


def _spread(values: Any, shape: tuple[int, ...], along: int) -> Array:
    if values is None:
        values = np.arange(shape[along])
    values = np.asarray(values, float)
    if values.ndim == 2:
        return values
    return np.broadcast_to(values if along == 1 else values[:, None], shape)


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
    inside = _clipped(corners, camera.low, camera.high)
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
        Piece(float(depth.mean()) - near, _flat({"type": "path", "path": f"M{steps}{'Z' if closed else ''}", **look}))
    ]


def _flat(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "flat", "xref": "x", "yref": "y", "layer": "above", **shape}


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
        ends = _segment(a, b, camera.low, camera.high)
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
        yield Piece(float(depth[i]) - 2 * NEARER, _flat({**form, **place, "fillcolor": tint, "line": line}))


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


# ---------------------------------------------------------------- what lies within the axes


def _clipped(corners: Array, low: Array, high: Array) -> Array:
    """The polygon within the box of the axes (Sutherland & Hodgman, 1974)."""
    if ((corners >= low) & (corners <= high)).all():
        return corners
    for axis in range(3):
        for sign, end in ((1.0, low[axis]), (-1.0, -high[axis])):
            kept: list[Array] = []
            for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
                over, next_over = sign * a[axis] - end, sign * b[axis] - end
                if over >= 0:
                    kept.append(a)
                if (over >= 0) != (next_over >= 0):
                    kept.append(a + over / (over - next_over) * (b - a))
            if not kept:
                return np.empty((0, 3))
            corners = np.array(kept)
    return corners


def _segment(a: Array, b: Array, low: Array, high: Array) -> Array | None:
    """The part of a stroke within the box of the axes (Liang & Barsky, 1984)."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    begin, end = 0.0, 1.0
    for way, room in zip(np.concatenate([a - b, b - a]), np.concatenate([a - low, high - a]), strict=True):
        if way == 0 and room < 0:
            return None
        if way < 0:
            begin = max(begin, room / way)
        elif way > 0:
            end = min(end, room / way)
    if begin > end:
        return None
    first = a if begin == 0.0 else a + begin * (b - a)
    return np.array([first, b if end == 1.0 else a + end * (b - a)])


# ---------------------------------------------------------------- colours


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


# ---------------------------------------------------------------- box, ticks and titles


def _window(camera: Camera, size: Preset, room: tuple[float, float]) -> tuple[dict[str, Any], float]:
    """Axes in the plane, unseen, on which the box and its labels fill the room, and the pixels of their unit."""
    seen, _ = camera.seen(camera.low + CORNERS * (camera.high - camera.low))
    low, high = seen.min(axis=0), seen.max(axis=0)
    labels = np.array([5.5, 5.0]) * size.text  # ticks and titles outside of the box, on both sides
    scale = float(np.min((np.array(room) - labels) / (high - low)))
    middle, half = (low + high) / 2, np.array(room) / scale / 2
    hidden = {"visible": False, "fixedrange": True}
    spans = [[float(m - h), float(m + h)] for m, h in zip(middle, half, strict=True)]
    return {"xaxis": {**hidden, "range": spans[0]}, "yaxis": {**hidden, "range": spans[1]}}, scale


def _walls(
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
    return _flat({"type": "path", "path": f"M{path}", "line": line, "layer": "below"})


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
