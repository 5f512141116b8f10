"""What training data must satisfy: X of shape (n, d), y of shape (n,), real, finite, labels in {-1, +1}.

Numbers beyond 1e150, and columns of numbers below 1e-150, are refused too: their squares and products leave the range
of float64. Every message says what must hold, what came, and what to do. The checks run on every step of a drag, so the
way through them that raises nothing is a handful of numpy calls (some 20 microseconds for 50 points).
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convexviz.data.scalars import real_number, shown, whole_number

FloatArray = NDArray[np.float64]

REAL_KINDS = "biuf"  # numpy's letters for booleans, integers and floats
DATE_KINDS = "mM"  # its letters for time spans and dates
NAMED_VALUES = 5  # as many distinct labels as a message can name and stay readable
LARGEST, SMALLEST = 1e150, 1e-150  # squares and products of two such numbers stay within float64, 1e-308 to 1e308
MISSING = frozenset({"NoneType", "NAType", "NaTType"})  # types of None and of pandas' two words for it
DATES_REMEDY = "turn dates into numbers, for instance days since the first: (t - t.min()) / np.timedelta64(1, 'D')"


class NotNumbers(ValueError, TypeError):
    """An entry of an array that is no number at all; scikit-learn asks for a TypeError here."""


def check_problem(X: ArrayLike, y: ArrayLike, *, classification: bool) -> tuple[FloatArray, FloatArray]:
    """X (n, d) and y (n,) as C-contiguous float64; inputs that already are come back uncopied.

    Raises ValueError unless X and y are dense, real, finite, of ordinary size, of matching length n >= 1 and, for
    classification, y holds both classes -1 and +1 and nothing else.
    """
    labels = column_labels(X)
    X, y = check_arrays(X, y, classification=classification)
    check_size(X, "X", labels)
    if classification:
        check_labels(y)
        check_both_classes(y)
    else:
        check_size(y, "y")
    return X, y


def check_arrays(X: ArrayLike, y: ArrayLike, *, classification: bool = False) -> tuple[FloatArray, FloatArray]:
    """Everything `check_problem` asks for but the labels and the size of the numbers."""
    labels = column_labels(X)
    X = real_array(X, "X")
    y = real_array(y, "y", "code the classes as -1.0 and +1.0" if classification else "")
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
    _refuse_not_finite(X, "X", labels)
    _refuse_not_finite(y, "y")
    return X, y


def check_inputs(X: ArrayLike, name: str = "X") -> FloatArray:
    """What `check_problem` asks of X (n, d), where there is no y."""
    array = real_array(X, name)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ValueError(_shape_of_X(array, name))
    if not len(array):
        raise ValueError(f"{name} must hold at least one point, got none; add a point.")
    check_values(array, name, column_labels(X))
    return array


def has_columns(y: ArrayLike) -> bool:
    """Whether y is (n, K), targets of K outputs, and not (n,), those of one."""
    try:
        return np.ndim(y) == 2
    except ValueError:  # rows of different lengths
        return False


def check_targets(Y: ArrayLike, name: str = "Y") -> FloatArray:
    """Targets of several outputs, (n, K), real, finite and of ordinary size."""
    array = real_array(Y, name)
    if array.ndim != 2 or not array.size:
        column = f"use {name}.reshape(-1, 1) for one output"
        remedy = column if array.ndim < 2 else "pass a row for each point and a column for each output"
        raise ValueError(f"{name} must have shape (n, K), got {array.shape}; {remedy}.")
    check_values(array, name, column_labels(Y))
    return array


def check_outputs(X: ArrayLike, Y: ArrayLike, *, one_hot: bool, name: str = "y") -> tuple[FloatArray, FloatArray]:
    """What `check_problem` does, for targets Y (n, K); with `one_hot`, rows that name one of two classes or more."""
    Y = check_targets(Y, name)
    X, _ = check_problem(X, Y[:, 0], classification=False)
    if one_hot:
        check_one_hot(Y, name)
    return X, Y


def check_one_hot(Y: FloatArray, name: str = "y") -> None:
    """Raise ValueError unless Y (n, K) holds one-hot rows of K >= 2 classes, every one of them present."""
    if Y.shape[1] < 2 or not (np.isin(Y, (0.0, 1.0)).all() and (Y.sum(axis=1) == 1.0).all()):
        raise ValueError(
            f"{name} must hold one-hot rows of two classes or more for the logistic loss, a single 1 among zeros; got "
            f"shape {Y.shape} with rows summing to {Y.sum(axis=1).min():g} .. {Y.sum(axis=1).max():g}. Use "
            "np.eye(K)[labels] for labels 0 .. K-1."
        )
    if not Y.any(axis=0).all():
        raise ValueError(
            f"Every class must be present for the logistic loss; class {int(np.argmin(Y.any(axis=0)))} (counted from "
            "0) has no row. Leave its column out, or add a point."
        )


def check_values(values: FloatArray, name: str, labels: list[Any] | None = None) -> None:
    """`check_size`, after a check that all numbers are finite."""
    _refuse_not_finite(values, name, labels)
    check_size(values, name, labels)


def check_size(values: FloatArray, name: str, labels: list[Any] | None = None) -> None:
    """Raise ValueError where a number is too large to compute with, or all those of a column are too small.

    `values` is (n,) or (n, d), finite, `labels` what its d columns are called.
    """
    size = np.abs(values)
    greatest = size.max(axis=0)
    if (greatest > LARGEST).any():
        _refuse_size(values, name, labels, size > LARGEST, "smaller")
    small = (greatest < SMALLEST) & (greatest > 0.0)
    if small.any():
        _refuse_size(values, name, labels, (size > 0.0) & small, "larger")


def check_entries(value: Any, name: str) -> None:
    """Raise ValueError for what no conversion to float makes finite numbers of: dates, texts, gaps, sparse arrays.

    For those who leave the conversion to scikit-learn, which reads dates as nanoseconds and has other words for the
    rest. `NotNumbers`, a ValueError, is for objects that stand for no number.
    """
    if name == "y":
        _refuse_none(value)
    array, labels = _plain_array(value, name), column_labels(value)
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array of numbers, got {shown(value)}; pass one entry per point.")
    if array.dtype.kind in REAL_KINDS:
        return _refuse_not_finite(array, name, labels)
    if array.dtype.kind == "c":
        raise ValueError(_not_real(array, name, f"Complex data not supported, pass {name}.real if that is meant"))
    if array.dtype.kind != "O":
        raise ValueError(_not_real(array, name, f"convert it with {name}.astype(float)"))
    _refuse_objects(array, name, labels)
    numbers = [entry if isinstance(entry, bool | np.bool_) else real_number(entry) for entry in array.flat]
    return _refuse_not_finite(np.array(numbers, np.float64).reshape(array.shape), name, labels)


def check_label_entries(y: Any, name: str = "y") -> None:
    """Raise ValueError where a label is missing or infinite: None, NaN, NaT, pandas' NA; and for complex ones."""
    _refuse_none(y)
    array = _plain_array(y, name)
    if array.ndim == 0:
        raise ValueError(f"{name} must hold one label per sample, got {shown(y)}; pass a list of them.")
    if array.dtype.kind == "c":
        raise ValueError(_not_real(array, name, f"Complex data not supported, pass {name}.real if that is meant"))
    if array.ndim != 1 or array.dtype.kind not in "fmMO":
        return
    gaps = np.array([_is_gap(entry) for entry in array], bool) if array.dtype.kind == "O" else array != array
    if gaps.any():
        row = int(np.argmax(gaps))
        raise ValueError(
            f"{name} must hold a label for every sample, got {shown(array[row])} in row {row} (counted from 0), a "
            "missing value (NaN); leave out the samples without a label."
        )
    if array.dtype.kind == "f":
        _refuse_not_finite(array, name)


