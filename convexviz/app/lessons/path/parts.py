"""The path as a film: beta falls from beta_max, neurons enter one at a time, errors on training and fresh points.

The path is solved in a thread beside the page, begun again when the points have changed and the hand rests; its frames
are sent once and scrubbed in the browser.
"""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import chart, film
from convexviz.app.compute import answers
from convexviz.app.lessons.path.solving import Pictures, Walk, key_of, pictures
from convexviz.app.lessons.race.settings import RaceSettings
from convexviz.app.lessons.tangent_kernel import points as race_kernel_data
from convexviz.app.lessons.tangent_kernel.points import NO_FRESH, Data
from convexviz.app.shell.errors import guard

CHART, FILM = "race-path", "race-path-film"
WALK, PICTURES = "race-path-walk", "race-path-pictures"  # session keys: the work, and what was made of it
SOON = 0.15  # seconds in which a path on the line is often solved: then no progress is shown
POLL = 0.4  # seconds between two looks at the work
IDEA = (
    "From some β upwards the best network is a constant. As β falls, **neurons enter**, few at a time, at the places "
    "where the dual function first touches ±β; each frame is the global optimum of its β. The training loss can "
    "only fall; the error on **held-out** points falls as long as new neurons find what is there, and rises once they "
    "fit the noise: weight decay chooses the number of neurons."
)


def path_part(settings: RaceSettings) -> None:
    """The section on the path: heading, curves, the network of one beta, the film."""
    if settings.hides("path"):
        return
    with st.container(key="path-film"):
        st.subheader("The path: neurons enter as β falls", anchor=False)
        st.markdown(IDEA)
        _fragment()


@st.fragment
def _fragment() -> None:
    with guard():
        data = race_kernel_data.now()
        reason = _why_not(data)
        if reason:
            cancel()
            st.info(reason)
            return
        walk = _walk(data)
        if not walk.over:
            walk.job.wait(SOON)
        if not walk.over:
            _poll()
        elif walk.failure:
            st.info(walk.failure)
        else:
            _film(walk)


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
    walk: Walk = st.session_state[WALK]
    walk.job.wait(0)
    if walk.over or walk.given_up:
        st.rerun()
    words = f"Following the path: {walk.done} values of β solved, {walk.most} at most…"
    st.progress(min(walk.done / walk.most, 1.0), words)


def _film(walk: Walk) -> None:
    made: Pictures = st.session_state.get(PICTURES) or pictures(walk.path or [], walk.data)
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
