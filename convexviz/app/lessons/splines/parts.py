"""The pieces of a lesson on the line: board, certificate, figures, path; a page puts them where it wants them.

Board, certificate and figures live in one fragment, so that a gesture costs one small rerun. The path is a fragment of
its own: the browser asks for it once the hand rests, and it is solved a bit at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

import convexviz as cv
from convexviz.app.components import badge, board, chart, scrubber
from convexviz.app.components.shown import unfinished
from convexviz.app.compute import answers, beta_slider
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.compute.kept import Shown, keep
from convexviz.app.compute.paths import PathWork
from convexviz.app.contracts import BoardAnswer, Certificate, ChartArguments, Frame, LineNetwork, Parcels, SliderState
from convexviz.app.course import guide
from convexviz.app.lessons.splines import overlays
from convexviz.app.lessons.splines.answer import checking, section
from convexviz.app.lessons.splines.answer.answered import Answered
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import share, source, state
from convexviz.app.shell.errors import guard
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.figures import splines as figures
from convexviz.figures.spec import Spec

BOARD, BADGE, DUAL, NEURONS, PATH, BETA = (
    "line-board",
    "line-badge",
    "line-dual",
    "line-neurons",
    "line-path",
    "line-beta",
)
WORK, TOP = "line-path-work", "line-beta-max"  # session keys: the path under way, the end of the slider
LAST = "line-last"  # session key: what is on the page
AS_GOOD = 1e-9  # relative: answers on the line are exact but for rounding, and so is the network that stays
BOARD_HEIGHT, DUAL_HEIGHT, NEURONS_HEIGHT, PATH_HEIGHT = 300, 200, 300, 300


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from."""

    settings: SplineSettings
    source: source.Source
    points: Points
    problem: Problem
    answer: Answer

    @property
    def x(self) -> Array:
        """The inputs, (n,)."""
        x: Array = self.points.X[:, 0]
        return x

    @property
    def view(self) -> board.View:
        return self.source.view

    @property
    def live(self) -> bool:
        """Whether the hand that draws is still moving."""
        return board.current(source.line.state_key(self.settings.task)).live


def present() -> ViewState:
    """The present settings and points, and their answer: the network on the page where that is still optimal."""
    settings = state.current().settings
    origin = source.line.prepare(settings, state.link_loads())
    points, problem = source.line.points(settings.task), _problem(settings)
    last: Shown | None = st.session_state.get(LAST)
    afresh = share.at_link(settings, lambda: source.line.as_link(settings))
    seen = last.solution_of(origin.origin) if last and not afresh else None
    answer = keep(answers.solve(problem, settings.beta), seen, problem, AS_GOOD)
    st.session_state[LAST] = Shown(origin.origin, answer.solution or seen)
    return ViewState(settings, origin, points, problem, answer)


def lesson() -> None:
    """Board and slider, and beside them the certificate with the dual function that it rests on; more below."""
    left, right = st.columns([55, 45], gap="medium")
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
    left, right = st.columns([55, 45], gap="medium")
    with left, st.container(key="neurons"):
        chart.mount(NEURONS, **_neurons(now))
    with right:
        path_fragment()
    section(_answered, BETA)


@st.fragment
def answer_fragment() -> None:
    """What a gesture reruns: one message to the board answers it, and brings the other pictures' data along."""
    with guard():
        now = present()
        checking.drop(now.problem)
        parcels: Parcels = {
            BADGE: badge.parcel(BADGE, _certificate(now)),
            DUAL: chart.parcel(DUAL, **_dual(now)),
            NEURONS: chart.parcel(NEURONS, **_neurons(now)),
            BETA: scrubber.parcel(BETA, _beta(now)),
            **guide.parcels(now.settings, now.points),
        }
        with st.container(key="board"):
            _board(now, parcels)


