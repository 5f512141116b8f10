"""Drawn points as text for a link, and back.

On the line a point is (x, y), in the plane (x1, x2) with a value; for classification y or the value is the label, +1 or
−1. The view is the board's frame, a low and a high for each column: (x_lo, x_hi, y_lo, y_hi), in the plane with
(z_lo, z_hi) of the values after them, stretched where a point lies outside. Numbers come back bit for bit; labels take
a bit each if the range of their column is given as (−1, 1).

Points that do not all count once have their weights behind a full stop, a text of one column of its own. Behind these
may stand the names of the columns, each after a tilde and a letter: n for numbers, d for dates
("...~dday~nprice (€)"). Names that cannot be read are left out; they never make the points unreadable.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convexviz.data import exact_link
from convexviz.data.link import LinkError
from convexviz.figures.dates import DayAxis

View = tuple[float, float, float, float]
PlaneView = tuple[float, float, float, float, float, float]
Floats = NDArray[np.float64]

EMPTY = "none"  # a board from which everything was removed, as against "", points that nobody drew
WEIGHTS = "."  # stands before them: no letter of a text
MARK = "~"  # before each name; no text of points or weights has one
KINDS = {"n": str, "d": DayAxis}
LONGEST = 60  # characters of a name
POINT_HOLDS = {2: "two coordinates", 3: "two coordinates and a value"}


def points_to_text(points: ArrayLike, view: View) -> str:
    """Text for points of shape (n, 2) on a board that shows `view`.

    Raises LinkError for more points than a link holds, and for values or a view that it cannot.
    """
    return _write(np.asarray(points, dtype=float).reshape(-1, 2), view)


def text_to_points(text: str) -> tuple[Floats, View]:
    """Points of shape (n, 2) and the view; LinkError (a ValueError) for damaged text and for points of the plane."""
    points, (x_lo, x_hi, y_lo, y_hi) = _read(text, 2)
    return points, (x_lo, x_hi, y_lo, y_hi)


def weighted_points(text: str) -> tuple[Floats, View]:
    """`text_to_points` of a text whose points may have weights, which are checked too."""
    return text_to_points(split_weights(text)[0])


def holds_labels(text: str) -> bool:
    """Are the y of these points all labels, +1 or −1?"""
    points, _ = text_to_points(split_weights(text)[0])
    return _all_labels(points[:, 1])


def plane_to_text(points: ArrayLike, values: ArrayLike, view: PlaneView) -> str:
    """Text for points of shape (n, 2) and their values (n,) on a board that shows `view`; LinkError as above."""
    places = np.asarray(points, dtype=float).reshape(-1, 2)
    return _write(np.column_stack([places, np.asarray(values, dtype=float)]), view)


def text_to_plane(text: str) -> tuple[Floats, Floats, PlaneView]:
    """Points (n, 2), their values (n,) and the view; LinkError for damaged text and for points of the line."""
    columns, (x_lo, x_hi, y_lo, y_hi, z_lo, z_hi) = _read(text, 3)
    return columns[:, :2], columns[:, 2], (x_lo, x_hi, y_lo, y_hi, z_lo, z_hi)


def weighted_plane(text: str) -> tuple[Floats, Floats, PlaneView]:
    """`text_to_plane` of a text whose points may have weights, which are checked too."""
    return text_to_plane(split_weights(text)[0])


def plane_holds_labels(text: str) -> bool:
    """Are the values of these points of the plane all labels, +1 or −1?"""
    _, values, _ = text_to_plane(split_weights(text)[0])
    return _all_labels(values)


def with_weights(text: str, weights: ArrayLike | None) -> str:
    """The text of points followed by their weights (n,); where all are 1, or None, it stays as it is.

    Raises LinkError for weights that a link cannot hold.
    """
    if weights is None or (np.asarray(weights, dtype=float) == 1.0).all():
        return text
    column = np.asarray(weights, dtype=float) + 0.0
    if not (column >= 0.0).all():
        raise LinkError(f"Weights must be 0 or above, got {column.min():g}; use 0 to leave a point out.")
    return text + WEIGHTS + exact_link.encode(column[:, None], [0.0], [max(1.0, float(column.max()))])


def split_weights(text: str) -> tuple[str, Floats | None]:
    """The text of the points alone, and their weights (n,), None for 1 each; LinkError for damaged weights."""
    plain = without_names(text)
    points, stop, rest = plain.partition(WEIGHTS)
    if not stop:
        return plain, None
    columns, _, _ = exact_link.decode(rest)
    weights, n = columns[:, 0], 0 if points == EMPTY else len(exact_link.decode(points)[0])
    if columns.shape != (n, 1) or with_weights(points, weights) != plain:
        raise LinkError(
            f"A link's weights must be 0 or above, one for each of its {n} points, got {len(weights)} of another kind; "
            "copy the whole link again, or start from a preset."
        )
    return points, weights


def with_names(points: str, names: Sequence[str]) -> str:
    """The text of points with the names of their columns, the target's last."""
    return points + "".join(f"{MARK}{'d' if isinstance(name, DayAxis) else 'n'}{spelled(name)}" for name in names)


def names_in(text: str, count: int) -> tuple[str, ...]:
    """The names behind the points, if there are `count` that can be shown; else none."""
    _, *marked = text.split(MARK)
    fits = all(name[:1] in KINDS and 1 < len(name) <= LONGEST + 1 and name.isprintable() for name in marked)
    return tuple(KINDS[name[0]](name[1:]) for name in marked) if fits and len(marked) == count else ()


def spelled(name: str) -> str:
    """A name as a link holds it: printable, on one line, not too long."""
    plain = "".join(char if char.isprintable() else " " for char in name.replace(MARK, "-")).strip()
    return plain[:LONGEST] or "?"


def without_names(text: str) -> str:
    """The text of points, and of their weights, alone."""
    return text.split(MARK)[0]


def _write(columns: Floats, view: Sequence[float]) -> str:
    if not len(columns):
        return EMPTY
    lows = np.minimum(columns.min(axis=0), view[::2])
    highs = np.maximum(columns.max(axis=0), view[1::2])
    return exact_link.encode(columns, lows, highs)


def _read(text: str, k: int) -> tuple[Floats, list[float]]:
    """Columns (n, k) and the view over them."""
    text = without_names(text)
    if WEIGHTS in text:
        raise LinkError(
            "The points must count once each here, got weights; open the link on the page that it was made on."
        )
    if text == EMPTY:
        return np.empty((0, k)), [-1.0, 1.0] * k
    columns, lows, highs = exact_link.decode(text)
    if columns.shape[1] != k:
        raise LinkError(
            f"The points must have {POINT_HOLDS[k]} each, got {columns.shape[1]} columns; "
            "open the link on the page that it was made on, or copy the whole link again."
        )
    return columns, np.column_stack([lows, highs]).ravel().tolist()


def _all_labels(values: Floats) -> bool:
    return bool((np.abs(values) == 1.0).all())
