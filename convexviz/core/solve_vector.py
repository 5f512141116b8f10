"""solve_vector(): train a network of several outputs, and prove as much as the oracle allows.

    P(beta) = min  loss(f(X), Y) + beta sum_j ||W_j||_2,   f(x) = c + sum_j W_j (u_j . x + b_j)_+,   ||u_j|| = 1

Data of rank one and two are solved to a proved optimum, for every number of outputs. In more dimensions neurons are
found by ascent, and the dual maximum is bounded from above by the better of a closed form and, where a scalar oracle
with a proof exists, a cover of the sphere of output directions. Ergen & Pilanci (2021), Convex Geometry and Duality of
Over-parameterized Neural Networks; proofs in `convexviz.core.oracles.vector` and `vector_cover` go beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ..data.scalars import check_flag
from ..data.validation import check_problem, check_rounds, check_targets
from .arguments import check_beta, check_limits, check_start
from .cutting.polish import Polish
from .cutting.vector_cutting_plane import FIRST_RESIDUAL, MOST_ROUNDS, VectorPlan, solve_vector_cutting_plane
from .ladder import rungs as ladder
from .losses import Loss, get_loss
from .masters.vector import RESIDUAL
from .network import Array, ReLUNetwork
from .numerics import clock
from .numerics.threads import one_thread
from .oracles.arrangements import pattern_bound
from .oracles.branch.branch_and_bound import BranchAndBoundOracle
from .oracles.patterns import PatternOracle
from .oracles.protocol import NeuronOracle
from .oracles.space import SpaceOracle
from .oracles.vector import VectorLineOracle, VectorOracle, VectorPlaneOracle
from .oracles.vector_ascent import VectorAscentOracle
from .oracles.vector_cover import MOST_CALLS, WIDE, Height, cover, spectral_bound
from .problem.sample_weights import weigh
from .problem.vector_units import VectorUnits, certify_vector, vector_units
from .sliding.sliding import SlidingPlan, solve_vector_sliding
from .solution import Round, Solution
from .vector_network import vector_objective

LINE, PLANE = "cutting planes, exact on the line", "cutting planes, exact in the plane"
ASCENT = "cutting planes by ascent, bound in closed form"
COVER = "cutting planes by ascent, bound by a cover of the output directions"
MOST_PATTERNS = 1024  # that the scalar oracle of a cover looks at, in each of thousands of calls
SEARCH = 0.5  # share of the time limit for the search, where the proof takes time of its own
PROOF_WORK = 10.0  # of the scalar oracle, in the seconds that its calls are estimated at: the same on every machine
PROOF_SHARE = 0.1  # of the tolerance, that the bound on M(V) may lie above what was found
MOST_REPEATS = 20  # searches after the cover has named a neuron that ascent missed
LEAST = 4  # neurons of each sign asked for then, for each direction named
SWEEP = 2e-7  # seconds of the oracle in the plane for a pair of points and an output
FEWEST_SWEEPS = 4  # that a time limit must leave time for: else a good network without a proof is worth more
MOST_IN_SPACE = 40  # points up to which the sweep in space takes hundredths of a second
MOST_BRANCHED = 14  # points up to which branch and bound does
BRANCH_NODES = 2000  # of a call: tens mostly prove it


def solve_vector(
    X: ArrayLike,
    Y: ArrayLike,
    beta: float = 0.1,
    loss: str = "squared",
    bias: bool = True,
    tol: float = 1e-6,
    time_limit: float | None = None,
    start: Solution | None = None,
    sample_weight: ArrayLike | None = None,
    max_rounds: int | None = None,
) -> Solution:
    """Train a two-layer ReLU network with K outputs.

    Minimises loss(f(X), Y) + beta sum_j ||W_j||_2 over networks of every width with ||u_j|| = 1, which is ordinary
    weight decay (beta / 2) sum_j (||u_j||^2 + ||W_j||^2) at its best scaling.

    Parameters
    ----------
    X : (n, d) inputs.
    Y : (n, K) targets; one-hot rows, with every class present, for "logistic".
    beta : strength of weight decay, positive.
    loss : "squared" (regression, or one-hot least squares) or "logistic" (softmax cross entropy).
    bias : whether the neurons have biases b and the network a constant c.
    tol : relative gap at which the optimum counts as certified.
    time_limit : seconds after which the best network so far comes back, with its honest bounds.
    start : a solution of a similar problem to start from.
    sample_weight : (n,) weights >= 0 of the points in the loss; a whole number is a point repeated, 0 one left out.
    max_rounds : rounds of the search after which the best network so far comes back, with its honest bounds; the proof
        has its own time.

    Returns
    -------
    Solution with the network, objective, lower bound, relative gap and the dual matrix that proves it. The bound
    holds always; it meets the objective (`certified`) for data of rank one or two, or where a cover can be afforded.

    Raises
    ------
    ValueError
        If the input is not usable.

    Examples
    --------
    >>> import numpy as np
    >>> from convexviz.core.solve_vector import solve_vector
    >>> X = np.linspace(-1, 1, 9)[:, None]
    >>> s = solve_vector(X, np.hstack([np.abs(X), np.maximum(X, 0)]), beta=1e-3)
    >>> s.certified, s.network.outputs
    (True, 2)
    """
    begin = clock.now()
    term = get_loss(loss, several=True)
    X, Y = _checked(X, Y, term)
    beta, bias = check_beta(beta, "try beta=0.1"), check_flag(bias, "bias")
    tol, time_limit = check_limits(tol, time_limit)
    check_start(start, axes=2)
    rounds = check_rounds(max_rounds, MOST_ROUNDS)
    weighing = weigh(sample_weight, len(Y), term)
    X, Y, term, scaled = weighing.part(X), weighing.part(Y), weighing.loss, float(beta) / weighing.unit
    if term.one_hot and weighing.kept is not None:
        _check_one_hot(Y)
    own = vector_units(X, Y, scaled, term, bias)
    limit = clock.NEVER if time_limit is None else begin + float(time_limit)
    task = _Task(own.Z, own.target, own.beta, term, bias, tol, limit, rounds)
    with one_thread():
        network, v, history, method = _train(task, _restricted(start, own, bias))
    # From beta_max on neurons are as good as none, and what descent leaves of them is dust.
    nothing = ReLUNetwork.constant(term.best_constant(Y) if bias else np.zeros(Y.shape[1]), X.shape[1])
    candidates = [(vector_objective(one, X, Y, scaled, term), one) for one in (nothing, own.given(network))]
    _, network = min(candidates, key=lambda candidate: candidate[0])
    proof = certify_vector(network, X, Y, scaled, term, bias, own.of_y * v, own)
    return weighing.whole(
        Solution(
            network=network,
            objective=proof.objective,
            lower_bound=proof.lower_bound,
            gap=proof.gap,
            certified=proof.gap <= tol,
            v=proof.V,
            history=tuple(map(own.round_given, history)),
            method=method,
            seconds=clock.now() - begin,
            beta=float(beta),
            loss=term.name,
            bias=bias,
            rounding=proof.rounding,
        )
    )


Trained = tuple[ReLUNetwork, Array, tuple[Round, ...], str]


@dataclass(frozen=True, eq=False)
class _Task:
    """A checked problem, X (n, r) reduced to its rank, and when it must end (of `clock.now()`)."""

    X: Array
    Y: Array
    beta: float
    loss: Loss
    bias: bool
    tol: float
    limit: float
    rounds: int

    def search(
        self, oracle: VectorOracle, start: ReLUNetwork | None, share: float = 1.0, again: bool = False
    ) -> tuple[ReLUNetwork, Array, tuple[Round, ...]]:
        """Cutting planes, within a share of the time left: network, V in the domain of g but not scaled yet, rounds."""
        end = clock.NEVER if self.limit == clock.NEVER else clock.now() + share * clock.left(self.limit)
        remember = oracle.remember if isinstance(oracle, VectorAscentOracle) else lambda U: None
        residual = RESIDUAL if again else FIRST_RESIDUAL

        def halt() -> bool:
            return clock.passed(end)

        moves = isinstance(oracle, VectorAscentOracle) and not again
        polish = Polish(self.X, self.Y, self.beta, self.loss, self.bias, halt) if moves else None
        plan = VectorPlan(self.tol, self.bias, start, halt, residual, remember, self.rounds, polish)
        return solve_vector_cutting_plane(self.X, self.Y, self.beta, self.loss, oracle, plan)

    def dual_value(self, V: Array) -> float:
        """g(V)."""
        return self.loss.dual_value(V, self.Y)

    def feasible(self, V: Array, maximum: float) -> Array:
        """V scaled to M(V) <= beta, given that M(V) <= `maximum`."""
        return self.loss.bound(V, self.Y, self.beta, maximum)[1]


def _train(task: _Task, start: ReLUNetwork | None) -> Trained:
    """Network, feasible dual matrix, rounds and method."""
    rank = task.X.shape[1]
    if rank > 2:
        return _by_ascent(task, start)
    if rank == 2 and task.bias and FEWEST_SWEEPS * SWEEP * task.Y.size * len(task.X) > clock.left(task.limit):
        return _by_sliding(task, start)
    oracle = VectorLineOracle(task.X, task.bias) if rank == 1 else VectorPlaneOracle(task.X, task.bias)
    network, V, history = task.search(oracle, start)
    return network, task.feasible(V, oracle.maximum(V)), history, LINE if rank == 1 else PLANE


def _by_ascent(task: _Task, start: ReLUNetwork | None) -> Trained:
    """Neurons by ascent; with a scalar oracle the cover of the output directions names those that ascent missed."""
    scalar = _scalar_oracle(task)
    if scalar is None:
        return _by_sliding(task, start)
    oracle = VectorAscentOracle(task.X, task.bias)
    network, V, history = task.search(oracle, start, SEARCH)
    v = task.feasible(V, spectral_bound(task.X, V, task.bias))
    calls = whole = _calls(task)
    last = task.limit - (1 - SEARCH) * clock.left(task.limit) if task.limit < clock.NEVER else clock.NEVER
    for repeat in range(MOST_REPEATS + 1):
        left = task.rounds - len(history)
        # From half of the work or time on the cover goes on for the proof, whatever it finds.
        final = repeat == MOST_REPEATS or calls < (1 - SEARCH) * whole or clock.passed(last) or left < 1
        found = max(oracle.maximum(V), task.beta) * (1 + PROOF_SHARE * task.tol)
        proof = cover(V, _height(scalar), found, task.limit, np.inf if final else found, max(calls, 1))
        calls -= proof.calls
        v = max(v, task.feasible(V, proof.bound), key=task.dual_value)
        if final or proof.heights[0] <= found:
            break
        cuts = [scalar.violated(v, task.beta, LEAST)[1:3] for v in proof.duals[proof.heights > task.beta]]
        U, b = (np.concatenate(part) for part in zip(*cuts, strict=True))
        again = replace(task, rounds=left)
        network, V, more = again.search(oracle, network.joined(U, b), SEARCH, again=True)
        history = _continued(history, more)
    history = (*history[:-1], replace(history[-1], lower=task.dual_value(v)))
    return network, v, history, COVER


def _by_sliding(task: _Task, start: ReLUNetwork | None) -> Trained:
    """Where no proof can be had: descent, new neurons and weights in turns."""
    plan = SlidingPlan(task.tol, task.bias, start, lambda: clock.passed(task.limit), task.rounds, task.limit)
    network, V, history = solve_vector_sliding(task.X, task.Y, task.beta, task.loss, plan)
    v = task.feasible(V, spectral_bound(task.X, V, task.bias))
    history = (*history[:-1], replace(history[-1], lower=task.dual_value(v)))
    return network, v, history, ASCENT


def _continued(history: tuple[Round, ...], more: tuple[Round, ...]) -> tuple[Round, ...]:
    passed, upper = history[-1].seconds, history[-1].upper
    return (*history, *(replace(r, seconds=r.seconds + passed, upper=min(r.upper, upper)) for r in more))


def _scalar_oracle(task: _Task) -> NeuronOracle | None:
    """An oracle with a proof for single outputs, v (n,), where its calls are cheap enough for a cover; else None."""
    n, rank = task.X.shape
    if task.Y.shape[1] > WIDE + task.loss.one_hot:
        return None
    if not task.bias and pattern_bound(n, rank) <= MOST_PATTERNS:
        return PatternOracle(task.X)
    if task.bias and rank == 3 and n <= MOST_IN_SPACE:
        return SpaceOracle(task.X)
    if n <= MOST_BRANCHED:
        return BranchAndBoundOracle(task.X, task.bias, deadline=task.limit)
    return None


def _calls(task: _Task) -> int:
    """How many calls of the scalar oracle the proof may take."""
    n, rank = task.X.shape
    problem = ladder.Problem(n, rank, task.bias)
    if not task.bias and pattern_bound(n, rank) <= MOST_PATTERNS:
        rung = ladder.RUNGS["patterns"]
    else:
        rung = ladder.RUNGS["space" if task.bias and rank == 3 and n <= MOST_IN_SPACE else "branch_and_bound"]
    return min(MOST_CALLS, int(PROOF_WORK / rung.seconds(problem)))


def _height(scalar: NeuronOracle) -> Height:
    """An upper bound on the scalar M(v), proved by branch and bound, or M(v) itself."""
    if isinstance(scalar, BranchAndBoundOracle):
        return lambda v: scalar.bound(v, BRANCH_NODES)
    return scalar.maximum


def _restricted(start: Solution | None, own: VectorUnits, bias: bool) -> ReLUNetwork | None:
    """The network to start from, in the units solved in; None where it does not fit."""
    d, outputs = own.flat.basis.shape[1], own.target.shape[1]
    if start is None or start.network.dimension != d or start.network.outputs != outputs:
        return None
    return own.solved(start.network, bias)


def _checked(X: ArrayLike, Y: ArrayLike, loss: Loss) -> tuple[Array, Array]:
    Y = check_targets(Y)
    X, _ = check_problem(X, Y[:, 0], classification=False)
    if loss.one_hot:
        _check_one_hot(Y)
    return X, Y


def _check_one_hot(Y: Array) -> None:
    if Y.shape[1] < 2 or not (np.isin(Y, (0.0, 1.0)).all() and (Y.sum(axis=1) == 1.0).all()):
        raise ValueError(
            f"Y must hold one-hot rows of two classes or more for the logistic loss, a single 1 among zeros; got shape "
            f"{Y.shape} with rows summing to {Y.sum(axis=1).min():g} .. {Y.sum(axis=1).max():g}. Use "
            "np.eye(K)[labels] for labels 0 .. K-1."
        )
    if not Y.any(axis=0).all():
        raise ValueError(
            f"Every class must be present for the logistic loss; class {int(np.argmin(Y.any(axis=0)))} (counted from "
            "0) has no row. Leave its column out, or add a point."
        )
