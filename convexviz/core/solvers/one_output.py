"""Training with one output: exactly on the line, by cutting planes with an oracle of the ladder elsewhere."""

from __future__ import annotations

import numpy as np

from ..cutting.cutting_plane import solve_cutting_plane
from ..cutting.polish import Polish
from ..cutting.run import MOST_ROUNDS, Plan
from ..cutting.sparse import at_most_n_neurons, without_the_idle
from ..dual.certificate import Certificate, Oracle, certify, objective
from ..errors import Infeasible, SolveError
from ..geometry.relaxation import RelaxationOracle
from ..ladder import rungs as ladder
from ..ladder.rungs import Rung
from ..line.dictionary import solve_dictionary
from ..line.spline import SplineAnswer, serves, solve_spline
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..oracles.line import LineOracle
from ..problem.task import Task, Trained
from ..sliding.sliding import SlidingPlan, descends, solve_sliding, without_dust

SPLINE, DICTIONARY = "spline, exact on the line", "dictionary program, exact on the line"
CONSTANT, NO_BIAS = "constant network", ", no biases"


def train(task: Task) -> Trained:
    """The strongest solver that the data and the method allow."""
    if task.rank > 1:
        return _by_cutting_planes(task)
    if task.method == "spline" and not serves(task.loss):
        raise ValueError(
            f"method='spline' needs a loss that states a linear or a cone program, got {task.loss.name!r}; use 'auto'."
        )
    if not task.bias or task.method == "dictionary" or not serves(task.loss):
        return _by_dictionary(task)
    oracle = LineOracle(task.X)
    if len(oracle.knots) == 1:
        return constant(task.X, task.y, task.beta, task.loss, oracle)
    return _on_the_line(task, oracle)


def _on_the_line(task: Task, oracle: LineOracle) -> Trained:
    """The spline solver; where it fails, or leaves a gap on few points, the dense program is asked too."""
    X, y, beta, loss = task.X, task.y, task.beta, task.loss
    kinks = None if task.near is None else task.near.kinks()
    try:
        answer = solve_spline(X[:, 0], y, beta, loss, task.tol, kinks, task.deadline, task.rounds)
    except SolveError as failure:
        if task.method == "spline":
            raise
        try:
            return _by_dictionary(task)
        except Infeasible:  # contradictions have been named already; what is left is a matter of rounding
            raise failure from None
    first = proved(task, answer, oracle)
    certificate = first.certificate
    few = len(y) <= SECOND_OPINION and not clock.passed(task.deadline)
    if task.method == "auto" and not certificate.holds(task.tol) and few:
        try:
            second = _by_dictionary(task)
        except (SolveError, Infeasible):  # no second opinion: the first answer stands, with its honest bounds
            return first
        return min(first, second, key=lambda trained: trained.certificate.gap)
    return first


def proved(task: Task, answer: SplineAnswer, oracle: LineOracle, method: str = SPLINE) -> Trained:
    """A spline with its certificate, without the neurons that are rounding."""
    X, y, beta, loss = task.X, task.y, task.beta, task.loss
    network, certificate = answer.network, certify(answer.network, X, y, beta, loss, answer.duals, oracle)
    if not clock.passed(task.deadline):
        network, certificate = _without_ghosts(network, certificate, X, y, beta, loss, oracle)
    return Trained(network, certificate, answer.history, method)


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


def _by_dictionary(task: Task) -> Trained:
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    network, duals = solve_dictionary(X[:, 0], y, beta, loss, bias, task.tol, task.deadline)
    return Trained(network, certify(network, X, y, beta, loss, duals, bias=bias), (), DICTIONARY)


def constant(X: Array, y: Array, beta: float, loss: Loss, oracle: LineOracle) -> Trained:
    """All points at one position: no neuron can help, and M(v) = 0 puts no limit on v."""
    if loss.constrained:
        if loss.classification or np.ptp(y) > 0:
            raise Infeasible(
                f"All {len(y)} points must not share one position with different targets; got x = {X[0, 0]:.6g} for "
                "all. Move a point, or choose the squared or hinge loss."
            )
        network = ReLUNetwork.constant(float(y[0]), 1)
        return Trained(network, Certificate(0.0, 0.0, 0.0, np.zeros(len(y)), 0.0), (), CONSTANT)
    network = ReLUNetwork.constant(loss.best_constant(y), 1)
    duals = [] if loss.smooth else [loss.constant_dual(y, network.c)]  # the certificate makes its sum zero
    return Trained(network, certify(network, X, y, beta, loss, duals, oracle), (), CONSTANT)


