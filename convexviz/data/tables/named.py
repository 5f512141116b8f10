"""Tables of any width whose columns are found by name or number, every cell of them used: `read_columns`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convexviz.data.scalars import shown
from convexviz.data.tables.classes import in_order
from convexviz.data.tables.columns import Column
from convexviz.data.tables.errors import Fault, TableError, quoted, refuse
from convexviz.data.tables.numbers import remedy
from convexviz.data.tables.separating import Grid
from convexviz.data.tables.sheet import NO_ROWS, Sheet, grid_of, has_header, sheet_of
from convexviz.data.validation import FloatArray, did_you_mean

MAX_NAMED = 12  # columns that a message lists


@dataclass(frozen=True)
class Columns:
    """A table of any width: its cells, found by column.

    Attributes
    ----------
    names : of the header; "1", "2", ... where there is none.
    header : whether the table has one.
    sheet : all that was read.
    """

    names: tuple[str, ...]
    header: bool
    sheet: Sheet

    @property
    def n(self) -> int:
        """Number of rows below the header."""
        return self.sheet.n

    def place(self, name: str) -> int:
        """Which column that is, from 0: one of the header's names, or a number that counts from 1."""
        if name in self.names:
            return self.names.index(name)
        if name.isascii() and name.isdigit() and 1 <= int(name) <= len(self.names):
            return int(name) - 1
        meant = did_you_mean(name, self.names)
        known = f"{', '.join(self.names[:MAX_NAMED])}{', ...' if len(self.names) > MAX_NAMED else ''}"
        words = f"columns {known}" if self.header else f"columns 1 to {len(self.names)} and no header"
        advice = f"did you mean {meant!r}?" if meant else "name one of these."
        raise TableError(f"A column must be one of the table's, got {shown(name)}; it has {words}: {advice}")

    def numbers(self, names: Sequence[str]) -> FloatArray:
        """Some columns as finite numbers, (n, k), dates in days; TableError with every line whose cell holds none."""
        columns = [self.sheet.columns[self.place(name)] for name in names]
        refuse([fault for column in columns for fault in number_faults(column, self.sheet)])
        return np.array([column.numbers for column in columns], np.float64).reshape(len(columns), self.n).T.copy()

    def classes(self, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A column as numbers of classes (n,) from 0, and the classes' names, in the order of numbers or else of words.

        TableError for an empty cell, and where there is only one class.
        """
        column = self.sheet.columns[self.place(name)]
        refuse(class_faults(column, self.sheet))
        codes, found = in_order(column.cells)
        if len(found) < 2:
            raise TableError(
                f"The column {self.names[self.place(name)]!r} must hold two classes or more, got only "
                f"{quoted(found[0])}; add a row of another class, or name another column."
            )
        return codes, found


def read_columns(text: str | bytes) -> Columns:
    """A table of any width, with a header or without; TableError with the lines at fault."""
    grid = grid_of(text)
    header = has_header(grid)
    if len(grid.rows) == header:
        raise TableError(NO_ROWS)
    if header:
        refuse_nameless(grid)
        names = grid.rows[0]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TableError(
                f"Each column must have a name of its own, got {quoted(twice[0])} twice; rename one.", grid.lines[0]
            )
    sheet = sheet_of(grid, header)
    return Columns(sheet.names, header, sheet)


def refuse_nameless(grid: Grid) -> None:
    """Raise TableError where a header has an empty name."""
    if "" in grid.rows[0]:
        line = grid.lines[0]
        raise TableError(
            f"The header must name every column, got an empty name in {grid.place} {line}; "
            "name the column, or remove it if it only numbers the rows.",
            line,
        )


def number_faults(column: Column, sheet: Sheet) -> list[Fault]:
    """Every cell of a column that is no finite number, gaps among them."""
    wrong = column.missing if column.numeric else np.ones(sheet.n, bool)
    found = [] if not column.numeric else list(column.faults)
    return found + [
        _no_number(column.cells[k], f"{sheet.place} {sheet.lines[k]}", sheet.lines[k])
        for k in np.flatnonzero(wrong).tolist()
    ]


def _no_number(cell: str, where: str, line: int) -> Fault:
    if cell.lower() == "nan":
        return line, f"Numbers must be finite, got {quoted(cell)} in {where}; correct or remove the row."
    return line, f"Cells must hold numbers, got {quoted(cell)} in {where}; {remedy(cell)}."


def class_faults(column: Column, sheet: Sheet) -> list[Fault]:
    """Every row without a class."""
    return [
        (
            sheet.lines[k],
            f"Every row must have a class, got {quoted(column.cells[k])} in {sheet.place} {sheet.lines[k]}; fill it.",
        )
        for k in np.flatnonzero(column.missing).tolist()
    ]
