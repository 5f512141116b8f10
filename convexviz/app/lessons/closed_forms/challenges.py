"""What to reach by settings: images, whitening and β."""

from __future__ import annotations

import numpy as np

from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.closed_forms.parts import SAME, found_for
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.shell.source import Points

THIN = 0.1  # weight below which a neuron of the challenge is thin


def one_left(settings: ClosedSettings, points: Points | None) -> bool:
    """One neuron, on raw images."""
    found = found_for(settings)
    return not settings.whiten and found.optimum.certified and found.optimum.network.width == 1


def right_after_all(settings: ClosedSettings, points: Points | None) -> bool:
    """The formula is optimal on raw images."""
    found = found_for(settings)
    best = found.optimum.objective
    return not settings.whiten and bool(found.formula_objective - best <= SAME * best)


def both_thin(settings: ClosedSettings, points: Points | None) -> bool:
    """Two neurons of small weight, on whitened images."""
    weights = found_for(settings).optimum.network.w
    return settings.whiten and len(weights) == 2 and bool(np.abs(weights).max() < THIN)


CHALLENGES = (
    Challenge(
        "one",
        "On the raw images, choose β so that the best network has exactly one neuron.",
        "Raise β step by step: shortly before all neurons are gone, a single one is left.",
        "On raw images one part of y stops paying before the other. Whitened, with as many images of each class, both "
        "stop at the same β.",
        {"whiten": False},
        one_left,
        {"beta": 6.0},
        "figure",
    ),
    Challenge(
        "right",
        "On the raw images, find a β at which the formula is right after all.",
        "When can two networks not differ? When neither has a neuron.",
        "No neuron pays for itself any more, and on that formula and solver agree.",
        {"whiten": False},
        right_after_all,
        {"beta": 8.0},
        "figure",
    ),
    Challenge(
        "thin",
        "On whitened images, keep both neurons but make each weight smaller than 0.1.",
        "A weight is the length of its part of y, the root of the number of images, less β.",
        "Each weight is the length of its part less β: a soft threshold.",
        {"whiten": True, "n": 4},
        both_thin,
        {"beta": 1.95},
        "figure",
    ),
)
