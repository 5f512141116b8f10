"""Words of the lesson on auto-encoders: what to try, the idea, its theorem, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.compute import digit_images
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import array_code, script, show_code, window
from convexviz.app.lessons.autoencoders import parts, promises
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings

BEFORE = (
    "An optimal network uses the neurons that gain most from a dual vector. Most of them must be searched for; one "
    "kind of neuron can be written down at once: that which answers a single sample."
)

PROMPTS = (
    Prompt(
        "inside",
        "A sample in the middle has no neuron",
        "Sample 1 lies among the others: a mixture of them is the sample itself, and nothing is left. Drag it out of "
        "the hull, and a break line appears.",
        {"dataset": "blobs", "n": 20, "k": 1},
        promises.inside,
    ),
    Prompt(
        "edge",
        "The farther out, the stronger",
        "Drag the chosen sample away from the others: its neuron answers it with exactly its distance to their hull.",
        {"dataset": "moons", "n": 14},
        promises.farther,
    ),
    Prompt(
        "circle",
        "Two rings",
        "Every sample of the outer ring lies outside the hull of the others, and none of the inner one does: click on "
        "both kinds.",
        {"dataset": "circles", "n": 16},
        promises.rings,
        guess=Guess(
            "Eight samples on an outer ring, eight on an inner one. Which have a neuron of their own?",
            ("All sixteen", promises.OUTER, "Those of the inner ring alone"),
            promises.OUTER,
        ),
    ),
)

IDEA = r"""
### A neuron as an auto-encoder

Ask for a neuron $(u\cdot x + b)_+$ that answers one sample $x_k$, as strongly as a direction $u$ of length one can, and
answers zero to all others:

$$
\begin{aligned}
\max_{\|u\| \le 1,\ b}\quad & u\cdot x_k + b \\
\text{subject to}\quad & u\cdot x_i + b \le 0\ \ (i \ne k)
\end{aligned}
$$

The answer is geometry. A **mixture** of the other samples is $\sum_i \lambda_i x_i$ with $\lambda_i \ge 0$ and
$\sum_i \lambda_i = 1$; all mixtures make their hull. Let $p$ be the mixture that comes closest to $x_k$. Then

$$
\begin{aligned}
u &= \frac{x_k - p}{\|x_k - p\|},\qquad b = -\max_{i\ne k} u\cdot x_i \\
\text{value} &= \|x_k - p\|
\end{aligned}
$$

The others rebuild $x_k$ as well as they can, that is $p$; the **residual** $x_k - p$, what they cannot rebuild, is the
direction of the neuron. An auto-encoder is a network that is to give its input back; here the other samples do that,
and the neuron answers to what they miss.

**Two numbers prove each other.** A neuron that is silent on the others is silent on every mixture $m$ of them,
$u\cdot m + b \le 0$, so its answer is $u\cdot x_k + b \le u\cdot(x_k - m) \le \|x_k - m\|$. The nearest mixture $p$
gives the least of these bounds, and the neuron above reaches it.

**The dual vector behind it** has $1$ at $x_k$ and $-\lambda_i$ at the samples that $p$ mixes: the sample minus its
reconstruction. No neuron of positive weight gains more from it than $\|x_k - p\|$, and this one gains it. (One of
negative weight may gain more, by answering a single one of the mixed samples.)

A sample inside the hull of the others leaves no residual and has no such neuron. How many samples that concerns is
counted beside the board, and below for images: seen through two numbers each, most are mixtures of the others; in all
64 pixels, none of the 1797 images is.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on extreme points. Digits: scikit-learn's `load_digits` (from
UCI, Alpaydin & Kaynak 1998).
"""

THEOREM = Theorem(
    r"If $x_k$ lies outside the hull of the other samples, the strongest neuron that answers $x_k$ and none of the "
    r"others is $u = (x_k - p)/\|x_k - p\|$, $b = -\max_{i\ne k} u\cdot x_i$, with $p$ the nearest mixture of the "
    r"others; its answer is the distance $\|x_k - p\|$. Inside the hull there is no such neuron (Ergen & Pilanci "
    "2021).",
    (
        r"There are at least two samples, $\|u\| \le 1$, and the bias $b$ is free.",
        "The neuron must be silent on *every* other sample.",
    ),
    "The proof on this page by two numbers, the distance from above and a neuron's answer from below; the share of "
    "images that are mixtures of the others.",
    "That a trained network consists of such neurons: its neurons may well answer several samples each. Nor is an "
    "auto-encoder trained here.",
)


def code_now() -> str:
    """Code for what is on the page."""
    return python_code(parts.present(), parts.shown_view())


def python_code(now: parts.ViewState, view: View) -> str:
    """A script that finds the same neuron, and the mixture of the same digit."""
    return script(
        _planar_code(now, view), _digit_code(now.settings), show_code(*(["board"] if now.point else []), "digit")
    )


def _planar_code(now: parts.ViewState, view: View) -> list[str]:
    if now.point is None:
        return ["# Two points are needed: add some to the board."]
    return [
        "from convexviz.figures import geometry",
        *array_code("X", now.X),
        f"p = extreme_point(X, {now.k})  # samples count from 0",
        "print(p.distance, p.value, p.u, p.b)",
        "print(p.weights)  # the mixture of the others",
        "print([e.in_hull for e in extreme_points(X)])",
        f"view, window = {window(view.x, view.y)}, {window(*(_thrice(ends) for ends in (view.x, view.y)))}",
        "curves, marks = geometry.extreme_point_curves(X, p, window), geometry.extreme_point_marks(X, p)",
        "board = figures.board_figure(None, X, view=view, curves=curves, marks=marks, chosen=p.index, "
        f"height={parts.HEIGHT})",
    ]


def _thrice(ends: tuple[float, float]) -> tuple[float, float]:
    """Limits three times as wide: the board may show more than its view."""
    low, high = ends
    return 2 * low - high, 2 * high - low


def _digit_code(settings: AutoencoderSettings) -> list[str]:
    """Lines that mix a digit from others, and show what is left."""
    same = settings.among == "same"
    return [
        "# a digit as a mixture of others, and the residual, which is its neuron",
        "from sklearn.datasets import load_digits",
        "from convexviz.geometry import extreme_point, extreme_points",
        "images, digit = load_digits(return_X_y=True)",
        "images = images / 16",
        f"others = {f'np.flatnonzero(digit == {settings.digit})' if same else 'np.arange(len(digit))'}",
        f"row = np.flatnonzero(digit == {settings.digit})[{_row(settings)}]",
        "q = extreme_point(images[others], int(np.flatnonzero(others == row)[0]))",
        f"heaviest = np.argsort(-q.weights)[:{parts.MIXED}]",
        "left = images[row] - q.projection",
        "shown = np.vstack([images[row], q.projection, left, images[others[heaviest]]]).reshape(-1, 8, 8)",
        'titles = ["image x", "mixture p", "residual", *(f"{q.weights[i]:.0%} of p" for i in heaviest)]',
        "signed = [False, False, True, *(False for i in heaviest)]",
        f"digit = figures.image_row_figure(shown, titles, signed, columns={parts.COLUMNS}, height=500)",
    ]


def _row(settings: AutoencoderSettings) -> int:
    """The image among those of its digit, from 0."""
    return min(settings.image, len(digit_images.digits().of(int(settings.digit)))) - 1
