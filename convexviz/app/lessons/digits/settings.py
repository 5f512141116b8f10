"""Settings of the lesson on images of digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convexviz.app.shell import rows
from convexviz.app.shell.settings import LOSS_NAMES, setting

SCENES = {"two": "Two digits", "ten": "Ten digits"}
DIGITS = tuple(str(digit) for digit in range(10))
TWO_LOSSES = ("squared", "logistic", "hinge")
TEN_LOSSES = ("squared", "logistic")
MOST_WHITENED = 20  # images of each of two digits: so many are linearly independent, as whitening needs
GROUPS = ("presets", "data", "loss", "beta", "overlays", "share")  # links of the lesson these were part of name all


@dataclass(frozen=True)
class DigitsSettings:
    """Everything the lesson `digits` shows depends on these values and on nothing else."""

    scene: str = setting(
        "two", "choice", "Classes", "Tell two digits apart, or all ten.", choices=tuple(SCENES), names=SCENES
    )
    first: str = setting("3", "choice", "Class +1", "The digit whose images have the target +1.", choices=DIGITS)
    second: str = setting("8", "choice", "Class −1", "The digit whose images have the target −1.", choices=DIGITS)
    loss: str = setting(
        "squared",
        "choice",
        "Loss",
        "How a miss is counted.",
        query="digit_loss",  # as in links from when this was part of another lesson, which had a `loss` as well
        choices=TWO_LOSSES,
        names=LOSS_NAMES,
    )
    images: int = setting(
        20, "int", "Images of each", "So many images of each of two digits are trained on.", lo=2, hi=100
    )
    per_digit: int = setting(
        10, "int", "Images of each", "So many images of each of ten digits are trained on.", lo=2, hi=50
    )
    beta: float = rows.beta(0.2)
    seed: int = rows.seed("Same seed, same images.")
    whiten: bool = setting(False, "bool", "Whiten", "Make the images orthonormal: then the relaxation is exact.")
    hide: str = rows.hide(GROUPS)

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[DigitsSettings, list[str]]:
        """Settings from the values that a link names, and what had to be changed for them to go together."""
        settings = cls(**values)
        repairs = settings.repairs()
        problems = [f"{name} = {getattr(settings, name)}: {text}" for name, (_, text) in repairs.items()]
        return replace(settings, **{name: value for name, (value, _) in repairs.items()}), problems

    def repairs(self) -> dict[str, tuple[Any, str]]:
        """For each value that does not go with the others: its replacement and the reason."""
        found: dict[str, tuple[Any, str]] = {}
        if self.first == self.second:
            other = "8" if self.first != "8" else "3"
            found["second"] = (other, f"both classes are the digit {self.first}; using {other}.")
        if self.whiten and self.images > MOST_WHITENED:
            found["images"] = (MOST_WHITENED, f"only {MOST_WHITENED} of each can be whitened; using so many.")
        if self.scene == "ten" and self.loss not in TEN_LOSSES:
            found["loss"] = (TEN_LOSSES[0], f"it has no form for several outputs; using {TEN_LOSSES[0]}.")
        return found

    def changed(self, **changes: Any) -> DigitsSettings:
        """A class that takes the other's digit swaps with it; what does not go together any more is put right."""
        settings = replace(self, **_swapped(self, changes))
        return replace(settings, **{name: value for name, (value, _) in settings.repairs().items()})

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")


def _swapped(old: DigitsSettings, changes: dict[str, Any]) -> dict[str, Any]:
    """A class that takes the other's digit swaps with it."""
    first, second = changes.get("first", old.first), changes.get("second", old.second)
    if first != second:
        return changes
    return changes | ({"second": old.first} if "first" in changes else {"first": old.second})
