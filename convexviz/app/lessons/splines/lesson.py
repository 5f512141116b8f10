"""Lesson: on the line, the optimal network is a linear spline with its kinks at data points."""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.splines import parts, text
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings
from convexviz.app.shell import controls, data_dialog, source, state, teaching
from convexviz.app.shell.lesson import Lesson
from convexviz.app.shell.settings import LOSSES


def toolbar(settings: SplineSettings) -> None:
    """Task, points, loss, and what else is drawn."""
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


LESSON = Lesson(
    address="splines",
    title="Splines",
    claim="Draw points. The **globally optimal** ReLU network answers every gesture, with a proof: "
    "on the line it is a *linear spline* whose kinks sit at your data.",
    card="On the line, the optimal network connects your data with a linear spline. Drag a point and watch the kinks, "
    "the neurons and the proof follow; scrub the strength of weight decay; compare regression with classification.",
    settings=SplineSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.line.as_link,
)
