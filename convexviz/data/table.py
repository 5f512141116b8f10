"""Tables of points as text: columns x, y (or x1, x2, y), separated by commas, semicolons, tabs or spaces.

`read_table` is for boards, `read_columns` for tables of any width and length.

A header, blank lines and lines that begin with # may be there. Where the comma does not separate columns it may be the
decimal sign. Two classes may have any two names; `Dataset.note` says which became -1 and which +1.

Cells are cut by the standard library's csv, a line at a time, so that a message can name its line: pandas reads by the
same module where it tells short rows from empty cells, and joins the lines after a quote that nobody closed.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from convexviz.data.dataset import Dataset, Task, check_task, default_feature_names, default_target_name
from convexviz.data.scalars import shown
from convexviz.data.validation import FloatArray, did_you_mean

MAX_POINTS = 2000  # what the drawing board and its table can still show
MAX_NAMED = 12  # columns that a message lists
MAX_SHOWN = 30  # characters of a cell that a message quotes
FORMS = {1: "2 columns (x, y)", 2: "3 columns (x1, x2, y)", None: "2 columns (x, y) or 3 (x1, x2, y)"}

_LINE_END = re.compile(r"\r\n|\r|\n")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class TableError(ValueError):
    """A table that cannot be read; `line` counts from 1, or is None when no one line is at fault."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line

    def __reduce__(self) -> tuple[Any, ...]:
        return TableError, (self.args[0], self.line)


class _Row(NamedTuple):
    line: int
    cells: list[str]
    unit: str = "line"  # what its number counts, in the words of who wrote it

    @property
    def place(self) -> str:
        return f"{self.unit} {self.line}"


def read_table(
    text: str | bytes, task: Task, max_points: int = MAX_POINTS, *, name: str = "table", dims: int | None = None
) -> Dataset:
    """The points in a table: two columns x, y or three x1, x2, y; `dims` says how many features, if only one will do.

    For classification the last column holds any two distinct values; in sorted order they become -1 and +1.
    Raises TableError with the line at fault, what stands there, and what to do about it.
    """
    check_task(task)
    rows = _rows(_as_text(text), max_points)
    _check_columns(rows, dims)
    header, rows = _split_header(rows)
    return _dataset(header, rows, task, max_points, name)


def read_cells(cells: Sequence[Sequence[str]], task: Task, max_points: int = MAX_POINTS, *, dims: int = 1) -> Dataset:
    """The points in the cells of a table, row by row, each as somebody typed or pasted it: read as `read_table` does.

    Rows without anything in them are left out. Raises TableError with the row at fault, which counts from 1.
    """
    check_task(task)
    numbered = enumerate(([cell.strip() for cell in row] for row in cells), start=1)
    rows = [_Row(number, row, "row") for number, row in numbered if any(row)]
    _check_columns(rows, dims)
    return _dataset(None, _decimal_points(rows), task, max_points, "table")


