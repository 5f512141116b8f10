"""One column of a table: its name and unit, what kind of values it holds, and these as numbers.

Which sign parts decimals is decided for a column by the cells that have one reading only (1,5 or 0.25); where a column
has none of these, by the other columns of the table; where they say nothing, what has two readings is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Literal

import numpy as np

from convexviz.data.tables import dates
from convexviz.data.tables.errors import Fault, quoted
from convexviz.data.tables.fast import plain_dates, plain_numbers
from convexviz.data.tables.numbers import GAPS, Reading, reading, remedy
from convexviz.data.validation import FloatArray

Kind = Literal["number", "date", "class", "text", "index", "empty"]
Decimal = Literal["", ".", ","]

MEND = "correct the name or the cells"
MOST_CLASSES = 20  # more different words than these are a text
FEW_ROWS = 4  # below these every column of numbers has few different ones
COUNTERS = frozenset(["", "index", "id", "no", "no.", "nr", "nr.", "#", "row", "unnamed: 0", "lfd. nr."])
_UNIT = re.compile(r"(?P<quantity>.*\S)\s*(?:\((?P<round>[^()\s]{1,12})\)|\[(?P<square>[^\[\]]{1,12})\])")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : as the header writes it, "column 3" where it has no name; each name of a sheet is there once.
    unit : what follows the name in brackets, or what stood in every cell; "" for none.
    kind : "number", "date", "class" (few words, or two numbers), "text", "index" (it counts the rows), "empty".
    cells : (n,) as text.
    numbers : (n,) nan at gaps, faults and words; dates are days since 1970-01-01.
    missing : (n,) bool, where a cell says that nothing is known.
    faults : the cells that cannot be what the column's kind says, each with its line.
    notes : how it was read, in words for users.
    """

    name: str
    unit: str
    kind: Kind
    cells: tuple[str, ...] = field(repr=False)
    numbers: FloatArray = field(repr=False)
    missing: np.ndarray = field(repr=False)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def gaps(self) -> int:
        """How many cells say that nothing is known."""
        return int(np.count_nonzero(self.missing))

    @property
    def numeric(self) -> bool:
        """Whether it can be a feature: it holds numbers, be they dates, an index or the names of two classes."""
        return self.kind in ("number", "date", "index") or (self.kind == "class" and not np.isnan(self.numbers).all())

    @property
    def label(self) -> str:
        """The name with its unit, as an axis shows it."""
        return f"{self.name} ({self.unit})" if self.unit and not unit_of(self.name) else self.name


def unit_of(name: str) -> str:
    """ "m/s" of "speed (m/s)" and of "speed [m/s]"; "" where there is none."""
    match = _UNIT.fullmatch(name)
    return (match["round"] or match["square"]) if match else ""


@dataclass(frozen=True)
class Draft:
    """A column before it is settled which sign parts decimals.

    Attributes
    ----------
    point, comma : (n,) the cells read with one sign or the other, nan where they are no such number.
    affixes : the unit or currency beside each number, "" for none; None where no cell has one.
    counter : whether its name in the header is one for the numbers of rows.
    """

    name: str
    cells: tuple[str, ...]
    lines: Sequence[int]
    place: str
    missing: np.ndarray
    point: FloatArray
    comma: FloatArray
    affixes: tuple[str, ...] | None = None
    counter: bool = False

    @cached_property
    def only_point(self) -> np.ndarray:
        return ~np.isnan(self.point) & np.isnan(self.comma)

    @cached_property
    def only_comma(self) -> np.ndarray:
        return np.isnan(self.point) & ~np.isnan(self.comma)

    @cached_property
    def double(self) -> np.ndarray:
        """Where the two readings differ."""
        return np.asarray(~np.isnan(self.point) & ~np.isnan(self.comma) & (self.point != self.comma))

    @cached_property
    def numeric(self) -> bool:
        """Whether half of what stands there, or more, are numbers."""
        there = len(self.cells) - np.count_nonzero(self.missing)
        found = np.count_nonzero(~(np.isnan(self.point) & np.isnan(self.comma)))
        return bool(found > 0 and 2 * found >= there)

    @property
    def says(self) -> Decimal:
        """The decimal sign that its own cells prove; "" for neither, or for both."""
        point, comma = self.only_point.any(), self.only_comma.any()
        return "." if point and not comma else "," if comma and not point else ""

    @property
    def mixed(self) -> bool:
        return bool(self.only_point.any() and self.only_comma.any())


