"""The hinge loss with its kink rounded off, for descent: the Huberised hinge.

    l_r(t) = 0 for t <= 0,   t^2 / (2 r) for 0 <= t <= r,   t - r / 2 beyond,       t = 1 - y f

It lies below the hinge loss by at most r / 2 a point, and its v = y clip(t / r, 0, 1) lies in the domain of the dual of
the hinge loss, so that it may serve there as it is. Chapelle (2007), Training a Support Vector Machine in the Primal.
"""

from __future__ import annotations

import numpy as np

from ..losses import Hinge
from ..network import Array


class SmoothedHinge(Hinge):
    """l_r(1 - y f) for a radius r > 0."""

    smooth = True

    def __init__(self, radius: float) -> None:
        self.radius = radius

    def terms(self, f: Array, y: Array) -> Array:
        t = 1.0 - y * f
        a = np.clip(t / self.radius, 0.0, 1.0)
        return a * (t - 0.5 * self.radius * a)

    def gradient(self, f: Array, y: Array) -> Array:
        return y * np.clip((1.0 - y * f) / self.radius, 0.0, 1.0)

    def curvature(self, f: Array, y: Array) -> Array:
        t = 1.0 - y * f
        return np.where((t > 0.0) & (t < self.radius), 1.0 / self.radius, 0.0)
