"""Words of the lesson in the plane: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

import numpy as np

from convexviz.app.components.board import View
from convexviz.app.compute.paths import DEPTH, LENGTH
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import (
    Weights,
    board_code,
    call_code,
    counted,
    limits,
    named_code,
    plane_code,
    script,
    show_code,
    solve_code,
    weighing,
    window,
)
from convexviz.app.lessons.plane import promises
from convexviz.app.lessons.plane.overlays import FIELD, KERNELS, widened
from convexviz.app.lessons.plane.parts import BOARD_HEIGHT, CLASS_HEIGHTS
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import source, state
from convexviz.app.shell.source import Points
from convexviz.core.losses import LOSSES

NAMES = ("x₁", "x₂", "y")  # of columns that have none of their own
BEFORE = (
    "On the line a neuron was a ramp that begins at a point, and the proof a curve that stays inside a band. In the "
    "plane it begins at a line, and the proof is a map."
)

THEOREM = Theorem(
    "Choosing the weights of all possible neurons at once is a convex problem, whose dual has the same optimal value: "
    "one number $v_i$ for each point, one condition $|N_v(u, b)| \\le \\beta$ for each neuron. Whatever $v$ meets all "
    "conditions proves a lower bound for networks of every width (Ergen & Pilanci, 2021).",
    (
        "One hidden layer, one output; $b_j$ and $c$ cost nothing.",
        "The price is $\\beta\\sum_j|w_j|$ with $\\|u_j\\| = 1$. Weight decay on both layers comes to the same.",
        "The width is free; $n + 1$ neurons are always enough for $n$ points.",
        "The loss is convex. *Interpolate* and *hard margin* need one target for each place.",
    ),
    "The exact search through all lines, and the check of the answer in exact arithmetic in your browser.",
    "That the best network, or its boundary, is the only one; that no other best network has fewer neurons; that it is "
    "right between your points. The map is drawn on a grid: the proof is the search, not the picture.",
)

PROMPTS = (
    Prompt(
        "support",
        "Most points do not matter",
        "Only the ringed points hold the boundary: alone they cost the same. Drag another one: the objective stays, "
        "and so does the network, until the point crosses its margin.",
        {"dataset": "moons", "loss": "hinge", "beta": 0.1},
        promises.ringed_points,
        "board",
        Guess(
            "You drag a point without a ring a little away from the border. What does the objective do?",
            ("it rises", "it falls", "it stays"),
            "it stays",
        ),
    ),
    Prompt(
        "xor",
        "XOR costs 4√2",
        "No line separates these four corners of a square of side 1. A network with two neurons does, for 4√2 ≈ 5.66, "
        "and the proof says that none does for less. A square twice as large costs half.",
        {"dataset": "xor", "n": 4, "noise": 0.0, "loss": "hard_margin", "picture": "surface"},
        promises.xor_costs,
        "certificate",
    ),
    Prompt(
        "film",
        "Watch the proof being made",
        "Press the button and play: orange islands in the map are neurons that would pay. Each round adds some of "
        "them, until none is left.",
        {"dataset": "moons", "n": 40, "loss": "hinge", "beta": 0.1, "picture": "film"},
        promises.islands_go,
        "film",
    ),
    Prompt(
        "decay",
        "Weight decay deletes neurons",
        "Press play on the β slider: β falls, and more and more break lines enter, each where the map reaches an end "
        "of its band.",
        {"dataset": "spirals", "loss": "logistic", "beta": 0.3, "picture": "path"},
        promises.decay_deletes,
        "beta",
    ),
    Prompt(
        "folds",
        "The surface is folded paper",
        "The target, |x₁| less a ramp in x₂, has two folds. The three heaviest neurons lie along them, to within two "
        "degrees. Turn the surface; point at a neuron to see its ramp.",
        {"task": "regression", "dataset": "ridges", "loss": "squared", "beta": 0.1, "picture": "surface"},
        promises.folds_found,
        "neurons",
    ),
    Prompt(
        "rivals",
        "Against a line and a kernel",
        "The linear classifier has more than a quarter of the points wrong, the other two none. The kernel machine "
        "bends smoothly; the network bends at its break lines only.",
        {"dataset": "circles", "loss": "hinge", "beta": 0.05, "linear": True, "svm": True},
        promises.against_rivals,
    ),
)

IDEA = r"""
### Why the best network can be found

