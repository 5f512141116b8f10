"""Networks as the browser draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from convexviz.figures.spec import Numbers


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
