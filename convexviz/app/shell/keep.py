"""The drawing outlives a reload: the link of what is on the page is kept in the browser, and taken up from there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from convexviz.app.components import keeper
from convexviz.app.contracts import KeeperMessage
from convexviz.app.shell import controls, share, state
from convexviz.app.shell.settings import MAX_TEXT, to_query

SESSION, DRAWN, BROUGHT = "cvz-session", "cvz-drawn", "cvz-brought"  # session keys


def enter(drawn: Callable[[Any], str]) -> None:
    """The lesson on show begins to be drawn; `drawn` gives its points as text for a link."""
    st.session_state[DRAWN] = drawn
    st.session_state.setdefault(SESSION, secrets.token_hex(8))


@st.fragment
def mount() -> None:
    """What keeps the drawing, below the lesson; asked by the browser it alone is run."""
    keeper.mount(_message(), _restore, _afresh, controls.heard)
    if st.session_state.pop(BROUGHT, False):
        st.rerun()


def parcels() -> Mapping[str, KeeperMessage]:
    """What the board hands on to the keeper after a gesture."""
    return {keeper.KEY: _message()} if DRAWN in st.session_state else {}


def _message() -> KeeperMessage:
    lesson = state.current()
    drawn: Callable[[Any], str] = st.session_state[DRAWN]
    settings = share.complete(lesson.settings, lambda: drawn(lesson.settings))
    query = urlencode(to_query(replace(settings, hide="")))  # what a link hides comes by that link alone
    session, fresh = st.session_state[SESSION], lesson.loads == 0
    embedded = bool(st.context.is_embedded)
    return keeper.parcel(state.page(), session, query, fresh, lesson.brought, controls.sent(), embedded)


def _restore(kept: object) -> None:
    """Take up what the browser has kept, if it is of this page and can be read; else the page stays as it is."""
    if state.current().brought:  # it is back, and the browser has not seen it
        st.session_state[BROUGHT] = True
    if not isinstance(kept, Mapping) or kept.get("page") != state.page() or state.current().loads:
        return
    query = kept.get("query")
    if isinstance(query, str) and len(query) <= 2 * MAX_TEXT:
        st.session_state[BROUGHT] = state.restore(dict(parse_qsl(query, keep_blank_values=True)))


def _afresh() -> None:
    """Begin the page anew, as if nothing had been kept."""
    state.afresh()
    st.session_state[BROUGHT] = True
