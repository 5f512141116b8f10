"""Exact oracle of the bias-free problem in any dimension, for few samples: over all activation patterns.

On the cone K_D = {u : (2D - 1) X u >= 0} of a pattern D the dual function N_v(u) = v . (Xu)_+ equals g . u with
g = X^T D v, and the maximum of g . u over K_D and the unit ball is the length of the projection of g on K_D. By Moreau
that is the residual of min ||g + A^T lam|| over lam >= 0, A = (2D - 1) X: non-negative least squares. Pilanci & Ergen
(2020) list the patterns for training; here they prove M(v) = max |N_v|.

Every lam >= 0 gives an upper bound ||g + A^T lam||, so M(v) is never too small, whatever the least squares return.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import lsq_linear, nnls

from ..network import Array
from .arrangements import activation_patterns
from .plane import VIOLATED

NOTHING = 1e-12  # a projection this short, relative to g, is the rounding of zero
OPTIMAL = 1e-9  # what u may lie off its cone, and lam . Au off zero, relative to the sizes of X and g
MOST_STEPS = 50  # of the least squares, per row: many more than it takes


class PatternOracle:
    """M(v) = max over unit u of |sum v_i (u . x_i)_+| for X of shape (n, d); v is free of sum v = 0.

    Raises ValueError where there are too many patterns to list, see `activation_patterns`.
    """

    exact = True

    def __init__(self, X: Array, patterns: np.ndarray | None = None) -> None:
        self.X = np.asarray(X, float)
        self.patterns = activation_patterns(self.X) if patterns is None else patterns

    def peak(self, v: Array) -> tuple[float, Array]:
        """max over the unit ball of v . (Xu)_+, and a maximiser u (d,); zeros where nothing is above zero."""
        heights, U = self._peaks(v, np.inf, 1)
        if not len(heights):
            return 0.0, np.zeros(self.X.shape[1])
        best = int(heights.argmax())
        return float(heights[best]), U[best]

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,)."""
        return max(self.peak(v)[0], self.peak(-v)[0])

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, d), b = 0 (k,), sign (k,)."""
        maximum, chosen, signs = 0.0, [np.empty((0, self.X.shape[1]))], []
        for sign in (1.0, -1.0):
            heights, U = self._peaks(sign * v, beta * (1 + VIOLATED), most)
            maximum = max(maximum, float(heights.max(initial=0.0)))
            worst = np.argsort(-heights, kind="stable")[:most]
            chosen.append(U[worst[heights[worst] > beta * (1 + VIOLATED)]])
            signs += [sign] * len(chosen[-1])
        return maximum, np.concatenate(chosen), np.zeros(len(signs)), np.array(signs)

    def _peaks(self, v: Array, enough: float, most: int) -> tuple[Array, Array]:
        """Heights (k,) and unit directions (k, d) of the highest peak and of `most` others above `enough` if there are.

        The longest g first: no projection is longer than g itself.
        """
        G = (self.patterns * v) @ self.X
        length = np.linalg.norm(G, axis=1)
        best, found, heights, U = 0.0, 0, [], [np.empty((0, self.X.shape[1]))]
        for k in np.argsort(-length, kind="stable"):
            if length[k] <= best and (length[k] <= enough or found >= most):
                break
            height, u = self._project(G[k], self.patterns[k])
            if height > NOTHING * length[k]:
                heights.append(height)
                U.append(u[None, :])
                best, found = max(best, height), found + (height > enough)
        return np.array(heights), np.concatenate(U)

    def _project(self, g: Array, pattern: np.ndarray) -> tuple[float, Array]:
        """Length of the projection of g (d,) on the cone of the pattern, and its direction."""
        A = np.where(pattern, 1.0, -1.0)[:, None] * self.X
        u = g + A.T @ _multipliers(A, g)
        height = float(np.linalg.norm(u))
        return height, u / height if height > 0 else u


def _multipliers(A: Array, g: Array) -> Array:
    """The lam >= 0 (n,) of least ||g + A^T lam||.

    scipy's `nnls` has, from 1.15 on, returned points that are no minimum on about one problem in two hundred (scipy
    issue 25389), so its answer is checked, and the slower active-set solver asked where it fails.
    """
    try:
        lam: Array = nnls(-A.T, g, maxiter=MOST_STEPS * len(A))[0]
    except RuntimeError:  # its limit of steps
        lam = np.zeros(len(A))
    slope, square = A @ (g + A.T @ lam), float(g @ g)
    if slope.min() >= -OPTIMAL * np.sqrt(square) * np.abs(A).max() and abs(lam @ slope) <= OPTIMAL * square:
        return lam
    second = np.maximum(lsq_linear(-A.T, g, bounds=(0.0, np.inf), method="bvls", tol=1e-15).x, 0.0)
    return min(lam, second, key=lambda multipliers: float(np.linalg.norm(g + A.T @ multipliers)))
