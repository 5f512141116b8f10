"""Settings of the lesson on neurons as auto-encoders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import setting

GROUPS = ("presets", "data", "digits", "share")
PRESETS = ("blobs", "moons", "circles", "spirals", "ridges", "wine_plane")
DIGITS = tuple(str(digit) for digit in range(10))


@dataclass(frozen=True)
class AutoencoderSettings:
    """Everything the lesson `autoencoders` shows depends on these values and on nothing else."""

    dataset: str = setting(
        "moons",
        "choice",
        "Preset",
        "Where the points come from; their classes play no part.",
        query="data",
        choices=PRESETS,
        names={name: data.DATASETS[name].title for name in PRESETS},
    )
    n: int = rows.count(14, most=60, least=2)
    seed: int = rows.seed()
    points: str = rows.points(link.text_to_plane)
    k: int = setting(0, "int", "Sample k", "The sample whose neuron is shown; 0: the one farthest out.", lo=0, hi=500)
    digit: str = setting("3", "choice", "Digit", "Which digit to take apart.", choices=DIGITS)
    image: int = setting(1, "int", "Image", "Which image of that digit.", lo=1, hi=174)
    among: str = setting(
        "same",
        "choice",
        "Mixed from",
        "Which other images may be mixed.",
        choices=("same", "all"),
        names={"same": "the same digit", "all": "all digits"},
    )
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[AutoencoderSettings, list[str]]:
        """Settings from the values that a link names."""
        return cls(**values), []

    def changed(self, **changes: Any) -> AutoencoderSettings:
        """A preset, number or seed replaces what was drawn."""
        if any(changes.get(name, getattr(self, name)) != getattr(self, name) for name in ("dataset", "n", "seed")):
            changes = {"points": "", "k": 0} | changes
        return replace(self, **changes)

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")
