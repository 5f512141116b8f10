"""What the lesson on closed forms promises to show, checked on the images that it names."""

from __future__ import annotations

import numpy as np

from convexviz.app.lessons.closed_forms import parts
from convexviz.app.lessons.closed_forms.settings import ClosedSettings

BETTER = "The solver finds a better network"
FROM_TWO = "From β = √4 = 2 on"


def they_agree(settings: ClosedSettings) -> dict[str, bool]:
    """Formula and solver agree."""
    found = parts.found_for(settings)
    assert found.formula is not None
    return {
        "the objectives are equal": bool(np.isclose(found.formula_objective, found.optimum.objective, rtol=1e-6)),
        "the bounds too": bool(np.isclose(found.formula.lower_bound, found.optimum.lower_bound, rtol=1e-5)),
        "to the digits of the table": all(
            line.split("|")[2] == line.split("|")[3] for line in parts.table(found).split("\n")[2:5]
        ),
        "with as many neurons": len(found.formula_neurons) == found.optimum.network.width == 2,
    }


def solver_is_better(settings: ClosedSettings) -> dict[str, bool]:
    """Switch whitening off."""
    found = parts.found_for(settings)
    return {
        BETTER: found.optimum.objective < 0.999 * found.formula_objective,
        "and proves it": found.optimum.certified,
        "each neuron of the formula answers the other class too": parts.overlapping(found),
    }


def nothing_left(settings: ClosedSettings) -> dict[str, bool]:
    """Too much decay."""
    found, root = parts.found_for(settings), np.sqrt(settings.n)
    just_below = parts.found_for(settings.changed(beta=float(root) - 0.01))
    just_there = parts.found_for(settings.changed(beta=float(root)))
    return {
        "β is above the root of the number of images": settings.beta > root,
        "each part of y is shorter": bool(np.linalg.norm(found.y[found.y > 0]) < settings.beta),
        "no neuron is left": found.network.width == found.optimum.network.width == 0,
        FROM_TWO: (just_below.network.width, just_there.network.width, root) == (2, 0, 2.0),
    }


def more_is_worse(settings: ClosedSettings) -> dict[str, bool]:
    """Three images of each digit."""
    accuracies = [parts.ten_classes(n, settings.beta, settings.seed)[1][0].accuracy for n in (2, settings.per_class)]
    return {
        "three images of each": settings.per_class == 3,
        "the closed form classifies worse than with two": accuracies[1] < accuracies[0],
    }
