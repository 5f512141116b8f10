"""Smooth losses with many points on the line: Newton steps, each solved on a working set of few knots.

Around the current spline the loss is a quadratic function of the values at the knots of a working set (for the squared
loss it is that function): one pass over the rows gives its gradient and its tridiagonal curvature there, and from then
on the rows play no part. The active-set method finds the optimal spline of that small problem in time that depends on
the working set alone. A second pass bounds the answer on all knots and names those that the working set lacks. So the
rows are passed over a few times, however many steps the kinks take to find their places.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from ..errors import SolveError
from ..network import Array
from ..neurons import bent_knots, least_penalty
from ..numerics import clock
from ..oracles.line import dual_function
from ..solution import Round
from .active import ActiveSet, Curvature, extended, missing, settle
from .conic import Signs, quadratic, signs_of
from .line_problem import CLOSE, LineProblem, Point
from .prepared import Hats, Rows

MOST_AT_ONCE = 12  # knots added to the active set at once
MOST_ADDITIONS = 400
MOST_STEPS = 25  # the squared loss takes about 6, the logistic loss 20
SHORTEST = 1e-6  # shortest Newton step
NO_LESS = 1e-13  # relative decrease of the objective that is rounding


@dataclass(frozen=True, eq=False)
class Quadratic:
    """value + slope.(F - F0) + (F - F0)' G (F - F0) / 2 of the values F at the working knots, G tridiagonal."""

    base: Array
    value_there: float
    slope_there: Array
    diagonal: Array
    off: Array

    def _product(self, d: Array) -> Array:
        result = self.diagonal * d
        result[1:] += self.off * d[:-1]
        result[:-1] += self.off * d[1:]
        return result

    def value(self, f: Array) -> float:
        """The data term at values f (m,)."""
        d = f - self.base
        return self.value_there + float(d @ (self.slope_there + 0.5 * self._product(d)))

    def slope(self, f: Array) -> Array:
        """Its gradient, (m,)."""
        return self.slope_there + self._product(f - self.base)

    def curvature(self, f: Array) -> Curvature:
        """G."""
        return self.diagonal, self.off

    @property
    def linear(self) -> Array:
        """The gradient at F = 0, negative: that of the program min F'GF / 2 - linear.F."""
        return self._product(self.base) - self.slope_there


def newton_rounds(
    problem: LineProblem, first: Point, working: np.ndarray, deadline: float
) -> Iterator[tuple[list[Point], Round]]:
    """Ever better points from `first` on, on working sets that begin with the knots `working`; ends when the bounds
    meet, none is better, or after many steps, as where the logistic loss is nearly flat and a quadratic says little."""
    begin = time.perf_counter()
    point, signs = first, None
    for number in range(MOST_STEPS):
        missed = problem.violated(point, 64 + 2 * len(point.chosen))
        working = np.unique(np.concatenate([working, point.chosen, missed]))
        step = _Step(problem, point, working, deadline)
        state = step.solved(signs, afresh=number == 0)
        signs = state.signs
        following = step.damped(working[state.chosen], state.F)
        yield (
            [following],
            Round(following.upper, following.lower, len(working), len(missed), time.perf_counter() - begin),
        )
        stuck = following.upper >= point.upper * (1 - NO_LESS) and following.lower <= point.lower
        point = following
        if stuck or point.distance <= CLOSE * abs(point.upper):
            return


class _Step:
    """One Newton step from a point, on a working set of knots."""

    def __init__(self, problem: LineProblem, point: Point, working: np.ndarray, deadline: float) -> None:
        self.problem, self.point, self.deadline = problem, point, deadline
        hats = Hats.on(problem.data, working)
        self.rows = Rows(problem.data.t[working], np.arange(len(working)))
        self.h = hats.h
        self.start = np.searchsorted(working, point.chosen)
        base = np.interp(self.rows.t, problem.data.t[point.chosen], point.F)
        f = hats.values(base)
        self.model = Quadratic(
            base, problem.value(f), hats.adjoint(problem.slope(f)), *hats.gram(*problem.curvature(f))
        )

    def solved(self, signs: Signs | None, afresh: bool) -> ActiveSet:
        """The optimal spline on the working set, from the point's own kinks or, `afresh`, from an interior point's."""
        state = ActiveSet(self.start, self.point.F, signs_of(np.diff(self.point.F) / np.diff(self.rows.t[self.start])))
        if signs is not None and len(signs.kinks) == len(state.signs.kinks):
            state = replace(state, signs=signs)  # which of two terms of R that tie are active is known, too
        if afresh:
            with suppress(SolveError):  # the kinks there are will do
                state = self._interior()
        return self._settled(state)

    def _interior(self) -> ActiveSet:
        model = self.model
        F, signs = quadratic(model.diagonal, model.off, model.linear, self.h, self.problem.beta, self.deadline)
        bent = np.concatenate([[True], signs.kinks != 0, [True]])
        return ActiveSet(np.flatnonzero(bent), F[bent], replace(signs, kinks=signs.kinks[bent[1:-1]]))

    def _settled(self, state: ActiveSet) -> ActiveSet:
        beta, rows, model = self.problem.beta, self.rows, self.model
        best, least, most = state, np.inf, MOST_AT_ONCE
        for _ in range(MOST_ADDITIONS):
            state = settle(rows, model, beta, state, self.deadline)
            f = Hats.on(rows, state.chosen).values(state.F)
            total = model.value(f) + beta * _penalty(state, rows)
            if total >= least:  # the worst knot alone always lets the objective fall
                if most == 1:
                    break
                most = 1
            if total < least:
                best, least = state, total
            new, new_signs = missing(dual_function(rows.t, -model.slope(f)), state.chosen, beta, most)
            if not len(new) or clock.passed(self.deadline):
                break
            state = extended(rows, state, new, new_signs)
        return best

    def damped(self, chosen: np.ndarray, F: Array) -> Point:
        """The farthest point on the way to the spline (chosen, F) that does not raise the objective."""
        problem, point, data = self.problem, self.point, self.problem.data
        following = problem.bound(chosen, F, Hats.on(data, chosen))
        if problem.loss.quadratic or following.upper <= point.upper * (1 + NO_LESS):
            return following
        both = np.union1d(chosen, point.chosen)
        hats, t = Hats.on(data, both), 0.5
        here, there = (
            np.interp(data.t[both], data.t[k], values) for k, values in ((point.chosen, point.F), (chosen, F))
        )
        while t > SHORTEST and problem.total(hats, here + t * (there - here)) > point.upper:
            t /= 2
        mixed = here + t * (there - here)
        bent = bent_knots(data.t[both], mixed)
        return problem.bound(both[bent], mixed[bent], Hats.on(data, both[bent]))


def _penalty(state: ActiveSet, rows: Rows) -> float:
    return least_penalty(np.diff(state.F) / np.diff(rows.t[state.chosen]))
