"""The pieces of the lesson in the plane: board, certificate, map of the dual function, and one more picture.

Board, certificate and pictures are answered by one message to the board (see line_lesson.py). Heat maps, break lines
and the dual map are made in the browser from the network and v, a few hundred bytes.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from convexviz.app.components import badge, board, chart, scrubber
from convexviz.app.components.shown import unfinished
from convexviz.app.compute import answers, beta_slider
from convexviz.app.compute.paths import PathWork
from convexviz.app.contracts import BoardAnswer, Certificate, ChartArguments, Parcel, Parcels, PlaneNetwork, SliderState
from convexviz.app.course import guide
from convexviz.app.lessons.plane import film, overlays, pins
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.lessons.plane.view_state import WORK, ViewState, frame, live, posed, present
from convexviz.app.shell import controls, source, state
from convexviz.app.shell.errors import guard
from convexviz.figures import plane as figures
from convexviz.figures.parts import Spec, band_of
from convexviz.figures.plane.decision import support_vectors

BOARD, BADGE, DUAL, PICTURE, PATH, BETA = (
    "plane-board",
    "plane-badge",
    "plane-dual",
    "plane-picture",
    "plane-path",
    "plane-beta",
)
REACH, TOP = "plane-reach", "plane-beta-max"  # session keys
BOARD_HEIGHT, DUAL_HEIGHT, PICTURE_HEIGHT = 360, 230, 300
CLASS_HEIGHTS = (-2.5, 2.5)  # values of a classifier that the surface shows


def lesson() -> None:
    """Board and slider, and beside them the certificate with the dual map that it rests on; a chosen picture below."""
    left, right = st.columns([54, 46], gap="medium")
    with left:
        answer_fragment()
        now = present()
        with st.container(key="beta"):
            scrubber.mount(BETA, _beta(now), lambda beta: state.update(beta=beta))
    with right:
        with st.container(key="certificate"):
            badge.mount(BADGE, _certificate(now))
        with st.container(key="figure"):
            chart.mount(DUAL, **_dual(now))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        controls.choice("picture", label_visibility="collapsed", width="content")
        pins.pin_controls(now.settings)
    with st.container(key="neurons"):
        if now.settings.picture in PICTURES:
            chart.mount(PICTURE, **_picture(now))
    if now.settings.picture == "film":
        film.film_fragment()
    path_fragment()


@st.fragment
def answer_fragment() -> None:
    """What a gesture reruns: one message to the board answers it, and brings the other pictures' data along."""
    with guard():
        now = present()
        parcels: dict[str, Parcel] = {
            BADGE: badge.parcel(BADGE, _certificate(now)),
            DUAL: chart.parcel(DUAL, **_dual(now)),
            BETA: scrubber.parcel(BETA, _beta(now)),
            **guide.parcels(now.settings, now.points),
        }
        if now.settings.picture in PICTURES:
            parcels[PICTURE] = chart.parcel(PICTURE, **_picture(now))
        if now.settings.picture == "film":
            parcels |= film.parcels()
        with st.container(key="board"):
            _board(now, parcels)


@st.fragment
def path_fragment() -> None:
    """The regularisation path of the points on the board, solved on as long as the browser asks for more."""
    with guard(), st.container(key="path"):
        settings: PlaneSettings = state.current().settings
        problem = posed(settings)
        view = source.plane.prepare(settings, state.link_loads()).view
        work: PathWork | None = st.session_state.get(WORK)
        if work is None or (work.problem, work.view) != (problem, view):
            if work is not None:
                work.cancel()
            work = st.session_state[WORK] = PathWork.start(problem, view)
        if not live(settings) and work.advance(settings.picture == "path"):
            work.sent = scrubber.pack_frames([frame(solution) for solution in work.sorted])
            work.figure = chart.figure_json(figures.plane_path_spec(work.sorted, PICTURE_HEIGHT))
        scrubber.mount_path(
            BETA, frames=work.sent, path_rev=answers.rev(problem), complete=work.complete, done=work.asked
        )
        if settings.picture == "path":
            chart.mount(PATH, {"path": work.figure} if work.figure else {})
            if not work.complete:
                unfinished()
            if not problem.has_beta:
                st.caption("This loss allows no miss, so β plays no part and there is no path.")


def _board(now: ViewState, parcels: Parcels) -> None:
    settings = now.settings
    shown: BoardAnswer = {
        "network": None if now.solution is None else answers.plane_json(now.solution.network),
        "status": now.answer.status,
        "note": now.source.problem or now.answer.message,
        "regions": settings.regions,
        "margins": settings.margins,
        "lines": settings.lines,
        "fields": overlays.fields(settings, now.points, now.view),
    }
    if settings.support and now.solution is not None:
        shown["support"] = np.flatnonzero(support_vectors(now.solution)).tolist()
    pin = pins.pinned(settings)
    if pin is not None:
        shown["ghost"] = overlays.ghost(pin, now.solution)
    board.mount(
        BOARD,
        source.plane.state_key(settings.task),
        mode="plane" if now.classes else "plane-values",
        view=now.view,
        answer=shown,
        axes=now.source.axes if now.classes else (*now.source.axes, now.source.target),
        max_points=source.MAX_POINTS,
        height=BOARD_HEIGHT,
        parcels=parcels,
        equal=True,
        weighted=True,
    )


def _certificate(now: ViewState) -> Certificate:
    return answers.proved(now.answer, now.problem, now.live)


def _network(now: ViewState) -> PlaneNetwork | None:
    """The network with the dual vector and the points, as the charts need it."""
    if now.solution is None:
        return None
    dual = now.solution.v, band_of(now.solution)
    return answers.plane_json(now.solution.network, dual, now.points.X)


def _dual(now: ViewState) -> ChartArguments:
    """The arguments of the chart of the dual function."""
    spec = figures.dual_map_spec(now.window, DUAL_HEIGHT, _reach(now), now.settings.loss, now.source.axes)
    return _chart(now, "dual", spec)


def _reach(now: ViewState) -> float:
    """The greatest offset that the dual map shows: that of the farthest point. It holds still under a moving hand."""
    known = st.session_state.get(REACH)
    if known is None or not now.live:
        centre = np.array([sum(now.view.x), sum(now.view.y)]) / 2
        known = float(np.linalg.norm(now.points.X - centre, axis=1).max(initial=0.0)) or 1.0
        st.session_state[REACH] = known
    return known


def _picture(now: ViewState) -> ChartArguments:
    """The arguments of the chart beside the board that the settings choose."""
    name = now.settings.picture
    return _chart(now, name, PICTURES[name](now))


def _chart(now: ViewState, name: str, spec: Spec) -> ChartArguments:
    """The figure of the answer; while there is none, nothing is drawn."""
    return {"figures": {} if now.solution is None else {name: spec}, "network": _network(now)}


def _surface(now: ViewState) -> Spec:
    heights = CLASS_HEIGHTS if now.classes else now.view.z or CLASS_HEIGHTS
    points, names = now.points.counted, now.source
    return figures.surface_spec(
        now.window, heights, points.X, points.y, now.classes, PICTURE_HEIGHT + 60, names.axes, names.target
    )


PICTURES = {
    "neurons": lambda now: figures.weights_spec(PICTURE_HEIGHT - 90),
    "surface": _surface,
}  # fed by every answer


def _beta(now: ViewState) -> SliderState:
    """What the slider shows."""
    return beta_slider.shown(now.problem, now.settings, now.live, TOP)
