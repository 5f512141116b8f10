"""Splines on few knots, or on all where those are few: one convex program on the chosen knots, then the last digits.

An interior-point method (smooth losses) or the simplex method (hinge loss, hard margin) solves the problem on the
chosen knots; the active-set method turns the former's answer into an exact one on all knots.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ..errors import SolveError
from ..network import Array
from ..neurons import bent_knots
from ..numerics import clock
from .active import ActiveSet, extended, missing, settle
from .conic import CAREFUL, WAYS, Signs, Way, conic, linear, quadratic, signs_of, two_sided
from .line_problem import CLOSE, LineProblem, Point
from .prepared import Hats

MOST_AT_ONCE = 12  # knots added to the active set at once
MOST_ADDITIONS = 200
CLEAR = 1e-9  # relative distance of the bounds from which an active set is tried from other starts
CONE_ROWS = 2000  # more rows of a curved loss than this are cheaper as a sequence of quadratic programs
PROX_STEPS = 60
VERTEX = 1e-7  # relative distance of the bounds above which a linear program is solved again, with care
TINY = 1e-6  # scaled beta below which the interpolating spline is worth a look
FIRST_OF_PATH = 1e-2  # share of beta_max at which the logistic loss is still easy
PATH_RATIO = 4.0  # from one beta to the next when it is approached from above; the root of it after a failure
LEAST_PATH_RATIO = 1.05
NEAR_ENOUGH = 1e-6  # relative distance of the bounds from which the next beta is tried


class FewKnots:
    """Solves a problem on chosen knots; what it finds is bounded on all of them. Past the deadline it raises OutOfTime
    if there is nothing yet, else it gives what there is."""

    def __init__(self, problem: LineProblem, deadline: float = clock.NEVER) -> None:
        self.problem, self.deadline = problem, deadline
        self.data, self.loss, self.beta = problem.data, problem.loss, problem.beta
        self._above: Point | None = None

    def candidates(self, chosen: np.ndarray, previous: Point | None) -> list[Point]:
        """Answers on the knots `chosen`, the solver's own and, for smooth losses, the polished one."""
        hats = Hats.on(self.data, chosen)
        if self.loss.linear is not None:
            return self._vertices(chosen, hats)
        if self.loss.quadratic:
            F, signs = self._least_squares(hats)
            if self.beta < TINY:
                return [self.problem.through_all(), *self._raw_and_polished(chosen, F, hats, signs)]
        elif len(self.data.target) <= CONE_ROWS or not self.loss.curved:
            form = self.loss.conic(*self.problem.rows)
            assert form is not None  # else the dense program is asked
            F, signs = conic((hats.j, hats.s), form, hats.h, self.beta, self.deadline)
        else:
            start = np.zeros(hats.size) if previous is None else self._values_at(previous, chosen)
            F, signs = self._proximal_newton(hats, start)
        return self._raw_and_polished(chosen, F, hats, signs)

    def _vertices(self, chosen: np.ndarray, hats: Hats) -> list[Point]:
        """The linear program's answer on the knots `chosen`, and others where its bounds do not meet on all knots."""
        points = [self._vertex(chosen, hats, WAYS)]
        for way in CAREFUL if len(chosen) == len(self.data.t) else ():
            if points[-1].distance <= VERTEX * abs(points[-1].upper):
                break
            with suppress(SolveError):  # the answers there are stand, with their honest bounds
                points.append(self._vertex(chosen, hats, (way,)))
        return points

    def _vertex(self, chosen: np.ndarray, hats: Hats, ways: tuple[Way, ...]) -> Point:
        problem = self.problem
        F, mass = self._linear_program(hats, ways)
        if not self.loss.constrained:
            flat = np.full(hats.size, self.loss.best_constant(*problem.rows))
            if problem.total(hats, flat) <= problem.total(hats, F) * (1 + CLOSE):
                F = flat  # at beta_max neurons are as good as none
        return problem.bound(chosen, F, hats, mass)

    def _linear_program(self, hats: Hats, ways: tuple[Way, ...]) -> tuple[Array, Array]:
        """Values (k,) and the dual mass of the rows (R,)."""
        (target, count), form = self.problem.rows, self.loss.linear
        assert form is not None
        H = hats.j, hats.s
        if not form.margin:
            return two_sided(H, form, target, count, hats.h, self.beta, ways, self.deadline)
        F, price = linear(H, target, None if form.hard else count, hats.h, self.beta, ways, self.deadline)
        return F, price * target

    def _raw_and_polished(self, chosen: np.ndarray, F: Array, hats: Hats, signs: Signs) -> list[Point]:
        raw = self.problem.bound(chosen, F, hats)
        polished = self._polish(chosen, F, signs)
        if polished.distance > CLEAR * abs(polished.upper) and not clock.passed(self.deadline):
            polished = min([polished, *self._second_tries(chosen, F, signs)], key=lambda p: p.distance)
        # The polished point has the fewer kinks; it stands unless the solver's own is better by more than rounding.
        stands = polished.distance <= max(raw.distance, CLEAR * abs(raw.upper))
        return [polished] if stands and polished.upper <= raw.upper * (1 + CLEAR) else [raw, polished]

    def _least_squares(self, hats: Hats) -> tuple[Array, Signs]:
        target, count = self.problem.rows
        diagonal, off = hats.gram(count)
        return quadratic(diagonal, off, hats.adjoint(count * target), hats.h, self.beta, self.deadline)

    def _proximal_newton(self, hats: Hats, F: Array) -> tuple[Array, Signs]:
        """A curved loss as a sequence of weighted least-squares problems with the same penalty."""
        problem, h = self.problem, hats.h
        total, signs = problem.total(hats, F), signs_of(np.diff(F) / h)
        for step_number in range(PROX_STEPS):
            if step_number and clock.passed(self.deadline):
                break
            f = hats.values(F)
            diagonal, off = hats.gram(*problem.curvature(f))
            product = diagonal * F
            product[1:] += off * F[:-1]
            product[:-1] += off * F[1:]
            best, signs = quadratic(
                diagonal, off, product - hats.adjoint(problem.slope(f)), h, self.beta, self.deadline
            )
            step, t = best - F, 1.0
            while t > 1e-6 and problem.total(hats, F + t * step) > total:
                t /= 2
            trial = problem.total(hats, F + t * step)
            if trial > total - 1e-11 * max(1.0, total):
                return (best if trial <= total else F), signs
            F, total = F + t * step, trial
        return F, signs

    def _polish(self, chosen: np.ndarray, F: Array, signs: Signs) -> Point:
        """The exact answer on the signs found, and on the knots that its dual function asks for."""
        data, problem = self.data, self.problem
        bent = np.concatenate([[True], signs.kinks != 0, [True]])
        state = ActiveSet(chosen[bent], F[bent], replace(signs, kinks=signs.kinks[bent[1:-1]]))
        best: Point | None = None
        least: Point | None = None
        most = MOST_AT_ONCE
        for _ in range(MOST_ADDITIONS):
            state = settle(data, problem, self.beta, state, self.deadline)
            point = problem.bound(state.chosen, state.F, Hats.on(data, state.chosen))
            if best is not None and point.upper >= best.upper:  # the worst knot alone always lets the objective fall
                if most == 1:
                    break
                most = 1
            best = point if best is None or point.distance < best.distance else best
            least = point if least is None or point.upper < least.upper else least
            new, new_signs = missing(point.dual(data.t), state.chosen, self.beta, most)
            if not len(new) or point.distance <= CLOSE * abs(point.upper) or clock.passed(self.deadline):
                break
            state = extended(data, state, new, new_signs)
        assert best is not None
        assert least is not None
        return least if clock.passed(self.deadline) else best

    def _second_tries(self, chosen: np.ndarray, F: Array, signs: Signs) -> list[Point]:
        """Polished answers from other starts, for an interior point that stopped early, as for a tiny beta."""
        bent = np.concatenate([[True], signs.kinks != 0, [True]])
        terms = signs_of(np.diff(F[bent]) / np.diff(self.data.t[chosen[bent]]))
        tries = [self._polish(chosen, F, replace(terms, kinks=signs.kinks))]
        if self.loss.classification and self._above is None:  # once: it looks at all knots anyway
            beta = FIRST_OF_PATH * self.problem.start().dual(self.data.t).maximum
            with suppress(SolveError):  # the answers there are stand
                self._above = self._from_above(chosen, beta) if self.beta < beta else None
        return tries if self._above is None else [*tries, self._above]

    def _from_above(self, chosen: np.ndarray, beta: float) -> Point:
        """The logistic answer by way of larger betas.

        As beta falls the loss does too, below what an interior-point solver resolves, while f grows like log(1 / beta):
        from a neighbouring beta Newton has a short way.
        """
        point = self._at(beta).candidates(chosen, None)[0]
        ratio = PATH_RATIO
        while beta > self.beta and ratio > LEAST_PATH_RATIO and not clock.passed(self.deadline):
            near = self._at(max(self.beta, beta / ratio))
            trial = near._moved(point)
            if trial.distance > NEAR_ENOUGH * abs(trial.upper):
                ratio = math.sqrt(ratio)
            else:
                point, beta = trial, near.beta
        return point if beta == self.beta else self._moved(point)

    def _at(self, beta: float) -> FewKnots:
        return FewKnots(self.problem.at(beta), self.deadline)

    def _moved(self, point: Point) -> Point:
        """The polished answer from a neighbouring beta's."""
        bent = bent_knots(self.data.t[point.chosen], point.F)
        chosen, F = point.chosen[bent], point.F[bent]
        return self._polish(chosen, F, signs_of(np.diff(F) / np.diff(self.data.t[chosen])))

    def _values_at(self, point: Point, chosen: np.ndarray) -> Array:
        values: Array = np.interp(self.data.t[chosen], self.data.t[point.chosen], point.F)
        return values
