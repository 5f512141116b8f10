"""Lesson: a neuron encodes what is left of a sample after the others have reconstructed it."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.autoencoders import challenges, parts, text
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.lessons.autoencoders.tour import TOUR
from convexviz.app.shell import controls
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: AutoencoderSettings) -> None:
    """The points."""
    if not settings.hides("presets"):
        controls.choice("dataset", style="select", label_visibility="collapsed", width=230)
        with st.popover("Points", icon=":material/scatter_plot:", help="Number of points and seed"):
            controls.number("n")
            controls.number("seed")


def body(settings: AutoencoderSettings) -> None:
    """Points of the plane, then images of digits."""
    parts.plane()
    if not settings.hides("digits"):
        st.divider()
        parts.digits_part(settings)


LESSON = Lesson(
    address="autoencoders",
    title="Auto-encoders",
    claim="The neuron of one sample encodes **what is left of it** once the others have rebuilt it. Click on a point.",
    card="What is left of a sample, once the others have rebuilt it as well as they can, is the direction of a neuron. "
    "In the plane, and with images of digits.",
    settings=AutoencoderSettings,
    controls=toolbar,
    body=body,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=lambda settings: text.code_now(),
    drawn=parts.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=challenges.CHALLENGES,
    points=lambda settings: challenges.points_now(),
    named=challenges.points_of,
    embedding=Embedding({"digit": "A digit and its mixture"}),
)
