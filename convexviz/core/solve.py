"""solve(): validate, choose the solver, train, certify."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ..data.validation import check_both_classes, check_problem, check_rounds
from .cutting.cutting_plane import solve_cutting_plane
from .cutting.polish import Polish
from .cutting.run import MOST_ROUNDS, Plan
from .cutting.sparse import at_most_n_neurons, without_the_idle
from .dual.certificate import Certificate, Judge, Oracle, certify, objective
from .dual.exact.settle import settled
from .errors import Infeasible, SolveError
from .geometry.relaxation import RelaxationOracle
from .ladder import rungs as ladder
from .ladder.rungs import Rung
from .line.dictionary import solve_dictionary
from .line.spline import solve_spline
from .losses import Loss, get_loss
from .network import Array, ReLUNetwork
from .numerics import clock
from .numerics.threads import one_thread
from .oracles.line import LineOracle
from .oracles.protocol import NeuronOracle
from .problem.options import check_method, check_options
from .problem.sample_weights import weigh
from .problem.units import Units, units
from .sliding.sliding import SlidingPlan, descends, solve_sliding, without_dust
from .solution import Round, Solution

SPLINE, DICTIONARY = "spline, exact on the line", "dictionary program, exact on the line"
CONSTANT, NO_BIAS = "constant network", ", no biases"


def solve(
    X: ArrayLike,
    y: ArrayLike,
    beta: float = 0.1,
    loss: str = "squared",
    bias: bool = True,
    method: str = "auto",
    tol: float = 1e-6,
    time_limit: float | None = None,
    start: Solution | None = None,
    cuts: int | None = None,
    stop: Callable[[], bool] | None = None,
    sample_weight: ArrayLike | None = None,
    max_rounds: int | None = None,
) -> Solution:
    """Train a two-layer ReLU network to the global optimum and prove it.

    Minimises loss(f(X), y) + beta sum_j |w_j| over networks f(x) = c + sum_j w_j (u_j . x + b_j)_+ of every width with
    ||u_j|| = 1, which is ordinary weight decay at its best scaling (Ergen & Pilanci 2021).

    Parameters
    ----------
    X : (n, d) inputs. Data of rank one or two, in any dimension, get a certified optimum; in more dimensions few points
        do, and many get a network with the bounds that could be proved, or an upper bound only (see `method`).
    y : (n,) targets, or labels -1 / +1 for `hinge`, `logistic` and `hard_margin`.
    beta : strength of weight decay, positive; plays no part for `interpolate` and `hard_margin`.
    loss : "squared", "hinge", "logistic", "interpolate" or "hard_margin".
    bias : whether the neurons have biases b and the network a constant c.
    method : "auto" takes the strongest that data and time afford. On the line "spline" (fast) or "dictionary" (the same
        optimum as a dense program, slow). Else cutting planes with an oracle of the ladder: "sweep" (exact in the
        plane), "space" (exact in three dimensions), "patterns" (exact, without biases, few points),
        "branch_and_bound" (proof for few points, bounds for more), "relaxation" (that of the paper) or "ascent" (many
        starts); "cutting_plane" leaves the choice open. `method` of the result says which it was.
    tol : relative gap at which the optimum counts as certified.
    time_limit : seconds after which the best network so far comes back, with its honest bounds.
    start : a solution of a similar problem (the data before a drag, a neighbouring beta) to start from.
    cuts : for the cutting planes: neurons of each sign added per round, begun from none, so that `history` can be
        watched; None adds many at once, which is fast.
    stop : for the cutting planes: asked between rounds; once true, the best network so far comes back, with its bounds.
    sample_weight : (n,) weights s_i >= 0 of the points: the loss is sum_i s_i l(f(x_i), y_i). A whole number is a point
        repeated, 0 one left out; to `interpolate` and `hard_margin` any weight above 0 is the same.
    max_rounds : rounds of the solver after which the best network so far comes back, with its honest bounds: a limit
        that stops at the same network on every machine, which `time_limit` does not. A program without rounds ends.

    Returns
    -------
    Solution with the network, objective, lower bound, relative gap and the dual vector that proves it.

    Raises
    ------
    ValueError
        If the input is not usable; `Infeasible`, a ValueError, if `interpolate` or `hard_margin` contradict themselves.
    SolveError
        If every solver failed.

    Examples
    --------
    >>> import numpy as np, convexviz as cv
    >>> X = np.linspace(-1, 1, 5)[:, None]
    >>> s = cv.solve(X, np.abs(X[:, 0]), loss="interpolate")
    >>> s.certified, round(s.objective, 6), s.network.width
    (True, 2.0, 2)
    """
    begin = clock.now()
    term = get_loss(loss)
    X, y = check_problem(X, y, classification=term.classification)
    beta, bias, tol, time_limit, cuts = check_options(beta, term, bias, method, tol, time_limit, start, cuts, stop)
    rounds = check_rounds(max_rounds, MOST_ROUNDS)
    weighing = weigh(sample_weight, len(y), term)
    X, y, term = weighing.part(X), weighing.part(y), weighing.loss
    if term.classification and sample_weight is not None:
        check_both_classes(y)
    own = units(X, y, float(beta) / weighing.unit, term, bias)
    check_method(own.flat, len(y), method, bias)
    limit = np.inf if time_limit is None else float(time_limit)
    end = clock.NEVER if time_limit is None else begin + limit
    task = _Task(own, term, bias, method, tol, start, end, cuts, stop, limit, rounds)
    with one_thread():
        network, certificate, history, used = _train(task)
        network, certificate = _as_given(network, certificate, X, y, float(beta) / weighing.unit, task)
    solution = Solution(
        network=network,
        objective=certificate.objective,
        lower_bound=certificate.lower_bound,
        gap=certificate.gap,
        certified=certificate.holds(tol),
        v=certificate.v,
        history=tuple(map(own.round_given, history)),
        method=used,
        seconds=clock.now() - begin,
        beta=float(beta),
        loss=term.name,
        exactness=task.exactness,
        bias=bias,
        rounding=certificate.rounding,
    )
    return weighing.whole(solution)


Trained = tuple[ReLUNetwork, Certificate, tuple[Round, ...], str]


@dataclass(frozen=True, eq=False)
class _Task:
    """A checked problem in units of its own, and how to solve it."""

    own: Units
    loss: Loss
    bias: bool
    method: str
    tol: float
    start: Solution | None
    deadline: float
    cuts: int | None = None
    stop: Callable[[], bool] | None = None
    limit: float = np.inf
    rounds: int = MOST_ROUNDS

    @cached_property
    def rung(self) -> Rung:
        """The one that was asked for, or that the data and the time can afford."""
        if self.method in ladder.RUNGS:
            return ladder.RUNGS[self.method]
        return ladder.pick(ladder.Problem(len(self.y), self.rank, self.bias), self.limit)

    @cached_property
    def oracle(self) -> NeuronOracle:
        """That of the rung."""
        return self.rung.build(self.X, self.bias, self.deadline, self.tol)

    @property
    def exactness(self) -> str:
        """Of the relaxation, in words, if it was asked."""
        if self.rank > 1 and self.rung.name == "relaxation" and isinstance(self.oracle, RelaxationOracle):
            return self.oracle.exactness.proved
        return ""

    @property
    def X(self) -> Array:
        """Coordinates of the data in the flat that holds them, (n, r)."""
        return self.own.Z

    @property
    def y(self) -> Array:
        """(n,) targets."""
        return self.own.target

    @property
    def beta(self) -> float:
        """Strength of weight decay, for these coordinates and targets."""
        return self.own.beta

    @property
    def rank(self) -> int:
        """Number of coordinates r."""
        return self.own.flat.rank

    def halt(self) -> bool:
        """Whether to come back with what there is."""
        return clock.passed(self.deadline) or (self.stop is not None and self.stop())


def _as_given(
    network: ReLUNetwork, certificate: Certificate, X: Array, y: Array, beta: float, task: _Task
) -> tuple[ReLUNetwork, Certificate]:
    """The network on the data as they were given, and its certificate there: nothing on the way is taken on trust.

    M(v) is not computed again: v differs by a factor, and what the flat leaves out of the data is counted.
    """
    own = task.own
    if not own.trivial:
        network = own.given(network)
        judge = None
        if certificate.lower_bound > -np.inf:
            known = _Known(certificate, task.X)
            judge = Judge(known, own.Z, own.of_x, own.flat.stretch, own.flat.remainder, task.bias)
        v = own.of_v * certificate.v
        again = certify(network, X, y, beta, task.loss, [v], judge, task.bias, only=True)
        certificate = replace(again, rounding=again.rounding + own.of_objective * certificate.rounding)
    problem = network, X, y, beta, task.loss, task.bias, own.flat
    return network, settled(certificate, *problem, task.tol, task.deadline)


@dataclass(frozen=True, eq=False)
class _Known:
    """The oracle's M(v), remembered, for multiples of the v of a certificate."""

    certificate: Certificate
    Z: Array
    exact: bool = True

    def maximum(self, v: Array) -> float:
        """M(v) for a multiple of the certificate's v, and what the difference from one may add."""
        mine = self.certificate.v
        size = float(np.abs(mine).max())
        factor = float(np.abs(v).max()) / size if size > 0 else 0.0
        reach = float(np.sqrt(((self.Z - self.Z.mean(axis=0)) ** 2).sum(axis=1).max()))
        return abs(factor) * self.certificate.dual_maximum + 2 * reach * float(np.abs(v - factor * mine).sum())


