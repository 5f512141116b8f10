"""Column generation with merging for vector outputs: the loop of `cutting_plane` with weights W_j in R^K.

Hold few neurons. (i) Solve the group lasso over them. (ii) Drop those of no weight; of those that no data point tells
apart, and whose weights point the same way, offer the mean sum ||W_j|| (u_j, b_j), renormalised. Where all W_j are
parallel it takes their place: f on the data stays and sum ||W_j|| can only fall (triangle inequality). Otherwise
sum_j W_j (u_j, b_j)^T is a matrix of higher rank, no single neuron equals it, and the group lasso decides whether the
mean is the better neuron. (iii) Ask the oracle for neurons above beta; V scaled by the greatest gives a lower bound.
(iv) Add them. The cutting planes of Ergen & Pilanci (2021), section 5, from the primal side; merging is an addition.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..losses import Loss
from ..masters.vector import RESIDUAL, VectorMaster
from ..network import PARALLEL, Array, ReLUNetwork, indistinguishable
from ..oracles.vector import VectorOracle
from ..solution import Round
from ..vector_network import vector_objective
from .polish import Polish

MOST_ROUNDS = 200
SHARE, LEAST = 4, 16  # of n, and at least: so many neurons are added per round
DROP = 1e-11  # weights below this share of the largest are zero
SAME_WAY = 0.5  # cosine of weights from which the mean of two neurons is worth offering
CANCELS = 1e-9  # length of the mean of unit vectors that is rounding
FIRST_RESIDUAL = 1e-3  # of the group lasso, relative to the gap left: no use in solving it better than that


@dataclass(frozen=True)
class VectorPlan:
    """How to go about it.

    Attributes
    ----------
    tol : relative gap at which to stop.
    bias : whether neurons have biases and the network a constant.
    start : a network whose neurons are worth having from the beginning.
    halt : asked between rounds; once true, the best network so far comes back.
    residual : accuracy of the first group lasso, relative to beta; neurons of `start` that gain less stay out.
    polish : moves the neurons held to where they are worth most, each round; None leaves them where they were found.
    rounds : after so many it comes back, too.
    remember : told the directions in use, (m, d), for an oracle that searches from them.
    """

    tol: float = 1e-6
    bias: bool = True
    start: ReLUNetwork | None = None
    halt: Callable[[], bool] = lambda: False
    residual: float = FIRST_RESIDUAL
    remember: Callable[[Array], None] = lambda U: None
    rounds: int = MOST_ROUNDS
    polish: Polish | None = None


def solve_vector_cutting_plane(
    X: Array, Y: Array, beta: float, loss: Loss, oracle: VectorOracle, plan: VectorPlan
) -> tuple[ReLUNetwork, Array, tuple[Round, ...]]:
    """Train on X (n, d), Y (n, K): the network, the best dual matrix (n, K) and the rounds.

    With an oracle that is not exact no bound is recorded, and it ends where the oracle finds nothing to gain.
    """
    begin = time.perf_counter()
    master = VectorMaster(Y, beta, loss, plan.bias, plan.halt)
    held = plan.start or ReLUNetwork.constant(np.zeros(Y.shape[1]), X.shape[1])
    if not held.width and plan.polish is not None:
        held = plan.polish.first()
    if not held.width:
        held = ReLUNetwork.constant(loss.best_constant(Y) * plan.bias, X.shape[1])
    most = max(LEAST, len(Y) // SHARE)
    upper, found = np.inf, -np.inf
    network, dual = held, np.zeros_like(Y)
    history: list[Round] = []
    residual = plan.residual
    for number in range(plan.rounds):
        answer = master.solve(held.activations(X), held.W, held.c, residual)
        used = ReLUNetwork(held.U, held.b, answer.W, answer.c).pruned(DROP)
        if plan.polish is not None and number and not plan.halt():  # those of the first round come from it
            held = merged(plan.polish(used).pruned(DROP), X)
            answer = master.solve(held.activations(X), held.W, held.c, residual)
            used = ReLUNetwork(held.U, held.b, answer.W, answer.c).pruned(DROP)
        value = vector_objective(used, X, Y, beta, loss)
        if value <= upper:
            upper, network = value, used
        V = loss.feasible(answer.V, Y, plan.bias)
        plan.remember(used.U)
        maximum, U, b = oracle.violated(V, beta, most)
        bound = loss.bound(V, Y, beta, maximum)[0]
        if bound > found or not oracle.exact:  # a maximum that misses neurons makes bounds too good to be kept
            found, dual = bound, V
        lower = found if oracle.exact else -np.inf
        seconds = time.perf_counter() - begin
        history.append(Round(upper, lower, held.width, len(b), seconds, None, V, maximum, U, b))
        gap = (upper - found) / max(abs(upper), 1e-300)
        if gap <= 0.5 * plan.tol or plan.halt() or (not len(b) and residual <= RESIDUAL):
            break
        residual = max(RESIDUAL, min(residual if len(b) else 0.0, FIRST_RESIDUAL * max(gap, 0.0)))
        held = merged(used, X).joined(U, b)
    return network, dual, tuple(history)


def merged(network: ReLUNetwork, X: Array) -> ReLUNetwork:
    """Neurons joined that agree on X (n, d) and whose weights are parallel; where not quite, their mean is added.

    f on the rows of X is unchanged, and sum ||w_j|| does not rise. What is joined comes in the order of its size.
    """
    size = network.sizes
    way = network.W / size[:, None]
    number, order = indistinguishable(network.preactivations(X), way, size, SAME_WAY), np.argsort(-size, kind="stable")
    U, b, W = [network.U[:0]], [network.b[:0]], [network.W[:0]]
    for group in (order[number[order] == g] for g in range(number.max(initial=-1) + 1)):
        mean = size[group] @ network.U[group]
        length = float(np.linalg.norm(mean))
        parallel = bool((way[group] @ way[group[0]]).min() >= PARALLEL)
        joins = len(group) > 1 and length > CANCELS * size[group].sum()
        if joins:
            U.append(mean[None] / length)
            b.append(size[group] @ network.b[group, None] / length)
            W.append((length if parallel else 0.0) * way[group[:1]])
        if not (joins and parallel):
            U.append(network.U[group])
            b.append(network.b[group])
            W.append(network.W[group])
    return ReLUNetwork(np.vstack(U), np.concatenate(b), np.vstack(W), network.c)
