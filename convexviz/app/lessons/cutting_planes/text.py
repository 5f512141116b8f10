"""Words of the lesson on cutting planes: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import board_code, limits, plane_code, script, show_code, window
from convexviz.app.lessons.cutting_planes import promises, view_state
from convexviz.app.lessons.cutting_planes.frames import WIDER
from convexviz.app.lessons.cutting_planes.parts import BOARD_HEIGHT
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.core.losses import LOSSES

PROMPTS = (
    Prompt(
        "blind",
        "The neuron that the relaxation misses",
        "The map of all neurons is orange where they exceed β, and the dashed line on the board is the worst of them. "
        "Then choose the *exact sweep*, which finds better.",
        {"scene": "plane", "dataset": "ridges", "oracle": "relaxation", "beta": 0.2},
        promises.a_neuron_is_missed,
        "figure",
        Guess(
            "The relaxation finds no neuron any more that would pay. Is there none?",
            ("there is none", "neurons exceed β"),
            "neurons exceed β",
        ),
    ),
    Prompt(
        "proof",
        "Step through a proof",
        "Step through the film: each round adds the neuron where N is highest, and where it is lowest, if they are "
        "beyond ±β. The bounds close in until they meet.",
        {"scene": "plane", "dataset": "tent2", "oracle": "sweep", "beta": 0.2},
        promises.bounds_close_in,
        "film",
    ),
    Prompt(
        "classes",
        "A straight border, whatever the data",
        "Relaxed training of a ring: the network is linear on the data, so its border cannot bend between the points.",
        {"scene": "plane", "task": "classification", "dataset": "circles", "oracle": "relaxation", "beta": 0.2},
        promises.straight_border,
    ),
    Prompt(
        "cone",
        "The paper's setting does not help here",
        "Now the bias is a weight that costs like the others. All neurons of the relaxation are still active on all "
        "data, and an exact oracle finds better.",
        {"scene": "plane", "dataset": "tent2", "oracle": "relaxation", "bias": False, "beta": 0.2},
        promises.active_on_all,
    ),
    Prompt(
        "free",
        "Exact because spike-free",
        "On whitened data the relaxation misses nothing: two rounds, and the bounds meet.",
        {"scene": "space", "space": "white10", "oracle": "relaxation"},
        promises.nothing_is_missed,
        "certificate",
    ),
    Prompt(
        "climb",
        "Right, but not proved",
        "Ascent reaches the same objective as branch and bound, and proves nothing. Change the oracle and compare.",
        {"scene": "space", "space": "teacher5", "oracle": "ascent"},
        promises.right_without_proof,
        "certificate",
    ),
    Prompt(
        "hard",
        "Where proofs run out of time",
        "Sixty points in ten dimensions: branch and bound ends with a bound on either side of the optimum.",
        {"scene": "space", "space": "diabetes10", "oracle": "branch_and_bound"},
        promises.time_runs_out,
        "certificate",
    ),
)

BEFORE = (
    "Numbers, one for each point, under which no neuron gains more than β prove a lower bound. On the line and in the "
    "plane the best neuron can be found, so the bounds meet."
)

THEOREM = Theorem(
    r"""Let $v$ be any vector with $\sum_i v_i = 0$ and $|N_v(u, b)| \le \beta$ for *all* neurons. Then no network costs
less than the dual objective $-\ell^*(-v)$. Cutting planes (Ergen & Pilanci 2021) bring network and bound
together if their oracle finds the neurons with the highest and the lowest $N_v$ in every round; the paper's relaxation
does so, without biases, where the data are spike-free.""",
    (
        r"the loss is convex, $\beta > 0$, one hidden layer of ReLU neurons with $\|u_j\| = 1$",
        "with free biases the constant is free too; without them both are left out, and the sum of v may be anything",
    ),
    "Exact oracles in two and three dimensions, branch and bound in any, and that with free biases the relaxation "
    "finds linear functions only, are this package's.",
    "No oracle here is exact, fast and for any dimension at once: branch and bound may run out of time, and then only "
    "the bounds in the badge are proved. An objective without a lower bound says nothing of how far the optimum is "
    "below.",
)

IDEA = r"""
### Everything hangs on the oracle

