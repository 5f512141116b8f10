"""What the lesson on digits promises to show, checked on the images that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.lessons.digits import parts
from convexviz.app.lessons.digits.settings import DigitsSettings
from convexviz.app.lessons.digits.training import TEN_SECONDS, TWO_SECONDS, Data, Task, classes_of, data_of, known

STRONG = 0.1  # of a neuron's largest output weight


def trained(settings: DigitsSettings, method: str) -> tuple[Task, Data, cv.Solution]:
    """Two digits, learned as on the page."""
    task = parts.task_of(settings)
    data = data_of(task)
    return task, data, cv.solve(data.X, data.y, task.beta, task.loss, method=method, time_limit=TWO_SECONDS)


def four_are_enough(settings: DigitsSettings) -> dict[str, bool]:
    """Four images are enough."""
    task, data, s = trained(settings, "ascent")
    right = classes_of(s.network.predict(data.unseen), task) == data.truth
    work = known(task)
    return {
        "four images": len(data.X) == 4,
        "the others are 356": len(data.truth) == 356,
        "more than 97 in 100": bool(right.mean() > 0.97),
        "the network is proved optimal": work is not None and work.found is not None and work.found.certified,
    }


def images_are_neurons(settings: DigitsSettings) -> dict[str, bool]:
    """A neuron is an image."""
    _, data, s = trained(settings, "ascent")
    return {"forty images of 64 pixels": data.X.shape == (40, 64), "several neurons": 2 <= s.network.width <= 12}


def bounds_stay_apart(settings: DigitsSettings) -> dict[str, bool]:
    """What is known of the optimum."""
    work = known(parts.task_of(settings))
    assert work is not None
    assert work.found is not None
    return {
        "it is not proved": not work.found.certified,
        "a bound on either side": 0 < work.found.lower_bound < work.found.objective,
    }


def few_are_proved(settings: DigitsSettings) -> dict[str, bool]:
    """With fewer images it is proved."""
    work = known(parts.task_of(settings))
    assert work is not None
    assert work.found is not None
    return {"five images of each": settings.images == 5, "the bounds meet": work.found.certified}


def whitened_is_exact(settings: DigitsSettings) -> dict[str, bool]:
    """Exact on whitened images."""
    _, data, s = trained(settings, "relaxation")
    return {
        "the images are whitened": bool(np.allclose(data.X @ data.X.T, np.eye(len(data.X)))),
        "the bounds meet": s.certified,
        "a single neuron": s.network.width == 1,
    }


def relaxation_falls_behind(settings: DigitsSettings) -> dict[str, bool]:
    """Where the relaxation falls behind."""
    relaxed, climbed = trained(settings, "relaxation")[2], trained(settings, "ascent")[2]
    return {
        "its objective is several times that of ascent": relaxed.objective > 3 * climbed.objective,
        "ascent finds dozens of neurons": climbed.network.width >= 24,
    }


def neurons_are_shared(settings: DigitsSettings) -> dict[str, bool]:
    """Ten digits share their neurons."""
    task = parts.task_of(settings)
    data = data_of(task)
    s = cv.solve(data.X, data.y, task.beta, task.loss, time_limit=TEN_SECONDS)
    weights = np.abs(s.network.W)
    several = (weights > STRONG * weights.max(axis=1, keepdims=True)).sum(axis=1) > 1
    right = classes_of(s.network.predict(data.unseen), task) == data.truth
    return {
        "most neurons speak of several digits": bool(several.mean() > 0.5),
        "more than four in five of the others are read": bool(right.mean() > 0.8),
    }
