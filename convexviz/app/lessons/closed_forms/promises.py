"""What the lesson on closed forms promises to show, checked on the images that it names."""

from __future__ import annotations

import numpy as np

from convexviz.app.lessons.closed_forms import parts
from convexviz.app.lessons.closed_forms.parts import Two
from convexviz.app.lessons.closed_forms.settings import ClosedSettings


def two_of(settings: ClosedSettings) -> Two:
    """Formula and solver on the images of the settings."""
    s = settings
    return parts.two_classes(int(s.first), int(s.second), s.n, s.beta, s.whiten, s.seed)


def they_agree(settings: ClosedSettings) -> dict[str, bool]:
    """Formula and solver agree."""
    found = two_of(settings)
    assert found.formula is not None
    return {
        "the objectives are equal": bool(np.isclose(found.formula_objective, found.optimum.objective, rtol=1e-6)),
        "the bounds too": bool(np.isclose(found.formula.lower_bound, found.optimum.lower_bound, rtol=1e-5)),
        "with as many neurons": len(found.formula_neurons) == found.optimum.network.width == 2,
    }


def solver_is_better(settings: ClosedSettings) -> dict[str, bool]:
    """Switch whitening off."""
    found = two_of(settings)
    return {
        "the solver finds a better network": found.optimum.objective < 0.999 * found.formula_objective,
        "and proves it": found.optimum.certified,
    }


def nothing_left(settings: ClosedSettings) -> dict[str, bool]:
    """Too much decay."""
    found = two_of(settings)
    return {
        "β is above the root of the number of images": settings.beta > np.sqrt(settings.n),
        "each part of y is shorter": bool(np.sqrt((found.y > 0).sum()) < settings.beta),
        "no neuron is left": found.network.width == found.optimum.network.width == 0,
    }


def more_is_worse(settings: ClosedSettings) -> dict[str, bool]:
    """Three images of each digit."""
    accuracies = [parts.ten_classes(n, settings.beta, settings.seed)[1][0].accuracy for n in (2, settings.per_class)]
    return {
        "three images of each": settings.per_class == 3,
        "the closed form classifies worse than with two": accuracies[1] < accuracies[0],
    }
