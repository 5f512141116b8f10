"""Words of the lesson on the path: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.compute import answers
from convexviz.app.compute.paths import has_exact_path
from convexviz.app.contrast.held_out import MOST_SEED, Data, posed
from convexviz.app.contrast.points import drawn
from convexviz.app.contrast.script import data_code, optimum_code
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import limits, printed, script, show_code
from convexviz.app.lessons.path import promises
from convexviz.app.lessons.path.parts import BOARD_HEIGHT, BOARDS
from convexviz.app.lessons.path.settings import PathSettings
from convexviz.app.lessons.path.solving import CELLS, DEPTH, MOST_SOLVES

BEFORE = (
    "With weight decay the best network has few neurons, where the data need them (*Tangent kernel*). How many there "
    "are is decided by β."
)

THEOREM = Theorem(
    "Each frame is a global optimum, with its proof: $P(\\beta) = \\min\\, \\ell(f(X), y) + \\beta \\sum_j |w_j|$. As "
    "β falls, the training loss $\\ell$ never rises and $\\sum_j |w_j|$ never falls; $P$ is concave in β and never "
    "rises; and from $\\beta_{\\max}$ upwards a constant is optimal. The optimum of each β is the paper's (Ergen & "
    "Pilanci 2021); the rest holds for every penalty, since $P$ is a least value of functions that are straight lines "
    "in β.",
    (
        "There are enough neurons: one for each point and one more always suffice.",
        "What is said to rise or fall does so up to the gap in the badge.",
    ),
    "The path itself: at which β it is solved, how many neurons each optimum has, and what held-out points say. For "
    "the squared loss on the line it is exact: f is linear in β between the β at which a kink is born, or dies, or the "
    "price Σ|w| changes its form, and the stairs show every change of the number of neurons.",
    "That neurons only enter as β falls: many leave. That no other optimal network of the same β has more or fewer. "
    "For other losses and in the plane, that between two frames there are as many neurons as the curves draw. And that "
    "the β which held-out points choose is the best for other points: their error is measured, on 400 of them.",
)

PROMPTS = (
    Prompt(
        "enter",
        "No neuron, one, two",
        "Go to the first frame and step on: from a constant to one neuron, then two; in the end there are more than "
        "fifteen, and on the way many leave again. Every frame is a certified optimum.",
        {"dataset": "sine", "n": 40, "noise": 0.1},
        promises.neurons_enter,
        figure="path-film",
    ),
    Prompt(
        "noise",
        "More neurons fit the noise",
        "The training error falls to the end. The error on held-out points is least (★) long before, with four "
        "neurons, and rises again.",
        {"dataset": "tent", "n": 20, "noise": 0.4},
        promises.noise_is_fitted,
        figure="path-film",
        guess=Guess(
            "Twenty noisy points. As β falls, the error on the training points falls to the end. And the error on "
            "points that were held out?",
            ("it falls, and rises again", "it falls to the end", "it rises from the start"),
            "it falls, and rises again",
        ),
    ),
    Prompt(
        "clean",
        "Without noise, more is better",
        "The same curves for a target without noise: held-out points, too, are met best at the end of the path.",
        {"dataset": "tent", "n": 16, "noise": 0.0},
        promises.more_is_better,
        figure="path-film",
    ),
    Prompt(
        "classes",
        "One neuron for two classes",
        "Two moons that overlap: the fewest held-out points are misclassified while there is a single neuron.",
        {"task": "classification", "dataset": "moons", "n": 40, "noise": 0.3},
        promises.one_neuron_is_best,
        figure="path-film",
    ),
)

IDEA = r"""
### What weight decay chooses

Training minimises $\ell(f(X), y) + \beta \sum_j |w_j|$: the training loss, and β for each unit of weight (of neurons
with $\|u_j\| = 1$). From some β upwards the best network is a constant. As β falls, **neurons enter**, few at a time,
and others leave. Whether a neuron may be in use the *dual function* tells,
$N_v(u, b) = \sum_i v_i\,(u \cdot x_i + b)_+$, where for the squared loss $v_i$ is the residual $y_i - f(x_i)$: it stays
within $\pm\beta$, and only where it reaches $\pm\beta$ can a neuron be.

