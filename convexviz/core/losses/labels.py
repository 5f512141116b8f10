"""Losses of the margin y f, y = -1 / +1: v = y a with a >= 0 and, with biases, equal mass in both classes."""

from __future__ import annotations

import numpy as np

from ..network import Array
from .base import Count, Loss


class MarginLoss(Loss):
    """A loss of y f whose v = y a has 0 <= a <= ceiling."""

    classification = True
    ceiling = 1.0

    def into_domain(self, v: Array, y: Array) -> Array:
        nearest: Array = y * np.clip(v * y, 0.0, self.ceiling)
        return nearest

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        a = np.abs(self.into_domain(v, y))
        up, down = float(np.sum((count * a)[y > 0])), float(np.sum((count * a)[y < 0]))
        both = min(up, down)
        return y * a * np.where(y > 0, both / (up or 1.0), both / (down or 1.0))


def class_masses(y: Array, count: Count) -> tuple[float, float]:
    """The weights of the points labelled +1 and -1."""
    weight = count * np.ones(len(y))
    return float(weight[y > 0].sum()), float(weight[y < 0].sum())
