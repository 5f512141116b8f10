"""Spike-free data: the rectified ellipsoid Q = {(Xu)_+ : ||u|| <= 1} stays inside the ellipsoid E = {Xu : ||u|| <= 1}.

Equivalent (Ergen & Pilanci 2021, section 3): (I - X X^+)(Xu)_+ = 0 for all u, and max over ||u|| <= 1 of
||X^+ (Xu)_+|| <= 1. Then Q = E with the negative orthant cut away, and training is one second-order cone program.

Both are maxima of a norm that is quadratic on every activation pattern: exact over all faces of the arrangement, which
for data of rank two are the arcs of a circle and their ends. Where there are too many faces, ||X^+ D X||_2 <= 1 for all
patterns D is sufficient, and so are rows at right angles to each other (whitened or diagonal data), for then X^+ D X is
a projection. What is left is sampled: a direction found outside E disproves, finding none proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_inputs
from ..network import Array
from ..oracles.arrangements import Stratum
from .arranged import Arranged
from .candidates import lengths, longest, unit
from .sampled import CLIMBERS, climb

SPIKE = 1e-9  # excess of ||X^+ q|| over one, or share of q off the range of X, that is rounding
ORTHOGONAL = 1e-12  # cosine between rows that is rounding
SEED = 0  # the same data give the same answer
SAMPLES = 20_000  # random directions where nothing better is possible

EXACT, BY_PATTERNS, BY_ROWS = "exact", "proved by patterns", "proved: the rows are orthogonal"
BY_WITNESS = "proved by a witness"


@dataclass(frozen=True, eq=False)
class SpikeFree:
    """Whether Q stays inside E.

    Attributes
    ----------
    verdict : True if no spike was found; `proved` says what that is worth. False is always proved, by `witness`.
    margin : 1 - max ||X^+ (Xu)_+||, the distance of the farthest point from the surface of E; negative exactly when
        there are spikes, -inf when Q leaves the range of X. Sampled: of what was found. By patterns: a lower bound.
    witness : (d,) unit u whose (Xu)_+ is farthest outside E, or None.
    off_range : max ||(I - X X^+)(Xu)_+||, zero if Q stays in the range of X.
    proved : "exact", "proved by patterns", "proved: the rows are orthogonal", "proved by a witness" or
        "sampled: no violation found among k directions".
    """

    verdict: bool
    margin: float
    witness: Array | None
    off_range: float
    proved: str


@dataclass(frozen=True, eq=False)
class Range:
    """The range of data Z (n, r) of full column rank: `inverse` Z^+ (r, n), `off` I - Z Z^+ (n, n)."""

    inverse: Array
    off: Array

    @classmethod
    def of(cls, Z: Array) -> Range:
        """Both matrices, from a pseudo-inverse."""
        inverse = np.linalg.pinv(Z)
        off = np.zeros((len(Z), len(Z))) if np.linalg.matrix_rank(Z) == len(Z) else np.eye(len(Z)) - Z @ inverse
        return cls(inverse, off)

    def measure(self, q: Array, scale: float) -> Array:
        """||X^+ q|| for points (..., n), inf off the range; at most one on E, `scale` being the size of the data."""
        away = np.linalg.norm(q @ self.off, axis=-1) > SPIKE * scale
        return np.where(away, np.inf, np.linalg.norm(q @ self.inverse.T, axis=-1))


def spike_free(X: ArrayLike) -> SpikeFree:
    """Whether the rectified ellipsoid of X (n, d) has no spikes.

    Raises ValueError unless X is a finite real matrix with at least one row and column.
    """
    return verdict(Arranged(check_inputs(X)))


def verdict(data: Arranged) -> SpikeFree:
    """Whether the rectified ellipsoid of the samples has no spikes."""
    return judge(data.flat.Z, data.flat.basis, data.strata, data.patterns, np.random.default_rng(SEED))


def judge(
    Z: Array, basis: Array, strata: tuple[Stratum, ...] | None, patterns: np.ndarray | None, rng: np.random.Generator
) -> SpikeFree:
    """The verdict on Z (n, r) of full column rank, with all its faces, else all its patterns, else by sampling.

    `basis` (r, d) leads back from the coordinates Z to the data.
    """
    place, scale = Range.of(Z), float(np.linalg.norm(Z, 2))
    if strata is not None:
        off, away = longest(Z, strata, place.off)
        length, u = longest(Z, strata, place.inverse)
        return _result(off, away, length, u, scale, basis, EXACT, EXACT)
    if _orthogonal_rows(Z):
        return SpikeFree(True, 0.0, None, 0.0, BY_ROWS)
    if patterns is not None and _by_norms(Z, place, patterns, scale):
        off, length = _norms(Z, place, patterns)
        return SpikeFree(True, _snapped(1.0 - length), None, off, BY_PATTERNS)
    off, away = _climb(Z, place.off, rng)
    length, u = _climb(Z, place.inverse, rng)
    sampled = f"sampled: no violation found among {SAMPLES} directions"
    return _result(off, away, length, u, scale, basis, sampled, BY_WITNESS)


def _result(
    off: float, away: Array, length: float, u: Array, scale: float, basis: Array, free: str, spiky: str
) -> SpikeFree:
    if off > SPIKE * scale:
        return SpikeFree(False, -np.inf, away @ basis, off, spiky)
    margin = _snapped(1.0 - length)
    return SpikeFree(margin >= 0, margin, None if margin >= 0 else u @ basis, off, free if margin >= 0 else spiky)


def _snapped(margin: float) -> float:
    return 0.0 if abs(margin) <= SPIKE else margin


def _orthogonal_rows(Z: Array) -> bool:
    U = unit(Z)
    cosines = U @ U.T
    return bool(np.abs(cosines - np.diag(np.diag(cosines))).max() <= ORTHOGONAL)


def _by_norms(Z: Array, place: Range, patterns: np.ndarray, scale: float) -> bool:
    off, length = _norms(Z, place, patterns)
    return off <= SPIKE * scale and length <= 1.0 + SPIKE


def _norms(Z: Array, place: Range, patterns: np.ndarray) -> tuple[float, float]:
    """Largest ||(I - Z Z^+) D Z||_2 and ||Z^+ D Z||_2 over the patterns D."""
    worst = [0.0, 0.0]
    for pattern in patterns:
        for k, T in enumerate((place.off, place.inverse)):
            worst[k] = max(worst[k], float(np.linalg.norm(T @ (pattern[:, None] * Z), 2)))
    return worst[0], worst[1]


def _climb(Z: Array, T: Array, rng: np.random.Generator) -> tuple[float, Array]:
    """A large ||T (Zu)_+||: the best of random directions, each then along its gradient M^T M u with M = T D Z."""
    U = unit(rng.standard_normal((SAMPLES, Z.shape[1])))

    def gradient(U: Array) -> Array:
        q = np.maximum(U @ Z.T, 0.0)
        slope: Array = ((q @ T.T @ T) * (q > 0)) @ Z
        return slope

    start = U[np.argsort(-lengths(Z, T, U), kind="stable")[:CLIMBERS]]
    length, U = climb(start, lambda U: lengths(Z, T, U), gradient)
    best = int(length.argmax())
    return float(length[best]), U[best]
