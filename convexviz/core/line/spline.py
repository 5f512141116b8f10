"""Certified training on the line: min over splines f of  loss(f, y) + beta R(f),  in about linear time.

On the line the optimal network is a linear spline with kinks at data points (Ergen & Pilanci 2021, section 4.1), and
its least sum |w| is R(f) = max(TV, (TV + |s_1 + s_last|) / 2) with TV the total variation of the slopes. The solver
holds few knots, solves the small problem on them, looks at the dual function N_v over all knots and adds the knots
where it exceeds beta most; the optimum has few kinks, so few knots suffice. It stops when the bounds meet.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from ..errors import Infeasible, SolveError
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..neurons import spline_network
from ..numerics import clock, progress
from ..numerics.highs import OutOfTime
from ..solution import TOLERANCE, Round
from .blocks import linear_rounds
from .few_knots import TINY, FewKnots
from .line_problem import CLOSE, LineProblem, Point, interpolation_dual
from .prepared import LineData, prepare
from .working_set import newton_rounds

ALL_KNOTS = 300  # up to here one problem on every knot is faster than rounds with few
FIRST_KNOTS = 65
MOST_ROUNDS = 60
MET = 0.1  # share of the tolerance at which the bounds of the scaled problem have met
FAR = 1e-7  # relative distance of the bounds at which rounds on few knots are tried after the quick ones


@dataclass(frozen=True, eq=False)
class SplineAnswer:
    """A spline (knots x (k,), values F (k,)), its network, dual candidates (n,) and the rounds it took."""

    x: Array
    F: Array
    network: ReLUNetwork
    duals: tuple[Array, ...]
    history: tuple[Round, ...]


def serves(loss: Loss) -> bool:
    """Whether the loss states a form that splines are found by; where it does not there is the dense program."""
    stated = loss.interpolates or loss.quadratic or loss.linear is not None
    return stated or loss.conic(np.ones(1), np.ones(1)) is not None


def solve_spline(
    x: Array,
    y: Array,
    beta: float,
    loss: Loss,
    tol: float,
    start: Array | None = None,
    deadline: float = clock.NEVER,
    most: int = MOST_ROUNDS,
) -> SplineAnswer:
    """Train on inputs `x` (n,) in any order with at least two distinct values, targets `y` (n,).

    `start` holds kink positions worth trying first (a neighbouring solution's); `deadline` is a value of `clock.now()`
    after which the best spline so far comes back, as it does after `most` rounds: at least the best constant, or one
    that meets the constraints. Raises Infeasible when `interpolate` or `hard_margin` contradict themselves, SolveError
    when every solver fails.
    """
    if loss.interpolates:
        return interpolated(x, y)
    if clock.passed(deadline) and not loss.constrained:
        return _constant(x, y, loss)
    begin = clock.now() if deadline < clock.NEVER else 0.0
    data = prepare(x, y, loss)
    given, loss = loss.plain, loss.plain.rescaled(data.unit)  # weights have gone into the counts
    if loss.constrained:
        refuse_clashing_labels(data, x)
    strength = (1.0 if loss.constrained else beta) / (data.length * data.unit ** (loss.degree - 1))
    problem = LineProblem(data, loss, strength)
    if deadline < clock.NEVER:  # network and certificate will take about twice as long as this
        deadline -= 2 * (clock.now() - begin)
    if clock.passed(deadline):
        return finish(data, given, y, *problem.cheapest(), ())
    point, history = trained(problem, _first_knots(data, loss, start), tol, deadline, most)
    return finish(data, given, y, point.chosen, point.F, point.mass, history)


def _constant(x: Array, y: Array, loss: Loss) -> SplineAnswer:
    """The best constant, without so much as a look at x."""
    c = loss.best_constant(y)
    duals = () if loss.smooth else (loss.constant_dual(y, c),)
    return SplineAnswer(x[:1], np.array([c]), ReLUNetwork.constant(c, 1), duals, ())


def trained(
    problem: LineProblem,
    knots: np.ndarray,
    tol: float = TOLERANCE,
    deadline: float = clock.NEVER,
    most: int = MOST_ROUNDS,
) -> tuple[Point, tuple[Round, ...]]:
    """The cheapest spline and, while there is time, what the rounds make of it, on `knots` at first."""
    first = problem.start()
    if problem.loss.smooth and first.distance <= CLOSE * abs(first.upper):
        return first, ()  # beta is at or above beta_max
    best = _Best(first)
    if len(problem.data.t) <= ALL_KNOTS:
        best.follow(_few_rounds(problem, tol, knots, deadline), deadline, most)
        return best.point, tuple(best.history)
    if problem.loss.quadratic and problem.beta < TINY:
        best.take(problem.through_all())
    quick = _quick_rounds(problem, first, knots, MET * tol, deadline)
    if quick is not None and not best.point.meets(MET * tol):
        with suppress(SolveError):  # what follows may have an answer
            best.follow(quick, deadline, most)
    if not best.point.meets(FAR):
        kinks = np.union1d(knots, best.point.chosen)
        best.follow(_few_rounds(problem, tol, kinks, deadline), deadline, most)
    return best.point, tuple(best.history)


def _quick_rounds(
    problem: LineProblem, first: Point, knots: np.ndarray, tol: float, deadline: float
) -> Iterator[tuple[list[Point], Round]] | None:
    """Rounds that pass over many rows a few times only; None for a loss that allows none."""
    loss = problem.loss
    if loss.curved:
        return newton_rounds(problem, first, knots, deadline)
    if loss.linear is not None and loss.linear.margin:
        return linear_rounds(problem, knots, tol, deadline)
    return None


class _Best:
    """The least objective and the greatest lower bound of all rounds."""

    def __init__(self, first: Point) -> None:
        self._least, self._proof = first, first
        self.history: list[Round] = []

    @property
    def point(self) -> Point:
        """The best spline with the best dual mass."""
        proof = self._proof
        return replace(self._least, mass=proof.mass, lower=proof.lower, right=proof.right, left=proof.left)

    def follow(self, rounds: Iterator[tuple[list[Point], Round]], deadline: float, most: int) -> None:
        """Take in rounds until they end, time is up or there were `most`. A solver that fails after an answer came
        leaves it standing; one that fails before raises SolveError."""
        try:
            while len(self.history) < min(most, MOST_ROUNDS) and not clock.passed(deadline):
                points, done = next(rounds)
                for point in points:
                    self.take(point)
                self.history.append(replace(done, upper=self._least.upper, lower=self._proof.lower))
                progress.told(self._least.upper, self._proof.lower)
        except (StopIteration, OutOfTime):
            return
        except SolveError:
            if not self.history:
                raise

    def take(self, point: Point) -> None:
        """Of equally good splines the later: it has the fewer kinks."""
        if point.upper <= self._least.upper * (1 + CLOSE):
            self._least = point
        if point.lower >= self._proof.lower:
            self._proof = point


def _first_knots(data: LineData, loss: Loss, start: Array | None) -> np.ndarray:
    last = len(data.t) - 1
    if last < ALL_KNOTS:
        return np.arange(last + 1)
    few = [np.linspace(0, last, FIRST_KNOTS).astype(int)]
    if start is not None and len(start):
        few.append(np.clip(np.searchsorted(data.t, (start - data.origin) / data.length), 0, last))
    if loss.constrained:  # with knots on both sides of every change of label some spline has the margin
        change = np.flatnonzero(np.diff(data.target))
        few += [data.knot[change], data.knot[change + 1]]
    return np.unique(np.concatenate(few))


KEEP_ALL_FROM = 20  # rounds after which knots are no longer dropped, so that the loop cannot cycle


def _few_rounds(
    problem: LineProblem, tol: float, chosen: np.ndarray, deadline: float
) -> Iterator[tuple[list[Point], Round]]:
    """Solve on few knots, add those where the dual function exceeds beta, until the bounds meet."""
    begin = time.perf_counter()
    solver, best, number = FewKnots(problem, deadline), None, 0
    while True:
        candidates = sorted(solver.candidates(chosen, best), key=lambda p: -p.distance)
        point = candidates[-1]
        best = point if best is None or point.upper <= best.upper else best
        added = problem.violated(point, 64 + 2 * len(chosen))
        yield candidates, Round(point.upper, point.lower, len(chosen), len(added), time.perf_counter() - begin)
        if point.meets(MET * tol) or not len(added):
            return
        following = np.union1d(chosen if number >= KEEP_ALL_FROM else point.chosen, added)
        if np.array_equal(following, chosen):  # the same knots would give the same answer
            return
        chosen, number = following, number + 1


def finish(
    data: LineData,
    loss: Loss,
    y: Array,
    chosen: np.ndarray,
    F: Array,
    mass: Array | None,
    history: tuple[Round, ...],
) -> SplineAnswer:
    """A spline on the knots `chosen` in the units of the data; without a dual mass (R,) the network's has to do."""
    x = data.origin + data.length * data.t[chosen]
    F = data.shift + data.unit * F
    network = spline_network(x, F)
    network = loss.enforced(network, (data.origin + data.length * data.place)[:, None], data.target)
    unit = data.unit**loss.degree
    scaled = tuple(replace(r, upper=r.upper * unit, lower=r.lower * unit) for r in history)
    return SplineAnswer(x, F, network, () if mass is None else (dual_of_rows(data, loss, y, mass),), scaled)


def dual_of_rows(data: LineData, loss: Loss, y: Array, mass: Array) -> Array:
    """The dual vector (n,) of the rows' mass (R,)."""
    dual = data.spread(mass) * data.unit ** (loss.degree - 1)
    if loss.merges:  # targets at one position keep their distances from their mean as residuals
        shared = np.bincount(data.row)[data.row] > 1
        dual += data.weight * np.where(shared, y - (data.shift + data.unit * data.target[data.row]), 0.0)
    return dual


def refuse_clashing_labels(data: LineData, x: Array) -> None:
    clash = np.flatnonzero(np.diff(data.knot) == 0)
    if len(clash):
        points = np.flatnonzero(np.isin(data.row, [clash[0], clash[0] + 1]))
        if np.ptp(x[points]) > 0:
            raise _too_near(x[points])
        raise Infeasible(
            f"A hard margin needs one label per position; points {numbered(points)} at x = {x[points[0]]:.6g} carry "
            "both labels. Move or delete one of them, or choose the hinge loss."
        )


def _too_near(x: Array) -> SolveError:
    return SolveError(
        f"Points at x = {x.min():.6g}, {np.ptp(x):.3g} apart, ask for slopes beyond what floating point holds. Move or "
        "delete one of them, or choose the squared or hinge loss.",
        "points too near",
    )


def interpolated(x: Array, y: Array) -> SplineAnswer:
    """f = y on the data: the spline is known, and so is a dual vector that proves its penalty least."""
    knots, row = np.unique(x, return_inverse=True)
    F = np.empty(len(knots))
    F[row] = y
    clash = np.flatnonzero(F[row] != y)
    if len(clash):
        points = np.flatnonzero(row == row[clash[0]])
        raise Infeasible(
            f"Interpolation needs one target per position; points {numbered(points)} at x = {x[points[0]]:.6g} ask "
            "for different values. Move or delete all but one, or choose the squared loss."
        )
    with np.errstate(over="ignore"):
        steep = np.flatnonzero(~np.isfinite(np.diff(F) / np.diff(knots)))
    if len(steep):
        raise _too_near(knots[steep[0] : steep[0] + 2])
    mass = interpolation_dual(knots, F) / np.bincount(row)
    return SplineAnswer(knots, F, spline_network(knots, F), (mass[row],), ())


def numbered(points: np.ndarray) -> str:
    """'3, 7 and 9', counted from 1 as on screen; long lists are cut."""
    names = [str(i + 1) for i in points[:4]]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


__all__ = ["SolveError", "SplineAnswer", "solve_spline"]
