"""What a link can hide on each lesson, in the words that stand on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convexviz.app.shell.settings import CONTROL_GROUPS, PAGE_PARTS

TITLE, TEXTS, NAVIGATION = ("title",), ("idea", "theorem", "try", "challenges"), ("top", "ways")
TOOLS = ("tour", "code", "export")

PART_NAMES: Mapping[str, str] = {
    "title": "Title and claim",
    "tour": "Tour",
    "code": "Python",
    "export": "Export, Page, Talk",
    "idea": "The idea",
    "theorem": "What is proved",
    "try": "Try this",
    "challenges": "Challenges",
    "top": "Top bar",
    "ways": "Back and Next",
}
GROUP_NAMES: Mapping[str, str] = {
    "presets": "Points",
    "data": "Task, table",
    "loss": "Loss",
    "beta": "β",
    "overlays": "Show",
    "share": "Share",
    "controls": "All controls",
    "race": "Method, steps, widths",
    "path": "Link to the path",
    "kernel": "λ",
    "digits": "Images of digits",
}
LESSON_NAMES: Mapping[str, Mapping[str, str]] = {
    "splines": {"data": "Task; table and CSV"},
    "plane": {"data": "Task; table and CSV"},
    "dual": {"data": "The switch that frees the sum"},
    "geometry": {"presets": "Samples"},
    "rank-one": {"data": "Place"},
    "kernel-matrix": {"data": "Task"},
    "race": {"data": "Line or plane, task"},
    "tangent-kernel": {"data": "Line or plane, task"},
    "path": {"data": "Line or plane, task"},
    "cutting-planes": {"data": "Scene, task"},
    "digits": {"data": "Which digits, how many, seed"},
}
IDLE: Mapping[str, tuple[str, ...]] = {
    "geometry": ("data",),
    "autoencoders": ("data",),
    "digits": ("presets", "overlays"),
    "cutting-planes": ("overlays",),
    "race": ("kernel",),
}
"""Groups that a lesson takes from links of before, and has nothing to hide for."""


def groups(address: str, hideable: Sequence[str]) -> dict[str, str]:
    """The lesson's own groups of controls by name, in words; `hideable` is all that its links may hide."""
    own = [name for name in hideable if name not in PAGE_PARTS and name not in IDLE.get(address, ())]
    return {name: LESSON_NAMES.get(address, {}).get(name, GROUP_NAMES[name]) for name in own}


def vocabulary() -> dict[str, str]:
    """Every word that `hide` knows on some lesson, and what it hides."""
    known = (*CONTROL_GROUPS, *(name for name in GROUP_NAMES if name not in CONTROL_GROUPS))
    return {name: GROUP_NAMES[name] for name in known} | dict(PART_NAMES)
