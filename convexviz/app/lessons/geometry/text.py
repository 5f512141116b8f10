"""Words of the lesson on geometry: what to try, the idea, its theorem, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import array_code, board_code, script, show_code, window
from convexviz.app.lessons.geometry import promises, view_state
from convexviz.app.lessons.geometry.parts import SAMPLES_HEIGHT, SPACE_HEIGHT, TOGGLES
from convexviz.app.lessons.geometry.view_state import INPUTS, ViewState

BEFORE = (
    "A network is a weighted sum of neurons, and one dual vector, a number for every sample, proves that no other "
    "network is better. With two samples all of this can be *drawn*: what every network answers, and every dual vector."
)

PROMPTS = (
    Prompt(
        "spikes",
        "Make the spikes go away",
        "The golden parts of Q stick out of the dashed ellipse. Turn a sample until the arrows meet at 90° or less.",
        {"dataset": "spikes"},
        promises.spikes_go,
        guess=Guess(
            "At which angle between the two arrows are the spikes gone?",
            ("Only when both arrows point the same way", promises.RIGHT_ANGLE, "At 120° and less"),
            promises.RIGHT_ANGLE,
        ),
    ),
    Prompt(
        "whitened",
        "Whitened data: a neuron for each sign",
        "Drag y through the quadrants: one neuron carries the positive part of y and another the negative part. Each "
        "weighs as much as its part is long. Where y has no negative part, one neuron is enough.",
        {"dataset": "whitened"},
        promises.two_neurons,
        "space",
    ),
    Prompt(
        "rank",
        "Data on a line",
        "Two samples on opposite sides of the origin: no neuron answers both. Q is two segments, one along each axis, "
        "and none of it but the origin has the form Xu. Move a sample across the origin, and E contains Q.",
        {"dataset": "rank_one_mixed"},
        promises.on_the_axes,
    ),
    Prompt(
        "polar",
        "The polar answers",
        "Drag y around. Where the supporting line lies along a straight side of C, v rests in a corner of the polar "
        "set and two neurons share y. Over a round part v glides along, and one neuron carries y.",
        {"dataset": "acute"},
        promises.corner_or_glide,
        "space",
    ),
    Prompt(
        "three",
        "Three samples",
        "Sample space has three axes now. With two features E is flat; Q bends out of its plane. Turn the picture, "
        "and move y with the sliders.",
        {"dataset": "three"},
        promises.out_of_the_plane,
        "space",
    ),
)

IDEA = r"""
### Training as geometry

Leave biases aside. A neuron is a vector $u$ of length at most one: one that is shorter answers less for the same price.
On $n$ samples, the rows of $X$, its outputs are $(Xu)_+$: every negative entry of $Xu$ is replaced by zero. That is one
point of **sample space**, which has an axis for each sample. All neurons together make a set, and all networks of cost
at most one make another:

$$
\begin{aligned}
E &= \{Xu : \|u\| \le 1\} \\
Q &= \{(Xu)_+ : \|u\| \le 1\} \\
C &= \mathrm{Conv}(Q \cup -Q)
\end{aligned}
$$

$E$ is an ellipsoid: what neurons would answer without the ReLU. $Q$, the **rectified ellipsoid**, is what they do
answer. A network adds up neurons with weights $w_j$, so $C$ is exactly what networks with $\sum_j |w_j| \le 1$ answer.

**Primal: blow $C$ up.** The least $\sum_j |w_j|$ with which a network takes the values $y$ is the factor by which $C$
must be blown up to reach $y$: the **gauge** of $y$. The neurons in use stand where the supporting line at $y/$gauge
touches $Q$ or, for a negative weight, $-Q$. A supporting line (a plane for three samples) touches $C$ and has all of
it on one side.

