"""Ink and paper: the colours that belong to the theme of the page, slide or notebook on which a figure stands.

On the page a figure names them by the variables of its style sheet. Everywhere else they are these colours, and those
of light paper are turned into those of dark paper one by one: no other colour of a figure is like them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, get_args

Figure = TypeVar("Figure", bound=Mapping[str, object])
Theme = Literal["light", "dark"]

INK, PAPER = "#202020", "#ffffff"
QUIET = "#6e6e6f"  # 65 % of the ink on the paper
GRAY = "#8c8c8c"  # points that are only there for comparison: readable on both papers
HIGH_VALUE, LOW_VALUE = "#268bbe", "#db772a"  # the ends of the colours of values, 85 % on the paper

VARIABLES = {
    "var(--st-text-color)": INK,
    "var(--st-background-color)": PAPER,
    "var(--st-gray-color)": GRAY,
}
DARK = {
    INK: "#e6ecf2",
    PAPER: "#10161c",
    QUIET: "#9ba1a7",
    HIGH_VALUE: "#02649b",
    LOW_VALUE: "#b85304",
}


def inked(spec: Figure, theme: str = "light") -> Figure:
    """The figure in the ink of a theme, nothing left of the page's variables; the paper itself is not painted."""
    if theme not in get_args(Theme):
        raise ValueError(f"theme must be 'light' or 'dark', got {theme!r}.")
    inks = VARIABLES if theme == "light" else DARK | {name: DARK.get(ink, ink) for name, ink in VARIABLES.items()}
    made: Figure = _with(spec, inks)
    return made


def _with(value: Any, inks: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _with(item, inks) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with(item, inks) for item in value]
    return inks.get(value, value) if isinstance(value, str) else value
