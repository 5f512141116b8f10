"""Words of the lesson on closed forms: what to try, the idea, its theorem, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import script, show_code
from convexviz.app.lessons.closed_forms import promises
from convexviz.app.lessons.closed_forms.settings import ClosedSettings

BEFORE = (
    "With two samples one could see that data without spikes make training simple. Orthonormal samples, in any "
    "number, have no spikes, and nothing is left to solve."
)

PROMPTS = (
    Prompt(
        "white",
        "Formula and solver agree",
        "With whitening on, both columns of the table show the same objective, bound and number of neurons.",
        {"whiten": True},
        promises.they_agree,
        "certificate",
    ),
    Prompt(
        "raw",
        "Switch whitening off",
        "The formula is a network like any other, but no longer the best: the solver finds a better one, and proves "
        "that none is better still. Each neuron of the formula answers the images of the other class too.",
        {"whiten": False},
        promises.solver_is_better,
        "certificate",
        Guess(
            "The same formula on the raw images: is it still optimal?",
            ("It stays optimal", promises.BETTER, "Neither can be better than the other"),
            promises.BETTER,
        ),
    ),
    Prompt(
        "strong",
        "Too much decay",
        "Each part of y has four entries of one, so its length is 2. A weight is that length less β: from β = 2 on "
        "both are zero, and the best network is the one without neurons.",
        {"beta": 2.1, "n": 4},
        promises.nothing_left,
        "figure",
        Guess(
            "Four whitened images of each class, targets +1 and −1. From which β on has the best network no neuron?",
            ("From β = 1 on", promises.FROM_TWO, "From β = 4 on"),
            promises.FROM_TWO,
        ),
    ),
    Prompt(
        "more",
        "Three images of each digit",
        "Ten classes, three images of each: the closed form classifies the images it has not seen *worse* than after "
        "two of each. The optimum of a training problem promises nothing about other images.",
        {"per_class": 3},
        promises.more_is_worse,
        "digits",
    ),
)

IDEA = r"""
### When training is a formula

The problem is $\min \tfrac12\|f(X) - y\|^2 + \beta\sum_j |w_j|$ over networks without biases, with neurons of length
one. **Whitened** data are orthonormal samples, $XX^\top = I$: of length one, and at right angles. Then the outputs
$(Xu)_+$ of a neuron can be *any* vector without negative entries of length at most one, and the problem comes apart.
Write $y = y_+ - y_-$, its positive and its negative part. Then

$$
\begin{aligned}
u_1 &= \frac{X^\top y_+}{\|y_+\|}, & w_1 &= (\|y_+\| - \beta)_+ \\
u_2 &= \frac{X^\top y_-}{\|y_-\|}, & w_2 &= -(\|y_-\| - \beta)_+
\end{aligned}
$$

is a global optimum: at most two neurons, whatever the width.

**The proof is a dual vector.** $v = y - f(X)$ is what is left of $y$, a number for every sample. On whitened data no
neuron gains more from it than $\max(\|v_+\|, \|v_-\|)$. Here that is at most $\beta$, so that $v$ is feasible and its
lower bound holds; it is exactly $\beta$ as soon as a neuron is in use.

**Several classes.** Now the network has one output for each class, $w_j$ is a vector, and the penalty
$\beta\sum_j \|w_j\|_2$. The targets are one-hot: $y_k$ is one for the images of class $k$ and zero for all others, and
$e_k$ is the unit vector of output $k$. There is at most one neuron per class,

$$
u_k = \frac{X^\top y_k}{\|y_k\|},\qquad w_k = (\|y_k\| - \beta)_+\, e_k
$$

its direction the sum of the whitened images of the class, scaled to length one. It is drawn above in pixels.

