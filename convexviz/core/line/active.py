"""Primal active-set method on the line: the exact optimum of a smooth loss from a nearly right start.

With the kinks' knots and signs fixed, R(F) is linear and the problem is smooth: a Newton step on the few active knots
(tridiagonal, O(n)) minimises it. Along the step the true objective decides: it stops where a kink vanishes (that knot
goes) or where the active term of R = max(TV, (TV + |D|) / 2) changes. Once no step is left, the dual function over
*all* knots either proves optimality or names the knots to add. An interior-point solver gives the start; this
gives the last digits, and no more kinks than the optimum has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded

from ..network import Array
from ..numerics import clock
from ..oracles.line import LineDual
from .conic import Signs, signs_of
from .prepared import Hats, Rows

TOUCH = 1e-10  # |N_v| above beta by less than this share is rounding
UNSEEN = 1e-12  # predicted decrease, relative to the objective, that rounding hides from a comparison of totals
STILL = 1e-26  # ... and below which the step itself is rounding: N_v errs by the square root of it
MOST_QUIET = 20  # Newton steps below UNSEEN in a row: it converges in a few, more of them are rounding
SHORTEST = 1e-9  # shortest step of the line search

Curvature = tuple[Array, Array | None]  # diagonal (R,) and, if there is one, off-diagonal (R-1,)


class Model(Protocol):
    """The data term as a function of the rows' values f (R,)."""

    def value(self, f: Array) -> float:
        """The data term."""
        ...

    def slope(self, f: Array) -> Array:
        """Its gradient, (R,)."""
        ...

    def curvature(self, f: Array) -> Curvature:
        """Its second derivative."""
        ...


@dataclass(frozen=True, eq=False)
class ActiveSet:
    """Knots `chosen` (k,) of all knots, both ends included, values F (k,) and the signs of the k - 2 kinks.

    `quiet` counts the last steps that changed no total and no knot.
    """

    chosen: np.ndarray
    F: Array
    signs: Signs
    quiet: int = 0


@dataclass(frozen=True, eq=False)
class _Line:
    """The objective along F + t step: data term, slopes and kinks are all at hand for any t."""

    model: Model
    beta: float
    f: Array
    df: Array
    slopes: Array
    dslopes: Array

    @property
    def kinks(self) -> tuple[Array, Array]:
        return np.diff(self.slopes), np.diff(self.dslopes)

    def total(self, t: float) -> float:
        slopes = self.slopes + t * self.dslopes
        variation = float(np.abs(np.diff(slopes)).sum())
        penalty = max(variation, (variation + abs(float(slopes[0] + slopes[-1]))) / 2)
        return self.model.value(self.f + t * self.df) + self.beta * penalty


def settle(data: Rows, model: Model, beta: float, start: ActiveSet, deadline: float = clock.NEVER) -> ActiveSet:
    """Step until the objective on the active knots is least, or time is up; kinks may go, none comes."""
    state = start
    for _ in range(40 + 4 * len(start.chosen)):
        following = None if clock.passed(deadline) else _step(data, model, beta, state)
        if following is None:
            break
        state = following
    return state


def _step(data: Rows, model: Model, beta: float, state: ActiveSet) -> ActiveSet | None:
    """One step; None when there is nothing left to gain."""
    hats = Hats.on(data, state.chosen)
    signs = state.signs
    a, tie = linear_penalty(hats.h, signs.kinks, signs)
    f = hats.values(state.F)
    slope = hats.adjoint(model.slope(f)) + beta * a
    try:
        step, multiplier = _solve(hats.gram(*model.curvature(f)), -slope, tie)
    except LinAlgError:  # no curvature to speak of: leave the point to its certificate
        return None
    slopes, dslopes = np.diff(state.F) / hats.h, np.diff(step) / hats.h
    line = _Line(model, beta, f, hats.values(step), slopes, dslopes)
    wrong = _vanished(state, line)
    if wrong.any():
        return _without(state, state.F, wrong, signs)
    decrease = float(-slope @ step) / max(abs(model.value(f)), np.finfo(float).tiny)
    if decrease <= STILL or state.quiet >= MOST_QUIET:
        return _leave_tie(state, multiplier, beta)
    return _along(state, step, line, decrease > UNSEEN)


