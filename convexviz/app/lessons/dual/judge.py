"""Both sides of weak duality for a v in the hand, in plain numpy: what v proves, and the network that belongs to it.

    g(v)  <=  loss(f, y) + beta sum |w|     for every network f, if |N_v| <= beta over all neurons, and sum v = 0

with N_v(u, b) = sum_i v_i (u x_i + b)_+, whose extremes on the line are at the data. The browser computes the same for
every position of the hand; what is kept and linked is what this says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

import convexviz as cv
from convexviz.core.dual.certificate import NEGLIGIBLE, objective
from convexviz.core.losses import band, get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.neurons import spline_network
from convexviz.core.oracles.line import LineDual, line_dual
from convexviz.core.solution import relative_gap

ROUNDING = 1e-9  # relative: what a sum of few products may be off, and a touch of the band may exceed it
TOUCH = 0.02  # of the band: a ramp that comes so near counts as touching
BY_HAND = 0.01  # relative gap at which a hand has met the optimum


@dataclass(frozen=True, eq=False)
class Hand:
    """Points x, y (n,) and v (n,), with how a miss is counted and what a weight costs."""

    x: Array
    y: Array
    v: Array
    loss: str
    beta: float

    @property
    def band(self) -> float:
        """Half the width of the band."""
        return band(self.loss, self.beta)

    @property
    def sum_is_zero(self) -> bool:
        """Whether sum v = 0: else a kink far away makes |N_v| as large as one likes."""
        return bool(abs(self.v.sum()) <= ROUNDING * np.abs(self.v).sum())

    @property
    def in_domain(self) -> bool:
        """Whether g(v) is finite: with the hinge loss 0 <= v_i y_i <= 1."""
        inside = get_loss(self.loss).into_domain(self.v, self.y)
        return bool(np.allclose(inside, self.v, rtol=0.0, atol=ROUNDING))

    @property
    def gains(self) -> LineDual:
        """N_v at kinks at the data, for sum v = 0."""
        return line_dual(self.x, self.v)

    @property
    def outside(self) -> list[tuple[int, float]]:
        """Side u and kink of each neuron at the data for which |N_v| leaves the band; the sums need no sum v = 0."""
        knots, most = np.unique(self.x), self.band * (1.0 + ROUNDING)
        return [(u, float(t)) for u in (1, -1) for t in knots if abs(self.gain(u, t)) > most]

    def gain(self, u: int, t: float) -> float:
        """N_v of the ramp with its kink at t that rises to the side u = ±1."""
        return float(self.v @ np.maximum(u * (self.x - t), 0.0))

    @property
    def feasible(self) -> bool:
        """Whether v proves anything."""
        return self.sum_is_zero and self.in_domain and not self.outside

    @property
    def g(self) -> float:
        """The formula of the bound, which is one where v is feasible."""
        return get_loss(self.loss).dual_value(self.v, self.y)

    @property
    def lower(self) -> float:
        """The lower bound: g(v), or none."""
        return self.g if self.feasible else -np.inf

    @property
    def network(self) -> ReLUNetwork:
        """The network that belongs to v; at the optimum it is optimal.

        A loss of the residual is told by v what the outputs are: y - v for the squared loss, y for interpolation. Of
        the networks with these outputs it is the cheapest. The hinge loss does not tell the outputs, but which neurons
        an optimum may have: those that touch the band.
        """
        if get_loss(self.loss).classification:
            return self._of_touching()
        f = self.y if get_loss(self.loss).interpolates else self.y - self.v
        knots, where = np.unique(self.x, return_inverse=True)
        return spline_network(knots, np.bincount(where, weights=f) / np.bincount(where))

    def objective_of(self, network: ReLUNetwork) -> float:
        """Loss and price of a network, infinite where interpolation is missed."""
        return objective(network, self.x[:, None], self.y, self.beta, self.loss)

    def gap(self, upper: float) -> float:
        """The relative gap, as everywhere in convexviz."""
        return relative_gap(upper, self.lower, NEGLIGIBLE * get_loss(self.loss).baseline(self.y))

    @property
    def touching(self) -> list[tuple[int, float]]:
        """Side and kink of the ramps at the data that touch the band or leave it."""
        knots = np.unique(self.x)
        return [(u, t) for u in (1, -1) for t in knots if abs(self.gain(u, t)) >= (1.0 - TOUCH) * self.band]

    def _of_touching(self) -> ReLUNetwork:
        """The best constant and weights for the ramps that touch the band or leave it: a linear program."""
        ramps = self.touching
        n, m = len(self.y), len(ramps)
        u, t = np.array([r[0] for r in ramps], float), np.array([r[1] for r in ramps], float)
        signs = np.sign([self.gain(int(a), b) for a, b in ramps])
        A = np.maximum(u * (self.x[:, None] - t), 0.0) * signs
        rows = -self.y[:, None] * np.hstack([np.ones((n, 1)), A, np.zeros((n, n))])
        rows[:, 1 + m :] = -np.eye(n)
        cost = np.concatenate([[0.0], np.full(m, self.beta), np.ones(n)])
        limits = [(None, None)] + [(0.0, None)] * (m + n)
        found = linprog(cost, A_ub=rows, b_ub=-np.ones(n), bounds=limits, method="highs")
        used = found.x[1 : 1 + m] > 0.0
        w, b = (signs * found.x[1 : 1 + m])[used], (-u * t)[used]
        return ReLUNetwork(u[used][:, None], b, w, float(found.x[0]))


def solver_hand(hand: Hand) -> tuple[Hand, cv.Solution]:
    """The solver's v in place of the hand's, in short numbers where those prove as much, and its network."""
    s = cv.solve(hand.x[:, None], hand.y, beta=hand.beta, loss=hand.loss)
    short = np.round(s.v, 9) + 0.0
    for v in (short, s.v):
        made = Hand(hand.x, hand.y, v, hand.loss, hand.beta)
        if made.gap(s.objective) <= ROUNDING:
            break
    return made, s
