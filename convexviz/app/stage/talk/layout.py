"""Where things stand on stage: style sheets that take one picture or two off the page, wherever it has them.

All of the page is hidden and keeps its place; what is chosen is shown again, fixed in the window. So every lesson goes
on stage as it is, its board in the hand and its answers on their way.
"""

from __future__ import annotations

from collections.abc import Sequence

from convexviz.app.components.shown import Part, Parts
from convexviz.app.stage.talk.scenes import MOST_SHOWN, Hand

HANDS: dict[Hand, tuple[str, ...]] = {
    "beta": (".cvz-scrubber",),
    "film": (".cvz-film",),
}
FIRST = {
    "autoencoders": ("board",),
    "closed-forms": ("formula", "solver"),
    "cutting-planes": ("board", "dual"),
    "digits": ("neurons",),
    "dual": ("board", "bounds"),
    "geometry": ("space", "polar"),
    "race": ("board", "curves"),
}
"""Where a lesson's argument is in other pictures than its first ones."""
DUAL_PARTS = {"handles": "the numbers", "bounds": "the band and the bounds", "worked": "every number by hand"}
SECOND_BOARDS = {"space": "sample space", "line": "the line"}


def selectors(name: str) -> tuple[str, ...]:
    """What in the page is the picture of that name: a board, a figure of a chart, or a part of the dual by hand."""
    boards = (f".st-key-{name} .cvz-board",) if name == "board" or name in SECOND_BOARDS else ()
    return (
        *boards,
        f'.cvz-figure:has(> [data-figure="{name}"])',
        f".st-key-dual-{name} .cvz-dual",
    )


def style(show: Sequence[str], hand: Hand) -> str:
    """The style sheet of a scene: its pictures side by side, and what else can be moved below them."""
    places = [
        f":is({', '.join(selectors(name))}) {{ {_place(k, len(show))} }}" for k, name in enumerate(show[:MOST_SHOWN])
    ]
    if hand:
        places.append(f":is({', '.join(HANDS[hand])}) {{ {HAND} }}")
        places.append("html:root { --talk-hand: 4.6rem; }")
    return "\n".join(places)


HAND = (
    "visibility: visible; position: fixed; z-index: 3; box-sizing: border-box; height: var(--talk-hand);"
    " bottom: var(--talk-foot); left: var(--talk-edge); width: calc(100vw - 2 * var(--talk-edge)) !important;"
)


def _place(k: int, count: int) -> str:
    """The properties of picture k of so many: --k and --count are what present.css turns into a place."""
    return f"--k: {k}; --count: {count}; {PICTURE}"


PICTURE = (
    "visibility: visible; position: fixed; z-index: 2; box-sizing: border-box; margin: 0;"
    " left: var(--talk-left); top: var(--talk-top); width: var(--talk-width) !important;"
    " height: var(--talk-height) !important;"
    " --talk-row: calc(100vw - 2 * var(--talk-edge));"
    " --talk-column: calc(100vh - var(--talk-head) - var(--talk-foot) - var(--talk-hand, 0rem));"
    " --talk-width: calc((var(--talk-row) + var(--talk-gap)) / var(--talk-across, var(--count)) - var(--talk-gap));"
    " --talk-height: calc((var(--talk-column) + var(--talk-gap)) / var(--talk-down, 1) - var(--talk-gap));"
    " --talk-left: calc(var(--talk-edge) + var(--talk-right, var(--k)) * (var(--talk-width) + var(--talk-gap)));"
    " --talk-top: calc(var(--talk-head) + var(--talk-below, 0) * (var(--talk-height) + var(--talk-gap)));"
)


# ---------------------------------------------------------------- what a lesson has


def names(parts: Parts) -> dict[str, str]:
    """The pictures on a page by name, each with words for the dialog; boards come first."""
    found: dict[str, str] = {}
    for part in sorted(parts.values(), key=lambda part: part.kind != "board"):
        found |= _named(part)
    return found


def first(lesson: str, parts: Parts) -> tuple[str, ...]:
    """What a lesson puts first: by default a board and the figure that was drawn first."""
    there = names(parts)
    chosen = tuple(name for name in FIRST.get(lesson, ()) if name in there)
    return chosen or tuple(there)[:MOST_SHOWN]


def hands(parts: Parts) -> tuple[Hand, ...]:
    """What else can be moved on a page."""
    kinds = {part.kind for part in parts.values()}
    return ("", *(("beta",) if "slider" in kinds else ()), *(("film",) if "film" in kinds else ()))


def _named(part: Part) -> dict[str, str]:
    if part.kind == "board":
        name = part.name or "board"
        return {name: "board" if name == "board" else SECOND_BOARDS.get(name, name)}
    if part.kind == "chart":
        return {name: name.replace("-", " ") for name in part.data["figures"]}
    if part.kind == "dual":
        name = part.data["part"]
        return {name: DUAL_PARTS[name]}
    return {}
