"""The board's data and the protocol that keeps browser and server at one state.

The state is (gen, rev, points, labels or values, weights). The browser counts `rev` up at each change it makes; Python
counts `gen` up each time it replaces the data itself. A message is folded in if it speaks of the current `gen` and
brings a newer `rev`: late and repeated messages undo nothing, and a preset is never overwritten by a drag that began
before it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_changes

import numpy as np
from numpy.typing import ArrayLike

Message = Mapping[str, object]  # a `PointsMessage`, until each part of it was checked

MAX_COORDINATE = 1e12  # far beyond any axis, far below where squares overflow
UNREADABLE = "The board sent a message that could not be read; draw on to send it again."
LEAST_WEIGHT, MOST_WEIGHT = 1e-12, 1e12  # of a point that is not left out
MAX_REVISION = 2**53  # largest integer the browser counts to


@dataclass(frozen=True)
class Limits:
    """What a message may contain: number of points, and whether each has a class of +1 or -1, or a real value.

    Where the points are `fixed`, they may move, and their number stays what it is; where they are `weighted`, each may
    count more or less than once.
    """

    max_points: int = 200
    labelled: bool = False
    valued: bool = False
    fixed: bool = False
    weighted: bool = False


@dataclass(frozen=True)
class Refusal:
    """A message that was not folded in: its revision and the reason, in words for the person who draws."""

    rev: int
    reason: str


@dataclass(frozen=True, eq=False)
class BoardState:
    """Points on the board: `points` of shape (n, 2), `labels` in {+1, -1} and real `values` of shape (n,) or None.

    `weights` of shape (n,) say how often each point counts, None once each. All arrays are read-only.
    """

    gen: int = 1
    rev: int = 0
    live: bool = False
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    labels: np.ndarray | None = None
    refused: Refusal | None = None
    values: np.ndarray | None = None
    weights: np.ndarray | None = None

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=float).reshape(-1, 2)
        labels = None if self.labels is None else np.array(self.labels, dtype=int).reshape(-1)
        if not np.isfinite(points).all():
            raise ValueError("Points on the board must be finite; drop the rows that hold NaN or infinity.")
        if labels is not None and (len(labels) != len(points) or not np.isin(labels, (-1, 1)).all()):
            raise ValueError(f"Labels must be +1 or -1, one per point: got {len(labels)} for {len(points)} points.")
        values = None if self.values is None else np.array(self.values, dtype=float).reshape(-1)
        if values is not None and (len(values) != len(points) or not np.isfinite(values).all()):
            raise ValueError(f"Values must be finite, one per point: got {len(values)} for {len(points)} points.")
        weights = None if self.weights is None else np.array(self.weights, dtype=float).reshape(-1) + 0.0
        if weights is not None and (len(weights) != len(points) or not (np.isfinite(weights) & (weights >= 0)).all()):
            raise ValueError(f"Weights must be 0 or above, one per point: got {len(weights)} for {len(points)} points.")
        if weights is not None and (weights == 1.0).all():
            weights = None  # one state for what means the same
        for name, array in (("points", points), ("labels", labels), ("values", values), ("weights", weights)):
            if array is not None:
                array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.points)


def replace(
    state: BoardState,
    points: ArrayLike,
    labels: ArrayLike | None = None,
    values: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> BoardState:
    """Data set by Python (preset, file, link): a new generation, which the browser takes over."""
    labels, values, weights = _optional(labels), _optional(values), _optional(weights)
    return BoardState(state.gen + 1, state.rev + 1, False, np.asarray(points), labels, values=values, weights=weights)


def fold(state: BoardState, message: object, limits: Limits) -> BoardState:
    """State after a message from the browser; a malformed one changes nothing but `refused`."""
    if not isinstance(message, Mapping):
        return with_changes(state, refused=Refusal(state.rev, UNREADABLE))
    try:
        gen, rev = _revision(message, "gen"), _revision(message, "rev")
    except ValueError as error:
        return with_changes(state, refused=Refusal(state.rev, str(error)))
    if gen != state.gen or rev <= state.rev:
        return state
    try:
        points, labels, values = _points(message, limits), _labels(message, limits), _values(message, limits)
        weights = _weights(message, limits)
        if limits.fixed and len(points) != len(state):
            raise ValueError(
                f"The number of points on this board stays {len(state)}: they move, none is added or removed."
            )
    except ValueError as error:
        return with_changes(state, refused=Refusal(rev, str(error)))
    live = message.get("live") is True
    return BoardState(gen, rev, live, points, labels, values=values, weights=weights)


def picked(state: BoardState, message: object) -> int | None:
    """The index that a click on a point brought, if it is one of a point of `state`'s generation."""
    if not isinstance(message, Mapping):
        return None
    index = message.get("index")
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(state):
        return None
    return index if message.get("gen") == state.gen else None


def _optional(values: ArrayLike | None) -> np.ndarray | None:
    return None if values is None else np.asarray(values)


def _revision(message: Message, name: str) -> int:
    value = message.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_REVISION:
        raise ValueError(UNREADABLE)
    return value


def _points(message: Message, limits: Limits) -> np.ndarray:
    rows = message.get("points")
    if not isinstance(rows, list) or not all(_is_pair(row) for row in rows):
        raise ValueError("Every point must be a pair of finite numbers; the last change was not taken over.")
    if len(rows) > limits.max_points:
        raise ValueError(f"The board holds at most {limits.max_points} points; the last change was not taken over.")
    return np.array(rows, dtype=float).reshape(-1, 2)


def _is_pair(row: object) -> bool:
    return isinstance(row, list) and len(row) == 2 and all(_is_coordinate(value) for value in row)


def _is_coordinate(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= MAX_COORDINATE if isinstance(value, float) else abs(value) <= 10**12


def _count(message: Message) -> int:
    rows = message.get("points")
    return len(rows) if isinstance(rows, list) else 0


def _labels(message: Message, limits: Limits) -> np.ndarray | None:
    if not limits.labelled:
        return None
    labels = message.get("labels")
    if not isinstance(labels, list) or len(labels) != _count(message):
        raise ValueError("Every point needs a class; the last change was not taken over.")
    if not all(isinstance(label, int) and not isinstance(label, bool) and abs(label) == 1 for label in labels):
        raise ValueError("Classes must be +1 or -1; the last change was not taken over.")
    return np.array(labels, dtype=int)


def _values(message: Message, limits: Limits) -> np.ndarray | None:
    if not limits.valued:
        return None
    values = message.get("values")
    if not isinstance(values, list) or len(values) != _count(message):
        raise ValueError("Every point needs a value; the last change was not taken over.")
    if not all(_is_coordinate(value) for value in values):
        raise ValueError("Values must be finite numbers; the last change was not taken over.")
    return np.array(values, dtype=float)


def _weights(message: Message, limits: Limits) -> np.ndarray | None:
    """Weights where the board has them; a message without any means 1 each."""
    weights = message.get("weights")
    if not limits.weighted or weights is None:
        return None
    if not isinstance(weights, list) or len(weights) != _count(message):
        raise ValueError("Every point needs a weight; the last change was not taken over.")
    if not all(_is_weight(value) for value in weights):
        raise ValueError(
            f"Weights must be 0, or from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}; the last change was not taken over."
        )
    return np.array(weights, dtype=float)


def _is_weight(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value == 0 or LEAST_WEIGHT <= value <= MOST_WEIGHT
