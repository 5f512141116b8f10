"""Challenges of the lesson on the path."""

from __future__ import annotations

import numpy as np

from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import error, fresh
from convexviz.app.contrast.points import named_by
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings
from convexviz.app.shell.source import Points

WIDTH = 5  # neurons to reach
LESS = 0.9  # of β: a tenth less
NOISY = {"dataset": "tent", "n": 20, "noise": 0.4, "seed": 0}  # the points that an error is asked of
HELD_OUT = 0.465  # error to get below; at the β that the challenge begins with it is 0.473


def width_at(settings: PathSettings, points: Points, beta: float) -> int | None:
    """Neurons of the optimum at a β."""
    solution = answers.solve(Problem.of(points.X, points.y, settings.loss), beta).solution
    return None if solution is None else solution.network.width


def five_neurons(settings: PathSettings, points: Points | None) -> bool:
    """Whether the optimum has as many neurons as asked for."""
    return points is not None and width_at(settings, points, settings.beta) == WIDTH


def one_leaves(settings: PathSettings, points: Points | None) -> bool:
    """Whether a tenth less decay leaves fewer neurons."""
    if points is None:
        return False
    here, less = width_at(settings, points, settings.beta), width_at(settings, points, LESS * settings.beta)
    return here is not None and less is not None and less < here


def below_held_out(settings: PathSettings, points: Points | None) -> bool:
    """Whether the error on held-out points is below what is asked for, on the points that it is asked of."""
    held = fresh(settings)
    if points is None or held is None or not _as_named(settings, points):
        return False
    solution = answers.solve(Problem.of(points.X, points.y, settings.loss), settings.beta).solution
    return solution is not None and error(solution.network.predict(held.X), held.targets, False) < HELD_OUT


def _as_named(settings: PathSettings, points: Points) -> bool:
    """Whether these are the noisy points, as they were drawn for the challenge."""
    wanted = all(getattr(settings, name) == value for name, value in NOISY.items())
    return wanted and not settings.points and np.array_equal(points.y, named_by(BOARDS, settings).y)


CHALLENGES = (
    Challenge(
        "five",
        "Set β so that the optimum has exactly five neurons.",
        "The lower curve counts the neurons at each β of the film; the badge tells how many there are at the β of the "
        "slider.",
        "β chooses the number of neurons, though not one by one: some numbers are met several times, others may be "
        "passed over.",
        {"dataset": "sine", "n": 40, "noise": 0.1, "beta": 0.1},
        five_neurons,
        {"beta": 0.282},
        figure="beta",
    ),
    Challenge(
        "leave",
        "Find a β at which a tenth less of it leaves fewer neurons.",
        "Somewhere between two steps of the film the lower curve goes down to the left. Close in on it with the "
        "slider.",
        "Less decay, fewer neurons: what can only grow as β falls is Σ|w|, not the number of neurons.",
        {"dataset": "sine", "n": 40, "noise": 0.1, "beta": 0.1},
        one_leaves,
        {"beta": 1.2},
        figure="beta",
    ),
    Challenge(
        "held",
        "With these points, choose β so that the error on held-out points is below 0.465.",
        "Step through the film to the star, and read the β in its caption.",
        "Few neurons, and a training error far from the least: held-out points have chosen β.",
        NOISY | {"beta": 0.1},
        below_held_out,
        {"beta": 0.04},
        figure="beta",
    ),
)