def _train(task: _Task) -> Trained:
    if task.rank > 1:
        return _by_cutting_planes(task)
    if not task.bias or task.method == "dictionary":
        return _by_dictionary(task)
    oracle = LineOracle(task.X)
    if len(oracle.knots) == 1:
        return _constant(task.X, task.y, task.beta, task.loss, oracle)
    return _on_the_line(task, oracle)


def _on_the_line(task: _Task, oracle: LineOracle) -> Trained:
    """The spline solver; where it fails, or leaves a gap on few points, the dense program is asked too."""
    X, y, beta, loss = task.X, task.y, task.beta, task.loss
    near = _restricted(task)
    kinks = None if near is None else near.kinks()
    try:
        answer = solve_spline(X[:, 0], y, beta, loss, task.tol, kinks, task.deadline, task.rounds)
    except SolveError as failure:
        if task.method == "spline":
            raise
        try:
            return _by_dictionary(task)
        except Infeasible:  # contradictions have been named already; what is left is a matter of rounding
            raise failure from None
    certificate = certify(answer.network, X, y, beta, loss, answer.duals, oracle)
    network = answer.network
    if not clock.passed(task.deadline):
        network, certificate = _without_ghosts(network, certificate, X, y, beta, loss, oracle)
    first = network, certificate, answer.history, SPLINE
    few = len(y) <= SECOND_OPINION and not clock.passed(task.deadline)
    if task.method == "auto" and not certificate.holds(task.tol) and few:
        try:
            second = _by_dictionary(task)
        except (SolveError, Infeasible):  # no second opinion: the first answer stands, with its honest bounds
            return first
        return min(first, second, key=lambda trained: trained[1].gap)
    return first


