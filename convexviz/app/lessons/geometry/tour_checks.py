"""What the tour of the lesson on geometry says, checked by brute force over directions of the plane."""

from __future__ import annotations

import numpy as np

from convexviz.app.lessons.geometry import view_state
from convexviz.app.lessons.geometry.promises import ROUNDING, around
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.core.network import Array
from convexviz.geometry import Gauge, RectifiedEllipsoid

DIRECTIONS = 720
FAN = 8  # networks made up at random
SIDE = 0.99  # of the way from one end of a side of C to the other


def circle() -> Array:
    """Directions u (DIRECTIONS, 2) of length one."""
    turn = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return np.column_stack([np.cos(turn), np.sin(turn)])


def _data(settings: GeometrySettings) -> tuple[Array, Array, Array]:
    """Samples X, target y, and answers of the neurons around the circle (DIRECTIONS, n)."""
    X, y = view_state.named(settings)
    return X, y, np.maximum(circle() @ X.T, 0.0)


def _gauge(X: Array, y: Array) -> Gauge:
    return RectifiedEllipsoid(X).gauge(y)


def one_point(settings: GeometrySettings) -> dict[str, bool]:
    """Two samples."""
    X, _, Q = _data(settings)
    return {"there are two samples": len(X) == 2, "a neuron's answers are one point of the plane": Q.shape[1:] == (2,)}


def cut(settings: GeometrySettings) -> dict[str, bool]:
    """All neurons at once."""
    X, _, Q = _data(settings)
    E = circle() @ X.T
    inside = np.linalg.norm(Q @ np.linalg.inv(X).T, axis=1) <= 1 + ROUNDING
    kept = (E >= 0).all(axis=1)
    return {
        "no answer is negative": bool((Q >= 0).all()),
        "Q lies in E": bool(inside.all()) and RectifiedEllipsoid(X).spike_free().verdict,
        "what E has in the quadrant is in Q": bool(np.allclose(Q[kept], E[kept])) and bool(kept.any()),
    }


def stick_out(settings: GeometrySettings) -> dict[str, bool]:
    """Spikes."""
    X, _, Q = _data(settings)
    length = np.linalg.norm(Q @ np.linalg.inv(X).T, axis=1)
    out = length > 1 + ROUNDING
    return {
        "the angle is obtuse": float(X[0] @ X[1]) < 0,
        "parts of Q lie outside E": bool(out.any()),
        "one answer is zero there": bool((Q[out].min(axis=1) == 0).all()),
    }


def unit_ball(settings: GeometrySettings) -> dict[str, bool]:
    """All networks of cost at most one."""
    X, _, Q = _data(settings)
    rng, body = np.random.default_rng(0), RectifiedEllipsoid(X)
    weights = rng.standard_normal((FAN, 3))
    weights /= np.abs(weights).sum(axis=1, keepdims=True)
    answers = np.einsum("kj,kjn->kn", weights, Q[rng.integers(0, DIRECTIONS, (FAN, 3))])
    edge = body.hull_boundary(90).points
    return {
        "networks of cost one answer points of C": all(body.gauge(y).value <= 1 + ROUNDING for y in answers),
        "not all on its edge": any(body.gauge(y).value < 0.9 for y in answers),
        "every point of its edge is reached": all(abs(body.gauge(y).value - 1) <= 1e-3 for y in edge[::9]),
    }


def reached(settings: GeometrySettings) -> dict[str, bool]:
    """Blow C up until it reaches y."""
    X, y, Q = _data(settings)
    found = _gauge(X, y)
    contact = RectifiedEllipsoid(X).contact(y)
    return {
        "a network answers y at the cost of the gauge": found.network is not None
        and bool(np.allclose(found.network.predict(X), y, atol=ROUNDING))
        and bool(np.isclose(found.network.penalty, found.value)),
        "y / gauge lies on the edge of C": bool(np.isclose(_gauge(X, y / found.value).value, 1.0)),
        "the line touches at the neurons in use": bool(np.allclose(contact.q @ contact.v, 1.0, atol=ROUNDING)),
        "and cuts through nothing": bool((np.abs(Q @ contact.v) <= 1 + ROUNDING).all()),
        "one of the neurons has a negative weight and lies on −Q": found.network is not None
        and int((found.network.w < 0).sum()) == 1
        and int((contact.q <= ROUNDING).all(axis=1).sum()) == 1,
    }


def proved(settings: GeometrySettings) -> dict[str, bool]:
    """The proof is in the other picture."""
    X, y, Q = _data(settings)
    found = _gauge(X, y)
    gains = np.abs(circle() @ Q.T).max(axis=1)
    feasible = circle() / gains[:, None]
    return {
        "no neuron gains more than one from v": bool((np.abs(Q @ found.v) <= 1 + ROUNDING).all()),
        "v proves the gauge": bool(np.isclose(found.v @ y, found.value)),
        "no feasible v proves more": bool((feasible @ y <= found.value + ROUNDING).all()),
    }


def corner(settings: GeometrySettings) -> dict[str, bool]:
    """Corners and straight sides."""
    X, y, _ = _data(settings)
    found = _gauge(X, y)
    ends = RectifiedEllipsoid(X).contact(y).q
    beside = [_gauge(X, share * ends[0] + (1 - share) * ends[-1]).v for share in (SIDE, 0.5, 1 - SIDE)]
    positive = [_gauge(X, target) for target in np.abs(around())]
    return {
        "y has a positive and a negative part": bool(y.max() > 0 > y.min()),
        "two neurons carry it": found.network is not None and found.network.width == 2,
        "over the whole side v is the same: a corner": bool(np.allclose(beside, found.v, atol=1e-5)),
        "in the upper right quadrant one neuron is enough": all(g.network and g.network.width == 1 for g in positive),
        "and v moves": bool(np.ptp([g.v for g in positive], axis=0).max() > 0.5),
    }
