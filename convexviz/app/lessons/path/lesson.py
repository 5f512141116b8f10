"""Lesson: as weight decay falls, neurons enter, few at a time, and at some point they fit the noise."""

from __future__ import annotations

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.contrast.points import now_on
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.path import parts, promises, text
from convexviz.app.lessons.path.challenges import CHALLENGES
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings
from convexviz.app.lessons.path.tour import TOUR
from convexviz.app.stage.link.embedded import Embedding

LESSON = Lesson(
    address="path",
    title="The path",
    claim="As β falls **neurons enter**, few at a time, and others leave; held-out points tell when they "
    "begin to fit the noise.",
    card="From much weight decay to little, every network of the path is a global optimum. Play it as a film, and see "
    "on fresh points where more neurons stop to help.",
    settings=PathSettings,
    controls=lambda settings: data_controls(settings, "path", BOARDS),
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=lambda settings: BOARDS[settings.scene].as_link(settings),
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: now_on(BOARDS, settings),
    named=promises.data_of,
    embedding=Embedding({"path-film": "The path as a film", "weights": "Weights along the path"}),
)
