"""What the page shows: the newest message of each of its parts, kept in the session.

Exports, films, the take-home page and the hand-out are made from these messages, so that they show what the page does.
A part is known by its key; its `name` is that of its picture, for parts that draw one of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from convexviz.app.contracts import Frame

Kind = Literal["board", "chart", "badge", "dual", "slider", "path", "film"]

NOW, NEXT = "cvz-shown", "cvz-shown-next"  # session keys: what is on the page; what the run under way has drawn so far
BUSY = "cvz-busy"  # session key: whether work is under way that the page will show
ALONE = "cvz-alone"  # session key: what a page that runs without a browser is run for, a `Purpose`


@dataclass(frozen=True)
class Part:
    """A part of the page: its kind, key, the name of its picture, and the message that the browser was sent."""

    kind: Kind
    key: str
    name: str
    data: Mapping[str, Any]


Parts = Mapping[str, Part]
Purpose = Literal["pictures", "films"]


def note(kind: Kind, key: str, data: Mapping[str, Any], name: str = "") -> None:
    """Remember what a part was sent; what a board brings other parts is theirs from now on."""
    part = Part(kind, key, name, data)
    for parts in _kept():
        parts[key] = part
        for other, brought in data.get("parcels", {}).items():
            if other in parts:
                known = parts[other]
                parts[other] = replace(known, data=_film(known.data, brought) if known.kind == "film" else brought)


def forget(key: str) -> None:
    """A part is not on the page, or is about to be drawn anew."""
    for parts in _kept():
        parts.pop(key, None)


def frames(part: Part) -> list[Frame]:
    """The frames of a path or a film, by β or by round; none while it is not made."""
    text = part.data.get("frames")
    made: list[Frame] = json.loads(text) if text else []
    return made


def begin() -> None:
    """A run of the whole page begins: what it does not draw will be gone."""
    st.session_state.setdefault(NOW, {})
    st.session_state[NEXT], st.session_state[BUSY] = {}, False


def end() -> None:
    """The run has drawn all of the page."""
    drawn = st.session_state.pop(NEXT, None)
    if drawn is not None:
        st.session_state[NOW] = drawn


def now() -> Parts:
    """The parts of the page as they were last drawn, in the order in which they were first."""
    return dict(st.session_state.get(NOW, {}))


def unfinished() -> None:
    """Work is under way that this run does not show yet."""
    st.session_state[BUSY] = True


def alone(*purposes: Purpose) -> bool:
    """Whether the page runs without a browser, for one of these purposes: then nobody is there to press a button."""
    return st.session_state.get(ALONE) in purposes


def _film(known: Mapping[str, Any], brought: Mapping[str, Any]) -> Mapping[str, Any]:
    """A film after an answer that may be one to other points: then its frames are out of date."""
    stale = {"frames": None} if brought["rev"] != known["rev"] else {}
    return {**known, **brought, **stale}


def _kept() -> list[dict[str, Part]]:
    return [st.session_state[key] for key in (NOW, NEXT) if key in st.session_state]
