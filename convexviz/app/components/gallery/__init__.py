"""Thumbnails of the presets, drawn by the real generators; a click on one picks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from convexviz import data
from convexviz.app.components.web import module
from convexviz.figures.thumbnails import scatter_svg

_component = st.components.v2.component(
    "convexviz_gallery", js=module("gallery/gallery.js", "gallery/gallery.css"), isolate_styles=False
)


def mount(key: str, task: data.Task, chosen: str | None, on_pick: Callable[[str], None], dims: int = 1) -> None:
    """Show the presets of a task and of `dims` features; `on_pick` is called with a preset's name before the rerun."""
    shown = cards(task, dims)
    names = [card["name"] for card in shown]
    _component(key=key, data={"cards": shown, "chosen": chosen}, on_pick_change=lambda: _tell(key, names, on_pick))


@lru_cache(maxsize=4)
def cards(task: data.Task, dims: int = 1) -> list[dict[str, str]]:
    """Name, words and picture of every preset of a task."""
    specs = [data.DATASETS[name] for name in data.names(task, dims)]
    return [
        {"name": s.name, "title": s.title, "description": s.description, "svg": scatter_svg(data.preview(s.name))}
        for s in specs
    ]


def _tell(key: str, names: list[str], on_pick: Callable[[str], None]) -> None:
    name = (st.session_state.get(key) or {}).get("pick")
    if name in names:
        on_pick(name)
