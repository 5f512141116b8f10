"""The same readings as `numbers` and `dates` give, a column at a time, for columns in which all cells are plain.

Plain numbers are digits with one mark at most, signs and exponents; plain dates are 2025-12-31, also with 12:00:00.
Both functions return None for other columns, which are then read cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress

import numpy as np

from convexviz.data.tables.numbers import MINUS
from convexviz.data.validation import FloatArray

DAY_OF_SECONDS = 86400

_OTHER = re.compile(r"[^0-9.,eE+\-\n]")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")


def plain_numbers(cells: Sequence[str], missing: np.ndarray) -> tuple[FloatArray, FloatArray] | None:
    """The cells with a decimal point and with a decimal comma, each (n,), nan where they are no number."""
    there = list(compress(cells, ~missing))
    joined = "\n".join(there).translate(MINUS)
    marks = [mark for mark in ".," if mark in joined]
    if not there or len(marks) > 1 or _OTHER.search(joined) or joined.count("\n") != len(there) - 1:
        return None
    try:  # nothing but these letters: what `float` takes of them, the grammar of `numbers` takes
        values = np.array(list(map(float, joined.replace(",", ".").split("\n"))), np.float64)
    except ValueError:
        return None
    own = np.full(len(cells), np.nan)
    own[~missing] = values
    if not marks:
        return own, own
    other = np.full(len(cells), np.nan)
    other[~missing] = _other_reading(joined.split("\n"), values, marks[0])
    return (own, other) if marks == ["."] else (other, own)


def _other_reading(cells: list[str], values: FloatArray, mark: str) -> FloatArray:
    """What the cells are where their mark parts thousands."""
    marked = np.array([mark in cell for cell in cells])
    grouped = np.array([cell[-4:-3] == mark and _THOUSANDS.fullmatch(cell) is not None for cell in cells])
    other = np.where(marked, np.nan, values)
    other[grouped] = [float(cell.replace(mark, "")) for cell in compress(cells, grouped)]
    return other


def plain_dates(cells: Sequence[str], missing: np.ndarray) -> FloatArray | None:
    """Days since 1970-01-01, (n,), nan at gaps."""
    there = list(compress(cells, ~missing))
    if not all(map(_PLAIN_DATE.fullmatch, there)):
        return None
    try:
        seconds = np.array(there, "datetime64[s]").astype(np.int64)
    except ValueError:  # a day that no month has, or the hour 24
        return None
    days = np.full(len(cells), np.nan)
    whole, rest = np.divmod(seconds, DAY_OF_SECONDS)
    days[~missing] = whole + rest / DAY_OF_SECONDS
    return days