def _refuse_none(y: Any) -> None:
    """Raise ValueError for y = None, with scikit-learn's words in the middle."""
    if y is None:
        raise ValueError(
            "y must be an array, got None: training requires y to be passed, but the target y is None; pass one value "
            "per sample."
        )


def _is_gap(entry: Any) -> bool:
    return type(entry).__name__ in MISSING or (isinstance(entry, float | np.floating) and math.isnan(entry))


def column_labels(value: Any) -> list[Any] | None:
    """What the columns of a data frame are called; None for what has no names."""
    columns = getattr(value, "columns", None)
    return None if columns is None else list(columns)


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
    """Weights (n,) as float64: none below 0, not all of them 0, each 0 or of ordinary size; a number stands for all."""
    number = real_number(weights)
    if number is not None:
        weights = np.full(n, number)
    weights = real_array(weights, "sample_weight")
    if weights.shape != (n,):
        raise ValueError(f"sample_weight must have shape ({n},), got {weights.shape}; pass one weight per point.")
    _refuse_not_finite(weights, "sample_weight")
    if weights.min() < 0:
        row = int(np.argmin(weights))
        raise ValueError(
            f"sample_weight must not be negative, got {weights[row]:g} in row {row} (counted from 0); use 0 to leave a "
            "point out."
        )
    if not weights.any():
        raise ValueError(f"sample_weight must not be 0 everywhere, got {n} zeros; give some points a weight above 0.")
    strange = (weights > 0) & ((weights < SMALLEST) | (weights > LARGEST))
    if strange.any():
        row = int(np.argmax(strange))
        raise ValueError(
            f"sample_weight must be 0 or lie between {SMALLEST:g} and {LARGEST:g}, got {weights[row]:g} in row {row} "
            "(counted from 0); use 0 to leave a point out, or divide all weights by their mean."
        )
    return weights


