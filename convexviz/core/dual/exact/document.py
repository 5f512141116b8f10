"""The document of a proof: data, network and dual vector exactly as the floats they are, and nothing to be trusted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from ...losses import Loss
from ...network import Array, ReLUNetwork
from ...rank import Reduction
from ...shape import Multipliers, Shape
from ..repair import cheapest, missing


def proof_document(
    network: ReLUNetwork,
    v: Array,
    X: Array,
    Y: Array,
    weight: Array,
    beta: float,
    loss: Loss,
    bias: bool,
    flat: Reduction | None,
) -> dict[str, Any]:
    """The document without claims and seal.

    v, Y (n,) or (n, K), X (n, d), weight (n,); `flat` holds the points where d > 2.
    """
    spread = loss.interpolates and bias and X.shape[1] > 1
    return {
        "convexviz-proof": 1,
        "loss": loss.name,
        "bias": bias,
        "beta": float(beta).hex(),
        "X": hexadecimal(X),
        "y": hexadecimal(Y),
        "weight": hexadecimal(weight),
        "network": {
            "U": hexadecimal(network.U),
            "b": hexadecimal(network.b),
            "w": hexadecimal(network.w),
            "c": float(network.c).hex() if network.w.ndim == 1 else hexadecimal(network.c),
            "center": hexadecimal(_center(network)),
        },
        "v": hexadecimal(v),
        "flat": None if flat is None else {name: hexadecimal(getattr(flat, name)) for name in ("centre", "basis", "Z")},
        "direction": hexadecimal(_direction(network, X[weight > 0], Y[weight > 0])) if spread else None,
        "claim": dict.fromkeys(("upper", "lower", "violation"), (0.0).hex()),
        **_family(loss),
    }


def shape_document(shape: Shape, multipliers: Multipliers | None) -> dict[str, Any]:
    """What a shape asks for, and what its rows are worth; the bounds that are open are None."""
    m = multipliers or Multipliers.none(np.zeros(0))
    low, high = (bound.hex() if np.isfinite(bound) else None for bound in (shape.low, shape.high))
    bends = {"convex": shape.convex, "concave": shape.concave}
    return {"low": low, "high": high, **bends, "slopes": hexadecimal(m.slopes), "bends": hexadecimal(m.bends)}


def _family(loss: Loss) -> dict[str, Any]:
    """The numbers of a loss that the checker does not know by its name."""
    if loss.family is None:
        return {}
    return {"family": {name: number.hex() for name, number in asdict(loss.family).items()}}


def hexadecimal(values: Array) -> list[Any]:
    """Nested lists of float.hex(): exact, and read back the same everywhere."""
    return [hexadecimal(row) if np.ndim(row) else float(row).hex() for row in values]


def _center(network: ReLUNetwork) -> Array:
    return np.zeros(network.dimension) if network.center is None else network.center


def _direction(network: ReLUNetwork, X: Array, y: Array) -> Array:
    """The direction along which what the network misses is mended most cheaply."""
    return cheapest(X, missing(network, X, y)[0])[1]
