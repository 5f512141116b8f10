"""Lesson: training adds the neurons that an oracle finds, and proves as much as the oracle can."""

from __future__ import annotations

from collections.abc import Mapping

from convexviz.app.course.lesson import Lesson, Place
from convexviz.app.lessons.cutting_planes import parts, text, view_state
from convexviz.app.lessons.cutting_planes.challenges import CHALLENGES
from convexviz.app.lessons.cutting_planes.settings import FREE_LOSSES, CuttingSettings
from convexviz.app.lessons.cutting_planes.tour import TOUR
from convexviz.app.shell import controls, state, toolbar
from convexviz.app.shell.settings import LOSSES
from convexviz.app.stage.link.embedded import Embedding

DIGITS = ("two", "ten")  # scenes that are a lesson of their own now
OF_DIGITS = ("scene", "beta", "seed", "hide", *CuttingSettings.elsewhere)  # what their links may name


def tools(settings: CuttingSettings) -> None:
    """Which points, and which loss."""
    drawn = settings.scene == "plane"
    if drawn:
        view_state.points.prepare(settings, state.link_loads())
    toolbar.one_of("scene", "data", settings)
    if drawn:
        toolbar.one_of("task", "data", settings)
        toolbar.presets("cutting-presets", settings)
    elif not settings.hides("presets"):
        controls.choice("space", style="select", label_visibility="collapsed", width=190)
    losses = [loss for loss in LOSSES[settings.asked] if loss in FREE_LOSSES]
    if len(losses) > 1:
        toolbar.one_of("loss", "loss", settings, losses)


def moved(query: Mapping[str, str]) -> Place | None:
    """Links to the digits, from when they were scenes of this lesson."""
    if query.get("scene") not in DIGITS:
        return None
    return Place("digits", {name: text for name, text in query.items() if name in OF_DIGITS})


LESSON = Lesson(
    address="cutting-planes",
    title="Cutting planes",
    claim="Hold few neurons, ask an **oracle** for one that would pay, add it, repeat: the end proves what the oracle "
    "can prove.",
    card="Training adds a neuron or two a round, those that an oracle finds. Choose the oracle, in the plane or in "
    "more dimensions, and see what it proves and which neurons it misses.",
    settings=CuttingSettings,
    controls=tools,
    body=parts.lesson,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=lambda settings: view_state.points.as_link(settings) if settings.scene == "plane" else "",
    moved=moved,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=view_state.points_of,
    named=view_state.named,
    embedding=Embedding(
        {"figure": "Map of all lines", "fit": "The fit", "slice": "Circle of neurons", "bounds": "Bounds by round"}
    ),
    network=view_state.network_now,
)
