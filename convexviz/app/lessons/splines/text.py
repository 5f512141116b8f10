"""Words of the lesson on the line: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import numpy as np

from convexviz.app.components.board import View
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import (
    Weights,
    board_code,
    call_code,
    counted,
    limits,
    line_code,
    named_code,
    number,
    script,
    show_code,
    solve_code,
    weighing,
)
from convexviz.app.lessons.splines import promises
from convexviz.app.lessons.splines.overlays import SMOOTH_POINTS
from convexviz.app.lessons.splines.parts import BOARD_HEIGHT
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import source, state
from convexviz.app.shell.source import Points
from convexviz.figures.theme import COMPARISON

BEFORE = (
    "A network is usually trained by gradient descent, which does not say how far from the best it has ended. Here an "
    "answer comes with a proof that none is better."
)

THEOREM = Theorem(
    "Choosing the weights of all possible neurons at once is a convex problem, whose dual has the same optimal value. "
    "For points on a line one of the optimal networks has all its kinks at data points: it is a linear spline (Ergen & "
    "Pilanci, 2021).",
    (
        "One input $x$, one hidden layer, one output; $b_j$ and $c$ cost nothing.",
        "The price is $\\beta\\sum_j|w_j|$ with $|u_j| = 1$. Weight decay on both layers comes to the same.",
        "The width is free; $n + 1$ neurons are always enough for $n$ points.",
        "The loss is convex. *Interpolate* needs one target, *hard margin* one label for each $x$.",
    ),
    "The price of a spline by its slopes (after Savarese et al., 2019), the region of all optima and the one with the "
    "fewest neurons (after Debarre et al., 2022), and the check in exact arithmetic in your browser.",
    "That the best network is the only one, that gradient descent finds it, or that it tells the truth between your "
    "points.",
)

PROMPTS = (
    Prompt(
        "line",
        "A line costs one neuron",
        "These points on a line need a single neuron, whose weight is the slope, 0.8. Pull one from the middle off "
        "the line and count again: there are more.",
        {"task": "regression", "dataset": "line", "n": 12, "noise": 0.0, "loss": "interpolate"},
        promises.one_neuron,
    ),
    Prompt(
        "sparse",
        "Weight decay deletes neurons",
        "Press play on the β slider: β falls, and the network, without a neuron at first, gets more and more of them, "
        "though again and again one leaves. Each stands where the dual function reaches the band.",
        {"task": "regression", "dataset": "sine", "n": 40, "noise": 0.15, "loss": "squared", "beta": 0.3},
        promises.decay_deletes,
        "beta",
        Guess(
            "As β falls, neurons enter. Does one ever leave again?",
            ("never", "again and again one leaves"),
            "again and again one leaves",
        ),
    ),
    Prompt(
        "many",
        "More than one optimum",
        "Optimal curves sweep out the orange region: in any gap between two points one of them runs along its edge. "
        "Yet not every curve in it is optimal: a wiggle costs more than ten times as much. The dashed one has the "
        "fewest neurons.",
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
        "board",
        Guess(
            "How many curves meet these nine points at the least price?",
            ("one", "two", "infinitely many"),
            "infinitely many",
        ),
    ),
    Prompt(
        "dots",
        "Not a smooth curve",
        "The network runs straight from point to point, and never beyond the lowest and the highest. The cubic spline "
        "swings past the edges of the step.",
        {"task": "regression", "dataset": "step", "n": 16, "noise": 0.0, "loss": "interpolate", "cubic": True},
        promises.no_overshoot,
        "board",
        Guess(
            "A cubic spline and the network meet the same step. Which of them overshoots it?",
            ("only the network", "only the cubic spline", "both"),
            "only the cubic spline",
        ),
    ),
    Prompt(
        "margin",
        "One point in the way",
        "Drag the lonely point towards a neighbour: the curve has to fall from +1 to −1 between them. The nearer they "
        "are, the steeper it is, and the more it costs.",
        {"task": "classification", "dataset": "point_between", "loss": "hard_margin"},
        promises.dear_neighbours,
    ),
    Prompt(
        "support",
        "Most points do not matter",
        "With the hinge loss a point beyond its margin costs nothing. Drag one far from the border: the objective "
        "stays as it is until the point comes too near the border. On the wrong side it counts.",
        {"task": "classification", "dataset": "two_bands", "loss": "hinge", "beta": 0.05},
        promises.far_points,
        "board",
        Guess(
            "You drag the point farthest from the border a little outwards. What does the objective do?",
            ("it rises", "it falls", "the objective stays"),
            "the objective stays",
        ),
    ),
)

IDEA = r"""
### Why this is a convex problem

