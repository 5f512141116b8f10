"""What the lesson on the dual by hand promises to show, checked on the points and the v that it names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import linprog

import convexviz as cv
from convexviz.app.lessons.dual.judge import BY_HAND, ROUNDING, Hand
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.core.dual.certificate import certify
from convexviz.core.line.optimal_set import optimal_set

CLOSED = 1e-6  # relative gap of a certified answer
FAR = 1e3  # so many times the extent of the points away


def hand_of(settings: DualSettings) -> Hand:
    """The points and the v that the settings name."""
    points = settings.named()
    return Hand(points[:, 0], points[:, 1], settings.vector(len(points)), settings.loss, settings.beta)


def optimum(hand: Hand) -> cv.Solution:
    """What the solver finds."""
    return cv.solve(hand.x[:, None], hand.y, beta=hand.beta, loss=hand.loss)


def own_cost(hand: Hand) -> float:
    """The objective of the network that belongs to v."""
    return hand.objective_of(hand.network)


def misses_are_v(settings: DualSettings) -> dict[str, bool]:
    """One number for each point."""
    hand = hand_of(settings)
    missed = hand.y - hand.network.predict(hand.x[:, None])
    return {
        "one number for each of three points": len(hand.v) == len(hand.y) == 3,
        "the network misses each point by its number": bool(np.allclose(missed, hand.v, atol=ROUNDING)),
        "it passes below the middle point and above the outer ones": bool(hand.v[1] > 0 > max(hand.v[0], hand.v[2])),
        "they add up to zero": hand.sum_is_zero,
    }


def gains_inside(settings: DualSettings) -> dict[str, bool]:
    """A neuron's gain is a sum of three numbers."""
    hand = hand_of(settings)
    t, far = 1.0, FAR * float(np.ptp(hand.x))
    weight, f = 1e-6, hand.network.predict(hand.x[:, None])
    ramp = np.maximum(hand.x - t, 0.0)
    before, after = (0.5 * float(np.sum((hand.y - out) ** 2)) for out in (f, f + weight * ramp))
    dense = np.linspace(hand.x.min() - far, hand.x.max() + far, 20001)
    reached = max(abs(hand.gain(u, s)) for u in (1, -1) for s in dense)
    return {
        "a little of a ramp lowers the loss at the rate N_v": bool(
            np.isclose((before - after) / weight, hand.gain(1, t), atol=1e-4)
        ),
        "at the kink 1 both gain −0.5": hand.gain(1, t) == hand.gain(-1, t) == -0.5,
        "N_v is largest at a kink at a point": bool(reached <= hand.gains.maximum + ROUNDING),
        "all of it lies inside the band": hand.gains.maximum < hand.band,
        "beyond the points it is level": bool(
            np.isclose(hand.gain(1, hand.x.min() - far), hand.gain(1, hand.x.min()), atol=ROUNDING)
            and np.isclose(hand.gain(-1, hand.x.max() + far), hand.gain(-1, hand.x.max()), atol=ROUNDING)
        ),
    }


def proves_below(settings: DualSettings) -> dict[str, bool]:
    """Inside the band, v proves a bound."""
    hand = hand_of(settings)
    return {
        "v is feasible": hand.feasible,
        "g(v) is 1.8125": hand.g == 1.8125,
        "the optimum is above": hand.g < optimum(hand).objective,
        "so is the network of v": hand.g < own_cost(hand),
    }


def void_outside(settings: DualSettings) -> dict[str, bool]:
    """Outside the band, it proves nothing."""
    hand = hand_of(settings)
    return {
        "N_v leaves the band for both ramps at 1": hand.outside == [(1, 1.0), (-1, 1.0)],
        "g(v) is 2.8125": hand.g == 2.8125,
        "a network costs only 2.75": bool(np.isclose(optimum(hand).objective, 2.75, rtol=ROUNDING)),
        "so it bounds nothing": hand.lower == -np.inf,
    }


def runs_away(settings: DualSettings) -> dict[str, bool]:
    """Why the sum is zero."""
    hand = hand_of(settings)
    far = hand.x.min() - FAR
    return {
        "the sum is 0.5": bool(np.isclose(hand.v.sum(), 0.5, rtol=0, atol=ROUNDING)),
        "the ends of both curves in the picture are outside": abs(hand.gain(1, -1.0))
        > hand.band
        < abs(hand.gain(-1, 4.0)),
        "at kinks at the points all is inside the band": not hand.outside,
        "far away it is not": abs(hand.gain(1, far)) > hand.band,
        "farther it is worse": abs(hand.gain(1, 2 * far)) > 1.9 * abs(hand.gain(1, far)),
        "so v is not feasible": not hand.feasible,
        "with v₃ = −0.5 it is": replace(hand, v=np.array([*hand.v[:2], -0.5])).feasible,
    }


