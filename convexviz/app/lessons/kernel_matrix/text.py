"""Words of the lesson on the kernel matrix: what to try, the idea, the theorem, and the same thing in Python."""

from __future__ import annotations

import numpy as np

from convexviz.app.components.board import View
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import board_code, line_code, show_code, window
from convexviz.app.lessons.kernel_matrix import promises
from convexviz.app.lessons.kernel_matrix.parts import BOARD_HEIGHT, CURVE, POINTS
from convexviz.app.lessons.kernel_matrix.settings import MatrixSettings
from convexviz.app.shell import state
from convexviz.core.losses import get_loss
from convexviz.figures.theme import COMPARISON, DUAL

HARD = {"task": "classification", "loss": "hard_margin"}

PROMPTS = (
    Prompt(
        "bands",
        "Three bands, twelve points",
        "Two borders, two columns, four lit rows. The tangent kernel leans on the same four points, and still puts a "
        "weight on 16 columns.",
        HARD | {"dataset": "three_bands", "n": 12},
        promises.few_columns,
        figure="figure",
        guess=Guess(
            "Twelve points make 24 columns. How many of them will the optimum use?",
            ("2 columns", "12 columns", "22 columns"),
            "2 columns",
        ),
    ),
    Prompt(
        "cross",
        "Drag a point across the border",
        "One column separates two bands. Drag the −1 point nearest to the border to a place between two of the +1 "
        "points: three borders, three columns, and above the green bars stands which of them entered and which left.",
        HARD | {"dataset": "two_bands", "n": 12},
        promises.across_the_border,
        guess=Guess(
            "One column separates two bands. A −1 point is dragged between two +1 points: how many columns then?",
            ("2 columns", "3 columns", "4 columns"),
            "3 columns",
        ),
    ),
    Prompt(
        "ties",
        "Columns that tie",
        "Kᵀv touches the band in twelve columns, and one of them is used. Each of the other eleven could do it alone "
        "at the same price: the optimum is not unique, and the solver shows one. Where |Kᵀv| stays below 1, no "
        "optimum has a weight.",
        HARD | {"dataset": "two_bands", "n": 12},
        promises.ties,
        figure="figure",
    ),
    Prompt(
        "hinge",
        "Classes that overlap",
        "The hinge loss weighs misses against ‖w‖₁. Here the optimum has one column, one border and two points on the "
        "wrong side; at β = 0.01 it has five columns and five borders, and no point there.",
        {"task": "classification", "loss": "hinge", "dataset": "gaussians", "n": 16, "noise": 0.15, "beta": 0.05},
        promises.misses_allowed,
    ),
    Prompt(
        "interpolate",
        "Through every point",
        "The curve must bend at each of the 10 inner points, so 10 columns at least. It takes 11 of 24, and n − 1 are "
        "enough for any values. The tangent kernel uses 22: every column that is not zero.",
        {"task": "regression", "loss": "interpolate", "dataset": "sine", "n": 12, "noise": 0.0},
        promises.every_inner_point,
        figure="figure",
    ),
    Prompt(
        "decay",
        "Weight decay empties columns",
        "At this β 4 columns of 40 have a weight; slide β down to 0.01, and 13 do. The tangent kernel holds 38 at "
        "both, all that are not zero: with more β its norm shrinks, and none of its weights becomes zero.",
        {"task": "regression", "loss": "squared", "dataset": "sine", "n": 20, "noise": 0.1, "beta": 0.2},
        promises.columns_leave,
        figure="figure",
    ),
)

BEFORE = (
    "On the line some linear spline with its kinks at the data is an optimal network, and a dual vector v, one number "
    "for each point, proves that none is better. Both come from one matrix."
)

