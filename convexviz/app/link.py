"""Drawn points as text for a link, and back.

A point is (x, y); for classification y is the label, +1 or −1. The view is the board's frame (x_lo, x_hi, y_lo, y_hi):
coordinates are quantised over it, stretched where a point lies outside. Labels take a bit each if the view's y range is
given as (−1, 1), and then come back exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convexviz.data.link import LinkError, decode_columns, encode_columns

View = tuple[float, float, float, float]

EMPTY = "none"  # a board from which everything was removed, as against "", points that nobody drew


def points_to_text(points: ArrayLike, view: View) -> str:
    """Text for points of shape (n, 2) on a board that shows `view`.

    Raises LinkError for more points than a link holds, and for values or a view that it cannot.
    """
    array = np.asarray(points, dtype=float).reshape(-1, 2)
    if not len(array):
        return EMPTY
    lows = np.minimum(array.min(axis=0), [view[0], view[2]])
    highs = np.maximum(array.max(axis=0), [view[1], view[3]])
    return encode_columns(array, lows, highs)


def text_to_points(text: str) -> tuple[NDArray[np.float64], View]:
    """Points of shape (n, 2) and the view; LinkError (a ValueError) for damaged text."""
    if text == EMPTY:
        return np.empty((0, 2)), (-1.0, 1.0, -1.0, 1.0)
    points, lows, highs = decode_columns(text)
    if points.shape[1] != 2:
        raise LinkError(f"The points must have two coordinates each, got {points.shape[1]}; copy the whole link again.")
    return points, (float(lows[0]), float(highs[0]), float(lows[1]), float(highs[1]))


def holds_labels(text: str) -> bool:
    """Are the y of these points all labels, +1 or −1?"""
    points, _ = text_to_points(text)
    return bool((np.abs(points[:, 1]) == 1.0).all())
