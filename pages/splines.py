"""Lesson: on the line, the optimal network is a linear spline with its kinks at data points."""

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.splines import parts as line_lesson
from convexviz.app.lessons.splines import text as line_teaching
from convexviz.app.shell import controls, data_dialog, share, source, state, teaching
from convexviz.app.shell.settings import LOSSES, OVERLAYS, Settings

settings: Settings = state.current().settings

teaching.heading(
    "Splines",
    "Draw points. The **globally optimal** ReLU network answers every gesture, with a proof: "
    "on the line it is a *linear spline* whose kinks sit at your data.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("data"):
        controls.choice("task", label_visibility="collapsed", width="content")
    if not settings.hides("presets"):
        with st.popover("Points", icon=":material/scatter_plot:", help="Presets, formula, number and noise"):
            gallery.mount(
                "presets", settings.task, settings.dataset, lambda name: state.update(dataset=name, formula="")
            )
            if settings.task == "regression":
                controls.text("formula", placeholder="sin(3x) + |x|/2")
            teaching.sampling_controls(settings)
    if not settings.hides("data") and st.button("Table, CSV", icon=":material/table:", key="open-data"):
        data_dialog.open_data(settings.task)
    if not settings.hides("loss"):
        controls.choice("loss", LOSSES[settings.task], label_visibility="collapsed", width="content")
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help="Other optimal networks, and other methods"):
            for name in OVERLAYS:
                if name != "regions" or settings.task == "classification":
                    controls.toggle(name)
    if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
        teaching.open_code(line_teaching.code_now(settings))
    if not settings.hides("share"):
        share.share_button(lambda: source.line.as_link(state.current().settings))

share.show_address(settings, lambda: source.line.as_link(settings))
line_lesson.lesson()

teaching.text(line_teaching.SPLINES_IDEA, line_teaching.SPLINE_PROMPTS)
