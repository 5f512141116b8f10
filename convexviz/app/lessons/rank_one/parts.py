"""The pieces of the lesson on rank one: the plane, the line, the certificate of the plane, and what p gains.

All but the last is one fragment: a handle of the plane moves what stands beside the line, and a point of the line the
plane. What p gains takes several optima, so it is computed once the hand rests, after the answer.
"""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from convexviz.app.components import badge, board, chart
from convexviz.app.compute import answers
from convexviz.app.contracts import ChartArguments
from convexviz.app.course import guide
from convexviz.app.lessons.rank_one import overlays
from convexviz.app.lessons.rank_one.leaving import leaving
from convexviz.app.lessons.rank_one.run_text import table, verdict
from convexviz.app.lessons.rank_one.settings import MOST_POINTS
from convexviz.app.lessons.rank_one.view_state import HANDLES, LINE, ViewState, present
from convexviz.app.shell import controls
from convexviz.app.shell.errors import guard
from convexviz.figures import plane as figures
from convexviz.figures.parts import band_of, keyed
from convexviz.figures.plane.tools import by_size
from convexviz.figures.rank_one import leaving_spec
from convexviz.figures.theme import NEURON

PLANE, SPLINE, BADGE = "rank-one-plane", "rank-one-spline", "rank-one-badge"
DUAL, SURFACE, LEAVING = "rank-one-dual", "rank-one-surface", "rank-one-leaving"
WHOLE, DRAWN = "rank-one-whole", "rank-one-drawn"  # session keys: whether the whole page runs, what p gains is of
DUAL_TITLE = keyed("Dual function: the proof", (NEURON, "▲▼", "neurons in use"))
FLUSH_SECONDS = 0.03  # the server sends the answer while this script sleeps; else the whole page's run holds it up
PLANE_HEIGHT, LINE_HEIGHT, DUAL_HEIGHT, LOWER_HEIGHT = 420, 300, 230, 340


def lesson() -> None:
    """The plane, the line and the proof side by side; below them words, the surface and what leaving gains."""
    st.session_state[WHOLE] = True
    lesson_fragment()
    with st.container(key="leaving"):
        leaving_fragment()


@st.fragment
def lesson_fragment() -> None:
    """What a gesture reruns; once the hand rests, the whole page if what p gains is another."""
    with guard():
        whole = st.session_state.pop(WHOLE, False)
        now = present()
        plane, line, proof = st.columns([38, 34, 28], gap="small")
        with plane, st.container(key="board"):
            _plane(now)
        with line:
            with st.container(key="line"):
                _line(now)
            if not now.settings.hides("beta"):
                with st.container(key="beta"):
                    controls.log_slider("beta", 0.005, 1.0)
        with proof:
            with st.container(key="certificate"):
                badge.mount(BADGE, answers.proved(now.answer, now.placed.in_plane, now.live))
            with st.container(key="figure"):
                chart.mount(DUAL, **_dual(now))
        words, surface = st.columns([50, 50], gap="small")
        with words, st.container(key="verdict"):
            st.markdown(verdict(now))
            st.markdown(table(now))
        with surface, st.container(key="surface"):
            chart.mount(SURFACE, **_surface(now))
        if not (whole or now.live or st.session_state.get(DRAWN) == _drawn(now)):
            time.sleep(FLUSH_SECONDS)
            st.rerun()


@st.fragment
def leaving_fragment() -> None:
    """What p gains by leaving the line; a gesture may come between two of its optima, and goes first."""
    with guard():
        now = present()
        line, without, solution = now.line.solution, now.without.solution, now.solution
        if line is None or without is None or solution is None:
            chart.mount(LEAVING, {})
        else:
            t, objective = leaving(now.placed, pause=lambda: st.session_state.get(DRAWN))
            here = now.placed.off, solution.objective
            spec = leaving_spec(t, objective, line.objective, without.objective, here, LOWER_HEIGHT)
            chart.mount(LEAVING, {"leaving": spec})
        st.session_state[DRAWN] = _drawn(now)


def _drawn(now: ViewState) -> object:
    """What the figure of leaving depends on: not on the angle."""
    placed = now.placed
    return placed.on_line, placed.line_beta, placed.moved, placed.off


def _plane(now: ViewState) -> None:
    st.markdown("**The plane.** Drag *a* to turn and stretch the line, *p* off the line.")
    board.mount(
        PLANE,
        HANDLES,
        mode="plane-values",
        view=now.view,
        answer=overlays.on_plane(now),
        axes=("x₁", "x₂", "y"),
        height=PLANE_HEIGHT,
        equal=True,
        fixed=True,
        tools=False,
        parcels=guide.parcels(now.settings, now.placed.points),
    )


def _line(now: ViewState) -> None:
    st.markdown("**The line.** The same points over their place *z* on it.")
    board.mount(
        SPLINE,
        LINE.state_key("regression"),
        mode="regression",
        view=now.source.view,
        answer=overlays.on_line(now),
        axes=("z", "y"),
        max_points=MOST_POINTS,
        height=LINE_HEIGHT,
        name="line",
    )


def _dual(now: ViewState) -> ChartArguments:
    """The dual function over all neurons of the plane, of the plane's own dual vector."""
    solution = now.solution
    if solution is None:
        return {"figures": {}}
    dual = solution.v, band_of(solution)
    spread = float(np.linalg.norm(now.placed.X, axis=1).max(initial=0.0)) or 1.0
    network = answers.plane_json(by_size(solution.network), dual, now.placed.X)
    spec = figures.dual_map_spec(_window(now), DUAL_HEIGHT, spread)
    spec["layout"]["title"] = spec["layout"]["title"] | {"text": DUAL_TITLE}  # a shorter one, for a narrow column
    return {"figures": {"dual": spec}, "network": network}


def _surface(now: ViewState) -> ChartArguments:
    if now.solution is None:
        return {"figures": {}}
    placed = now.placed
    spec = figures.surface_spec(_window(now), now.source.view.y, placed.X, placed.y, False, LOWER_HEIGHT)
    return {"figures": {"surface": spec}, "network": answers.plane_json(by_size(now.solution.network))}


def _window(now: ViewState) -> tuple[tuple[float, float], tuple[float, float]]:
    return now.view.x, now.view.y
