"""Two classes as -1 and +1, whatever the table calls them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from convexviz.data.tables.errors import TableError, quoted
from convexviz.data.tables.numbers import reading
from convexviz.data.validation import FloatArray, did_you_mean

MOST_NAMED = 6  # classes that a message lists


def number_of(cell: str) -> float | None:
    """The cell as a finite number, if it has one reading."""
    found = reading(cell)
    if found is None or found.affix:
        return None
    value = found.point if found.comma is None else found.comma
    clear = found.point is None or found.comma is None or found.point == found.comma
    return value if clear and value is not None and math.isfinite(value) else None


def in_order(cells: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes (n,) from 0 and the names of the classes, in the order of numbers or else of words; 1 and 1.0 are one."""
    values = {cell: number_of(cell) for cell in set(cells)}
    numeric = all(value is not None for value in values.values())
    key: dict[str, Any] = dict(values) if numeric else {cell: cell for cell in values}
    first: dict[Any, str] = {}
    for cell in dict.fromkeys(cells):
        first.setdefault(key[cell], cell)
    order = sorted(first)
    place = {value: k for k, value in enumerate(order)}
    return np.array([place[key[cell]] for cell in cells], int), tuple(first[value] for value in order)


def labels(
    cells: Sequence[str], lines: Sequence[int], place: str, name: str, positive: str | None = None
) -> tuple[FloatArray, str]:
    """Labels (n,) -1 and +1, and a note when the table called them otherwise.

    `positive` is the class that becomes +1, against all others. Without it there must be two, and the later is +1.
    """
    codes, names = in_order(cells)
    if positive is not None:
        return _against_the_rest(codes, names, name, positive)
    values = {number_of(each) for each in names}
    if values <= {-1.0, 1.0}:
        return np.array([number_of(names[k]) for k in codes], np.float64), ""
    if len(names) < 2:
        raise TableError(
            f"The column {name!r} must hold two classes, got only {quoted(names[0])}; add a row of the other class, or "
            "name the class -1 or 1."
        )
    if len(names) > 2:
        _refuse_more(cells, lines, place, name, codes, names)
    return 2.0 * codes - 1.0, f"Class {quoted(names[0])} is -1, class {quoted(names[1])} is +1."


def _refuse_more(
    cells: Sequence[str], lines: Sequence[int], place: str, name: str, codes: np.ndarray, names: tuple[str, ...]
) -> None:
    met = list(dict.fromkeys(codes.tolist()))
    k = codes.tolist().index(met[2])
    listed = ", ".join(map(quoted, names[:MOST_NAMED])) + (", ..." if len(names) > MOST_NAMED else "")
    raise TableError(
        f"The column {name!r} must hold two classes, got a third, {quoted(cells[k])}, in {place} {lines[k]} (of "
        f"{len(names)}: {listed}); keep two of them, choose the one that is +1, or choose regression.",
        lines[k],
    )


def _against_the_rest(codes: np.ndarray, names: tuple[str, ...], name: str, positive: str) -> tuple[FloatArray, str]:
    if positive not in names:
        meant = did_you_mean(positive, names)
        remedy = f"did you mean {meant!r}?" if meant else f"choose one of {', '.join(map(quoted, names[:MOST_NAMED]))}."
        raise TableError(f"The class that is +1 must be in the column {name!r}, got {positive!r}; {remedy}")
    if len(names) < 2:
        raise TableError(
            f"The column {name!r} must hold another class too, got only {positive!r}; choose another column."
        )
    y = np.where(codes == names.index(positive), 1.0, -1.0)
    others = [each for each in names if each != positive]
    rest = f"class {quoted(others[0])} is -1" if len(others) == 1 else f"the {len(others)} other classes are -1"
    return y, f"Class {quoted(positive)} is +1, {rest}."
