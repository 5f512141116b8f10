"""Networks as the browser draws them, and back: `ReLUNetwork` has every digit, these are a few hundred bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np

from convexviz.core.network import Array, ReLUNetwork

from ..spec import Numbers
from .typed import numbers


class LineNetwork(TypedDict):
    """A network on the line: sides u of +1 or -1, kinks at -b u, weights w, constant c."""

    u: Sequence[int]
    b: Sequence[float]
    w: Sequence[float]
    c: float


class DualVector(TypedDict):
    """v (n,) and half the width of the band that N_v may fill; `x` are the points (n, 2) it belongs to, row by row."""

    v: Numbers
    beta: float
    x: NotRequired[Numbers]


class PlaneNetwork(TypedDict):
    """A network in the plane: u (m, 2) row by row, b and w (m,), the constant c; `dual` for the map of N_v."""

    dim: Literal[2]
    u: Numbers
    b: Numbers
    w: Numbers
    c: float
    dual: NotRequired[DualVector]


Network = LineNetwork | PlaneNetwork


def network_of(network: ReLUNetwork | Network) -> ReLUNetwork:
    """The network, whichever way it is told; one in single precision gets rows of unit norm again."""
    if isinstance(network, ReLUNetwork):
        return network
    u, b, w = (numbers(network[name]) for name in ("u", "b", "w"))
    return ReLUNetwork.normalized(u.reshape(len(w), dimension(network)), b, w, float(network["c"]))


def dimension(network: ReLUNetwork | Network) -> int:
    """In how many dimensions the network lives."""
    if isinstance(network, ReLUNetwork):
        return network.dimension
    return 2 if "dim" in network else 1


def dual_of(network: Any, answer: Any = None) -> tuple[Array, Array] | None:
    """v (n,) in units of its band, and its points (n, 2); None where the network brings no dual vector.

    The points of a frame's are those of the `answer`, unless it brings its own.
    """
    dual = network.get("dual")
    places = None if dual is None else dual.get("x", ((answer or {}).get("dual") or {}).get("x"))
    if places is None:
        return None
    v, points = numbers(dual["v"]) / dual["beta"], numbers(places).reshape(-1, 2)
    return (v, points) if len(points) == len(v) else None


def support_of(network: Any, share: float = 1e-6) -> Array:
    """Indices of the points whose |v_i| is above a `share` of the largest; none without a dual vector."""
    dual = network.get("dual")
    size = np.abs(numbers(dual["v"])) if dual else np.empty(0)
    held: Array = np.flatnonzero(size > share * size.max(initial=0.0))
    return held
