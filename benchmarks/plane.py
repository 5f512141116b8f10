"""The plane: `python -m benchmarks.plane [--out FOLDER] [--long] [--quick]`; some two minutes on two cores.

cv.solve against the number of points, then side by side with the convex program over all activation patterns and with
networks trained by descent. Prints the tables, writes them with a plot into FOLDER (benchmarks/results unless told) and
ends with code 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .measure import Point, solve_each
from .plane_contest import OURS, PAPER, Trial, against_descent, against_patterns
from .problems import folds, moons
from .report import RESULTS, growth_plot, growth_table, machine, slope_table, table

SIZES = {
    "squared": (50, 100, 200, 500, 1000, 5000),
    "hinge": (50, 100, 200),
    "logistic": (50, 100, 200),
    "interpolate": (50, 100, 200),
}
ON_FOLDS = ("squared", "interpolate")  # the others are labels, on moons
QUICK = 200  # points up to which --quick measures
SEEDS, QUICK_SEEDS = range(5), range(2)  # of the data; the median of their times counts
SLOPE_FROM = 100  # below, the time is mostly the fixed cost of a call

MOST_SECONDS = {
    ("squared", 100): 0.15,
    ("squared", 200): 0.4,
    ("squared", 1000): 8.0,
    ("squared", 5000): 15.0,
    ("hinge", 200): 0.5,
    ("interpolate", 200): 2.0,
}
MOST_GAP = 1e-6
LEAST_RATIO, RATIO_AT = 100.0, 50
WEAK_DUALITY = 1e-9  # rounding of an objective, relative


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write, judge."""
    options = parser().parse_args(arguments)
    warm_up()
    points = growth(options.quick)
    trials = side_by_side(options.quick, options.long)
    print(write(points, trials, options.out))
    missed = misses(points, trials)
    print("\n".join(missed) or "All targets met.", f"\nWritten to {options.out}.")
    return 1 if missed else 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m benchmarks.plane", description="Speed in the plane.")
    found.add_argument("--out", type=Path, default=RESULTS, help="folder for tables, numbers and plot")
    found.add_argument("--long", action="store_true", help="the program over all patterns at n = 100 too: minutes")
    found.add_argument("--quick", action="store_true", help=f"nothing above n = {QUICK}, fewer repeats")
    return found


def warm_up() -> None:
    """The first call of every solver loads libraries."""
    for loss in SIZES:
        measured(loss, 20, QUICK_SEEDS)
    side_by_side(quick=True, long=False, sizes=(8,), trained=20)


def measured(loss: str, n: int, seeds: Sequence[int]) -> Point:
    """cv.solve on n points, once for each seed of the data."""
    layout, draw = ("folds", folds) if loss in ON_FOLDS else ("moons", moons)
    return solve_each(loss, layout, n, [draw(n, seed) for seed in seeds])


def growth(quick: bool) -> list[Point]:
    """cv.solve against the number of points."""
    seeds = QUICK_SEEDS if quick else SEEDS
    return [
        measured(loss, n, seeds if n <= QUICK else seeds[:3])
        for loss, sizes in SIZES.items()
        for n in sizes
        if n <= QUICK or not quick
    ]


def side_by_side(quick: bool, long: bool, sizes: Sequence[int] = (20, 50), trained: int = 200) -> list[Trial]:
    """The contests; data of seed 0."""
    rounds = 1 if quick else 3
    trials = [trial for n in sizes for trial in against_patterns(n, rounds)]
    if long:
        trials += against_patterns(100, 1)
    for loss in ("squared", "logistic"):
        trials += against_descent(trained, loss, rounds)
    return trials


def trial_table(trials: Sequence[Trial]) -> str:
    """The contests; `above` is relative to the lower bound that convexviz proves, its own gap included."""
    rows = [
        (
            t.problem,
            t.n,
            t.name,
            f"{t.seconds:.3g}",
            "" if t.inner is None else f"{t.inner:.3g}",
            f"{t.times:.3g}",
            f"{t.objective:.10g}",
            f"{t.above:.1e}",
            t.neurons,
        )
        for t in trials
    ]
    head = ("problem", "n", "solver", "seconds", "of it Clarabel", "times convexviz", "objective", "above", "neurons")
    return table(head, rows)


def write(points: Sequence[Point], trials: Sequence[Trial], out: Path) -> str:
    """Write everything into the folder `out`; the tables come back as text."""
    out.mkdir(parents=True, exist_ok=True)
    slopes = slope_table([p for p in points if p.loss == "squared"], SLOPE_FROM)
    text = "\n\n".join([machine(), growth_table(points), slopes, trial_table(trials)]) + "\n"
    data = {
        "machine": machine(),
        "growth": [asdict(p) for p in points],
        "contest": [asdict(t) | {"above": t.above} for t in trials],
    }
    (out / "plane.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (out / "plane.md").write_text(text, encoding="utf-8")
    growth_plot(points, SLOPE_FROM).write_html(out / "plane-growth.html", include_plotlyjs=True)
    return text


def misses(points: Sequence[Point], trials: Sequence[Trial]) -> list[str]:
    """One line for each target that was missed."""
    found = []
    for p in points:
        where = f"{p.loss}, {p.layout}, n = {p.n}"
        if not p.gap <= MOST_GAP:
            found.append(f"MISSED: gap {p.gap:.1e} at {where}")
        if p.seconds > (limit := MOST_SECONDS.get((p.loss, p.n), float("inf"))):
            found.append(f"MISSED: {p.seconds:.2g} s instead of {limit:g} s at {where}")
    for t in trials:
        where = f"{t.problem}, n = {t.n}"
        if not t.above >= -WEAK_DUALITY:
            found.append(f"WRONG: {t.name} lies below the lower bound, by {-t.above:.1e}, at {where}")
        if t.name == OURS and not t.above <= MOST_GAP * (1 + MOST_GAP):
            found.append(f"MISSED: {t.above:.1e} above the lower bound at {where}")
        if t.name == PAPER and t.n == RATIO_AT and t.times < LEAST_RATIO:
            found.append(f"MISSED: only {t.times:.0f} times faster than {t.name} at {where}")
    return found


if __name__ == "__main__":
    sys.exit(main())
