"""Settings of the lesson on the geometry of few samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import MAX_TEXT, setting
from convexviz.data.samples import SAMPLES, sample_names

GROUPS = ("presets", "data", "overlays", "share")
OVERLAYS = ("hull", "spikes", "mirror", "plane")


@dataclass(frozen=True)
class GeometrySettings:
    """Everything the lesson `geometry` shows depends on these values and on nothing else."""

    dataset: str = setting(
        "spikes",
        "choice",
        "Preset",
        "Where the samples and the target come from.",
        query="data",
        choices=sample_names(),
        names={name: made.title for name, made in SAMPLES.items()},
    )
    points: str = setting(
        "", "text", "Samples", "Drawn samples and target, encoded.", query="p", hi=MAX_TEXT, check=link.text_to_plane
    )
    hull: bool = setting(
        True, "bool", "Unit ball C", "The convex hull of Q and −Q: what all networks with Σ|w| at most one answer."
    )
    spikes: bool = setting(True, "bool", "Spikes", "The parts of Q outside of the ellipsoid E.")
    mirror: bool = setting(True, "bool", "−Q", "The mirror image of Q: neurons of negative weight.")
    plane: bool = setting(True, "bool", "Supporting line", "Where v · q = 1: it touches C at the scaled target.")
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[GeometrySettings, list[str]]:
        """Settings from the values that a link names; drawn samples must be two or three."""
        settings = cls(**values)
        count = len(link.text_to_plane(settings.points)[1]) if settings.points else 2
        if count in (2, 3):
            return settings, []
        problem = f"points: they must be two or three samples, got {count}; using the preset."
        return replace(settings, points=""), [problem]

    def changed(self, **changes: Any) -> GeometrySettings:
        """A preset replaces what was drawn."""
        if changes.get("dataset", self.dataset) != self.dataset:
            changes = {"points": ""} | changes
        return replace(self, **changes)

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")
