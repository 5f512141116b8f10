"""Words of the lesson on the path: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.contrast.script import data_code
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.lessons.path import promises
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings

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
    "The path itself: at which β it is solved, how many neurons each optimum has, and what held-out points say.",
    "That neurons only enter as β falls: now and then one leaves. That each frame has one neuron more than the one "
    "before. That no other optimal network of the same β has more or fewer. That between two frames "
    "there are as many neurons as the curves draw. And that the β which held-out points choose is the best for other "
    "points: their error is measured, on 400 of them.",
)

PROMPTS = (
    Prompt(
        "enter",
        "No neuron, one, two",
        "Go to the first frame and step on: from a constant to one neuron, then two; in the end there are more than "
        "fifteen, and on the way one leaves. Every frame is a certified optimum.",
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
and now and then one leaves. Whether a neuron may be in use the *dual function* tells,
$N_v(u, b) = \sum_i v_i\,(u \cdot x_i + b)_+$, where for the squared loss $v_i$ is the residual $y_i - f(x_i)$: it stays
within $\pm\beta$, and only where it reaches $\pm\beta$ can a neuron be.

Each frame is the global optimum of its β. From frame to frame the training loss can only fall and $\sum_j |w_j|$ only
rise. **Held-out** points, drawn as the others and not used in training, have no such law: with noise their error falls
while new neurons find what is there, and rises when they fit the noise. So one chooses β by them.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for the dual whose constraints tell which neuron enters.
"""


def code_now(settings: PathSettings) -> str:
    """A script that follows the path of the points on the page."""
    lines = [
        *data_code(settings, BOARDS),
        "",
        f"path = cv.regularization_path(X, y, loss={settings.loss!r}, time_limit=20)",
        "for s in path:",
        "    print(s.beta, s.network.width, s.objective, s.certified)",
    ]
    return "\n".join(lines)
