"""The exact path: the squared loss on the line for every beta, with every beta at which a kink is born or dies.

Between two breakpoints f, v and the weights are linear in beta (the derivation stands in
`convexviz.core.paths.homotopy`), so the path is known at all beta once its contacts are known on each piece. Nothing of
that is taken on trust: the network of a beta is proved optimal there as every other one, from its own residuals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ...data.scalars import check_callable
from ...data.validation import has_columns
from ..arguments import check_beta
from ..line.line_problem import LineProblem
from ..line.prepared import LineData, prepare
from ..line.spline import SplineAnswer, finish
from ..losses import Loss, get_loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..numerics.threads import one_thread
from ..oracles.line import LineOracle
from ..problem.options import check_data
from ..problem.sample_weights import Weighing, weigh
from ..problem.task import Task
from ..problem.units import Units, units
from ..solution import TOLERANCE, Solution
from ..solve import in_full, solve
from ..solvers.one_output import proved
from .homotopy import Life, Walked, walk
from .piece import Piece

METHOD = "homotopy in beta, exact on the line"
EXACT = 1e-9  # relative gap of a piece's network; where rounding leaves more, a solve of its own has a say
DEPTH = 1e-3  # of beta_max, down to which stops and lines go
MOST_STOPS = 60  # so many frames are scrubbed well
ABOVE = 1e-6  # of beta_max, by which the first stop lies above it
WIDE = 1.1  # of beta_max: where the staircase begins
LEAST_REMEDY = "give the beta down to which the path is wanted, or leave it out"


@dataclass(frozen=True)
class Event:
    """What happens at a breakpoint as beta falls.

    Attributes
    ----------
    beta : where.
    kind : "born" or "dies", of a kink; "regime" where the terms of R change and no kink need do so.
    x : the kink's place (for data of rank one in several features its coordinate along their line); nan without one.
    point : number of the first data point there, from 0; -1 without one.
    sign : +1 for a kink that bends upwards, -1 downwards, 0 without one.
    neurons : how many neurons the network has below this beta, after all that happens there.
    regime : the terms of R below it: "level" (|D| < TV), "tied" (|D| = TV) or "steep" (|D| > TV).
    """

    beta: float
    kind: str
    x: float
    point: int
    sign: int
    neurons: int
    regime: str


@dataclass(frozen=True)
class KinkLife:
    """A kink from birth to death: place, number of its first data point, sign, and the betas of both.

    `died` is 0 for a kink that is there to the end of the path.
    """

    x: float
    point: int
    sign: int
    born: float
    died: float


@dataclass(frozen=True, eq=False)
class ExactPath:
    """What `exact_path` returns: the optimum of every beta.

    Attributes
    ----------
    betas : (p,) every beta at which a kink is born or dies, or the terms of the penalty change, decreasing; beta_max
        first. Between neighbours the network's values are linear in beta. Empty where a constant fits best at all beta.
    end : the beta down to which the path was followed; below it `at` solves. Its events below that are not known.
    restarts : how often rounding or ties were left behind by a solve a little further down; 0 on most data.
    """

    betas: Array
    end: float
    restarts: int
    _posed: _Posed = field(repr=False)
    _walked: Walked = field(repr=False)

    def __len__(self) -> int:
        return len(self.betas)

    def __repr__(self) -> str:
        if not len(self):
            return "ExactPath(a constant at every beta)"
        born, died = len(self.kinks), sum(life.died > 0 for life in self.kinks)
        return (
            f"ExactPath({len(self)} breakpoints from beta = {self.betas[0]:.6g} down to {self.betas[-1]:.3g}, "
            f"{born} kinks born, {died} of them die)"
        )

    @property
    def beta_max(self) -> float:
        """The first breakpoint: at and above it a constant is optimal; 0 where it always is."""
        return float(self.betas[0]) if len(self) else 0.0

    def at(self, beta: float) -> Solution:
        """The optimum of a beta > 0, proved there as `solve` would: objective, lower bound, gap, dual vector.

        Raises ValueError for a beta that is none.
        """
        begin, beta = clock.now(), check_beta(beta)
        posed, piece = self._posed, self._piece(beta)
        if piece is None:
            return posed.solved(beta)
        with one_thread():
            solution = posed.proved(piece, beta, begin)
        if solution.gap <= EXACT:
            return solution
        return min(solution, posed.solved(beta, solution), key=lambda s: s.gap)

    def network(self, beta: float) -> ReLUNetwork:
        """The network of `at(beta)`, without its proof: what errors at many betas are computed from."""
        piece = self._piece(check_beta(beta))
        return self.at(beta).network if piece is None else self._posed.network(piece, beta)

    def neurons(self, beta: float) -> int:
        """How many neurons the optimum of a beta has; at a breakpoint as many as just below it."""
        at = int(np.searchsorted(-self.betas, -check_beta(beta), side="right")) - 1
        return self._walked.neurons[at] if at >= 0 else 0

    def stops(self, depth: float = DEPTH, most: int = MOST_STOPS) -> list[float]:
        """Betas from just above beta_max down to `depth` beta_max, one on each piece (its middle in log beta) but the
        last, which gives its end: so every state of the path is seen once.

        Of more pieces than `most` - 1 the longest are taken: what is left out has hardly lived.
        """
        if not 0 < depth < 1:
            raise ValueError(f"depth must lie between 0 and 1, got {depth!r}; 1e-3 ends the stops at beta_max / 1000.")
        if not (isinstance(most, int) and most >= 2):
            raise ValueError(f"most must be a whole number from 2 up, got {most!r}; 60 stops show most paths well.")
        if not len(self):
            return [1.0]
        low = max(depth * self.beta_max, self.end)
        ends = np.append(self.betas[self.betas > low], low)
        middles = np.sqrt(ends[:-1] * ends[1:])
        middles[-1] = low
        longest = np.argsort(-np.log(ends[:-1] / ends[1:]), kind="stable")
        last = len(middles) - 1
        kept = np.sort(np.append(longest[longest != last][: most - 2], last))
        return [self.beta_max * (1 + ABOVE), *middles[kept].tolist()]

    def staircase(self, depth: float = DEPTH) -> tuple[Array, np.ndarray]:
        """(betas, counts), decreasing in beta: `counts[i]` neurons from `betas[i]` down to `betas[i + 1]`."""
        low = max(depth * self.beta_max, self.end)
        here = self.betas > low
        counts = np.array(self._walked.neurons, int)[here]
        top = WIDE * self.beta_max or 1.0
        return np.concatenate([[top], self.betas[here], [low]]), np.concatenate(
            [[0], counts, counts[-1:] if here.any() else [0]]
        )

    def lines(self, depth: float = DEPTH) -> list[tuple[Array, Array]]:
        """For each of `kinks` born above `depth` beta_max, (betas, changes of slope), exact at every beta between them.

        From birth, where the change is zero, to death, where it is zero again, or to the end.
        """
        low, scale, last = max(depth * self.beta_max, self.end), self._posed.of_slope, len(self._posed.data.t) - 1
        ends = np.append(self.betas[self.betas > low], low)
        drawn = {
            i: ([float(b)], [0.0]) for i, b in enumerate(self.betas[[k.start for k in self._walked.lives]]) if b > low
        }
        for at, beta in enumerate(ends[1:]):
            piece = Piece(self._posed.data, self._walked.contacts(at, last))
            bends = piece.slopes[0] + beta / self._posed.scale * piece.slopes[1]
            changes = dict(zip(piece.contacts.chosen[1:-1].tolist(), (scale * np.diff(bends)).tolist(), strict=True))
            for i, life in enumerate(self._walked.lives):
                if i in drawn and life.start <= at and (life.end is None or at < life.end):
                    drawn[i][0].append(float(beta))
                    drawn[i][1].append(changes[life.knot])
        return [(np.array(betas), np.array(changes)) for betas, changes in drawn.values()]

    @cached_property
    def kinks(self) -> tuple[KinkLife, ...]:
        """Every kink from birth to death, in the order of birth; one that comes back is another."""
        return tuple(
            KinkLife(
                *self._posed.place(life.knot),
                life.sign,
                float(self.betas[life.start]),
                0.0 if life.end is None else float(self.betas[life.end]),
            )
            for life in self._walked.lives
        )

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All that happens, from large beta to small; of what happens at one beta, deaths first."""
        told = []
        for life in self._walked.lives:
            told.append(self._event("born", life.start, life))
            if life.end is not None:
                told.append(self._event("dies", life.end, life))
        regimes = self._walked.regimes
        before = ("tied", *regimes)  # a constant is a tie of |D| = TV = 0
        told += [self._event("regime", i) for i, new in enumerate(regimes) if new != before[i]]
        order = ("dies", "born", "regime")
        return tuple(sorted(told, key=lambda event: (-event.beta, order.index(event.kind), event.point)))

    def _event(self, kind: str, at: int, life: Life | None = None) -> Event:
        x, point = (np.nan, -1) if life is None else self._posed.place(life.knot)
        sign = 0 if life is None else life.sign
        walked = self._walked
        return Event(float(self.betas[at]), kind, x, point, sign, walked.neurons[at], walked.regimes[at])

    def _piece(self, beta: float) -> Piece | None:
        """The piece that a beta lies on; None above beta_max and below the end."""
        if not len(self) or beta > self.betas[0] or beta < self.end:
            return None
        at = int(np.searchsorted(-self.betas, -beta, side="right")) - 1
        data = self._posed.data
        return Piece(data, self._walked.contacts(max(at, 0), len(data.t) - 1))


