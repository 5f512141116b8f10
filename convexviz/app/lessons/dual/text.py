"""Words of the lesson on the dual by hand: what to try, the idea, what is proved, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import array_code, board_code, limits, script, show_code, window
from convexviz.app.lessons.dual import promises
from convexviz.app.lessons.dual.judge import TOUCH
from convexviz.app.lessons.dual.parts import BOARD_HEIGHT, top
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.app.lessons.dual.view_state import POINTS, present
from convexviz.core.losses import get_loss
from convexviz.figures.theme import DUAL

BEFORE = (
    "On the line some linear spline is an optimal network, and one number for each point proved that none is better. "
    "Here you make that proof yourself."
)

PROMPTS = (
    Prompt(
        "half",
        "Half the way",
        "v is half of the optimal one, and proves 66 % of the optimum: g is concave and g(0) = 0, so half the way "
        "gives at least half the bound.",
        {"v": "-0.5,0.75,-0.25"},
        promises.more_than_half,
        "figure",
        Guess(
            "Take half of the optimal v. How much does it prove?",
            ("Less than half of the optimum", "Half of the optimum", "More than half of the optimum"),
            "More than half of the optimum",
        ),
    ),
    Prompt(
        "blind",
        "Move the middle point up",
        "Drag it straight up: $N_v$ is made of x and v alone, so the band notices nothing and v stays feasible; g "
        "rises by $v_2$ for each unit. Drag it sideways and $N_v$ changes.",
        {"v": "-0.5,0.75,-0.25"},
        promises.band_is_blind,
        "board",
        Guess(
            "What will $N_v$ do when the middle point moves straight up?",
            ("It rises with it", "Nothing", "It leaves the band"),
            "Nothing",
        ),
    ),
    Prompt(
        "free",
        "Let the sum go",
        "The sum is 0.5. At all kinks at the points $N_v$ is inside the band, and yet v proves nothing: look at the "
        "ends of the curves. Set $v_3$ to −0.5 and it does again.",
        {"v": "-0.25,0.75,0", "free": True},
        promises.runs_away,
        "figure",
    ),
    Prompt(
        "interpolate",
        "The network is known, only the proof is missing",
        "Asked to hit every point, the straight lines cost 4.5, whatever v is. That nothing is cheaper is what v = −1, "
        "1.5, −0.5 proves.",
        {"loss": "interpolate", "v": "-0.5,0.75,-0.25"},
        promises.only_proof_missing,
        "board",
    ),
    Prompt(
        "classes",
        "Two classes: each number has a box",
        "With the hinge loss $v_i$ has the sign of its class and at most the size 1, the green boxes, and g is the sum "
        "of the sizes. Press Solve: $v_2$ is as large as its box allows, and its point is on the wrong side. The "
        "optimum is 2.5.",
        {"dataset": "classes"},
        promises.box_binds,
        "board",
    ),
)

IDEA = r"""
### Why three numbers bound every network

A network $f(x) = c + \sum_j w_j\,(u_j (x - t_j))_+$ with $u_j = \pm 1$ and $(z)_+ = \max(0, z)$ costs
$P(f) = \tfrac12\sum_i (y_i - f(x_i))^2 + \beta\sum_j |w_j|$. Take *any* numbers $v_i$, and write
$N_v(u, t) = \sum_i v_i\,(u (x_i - t))_+$. Each square is at least what its tangent says,
$\tfrac12 r^2 \ge v r - \tfrac12 v^2$, so with the misses $r_i = y_i - f(x_i)$

$$
P(f) \;\ge\; \underbrace{\sum_i v_i y_i - \tfrac12\sum_i v_i^2}_{g(v)}
\;-\; c \underbrace{\sum_i v_i}_{=\,0}
\;+\; \sum_j \big(\underbrace{\beta |w_j| - w_j N_v(u_j, t_j)}_{\ge\, 0 \text{ if } |N_v| \le \beta}\big)
\;\ge\; g(v).
$$

The constant $c$ is free, so $\sum_i v_i$ must vanish; the weights are free, so $|N_v|$ must stay within $\beta$. Then
nothing about $f$ is left: no network costs less than $g(v)$. That is *weak duality*, and it needs no solver. Such a
$v$ is called *feasible*. To look for the feasible $v$ of the largest $g(v)$ is the **dual** of the training problem;
that its largest value is the least cost of a network is *strong duality*.

**Why the kinks at the points are enough.** Between two neighbouring points $N_v(u, t)$ is linear in $t$, so it is
largest at an end. Left of all points $N_v(1, t) = \sum_i v_i x_i - t\sum_i v_i$: level if $\sum_i v_i = 0$, else a line
that leaves every band. Right of all points it is zero; $N_v(-1, t)$ is the mirror image.

