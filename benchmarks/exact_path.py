"""The exact path against single solves: `python -m benchmarks.exact_path`; half a minute on two cores.

For noisy sines on the line: seconds of `cv.exact_path` down to a billionth of beta_max, of one `cv.solve` (the median
over four betas), of `cv.regularization_path` at its 41, of scikit-learn's `lars_path` on the ramps at the data, and by
what share of it the end of `lars_path` lies above the optimum there. Ends with code 1 where a path of 1000 points takes
more than 50 solves.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import lars_path

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.line.dictionary import line_dictionary

from .problems import Array
from .report import machine, table

SIZES = (40, 100, 300, 1000)
SHARES = (1e-3, 1e-2, 0.1, 0.5)  # of beta_max, at which one solve is timed
ROUNDS = 3
MOST_SOLVES = 50.0
LARS_MOST = 300  # points, up to which the dictionary is followed
LARS_DEPTH = 1e-4  # of beta_max, down to which
HEAD = ("n", "breakpoints", "kinks", "of them die", "path, s", "one solve, s", "in solves", "41 solves, s", "lars, s")


@dataclass(frozen=True)
class Row:
    """One size; `lars` is seconds, the last beta in shares of beta_max, and the relative excess there."""

    n: int
    path: cv.ExactPath
    seconds: float
    solve: float
    ratio: float
    grid: float
    lars: tuple[float, float, float] | None

    @property
    def cells(self) -> tuple[Any, ...]:
        """As a row of the table."""
        died = sum(kink.died > 0 for kink in self.path.kinks)
        times = (f"{self.seconds:.3g}", f"{self.solve:.3g}", f"{self.ratio:.0f}", f"{self.grid:.3g}")
        lars = ("", "", "") if self.lars is None else tuple(f"{number:.2g}" for number in self.lars)
        return self.n, len(self.path), len(self.path.kinks), died, *times, *lars


def main() -> int:
    """Measure, print, judge."""
    measure(20)  # what is imported on first use
    rows = [measure(n) for n in SIZES]
    print(machine(), "\n")
    print(table((*HEAD, "it ends at β / β_max", "relative excess there"), [row.cells for row in rows]))
    late = [row.n for row in rows if row.n >= 1000 and row.ratio > MOST_SOLVES]
    print(f"MISSED: more than {MOST_SOLVES:.0f} solves at n = {late}" if late else "All targets met.")
    return 1 if late else 0


def measure(n: int) -> Row:
    """Path and solves in turn; the ratio is the median of the rounds' ratios."""
    X, y = _sine(n)
    top = cv.beta_max(X, y)
    paths, solves, ratios = [], [], []
    for _ in range(ROUNDS):
        paths.append(_seconds(lambda: cv.exact_path(X, y)))
        solves.append(median(_seconds(lambda share=share: cv.solve(X, y, beta=share * top)) for share in SHARES))
        ratios.append(paths[-1] / solves[-1])
    grid = _seconds(lambda: cv.regularization_path(X, y))
    path = cv.exact_path(X, y)
    return Row(
        n, path, median(paths), median(solves), median(ratios), grid, _lars(X, y, path) if n <= LARS_MOST else None
    )


def _sine(n: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, n)
    return x[:, None], np.sin(4 * x) + 0.1 * rng.normal(size=n)


def _seconds(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def _lars(X: Array, y: Array, path: cv.ExactPath) -> tuple[float, float, float]:
    u, b = line_dictionary(X[:, 0], bias=True)
    Phi = np.maximum(u * X + b, 0.0)
    low, begin = LARS_DEPTH * path.beta_max / len(y), time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it says itself that it drops columns
        alphas, _, weights = lars_path(Phi - Phi.mean(axis=0), y - y.mean(), method="lasso", alpha_min=low)
    seconds, beta, w = time.perf_counter() - begin, float(alphas[-1] * len(y)), weights[:, -1]
    network = cv.ReLUNetwork(u[:, None], b, w, float(y.mean() - Phi.mean(axis=0) @ w))
    excess = objective(network, X, y, beta, "squared") / path.at(beta).objective - 1
    return seconds, beta / path.beta_max, excess


if __name__ == "__main__":
    sys.exit(main())
