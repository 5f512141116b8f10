"""A dual vector in the hand: a handle for each of its numbers, N_v against its band, the two bounds, the sums on paper.

They are parts of one state, which the browser keeps: what the hand does is drawn in all of them at once. It goes to
Python too, one position at a time while the hand moves, and always the last one; Python's answer carries the number of
the last request that it has seen, and until then the hand has the last word.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
import streamlit as st

from convexviz.app.components import shown
from convexviz.app.components.web import module
from convexviz.app.contracts import DualMessage, DualRequest
from convexviz.core.network import Array

LARGEST = 1e6
MOST = 64  # numbers in a message that is believed

Taken = Callable[[Array, Array | None], None]

_component = st.components.v2.component(
    "convexviz_dual", js=module("dual_hand/dual_hand.js", "dual_hand/dual_hand.css"), isolate_styles=False
)


def mount(key: str, data: DualMessage, on_v: Taken | None = None) -> None:
    """Draw a part; the handles call `on_v` with the new v, and with the v on the way whose network was the best."""
    shown.note("dual", key, data, data["part"])
    if on_v is None:
        _component(key=key, data=data)
    else:
        _component(key=key, data=data, on_v_change=lambda: _tell(key, on_v))


def seen(key: str) -> int:
    """The number of the last request of the handles `key`."""
    rev = _request(key).get("rev", 0)
    return rev if isinstance(rev, int) and not isinstance(rev, bool) and 0 <= rev < 2**53 else 0


def _request(key: str) -> DualRequest:
    state = st.session_state.get(key) or {}
    request = state.get("v")
    return cast(DualRequest, request if isinstance(request, Mapping) else {})


def _tell(key: str, on_v: Taken) -> None:
    """Hand v on, unless a foreign page sent what no handle sends."""
    request = _request(key)
    v = vector(request.get("v"))
    if v is not None:
        on_v(v, vector(request.get("best")))


def vector(value: object) -> Array | None:
    """Numbers from the browser, if they are that."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST:
        return None
    real = [isinstance(number, int | float) and not isinstance(number, bool) for number in value]
    if not all(real) or not all(math.isfinite(number) and abs(number) <= LARGEST for number in value):
        return None
    return np.array(value, float)
