"""Lesson: points on a line in the plane are points on the line; one that leaves it is not."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.rank_one import parts, promises, text
from convexviz.app.lessons.rank_one.challenges import CHALLENGES
from convexviz.app.lessons.rank_one.settings import SCALES, RankOneSettings
from convexviz.app.lessons.rank_one.tour import TOUR
from convexviz.app.lessons.rank_one.view_state import LINE, points_now
from convexviz.app.shell import controls, toolbar
from convexviz.app.stage.link.embedded import Embedding


def place_controls(settings: RankOneSettings) -> None:
    """Presets, and by numbers what the handles do by hand."""
    toolbar.presets("rank-one-presets", settings)
    if settings.hides("data"):
        return
    with st.popover(
        "Place", icon=":material/rotate_right:", help="Angle, scale, and the point off the line, by numbers"
    ):
        controls.number("angle", step=5.0)
        controls.number("scale", lo=SCALES[0], hi=SCALES[1], step=0.05)
        controls.number("off", step=0.1)
        controls.number("moved")


LESSON = Lesson(
    address="rank-one",
    title="Rank one",
    claim="Points on a line in the plane are a problem *on the line*: the **optimal network** is the spline there, the "
    "same all the way across. Pull one point off.",
    card="Data of rank one lie on a line through space. Turn and stretch it: the optimum is the spline of the line, "
    "spread over the plane. Then pull one point off and see what that is worth, with the certificate of the plane.",
    settings=RankOneSettings,
    controls=place_controls,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=LINE.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=points_now,
    named=promises.data_of,
    embedding=Embedding(
        {"line": "The line", "figure": "Map of all lines", "surface": "The surface", "leaving": "What leaving gains"}
    ),
)
