"""What a training by cutting planes knows as it goes: its plan, the best network and the bounds on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..dual.certificate import objective
from ..errors import SolveError
from ..losses import Loss
from ..masters.base import SignedMaster
from ..masters.columns import Columns
from ..masters.cones import ConicMaster
from ..masters.linear import LinearMaster
from ..masters.program import ProgramMaster
from ..masters.smooth import SmoothMaster
from ..masters.vector import FIRST_RESIDUAL
from ..network import Array, ReLUNetwork
from ..neurons import spline_network
from ..numerics import clock, progress
from ..oracles.protocol import NeuronOracle
from ..oracles.vector import VectorOracle
from ..solution import TOLERANCE, Round
from .polish import Polish

MOST_ROUNDS = 400
SHARE = 8  # of n: so many neurons of each sign are added per round, at least LEAST
LEAST = 8
SHARE_SHARED, LEAST_SHARED = 4, 16  # the same for neurons that several outputs share
MOST_AT_ONCE = 150  # but no more: with more the problem over the neurons held takes longer than finding them
ROUGH = 1e-2  # relative gap of that one
TINY = 1e-300
FIRST_PRICE = 2.0  # of missing a constraint, times the scale of the data; raised when nearly solved
FLAT = 1e-6  # mean distance of the points below which the first price grows no more


@dataclass(frozen=True)
class Plan:
    """How to go about it.

    Attributes
    ----------
    tol : relative gap at which to stop.
    bias : whether neurons have biases and the network a constant.
    start : a network whose neurons are worth having from the beginning.
    cuts : neurons of each sign added per round, begun from none: the slow way, to be watched. None goes fast.
    halt : asked between rounds; once true, the best network so far comes back.
    rounds : after so many it comes back, too.
    polish : moves the neurons held to where they are worth most, each round; None leaves them where they were found.
    deadline : of `clock`; within a round, too, once it has passed the best network so far comes back.
    residual : for several outputs, accuracy of the first weights relative to beta; neurons of `start` that gain less
        stay out.
    """

    tol: float = TOLERANCE
    bias: bool = True
    start: ReLUNetwork | None = None
    cuts: int | None = None
    halt: Callable[[], bool] = lambda: False
    rounds: int = MOST_ROUNDS
    polish: Polish | None = None
    deadline: float = clock.NEVER
    residual: float = FIRST_RESIDUAL


def master_for(
    X: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float, deadline: float = clock.NEVER
) -> SignedMaster:
    """The problem of one output over neurons held, by what the loss states: active sets where it is curved, a linear
    or a cone program, else whatever cvxpy makes of it."""
    if loss.curved:
        return SmoothMaster(X, y, beta, loss, bias, deadline, tol)
    if loss.conic(y[:1], np.ones(1)) is not None:
        return ConicMaster(X, y, beta, loss, bias, deadline, tol)
    if loss.linear is None:
        return ProgramMaster(X, y, beta, loss, bias, deadline)
    reach = X - X.mean(axis=0) if bias else X
    scale = max(float(np.abs(reach).mean()), FLAT)
    return LinearMaster(X, y, beta, loss, bias, FIRST_PRICE / scale if loss.constrained else 1.0, deadline)


class Run:
    """What a training knows: the best network, the bounds on both sides, the rounds.

    It begins with the cheapest network there is, so that whenever the time is up there is one, and the best one seen
    is the one that comes back.
    """

    def __init__(
        self, X: Array, y: Array, beta: float, loss: Loss, oracle: NeuronOracle | VectorOracle, plan: Plan
    ) -> None:
        self.X, self.y, self.beta, self.loss, self.oracle, self.plan = X, y, beta, loss, oracle, plan
        self.begin = clock.now()
        self.best: tuple[ReLUNetwork, Array] | None = None
        self.upper, self.lower = np.inf, -np.inf
        self.dual = np.zeros(y.shape)
        self.history: list[Round] = []
        self.most = _most(y) if plan.cuts is None else plan.cuts
        self.watch: Callable[[ReLUNetwork], None] = lambda network: None
        self._cheap = cheapest(X, y, loss, plan.bias)
        if self._cheap is not None and not loss.constrained:
            self.offer(self._cheap, np.zeros(y.shape))

    def offer(self, network: ReLUNetwork, v: Array) -> float:
        """Its objective; the network is kept, with its dual vector, if it is the best so far."""
        value = objective(network, self.X, self.y, self.beta, self.loss)
        if value <= self.upper or self.best is None:
            self.upper, self.best = min(self.upper, value), (network, v)
        return value

    def weigh(self, network: ReLUNetwork) -> None:
        """Offer a network found for some of the points, its neurons weighed anew for all where that is quick."""
        self.watch(network)
        if self.loss.smooth:
            master = master_for(self.X, self.y, self.beta, self.loss, self.plan.bias, ROUGH, self.plan.deadline)
            columns = Columns.of(network)
            network = columns.network(master.solve(columns), self.X)
        if not self.late:
            self.offer(network, np.zeros(len(self.y)))

    def bounded(self, v: Array, maximum: float) -> float:
        """The bound that a v in the domain of the dual gives; the best is kept if M(v) is proved."""
        bound, shrunk = self.loss.bound(v, self.y, self.beta, maximum)
        if self.oracle.exact and bound > self.lower:
            self.lower, self.dual = bound, shrunk
        return bound

    def feasible(self, v: Array) -> Array:
        """v moved into the domain of the dual."""
        return self.loss.feasible(v, self.y, self.plan.bias)

    def note(self, held: int, network: ReLUNetwork, v: Array, maximum: float, U: Array, b: Array) -> None:
        """Put a round on record."""
        seconds = clock.now() - self.begin
        self.history.append(Round(self.upper, self.lower, held, len(b), seconds, network, v, maximum, U, b))
        progress.told(self.upper, self.lower)

    def met(self, bound: float) -> bool:
        """Whether the best network is as low as the bound, up to half the tolerance."""
        return bool(np.isfinite(self.upper) and self.upper - bound <= 0.5 * self.plan.tol * max(abs(self.upper), TINY))

    def apart(self, bound: float) -> float:
        """How far the best objective is from a bound, relative."""
        return (self.upper - bound) / max(abs(self.upper), TINY)

    @property
    def gap(self) -> float:
        """Relative distance of the bounds, at most 1."""
        known = np.isfinite(self.upper) and np.isfinite(self.lower)
        return min(1.0, (self.upper - self.lower) / max(abs(self.upper), TINY)) if known else 1.0

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return clock.passed(self.plan.deadline)

    def answer(self) -> tuple[ReLUNetwork, tuple[Array, ...], tuple[Round, ...]]:
        """The best network, dual candidates like y and the rounds."""
        if self._cheap is not None and (self.upper > self._cheap.penalty or not np.isfinite(self.upper)):
            self.offer(self._cheap, np.zeros(self.y.shape))
        if self.best is None:
            raise SolveError("No network was found before the time limit. Give more time.", "time limit")
        network, v = self.best
        return network, (v, self.dual) if np.isfinite(self.lower) else (v,), tuple(self.history)


def _most(y: Array) -> int:
    """How many neurons, of each sign for one output, come in at a time."""
    if y.ndim > 1:
        return max(LEAST_SHARED, len(y) // SHARE_SHARED)
    return min(max(LEAST, len(y) // SHARE), MOST_AT_ONCE)


def cheapest(X: Array, y: Array, loss: Loss, bias: bool) -> ReLUNetwork | None:
    """A network that is there at once: the best constant; for a constraint a spline along one direction that meets it.

    None where a constraint cannot be met so: without biases.
    """
    if not loss.constrained:
        return ReLUNetwork.constant(loss.best_constant(y) if bias else np.zeros(y.shape[1:])[()], X.shape[1])
    if not bias:
        return None
    direction = generic_direction(X)
    along = X @ direction
    least = float(along.min())
    t, first = np.unique(along - least, return_index=True)
    line = loss.enforced(spline_network(t, y[first]), t[:, None], y[first])
    return ReLUNetwork(line.U * direction, line.b - line.U[:, 0] * least, line.w, line.c)


def generic_direction(X: Array) -> Array:
    """A unit vector along which distinct points are well apart."""
    rng = np.random.default_rng(0)
    candidates = rng.standard_normal((24, X.shape[1]))
    candidates /= np.linalg.norm(candidates, axis=1)[:, None]
    distinct = np.unique(X, axis=0)
    gaps = [np.diff(np.sort(distinct @ u)).min(initial=np.inf) for u in candidates]
    direction: Array = candidates[int(np.argmax(gaps))]
    return direction
