"""The share link: written when asked for, shown in full, and a calm word about a damaged one.

What comes and goes above the lesson has a place of its own that stays: Streamlit knows elements by their number, and
one more of them would have all that follow built anew, the board in the hand as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from convexviz.app.shell import state


def share_button(points_text: str | Callable[[], str] = "") -> None:
    """A button that puts the present settings and the points into the address.

    `points_text` holds the drawn points ("" for an unedited preset); a function is called only on the click.
    """
    st.button(
        "Share",
        key="share-button",
        icon=":material/link:",
        help="Puts the data and all settings into the address of this page.",
        on_click=_share,
        args=(points_text,),
    )


def nothing() -> None:
    """Draws nothing."""


def show_address(settings: Any, points_text: str | Callable[[], str], more: Callable[[], None] = nothing) -> None:
    """The address that Share made, to copy, as long as it tells the truth; `more` is drawn beside it."""
    lesson = state.current()
    with st.container(key="share", horizontal=True, vertical_alignment="center", gap="small"):
        if lesson.shared is not None and at_link(settings, points_text):
            st.code(lesson.shared, language=None, width="stretch")
            more()


def at_link(settings: Any, points_text: str | Callable[[], str] = "") -> bool:
    """Whether the page stands at what its link names.

    Then it shows the answer that all who open the link get, whatever was drawn before.
    """
    return state.link_query(complete(settings, points_text)) == state.current().query


def _share(points_text: str | Callable[[], str]) -> None:
    query = state.write_link(complete(state.current().settings, points_text))
    state.current().shared = address(st.context.url or "", query)


def complete(settings: Any, points_text: str | Callable[[], str]) -> Any:
    """The settings with the points as drawn now, where the page has any."""
    if not hasattr(settings, "points"):
        return settings
    return replace(settings, points=points_text() if callable(points_text) else points_text)


def address(page_url: str, query: Any) -> str:
    """The page's address with this query in place of any other."""
    return urlunsplit(urlsplit(page_url)._replace(query=urlencode(query), fragment=""))


def show_link_problems() -> None:
    """Name what was ignored in the link that was opened, until the next change of a setting."""
    problems = state.current().problems
    with st.container(key="link-problems"):
        if problems:
            st.warning(
                "\n".join(f"- {problem}" for problem in problems),
                title="Parts of this link could not be read; defaults are used instead.",
            )