A network is $f(x) = c + \sum_j w_j\,(u_j\cdot x + b_j)_+$ with $\|u_j\| = 1$ and $(z)_+ = \max(0, z)$; it costs
$\ell(f(X), y) + \beta\sum_j |w_j|$. The dual of training asks for one number $v_i$ per point, with one constraint for
*every* neuron there is:

$$
\max_{v}\ -\ell^*(-v)\quad\text{subject to}\quad |N_v(u, b)| \le \beta\ \text{ for all } \|u\| = 1,\ b,\quad
\sum_i v_i = 0
$$

with the **dual function** $N_v(u, b) = \sum_i v_i\,(u\cdot x_i + b)_+$: what a small new neuron would gain, where
$\beta$ is what it costs. The conjugate $\ell^*(z) = \max_f\,(z\cdot f - \ell(f, y))$ belongs to the loss: for the
squared one $-\ell^*(-v) = y\cdot v - \frac12\|v\|^2$, and $v$ is the
residual $y - f(X)$.

**Cutting planes.** Hold few neurons and solve the problem over them, which gives a network (an upper bound) and a $v$.
Ask an *oracle* for the neurons with the highest and the lowest $N_v$. Add those beyond $\pm\beta$, two at most, and
solve again. If there are none, and the oracle is exact, $v$ proves that the network is optimal.

**The oracles.** In the plane the best of all break lines is found exactly, and in three dimensions the best of all
planes. In any dimension *branch and bound* splits the neurons by which points they are active on until bounds decide;
that takes few points, or gives bounds only. *Ascent* climbs from many starts: what it finds is a neuron, what it does
not find may exist. The paper's *relaxation* looks only among neurons that are active on all data,
$Xu + b\mathbf 1 \ge 0$, where $N_v$ is linear: a cone program.

**When is the relaxation exact?** Without biases: when the data are *spike-free*, that is
$\{(Xu)_+ : \|u\| \le 1\}$ stays inside the ellipsoid $\{Xu : \|u\| \le 1\}$, as on whitened data with at most as many
points as dimensions. Elsewhere it can miss neurons, for its networks are always linear on the data. With free biases it
finds the linear functions and nothing else, and can be exact only for affinely independent points, as it is for the
corners of a regular simplex.

