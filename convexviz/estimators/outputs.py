"""One network for one output or for K of them, and what is proved about it.

Both are `solve`. K outputs share their neurons where the loss allows,

    P(beta) = min  loss(f(X), Y) + beta sum_j ||w_j||_2,   f(x) = c + sum_j w_j (u_j . x + b_j)_+ in R^K;            (1)

with the other losses they are K problems of one output, each with neurons of its own,

    P(beta) = sum_k P_k(beta),   P_k(beta) = min  loss(f_k(X), Y_k) + beta sum_j |w_jk|.                            (2)

The networks of (2) side by side are one `ReLUNetwork` whose rows w_j have one entry that is not zero, so that its
penalty sum_j ||w_j|| is the sum of theirs; lower bounds of the P_k add up to one of P.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.ladder import rungs as ladder
from ..core.losses import Loss, get_loss
from ..core.network import Array, ReLUNetwork
from ..core.numerics import clock
from ..core.numerics.progress import line
from ..core.paths.path import beta_max
from ..core.shape import Slope
from ..core.solution import BOUNDS, CERTIFIED, UPPER_BOUND, Solution
from ..core.solve import solve
from ..core.solvers.several_outputs import ASCENT

HOPEFUL = tuple(ladder.RUNGS[name].words for name in ("relaxation", "ascent"))  # methods that seldom or never prove
STRONGEST = (CERTIFIED, BOUNDS, UPPER_BOUND)  # statements in order; others are worse
SPENT = 0.95  # share of a time limit after which it counts as used up: solvers come back a little early
SHORTEST = 1e-3  # seconds for an output whose turn comes after the time limit: `solve` asks for a positive number

Solved = Solution | tuple[Solution, ...]


@dataclass(frozen=True)
class Options:
    """How to train: the keyword arguments of `solve` that estimators share."""

    beta: float
    loss: str | Loss
    bias: bool
    method: str
    tol: float
    time_limit: float | None
    max_iter: int | None
    verbose: bool | None = None
    shape: str | tuple[str, ...] | None = None
    slope: Slope | None = None

    def limit_met(self, rounds: int, seconds: float) -> str:
        """The limit that so many rounds or seconds have used up, in words; "" for none."""
        if self.max_iter is not None and rounds >= self.max_iter:
            return f"max_iter={self.max_iter}"
        if self.time_limit is not None and seconds >= SPENT * self.time_limit:
            return f"time_limit={self.time_limit:g}"
        return ""


@dataclass(frozen=True, eq=False)
class Trained:
    """A network for all outputs and its proof.

    Attributes
    ----------
    network : of one output, or of K.
    solution : of the problem; for (2) a tuple of one per output.
    objective, lower_bound : bounds on the optimum.
    gap : relative gap; for (2) the largest of an output, which is at least that of the sum.
    certified : whether the optimum is proved.
    provable : whether the method can prove an optimum, given time.
    rounds : of the solver; for (2) the most that one output took; at least 1.
    limit : the limit that stopped it, in words; "" for none.
    """

    network: ReLUNetwork
    solution: Solved
    objective: float
    lower_bound: float
    gap: float
    certified: bool
    provable: bool
    rounds: int
    limit: str

    @property
    def statement(self) -> str:
        """See `statement_of`."""
        return statement_of(self.solution)

    @property
    def method(self) -> str:
        """See `method_of`."""
        return method_of(self.solution)


def statement_of(solution: Solved) -> str:
    """The strongest that is proved, in the words of `Solution.statement`; for (2) of the sum: the weakest of theirs."""
    parts = solution if isinstance(solution, tuple) else (solution,)
    return max((part.statement for part in parts), key=_rank)


def _rank(said: str) -> int:
    return STRONGEST.index(said) if said in STRONGEST else len(STRONGEST)


def method_of(solution: Solved) -> str:
    """Which solver and oracle did it; for (2) each that did, once."""
    parts = solution if isinstance(solution, tuple) else (solution,)
    return "; ".join(dict.fromkeys(part.method for part in parts))


def shares_neurons(loss: str | Loss) -> bool:
    """Whether several outputs are trained as (1)."""
    return get_loss(loss).several is not None


def train(X: Array, Y: Array, options: Options, start: Solved | None = None, weight: Array | None = None) -> Trained:
    """Train on X (n, d) for Y (n,), one output, or Y (n, K), with weights (n,) of the samples if there are any.

    `start` is the solution of a similar problem to start from.
    """
    begin = clock.now()
    if Y.ndim == 1:
        single = _solve(X, Y, options, options.time_limit, start, weight)
        return _proved(single.network, single, (single,), options, begin)
    if shares_neurons(options.loss) and Y.shape[1] > 1:  # a column alone is one output, (1) and (2) are the same
        joint = _solve_jointly(X, Y, options, start, weight)
        return _proved(joint.network, joint, (joint,), options, begin)
    parts = _solve_each(X, Y, options, start, weight)
    return _proved(side_by_side([part.network for part in parts]), parts, parts, options, begin)


def side_by_side(networks: list[ReLUNetwork]) -> ReLUNetwork:
    """The network whose output k is networks[k]: each neuron reaches one output."""
    W = np.zeros((sum(network.width for network in networks), len(networks)))
    first = 0
    for k, network in enumerate(networks):
        W[first : first + network.width, k] = network.w
        first += network.width
    return ReLUNetwork(
        np.vstack([network.U for network in networks]),
        np.concatenate([network.b for network in networks]),
        W,
        np.array([network.c for network in networks]),
        networks[0].center,  # that of the data, which all share
    )


def beta_without_neurons(X: Array, Y: Array, options: Options, weight: Array | None = None) -> float:
    """The least beta at which the network without neurons is optimal: `beta_max`, of outputs apart the largest."""
    loss, bias, asked = options.loss, options.bias, {"shape": options.shape, "slope": options.slope}
    if get_loss(loss).constrained:
        raise ValueError(f"betas must be given for the loss {loss!r}, in which beta plays no part; pass betas=[1.0].")
    if Y.ndim == 2 and shares_neurons(loss) and Y.shape[1] > 1:
        return beta_max(X, Y, loss, weight, bias, **asked)
    return max(beta_max(X, y, loss, weight, bias, **asked) for y in Y.reshape(len(Y), -1).T)


def _solve(
    X: Array, y: Array, options: Options, time_limit: float | None, start: Solved | None, weight: Array | None
) -> Solution:
    return solve(
        X,
        y,
        beta=options.beta,
        loss=options.loss,
        bias=options.bias,
        method=options.method,
        tol=options.tol,
        time_limit=time_limit,
        max_rounds=options.max_iter,
        verbose=options.verbose,
        start=start if isinstance(start, Solution) and start.network.w.ndim == 1 else None,
        sample_weight=weight,
        shape=options.shape,
        slope=options.slope,
    )


def _solve_jointly(X: Array, Y: Array, options: Options, start: Solved | None, weight: Array | None) -> Solution:
    if options.method != "auto":
        raise ValueError(
            f"method must be 'auto' for several outputs that share their neurons, got {options.method!r}; wrap the "
            "estimator in OneVsRestClassifier or MultiOutputRegressor to train each output on its own."
        )
    return solve(
        X,
        Y,
        beta=options.beta,
        loss=options.loss,
        bias=options.bias,
        tol=options.tol,
        time_limit=options.time_limit,
        max_rounds=options.max_iter,
        verbose=options.verbose,
        start=start if isinstance(start, Solution) and start.network.w.ndim == 2 else None,
        sample_weight=weight,
        shape=options.shape,
        slope=options.slope,
    )


def _solve_each(
    X: Array, Y: Array, options: Options, start: Solved | None, weight: Array | None
) -> tuple[Solution, ...]:
    """One solution per column of Y (n, K); the outputs that are left share the time that is left."""
    begin = clock.now()
    outputs = Y.shape[1]
    starts = start if isinstance(start, tuple) and len(start) == outputs else (None,) * outputs
    parts = []
    with line("outputs", options.verbose, outputs) as said:
        for k in range(outputs):
            limit = options.time_limit
            if limit is not None and k > 0:
                limit = max(SHORTEST, (limit - (clock.now() - begin)) / (outputs - k))
            elif limit is not None:
                limit = limit / outputs
            parts.append(_solve(X, np.ascontiguousarray(Y[:, k]), options, limit, starts[k], weight))
            if said is not None:
                said.step(parts[-1].statement)
    return tuple(parts)


def _provable(part: Solution) -> bool:
    if part.network.w.ndim == 2:
        return part.method != ASCENT
    return part.lower_bound > -np.inf or not part.method.startswith(HOPEFUL)


def _proved(
    network: ReLUNetwork,
    solution: Solved,
    parts: tuple[Solution, ...],
    options: Options,
    begin: float,
) -> Trained:
    rounds = max(1, *(len(part.history) for part in parts))
    return Trained(
        network=network,
        solution=solution,
        objective=float(sum(part.objective for part in parts)),
        lower_bound=float(sum(part.lower_bound for part in parts)),
        gap=float(max(part.gap for part in parts)),
        certified=all(part.certified for part in parts),
        provable=all(map(_provable, parts)),
        rounds=rounds,
        limit=options.limit_met(rounds, clock.now() - begin),
    )
