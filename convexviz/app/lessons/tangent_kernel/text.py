"""Words of the lesson on the tangent kernel: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.contrast.script import data_code
from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import solve_code
from convexviz.app.lessons.tangent_kernel import promises
from convexviz.app.lessons.tangent_kernel.parts import BOARDS
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings

PROMPTS = (
    Prompt(
        "tip",
        "Bent everywhere, or at three points",
        "No noise, and λ = 0: the kernel passes through every point and is bent all the way between them. The network "
        "has three neurons, and is straight everywhere else.",
        {"dataset": "tent", "n": 16, "noise": 0.0, "beta": 0.05, "ridge": 0.0},
        promises.bent_everywhere,
    ),
    Prompt(
        "noise",
        "With λ = 0 the kernel follows the noise",
        "It misses no training point, and on held-out points it is worse than the network, which misses the training "
        "points.",
        {"dataset": "sine", "n": 40, "noise": 0.3, "ridge": 0.0},
        promises.the_kernel_follows_the_noise,
    ),
    Prompt(
        "fair",
        "Equally far from the points",
        "Now λ makes both miss the training points by about as much, and on held-out points they are about as good: "
        "the shapes differ, the errors hardly do.",
        {"dataset": "sine", "n": 40, "noise": 0.3, "ridge": 0.0562},
        promises.both_err_alike,
    ),
    Prompt(
        "folds",
        "A folded target in the plane",
        "Again both miss the training points by about as much. Here the target is folded along lines, as the network "
        "is, and on held-out points the network is ahead.",
        {"dataset": "tent2", "n": 40, "ridge": 0.0422},
        promises.the_network_is_ahead,
    ),
)

IDEA = r"""
### Two ways to be infinitely wide

Make a network ever wider and train it without weight decay from a large random start: its infinitely many neurons
**hardly move**, and their kinks are everywhere, so that none stands out. What it learns is a sum of one fixed bump for
each data point, the *tangent kernel*: **smooth** between the points, with at most a slight tip at each of them. With
weight decay the best network is the other extreme: **few neurons that move to where the data need them**; it bends
sharply there and is straight elsewhere. To compare the two fairly, raise λ until both miss the training points by as
much.

**Sources.** Jacot, Gabriel & Hongler, *Neural Tangent Kernel: Convergence and Generalization in Neural Networks*
(NeurIPS 2018, [arXiv:1806.07572](https://arxiv.org/abs/1806.07572)); Ergen & Pilanci, *Convex Geometry and Duality of
Over-parameterized Neural Networks* (JMLR 2021, [arXiv:2002.11219](https://arxiv.org/abs/2002.11219)).
"""


def code_now(settings: KernelSettings) -> str:
    """A script that fits both to the points on the page."""
    lines = [
        *data_code(settings, BOARDS),
        *solve_code(settings),
        "",
        f"kernel = cv.TangentKernelRidge(ridge={settings.ridge!r}).fit(X, y)",
        "print(abs(s.network.predict(X) - y).max(), abs(kernel.predict(X) - y).max())",
        "print(s.network.penalty, kernel.norm_)",
    ]
    return "\n".join(lines)
