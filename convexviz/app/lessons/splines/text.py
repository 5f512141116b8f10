"""Words of the lesson on the line: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

import numpy as np

from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import numbers, preset_code, solve_code
from convexviz.app.lessons.splines import promises
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import source

PROMPTS = (
    Prompt(
        "line",
        "A line costs one neuron",
        "Points on a line need a single neuron of weight |slope|. Pull one point away and count again.",
        {"task": "regression", "dataset": "line", "n": 12, "noise": 0.0, "loss": "interpolate"},
        promises.one_neuron,
    ),
    Prompt(
        "sparse",
        "Weight decay deletes neurons",
        "Press play on the β slider: as β falls, neurons enter one by one, each where the dual function reaches "
        "the band.",
        {"task": "regression", "dataset": "sine", "n": 40, "noise": 0.15, "loss": "squared", "beta": 0.3},
        promises.decay_deletes,
    ),
    Prompt(
        "many",
        "More than one optimum",
        "Every curve inside the orange band is optimal. The dashed one has the fewest neurons. Move a point to close "
        "the band.",
        {
            "task": "regression",
            "formula": "x^2",
            "n": 9,
            "noise": 0.0,
            "loss": "interpolate",
            "envelope": True,
            "sparsest": True,
        },
        promises.many_optima,
    ),
    Prompt(
        "dots",
        "Not a smooth curve",
        "The network connects the dots where a cubic spline swings. Look at the steps: which one overshoots?",
        {"task": "regression", "dataset": "step", "n": 16, "noise": 0.0, "loss": "interpolate", "cubic": True},
        promises.no_overshoot,
    ),
    Prompt(
        "margin",
        "One point in the way",
        "Drag the lonely point across its neighbours: the hard margin pays for every change of sign with steeper "
        "slopes.",
        {"task": "classification", "dataset": "point_between", "loss": "hard_margin"},
        promises.dear_neighbours,
    ),
    Prompt(
        "support",
        "Most points do not matter",
        "With the hinge loss, drag a point far from the border: nothing moves until it crosses a margin line.",
        {"task": "classification", "dataset": "two_bands", "loss": "hinge", "beta": 0.05},
        promises.far_points,
    ),
)

IDEA = r"""
### Why this is a convex problem

A two-layer network is a sum of ramps, and weight decay charges each ramp the size of its weight:

$$
f(x) = c + \sum_j w_j\,(u_j x + b_j)_+,\qquad \min_{f}\ \ell(f, y) + \beta \sum_j |w_j|,\quad |u_j| = 1
$$

Seen as a choice of *weights on all possible ramps*, this is convex, and only ramps that switch on at a data point are
ever needed. In terms of the slopes $s_k$ of the resulting spline the price is

$$
\sum_j |w_j| = \max\!\Big(\mathrm{TV},\ \tfrac12\big(\mathrm{TV} + |s_1 + s_{n-1}|\big)\Big),
\qquad \mathrm{TV} = \sum_k |s_{k+1}-s_k|
$$

**The proof under the board.** Give every point a number $v_i$: for the squared loss its residual,
which the Huber loss cuts off at $\pm 1$; for the median half of its sign.
$N_v(u, b) = \sum_i v_i (u x_i + b)_+$ tells what a new neuron would gain. If it stays within $\pm\beta$ for *every*
possible neuron, no neuron can pay for its weight, so no network of any width is better. It touches the band exactly at
the neurons in use: point at one to see it in all pictures.

**Read the neurons.** Each ramp is one neuron; its triangle points to the side where it is active. Pointing at neuron
$k$ draws the sum of the neurons up to it.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)); the formula for the price: Savarese et al. (2019); that optima
are rarely unique: Debarre et al. (2022).
"""


def code_now(settings: SplineSettings) -> str:
    """Code for the network on the page."""
    now = source.line.points(settings.task)
    return python_code(settings, now.X[:, 0], now.y, source.line.edited(settings.task))


def python_code(settings: SplineSettings, x: np.ndarray, y: np.ndarray, edited: bool) -> str:
    """A script whose result is the network on the page; x, y of shape (n,) are the points as drawn."""
    lines = ["import numpy as np", "import convexviz as cv", ""]
    if edited or settings.points or settings.formula:
        lines += [f"x = np.array({numbers(x)})", f"y = np.array({numbers(y)})", "X = x.reshape(-1, 1)"]
    else:
        lines += preset_code(settings)
    lines += solve_code(settings)
    lines += [
        "print(s.network.kinks(), s.network.w)",
    ]
    if len(np.unique(x)) > 1:
        lines += [
            "",
            "# every optimal network through the same values, and the one with the fewest kinks",
            "optima = cv.optimal_set(s.network, X)",
            "print(optima.unique, optima.sparsest.width)",
        ]
    return "\n".join(lines)