def exact_path(
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    stop: Callable[[], bool] | None = None,
    least: float | None = None,
) -> ExactPath:
    """The optimum of every beta for the squared loss on the line: a homotopy in beta from beta_max down.

    Parameters
    ----------
    X : (n, d) inputs that lie on a line: d = 1, or data of rank one in any dimension.
    y : (n,) targets.
    sample_weight : (n,) weights s_i >= 0 of the points, as in `solve`.
    stop : asked between two changes; once true, the path ends where it is.
    least : beta at which it ends; None for a billionth of beta_max, where rounding begins to decide.

    Returns
    -------
    ExactPath with `betas`, `events`, `kinks` and `at(beta)`, a certified `Solution`.

    Raises
    ------
    ValueError
        If the input is not usable, or the points do not lie on a line.

    Examples
    --------
    >>> import numpy as np, convexviz as cv
    >>> X = np.linspace(-1, 1, 5)[:, None]
    >>> path = cv.exact_path(X, [0.0, 1.0, 0.5, 2.0, 0.0])
    >>> path
    ExactPath(4 breakpoints from beta = 0.85 down to 0.0682, 3 kinks born, 0 of them die)
    >>> [(event.kind, event.x, event.neurons) for event in path.events if event.kind != "regime"]
    [('born', 0.5, 1), ('born', 0.0, 3), ('born', -0.5, 4)]
    >>> path.at(0.1).certified
    True
    """
    check_callable(stop, "stop", "that returns True to end")
    low = 0.0 if least is None else check_beta(least, LEAST_REMEDY)
    posed = _pose(X, y, sample_weight)
    if posed.level:
        return ExactPath(np.array([]), low, 0, posed, Walked(np.array([]), (), (), (), 0.0, 0))
    with one_thread():
        walked = walk(LineProblem(posed.data, posed.loss, 1.0), low / posed.scale, stop)
    return ExactPath(walked.betas * posed.scale, walked.end * posed.scale, walked.restarts, posed, walked)


