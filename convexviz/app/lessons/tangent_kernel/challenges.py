"""Challenges of the lesson on the tangent kernel."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import error
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings
from convexviz.app.shell import link
from convexviz.app.shell.source import Points

AS_NEAR = 0.05  # relative difference of two training errors that count as one
TWICE = np.array([[-0.6, -0.4], [-0.2, 0.3], [0.2, -0.2], [0.2, 0.6], [0.7, 0.1]])  # one place with two targets
WINDOW = (-1.0, 1.0, -1.0, 1.0)


def as_near(settings: KernelSettings, points: Points | None) -> bool:
    """Whether kernel and network miss the training points by as much, neither of them by nothing."""
    if points is None or not len(points.y) or settings.ridge == 0:
        return False
    network = answers.solve(Problem.of(points.X, points.y, settings.loss), settings.beta).solution
    if network is None:
        return False
    kernel = cv.TangentKernelRidge(ridge=settings.ridge).fit(points.X, points.y)
    classes = settings.task == "classification"  # as in the table
    own, other = (error(model.predict(points.X), points.y, classes) for model in (network.network, kernel))
    return own > 0 and abs(other - own) < AS_NEAR * own


def no_function(settings: KernelSettings, points: Points | None) -> bool:
    """Whether no function passes through the points: λ = 0, and one place with two targets."""
    if points is None or settings.ridge > 0 or not len(points.y):
        return False
    try:
        cv.TangentKernelRidge().fit(points.X, points.y)
    except ValueError:
        return True
    return False


CHALLENGES = (
    Challenge(
        "near",
        "Choose λ so that both miss the training points by as much, to 5 %.",
        "The table has both training errors. With λ = 0 the kernel misses nothing; the more λ, the more it misses.",
        "Now the two can be compared: look at the held-out errors in the table, and at how the two bend.",
        {"dataset": "sine", "n": 40, "noise": 0.3, "ridge": 0.0},
        as_near,
        {"ridge": 0.06},
        figure="kernel-figures",
    ),
    Challenge(
        "clash",
        "With λ = 0, draw points through which no function passes.",
        "A function has one value at each place. The grid of the board helps to meet a place twice.",
        "One place, two targets: no function has both, so that with λ = 0 there is no kernel fit. The network, which "
        "may miss, is there.",
        {"dataset": "tent", "n": 6, "noise": 0.0, "ridge": 0.0},
        no_function,
        {"points": link.points_to_text(TWICE, WINDOW)},
    ),
)
