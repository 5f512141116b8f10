"""Limits of time, asked and kept: `python -m benchmarks.limits [--out FOLDER] [--quick]`; some four minutes.

`cv.solve(..., time_limit=t)` is to come back within t + 0.3 s, or 1.2 t where that is more, whatever the problem, and
more time must never give a worse network. Ends with code 1 where either fails; on a machine that does other work the
clock of a process may stand still for longer than that, which is why the load is printed.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

import convexviz as cv

from .problems import Array
from .report import RESULTS, machine, table

LIMITS = (0.05, 0.5, 3.0)
SLACK, SHARE = 0.3, 1.2  # seconds, and part of the limit, that a call may take longer
WORSE = 1e-9  # relative: more than this above an earlier objective is a worse network
LABELS = ("hinge", "logistic", "hard_margin")
HEAD = ("problem", "loss", "n", "d", "limit, s", "took, s", "kept", "objective", "statement")


@dataclass(frozen=True)
class Problem:
    """What is asked to come back early."""

    name: str
    n: int
    d: int
    loss: str
    beta: float = 0.1
    outputs: int = 1


PROBLEMS = (
    Problem("line", 200_000, 1, "squared", 0.01),
    Problem("line", 1_000_000, 1, "squared", 0.01),
    Problem("line", 100_000, 1, "hinge"),
    Problem("line", 100_000, 1, "logistic"),
    Problem("line", 20_000, 1, "hard_margin"),
    Problem("plane", 2000, 2, "interpolate"),
    Problem("plane", 2000, 2, "hinge"),
    Problem("plane", 2000, 2, "logistic"),
    Problem("plane", 1000, 2, "hard_margin"),
    Problem("plane", 6000, 2, "squared", 5.0),
    Problem("plane", 20_000, 2, "squared"),
    Problem("space", 250, 3, "squared"),
    Problem("space", 250, 3, "interpolate"),
    Problem("branch and bound", 25, 5, "squared"),
    Problem("many dimensions", 5000, 100, "squared"),
    Problem("many dimensions", 2000, 50, "hinge"),
    Problem("many dimensions", 2000, 50, "interpolate"),
    Problem("outputs", 1000, 10, "squared", 0.1, 3),
    Problem("outputs", 1797, 64, "logistic", 0.1, 10),
)


@dataclass(frozen=True)
class Row:
    """One call."""

    problem: Problem
    limit: float
    took: float
    objective: float
    statement: str

    @property
    def kept(self) -> bool:
        return self.took <= max(self.limit + SLACK, SHARE * self.limit)


def data(problem: Problem) -> tuple[Array, Array]:
    """X (n, d) and y (n,), or Y (n, K)."""
    rng = np.random.default_rng(0)
    if problem.d == 1:
        X = rng.uniform(-1, 1, (problem.n, 1))
        score = np.sin(4 * X[:, 0]) + 0.1 * rng.standard_normal(problem.n)
    else:
        X = rng.standard_normal((problem.n, problem.d))
        score = np.abs(X[:, 0]) - np.maximum(X[:, 1] - 0.5, 0) + 0.1 * rng.standard_normal(problem.n)
    if problem.loss == "hard_margin":
        score = np.sin(4 * X[:, 0]) if problem.d == 1 else np.abs(X[:, 0]) - 0.7
    if problem.outputs > 1:
        groups = np.argmax(X[:, : problem.outputs], axis=1)
        return X, np.eye(problem.outputs)[groups]
    return X, np.where(score > np.median(score), 1.0, -1.0) if problem.loss in LABELS else score


def timed(problem: Problem, X: Array, y: Array, limit: float) -> Row:
    """One call with that limit."""
    begin = time.perf_counter()
    solution = cv.solve(X, y, beta=problem.beta, loss=problem.loss, time_limit=limit)
    took = time.perf_counter() - begin
    statement = getattr(solution, "statement", "certified" if solution.certified else "bounds")
    return Row(problem, limit, took, solution.objective, statement)


def shown(row: Row) -> tuple[object, ...]:
    """The row in print."""
    p, kept = row.problem, "yes" if row.kept else "NO"
    return p.name, p.loss, p.n, p.d, row.limit, f"{row.took:.2f}", kept, f"{row.objective:.6g}", row.statement


def faults(rows: Sequence[Row]) -> list[str]:
    """What was not kept, in words."""
    found = [f"{row.problem}: {row.took:.2f} s with a limit of {row.limit} s" for row in rows if not row.kept]
    for before, after in pairwise(rows):
        same = before.problem == after.problem
        if same and after.objective > before.objective * (1 + WORSE) and math.isfinite(before.objective):
            found.append(
                f"{after.problem}: {after.objective:.6g} with {after.limit} s, {before.objective:.6g} with less"
            )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    cv.solve([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0])  # what is loaded at the first call is not counted
    rows: list[Row] = []
    for problem in PROBLEMS:
        X, y = data(problem)
        new = [timed(problem, X, y, limit) for limit in LIMITS[: 2 if options.quick else None]]
        print(*map(shown, new), sep="\n", flush=True)
        rows += new
    text = f"{machine()}\n\n{table(HEAD, map(shown, rows))}\n"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "limits.md").write_text(text, encoding="utf-8")
    for fault in faults(rows):
        print(fault, file=sys.stderr)
    return int(bool(faults(rows)))


if __name__ == "__main__":
    sys.exit(main())
