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
from scipy.linalg.lapack import dptsv

from ..errors import SolveError
from ..line.conic import Signs, signs_of
from ..line.line_problem import LineProblem
from ..line.prepared import LineData
from ..line.spline import trained
from ..network import Array
from ..neurons import bent_knots

BROKEN = 1e-7  # relative to beta: walls pierced by more are no rounding
MOST_AT_ONE_BETA = 200  # changes of contacts without beta moving: more are going round in circles
SAME = 1e-13  # relative distance of two betas that are one
STEPS_DOWN = (1e-9, 1e-7, 1e-5, 1e-3, 1e-2)  # shares of beta by which a solve further down restarts the path
MOST_RESTARTS = 60
FLOOR = 1e-9  # of beta_max, below which rounding tells more of the contacts than the data do
NOTHING = 1e-14  # beta_max in scaled units that is rounding: the data are level
LEVEL = 1e-9  # relative slope that is rounding
RISING = 1e-12  # relative rate of a room, per beta, below which it does not close


@dataclass(frozen=True, eq=False)
class Contacts:
    """Knots `chosen` (k,), both ends included, the signs (k-2,) of the kinks at the inner ones, the terms of R."""

    chosen: np.ndarray
    signs: Signs

    @property
    def regime(self) -> str:
        """Which terms of R are active: "level", "tied" or "steep"."""
        return regime_of(self.signs)

    @property
    def terms_alone(self) -> Signs:
        """The terms of R, without the kinks."""
        return Signs(np.array([]), self.signs.variation, self.signs.plus, self.signs.minus)

    @property
    def side(self) -> float:
        """The sign of D and m where |D| >= TV; +1 where m = 0."""
        return -1.0 if self.signs.minus else 1.0

    @property
    def key(self) -> tuple[bytes, bytes, bool, bool, bool]:
        """What tells it from other contacts."""
        signs = self.signs
        return self.chosen.tobytes(), signs.kinks.tobytes(), signs.variation, signs.plus, signs.minus

    def terms(self, variation: bool, ends: bool, side: float) -> Contacts:
        """The same kinks with other terms of R."""
        signs = Signs(self.signs.kinks, variation, ends and side > 0, ends and side < 0)
        return replace(self, signs=signs)

    def born(self, knot: int, sign: float) -> Contacts:
        """With one more kink."""
        at = int(np.searchsorted(self.chosen, knot))
        kinks = self.signs.kinks
        signs = self._signs(np.concatenate([kinks[: at - 1], [sign], kinks[at - 1 :]]))
        return Contacts(np.concatenate([self.chosen[:at], [knot], self.chosen[at:]]), signs)

    def without(self, kink: int) -> Contacts:
        """Without the kink of this number."""
        kinks, chosen = self.signs.kinks, self.chosen
        signs = self._signs(np.concatenate([kinks[:kink], kinks[kink + 1 :]]))
        return Contacts(np.concatenate([chosen[: kink + 1], chosen[kink + 2 :]]), signs)

    def _signs(self, kinks: Array) -> Signs:
        return Signs(kinks, self.signs.variation, self.signs.plus, self.signs.minus)


@dataclass(frozen=True, eq=False)
class Rooms:
    """What must stay >= 0, as s0 + beta s1."""

    s0: Array
    s1: Array

    def at(self, beta: float) -> Array:
        """All at a beta."""
        rooms: Array = self.s0 + beta * self.s1
        return rooms

    def hold(self, beta: float, scale: float | None = None) -> bool:
        """Whether none is negative by more than a small share of `scale`, or of the two parts of all."""
        if not len(self.s0):
            return True
        if scale is None:
            scale = float(np.abs(self.s0).sum() + beta * np.abs(self.s1).sum())
        return float(self.at(beta).min()) >= -BROKEN * scale

    def closing(self) -> tuple[float, int]:
        """The largest beta at which one closes as beta falls, and which; (0, -1) where none does."""
        if not len(self.s0):
            return 0.0, -1
        rising = np.flatnonzero(self.s1 > RISING * max(1.0, float(self.s1.max())))
        if not len(rising):
            return 0.0, -1
        closes = self.s0[rising] / self.s1[rising]
        first = int(closes.argmin())
        return -float(closes[first]), int(rising[first])


def regime_of(terms: Signs) -> str:
    """ "level" (R = TV), "steep" (R = (TV + |D|) / 2) or "tied" (both)."""
    if not terms.variation:
        return "steep"
    return "tied" if terms.plus or terms.minus else "level"


