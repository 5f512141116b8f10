"""The certificate badge: objective, lower bound and gap of the answer on the page, with the word that they justify."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.web import module, sequence

STATUSES = ("certified", "upper-bound", "infeasible", "error", "empty")

_component = st.components.v2.component(
    "convexviz_badge", js=module("bus.js", "badge.css", "badge.js"), isolate_styles=False
)


def mount(key: str, data: Mapping[str, Any]) -> None:
    """Show one answer's certificate; `payload` says what `data` may hold."""
    _component(key=key, data=parcel(key, data))


def parcel(key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the badge `key` is sent, by its own message or along with the board's."""
    return payload(data) | {"key": key, "seq": sequence()}


def payload(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` in JSON's terms.

    `status` is one of STATUSES; all else is optional: the numbers `objective`, `lower_bound`, `gap`, `neurons`,
    `seconds`, `beta`, the words `method`, `loss`, `message` (the reason in plain words), and `unique` (bool or None).
    """
    if data.get("status") not in STATUSES:
        raise ValueError(f"status must be one of {STATUSES}, got {data.get('status')!r}.")
    return {name: _plain(value) for name, value in data.items()}


def _plain(value: Any) -> Any:
    """JSON has no infinities: they travel as "inf", "-inf" and "nan"."""
    value = value.item() if isinstance(value, np.generic) else value
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
