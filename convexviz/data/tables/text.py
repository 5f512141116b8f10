"""Points as text: a table of exactly the columns x, y or x1, x2, y, read without leaving anything out, and written.

A header, blank lines and lines that begin with # may be there. Two classes may have any two names; `Dataset.note` says
which became -1 and which +1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from convexviz.data.dataset import Dataset, Task, check_task, default_feature_names, default_target_name
from convexviz.data.tables.classes import labels
from convexviz.data.tables.dates import looks_like_date
from convexviz.data.tables.errors import TableError, refuse
from convexviz.data.tables.named import class_faults, number_faults, refuse_nameless
from convexviz.data.tables.numbers import is_gap, reading
from convexviz.data.tables.separating import Grid, grid_of_cells
from convexviz.data.tables.sheet import NO_ROWS, grid_of, has_header, sheet_of

MAX_POINTS = 2000  # what the drawing board and its table can still show
FORMS = {1: "2 columns (x, y)", 2: "3 columns (x1, x2, y)", None: "2 columns (x, y) or 3 (x1, x2, y)"}


def read_table(
    text: str | bytes, task: Task, max_points: int = MAX_POINTS, *, name: str = "table", dims: int | None = None
) -> Dataset:
    """The points in a table: two columns x, y or three x1, x2, y; `dims` says how many features, if only one will do.

    For classification the last column holds any two distinct values; in sorted order they become -1 and +1.
    Raises TableError with every line at fault, what stands there, and what to do about it.
    """
    check_task(task)
    grid = grid_of(text)
    return _dataset(grid, has_header(grid), task, max_points, name, dims)


def read_cells(cells: Sequence[Sequence[str]], task: Task, max_points: int = MAX_POINTS, *, dims: int = 1) -> Dataset:
    """The points in the cells of a table, row by row, each as somebody typed or pasted it: read as `read_table` does.

    Rows without anything in them are left out. Raises TableError with the rows at fault, which count from 1.
    """
    check_task(task)
    return _dataset(grid_of_cells(cells), False, task, max_points, "table", dims)


def _dataset(grid: Grid, header: bool, task: Task, max_points: int, name: str, dims: int | None) -> Dataset:
    _check_columns(grid, dims)
    if len(grid.rows) - header > max_points:
        raise TableError(
            f"The table must have at most {max_points} points, got {len(grid.rows) - header}; remove some rows."
        )
    if header:
        refuse_nameless(grid)
    sheet = sheet_of(grid, header)
    *features, target = sheet.columns
    refuse(
        [fault for column in features for fault in number_faults(column, sheet)]
        + (class_faults(target, sheet) if task == "classification" else number_faults(target, sheet))
    )
    y, note = target.numbers, ""
    if task == "classification":
        y, note = labels(target.cells, sheet.lines, sheet.place, "last column", None)
    X = np.column_stack([column.numbers for column in features])
    named = grid.rows[0] if header else [*default_feature_names(len(features)), default_target_name(task)]
    return Dataset.create(X, y, task, name, feature_names=named[:-1], target_name=named[-1], note=note)


def _check_columns(grid: Grid, dims: int | None) -> None:
    if not grid.rows:
        raise TableError(NO_ROWS)
    if len(grid.rows[0]) not in ((2, 3) if dims is None else (dims + 1,)):
        raise TableError(
            f"A row must have {FORMS[dims]}, got {len(grid.rows[0])} in {grid.place} {grid.lines[0]}; "
            "separate columns by commas, or by semicolons when commas are decimal signs.",
            grid.lines[0],
        )


def write_table(dataset: Dataset) -> str:
    """The points as comma-separated text with a header; `read_table` gives the same numbers and names back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_header(dataset))
    for x, y in zip(dataset.X.tolist(), dataset.y.tolist(), strict=True):
        writer.writerow([*map(repr, x), str(int(y)) if dataset.task == "classification" else repr(y)])
    return out.getvalue()


def _header(dataset: Dataset) -> list[str]:
    """The dataset's names; a name that would be read back as something else gives way to the default."""
    defaults = [*default_feature_names(dataset.d), default_target_name(dataset.task)]
    given = [*dataset.feature_names, dataset.target_name]
    return [name if _is_name(name) else default for name, default in zip(given, defaults, strict=True)]


def _is_name(name: str) -> bool:
    """Whether a header cell is read back as it is: no comment, no number, no date, no gap."""
    return (
        name == name.strip()
        and name.isprintable()
        and not name.startswith("#")
        and not any(mark in name for mark in ";|")
        and not is_gap(name)
        and reading(name) is None
        and not looks_like_date(name)
    )
