"""A board whose points are answered by the certified optimum, and the badge with its proof."""

from __future__ import annotations

import streamlit as st

from convexviz.app.components import badge, board
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer
from convexviz.app.contracts import BoardAnswer, Network
from convexviz.app.contrast.points import Boards, Drawn
from convexviz.app.contrast.settings import MOST_POINTS, ContrastSettings
from convexviz.app.course import guide
from convexviz.app.shell import controls, state, toolbar

HEIGHT = {False: 300, True: 360}  # of the board, by whether it shows the plane
LEAST, MOST = 0.01, 10.0  # ends of the slider of beta


def data_controls(settings: ContrastSettings, lesson: str, boards: Boards) -> None:
    """The points on the lesson's board, and their widgets in the toolbar: line or plane, task, presets."""
    boards[settings.scene].prepare(settings, state.link_loads())
    toolbar.one_of("scene", "data", settings)
    toolbar.one_of("task", "data", settings)
    toolbar.presets(f"{lesson}-{settings.scene}", settings)


def solved(drawn: Drawn) -> Answer:
    """The optimum of the points at the β of the page."""
    return answers.solve(drawn.problem, drawn.settings.beta, live=drawn.live)


def mount(lesson: str, drawn: Drawn, answer: Answer, height: int | None = None) -> None:
    """The board `<lesson>-board`; a fragment of the page calls this, so that a gesture is answered at once."""
    with st.container(key="board"):
        board.mount(
            f"{lesson}-board",
            drawn.state_key,
            mode=drawn.mode,
            view=drawn.origin.view,
            answer=_shown(drawn, answer),
            axes=drawn.axes,
            max_points=MOST_POINTS,
            height=height or HEIGHT[drawn.plane],
            equal=drawn.plane,
            parcels=guide.parcels(drawn.settings, drawn.points),
        )


def beta_slider(drawn: Drawn) -> None:
    """β on a logarithmic scale, unless the link hides it."""
    if not drawn.settings.hides("beta"):
        with st.container(key="beta"):
            controls.log_slider("beta", LEAST, MOST)


def certificate(lesson: str, drawn: Drawn, answer: Answer) -> None:
    """The badge `<lesson>-badge` with the proof of the answer."""
    with st.container(key="certificate"):
        badge.mount(f"{lesson}-badge", answers.proved(answer, drawn.problem, drawn.live))


def _shown(drawn: Drawn, answer: Answer) -> BoardAnswer:
    """What the board draws of the optimum."""
    return {
        "network": _network(drawn, answer),
        "status": answer.status,
        "note": drawn.origin.problem or answer.message,
        "regions": drawn.classes or drawn.plane,
        "margins": drawn.classes != drawn.plane,  # of the plane: level lines of values
        "lines": drawn.plane,
    }


def _network(drawn: Drawn, answer: Answer) -> Network | None:
    if answer.solution is None:
        return None
    network = answer.solution.network
    return answers.plane_json(network) if drawn.plane else answers.network_json(network)
