"""Words of the lesson on closed forms: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Prompt
from convexviz.app.lessons.closed_forms import promises
from convexviz.app.lessons.closed_forms.settings import ClosedSettings

PROMPTS = (
    Prompt(
        "white",
        "Formula and solver agree",
        "With whitening on, both columns of the table are equal.",
        {"whiten": True},
        promises.they_agree,
    ),
    Prompt(
        "raw",
        "Switch whitening off",
        "The formula no longer holds: the solver finds a better network, and proves it.",
        {"whiten": False},
        promises.solver_is_better,
    ),
    Prompt(
        "strong",
        "Too much decay",
        "Above β = √(images of each) nothing is left: each part of y is shorter than β, and both weights are zero.",
        {"beta": 2.1, "n": 4},
        promises.nothing_left,
    ),
    Prompt(
        "more",
        "Three images of each digit",
        "Ten classes with three images each: the closed form classifies worse than with two.",
        {"per_class": 3},
        promises.more_is_worse,
    ),
)

IDEA = r"""
### When training is a formula

Whitened data are orthonormal samples, $XX^\top = I$. The rectified ellipsoid is then the part of the unit ball where no
output is negative, without spikes, and the training problem without biases comes apart. Write $y = y_+ - y_-$. Then

$$
u_1 = \frac{X^\top y_+}{\|y_+\|},\quad w_1 = (\|y_+\| - \beta)_+,\qquad
u_2 = \frac{X^\top y_-}{\|y_-\|},\quad w_2 = -(\|y_-\| - \beta)_+
$$

is a global optimum: two neurons, whatever the width. The dual vector says so: $\max(\|v_+\|, \|v_-\|) = \beta$.

**Several classes.** With one-hot targets and the penalty $\beta\sum_j \|w_j\|_2$ there is one neuron per class,

$$
u_k = \frac{X^\top y_k}{\|y_k\|},\qquad w_k = (\|y_k\| - \beta)_+\, e_k
$$

a weighted mean of the (whitened) images of the class: what is drawn above.

**Without whitening** no formula is known, and the solver is needed. It holds few neurons and asks an oracle for the
most violated one; the oracle looks at every activation pattern there is, which is why the number of images is small.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on whitened data and vector outputs. Digits: scikit-learn's
`load_digits` (from UCI, Alpaydin & Kaynak 1998).
"""


def python_code(settings: ClosedSettings) -> str:
    """A script that compares formula and solver on images of the same two digits."""
    return "\n".join(
        [
            "import numpy as np",
            "import convexviz as cv",
            "from convexviz import closed_form",
            "from sklearn.datasets import load_digits",
            "",
            "X, digit = load_digits(return_X_y=True)",
            f"rng = np.random.default_rng({settings.seed})",
            f"rows = [rng.choice(np.flatnonzero(digit == d), {settings.n}, replace=False) "
            f"for d in ({settings.first}, {settings.second})]",
            "rows = np.concatenate(rows)",
            f"X, y = X[rows] / 16, np.where(digit[rows] == {settings.first}, 1.0, -1.0)",
            *(["X = closed_form.whiten(X).X"] if settings.whiten else []),
            "",
            *([f"s = closed_form.whitened(X, y, beta={settings.beta!r})"] if settings.whiten else []),
            *(["print(s.objective, s.lower_bound)"] if settings.whiten else []),
            f"best = cv.solve(X, y, beta={settings.beta!r}, bias=False)",
            "print(best.objective, best.lower_bound, best.network.width)",
        ]
    )