def _vanished(state: ActiveSet, line: _Line) -> np.ndarray:
    """Kinks of size zero that the step would bend against their sign: (k-2,) mask."""
    bend, dbend = line.kinks
    none = np.abs(bend) <= 1e-12 * np.abs(bend).sum()
    vanished: np.ndarray = none & (state.signs.kinks * dbend < 0)
    return vanished


def _without(state: ActiveSet, F: Array, gone: np.ndarray, signs: Signs) -> ActiveSet:
    keep = np.concatenate([[True], ~gone, [True]])
    kinks = signs.kinks[~gone]
    return ActiveSet(state.chosen[keep], F[keep], Signs(kinks, signs.variation, signs.plus, signs.minus))


def _leave_tie(state: ActiveSet, multiplier: float | None, beta: float) -> ActiveSet | None:
    """At rest on |D| = TV the multiplier tells whether one of the two terms wants to take over."""
    if multiplier is None:
        return None
    signs = state.signs
    share = multiplier / beta  # of the term (|D| - TV): 0 is pure TV, 1/2 pure (TV + |D|) / 2
    if share < -TOUCH:
        return ActiveSet(state.chosen, state.F, Signs(signs.kinks, True, False, False))
    if share > 0.5 + TOUCH:
        return ActiveSet(state.chosen, state.F, Signs(signs.kinks, False, signs.plus, signs.minus))
    return None


def _along(state: ActiveSet, step: Array, line: _Line, compare: bool) -> ActiveSet | None:
    """Go along the step to the best of: its end, the points where a kink vanishes, the point where |D| meets TV.

    With `compare` off the step is too small for the totals to tell, and goes to the first of these.
    """
    signs = state.signs
    bend, dbend = line.kinks
    with np.errstate(divide="ignore", invalid="ignore"):
        vanish = np.where(signs.kinks * dbend < 0, -bend / dbend, np.inf)
    vanish[~(vanish > 0)] = np.inf
    meet = _meeting(signs, line)
    times = [*vanish[vanish < 1], 1.0]
    if meet < 1:
        times.append(meet)
    t = _best_time(times, line) if compare else min(times)
    if t is None:
        return None
    F = state.F + t * step
    gone = vanish == t
    kinks = np.where(vanish < t, np.sign(bend + t * dbend), signs.kinks)
    result = _without(state, F, gone, Signs(kinks, *_terms(signs, line, t, meet)))
    return result if compare or gone.any() else replace(result, quiet=state.quiet + 1)


def _terms(signs: Signs, line: _Line, t: float, meet: float) -> tuple[bool, bool, bool]:
    """The active terms of R at t: both on the border |D| = TV at `meet`, elsewhere the larger one.

    A kink that changes sign on the way may move the border, so the slopes at t decide and not where t lies.
    """
    slopes = line.slopes + t * line.dslopes
    end = float(slopes[0] + slopes[-1])
    if t == meet:
        return True, end >= 0, end < 0
    now = signs_of(slopes)
    if now.variation and (now.plus or now.minus):  # equal to rounding: stay with what has been
        return signs.variation, signs.plus, signs.minus
    return now.variation, now.plus, now.minus


def _best_time(times: list[float], line: _Line) -> float | None:
    """The time of the least total; shorter ones where Newton overshoots; None if none lowers the objective.

    The total is convex along the line, so among the times, sorted, the search goes where it falls.
    """
    times, totals = sorted(times), dict[int, float]()

    def total(i: int) -> float:
        if i not in totals:
            totals[i] = line.total(times[i])
        return totals[i]

    low, high = 0, len(times) - 1
    while high - low > 2:
        middle = (low + high) // 2
        low, high = (low, middle + 1) if total(middle) <= total(middle + 1) else (middle, high)
    best = min(range(low, high + 1), key=total)
    t, least, before = float(times[best]), total(best), line.total(0.0)
    while least > before and t > SHORTEST:
        t /= 2
        least = line.total(t)
    return t if least <= before else None


