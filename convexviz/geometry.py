"""Geometry of bias-free ReLU networks: rectified ellipsoids, polars, spike-free data, and neurons as extreme points.

>>> import numpy as np
>>> from convexviz.geometry import RectifiedEllipsoid
>>> body = RectifiedEllipsoid(np.eye(2))
>>> body.spike_free().verdict, round(body.gauge([3.0, -4.0]).value, 6)
(True, 7.0)
"""

from .core.geometry.curves import Hull, Spikes, Trace
from .core.geometry.extreme_points import ExtremePoint, extreme_point, extreme_points
from .core.geometry.spike_free import SpikeFree, spike_free
from .core.oracles.arrangements import activation_patterns, sampled_patterns
from .core.sample_space.polar import Contact, Gauge, PolarBoundary
from .core.sample_space.rectified_ellipsoid import RectifiedEllipsoid, SupportPoint

__all__ = [
    "Contact",
    "ExtremePoint",
    "Gauge",
    "Hull",
    "PolarBoundary",
    "RectifiedEllipsoid",
    "SpikeFree",
    "Spikes",
    "SupportPoint",
    "Trace",
    "activation_patterns",
    "extreme_point",
    "extreme_points",
    "sampled_patterns",
    "spike_free",
]