class Piece:
    """The optimum at fixed contacts: values F = top - (left + beta rate) at the knots chosen, mu = mu0 + beta mu1.

    One row of the data stands on each knot. What is written out here in few passes over them is H, H' and G of
    `convexviz.core.line.prepared.Hats`: a path has as many pieces as kinks are born and die.
    """

    def __init__(self, data: LineData, contacts: Contacts) -> None:
        self.data, self.contacts = data, contacts
        chosen, t, target, count = contacts.chosen, data.t, data.target, data.count
        places = t[chosen]
        self.h = h = _steps(places)
        many = _steps(chosen)
        many[-1] += 1
        self.top = top = target[chosen]
        begin, length, low, rise = np.repeat(np.stack([places[:-1], h, top[:-1], _steps(top)]), many, axis=1)
        s = (t - begin) / length
        off = target - (low + s * rise)  # zero at the knots chosen: what is small stays exact
        off[-1] = 0.0
        gram, left_out = self._sums(count, s, off)
        a, d = self._penalty()
        e, self.mu = _stationary(gram, left_out, a, d, top)
        self.left, self.rate = e
        left, rate, left_rise, rate_rise = np.repeat(np.concatenate([e[:, :-1], _steps(e)]), many, axis=1)
        self.masses = count * (off + left + s * left_rise), count * (rate + s * rate_rise)

    def _sums(self, count: Array, s: Array, off: Array) -> tuple[tuple[Array, Array], Array]:
        """G, tridiagonal, and H'w off."""
        ws = count * s
        parts = np.stack([count, ws, ws * s, count * off, ws * off])
        w, ws, wss, low, high = np.add.reduceat(parts, self.contacts.chosen[:-1], axis=1)
        diagonal, left_out = np.zeros(len(w) + 1), np.zeros(len(w) + 1)
        diagonal[:-1] += w - 2 * ws + wss
        diagonal[1:] += wss
        left_out[:-1] += low - high
        left_out[1:] += high
        return (diagonal, ws - wss), left_out

    def _penalty(self) -> tuple[Array, Array | None]:
        """a (k,) with R(F) = a.F, and d (k,) with d.F = 0 where two terms of R tie."""
        contacts, h = self.contacts, self.h
        kinks = contacts.signs.kinks
        variation, ends = np.zeros(len(h)), np.zeros(len(h))
        variation[1:] += kinks
        variation[:-1] -= kinks
        ends[0] += contacts.side
        ends[-1] += contacts.side
        if contacts.regime == "level":
            return _on_values(variation / h), None
        if contacts.regime == "steep":
            return _on_values((variation + ends) / 2 / h), None
        return _on_values(variation / h), _on_values((ends - variation) / h)

    def values(self, beta: float) -> Array:
        """F at the knots chosen, (k,)."""
        values: Array = self.top - (self.left + beta * self.rate)
        return values

    def mass(self, beta: float) -> Array:
        """The dual vector at all knots, (N,)."""
        mass: Array = self.masses[0] + beta * self.masses[1]
        return mass

    @cached_property
    def slopes(self) -> Array:
        """Slopes between the knots chosen, at beta = 0 and per beta, (2, k-1)."""
        F = np.stack([self.top - self.left, -self.rate])
        slopes: Array = _steps(F) / self.h
        return slopes

    @property
    def neurons(self) -> int:
        """How many neurons write the spline with the least sum |w|, all along the piece.

        One for each kink, except that one whose two slopes enclose zero needs two; where no two do, or |D| > TV, one
        more neuron carries the rest. The tie |D| = TV does without, and so does a spline with a level piece.
        """
        kinks, contacts = len(self.contacts.chosen) - 2, self.contacts
        if contacts.regime == "tied" or (contacts.regime == "level" and self._level_piece()):
            return kinks
        return kinks + 1

    def _level_piece(self) -> bool:
        size = np.abs(self.slopes)
        return bool((size <= LEVEL * size.max(axis=1, keepdims=True)).all(axis=0).any())

    @cached_property
    def rooms(self) -> tuple[Rooms, Rooms, Rooms]:
        """What must stay >= 0: the rooms at the upper and lower walls (2N), of the kinks, of the terms of R."""
        slopes = self.slopes
        bends = self.contacts.signs.kinks * _steps(slopes)
        return self._walls(), Rooms(bends[0], bends[1]), self._terms(slopes, bends)

    def _walls(self) -> Rooms:
        """N_v(1, .) = N_v(-1, .) + m is the higher of the two where m >= 0: then it has the upper wall."""
        t, knots, gaps = self.data.t, len(self.data.t), _steps(self.data.t)
        rooms = []
        for mass, own in zip(self.masses, (0.0, 1.0), strict=True):
            right = np.zeros(knots)
            beyond = mass[:0:-1].cumsum()  # v right of each gap, from the last on
            right[-2::-1] = (beyond * gaps[::-1]).cumsum()
            left = right if self.contacts.regime == "level" else right - mass @ t
            room = np.empty((2, knots))
            higher, lower = (right, left) if self.contacts.side > 0 else (left, right)
            np.subtract(own, higher, out=room[0])
            np.add(own, lower, out=room[1])
            room[:, self.contacts.chosen] = 0.0
            rooms.append(room.ravel())
        return Rooms(*rooms)

    def _terms(self, slopes: Array, bends: Array) -> Rooms:
        contacts = self.contacts
        if contacts.regime == "tied":
            m0, m1 = self.mu
            if not len(contacts.signs.kinks):  # f is constant, TV no term, and mu = |m| / 2 has one bound only
                return Rooms(np.array([-m0]), np.array([0.5 - m1]))
            return Rooms(np.array([m0, -m0]), np.array([m1, 0.5 - m1]))
        ends, variation = slopes[:, 0] + slopes[:, -1], bends.sum(axis=1)
        level = contacts.regime == "level"
        rooms = [variation - ends, variation + ends] if level else [contacts.side * ends - variation]
        s0, s1 = np.array(rooms).T
        return Rooms(s0, s1)

    def holds(self, beta: float) -> bool:
        """Whether this is the optimum of a beta, up to rounding."""
        walls, kinks, terms = self.rooms
        return walls.hold(beta, beta) and kinks.hold(beta) and terms.hold(beta)

    def next_change(self, above: float) -> tuple[float, Contacts | None]:
        """The largest beta <= `above` at which a room closes, and the contacts from there on; None if none does."""
        closing = [rooms.closing() for rooms in self.rooms]
        group = int(np.argmax([beta for beta, _ in closing]))
        beta, number = closing[group]
        if beta <= 0:
            return 0.0, None
        return min(beta, above), (self._born, self._without, self._other_terms)[group](number)

    def _born(self, number: int) -> Contacts:
        knots = len(self.data.t)
        return self.contacts.born(number % knots, 1.0 if number < knots else -1.0)

    def _without(self, number: int) -> Contacts:
        return self.contacts.without(number)

    def _other_terms(self, number: int) -> Contacts:
        contacts, regime = self.contacts, self.contacts.regime
        if regime == "level":
            return contacts.terms(True, True, (1.0, -1.0)[number])
        if regime == "steep":
            return contacts.terms(True, True, contacts.side)
        last = number == len(self.rooms[2].s0) - 1
        return contacts.terms(False, True, contacts.side) if last else contacts.terms(True, False, 1.0)


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


def _steps(values: Array) -> Array:
    """Differences of neighbours along the last axis: what `np.diff` gives, in a fifth of the time."""
    steps: Array = values[..., 1:] - values[..., :-1]
    return steps


def _on_values(rate: Array) -> Array:
    """A functional of the slopes, over the spacings, as one of the values."""
    values = np.zeros(len(rate) + 1)
    values[:-1] -= rate
    values[1:] += rate
    return values


def _stationary(
    gram: tuple[Array, Array], left_out: Array, a: Array, d: Array | None, top: Array
) -> tuple[Array, tuple[float, float]]:
    """e = e[0] + beta e[1], (2, k), with G e = beta a + mu d - left_out and d.(top - e) = 0, and mu likewise.

    Raises LinAlgError where G is not positive definite to rounding.
    """
    right = np.stack([-left_out, a] + ([] if d is None else [d]))
    *_, solved, info = dptsv(*gram, right.T)
    if info:
        raise LinAlgError("The points between the kinks do not determine the spline.")
    e = solved.T
    if d is None:
        return e, (0.0, 0.0)
    size = float(d @ e[2])
    mu = float(d @ (top - e[0])) / size, -float(d @ e[1]) / size
    return e[:2] + np.array(mu)[:, None] * e[2], mu


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