**Dual: the polar set.** A dual vector $v$ has one number per sample. It is feasible if no neuron gains more than one
from it: $|v\cdot q| \le 1$ for every $q$ in $Q$. All feasible $v$ make the polar set $C^\circ$. Each of them proves a
bound: $y = \sum_j w_j q_j$ gives $v\cdot y = \sum_j w_j\, v\cdot q_j \le \sum_j |w_j|$, whatever the network. The
largest $v\cdot y$ over $C^\circ$ *equals* the gauge, so one point of the polar set proves that no network costs less.

**Spikes.** Where $Q$ leaves $E$ it has spikes. Without spikes $Q$ is the part of $E$ with no negative coordinate,
which is convex: the best neuron for a given $v$ is then found by a convex problem, and training is *one* small cone
program. For whitened data ($XX^\top = I$) and for samples on one line through the origin training is even a formula.
Two samples have spikes if and only if their arrows meet at more than 90°.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)).
"""

THEOREM = Theorem(
    r"Among networks without biases, of any width, that take the values $y$ on the samples, the least $\sum_j |w_j|$ "
    r"is the gauge of $y$ with respect to $C$, and equals the largest $v\cdot y$ over the polar set $C^\circ$. "
    r"$Q = E \cap \mathbb{R}^n_+$ if and only if the data are spike-free (Ergen & Pilanci 2021).",
    (
        r"Neurons have no bias and $\|u_j\| \le 1$; the cost is $\sum_j |w_j|$, which is what weight decay comes to.",
        "Some network takes the values $y$: they lie in the span of $C$. Otherwise the page says so.",
        "The network may have as many neurons as the optimum needs; $n$ are always enough.",
    ),
    "For two or three samples the gauge is computed, and the proof of it repeated in your browser without rounding. "
    "The test by the angle between two samples is added here; the app's tests hold it against the definition.",
    "That spikes make training hard (with spikes the problem is still convex, only larger), or that data in practice "
    "are spike-free.",
)


def code_now() -> str:
    """Code for what is on the page."""
    now = view_state.present()
    return python_code(now, *(view_state.shown_reach(now, name) for name in ("space", "polar")))


def python_code(now: ViewState, space: float = 2.0, polar: float = 3.0) -> str:
    """A script that finds the same sets and the same gauge; nothing touches at y = 0 and where no network reaches y.

    `space` and `polar` are half the widths of the two frames.
    """
    touching = now.contact is not None
    contact = ["contact = body.contact(y)", "print(contact.v)  # the supporting hyperplane v . q = 1"]
    return script(
        [
            *(["from convexviz.figures import geometry"] if now.n == 2 else []),
            "from convexviz.geometry import RectifiedEllipsoid",
        ],
        [*array_code("X", now.X), *array_code("y", now.y)],
        [
            "body = RectifiedEllipsoid(X)",
            "print(body.spike_free())",
            "gauge = body.gauge(y)",
            "print(gauge.value, gauge.lower, gauge.network)",
            *(contact if touching else ["contact = None  # nothing touches"]),
        ],
        [
            *board_code("None", window(INPUTS.x, INPUTS.y), "arrows=True", f"height={SAMPLES_HEIGHT}", data="X"),
            *_space_code(now, space),
            f"polar = figures.polar_figure(body, contact, reach={polar!r})",
            *show_code("board", "space", "polar"),
        ],
    )


def _space_code(now: ViewState, reach: float) -> list[str]:
    """Lines that draw sample space: of two samples as the board that it is on the page."""
    if now.n == 3:
        return [f"space = figures.sample_space_figure(body, y, contact, reach={reach!r})"]
    hidden = tuple(name for name, toggle in TOGGLES.items() if not getattr(now.settings, toggle))
    wide = window((-2 * reach, 2 * reach), (-2 * reach, 2 * reach))
    kept = [f'curves = [curve for curve in curves if curve["id"] not in {hidden!r}]'] if hidden else []
    options = ["curves=curves", "marks=geometry.sample_space_marks(contact)", f"height={SPACE_HEIGHT}"]
    return [
        f"curves = geometry.sample_space_curves(body, y, contact, {wide})",
        *kept,
        *board_code("None", window((-reach, reach), (-reach, reach)), *options, name="space", data="y[None]"),
    ]
