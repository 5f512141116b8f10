"""Lesson: images of digits told apart by the optimal network, beside other classifiers trained on the same images."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.digits import parts, run_text, text
from convexviz.app.lessons.digits.challenges import CHALLENGES
from convexviz.app.lessons.digits.settings import MOST_WHITENED, TEN_LOSSES, DigitsSettings
from convexviz.app.lessons.digits.tour import TOUR
from convexviz.app.shell import controls
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: DigitsSettings) -> None:
    """Which digits, how many images, which loss."""
    two = settings.scene == "two"
    if not settings.hides("data"):
        controls.choice("scene", label_visibility="collapsed", width="content")
        _images(settings, two)
    if not settings.hides("loss"):
        controls.choice("loss", () if two else TEN_LOSSES, style="select", width=120)
    if two and not settings.hides("data"):
        controls.toggle("whiten")


def _images(settings: DigitsSettings, two: bool) -> None:
    if two:
        controls.choice("first", style="select", width=100)
        controls.choice("second", style="select", width=100)
        controls.number("images", hi=MOST_WHITENED if settings.whiten else None, width=130)
    else:
        controls.number("per_digit", width=130)


LESSON = Lesson(
    address="digits",
    title="Digits",
    claim="In 64 dimensions a neuron is an **image**. Other classifiers are trained beside the network, just now.",
    card="Images of handwritten digits, two of them or all ten. See the neurons as images, what is proved of them, and "
    "how well other classifiers do on the same images.",
    settings=DigitsSettings,
    controls=toolbar,
    body=parts.lesson,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=lambda settings: run_text.python_code(parts.task_of(settings)),
    align="bottom",
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    embedding=Embedding({"figure": "Neurons"}),
    network=parts.network_now,
)
