"""Challenges of the lesson on digits, judged by what the page has trained."""

from __future__ import annotations

from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.digits.parts import task_of
from convexviz.app.lessons.digits.settings import DigitsSettings
from convexviz.app.lessons.digits.training import OURS, known
from convexviz.app.shell.source import Points
from convexviz.core.solution import Solution

FEW = 5  # images of each digit


def found(settings: DigitsSettings) -> Solution | None:
    """The network of ours, once all is trained; two digits only."""
    work = known(task_of(settings)) if settings.scene == "two" else None
    return None if work is None else work.found


def proved(settings: DigitsSettings, points: Points | None) -> bool:
    """Whether raw images have a certificate."""
    if settings.whiten:
        return False
    s = found(settings)
    return s is not None and s.certified and s.network.width > 0


def single(settings: DigitsSettings, points: Points | None) -> bool:
    """Whether a single neuron is proved optimal."""
    s = found(settings)
    return s is not None and s.certified and s.network.width == 1


def without_a_miss(settings: DigitsSettings, points: Points | None) -> bool:
    """Whether few images teach to read all the others."""
    if settings.scene != "two" or settings.images > FEW:
        return False
    work = known(task_of(settings))
    return work is not None and OURS in work.done and work.done[OURS].accuracy == 1.0


CHALLENGES = (
    Challenge(
        "proved",
        "Reach a certificate without whitening, with at least one neuron in use.",
        "Branch and bound needs time for every image. Give it fewer.",
        "In 64 dimensions, and proved: branch and bound splits neurons by the images they are active on, and not by "
        "dimensions.",
        {"scene": "two"},
        proved,
        {"images": 5},
        "certificate",
    ),
    Challenge(
        "single",
        "Find images for which a *single* neuron is proved optimal.",
        "Whitened images are one way. Or look for a pair that is easy to tell apart, and few images of each.",
        "No network of many neurons costs less than this one neuron and a constant.",
        {"scene": "two"},
        single,
        {"whiten": True},
        "certificate",
    ),
    Challenge(
        "sharp",
        "With at most 5 images of each, tell two digits apart on all the others, without a single miss.",
        "Digits that share no stroke are easy. Nobody takes a 6 for a 7.",
        "All unseen images of the two digits are read right by a network that has learned ten at most.",
        {"scene": "two"},
        without_a_miss,
        {"first": "6", "second": "7", "images": 5},
        "comparison",
    ),
)
