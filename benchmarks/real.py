"""Real data in many dimensions: `python -m benchmarks.real [--out FOLDER] [--quick]`; some four minutes on two cores.

Breast cancer (569 x 30), diabetes (442 x 10) and the digits 3 and 8 (357 x 64) of scikit-learn, all of one objective,

    P(beta) = min  loss(f(X), y) + beta sum_j |w_j|,    ||u_j|| = 1        (the loss a sum over samples)

by `cv.solve` and by scikit-learn's networks with the same weight decay (L-BFGS and Adam, several widths), in turn in
one run. Every answer is judged by `convexviz.core.dual.certificate.objective` on its network made unit-norm. For each
rival the question is how long convexviz took to get at least as low. With the package `pyscnn` installed (the extra
`bench`) its convex program over sampled patterns takes part on diabetes, in its own setting: a column of ones in place
of free biases. Ends with code 1 where a rival was as low in less time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.rivals.descent_film import unit_norm

from .problems import Array
from .report import RESULTS, machine, table

SECONDS = 5.0  # that convexviz may go on lowering its objective
BETAS = (10.0, 1.0)
WIDTHS = (100, 200)  # 100 is scikit-learn's default
TOL = 1e-5  # relative gap at which convexviz stops, were there no limit
IN_TIME = 0.7  # of the rival's time: the rest is for the end of a step and the clearing up after it
EVEN = 1e-6  # relative difference of objectives that counts as none
LBFGS = {"solver": "lbfgs", "max_iter": 5000, "max_fun": 10**7}
ADAM = {"solver": "adam", "max_iter": 2000}
PATTERNS = 100  # that pyscnn samples; a thousand take many minutes
GREY = 16.0  # levels of the digits' images


@dataclass(frozen=True, eq=False)
class Problem:
    """X (n, d), y (n,), the loss, and whether there are biases."""

    name: str
    X: Array
    y: Array
    loss: str
    bias: bool = True


@dataclass(frozen=True)
class Race:
    """A rival on one problem, and convexviz beside it.

    Attributes
    ----------
    objective, seconds : of the rival, medians over the rounds.
    ours : the objective that convexviz ends with, after `our_seconds`.
    reached : seconds after which convexviz was at least as low as the rival; infinite if it never was.
    same_time : the objective of convexviz given the rival's time and no more, `took` what it then took.
    """

    problem: str
    beta: float
    rival: str
    objective: float
    seconds: float
    ours: float
    our_seconds: float
    reached: float
    same_time: float
    took: float

    @property
    def won(self) -> bool:
        """At least as low in no more time."""
        within = self.took <= self.seconds and self.same_time <= self.objective * (1 + EVEN)
        return within or self.reached <= self.seconds


Train = Callable[[Problem, float], cv.ReLUNetwork]


def problems() -> list[Problem]:
    """The three data sets; targets standardised, labels -1 / +1."""
    X, y = load_diabetes(return_X_y=True)
    diabetes = Problem("diabetes", StandardScaler().fit_transform(X), (y - y.mean()) / y.std(), "squared")
    X, y = load_breast_cancer(return_X_y=True)
    cancer = Problem("breast cancer", StandardScaler().fit_transform(X), np.where(y > 0, 1.0, -1.0), "logistic")
    X, digit = load_digits(return_X_y=True)
    two = np.isin(digit, (3, 8))
    digits = Problem("digits 3 and 8", X[two] / GREY, np.where(digit[two] == 3, 1.0, -1.0), "logistic")
    return [diabetes, cancer, digits]


def with_ones(problem: Problem) -> Problem:
    """The same without free biases: a column of ones, whose weight is penalised like the others."""
    X = np.column_stack([problem.X, np.ones(len(problem.X))])
    return Problem(f"{problem.name}, no free biases", X, problem.y, problem.loss, bias=False)


def mlp(problem: Problem, beta: float, width: int, options: dict[str, object]) -> cv.ReLUNetwork:
    """scikit-learn's network on the same objective; its alpha is our beta."""
    kind = MLPRegressor if problem.loss == "squared" else MLPClassifier
    model = kind(hidden_layer_sizes=(width,), alpha=beta, random_state=0, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(problem.X, problem.y)
    return unit_norm(model.coefs_, model.intercepts_)


def pyscnn(problem: Problem, beta: float) -> cv.ReLUNetwork:
    """The convex program over sampled patterns by its augmented Lagrangian method (Mishkin, Sahiner & Pilanci 2022)."""
    from scnn.optimize import optimize
    from scnn.regularizers import NeuronGL1

    n, y = len(problem.y), problem.y[:, None]
    # Its data term is 1 / (2 n) ||f - y||^2, and the columns are not rescaled, as that would change the penalty.
    penalty = NeuronGL1(beta / n)
    model, _ = optimize("relu", 2 * PATTERNS, problem.X, y, problem.X, y, penalty, unitize_data=False)
    U, w = model.parameters
    return cv.ReLUNetwork.normalized(U, np.zeros(len(U)), w.ravel(), 0.0)


def rivals(problem: Problem) -> dict[str, Train]:
    """What people would use instead."""
    if not problem.bias:
        return {f"pyscnn, {PATTERNS} patterns": pyscnn}
    return {
        f"MLP {name}, width {width}": partial(mlp, width=width, options=options)
        for name, options in (("L-BFGS", LBFGS), ("Adam", ADAM))
        for width in WIDTHS
    }


def race(problem: Problem, beta: float, rounds: int) -> list[Race]:
    """convexviz and its rivals in turn, on one BLAS thread each."""
    spent: dict[str, list[float]] = {}
    ends: dict[str, float] = {}
    runs: list[cv.Solution] = []
    for _ in range(rounds):
        with threadpool_limits(1, user_api="blas"):
            runs.append(trained(problem, beta, SECONDS))
            for name, train in rivals(problem).items():
                begin = time.perf_counter()
                network = train(problem, beta)
                spent.setdefault(name, []).append(time.perf_counter() - begin)
                ends[name] = objective(network, problem.X, problem.y, beta, problem.loss)
    with threadpool_limits(1, user_api="blas"):
        given = {name: trained(problem, beta, IN_TIME * median(seconds)) for name, seconds in spent.items()}
    ours, our_seconds = runs[0].objective, median(run.seconds for run in runs)
    return [
        Race(
            problem.name,
            beta,
            name,
            ends[name],
            median(seconds),
            ours,
            our_seconds,
            median(reached(run, ends[name] * (1 + EVEN)) for run in runs),
            given[name].objective,
            given[name].seconds,
        )
        for name, seconds in spent.items()
    ]


def trained(problem: Problem, beta: float, seconds: float) -> cv.Solution:
    """convexviz within a time limit."""
    return cv.solve(problem.X, problem.y, beta, problem.loss, bias=problem.bias, time_limit=seconds, tol=TOL)


def reached(run: cv.Solution, value: float) -> float:
    """Seconds after which a run was at most `value`: at the end of a round, its search for neurons included."""
    times = [record.seconds for record in run.history if record.upper <= value]
    return min(times, default=run.seconds if run.objective <= value else np.inf)


def race_table(races: Sequence[Race]) -> str:
    """One row for each rival."""
    rows = [
        (
            r.problem,
            f"{r.beta:g}",
            r.rival,
            f"{r.objective:.6g}",
            f"{r.seconds:.3g}",
            f"{r.reached:.3g}" if np.isfinite(r.reached) else "never",
            f"{r.same_time:.6g} in {r.took:.3g} s",
            f"{r.ours:.6g}",
            f"{r.our_seconds:.3g}",
            "yes" if r.won else "NO",
        )
        for r in races
    ]
    head = (
        "data",
        "beta",
        "rival",
        "its objective",
        "its seconds",
        "ours as low after",
        "ours ends at",
        "after",
        "won",
    )
    return table(head, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write, judge."""
    options = parser().parse_args(arguments)
    rounds = 1 if options.quick else 3
    known = problems()
    if find_spec("scnn") is not None:
        known.append(with_ones(known[0]))
    warm_up()
    races = [one for problem in known for beta in BETAS for one in race(problem, beta, rounds if problem.bias else 1)]
    options.out.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join([machine(), race_table(races)]) + "\n"
    (options.out / "real.md").write_text(text, encoding="utf-8")
    rows = [asdict(one) | {"won": one.won} for one in races]
    (options.out / "real.json").write_text(json.dumps({"machine": machine(), "races": rows}, indent=1) + "\n")
    lost = [f"LOST: {r.problem}, beta = {r.beta:g}, against {r.rival}" for r in races if not r.won]
    print(text, "\n".join(lost) or "At least as low in no more time, everywhere.", f"\nWritten to {options.out}.")
    return 1 if lost else 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m benchmarks.real", description="Real data in many dimensions.")
    found.add_argument("--out", type=Path, default=RESULTS, help="folder for tables and numbers")
    found.add_argument("--quick", action="store_true", help="one round instead of three")
    return found


def warm_up() -> None:
    """The first call of every solver loads libraries."""
    X = np.random.default_rng(0).standard_normal((80, 5))
    for loss in ("squared", "logistic"):
        small = Problem("warm up", X, np.sign(X[:, 0]), loss)
        cv.solve(small.X, small.y, 1.0, loss, time_limit=1.0)
        mlp(small, 1.0, 10, {"solver": "lbfgs", "max_iter": 10})


if __name__ == "__main__":
    sys.exit(main())
