"""Proof documents for the tests of both checkers: true ones of every kind, made from solutions, and tampered ones.

A document is the JSON object of a proof file, see `convexviz/verify.py`; here it is assembled with nothing but
`float.hex()`, so that neither checker is asked how to write what it reads.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import convexviz as cv
from convexviz import verify
from convexviz.core.network import Array
from convexviz.core.solve_vector import solve_vector

Document = dict[str, Any]

CONSTRAINED = ("interpolate", "hard_margin")
CLASSES = ("hinge", "logistic", "hard_margin")


def hexes(values: Any) -> Any:
    """Floats, in lists of lists of any depth, as `float.hex()` writes them."""
    array = np.asarray(values, float)
    return float(array).hex() if array.ndim == 0 else [hexes(row) for row in array]


def seal(document: Document) -> str:
    """The fingerprint of a document."""
    rest = {key: value for key, value in document.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed(document: Document) -> Document:
    return document | {"seal": seal(document)}


def document(
    X: Array,
    y: Array,
    network: Any,
    v: Array,
    loss: str,
    beta: float,
    bias: bool = True,
    weight: Array | None = None,
    flat: tuple[Array, Array, Array] | None = None,
    direction: Array | None = None,
) -> Document:
    """A sealed document that claims what its numbers prove, by the Python checker, and a few last digits less.

    X (n, d), y and v (n,) or (n, K), `network` with U, b, w, c and perhaps `center`; `flat` is (centre, basis, Z).
    """
    d = X.shape[1]
    center = np.zeros(d) if getattr(network, "center", None) is None else network.center
    made: Document = {
        "convexviz-proof": 1,
        "loss": loss,
        "bias": bias,
        "beta": hexes(beta),
        "X": hexes(X),
        "y": hexes(y),
        "weight": hexes(np.ones(len(X)) if weight is None else weight),
        "network": {
            "U": hexes(network.U),
            "b": hexes(network.b),
            "w": hexes(getattr(network, "W", None) if getattr(network, "w", None) is None else network.w),
            "c": hexes(network.c),
            "center": hexes(center),
        },
        "v": hexes(v),
        "flat": None if flat is None else dict(zip(("centre", "basis", "Z"), map(hexes, flat), strict=True)),
        "direction": None if direction is None else hexes(direction),
        "claim": dict.fromkeys(("upper", "lower", "violation"), hexes(0.0)),
    }
    upper, lower, violation = verify.bounds(made)
    made["claim"] = {"upper": outwards(upper, 1), "lower": outwards(lower, -1), "violation": outwards(violation, 1)}
    return sealed(made)


def outwards(value: Any, side: int) -> str:
    """A rational as the hexadecimal float a few steps beyond it: above for side 1, below for -1; zero stays zero."""
    if value == 0:
        return hexes(0.0)
    near = float(value)
    for _ in range(3):
        near = float(np.nextafter(near, side * np.inf))
    return near.hex()
