"""Settings that the lessons of the group Contrast share: points on the line or in the plane, a smooth loss, one β."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import (
    PAGE_PARTS,
    DataSettings,
    implied_task,
    setting,
    table,
    to_query,
)

SCENES = {"line": "Line", "plane": "Plane"}
DIMS = {"line": 1, "plane": 2}
SMOOTH_LOSS = {"regression": "squared", "classification": "logistic"}  # those with a gradient that scikit-learn follows
MOST_POINTS = 60  # training is to be over in seconds, and a path soon
MOST_DRAWN = 40  # that a preset begins with
GROUPS = ("presets", "data", "beta", "share")


def features_of(points: str) -> int:
    """Features of drawn points in a link, 0 of an empty board; ValueError for text that holds neither kind."""
    if points == link.EMPTY:
        return 0
    try:
        link.text_to_points(points)
    except ValueError:
        link.text_to_plane(points)
        return 2
    return 1


@dataclass(frozen=True)
class ContrastSettings(DataSettings):
    """Where the points come from, and the problem that they pose."""

    first_task = "regression"

    scene: str = setting(
        "line", "choice", "Data", "One feature or two.", choices=tuple(SCENES), names=SCENES, query="on"
    )
    task: data.Task = rows.task(  # noqa: RUF009 - a field, as all of them
        "regression", "Fit real numbers (squared loss), or separate two classes (logistic loss)."
    )
    loss: str = rows.loss("squared", tuple(SMOOTH_LOSS.values()), "How a miss is counted; it follows from the task.")
    beta: float = rows.beta(0.1)
    dataset: str = rows.preset("sine", (*data.names(dims=1), *data.names(dims=2)))
    n: int = rows.count(MOST_DRAWN, most=MOST_POINTS)
    noise: float = rows.noise(data.DATASETS["sine"].noise)
    seed: int = rows.seed()
    points: str = rows.points(features_of)
    hide: str = rows.hide(GROUPS)

    @property
    def dims(self) -> int:  # type: ignore[override]
        """Features of the data on show."""
        return DIMS[self.scene]

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """Settings from the values that a link names; a preset alone decides the scene, preset or loss the task."""
        named = data.DATASETS[values["dataset"]].dims if "dataset" in values else 1
        scene = values.get("scene") or ("line" if named == 1 else "plane")
        task = values.get("task") or implied_task(values, cls.first_task)
        first = {"dataset": data.names(task, DIMS[scene])[0], "loss": SMOOTH_LOSS[task]}
        settings = cls(**{**first, **values, "task": task, "scene": scene})
        repairs = settings.repairs()
        problems = [f"{name} = {getattr(settings, name)}: {text}" for name, (_, text) in repairs.items()]
        return replace(settings, **{name: value for name, (value, _) in repairs.items()}), problems

    def repairs(self) -> dict[str, tuple[Any, str]]:
        """The task decides the loss, and drawn points must have as many features as the board."""
        found = super().repairs()
        found.pop("loss", None)
        if self.loss != SMOOTH_LOSS[self.task]:
            loss = SMOOTH_LOSS[self.task]
            found["loss"] = (loss, f"it does not go with {self.task}; using {loss}.")
        if self.points and features_of(self.points) not in (0, self.dims):
            found["points"] = ("", f"they are not for the {self.scene}; using the preset.")
        return found

    def changed(self, **changes: Any) -> Self:
        """A scene brings a preset of its own, and a preset begins with few points."""
        scene, task = changes.get("scene", self.scene), changes.get("task", self.task)
        if "dataset" in changes:
            scene = "line" if data.DATASETS[changes["dataset"]].dims == 1 else "plane"
        elif scene != self.scene:
            changes = {"dataset": data.names(task, DIMS[scene])[0]} | changes
        old = replace(self, scene=scene)
        if scene != self.scene:
            old = replace(old, points="")
        settings = super(ContrastSettings, old).changed(**changes | {"scene": scene})
        few = settings.dataset != self.dataset and "n" not in changes
        return replace(settings, n=min(settings.n, MOST_DRAWN)) if few else settings

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the values of the drawn points all labels?"""
        return link.holds_labels(points) if features_of(points) == 1 else link.plane_holds_labels(points)


def carried(settings: ContrastSettings, more: Sequence[str] = (), groups: Sequence[str] = ()) -> dict[str, str]:
    """The query that brings points, task, loss and β to another lesson of the group.

    With them go the settings named in `more`, and what its link hides of the page and of the control groups that
    both have, or that `groups` names.
    """
    rows = table(type(settings))
    names = {rows[name].query for name in (*table(ContrastSettings), *more)}
    hidden = ",".join(group for group in (*GROUPS, *groups, *PAGE_PARTS) if settings.hides(group))
    return {name: text for name, text in to_query(replace(settings, hide=hidden)).items() if name in names}
