"""Settings of the lesson on the kernel matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import DataSettings, implied_task, setting

MOST_POINTS = 40  # rows that can be told apart
MOST_DRAWN = 12  # that a preset begins with
LOSSES: dict[data.Task, tuple[str, ...]] = {
    "classification": ("hard_margin", "hinge"),
    "regression": ("interpolate", "squared"),
}
LOSS_HELP = "*Hard margin* and *interpolate* allow no miss; *hinge* and *squared* weigh misses against ‖w‖₁."
GROUPS = ("presets", "data", "loss", "beta", "overlays", "share")


def few_points(points: str) -> None:
    """Check drawn points of a link; ValueError where they are not for the line, or too many to be read."""
    drawn, _ = link.text_to_points(points)
    if len(drawn) > MOST_POINTS:
        raise ValueError(f"it must hold at most {MOST_POINTS} points")


@dataclass(frozen=True)
class MatrixSettings(DataSettings):
    """Everything the lesson `kernel-matrix` shows depends on these values and on nothing else."""

    dims = 1
    first_task = "classification"

    task: data.Task = rows.task("classification", "Separate two classes, or fit real numbers.")  # noqa: RUF009 - a field, as all of them
    loss: str = rows.loss("hard_margin", tuple(loss for each in LOSSES.values() for loss in each), LOSS_HELP)
    beta: float = rows.beta(0.05)
    dataset: str = rows.preset("three_bands", data.names(dims=1))
    n: int = rows.count(MOST_DRAWN, most=MOST_POINTS)
    noise: float = rows.noise(0.0)
    seed: int = rows.seed()
    points: str = rows.points(few_points)
    tangent: bool = setting(True, "bool", "Tangent kernel", "The least-norm function of the tangent kernel.")
    regions: bool = setting(True, "bool", "Sign regions", "Where the network says +1 and where −1.")
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """As of all data, but that classes without a preset are those that the lesson begins with."""
        task = values.get("task") or implied_task(values, cls.first_task)
        first = {"dataset": cls.dataset} if task == cls.first_task else {}
        return super().assembled({**first, **values})

    def repairs(self) -> dict[str, tuple[Any, str]]:
        """The losses are those of this lesson, and points are few."""
        found = super().repairs()
        found.pop("loss", None)
        if self.loss not in LOSSES[self.task]:
            loss = LOSSES[self.task][0]
            found["loss"] = (loss, f"it does not go with {self.task}; using {loss}.")
        if self.n > MOST_POINTS:
            found["n"] = (MOST_POINTS, f"the matrix is drawn for at most {MOST_POINTS} points; using {MOST_POINTS}.")
        return found

    def changed(self, **changes: Any) -> Self:
        """A preset begins with few points, a task with the loss that allows no miss."""
        if changes.get("task", self.task) != self.task:
            changes = {"loss": LOSSES[changes["task"]][0]} | changes
        settings = super().changed(**changes)
        few = settings.dataset != self.dataset and "n" not in changes
        return replace(settings, n=min(settings.n, MOST_DRAWN)) if few else settings

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the y of the drawn points all labels?"""
        return link.holds_labels(points)
