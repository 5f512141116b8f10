"""The tab with the pieces: from, to, slope, intercept, and the kinks with their change of slope."""

from __future__ import annotations

import streamlit as st

from convexviz.app.lessons.splines.answer.answered import Answered, literal, number, table
from convexviz.core.network import ReLUNetwork
from convexviz.core.pieces import as_csv

TALL = 12  # rows of a table that scrolls
HEIGHT = 420  # pixels of such a table


def show(now: Answered, network: ReLUNetwork) -> None:
    """The tables, and the ways to take them along."""
    pieces, kinks = network.pieces(), network.bends()
    x, y = literal(now.axes[0]), literal(now.target)
    st.markdown(_summary(now, network))
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(height=HEIGHT if len(pieces) > TALL else "content", border=False):
        rows = [[number(v) for v in (p.start, p.stop, p.slope, p.intercept)] for p in pieces]
        st.markdown(table([f"{x} from", "to", f"slope of {y}", "intercept"], rows))
    with right, st.container(height=HEIGHT if len(kinks) > TALL else "content", border=False):
        if kinks:
            rows = [[number(kink.position), number(kink.change)] for kink in kinks]
            st.markdown(table([f"kink at {x}", "change of slope"], rows))
        else:
            st.markdown("No kink: the answer is one straight line.")
    _take(as_csv(network, *_names(now)))


def _names(now: Answered) -> tuple[str, str]:
    return now.axes[0], now.target


def _summary(now: Answered, network: ReLUNetwork) -> str:
    """What the tables say, in a sentence or two."""
    many = len(network.pieces())
    pieces = f"{many} straight pieces, on each of which" if many > 1 else "one straight piece:"
    words = f"The answer consists of {pieces} f(x) = slope · x + intercept."
    if not now.classes:
        return words
    zeros = [number(place.start) for place in network.level_set(0.0) if place.start == place.stop]
    if not zeros:
        return f"{words} Where f is above zero the class is +1; no single place parts the classes."
    return f"{words} Where f is above zero the class is +1; f is zero at {literal(now.axes[0])} = {', '.join(zeros)}."


def _take(text: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Pieces as CSV",
            text,
            "pieces.csv",
            "text/csv",
            key="pieces-csv",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("Copy the pieces", icon=":material/content_copy:"):
            st.caption("Every digit, for a spreadsheet: point at the text for the button that copies it.")
            st.code(text.replace(",", "\t") if '"' not in text else text, language=None, height=240)
