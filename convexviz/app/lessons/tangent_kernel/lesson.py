"""Lesson: what a network of infinite width, trained without weight decay, would learn from the same points."""

from __future__ import annotations

from convexviz.app.contrast.optimum_board import data_controls
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.tangent_kernel import parts, text
from convexviz.app.lessons.tangent_kernel.parts import BOARDS
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings

LESSON = Lesson(
    address="tangent-kernel",
    title="Tangent kernel",
    claim="A network of **infinite width** that hardly moves learns a smooth sum of fixed bumps; weight decay makes "
    "few neurons move.",
    card="Ever wider networks, trained without weight decay, end in a kernel: smooth, with no kink that stands out. "
    "Compare it with the optimum, whose few neurons sit where the data need them.",
    settings=KernelSettings,
    controls=lambda settings: data_controls(settings, "kernel", BOARDS),
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=lambda settings: BOARDS[settings.scene].as_link(settings),
)
