"""Home: what this is, a small live spline, and the way to the lessons."""

from typing import Any

import numpy as np
import streamlit as st

from convexviz import data
from convexviz.app.components import badge, board
from convexviz.app.compute import answers
from convexviz.app.shell import frame
from convexviz.app.shell.errors import guard

POINTS, BOARD, BADGE = "home-points", "home-board", "home-badge"
VIEW = board.View(x=(-1.2, 1.2), y=(-1.4, 1.4))
BETA = 0.05

LESSONS = {
    "splines": (
        "On the line, the optimal network connects your data with a linear spline. Drag a point and watch the kinks, "
        "the neurons and the proof follow; scrub the strength of weight decay; compare regression with classification."
    ),
    "plane": (
        "In the plane a neuron is a line with an active side. Drag points of two classes, or of any values; a map over "
        "all possible lines proves that no further neuron is worth its weight. Watch the proof being made, round by "
        "round."
    ),
    "geometry": (
        "Two samples make an ellipse, and rectifying it makes the set that training is about. Drag the samples, see "
        "its spikes come and go, and find the neurons that carry a target."
    ),
    "autoencoders": (
        "What is left of a sample, once the others have rebuilt it as well as they can, is a neuron. In the plane, and "
        "with images of digits."
    ),
    "closed-forms": (
        "On whitened data the best network is a formula: two neurons for two classes, one for each of ten. Compare it "
        "with a solver that knows nothing of it."
    ),
    "cutting-planes": (
        "Training adds one neuron after the other, those that an oracle finds. Choose the oracle, in the plane or in "
        "more dimensions, and see what it proves and which neurons it misses."
    ),
    "race": (
        "Ordinary training, run live against the certified optimum. Wide networks arrive, narrow ones get stuck, none "
        "gets below. Play the runs as a film, and compare them with the tangent kernel."
    ),
}
PER_ROW = 3


def trained() -> tuple[answers.Problem, answers.Answer]:
    """The problem that the board poses, and its answer."""
    points = board.current(POINTS).points
    problem = answers.Problem.of(points[:, 0], points[:, 1], "squared")
    return problem, answers.solve(problem, BETA)


def shown_proof(problem: answers.Problem, answer: answers.Answer) -> dict[str, Any]:
    """What the badge shows."""
    return answers.proved(answer, problem, board.current(POINTS).live)


@st.fragment
def live() -> None:
    """A board whose every gesture is answered by the certified optimum."""
    with guard():
        problem, answer = trained()
        network = answers.network_json(answer.solution.network) if answer.solution else None
        shown = {"network": network, "status": answer.status, "note": answer.message}
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


start()
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

st.subheader("Lessons", anchor=False)
cards = list(LESSONS.items())
for first in range(0, len(cards), PER_ROW):
    for column, (name, about) in zip(st.columns(PER_ROW, gap="medium"), cards[first : first + PER_ROW], strict=False):
        with column, st.container(border=True, key=f"card-{name}"):
            st.page_link(frame.page(name), label=f"**{frame.title_of(name)}**", icon=":material/arrow_forward:")
            st.markdown(about)

st.subheader("What is shown, and what it rests on", anchor=False)
st.latex(
    r"\min_{u, b, w, c}\ \ell\Big(c + \sum_j w_j (Xu_j + b_j)_+,\ y\Big) "
    r"+ \frac{\beta}{2}\sum_j \big(\|u_j\|^2 + w_j^2\big)"
    r"\;=\;\max_{v:\ |v^\top (Xu + b)_+| \le \beta\ \ \forall \|u\| = 1,\,b} -\ell^*(-v)"
)
st.markdown(
    "Left: training with weight decay. Right: a convex problem with one number $v_i$ per data point. A network and a "
    "vector $v$ whose values meet prove each other optimal; both values are recomputed from scratch for every answer "
    "on these pages. On a line and in the plane your own browser then checks them once more, in exact arithmetic: the "
    "badge says *proved* only when they meet there too. The theory is by Ergen & Pilanci, *Convex Geometry "
    "and Duality of Over-parameterized Neural Networks* (JMLR 2021, "
    "[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)). Everything here also runs from Python: "
    "`convexviz.solve(X, y, beta=0.05)`."
)