def draft(name: str, cells: tuple[str, ...], lines: Sequence[int], place: str, counter: bool = False) -> Draft:
    """The column read both ways."""
    missing = np.array([cell.lower() in GAPS for cell in cells], bool)
    plain = plain_numbers(cells, missing)
    if plain:
        return Draft(name, cells, lines, place, missing, *plain, None, counter)
    known: dict[str, Reading | None] = {cell: reading(cell) for cell in set(compress(cells, ~missing))}
    found = [known.get(cell) for cell in cells]
    point = np.array([np.nan if r is None or r.point is None else r.point for r in found], np.float64)
    comma = np.array([np.nan if r is None or r.comma is None else r.comma for r in found], np.float64)
    affixes = tuple(r.affix if r else "" for r in found)
    return Draft(name, cells, lines, place, missing, point, comma, affixes if any(affixes) else None, counter)


def settled(column: Draft, decimal: Decimal, why: str = "") -> Column:
    """The column, where `decimal` is the sign that the table has where the column does not say it; "" for unknown.

    `why` goes into the note on what it decided.
    """
    if column.missing.all():
        return _column(column, "empty", np.full(len(column.cells), np.nan))
    dated = _dated(column)
    if dated:
        return dated
    if column.numeric:
        return _numbers(column, decimal, why)
    words = {cell for cell, gap in zip(column.cells, column.missing, strict=True) if not gap}
    there = len(column.cells) - int(np.count_nonzero(column.missing))
    few = len(words) <= 2 or (len(words) <= MOST_CLASSES and 2 * len(words) <= there)
    return _column(column, "class" if few else "text", np.full(len(column.cells), np.nan))


def _column(
    column: Draft,
    kind: Kind,
    numbers: FloatArray,
    faults: Sequence[Fault] = (),
    notes: Sequence[str] = (),
    unit: str = "",
) -> Column:
    numbers.setflags(write=False)
    unit = unit or unit_of(column.name)
    return Column(column.name, unit, kind, column.cells, numbers, column.missing, tuple(faults), tuple(notes))


def _numbers(column: Draft, decimal: Decimal, why: str) -> Column:
    own = column.says or (decimal if not column.mixed else "")
    both = column.double if not own else np.zeros(len(column.cells), bool)
    first, second = (column.comma, column.point) if own == "," else (column.point, column.comma)
    # a column that proves one sign has no cells that ask for the other; a mixed one reads each as it can only be
    numbers = np.where(np.isnan(first), second, first) if not own or own == column.says else first
    unit, odd = _unit(column, numbers)
    bad = ~column.missing & (~np.isfinite(numbers) | both | odd)
    faults = [_fault(column, k, bool(both[k]), bool(odd[k]), unit) for k in np.flatnonzero(bad).tolist()]
    named = unit_of(column.name)
    if unit and named and unit != named:
        faults.append(
            (None, f"A column must have one unit, got {named!r} in {column.name!r} and {unit!r} in its cells; {MEND}.")
        )
    numbers = np.where(bad, np.nan, numbers)
    notes = [*_sign_note(column, own, why), *([f"{quoted(unit)} taken off the numbers."] if unit else [])]
    return _column(column, _kind_of_numbers(column, numbers, not faults), numbers, faults, notes, unit)


def _unit(column: Draft, numbers: FloatArray) -> tuple[str, np.ndarray]:
    """The unit of most cells of numbers, and which cells have another one or none."""
    none = np.zeros(len(column.cells), bool)
    if column.affixes is None:
        return "", none
    there = ~np.isnan(numbers)
    affixes = np.array(column.affixes, object)
    (unit, _), *_ = Counter(affixes[there]).most_common(1)
    return unit, there & (affixes != unit)


