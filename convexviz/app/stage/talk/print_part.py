"""The part of the dialog that prints: the hand-out as PDF, or as a page that the reader's browser prints."""

from __future__ import annotations

import streamlit as st

from convexviz.app.stage.talk.handout import PAPERS
from convexviz.app.stage.talk.making import Making, Order
from convexviz.app.stage.talk.scenes import Talk
from convexviz.export.render import missing

MAKING = "cvz-talk-making"  # session key: the hand-out under way, or the one made last
POLL = 1.0  # seconds


def show(talk: Talk, root: str) -> None:
    """What is printed and how, and what has become of it."""
    st.subheader("Hand-out", anchor=False)
    paper, rows, button = st.columns([1, 1, 2], vertical_alignment="bottom")
    size = paper.selectbox("Paper", PAPERS, key="talk-paper")
    two = rows.selectbox("Scenes a page", [1, 2], key="talk-per-page") == 2
    reason = missing()
    words = "Make the PDF" if not reason else "Make the page to print"
    if button.button(words, icon=":material/print:", key="talk-print", width="stretch"):
        _cancel()
        st.session_state[MAKING] = Making(Order(talk, "html" if reason else "pdf", size, two, root))
    if reason:
        st.caption(f"{reason} Until then your browser can do it: open the page, and print it as PDF.")
    _progress()


def _progress() -> None:
    making: Making | None = st.session_state.get(MAKING)
    if making is None:
        return
    st.fragment(_look, run_every=None if making.over else POLL)()


def _look() -> None:
    making: Making = st.session_state[MAKING]
    making.job.wait(0)
    order, count = making.order, len(making.order.talk.scenes)
    if making.made:
        kind = "application/pdf" if order.form == "pdf" else "text/html"
        st.download_button(f"Save the hand-out ({count} scenes)", making.made, f"hand-out.{order.form}", kind,
                           key="talk-print-save", icon=":material/download:", on_click="ignore")  # fmt: skip
    elif making.failure:
        st.error(making.failure)
    elif making.job.alive:
        st.progress(
            making.done / (count + 1), f"Scene {making.done} of {count} is drawn …" if making.done else "Begins …"
        )
    else:
        st.caption("Making it was given up, as nobody asked for it any more.")


def _cancel() -> None:
    making: Making | None = st.session_state.get(MAKING)
    if making is not None:
        making.job.cancel()
