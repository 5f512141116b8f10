"""Lesson: what a network of infinite width, trained without weight decay, would learn from the same points."""

from __future__ import annotations

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.contrast.points import now_on
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.tangent_kernel import parts, promises, text
from convexviz.app.lessons.tangent_kernel.challenges import CHALLENGES
from convexviz.app.lessons.tangent_kernel.parts import BOARDS
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings
from convexviz.app.lessons.tangent_kernel.tour import TOUR
from convexviz.app.stage.link.embedded import Embedding

LESSON = Lesson(
    address="tangent-kernel",
    title="Tangent kernel",
    claim="A network of **infinite width** whose neurons hardly move bends at *every* data point; with weight decay "
    "the best one bends at few.",
    card="Ever wider networks, trained without weight decay, end in a kernel, whose fit bends at every data point. "
    "Compare it with the optimum, which bends at few, where the data need it.",
    settings=KernelSettings,
    controls=lambda settings: data_controls(settings, "kernel", BOARDS),
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
    embedding=Embedding({"figure": "Both functions, compared"}),
)
