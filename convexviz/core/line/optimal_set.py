"""All optimal networks on the line that share the values at the data, not only the one a solver returns.

The values f at the data are unique for the strictly convex losses; between the data the optimum may move wherever the
kinks at two neighbouring data points bend the same way: inside the triangle between the chord and the two neighbouring
pieces, extended. (Known for splines: Debarre, Denoyelle, Unser & Fageot 2022, Sparsest piecewise-linear regression of
one-dimensional data.) Where |D| > TV a neuron active on all the data may also start inside the first or last interval,
so the outermost chords count as bent at their outer end by what is left of D.

Outside the data, where |D| > TV, that neuron may start anywhere further out: the extrapolation drawn is one of many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_inputs
from ..arguments import check_network
from ..network import Array, ReLUNetwork
from ..neurons import spline_network
from .fewest_neurons import fewest_neurons

STRAIGHT = 1e-9  # kinks below this share of the total variation do not bend


@dataclass(frozen=True, eq=False)
class OptimalSet:
    """The set of optimal networks through given values at the data.

    Attributes
    ----------
    x, f : (k,) distinct sorted inputs and the values there.
    connect_the_dots : the member with its kinks at the data.
    sparsest : a member with the fewest neurons, and no more kinks than any other.
    unique : whether there is only one function between the first and the last data point.
    """

    x: Array
    f: Array
    connect_the_dots: ReLUNetwork
    sparsest: ReLUNetwork
    unique: bool
    _lower: tuple[Array, Array]
    _upper: tuple[Array, Array]

    def envelope(self, t: Array) -> tuple[Array, Array]:
        """Least and greatest value at positions `t` (k,) over all members, inside the data range."""
        t = np.asarray(t, float)
        if len(t) and (t.min() < self.x[0] or t.max() > self.x[-1]):
            raise ValueError(
                f"t must lie within the data, [{self.x[0]:.6g}, {self.x[-1]:.6g}]; got [{t.min():.6g}, {t.max():.6g}]. "
                "Outside it the extrapolation may not be bounded."
            )
        return np.interp(t, *self._lower), np.interp(t, *self._upper)

    def envelope_outline(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """The two polygons ((x, lower), (x, upper)) whose pieces bound every member."""
        return self._lower, self._upper


def optimal_set(network: ReLUNetwork, X: ArrayLike) -> OptimalSet:
    """All networks with the values of the optimal `network` at X (n, 1) and the least sum |w|.

    Raises ValueError for data that are not on the line or have fewer than two distinct inputs, and for another network.
    """
    check_network(network)
    X = check_inputs(X)
    if X.shape[1] != 1:
        raise ValueError(f"X must have shape (n, 1), got {X.shape}; the optimal set is known on the line only.")
    check_network(network, 1)
    x = np.unique(X[:, 0])
    if len(x) < 2:
        raise ValueError(f"X must hold at least two distinct values, got {len(x)}; add a point elsewhere.")
    f = network.predict(x[:, None])
    slopes = np.diff(f) / np.diff(x)
    bend = _bends(x, f, slopes)
    apex, free = _apexes(x, f, slopes, bend)
    lower, upper = _envelope(x, f, apex, bend, free)
    dense = spline_network(x, f)
    sparse = _keep_if_optimal(x, f, fewest_neurons(x, f, bend), dense)
    return OptimalSet(x, f, dense, sparse, not free.any(), lower, upper)


def _bends(x: Array, f: Array, slopes: Array) -> Array:
    """Signed kinks at all knots, (k,); at the two ends what a neuron active on all the data can start there.

    With |D| > TV the weight rest = (|D| - TV) / 2 may bend at the first point by sign(D) rest, or, read from the other
    side, at the last point by -sign(D) rest.
    """
    c = np.diff(slopes)
    variation, D = np.abs(c).sum(), slopes[0] + slopes[-1]
    noise = STRAIGHT * max(variation, np.abs(slopes).max()) + 16 * np.finfo(float).eps * np.abs(f).max() / np.diff(x)
    c = np.where(np.abs(c) > np.maximum(noise[1:], noise[:-1]), c, 0.0)
    rest = max(0.0, (abs(D) - variation) / 2)
    rest = rest if rest > noise.max() else 0.0
    return np.concatenate([[np.sign(D) * rest], c, [-np.sign(D) * rest]])


def _apexes(x: Array, f: Array, slopes: Array, bend: Array) -> tuple[tuple[Array, Array], np.ndarray]:
    """Where the pieces before and after each interval meet, (k-1,) each, and which intervals are free, (k-1,)."""
    free = bend[:-1] * bend[1:] > 0
    before = np.concatenate([[slopes[0] - bend[0]], slopes[:-1]])
    after = np.concatenate([slopes[1:], [slopes[-1] + bend[-1]]])
    with np.errstate(divide="ignore", invalid="ignore"):
        # f_k + before (t - x_k) = f_{k+1} + after (t - x_{k+1})
        share = (slopes - after) / (before - after)
    share = np.where(free, np.clip(share, 0.0, 1.0), 0.5)
    h = np.diff(x)
    return (x[:-1] + share * h, f[:-1] + before * share * h), free


def _envelope(
    x: Array, f: Array, apex: tuple[Array, Array], bend: Array, free: np.ndarray
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """A convex interval lies below its chord, down to its apex; a concave one above it."""
    outlines = []
    for sign in (1.0, -1.0):
        inside = free & (bend[:-1] * sign > 0)
        t = np.concatenate([x, apex[0][inside]])
        values = np.concatenate([f, apex[1][inside]])
        order = np.argsort(t, kind="stable")
        outlines.append((t[order], values[order]))
    return outlines[0], outlines[1]


def _keep_if_optimal(x: Array, f: Array, sparse: ReLUNetwork, dense: ReLUNetwork) -> ReLUNetwork:
    same = np.abs(sparse.predict(x[:, None]) - f).max() <= 1e-9 * max(1e-300, np.abs(f).max())
    return sparse if same and sparse.penalty <= dense.penalty * (1 + 1e-9) else dense
