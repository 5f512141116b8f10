"""The path as a film: beta falls from beta_max, neurons enter, few at a time, errors on training and fresh points.

The path is solved in a thread beside the page, begun again when the points have changed and the hand rests; its frames
are sent once and scrubbed in the browser.
"""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import chart, film, shown
from convexviz.app.compute import answers
from convexviz.app.contrast import optimum_board
from convexviz.app.contrast.held_out import NO_FRESH, Data, posed
from convexviz.app.contrast.points import boards_of, drawn
from convexviz.app.lessons.path.solving import DEPTH, Pictures, Walk, key_of, pictures
from convexviz.app.shell.errors import guard
from convexviz.figures.splines import path_spec

BOARDS = boards_of("path")
CHART, FILM, WEIGHTS = "path-figures", "path-player", "path-weights"
WEIGHTS_HEIGHT = 280
WALK, PICTURES = "path-walk", "path-pictures"  # session keys: the work, and what was made of it
SHOWN = "path-shown"  # session key: the problem that the film is of
BOARD_HEIGHT = {False: 230, True: 280}  # by whether it shows the plane: the numbers below are on the first screen
SOON = 0.15  # seconds in which a path on the line is often solved: then no progress is shown
POLL = 0.4  # seconds between two looks at the work


def lesson() -> None:
    """Board and certificate left, β, the film and the weights right; board and certificate follow the film."""
    st.session_state[SHOWN] = drawn(BOARDS).problem
    left, right = st.columns([42, 58], gap="medium")
    with left:
        _board_fragment()
    with right:
        optimum_board.beta_slider(drawn(BOARDS))
        _film_fragment()


@st.fragment
def _board_fragment() -> None:
    """What a gesture reruns; once the hand rests on other points, the whole page."""
    with guard():
        on = drawn(BOARDS)
        answer = optimum_board.solved(on)
        optimum_board.mount("path", on, answer, BOARD_HEIGHT[on.plane])
        optimum_board.certificate("path", on, answer)
        if not on.live and st.session_state[SHOWN] != on.problem:
            st.rerun()


@st.fragment
def _film_fragment() -> None:
    with guard():
        with st.container(key="path-film"):
            walk = _walked()
        if walk is not None and walk.data.problem.d == 1:
            with st.container(key="weights"):
                chart.mount(WEIGHTS, {"weights": path_spec(walk.exact or walk.path or [], WEIGHTS_HEIGHT, DEPTH[1])})


def _walked() -> Walk | None:
    """The film, or why there is none yet; the path once it is there."""
    data = posed(drawn(BOARDS))
    reason = _why_not(data)
    if reason:
        cancel()
        st.info(reason)
        return None
    walk = _walk(data)
    if not walk.over:
        walk.job.wait(SOON)
    if not walk.over:
        _poll()
    elif walk.failure:
        st.info(walk.failure)
    else:
        _film(walk)
        return walk
    return None


def cancel() -> None:
    """Give up the work that is under way."""
    walk: Walk | None = st.session_state.get(WALK)
    if walk is not None and not walk.over:
        walk.cancel()


def _why_not(data: Data) -> str:
    """Why there is no path."""
    reason = answers.not_yet(data.problem)
    if not reason and answers.beta_max(data.problem) is None:
        reason = "A constant fits these points as well as any network: no β brings a neuron in."
    return reason


def _walk(data: Data) -> Walk:
    """The work on these data: what is known, or begun anew once the hand that draws rests."""
    walk: Walk | None = st.session_state.get(WALK)
    if walk is not None and (walk.key == key_of(data) or (data.live and walk.over)) and not walk.given_up:
        return walk
    cancel()
    walk = st.session_state[WALK] = Walk(data)
    st.session_state.pop(PICTURES, None)
    return walk


@st.fragment(run_every=POLL)
def _poll() -> None:
    """Progress, until the path is there; then the page is told."""
    shown.unfinished()
    walk: Walk = st.session_state[WALK]
    walk.job.wait(0)
    if walk.over or walk.given_up:
        st.rerun()
    words = f"Following the path: {walk.done} values of β solved, {walk.most} at most…"
    st.progress(min(walk.done / walk.most, 1.0), words)


def _film(walk: Walk) -> None:
    made: Pictures = st.session_state.get(PICTURES) or pictures(walk.path or [], walk.data, walk.exact)
    st.session_state[PICTURES] = made
    chart.mount(CHART, made.specs)
    film.mount(
        FILM,
        frames=made.frames,
        rev=answers.rev(walk.key),
        title="The path, from large β to small",
        caption=f"{made.rest} Press play to begin at the largest β.",
        unit="step",
        speeds=(1.0, 3.0, 12.0),
    )
    if walk.data.fresh is None:
        st.caption(NO_FRESH)