For the squared loss on the line nothing of this need be searched for. $N_v$ is a string in a tube whose walls come
closer as β falls; while it touches them at the same points, the network's values are linear in β. A new contact is a
kink that is **born**; a kink whose change of slope falls to zero **dies**. Kinks are at data points only, so one that
moves on is born at another point and dies where it was. All these β are known, and the film has one frame for each
state between two of them (the longest, where there are more than fifty-nine).

Each frame is the global optimum of its β. From frame to frame the training loss can only fall and $\sum_j |w_j|$ only
rise. **Held-out** points, drawn as the others and not used in training, have no such law: with noise their error falls
while new neurons find what is there, and rises when they fit the noise. So one chooses β by them.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for the dual whose constraints tell which neuron enters.
"""


def code_now(settings: PathSettings) -> str:
    """A script that follows the path of the points on the page."""
    data = posed(drawn(BOARDS))
    pictures, names = _pictures_code(settings, data)
    return script(
        data_code(settings, BOARDS),
        [
            *_path_lines(settings, data),
            "for s in path:",
            "    print(s.beta, s.network.width, s.objective, s.certified)",
            f"s = cv.solve(X, y, beta={settings.beta!r}, loss={settings.loss!r})  # at the beta of the page",
            printed(),
        ],
        pictures,
        show_code(*names) if names else [],
    )


def _path_lines(settings: PathSettings, data: Data) -> list[str]:
    """Lines that follow the path."""
    d = data.problem.d
    options = f"depth={DEPTH[d]!r}, most={MOST_SOLVES[d]}"
    if has_exact_path(data.problem):
        return [
            "exact = cv.exact_path(X, y)  # every beta at which a kink is born or dies",
            f"path = [exact.at(beta) for beta in exact.stops({options})]",
        ]
    return [f"path = cv.entering_path(X, y, {settings.loss!r}, {options})"]


def _pictures_code(settings: PathSettings, data: Data) -> tuple[list[str], list[str]]:
    """Lines that make the pictures of the path, and their names."""
    if answers.not_yet(data.problem) or answers.beta_max(data.problem) is None:
        return [], []
    wrong = "np.where(abs(f) <= 1e-9, 0.5, f * y < 0).mean()" if data.classes else "np.sqrt(np.mean((f - y) ** 2))"
    lines = [
        "",
        "def error(s, X, y):",
        "    f = s.network.predict(X)",
        f"    return {wrong}",
        "",
        "train = [error(s, X, y) for s in path]",
    ]
    stairs = ", exact=exact" if has_exact_path(data.problem) else ""
    held, beta, rest = "", f", beta={settings.beta!r}", f"abs(np.log([s.beta / {settings.beta!r} for s in path]))"
    if data.fresh is not None:
        lines += [
            f"fresh = cv.datasets.load({settings.dataset!r}, n={len(data.fresh.targets)}, noise={settings.noise!r}, "
            f"seed={(settings.seed + 1) % MOST_SEED})",
            "held = [error(s, fresh.X, fresh.y) for s in path]  # on points that were not trained on",
        ]
        held, beta, rest = ", held", "", "held"
    lines += [
        f"errors = figures.errors_figure(path, train{held}{beta}, measure={data.measure!r}{stairs})",
        f"shown = path[np.argmin({rest})]",
    ]
    board = optimum_code(settings, data.view, BOARD_HEIGHT[data.problem.d == 2])
    return [*board, *lines, *_network_code(data)], [
        "board",
        "errors",
        "network",
        *(["weights"] if data.problem.d == 1 else []),
    ]


def _network_code(data: Data) -> list[str]:
    """Lines that draw the network of one beta, and on the line the weights of all."""
    low, high = data.heights
    if data.problem.d == 2:
        reach = 1.5 * max(abs(low), abs(high))
        ends = limits((-reach, reach) if data.classes else (low, high))
        classes = ", classes=True" if data.classes else ""
        return [
            f"network = figures.map_figure(shown.network.predict, X, y, view, {ends}{classes},",
            f"                             network=shown.network, cells={CELLS})",
        ]
    return [
        "network = figures.network_figure(shown, X[:, 0], y, *view)",
        f"weights = figures.path_figure(exact, depth={DEPTH[1]!r})"
        if has_exact_path(data.problem)
        else "weights = figures.path_figure(path)",
    ]
