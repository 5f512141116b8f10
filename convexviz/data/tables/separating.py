"""From text to rows of cells: the separator is the one by which all rows are equally long and most cells are numbers.

Rows are cut by the standard library's csv, so that a quoted cell may hold separators and line ends; each keeps the
number of the line in which it begins, as an editor counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

from convexviz.data.tables.dates import looks_like_date
from convexviz.data.tables.errors import Fault, TableError, counted, quoted, refuse
from convexviz.data.tables.numbers import is_gap, reading

GAP_OF_SPACES = "  "  # two spaces or more, where one is part of a name
NAMES = {
    "\t": "tabs",
    ";": "semicolons",
    "|": "vertical bars",
    ",": "commas",
    GAP_OF_SPACES: "two spaces or more",
    " ": "spaces",
}
NO_MERIT = (0.0, 0.0, 0.0)
SAMPLE = 60  # rows by which a separator is chosen
BLANKS = " \t\u00a0\u2007\u2009\u202f\u3000"  # that may stand round a cell
INNER = "\x1f"  # stands for runs of spaces while csv cuts: ASCII's own unit separator

_LINE_END = re.compile(r"\r\n|\r|\n")
_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?[\s;,]*", re.IGNORECASE)
_COMMENT = re.compile(r"^[ \t]*#(?![A-Za-z/0!?]+[!/?])[^\r\n]*", re.MULTILINE)
_RULE = re.compile(r"^[ \t|+:=_-]*(?:-{3,}|={3,}|:-+:?|-+:)[ \t|+:=_-]*$", re.MULTILINE)
RULES = ("---", "===", ":-", "-:")  # one of these is in every line that _RULE takes out
_BETWEEN_DIGITS = re.compile(r"[0-9] [0-9]")
_OUTER_BARS = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_HTML = re.compile(r"\s*<(?:!doctype|html|table|meta|head|body|div|tr|\?xml)\b", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\d.-])")


@dataclass(frozen=True)
class Grid:
    """Cells row by row, all rows equally long, and where each row stands.

    Attributes
    ----------
    rows : cells without blanks around them.
    lines : of each row, counted from 1.
    place : what the lines count, "line" of a text or "row" of a table.
    separator : what stood between the cells; "" for cells that came apart already.
    notes : what was done, in words for users.
    """

    rows: list[list[str]]
    lines: list[int]
    place: str
    separator: str = ""
    notes: tuple[str, ...] = ()


def grid_of_cells(cells: Sequence[Sequence[str]]) -> Grid:
    """The cells of a table, row by row, as somebody typed or pasted them."""
    numbered = [(k, [_stripped(cell) for cell in row]) for k, row in enumerate(cells, start=1)]
    kept = [(k, row) for k, row in numbered if any(row)]
    width = max((len(row) for _, row in kept), default=0)
    rows = [row + [""] * (width - len(row)) for _, row in kept]  # a grid on a screen has no short rows
    return Grid(rows, [k for k, _ in kept], "row")


def _stripped(cell: str) -> str:
    return " ".join(str(cell).split("\n")).strip()


def grid_of_text(text: str) -> Grid:
    """The rows of a text; TableError names every row that is too short or too long, and a quote never closed."""
    text = text.removeprefix("\ufeff")
    _refuse_markup(text)
    if not _LINE_END.search(text):
        text = _OTHER_LINE_ENDS.sub("\n", text)
    separator, text = _said(text)
    text = _COMMENT.sub("", text) if "#" in text else text  # lines keep their numbers
    text = _RULE.sub("", text) if any(rule in text for rule in RULES) else text
    if separator is None:
        separator = _chosen(text)
    rows, lines = _cut(text, separator)
    return _rectangle(Grid(rows, lines, "line", separator))


def _refuse_markup(text: str) -> None:
    for pattern, what in ((_HTML, "HTML or XML"), (_JSON, "JSON")):
        if pattern.match(text):
            raise TableError(
                f"A table must have rows of cells, got {what} in line 1; copy the cells themselves, or save as CSV.", 1
            )


def _said(text: str) -> tuple[str | None, str]:
    """The separator that Excel's first line "sep=;" names, and the text with that line emptied."""
    first = _LINE_END.split(text, maxsplit=1)[0]
    match = _SEP_LINE.fullmatch(first)
    if first.strip().lower().strip('"') == "sep=" and first.endswith("\t"):
        return "\t", text[len(first) :]
    return (match[1], text[len(first) :]) if match else (None, text)


def _chosen(text: str) -> str:
    """The separator by which the first rows are equally long and hold the most numbers; "," where none is better."""
    sample = "\n".join(_first_lines(text))
    judged = [(_merit(sample, mark), mark) for mark in NAMES if mark.strip(" ") == "" or mark in sample]
    best, mark = max(judged, key=lambda pair: pair[0])  # the first of equals
    if mark == "," and _BETWEEN_DIGITS.search(sample) and _merit(sample, " ") == best:
        raise TableError(
            "Columns must be separated in one way, got commas and spaces, and either would make columns of numbers; "
            "separate them by semicolons or tabs."
        )
    return mark if best > NO_MERIT else ","


def _first_lines(text: str) -> list[str]:
    """Up to SAMPLE lines that are not blank."""
    found: list[str] = []
    for match in re.finditer(r"[^\r\n]+", text):
        if match[0].strip():
            found.append(match[0])
        if len(found) == SAMPLE:
            break
    return found


