"""Local maxima of N_v(u, b) = sum_i v_i (u . x_i + b)_+ in any dimension, many at a time.

N_v is a difference of convex functions. At the pattern S of the points of positive v that are active,
N_v >= sum_S v_i z_i - sum_{v_i < 0} |v_i| (z_i)_+, with equality there, and the maximum of the right-hand side over
||u|| <= 1 is a small convex problem: climbing from maximum to maximum (convex-concave procedure, Yuille & Rangarajan
2003) never falls. It improves on u <- X^T (D v), Ergen & Pilanci (2021), which holds the whole pattern D.
"""

from __future__ import annotations

import numpy as np

from ...network import Array
from .bounds import Nodes, upper_bounds

ROUNDS = 8  # of climbing: two or three are usual
TOUCHING = 1e-6  # distance from its line at which a point lies on it, data scaled to one
RISING = 1e-13  # less is rounding


def best_biases(X: Array, v: Array, U: Array, bias: bool) -> tuple[Array, Array]:
    """Greatest N_v over b, (k,), and that b, for unit U (k, d): its line passes through a point, as sum v = 0."""
    Z = U @ X.T
    if not bias:
        return np.maximum(Z, 0.0) @ v, np.zeros(len(U))
    order = np.argsort(-Z, axis=1)
    z = np.take_along_axis(Z, order, axis=1)
    heights = np.cumsum(v[order] * z, axis=1) - z * np.cumsum(v[order], axis=1)
    j = heights.argmax(axis=1)
    b = -z[np.arange(len(U)), j]
    return np.maximum(Z + b[:, None], 0.0) @ v, b


def climb(X: Array, v: Array, U: Array, reach: float | None) -> tuple[Array, Array, Array]:
    """Heights (k,), U (k, d) and b (k,) of local maxima of N_v, from unit directions U (k, d)."""
    bias, U = reach is not None, U.copy()
    heights, b = best_biases(X, v, U, bias)
    rising = np.arange(len(U))
    for _ in range(ROUNDS):
        active = U[rising] @ X.T + b[rising, None] > 0
        base = np.where(active & (v > 0), v, 0.0)
        down = np.broadcast_to(np.maximum(-v, 0.0), base.shape)
        none = np.zeros(len(base))
        nodes = Nodes(base, np.where(down > 0, -1.0, 0.0), down, none, none == 0)
        c = upper_bounds(X, reach, nodes, -np.inf)[1]
        tried = sharpened(X, v, unit(c @ X), bias)
        height, shift = best_biases(X, v, tried, bias)
        better = height > heights[rising] * (1 + RISING)
        rising = rising[better]
        if not len(rising):
            break
        heights[rising], U[rising], b[rising] = height[better], tried[better], shift[better]
    return heights, U, b


def hasty_climb(X: Array, v: Array, U: Array, reach: float | None) -> tuple[Array, Array, Array]:
    """Heights (k,), U (k, d) and b (k,) of the directions as they are, each at its best bias."""
    heights, b = best_biases(X, v, U, reach is not None)
    return heights, U, b


def sharpened(X: Array, v: Array, U: Array, bias: bool) -> Array:
    """U (k, d), each replaced by the exact maximiser among the lines through the same points where that is higher."""
    heights, b = best_biases(X, v, U, bias)
    out = U.copy()
    for k in range(len(U)):
        z = X @ U[k] + b[k]
        on = np.abs(z) <= TOUCHING
        anchor = X[np.argmin(np.abs(z))] if bias else np.zeros(X.shape[1])
        g = (np.where((z > 0) & ~on, v, 0.0)) @ (X - anchor)
        directions = X[on] - anchor
        if len(directions):
            _, s, V = np.linalg.svd(directions, full_matrices=False)
            V = V[s > TOUCHING]
            g = g - (g @ V.T) @ V
            g = g - (g @ V.T) @ V
        norm = np.linalg.norm(g)
        if norm > 0:
            out[k] = g / norm
    better = best_biases(X, v, out, bias)[0] > heights
    return np.where(better[:, None], out, U)


def unit(R: Array) -> Array:
    """Rows (k, d) of length one; a zero row becomes the first axis."""
    norm = np.linalg.norm(R, axis=1, keepdims=True)
    first = np.eye(1, R.shape[1])
    return np.where(norm > 0, R / np.where(norm > 0, norm, 1.0), first)
