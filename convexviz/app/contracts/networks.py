"""Networks as the browser draws them."""

from __future__ import annotations

from convexviz.figures.sent.networks import DualVector, LineNetwork, Network, PlaneNetwork

__all__ = ["DualVector", "LineNetwork", "Network", "PlaneNetwork"]
