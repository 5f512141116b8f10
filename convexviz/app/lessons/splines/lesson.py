"""Lesson: on the line, the optimal network is a linear spline with its kinks at data points."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.splines import parts, text
from convexviz.app.lessons.splines.challenges import CHALLENGES
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings
from convexviz.app.lessons.splines.tour import TOUR
from convexviz.app.shell import source
from convexviz.app.shell.toolbar import drawing_board
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: SplineSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    shown = [name for name in OVERLAYS if name != "regions" or settings.task == "classification"]
    shows = "Other optimal networks, and other methods"
    drawing_board("presets", settings, source.line, shown, shows, formula=True)


LESSON = Lesson(
    address="splines",
    title="Splines",
    claim="Draw points. A **globally optimal** ReLU network answers every gesture, with a proof. On the line, a "
    "*linear spline* with its kinks at your data is always among the best.",
    card="On the line, a linear spline with its kinks at your data is always among the best networks. Drag a point and "
    "watch curve, neurons and proof follow; scrub the price of weight; compare regression with classification.",
    settings=SplineSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.line.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: source.line.points(settings.task),
    named=lambda settings: source.line.named(settings)[0],
    embedding=Embedding({"figure": "Dual function", "neurons": "Neurons", "path": "The path"}),
)