GHOST_WEIGHT = 1e-6  # share of the largest weight below which a neuron off the band is a remainder of rounding
OFF_THE_BAND = 1e-4  # relative distance of |N_v| from beta that no neuron of an optimal network has
GHOST_GAP = 1e-9  # gap at which the network without such neurons is as good


def _without_ghosts(
    network: ReLUNetwork, certificate: Certificate, X: Array, y: Array, beta: float, loss: Loss, oracle: LineOracle
) -> tuple[ReLUNetwork, Certificate]:
    """Leave out neurons that weigh next to nothing and do not touch the band, if the proof stays as good."""
    if not network.width:
        return network, certificate
    right, left = oracle.dual(certificate.v).at(network.kinks())
    height = np.abs(np.where(network.U[:, 0] > 0, right, left))
    touches = height >= (1.0 if loss.constrained else beta) * (1 - OFF_THE_BAND)
    keep = touches | (np.abs(network.w) >= GHOST_WEIGHT * np.abs(network.w).max())
    if keep.all():
        return network, certificate
    fewer = network.take(keep)
    proof = certify(fewer, X, y, beta, loss, [certificate.v], oracle)
    return (fewer, proof) if proof.gap <= max(GHOST_GAP, certificate.gap) else (network, certificate)


SECOND_OPINION = 300  # data points up to which an uncertified spline is tried again as a dense program


def _by_dictionary(task: _Task) -> Trained:
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    network, duals = solve_dictionary(X[:, 0], y, beta, loss, bias, task.tol, task.deadline)
    return network, certify(network, X, y, beta, loss, duals, bias=bias), (), DICTIONARY