def they_met(settings: DualSettings) -> dict[str, bool]:
    """They met: proof."""
    hand = hand_of(settings)
    cost, s = own_cost(hand), optimum(hand)
    checked = certify(hand.network, hand.x[:, None], hand.y, hand.beta, hand.loss, duals=[hand.v], only=True)
    touching = {(u, float(t)) for u in (1, -1) for t in hand.x if np.isclose(abs(hand.gain(u, t)), hand.band)}
    used = {(int(u), float(-b * u)) for u, b in zip(hand.network.U[:, 0], hand.network.b, strict=True)}
    return {
        "both bounds are 2.75": hand.lower == 2.75 and bool(np.isclose(cost, 2.75, rtol=0, atol=1e-12)),
        "the solver finds the same": bool(np.isclose(s.objective, 2.75, rtol=ROUNDING)),
        "the certificate holds": checked.holds(CLOSED),
        "N_v touches the band at the kink of the network": touching == {(1, 1.0), (-1, 1.0)} and used <= touching,
    }


def five_close(settings: DualSettings) -> dict[str, bool]:
    """Five points."""
    hand, s = hand_of(settings), optimum(hand_of(settings))
    return {
        "five numbers": len(hand.v) == 5,
        "v is feasible": hand.feasible,
        "and not yet the optimum": hand.gap(own_cost(hand)) > BY_HAND,
        "nor its bound": hand.lower < 0.95 * s.objective,
    }


def more_than_half(settings: DualSettings) -> dict[str, bool]:
    """Half the way."""
    hand = hand_of(settings)
    best = optimum(hand)
    share = hand.lower / best.objective
    return {
        "v is half of the optimal one": bool(np.allclose(2 * hand.v, best.v, atol=1e-6)),
        "More than half of the optimum": bool(0.5 + BY_HAND < share < 1.0),
        "it proves 66 % of it": round(100 * share) == 66,
    }


def band_is_blind(settings: DualSettings) -> dict[str, bool]:
    """Move a point up."""
    hand = hand_of(settings)
    higher = replace(hand, y=hand.y + np.array([0.0, 1.0, 0.0]))
    return {
        "Nothing": bool(
            np.array_equal(higher.gains.right, hand.gains.right) and np.array_equal(higher.gains.left, hand.gains.left)
        ),
        "v stays feasible": hand.feasible and higher.feasible,
        "g rises by v₂ for each unit": bool(np.isclose(higher.g - hand.g, hand.v[1])),
        "sideways the band does notice": not np.allclose(
            replace(hand, x=hand.x + np.array([0.0, 0.5, 0.0])).gains.left, hand.gains.left
        ),
    }


def only_proof_missing(settings: DualSettings) -> dict[str, bool]:
    """The network is known."""
    hand = hand_of(settings)
    lines, s = own_cost(hand), optimum(hand)
    optima = optimal_set(hand.network, hand.x[:, None])
    return {
        "the straight lines cost 4.5": bool(np.isclose(lines, 4.5, atol=1e-12)),
        "no v makes them cheaper": own_cost(replace(hand, v=s.v)) == lines,
        "and nothing is": bool(np.isclose(s.objective, lines, rtol=CLOSED)),
        "v = −1, 1.5, −0.5 proves it": replace(hand, v=np.array([-1.0, 1.5, -0.5])).lower == 4.5,
        "on the points nothing is left to choose": bool(
            np.allclose(optima.connect_the_dots.predict(hand.x[:, None]), hand.y)
        ),
    }


def least_optimal(hand: Hand, i: int) -> float:
    """The least size of number i in any v that proves the optimum of two classes: a linear program over those v."""
    ramps = np.array([np.maximum(u * (hand.x - t), 0.0) for u in (1, -1) for t in hand.x])
    n, best = len(hand.y), optimum(hand).objective
    rows, limits = np.vstack([ramps, -ramps, -hand.y]), np.append(np.full(4 * n, hand.band), -best * (1 - ROUNDING))
    boxes = [(min(0.0, label), max(0.0, label)) for label in hand.y]
    found = linprog(hand.y[i] * np.eye(n)[i], A_ub=rows, b_ub=limits, A_eq=np.ones((1, n)), b_eq=[0.0], bounds=boxes)
    return float(found.fun)


def box_binds(settings: DualSettings) -> dict[str, bool]:
    """Two classes."""
    hand = hand_of(settings)
    s = optimum(hand)
    alpha = s.v * hand.y
    return {
        "v has the sign of its class, and at most the size 1": bool((alpha > -1e-7).all() and (alpha < 1 + 1e-7).all()),
        "v₂ is as large as its box allows, in every optimum": bool(np.isclose(least_optimal(hand, 1), 1.0, atol=1e-6)),
        "its point is on the wrong side": bool(hand.y[1] * s.network.predict(hand.x[:, None])[1] < 0),
        "g is the sum of the sizes": bool(np.isclose(s.lower_bound, alpha.sum(), rtol=CLOSED)),
        "the optimum is 2.5": bool(np.isclose(s.objective, 2.5, rtol=CLOSED)),
    }