**The network.** A neuron is a ramp, $(u x + b)_+ = \max(0,\, u x + b)$: zero on one side of its *kink*, rising with
slope 1 on the other. $u = \pm 1$ says on which, $b$ where. The network adds ramps, each times a weight $w_j$, to a
constant $c$. It is trained to miss the points $(x_i, y_i)$ by little and to have little weight:

$$
f(x) = c + \sum_j w_j\,(u_j x + b_j)_+,\qquad \min_{f}\ \ell(f, y) + \beta \sum_j |w_j|
$$

$\ell$ is the loss: for *squared* half the sum of the squared misses. $\beta > 0$ is the price of weight. Seen as a
choice of weights on *all possible ramps*, most of them zero, this problem is convex; and only ramps that switch on at a
data point are ever needed.

**The price of a curve.** Let $s_1, \dots, s_{n-1}$ be the slopes of a spline between neighbouring data points, and
$\mathrm{TV}$ the sum of the sizes of its bends. The cheapest network that draws it between the first point and the last
costs

$$
\sum_j |w_j| = \max\!\Big(\mathrm{TV},\ \tfrac12\big(\mathrm{TV} + |s_1 + s_{n-1}|\big)\Big),
\qquad \mathrm{TV} = \sum_k |s_{k+1}-s_k|
$$

**The certificate.** Give every point a number $v_i$, how hard it pulls on the curve; for the squared loss its miss,
$v_i = y_i - f(x_i)$. Weight on the ramp $(u, b)$ lowers the loss by

$$
N_v(u, b) = \sum_i v_i\,(u x_i + b)_+
$$

at most for each unit, and $\beta$ is what the unit costs. While this *dual function* stays between $-\beta$ and
$\beta$ for every possible ramp, no new neuron pays for itself. Where it also touches the band at every neuron in use,
the upper edge for $w_j > 0$, the lower for $w_j < 0$, nothing is gained by taking weight away, and no network of any
width is better. The numbers $v_i$ also give a *lower bound*, which no network can go below. The badge says *proved*
where the objective lies above it by a millionth of itself at most. Where the $v_i$ come from, and why they bound every
network, is the next lesson, *The dual, by hand*.

**Other losses.** *Huber* cuts $v_i$ off at $\pm 1$. For the *median* it is $\pm\tfrac12$, by the side on which the
point lies, and in between where the curve meets it. For *hinge* and *hard margin* it has the sign of the label, and is
zero beyond the margin; for *logistic* it has the sign of the label and is never zero. *Interpolate* and *hard margin*
allow no miss: there is no $\beta$, the $v_i$ are the Lagrange multipliers of these conditions, and the band ends at
$\pm 1$.

**Weights of points.** A point of weight 3 counts three times: its loss is added three times, and its pull $v_i$ is
three times what is said above, with its limits. A point of weight 0 is left out. To *interpolate* and *hard margin* all
weights above 0 are alike, for they allow no miss. The wheel over a point changes its weight, and so do the
keys + and − and the buttons below the board while it is selected; its area on the board is its weight.