def _merit(sample: str, mark: str) -> tuple[float, float, float]:
    """How well a separator cuts: share of rows of the most frequent width, of cells with numbers; 0 for one column."""
    try:
        rows, _ = _cut(sample, mark)
    except TableError as error:
        rows, _ = _cut(sample.replace('"', ""), mark)
        if not rows or error.line is None:
            return NO_MERIT
    body = rows[1:] or rows
    cells = [cell for row in body for cell in row if cell]
    numeric = sum(map(_tells, cells)) / max(len(cells), 1)
    # a gap at the end of a row is written, or cut: rows are as long one way or the other
    steady = max(_steady(rows), _steady([_without_empty_end(row) for row in rows]))
    return (float(steady == 1.0 and numeric > 0.0), numeric + steady, steady) if steady else NO_MERIT


def _steady(rows: list[list[str]]) -> float:
    """The share of rows that have the most frequent width; 0 where that is a single column."""
    widths = Counter(map(len, rows))
    if not widths:
        return 0.0
    width, most = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return most / len(rows) if width > 1 else 0.0


def _tells(cell: str) -> bool:
    return is_gap(cell) or reading(cell) is not None or looks_like_date(cell)


def _without_empty_end(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _cut(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The rows that are not blank, and the line in which each begins."""
    if separator == "|":
        text = _OUTER_BARS.sub(r"\1", text)
    delimiter = separator
    if separator in (" ", GAP_OF_SPACES):
        delimiter = INNER
        text = re.sub(r"[ \t]+" if separator == " " else r" {2,}|\t+", INNER, text)
        text = re.sub(rf"(?m)^[ {INNER}]+|[ {INNER}]+$", "", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows, lines = _read(reader, text)
    if any(blank in text for blank in BLANKS):
        rows = [[cell.strip() for cell in row] for row in rows]
    if not all(map(any, rows)):
        kept = [any(row) for row in rows]
        rows, lines = list(compress(rows, kept)), list(compress(lines, kept))
    return rows, lines


def _read(reader: Any, text: str) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        if '"' not in text:  # then each line is a row, be it blank
            rows = list(reader)
            return rows, list(range(1, len(rows) + 1))
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unclosed(text, line, error) from None
    return rows, lines


def _unclosed(text: str, line: int, error: csv.Error) -> TableError:
    if "field larger" in str(error):
        return TableError(
            f"A cell must have fewer than {csv.field_size_limit()} characters, got a longer one after line {line}; "
            "it may follow a quote that is never closed.",
            line,
        )
    shown = quoted(_LINE_END.split(text)[line - 1].strip().replace(INNER, " "))
    return TableError(
        f'Quotes must be closed, got {shown} in line {line}; add the closing " or remove the quotes.', line
    )


def _rectangle(grid: Grid) -> Grid:
    """Rows of one length: what is empty at the end of rows is cut, titles above the table are left out and named."""
    if not grid.rows:
        return grid
    grid = _with_row_names(_below_titles(grid, _width(grid.rows)))
    width = _width(grid.rows)
    if {len(row) for row in grid.rows} == {width}:
        return grid
    rows = [row if len(row) <= width or any(row[width:]) else row[:width] for row in grid.rows]
    grid = replace(grid, rows=rows)
    refuse(_uneven(grid, width))
    return grid


def _width(rows: list[list[str]]) -> int:
    """The length of most rows, without columns that are empty everywhere at the end."""
    lengths = Counter(map(len, rows))
    if len(lengths) == 1 and all(row[-1] for row in rows):
        return len(rows[0])
    (most, times), *others = lengths.most_common(2)
    if others and others[0][1] == times:
        most = len(rows[0])  # as many are long as are short: the first row counts
    filled = max(len(_without_empty_end(row)) for row in rows)
    return min(most, filled)


def _below_titles(grid: Grid, width: int) -> Grid:
    """Without the lines above a table that hold one cell of words each, where a row of names or a full row follows."""
    titles = 0
    while titles < len(grid.rows) - 1 and _is_title(grid.rows[titles]):
        titles += 1
    padded = any(len(row) > 1 for row in grid.rows[:titles])  # a spreadsheet writes Title,,,
    names = grid.rows[titles]
    if not titles or width < 2 or (padded and (any(map(_tells, names)) or len(_without_empty_end(names)) < 2)):
        return grid
    note = f"{counted(titles, 'line')} above the table left out: {quoted(grid.rows[0][0])}."
    return replace(grid, rows=grid.rows[titles:], lines=grid.lines[titles:], notes=(*grid.notes, note))


def _is_title(row: list[str]) -> bool:
    return len(_without_empty_end(row)) == 1 and row[0] != "" and not _tells(row[0])


def _with_row_names(grid: Grid) -> Grid:
    """R writes a header without a name for the column that names the rows.

    Not where commas separate: there a row may be longer because its commas are decimal signs.
    """
    first, *others = grid.rows
    longer = bool(others) and all(len(row) == len(first) + 1 for row in others)
    if grid.separator == "," or not longer or any(map(_tells, first)):
        return grid
    return replace(grid, rows=[["", *first], *others])


def _uneven(grid: Grid, width: int) -> list[Fault]:
    like = "the first one" if len(grid.rows[0]) == width else "most"
    return [
        (
            line,
            f"Every row must have {counted(width, 'column')} like {like}, got {len(row)} in {grid.place} {line}; "
            f"{_uneven_remedy(row, width, grid)}.",
        )
        for line, row in zip(grid.lines, grid.rows, strict=True)
        if len(row) != width
    ]


def _uneven_remedy(row: list[str], width: int, grid: Grid) -> str:
    if grid.separator == "," and (len(row) > width or row is grid.rows[0]):
        return "where commas are decimal signs, separate columns by semicolons, or put quotes round the numbers"
    return "complete the row or remove it" if len(row) < width else "remove what is too much, or put quotes round it"
