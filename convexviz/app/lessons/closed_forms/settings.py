"""Settings of the lesson on closed forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convexviz.app.shell import rows
from convexviz.app.shell.settings import setting

GROUPS = ("controls", "share")
DIGITS = tuple(str(digit) for digit in range(10))
MOST_PER_CLASS = 3  # of each of ten digits: more images are no longer independent, and whitening needs them to be


@dataclass(frozen=True)
class ClosedSettings:
    """Everything the lesson `closed-forms` shows depends on these values and on nothing else."""

    first: str = setting("3", "choice", "Class +1", "Images of this digit have the target +1.", choices=DIGITS)
    second: str = setting("8", "choice", "Class −1", "Images of this digit have the target −1.", choices=DIGITS)
    n: int = setting(
        4, "int", "Images of each", "So many of both digits; the solver looks at all patterns.", lo=1, hi=4
    )
    beta: float = setting(
        0.3,
        "float",
        "β",
        "Weight of the penalty Σ|w|: from the length of a part of y on, its neuron in the formula is gone.",
        lo=1e-6,
        hi=10.0,
    )
    whiten: bool = setting(True, "bool", "Whiten the data", "Make the samples orthonormal: XXᵀ = I.")
    seed: int = setting(0, "int", "Seed", "Which images are drawn.", lo=0, hi=10_000)
    per_class: int = setting(
        2, "int", "Images per digit", "So many images of each of the ten digits to learn from.", lo=1, hi=MOST_PER_CLASS
    )
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[ClosedSettings, list[str]]:
        """Settings from the values that a link names; the classes must differ."""
        settings = cls(**values)
        if settings.first != settings.second:
            return settings, []
        other = "8" if settings.first != "8" else "3"
        problem = f"second: both classes are the digit {settings.first}; using {other}."
        return replace(settings, second=other), [problem]

    def changed(self, **changes: Any) -> ClosedSettings:
        """A class that takes the other's digit swaps with it."""
        both = replace(self, **changes)
        if both.first == both.second:
            both = replace(both, second=self.first) if "first" in changes else replace(both, first=self.second)
        return both

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")
