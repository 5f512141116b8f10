"""Axes and colours that hold still over a whole film: each reaches over what all frames show.

Where a figure leaves a range to plotly, every frame would get its own, and the picture would jump.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from convexviz.core.network import Array
from convexviz.figures.sent.typed import decoded
from convexviz.figures.spec import Spec

AXIS = re.compile(r"([xy])axis(\d*)$")
AIR = 0.05  # of the range, on either side of marks and lines
FILLED = {"heatmap": ("zmin", "zmax"), "contour": ("zmin", "zmax"), "surface": ("cmin", "cmax")}  # coloured by numbers
IN_SPACE = {"scatter3d", "surface", "mesh3d", "cone"}

Pair = tuple[float, float]


def held_still(frames: Sequence[Spec]) -> list[Spec]:
    """The frames of one picture, all with the same ranges on their axes and of their colours."""
    plain = [decoded(frame) for frame in frames]
    axes = _flat_axes(plain)
    space = _space_axes(plain)
    colours = _colours(plain)
    return [_held(frame, axes, space, colours) for frame in plain]


def _held(frame: Mapping[str, Any], axes: Any, space: Any, colours: Mapping[int, Any]) -> Any:
    layout = dict(frame["layout"])
    layout |= {name: {**(layout.get(name) or {}), **fixed} for name, fixed in axes.items()}
    if space:
        scene = layout.get("scene") or {}
        layout["scene"] = scene | {name: {**(scene.get(name) or {}), **fixed} for name, fixed in space.items()}
    data = [{**trace, **colours.get(place, {})} for place, trace in enumerate(frame["data"])]
    return {"data": data, "layout": layout}


# ---------------------------------------------------------------- axes


def _flat_axes(frames: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = {name for frame in frames for name in _axes_of(frame)}
    return {name: fixed for name in sorted(names) if (fixed := _fixed(name, frames))}


def _axes_of(frame: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in frame["layout"] if AXIS.match(name))
    for trace in _shown(frame):
        if trace.get("type", "scatter") not in IN_SPACE:
            yield from (f"{letter}axis{_number(trace, letter)}" for letter in "xy")


def _fixed(name: str, frames: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What holds the axis still: a range, or the order of its categories."""
    letter, number = AXIS.match(name).groups()  # type: ignore[union-attr]
    axes = [frame["layout"].get(name) or {} for frame in frames]
    on = [[trace for trace in _shown(frame) if _is_on(trace, letter, number)] for frame in frames]
    if axes[0].get("type") == "category":
        return _categories([trace for traces in on for trace in traces], letter)
    log = axes[0].get("type") == "log"
    pairs = [_range(axis, traces, letter, log) for axis, traces in zip(axes, on, strict=True)]
    return _union([pair for pair in pairs if pair], backwards=_backwards(axes))


def _number(trace: Mapping[str, Any], letter: str) -> str:
    return (trace.get(f"{letter}axis") or letter).removeprefix(letter)


def _is_on(trace: Mapping[str, Any], letter: str, number: str) -> bool:
    return trace.get("type", "scatter") not in IN_SPACE and _number(trace, letter) == number


def _range(axis: Mapping[str, Any], traces: Sequence[Mapping[str, Any]], letter: str, log: bool) -> Pair | None:
    if axis.get("range") is not None:
        low, high = sorted(float(end) for end in axis["range"])
        return low, high
    values = np.concatenate([np.empty(0), *(_places(trace, letter) for trace in traces)])
    if log:
        values = np.log10(values[values > 0])
    if not values.size:
        return None
    air = 0.0 if all(trace.get("type") in FILLED for trace in traces) else AIR * (np.ptp(values) or 1.0)
    return float(values.min() - air), float(values.max() + air)


def _places(trace: Mapping[str, Any], letter: str) -> Array:
    """Where the trace reaches to on an axis."""
    values = trace.get(letter)
    if trace.get("type") in FILLED:
        return _edges(trace, values, letter)
    found = _finite(values)
    down = letter == "y" and trace.get("fill") == "tozeroy"
    return np.append(found, 0.0) if down and found.size else found


def _edges(trace: Mapping[str, Any], values: Any, letter: str) -> Array:
    """A map is drawn to the far edges of its outer cells."""
    count = np.shape(trace["z"])[0 if letter == "y" else 1]
    step = float(trace.get(f"d{letter}", 1.0))
    at = _finite(values) if values is not None else trace.get(f"{letter}0", 0.0) + step * np.arange(count)
    half = abs(at[1] - at[0]) / 2 if at.size > 1 and trace["type"] == "heatmap" else 0.0
    return np.array([at.min() - half, at.max() + half]) if at.size else at


def _finite(values: Any) -> Array:
    if values is None or any(isinstance(value, str) for value in np.ravel(np.asarray(values, dtype=object))):
        return np.empty(0)
    flat = np.asarray(values, dtype=float).ravel()
    return flat[np.isfinite(flat)]


def _union(pairs: Sequence[Pair], backwards: bool = False) -> dict[str, Any]:
    if not pairs:
        return {}
    ends = [min(low for low, _ in pairs), max(high for _, high in pairs)]
    return {"range": ends[::-1] if backwards else ends, "autorange": False}


def _backwards(axes: Iterable[Mapping[str, Any]]) -> bool:
    first = next(iter(axes))
    ends = first.get("range")
    return first.get("autorange") == "reversed" or (ends is not None and ends[0] > ends[1])


def _categories(traces: Iterable[Mapping[str, Any]], letter: str) -> dict[str, Any]:
    """All categories of the film, in the order of the frame with the most of them."""
    lists = sorted((list(map(str, trace.get(letter, ()))) for trace in traces), key=len, reverse=True)
    names = [name for name in dict.fromkeys(name for names in lists for name in names) if name != "None"]
    if not names:
        return {}
    order = {"categoryorder": "array", "categoryarray": names}
    return {**order, "range": [-0.5, len(names) - 0.5], "autorange": False}


def _shown(frame: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [trace for trace in frame["data"] if trace.get("visible", True) is True]


# ---------------------------------------------------------------- space and colours


def _space_axes(frames: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    made = {}
    for letter in "xyz":
        pairs = [pair for frame in frames if (pair := _space_range(frame, letter))]
        if fixed := _union(pairs):
            made[f"{letter}axis"] = fixed
    return made


def _space_range(frame: Mapping[str, Any], letter: str) -> Pair | None:
    axis = (frame["layout"].get("scene") or {}).get(f"{letter}axis") or {}
    traces = [trace for trace in _shown(frame) if trace.get("type") in IN_SPACE]
    if axis.get("range") is not None:
        return _range(axis, traces, letter, log=False)
    values = np.concatenate([np.empty(0), *(_finite(trace.get(letter)) for trace in traces)])
    return (float(values.min()), float(values.max())) if values.size else None


def _colours(frames: Sequence[Mapping[str, Any]]) -> dict[int, Any]:
    """By the place of a trace, the range of its colours, where it is left to plotly in some frame."""
    made: dict[int, Any] = {}
    for place in range(max(len(frame["data"]) for frame in frames)):
        traces = [frame["data"][place] for frame in frames if place < len(frame["data"])]
        ends = FILLED.get(traces[0].get("type", "scatter"))
        if ends and any(trace.get(ends[0]) is None for trace in traces):
            values = np.concatenate([_finite(_coloured(trace)) for trace in traces])
            if values.size:
                made[place] = {ends[0]: float(values.min()), ends[1]: float(values.max())}
    return made


def _coloured(trace: Mapping[str, Any]) -> Any:
    return trace["surfacecolor"] if trace.get("surfacecolor") is not None else trace.get("z")