def _fault(column: Draft, k: int, double: bool, odd: bool, unit: str) -> Fault:
    cell, line = column.cells[k], column.lines[k]
    where = f"{quoted(cell)} in {column.place} {line}"
    if double:
        one, other = sorted((float(column.point[k]), float(column.comma[k])))
        return line, (
            f"A number must be clear, got {where}: it may be {one!r} or {other!r}, as nothing in the table tells "
            f"whether its mark parts thousands or decimals; write {_as_written(other)} or {_as_written(one)}."
        )
    if odd and unit:
        return (
            line,
            f"All cells of a column must have the same unit, {unit!r}, got {where}; convert it, or add the unit.",
        )
    if np.isinf(column.point[k]) or np.isinf(column.comma[k]):
        return line, f"Numbers must be finite, got {where}; correct or remove the row."
    return line, f"Cells must hold numbers, got {where}; {remedy(cell)}."


def _as_written(value: float) -> str:
    """A number that has one reading only: no mark, or more than three digits after it."""
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return text if len(text.partition(".")[2]) != 3 else f"{text}0"


def _sign_note(column: Draft, own: Decimal, why: str) -> list[str]:
    if column.mixed:
        return ["both points and commas part decimals in it."]
    if own and not column.says and column.double.any():
        k = int(np.argmax(column.double))
        value = float(column.comma[k] if own == "," else column.point[k])
        return [f"{column.cells[k]} is read as {value!r}: {why}."]
    return []


SIGNS = {".": "point", ",": "comma"}


def _kind_of_numbers(column: Draft, numbers: FloatArray, whole: bool) -> Kind:
    n = len(numbers)
    if column.counter and whole and n > 1 and not column.missing.any():
        steps = np.arange(n)
        if np.array_equal(numbers, steps) or np.array_equal(numbers, steps + 1):
            return "index"
    different = np.unique(numbers[~np.isnan(numbers)])
    two = n >= FEW_ROWS and len(different) == 2 and bool((different == np.round(different)).all())
    return "class" if two else "number"


def _dated(column: Draft) -> Column | None:
    """The column as dates, where half of what stands there, or more, are dates."""
    there = np.flatnonzero(~column.missing).tolist()
    if dates.moment(column.cells[there[0]]) is None and dates.moment(column.cells[there[-1]]) is None:
        return None
    plain = plain_dates(column.cells, column.missing)
    if plain is not None:
        return _column(column, "date", plain)
    known = {column.cells[k]: dates.moment(column.cells[k]) for k in there}
    found = [known.get(cell) for cell in column.cells]
    if 2 * sum(m is not None for m in found) < len(there):
        return None
    first = np.array([np.nan if m is None or m.day_first is None else m.day_first for m in found])
    second = np.array([np.nan if m is None or m.month_first is None else m.month_first for m in found])
    return _dates(column, found, first, second)


def _dates(column: Draft, found: list[dates.Moment | None], first: FloatArray, second: FloatArray) -> Column:
    only_first, only_second = ~np.isnan(first) & np.isnan(second), np.isnan(first) & ~np.isnan(second)
    double = ~np.isnan(first) & ~np.isnan(second) & (first != second)
    clear = bool(only_first.any()) != bool(only_second.any())
    days = (
        np.where(np.isnan(first), second, first) if not only_second.any() else np.where(np.isnan(second), first, second)
    )
    zones = {m.zoned for m in found if m is not None}
    bad = ~column.missing & (np.isnan(days) | (double & (not clear)))
    if len(zones) > 1:
        bad |= np.array([m is not None and not m.zoned for m in found])
    faults = [_date_fault(column, k, found[k], bool(double[k]) and not clear) for k in np.flatnonzero(bad).tolist()]
    notes = []
    if double.any() and clear:
        notes.append(f"dates are read with the {'day' if only_first.any() else 'month'} first.")
    if zones == {True}:
        notes.append("times are turned into UTC.")
    return _column(column, "date", np.where(bad, np.nan, days), faults, notes)


def _date_fault(column: Draft, k: int, found: dates.Moment | None, double: bool) -> Fault:
    cell, line = column.cells[k], column.lines[k]
    where = f"{quoted(cell)} in {column.place} {line}"
    if found is None:
        return line, f"Cells of a column of dates must hold dates, got {where}; write it as 2025-12-31."
    if double:
        one, other = dates.written(found.day_first or 0.0), dates.written(found.month_first or 0.0)
        return line, f"A date must be clear, got {where}: it may be {one} or {other}; write the one that is meant."
    if found.fault:
        return line, f"A date must be whole, got {where}; {found.fault}."
    return line, f"All dates of a column must have a time zone or none, got {where}; add its zone."