IDEA = r"""
### Training is the choice of a vector

Sort the points, $x_1 \le \dots \le x_n$, and write down all ramps that switch on at one of them. Their values at the
data are the columns of the *kernel matrix* $K \in \mathbb{R}^{n \times 2n}$:

$$
K = \big[\,(x_i - x_k)_+ \;\big|\; (x_k - x_i)_+\,\big],\qquad f(x_i) = (Kw)_i + c
$$

Each column is a possible neuron, $w_k$ its output weight, and weight decay charges $\|w\|_1 = \sum_k |w_k|$:

$$
\begin{aligned}
\text{hard margin:}\quad & \min\ \|w\|_1 \ \text{ s.t. }\ y_i\big((Kw)_i + c\big) \ge 1\\
\text{hinge:}\quad & \min\ \textstyle\sum_i \max\big(0,\ 1 - y_i((Kw)_i + c)\big) + \beta\|w\|_1\\
\text{interpolate:}\quad & \min\ \|w\|_1 \ \text{ s.t. }\ Kw + c = y\\
\text{squared:}\quad & \min\ \tfrac12\|Kw + c - y\|^2 + \beta\|w\|_1
\end{aligned}
$$

The first three are linear programs. **Columns** with $w_k \ne 0$ are the neurons (lit green). **Rows** with
$v_i \ne 0$ are the points that hold them (lit pink). $v$ is the dual vector of *The dual, by hand*; for margins and
interpolation it is the vector of Lagrange multipliers. $(K^\top v)_k$ is its $N_v$ for the ramp in column $k$. With
$\sum_i v_i = 0$, $|K^\top v| \le 1$ in every column (with a loss: $\le \beta$) and, for classes, no $v_i$ against its
label, it proves a lower bound; in every column in use the optimal $v$ touches the band.

**ℓ₁ against ℓ₂.** A network of infinite width whose neurons hardly move from a random start can only make functions
of its *tangent kernel* $\Theta$, $f = \Theta\alpha$ at the data. The dashed curve is the one with the least
$\alpha^\top\Theta\alpha$ under the same constraints (with a loss: the least loss
$+\ \tfrac{\beta}{2}\,\alpha^\top\Theta\alpha$); it has no constant $c$, the kernel carries its own. That is a squared
ℓ₂ norm over all neurons: a neuron that is column $k$ of $K$ moves its output weight in proportion to
$(K^\top\alpha)_k$. The blue bars show it; bars too short to be seen count.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)); the price of given values: Savarese et al. (2019); the tangent
kernel: Jacot, Gabriel & Hongler (2018, [arXiv:1806.07572](https://arxiv.org/abs/1806.07572)).
"""

THEOREM = Theorem(
    "For points on the line, training a two-layer ReLU network with weight decay is one of the four problems over the "
    "columns of $K$: they have the same optimal value, and from an optimal $w$ one reads an optimal network, a neuron "
    "for every $w_k \\ne 0$ (Ergen & Pilanci 2021). Ramps that switch on between the points, or outside of them, make "
    "nothing cheaper.",
    (
        "One feature, and at least two different $x_i$ (points in space that lie on one line are such data).",
        "Biases and the constant $c$ are free: weight decay does not charge them.",
        "The network is wide enough for the columns used; $n - 1$ neurons always are.",
        "Points at the same $x_i$ have the same target (*interpolate*) or the same label (*hard margin*); the other "
        "losses need nothing.",
    ),
    "For any values $f$ at different $x_i$ the least $\\|w\\|_1$ with $Kw + c = f$ is the price of the spline through "
    "them, $\\max(\\mathrm{TV}, (\\mathrm{TV} + |s_1 + s_{n-1}|)/2)$ with slopes $s_k$ and $\\mathrm{TV} = \\sum_k "
    "|s_{k+1} - s_k|$. The weights $K^\\top\\alpha$ of the tangent kernel on the same columns, and the proof in exact "
    "arithmetic.",
    "That $w$ is the only optimum: other columns may tie, and other optimal networks bend between the points. That "
    "few columns are needed for every data set. That few columns predict better on new points than many. That the "
    "tangent kernel uses every point: for margins $\\alpha$ may be zero at most of them.",
)

PROGRAMS = {
    "hard_margin": ("cp.norm1(w)", "[cp.multiply(y, f) >= 1]"),
    "interpolate": ("cp.norm1(w)", "[f == y]"),
    "hinge": ("cp.sum(xi) + beta * cp.norm1(w)", "[cp.multiply(y, f) >= 1 - xi]"),
    "squared": ("cp.sum_squares(f - y) / 2 + beta * cp.norm1(w)", "[]"),
}


def code_now(settings: MatrixSettings) -> str:
    """Code for what is on the page."""
    now, view = POINTS.points(settings.task), POINTS.prepare(settings, state.link_loads()).view
    return python_code(settings, now.X[:, 0], now.y, POINTS.edited(settings.task), view)


