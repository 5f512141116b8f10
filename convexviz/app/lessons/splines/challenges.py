"""What to reach by hand on the line; the solver says when it is reached."""

from __future__ import annotations

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell.source import Points

LEAST = 5  # points of a band
FEW = {"task": "regression", "n": LEAST, "noise": 0.0, "loss": "interpolate", "envelope": True}
MANY = 40  # points of the wave: with some of them erased three neurons are no feat


def _answer(settings: SplineSettings, points: Points | None) -> cv.Solution | None:
    """The optimum of the points, from the cache that the page has filled."""
    if points is None:
        return None
    own = points.counted  # who leaves points out has fewer
    return answers.solve(Problem.of(own.X, own.y, settings.loss, own.weights), settings.beta).solution


def _three_neurons(settings: SplineSettings, points: Points | None) -> bool:
    s = _answer(settings, points)
    return s is not None and settings.loss == "squared" and len(s.v) >= MANY and s.network.width == 3


def _exactly_met(settings: SplineSettings, points: Points | None) -> cv.OptimalSet | None:
    """All optima through five points or more that take some bend."""
    s = _answer(settings, points)
    if s is None or points is None or settings.loss != "interpolate" or len(s.v) < LEAST or s.network.width < 2:
        return None
    return cv.optimal_set(s.network, points.counted.X)


def _open(settings: SplineSettings, points: Points | None) -> bool:
    optima = _exactly_met(settings, points)
    return optima is not None and not optima.unique


def _closed(settings: SplineSettings, points: Points | None) -> bool:
    optima = _exactly_met(settings, points)
    return optima is not None and optima.unique


CHALLENGES = (
    Challenge(
        "three-neurons",
        "Fit these 40 points with exactly three neurons.",
        "Nothing has to be drawn. The numbers under the slider count the neurons: which β leaves three?",
        "Three neurons, and a proof: at this β no network has a lower objective, whatever its width.",
        {"task": "regression", "dataset": "sine", "n": MANY, "noise": 0.1, "loss": "squared", "beta": 0.05},
        _three_neurons,
        {"beta": 0.5},
        "beta",
    ),
    Challenge(
        "open-the-band",
        "One curve is best here. Move points until many are as good.",
        "The curve is free between two neighbouring points at which it bends the same way. Here it bends only once.",
        "Between two bends of one kind the turn may be made early, late or in two steps, at the same price.",
        FEW | {"formula": "abs(x)"},
        _open,
        {"formula": "x^2"},
    ),
    Challenge(
        "close-the-band",
        "Many curves are best here. Move points until one is left.",
        "The orange region opens between neighbouring bends of one kind. Let left and right turns alternate: one point "
        "is enough.",
        "Left and right turns alternate: no turn can be shifted without paying for it.",
        FEW | {"formula": "x^2"},
        _closed,
        {"formula": "abs(x)"},
    ),
)