@dataclass(frozen=True)
class Columns:
    """A table of any width: its cells, found by column.

    Attributes
    ----------
    names : of the header; "1", "2", ... where there is none.
    header : whether the table has one.
    """

    names: tuple[str, ...]
    header: bool
    rows: tuple[_Row, ...]

    @property
    def n(self) -> int:
        """Number of rows below the header."""
        return len(self.rows)

    def place(self, name: str) -> int:
        """Which column that is, from 0: one of the header's names, or a number that counts from 1."""
        if name in self.names:
            return self.names.index(name)
        if name.isascii() and name.isdigit() and 1 <= int(name) <= len(self.names):
            return int(name) - 1
        meant = did_you_mean(name, self.names)
        known = f"{', '.join(self.names[:MAX_NAMED])}{', ...' if len(self.names) > MAX_NAMED else ''}"
        words = f"columns {known}" if self.header else f"columns 1 to {len(self.names)} and no header"
        remedy = f"did you mean {meant!r}?" if meant else "name one of these."
        raise TableError(f"A column must be one of the table's, got {shown(name)}; it has {words}: {remedy}")

    def numbers(self, names: Sequence[str]) -> FloatArray:
        """Some columns as finite numbers, (n, k); TableError with the line of a cell that holds none."""
        places = [self.place(name) for name in names]
        values = [[_number(row, k) for k in places] for row in self.rows]
        return np.array(values, np.float64).reshape(self.n, len(places))

    def classes(self, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A column as numbers of classes (n,) from 0, and the classes' names, in the order of numbers or else of words.

        TableError for an empty cell, and where there is only one class.
        """
        k = self.place(name)
        cells = [_class(row, k) for row in self.rows]
        numeric = all(_NUMBER.fullmatch(cell) and math.isfinite(float(cell)) for cell in set(cells))
        keys: list[Any] = [float(cell) for cell in cells] if numeric else cells
        order = sorted(set(keys))
        if len(order) < 2:
            raise TableError(
                f"The column {self.names[k]!r} must hold two classes or more, got only {_quoted(cells[0])}; add a row "
                "of another class, or name another column."
            )
        named = dict(zip(reversed(keys), reversed(cells), strict=True))  # 1 and 1.0 are one class, named as first met
        number = {key: place for place, key in enumerate(order)}
        return np.array([number[key] for key in keys]), tuple(named[key] for key in order)


def read_columns(text: str | bytes) -> Columns:
    """A table of any width, with a header or without; TableError with the line at fault."""
    rows = _rows(_as_text(text), math.inf)
    _check_width(rows)
    header, rows = _split_header(rows)
    if not rows:
        raise TableError("The table must have at least one row of numbers, got none; add rows such as 0.5, 1.2.")
    names = header or [str(k) for k in range(1, len(rows[0].cells) + 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableError(f"Each column must have a name of its own, got {_quoted(twice[0])} twice; rename one.", 1)
    return Columns(tuple(names), header is not None, tuple(rows))


def _class(row: _Row, column: int) -> str:
    cell = row.cells[column]
    if not cell or cell.lower() == "nan":
        raise TableError(f"Every row must have a class, got {_quoted(cell)} in {row.place}; fill it.", row.line)
    return cell


def _dataset(header: list[str] | None, rows: Sequence[_Row], task: Task, max_points: int, name: str) -> Dataset:
    if not rows:
        raise TableError("The table must have at least one row of numbers, got none; add rows such as 0.5, 1.2.")
    if len(rows) > max_points:
        raise TableError(f"The table must have at most {max_points} points, got {len(rows)}; remove some rows.")
    X = [[_number(row, k) for k in range(len(row.cells) - 1)] for row in rows]
    y, note = _classes(rows) if task == "classification" else ([_number(row, -1) for row in rows], "")
    features, target = (tuple(header[:-1]), header[-1]) if header else (None, None)
    return Dataset.create(X, y, task, name, feature_names=features, target_name=target, note=note)


def write_table(dataset: Dataset) -> str:
    """The points as comma-separated text with a header; `read_table` gives the same numbers and names back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_header(dataset))
    for x, y in zip(dataset.X.tolist(), dataset.y.tolist(), strict=True):
        writer.writerow([*map(repr, x), str(int(y)) if dataset.task == "classification" else repr(y)])
    return out.getvalue()


def _as_text(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"The table must be UTF-8 text, got another encoding in line {line}; save it as CSV UTF-8.", line
        ) from None


def _rows(text: str, max_points: float) -> list[_Row]:
    """Every line that is neither blank nor a comment, cut into cells."""
    numbered = enumerate(map(str.strip, _LINE_END.split(text)), start=1)
    lines = [(number, line) for number, line in numbered if line and not line.startswith("#")]
    if len(lines) > max_points + 1:  # cheaper than reading it all first; the one may be a header
        raise TableError(f"The table must have at most {max_points} points, got {len(lines)} rows; remove some rows.")
    separator = _separator(lines[0][1]) if lines else None
    rows = [_Row(number, _cells(number, line, separator)) for number, line in lines]
    return _plain_minus(rows) if separator == "," else _decimal_points(rows)


def _separator(line: str) -> str | None:
    """The column separator, None for spaces. Commas come last: beside any other separator they are decimal signs."""
    return next((mark for mark in "\t;," if mark in line), None)


def _cells(number: int, line: str, separator: str | None) -> list[str]:
    if separator is None:
        return line.split()
    try:
        (cells,) = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise TableError(
            f'Quotes must be closed, got {_quoted(line)} in line {number}; add the closing " or remove the quotes.',
            number,
        ) from None
    return [cell.strip() for cell in cells]


def _plain_minus(rows: Sequence[_Row]) -> list[_Row]:
    """Numbers with the hyphen for the minus sign that typesetters and some spreadsheets write."""
    return [row._replace(cells=[_with_hyphen(cell) for cell in row.cells]) for row in rows]


def _with_hyphen(cell: str) -> str:
    changed = cell.replace("\u2212", "-")
    return changed if _NUMBER.fullmatch(changed.replace(",", ".")) else cell


def _decimal_points(rows: Sequence[_Row]) -> list[_Row]:
    """Rows with points for decimal commas.

    1,234 is a thousand to one writer and little more than one to the other. Where nothing else in the table tells which
    one wrote it, nobody can, and a wrong guess is off by a thousand: TableError.
    """
    rows = _plain_minus(rows)
    commas = [
        (row, cell) for row in rows for cell in row.cells if cell.count(",") == 1 and _decimal_point(cell) != cell
    ]
    if commas and all(_THOUSANDS.fullmatch(cell) for _, cell in commas):
        row, cell = commas[0]
        raise TableError(
            f"A number must be clear, got {_quoted(cell)} in {row.place}: the comma may part thousands or decimals; "
            f"write {cell.replace(',', '')} or {cell.replace(',', '.')}.",
            row.line,
        )
    return [row._replace(cells=[_decimal_point(cell) for cell in row.cells]) for row in rows]


