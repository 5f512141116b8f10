"""An answer kept to compare the next ones with: its ghost on the board, the objectives, the way back."""

from __future__ import annotations

import streamlit as st

from convexviz.app.lessons.plane.overlays import Pin
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.lessons.plane.view_state import present
from convexviz.app.shell import source, state


def pinned(settings: PlaneSettings) -> Pin | None:
    """The answer pinned for the task on show."""
    return st.session_state.get(_key(settings))


def pin_controls(settings: PlaneSettings) -> None:
    """Keep the present answer to compare the next ones with."""
    pin = pinned(settings)
    with st.container(key="pins", horizontal=True, width="content", gap="small"):
        st.button(
            "Pin this answer" if pin is None else "Pin anew",
            key="pin",
            icon=":material/keep:",
            type="tertiary",
            help="Keep its boundary on the board as a dashed ghost, and compare objectives.",
            on_click=_pin_now,
        )
        if pin is not None:
            st.button(
                "Back to it", key="pin-back", icon=":material/undo:", type="tertiary", on_click=_back, args=(pin,)
            )
            st.button("Unpin", key="unpin", icon=":material/keep_off:", type="tertiary", on_click=_unpin)


def _pin_now() -> None:
    """As a callback: what is on the board at the moment of the click, drags since the last full run included."""
    now = present()
    if now.solution is not None:
        st.session_state[_key(now.settings)] = Pin(now.solution, now.points, now.view)


def _back(pin: Pin) -> None:
    settings: PlaneSettings = state.current().settings
    source.plane.replace(settings.task, pin.points, pin.view)
    state.update(loss=pin.solution.loss, beta=pin.solution.beta)


def _unpin() -> None:
    del st.session_state[_key(state.current().settings)]


def _key(settings: PlaneSettings) -> str:
    return f"plane-pinned-{settings.task}"
