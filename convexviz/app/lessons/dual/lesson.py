"""Lesson: one number for each point proves that no network is better."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.dual import challenges, parts, text, tour
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.app.lessons.dual.view_state import POINTS
from convexviz.app.shell.source import Points
from convexviz.app.stage.link.embedded import Embedding


def named(settings: DualSettings) -> Points:
    """The points that the settings name."""
    return POINTS.named(settings)[0]


LESSON = Lesson(
    address="dual",
    title="The dual, by hand",
    claim="Give every point **one number**. If these make no ramp worth its weight, they prove a bound that *no "
    "network* can beat. Find the numbers yourself.",
    card="Three points, three numbers, a band: move the numbers until what they prove meets what your network reaches. "
    "Then you hold the proof of a global optimum, every step of it computed by hand.",
    settings=DualSettings,
    controls=parts.toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=POINTS.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=tour.TOUR,
    challenges=challenges.CHALLENGES,
    points=lambda settings: POINTS.points(settings.task),
    named=named,
    embedding=Embedding({"figure": "What v proves"}, boards=("board", "handles")),
)
