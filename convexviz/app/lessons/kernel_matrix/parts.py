"""The pieces of the lesson: board and certificate on the left, the matrix and β on the right.

The board's fragment answers a gesture by one message, which brings the data of badge and matrix along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from convexviz.app.components import badge, board, chart
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.contracts import BoardAnswer, Certificate, ChartArguments, Parcels
from convexviz.app.course import guide
from convexviz.app.lessons.kernel_matrix import moves
from convexviz.app.lessons.kernel_matrix.answer import Read, read, tangent_of
from convexviz.app.lessons.kernel_matrix.settings import LOSSES, MOST_POINTS, MatrixSettings
from convexviz.app.shell import controls, source, state, toolbar
from convexviz.app.shell.errors import guard
from convexviz.core.losses import get_loss
from convexviz.figures.kernel_matrix import matrix_spec
from convexviz.figures.spec import Curve, Mark
from convexviz.figures.theme import COMPARISON, DUAL, OVERLAY

BOARD, BADGE, CHART = "matrix-board", "matrix-badge", "matrix-chart"
POINTS = source.LinePoints("matrix")
BOARD_HEIGHT = 244
CURVE = 241  # positions at which the tangent kernel is drawn, besides the data


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from; `found` is None while there is no optimum."""

    settings: MatrixSettings
    origin: source.Source
    points: source.Points
    problem: Problem
    answer: Answer
    found: Read | None
    live: bool

    @property
    def classes(self) -> bool:
        return self.settings.task == "classification"


def present() -> ViewState:
    """The present settings and points, and their answer."""
    settings: MatrixSettings = state.current().settings
    origin = POINTS.prepare(settings, state.link_loads())
    points = POINTS.points(settings.task)
    problem = Problem.of(points.X, points.y, settings.loss)
    answer = answers.solve(problem, settings.beta)
    found = None
    if answer.solution is not None:
        beta = settings.beta if problem.has_beta else 1.0
        found = read(points.X, points.y, answer.solution, tangent_of(problem, beta))
    live = board.current(POINTS.state_key(settings.task)).live
    return ViewState(settings, origin, points, problem, answer, found, live)


def controls_of(settings: MatrixSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    toolbar.one_of("task", "data", settings)
    toolbar.presets("matrix", settings)
    toolbar.one_of("loss", "loss", settings, LOSSES[settings.task])
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help="What else the board draws"):
            controls.toggle("tangent")
            if settings.task == "classification":
                controls.toggle("regions")


def lesson() -> None:
    """Board and certificate left, the matrix and β right."""
    left, right = st.columns([52, 48], gap="medium")
    with left:
        answer_fragment()
        now = present()
        with st.container(key="certificate"):
            badge.mount(BADGE, _certificate(now))
    with right:
        with st.container(key="figure"):
            chart.mount(CHART, **_matrix(now))
        if now.problem.has_beta and not now.settings.hides("beta"):
            with st.container(key="beta"):
                controls.log_slider("beta", 0.001, 10.0)


@st.fragment
def answer_fragment() -> None:
    """What a gesture reruns: one message to the board answers it, and brings the other pictures' data along."""
    with guard():
        now = present()
        parcels: Parcels = {
            BADGE: badge.parcel(BADGE, _certificate(now)),
            CHART: chart.parcel(CHART, **_matrix(now)),
            **guide.parcels(now.settings, now.points),
        }
        with st.container(key="board"):
            board.mount(
                BOARD,
                POINTS.state_key(now.settings.task),
                mode="line-classes" if now.classes else "regression",
                view=now.origin.view,
                answer=_shown(now),
                max_points=MOST_POINTS,
                height=BOARD_HEIGHT,
                parcels=parcels,
            )


def _shown(now: ViewState) -> BoardAnswer:
    """What the board draws of the optimum."""
    solution = now.answer.solution
    shown: BoardAnswer = {
        "network": answers.network_json(solution.network) if solution else None,
        "status": now.answer.status,
        "note": now.origin.problem or now.answer.message,
        "label": "ℓ₁: optimal network",
        "margins": now.classes,
        "regions": now.classes and now.settings.regions,
    }
    if now.found is None:
        return shown
    return shown | {"curves": _tangent(now, now.found), "marks": _marks(now, now.found)}


def _tangent(now: ViewState, found: Read) -> list[Curve]:
    if not now.settings.tangent or found.tangent is None:
        return []
    low, high = now.origin.view.x
    at = np.union1d(np.linspace(low, high, CURVE), now.points.X[:, 0])
    heights = found.tangent.predict(at[:, None])
    look: Curve = {"id": "tangent", "label": "ℓ₂: tangent kernel", "color": COMPARISON, "dash": "dash", "width": 2}
    return [look | {"x": at, "y": heights}]


def _marks(now: ViewState, found: Read) -> list[Mark]:
    """Rings around the points of lit rows, and the borders between the regions."""
    X, y = now.points.X[:, 0], now.points.y
    rings: list[Mark] = [
        {
            "id": f"row-{i}",
            "label": "lit row, v ≠ 0",
            "x": float(X[i]),
            "y": float(y[i]),
            "color": DUAL,
            "shape": "circle",
            "size": 5,
            "text": f"v = {now.answer.solution.v[i]:.3g}" if now.answer.solution else "",
        }
        for i in found.support
        if get_loss(now.problem.loss).linear is not None
    ]
    if not now.classes:
        return rings
    return rings + [
        {
            "id": f"border-{k}",
            "label": "border",
            "x": float(place),
            "y": 0.0,
            "color": OVERLAY,
            "shape": "cross",
            "size": 5,
            "text": f"border at x = {place:.3g}",
        }
        for k, place in enumerate(found.borders)
    ]


def _certificate(now: ViewState) -> Certificate:
    return answers.proved(now.answer, now.problem, now.live)


def _matrix(now: ViewState) -> ChartArguments:
    """The arguments of the chart of the matrix; while there is no answer, there is no matrix."""
    solution = now.answer.solution
    if now.found is None or solution is None:
        return {"figures": {}, "network": None}
    asked = now.problem, now.settings.beta if now.problem.has_beta else None
    story = moves.told(asked, (now.origin.origin, len(now.points.y)), now.live, now.found.used)
    spec = matrix_spec(now.found.columns, moves.words(story, now.points.X[:, 0]))
    return {"figures": {"matrix": spec}, "network": answers.network_json(solution.network)}
