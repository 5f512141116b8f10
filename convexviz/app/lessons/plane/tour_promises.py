"""What the stops of the tour in the plane say, checked on the data that they name."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.plane.promises import data_of
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell.source import Points
from convexviz.core.losses import get_loss
from convexviz.core.network import Array

PROVED = 1e-6  # the relative gap at which an answer counts as proved
STEP = 1e-4  # a little weight
LINES = 400  # tried at random


def one_line(settings: PlaneSettings) -> dict[str, bool]:
    """A neuron is a line with an active side."""
    points = data_of(settings)
    network = solved(settings, points).network
    ramp = network.activations(points.X)[:, 0]
    before = ramp == 0
    return {
        "a single one": network.width == 1,
        "u has length 1": bool(np.isclose(np.linalg.norm(network.U[0]), 1.0)),
        "zero up to its line": bool(before.any()) and bool((points.X[before] @ network.U[0] + network.b[0] <= 0).all()),
        "the boundary is parallel to it": _crosses_zero(network),
    }


def _crosses_zero(network: cv.ReLUNetwork) -> bool:
    """f = c + w r is zero at one height r of the ramp, so on one line parallel to where r begins."""
    return bool(-network.c / network.w[0] > 0)


def rings(settings: PlaneSettings) -> dict[str, bool]:
    """Every point has a number."""
    points = data_of(settings)
    s = solved(settings, points)
    margin, size = points.y * s.network.predict(points.X), points.y * s.v
    return {
        "with the sign of the label, at most 1 in size": bool((size >= -PROVED).all() and (size <= 1 + PROVED).all()),
        "zero beyond the margin": bool(np.abs(size[margin > 1 + 1e-3]).max() < 1e-3),
        "1 for a point that misses its margin": bool(np.allclose(size[margin < 1 - 1e-3], 1.0, atol=1e-3)),
        "they sum to zero": bool(abs(s.v.sum()) < PROVED * np.abs(s.v).sum()),
    }


def gains(settings: PlaneSettings) -> dict[str, bool]:
    """What a new neuron would win."""
    points = data_of(settings)
    s = solved(settings, points)
    ramps = _ramps(points)
    told = ramps @ s.v
    loss, f = get_loss(settings.loss), s.network.predict(points.X)
    before = loss.value(f, points.y)
    won = np.array(
        [(before - loss.value(f + STEP * np.sign(n) * r, points.y)) / STEP for n, r in zip(told, ramps, strict=True)]
    )
    return {
        "no line wins more than N_v": bool((won <= np.abs(told) + 1e-3).all()),
        "N_v has both signs": bool(told.min() < 0 < told.max()),
    }


def _ramps(points: Points) -> Array:
    """Neurons (LINES, n) whose lines pass between the points, each at some angle."""
    rng = np.random.default_rng(0)
    turn = rng.uniform(-np.pi, np.pi, LINES)
    along = np.column_stack([np.cos(turn), np.sin(turn)]) @ points.X.T
    offset = rng.uniform(along.min(axis=1), along.max(axis=1))
    ramps: Array = np.maximum(along - offset[:, None], 0.0)
    return ramps


def proof(settings: PlaneSettings) -> dict[str, bool]:
    """No neuron pays for itself."""
    points = data_of(settings)
    s = solved(settings, points)
    return {
        "|N_v| is nowhere more than β": float(np.abs(_ramps(points) @ s.v).max()) <= s.beta * (1 + PROVED),
        "the lower bound is the sum of the sizes of v": bool(np.isclose(np.abs(s.v).sum(), s.lower_bound, rtol=PROVED)),
        "less weight does not pay where there is some": bool(
            (np.sign(s.network.w) * (s.v @ s.network.activations(points.X)) >= s.beta * (1 - 1e-3)).all()
        ),
        "it meets the objective to a millionth": s.objective - s.lower_bound <= PROVED * s.objective,
    }


def touches(settings: PlaneSettings) -> dict[str, bool]:
    """Triangles stand at the ends of the band."""
    points = data_of(settings)
    s = solved(settings, points)
    height = s.v @ s.network.activations(points.X)
    return {
        "at every neuron in use it reaches an end of its band": bool(np.allclose(np.abs(height), s.beta, rtol=1e-3)),
        "the upper one for weights above zero": bool((np.sign(height) == np.sign(s.network.w)).all()),
        "there are both": len(np.unique(np.sign(s.network.w))) == 2,
    }
