"""Which columns are the points, and the points in them: rows with gaps are counted, all faults named at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from convexviz.data.dataset import Dataset, Task, check_task
from convexviz.data.tables.classes import labels
from convexviz.data.tables.columns import Column
from convexviz.data.tables.errors import Fault, TableError, counted, refuse
from convexviz.data.validation import FloatArray

TARGETS = ("y", "target", "class", "label", "response", "output")  # names that say what is learned
WEIGHTS = ("weights", "sample_weight", "sample weight")  # a column called "weight" is as often in kilograms


@dataclass(frozen=True)
class Choice:
    """Columns by name: the features, the target, and the weights of the points where a column has them."""

    features: tuple[str, ...]
    target: str
    weight: str | None = None


@dataclass(frozen=True)
class Taken:
    """Points out of a sheet.

    Attributes
    ----------
    dataset : the points.
    weights : (n,) or None.
    dropped : how many rows had gaps in the columns chosen.
    notes : what was done to the rows, in words for users.
    """

    dataset: Dataset
    weights: FloatArray | None
    dropped: int
    notes: tuple[str, ...]


class Table(Protocol):
    """What a sheet is asked for here."""

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def lines(self) -> Sequence[int]: ...
    @property
    def place(self) -> str: ...
    @property
    def header(self) -> bool: ...
    def column(self, name: str) -> Column: ...


def suggested(sheet: Table, task: Task, dims: int) -> Choice:
    """Features and target of a sheet that nobody has chosen from."""
    check_task(task)
    weight = next((c.name for c in sheet.columns if c.name.lower() in WEIGHTS and c.numeric), None)
    free = [column for column in sheet.columns if column.name != weight and column.kind != "empty"]
    target = _target(free, task, dims)
    rest = [column for column in free if column is not target]
    features = [column.name for column in sorted(rest, key=_rank) if column.numeric][:dims]
    if target is None or len(features) < dims:
        what = "classes" if task == "classification" else "numbers"
        raise TableError(
            f"The table must have {counted(dims, 'column')} of numbers or dates for x and one of {what} for y, got "
            f"{_listed(sheet)}; add what is missing."
        )
    order = {column.name: k for k, column in enumerate(sheet.columns)}
    return Choice(tuple(sorted(features, key=order.__getitem__)), target.name, weight)


def _rank(column: Column) -> int:
    return {"number": 0, "date": 0, "class": 1, "index": 2}.get(column.kind, 3)


def _target(free: Sequence[Column], task: Task, dims: int) -> Column | None:
    if task == "classification":
        kinds = [column for column in free if column.kind == "class"] or [c for c in free if c.kind != "index"][-1:]
        return _called(kinds) or (kinds[-1] if kinds else None)
    numbers = [column for column in free if column.kind == "number"]
    named = _called(numbers)
    if named:
        return named
    first = [column for column in free if column.kind in ("number", "date")][:dims]
    later = [column for column in numbers if column not in first]
    others = [column for column in free if column.kind == "class" and column.numeric and column not in first]
    return next(iter(later or others), None) or (numbers[-1] if numbers else None)


def _called(columns: Sequence[Column]) -> Column | None:
    return next((column for column in columns if column.name.lower() in TARGETS), None)


def _listed(sheet: Table) -> str:
    return ", ".join(f"{column.name!r} ({column.kind})" for column in sheet.columns[:12])


def taken(sheet: Table, choice: Choice, task: Task, positive: str | None) -> Taken:
    """The points of a choice; TableError names all its faults."""
    check_task(task)
    names = [*choice.features, choice.target, *([choice.weight] if choice.weight is not None else [])]
    columns = [sheet.column(name) for name in names]
    _refuse_twice(names)
    d = len(choice.features)
    measured = [c for k, c in enumerate(columns) if k != d or task == "regression"]
    refuse([fault for column in measured for fault in _faults_of(column)])
    kept = ~np.any([column.missing for column in columns], axis=0)
    if not kept.any():
        raise TableError("The table must have a row without gaps in these columns, got none; fill some cells.")
    target, notes = columns[d].numbers[kept], _dropped_note(int(np.count_nonzero(~kept)))
    note = ""
    if task == "classification":
        cells = [cell for cell, keep in zip(columns[d].cells, kept, strict=True) if keep]
        lines = [line for line, keep in zip(sheet.lines, kept, strict=True) if keep]
        target, note = labels(cells, lines, sheet.place, columns[d].name, positive)
    weights = _weights(columns[d + 1], kept, sheet) if choice.weight is not None else None
    dataset = Dataset.create(
        np.column_stack([column.numbers[kept] for column in columns[:d]]),
        target,
        task,
        "table",
        feature_names=[column.label for column in columns[:d]] if sheet.header else None,
        target_name=columns[d].label if sheet.header else None,
        note=note,
    )
    return Taken(
        dataset, weights, int(np.count_nonzero(~kept)), (*notes, *([note] if note else []), *_day_notes(columns))
    )


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableError(
            f"A column must have one part, got {twice[0]!r} for two; choose another column for one of them."
        )


def _faults_of(column: Column) -> list[Fault]:
    if column.numeric:
        return list(column.faults)
    what = {"empty": "no values", "text": "texts", "class": "words"}[column.kind]
    cell = next((cell for cell, gap in zip(column.cells, column.missing, strict=True) if not gap), "")
    example = f", such as {cell[:30]!r}" if cell else ""
    return [(None, f"A column of numbers must hold numbers, got {column.name!r} with {what}{example}; choose another.")]


def _dropped_note(dropped: int) -> list[str]:
    return [f"{counted(dropped, 'row')} with gaps left out."] if dropped else []


def _day_notes(columns: Sequence[Column]) -> list[str]:
    return [f"{column.name} is counted in days since 1970-01-01." for column in columns if column.kind == "date"]


def _weights(column: Column, kept: np.ndarray, sheet: Table) -> FloatArray:
    weights: FloatArray = column.numbers[kept]
    lines = np.asarray(sheet.lines)[kept]
    refuse(
        (
            int(line),
            f"A weight must not be negative, got {value:g} in {sheet.place} {line}; use 0 to leave a point out.",
        )
        for line, value in zip(lines[weights < 0], weights[weights < 0], strict=True)
    )
    if not weights.any():
        raise TableError(
            f"Weights must not be 0 everywhere, got {column.name!r} with nothing else; choose another column."
        )
    return weights