def check_rounds(rounds: Any, most: int, name: str = "max_rounds") -> int:
    """A limit in rounds as an int from 1 up to most, which stands for None."""
    if rounds is None:
        return most
    number = whole_number(rounds)
    if number is None or number < 1:
        raise ValueError(
            f"{name} must be a whole number from 1 up, or None, got {shown(rounds)}. Leave it out for no limit."
        )
    return min(number, most)


def check_count(n: Any, least: int, most: int, name: str = "n") -> int:
    """A number, of points if not told otherwise, as an int between least and most."""
    count = whole_number(n)
    if count is None or not least <= count <= most:
        remedy = f"use {name}={most}" if count is not None and count > most else f"use {name}={least} or more"
        raise ValueError(f"{name} must be a whole number from {least} to {most}, got {shown(n)}; {remedy}.")
    return count


def check_seed(seed: Any, most: int | None = None) -> int:
    """The seed of a random generator as a non-negative int, not above `most`."""
    number = whole_number(seed)
    if number is None or number < 0 or (most is not None and number > most):
        allowed = "0 or more" if most is None else f"from 0 to {most}"
        raise ValueError(f"seed must be a whole number, {allowed}, got {shown(seed)}; use seed=0.")
    return number


def check_noise(noise: Any, most: float) -> float:
    """The strength of noise as a float between 0 and most."""
    strength = real_number(noise)
    if strength is None or not 0.0 <= strength <= most:
        raise ValueError(f"noise must be a number from 0 to {most:g}, got {shown(noise)}; use noise=0 for none.")
    return strength


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to a misspelt one, or None when nothing is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def _plain_array(value: Any, name: str) -> np.ndarray:
    """The value as an array of whatever kind of entries, unless it is sparse, masked or ragged."""
    if hasattr(value, "toarray"):
        raise ValueError(
            f"{name} must be a dense array, got a sparse one, {type(value).__name__}; use {name}.toarray()."
        )
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} must be a plain array, got a masked one; drop or fill the masked entries first.")
    try:
        return np.asarray(value)
    except Exception:  # numpy's for rows of different lengths, and whatever a stranger's __array__ raises
        raise ValueError(
            f"{name} must be a rectangular array of numbers, got rows of different lengths or kinds; "
            "give every row as many numbers."
        ) from None