**What each word means.** *Proved*: lower bound and objective agree to a relative gap, (objective − lower bound) /
objective, of 10⁻⁶. *Bounds*: the optimum lies between them. *Upper bound only*: a network, and no word on how good it
is; then the badge has no lower bound and no gap.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for cutting planes, relaxation and spike-free data; the exact
oracles and branch and bound are this package's own. Wine and diabetes are scikit-learn's (from UCI, and Efron et al.
2004).
"""


DIGITS = 6  # of a line's far ends


def code_now(settings: CuttingSettings) -> str:
    """Code for the run on the page."""
    return python_code(settings, view_state.present())


def python_code(settings: CuttingSettings, now: view_state.ViewState) -> str:
    """A script that repeats the run on the page and asks what it missed."""
    options = f"beta={settings.beta!r}, loss={settings.loss!r}, bias={settings.bias}, method={now.oracle!r}"
    slowly = "" if now.oracle == view_state.LINE else ", cuts=1"
    pictures, names = _pictures_code(now)
    return script(
        _points_code(settings, now),
        [
            f"s = cv.solve(X, y, {options},",
            f"             time_limit={view_state.RUN_SECONDS}{slowly})",
            "print(s.objective, s.lower_bound, s.certified)",
            "for r in s.history:",
            "    print(r.upper, r.lower, r.neurons, r.maximum)",
        ],
        [
            f"m = cv.missed_neuron(X, s, bias={settings.bias})",
            "print(m.excess, m.proved, m.oracle)  # above 1: a neuron was missed",
        ],
        pictures,
        show_code(*names) if names else [],
    )


def _points_code(settings: CuttingSettings, now: view_state.ViewState) -> list[str]:
    if settings.scene == "space":
        lines = ["from convexviz.data.space_sets import load_space", f"data = load_space({settings.space!r})"]
        lines += ["X, y = data.X, data.y"]
    else:
        edited = view_state.points.edited(settings.task)
        lines = plane_code(settings, now.X, now.problem.targets, edited)
    if not settings.bias and not settings.homogeneous:
        lines += ["X = np.column_stack([X, np.ones(len(X))])  # the bias is a weight like the others"]
    return lines


def _pictures_code(now: view_state.ViewState) -> tuple[list[str], list[str]]:
    """Lines that make the pictures of the run, and their names."""
    s = now.solution
    if s is None or not s.history or now.oracle == view_state.LINE:
        return [], []
    lines, names = [], ["bounds"]
    if now.origin is None:
        lines += ["fit = figures.fit_figure(s, X, y)"]
        names = ["fit", "bounds"]
    else:
        view = now.origin.view
        lines += [f"view = {window(view.x, view.y)}", *_board_code(now, view)]
        names = ["board", "bounds"]
    if now.origin is not None and now.mapped:
        lines += [
            "reach = np.linalg.norm(X - np.mean(view, axis=1), axis=1).max()  # of the offsets in the map",
            "dual = figures.dual_map_figure(s, X, view, reach=reach, v=s.history[-1].v)",
        ]
        names = ["board", "dual", "bounds"]
    best, exact = view_state.best_of(now), now.certified or now.oracle in view_state.CHEAP
    given = f", best={best!r}" if best is not None else ""
    lines += [f"bounds = figures.rounds_figure(s{given}{'' if exact else ', exact=False'})"]
    missed = view_state.missed_of(now)
    circle = s.network.width or (missed is not None and missed.excess > 1 + view_state.EXCEEDS)
    if circle and now.problem.d > 1:
        lines += [f"circle = figures.slice_figure(s, X, m, bias={now.bias})"]
        names += ["circle"]
    return lines, names


def _wider(ends: tuple[float, float]) -> tuple[float, float]:
    """Limits that a board does not show more than, rounded for reading."""
    low, high = ends
    return round(low - WIDER * (high - low), DIGITS), round(high + WIDER * (high - low), DIGITS)


def _board_code(now: view_state.ViewState, view: View) -> list[str]:
    """Lines that draw the board: the network, its break lines, and that of a neuron that was missed."""
    lines, options = [], [f"height={BOARD_HEIGHT}"]
    network, data, whole = "s.network", "X, y", now.problem.d == 2
    if not whole:
        lines += [
            "net = s.network  # on the board the weight of the ones is a bias",
            "flat = cv.ReLUNetwork.normalized(net.U[:, :2], net.b + net.U[:, 2], net.w, net.c)",
        ]
        network, data = "flat", "X[:, :2], y"
    if now.classes:
        options += ["classes=True"]
        if LOSSES[now.settings.loss].supported:
            lines += ["support = np.flatnonzero(abs(s.v) > 1e-5 * abs(s.v).max())  # the points that hold the boundary"]
            options += ["support=support"]
    else:
        options += [f"z_range={limits(view.z or (-1.0, 1.0))}"]
    missed = view_state.missed_of(now)
    if missed is not None and missed.u is not None and missed.excess > 1 + view_state.EXCEEDS:
        wide = window(*(_wider(ends) for ends in (view.x, view.y)))
        neuron = "m.u, m.b" if whole else "m.u[:2], m.b + m.u[2]"
        lines += [f'missed = figures.line_curve("missed neuron", {neuron}, {wide})']
        options += ["curves=[missed]"]
    return [*lines, *board_code(network, "view", *options, data=data)]
