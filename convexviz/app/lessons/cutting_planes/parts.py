"""The pieces of the lesson on cutting planes: the run of one oracle, round by round, and what it proves and misses.

In the plane the fit is on the board; in more dimensions it stands against the target, and circles through neurons take
the place of the map of the dual function.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import streamlit as st

from convexviz.app.components import badge, board, chart, film
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer, Certificate, ChartArguments
from convexviz.app.course import guide
from convexviz.app.lessons.cutting_planes import frames, run_text
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.app.lessons.cutting_planes.view_state import (
    CHEAP,
    LINE,
    TOL,
    ViewState,
    best_of,
    missed_of,
    on_plane,
    points,
    points_of,
    present,
)
from convexviz.app.shell import controls, state
from convexviz.app.shell.errors import guard
from convexviz.core.ladder.missed import Missed
from convexviz.data.space_sets import SPACE_SETS
from convexviz.figures import cutting as figures
from convexviz.figures import plane as plane_figures
from convexviz.figures.parts import band_of, keyed
from convexviz.figures.plane.decision import support_vectors
from convexviz.figures.plane.tools import View, by_size
from convexviz.figures.spec import Spec
from convexviz.figures.theme import OVERLAY

BOARD, BADGE, DUAL, BOUNDS, SLICE, FIT, FILM = (
    "cutting-board",
    "cutting-badge",
    "cutting-dual",
    "cutting-bounds",
    "cutting-slice",
    "cutting-fit",
    "cutting-film",
)
KEPT = "cutting-kept"  # session key: film and figures of the last run, while a hand moves
MOST_POINTS = 80  # on the board
BOARD_HEIGHT, DUAL_HEIGHT, BOUNDS_HEIGHT = 300, 240, 230


class Kept(TypedDict):
    """What stays on the page while a hand moves: the packed film and its name, figures by name."""

    frames: str | None
    rev: str
    bounds: dict[str, Spec]
    slice: dict[str, Spec]


def lesson(settings: CuttingSettings) -> None:
    """The run in the plane or in more dimensions."""
    now = present()
    if now.oracle not in (settings.oracle, LINE):  # the points cannot have the one that was asked for
        state.update(oracle=now.oracle)
    _fragment(state.current().settings)


@st.fragment
def _fragment(settings: CuttingSettings) -> None:
    """What a gesture reruns; `settings` are those that the page was drawn for."""
    if state.current().settings != settings:  # a widget in here has moved: the toolbar and the text follow too
        st.rerun()
    with guard():
        now = present()
        missed = missed_of(now)
        shown = _badge(now, missed)
        proved = answers.proved(now.answer, now.problem, now.live, now.bias, TOL) | shown
        if not now.live or KEPT not in st.session_state:
            st.session_state[KEPT] = _made(now, missed, shown)
        left, right = st.columns([52, 48], gap="medium")
        with left:
            _picture(now, missed, shown)
            _oracles(now)
            _film()
            _beta(now)
            with st.container(key="bounds"):
                chart.mount(BOUNDS, st.session_state[KEPT]["bounds"])
        with right:
            with st.container(key="certificate"):
                badge.mount(BADGE, proved)
            _dual_figures(now)
            with st.container(key="verdict"):
                st.markdown(run_text.verdict(now, missed, best_of(now)))
            if now.mapped:
                _slice(now.bias)


def _badge(now: ViewState, missed: Missed | None) -> Certificate:
    status, message = run_text.statement(now, missed)
    return answers.badge(now.answer) | {"status": status, "message": message}


def _window(now: ViewState) -> View | None:
    return None if now.origin is None else (now.origin.view.x, now.origin.view.y)


# ---------------------------------------------------------------- left: the fit, the oracle and the film


def _picture(now: ViewState, missed: Missed | None, shown: Certificate) -> None:
    window = _window(now)
    if window is not None:
        with st.container(key="board"):
            _board(now, missed, window, shown)
        return
    with st.container(key="fit"):
        spec = frames.fit_spec(now)
        chart.mount(FIT, {} if spec is None else {"fit": spec})
    st.caption(f"{SPACE_SETS[now.settings.space].description} Each dot is a point of the data.")


def _oracles(now: ViewState) -> None:
    """Who looks for the next neuron, and among which."""
    with st.container(key="oracles", horizontal=True, vertical_alignment="center", gap="small"):
        fitting = [name for name, reason in now.refused.items() if not reason]
        if fitting:
            controls.choice("oracle", fitting, label_visibility="collapsed", width="content")
        if not now.settings.homogeneous:
            controls.toggle("bias")


def _beta(now: ViewState) -> None:
    """The price of a neuron, and which oracles are for other data."""
    with st.container(key="beta"):
        if not now.settings.hides("beta"):
            controls.log_slider("beta", 0.01, 10.0)
        st.caption(run_text.refusals(now.refused))


def _film() -> None:
    """The rounds; under a moving hand those of the last run stay."""
    kept: Kept = st.session_state[KEPT]
    with st.container(key="film"):
        if kept["frames"] is not None:
            film.mount(
                FILM,
                frames=kept["frames"],
                rev=kept["rev"],
                title="Round by round",
                caption="The end of the run. Press play, or step, to see how it got there.",
            )


def _board(now: ViewState, missed: Missed | None, window: View, shown: Certificate) -> None:
    assert now.origin is not None
    answer: BoardAnswer = {
        "network": None if now.solution is None else frames.plane_network(now, now.solution.network, None),
        "status": shown["status"],
        "note": now.origin.problem or now.answer.message,
        "regions": True,
        "margins": True,
        "lines": True,
        "curves": frames.missed_lines(missed, window),
    }
    if now.classes and now.solution is not None:
        answer["support"] = np.flatnonzero(support_vectors(now.solution)).tolist()
    board.mount(
        BOARD,
        points.state_key(now.settings.task),
        mode="plane" if now.classes else "plane-values",
        view=now.origin.view,
        answer=answer,
        axes=now.origin.axes if now.classes else (*now.origin.axes, now.origin.target),
        max_points=MOST_POINTS,
        height=BOARD_HEIGHT,
        equal=True,
        parcels={} if now.live else guide.parcels(now.settings, points_of(now.settings)),
    )


# ---------------------------------------------------------------- right: the dual function


def _dual_figures(now: ViewState) -> None:
    """The map of the dual function over all neurons; where there is none, the circle through one."""
    window = _window(now)
    if window is not None and now.mapped:
        with st.container(key="figure"):
            chart.mount(DUAL, **_dual(now, window))
        return
    _slice(now.bias)
    if window is not None:
        st.caption("Without free biases neurons are the points of a sphere; the circle runs once around it.")


def _dual(now: ViewState, window: View) -> ChartArguments:
    if now.solution is None:
        return {"figures": {}}
    centre = np.mean(window, axis=1)
    reach = float(np.linalg.norm(now.X - centre, axis=1).max(initial=0.0)) or 1.0
    network = by_size(on_plane(now.solution.network))
    v = now.solution.history[-1].v if now.solution.history else None
    dual = now.solution.v if v is None else v, band_of(now.solution)
    spec = plane_figures.dual_map_spec(window, DUAL_HEIGHT, reach, now.problem.loss)
    spec["layout"]["title"]["text"] = keyed("Dual function over all neurons", (OVERLAY, "■", "beyond ±β"))
    return {"figures": {"dual": spec}, "network": answers.plane_json(network, dual, now.X)}


def _made(now: ViewState, missed: Missed | None, shown: Certificate) -> Kept:
    """What is made once for a run: the packed film and its name, the figures of bounds and circle."""
    s = now.solution
    if s is None or not s.history or now.oracle == LINE:
        return {"frames": None, "rev": "", "bounds": {}, "slice": {}}
    exact = now.oracle in CHEAP or (now.oracle == "relaxation" and now.certified)
    bounds = figures.rounds_spec(s.history, BOUNDS_HEIGHT, band_of(s), exact, best_of(now))
    text = frames.frames(now, shown, _window(now), missed)
    cut = frames.slice_spec(now, missed)
    circle: dict[str, Spec] = {} if cut is None else {"slice": cut}
    return {"frames": text, "rev": answers.rev(now.key), "bounds": {"bounds": bounds}, "slice": circle}


def _slice(bias: bool) -> None:
    circle = st.session_state[KEPT]["slice"]
    with st.container(key="slice"):
        chart.mount(SLICE, circle)
        if circle and bias:
            st.caption("The two curves: the highest and the lowest N of each direction u, over all biases b.")
