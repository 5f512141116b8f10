"""Lesson: in the plane, the optimal network is found and proved by looking at every line there is."""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.plane import parts, text
from convexviz.app.lessons.plane.settings import CLASSES_ONLY, OVERLAYS, PlaneSettings
from convexviz.app.shell import controls, data_dialog, source, state, teaching
from convexviz.app.shell.lesson import Lesson
from convexviz.app.shell.settings import LOSSES


def toolbar(settings: PlaneSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    if not settings.hides("data"):
        controls.choice("task", label_visibility="collapsed", width="content")
    if not settings.hides("presets"):
        with st.popover("Points", icon=":material/scatter_plot:", help="Presets, number and noise"):
            gallery.mount(
                "plane-presets", settings.task, settings.dataset, lambda name: state.update(dataset=name), dims=2
            )
            teaching.sampling_controls(settings)
    if not settings.hides("data") and st.button("Table, CSV", icon=":material/table:", key="open-data"):
        data_dialog.open_data(settings.task, source.plane)
    if not settings.hides("loss"):
        controls.choice("loss", LOSSES[settings.task], label_visibility="collapsed", width="content")
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help="What is drawn on the board, and other classifiers"):
            for name in OVERLAYS:
                if name not in CLASSES_ONLY or settings.task == "classification":
                    controls.toggle(name)


LESSON = Lesson(
    address="plane",
    title="The plane",
    claim="Draw points. The **globally optimal** ReLU network answers every gesture, and a map of *all lines* proves "
    "it.",
    card="In the plane a neuron is a line with an active side. Drag points of two classes, or of any values; a map "
    "over all possible lines proves that no further neuron is worth its weight. Watch the proof being made, round by "
    "round.",
    settings=PlaneSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.plane.as_link,
)
