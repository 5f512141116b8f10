"""Neurons along a sample's direction: extreme points of the dual constraint set, read as auto-encoders.

Along the k-th coordinate the extreme point of {((u . x_i + b)_+)_i : ||u|| <= 1} solves

    max u . x_k + b   s.t.  u . x_i + b <= 0  (i != k),  ||u|| <= 1,                                            (1)

whose answer is the residual of x_k after reconstructing it as a convex mixture of the other samples:

    p = projection of x_k on conv{x_i : i != k},  u = (x_k - p) / ||x_k - p||,  b = -max_{i != k} u . x_i.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks.

Why: for u of length one the best b is -max u . x_i, so that (1) is max_u min_i u . (x_k - x_i), the widest slab between
x_k and the others, whose dual is the distance of x_k to their hull. Both sides are computed: `distance` = ||x_k - p||
with p in the hull is an upper bound of (1), `value` = min_i u . (x_k - x_i) is attained by a feasible (u, b).

Projection: with c_i = x_i - x_k, r = p - x_k is the point of conv{c_i} nearest to the origin. Non-negative least
squares finds it exactly: minimise ||sum l_i c_i||^2 + (sum l_i - 1)^2 over l >= 0. With l = t m, sum m = 1, t >= 0, it
is t^2 ||sum m_i c_i||^2 + (t - 1)^2: for every t > 0 the best m is that of the nearest point, and the best t is
1 / (1 + distance^2) > 0, so l / sum l are its weights (Lawson & Hanson 1974, Solving Least Squares Problems, ch. 23:
least distance programming, ||x|| least with c_i . x >= 1, whose x is r / ||r||^2). scipy's `nnls` does so among the
samples nearest to x_k; Wolfe's algorithm (1976, Finding the nearest point in a polytope) goes on from there over all of
them until r . c_i >= ||r||^2 for every i, which proves r nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from ...data.scalars import shown, whole_number
from ...data.validation import check_inputs
from ..arguments import check_list
from ..errors import SolveError
from ..network import Array
from ..numerics.threads import one_thread

IN_HULL = 1e-9  # of the largest |x_i - x_k|; at this distance rounding still leaves five digits of u and of value
ROUNDING = 64 * np.finfo(float).eps  # of the largest coordinate: data this near to each other differ by rounding
OPTIMAL = 16 * np.finfo(float).eps  # of the largest distance from x_k, by which r . c_i / ||r|| may miss ||r||
TRUSTED = 1e-6  # relative difference of distance and value beyond which, but for rounding, the projection has failed
DEPENDENT = 1e-13  # singular value, relative to the first, below which corners lie in a smaller flat
NEAREST = 4  # times (d + 1) samples nearest to x_k are tried first: a corner of the projection is seldom far
MOST_STEPS = 20  # times (number of samples + 10): Wolfe's algorithm ends by itself, rounding may not let it


@dataclass(frozen=True, eq=False)
class ExtremePoint:
    """The neuron (u . x + b)_+ that sees the sample x_k and no other, if there is one.

    Attributes
    ----------
    index : k, from 0.
    distance : distance of x_k from the hull of the other samples; 0 inside of it.
    projection : (d,) p = sum_i weights_i x_i, the nearest point of that hull.
    weights : (n,) of the convex mixture, at least 0, sum 1, `weights[k]` = 0.
    u : (d,) residual of length one, None where x_k lies in the hull.
    b : bias that makes the neuron touch the hull, None where x_k lies in it.
    value : min_i u . (x_k - x_i) = u . x_k + b, what (1) attains; equals `distance` up to rounding.
    """

    index: int
    distance: float
    projection: Array
    weights: Array
    u: Array | None
    b: float | None
    value: float

    @property
    def in_hull(self) -> bool:
        """Whether x_k lies in the hull of the other samples."""
        return self.u is None


def extreme_point(X: Array, k: int) -> ExtremePoint:
    """The extreme point along sample k (from 0) of X (n, d), n >= 2.

    Raises
    ------
    ValueError
        If X is not usable, has fewer than two rows, or has no row k.
    SolveError
        If the projection could not be certified.
    """
    return extreme_points(X, [k])[0]


def in_hull(X: Array, k: int) -> bool:
    """Whether row k of X (n, d) lies in the convex hull of the other rows, within IN_HULL of the data's spread."""
    return extreme_point(X, k).in_hull