def _meeting(signs: Signs, line: _Line) -> float:
    """The t at which |D| = TV on the way, for a state that is not held there; infinity if none."""
    if signs.variation and (signs.plus or signs.minus):
        return np.inf
    bend, dbend = line.kinks
    variation, dvariation = float(signs.kinks @ bend), float(signs.kinks @ dbend)
    end, dend = float(line.slopes[0] + line.slopes[-1]), float(line.dslopes[0] + line.dslopes[-1])
    times = []
    for side in (1.0, -1.0) if signs.variation else (1.0 if signs.plus else -1.0,):
        room, rate = variation - side * end, dvariation - side * dend
        if room > 0 > rate if signs.variation else room < 0 < rate:
            times.append(-room / rate)
    return min(times, default=np.inf)


def missing(dual: LineDual, chosen: np.ndarray, beta: float, most: int) -> tuple[np.ndarray, Array]:
    """Inner knots, at most `most`, where the dual function peaks above beta, and the signs of kinks there."""
    upper, lower = np.maximum(dual.right, dual.left), -np.minimum(dual.right, dual.left)
    height = np.maximum(upper, lower)
    inner = height[1:-1]
    top = (inner >= height[:-2]) & (inner >= height[2:]) & (inner > beta * (1 + TOUCH))
    peaks = np.setdiff1d(np.flatnonzero(top) + 1, chosen)
    peaks = np.sort(peaks[np.argsort(-height[peaks], kind="stable")[:most]])
    return peaks, np.where(upper[peaks] >= lower[peaks], 1.0, -1.0)


def extended(data: Rows, state: ActiveSet, new: np.ndarray, new_signs: Array) -> ActiveSet:
    """The same spline with further knots, their kinks zero so far."""
    chosen = np.concatenate([state.chosen, new])
    kinks = np.concatenate([[0.0], state.signs.kinks, [0.0], new_signs])
    order = np.argsort(chosen)
    F = np.interp(data.t[chosen[order]], data.t[state.chosen], state.F)
    signs = state.signs
    return ActiveSet(chosen[order], F, Signs(kinks[order][1:-1], signs.variation, signs.plus, signs.minus))


def linear_penalty(h: Array, kinks: Array, signs: Signs) -> tuple[Array, Array | None]:
    """Coefficients a (k,) with R(F) = a.F on the given signs, and d (k,) with d.F = 0 where two terms of R tie."""
    variation = np.zeros(len(h))
    variation[1:] += kinks
    variation[:-1] -= kinks
    ends = np.zeros(len(h))
    ends[0] += 1.0
    ends[-1] += 1.0
    if signs.minus and not signs.plus:
        ends = -ends
    if not (signs.plus or signs.minus):
        return _on_values(variation, h), None
    if signs.variation:
        return _on_values(variation, h), _on_values(ends - variation, h)
    return _on_values((variation + ends) / 2, h), None


def _on_values(slope: Array, h: Array) -> Array:
    """A functional of the slopes as a functional of the values: slope.(diff(F) / h) = result.F."""
    rate = slope / h
    bends: Array = np.concatenate([[0.0], rate]) - np.concatenate([rate, [0.0]])
    return bends


def _solve(gram: tuple[Array, Array], rhs: Array, d: Array | None) -> tuple[Array, float | None]:
    """Solve G z + m d = rhs, d.z = 0 with tridiagonal G: z (k,) and the multiplier m of the constraint."""
    diagonal, off = gram
    band = np.zeros((2, len(diagonal)))
    band[0, 1:] = off
    band[1] = diagonal
    if d is None:
        return solveh_banded(band, rhs, check_finite=False), None
    both = solveh_banded(band, np.column_stack([rhs, d]), check_finite=False)
    m = float(d @ both[:, 0]) / float(d @ both[:, 1])
    return both[:, 0] - m * both[:, 1], m