**The network of your v.** The tangent touches the square only where $r_i = v_i$: a network that costs no more than
$g(v)$ misses point $i$ by exactly $v_i$. So the network read off $v$ has the outputs $y_i - v_i$, and none with these
outputs is cheaper than the straight lines between them,
$\sum|w| = \max(\mathrm{TV}, \frac12(\mathrm{TV} + |s_1 + s_{n-1}|))$ with slopes $s_k$ and $\mathrm{TV}$ the sum of
the sizes of their changes. With *interpolate* the outputs are the $y_i$. The *hinge* loss does not name the outputs,
but the last sum says which ramps the networks may use that meet $g(v)$: those where $|N_v|$ touches $\beta$. They get
their best weights from a small linear program (ramps within 2 % of the band, and outside it, take part). **Best network
so far** is the cheapest of the networks seen since the points, the loss or $\beta$ changed or you started over, the
solver's among them once you press *Solve*; a network costs what it costs, whether its $v$ was feasible or not.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)); the price of a spline: Savarese et al. (2019).
"""

THEOREM = Theorem(
    r"If $\sum_i v_i = 0$, $|N_v(u, t)| \le \beta$ for $u = \pm 1$ and all $t$, and $g(v)$ is finite, then $g(v)$ is "
    "at most the cost of every network of any width (*weak duality*). Some $v$ reaches the cost of the best network "
    "(*strong duality*, Ergen & Pilanci 2021).",
    (
        "One input, two layers, ReLU, biases and the constant without a penalty, weight decay on the rest.",
        "A convex loss: squared, with g(v) = y·v − ½‖v‖²; interpolation of distinct inputs, with g(v) = y·v and the "
        "band ±1; hinge, with g(v) = y·v and each $v_i y_i$ between 0 and 1.",
        "For strong duality enough neurons, at most one more than there are points.",
    ),
    "The formula for the price of straight lines, by which a network is read off v, is not the paper's.",
    "That the v or the network that meet are the only ones; that hands find them for many points; that the network of "
    "a v that is nearly optimal is nearly optimal.",
)


def code_now(settings: DualSettings) -> str:
    """A script that repeats the page: the sums by hand, the network that belongs to v, and the solver."""
    now = present()
    hand, points = now.hand, POINTS.points(settings.task)
    loss = get_loss(settings.loss)
    g = "y @ v - v @ v / 2" if loss.quadratic else "y @ v"
    beta = "1.0  # interpolation has no beta, and the band is 1" if loss.constrained else repr(settings.beta)
    given = "" if loss.constrained else "beta=beta, "
    return script(
        [
            *(["from scipy.optimize import linprog"] if loss.classification else []),
            *array_code("x", points.X[:, 0]),
            *array_code("y", points.y),
            *array_code("v", hand.v),
            f"beta = {beta}",
        ],
        [
            "# what a ramp with its kink at t would gain, rising to the right (u = 1) or to the left (u = -1)",
            "N = {(u, t): v @ np.maximum(u * (x - t), 0) for u in (1, -1) for t in x}",
            "rounding = 1e-9",
            "feasible = abs(v.sum()) <= rounding and max(map(abs, N.values())) <= beta + rounding",
            *(["feasible &= (0 <= y * v).all() and (y * v <= 1).all()"] if loss.classification else []),
            f"g = {g}",
            "print(N, feasible, g)",
        ],
        _touching_code() if loss.classification else _outputs_code(loss.constrained),
        [
            "# the optimum: if v is feasible, g is at most this, and this is at most the objective",
            f"s = cv.solve(x[:, None], y, {given}loss={settings.loss!r})",
            "print(s.objective, s.v)",
            "assert not feasible or g <= s.objective + rounding",
        ],
        [
            *_board_code(settings, now.view),
            f"hand = figures.DualHand(x, y, v, {settings.loss!r}, beta)",
            f"band = figures.hand_figure(hand, {limits(now.view.x)})  # red where v leaves the band",
            f"bounds = figures.hand_bounds_figure(hand, objective, objective, {top(now)!r})",
            *show_code("board", "band", "bounds"),
        ],
    )


def _outputs_code(exact: bool) -> list[str]:
    """Lines that find the cheapest network with the outputs that v names, and its objective."""
    outputs = "y" if exact else "y - v"
    return [
        f"# the network of this v: the cheapest one with outputs {outputs}",
        f'own = cv.solve(x[:, None], {outputs}, loss="interpolate").network',
        f"objective = {'own.penalty' if exact else 'v @ v / 2 + beta * own.penalty'}",
        "print(objective)",
    ]


def _touching_code() -> list[str]:
    """Lines that find the best weights for the ramps that touch the band."""
    return [
        "# the network of this v: the best constant and weights for the ramps that touch the band or leave it",
        f"ramps = [ramp for ramp, gain in N.items() if abs(gain) >= {1.0 - TOUCH!r} * beta]",
        "m, n = len(ramps), len(x)",
        "sides = np.sign([N[ramp] for ramp in ramps])",
        "A = np.array([np.maximum(u * (x - t), 0) for u, t in ramps]).reshape(m, n).T * sides",
        "rows = np.hstack([-y[:, None], -y[:, None] * A, -np.eye(n)])  # margins fall short of 1 by xi at most",
        "free, positive = [(None, None)], [(0, None)]",
        "found = linprog([0.0, *m * [beta], *n * [1.0]], rows, -np.ones(n), bounds=free + (m + n) * positive)",
        "c, w, objective = found.x[0], found.x[1 : 1 + m], found.fun",
        "U, t = np.array(ramps, float).reshape(m, 2)[w > 0].T  # sides and kinks",
        "own = cv.ReLUNetwork(U[:, None], -U * t, (sides * w)[w > 0], c)",
        "print(objective)",
    ]


def _board_code(settings: DualSettings, view: View) -> list[str]:
    """Lines that draw the network of v, and from each point to it what it misses."""
    if settings.classification:
        return board_code("own", window(view.x, view.y), "classes=True", f"height={BOARD_HEIGHT}", data="x[:, None], y")
    return [
        "f = own.predict(x[:, None])",
        f'misses = [figures.curve("", x[[k, k]], [y[k], f[k]], {DUAL!r}, width=3) for k in range(len(x))]',
        *board_code("own", window(view.x, view.y), "curves=misses", f"height={BOARD_HEIGHT}", data="x[:, None], y"),
    ]