def extreme_points(X: Array, indices: Iterable[int] | None = None) -> tuple[ExtremePoint, ...]:
    """The extreme points along the samples `indices` of X (n, d), n >= 2; along all of them if None.

    A few milliseconds a sample: all 1797 digits of 64 pixels take about six seconds. Raises as `extreme_point` does.
    """
    return tuple(iterate_extreme_points(X, indices))


def iterate_extreme_points(X: Array, indices: Iterable[int] | None = None) -> Iterator[ExtremePoint]:
    """As `extreme_points`, one after the other, for whoever shows progress or may stop in between."""
    X, chosen = _checked(X, indices)
    space = _space(X)
    return (_extreme_point(X, space, k) for k in chosen)


def _extreme_point(X: Array, space: _Space, k: int) -> ExtremePoint:
    apart = space.Z - space.Z[k]
    apart[k] = apart[-1]  # the others only: the last one takes the place of sample k
    apart = apart[:-1]
    with one_thread():
        r, mixture = _wolfe(apart)
    weights = np.append(mixture, 0.0)
    weights[-1], weights[k] = weights[k], 0.0
    distance = float(np.linalg.norm(r))
    spread = float(np.abs(apart).max())
    if distance <= IN_HULL * spread + ROUNDING * space.largest:
        return ExtremePoint(k, 0.0, weights @ X, weights, None, None, 0.0)
    u = -r / distance
    value = -float((apart @ u).max())
    if distance - value > TRUSTED * distance + ROUNDING * spread:
        raise SolveError(
            f"The projection of sample {k} on the hull of the others must be certified; its distance is between "
            f"{value * space.unit:.6g} and {distance * space.unit:.6g}. Rescale the features to one size, or drop near "
            "duplicates.",
            "not certified",
        )
    u = u if space.basis is None else space.basis @ u
    heights = X @ u
    heights[k] = -np.inf
    return ExtremePoint(k, distance * space.unit, weights @ X, weights, u, -float(heights.max()), value * space.unit)


@dataclass(frozen=True, eq=False)
class _Space:
    """Coordinates Z (n, r) of the samples, of size one, and how to come back.

    x_i = centre + unit * basis @ z_i, `basis` (d, r) with orthonormal columns or None for the identity; `largest` is
    the largest coordinate of X in these units.
    """

    Z: Array
    basis: Array | None
    unit: float
    largest: float


def _space(X: Array) -> _Space:
    """The samples in units of their spread; those of at least as many features, images say, in their own flat."""
    unit = _power_of_two(float(np.ptp(X, axis=0).max()))
    largest = float(np.abs(X).max()) / unit
    if X.shape[1] < len(X):
        return _Space(X / unit, None, unit, largest)
    basis, R = np.linalg.qr(((X - X[0]) / unit).T)
    return _Space(np.ascontiguousarray(R.T), basis, unit, largest)


def _power_of_two(size: float) -> float:
    """A power of two near `size`, so that dividing by it is exact; one for zero."""
    return float(2.0 ** np.floor(np.log2(size))) if size > 0 else 1.0


