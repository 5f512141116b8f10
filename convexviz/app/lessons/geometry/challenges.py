"""What to reach by hand on the geometry of few samples."""

from __future__ import annotations

import numpy as np

from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.geometry import view_state
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.app.lessons.geometry.view_state import INPUTS
from convexviz.app.shell import link
from convexviz.app.shell.source import Points
from convexviz.core.errors import SolveError
from convexviz.core.network import Array
from convexviz.data.samples import SAMPLES
from convexviz.geometry import RectifiedEllipsoid, spike_free

SEEN = 0.01  # share of its length by which a spike must stick out to be seen
STILL = 1e-3  # a sample that has moved by less was left alone: what a link rounds
LEAST = 0.2  # length of a sample from which on its arrow can be seen
SPIKY, ORTHONORMAL = "spikes", "whitened"


def has_spikes(settings: GeometrySettings, points: Points | None) -> bool:
    """Spikes that an eye sees."""
    return points is not None and spike_free(points.X).margin < -SEEN


def mended_by_one(settings: GeometrySettings, points: Points | None) -> bool:
    """Spike-free, with one sample where the preset put it and no sample at the origin."""
    if points is None or points.X.shape != SAMPLES[SPIKY].X.shape:
        return False
    moved = np.abs(points.X - SAMPLES[SPIKY].X).max(axis=1) > STILL
    shown = (np.linalg.norm(points.X, axis=1) >= LEAST).all()
    return bool(moved.sum() == 1 and shown and spike_free(points.X).verdict)


def one_neuron(settings: GeometrySettings, points: Points | None) -> bool:
    """A target that is not zero, carried by one neuron, of the samples of the preset."""
    kept = SAMPLES[ORTHONORMAL].X
    if points is None or not points.y.any() or points.X.shape != kept.shape or np.abs(points.X - kept).max() > STILL:
        return False
    try:
        network = RectifiedEllipsoid(points.X).gauge(points.y).network
    except SolveError:
        return False
    return network is not None and network.width == 1


def _drawn(X: Array, y: Array) -> dict[str, str]:
    reach = 1.0 + float(np.abs(y).max())
    return {"points": link.plane_to_text(X, y, (*INPUTS.x, *INPUTS.y, -reach, reach))}


CHALLENGES = (
    Challenge(
        "spiky",
        "Find data that are not spike-free.",
        "Spikes come from neurons that answer one sample and are held at zero on the other. Widen the angle.",
        "One answer held at zero frees the other: beyond a right angle it grows larger than E allows.",
        {"dataset": "acute"},
        has_spikes,
        {"dataset": SPIKY},
    ),
    Challenge(
        "mend",
        "Make these data spike-free by moving one sample, and only one (not to the origin).",
        "Only the angle between the arrows counts, not their lengths.",
        "At a right angle or less Q is a piece of E, and training is one small cone program.",
        {"dataset": SPIKY},
        mended_by_one,
        _drawn(np.array([SAMPLES[SPIKY].X[0], [0.2, 1.0]]), SAMPLES[SPIKY].y),
    ),
    Challenge(
        "alone",
        "Drag the target y, and nothing else, until one neuron carries it.",
        "Look for a round part of C: there the supporting line touches at one point.",
        "Where no coordinate of y is negative one neuron answers all of it; where none is positive, one of negative "
        "weight does.",
        {"dataset": ORTHONORMAL},
        one_neuron,
        _drawn(SAMPLES[ORTHONORMAL].X, np.array([0.6, 0.7])),
        "space",
    ),
)


def points_of(settings: GeometrySettings) -> Points:
    """Samples and target that the settings name, without a session."""
    return Points(*view_state.named(settings))


def points_now() -> Points:
    """Samples and target on the boards."""
    now = view_state.present()
    return Points(now.X, now.y)