@dataclass(frozen=True, eq=False)
class _Posed:
    """The problem given, and the same on sorted knots in units of its own.

    `whole` holds X (n, d), y (n,) and the weights as they were given, `X` and `y` the points of positive weight; a beta
    of the problem given is `scale` times that of `data`.
    """

    whole: tuple[Array, Array, ArrayLike | None]
    X: Array
    y: Array
    weighing: Weighing
    own: Units
    oracle: LineOracle
    data: LineData
    scale: float

    @property
    def loss(self) -> Loss:
        """Of the scaled problem."""
        return self.own.inside.plain

    @property
    def level(self) -> bool:
        """Whether a constant fits as well as any network."""
        return not self.data.target.any()

    @property
    def of_slope(self) -> float:
        """What a slope of the scaled problem is multiplied by."""
        return self.data.unit / self.data.length * self.own.of_y / self.own.of_x

    @cached_property
    def _points(self) -> Array:
        """The number of the first data point on every knot, (N,)."""
        first = np.unique(self.data.row, return_index=True)[1]
        kept = self.weighing.kept
        return first if kept is None else np.flatnonzero(kept)[first]

    def place(self, knot: int) -> tuple[float, int]:
        """x of a knot, and the number of its first data point."""
        point = int(self._points[knot])
        X = self.whole[0]
        if X.shape[1] == 1:
            return float(X[point, 0]), point
        return float(self.data.origin + self.data.length * self.data.t[knot]) * self.own.of_x, point

    def solved(self, beta: float, start: Solution | None = None) -> Solution:
        """By the solver of single betas."""
        X, y, weight = self.whole
        return solve(X, y, beta, sample_weight=weight, start=start)

    def network(self, piece: Piece, beta: float) -> ReLUNetwork:
        """The network of a piece."""
        return self.own.given(self._answer(piece, beta).network)

    def proved(self, piece: Piece, beta: float, begin: float) -> Solution:
        """The network of a piece with its certificate."""
        unit, own = self.weighing.unit, self.own
        own = replace(own, beta=beta / unit / (own.of_x * own.of_y))
        task = Task(own, True, "auto", TOLERANCE, None, clock.NEVER)
        trained = proved(task, self._answer(piece, beta), self.oracle, METHOD)
        solution = in_full(trained, self.X, self.y, beta / unit, self.weighing.loss, task, begin)
        return self.weighing.whole(replace(solution, beta=beta))

    def _answer(self, piece: Piece, beta: float) -> SplineAnswer:
        inside, scaled = self.own.inside, beta / self.scale
        chosen = piece.contacts.chosen
        return finish(self.data, inside.plain, self.own.target, chosen, piece.values(scaled), piece.mass(scaled), ())


def _pose(X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> _Posed:
    if has_columns(y):
        raise ValueError(
            "y must have shape (n,), got columns; the exact path is that of one output: pass one column, y[:, 0]."
        )
    loss = get_loss("squared")
    X, y = check_data(X, y, loss)
    weighing = weigh(sample_weight, len(y), loss)
    part, targets = weighing.part(X), weighing.part(y)
    own = units(part, targets, 1.0, weighing.loss, True)
    if own.flat.rank > 1:
        raise ValueError(
            f"X must lie on a line for the exact path, got data of rank {own.flat.rank}; use cv.entering_path or "
            "cv.regularization_path, which solve at as many beta as are wanted."
        )
    oracle = LineOracle(own.Z)
    if len(oracle.knots) > 1:
        data = prepare(own.Z[:, 0], own.target, own.inside)
    else:  # all at one place: as level as two points of equal height
        data = prepare(np.array([0.0, 1.0]), np.zeros(2), own.inside.plain)
    scale = weighing.unit * own.of_x * own.of_y * data.length * data.unit
    return _Posed((X, y, sample_weight), part, targets, weighing, own, oracle, data, scale)
