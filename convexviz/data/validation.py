"""What training data must satisfy: X of shape (n, d), y of shape (n,), real, finite, labels in {-1, +1}.

Every message says what must hold, what came, and what to do. The checks run on every step of a drag, so the way
through them that raises nothing is a handful of numpy calls (some 10 microseconds for 50 points).
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

REAL_KINDS = "biuf"  # numpy's letters for booleans, integers and floats
NAMED_VALUES = 5  # as many distinct labels as a message can name and stay readable


def check_problem(X: ArrayLike, y: ArrayLike, *, classification: bool) -> tuple[FloatArray, FloatArray]:
    """X (n, d) and y (n,) as C-contiguous float64; inputs that already are come back uncopied.

    Raises ValueError unless X and y are dense, real, finite, of matching length n >= 1 and, for classification, y
    holds both classes -1 and +1 and nothing else.
    """
    X, y = check_arrays(X, y, classification=classification)
    if classification:
        check_labels(y)
        check_both_classes(y)
    return X, y


def check_arrays(X: ArrayLike, y: ArrayLike, *, classification: bool = False) -> tuple[FloatArray, FloatArray]:
    """Everything `check_problem` asks for but the labels."""
    X = _real_array(X, "X", "convert it with X.astype(float)")
    y = _real_array(
        y, "y", "code the classes as -1.0 and +1.0" if classification else "convert it with y.astype(float)"
    )
    if X.shape[:1] == (0,):
        raise ValueError("X and y must hold at least one point, got none; add a point.")
    if X.ndim != 2 or X.shape[1] == 0:
        raise ValueError(_shape_of_X(X))
    if y.ndim != 1:
        raise ValueError(_shape_of_y(y))
    if len(X) != len(y):
        raise ValueError(
            f"X and y must have the same number of points, got {len(X)} rows in X and {len(y)} values in y; "
            "pass one value of y for each row of X."
        )
    _check_finite(X, "X")
    _check_finite(y, "y")
    return X, y


def check_labels(y: FloatArray) -> None:
    """Raise ValueError unless every label is exactly -1 or +1."""
    if np.count_nonzero(y == 1.0) + np.count_nonzero(y == -1.0) != len(y):
        values = np.unique(y)
        raise ValueError(f"Class labels must be -1 and +1, got {_listed(values)}; {_label_remedy(values)}.")


def check_both_classes(y: FloatArray) -> None:
    """Raise ValueError when labels from {-1, +1} are all the same."""
    positive = np.count_nonzero(y == 1.0)
    if positive in (0, len(y)):
        present, absent = ("+1", "-1") if positive else ("-1", "+1")
        raise ValueError(f"Both classes must be present, got only class {present}; add a point of class {absent}.")


def check_weights(weights: ArrayLike, n: int) -> FloatArray:
    """Weights (n,) as float64: finite, none below 0, not all of them 0."""
    weights = _real_array(weights, "sample_weight", "convert it with sample_weight.astype(float)")
    if weights.shape != (n,):
        raise ValueError(f"sample_weight must have shape ({n},), got {weights.shape}; pass one weight per point.")
    _check_finite(weights, "sample_weight")
    if weights.min() < 0:
        row = int(np.argmin(weights))
        raise ValueError(
            f"sample_weight must not be negative, got {weights[row]:g} in row {row} (counted from 0); use 0 to leave a "
            "point out."
        )
    if not weights.any():
        raise ValueError(f"sample_weight must not be 0 everywhere, got {n} zeros; give some points a weight above 0.")
    return weights


def check_rounds(rounds: Any, most: int) -> int:
    """A limit in rounds as an int from 1 up to most, which stands for None."""
    if rounds is None:
        return most
    number = _whole_number(rounds)
    if number is None or number < 1:
        raise ValueError(
            f"max_rounds must be a whole number from 1 up, or None, got {rounds!r}. Leave it out for no limit."
        )
    return min(number, most)


def check_count(n: Any, least: int, most: int) -> int:
    """The number of points n as an int between least and most."""
    count = _whole_number(n)
    if count is None or not least <= count <= most:
        remedy = f"use n={most}" if count is not None and count > most else f"use n={least} or more"
        raise ValueError(f"n must be a whole number from {least} to {most}, got {n!r}; {remedy}.")
    return count


def check_seed(seed: Any) -> int:
    """The seed of a random generator as a non-negative int."""
    number = _whole_number(seed)
    if number is None or number < 0:
        raise ValueError(f"seed must be a whole number, 0 or more, got {seed!r}; use seed=0.")
    return number


def check_noise(noise: Any, most: float) -> float:
    """The strength of noise as a float between 0 and most."""
    try:
        strength = float(noise)
    except (TypeError, ValueError):
        strength = math.nan
    if not 0.0 <= strength <= most:
        raise ValueError(f"noise must be a number from 0 to {most:g}, got {noise!r}; use noise=0 for none.")
    return strength


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to a misspelt one, or None when nothing is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def _whole_number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _real_array(value: Any, name: str, remedy: str) -> FloatArray:
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} must be a dense array, got {type(value).__name__}; use {name}.toarray().")
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} must be a plain array, got a masked one; drop or fill the masked entries first.")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be a rectangular array of numbers, got rows of different lengths or kinds; "
            "give every row as many numbers."
        ) from None
    if array.dtype.kind not in REAL_KINDS:
        raise ValueError(f"{name} must hold real numbers, got dtype {array.dtype}; {remedy}.")
    if array.dtype.itemsize > 8:  # long doubles: what float64 cannot hold becomes inf, refused with its row below
        with np.errstate(over="ignore"):
            return np.asarray(array, dtype=np.float64, order="C")
    return np.asarray(array, dtype=np.float64, order="C")


def _check_finite(values: FloatArray, name: str) -> None:
    finite = np.isfinite(values)
    if finite.all():
        return
    row, *column = np.argwhere(~finite)[0].tolist()
    where = f"row {row}, column {column[0]}" if column else f"row {row}"
    raise ValueError(
        f"{name} must be finite, got {values[(row, *column)]} in {where} (counted from 0); remove or correct that row."
    )


def _shape_of_X(X: FloatArray) -> str:
    remedy = {
        0: "pass one row per point",
        1: "use X.reshape(-1, 1) for one feature",
        2: "pass at least one feature column",
    }.get(X.ndim, "use X.reshape(len(X), -1) for one row per point")
    return f"X must have shape (n, d), got {X.shape}; {remedy}."


def _shape_of_y(y: FloatArray) -> str:
    column = y.ndim == 2 and 1 in y.shape
    remedy = "use y.ravel()" if column else "pass one value per point"
    return f"y must have shape (n,), got {y.shape}; {remedy}."


def _label_remedy(values: FloatArray) -> str:
    if set(values.tolist()) <= {0.0, 1.0}:
        return "use 2 * y - 1"
    if len(values) == 2:
        return f"use np.where(y == {values[1]:g}, 1.0, -1.0)"
    return "keep two classes and code them as -1.0 and +1.0"


def _listed(values: FloatArray) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:NAMED_VALUES])
    return shown if len(values) <= NAMED_VALUES else f"{len(values)} different values ({shown}, ...)"
