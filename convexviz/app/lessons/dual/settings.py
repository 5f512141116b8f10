"""Settings of the lesson on the dual by hand: the points and the number that each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convexviz.app.lessons.dual.presets import PRESETS
from convexviz.app.shell import rows
from convexviz.app.shell.settings import DECIMAL, LOSS_NAMES, setting
from convexviz.core.network import Array
from convexviz.data import Task

GROUPS = ("presets", "loss", "beta", "data", "share")
LOSSES = tuple(dict.fromkeys(loss for preset in PRESETS.values() for loss in preset.losses))
FEWEST, MOST = 2, 8  # points: what fits on paper
LARGEST = 1e6  # of what can be read on a handle
TITLES = {name: preset.title for name, preset in PRESETS.items()}


def numbers(text: str) -> Array:
    """Numbers between commas; ValueError for anything else."""
    parts = text.split(",")
    if not all(DECIMAL.fullmatch(part) and abs(float(part)) <= LARGEST for part in parts):
        raise ValueError(f"it must be numbers up to {LARGEST:g} in size, with commas between them")
    return np.array([float(part) for part in parts])


def pairs(text: str) -> Array:
    """Points (n, 2) from text like 0,0;1,3;3,0; ValueError for anything else."""
    found = [numbers(part) for part in text.split(";")]
    if not FEWEST <= len(found) <= MOST or any(len(pair) != 2 for pair in found):
        raise ValueError(f"it must be {FEWEST} to {MOST} points such as 0,0;1,3;3,0")
    return np.array(found)


def to_text(values: Array) -> str:
    """The shortest text that reads back as the same numbers: (n,) with commas, (n, 2) with semicolons between rows."""
    if values.ndim == 2:
        return ";".join(to_text(row) for row in values)
    return ",".join(_shortest(value) for value in values.tolist())


def _shortest(value: float) -> str:
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


@dataclass(frozen=True)
class DualSettings:
    """Everything the lesson `dual` shows depends on these values, and on which networks were met before."""

    dataset: str = setting(
        "three", "choice", "Preset", "Where the points come from.", query="data", choices=tuple(PRESETS), names=TITLES
    )
    loss: str = setting(
        "squared",
        "choice",
        "Loss",
        "How a miss is counted. *Interpolate* allows none; then β plays no part, and the band is ±1.",
        choices=LOSSES,
        names=LOSS_NAMES,
    )
    beta: float = rows.beta(1.0, lo=0.01, hi=100.0)
    points: str = setting("", "text", "Points", "Moved points.", query="p", hi=400, check=pairs)
    v: str = setting("", "text", "v", "One number for each point; without any they are 0.", hi=400, check=numbers)
    free: bool = setting(
        False, "bool", "Free the sum", "Let Σv leave zero, and see what a ramp with its kink far away makes of it."
    )
    solved: bool = setting(False, "bool", "Solved", "Whether the solver put v there.")
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[DualSettings, list[str]]:
        """Settings from the values that a link names; what does not fit the points is left out, and said."""
        first = values.get("dataset") or next(
            name for name, preset in PRESETS.items() if values.get("loss", "squared") in preset.losses
        )
        settings = cls(**{"loss": PRESETS[first].losses[0], **values, "dataset": first})
        problems = []
        if settings.loss not in PRESETS[first].losses:
            settings = replace(settings, loss=PRESETS[first].losses[0])
            problems.append(f"loss: it does not go with {TITLES[first]}; using {settings.loss}.")
        if settings.points and settings.classification and not labels(settings.named()[:, 1]):
            settings = replace(settings, points="")
            problems.append("points: they carry no classes; using the preset.")
        n = len(settings.named())
        if settings.v and len(numbers(settings.v)) != n:
            settings = replace(settings, v="", solved=False)
            problems.append(f"v: it must be {n} numbers, one for each point; using zeros.")
        return settings, problems

    def changed(self, **changes: Any) -> DualSettings:
        """New points begin with v = 0; a v that was the solver's is not any more once anything else changes."""
        follow: dict[str, Any] = {"solved": False}
        dataset = changes.get("dataset", self.dataset)
        if dataset != self.dataset:
            follow |= {"points": "", "v": "", "loss": PRESETS[dataset].losses[0]}
        if self.free and not changes.get("free", True):
            follow["v"] = to_text(balanced(self.vector(len(self.named())))) if self.v else ""
        return replace(self, **{**follow, **changes})

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")

    @property
    def classification(self) -> bool:
        """Whether the points have classes."""
        return self.loss == "hinge"

    @property
    def task(self) -> Task:
        """What is asked of the points."""
        return "classification" if self.classification else "regression"

    def named(self) -> Array:
        """The points (n, 2) that the settings name."""
        return pairs(self.points) if self.points else np.array(PRESETS[self.dataset].points, float)

    def vector(self, n: int) -> Array:
        """v (n,)."""
        v = numbers(self.v) if self.v else np.zeros(n)
        return v if len(v) == n else np.zeros(n)


def labels(y: Array) -> bool:
    """Are they all labels, +1 or −1?"""
    return bool((np.abs(y) == 1.0).all())


def balanced(v: Array) -> Array:
    """v with the middle number changed so that the sum is zero."""
    fixed, middle = v.copy(), (len(v) - 1) // 2
    fixed[middle] = 0.0
    fixed[middle] = -fixed.sum() + 0.0
    return fixed
