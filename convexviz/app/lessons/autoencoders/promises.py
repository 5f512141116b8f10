"""What the lesson on auto-encoders promises to show, checked on the samples that it names."""

from __future__ import annotations

import numpy as np

from convexviz import data
from convexviz.app.lessons.autoencoders import parts
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.geometry import extreme_point, extreme_points

OUTER = "Those of the outer ring alone"


def inside(settings: AutoencoderSettings) -> dict[str, bool]:
    """A sample in the middle has no neuron."""
    X, k = parts.named(settings), settings.k - 1
    dragged = X.copy()
    dragged[k] = X.max(axis=0) + 0.5
    before, after = extreme_point(X, k), extreme_point(dragged, k)
    return {
        "sample 1 is chosen": k == 0,
        "a mixture of the others is the sample itself": before.in_hull and before.distance < 1e-9,
        "dragged out of the hull it has a neuron": not after.in_hull and after.value > 0.1,
    }


def farther(settings: AutoencoderSettings) -> dict[str, bool]:
    """The farther out, the stronger."""
    X = parts.named(settings)
    k = parts.farthest_out(X)
    point, dragged = extreme_point(X, k), X.copy()
    dragged[k] += 0.5 * (X[k] - point.projection) / point.distance
    after = extreme_point(dragged, k)
    return {
        "the chosen sample has a neuron": not point.in_hull,
        "of the value of its distance": bool(np.isclose(point.value, point.distance, rtol=1e-6)),
        "which grows as it is dragged away": bool(np.isclose(after.value, point.value + 0.5, rtol=1e-6)),
    }


def rings(settings: AutoencoderSettings) -> dict[str, bool]:
    """Two rings."""
    X = parts.named(settings)
    made = data.load(settings.dataset, settings.n, seed=settings.seed)
    assert np.array_equal(made.X, X)
    far = np.linalg.norm(X, axis=1)
    outer = made.y == made.y[np.argmax(far)]
    neuron = np.array([not point.in_hull for point in extreme_points(X)])
    return {
        "eight samples on either ring": int(outer.sum()) == int((~outer).sum()) == 8,
        OUTER: bool(neuron[outer].all()) and not neuron[~outer].any(),
    }
