"""Settings of the lesson on cutting planes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import LOSSES, DataSettings, setting, table
from convexviz.core.ladder.rungs import RUNGS
from convexviz.data.space_sets import SPACE_SETS

SCENES = {"plane": "Plane", "space": "Space"}
ORACLES = {
    "sweep": "exact sweep",
    "space": "exact in space",
    "patterns": "all patterns",
    "branch_and_bound": "branch and bound",
    "relaxation": "relaxation",
    "ascent": "ascent",
}
MOST_POINTS = 40  # that a preset draws: a film of cutting planes with few cuts a round is to be made at once
MOST_DRAWN = 30  # that a preset begins with: so few that without biases all activation patterns can be looked at
FREE_LOSSES = ("squared", "hinge", "logistic")  # a constraint can only be met where the oracle finds enough neurons


@dataclass(frozen=True)
class CuttingSettings(DataSettings):
    """Everything the lesson `cutting-planes` shows depends on these values and on nothing else."""

    dims = 2
    first_task = "regression"
    elsewhere = ("first", "second", "digit_loss", "images", "per_digit", "whiten")  # of the lesson on digits

    scene: str = setting(
        "plane",
        "choice",
        "Data",
        "Draw in the plane, or take a named data set in more dimensions.",
        choices=tuple(SCENES),
        names=SCENES,
    )
    oracle: str = setting(
        "relaxation", "choice", "Oracle", "Who looks for the next neuron.", choices=tuple(RUNGS), names=ORACLES
    )
    bias: bool = setting(
        True,
        "bool",
        "Free biases",
        "Off: the paper's setting, where the bias is the weight of a column of ones and costs like the others.",
    )
    task: data.Task = rows.task("regression", "Fit real numbers, or separate two classes.")  # noqa: RUF009 - a field, as all of them
    loss: str = rows.loss("squared", FREE_LOSSES)
    beta: float = rows.beta(0.2)
    dataset: str = rows.preset("tent2", data.names(dims=2))
    n: int = rows.count(30, most=MOST_POINTS)
    noise: float = rows.noise(data.DATASETS["tent2"].noise)
    seed: int = rows.seed()
    points: str = rows.points(link.text_to_plane)
    space: str = setting(
        "tent3",
        "choice",
        "Data set",
        "A named set in more dimensions.",
        choices=tuple(SPACE_SETS),
        names={name: one.title for name, one in SPACE_SETS.items()},
    )
    hide: str = rows.hide()

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[CuttingSettings, list[str]]:
        """Settings from the values that a link names; beyond the plane the loss says nothing of the drawn points."""
        if values.get("scene", "plane") != "plane":
            values = {"task": cls.first_task} | dict(values)
            if SPACE_SETS[values.get("space", table(cls)["space"].default)].homogeneous:
                values = {"bias": False} | values
        return super().assembled(values)

    @property
    def asked(self) -> data.Task:
        """What is asked of the points on show."""
        return SPACE_SETS[self.space].task if self.scene == "space" else self.task

    @property
    def homogeneous(self) -> bool:
        """Whether the points on show come without a constant, neither free nor as a column of ones."""
        return self.scene == "space" and SPACE_SETS[self.space].homogeneous

    def repairs(self) -> dict[str, tuple[Any, str]]:
        """In more dimensions the named set decides which losses there are, and whether there may be biases."""
        found = super().repairs()
        if self.scene == "space":
            found.pop("loss", None)
            if self.loss not in LOSSES[self.asked]:
                loss = SPACE_SETS[self.space].loss
                found["loss"] = (loss, f"it does not go with {self.asked}; using {loss}.")
            if self.homogeneous and self.bias:
                found["bias"] = (False, f"{SPACE_SETS[self.space].title} has none; going without.")
        return found

    def changed(self, **changes: Any) -> CuttingSettings:
        """A scene or a named set brings the settings that go with it; a preset begins with few points."""
        scene, space = changes.get("scene", self.scene), changes.get("space", self.space)
        if scene == "space" and (scene, space) != (self.scene, self.space):
            one = SPACE_SETS[space]
            changes = {"loss": one.loss, "beta": one.beta, "bias": not one.homogeneous} | changes
        elif scene == "plane" and scene != self.scene:
            loss = LOSSES[changes.get("task", self.task)][0]
            changes = {"loss": loss, "beta": table(type(self))["beta"].default, "bias": True} | changes
        settings = super().changed(**changes)
        return replace(settings, n=min(settings.n, changes.get("n", MOST_DRAWN)))

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the values of the drawn points all labels?"""
        return link.plane_holds_labels(points)
