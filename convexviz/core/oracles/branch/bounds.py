"""Bounds of many branch-and-bound nodes at once: least ||X^T c|| over boxes, with sum c = 0 where there are biases.

A node bounds v . (z)_+, z = Xu + b 1, by c . z + constant for every vector c = base + sigma x with 0 <= x <= top. The
maximum of c . z over ||u|| <= 1 and |b| <= reach is ||X^T c|| + reach |sum c|. By weak duality every x gives a valid
bound, so the solver below may stop anywhere. It is a primal-dual interior-point method (Mehrotra 1992) for
min ||X^T c||^2 / 2 run on all nodes side by side: the Hessian is a diagonal plus sigma X X^T sigma, so every step
solves systems of size d + 1 only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...network import Array

STEPS = 60  # most interior-point steps; 10 to 20 are usual
CLOSED = 1e-13  # gap of ||X^T c||^2 / 2, relative: what is left of ||X^T c|| is rounding
DECIDED = 1e-3  # relative gap at which a node that will be branched on anyway is known well enough
INSIDE = 0.995  # share of the way to the boundary that a step goes
NEAR = 1e-17  # of a box: distance from its end where the difference of the two rounds to zero
PROXIMAL = 1e-6  # least curvature of a variable: at 1e-8 the small systems lose the last digits of one bound in 1000
FIXED = 1e-14  # a box this narrow, data scaled to one, is a point
RIDGE = 1e-15  # relative, keeps the small systems solvable where everything is at a bound


@dataclass(frozen=True, eq=False)
class Nodes:
    """The bounds' problems of k nodes over n points.

    Attributes
    ----------
    base, sigma, top : (k, n) coefficients c = base + sigma x, 0 <= x <= top, sigma in {-1, 0, 1}.
    constant : (k,) what is added to the maximum of c . z.
    leaf : (k,) whether nothing is left to branch on, so that the bound is worth every digit.
    """

    base: Array
    sigma: Array
    top: Array
    constant: Array
    leaf: np.ndarray

    def at(self, x: Array) -> Array:
        """Coefficients c (k, n)."""
        values: Array = self.base + self.sigma * x
        return values

    def take(self, rows: np.ndarray) -> Nodes:
        """Some of them."""
        return Nodes(self.base[rows], self.sigma[rows], self.top[rows], self.constant[rows], self.leaf[rows])


def upper_bounds(X: Array, reach: float | None, nodes: Nodes, enough: float) -> tuple[Array, Array]:
    """Valid upper bounds (k,) of the nodes and their coefficients c (k, n), for X (n, d).

    `reach` limits |b|; None means that there are no biases. Nodes whose bound falls to `enough` or below are let go.
    """
    k = len(nodes.base)
    best, coefficients = np.full(k, np.inf), nodes.base.copy()
    rows, state = np.arange(k), _State.start(nodes)
    for _ in range(STEPS):
        c = state.nodes.at(state.x)
        r = c @ X
        length = np.linalg.norm(r, axis=1)
        total = c.sum(axis=1) if reach is not None else np.zeros(len(c))
        bound = length + (reach or 0.0) * np.abs(total) + state.nodes.constant
        better = bound < best[rows]
        best[rows[better]], coefficients[rows[better]] = bound[better], c[better]
        going = _undecided(state, length, bound, enough)
        if not going.any():
            break
        if not going.all():
            rows, state, r, total = rows[going], state.take(going), r[going], total[going]
        state.advance(X, r, total if reach is not None else None)
    return best, coefficients


def _undecided(state: _State, length: Array, bound: Array, enough: float) -> np.ndarray:
    gap = state.gap()
    square = length**2
    least = np.sqrt(np.maximum(square - 2 * gap, 0.0)) + state.nodes.constant
    known = (least > enough) & (gap <= DECIDED * square) & ~state.nodes.leaf
    open_ones: np.ndarray = (bound > enough) & ~known & (gap > CLOSED * square)
    return open_ones


class _State:
    """Point x, multiplier `nu` of sum c = 0, slacks of both bounds."""

    def __init__(self, nodes: Nodes, x: Array, low: Array, high: Array, nu: Array) -> None:
        self.nodes, self.x, self.low, self.high, self.nu = nodes, x, low, high, nu
        self.free = nodes.top > 0
        self.count = np.maximum(2.0 * self.free.sum(axis=1), 1.0)

    @classmethod
    def start(cls, nodes: Nodes) -> _State:
        narrow = (nodes.top <= FIXED) | (nodes.sigma == 0)
        top = np.where(narrow, 0.0, nodes.top)
        sigma = np.where(narrow, 0.0, nodes.sigma)
        nodes = Nodes(nodes.base, sigma, top, nodes.constant, nodes.leaf)
        # Multipliers of unbounded-looking boxes begin near zero, the others in the middle.
        x = np.minimum(0.5 * top, 0.05)
        slack = np.where(top > 0, 0.05, 0.0)
        return cls(nodes, x, slack.copy(), slack.copy(), np.zeros(len(x)))

    def take(self, rows: np.ndarray) -> _State:
        return _State(self.nodes.take(rows), self.x[rows], self.low[rows], self.high[rows], self.nu[rows])

    def gap(self) -> Array:
        """Complementarity, (k,)."""
        total: Array = (self.x * self.low + (self.nodes.top - self.x) * self.high).sum(axis=1)
        return total

    def advance(self, X: Array, r: Array, total: Array | None) -> None:
        """One predictor-corrector step from r = X^T c (k, d) and sum c (k,)."""
        free, sigma = self.free, self.nodes.sigma
        top = self.nodes.top
        x, room = np.where(free, self.x, 1.0), np.where(free, np.maximum(top - self.x, NEAR * top), 1.0)
        nu = self.nu[:, None] if total is not None else 0.0
        slope = np.where(free, sigma * (r @ X.T + nu) - self.low + self.high, 0.0)
        theta = np.maximum(self.low / x + self.high / room, PROXIMAL)
        W = np.divide(1.0, theta, out=np.zeros_like(theta), where=free)
        newton = _Newton(X, W, sigma, total)
        mean = self.gap() / self.count
        rest_low, rest_high = -x * self.low, -room * self.high
        dx, dlow, dhigh, _ = self._direction(newton, slope, rest_low, rest_high, x, room)
        step, dual_step = self._lengths(x, room, dx, dlow, dhigh)
        after = (
            (x + step * dx) * (self.low + dual_step * dlow) + (room - step * dx) * (self.high + dual_step * dhigh)
        ) * free
        target = mean * np.clip(after.sum(axis=1) / self.count / np.maximum(mean, 1e-300), 1e-6, 1.0) ** 3
        rest_low = np.where(free, target[:, None] - x * self.low - dx * dlow, 0.0)
        rest_high = np.where(free, target[:, None] - room * self.high + dx * dhigh, 0.0)
        dx, dlow, dhigh, dnu = self._direction(newton, slope, rest_low, rest_high, x, room)
        step, dual_step = self._lengths(x, room, dx, dlow, dhigh)
        # One length for both sides: the quadratic ties them.
        step = INSIDE * np.minimum(step, dual_step)
        self.x = np.where(free, self.x + step * dx, 0.0)
        self.low = self.low + step * dlow
        self.high = self.high + step * dhigh
        self.nu = self.nu + step[:, 0] * dnu

    def _direction(
        self, newton: _Newton, slope: Array, rest_low: Array, rest_high: Array, x: Array, room: Array
    ) -> tuple[Array, Array, Array, Array]:
        residual = slope - rest_low / x + rest_high / room
        dx, dnu = newton.solve(residual)
        dlow = (rest_low - self.low * dx) / x
        dhigh = (rest_high + self.high * dx) / room
        return dx, np.where(self.free, dlow, 0.0), np.where(self.free, dhigh, 0.0), dnu

    def _lengths(self, x: Array, room: Array, dx: Array, dlow: Array, dhigh: Array) -> tuple[Array, Array]:
        shrink = np.maximum(-dx / x, dx / room).max(axis=1)
        low, high = np.where(self.free, self.low, 1.0), np.where(self.free, self.high, 1.0)
        dual = np.maximum(-dlow / low, -dhigh / high).max(axis=1)
        return 1.0 / np.maximum(shrink, 1.0)[:, None], 1.0 / np.maximum(dual, 1.0)[:, None]


class _Newton:
    """(theta + sigma X X^T sigma) dx + sigma nu = -residual with sum sigma dx = -total, through d + 1 unknowns."""

    def __init__(self, X: Array, W: Array, sigma: Array, total: Array | None) -> None:
        self.Z = X if total is None else np.column_stack([X, np.ones(len(X))])
        self.W, self.sigma, self.total = W, sigma, total
        k, (n, m) = len(W), self.Z.shape
        outer = (self.Z[:, :, None] * self.Z[:, None, :]).reshape(n, m * m)
        A = ((W * sigma**2) @ outer).reshape(k, m, m)
        unit = np.arange(X.shape[1])
        A[:, unit, unit] += 1.0
        if total is not None:
            A[:, -1, -1] += RIDGE * (1.0 + A[:, -1, -1])
        self.inverse = np.linalg.inv(A)

    def solve(self, residual: Array) -> tuple[Array, Array]:
        """dx (k, n) and dnu (k,)."""
        right = -(self.W * self.sigma * residual) @ self.Z
        if self.total is not None:
            right[:, -1] += self.total
        s = np.einsum("kij,kj->ki", self.inverse, right)
        dx = -self.W * (residual + self.sigma * (s @ self.Z.T))
        return dx, s[:, -1] if self.total is not None else np.zeros(len(dx))
