"""A film that is being written on the server: how far it is, and a button that cancels it.

The browser asks again and again until the film is there, each time by a rerun of the fragment in which this stands; so
nothing is asked once it is gone from the page.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from convexviz.app.components.web import module
from convexviz.app.contracts import MakingMessage

_component = st.components.v2.component(
    "convexviz_making", js=module("player/making.js", "player/making.css"), isolate_styles=False
)


def mount(key: str, *, share: float, words: str, on_cancel: Callable[[], None]) -> None:
    """Show how much of a film is there, from 0 to 1; `on_cancel` is called before the rerun that the button causes."""
    counter = f"{key}-seen"  # without it a message that says the same would not reach the browser, which waits for it
    st.session_state[counter] = seen = int(st.session_state.get(counter, 0)) + 1
    data: MakingMessage = {"share": min(1.0, max(0.0, share)), "words": words, "seen": seen}
    _component(key=key, data=data, on_look_change=lambda: None, on_cancel_change=on_cancel)
