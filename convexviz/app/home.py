"""Home: what this is, a small live spline, and the way to the lessons."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app.components import badge, board
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer, Certificate
from convexviz.app.course import frame
from convexviz.app.course.lesson import Lesson
from convexviz.app.shell.errors import guard

POINTS, BOARD, BADGE = "home-points", "home-board", "home-badge"
VIEW = board.View(x=(-1.2, 1.2), y=(-1.4, 1.4))
BETA = 0.05


def trained() -> tuple[answers.Problem, answers.Answer]:
    """The problem that the board poses, and its answer."""
    points = board.current(POINTS).points
    problem = answers.Problem.of(points[:, 0], points[:, 1], "squared")
    return problem, answers.solve(problem, BETA)


def shown_proof(problem: answers.Problem, answer: answers.Answer) -> Certificate:
    """What the badge shows."""
    return answers.proved(answer, problem, board.current(POINTS).live)


@st.fragment
def live() -> None:
    """A board whose every gesture is answered by the certified optimum."""
    with guard():
        problem, answer = trained()
        network = answers.network_json(answer.solution.network) if answer.solution else None
        shown: BoardAnswer = {"network": network, "status": answer.status, "note": answer.message}
        parcels = {BADGE: badge.parcel(BADGE, shown_proof(problem, answer))}
        with st.container(key="board"):
            board.mount(BOARD, POINTS, mode="regression", view=VIEW, answer=shown, height=300, parcels=parcels)


def certificate() -> None:
    """The proof of what the board shows."""
    with st.container(key="certificate"):
        badge.mount(BADGE, shown_proof(*trained()))


def start() -> None:
    """Points to begin with, once in a session."""
    if POINTS not in st.session_state:
        made = data.load("sine", n=14, noise=0.08, seed=3)
        board.put(POINTS, np.column_stack([made.X[:, 0], made.y]))


def page(lessons: Iterable[Lesson]) -> None:
    """Draw the page."""
    start()
    opening()
    st.subheader("Lessons", anchor=False)
    frame.cards(lessons)
    theory()


def opening() -> None:
    """The claim, with the proof of what is on the board, and the board."""
    words, picture = st.columns([42, 58], gap="large", vertical_alignment="center")
    with words:
        st.title("Training a ReLU network is a convex problem", anchor=False)
        st.markdown(
            "Gradient descent on a neural network may stop anywhere. Yet for two layers the training problem has a "
            "convex twin with the same optimum, so the **best network of any width** can be computed, and *proved* "
            "best.\n\n"
            "Here you draw the data and see it happen. **Drag a point.**"
        )
        certificate()
    with picture:
        live()


def theory() -> None:
    """The equation behind it all, and its source."""
    st.subheader("What is shown, and what it rests on", anchor=False)
    st.latex(
        r"\min_{u, b, w, c}\ \ell\Big(c + \sum_j w_j (Xu_j + b_j)_+,\ y\Big) "
        r"+ \frac{\beta}{2}\sum_j \big(\|u_j\|^2 + w_j^2\big)"
        r"\;=\;\max_{v:\ |v^\top (Xu + b)_+| \le \beta\ \ \forall \|u\| = 1,\,b} -\ell^*(-v)"
    )
    st.markdown(
        "Left: training with weight decay. Right: a convex problem with one number $v_i$ per data point. A network "
        "and a vector $v$ whose values meet prove each other optimal; both values are recomputed from scratch for "
        "every answer on these pages. On a line and in the plane your own browser then checks them once more, in "
        "exact arithmetic: the badge says *proved* only when they meet there too. The theory is by Ergen & Pilanci, "
        "*Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021, "
        "[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)). Everything here also runs from Python: "
        "`convexviz.solve(X, y, beta=0.05)`."
    )
