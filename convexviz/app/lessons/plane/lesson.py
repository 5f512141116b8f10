"""Lesson: in the plane, the optimal network is found and proved by looking at every line there is."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.plane import parts, text
from convexviz.app.lessons.plane.challenges import CHALLENGES
from convexviz.app.lessons.plane.settings import CLASSES_ONLY, OVERLAYS, PlaneSettings
from convexviz.app.lessons.plane.tour import TOUR
from convexviz.app.shell import source
from convexviz.app.shell.toolbar import drawing_board
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: PlaneSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    shown = [name for name in OVERLAYS if name not in CLASSES_ONLY or settings.task == "classification"]
    shows = "What is drawn on the board, and other classifiers"
    drawing_board("plane-presets", settings, source.plane, shown, shows)


LESSON = Lesson(
    address="plane",
    title="The plane",
    claim="Draw points. A **globally optimal** ReLU network answers every gesture, and a map of *all lines* shows why "
    "none is better.",
    card="In the plane a neuron is a line with an active side. Drag points of two classes, or of any values; a map "
    "over all possible lines shows that no further neuron is worth its weight. Watch the proof being made, round by "
    "round.",
    settings=PlaneSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.plane.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: source.plane.points(settings.task),
    named=lambda settings: source.plane.named(settings)[0],
    embedding=Embedding(
        {
            "figure": "Map of all lines",
            "neurons": "The picture below the board",
            "path": "The path, if it is that picture",
        }
    ),
)