def _constant(X: Array, y: Array, beta: float, loss: Loss, oracle: LineOracle) -> Trained:
    """All points at one position: no neuron can help, and M(v) = 0 puts no limit on v."""
    if loss.constrained:
        if loss.classification or np.ptp(y) > 0:
            raise Infeasible(
                f"All {len(y)} points must not share one position with different targets; got x = {X[0, 0]:.6g} for "
                "all. Move a point, or choose the squared or hinge loss."
            )
        network = ReLUNetwork.constant(float(y[0]), 1)
        return network, Certificate(0.0, 0.0, 0.0, np.zeros(len(y)), 0.0), (), CONSTANT
    network = ReLUNetwork.constant(loss.best_constant(y), 1)
    duals = [] if loss.smooth else [loss.weight * y]  # the certificate gives both classes the same mass
    return network, certify(network, X, y, beta, loss, duals, oracle), (), CONSTANT


def _by_cutting_planes(task: _Task) -> Trained:
    """Cutting planes with the oracle of the task's rung; where that is ascent, with steps as cheap as it is hopeful."""
    if task.rung.name == "ascent" and task.cuts is None and not task.loss.constrained and descends(task.loss):
        return _by_sliding(task)
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    oracle = task.oracle
    moves = loss.smooth and task.cuts is None and task.rung.moves
    polish = Polish(X, y, beta, loss, bias, task.halt) if moves else None
    near = _restricted(task)
    if near is None and task.rung.moves and task.cuts is None and not loss.constrained and descends(loss):
        near = _soon(task)
    plan = Plan(task.tol, bias, near, task.cuts, task.halt, task.rounds, polish, task.deadline)
    network, duals, history = solve_cutting_plane(X, y, beta, loss, oracle, plan)
    if near is not None and objective(near, X, y, beta, loss) < objective(network, X, y, beta, loss):
        network = near  # the time was up before the first round was
    judge = oracle if task.rung.proves else None
    return _sparse(task, judge, network, duals, history, task.rung.words + ("" if bias else NO_BIAS))


SOON = 0.05  # share of the budget of a training without a proof for the network that one with a proof begins from
SOONER = 0.3  # share of the time limit


def _soon(task: _Task) -> ReLUNetwork | None:
    """A good network, before proofs take their time."""
    end = task.deadline - (1 - SOONER) * clock.left(task.deadline) if task.deadline < clock.NEVER else clock.NEVER
    plan = SlidingPlan(task.tol, task.bias, None, lambda: clock.passed(end) or task.halt(), MOST_ROUNDS, end, SOON)
    network = solve_sliding(task.X, task.y, task.beta, task.loss, plan)[0]
    return network if network.width else None


def _by_sliding(task: _Task) -> Trained:
    """Descent, new neurons and weights in turns: an upper bound."""
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    near = _restricted(task)
    plan = SlidingPlan(task.tol, bias, None if near is None else near.column(), task.halt, task.rounds, task.deadline)
    network, v, history = solve_sliding(X, y, beta, loss, plan)
    network = without_dust(network, X, y, beta, loss, task.tol, bias)
    certificate = certify(network, X, y, beta, loss, [v], None, bias)
    return network, certificate, history, task.rung.words + ("" if bias else NO_BIAS)


def _sparse(
    task: _Task,
    oracle: Oracle | None,
    network: ReLUNetwork,
    duals: tuple[Array, ...],
    history: tuple[Round, ...],
    used: str,
) -> Trained:
    """As few neurons as the proof allows, the heaviest first."""
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    first = certify(network, X, y, beta, loss, duals, oracle, bias)
    proved = first.holds(task.tol)
    if not np.isfinite(first.objective):
        return network, first, history, used
    least = first.lower_bound if proved else first.objective * (1 - task.tol)  # without a proof, from where it stands
    fewer = at_most_n_neurons(network, X, task.deadline)
    fewer = without_the_idle(fewer, X, y, beta, loss, least, task.tol, bias, task.deadline)
    proof = certify(fewer, X, y, beta, loss, [first.v], oracle, bias)
    return (fewer, proof, history, used) if proof.holds(task.tol) or not proved else (network, first, history, used)


def _restricted(task: _Task) -> ReLUNetwork | None:
    """The network to start from, in the coordinates of the data; None where it is of no use."""
    start, own = task.start, task.own
    if start is None or start.network.dimension != own.flat.basis.shape[1] or not start.network.width:
        return None
    near = own.solved(start.network)
    if not task.bias:
        near = ReLUNetwork(near.U, np.zeros(near.width), near.w, 0.0)
    return near if near.width else None
