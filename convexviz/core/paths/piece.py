"""The optimum of the squared loss on the line at fixed contacts, linear in beta, and where that ends.

The derivation stands in `homotopy`, which goes from one such piece to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dptsv

from ..line.conic import Signs
from ..line.prepared import LineData
from ..network import Array

BROKEN = 1e-7  # relative to beta: walls pierced by more are no rounding
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
