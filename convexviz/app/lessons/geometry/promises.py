"""What the lesson on geometry promises to show, checked on the samples that it names."""

from __future__ import annotations

import numpy as np

from convexviz.app.lessons.geometry import view_state
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.core.network import Array
from convexviz.geometry import RectifiedEllipsoid

ROUNDING = 1e-6
AROUND = 24  # directions of a target that is dragged around
ANGLES = (5, 45, 60, 89, 90, 91, 120, 175)  # between two samples, degrees
RIGHT_ANGLE = "At 90° and less"


def around() -> Array:
    """Targets (AROUND, 2) in every direction."""
    angle = 2 * np.pi * (np.arange(AROUND) + 0.5) / AROUND
    return np.column_stack([np.cos(angle), np.sin(angle)])


def turned(X: Array, degrees: float) -> Array:
    """Two samples, the second turned so that they meet at this angle."""
    angle = np.arctan2(X[0, 1], X[0, 0]) + np.radians(degrees)
    return np.array([X[0], np.linalg.norm(X[1]) * np.array([np.cos(angle), np.sin(angle)])])


def spikes_go(settings: GeometrySettings) -> dict[str, bool]:
    """Make the spikes go away."""
    X, _ = view_state.named(settings)
    without = {degrees: RectifiedEllipsoid(turned(X, degrees)).spike_free().verdict for degrees in ANGLES}
    return {
        "parts of Q stick out of the ellipse": not RectifiedEllipsoid(X).spike_free().verdict,
        RIGHT_ANGLE: all(free == (degrees <= 90) for degrees, free in without.items()),
    }


def two_neurons(settings: GeometrySettings) -> dict[str, bool]:
    """Whitened data need two neurons."""
    X, _ = view_state.named(settings)
    body, parts_of, widths_of = RectifiedEllipsoid(X), [], []
    for y in around():
        gauge = body.gauge(y)
        positive, negative = np.maximum(y, 0.0), np.maximum(-y, 0.0)
        parts_of.append(np.isclose(gauge.value, np.linalg.norm(positive) + np.linalg.norm(negative), rtol=ROUNDING))
        widths_of.append(gauge.network is not None and gauge.network.width == int(positive.any()) + int(negative.any()))
    return {
        "the data are whitened": bool(np.allclose(X @ X.T, np.eye(2))),
        "each part of y costs its length": all(parts_of),
        "and is carried by one neuron": all(widths_of),
    }


def on_the_axes(settings: GeometrySettings) -> dict[str, bool]:
    """Data on a line."""
    X, _ = view_state.named(settings)
    Q = np.maximum(X @ around().T, 0.0)
    same = X * np.sign(X @ X[0])[:, None]  # the samples on one side of the origin
    return {
        "the samples lie on one line": bool(np.linalg.matrix_rank(X) == 1),
        "no neuron answers both, so Q lies along the axes": bool((Q.min(axis=0) == 0).all()),
        "along both of them": bool((Q.max(axis=1) > 0).all()),
        "off the origin none of it has the form Xu": off_range(X, Q),
        "moved across the origin a sample takes them away": RectifiedEllipsoid(same).spike_free().verdict,
    }


def off_range(X: Array, Q: Array) -> bool:
    """Whether every column of Q (n, k) but zeros lies off the range of X."""
    away = np.linalg.norm(Q - X @ np.linalg.lstsq(X, Q, rcond=None)[0], axis=0)
    size = np.linalg.norm(Q, axis=0)
    return bool(size.any() and (away[size > 0] > ROUNDING * size[size > 0]).all())


def corner_or_glide(settings: GeometrySettings) -> dict[str, bool]:
    """The polar answers."""
    X, _ = view_state.named(settings)
    gauges = [RectifiedEllipsoid(X).gauge(y) for y in around()]
    shared = [gauge.network is not None and gauge.network.width == 2 for gauge in gauges]
    sides = [tuple(sign) for sign in np.sign(around())]  # of acute samples the sides cross the mixed quadrants
    waits = [
        np.linalg.norm(gauges[i].v - gauges[i + 1].v) < ROUNDING
        for i in range(AROUND - 1)
        if shared[i] and shared[i + 1] and sides[i] == sides[i + 1]
    ]
    pairs = zip(gauges, gauges[1:], shared, shared[1:], strict=False)
    glides = [np.linalg.norm(one.v - two.v) > ROUNDING for one, two, a, b in pairs if not (a or b)]
    return {
        "over straight sides two neurons share y": any(shared),
        "over round parts one carries it": all(g.network is not None and g.network.width in (1, 2) for g in gauges)
        and not all(shared),
        "where two share it, v rests": bool(waits) and all(waits),
        "where one carries it, v glides": bool(glides) and all(glides),
    }


def out_of_the_plane(settings: GeometrySettings) -> dict[str, bool]:
    """Three samples."""
    X, y = view_state.named(settings)
    Q = np.maximum(X @ around().T, 0.0)
    return {
        "three samples": len(y) == 3,
        "E is flat": bool(np.linalg.matrix_rank(X) == 2),
        "Q is not": bool(np.linalg.matrix_rank(Q) == 3),
        "so it leaves the plane of E": not RectifiedEllipsoid(X).spike_free().verdict,
    }
