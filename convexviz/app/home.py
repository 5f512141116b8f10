"""Home: what this is, a small live spline, and the way to the lessons."""

from __future__ import annotations

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app.components import badge, board
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer, Certificate
from convexviz.app.course import frame
from convexviz.app.course.frame import Course
from convexviz.app.course.lesson import Lesson, Place, lead_to
from convexviz.app.shell.errors import guard

POINTS, BOARD, BADGE = "home-points", "home-board", "home-badge"
HEIGHT = 250  # of the board: the proof below it is on the first screen of a laptop
BETA = 0.05
CLAIM = f"""
A **two-layer ReLU network** is a constant plus a sum of *neurons*. On a line each neuron is a ramp: zero on one side
of a kink, and straight with some slope on the other. The blue line is a best such sum for the points: none costs less.
The cost is half the sum of the squared misses, and β = {BETA} for each unit of slope of a ramp, up or down.
**Drag a point.**
"""
WHY = """
Gradient descent changes the neurons step by step, and may end above the best. But to choose a weight for *every
possible* neuron at once is a **convex** problem: what no small step improves is best of all. With enough neurons (one
for each point and one more always suffice) a network has the same least cost. So a network can be computed that
none of any width beats, and this is **proved**: none is better by more than the *gap* in the badge, a share of the
objective.

The proof is one number for each point, the *dual vector*. It gives a **lower bound** that no network gets below. When
the network's own cost, the **objective**, meets it, nothing is left to find.
"""
VIEW = board.View(x=(-1.2, 1.2), y=(-1.4, 1.4))


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
            board.mount(BOARD, POINTS, mode="regression", view=VIEW, answer=shown, height=HEIGHT, parcels=parcels)


def certificate() -> None:
    """The proof of what the board shows."""
    with st.container(key="certificate"):
        badge.mount(BADGE, shown_proof(*trained()))


def start() -> None:
    """Points to begin with, once in a session."""
    if POINTS not in st.session_state:
        made = data.load("sine", n=14, noise=0.08, seed=3)
        board.put(POINTS, np.column_stack([made.X[:, 0], made.y]))


def page(course: Course) -> None:
    """Draw the page."""
    start()
    opening(frame.lessons_of(course)[0])
    st.subheader("Lessons", anchor=False)
    frame.cards(course)
    theory()


def opening(first: Lesson) -> None:
    """The claim, the board and the proof of what is on it, and beside them why it is one."""
    st.title("Training a ReLU network is a convex problem", anchor=False)
    st.markdown(CLAIM)
    picture, words = st.columns([58, 42], gap="medium")
    with picture:
        live()
        certificate()
    with words:
        st.markdown(WHY)
        lead_to(Place(first.address, {}), f"Begin with 1.1 {first.title}")


def theory() -> None:
    """The equation behind it all, and its source."""
    st.subheader("What is shown, and what it rests on", anchor=False)
    st.latex(
        r"\min_{u, b, w, c}\ \ell\Big(c + \sum_j w_j (Xu_j + b_j)_+,\ y\Big) "
        r"+ \frac{\beta}{2}\sum_j \big(\|u_j\|^2 + w_j^2\big)"
        r"\;=\;\max_{v:\ |v^\top (Xu + b)_+| \le \beta\ \ \forall \|u\| = 1,\,b} -\ell^*(-v)"
    )
    st.markdown(
        "Left: training with weight decay, the loss $\\ell$ of the network's values and β/2 times the squares of the "
        "weights. Right: a convex problem with one number $v_i$ for each data point. With enough neurons (at most one "
        "for each point and one more) the two are equal; with fewer, the left side can only be larger. A network and a "
        "vector $v$ whose values meet prove each other optimal. The values are computed anew from the network and $v$ "
        "for every answer on these pages; their difference, as a share of the objective, is the *gap*, and up to a "
        "millionth counts as certified. On a line and in the plane your own browser then checks most of them once "
        "more, in exact arithmetic (not *Huber* and *median*; many points when asked), and the badge says *proved* "
        "only when they meet there too. The theory is by Ergen & Pilanci, *Convex Geometry and Duality of "
        "Over-parameterized Neural Networks* (JMLR 2021, [arXiv:2002.11219](https://arxiv.org/abs/2002.11219)). "
        "Everything here also runs from Python: `convexviz.solve(X, y, beta=0.05)`."
    )
