"""A table as it came, read once: its columns, what each holds, and how it was read. From it points are chosen.

Only what makes rows and columns impossible to tell apart is refused here; a cell at fault is refused when its column is
chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from convexviz.data.dataset import Task
from convexviz.data.tables.choice import Choice, Taken, suggested, taken
from convexviz.data.tables.columns import COUNTERS, SIGNS, Column, Decimal, Draft, draft, settled
from convexviz.data.tables.dates import looks_like_date
from convexviz.data.tables.decoding import decoded
from convexviz.data.tables.errors import TableError
from convexviz.data.tables.numbers import is_gap, reading
from convexviz.data.tables.separating import NAMES, Grid, grid_of_cells, grid_of_text

SAY_POINT = (",", " ", "  ")  # separators of those who write decimals with a point
HEADS = {1: "The first row names the columns.", 2: "The first two rows name the columns and their units."}
NO_NAMES = "No row names the columns."
UNITS = frozenset(
    [
        *(
            "m",
            "cm",
            "mm",
            "km",
            "nm",
            "µm",
            "m²",
            "m³",
            "l",
            "L",
            "ml",
            "s",
            "ms",
            "µs",
            "min",
            "h",
            "d",
            "Hz",
            "kHz",
            "rpm",
        ),
        *("kg", "g", "mg", "µg", "t", "mol", "kg/m³", "g/cm³", "N", "kN", "Pa", "hPa", "kPa", "MPa", "bar", "mbar"),
        *("K", "°C", "°F", "C", "F", "V", "mV", "kV", "A", "mA", "W", "kW", "MW", "J", "kJ", "Wh", "kWh", "Ω", "dB"),
        *(
            "m/s",
            "km/h",
            "m/s²",
            "m/s^2",
            "rad",
            "deg",
            "°",
            "%",
            "‰",
            "ppm",
            "USD",
            "EUR",
            "GBP",
            "CHF",
            "$",
            "€",
            "£",
        ),
    ]
)  # that are known without brackets round them
NO_ROWS = "The table must have at least one row of numbers, got none; add rows such as 0.5, 1.2."


@dataclass(frozen=True)
class Sheet:
    """A table: n rows below the header, read into columns.

    Attributes
    ----------
    columns : in their order.
    lines : (n,) where each row begins, as the user counts: lines of a text, rows of cells.
    place : "line" or "row", what they count.
    header : whether the first row named the columns.
    notes : how it was read, in words for users.
    """

    columns: tuple[Column, ...]
    lines: Sequence[int] = field(repr=False)
    place: str
    header: bool
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of rows below the header."""
        return len(self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, each there once."""
        return tuple(column.name for column in self.columns)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """All cells as text, row by row; `head` is cheaper where a few will do."""
        return self.head(self.n)

    def head(self, most: int) -> list[tuple[str, ...]]:
        """The first rows as text."""
        return list(zip(*(column.cells[:most] for column in self.columns), strict=True))

    def column(self, name: str) -> Column:
        """The column of that name; TableError names those there are."""
        for column in self.columns:
            if column.name == name:
                return column
        raise TableError(
            f"A column must be one of the table's, {', '.join(self.names[:12])}, got {name!r}; choose one of these."
        )

    def suggest(self, task: Task, dims: int) -> Choice:
        """Columns that make points with `dims` features: x is the first of numbers or dates, y the next.

        For classification y is a column of classes. TableError where the table has too few columns.
        """
        return suggested(self, task, dims)

    def points(self, choice: Choice, task: Task, *, positive: str | None = None) -> Taken:
        """The points in the columns chosen; rows with gaps are dropped and counted.

        `positive` is the class that becomes +1, and then all others are -1. TableError names all faults of the columns.
        """
        return taken(self, choice, task, positive)


def read_sheet(source: str | bytes | Sequence[Sequence[str]], *, decimal: Decimal = "") -> Sheet:
    """A table from a text, from the bytes of a file, or from cells row by row.

    `decimal` says which sign parts decimals, "." or ","; left out, the cells tell. Raises TableError where the table
    cannot be cut into rows and columns: what came, in which lines, what to do.
    """
    grid = grid_of(source)
    return sheet_of(grid, has_header(grid), decimal)


def grid_of(source: str | bytes | Sequence[Sequence[str]]) -> Grid:
    """The rows of a source, cut."""
    if isinstance(source, bytes):
        return _grid_of_bytes(source)
    return grid_of_text(source) if isinstance(source, str) else grid_of_cells(source)


def _grid_of_bytes(source: bytes) -> Grid:
    text, encoding = decoded(source)
    grid = grid_of_text(text)
    note = () if encoding == "UTF-8" else (f"Read as {encoding}.",)
    return Grid(grid.rows, grid.lines, grid.place, grid.separator, (*note, *grid.notes))


def has_header(grid: Grid) -> bool:
    """The first row is a header when none of its cells is a number, a date or a gap; one of these makes it data."""
    if not grid.rows:
        return False
    below = grid.rows[1] if len(grid.rows) > 1 else [""] * len(grid.rows[0])
    return not any(_is_value(cell, under) for cell, under in zip(grid.rows[0], below, strict=True))


def _is_value(cell: str, below: str) -> bool:
    """Whether a cell of the first row is none of a header's; "1st" is a name unless "2st" stands below it."""
    found = reading(cell)
    if found and found.affix:
        under = reading(below)
        return under is not None and under.affix == found.affix
    return cell != "" and (is_gap(cell) or found is not None or looks_like_date(cell))


def sheet_of(grid: Grid, header: bool, decimal: Decimal = "") -> Sheet:
    """The sheet in a grid, whose first row is a header or is not."""
    units = _units(grid.rows) if header else []
    above = int(header) + bool(units)
    rows, lines = grid.rows[above:], grid.lines[above:]
    if not rows:
        raise TableError(NO_ROWS)
    given = grid.rows[0] if header else [""] * len(rows[0])
    names, notes = _names([_with_unit(*pair) for pair in zip(given, units, strict=True)] if units else given, header)
    counters = [header and name.lower() in COUNTERS for name in given]
    columns = [
        draft(name, cells, lines, grid.place, counter)
        for name, cells, counter in zip(names, zip(*rows, strict=True), counters, strict=True)
    ]
    sign, why = (decimal, "so it was said") if decimal else _sign(columns, grid.separator)
    made = tuple(settled(column, sign, why) for column in columns)
    heads = [HEADS[above] if header else NO_NAMES, *notes]
    how = [*grid.notes, *_separator_note(grid), *heads, *_sign_notes(columns, sign)]
    return Sheet(
        made, tuple(lines), grid.place, header, tuple(how + [f"{c.name}: {note}" for c in made for note in c.notes])
    )


def _units(rows: list[list[str]]) -> list[str]:
    """The units in the second row, where it holds nothing else and numbers begin below it; [] for none."""
    if len(rows) < 3 or not any(map(_is_unit, rows[1])):
        return []
    below = [reading(cell) is not None or looks_like_date(cell) for cell in rows[2]]
    fits = all(_is_unit(cell) if value else is_gap(cell) for cell, value in zip(rows[1], below, strict=True) if cell)
    return [cell.strip("()[]") if _is_unit(cell) else "" for cell in rows[1]] if fits else []


def _is_unit(cell: str) -> bool:
    return cell in UNITS or (cell[:1] + cell[-1:] in ("()", "[]") and 3 <= len(cell) <= 14 and reading(cell) is None)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if name and unit else name


def _names(given: Sequence[str], header: bool) -> tuple[list[str], list[str]]:
    """Each column's own name, and a note on those that had none or one that was taken."""
    names: list[str] = []
    notes: list[str] = []
    for k, name in enumerate(given, start=1):
        own = name or (str(k) if not header else f"column {k}")
        number = 2
        while own in names:
            own, number = f"{name or 'column'} ({number})", number + 1
        if header and own != name and name:
            notes.append(f"A second column {name!r} is called {own!r}.")
        names.append(own)
    return names, notes


def _sign(columns: Sequence[Draft], separator: str) -> tuple[Decimal, str]:
    """The decimal sign of a table and what shows it; "" where its columns do not tell or do not agree."""
    numeric = [column for column in columns if column.numeric]
    found = {column.says for column in numeric} - {""}
    if any(column.mixed for column in numeric) or len(found) > 1:
        return "", ""
    if found:
        sign = found.pop()
        return sign, f"the {SIGNS[sign]} parts decimals elsewhere in the table"
    commas = any("," in cell for column in numeric for cell in column.cells)
    if separator not in SAY_POINT or commas:
        return "", ""
    return ".", f"where {NAMES[separator]} separate columns, points part decimals"


def _separator_note(grid: Grid) -> list[str]:
    return [f"Columns are separated by {NAMES[grid.separator]}."] if grid.separator in NAMES else []


def _sign_notes(columns: Sequence[Draft], sign: Decimal) -> list[str]:
    return [f"The {SIGNS[sign]} parts decimals."] if sign == "," else []
