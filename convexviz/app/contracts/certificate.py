"""The verdict on an answer, and the proof that the browser checks."""

from __future__ import annotations

from typing import NotRequired, Required, TypedDict

from convexviz.app.contracts.values import Later, Real, Status
from convexviz.figures.spec import Numbers


class Bounds(TypedDict):
    """Objective and lower bound as the badge shows them."""

    upper: float
    lower: float


class Family(TypedDict):
    """The numbers of a loss of the residual with limited slopes, see `convexviz.core.losses.residuals`."""

    curvature: float
    low: float
    high: float


class Proof(TypedDict):
    """Every digit of an answer, for the browser to prove: X (n, d), U (m, d) row by row, the rest (n,) or (m,).

    A loss that the browser does not know by its name comes with its `family`, and with the loss of the best constant;
    points that do not all count once come with their `weight`.
    """

    X: Numbers
    y: Numbers
    U: Numbers
    b: Numbers
    w: Numbers
    center: Numbers
    v: Numbers
    loss: str
    bias: bool
    beta: float
    c: float
    tol: float
    n: int
    d: int
    shown: Bounds
    family: NotRequired[Family]
    constant: NotRequired[float]
    weight: NotRequired[Numbers]


class Certificate(TypedDict, total=False):
    """What the badge shows of an answer; `message` is the reason in plain words."""

    status: Required[Status]
    message: str
    objective: Real
    lower_bound: Real
    gap: Real
    neurons: int
    seconds: Real
    method: str
    loss: str
    beta: Real
    unique: bool | None
    proof: Proof | Later
    bare: bool  # without the row of numbers, where they stand beside it


class BadgeMessage(Certificate):
    """A certificate for the badge `key`; of two messages the one with the higher `seq` is newer."""

    key: str
    seq: int
