"""Lesson: as weight decay falls, neurons enter one at a time, and at some point they fit the noise."""

from __future__ import annotations

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.path import parts, text
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings

LESSON = Lesson(
    address="path",
    title="The path",
    claim="As β falls **neurons enter**, few at a time; held-out points tell when they begin to fit the noise.",
    card="From much weight decay to little, every network of the path is a global optimum. Play it as a film, and see "
    "on fresh points where more neurons stop to help.",
    settings=PathSettings,
    controls=lambda settings: data_controls(settings, "path", BOARDS),
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=lambda settings: BOARDS[settings.scene].as_link(settings),
)
