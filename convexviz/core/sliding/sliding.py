"""Training in many dimensions, where no oracle is exact, for one output or several, by turns:

    descend on all parameters of the neurons held (`polish`), propose neurons above beta (`proposals`), weigh all of
    them, which leaves out what is of no use, and merge what no data point tells apart

the sliding Frank-Wolfe method (Denoyelle, Duval, Peyre & Soubies 2020) with cheap steps, so that it has a good network
at once and a better one at any later time. What comes back is the best network seen. Work is counted, not timed: it
ends where rounds bring next to nothing, or where its budget is used up, at the same network on every machine; a time
limit may end it earlier. A loss with kinks is rounded off (`Loss.rounded`), less and less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..cutting.polish import FIRST_WEIGHT, Descent, Polish
from ..dual.certificate import objective
from ..errors import SolveError
from ..losses import Count, Loss
from ..masters.columns import Columns, merged
from ..masters.linear import LinearMaster
from ..masters.smooth import SmoothMaster
from ..masters.weighing import Term, weighed
from ..network import Array, ReLUNetwork
from ..numerics import clock, progress
from ..numerics.quasi_newton import never
from ..solution import TOLERANCE, Round
from .proposals import CLIMBED, Proposals

GLANCES = (8, 12, 20, 40, 80)  # evaluations of the first descent between looks at the network
EVALUATIONS = 80  # of a later one
ADDED = 24  # neurons a round
TRIES, MOST_TRIES = 128, 512  # directions looked at, at first, and where these are in vain
CLIMBS, MOST_CLIMBS = 8, 16  # steps from the best of them
SORTED = 2_000_000  # numbers sorted at most in a proposal: of many points fewer directions are looked at
LEAST_TRIES = 16
SWEEPS = 2  # of block coordinate descent
WORTH = 1e-3  # excess over beta, relative, for which a neuron is taken in
WINDOW = 5  # rounds over which progress is judged
SLOW = 1e-5  # mean relative fall of a round that is next to nothing
WORK = 20.0  # budget, in the seconds that one core takes at most by the estimate below
WORK_OF_SEVERAL = 6.0  # that of several outputs
WORK_ROUNDED = 0.5  # that of the hinge loss, which often comes ten times, one class against the rest
IN_TIME = 0.8  # share of a time limit for the stages but the last
EVALUATION, ENTRY, PRODUCT = 1.5e-4, 6e-9, 2e-10  # seconds: of an evaluation, an activation, a multiplication
RADII = (1.0, 0.1, 0.01)  # of the rounding of the hinge loss, one after the other
PROPOSAL = 1.2e-7  # seconds: of a preactivation of a proposal
SHARPEN = 1e-3  # mean relative fall of a round below which it is rounded less
LARGEST_PROGRAM = 400_000  # activations in the linear program for the weights of the hinge loss
PROGRAM, SLACK = 4e-6, 3.0  # seconds of it for an activation; so many times as much must be left
TINY = 1e-300
DROP = 1e-9  # share of the greatest weight below which a neuron is dust
STEEP = 40.0  # curvature from which coordinate descent hardly moves: neurons come in with little weight instead
LITTLE = 0.1  # of the median weight
MASTER_TOL = 1e-4  # of the weights of one output that Newton finds in no time: descent goes on anyway
FLAT = 0.1  # of the greatest variance: along directions of less it is no easier to move


class OneOutput:
    """A loss of single outputs as one of K = 1, F and Y (n, 1)."""

    def __init__(self, loss: Loss) -> None:
        self.single = loss
        self.steepest = loss.steepest
        self.weight: Count = loss.weight

    def value(self, F: Array, Y: Array) -> float:
        """Data term."""
        return self.single.value(F[:, 0], Y[:, 0])

    def gradient(self, F: Array, Y: Array) -> Array:
        """V (n, 1)."""
        return self.single.gradient(F[:, 0], Y[:, 0])[:, None]


@dataclass(frozen=True, eq=False)
class SlidingPlan:
    """How to go about it.

    Attributes
    ----------
    tol : relative fall of a round that is no use, if larger than `SLOW`.
    bias : whether neurons have biases and the network a constant.
    start : a network to begin from.
    halt : asked all the time; once true, the best network so far comes back.
    rounds : after so many it comes back, too.
    deadline : of `clock.now()`, at which `halt` will be true. Without one the work is limited by a budget.
    share : of the budget that may be used up.
    """

    tol: float = TOLERANCE
    bias: bool = True
    start: ReLUNetwork | None = None
    halt: Callable[[], bool] = never
    rounds: int = 10_000
    deadline: float = clock.NEVER
    share: float = 1.0

    def work(self, budget: float) -> float:
        """What may be spent in all, in estimated seconds: with a time limit it is the clock that ends it."""
        return self.share * budget if self.deadline == clock.NEVER else np.inf


def solve_sliding(
    X: Array, y: Array, beta: float, loss: Loss, plan: SlidingPlan
) -> tuple[ReLUNetwork, Array, tuple[Round, ...]]:
    """Train on X (n, d), y (n,): the network, its dual vector (n,) in the domain of the dual, and the rounds.

    For a loss that `descends`.
    """
    frame = _Frame.of(X, y[:, None], beta, loss, plan.bias)
    inside = loss.rescaled(frame.height)
    sliding = _Sliding(frame, OneOutput(inside), [OneOutput(stage) for stage in _stages(inside)], plan)

    def dual(V: Array) -> Array:
        return loss.feasible(V[:, 0], y, plan.bias)

    network, V = sliding.run()
    found = network.squeezed()
    if not loss.smooth and not plan.halt():
        found = _unrounded(found, X, y, beta, loss, plan)
    return found, dual(V), _history(sliding.seen, frame, dual, ReLUNetwork.squeezed)


def _unrounded(network: ReLUNetwork, X: Array, y: Array, beta: float, loss: Loss, plan: SlidingPlan) -> ReLUNetwork:
    """With the best weights for the loss itself, a linear program, where it is one and that is small enough."""
    size = len(y) * network.width
    if loss.linear is None or not 0 < size <= LARGEST_PROGRAM or SLACK * PROGRAM * size > clock.left(plan.deadline):
        return network
    columns = Columns.of(network)
    try:
        answer = LinearMaster(X, y, beta, loss, plan.bias, deadline=plan.deadline).solve(columns)
    except (SolveError, TimeoutError):
        return network
    again = columns.network(answer, X)
    return min(network, again, key=lambda one: objective(one, X, y, beta, loss))


def solve_vector_sliding(
    X: Array, Y: Array, beta: float, loss: Loss, plan: SlidingPlan
) -> tuple[ReLUNetwork, Array, tuple[Round, ...]]:
    """The same for Y (n, K), with a dual matrix (n, K)."""
    frame = _Frame.of(X, Y, beta, loss, plan.bias)
    inside = loss.rescaled(frame.height)
    sliding = _Sliding(frame, inside, [inside], plan)

    def dual(V: Array) -> Array:
        return loss.feasible(V, Y, plan.bias)

    network, V = sliding.run()
    return network, dual(V), _history(sliding.seen, frame, dual, lambda network: None)


def descends(loss: Loss) -> bool:
    """Whether the loss, or a smooth one near to it, can be descended on."""
    return loss.smooth or loss.rounded(RADII[0]) is not None


def _stages(loss: Loss) -> list[Loss]:
    """What is descended on, one after the other."""
    return [loss] if loss.smooth else [stage for radius in RADII if (stage := loss.rounded(radius)) is not None]


@dataclass(frozen=True, eq=False)
class _Frame:
    """The same problem in coordinates good to descend in: centred, along principal axes, of sizes about one.

    X = centre + reach Z axes^T and, for a residual loss of degree p, Y = height T, so that
    P(X, Y, beta) = height^p P(Z, T, beta / (height^(p-1) reach)); for others height = 1.
    """

    Z: Array
    T: Array
    beta: float
    bias: bool
    centre: Array
    axes: Array
    reach: float
    height: float
    degree: int
    units: Array

    @classmethod
    def of(cls, X: Array, Y: Array, beta: float, loss: Loss, bias: bool) -> _Frame:
        """Of X (n, d), Y (n, K)."""
        centre = X.mean(axis=0) if bias else np.zeros(X.shape[1])
        offsets = X - centre
        variance, axes = np.linalg.eigh(offsets.T @ offsets / len(X))
        reach = _power_of_two(np.sqrt(max(float(variance[-1]), 0.0)))
        height = _power_of_two(float(np.abs(Y - Y.mean(axis=0) * bias).mean())) if loss.residual else 1.0
        units = 1.0 / np.sqrt(np.maximum(variance, FLAT * variance[-1]) / max(float(variance[-1]), TINY))
        strength = beta / (height ** (loss.degree - 1) * reach)
        Z = (offsets @ axes) / reach
        return cls(Z, Y / height, strength, bias, centre, axes, reach, height, loss.degree, units)

    @property
    def unit(self) -> float:
        """Of the objective."""
        return self.height**self.degree

    @property
    def of_v(self) -> float:
        """What a dual vector is multiplied by."""
        return self.height ** (self.degree - 1)

    def inside(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on X as one on Z."""
        shift = network.U @ self.centre + network.b
        W = network.W * (self.reach / self.height)
        return ReLUNetwork(network.U @ self.axes, shift / self.reach, W, network.c / self.height)

    def outside(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on Z as one on X."""
        U = network.U @ self.axes.T
        W = network.W * (self.height / self.reach)
        b = network.b * self.reach - U @ self.centre
        return ReLUNetwork.normalized(U, b, W, network.c * self.height)


@dataclass(frozen=True, eq=False)
class _Seen:
    """What a round saw, in the coordinates of the problem."""

    upper: float
    held: int
    seconds: float
    network: ReLUNetwork
    V: Array
    U: Array
    b: Array


def _budget(stages: int, outputs: int) -> float:
    if stages > 1:
        return WORK_ROUNDED
    return WORK if outputs == 1 else WORK_OF_SEVERAL


class _Sliding:
    """The state of one training."""

    def __init__(self, frame: _Frame, judge: Term, stages: Sequence[Term], plan: SlidingPlan) -> None:
        self._frame, self._judge, self._stages, self._plan = frame, judge, list(stages), plan
        self._begin, self._spent = clock.now(), 0.0
        self._proposals = Proposals(frame.Z, frame.bias, frame.units, halt=plan.halt)
        self._tries, self._climbs = self._most_tries(TRIES), CLIMBS
        self.best, self.upper = ReLUNetwork.constant(np.zeros(frame.T.shape[1]), frame.Z.shape[1]), np.inf
        self.V = np.zeros_like(frame.T)
        self.seen: list[_Seen] = []
        budget = _budget(len(stages), frame.T.shape[1])
        self._work = plan.work(budget)
        self._share = min(plan.share * budget, IN_TIME * clock.left(plan.deadline)) / len(stages)
        self._enter(self._stages.pop(0))

    def run(self) -> tuple[ReLUNetwork, Array]:
        """The best network, and the slope of the loss there, both in the coordinates of the problem."""
        frame, plan = self._frame, self._plan
        held = self._polish.random() if plan.start is None or not plan.start.width else frame.inside(plan.start)
        self._kept(held)
        values: list[float] = []
        glances: tuple[int, ...] = GLANCES
        while True:
            network, idle = self._descended(held, glances)
            values.append(self._value)
            if self._over():
                break
            held, added = self._renewed(network)
            if self._nothing(values, idle and not added):
                if not self._stages:
                    break
                self._enter(self._stages.pop(0))
                values = []
            glances = (EVALUATIONS,)
        return frame.outside(self.best), frame.of_v * self.V

    def _enter(self, loss: Term) -> None:
        """Go on with another loss."""
        frame = self._frame
        self._loss, self._value, self._end = loss, np.inf, self._spent + self._share
        single = loss.single if isinstance(loss, OneOutput) else None
        self._master = None
        if single is not None and single.curved:
            self._master = SmoothMaster(
                frame.Z, frame.T[:, 0], frame.beta, single, frame.bias, self._plan.deadline, MASTER_TOL
            )
        self._polish = Polish(frame.Z, frame.T, frame.beta, loss, frame.bias, self._plan.halt, units=frame.units)

    def _nothing(self, values: list[float], idle: bool) -> bool:
        """Whether further rounds promise next to nothing."""
        if (idle and self._thorough) or (self._stages and self._spent > self._end):
            return True
        least = max(SHARPEN if self._stages else SLOW, self._plan.tol) * WINDOW
        return len(values) > WINDOW and values[-1 - WINDOW] - values[-1] <= least * values[-1]

    def _over(self) -> bool:
        return self._spent >= self._work or len(self.seen) >= self._plan.rounds or self._plan.halt()

    @property
    def _thorough(self) -> bool:
        """Whether proposals are sought as hard as they ever are, near the neurons held, too."""
        return self._tries >= self._most_tries(MOST_TRIES)

    def _most_tries(self, tries: int) -> int:
        return max(LEAST_TRIES, min(tries, SORTED // len(self._frame.Z)))

    def _descended(self, held: ReLUNetwork, glances: tuple[int, ...]) -> tuple[ReLUNetwork, bool]:
        """Where descent leads, looked at on the way, and whether it has ended."""
        if not held.width:
            self._look(held)
            return held, True
        descent = Descent(self._polish, held)
        for evaluations in glances:
            self._spent += descent.run(evaluations) * self._cost(held.width)
            network = descent.network().pruned(DROP)
            self._look(network)
            if descent.ended or self._over():
                break
        return network, descent.ended

    def _cost(self, width: int) -> float:
        """Estimated seconds of an evaluation."""
        n, d = self._frame.Z.shape
        K = self._frame.T.shape[1]
        cost: float = EVALUATION + n * width * (ENTRY + PRODUCT * 4 * (d + K)) + ENTRY * n * K
        return cost

    def _proposal_cost(self, width: int) -> float:
        """Estimated seconds of the proposals for so many neurons held."""
        n, d = self._frame.Z.shape
        looked_at = self._tries + width * self._thorough + CLIMBED * ADDED * self._climbs
        cost: float = looked_at * n * (PROPOSAL + PRODUCT * (d + self._frame.T.shape[1]))
        return cost

    def _look(self, network: ReLUNetwork) -> None:
        """Keep the network if it is the best so far, and note the round."""
        frame = self._frame
        self._value = self._kept(network)
        none = np.empty((0, frame.Z.shape[1])), np.empty(0)
        seconds = clock.now() - self._begin
        best = self.upper * frame.unit
        self.seen.append(_Seen(best, network.width, seconds, network, frame.of_v * self.V, *none))
        progress.told(best, -np.inf)

    def _kept(self, network: ReLUNetwork) -> float:
        """The objective as it is descended on; the network is kept if its own is the lowest so far."""
        frame = self._frame
        F = network.predict(frame.Z)
        penalty = frame.beta * network.penalty
        upper = self._judge.value(F, frame.T) + penalty
        if upper < self.upper:
            self.upper, self.best, self.V = upper, network, self._loss.gradient(F, frame.T)
        return self._loss.value(F, frame.T) + penalty

    def _renewed(self, network: ReLUNetwork) -> tuple[ReLUNetwork, int]:
        """With new neurons, all weighed anew, and how many are new."""
        frame, loss = self._frame, self._loss
        V = loss.gradient(network.predict(frame.Z), frame.T)
        V = V - V.mean(axis=0) if frame.bias else V
        self._spent += self._proposal_cost(network.width)
        known = network.U if self._thorough else None
        U, b, _ = self._proposals.above(V, frame.beta * (1 + WORTH), ADDED, self._tries, self._climbs, known)
        if len(U) < ADDED // 4:
            self._tries = self._most_tries(2 * self._tries)
            self._climbs = min(2 * self._climbs, MOST_CLIMBS)
        if loss.steepest > STEEP:
            return self._let_in(network, U, b, V), len(U)
        if self._master is not None and not self._plan.halt():
            return self._weighed_exactly(self._master, network, U, b, V), len(U)
        whole = network.joined(U, b)
        A = whole.activations(frame.Z)
        W, c = weighed(A, frame.T, whole.W, whole.c, frame.beta, loss, frame.bias, SWEEPS, self._plan.halt)
        return merged(ReLUNetwork(whole.U, whole.b, W, c).pruned(DROP), frame.Z), len(U)

    def _weighed_exactly(self, master: SmoothMaster, network: ReLUNetwork, U: Array, b: Array, V: Array) -> ReLUNetwork:
        """With new neurons of one output and the best weights for all."""
        Z = self._frame.Z
        held = Columns.of(network.squeezed())
        sign = np.sign(np.maximum(Z @ U.T + b, 0.0).T @ V[:, 0])
        columns = held.joined(Columns.new(U, b, sign))
        return columns.network(master.solve(columns), Z).column()

    def _let_in(self, network: ReLUNetwork, U: Array, b: Array, V: Array) -> ReLUNetwork:
        """With new neurons of little weight, in the direction that lowers the loss."""
        size = np.linalg.norm(network.W, axis=1)
        out = np.maximum(self._frame.Z @ U.T + b, 0.0).T @ V
        typical = float(np.median(size)) if len(size) else FIRST_WEIGHT
        W = LITTLE * typical * out / np.linalg.norm(out, axis=1, keepdims=True)
        return merged(network, self._frame.Z).joined(U, b, W)


def _power_of_two(size: float) -> float:
    """The nearest below, which scales without rounding; 1 for zero."""
    return float(2.0 ** np.floor(np.log2(size))) if size > 0 else 1.0


def _history(
    seen: list[_Seen],
    frame: _Frame,
    dual: Callable[[Array], Array],
    single: Callable[[ReLUNetwork], ReLUNetwork | None],
) -> tuple[Round, ...]:
    return tuple(
        Round(
            s.upper, -np.inf, s.held, len(s.b), s.seconds, single(frame.outside(s.network)), dual(s.V), np.nan, s.U, s.b
        )
        for s in seen
    )


def without_dust(
    network: ReLUNetwork, X: Array, y: Array, beta: float, loss: Loss, tol: float, bias: bool
) -> ReLUNetwork:
    """As many of the lightest neurons left out, or all of them, as cost no more than `tol` of the objective."""
    value = objective(network, X, y, beta, loss)
    nothing = ReLUNetwork.constant(loss.best_constant(y) if bias else 0.0, network.dimension)
    if objective(nothing, X, y, beta, loss) <= value:
        return nothing
    order = np.argsort(-np.abs(network.w), kind="stable")
    network = network.take(order)
    fewest, most = 0, network.width
    while fewest < most:
        kept = (fewest + most) // 2
        if objective(network.take(slice(kept)), X, y, beta, loss) <= value * (1 + tol):
            most = kept
        else:
            fewest = kept + 1
    return network.take(slice(most))
