"""The certificate badge: objective, lower bound and gap of the answer on the page, with the word that they justify."""

import math
from typing import Any, cast, get_args

import numpy as np
import streamlit as st

from convexviz.app.components import chart, shown
from convexviz.app.components.web import module, sequence
from convexviz.app.contracts import BadgeMessage, Certificate, Later, Proof, Status
from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import TOLERANCE
from convexviz.figures.spec import Numbers

STATUSES: tuple[Status, ...] = get_args(Status)

_component = st.components.v2.component(
    "convexviz_badge",
    js=module("badge/badge.js", "badge/badge.css"),
    isolate_styles=False,
)


def mount(key: str, data: Certificate) -> None:
    """Show one answer's certificate; `payload` says what `data` may hold."""
    message = parcel(key, data)
    shown.note("badge", key, message)
    _component(key=key, data=message)


def parcel(key: str, data: Certificate) -> BadgeMessage:
    """What the badge `key` is sent, by its own message or along with the board's."""
    return {**payload(data), "key": key, "seq": sequence()}


def payload(data: Certificate) -> Certificate:
    """`data` in JSON's terms.

    `status` is one of STATUSES, all else is optional; `proof` is what the browser needs to check the answer in exact
    arithmetic (`proof_of`), or LATER.
    """
    if data.get("status") not in STATUSES:
        raise ValueError(f"status must be one of {STATUSES}, got {data.get('status')!r}.")
    plain = {name: _plain(value) for name, value in data.items()}
    return cast(Certificate, plain)  # the keys are those of `data`


LATER: Later = "later"
MOST_DIMENSIONS = 2  # that the browser's mathematics takes without a hint


def proof_of(
    X: Array,
    y: Array,
    network: ReLUNetwork,
    v: Array,
    loss: str,
    beta: float,
    bounds: tuple[float, float],
    bias: bool = True,
    tol: float = TOLERANCE,
    weights: Array | None = None,
) -> Proof | None:
    """The numbers of an answer, every digit of them, for the browser to prove; None where its mathematics ends.

    X (n, d), y and v (n,). `bounds` are objective and lower bound as shown, finite; `tol` is the relative gap at which
    the answer counts as certified; `weights` (n,) are those of the points, None for 1 each.
    """
    n, d = X.shape
    if d > MOST_DIMENSIONS or not np.isfinite(bounds).all():
        return None
    center = np.zeros(d) if network.center is None else network.center
    upper, lower = map(float, bounds)
    proof: Proof = {
        "X": _packed(X),
        "y": _packed(y),
        "U": _packed(network.U),
        "b": _packed(network.b),
        "w": _packed(network.w),
        "center": _packed(center),
        "v": _packed(v),
        "loss": loss,
        "bias": bias,
        "beta": float(beta),
        "c": network.c,
        "tol": tol,
        "n": n,
        "d": d,
        "shown": {"upper": upper, "lower": lower},
    }
    if weights is not None:
        proof["weight"] = _packed(weights)
    term = get_loss(loss) if weights is None else get_loss(loss).weighted(weights)
    if term.family is not None:
        proof["family"] = {"curvature": term.family.curvature, "low": term.family.low, "high": term.family.high}
        proof["constant"] = term.baseline(y)
    return proof


def _packed(array: Array) -> Numbers:
    packed: Numbers = chart.pack(np.ravel(np.asarray(array, float)))
    return packed


def _plain(value: Any) -> Any:
    """JSON has no infinities: they travel as "inf", "-inf" and "nan"."""
    value = value.item() if isinstance(value, np.generic) else value
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
