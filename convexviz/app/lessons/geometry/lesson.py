"""Lesson: training without biases is geometry in sample space, and its dual is the polar set."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.geometry import challenges, parts, text, view_state
from convexviz.app.lessons.geometry.settings import OVERLAYS, GeometrySettings
from convexviz.app.lessons.geometry.tour import TOUR
from convexviz.app.shell import controls
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: GeometrySettings) -> None:
    """Samples, and what is drawn of the sets."""
    if not settings.hides("presets"):
        controls.choice("dataset", style="select", label_visibility="collapsed", width=230)
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help="What is drawn in sample space"):
            for name in OVERLAYS:
                controls.toggle(name)


LESSON = Lesson(
    address="geometry",
    title="Geometry",
    claim="**Every network is a point.** Blue, Q: what one neuron can answer to the samples; green, C: what all "
    "networks of cost Σ|w| ≤ 1 can.",
    card="Two samples make an ellipse, and rectifying it makes the set that training is about. Drag the samples, see "
    "its spikes come and go, and find the neurons that carry a target.",
    settings=GeometrySettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=lambda settings: text.code_now(),
    drawn=view_state.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=challenges.CHALLENGES,
    points=lambda settings: challenges.points_now(),
    named=challenges.points_of,
    embedding=Embedding({"space": "Sample space", "figure": "Polar set"}),
)