@st.fragment
def path_fragment() -> None:
    """The regularisation path of the points on the board, solved on as long as the browser asks for more.

    It is sent twice: coarse, so that there is soon something to scrub, and complete.
    """
    with guard(), st.container(key="path"):
        settings = state.current().settings
        problem = _problem(settings)
        origin = source.line.prepare(settings, state.link_loads())
        view = origin.view
        work: PathWork | None = st.session_state.get(WORK)
        if work is None or (work.problem, work.view) != (problem, view):
            work = st.session_state[WORK] = PathWork.start(problem, view)
        if not board.current(source.line.state_key(settings.task)).live and work.advance():
            work.sent = _frames(work, origin.axes[0]) if work.solutions else None
            work.figure = (
                chart.figure_json(figures.path_spec(work.exact or work.sorted, PATH_HEIGHT)) if work.solutions else None
            )
        scrubber.mount_path(
            BETA, frames=work.sent, path_rev=answers.rev(problem), complete=work.complete, done=len(work.solutions)
        )
        chart.mount(PATH, {"path": work.figure} if work.figure else {})
        if not work.complete:
            unfinished()


def _board(now: ViewState, parcels: Parcels) -> None:
    classes = now.settings.task == "classification"
    shown: BoardAnswer = {
        "network": _network(now),
        "status": now.answer.status,
        "note": now.source.problem or now.answer.message,
        "margins": classes,
        "regions": classes and now.settings.regions,
    }
    if now.answer.solution:
        own = now.points.counted
        shown |= overlays.drawn(now.settings, now.answer.solution, own.X[:, 0], own.y, now.view.x, own.weights)
    board.mount(
        BOARD,
        source.line.state_key(now.settings.task),
        mode="line-classes" if classes else "regression",
        view=now.view,
        answer=shown,
        axes=now.source.axes,
        max_points=source.MAX_POINTS,
        height=BOARD_HEIGHT,
        parcels=parcels,
        weighted=True,
    )


def _certificate(now: ViewState) -> Certificate:
    return answers.proved(now.answer, now.problem, now.live)


def _network(now: ViewState) -> LineNetwork | None:
    return answers.network_json(now.answer.solution.network) if now.answer.solution else None


def _dual(now: ViewState) -> ChartArguments:
    """The arguments of the chart of the dual function."""
    solution = now.answer.solution
    name = now.source.axes[0]
    spec = figures.dual_spec(solution, now.x, now.view.x, DUAL_HEIGHT, name) if solution else None
    return _figure("dual", spec, now)


def _neurons(now: ViewState) -> ChartArguments:
    """The arguments of the chart of the neurons."""
    solution, (low, high) = now.answer.solution, now.view.y
    reach = 1.5 * max(abs(low), abs(high))
    names = now.source.axes
    spec = figures.neuron_spec(solution.network, now.view.x, reach, NEURONS_HEIGHT, *names) if solution else None
    return _figure("neurons", spec, now)


def _figure(name: str, spec: Spec | None, now: ViewState) -> ChartArguments:
    """The figure of the answer. Where there is none the last one stays, while the hand moves or there are points."""
    kept = f"line-figure-{name}"
    if spec is not None:
        st.session_state[kept] = chart.figure_json(spec)
    elif now.answer.status == "empty" and not now.live:
        st.session_state.pop(kept, None)
    text = st.session_state.get(kept)
    return {"figures": {} if text is None else {name: text}, "network": _network(now)}


def _beta(now: ViewState) -> SliderState:
    """What the slider shows."""
    return beta_slider.shown(now.problem, now.settings, now.live, TOP)


def _answered() -> Answered:
    """What the section on the answer in use is about."""
    now = present()
    takes = now.problem.has_beta and not now.settings.hides("beta")
    classes = now.settings.task == "classification"
    return Answered(now.problem, now.settings.beta, classes, now.source.axes, now.answer.solution, takes)


def _problem(settings: SplineSettings) -> Problem:
    points = source.line.points(settings.task)
    return Problem.of(points.X, points.y, settings.loss, points.weights)


def _frames(work: PathWork, name: str) -> str:
    """The solved part of the path as frames for the browser; `name` is that of the input."""
    x = work.problem.X[:, 0]
    return scrubber.pack_frames([_frame(solution, x, work.view, name) for solution in work.sorted])


def _frame(solution: cv.Solution, x: Array, view: board.View, name: str) -> Frame:
    return {
        "beta": solution.beta,
        "network": answers.network_json(solution.network),
        "badge": answers.badge(Answer("certified" if solution.certified else "upper-bound", "", solution)),
        "figures": {
            "dual": figures.dual_traces(solution, x, view.x, name),
            "neurons": figures.neuron_changes(solution.network, view.x, name),
        },
    }