def rung_of(task: Task) -> Rung:
    """The rung of the ladder that was asked for, or that the data and the time can afford."""
    if task.method in ladder.RUNGS:
        return ladder.RUNGS[task.method]
    return ladder.pick(ladder.Problem(len(task.y), task.rank, task.bias), task.limit)


def _by_cutting_planes(task: Task) -> Trained:
    """Cutting planes with the oracle of the task's rung; where that is ascent, with steps as cheap as it is hopeful."""
    X, y, beta, loss, bias, rung = task.X, task.y, task.beta, task.loss, task.bias, rung_of(task)
    words = rung.words + ("" if bias else NO_BIAS)
    if rung.name == "ascent" and task.cuts is None and not loss.constrained and descends(loss):
        return _by_sliding(task, words)
    oracle = rung.build(X, bias, task.deadline, task.tol)
    freely = rung.moves and task.cuts is None
    polish = Polish(X, y, beta, loss, bias, task.halt) if freely and loss.smooth else None
    near = task.near
    if near is None and freely and not loss.constrained and descends(loss):
        near = _soon(task)
    plan = Plan(task.tol, bias, near, task.cuts, task.halt, task.rounds, polish, task.deadline)
    network, duals, history = solve_cutting_plane(X, y, beta, loss, oracle, plan)
    if near is not None and objective(near, X, y, beta, loss) < objective(network, X, y, beta, loss):
        network = near  # the time was up before the first round was
    network, certificate = _sparse(task, oracle if rung.proves else None, network, duals)
    exactness = oracle.exactness.proved if isinstance(oracle, RelaxationOracle) else ""
    return Trained(network, certificate, history, words, exactness)


SOON = 0.05  # share of the budget of a training without a proof for the network that one with a proof begins from
SOONER = 0.3  # share of the time limit


def _soon(task: Task) -> ReLUNetwork | None:
    """A good network, before proofs take their time."""
    end = task.deadline - (1 - SOONER) * clock.left(task.deadline) if task.deadline < clock.NEVER else clock.NEVER
    plan = SlidingPlan(task.tol, task.bias, None, lambda: clock.passed(end) or task.halt(), MOST_ROUNDS, end, SOON)
    network = solve_sliding(task.X, task.y, task.beta, task.loss, plan)[0]
    return network if network.width else None


def _by_sliding(task: Task, words: str) -> Trained:
    """Descent, new neurons and weights in turns: an upper bound."""
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    start = None if task.near is None else task.near.column()
    plan = SlidingPlan(task.tol, bias, start, task.halt, task.rounds, task.deadline)
    network, v, history = solve_sliding(X, y, beta, loss, plan)
    network = without_dust(network, X, y, beta, loss, task.tol, bias)
    return Trained(network, certify(network, X, y, beta, loss, [v], None, bias), history, words)


def _sparse(
    task: Task, oracle: Oracle | None, network: ReLUNetwork, duals: tuple[Array, ...]
) -> tuple[ReLUNetwork, Certificate]:
    """As few neurons as the proof allows, the heaviest first, and their certificate."""
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    first = certify(network, X, y, beta, loss, duals, oracle, bias)
    proved = first.holds(task.tol)
    if not np.isfinite(first.objective):
        return network, first
    least = first.lower_bound if proved else first.objective * (1 - task.tol)  # without a proof, from where it stands
    fewer = at_most_n_neurons(network, X, task.deadline)
    fewer = without_the_idle(fewer, X, y, beta, loss, least, task.tol, bias, task.deadline)
    proof = certify(fewer, X, y, beta, loss, [first.v], oracle, bias)
    return (fewer, proof) if proof.holds(task.tol) or not proved else (network, first)
