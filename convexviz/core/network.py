"""Two-layer ReLU network f(x) = c + sum_j w_j (u_j . x + b_j)_+ with unit-norm u_j.

With ||u_j|| = 1 the weight-decay penalty (1/2) sum_j (||u_j||^2 + w_j^2) equals sum_j |w_j|, see
Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.scalars import real_number, shown
from ..data.validation import real_array

Array = NDArray[Any]  # of float64 unless its docstring says otherwise

UNIT_NORM = 1e-9  # how far a row of U may be from length one: rounding only


@dataclass(frozen=True, eq=False)
class ReLUNetwork:
    """f(x) = c + sum_j w_j max(0, u_j . (x - center) + b_j), width m, in d dimensions.

    Parameters
    ----------
    U : (m, d) first-layer directions, each row of Euclidean norm 1.
    b : (m,) first-layer biases.
    w : (m,) second-layer weights.
    c : output bias.
    center : (d,) where the inputs are measured from; None is the origin. Only for inputs that lie so far from it (a
        time stamp among the features) that u . x + b would lose the digits that matter; else it is part of b.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is not finite, or a row of U is not of unit norm.
    """

    U: Array
    b: Array
    w: Array
    c: float
    center: Array | None = None

    def __post_init__(self) -> None:
        U, b, w = (np.array(real_array(a, name)) for a, name in ((self.U, "U"), (self.b, "b"), (self.w, "w")))
        if real_number(self.c) is None:
            raise ValueError(f"c must be a number, got {shown(self.c)}; use 0.0 for none.")
        object.__setattr__(self, "center", frozen_center(self.center, U.shape[-1] if U.ndim else 0))
        if U.ndim != 2 or b.shape != (len(U),) or w.shape != (len(U),):
            raise ValueError(
                f"U must be (m, d), b and w (m,); got U {U.shape}, b {b.shape}, w {w.shape}. "
                "Give an empty network as U = np.empty((0, d))."
            )
        if not (np.isfinite(U).all() and np.isfinite(b).all() and np.isfinite(w).all() and np.isfinite(self.c)):
            raise ValueError("All parameters must be finite; got NaN or infinity. Check the scale of the data.")
        if len(U) and np.abs(np.linalg.norm(U, axis=1) - 1.0).max() > UNIT_NORM:
            raise ValueError("Rows of U must have norm 1; use ReLUNetwork.normalized(U, b, w, c) for any others.")
        for name, array in (("U", U), ("b", b), ("w", w)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        object.__setattr__(self, "c", float(self.c))

    @classmethod
    def normalized(cls, U: Array, b: Array, w: Array, c: float, center: Array | None = None) -> ReLUNetwork:
        """The same function with unit-norm rows: (u, b, w) -> (u, b, w ||u||) / (||u||, ||u||, 1).

        A neuron with u = 0 is the constant w (b)_+ and moves into c.
        """
        U, b, w = np.asarray(U, float), np.asarray(b, float), np.asarray(w, float)
        norms = np.linalg.norm(U, axis=1)
        dead = norms == 0
        constant = float(w[dead] @ np.maximum(b[dead], 0.0))
        keep = ~dead
        scale = norms[keep]
        return cls(U[keep] / scale[:, None], b[keep] / scale, w[keep] * scale, c + constant, center)

    @classmethod
    def constant(cls, c: float, d: int) -> ReLUNetwork:
        """The network without neurons."""
        return cls(np.empty((0, d)), np.empty(0), np.empty(0), c)

    @property
    def width(self) -> int:
        """Number of neurons m."""
        return len(self.w)

    @property
    def dimension(self) -> int:
        """Input dimension d."""
        return self.U.shape[1]

    @property
    def penalty(self) -> float:
        """sum_j |w_j|, the weight-decay penalty at its best scaling."""
        return float(np.abs(self.w).sum())

    def activations(self, X: Array) -> Array:
        """Hidden layer (u_j . x_i + b_j)_+, shape (n, m), for X of shape (n, d)."""
        return np.maximum(self.preactivations(X), 0.0)

    def preactivations(self, X: Array) -> Array:
        """u_j . (x_i - center) + b_j, shape (n, m), for X of shape (n, d)."""
        return self._from_center(np.asarray(X, float)) @ self.U.T + self.b

    def at_origin(self) -> ReLUNetwork:
        """The same network without a center, its biases rounded: what a picture, a formula or another program takes."""
        if self.center is None:
            return self
        return ReLUNetwork(self.U, self.b - self.U @ self.center, self.w, self.c)

    def _from_center(self, X: Array) -> Array:
        return X if self.center is None else X - self.center

    def predict(self, X: Array) -> Array:
        """Network output, shape (n,), for X of shape (n, d)."""
        X = real_array(X, "X")
        if X.ndim != 2 or X.shape[1] != self.dimension:
            raise ValueError(
                f"X must have shape (n, {self.dimension}), got {X.shape}; "
                "use X.reshape(-1, 1) for one feature or pass the features the network was trained on."
            )
        if self.dimension == 1:
            return _predict_line(self, self._from_center(X)[:, 0])
        if len(X) * self.width > DENSE_PRODUCTS:
            along = self._along_one_line()
            if along is not None:
                return line_values(along, self._from_center(X) @ self.U[0])
        return self.c + self.activations(X) @ self.w

    def _along_one_line(self) -> ReLUNetwork | None:
        """The network on t = u_1 . x, where all neurons share that direction or its opposite; else None."""
        same, opposite = (self.U[0] == self.U).all(axis=1), (-self.U[0] == self.U).all(axis=1)
        if not (same | opposite).all():
            return None
        return ReLUNetwork(np.where(same, 1.0, -1.0)[:, None], self.b, self.w, self.c)

    def kinks(self) -> Array:
        """Positions -b_j / u_j where the neurons of a one-dimensional network switch, shape (m,)."""
        if self.dimension != 1:
            raise ValueError(f"kinks() needs a network on the line, this one takes {self.dimension} features.")
        kinks = -self.b * self.U[:, 0]
        return kinks if self.center is None else kinks + self.center[0]

    def merge(self, X: Array, touch: float = 0.0) -> ReLUNetwork:
        """Join neurons of the same sign of w whose lines pass between the rows of X in the same way.

        Such neurons are linear together on the data, so sum |w| (u, b) replaces them: f on the rows of X (n, d) is
        unchanged and sum |w| can only fall (triangle inequality). A point nearer to a line than `touch` lies on it and
        counts to both sides.
        """
        if self.width == 0:
            return self
        group = _indistinguishable(self.preactivations(X), self.w, touch)
        size = np.abs(self.w)
        U = np.zeros((group.max() + 1, self.dimension))
        b, sign = np.zeros(len(U)), np.zeros(len(U))
        np.add.at(U, group, size[:, None] * self.U)
        np.add.at(b, group, size * self.b)
        sign[group] = np.sign(self.w)
        return ReLUNetwork.normalized(U, b, sign, self.c, self.center)


def frozen_center(center: Array | None, d: int) -> Array | None:
    """The center (d,) of a network as an array that cannot be written to; None for one at the origin."""
    if center is None:
        return None
    center = np.array(real_array(center, "center"))
    if center.shape != (d,):
        raise ValueError(f"center must have shape ({d},), got {center.shape}; leave it out for the origin.")
    if not np.isfinite(center).all():
        raise ValueError("center must be finite; got NaN or infinity. Check the scale of the data.")
    center.flags.writeable = False
    return center if center.any() else None


ROWS = 65_536  # of a matrix of truth values made numbers at a time


def _indistinguishable(z: Array, w: Array, touch: float) -> np.ndarray:
    """Group numbers (m,): in a group no point has neurons on strictly opposite sides, for preactivations z (n, m).

    Heavy neurons gather the lighter ones; a group's sides are those of all its members together.
    """
    above, below, sign = z > touch, -z > touch, np.sign(w)
    groups, order = np.arange(len(w)), np.argsort(-np.abs(w), kind="stable")
    social = order[_with_partners(above, below, sign)[order]]  # most neurons have none, and groups of their own
    ups, downs = np.zeros((len(social), len(z)), bool), np.zeros((len(social), len(z)), bool)
    heads = np.empty(len(social), int)  # the heaviest of each group
    known = 0
    for j in social:
        apart = ((ups[:known] & below[:, j]) | (downs[:known] & above[:, j])).any(axis=1)
        apart |= sign[heads[:known]] != sign[j]
        g = known if apart.all() else int(np.argmin(apart))
        if g == known:
            heads[g], known = j, known + 1
        ups[g] |= above[:, j]
        downs[g] |= below[:, j]
        groups[j] = heads[g]
    number = np.empty(len(w), int)
    first = order[groups[order] == order]
    number[first] = np.arange(len(first))
    return number[groups]


def _with_partners(above: np.ndarray, below: np.ndarray, sign: Array) -> np.ndarray:
    """Whether a neuron (of m) and another of its sign have no point (of n) on strictly opposite sides."""
    opposite = np.zeros((len(sign), len(sign)), np.float32)
    for rows in (slice(start, start + ROWS) for start in range(0, len(above), ROWS)):
        opposite += above[rows].T.astype(np.float32) @ below[rows].astype(np.float32)
    together = (opposite + opposite.T == 0) & (sign[:, None] == sign)
    np.fill_diagonal(together, False)
    return together.any(axis=1)


# A dense (n, m) layer is the natural formula, but on the line the sum over neurons is a spline: with the kinks
# sorted, two cumulative sums give every value in O((n + m) log m). Worth it from this many products on.
DENSE_PRODUCTS = 200_000


def _predict_line(network: ReLUNetwork, x: Array) -> Array:
    """f at inputs x (n,) measured from the center."""
    if len(x) * network.width <= DENSE_PRODUCTS:
        return network.c + np.maximum(np.outer(x, network.U[:, 0]) + network.b, 0.0) @ network.w
    return line_values(network, x)


def line_values(network: ReLUNetwork, x: Array) -> Array:
    """f at inputs x (n,) measured from the center, in the precision of x, by sums over sorted kinks."""
    total = np.full(len(x), network.c, dtype=x.dtype)
    for direction in (1.0, -1.0):
        chosen = network.U[:, 0] == direction
        # On the mirrored axis z = u x every neuron of this direction is w (z + b)_+, active right of -b.
        z, start, w = direction * x, -network.b[chosen].astype(x.dtype), network.w[chosen].astype(x.dtype)
        order = np.argsort(start)
        start, w = start[order], w[order]
        origin = start[0] if len(start) else x.dtype.type(0.0)
        slope = np.concatenate([np.zeros(1, x.dtype), np.cumsum(w)])
        moment = np.concatenate([np.zeros(1, x.dtype), np.cumsum(w * (start - origin))])
        k = np.searchsorted(start, z, side="left")
        total += slope[k] * (z - origin) - moment[k]
    return total
