"""Lesson: in the plane, the optimal network is found and proved by looking at every line there is."""

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.plane import parts as plane_lesson
from convexviz.app.lessons.plane import text as plane_teaching
from convexviz.app.lessons.plane.settings import CLASSES_ONLY, OVERLAYS, PlaneSettings
from convexviz.app.shell import controls, data_dialog, share, source, state, teaching
from convexviz.app.shell.settings import LOSSES

settings: PlaneSettings = state.current().settings


def pick(name: str) -> None:
    """A preset was chosen."""
    state.update(dataset=name)


teaching.heading(
    "The plane",
    "Draw points. The **globally optimal** ReLU network answers every gesture, and a map of *all lines* proves it.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("data"):
        controls.choice("task", label_visibility="collapsed", width="content")
    if not settings.hides("presets"):
        with st.popover("Points", icon=":material/scatter_plot:", help="Presets, number and noise"):
            gallery.mount("plane-presets", settings.task, settings.dataset, pick, dims=2)
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
    if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
        teaching.open_code(plane_teaching.code_now(settings))
    if not settings.hides("share"):
        share.share_button(lambda: source.plane.as_link(state.current().settings))

share.show_address(settings, lambda: source.plane.as_link(settings))
plane_lesson.lesson()

teaching.text(plane_teaching.IDEA, plane_teaching.PROMPTS)
