"""Words of the lesson on rank one: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import array_code, board_code, limits, preset_code, printed, script, show_code, window
from convexviz.app.lessons.rank_one import promises
from convexviz.app.lessons.rank_one.leaving import DISTANCES
from convexviz.app.lessons.rank_one.overlays import STEPS
from convexviz.app.lessons.rank_one.parts import LINE_HEIGHT, PLANE_HEIGHT
from convexviz.app.lessons.rank_one.placing import Placed
from convexviz.app.lessons.rank_one.settings import FARTHEST, RankOneSettings
from convexviz.app.lessons.rank_one.view_state import LINE, present
from convexviz.figures.theme import COMPARISON, NEURON

BEFORE = (
    "For inputs that are single numbers there is an optimal network that is a linear spline, and a dual vector proves "
    "it (*Splines*)."
)

THEOREM = Theorem(
    "If all points lie on one line, $X = z\\,a^\\top$ (a matrix of rank one), then training in the plane, or in a "
    "space of any dimension, is training on the numbers $z_i\\,\\|a\\|$: an optimal network is a linear spline along "
    "the line, with its kinks at data points and $u = \\pm a/\\|a\\|$ in every neuron (Ergen & Pilanci 2021).",
    (
        "The points lie on the line exactly, and biases are free; then the line need not pass through the origin.",
        "Weight decay charges the weights of both layers, and neither the biases nor the constant $c$.",
        "There are enough neurons: one for each point and one more always suffice.",
    ),
    "That *every* optimal network is constant across the line; how scale and β trade; all that is said of a point off "
    "the line; and the certificate there, an exact search through all lines of the plane.",
    "That the spline is the only optimal one along the line; that points *near* a line have an optimum of the same "
    "shape; or anything about data of higher rank.",
)

PROMPTS = (
    Prompt(
        "turn",
        "Turn the line",
        "The optimum stays as it is, to rounding, at every angle: turning the points and the neurons together changes "
        "no value and no weight. Only the break lines turn, with the line.",
        {"angle": 120.0},
        promises.turned,
        guess=Guess(
            "The line is turned by a quarter of a circle. What does the optimum do?",
            ("the optimum stays as it is", "it rises", "it falls"),
            "the optimum stays as it is",
        ),
    ),
    Prompt(
        "shrink",
        "Half the scale is twice the weight decay",
        "At scale ½ the optimum of the plane at β = 0.05 is that of the numbers z at β = 0.1. Three neurons are left "
        "of four.",
        {"scale": 0.5},
        promises.half_the_scale,
        figure="verdict",
    ),
    Prompt(
        "off",
        "Pull one point off",
        "The networks of the line are still there and give the same values, so the optimum cannot rise; here it is "
        "more than a seventh lower, to either side of the line alike. The line's dual vector proves nothing "
        "as it stands: a neuron of the plane gains more than β from it.",
        {"off": 0.5},
        promises.pulled_off,
        guess=Guess(
            "Point p goes off the line, to one side or the other. Can the optimum rise?",
            ("it cannot rise", "it can, on one side", "it can, on both sides"),
            "it cannot rise",
        ),
    ),
    Prompt(
        "which",
        "Which point is worth pulling off?",
        "Here it is the one with the largest residual: at this distance it lowers the optimum by more than a sixth, "
        "and none of the other eleven by as much. Choose others under *Place*.",
        {"beta": 0.1, "off": 0.5},
        promises.largest_residual,
        figure="leaving",
    ),
    Prompt(
        "far",
        "Far off, it hardly counts",
        "The optimum has gone more than nine tenths of the way to that without p: a neuron that reacts to p alone is "
        "cheap when p is far away.",
        {"off": 1.5},
        promises.far_off,
        figure="leaving",
    ),
)

IDEA = r"""
### Why the line is enough

Row $i$ of $X = z\,a^\top$ is the point $z_i a$: a number $z_i$ says how far along the line it lies. A neuron with the
unit vector $u$ and the bias $b$ computes

$$
(u \cdot x_i + b)_+ = \big((u \cdot a)\, z_i + b\big)_+ ,
$$

so all that the points notice of $u$ is its part along $a$. A neuron whose $u$ leans away from the line pays for its
whole length and uses a part of it: turned onto $\pm a/\|a\|$, with a smaller weight, it gives the same values. (At a
right angle to the line it gives all points one value, which the constant $c$ does for nothing.) Every optimal network
therefore is **constant across the line**, and along it solves the problem of *Splines*.

**Scale and β.** With $\|a\| = s$ a unit vector is worth $s$ per unit of $z$, so the same function of $z$ costs $1/s$ of
the weights, and with $P(s, \beta)$ for the optimum

$$
P(s, \beta) = P(1, \beta/s) .
$$

