"""What to reach by hand with samples, their hulls and their neurons."""

from __future__ import annotations

import numpy as np

from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.autoencoders import parts
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.shell import link
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.geometry import extreme_point, extreme_points

FEWEST = 6  # samples that must stay on the board
CLEAR = 0.01  # of the samples' extent: a sample this far outside the hull of the others is seen to be
WANTED = 3
SHARE = 1e-9  # a smaller share of a mixture is rounding


def _outside(X: Array) -> int:
    """How many samples lie clearly outside the hull of the others."""
    return sum(point.distance > CLEAR * np.ptp(X, axis=0).max() for point in extreme_points(X))


def all_outside(settings: AutoencoderSettings, points: Points | None) -> bool:
    """Every sample has a neuron of its own."""
    return points is not None and len(points.X) >= FEWEST and _outside(points.X) == len(points.X)


def three_outside(settings: AutoencoderSettings, points: Points | None) -> bool:
    """Three samples, and no more, have a neuron of their own."""
    if points is None or len(points.X) < FEWEST:
        return False
    found = extreme_points(points.X)
    corners = points.X[[not point.in_hull for point in found]]
    if not _outside(points.X) == len(corners) == WANTED:
        return False  # two samples on one spot have no neuron either, and need not lie in the triangle:
    others = points.X[[point.in_hull for point in found]]
    return all(extreme_point(np.vstack([corners, x]), WANTED).in_hull for x in others)


def one_is_enough(settings: AutoencoderSettings, points: Points | None) -> bool:
    """The ringed sample lies outside, and one other sample is nearest to it of all mixtures."""
    if points is None or len(points.X) < FEWEST:
        return False
    point = extreme_point(points.X, parts.chosen(settings, points.X))
    return not point.in_hull and int((point.weights > SHARE).sum()) == 1


def _drawn(X: Array) -> dict[str, str]:
    return {"points": link.plane_to_text(X, np.ones(len(X)), (-1.5, 1.5, -1.5, 1.5, -1.0, 1.0))}


def _ring(count: int, radius: float) -> Array:
    turn = 2 * np.pi * np.arange(count) / count
    return radius * np.column_stack([np.cos(turn), np.sin(turn)])


CHALLENGES = (
    Challenge(
        "extreme",
        "Drag the samples until every one has a neuron of its own (keep six or more).",
        "No sample may be a mixture of the others: put them on a circle.",
        "Now each sample is a corner of the hull of all of them, and each has a neuron that answers it alone.",
        {"dataset": "spirals", "n": 7},
        all_outside,
        _drawn(_ring(7, 1.0)),
    ),
    Challenge(
        "three",
        "Leave exactly three samples with a neuron of their own (keep six or more).",
        "Three samples far out make a triangle. Where must the others be?",
        "All others lie in the triangle: they are mixtures of its corners, and nothing is left of them.",
        {"dataset": "circles", "n": 6},
        three_outside,
        _drawn(np.vstack([_ring(3, 1.2), 0.2 * _ring(3, 1.0) + 0.05])),
    ),
    Challenge(
        "single",
        "Choose or drag a sample so that its best reconstruction is one single other sample.",
        "p is then a corner of the hull of the others: go straight out beyond a corner.",
        "p sits on a corner: what is left is the plain difference of two samples.",
        {"dataset": "blobs", "n": 8},
        one_is_enough,
        _drawn(np.vstack([_ring(6, 0.5), [[1.2, 0.0]]])),
    ),
)


def points_of(settings: AutoencoderSettings) -> Points:
    """The samples that the settings name, without a session."""
    X = parts.named(settings)
    return Points(X, np.ones(len(X)))


def points_now() -> Points:
    """The samples on the board."""
    X = parts.present().X
    return Points(X, np.ones(len(X)))
