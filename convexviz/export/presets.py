"""Where a picture goes, and in which colours: sizes for a slide, half a slide or a column of a paper; light or dark.

A slide is 1280 x 720 CSS pixels = 13.33 x 7.5 inches, so that 24 pixels are 18 points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

PresetName = Literal["slide", "half", "paper"]
ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class Preset:
    """Sizes in CSS pixels, 96 an inch.

    Attributes
    ----------
    width, height : of the whole picture.
    text : the least size of any text.
    title : size of the title.
    lines, marks : factors on the widths of lines and the sizes of marks, which are made for half a laptop's screen.
    pad : room that stays free at the edges.
    titled : whether a title is written, unless asked for otherwise; in a paper the caption has it.
    taller : height of a picture of three plots or more, one above the other.
    """

    width: int
    height: int
    text: float
    title: float
    lines: float
    marks: float
    pad: int
    titled: bool = True
    taller: int = 0


PRESETS: Mapping[str, Preset] = {
    "slide": Preset(1280, 720, text=24, title=36, lines=1.7, marks=1.7, pad=28),
    "half": Preset(640, 720, text=24, title=30, lines=1.5, marks=1.5, pad=20),
    "paper": Preset(336, 252, text=11, title=12, lines=0.75, marks=0.65, pad=4, titled=False, taller=380),
}


@dataclass(frozen=True)
class Theme:
    """Colours of ink and paper, as on the page in the same theme."""

    ink: str
    paper: str
    panel: str
    faint: str
    border: str
    grid: str

    def resolved(self, value: Any) -> Any:
        """`value`, a text or all that is nested in it, with colours in place of the page's variables."""
        if isinstance(value, str):
            return _VARIABLE.sub(self._colour, value) if "var(" in value else value
        if isinstance(value, Mapping):
            return {name: self.resolved(item) for name, item in value.items()}
        return [self.resolved(item) for item in value] if isinstance(value, list | tuple) else value

    def _colour(self, found: re.Match[str]) -> str:
        names = {
            "background": self.paper,
            "secondary-background": self.panel,
            "text": self.ink,
            "gray": self.faint,
            "border": self.border,
        }
        return names.get(found[1].removesuffix("-light").removesuffix("-color"), self.ink)


_VARIABLE = re.compile(r"var\(\s*--(?:st|cvz)-([\w-]+)\s*(?:,[^()]*)?\)")

THEMES: Mapping[str, Theme] = {
    "light": Theme("#1B2733", "#FFFFFF", "#F3F6F9", "#5F6B78", "#AAB5C0", "rgba(27, 39, 51, 0.13)"),
    "dark": Theme("#E6ECF2", "#10161C", "#1A232C", "#9AA8B5", "#5B6B7A", "rgba(230, 236, 242, 0.16)"),
}


def preset_of(name: str) -> Preset:
    """The preset of this name."""
    if name not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(PRESETS)}, got {name!r}; use 'slide' for a whole slide.")
    return PRESETS[name]


def theme_of(name: str) -> Theme:
    """The theme of this name."""
    if name not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}, got {name!r}; use 'light' for white paper.")
    return THEMES[name]
