"""The squared loss on the line for every beta at once: a homotopy in beta from beta_max down.

Minimise 1/2 sum_i w_i (f(t_i) - y_i)^2 + beta R(f) over linear splines f, R = max(TV, (TV + |D|) / 2) with TV the total
variation of the slopes and D the sum of the first and the last (see `convexviz.core.neurons`). With v = w (y - f) and
m = sum v t the dual function is a taut string in a tube,

    max(-beta, m - beta)  <=  N_v(1, t_k)  <=  min(beta, m + beta)  at every data point.

Derivation. Hold fixed which knots bend (the contacts with the tube), to which side, and which terms of R are active:

    level   |D| < TV, m = 0             R = TV
    tied    |D| = TV, 0 < |m| < beta    both terms, of which mu / beta in [0, 1/2] is the share of (TV + |D|) / 2, twice
    steep   |D| > TV, |m| = beta        R = (TV + |D|) / 2

Then R(F) = a.F is linear in the values F at the bending knots (d.F = 0 where two terms tie), and stationarity
G (F - y) = H'w(y - Hy) - beta a - mu d, with H the hat functions on those knots and G = H'wH tridiagonal, makes F, v
and mu linear in beta. The piece ends where one of finitely many linear functions of beta, all >= 0 on it, meets zero:

    the room of N_v between a data point and its wall     a kink is born there
    a kink's change of slope                              the kink dies
    mu, beta / 2 - mu, TV - |D|, |D| - TV                 the terms of R change

Each piece is solved afresh from its contacts, so nothing drifts. Where several of these meet zero at one beta they are
taken one after the other without beta moving; should that go round in circles, or should rounding have chosen wrongly,
the optimum a little further down is found by the solver of single betas, and the path goes on from its contacts.

Homotopies in the strength of an l1 penalty: Osborne, Presnell & Turlach (2000), Efron et al. (2004); taut strings:
Davies & Kovac (2001). Here the penalty is R, whose terms tie.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg import LinAlgError

from ..errors import SolveError
from ..line.conic import Signs, signs_of
from ..line.line_problem import LineProblem
from ..line.prepared import LineData
from ..line.spline import trained
from ..network import Array
from ..neurons import bent_knots
from .piece import Contacts, Piece, regime_of

MOST_AT_ONE_BETA = 200  # changes of contacts without beta moving: more are going round in circles
SAME = 1e-13  # relative distance of two betas that are one
STEPS_DOWN = (1e-9, 1e-7, 1e-5, 1e-3, 1e-2)  # shares of beta by which a solve further down restarts the path
MOST_RESTARTS = 60
FLOOR = 1e-9  # of beta_max, below which rounding tells more of the contacts than the data do
NOTHING = 1e-14  # beta_max in scaled units that is rounding: the data are level


@dataclass(frozen=True, eq=False)
class Life:
    """A kink: its knot and sign, the pieces `start` <= i < `end` on which it bends; `end` is None while it does."""

    knot: int
    sign: int
    start: int
    end: int | None = None


@dataclass(frozen=True, eq=False)
class Walked:
    """The path as its kinks' lives.

    Attributes
    ----------
    betas : (p,) breakpoints, decreasing, beta_max first; piece i lies between the i-th and the next.
    terms : (p,) the terms of R on each piece, as `Signs` without kinks.
    neurons : (p,) the number of neurons on each piece.
    lives : the kinks.
    end : the beta down to which the path was followed.
    restarts : how often the path went on from a solve further down.
    """

    betas: Array
    terms: tuple[Signs, ...]
    neurons: tuple[int, ...]
    lives: tuple[Life, ...]
    end: float
    restarts: int

    @cached_property
    def regimes(self) -> tuple[str, ...]:
        """The names of the terms, (p,)."""
        return tuple(map(regime_of, self.terms))

    @cached_property
    def _spans(self) -> tuple[Array, Array, Array, Array]:
        last = len(self.terms)
        rows = [(life.knot, life.sign, life.start, last if life.end is None else life.end) for life in self.lives]
        knot, sign, start, end = np.array(rows, int).reshape(-1, 4).T
        return knot, sign, start, end

    def contacts(self, piece: int, last: int) -> Contacts:
        """The contacts on a piece; `last` is the index of the last knot."""
        knot, sign, start, end = self._spans
        here = np.flatnonzero((start <= piece) & (piece < end))
        here = here[np.argsort(knot[here])]
        signs = replace(self.terms[piece], kinks=sign[here].astype(float))
        return Contacts(np.concatenate([[0], knot[here], [last]]), signs)


def walk(problem: LineProblem, least: float, stop: Callable[[], bool] | None = None) -> Walked:
    """Follow the path of `problem` from beta_max down to `least`, or until `stop` says so between two changes."""
    piece, above, end = _constant(problem.data), np.inf, least
    diary, seen = _Diary(piece), set[Any]()
    while True:
        beta, following = piece.next_change(above)
        if following is None or beta <= max(least, NOTHING):
            break
        if not diary.betas:
            least = end = max(least, FLOOR * beta)
        if stop is not None and stop():
            end = beta
            break
        if beta < above * (1 - SAME):
            above, seen = beta, {piece.contacts.key}
            diary.turn(beta)
        fresh = None if following.key in seen or len(seen) > MOST_AT_ONE_BETA else _solved(problem.data, following)
        if fresh is None or not fresh.holds(above):
            restarted = _further_down(problem, above, least) if diary.restarts < MOST_RESTARTS else None
            if restarted is None:
                end = above
                break
            above, fresh = restarted
            diary.restarts += 1
        seen.add(fresh.contacts.key)
        piece = fresh
        diary.note(piece)
    return diary.closed(end)


def _constant(data: LineData) -> Piece:
    """The piece above beta_max: a constant, D = TV = 0."""
    ends = np.array([0, len(data.t) - 1])
    piece = Piece(data, Contacts(ends, Signs(np.array([]), True, True, False)))
    return piece if piece.mu[0] >= 0 else Piece(data, Contacts(ends, Signs(np.array([]), True, False, True)))


def _solved(data: LineData, contacts: Contacts) -> Piece | None:
    """The piece at these contacts; None where they leave no unique optimum."""
    try:
        return Piece(data, contacts)
    except (LinAlgError, ZeroDivisionError):
        return None


def _further_down(problem: LineProblem, above: float, least: float) -> tuple[float, Piece] | None:
    """The optimum at the first of some betas below `above` whose contacts are clear, from a solve of its own."""
    for share in STEPS_DOWN:
        beta = above * (1 - share)
        if beta <= least:
            return None
        with suppress(SolveError):
            point = trained(problem.at(beta), np.arange(len(problem.data.t)))[0]
            bent = bent_knots(problem.data.t[point.chosen], point.F)
            chosen, F = point.chosen[bent], point.F[bent]
            slopes = np.diff(F) / np.diff(problem.data.t[chosen])
            piece = _solved(problem.data, Contacts(chosen, signs_of(slopes)))
            if piece is not None and piece.holds(beta):
                return beta, piece
    return None


class _Diary:
    """Writes down the lives of the kinks; what comes and goes at one beta has not lived."""

    def __init__(self, first: Piece) -> None:
        self.betas: list[float] = []
        self.terms: list[Signs] = []
        self.neurons: list[int] = []
        self.restarts = 0
        self._before, self._now = first, first
        self._open: dict[int, tuple[int, int]] = {}
        self._lives: list[Life] = []

    def turn(self, beta: float) -> None:
        """A new breakpoint; what was noted so far is settled."""
        self._settle()
        self.betas.append(beta)

    def note(self, piece: Piece) -> None:
        """The piece below the last breakpoint, as far as is known."""
        self._now = piece

    def closed(self, end: float) -> Walked:
        """The whole path."""
        self._settle()
        lives = [*self._lives, *(Life(knot - 1, sign, start) for knot, (sign, start) in self._open.items())]
        lives.sort(key=lambda life: (life.start, life.knot))
        terms, neurons = tuple(self.terms), tuple(self.neurons)
        return Walked(np.array(self.betas), terms, neurons, tuple(lives), end, self.restarts)

    def _settle(self) -> None:
        """Date what differs between two breakpoints to the first of them."""
        if not self.betas:
            return
        piece = len(self.betas) - 1
        gone, come = _changed(_bent(self._before.contacts), _bent(self._now.contacts))
        for kink in gone:
            sign, start = self._open.pop(abs(kink))
            self._lives.append(Life(abs(kink) - 1, sign, start, piece))
        for kink in come:
            self._open[abs(kink)] = (1 if kink > 0 else -1, piece)
        self._before = self._now
        self.terms.append(self._now.contacts.terms_alone)
        self.neurons.append(self._now.neurons)


def _bent(contacts: Contacts) -> Array:
    """The kinks as numbers from 1 with their signs, in the order of their knots."""
    return (contacts.chosen[1:-1] + 1) * contacts.signs.kinks


def _changed(before: Array, now: Array) -> tuple[list[int], list[int]]:
    """What is in the first alone and in the second alone; nearly always they differ in one."""
    short, long = sorted((before, now), key=len)
    if len(long) == len(short) + 1:
        apart = np.flatnonzero(short != long[:-1])
        at = int(apart[0]) if len(apart) else len(short)
        if np.array_equal(short[at:], long[at + 1 :]):
            one = [int(long[at])]
            return (one, []) if long is before else ([], one)
    old, new = set(before.astype(int).tolist()), set(now.astype(int).tolist())
    return sorted(old - new), sorted(new - old)
