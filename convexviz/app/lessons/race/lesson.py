"""Lesson: ordinary training, run live against the certified optimum."""

from __future__ import annotations

import streamlit as st

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.contrast.settings import carried
from convexviz.app.course.lesson import Lesson, Place, lead_to
from convexviz.app.lessons.race import parts, text, view_state
from convexviz.app.lessons.race.settings import RaceSettings
from convexviz.app.shell import controls, share

KERNEL = "**Tangent kernel**: what a network of infinite width would learn from these points"
PATH = "**The path**: how neurons enter as β falls, on these points"


def toolbar(settings: RaceSettings) -> None:
    """Points, and who takes the steps down."""
    data_controls(settings, "race", view_state.BOARDS)
    if not settings.hides("race"):
        controls.choice("solver", label_visibility="collapsed", width="content")


def body(settings: RaceSettings) -> None:
    """The race, and the way on to the lessons that look at the same points."""
    if settings.ridge:
        st.info("The tangent kernel, whose λ this link sets, is a lesson of its own now. It opens with these points.")
        onward(settings)
    with st.container(key="race-settings", horizontal=True, vertical_alignment="bottom", gap="medium"):
        if not settings.hides("race"):
            controls.number("narrow", slider=True, width=180)
            controls.number("wide", slider=True, step=10, width=240)
            controls.number("iterations", step=100, width=140)
            controls.number("start", width=130)
        if not settings.hides("beta"):
            controls.log_slider("beta", 0.01, 10.0, width=220)
    parts.lesson()
    if not settings.ridge:
        onward(settings)


def onward(settings: RaceSettings) -> None:
    """Links to tangent kernel and path, with the points and β of this page."""
    here = share.complete(settings, view_state.as_link(settings))
    with st.container(key="onward", gap=None):
        lead_to(Place("tangent-kernel", carried(here, ("ridge",), ("kernel",))), KERNEL)
        if not settings.hides("path"):
            lead_to(Place("path", carried(here)), PATH)


LESSON = Lesson(
    address="race",
    title="The race",
    claim="Ordinary training against the **certified optimum**: wide networks arrive, narrow ones get stuck, none is "
    "below.",
    card="Ordinary training, run live against the certified optimum. Wide networks arrive, narrow ones get stuck, none "
    "gets below. Play the runs as a film.",
    settings=RaceSettings,
    controls=toolbar,
    body=body,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=view_state.as_link,
)