def _wolfe(C: Array) -> tuple[Array, Array]:
    """Wolfe's nearest point of the hull of the rows of C (m, d) to the origin: r (d,), weights (m,)."""
    squares = np.einsum("ij,ij->i", C, C)
    corral, mixture = _start(C, squares)
    reach = float(np.sqrt(squares.max()))
    shortest = np.inf
    for _ in range(MOST_STEPS * (len(C) + 10)):
        corral, mixture, r = _settle(C, corral, mixture)
        length = float(np.linalg.norm(r))
        if length >= shortest:  # what is still missing is rounding
            break
        shortest, best = length, (r, corral, mixture)
        heights = C @ r
        j = int(heights.argmin())
        if length <= OPTIMAL * reach or heights[j] >= length * (length - OPTIMAL * reach):
            break
        corral, mixture = np.append(corral, j), np.append(mixture, 0.0)
    r, corral, mixture = best
    weights = np.zeros(len(C))
    weights[corral] = mixture / mixture.sum()
    return r, weights


def _start(C: Array, squares: Array) -> tuple[Array, Array]:
    """Corners to begin with and their mixture: non-negative least squares among the samples nearest to the origin."""
    few = min(len(C), NEAREST * (C.shape[1] + 1))
    near = np.argpartition(squares, few - 1)[:few]
    scale = np.sqrt(squares[near].max()) or 1.0  # so that the row of ones is of the size of the others
    target = np.zeros(C.shape[1] + 1)
    target[-1] = 1.0
    try:
        weights, _ = nnls(np.vstack([C[near].T / scale, np.ones(few)]), target)
    except RuntimeError:  # too many steps: any start will do
        weights = np.zeros(few)
    used = weights > 0
    if not used.any():
        return near[squares[near].argmin()][None], np.ones(1)
    return near[used], weights[used] / weights[used].sum()


def _settle(C: Array, corral: Array, mixture: Array) -> tuple[Array, Array, Array]:
    """Leave out corners until the point of the corral's flat nearest to the origin is a mixture of all that remain.

    Returns corral (s,), mixture (s,) > 0 and that point r (d,). Every step moves along the mixture's way to the nearest
    point of the flat as far as the weights stay positive, so that ||r|| never grows.
    """
    while True:
        goal, r = _nearest_of_flat(C[corral])
        falling = goal <= 0
        if not falling.any():
            return corral, goal, r
        share = np.where(mixture > 0, mixture / np.where(falling, mixture - goal, 1.0), 0.0)
        share[~falling] = np.inf
        t = float(share.min())
        mixture = mixture + t * (goal - mixture)
        stays = (share > t) & (mixture > 0)
        corral, mixture = corral[stays], mixture[stays]


def _nearest_of_flat(corners: Array) -> tuple[Array, Array]:
    """The point r (d,) nearest to the origin on the flat through the corners (s, d), and its weights (s,), of sum one.

    r is what is left of a corner across the flat. It is taken twice: where the flat passes close by, the first
    remainder is mostly rounding, the second is again orthogonal to the flat to the last digit.
    """
    first = corners[0]
    if len(corners) == 1:
        return np.ones(1), first
    along, singular, mixing = np.linalg.svd((corners[1:] - first).T, full_matrices=False)
    kept = singular > DEPENDENT * singular[0]
    along, singular, mixing = along[:, kept], singular[kept], mixing[kept]
    inside = along.T @ first
    rest = -mixing.T @ (inside / singular)
    r = first - along @ inside
    r = r - along @ (along.T @ r)
    return np.append(1.0 - rest.sum(), rest), r


def _checked(X: Array, indices: Iterable[int] | None) -> tuple[Array, tuple[int, ...]]:
    X = check_inputs(X)
    n = len(X)
    if n < 2:
        raise ValueError(f"X must hold at least two samples, got {n}; add a sample to take the hull of the others.")
    chosen = tuple(range(n)) if indices is None else tuple(check_list(indices, "indices", "rows of X", "[0, 1]"))
    return X, tuple(_row(k, n) for k in chosen)


def _row(k: Any, n: int) -> int:
    number = whole_number(k)
    if number is None or not 0 <= number < n:
        raise ValueError(f"k must be a whole number from 0 to {n - 1}, a row of X; got {shown(k)}. Count from 0.")
    return number
