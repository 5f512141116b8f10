"""Rows of the table of settings that lessons on data have in common: their words, bounds and names in a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from convexviz import data
from convexviz.app.shell.settings import CONTROL_GROUPS, LOSS_NAMES, MAX_TEXT, PAGE_PARTS, setting

TASKS: Mapping[data.Task, str] = {"regression": "Regression", "classification": "Classification"}


def task(default: data.Task, help: str) -> Any:
    """What is asked of the points."""
    return setting(default, "choice", "Task", help, choices=tuple(TASKS), names=TASKS)


def loss(default: str, choices: Sequence[str] = tuple(LOSS_NAMES), help: str = "How a miss is counted.") -> Any:
    """How a miss is counted."""
    return setting(default, "choice", "Loss", help, choices=tuple(choices), names=LOSS_NAMES)


def beta(default: float, lo: float = 1e-6, hi: float = 1e6) -> Any:
    """Weight decay."""
    return setting(
        default, "float", "β", "Price of weight: the larger β, the less weight the optimum has.", lo=lo, hi=hi
    )


def preset(default: str, names: Sequence[str]) -> Any:
    """The data set that the points come from."""
    titles = {name: data.DATASETS[name].title for name in names}
    return setting(
        default, "choice", "Preset", "Where the points come from.", query="data", choices=tuple(names), names=titles
    )


def count(default: int, most: int, least: int = 1) -> Any:
    """Number of points."""
    return setting(default, "int", "Points", "How many points the preset draws.", lo=least, hi=most)


def noise(default: float, help: str = "How far the points stray from the preset.") -> Any:
    """Noise of the preset."""
    return setting(default, "float", "Noise", help, lo=0.0, hi=10.0)


def seed(help: str = "Same seed, same points.") -> Any:
    """Seed of the preset."""
    return setting(0, "int", "Seed", help, lo=0, hi=2**31 - 1)


def points(check: Callable[[str], Any]) -> Any:
    """Drawn points as text; `check` raises ValueError for text that holds none."""
    return setting("", "text", "Points", "Drawn points, encoded.", query="p", hi=MAX_TEXT, check=check)


def hide(groups: Sequence[str] = CONTROL_GROUPS) -> Any:
    """What a lesson link leaves out: groups of controls, texts, ways to other pages."""
    choices = (*groups, *PAGE_PARTS)
    return setting("", "words", "Hidden", "Controls, texts and navigation a lesson link hides.", choices=choices)