**Without whitening** this formula is in general not optimal, but training is still convex. Samples on one line through
the origin have a formula of their own; data without spikes need one small cone program. For all other data there is the
solver: it holds a few neurons and asks an oracle for one that gains more than $\beta$. The oracle used here goes
through every activation pattern there is, which is why the images are few.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on whitened data and vector outputs. Digits: scikit-learn's
`load_digits` (from UCI, Alpaydin & Kaynak 1998).
"""

THEOREM = Theorem(
    r"For $XX^\top = I$ the network with $u_1, w_1, u_2, w_2$ above minimises "
    r"$\tfrac12\|f(X) - y\|^2 + \beta\sum_j|w_j|$ over networks of any width; for one-hot targets and the penalty "
    r"$\beta\sum_j\|w_j\|_2$ the network with one neuron per class does (Ergen & Pilanci 2021).",
    (
        r"The samples are orthonormal, so there are no more of them than features, and none depends on the others.",
        "Squared loss, no biases, neurons of length one.",
        "A part of $y$ no longer than β has no neuron.",
    ),
    "For several outputs the formula is used in this package for all targets whose rows point along directions at no "
    "acute angle, of which one-hot rows are one case.",
    "That whitening is good for classifying: the table of ten classes shows a case where it is not. Nor that without "
    "whitening there can be no formula: for samples on one line there is.",
)


def python_code(settings: ClosedSettings) -> str:
    """A script that compares formula and solver on images of the same two digits, and draws the ten neurons."""
    return script(
        ["from sklearn.datasets import load_digits", "from convexviz import closed_form"],
        [
            "pixels, digit = load_digits(return_X_y=True)",
            "",
            "def draw(digits, count):",
            '    """So many images of each digit, linearly independent."""',
            f"    rng = np.random.default_rng({settings.seed})",
            "    while True:",
            "        rows = [rng.choice(np.flatnonzero(digit == d), count, replace=False) for d in digits]",
            "        rows = np.concatenate(rows)",
            "        if np.linalg.matrix_rank(pixels[rows]) == len(rows):",
            "            return pixels[rows] / 16, digit[rows]",
        ],
        _two_code(settings),
        _rows_code(settings),
        [
            "# ten digits: one neuron for each",
            f"Z, target = draw(range(10), {settings.per_class})",
            "white = closed_form.whiten(Z)",
            "net = closed_form.vector_whitened(white.X, np.eye(10)[target], beta).network",
            "neurons = np.zeros((10, 64))  # empty where beta left nothing of a digit",
            "neurons[net.W.argmax(axis=1)] = white.pictures(net.U)",
            "names = [str(d) for d in range(10)]",
            "ten = figures.image_row_figure(neurons.reshape(-1, 8, 8), names, True, columns=5, height=500)",
        ],
        show_code("images", "formula", "solver", "ten"),
    )


def _two_code(settings: ClosedSettings) -> list[str]:
    """Lines that train on two digits, by formula and by the solver."""
    lines = [
        f"beta = {settings.beta!r}",
        f"raw, shown = draw(({settings.first}, {settings.second}), {settings.n})",
        f"y = np.where(shown == {settings.first}, 1.0, -1.0)",
    ]
    solved = [
        "best = cv.solve(X, y, beta=beta, bias=False)",
        "print(best.objective, best.lower_bound, best.network.width)",
    ]
    if settings.whiten:
        return [
            *lines,
            "white = closed_form.whiten(raw)",
            "X, pictures = white.X, white.pictures",
            "s = closed_form.whitened(X, y, beta)",
            "U, w = s.network.U, s.network.w",
            "print(s.objective, s.lower_bound)",
            *solved,
        ]
    return [
        *lines,
        "X, pictures = raw, np.asarray",
        "parts = [(sign, np.maximum(sign * y, 0)) for sign in (1, -1)]  # the formula, for samples that it is not for",
        "parts = [(sign, part) for sign, part in parts if np.linalg.norm(part) > beta]",
        "U = np.array([X.T @ part / np.linalg.norm(X.T @ part) for _, part in parts]).reshape(-1, 64)",
        "w = np.array([sign * (np.linalg.norm(part) - beta) for sign, part in parts])",
        *solved,
    ]


def _rows_code(settings: ClosedSettings) -> list[str]:
    """Lines that draw images and neurons."""
    return [
        "def row(neurons, w, name):",
        """    titles = [f"{name} {'+' if weight > 0 else '−'}" for weight in w] or [f"{name}: none"]""",
        "    drawn = neurons if len(neurons) else np.zeros((1, 64))",
        "    return figures.image_row_figure(drawn.reshape(-1, 8, 8), titles, True, columns=max(2, len(drawn)))",
        "",
        'labels = ["+1" if label > 0 else "−1" for label in y]',
        f"images = figures.image_row_figure(raw.reshape(-1, 8, 8), labels, columns={max(1, min(4, settings.n))})",
        'formula = row(pictures(U), w, "formula")',
        'order = np.argsort(-np.sign(best.network.w), kind="stable")  # positive ones first',
        'solver = row(pictures(best.network.U)[order], best.network.w[order], "solver")',
    ]
