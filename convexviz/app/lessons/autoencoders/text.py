"""Words of the lesson on auto-encoders: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import numbers
from convexviz.app.lessons.autoencoders import parts, promises

PROMPTS = (
    Prompt(
        "inside",
        "A sample in the middle has no neuron",
        "Sample 1 lies among the others: they rebuild it exactly. Drag it out of the hull and a break line appears.",
        {"dataset": "blobs", "n": 20, "k": 1},
        promises.inside,
    ),
    Prompt(
        "edge",
        "The farther out, the stronger",
        "Drag the chosen sample away from the others: the value of its neuron is its distance to their hull.",
        {"dataset": "moons", "n": 14},
        promises.farther,
    ),
    Prompt(
        "circle",
        "Two rings",
        "Every sample of the outer ring has a neuron, and none of the inner one: click on both kinds.",
        {"dataset": "circles", "n": 16},
        promises.rings,
    ),
)

IDEA = r"""
### A neuron as an auto-encoder

Among all dual vectors take the simplest, one that cares for a single sample $x_k$. The neuron that it calls for
responds to $x_k$ and to nothing else:

$$
\max_{\|u\| \le 1,\ b}\ u\cdot x_k + b \quad\text{subject to}\quad u\cdot x_i + b \le 0\ \ (i \ne k)
$$

Its answer is geometry. Let $p = \sum_i \lambda_i x_i$ be the mixture of the *other* samples that comes closest to
$x_k$. Then

$$
u = \frac{x_k - p}{\|x_k - p\|},\qquad b = -\max_{i\ne k} u\cdot x_i,\qquad \text{value} = \|x_k - p\|
$$

The others try to rebuild $x_k$; what they cannot, the residual, becomes the neuron's direction. Two numbers prove each
other: the distance of a point of the hull from above, the value of a neuron from below.

A sample inside the hull of the others leaves no residual and gets no neuron. In the plane that is most of them. In the
64 dimensions of small images it is none.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on extreme points. Digits: scikit-learn's `load_digits` (from
UCI, Alpaydin & Kaynak 1998).
"""


def code_now() -> str:
    """Code for the neuron on the page."""
    return python_code(parts.present())


def python_code(now: parts.ViewState) -> str:
    """A script that finds the same neuron."""
    if now.point is None:
        return "# Two points are needed: add some to the board."
    return "\n".join(
        [
            "import numpy as np",
            "from convexviz.geometry import extreme_point, extreme_points",
            "",
            f"X = np.array({numbers(now.X)})",
            f"p = extreme_point(X, {now.k})  # samples count from 0",
            "print(p.distance, p.value, p.u, p.b)",
            "print(p.weights)  # the mixture of the others",
            "print([e.in_hull for e in extreme_points(X)])",
        ]
    )