**Read the neurons.** Each ramp is one neuron; its triangle points to its active side, where it is not zero. Pointing at
neuron $k$ draws the sum of $c$ and the neurons up to it.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)); the formula for the price is after Savarese et al. (2019), the
set of all optima and the sparsest after Debarre et al. (2022).
"""


def code_now(settings: SplineSettings) -> str:
    """Code for the network on the page."""
    now = source.line.points(settings.task)
    origin = source.line.prepare(settings, state.link_loads())
    edited = source.line.edited(settings.task)
    return python_code(settings, now.X[:, 0], now.y, edited, origin.view, origin.axes, now.weights)


PIECES_CODE = [
    "for piece in s.network.pieces():  # f(x) = slope x + intercept",
    "    print(piece.start, piece.stop, piece.slope, piece.intercept)",
]


def python_code(
    settings: SplineSettings,
    x: np.ndarray,
    y: np.ndarray,
    edited: bool,
    view: View,
    names: tuple[str, str] = source.PLAIN,
    weights: Weights = None,
) -> str:
    """A script whose result is the network on the page; x, y, weights of shape (n,) are the points as drawn."""
    several = len(np.unique(x if weights is None else x[weights > 0])) > 1
    if settings.shaped:  # of its optimal set nothing is known
        settings = replace(settings, envelope=False, sparsest=False, connect=False)
    overlays, options = _overlays_code(settings, weights) if several else ([], [])
    classes = settings.task == "classification"
    looks = ["classes=True", "" if settings.regions else "regions=False"] if classes else []
    along = _path_code(settings, weights) if _has_path(settings, Points(x[:, None], y, weights)) else []
    options += [] if weights is None else ["weights=weights"]
    axes, across, up = named_code("axes", names), named_code("name", names[:1]), named_code("target", names[1:])
    reach = number(1.5 * max(map(abs, view.y)))
    return script(
        line_code(settings, x, y, edited, weights),
        [*_asked_for(settings, solve_code(settings, weights)), "print(s.network.kinks(), s.network.w)", *PIECES_CODE],
        _optima_code(weights) if several and not settings.shaped else [],
        [
            f"view = {limits(view.x)}",
            *overlays,
            *board_code("s.network", f"(view, {limits(view.y)})", *looks, *options, f"height={BOARD_HEIGHT}", axes),
            call_code("dual", "figures.dual_figure", "s", "X[:, 0]", "view", across) + "  # the proof",
            call_code("neurons", "figures.neuron_figure", "s.network", "view", f"reach={reach}", across, up),
        ],
        along,
        show_code("board", "dual", "neurons", *(["path"] if along else [])),
    )


def _overlays_code(settings: SplineSettings, weights: Weights) -> tuple[list[str], list[str]]:
    """Lines that make what else the board shows, and the options that bring it there."""
    lines, curves = [], []
    if settings.connect:
        curves.append('figures.network_curve("kinks at the data", optima.connect_the_dots, view, dash="dot")')
    if settings.sparsest:
        curves.append('figures.network_curve("sparsest", optima.sparsest, view)')
    if settings.cubic or settings.linear:
        lines += _knots_code(weights)
    if settings.cubic:
        lines += [
            "from scipy.interpolate import CubicSpline",
            f"t = np.linspace(knots[0], knots[-1], {SMOOTH_POINTS})",
            'cubic = CubicSpline(knots, means, bc_type="natural")(t)',
        ]
        curves.append(f'figures.curve("cubic spline of the data", t, cubic, {COMPARISON!r}, width=1.5)')
    if settings.linear:
        curves.append(f'figures.curve("piecewise linear interpolant", knots, means, {COMPARISON!r}, "dash", 1.5)')
    options = []
    if curves:
        lines += ["curves = [", *(f"    {one}," for one in curves), "]"]
        options.append("curves=curves")
    if settings.envelope:
        lines += [
            "t = np.union1d(*(ends for ends, _ in optima.envelope_outline()))",
            'optimal = figures.band("region of all optima", t, *optima.envelope(t))',
        ]
        options.append("bands=[optimal]")
    return lines, options


def _knots_code(weights: Weights) -> list[str]:
    """Lines that make the distinct x and the mean of their y."""
    if weights is None:
        return [
            "knots, where = np.unique(X[:, 0], return_inverse=True)",
            "means = np.bincount(where, weights=y) / np.bincount(where)",
        ]
    x, moment, mass = (counted(name, weights) for name in ("X[:, 0]", "(weights * y)", "weights"))
    return [
        f"knots, where = np.unique({x}, return_inverse=True)",
        f"means = np.bincount(where, weights={moment}) / np.bincount(where, weights={mass})",
    ]


def _optima_code(weights: Weights) -> list[str]:
    return [
        "# all optimal networks with the same values at the points, and the one with the fewest neurons",
        f"optima = cv.optimal_set(s.network, {counted('X', weights)})",
        "print(optima.unique, optima.sparsest.width)",
    ]


def _asked_for(settings: SplineSettings, lines: list[str]) -> list[str]:
    """The lines with the shape among the arguments of the first, where there is one."""
    return [lines[0].removesuffix(")") + _shape_code(settings) + ")", *lines[1:]]


def _shape_code(settings: SplineSettings) -> str:
    """The arguments that say the shape; they go behind others."""
    names, code = settings.names.split(), ""
    if names:
        code += f", shape={(names[0] if len(names) == 1 else tuple(names))!r}"
    if settings.bounds is not None:
        low, high = (end if isfinite(end) else None for end in settings.bounds)
        code += f", slope=({low}, {high})"
    return code


def _has_path(settings: SplineSettings, points: Points) -> bool:
    if settings.bounds is not None and not settings.bounds[0] <= 0.0 <= settings.bounds[1]:
        return False  # without a level curve there is no beta above which no neuron is left
    return source.most_beta(points, settings.loss) is not None


def _path_code(settings: SplineSettings, weights: Weights) -> list[str]:
    if settings.loss == "squared" and not settings.shaped:
        exact = f"cv.exact_path(X, y{weighing(weights)})"
        return [f"path = figures.path_figure({exact}, beta={settings.beta!r})  # each kink from birth to death"]
    return [
        f"solutions = cv.regularization_path(X, y, loss={settings.loss!r}{weighing(weights)}{_shape_code(settings)})",
        f"path = figures.path_figure(solutions, beta={settings.beta!r})",
    ]
