"""A training problem read from a table: which columns are inputs, what is to be learned, and what new inputs give."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import convexviz as cv

from .files import STREAM, read
from .messages import Failure

TWO = 2


@dataclass(frozen=True)
class Problem:
    """X (n, d), y (n,) or (n, K), and what the columns are called.

    Attributes
    ----------
    columns : the inputs' names.
    targets : the names of what is learned.
    classes : of a loss of labels: what stands for -1 and +1, or for the K columns of y.
    weights : (n,) weights of the points, or None.
    """

    X: Any
    y: Any
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...] = ()
    weights: Any = None

    @property
    def size(self) -> str:
        """In words."""
        n, d = self.X.shape
        outputs = f", {self.y.shape[1]} outputs" if self.y.ndim == 2 else ""
        return f"{n} point{'s' * (n > 1)}, {d} input{'s' * (d > 1)}{outputs}"


def named(text: str | None) -> list[str]:
    """The columns that an option names, parted by commas."""
    try:
        return next(csv.reader([text], skipinitialspace=True)) if text else []
    except csv.Error as error:
        raise Failure(f"columns must be named with commas between them, got {text!r}: {error}.") from None


def table(path: str) -> cv.datasets.Columns:
    """The table in a file or on standard input; errors name it."""
    text = read(path)
    try:
        return cv.datasets.read_columns(text)
    except cv.datasets.TableError as error:
        raise Failure(f"{shown(path)}: {error}") from None


def shown(path: str) -> str:
    """A file as messages call it."""
    return "standard input" if path == STREAM else path


def problem(path: str, loss: str, target: str | None, columns: str | None, weights: str | None) -> Problem:
    """The problem in a table: the last column is learned from all others, unless options say otherwise."""
    found = table(path)
    try:
        return _problem(found, loss, named(target), named(columns), weights)
    except cv.datasets.TableError as error:
        raise Failure(f"{shown(path)}: {error}") from None


def _problem(
    found: cv.datasets.Columns, loss: str, targets: list[str], columns: list[str], weights: str | None
) -> Problem:
    weighing = {found.place(weights)} if weights else set()
    learned = [found.place(name) for name in targets]
    if not learned:
        free = [k for k in range(len(found.names)) if k not in weighing]
        learned = free[-1:]
    inputs = [found.place(name) for name in columns]
    if not inputs:
        inputs = [k for k in range(len(found.names)) if k not in {*learned, *weighing}]
    if not inputs:
        raise Failure(
            f"the table must have a column to learn from beside {found.names[learned[0]]!r}, got none; add one, or "
            "separate columns by commas."
        )
    if set(inputs) & set(learned):
        both = found.names[min(set(inputs) & set(learned))]
        raise Failure(f"column {both!r} cannot be both input and target; name it once.")
    names = tuple(found.names[k] for k in inputs)
    called = tuple(found.names[k] for k in learned)
    y, classes = _targets(found, loss, called)
    weight = found.numbers([weights])[:, 0] if weights else None
    return Problem(found.numbers(names), y, names, called, classes, weight)


def _targets(found: cv.datasets.Columns, loss: str, called: Sequence[str]) -> tuple[Any, tuple[str, ...]]:
    """y as numbers, or as labels for the losses of labels, and the names of the classes."""
    if not _of_labels(loss):
        try:
            y = found.numbers(called)
        except cv.datasets.TableError as error:
            raise cv.datasets.TableError(f"{error}{_if_classes(found, called[0])}", error.line) from None
        return (y[:, 0] if len(called) == 1 else y), ()
    if len(called) > 1:
        raise Failure(f"--loss {loss} learns one column of classes, got {len(called)} targets; name one.")
    codes, classes = found.classes(called[0])
    if len(classes) == TWO:
        return 2.0 * codes - 1.0, classes
    if loss != "logistic":
        raise Failure(
            f"--loss {loss} tells two classes apart, column {called[0]!r} has {len(classes)}: choose --loss logistic, "
            "or keep the rows of two."
        )
    return np.eye(len(classes))[codes], classes


def _if_classes(found: cv.datasets.Columns, name: str) -> str:
    """What to do about a target that is no number, where it looks like the name of a class."""
    try:
        found.classes(name)
    except cv.datasets.TableError:
        return ""
    return f" Where {name!r} names classes, choose --loss hinge or logistic."


def _of_labels(loss: str) -> bool:
    return loss in cv.LOSSES and cv.LOSSES[loss].classification


def new_inputs(path: str, trained: Problem) -> Any:
    """The inputs (n, d) of a table with targets or without: by name, or by place where it has no header."""
    found = table(path)
    d = len(trained.columns)
    unnamed = not found.header or all(name.isdigit() for name in trained.columns)
    try:
        if found.header and set(trained.columns) <= set(found.names):
            return found.numbers(trained.columns)
        if unnamed and len(found.names) == d:
            return found.numbers(found.names)
        if unnamed and set(trained.columns) <= set(found.names):
            return found.numbers(trained.columns)
    except cv.datasets.TableError as error:
        raise Failure(f"{shown(path)}: {error}") from None
    raise Failure(
        f"{shown(path)} must have the columns {', '.join(trained.columns)}, or {d} columns in their order without a "
        f"header; it has {', '.join(found.names)}."
    )


def predictions(values: Any, trained: Problem) -> str:
    """What a network answers (n,) or (n, K), as a table; for classes also the one that is chosen."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not trained.classes:
        writer.writerow(trained.targets)
        writer.writerows([[float(v) for v in np.atleast_1d(row)] for row in values])
        return out.getvalue()
    [target] = trained.targets
    scores = values[:, None] if values.ndim == 1 else values
    chosen = (values > 0).astype(int) if values.ndim == 1 else values.argmax(axis=1)
    heads = ["f"] if values.ndim == 1 else [f"f {name}" for name in trained.classes]
    writer.writerow([*heads, target])
    for row, k in zip(scores, chosen, strict=True):
        writer.writerow([*map(float, row), trained.classes[k]])
    return out.getvalue()
