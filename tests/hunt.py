"""The hunt for false certificates: problems made to mislead floating point, and exact arithmetic as the judge.

`python tests/hunt.py 100000` hunts for as long as that takes, on all cores, and prints what it found.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

import convexviz as cv

LOSSES = ("squared", "hinge", "logistic", "interpolate", "hard_margin")
LABELS = ("hinge", "logistic", "hard_margin")
MOST_POINTS = 60
MOST_DIMENSIONS = 6  # of data of rank two at most
OFFSETS = (0.0, 0.0, 1.0, 1e3, 1e6, 1e9, 1e12, 1e15)
SCALES = tuple(10.0**k for k in (0, 0, 0, -12, -9, -6, -3, 3, 6, 9, 12))
NEAR = (1e-15, 1e-12, 1e-9, 1e-6)  # distances of points that nearly coincide
TOL = 1e-6
ROUNDS = 40  # of the solver: what it has by then is judged
SLACK = Fraction(1, 10**12)  # relative: a float gap is itself a rounded number


@dataclass(frozen=True)
class Case:
    """X (n, d), y (n,), weights (n,) or None, and the problem."""

    X: np.ndarray
    y: np.ndarray
    weight: np.ndarray | None
    beta: float
    loss: str
    bias: bool

    def _repr_pretty_(self, printer, cycle):
        """For hypothesis: all digits, to be pasted."""
        weight = None if self.weight is None else self.weight.tolist()
        printer.text(
            f"Case(np.array({self.X.tolist()}), np.array({self.y.tolist()}), {weight}, {self.beta!r}, {self.loss!r}, "
            f"{self.bias})"
        )


def draw(seed: int) -> Case:
    """A problem of the kind, the same for every seed."""
    rng = np.random.default_rng(seed)
    loss, rank = str(rng.choice(LOSSES)), int(rng.integers(1, 3))
    n = int(rng.integers(2, 13) if rng.random() < 0.7 else rng.integers(13, MOST_POINTS + 1))
    d = rank if rng.random() < 0.6 else int(rng.integers(rank, MOST_DIMENSIONS + 1))
    Z = _positions(rng, n, rank)
    bias = bool(rng.random() < 0.8)
    X = Z if d == rank else _embedded(rng, Z, d, bias)
    y = _targets(rng, Z, loss)
    weight = None if rng.random() < 0.7 else _weights(rng, n)
    beta = 10.0 ** rng.uniform(-5, 1) * float(np.ptp(Z, axis=0).max() or 1.0)
    beta *= 1.0 if loss in LABELS else float(np.ptp(y) or 1.0)
    beta *= 1.0 if weight is None else float(np.median(weight) or 1.0)
    return Case(X, y, weight, beta, loss, bias)


def _positions(rng, n, rank):
    """Coordinates (n, rank): random, on a grid, or with near twins; on scales and offsets of their own."""
    kind = rng.integers(4)
    Z = rng.integers(-3, 4, (n, rank)).astype(float) if kind == 0 else rng.standard_normal((n, rank))
    if kind == 1:
        twins = rng.integers(0, n, n // 2)
        Z[: n // 2] = Z[twins] + rng.choice(NEAR) * rng.standard_normal((n // 2, rank))
    if kind == 2 and rank == 2:
        Z[:, 0] = np.arange(n)  # a numbered column
    scale = rng.choice(SCALES, rank) if rng.random() < 0.5 else np.full(rank, rng.choice(SCALES))
    return Z * scale + rng.choice(OFFSETS, rank) * (scale if rng.random() < 0.5 else 1.0)


def _embedded(rng, Z, d, bias):
    """The points in d dimensions: turned there, or with columns added that are constant or copies.

    Without biases an offset would be a dimension more, so there is none.
    """
    if not bias or rng.random() < 0.5:
        return Z @ rng.standard_normal((Z.shape[1], d)) + rng.choice(OFFSETS) * bias
    more = [np.full(len(Z), rng.choice(OFFSETS) * rng.choice(SCALES)) for _ in range(d - Z.shape[1])]
    if rng.random() < 0.5:
        more[0] = Z[:, 0] * 2.0 ** rng.integers(-3, 4)
    return np.column_stack([Z, *more])[:, rng.permutation(d)]


def _targets(rng, Z, loss):
    z = (Z - Z.mean(axis=0)) / np.where(np.ptp(Z, axis=0) > 0, np.ptp(Z, axis=0), 1.0)
    y = np.abs(z).sum(axis=1) + rng.choice([0.0, 0.1, 1.0]) * rng.standard_normal(len(z))
    if loss in LABELS:
        y = np.where(y > np.median(y), 1.0, -1.0)
        y[:2] = 1.0, -1.0
        return y
    return y * rng.choice(SCALES) + rng.choice(OFFSETS)


def _weights(rng, n):
    weight = 10.0 ** rng.uniform(-12, 12, n) if rng.random() < 0.3 else rng.integers(0, 4, n).astype(float)
    if rng.random() < 0.3:
        weight = np.ones(n)
        weight[rng.integers(n)] = 10.0 ** rng.uniform(-12, 24)
    weight[:2] = np.maximum(weight[:2], 1.0)  # so that both classes take part
    return weight


def judged(case: Case) -> str:
    """One word for what came of the case; "FALSE ..." where exact arithmetic refutes what the solution says."""
    try:
        solution = cv.solve(
            case.X, case.y, case.beta, case.loss, case.bias, sample_weight=case.weight, max_rounds=ROUNDS, tol=TOL
        )
    except cv.Infeasible:
        return "infeasible"
    except cv.SolveError:
        return "no answer"
    except ValueError:
        return "refused"
    try:
        proof = cv.prove(solution, case.X, case.y, case.weight)
    except cv.Unprovable as reason:  # rank 3 where there are no biases, or a network without any bound
        return "FALSE certificate: " + str(reason) if solution.certified and "nothing" in str(reason) else "unprovable"
    return _compared(solution, proof)


def _compared(solution: cv.Solution, proof: cv.Proof) -> str:
    rounding = Fraction(min(solution.rounding, sys.float_info.max)) + SLACK * abs(proof.upper)
    if proof.lower > proof.upper and proof.bounds_optimum:
        return "FALSE proof: exact bounds that cross"
    if solution.certified and Fraction(proof.gap) > Fraction(TOL) * (1 + Fraction(1, 1000)):
        return f"FALSE certificate: exact gap {proof.gap:.3g}, claimed {solution.gap:.3g}"
    if proof.bounds_optimum and _above(solution.lower_bound, proof.upper + rounding):
        return "FALSE lower bound, above the objective"
    if np.isfinite(solution.objective) and Fraction(solution.objective) < proof.lower - rounding:
        return "FALSE objective, below the proved bound"
    return solution.statement


def _above(value: float, bound: Fraction) -> bool:
    return value == np.inf or (value > -np.inf and Fraction(value) > bound)


def _word(seed: int) -> tuple[int, str]:
    return seed, judged(draw(seed))


def main(cases: int, first: int = 0) -> int:
    """Judge so many cases; the number of false certificates among them."""
    words: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for seed, word in pool.map(_word, range(first, first + cases), chunksize=50):
            words[word.split(":")[0]] += 1
            if word.startswith("FALSE"):
                print(f"seed {seed}: {word}", flush=True)
    for word, count in words.most_common():
        print(f"{count:8d}  {word}")
    return sum(count for word, count in words.items() if word.startswith("FALSE"))


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))
