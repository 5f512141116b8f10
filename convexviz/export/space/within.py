"""What of a polygon or a stroke lies within the box of the axes."""

from __future__ import annotations

import numpy as np

from convexviz.core.network import Array


def clipped(corners: Array, low: Array, high: Array) -> Array:
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


def segment(a: Array, b: Array, low: Array, high: Array) -> Array | None:
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