def _decimal_point(cell: str) -> str:
    """Turn one decimal comma into a point, if that makes the cell a number."""
    changed = cell.replace(",", ".")
    return changed if cell.count(",") == 1 and _NUMBER.fullmatch(changed) else cell


def _check_columns(rows: Sequence[_Row], dims: int | None) -> None:
    if rows and len(rows[0].cells) not in ((2, 3) if dims is None else (dims + 1,)):
        raise TableError(
            f"A row must have {FORMS[dims]}, got {len(rows[0].cells)} in {rows[0].place}; "
            "separate columns by commas, or by semicolons when commas are decimal signs.",
            rows[0].line,
        )
    _check_width(rows)


def _check_width(rows: Sequence[_Row]) -> None:
    for row in rows:
        wanted = len(rows[0].cells)
        if len(row.cells) != wanted:
            raise TableError(
                f"Every row must have {wanted} columns like the first one, got {len(row.cells)} in {row.place}; "
                "complete the row or remove it.",
                row.line,
            )


def _split_header(rows: list[_Row]) -> tuple[list[str] | None, list[_Row]]:
    """The first row is a header when none of its cells is a number; one number makes it a row of data."""
    if not rows or any(_NUMBER.fullmatch(cell) for cell in rows[0].cells):
        return None, rows
    line, cells = rows[0].line, rows[0].cells
    if "" in cells:
        raise TableError(
            f"The header must name every column, got an empty name in line {line}; "
            "name the column, or remove it if it only numbers the rows.",
            line,
        )
    return cells, rows[1:]


def _number(row: _Row, column: int) -> float:
    cell = row.cells[column]
    value = float(cell) if _NUMBER.fullmatch(cell) else None
    if value is None:
        remedy = "write it as 0.5, without units or thousands separators" if cell else "fill it or remove the row"
        raise TableError(f"Cells must hold numbers, got {_quoted(cell)} in {row.place}; {remedy}.", row.line)
    if not math.isfinite(value):
        raise TableError(
            f"Numbers must be finite, got {_quoted(cell)} in {row.place}; correct or remove the row.", row.line
        )
    return value


def _classes(rows: Sequence[_Row]) -> tuple[list[float], str]:
    """Labels -1 and +1 for the last column, and a note when the table called them otherwise."""
    found: dict[str, _Row] = {}  # class -> row where it first stood
    for row in rows:
        if not row.cells[-1]:
            raise TableError(f"Every row must have a class, got {_quoted('')} in {row.place}; fill it.", row.line)
        found.setdefault(row.cells[-1], row)
    numeric = all(_NUMBER.fullmatch(cell) and math.isfinite(float(cell)) for cell in found)
    codes: dict[Any, float] = {}  # 1 and 1.0 are one class
    key = float if numeric else str
    if numeric and {key(cell) for cell in found} <= {-1.0, 1.0}:
        codes, note = {-1.0: -1.0, 1.0: 1.0}, ""
    else:
        low, high = _two_classes(found, key)
        codes, note = {key(low): -1.0, key(high): 1.0}, f"Class {_quoted(low)} is -1, class {_quoted(high)} is +1."
    return [codes[key(row.cells[-1])] for row in rows], note


def _two_classes(found: dict[str, _Row], key: type) -> tuple[str, str]:
    distinct: dict[Any, str] = {}
    for cell, row in found.items():
        distinct.setdefault(key(cell), cell)
        if len(distinct) > 2:
            raise TableError(
                f"The last column must hold two classes, got a third, {_quoted(cell)}, in {row.place}; "
                "keep two of them, or choose regression.",
                row.line,
            )
    if len(distinct) < 2:
        raise TableError(
            f"The last column must hold two classes, got only {_quoted(*distinct.values())}; "
            "add a row of the other class, or name the class -1 or 1."
        )
    low, high = (distinct[value] for value in sorted(distinct))
    return low, high


def _header(dataset: Dataset) -> list[str]:
    """The dataset's names; a name that would be read back as something else gives way to the default."""
    defaults = [*default_feature_names(dataset.d), default_target_name(dataset.task)]
    given = [*dataset.feature_names, dataset.target_name]
    return [name if _is_name(name) else default for name, default in zip(given, defaults, strict=True)]


def _is_name(name: str) -> bool:
    """Whether a header cell is read back as it is: no separator but the quoted comma, no comment, no number."""
    return (
        name != ""
        and name == name.strip()
        and name.isprintable()
        and not name.startswith("#")
        and ";" not in name
        and not _NUMBER.fullmatch(name)
    )


def _quoted(cell: str) -> str:
    if not cell:
        return "an empty cell"
    return repr(cell if len(cell) <= MAX_SHOWN else cell[:MAX_SHOWN] + "…")
