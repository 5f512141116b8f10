"""Lesson: ordinary training, run live against the certified optimum."""

from __future__ import annotations

import streamlit as st

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.contrast.settings import carried
from convexviz.app.course.lesson import Lesson, Place, lead_to
from convexviz.app.lessons.race import parts, text, view_state
from convexviz.app.lessons.race.challenges import CHALLENGES
from convexviz.app.lessons.race.settings import RaceSettings
from convexviz.app.lessons.race.tour import TOUR
from convexviz.app.shell import controls, share
from convexviz.app.stage.link.embedded import Embedding

KERNEL = "**Tangent kernel**: what a network of infinite width would learn from these points"
PATH = "**The path**: how neurons enter as β falls, on these points"


def toolbar(settings: RaceSettings) -> None:
    """Points, and who takes the steps down, how many and from where."""
    data_controls(settings, "race", view_state.BOARDS)
    if settings.hides("race"):
        return
    controls.choice("solver", label_visibility="collapsed", width="content")
    with st.popover("Steps", icon=":material/tune:", help="Number of steps, and the random starts"):
        controls.number("iterations", step=100)
        controls.number("start")


def body(settings: RaceSettings) -> None:
    """The race, and the way on to the lessons that look at the same points."""
    if settings.ridge:
        st.info("The tangent kernel, whose λ this link sets, is a lesson of its own now. It opens with these points.")
        onward(settings)
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
    claim="Ordinary training against the **certified optimum**: wide networks mostly arrive, narrow ones mostly get "
    "stuck, and none ends below it.",
    card="Ordinary training, run live against the certified optimum. Wide networks mostly arrive, narrow ones mostly "
    "get stuck, none ends below. Play the runs as a film.",
    settings=RaceSettings,
    controls=toolbar,
    body=body,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=view_state.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: view_state.points_of(settings).points(settings.task),
    named=lambda settings: view_state.points_of(settings).named(settings)[0],
    embedding=Embedding({"figure": "Objectives", "neurons": "Neurons"}),
)
