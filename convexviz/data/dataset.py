"""A frozen set of training points: X (n, d), y (n,) and the names that label the axes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from convexviz.data.scalars import shown
from convexviz.data.validation import FloatArray, check_arrays, check_labels, did_you_mean

Task = Literal["regression", "classification"]
TASKS: tuple[Task, ...] = get_args(Task)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points to learn from; arrays are private read-only copies, so a dataset can be shared, cached and pickled.

    Regression takes any finite y, classification y in {-1.0, +1.0}. A dataset may hold one class only (a drawing that
    has just begun does); `check_problem` is what refuses to train on it. `note` tells what reading it changed.
    """

    X: FloatArray
    y: FloatArray
    task: Task
    name: str
    feature_names: tuple[str, ...]
    target_name: str
    note: str = ""

    def __post_init__(self) -> None:
        check_task(self.task)
        X, y = check_arrays(self.X, self.y, classification=self.task == "classification")
        if self.task == "classification":
            check_labels(y)
        if len(self.feature_names) != X.shape[1]:
            raise ValueError(
                f"feature_names must name each of the {X.shape[1]} columns of X, got {len(self.feature_names)} names; "
                "pass one name per column."
            )
        # a frozen dataclass still has to be filled once
        object.__setattr__(self, "X", _frozen(X))
        object.__setattr__(self, "y", _frozen(y))
        object.__setattr__(self, "feature_names", tuple(self.feature_names))

    @classmethod
    def create(
        cls,
        X: ArrayLike,
        y: ArrayLike,
        task: Task,
        name: str = "points",
        *,
        feature_names: Sequence[str] | None = None,
        target_name: str | None = None,
        note: str = "",
    ) -> Dataset:
        """Copy and freeze X (n, d) and y (n,); names left out become x (or x1, x2, ...) and y (or class).

        Raises ValueError for what `check_arrays` refuses, for labels other than -1 and +1, and for an unknown task.
        """
        check_task(task)
        X, y = check_arrays(X, y, classification=task == "classification")
        features = default_feature_names(X.shape[1]) if feature_names is None else tuple(feature_names)
        target = default_target_name(task) if target_name is None else target_name
        return cls(X, y, task, name, features, target, note)

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.y)

    @property
    def d(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @cached_property
    def digest(self) -> str:
        """Fingerprint of the numbers and the task: equal digests pose the same training problem."""
        content = hashlib.blake2b(f"{self.task} {self.X.shape}".encode(), digest_size=16)
        for array in (self.X, self.y):
            content.update((array + 0.0).tobytes())  # adding zero turns -0.0, which equals 0.0, into it
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return self.digest == other.digest and self._labels() == other._labels()

    def __hash__(self) -> int:
        return hash((self.digest, self._labels()))

    def __reduce__(self) -> tuple[Any, ...]:
        # unpickled arrays are writable: going through the constructor freezes them again
        return Dataset, tuple(getattr(self, field.name) for field in fields(self))

    def _labels(self) -> tuple[Any, ...]:
        return self.name, self.feature_names, self.target_name, self.note


def check_task(task: str) -> None:
    """Raise ValueError unless the task is regression or classification."""
    if not isinstance(task, str) or task not in TASKS:
        meant = did_you_mean(shown(task), TASKS) or TASKS[0]
        raise ValueError(f"task must be 'regression' or 'classification', got {shown(task)}; use {meant!r}.")


def default_feature_names(d: int) -> tuple[str, ...]:
    """("x",) for one feature, ("x1", "x2", ...) for more."""
    return ("x",) if d == 1 else tuple(f"x{k}" for k in range(1, d + 1))


def default_target_name(task: Task) -> str:
    """What the target is called when nobody named it."""
    return "class" if task == "classification" else "y"


def _frozen(array: FloatArray) -> FloatArray:
    copy = np.array(array, dtype=np.float64, order="C")
    copy.setflags(write=False)
    return copy
