"""In the plane: the program over all patterns, and networks trained by descent, beside this package.

Every answer is judged by one function, `convexviz.core.dual.certificate.objective`, on its network made unit-norm, and
against one number: the lower bound that convexviz proves.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from threadpoolctl import threadpool_limits

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.rivals.descent_film import unit_norm

from .patterns import solve_patterns
from .problems import BETA, Array, folds, moons

OURS, PAPER, FACETS = "convexviz", "all patterns, cvxpy + Clarabel", "all patterns, facets only"
WIDTH = 200
MLP_SEEDS = (0, 1, 2)
MLP = {"solver": "lbfgs", "max_iter": 50_000, "max_fun": 10**7, "tol": 1e-10}
# L-BFGS gives up where the network is not smooth, whatever its tolerances. Begun again from there it goes on.
MOST_RESTARTS = 100
STANDSTILL = 1e-8  # relative progress of one restart below which the training has ended
USED = 1e-6  # share of the largest weight from which a neuron counts: interior points and descent leave no zeros


@dataclass(frozen=True)
class Trial:
    """One contestant on one problem.

    Attributes
    ----------
    seconds : median over the rounds; `inner` is the solver's own part of it, without compilation, where it is known.
    times : how many times convexviz's, the median of the rounds' ratios.
    objective, lower : its objective, and what convexviz proves about the optimum.
    neurons : how many weigh anything.
    """

    problem: str
    n: int
    name: str
    seconds: float
    inner: float | None
    times: float
    objective: float
    lower: float
    neurons: int

    @property
    def above(self) -> float:
        """Objective above the lower bound, relative."""
        return self.objective / self.lower - 1.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a contestant hands in."""

    network: cv.ReLUNetwork
    inner: float | None = None
    lower: float = -np.inf


Contestant = Callable[[Array, Array, str], Outcome]


def ours(X: Array, y: Array, loss: str) -> Outcome:
    """`cv.solve` as everyone calls it."""
    solution = cv.solve(X, y, BETA, loss)
    return Outcome(solution.network, lower=solution.lower_bound)


def program(X: Array, y: Array, loss: str, facets_only: bool = False) -> Outcome:
    """The convex program over all patterns; patterns and compilation are counted."""
    answer = solve_patterns(X, y, BETA, loss, facets_only)
    return Outcome(answer.network, answer.solver_seconds)


def descent(X: Array, y: Array, loss: str, seed: int = 0) -> Outcome:
    """scikit-learn's network with the same weight decay, trained until it stands still."""
    kind = MLPRegressor if loss == "squared" else MLPClassifier
    model = kind(hidden_layer_sizes=(WIDTH,), alpha=BETA, random_state=seed, warm_start=True, **MLP)
    last = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for _ in range(MOST_RESTARTS):
            model.fit(X, y)
            if not model.loss_ < last * (1 - STANDSTILL):
                break
            last = model.loss_
    return Outcome(unit_norm(model.coefs_, model.intercepts_))


def against_patterns(n: int, rounds: int) -> list[Trial]:
    """Squared loss on n points: the program of the paper, and the same as small as it can be made."""
    rivals: dict[str, Contestant] = {PAPER: program, FACETS: partial(program, facets_only=True)}
    return contest("folds", "squared", *folds(n), rivals, rounds)


def against_descent(n: int, loss: str, rounds: int) -> list[Trial]:
    """Gradient training from several seeds; the squared loss on folds, the logistic one on moons."""
    kind = "MLPRegressor" if loss == "squared" else "MLPClassifier"
    rivals: dict[str, Contestant] = {f"{kind}, seed {seed}": partial(descent, seed=seed) for seed in MLP_SEEDS}
    layout, draw = ("folds", folds) if loss == "squared" else ("moons", moons)
    return contest(layout, loss, *draw(n), rivals, rounds)


def contest(layout: str, loss: str, X: Array, y: Array, rivals: dict[str, Contestant], rounds: int) -> list[Trial]:
    """convexviz and its rivals in turn, `rounds` times, so that what else the machine does falls on all of them.

    All run on one BLAS thread, which is the fastest way for matrices of this size on a machine that is not idle.
    """
    outcomes: dict[str, Outcome] = {}
    seconds: dict[str, list[float]] = {name: [] for name in (OURS, *rivals)}
    for _ in range(rounds):
        for name, train in {OURS: ours, **rivals}.items():
            with threadpool_limits(1, user_api="blas"):
                start = time.perf_counter()
                outcomes[name] = train(X, y, loss)
                seconds[name].append(time.perf_counter() - start)
    lower = outcomes[OURS].lower
    return [
        Trial(
            f"{loss}, {layout}",
            len(y),
            name,
            median(seconds[name]),
            outcome.inner,
            median(other / own for other, own in zip(seconds[name], seconds[OURS], strict=True)),
            objective(outcome.network, X, y, BETA, loss),
            lower,
            neurons(outcome.network),
        )
        for name, outcome in outcomes.items()
    ]


def neurons(network: cv.ReLUNetwork) -> int:
    """How many neurons weigh more than what a solver leaves of zero."""
    size = np.abs(network.w)
    return int(np.sum(size > USED * size.max(initial=0.0)))