def python_code(settings: MatrixSettings, x: np.ndarray, y: np.ndarray, edited: bool, view: View) -> str:
    """A script that builds K and solves over its columns; x, y of shape (n,) are the points as drawn."""
    points = line_code(settings, x, y, edited)
    lines = ["import cvxpy as cp", "import numpy as np", "import convexviz as cv", "from convexviz import figures", ""]
    lines += [*points, *(["x = X[:, 0]"] if points[-1].startswith("X, y") else [])]
    loss = get_loss(settings.loss)
    weighed = not loss.constrained
    lines += ["", "# the kernel matrix: ramps to the right, ramps to the left, at every point"]
    lines += ["apart = x[:, None] - x[None, :]", "K = np.maximum(np.hstack([apart, -apart]), 0)"]
    cost, limits = PROGRAMS[settings.loss]
    what = "a quadratic program" if loss.quadratic else "a linear program"
    lines += ["", f"# training is {what} over its columns"]
    lines += [f"beta = {settings.beta!r}"] if weighed else []
    lines += ["w, c = cp.Variable(2 * len(x)), cp.Variable()", "f = K @ w + c"]
    short = weighed and loss.classification
    lines += ["xi = cp.Variable(len(x), nonneg=True)  # what a margin falls short of 1"] if short else []
    lines += [f"problem = cp.Problem(cp.Minimize({cost}), {limits})"]
    solver = "cp.CLARABEL" if loss.quadratic else "cp.SCIPY"
    lines += [f"problem.solve(solver={solver})"]
    lines += [
        "used = np.flatnonzero(abs(w.value) > 1e-6 * abs(w.value).max())",
        "print(problem.value, used, w.value[used])",
    ]
    given = "beta=beta, " if weighed else ""
    lines += ["", "# no network of any width is better, and the certificate proves it"]
    lines += [f"s = cv.solve(X, y, {given}loss={settings.loss!r})", "print(s.objective, s.lower_bound, s.certified)"]
    lines += ["print(abs(K.T @ s.v).max())  # nowhere above the band", ""]
    given = "1.0" if loss.constrained else "beta"
    lines += ["# beside it the tangent kernel: a squared l2 norm over all neurons"]
    lines += [f"tangent = cv.least_norm(X, y, {settings.loss!r}, {given})"]
    lines += ["alpha = tangent.alpha", "print(K.T @ alpha)  # its weight on every column", ""]
    lines += _board_code(settings, view)
    lines += ["matrix = figures.matrix_figure(s, x, y, alpha)", *show_code("board", "matrix")]
    return "\n".join(lines)


def _board_code(settings: MatrixSettings, view: View) -> list[str]:
    """Lines that draw the board: the network, rings around the points of lit rows, and where the sign changes."""
    classes, loss = settings.task == "classification", get_loss(settings.loss)
    lines, options = [], [f"height={BOARD_HEIGHT}"]
    if classes:
        options += ["classes=True", "" if settings.regions else "regions=False"]
    if settings.tangent:
        lines += [
            f"at = np.union1d(np.linspace{(*view.x, CURVE)!r}, x)",
            f'other = figures.curve("tangent kernel", at, tangent.predict(at[:, None]), {COMPARISON!r}, "dash")',
        ]
        options += ["curves=[other]"]
    lines += ["marks = []"]
    if loss.linear is not None:
        lines += [
            "for i in np.flatnonzero(abs(s.v) > 1e-6 * abs(s.v).max()):",
            f'    marks += [figures.mark("lit row, v ≠ 0", x[i], y[i], {DUAL!r}, text=f"v = {{s.v[i]:.3g}}")]',
        ]
    if classes:
        lines += [
            "kinks = s.network.kinks()",
            "t = np.unique([x.min(), x.max(), *kinks[(kinks > x.min()) & (kinks < x.max())]])",
            "f = s.network.predict(t[:, None])",
            "for i in np.flatnonzero(f[:-1] * f[1:] < 0):  # the border between the classes",
            "    place = t[i] + (t[i + 1] - t[i]) * f[i] / (f[i] - f[i + 1])",
            '    marks += [figures.mark("border", place, 0.0, shape="cross")]',
        ]
    return [*lines, *board_code("s.network", window(view.x, view.y), "marks=marks", *options)]
