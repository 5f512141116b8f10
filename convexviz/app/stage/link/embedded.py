"""An embedded lesson: the board, the verdict and one figure fill the window, and nothing else is there.

`?embed=true` is Streamlit's own: it leaves its header out, and keeps the parameter from the script's sight. Which parts
stay is a matter of style alone, so that a lesson draws itself as ever; web/embed.css says how they share the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import streamlit as st

from convexviz.app.components.web import asset

BETA = ("beta", "set-beta")  # containers of a slider of β, and the widget itself where it stands among others
VERDICT, PROBLEMS = "certificate", "link-problems"
BLOCKS = ("stVerticalBlock", "stHorizontalBlock", "stColumn", "stLayoutWrapper", "stElementContainer")
DRAWN = (".cvz-figure", ".cvz-board", ".cvz-film", ".cvz-dual", ".stProgress", ".stAlert")  # what makes a figure one
NOTHING_MORE = "/* as in frame.css */"
NO_TOP_BAR = """
[data-testid="stHeader"] { display: none; }
[data-testid="stMainBlockContainer"] { padding-top: 1rem; }
"""
MAIN = '[data-testid="stMainBlockContainer"]'


@dataclass(frozen=True)
class Embedding:
    """What an embedded lesson may show, as keys of its containers (`st.container(key=...)`).

    Attributes
    ----------
    figures : the figures by key, with the words that a dialog shows for them; the first is shown unless the link names
        another, and where one is not on the page the next takes its place.
    boards : what the hand moves: the board, and below it what belongs to it.
    """

    figures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"figure": "Figure"}))
    boards: tuple[str, ...] = ("board",)

    def chosen(self, figure: str | None) -> tuple[str, ...]:
        """The figures in the order in which they are tried."""
        return tuple(sorted(self.figures, key=lambda key: key != figure))  # the others stay in their order

    def problem(self, figure: str | None) -> str:
        """What is wrong with the figure that a link names; "" if there is such a one."""
        if figure is None or figure in self.figures:
            return ""
        return f"figure: it must be one of {', '.join(self.figures)}."


EMBEDDING = Embedding()
"""Of a lesson that names its containers as most do."""


def embedded() -> bool:
    """Whether the page was asked for with `?embed=true`."""
    return bool(st.context.is_embedded)


def style(shown: Embedding, figure: str | None = None, beta: bool = True) -> str:
    """The style that leaves board, verdict, the figure and, with `beta`, its slider."""
    figures = shown.chosen(figure)
    areas = [("board", shown.boards[:1]), ("beta", (*shown.boards[1:], *(BETA if beta else ()))), ("figure", figures)]
    areas += [("certificate", (VERDICT,)), ("warning", (PROBLEMS,))]
    kept = _any([key for _, keys in areas for key in keys])
    blocks = ", ".join(f'[data-testid="{name}"]' for name in BLOCKS)
    outside = f"{MAIN} :is({blocks}):not({kept}, {kept} *)"
    rules = [
        f"{outside} {{ display: none; }}",
        f"{outside}:has({kept}) {{ display: contents; }}",
        *(f"{MAIN} {_any(keys)} {{ --cvz-area: {area}; }}" for area, keys in areas),
        *_in_turn(figures),
    ]
    return "\n".join([asset("web/embed.css").replace(":kept", kept), *rules])


def _any(keys: Sequence[str]) -> str:
    return f":is({', '.join(f'.st-key-{key}' for key in keys)})"


def _in_turn(figures: Sequence[str]) -> list[str]:
    """A figure is left out while it draws nothing, and while one that comes before it draws something."""
    drawn = f":is({', '.join(DRAWN)})"
    rules = []
    for k, key in enumerate(figures):
        before = [f"{MAIN}:has(.st-key-{other} {drawn}) .st-key-{key}" for other in figures[:k]]
        rules.append(f"{', '.join([*before, f'{MAIN} .st-key-{key}:not(:has({drawn}))'])} {{ display: none; }}")
    return rules