**The network.** In the plane a neuron is a ramp, $(u\cdot x + b)_+$: zero up to its *break line* $u\cdot x + b = 0$,
rising with slope 1 beyond it. $u$, of length 1, points to the side on which it rises. The network adds ramps, each
times a weight $w_j$, to a constant $c$:

$$
f(x) = c + \sum_j w_j\,(u_j\cdot x + b_j)_+,\qquad \min_{f}\ \ell(f, y) + \beta \sum_j |w_j|
$$

$\ell$ is the loss, $\beta > 0$ the price of weight. *Hinge* charges a point what its margin lacks, $1 - y_i f(x_i)$, if
anything. Seen as a choice of weights on *all lines at once*, most of them zero, this problem is convex.

**The proof is the map.** Each point gets a number $v_i$, how hard it pulls on the network; with the hinge loss it is
zero for points beyond their margin, and those where it is not are ringed. For each unit of weight on the neuron
$(u, b)$ the loss can fall by

$$
N_v(u, b) = \sum_i v_i\,(u\cdot x_i + b)_+
$$

at most, and $\beta$ is what the unit costs. The map shows $N_v$ for every line that passes between the points: the
angle of $u$ across; upwards the offset, how far the line lies from the middle of the board in the direction of $u$.
Where $|N_v| \le \beta$ everywhere, no new neuron pays for its weight. At the neurons in use, the triangles, $N_v$ is
$\beta$ for $w_j > 0$ and $-\beta$ for $w_j < 0$: nor does it pay to take weight away, and no network of any width is
better. *Hard margin* and *interpolate* allow no miss: there is no $\beta$,
and the band ends at $\pm 1$.

**How the whole map is searched.** For each angle one of the best lines passes through a data point. Turned about that
point, $N_v$ is a sine between the angles at which the line meets other points, so the best angle in between is known in
closed form: all lines are checked exactly, in $O(n^2 \log n)$ steps.

**Cutting planes.** Hold few neurons, weigh them optimally, look on the map for those that break $|N_v| \le \beta$
worst, add some, repeat. The film shows the rounds: the lower bound never falls, the upper bound never rises, and in the
end no island is left outside the band.

