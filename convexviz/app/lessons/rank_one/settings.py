"""Settings of the lesson on data of rank one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import DataSettings, setting

PRESETS = ("sine", "step", "tent", "line", "abs")
MOST_POINTS, MOST_DRAWN = 60, 16  # on the line; that a preset begins with, so that each can be seen and grasped
SCALES, FARTHEST = (0.5, 1.5), 1.5  # ends of the scale, and of the way off the line
GROUPS = ("presets", "data", "beta", "share")


@dataclass(frozen=True)
class RankOneSettings(DataSettings):
    """Everything the lesson `rank-one` shows depends on these values and on nothing else."""

    dims = 1

    task: data.Task = setting(  # noqa: RUF009 - a field, as all of them
        "regression", "choice", "Task", "Fit real numbers.", choices=("regression",), names={"regression": "Regression"}
    )
    loss: str = rows.loss("squared", ("squared",))
    beta: float = rows.beta(0.05)
    dataset: str = rows.preset("sine", PRESETS)
    n: int = rows.count(12, most=MOST_POINTS)
    noise: float = rows.noise(data.DATASETS["sine"].noise)
    seed: int = rows.seed()
    points: str = rows.points(link.text_to_points)
    angle: float = setting(30.0, "float", "Angle", "Direction of the line, in degrees.", lo=-180.0, hi=180.0)
    scale: float = setting(
        1.0,
        "float",
        "Scale",
        "The length of a, by which the points are spread along the line.",
        lo=SCALES[0],
        hi=SCALES[1],
    )
    off: float = setting(
        0.0,
        "float",
        "Off the line",
        "How far the point p lies off the line, before the scale is applied.",
        lo=-FARTHEST,
        hi=FARTHEST,
    )
    moved: int = setting(5, "int", "Point p", "Which point may leave the line, counted along it.", lo=1, hi=MOST_POINTS)
    hide: str = rows.hide(GROUPS)

    def changed(self, **changes: Any) -> Self:
        """A preset begins with few points."""
        settings = super().changed(**changes)
        few = settings.dataset != self.dataset and "n" not in changes
        return replace(settings, n=min(settings.n, MOST_DRAWN)) if few else settings

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the values of the drawn points all labels?"""
        return link.holds_labels(points)
