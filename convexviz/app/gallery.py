"""Thumbnails of the presets, drawn by the real generators; a click on one picks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from convexviz import data
from convexviz.app.web import asset, module
from convexviz.figures.thumbnails import scatter_svg

_component = st.components.v2.component(
    "convexviz_gallery", js=module("gallery.js"), css=asset("gallery.css"), isolate_styles=False
)


def mount(key: str, task: data.Task, chosen: str | None, on_pick: Callable[[str], None]) -> None:
    """Show the presets of a task; `on_pick` is called with a preset's name before the rerun that it causes."""
    _component(key=key, data={"cards": cards(task), "chosen": chosen}, on_pick_change=lambda: _tell(key, task, on_pick))


@lru_cache(maxsize=4)
def cards(task: data.Task) -> list[dict[str, str]]:
    """Name, words and picture of every preset of a task."""
    specs = [data.DATASETS[name] for name in data.names(task, dims=1)]
    return [
        {"name": s.name, "title": s.title, "description": s.description, "svg": scatter_svg(data.preview(s.name))}
        for s in specs
    ]


def _tell(key: str, task: data.Task, on_pick: Callable[[str], None]) -> None:
    name = (st.session_state.get(key) or {}).get("pick")
    if name in data.names(task, dims=1):
        on_pick(name)
