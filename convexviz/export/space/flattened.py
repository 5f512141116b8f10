"""Scenes in space as flat vectors: what plotly would draw as a bitmap is projected, shaded and painted far to near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..presets import Preset, Theme
from .box import walls_of, window_of
from .camera import camera_of
from .coarse import coarser
from .painted import DRAWN


def is_solid(spec: Mapping[str, Any]) -> bool:
    """Whether the figure is a scene in space."""
    return any(trace.get("type") in DRAWN for trace in spec["data"])


def flattened(spec: Mapping[str, Any], colours: Theme, size: Preset, room: tuple[float, float]) -> dict[str, Any]:
    """The figure with its scene as shapes and notes in the plane, on `room` pixels; one without a scene as it is.

    Shapes are called "flat", and have the widths and sizes of the preset.
    """
    if not is_solid(spec):
        return {"data": list(spec["data"]), "layout": dict(spec["layout"])}
    scene = spec["layout"].get("scene") or {}
    solid = [trace for trace in spec["data"] if _is_seen(trace)]
    camera = camera_of(scene, solid)
    pieces = [piece for trace in coarser(solid) for piece in DRAWN[trace["type"]](trace, camera, size)]
    pieces.sort(key=lambda piece: -piece.depth)
    window, pixels = window_of(camera, size, room)
    walls, notes = walls_of(scene, camera, colours, size, pixels)
    page = {name: value for name, value in spec["layout"].items() if name != "scene"} | window
    page["shapes"] = [*walls, *(piece.shape for piece in pieces)]
    page["annotations"] = [*page.get("annotations", ()), *notes]
    rest = [trace for trace in spec["data"] if trace.get("type") not in DRAWN]
    return {"data": [*rest, {"type": "scatter", "mode": "markers", "x": [], "y": []}], "layout": page}


def _is_seen(trace: Any) -> bool:
    held = trace.get("visible", True) is True and trace.get("z") is not None
    return trace.get("type") in DRAWN and held and np.size(trace["z"]) > 0