**One point off the line.** Move $p$ straight across the line, by $t$ in units of $z$. A network that is constant across
the line does not notice: $P_t \le P_0$. A network for $t$, compressed across the line, serves any larger
$t$ as well, at no higher cost: $P_t$ never rises with $|t|$. And leaving out what $p$ costs shows
$P_t \ge P_{\text{without }p}$. A single neuron that is zero on the line gives the optimal network of the others the
missing value $r$ at $p$ for $\beta |r| / (s |t|)$, so that

$$
P_{\text{without }p}\ \le\ P_t\ \le\ \min\Big(P_0,\ P_{\text{without }p} + \frac{\beta\,|r|}{s\,|t|}\Big) .
$$

**What proves it.** Give each point $i$ its residual $v_i = y_i - f(x_i)$ (the *dual vector*). A new neuron gains
$N_v(u, b) = \sum_i v_i (u \cdot x_i + b)_+$ from it. The map beside the boards shows $N_v$ over the angle of $u$ and
the offset of its break line: while it stays within $\pm\beta$ for every neuron of the plane, no new neuron is
worth its price. At the neurons in use, the triangles, it reaches $\beta$ (weight above zero) or $-\beta$ (below), so
nothing is gained by taking weight away: up to the gap in the badge, no network of any width is better.

**Source.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)).
"""


def code_now(settings: RankOneSettings) -> str:
    """A script for the points on the page."""
    now = present()
    return python_code(now.placed, LINE.edited("regression"), now.view, now.source.view)


def python_code(placed: Placed, edited: bool, view: View, along: View) -> str:
    """A script whose results are the optima on the page; `view` is the window of the plane, `along` of the line."""
    settings, moved = placed.settings, placed.moved
    if edited or settings.points:
        points = [*array_code("z", placed.z), *array_code("y", placed.y)]
    else:
        points = [*preset_code(settings), "z = X[:, 0]"]
    return script(
        [
            *points,
            f"scale, beta = {settings.scale!r}, {settings.beta!r}",
            f"a = np.array({placed.a.tolist()})  # as long as the scale, at {settings.angle:g} degrees",
            "X = np.outer(z, a)",
            f"p, off = {moved}, {placed.off!r}  # the point that may leave the line, and how far it is from it",
            "X[p] += off * np.array([-a[1], a[0]])",
        ],
        [
            "s = cv.solve(X, y, beta=beta)",
            "line = cv.solve(z[:, None], y, beta=beta / scale)",
            printed(),
            "print(line.objective)",
        ],
        [
            f"view = {window(view.x, view.y)}",
            *_boards_code(placed, view, along),
            "reach = np.linalg.norm(X, axis=1).max()  # of the offsets in the map",
            "dual = figures.dual_map_figure(s, X, view, reach=reach)  # the proof",
            f"surface = figures.surface_figure(s, X, y, view, {limits(view.z or (-1.0, 1.0))})",
        ],
        _leaving_code(),
        show_code("board", "spline", "dual", "surface", "leaving"),
    )


def _leaving_code() -> list[str]:
    """Lines that follow the optimum as p leaves the line."""
    return [
        "# the optimum as p leaves the line, the same to either side; turned upright and with the scale in beta",
        "def optimum(far):",
        "    Z = np.column_stack([z, np.zeros(len(z))])",
        "    Z[p, 1] = far",
        "    return cv.solve(Z, y, beta=beta / scale).objective",
        "",
        f"t = {FARTHEST!r} * np.linspace(0, 1, {len(DISTANCES)}) ** 2",
        "optima = np.array([optimum(far) for far in t])",
        "rest = np.arange(len(z)) != p",
        "without = cv.solve(z[rest, None], y[rest], beta=beta / scale)",
        "both = np.append(-t[:0:-1], t), np.append(optima[:0:-1], optima)",
        "leaving = figures.leaving_figure(*both, line.objective, without.objective, (off, s.objective))",
    ]


def _boards_code(placed: Placed, view: View, along: View) -> list[str]:
    """Lines that draw the plane, and the line with what the optimum of the plane does along it."""
    ends = f"z_range={limits(view.z or (-1.0, 1.0))}"
    options = ["chosen=p", 'chosen_label="p"', f"height={LINE_HEIGHT}"]
    lines = board_code("s.network", "view", ends, f"height={PLANE_HEIGHT}")
    if placed.off:
        lines += [
            "slopes = s.network.U @ a",
            "kinks = -s.network.b[slopes != 0] / slopes[slopes != 0]",
            f"low, high = {limits(along.x)}",
            f"t = np.unique([*np.linspace(low, high, {STEPS}), *kinks[(kinks > low) & (kinks < high)]])",
            "along = s.network.predict(np.outer(t, a))",
            f'other = figures.curve("optimum of the plane", t, along, {COMPARISON!r}, "dash")',
            f'value = figures.mark("its value at p", z[p], s.network.predict(X[[p]])[0], {NEURON!r}, "diamond")',
        ]
        options += ["curves=[other]", "marks=[value]"]
    return [
        *lines,
        *board_code("line.network", window(along.x, along.y), *options, name="spline", data="z[:, None], y"),
    ]
