"""The paper's spike-free relaxation of M(v): only neurons that are active on all data.

    max  v . (Xu + b 1)   subject to   Xu + b 1 >= 0,  ||u|| <= 1,      for v and for -v

a second-order cone program, Ergen & Pilanci (2021), the section on cutting planes. What it finds is a neuron, so it
never exceeds M(v); it is M(v) where the data are spike-free.

Without biases, the paper's setting (there a bias is a column of ones in X, regularised like the other weights), its
value is the length of the projection of X^T v on the cone {u : Xu >= 0}: non-negative least squares. If the rectified
ellipsoid Q = {(Xu)_+ : ||u|| <= 1} equals E with the negative orthant cut away, E = {Xu : ||u|| <= 1}, then
M(v) = max |v . q| over Q is just this, for every v.

With free biases sum v = 0, so b drops out of v . (Xu + b 1), and some b meets every Xu + b 1 >= 0: the value is
||X^T v|| (v centred), attained by the linear function u = X^T v / ||X^T v||. **The relaxation then finds linear
functions of the data and nothing else.** It is exact for all v exactly when (Xu + b 1)_+ lies in E + R 1 for all unit
u and all b (both sides are support functions of v, and E + R 1 is convex and closed). If the different points are
affinely dependent that fails: some v != 0 has X^T v = 0 and sum v = 0, but M(v) > 0. It holds for one or two points and
for a regular simplex (whitened data, centred): there ||X^T v|| = r ||v||, and v cut to some of its positive entries,
less the same mass spread over its negative ones in proportion, is never longer than v. To look for neurons that bend
use `bias=False` on data with a column of ones, or another oracle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..network import Array
from ..oracles.patterns import PatternOracle
from ..oracles.plane import VIOLATED
from ..rank import reduce_rank
from .spike_free import spike_free

REGULAR = 1e-9  # relative difference of squared distances that is rounding
SPIKE = 1e-9  # excess over the ellipsoid that is rounding
DIRECTIONS = 500  # random u, with biases each with the line through every point, in search of a spike
SEED = 0  # the same data give the same answer


@dataclass(frozen=True)
class Exactness:
    """Whether the relaxation is M(v) for every v: `holds` only if that is proved, `proved` says what was proved."""

    holds: bool
    proved: str


class RelaxationOracle:
    """Largest |N_v| among the neurons active on all data, for X of shape (n, d); a lower estimate of M(v).

    `bias` says whether the neurons have free biases (then v must have sum v = 0, and only linear functions are found).

    Attributes
    ----------
    exact : whether its value is proved to be M(v) for every v.
    exactness : that, and what was proved in words.
    """

    def __init__(self, X: Array, bias: bool = True) -> None:
        X = np.asarray(X, float)
        if X.ndim != 2 or not X.size or not np.isfinite(X).all():
            raise ValueError(
                f"X must be finite and of shape (n, d) with n, d >= 1, got {X.shape}; "
                "use X.reshape(-1, 1) for one feature, and remove what is missing."
            )
        self.X, self.bias = X, bias
        self._centred = X - X.mean(axis=0) if bias else X
        self._cone = PatternOracle(X, np.ones((1, len(X)), bool))
        self.exactness = exact_for(X, bias)
        self.exact = self.exactness.holds

    def peak(self, v: Array) -> tuple[float, Array, float]:
        """Greatest N_v of a neuron active on all data, its u (d,) and b; zeros where nothing is above zero."""
        if not self.bias:
            return *self._cone.peak(np.asarray(v, float)), 0.0
        g = v @ self._centred
        value = float(np.linalg.norm(g))
        if value == 0.0:
            return 0.0, np.zeros(len(g)), 0.0
        u = g / value
        return value, u, -float((self.X @ u).min())

    def maximum(self, v: Array) -> float:
        """The value of the relaxation for `v` (n,), at most M(v)."""
        return max(self.peak(v)[0], self.peak(-v)[0])

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """The value, and the neuron of each sign if its |N_v| > beta: U (k, d), b (k,), sign (k,), k <= 2."""
        found = [(*self.peak(sign * v), sign) for sign in (1.0, -1.0)]
        over = [one for one in found if one[0] > beta * (1 + VIOLATED)][: 2 * most]
        U = np.array([u for _, u, _, _ in over]).reshape(-1, self.X.shape[1])
        b, sign = np.array([b for _, _, b, _ in over]), np.array([s for *_, s in over])
        return max(value for value, *_ in found), U, b, sign


def exact_for(X: Array, bias: bool = False) -> Exactness:
    """Whether the relaxation on X (n, d) is M(v) for every v, as far as that can be proved."""
    X = np.asarray(X, float)
    if bias:
        return _with_biases(np.unique(X, axis=0))
    Z = reduce_rank(X, centred=False).Z
    if _outside(Z, np.maximum(_directions(Z) @ Z.T, 0.0)):  # a glance: the thorough search takes seconds on large data
        return Exactness(False, "not exact: the data have spikes (proved by a witness)")
    verdict = spike_free(X)
    if not verdict.verdict:
        return Exactness(False, f"not exact: the data have spikes ({verdict.proved})")
    if verdict.proved.startswith("sampled"):
        return Exactness(False, f"open: {verdict.proved}")
    return Exactness(True, f"exact: the data are spike-free ({verdict.proved})")


def _with_biases(points: Array) -> Exactness:
    n = len(points)
    if n <= 2:
        return Exactness(True, "exact: with one or two different points every neuron is linear on the data")
    Z = reduce_rank(points).Z
    if n > Z.shape[1] + 1:
        return Exactness(
            False, "not exact: the points are affinely dependent, and with biases only linear functions are found"
        )
    square = ((Z[:, None] - Z) ** 2).sum(axis=2)[np.triu_indices(n, 1)]
    if np.ptp(square) <= REGULAR * square.max():
        return Exactness(True, "exact: the points are the corners of a regular simplex")
    if any(_outside(Z - Z.mean(axis=0), q - q.mean(axis=1, keepdims=True)) for q in _through_points(Z)):
        return Exactness(False, "not exact: a neuron was found that leaves the ellipsoid (proved by a witness)")
    return Exactness(False, f"open: no neuron leaves the ellipsoid among those of {DIRECTIONS} directions")


def _directions(Z: Array) -> Array:
    U = np.random.default_rng(SEED).standard_normal((DIRECTIONS, Z.shape[1]))
    unit: Array = U / np.linalg.norm(U, axis=1)[:, None]
    return unit


def _through_points(Z: Array) -> Iterator[Array]:
    """(Zu + b 1)_+ of all directions (k, n), the lines through one point after the other."""
    heights = _directions(Z) @ Z.T
    for k in range(len(Z)):
        yield np.maximum(heights - heights[:, [k]], 0.0)


def _outside(Z: Array, q: Array) -> bool:
    """Whether some row of q (k, n) is off the range of Z or farther out than {Zu : ||u|| <= 1}."""
    u = q @ np.linalg.pinv(Z).T
    off = np.linalg.norm(q - u @ Z.T, axis=1).max()
    return bool(off > SPIKE * np.linalg.norm(Z, 2) or np.linalg.norm(u, axis=1).max() > 1.0 + SPIKE)
