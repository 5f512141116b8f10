"""Words of the lesson on the tangent kernel: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.contrast import optimum_board
from convexviz.app.contrast.held_out import posed
from convexviz.app.contrast.points import drawn
from convexviz.app.contrast.script import data_code, optimum_code
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import limits, script, show_code, solve_code
from convexviz.app.lessons.tangent_kernel import promises
from convexviz.app.lessons.tangent_kernel.fit import positions, ranges
from convexviz.app.lessons.tangent_kernel.parts import BOARD_HEIGHT, BOARDS
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings

BEFORE = (
    "Weight decay selects a network with few neurons, the global optimum (*Splines*, *The plane*); gradient descent "
    "ends at it or above it (*The race*)."
)

THEOREM = Theorem(
    "Gradient descent on the squared loss, without weight decay and from a random start, brings a network whose width "
    "tends to infinity to $f(x) = \\sum_i a_i\\,\\Theta(x, x_i)$ with $f(x_i) = y_i$: the interpolating function of "
    "least norm for the tangent kernel $\\Theta$ (Jacot, Gabriel & Hongler 2018).",
    (
        "The width tends to infinity with weights drawn from a normal distribution and the output scaled by "
        "$1/\\sqrt{\\text{width}}$, and the steps are small.",
        "Both layers are trained, the bias is the weight of an input that is always 1, and the function at the random "
        "start counts as zero, which is its mean.",
        "No two points have the same place and different targets.",
    ),
    "That the fit bends at $x_i$ by $-a_i/\\pi$, which follows from the formula of $\\Theta$ for ReLU; the comparison "
    "at equal training error; and $\\lambda > 0$, which is ridge regression with the same kernel.",
    "That the optimal network predicts better than the kernel, or the kernel than the network: both happen. That the "
    "network's bends are few at every β: as β falls there are more. Nor that networks of the widths in use behave as "
    "the kernel does.",
)

PROMPTS = (
    Prompt(
        "tip",
        "Bends at every point, or at two",
        "No noise, and λ = 0: the kernel passes through all sixteen points and bends at every one of them; between "
        "neighbours it is straight to 1 % of the height. The network bends at two places.",
        {"dataset": "tent", "n": 16, "noise": 0.0, "beta": 0.05, "ridge": 0.0},
        promises.bends_at_every_point,
        figure="kernel-figures",
        guess=Guess(
            "An infinitely wide network is fitted to sixteen points of a tent. Where does its function bend?",
            ("at every point", "at the tip of the tent only", "nowhere, it is smooth"),
            "at every point",
        ),
    ),
    Prompt(
        "noise",
        "With λ = 0 the kernel follows the noise",
        "The kernel misses no training point, and on held-out points it is worse than the network, which misses the "
        "training points.",
        {"dataset": "sine", "n": 40, "noise": 0.3, "ridge": 0.0},
        promises.the_kernel_follows_the_noise,
        figure="kernel-numbers",
    ),
    Prompt(
        "fair",
        "Equally far from the points",
        "λ makes both miss the training points by about as much, and on held-out points they are about as good: "
        "the shapes differ, the errors hardly do.",
        {"dataset": "sine", "n": 40, "noise": 0.3, "ridge": 0.0562},
        promises.both_err_alike,
        figure="kernel-numbers",
    ),
    Prompt(
        "folds",
        "A folded target in the plane",
        "Both miss the training points by about as much. Here the target is folded along lines, as the network "
        "is, and on held-out points the network is ahead.",
        {"dataset": "tent2", "n": 40, "ridge": 0.0422},
        promises.the_network_is_ahead,
        figure="kernel-numbers",
    ),
)

IDEA = r"""
### Two ways to be infinitely wide

Make a network ever wider and train it by gradient descent without weight decay, from a random start that is scaled with
the width: its infinitely many neurons **hardly move**. What it learns is a sum of fixed functions, one for each data
point $x_i$,

$$
f(x) = \sum_i a_i\,\Theta(x, x_i), \qquad (\Theta + \lambda I)\,a = y ,
$$

where $\Theta$ is the *tangent kernel* and $\lambda = 0$ makes $f$ pass through all points. On the line
$\Theta(x, x_i)$ has a tip at $x_i$, where its slope falls by $1/\pi$, and is smooth elsewhere. So $f$ **bends at every
point** with $a_i \ne 0$, by $-a_i/\pi$. It is not a smooth curve.

With weight decay the best network is the other extreme: **few neurons**, at places that the data choose; it bends there
and is straight elsewhere.

**Two prices.** Weight decay charges $\sum_j |w_j|$ (neurons with $\|u_j\| = 1$), a sum of sizes, which it pays to
spend on few neurons. The kernel has the least $\|f\|^2 = \sum_{ij} a_i a_j\,\Theta(x_i, x_j)$, a sum of squares
over infinitely many neurons of how far they moved, which it pays to spread over all. To compare the two fairly, raise
$\lambda$ until both miss the training points by as much.

**Sources.** Jacot, Gabriel & Hongler, *Neural Tangent Kernel: Convergence and Generalization in Neural Networks*
(NeurIPS 2018, [arXiv:1806.07572](https://arxiv.org/abs/1806.07572)); Ergen & Pilanci, *Convex Geometry and Duality of
Over-parameterized Neural Networks* (JMLR 2021, [arXiv:2002.11219](https://arxiv.org/abs/2002.11219)).
"""


def code_now(settings: KernelSettings) -> str:
    """A script that fits both to the points on the page."""
    drawn_code, names = _pictures_code(settings)
    return script(
        data_code(settings, BOARDS),
        solve_code(settings),
        [
            f"kernel = cv.TangentKernelRidge(ridge={settings.ridge!r}).fit(X, y)",
            "print(abs(s.network.predict(X) - y).max(), abs(kernel.predict(X) - y).max())",
            "print(s.network.penalty, kernel.norm_)",
        ],
        [*drawn_code, *show_code(*names)] if names else [],
    )


def _pictures_code(settings: KernelSettings) -> tuple[list[str], list[str]]:
    """Lines that make the pictures of the page, with its limits, and their names."""
    on = drawn(BOARDS)
    solution = optimum_board.solved(on).solution
    if solution is None:
        return [], []
    data = posed(on)
    board = optimum_code(settings, data.view, None if on.plane else BOARD_HEIGHT)
    at = positions(data.problem, (data.view.x, data.view.y))
    f = solution.network.predict(at)
    ends, reach = ranges(data.problem, at.tobytes(), data.heights, data.classes, f, f.tobytes())
    if data.problem.d == 1:
        limit = f"view[0], {limits(ends)}, {reach!r}"
        return [*board, f"prediction = figures.kernel_figure(s, kernel, X[:, 0], y, {limit})"], ["board", "prediction"]
    clipped = "np.clip(s.network.predict(Z), -1, 1) - np.clip(kernel.predict(Z), -1, 1)"
    apart = clipped if data.classes else "s.network.predict(Z) - kernel.predict(Z)"
    classes = ", classes=True" if data.classes else ""
    return [
        *board,
        f"ends = {limits(ends)}",
        f"network = figures.map_figure(s.network.predict, X, y, view, ends{classes}, network=s.network)",
        f"prediction = figures.map_figure(kernel.predict, X, y, view, ends{classes})",
        "",
        "def apart(Z):",
        f"    return {apart}",
        "",
        f"ends = {limits((-reach, reach))}",
        f"difference = figures.map_figure(apart, X, y, view, ends{classes}, network=s.network, difference=True)",
    ], ["board", "network", "prediction", "difference"]
