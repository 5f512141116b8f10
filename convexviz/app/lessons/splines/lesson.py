"""Lesson: on the line, the optimal network is a linear spline with its kinks at data points."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.splines import parts, text
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings
from convexviz.app.shell import source
from convexviz.app.shell.toolbar import drawing_board


def toolbar(settings: SplineSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    shown = [name for name in OVERLAYS if name != "regions" or settings.task == "classification"]
    shows = "Other optimal networks, and other methods"
    drawing_board("presets", settings, source.line, shown, shows, formula=True)


LESSON = Lesson(
    address="splines",
    title="Splines",
    claim="Draw points. The **globally optimal** ReLU network answers every gesture, with a proof: "
    "on the line it is a *linear spline* whose kinks sit at your data.",
    card="On the line, the optimal network connects your data with a linear spline. Drag a point and watch the kinks, "
    "the neurons and the proof follow; scrub the strength of weight decay; compare regression with classification.",
    settings=SplineSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.line.as_link,
)
