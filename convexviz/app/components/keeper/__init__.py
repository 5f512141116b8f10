"""The keeper: keeps the drawing of each lesson in the browser, and brings it back.

It draws one line at the foot of the window, and that only when there is something to say.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from convexviz.app.components.web import module, sequence
from convexviz.app.contracts import KeeperMessage

KEY = "keeper"

_component = st.components.v2.component(
    "convexviz_keeper", js=module("keeper/keeper.js", "keeper/keeper.css"), isolate_styles=False
)


def mount(
    message: KeeperMessage, restore: Callable[[object], None], afresh: Callable[[], None], told: Callable[[], None]
) -> None:
    """Mount the keeper. `restore` is given what the browser had kept, `told` called when it has heard of `told`."""
    _component(
        key=KEY,
        data=message,
        on_restore_change=lambda: restore(st.session_state[KEY].get("restore")),
        on_afresh_change=afresh,
        on_told_change=told,
    )


def parcel(page: str, session: str, query: str, fresh: bool, brought: bool, told: int, embedded: bool) -> KeeperMessage:
    """What the keeper is sent, by its own message or along with the board's."""
    return {
        "key": KEY,
        "seq": sequence(),
        "page": page,
        "session": session,
        "query": query,
        "fresh": fresh,
        "brought": brought,
        "told": told,
        "embedded": embedded,
    }
