"""Whitening: samples whose Gram matrix X X^T is the identity, and the linear map of the features that makes them so.

With X = A diag(s) B^T, the map x -> diag(1 / s) B^T x takes the rows of X to those of A. Only data of no more samples
than features can be whitened in this sense (n <= d, rank n); then all of them look alike, orthonormal samples.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_inputs
from ..network import Array

DEPENDENT = 1e-10  # singular value, relative to the first, whose inverse would only blow up rounding
ORTHONORMAL = 1e-9  # by which an entry of X X^T may miss the identity's: rounding of a whitening


@dataclass(frozen=True, eq=False)
class Whitened:
    """Samples whose Gram matrix X X^T is the identity, and the linear map that made them so.

    Attributes
    ----------
    X : (n, r) whitened samples, r = n: orthonormal rows.
    basis : (d, r) orthonormal columns, the directions of the data (right singular vectors).
    singular : (r,) their lengths (singular values), falling.
    """

    X: Array
    basis: Array
    singular: Array

    @property
    def transform(self) -> Array:
        """(d, r): whitened = raw @ transform."""
        return self.basis / self.singular

    def apply(self, samples: Array) -> Array:
        """New samples (k, d) in whitened coordinates (k, r), to be given to a network trained on `X`.

        What lies outside the span of the training samples is dropped. X @ apply(x) is the least-squares combination of
        training samples that makes up x, so u = X^T a sees a . (those coefficients).
        """
        return np.asarray(samples, float) @ self.transform

    def pictures(self, U: Array) -> Array:
        """Directions (m, r) in whitened coordinates as patterns (m, d) of the raw features, of the same length."""
        return np.asarray(U, float) @ self.basis.T


def whiten(X: ArrayLike) -> Whitened:
    """Rows of X (n, d), n <= d, decorrelated so that X X^T = I; no mean is taken off, which would cost a rank.

    Raises ValueError if the rows are linearly dependent: then no linear map of the features makes them orthonormal.
    """
    X = check_inputs(X)
    left, singular, right = np.linalg.svd(X, full_matrices=False)
    rank = int((singular > DEPENDENT * singular[0]).sum())
    if rank < len(X):
        raise ValueError(
            f"Whitening needs linearly independent samples, as many as the rank of X at most; got {len(X)} samples of "
            f"{X.shape[1]} features and rank {rank}. Keep {rank} samples or fewer, without duplicates, or add features."
        )
    return Whitened(left, right.T, singular)


def check_whitened(X: Array) -> None:
    """Raise ValueError unless X X^T = I up to rounding, for X (n, d)."""
    miss = float(np.abs(X @ X.T - np.eye(len(X))).max())
    if miss > ORTHONORMAL:
        raise ValueError(
            f"X must be whitened, X X^T = I; got shape {X.shape} with an entry off by {miss:.3g}. Use whiten(X).X, for "
            "at most as many samples as features."
        )
