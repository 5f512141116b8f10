"""The section below the pictures. Closed it costs nothing; open it follows the points once the hand rests."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from convexviz.app.components import follower, shown
from convexviz.app.compute import answers
from convexviz.app.lessons.splines.answer import checking, pieces, prediction, values
from convexviz.app.lessons.splines.answer.answered import Answered
from convexviz.app.shell.errors import guard

OPEN, TABS = "line-answer-open", "line-answer-tab"
PIECES, VALUES, PREDICTS = "Pieces", "Values", "How well it predicts"


@st.fragment
def section(present: Callable[[], Answered], slider: str) -> None:
    """The section on what `present` says; `slider` is the key of the slider, whose messages name the points."""
    with guard(), st.container(key="answer-in-use"):
        whole = st.expander("**The answer in use**: pieces, values, errors", key=OPEN, on_change="rerun")
        shown.forget(checking.CURVE)  # it is noted again where it is drawn
        if not whole.open:
            return
        now = present()
        follower.mount("line-answer-follower", slider=slider, rev=answers.rev(now.problem))
        with whole:
            _tabs(now)


def _tabs(now: Answered) -> None:
    if now.solution is None:
        st.markdown("There is no answer to use yet.")
        return
    network = now.solution.network
    first, second, third = st.tabs([PIECES, VALUES, PREDICTS], key=TABS, on_change="rerun")
    with first:
        if first.open:
            pieces.show(now, network)
    with second:
        if second.open:
            values.show(now, network)
    with third:
        if third.open:
            prediction.show(now, now.solution)
