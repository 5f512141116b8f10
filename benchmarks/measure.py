"""The measurements: the contest on one problem, and convexviz alone against n."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

import convexviz as cv

from .contestants import CONTESTANTS
from .problems import BETA, Array, Fit, labels, regression

FIT_FROM = 1000  # below, the time is mostly the fixed cost of a call


@dataclass(frozen=True)
class Entry:
    """One contestant on one problem: median seconds, how many times convexviz's, excess over its objective."""

    n: int
    name: str
    seconds: float
    times: float
    objective: float
    excess: float


@dataclass(frozen=True)
class Point:
    """convexviz on one problem: median seconds and the gap it proved."""

    loss: str
    layout: str
    n: int
    seconds: float
    gap: float
    certified: bool
    neurons: int
    beta: float = BETA


def contest(n: int, rounds: int) -> list[Entry]:
    """All contestants in turn, `rounds` times, so that whatever else the machine does falls on all of them alike."""
    x, y = regression(n)
    fits: dict[str, Fit] = {}
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name, train in CONTESTANTS.items():
            start = time.perf_counter()
            fits[name] = train(x, y, BETA)
            seconds[name].append(time.perf_counter() - start)
    objectives = {name: fit.objective(x, y, BETA) for name, fit in fits.items()}
    ours, best = seconds["convexviz"], objectives["convexviz"]
    return [
        Entry(
            n,
            name,
            median(spent),
            median(other / own for other, own in zip(spent, ours, strict=True)),
            objectives[name],
            objectives[name] / best - 1.0,
        )
        for name, spent in seconds.items()
    ]


def solve_alone(loss: str, layout: str, n: int, rounds: int, beta: float = BETA) -> Point:
    """convexviz on n points of the line, `rounds` times with data of different seeds."""
    draw = regression if loss == "squared" else labels
    drawn = [draw(n, layout, seed) for seed in range(rounds)]
    return solve_each(loss, layout, n, [(x[:, None], y) for x, y in drawn], beta)


def solve_each(loss: str, layout: str, n: int, problems: Iterable[tuple[Array, Array]], beta: float = BETA) -> Point:
    """convexviz on several problems X (n, d), y (n,) of one kind: medians, and the worst gap."""
    solutions = [cv.solve(X, y, beta=beta, loss=loss) for X, y in problems]
    return Point(
        loss,
        layout,
        n,
        median(s.seconds for s in solutions),
        max(s.gap for s in solutions),
        all(s.certified for s in solutions),
        round(median(s.network.width for s in solutions)),
        beta,
    )


def warm_up() -> None:
    """The first call of every solver loads libraries."""
    x, y = regression(20)
    for train in CONTESTANTS.values():
        train(x, y, BETA)
    for loss in ("hinge", "logistic"):
        solve_alone(loss, "random", 20, 1)


def slope(points: Sequence[Point], least: int = FIT_FROM) -> float:
    """The exponent p of seconds ~ n^p by least squares on the logarithms, from `least` points on."""
    n, seconds = _columns(p for p in points if p.n >= least)
    return float(np.polyfit(np.log(n), np.log(seconds), 1)[0])


def _columns(points: Iterable[Point]) -> tuple[Array, Array]:
    pairs = np.array([(p.n, p.seconds) for p in points], dtype=float)
    return pairs[:, 0], pairs[:, 1]
