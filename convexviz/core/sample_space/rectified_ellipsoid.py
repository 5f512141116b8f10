"""Rectified ellipsoid Q = {(Xu)_+ : ||u|| <= 1} and its support function h(v) = max_{||u|| <= 1} v . (Xu)_+.

E = {Xu : ||u|| <= 1} is an ellipsoid in sample space, Q what the ReLU makes of it, C = Conv(Q u -Q) the unit ball of
bias-free networks, C^o = {v : |v . q| <= 1 on Q} its polar. Ergen & Pilanci (2021), Convex Geometry and Duality of
Over-parameterized Neural Networks, section 3.

X is reduced to its row space, X = Z B with Z (n, r) of full column rank: a u off it does nothing. Then h is exact over
all faces of the arrangement of Z (rank two: arcs), over all its cells where there are too many faces, else sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_inputs, real_array
from ..geometry.arranged import Arranged
from ..geometry.candidates import highest
from ..geometry.curves import Hull, Spikes, Trace, directions, find_spikes, hull, sphere
from ..geometry.sampled import SampledOracle
from ..geometry.spike_free import Range, SpikeFree, verdict
from ..network import Array
from ..oracles.arrangements import Stratum, faces, sampled_patterns
from ..oracles.patterns import PatternOracle
from ..rank import Reduction
from .polar import Contact, Gauge, PolarBoundary, contact_of, gauge_of, polar_points

SPAN = 1e-10  # singular value, relative to the first, below which C has no extent
SAMPLES = 4096  # directions tried where the patterns are too many to list
SEED = 0  # the same data give the same answer


@dataclass(frozen=True, eq=False)
class SupportPoint:
    """A point of Q farthest along v: unit `u` (d,), `q` = (Xu)_+ (n,), `value` = v . q = h(v); zeros if h(v) = 0."""

    u: Array
    q: Array
    value: float


@dataclass(frozen=True, eq=False)
class RectifiedEllipsoid:
    """Q of the samples X (n, d).

    Raises ValueError unless X is a finite real matrix with at least one row and column.
    """

    X: Array

    def __post_init__(self) -> None:
        X = np.array(check_inputs(self.X))
        X.flags.writeable = False
        object.__setattr__(self, "X", X)

    @property
    def n(self) -> int:
        """Number of samples, the dimension of the space Q lies in."""
        return len(self.X)

    @property
    def rank(self) -> int:
        """Dimension r of the row space, at least one."""
        return self._flat.rank

    @property
    def exact(self) -> bool:
        """Whether support, polar and gauge are exact; else h is a lower bound from sampled directions."""
        return self._strata is not None or self._patterns is not None

    @cached_property
    def _arranged(self) -> Arranged:
        return Arranged(self.X)

    @property
    def _flat(self) -> Reduction:
        return self._arranged.flat

    @property
    def _strata(self) -> tuple[Stratum, ...] | None:
        return self._arranged.strata

    @property
    def _patterns(self) -> np.ndarray | None:
        return self._arranged.patterns

    @cached_property
    def _oracle(self) -> PatternOracle | SampledOracle:
        if self._patterns is not None:
            return PatternOracle(self._flat.Z, self._patterns)
        return SampledOracle(self._flat.Z, np.random.default_rng(SEED).standard_normal((SAMPLES, self.rank)))

    @cached_property
    def span(self) -> Array:
        """Orthonormal basis (n, s) of the span of C: the values bias-free networks can take on X."""
        patterns = self._patterns
        if patterns is None:  # in general position any few span all there is
            patterns = sampled_patterns(self._flat.Z, self.n, np.random.default_rng(SEED))
        points = (patterns.T[:, :, None] * self._flat.Z[:, None, :]).reshape(self.n, -1)
        left, singular, _ = np.linalg.svd(points, full_matrices=False)
        return left[:, singular > SPAN * max(float(singular[0]), np.finfo(float).tiny)]

    def support(self, V: ArrayLike) -> Array:
        """h(v) for the rows of V (k, n): shape (k,), at least zero."""
        return self._farthest(self._checked(V, 2))[0]

    def support_point(self, v: ArrayLike) -> SupportPoint:
        """The point of Q farthest along v (n,), with its neuron."""
        (value,), (t,) = self._farthest(self._checked(v, 1)[None, :])
        u = t @ self._flat.basis
        return SupportPoint(u, np.maximum(self.X @ u, 0.0), float(value))

    def _farthest(self, V: Array) -> tuple[Array, Array]:
        """h (k,) and maximisers (k, r) in coordinates of the row space."""
        if self._strata is not None:
            return highest(self._flat.Z, self._strata, V)
        peaks = [self._oracle.peak(v) for v in V]
        return np.array([height for height, _ in peaks]), np.array([t for _, t in peaks]).reshape(len(V), self.rank)

    def boundary(self, k: int = 361) -> Trace:
        """{(Xu)_+ : ||u|| = 1}: a closed curve (k, n) for rank one or two, a mesh (k, k, n) for rank three."""
        T = self._directions(k)
        return Trace(np.maximum(T @ self._flat.Z.T, 0.0), T @ self._flat.basis)

    def ellipsoid(self, k: int = 361) -> Trace:
        """{Xu : ||u|| = 1} at the same u as `boundary(k)`."""
        T = self._directions(k)
        return Trace(T @ self._flat.Z.T, T @ self._flat.basis)

    def spikes(self, k: int = 361) -> Spikes:
        """The parts of `boundary(k)` outside E."""
        return find_spikes(self.boundary(k), Range.of(self._flat.Z), self._size)

    def hull_boundary(self, k: int = 361) -> Hull:
        """Boundary of C from k (n = 2) or k * k (n = 3) supporting hyperplanes and its exact corners."""
        self._check_drawable(k)
        return hull(self._flat.Z, self._faces(), k)

    def polar_boundary(self, k: int = 361) -> PolarBoundary:
        """Boundary of C^o along k (n = 2) or k * k (n = 3) directions of sample space."""
        self._check_drawable(k)
        if self.n == 2:
            t = np.linspace(0.0, 2 * np.pi, k)
            phi = np.column_stack([np.cos(t), np.sin(t)])
            phi[-1] = phi[0]
        else:
            phi = sphere(k)
        V = phi.reshape(-1, self.n)
        height = np.maximum(self.support(V), self.support(-V)).reshape(phi.shape[:-1])
        return polar_points(phi, height, self.span.shape[1] == self.n)

    def gauge(self, y: ArrayLike) -> Gauge:
        """min sum |w| over bias-free networks with f(X) = y (n,), with optimal neurons and proof.

        An upper bound without proof (lower = -inf) where `exact` is False.
        """
        oracle = None if self.rank <= 2 else self._oracle
        return gauge_of(self.X, self._flat.Z, self._flat.basis, self._checked(y, 1), self.span, oracle)

    def contact(self, y: ArrayLike) -> Contact:
        """y / gauge(y) on the boundary of C, the hyperplane that supports C there and the neurons that touch it.

        Raises ValueError for y = 0 and for y off the span of C.
        """
        return contact_of(self.X, self._checked(y, 1), self.gauge(y))

    def spike_free(self) -> SpikeFree:
        """Whether Q stays inside E, and what that is worth."""
        return verdict(self._arranged)

    @property
    def _size(self) -> float:
        return float(np.linalg.norm(self._flat.Z, 2))

    def _directions(self, k: int) -> Array:
        _check_count(k)
        if self.rank > 3:
            raise ValueError(
                f"X must have rank at most three for its rectified ellipsoid to be drawn, got rank {self.rank}. "
                "Use two or three samples or features."
            )
        return directions(self._faces() if self.rank == 2 else (), self.rank, k)

    def _check_drawable(self, k: int) -> None:
        _check_count(k)
        if self.n not in (2, 3):
            raise ValueError(
                f"Hulls and polars are drawn for two or three samples, got {self.n}. Pick two or three rows."
            )

    def _faces(self) -> tuple[Stratum, ...]:
        return faces(self._flat.Z) if self._strata is None else self._strata

    def _checked(self, values: ArrayLike, dimensions: int) -> Array:
        array = real_array(values, "y")
        if array.ndim != dimensions or array.shape[-1] != self.n or not np.isfinite(array).all():
            shape = f"({self.n},)" if dimensions == 1 else f"(k, {self.n})"
            raise ValueError(
                f"Vectors in sample space must be finite and of shape {shape}, got {array.shape}; "
                f"give one number per sample{'' if dimensions == 1 else ', one row per vector'}."
            )
        return array


def _check_count(k: int) -> None:
    if k < 4:
        raise ValueError(f"k must be at least 4 points to make a curve, got {k}. Use a hundred or more.")
