"""Where the points stand: on a line in the plane, turned and stretched, one of them off it; and the problems they pose.

With R the rotation by the angle, s the scale, and t_i = 0 for every point but p,

    x_i = s R (z_i, t_i),    that is X = z a' with a = s (cos, sin) as long as p is on the line.

Then u . x_i + b = s (R'u) . (z_i, t_i) + b: a rotation changes no optimum, and a stretch by s is a weight decay of
beta/s, since a unit vector u is worth s times as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.rank_one.settings import RankOneSettings
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.core.oracles.plane import PlaneOracle

ROUNDING = 1e-15  # of a unit vector


def directions(angle: float) -> Array:
    """Unit vectors along the line and across it, the rows of a (2, 2) matrix; `angle` in degrees."""
    turned = np.deg2rad(angle)
    along = np.array([np.cos(turned), np.sin(turned)])
    along[np.abs(along) < ROUNDING] = 0.0  # a right angle is one
    return np.array([along, [-along[1], along[0]]])


@dataclass(frozen=True, eq=False)
class Placed:
    """The points of the line (z, y) as the settings place them in the plane."""

    settings: RankOneSettings
    points: Points

    @property
    def z(self) -> Array:
        return self.points.X[:, 0]

    @property
    def y(self) -> Array:
        return self.points.y

    @property
    def moved(self) -> int | None:
        """Index of the point p, which may leave the line; there is none without points."""
        order = np.argsort(self.z, kind="stable")
        return int(order[min(self.settings.moved, len(order)) - 1]) if len(order) else None

    @property
    def off(self) -> float:
        """How far p is off the line, before the scale."""
        return self.settings.off if self.moved is not None else 0.0

    @property
    def a(self) -> Array:
        """The direction a (2,) of the line, as long as the scale."""
        return self.settings.scale * directions(self.settings.angle)[0]

    def at(self, along: Array, across: Array) -> Array:
        """Places (k, 2) in the plane, of coordinates (k,) along the line and across it."""
        return self.settings.scale * np.column_stack([along, across]) @ directions(self.settings.angle)

    @property
    def X(self) -> Array:
        """All points in the plane (n, 2)."""
        X = np.outer(self.z, self.a)
        if self.moved is not None and self.off:
            X[self.moved] += self.off * np.array([-self.a[1], self.a[0]])
        return X

    @property
    def in_plane(self) -> Problem:
        """The training problem of the plane."""
        return Problem.of(self.X, self.y, self.settings.loss)

    @property
    def on_line(self) -> Problem:
        """The problem of z alone, p put back: the same as that of X = z a' if its beta is `line_beta`."""
        return Problem.of(self.points.X, self.y, self.settings.loss)

    @property
    def without(self) -> Problem:
        """The problem of z without p."""
        rest = np.arange(len(self.z)) != self.moved
        return Problem.of(self.points.X[rest], self.y[rest], self.settings.loss)

    @property
    def line_beta(self) -> float:
        """The beta at which the points z have the optimum of the points s z at the beta of the settings."""
        return self.settings.beta / self.settings.scale


def gain_of(placed: Placed, line: cv.Solution) -> float:
    """max |N_v| / beta over all neurons of the plane, of the dual vector v that is optimal on the line."""
    return PlaneOracle(placed.X).maximum(line.v - line.v.mean()) / placed.settings.beta
