"""The data of the benchmarks and, on the line, the one objective by which every answer is judged.

P(u, b, w, c) = 1/2 ||f(x) - y||^2 + beta sum_j |w_j|,    f(x) = c + sum_j w_j (u_j x + b_j)_+
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import make_moons

Array = NDArray[np.float64]

BETA = 0.1
NOISE = 0.1
LABEL_NOISE = 0.3
NEAR = 1e-9  # distance of the points that nearly coincide
EVERY = 10  # one point in so many lies that near to another
LAYOUTS = ("even", "random", "near")
MOONS_NOISE = 0.2


def inputs(n: int, layout: str, rng: np.random.Generator) -> Array:
    """n points of [-1, 1]: equally spaced, uniformly random, or random with every tenth 1e-9 beside another."""
    if layout == "even":
        return np.linspace(-1.0, 1.0, n)
    x = rng.uniform(-1.0, 1.0, n)
    if layout == "near":
        x = np.sort(x)
        x[EVERY::EVERY] = x[EVERY - 1 : -1 : EVERY] + NEAR
    return x


def regression(n: int, layout: str = "random", seed: int = 0) -> tuple[Array, Array]:
    """x (n,), y = sin(4 x) + noise (n,)."""
    rng = np.random.default_rng(seed)
    x = inputs(n, layout, rng)
    return x, np.sin(4.0 * x) + NOISE * rng.standard_normal(n)


def labels(n: int, layout: str = "random", seed: int = 0) -> tuple[Array, Array]:
    """x (n,) and noisy signs of sin(4 x), (n,): three bands whose borders overlap."""
    rng = np.random.default_rng(seed)
    x = inputs(n, layout, rng)
    return x, np.where(np.sin(4.0 * x) + LABEL_NOISE * rng.standard_normal(n) > 0, 1.0, -1.0)


def folds(n: int, seed: int = 0) -> tuple[Array, Array]:
    """X (n, 2) standard normal, y = |x1| - (x2 - 1/2)_+ + noise (n,): a network of three neurons, blurred."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, 2))
    return X, np.abs(X[:, 0]) - np.maximum(X[:, 1] - 0.5, 0.0) + NOISE * rng.standard_normal(n)


def moons(n: int, seed: int = 0) -> tuple[Array, Array]:
    """Two half moons, standardised: X (n, 2) and labels -1 / +1 (n,)."""
    X, label = make_moons(n, noise=MOONS_NOISE, random_state=seed)
    return (X - X.mean(axis=0)) / X.std(axis=0), 2.0 * label - 1.0


@dataclass(frozen=True)
class Fit:
    """A trained network as plain arrays: u, b, w (m,) and c."""

    u: Array
    b: Array
    w: Array
    c: float

    def objective(self, x: Array, y: Array, beta: float) -> float:
        """Recomputed from the network alone, whatever its solver reported."""
        f = self.c + np.maximum(np.outer(x, self.u) + self.b, 0.0) @ self.w
        return float(0.5 * np.sum((f - y) ** 2) + beta * np.abs(self.w).sum())
