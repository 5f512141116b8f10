"""What the stops of the tour on the line say, checked on the data that they name."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute.paths import DEPTH
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.splines.promises import ROUNDING, data_of
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell.source import Points
from convexviz.core.neurons import spline_network

PROVED = 1e-6  # the relative gap at which an answer counts as proved
STEP = 1e-5  # a little weight
PLACES = np.linspace(-0.95, 0.95, 39)  # of kinks


def one_ramp(settings: SplineSettings) -> dict[str, bool]:
    """A neuron is a ramp."""
    points = data_of(settings)
    network = solved(settings, points).network
    ramp = network.activations(points.X)[:, 0]
    return {
        "one ramp": network.width == 1,
        "of weight 0.8": bool(np.isclose(abs(network.w[0]), 0.8)),
        "u is 1 or −1": bool(np.isclose(abs(network.U[0, 0]), 1.0)),
        "the ramp is zero or rises": bool((ramp >= 0).all()),
        "carries them all": bool(np.allclose(network.c + network.w[0] * ramp, points.y)),
    }


def price_of_a_v(settings: SplineSettings) -> dict[str, bool]:
    """Weight has a price."""
    s = solved(settings, data_of(settings))
    return {
        "a ramp of weight 1 to either side": s.network.width == 2
        and bool(np.allclose(s.network.w, 1.0) and s.network.U.sum() == 0),
        "2 in all": bool(np.isclose(s.objective, 2.0)),
        "proved": s.certified and s.lower_bound > 2.0 - 1e-5,
    }


def bargain(settings: SplineSettings) -> dict[str, bool]:
    """β settles the bargain."""
    points = data_of(settings)
    most = cv.beta_max(points.X, points.y, settings.loss)
    left, here, right = (solved(settings, points, beta) for beta in (DEPTH[1] * most, settings.beta, most / 2))
    misses = [0.5 * float(((points.y - s.network.predict(points.X)) ** 2).sum()) for s in (left, here, right)]
    return {
        "the objective is half the squared misses and β times the weights": bool(
            np.isclose(here.objective, misses[1] + here.beta * here.network.penalty)
        ),
        "to the right fewer bends": right.network.width < here.network.width < left.network.width,
        "and larger misses": misses[2] > misses[1] > misses[0],
    }


def gains(settings: SplineSettings) -> dict[str, bool]:
    """What a new neuron would win."""
    points = data_of(settings)
    s = solved(settings, points)
    x, miss = points.X[:, 0], points.y - s.network.predict(points.X)
    before = 0.5 * float(miss @ miss)
    won, told = [], []
    for side in (1.0, -1.0):
        ramps = np.maximum(side * (x - PLACES[:, None]), 0.0)
        won += [(before - 0.5 * float(((miss - STEP * ramp) ** 2).sum())) / STEP for ramp in ramps]
        told += (ramps @ s.v).tolist()
    return {
        "v is the miss": bool(np.allclose(s.v, miss, atol=1e-5)),
        "a little weight wins N_v for each unit": bool(np.allclose(won, told, atol=1e-3)),
        "somewhere N_v is negative": min(told) < 0 < max(told),
    }


def proof(settings: SplineSettings) -> dict[str, bool]:
    """No neuron pays for itself."""
    points = data_of(settings)
    s, x = solved(settings, points), points.X[:, 0]
    heights = [side * np.maximum(side * (x - PLACES[:, None]), 0.0) @ s.v for side in (1.0, -1.0)]
    bound = float(points.y @ s.v - 0.5 * s.v @ s.v)
    others = [solved(settings, points, beta).network for beta in (0.1 * s.beta, 10 * s.beta)]
    costs = [
        0.5 * float(((points.y - f.predict(points.X)) ** 2).sum()) + s.beta * f.penalty
        for f in (*others, cv.ReLUNetwork.constant(float(points.y.mean()), 1))
    ]
    return {
        "N_v stays within the band": float(np.abs(heights).max()) <= s.beta * (1 + PROVED),
        "the lower bound follows from v": bool(np.isclose(bound, s.lower_bound, rtol=PROVED)),
        "less weight does not pay where there is some": bool(
            (np.sign(s.network.w) * (s.v @ s.network.activations(points.X)) >= s.beta * (1 - 1e-3)).all()
        ),
        "it meets the objective to a millionth": s.objective - s.lower_bound <= PROVED * s.objective,
        "no other network goes below": min(costs) >= s.lower_bound,
    }


def touches(settings: SplineSettings) -> dict[str, bool]:
    """It touches at the neurons."""
    points = data_of(settings)
    s = solved(settings, points)
    height = s.v @ s.network.activations(points.X)
    return {
        "it touches at every neuron in use": bool(np.allclose(np.abs(height), s.beta, rtol=1e-4)),
        "above for weights above zero, below for those below": bool((np.sign(height) == np.sign(s.network.w)).all()),
        "there are several": s.network.width >= 3,
    }


def not_the_only_one(settings: SplineSettings) -> dict[str, bool]:
    """The best need not be the only one."""
    points = data_of(settings)
    s, x = solved(settings, points), points.X[:, 0]
    optima = cv.optimal_set(s.network, points.X)
    places = np.linspace(-0.7, 0.7, 29)
    heights = np.abs([np.maximum(x - t, 0.0) @ s.v for t in places])
    return {
        "it lies on the edge of its band along a stretch": bool(np.allclose(heights, 1.0, atol=ROUNDING)),
        "a neuron may stand anywhere there": all(_holds_a_kink(points, optima, t, s.objective) for t in places),
        "the dashed one has fewer neurons": optima.sparsest.width < s.network.width,
        "not unique": not optima.unique,
    }


def _holds_a_kink(points: Points, optima: cv.OptimalSet, place: float, price: float) -> bool:
    """Whether a curve that bends at this place, halfway into the band, costs no more than the best."""
    low, high = optima.envelope(np.array([place]))
    x, where = np.unique(np.append(points.X[:, 0], place), return_index=True)
    spline = spline_network(x, np.append(points.y, (low + high) / 2)[where])
    return bool(np.isclose(spline.penalty, price, rtol=ROUNDING))