**Weights of points.** A point of weight 3 counts three times: its loss is added three times. A point of weight 0 is
left out. To *interpolate* and *hard margin* all weights above 0 are alike, for they allow no miss. The area of a point
is its weight. The buttons below the board change that of the selected point, as do the keys comma and full stop, and
the wheel over a point; where points have values, which the wheel sets, hold Alt.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for the duality and the cutting planes; the exact search in the
plane is this package's own.
"""


def code_now(settings: PlaneSettings) -> str:
    """Code for the network on the page."""
    edited = source.plane.edited(settings.task)
    origin = source.plane.prepare(settings, state.link_loads())
    names = (*origin.axes, origin.target)
    return python_code(settings, source.plane.points(settings.task), edited, origin.view, names)


def python_code(
    settings: PlaneSettings, points: Points, edited: bool, view: View, names: tuple[str, ...] = NAMES
) -> str:
    """A script whose result is the network on the page; `names` are those of both inputs and of the values."""
    picture, name = _picture_code(settings, points, view, names)
    return script(
        plane_code(settings, points.X, points.y, edited, points.weights),
        [
            *solve_code(settings, points.weights),
            "print(s.network.U, s.network.b, s.network.w)  # break lines u.x + b = 0 and their weights",
        ],
        [
            f"view = {window(view.x, view.y)}",
            *_board_code(settings, points, view, names),
            "reach = np.linalg.norm(X - np.mean(view, axis=1), axis=1).max()  # of the offsets in the map",
            call_code("dual", "figures.dual_map_figure", "s", "X", "view", "reach=reach", named_code("axes", names[:2]))
            + "  # the proof",
            *picture,
        ],
        show_code("board", "dual", name),
    )


def _board_code(settings: PlaneSettings, points: Points, view: View, names: tuple[str, ...]) -> list[str]:
    """Lines that draw the board as the settings want it."""
    classes = settings.task == "classification"
    lines, options = [], ["classes=True" if classes else f"z_range={limits(view.z or CLASS_HEIGHTS)}"]
    options += [f"{name}=False" for name in ("regions", "margins", "lines") if not getattr(settings, name)]
    if settings.support and LOSSES[settings.loss].supported:
        lines += ["support = np.flatnonzero(abs(s.v) > 1e-5 * abs(s.v).max())  # the points that hold the boundary"]
        options += ["support=support"]
    fields = [name for name in KERNELS if getattr(settings, name)] if classes else []
    if fields and len(np.unique(points.counted.y)) > 1:
        lines += ["from sklearn.svm import SVC", "fields = []"]
        for name in fields:
            lines += _field_code(name, view, points.weights)
        options += ["fields=fields"]
    options += [] if points.weights is None else ["weights=weights"]
    return [*lines, *board_code("s.network", "view", *options, f"height={BOARD_HEIGHT}", named_code("axes", names))]


def _field_code(name: str, view: View, weights: Weights) -> list[str]:
    """Lines that train another classifier and add where it is zero."""
    kernel, word, colour, dash = KERNELS[name]
    nx, ny = (2, 2) if kernel == "linear" else FIELD
    wide = [widened(limits) for limits in (view.x, view.y)]
    there = "np.column_stack([x1.ravel(), x2.ravel()])"
    svm = [f"svm = SVC(kernel={kernel!r}).fit(X, y).decision_function({there})"]
    if weights is not None:
        given = ", ".join(counted(name, weights) for name in ("X", "y", "weights"))
        svm = [f"svm = SVC(kernel={kernel!r}).fit({given})", f"svm = svm.decision_function({there})"]
    return [
        f"x1, x2 = np.meshgrid(np.linspace{(*wide[0], nx)!r}, np.linspace{(*wide[1], ny)!r})",
        *svm,
        f"look = dict(id={name!r}, label={word!r}, color={colour!r}, dash={dash!r})",
        f"fields += [dict(look, nx={nx}, ny={ny}, x={list(wide[0])!r}, y={list(wide[1])!r}, z=svm)]",
    ]


def _picture_code(settings: PlaneSettings, points: Points, view: View, names: tuple[str, ...]) -> tuple[list[str], str]:
    """Lines that make the picture below the board, and its name."""
    loss, classes = settings.loss, settings.task == "classification"
    if settings.picture == "surface":
        heights = CLASS_HEIGHTS if classes else view.z or CLASS_HEIGHTS
        X, y = (counted(name, points.weights) for name in ("X", "y"))
        called = named_code("axes", names[:2]), named_code("target", names[2:])
        return [call_code("surface", "figures.surface_figure", "s", X, y, "view", limits(heights), *called)], "surface"
    if settings.picture == "path" and source.most_beta(points, loss) is not None:
        return _path_code(loss, settings.beta, points.weights), "path"
    if settings.picture == "film":
        given = "" if LOSSES[loss].constrained else f"beta={settings.beta!r}, "
        band = "" if LOSSES[loss].constrained else f", beta={settings.beta!r}"
        again = f"rounds = cv.solve(X, y, {given}loss={loss!r}, cuts=1{weighing(points.weights)})"
        return [
            f"{again}  # again, with few neurons a round",
            f"bounds = figures.bounds_figure(rounds.history{band})",
        ], "bounds"
    return ["neurons = figures.weights_figure(s)"], "neurons"


def _path_code(loss: str, beta: float, weights: Weights) -> list[str]:
    """Lines that solve the path as the page does, from coarse to fine, each beta from the nearest that is solved."""
    return [
        f"betas = cv.beta_max(X, y, {loss!r}{weighing(weights)}) * np.geomspace(1.0, {DEPTH[2]!r}, {LENGTH[2]})",
        "solved = {}",
        "for stride in (8, 4, 2, 1):  # from coarse to fine, as the page does",
        "    for beta in (beta for beta in betas[::stride] if beta not in solved):",
        "        near = min(solved, key=lambda known: abs(np.log(known / beta)), default=None)",
        f"        solved[beta] = cv.solve(X, y, beta=beta, loss={loss!r}, start=solved.get(near){weighing(weights)})",
        f"path = figures.plane_path_figure(list(solved.values()), beta={beta!r})",
    ]
