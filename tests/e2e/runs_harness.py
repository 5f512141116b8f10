"""A page whose whole run ends just when a fragment is asked for, before the server has passed on what it has sent.

That takes a busy machine, so here the server's loop is held up: it hears of the fragment, waits until the run has come
to its end, and only then does what it does about the fragment.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import streamlit as st
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from convexviz.app import reruns

PATIENCE = 20.0  # s


@st.cache_resource
def asked() -> threading.Event:
    """Set as soon as the server hears of the fragment."""
    return threading.Event()


@st.cache_resource
def hold_up() -> None:
    """Make the server's loop slow where a fragment is asked for."""
    reruns.mend()
    request = AppSession.request_rerun

    def slowly(session: AppSession, client_state: Any) -> None:
        if client_state and client_state.fragment_id:
            asked().set()
            end = time.monotonic() + PATIENCE
            while not ended(session) and time.monotonic() < end:
                time.sleep(0.01)
        request(session, client_state)

    AppSession.request_rerun = slowly  # type: ignore[method-assign]


def ended(session: AppSession) -> bool:
    """Whether the run is over."""
    runner: Any = session._scriptrunner
    return runner is None or runner._requests._state is ScriptRequestType.STOP


@st.fragment
def part() -> None:
    """What asks for a run of its own."""
    st.button("part")


hold_up()
pressed = st.button("whole")
part()
if pressed:
    asked().clear()
    st.text("the run has begun")
    asked().wait(PATIENCE)
    st.text("the end of the run")
