"""The β slider: dragged, it shows frames of the pre-solved path in the browser; released, it sends β to Python.

The frames travel in a component of their own, whose message is the same in every rerun until the path changes, so
that a new β does not carry the whole path along.
"""

import json
import math
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import streamlit as st

from convexviz.app.components import badge, chart, shown
from convexviz.app.components.web import module, sequence
from convexviz.app.contracts import BetaRequest, Frame, PathMessage, SliderMessage, SliderPayload, SliderState
from convexviz.figures.spec import Traces, Update

DECADES = 4  # of β below β_max, where the caller names no other end

_JS = module("player/scrubber.js", "player/scrubber.css")
_scrubber = st.components.v2.component("convexviz_scrubber", js=_JS, isolate_styles=False)
_path = st.components.v2.component("convexviz_path", js=_JS, isolate_styles=False)


def mount(key: str, data: SliderState, on_beta_change: Callable[[float], None]) -> None:
    """Show the slider; `on_beta_change` is called with the new β before the rerun that it causes.

    Mount it after the figures and the badge (a container puts it above them): it takes them back from the path to
    their own answer as soon as its data hold the β it asked for.

    `data`: `beta` (of the answer on the page, or None), `beta_max`, and optionally `beta_min`, `frames` (sorted by
    beta, or what `pack_frames` made of them, or None), `path_rev` (changes with the frames), `disabled`, `note`.
    """
    if "frames" in data:
        mount_path(key, frames=data["frames"], path_rev=data.get("path_rev"))
    message = parcel(key, data)
    shown.note("slider", key, message)
    _scrubber(key=key, data=message, on_beta_change=lambda: _tell(key, on_beta_change))


def parcel(key: str, data: SliderState) -> SliderMessage:
    """What the scrubber `key` is sent, by its own message or along with the board's."""
    return {**payload(key, data), "seq": sequence()}


def mount_path(
    key: str, *, frames: str | Sequence[Frame] | None, path_rev: str | None, complete: bool = True, done: int = 0
) -> None:
    """The frames of the scrubber `key`, in a component of its own that may live in a fragment of its own.

    With `complete` off the browser asks for more, by a rerun of that fragment, once the hand rests; it does so too
    when the scrubber's own `path_rev` says that these frames belong to other data. `done` counts what is solved, so
    that no two messages of an unfinished path are equal: an equal one would not reach the browser.
    """
    text = frames if frames is None or isinstance(frames, str) else pack_frames(frames)
    data: PathMessage = {"key": key, "path_rev": path_rev, "frames": text, "complete": complete, "done": done}
    shown.note("path", f"{key}-path", data)
    _path(key=f"{key}-path", data=data, on_more_change=lambda: None)


def payload(key: str, data: SliderState) -> SliderPayload:
    """What the slider itself is sent: everything but the frames, and the number of the last request seen.

    The slider always contains the present β: one above β_max, which a link may name, is its upper end.
    """
    beta_max = data.get("beta_max")
    beta = data.get("beta")
    usable = beta_max is not None and math.isfinite(beta_max) and beta_max > 0 and beta is not None
    return {
        "key": key,
        "beta": beta,
        "beta_max": beta_max if usable else None,
        "beta_min": _low_end(data.get("beta_min"), beta_max) if usable and beta_max else None,
        "beta_end": max(beta_max, beta) if usable and beta_max and beta else None,
        "path_rev": data.get("path_rev"),
        "rev": _request(key).get("rev", 0),
        "live": bool(data.get("live")),
        "disabled": bool(data.get("disabled")) or not usable,
        "note": data.get("note") or "",
    }


def _low_end(beta_min: float | None, beta_max: float) -> float:
    return beta_min if beta_min and 0 < beta_min < beta_max else beta_max / 10**DECADES


def pack_frames(frames: Sequence[Frame]) -> str:
    """Frames as JSON text, arrays in plotly's base64; pure, so the caller may cache it."""
    return json.dumps([_pack_frame(frame) for frame in frames], allow_nan=False, separators=(",", ":"))


def _pack_frame(frame: Frame) -> Frame:
    for name, changed in frame["figures"].items():
        _check(name, changed)
    small = chart.pack(frame["figures"], floats=np.float32)  # finer than a pixel, half the size
    return {
        "beta": float(frame["beta"]),
        "network": chart.pack(frame["network"], arrays=False),
        "badge": badge.payload(frame["badge"]),
        "figures": small,
    }


def _check(name: str, changed: Traces | Update) -> None:
    """What a frame changes in a figure names the traces that it changes."""
    updates = changed if isinstance(changed, list) else changed["data"]
    uids = [update.get("uid") for update in updates]
    if None in uids or len(set(uids)) < len(uids):
        raise ValueError(f"Each trace that a frame changes needs a uid of its own; got {uids} in the figure {name!r}.")


def _request(key: str) -> BetaRequest:
    """The browser's last request, `{value, rev}`, or nothing."""
    state = st.session_state.get(key) or {}
    return cast(BetaRequest, state.get("beta") or {})


def _tell(key: str, on_beta_change: Callable[[float], None]) -> None:
    """Hand β on, unless a foreign page sent what no slider sends."""
    value = _request(key).get("value")
    if isinstance(value, (int, float)) and math.isfinite(value) and value > 0:
        on_beta_change(float(value))
