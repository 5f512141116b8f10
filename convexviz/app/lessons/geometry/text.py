"""Words of the lesson on geometry: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import numbers
from convexviz.app.lessons.geometry import promises, view_state
from convexviz.app.lessons.geometry.view_state import ViewState

PROMPTS = (
    Prompt(
        "spikes",
        "Make the spikes go away",
        "The orange parts of Q stick out of the ellipse. Turn a sample until the arrows meet at 90° or less.",
        {"dataset": "spikes"},
        promises.spikes_go,
    ),
    Prompt(
        "whitened",
        "Whitened data need two neurons",
        "Drag y through the quadrants: the positive part of y is carried by one neuron, the negative part by another.",
        {"dataset": "whitened"},
        promises.two_neurons,
    ),
    Prompt(
        "rank",
        "Data on a line",
        "Q is two segments on the axes: its points are no mixtures of X any more. Move a sample across the origin.",
        {"dataset": "rank_one_mixed"},
        promises.on_the_axes,
    ),
    Prompt(
        "polar",
        "The polar answers",
        "Drag y around: over a flat side of C, v waits in a corner of the polar set and two neurons share y. Over a "
        "round part v glides, and one neuron carries y.",
        {"dataset": "acute"},
        promises.corner_or_glide,
    ),
    Prompt(
        "three",
        "Three samples",
        "The flat disc E, and Q bending out of its plane. Turn the picture; move y with the sliders.",
        {"dataset": "three"},
        promises.out_of_the_plane,
    ),
)

IDEA = r"""
### Training as geometry

Leave biases aside. A neuron of unit length produces the outputs $(Xu)_+$ at the samples: a point of **sample space**,
which has one axis per sample. All neurons together make a set,

$$
E = \{Xu : \|u\| \le 1\},\qquad Q = \{(Xu)_+ : \|u\| \le 1\},\qquad C = \mathrm{Conv}(Q \cup -Q)
$$

$E$ is an ellipsoid. Rectifying folds its negative parts onto the axes: the **rectified ellipsoid** $Q$. Mixtures of
neurons, positive and negative, of total weight one fill $C$. So a network with outputs $y$ and least $\sum_j |w_j|$ is
a matter of scale: blow $C$ up until it reaches $y$. The factor is the **gauge** of $y$, and the neurons in use are
the points of $Q$ and $-Q$ where the supporting line touches.

**The dual is the polar set.** $C^\circ = \{v : |v\cdot q| \le 1 \text{ on } Q\}$ holds all dual vectors, and the
gauge is also $\max\{y\cdot v : v \in C^\circ\}$: the two pictures prove each other's number. Corners of one are
edges of the other.

**Spikes.** Parts of $Q$ outside of $E$ are spikes. Without them $Q$ is simply $E$ cut by the positive orthant, the
problem of finding the best neuron is convex, and training has closed forms. Whitened data ($XX^\top = I$), orthogonal
samples and samples on one ray are spike-free; an obtuse angle is not.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), sections 3 and 4.
"""


def code_now() -> str:
    """Code for what is on the page."""
    return python_code(view_state.present())


def python_code(now: ViewState) -> str:
    """A script that finds the same sets and the same gauge; nothing touches at y = 0 and where no network reaches y."""
    touching = now.contact is not None
    return "\n".join(
        [
            "import numpy as np",
            "from convexviz.geometry import RectifiedEllipsoid",
            "",
            f"X = np.array({numbers(now.X)})",
            f"y = np.array({numbers(now.y)})",
            "",
            "body = RectifiedEllipsoid(X)",
            "print(body.spike_free())",
            "gauge = body.gauge(y)",
            "print(gauge.value, gauge.lower, gauge.network)",
            *(["print(body.contact(y).v)  # the supporting hyperplane v . q = 1"] if touching else []),
            "",
            "from convexviz.figures import geometry",
            f"contact = {'body.contact(y)' if touching else None}",
            "geometry.sample_space_figure(body, y, contact, reach=2.0).show()",
            "geometry.polar_figure(body, contact, reach=3.0).show()",
        ]
    )
