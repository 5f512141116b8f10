"""Hinge loss and hard margin with many points on the line: linear programs on few knots and few blocks of rows.

Between two knots f is linear, so neighbouring rows with one label are all on the same side of their margin but where
f crosses it. A block of such rows stands in the program as one row, at their weighted mean: its hinge loss is at most
theirs (Jensen), and equal where the block does not cross the margin. Blocks that do are cut there, knots come in where
the dual function exceeds beta, until the bounds meet. A block's multiplier, spread evenly over its rows, is a dual
vector of the whole problem. To a hard margin the first and the last row of a block say it all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from ..network import Array
from ..solution import Round
from .conic import CENTRAL, WAYS, linear
from .line_problem import CLOSE, LineProblem, Point
from .prepared import Hats, LineData

CROSSES = 1e-9  # rows this far beyond their margin, on both sides of it, cut a block
AROUND = np.array([-64, -16, -4, -1, 0, 1, 4, 16, 64])  # rows around a crossing at which a block is cut, too
FOUND = 1e-8  # relative distance of a spline from the program's optimum at which it is the optimal one
LEAST_MARGIN = 0.5  # a spline with a smaller margin than this is not made feasible by scaling


@dataclass(frozen=True, eq=False)
class Program:
    """Rows of a linear program: interval, position in it, label and weight of each, (b,), and what they stand for: the
    data's rows (R',), so many for each, (b,)."""

    j: np.ndarray
    s: Array
    label: Array
    weight: Array
    rows: np.ndarray
    many: np.ndarray

    def spread(self, price: Array, data: LineData) -> Array:
        """The dual mass of all rows of the data, (R,), for multipliers (b,)."""
        mass = np.zeros(len(data.target))
        mass[self.rows] = np.repeat(self.label * price / self.weight, self.many) * data.count[self.rows]
        return mass


class Side:
    """The rows of one label, in blocks that end at the chosen knots and at the cuts made so far."""

    def __init__(self, data: LineData, label: float) -> None:
        self.data, self.rows = data, np.flatnonzero(data.target == label)
        self.cuts = np.zeros(1, int)

    def starts(self, chosen: np.ndarray) -> np.ndarray:
        """First rows of the blocks, as numbers among those of the side."""
        starts = np.union1d(self.cuts, np.searchsorted(self.data.knot[self.rows], chosen))
        return starts[starts < len(self.rows)]

    def gathered(self, hats: Hats, chosen: np.ndarray) -> Program:
        """One row for each block, at its weighted mean."""
        data, starts = self.data, self.starts(chosen)
        count, first = data.count[self.rows], self.rows[starts]
        weight = np.add.reduceat(count, starts)
        place = np.add.reduceat(count * hats.s[self.rows], starts) / weight
        many = np.diff(starts, append=len(self.rows))
        return Program(hats.j[first], place, data.target[first], weight, self.rows, many)

    def extreme(self, hats: Hats, chosen: np.ndarray) -> Program:
        """The first and the last row of each block."""
        data, starts = self.data, self.starts(chosen)
        rows = self.rows[np.union1d(starts, np.append(starts[1:], len(self.rows)) - 1)]
        return Program(hats.j[rows], hats.s[rows], data.target[rows], data.count[rows], rows, np.ones(len(rows), int))

    def cut(self, excess: Array, chosen: np.ndarray) -> int:
        """Cut the blocks whose rows lie on both sides of zero in `excess` (R,): how many there were."""
        beyond, starts = excess[self.rows], self.starts(chosen)
        mixed = (np.maximum.reduceat(beyond, starts) > CROSSES) & (np.minimum.reduceat(beyond, starts) < -CROSSES)
        at = np.flatnonzero(np.diff(beyond > 0)) + 1
        at = at[mixed[np.searchsorted(starts, at, side="right") - 1]]
        around = (at[:, None] + AROUND).ravel()
        self.cuts = np.union1d(self.cuts, around[(around > 0) & (around < len(self.rows))])
        return int(mixed.sum())


class Blocks:
    """A hinge loss or hard margin on chosen knots, its rows gathered in blocks."""

    def __init__(self, problem: LineProblem) -> None:
        self.problem, self.data = problem, problem.data
        self.hard = problem.loss.constrained
        self.sides = [Side(problem.data, label) for label in np.unique(problem.data.target)]

    def solved(self, chosen: np.ndarray, middle: bool, deadline: float) -> Point:
        """The optimum on the chosen knots, at a vertex or in the `middle`; its bounds are those on all rows and knots.

        Raises SolveError when no solver answers, OutOfTime at the deadline.
        """
        hats = Hats.on(self.data, chosen)
        parts = [side.extreme(hats, chosen) if self.hard else side.gathered(hats, chosen) for side in self.sides]
        program = Program(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Program)))
        H, weight, ways = (program.j, program.s), None if self.hard else program.weight, (CENTRAL, *WAYS)
        F, price = linear(H, program.label, weight, hats.h, self.problem.beta, ways if middle else WAYS, deadline)
        return self._bounded(chosen, F, hats, program.spread(price, self.data))

    def _bounded(self, chosen: np.ndarray, F: Array, hats: Hats, mass: Array) -> Point:
        """For a hard margin the spline is made to keep it; where that is impossible its objective is infinite."""
        if not self.hard:
            return self.problem.bound(chosen, F, hats, mass)
        margin = float((self.data.target * hats.values(F)).min())
        point = self.problem.bound(chosen, F / min(1.0, max(margin, LEAST_MARGIN)), hats, mass)
        return point if margin >= LEAST_MARGIN else replace(point, upper=np.inf)

    def cut(self, point: Point) -> int:
        """Cut the blocks that cross their margin: how many there were. A hard margin has none."""
        if self.hard:
            return 0
        excess = 1.0 - self.data.target * Hats.on(self.data, point.chosen).values(point.F)
        return sum(side.cut(excess, point.chosen) for side in self.sides)


def linear_rounds(
    problem: LineProblem, chosen: np.ndarray, tol: float, deadline: float
) -> Iterator[tuple[list[Point], Round]]:
    """Points and rounds until the bounds meet to `tol`: at vertices, from the first spline on that is optimal for its
    knots in the middle, and a vertex to end with, which has the fewest kinks.

    The multipliers of the optimal spline are far from unique, since f runs along the margin of many rows. A vertex of
    them exceeds beta here and there between the chosen knots, and elsewhere once there is a knot; the middle does so
    where every one of them does.
    """
    begin = time.perf_counter()
    blocks, least, lower, found = Blocks(problem), np.inf, -np.inf, False
    while True:
        point = blocks.solved(chosen, found, deadline)
        crossed, missed = blocks.cut(point), problem.violated(point, 64 + len(chosen))
        least, lower = min(least, point.upper), max(lower, point.lower)
        yield [point], Round(point.upper, point.lower, len(chosen), len(missed), time.perf_counter() - begin)
        if least - lower <= tol * max(abs(least), CLOSE) or not (crossed or len(missed)):
            if found:
                point = blocks.solved(chosen, False, deadline)
                yield [point], Round(point.upper, point.lower, len(chosen), 0, time.perf_counter() - begin)
            return
        of_program = float(np.abs(point.mass).sum())  # its optimum, between the bounds
        found = least - of_program <= FOUND * least
        if not crossed or of_program - point.lower >= point.upper - of_program:
            chosen = np.union1d(chosen, missed)
