"""Figures as they travel, back to numbers: the inverse of plotly's base64 arrays."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from convexviz.core.network import Array


def decoded(value: Any) -> Any:
    """`value`, a message or a figure from JSON, with arrays in place of all base64 in it; all else stays as it is."""
    if isinstance(value, Mapping):
        if "bdata" in value and "dtype" in value:
            return numbers(value)
        return {name: decoded(item) for name, item in value.items()}
    return [decoded(item) for item in value] if isinstance(value, list | tuple) else value


def numbers(value: Any) -> Array:
    """An array of floats from base64, a list (null is nan) or an array."""
    if isinstance(value, Mapping):
        flat = np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"]).newbyteorder("<"))
        shape = value.get("shape")
        return flat.astype(float).reshape([int(size) for size in shape.split(",")] if shape else -1)
    return np.array(value, dtype=float)