def real_array(value: Any, name: str, remedy: str = "") -> FloatArray:
    """The value, whatever its shape, as C-contiguous float64; ValueError for what holds no real numbers."""
    remedy = remedy or f"convert it with {name}.astype(float)"
    array = _plain_array(value, name)
    if array.dtype.kind not in REAL_KINDS:
        if array.dtype.kind == "O":
            _refuse_objects(array, name, column_labels(value))
        raise ValueError(_not_real(array, name, remedy))
    if array.dtype.itemsize > 8:  # long doubles: what float64 cannot hold becomes inf, refused with its row below
        with np.errstate(over="ignore"):
            return np.asarray(array, dtype=np.float64, order="C")
    return np.asarray(array, dtype=np.float64, order="C")


def _not_real(array: np.ndarray, name: str, remedy: str) -> str:
    what = ", dates or times" if array.dtype.kind in DATE_KINDS else ""
    return f"{name} must hold real numbers, got dtype {array.dtype}{what}; {DATES_REMEDY if what else remedy}."


def _refuse_objects(array: np.ndarray, name: str, labels: list[Any] | None) -> None:
    """Raise ValueError for the first entry of an array of objects (any shape) that is no number."""
    for index, entry in np.ndenumerate(array):
        if isinstance(entry, bool | np.bool_) or real_number(entry) is not None:
            continue
        if not index:
            raise ValueError(
                f"{name} must be an array of numbers, got {shown(entry)}; pass one row or value per point."
            )
        came = f"{name} must hold real numbers, got {shown(entry)}{_place(index, labels)}"
        if type(entry).__name__ in MISSING:
            raise ValueError(f"{came}, a missing value; {_fill(name)}.")
        if isinstance(entry, date | time | timedelta | np.datetime64 | np.timedelta64):
            raise ValueError(f"{came}, a date or time; {DATES_REMEDY}.")
        if isinstance(entry, str | bytes):
            raise ValueError(f"{came}, a text; convert numbers with {name}.astype(float), encode categories.")
        raise NotNumbers(
            f"{came}, of type {type(entry).__name__}; each entry of the argument must be a number, and neither a "
            "string nor another object in place of a number."
        )


def _refuse_not_finite(values: FloatArray, name: str, labels: list[Any] | None = None) -> None:
    finite = np.isfinite(values)
    if finite.all():
        return
    index = tuple(np.argwhere(~finite)[0].tolist())
    came, gaps = f"{name} must be finite, got {values[index]}{_place(index, labels)}", int(np.isnan(values).sum())
    if not np.isnan(values[index]):
        raise ValueError(f"{came}; remove or correct that row.")
    count = "a missing value (NaN)" if gaps == 1 else f"one of {gaps} missing values (NaN)"
    raise ValueError(f"{came}, {count}; {_fill(name)}.")


def _refuse_size(values: FloatArray, name: str, labels: list[Any] | None, strange: np.ndarray, wanted: str) -> None:
    """Raise ValueError for the first of the values that are out of range."""
    index = tuple(np.argwhere(strange)[0].tolist())
    raise ValueError(
        f"{name} must hold numbers between {SMALLEST:g} and {LARGEST:g} in size, or 0, got {values[index]:g}"
        f"{_place(index, labels)}; choose units in which the numbers are {wanted}."
    )


def _fill(name: str) -> str:
    if name != "X":
        return "leave that row out"
    return "impute it, for instance with sklearn.impute.SimpleImputer, or leave that row out"


def _place(index: tuple[int, ...], labels: list[Any] | None) -> str:
    """Where an entry stands, in words."""
    if not index:
        return ""
    row, *column = index
    names = [repr(labels[k]) if labels is not None and k < len(labels) else str(k) for k in column[:1]]
    return f" in row {row}{''.join(f', column {named}' for named in names)} (counted from 0)"


def _shape_of_X(X: FloatArray, name: str = "X") -> str:
    remedy = {
        0: "pass one row per point",
        1: f"use {name}.reshape(-1, 1) for one feature",
        2: "pass at least one feature column",
    }.get(X.ndim, f"use {name}.reshape(len({name}), -1) for one row per point")
    return f"{name} must have shape (n, d), got {X.shape}; {remedy}."


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
