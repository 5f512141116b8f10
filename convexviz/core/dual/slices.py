"""The dual function over neuron space, cut along a great circle of directions: t -> max and min over b of N_v(u(t), b).

    N_v(u, b) = sum_i v_i (u . x_i + b)_+,      u(t) = u cos t + w sin t,    w the unit vector across u

In more than two dimensions N_v cannot be drawn whole; a circle through a neuron shows it touch beta there, Ergen &
Pilanci (2021), the dual of the training problem. For fixed u b -> N_v is piecewise linear and bounded when sum v = 0,
so its best and worst b put the line through a data point: sort and take cumulative sums, exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array
from ..numerics.threads import one_thread
from ..oracles.ascent import AscentOracle
from ..oracles.branch.climb import best_biases

BALANCED = 1e-7  # |sum v| relative to sum |v| that is rounding
PARALLEL = 1e-9  # what is left across u, relative to the vector, that is rounding
APART = np.cos(np.deg2rad(20.0))  # |cosine| between two neurons that are told apart on the circle through both
STARTS = 16  # climbs of each sign: a tenth of a second for hundreds of points
MOST = 16  # local maxima of each sign among which the second is looked for
BLOCK = 4_000_000  # pairs (angle, point) handled at once: a few hundred megabytes


@dataclass(frozen=True, eq=False)
class Slice:
    """N_v along u(t) = u cos t + across sin t, for the best and the worst b of every angle.

    Attributes
    ----------
    angles : (k,) t from -pi to pi.
    upper, lower : (k,) max and min over b of N_v(u(t), b); the same where there are no biases.
    u, across : (d,) orthonormal.
    """

    angles: Array
    upper: Array
    lower: Array
    u: Array
    across: Array

    @property
    def directions(self) -> Array:
        """u(t), (k, d)."""
        around: Array = np.outer(np.cos(self.angles), self.u) + np.outer(np.sin(self.angles), self.across)
        return around


def dual_slice(X: Array, v: Array, u: Array, across: Array, k: int = 361, bias: bool = True) -> Slice:
    """N_v of the data X (n, d) and the dual vector v (n,) on the circle from u (d,) towards `across` (d,).

    Raises
    ------
    ValueError
        If the two are parallel or zero, the shapes disagree, or sum v is not zero though there are biases.
    """
    X, v, u, across = (np.asarray(a, float) for a in (X, v, u, across))
    if X.ndim != 2 or v.shape != (len(X),) or u.shape != (X.shape[1],) or across.shape != u.shape or k < 2:
        raise ValueError(
            f"X must be (n, d), v (n,), u and across (d,), k at least 2; got {X.shape}, {v.shape}, {u.shape}, "
            f"{across.shape} and {k}. Pass one direction each."
        )
    if bias and abs(v.sum()) > BALANCED * np.abs(v).sum():
        raise ValueError(
            f"With biases v must have sum v = 0, else N_v is not bounded; got sum v = {v.sum():.3g}. Subtract the "
            "mean, or use bias=False."
        )
    rest = _rest(across, u)
    if not rest.any():
        raise ValueError(
            f"across must point away from the line of u; got u = {u} and across = {across}. Take another direction, "
            "or second_direction(X, v, u)."
        )
    angles = np.linspace(-np.pi, np.pi, k)
    cut = Slice(angles, np.empty(k), np.empty(k), u / np.linalg.norm(u), rest)
    U, rows = cut.directions, max(1, BLOCK // len(X))
    for start in range(0, k, rows):
        part = slice(start, start + rows)
        cut.upper[part] = best_biases(X, v, U[part], bias)[0]
        cut.lower[part] = -best_biases(X, -v, U[part], bias)[0]
    return cut


def second_direction(X: Array, v: Array, u: Array, bias: bool = True) -> Array:
    """A unit vector across u (d,) worth turning to: towards the highest neuron that is not near +-u, (d,).

    Where there is none, towards the linear part X^T v, or along the coordinate that u has least of.

    Raises ValueError for d = 1, where there is one line of directions only.
    """
    X, v, u = np.asarray(X, float), np.asarray(v, float), np.asarray(u, float)
    if u.size < 2:
        raise ValueError("A circle of directions needs d >= 2, got d = 1; on the line u is +1 or -1 only.")
    with one_thread():
        found = AscentOracle(X, bias, STARTS).violated(v, 0.0, MOST)[1]
    heights = np.maximum(best_biases(X, v, found, bias)[0], best_biases(X, -v, found, bias)[0])
    apart = np.abs(found @ u) <= APART * np.linalg.norm(u)
    linear = v @ (X - X.mean(axis=0) if bias else X)
    others = found[apart][np.argsort(-heights[apart], kind="stable")]
    tried = [_rest(a, u) for a in (*others[:1], linear, np.eye(len(u))[np.abs(u).argmin()])]
    return next(rest for rest in tried if rest.any())


def _rest(a: Array, u: Array) -> Array:
    """The unit vector of what a (d,) has across u (d,); zeros where that is rounding."""
    size, norm = np.linalg.norm(a), np.linalg.norm(u)
    if not (size > 0 and norm > 0):
        return np.zeros_like(a)
    a, u = a / size, u / norm
    rest = a - (a @ u) * u
    if np.linalg.norm(rest) <= PARALLEL:
        return np.zeros_like(a)
    rest -= (rest @ u) * u
    direction: Array = rest / np.linalg.norm(rest)
    return direction
