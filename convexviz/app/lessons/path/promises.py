"""What the lesson on the path promises to show, checked on the data that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import Data, error, fresh
from convexviz.app.contrast.points import named_by
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings
from convexviz.app.lessons.path.solving import Errors, errors, exact_of, solved
from convexviz.app.shell.source import Points

RISE = 1.05  # of an error that rises again, to its least
ROUNDING = 1e-5  # of errors and weights of order one, of optima certified to a millionth


def followed(settings: PathSettings) -> tuple[list[cv.Solution], Errors]:
    """The path of the preset that the settings name, and its errors."""
    made = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed)
    problem, classes = Problem.of(made.X, made.y, settings.loss), settings.task == "classification"
    path = solved(problem, exact_of(problem))
    return path, errors(path, Data(problem, fresh(settings), View(), settings.beta, classes, False, ("x", "y")))


def data_of(settings: PathSettings) -> Points:
    """The points that the settings name."""
    return named_by(BOARDS, settings)


def at(settings: PathSettings, beta: float) -> cv.Solution:
    """The optimum of these points at a beta."""
    points = data_of(settings)
    return cv.solve(points.X, points.y, beta=beta, loss=settings.loss)


def missed_by(settings: PathSettings, solution: cv.Solution) -> float:
    """Root mean square error on the training points."""
    points = data_of(settings)
    return error(solution.network.predict(points.X), points.y, False)


def constant(settings: PathSettings) -> dict[str, bool]:
    """Much decay: a constant."""
    points, here = data_of(settings), at(settings, settings.beta)
    most = cv.beta_max(points.X, points.y, settings.loss)
    return {
        "β is 7, β_max 6.27": settings.beta == 7.0 and f"{most:.2f}" == "6.27",
        "there is no neuron": here.network.width == 0,
        "the network is the mean of the targets": bool(np.isclose(here.network.c, points.y.mean())),
        "just below β_max there are neurons": at(settings, 0.99 * most).network.width > 0,
    }


def first_neuron(settings: PathSettings) -> dict[str, bool]:
    """Less decay: the first neuron."""
    here, above = at(settings, settings.beta), at(settings, 7.0)
    return {
        "β is 5": settings.beta == 5.0,
        "there is one neuron": here.network.width == 1,
        "the training error is lower": missed_by(settings, here) < missed_by(settings, above),
        "and no more than a tenth": missed_by(settings, here) > 0.9 * missed_by(settings, above),
        "the sum of the weights is not zero": here.network.penalty > 0 == above.network.penalty,
    } | monotone(settings)


def neurons_leave(settings: PathSettings) -> dict[str, bool]:
    """Neurons leave, too."""
    here, above = at(settings, settings.beta), at(settings, 1.2)
    points = data_of(settings)
    between = [event for event in cv.exact_path(points.X, points.y).events if 0.8 < event.beta < 1.2]
    kinds = [event.kind for event in between]
    return {
        "β is 0.8, with two neurons": settings.beta == 0.8 and here.network.width == 2,
        "at 1.2 there were four": above.network.width == 4,
        "the sum of the weights has risen": here.network.penalty > above.network.penalty,
        "one more kink is born": kinds.count("born") == 1,
        "and three die": kinds.count("dies") == 3,
        "and nothing else happens": len(kinds) == 4,
    }


def monotone(settings: PathSettings) -> dict[str, bool]:
    """What can only go one way as beta falls."""
    path, missed = followed(settings)
    return {
        "the training error never rises": bool(np.diff(missed.train).max() < ROUNDING),
        "the sum of the weights never falls": bool(np.diff([s.network.penalty for s in path]).min() > -ROUNDING),
    }


def neurons_enter(settings: PathSettings) -> dict[str, bool]:
    """No neuron, one, two."""
    path, _ = followed(settings)
    widths = [s.network.width for s in path]
    return {
        "a constant, one neuron, two": widths[:3] == [0, 1, 2],
        "more than fifteen in the end": widths[-1] > 15,
        "on the way many leave": sum(np.diff(widths) < 0) > 15,
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
        "it falls, and rises again": missed.fresh[0] > RISE * min(missed.fresh)
        and missed.fresh[-1] > RISE * min(missed.fresh),
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
