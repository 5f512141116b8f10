"""What to reach by hand in the plane; the solver says when it is reached."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.plane.overlays import wrong
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import link
from convexviz.app.shell.source import Points
from convexviz.figures.plane.decision import support_vectors

MOONS, FEW = 60, 6  # points that have to stay; neurons that may
LEAST = 6  # points of which all are to hold the boundary
APART = 0.1  # corners nearer to each other than this are one point
TAMED = np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [-0.4, -0.8]])  # XOR with one corner moved to its like
WINDOW = (-1.0, 1.0, -1.0, 1.0, -1.0, 1.0)


def _answer(settings: PlaneSettings, points: Points | None) -> cv.Solution | None:
    """The certified optimum of the points, from the cache that the page has filled."""
    if points is None:
        return None
    own = points.counted
    s = answers.solve(Problem.of(own.X, own.y, settings.loss, own.weights), settings.beta).solution
    return s if s is not None and s.certified else None


def _one_neuron(settings: PlaneSettings, points: Points | None) -> bool:
    points = None if points is None else points.counted
    if points is None or settings.loss != "hard_margin" or sorted(points.y) != [-1.0, -1.0, 1.0, 1.0]:
        return False
    first, second = np.triu_indices(len(points.X), 1)
    if np.linalg.norm(points.X[first] - points.X[second], axis=1).min() < APART:
        return False
    s = _answer(settings, points)
    return s is not None and s.network.width == 1


def _few_neurons(settings: PlaneSettings, points: Points | None) -> bool:
    s = _answer(settings, points)
    if s is None or points is None or settings.task != "classification" or len(points.counted.y) < MOONS:
        return False
    return s.network.width <= FEW and wrong(s, points.X, points.y) == 0


def _all_ringed(settings: PlaneSettings, points: Points | None) -> bool:
    s = _answer(settings, points)
    if s is None or points is None or settings.loss != "hinge" or len(s.v) < LEAST:
        return False
    f = s.network.predict(points.counted.X)
    return bool(f.min() < 0 < f.max() and support_vectors(s).all())  # at the largest β all pull, without a boundary


CHALLENGES = (
    Challenge(
        "one-neuron",
        "Move one corner of XOR until the best network has a single neuron.",
        "A single neuron draws a straight boundary, so a line has to separate the four. That alone is not enough: with "
        "two neurons the least price may still be lower.",
        "One ramp runs straight across the points, and the proof says that a second neuron would not pay.",
        {"dataset": "xor", "n": 4, "noise": 0.0, "loss": "hard_margin"},
        _one_neuron,
        {"points": link.plane_to_text(TAMED, np.array([-1.0, 1.0, 1.0, -1.0]), WINDOW)},
    ),
    Challenge(
        "six-neurons",
        "Separate these 60 points with six neurons at most.",
        "Nothing has to be moved: at a larger β there are fewer neurons, at too large a one some points are wrong.",
        "Six neurons at most, every point on its side; and no network of any width has a lower objective.",
        {"dataset": "moons", "n": MOONS, "noise": 0.1, "loss": "hinge", "beta": 0.1},
        _few_neurons,
        {"beta": 0.3},
        "beta",
    ),
    Challenge(
        "all-ringed",
        "Find six points or more that all hold the boundary, each with a ring.",
        "Points without a ring do not pull. What becomes of the boundary if you erase them?",
        "Support vectors all of them. A point without a ring could be erased, and the objective would stay the same.",
        {"dataset": "moons", "n": 20, "noise": 0.1, "loss": "hinge", "beta": 0.1},
        _all_ringed,
        {"dataset": "blobs", "n": 6, "noise": 0.0},
    ),
)
