"""Exact oracle of the bias-free problem on the line: only two unit neurons exist, (x)_+ and (-x)_+."""

from __future__ import annotations

import numpy as np

from ..network import Array


class OriginOracle:
    """M(v) = max(|sum v_i (x_i)_+|, |sum v_i (-x_i)_+|) for X of shape (n, 1); v is free of sum v = 0."""

    exact = True

    def __init__(self, X: Array) -> None:
        self._features = np.maximum(np.column_stack([X[:, 0], -X[:, 0]]), 0.0)

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,)."""
        return float(np.abs(self._features.T @ v).max())
