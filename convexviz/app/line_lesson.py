"""The pieces of a lesson on the line: board, certificate, figures, path; a page puts them where it wants them.

Board, certificate and figures live in one fragment, so that a gesture costs one small rerun. The path is a fragment of
its own: the browser asks for it once the hand rests, and it is solved a bit at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from convexviz.app import answers, badge, board, chart, overlays, scrubber, source, state
from convexviz.app.answers import Answer, PathWork, Problem
from convexviz.app.errors import guard
from convexviz.app.settings import Settings
from convexviz.figures import splines as figures

BOARD, BADGE, DUAL, NEURONS, PATH, BETA = "line-board", "line-badge", "line-dual", "line-neurons", "line-path", "line-beta"
WORK = "line-path-work"  # session key of the path under way
BOARD_HEIGHT = 380


@st.fragment
def answer_fragment() -> None:
    """Everything that answers a gesture: board left with the dual function below it, proof and neurons right."""
    with guard():
        settings = state.current().settings
        origin = source.prepare(settings, state.link_loads())
        x, y = source.xy(settings.task)
        problem = Problem.of(x, y, settings.loss)
        answer = answers.solve(problem, settings.beta)
        left, right = st.columns([58, 42], gap="medium")
        with left:
            with st.container(key="board"):
                _board(settings, origin, answer, x, y)
            with st.container(key="figure"):
                _dual(settings, answer, x, origin.view.x)
        with right:
            with st.container(key="certificate"):
                badge.mount(BADGE, answers.badge(answer))
            beta_place = st.container(key="beta")
            with st.container(key="neurons"):
                _neurons(answer, origin.view)
            with beta_place:
                _beta(settings, problem)


@st.fragment
def path_fragment() -> None:
    """The regularisation path of the points on the board, solved on as long as the browser asks for more."""
    with guard(), st.container(key="path"):
        settings = state.current().settings
        problem = Problem.of(*source.xy(settings.task), settings.loss)
        work: PathWork | None = st.session_state.get(WORK)
        if work is None or work.problem != problem:
            work = st.session_state[WORK] = PathWork.start(problem)
        if not board.current(source.state_key(settings.task)).live:
            work.advance()
        view = _view(settings)
        frames = _frames(work, view) if work.solutions else None
        scrubber.mount_path(BETA, frames=frames, path_rev=_path_rev(problem), complete=work.complete)
        if problem.has_beta and work.solutions:
            chart.mount(PATH, {"path": figures.path_figure(work.sorted)})


def _board(settings: Settings, origin: source.Source, answer: Answer, x: np.ndarray, y: np.ndarray) -> None:
    classes = settings.task == "classification"
    shown: dict[str, Any] = {
        "network": answers.network_json(answer.solution.network) if answer.solution else None,
        "status": answer.status,
        "note": origin.problem or answer.message,
        "margins": classes,
        "regions": classes and settings.regions,
    }
    if answer.solution:
        shown |= overlays.drawn(settings, answer.solution, x, y, origin.view.x)
    board.mount(
        BOARD,
        source.state_key(settings.task),
        mode="line-classes" if classes else "regression",
        view=origin.view,
        answer=shown,
        max_points=source.MAX_POINTS,
        height=BOARD_HEIGHT,
    )


def _dual(settings: Settings, answer: Answer, x: np.ndarray, view: tuple[float, float]) -> None:
    if answer.solution:
        _keep("dual", figures.dual_figure(answer.solution, x, view))
    _show(DUAL, "dual", answer)


def _neurons(answer: Answer, view: board.View) -> None:
    if answer.solution:
        reach = 1.5 * max(abs(view.y[0]), abs(view.y[1]))
        _keep("neurons", figures.neuron_figure(answer.solution.network, view.x, reach))
    _show(NEURONS, "neurons", answer)


def _keep(name: str, figure: Any) -> None:
    st.session_state[f"line-figure-{name}"] = chart.figure_json(figure)


def _show(key: str, name: str, answer: Answer) -> None:
    """The figure of the answer; while there is none, the last one stays."""
    text = st.session_state.get(f"line-figure-{name}")
    if text is not None:
        network = answers.network_json(answer.solution.network) if answer.solution else None
        chart.mount(key, {name: text}, network=network)


def _beta(settings: Settings, problem: Problem) -> None:
    live = board.current(source.state_key(settings.task)).live
    top = st.session_state.get("line-beta-max")
    if not live or top is None:  # the slider's end holds still under a moving hand
        top = st.session_state["line-beta-max"] = answers.beta_max(problem)
    usable = problem.has_beta and not settings.hides("beta")
    note = "" if problem.has_beta else "This loss allows no miss, so β plays no part."
    data = {"beta": settings.beta if problem.has_beta else None, "beta_max": top, "disabled": not usable, "note": note}
    data["beta_min"] = None if top is None else answers.PATH_DEPTH * top
    scrubber.mount(BETA, data | {"path_rev": _path_rev(problem), "live": live}, lambda beta: state.update(beta=beta))


def _path_rev(problem: Problem) -> str:
    return f"{hash(problem):x}"


def _view(settings: Settings) -> board.View:
    return source.prepare(settings, state.link_loads()).view


def _frames(work: PathWork, view: board.View) -> str:
    """The solved part of the path as frames for the browser."""
    x = work.problem.X[:, 0]
    return scrubber.pack_frames([_frame(solution, x, view) for solution in work.sorted])


def _frame(solution: Any, x: np.ndarray, view: board.View) -> dict[str, Any]:
    return {
        "beta": solution.beta,
        "network": answers.network_json(solution.network),
        "badge": answers.badge(Answer("certified" if solution.certified else "upper-bound", "", solution)),
        "figures": {
            "dual": figures.dual_traces(solution, x, view.x),
            "neurons": figures.neuron_traces(solution.network, view.x),
        },
    }
