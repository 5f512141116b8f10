"""What the lesson on the path promises to show, checked on the data that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import Data, fresh
from convexviz.app.lessons.path.settings import PathSettings
from convexviz.app.lessons.path.solving import Errors, errors, solved

RISE = 1.05  # of an error that rises again, to its least


def followed(settings: PathSettings) -> tuple[list[cv.Solution], Errors]:
    """The path of the preset that the settings name, and its errors."""
    made = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed)
    problem, classes = Problem.of(made.X, made.y, settings.loss), settings.task == "classification"
    path = solved(problem)
    return path, errors(path, Data(problem, fresh(settings), View(), settings.beta, classes, False, ("x", "y")))


def neurons_enter(settings: PathSettings) -> dict[str, bool]:
    """No neuron, one, two."""
    path, _ = followed(settings)
    widths = [s.network.width for s in path]
    return {
        "a constant, one neuron, two": widths[:3] == [0, 1, 2],
        "more than fifteen in the end": widths[-1] > 15,
        "every frame is certified": all(s.certified for s in path),
    }


def noise_is_fitted(settings: PathSettings) -> dict[str, bool]:
    """More neurons fit the noise."""
    path, missed = followed(settings)
    assert missed.fresh is not None
    assert missed.best is not None
    return {
        "the training error falls to the end": bool(np.diff(missed.train).max() < 0),
        "the held-out error is least long before the end": missed.best < len(path) / 2,
        "with four neurons": path[missed.best].network.width == 4,
        "and rises again": missed.fresh[-1] > RISE * min(missed.fresh),
    }


def more_is_better(settings: PathSettings) -> dict[str, bool]:
    """Without noise, more is better."""
    _, missed = followed(settings)
    return {"the held-out error is least at the end": missed.best == len(missed.train) - 1}


def one_neuron_is_best(settings: PathSettings) -> dict[str, bool]:
    """One neuron for two classes."""
    path, missed = followed(settings)
    assert missed.best is not None
    return {"the held-out error is least with one neuron": path[missed.best].network.width == 1}
