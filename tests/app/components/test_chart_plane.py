"""What the chart is sent of a network in the plane."""

from __future__ import annotations

import json

import numpy as np

from convexviz.app.components import chart
from convexviz.figures import plane as figures

NETWORK = {
    "dim": 2,
    "u": np.array([1.0, 0.0, 0.0, 1.0, -1.0, 0.0]),
    "b": np.array([0.5, 0.25, 0.0]),
    "w": np.array([2.0, -1.0, 0.5]),
    "c": 0.1,
    "dual": {"x": np.linspace(-1.0, 1.0, 12), "v": np.linspace(-0.1, 0.1, 6), "beta": 0.1},
}


def test_a_packed_network_passes_into_the_message_unchanged() -> None:
    packed = chart.pack(NETWORK, floats=np.float32)
    assert packed["u"]["dtype"] == packed["dual"]["v"]["dtype"] == "f4"
    assert packed["b"] == [0.5, 0.25, 0.0], "short arrays are lists"
    sent = chart.parcel("c", {"map": figures.dual_map_spec(((-1, 1), (-1, 1)))}, network=packed)
    assert sent["network"] == packed
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def test_the_message_of_the_dual_map_is_small() -> None:
    """A figure of 10 000 cells costs its network, not its cells."""
    packed = chart.pack(NETWORK, floats=np.float32)
    sent = chart.parcel("c", {"map": figures.dual_map_spec(((-1, 1), (-1, 1)))}, network=packed)
    assert len(json.dumps(sent)) < 5000
