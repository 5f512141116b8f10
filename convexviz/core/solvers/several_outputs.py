"""Training with K outputs that share their neurons: exact on the line and in the plane, as far as a cover goes beyond.

    P(beta) = min  loss(f(X), Y) + beta sum_j ||w_j||_2,   f(x) = c + sum_j w_j (u_j . x + b_j)_+,   ||u_j|| = 1    (1)
    D = max_V  g(V)   s.t.  M(V) = max_{||u|| = 1, b} ||V^T (Xu + b)_+||_2 <= beta  (and 1^T V = 0 with biases)

Data of rank one and two are solved to a proved optimum, for every number of outputs. In more dimensions neurons are
found by ascent, and the dual maximum is bounded from above by the better of a closed form and, where a scalar oracle
with a proof exists, a cover of the sphere of output directions. Ergen & Pilanci (2021), Convex Geometry and Duality of
Over-parameterized Neural Networks; proofs in `convexviz.core.oracles.vector` and `vector_cover` go beyond it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..cutting.cutting_plane import solve_cutting_plane
from ..cutting.polish import Polish
from ..cutting.run import Plan
from ..dual.certificate import Known, certify, objective
from ..ladder import rungs as ladder
from ..masters.vector import FIRST_RESIDUAL, RESIDUAL
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..oracles.arrangements import pattern_bound
from ..oracles.branch.branch_and_bound import BranchAndBoundOracle
from ..oracles.patterns import PatternOracle
from ..oracles.protocol import NeuronOracle
from ..oracles.space import SpaceOracle
from ..oracles.vector import VectorLineOracle, VectorPlaneOracle
from ..oracles.vector_ascent import VectorAscentOracle
from ..oracles.vector_cover import MOST_CALLS, WIDE, Height, cover, spectral_bound
from ..problem.task import Task, Trained
from ..sliding.sliding import SlidingPlan, solve_vector_sliding
from ..solution import Round

MOST_ROUNDS = 200
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


def train(task: Task) -> Trained:
    """Cutting planes, or descent where no proof can be had; the heaviest neurons first."""
    X, y, beta, loss, bias = task.X, task.y, task.beta, task.loss, task.bias
    network, v, history, method = _search_for(task)
    # From beta_max on neurons are as good as none, and what descent leaves of them is dust.
    nothing = ReLUNetwork.constant(loss.best_constant(y) if bias else np.zeros(y.shape[1]), X.shape[1])
    network = network.take(np.argsort(-network.sizes, kind="stable"))
    network = min((nothing, network), key=lambda one: objective(one, X, y, beta, loss))
    certificate = certify(network, X, y, beta, loss, [v], Known(v, beta, X), bias, only=True)
    return Trained(network, certificate, history, method)


Found = tuple[ReLUNetwork, Array, tuple[Round, ...], str]  # network, feasible v, rounds and method


def _search_for(task: Task) -> Found:
    if task.rank > 2:
        return _by_ascent(task)
    sweeps = FEWEST_SWEEPS * SWEEP * task.y.size * len(task.X)
    if task.rank == 2 and task.bias and sweeps > clock.left(task.deadline):
        return _by_sliding(task)
    oracle = VectorLineOracle(task.X, task.bias) if task.rank == 1 else VectorPlaneOracle(task.X, task.bias)
    plan = Plan(task.tol, task.bias, task.near, halt=task.halt, rounds=task.rounds)
    network, duals, history = solve_cutting_plane(task.X, task.y, task.beta, task.loss, oracle, plan)
    return network, duals[-1], history, LINE if task.rank == 1 else PLANE


def _by_ascent(task: Task) -> Found:
    """Neurons by ascent; with a scalar oracle the cover of the output directions names those that ascent missed."""
    scalar = _scalar_oracle(task)
    if scalar is None:
        return _by_sliding(task)
    oracle = VectorAscentOracle(task.X, task.bias)
    network, V, history = _climbed(task, oracle)
    v = _shrunk(task, V, spectral_bound(task.X, V, task.bias))
    calls = whole = _calls(task)
    last = task.deadline - (1 - SEARCH) * clock.left(task.deadline) if task.deadline < clock.NEVER else clock.NEVER
    for repeat in range(MOST_REPEATS + 1):
        left = task.rounds - len(history)
        # From half of the work or time on the cover goes on for the proof, whatever it finds.
        final = repeat == MOST_REPEATS or calls < (1 - SEARCH) * whole or clock.passed(last) or left < 1
        final |= task.stop is not None and task.stop()
        found = max(oracle.maximum(V), task.beta) * (1 + PROOF_SHARE * task.tol)
        proof = cover(V, _height(scalar), found, task.deadline, np.inf if final else found, max(calls, 1))
        calls -= proof.calls
        v = max(v, _shrunk(task, V, proof.bound), key=lambda one: task.loss.dual_value(one, task.y))
        if final or proof.heights[0] <= found:
            break
        cuts = [scalar.violated(v, task.beta, LEAST)[1:3] for v in proof.duals[proof.heights > task.beta]]
        U, b = (np.concatenate(part) for part in zip(*cuts, strict=True))
        network, V, more = _climbed(replace(task, near=network.joined(U, b), rounds=left), oracle, again=True)
        history = _continued(history, more)
    return network, v, _bounded(task, history, v), COVER


def _climbed(
    task: Task, oracle: VectorAscentOracle, again: bool = False
) -> tuple[ReLUNetwork, Array, tuple[Round, ...]]:
    """Cutting planes by ascent, for a share of the time left: network, V in the domain of g, rounds."""
    end = clock.NEVER if task.deadline == clock.NEVER else clock.now() + SEARCH * clock.left(task.deadline)

    def halt() -> bool:
        return clock.passed(end) or task.halt()

    polish = None if again else Polish(task.X, task.y, task.beta, task.loss, task.bias, halt)
    residual = RESIDUAL if again else FIRST_RESIDUAL
    plan = Plan(task.tol, task.bias, task.near, None, halt, task.rounds, polish, residual=residual)
    network, _, history = solve_cutting_plane(task.X, task.y, task.beta, task.loss, oracle, plan)
    V = history[-1].v
    return network, np.zeros(task.y.shape) if V is None else V, history


def _by_sliding(task: Task) -> Found:
    """Where no proof can be had: descent, new neurons and weights in turns."""
    plan = SlidingPlan(task.tol, task.bias, task.near, task.halt, task.rounds, task.deadline)
    network, V, history = solve_vector_sliding(task.X, task.y, task.beta, task.loss, plan)
    v = _shrunk(task, V, spectral_bound(task.X, V, task.bias))
    return network, v, _bounded(task, history, v), ASCENT


def _shrunk(task: Task, V: Array, maximum: float) -> Array:
    """V scaled to M(V) <= beta, given that M(V) <= `maximum`."""
    return task.loss.bound(V, task.y, task.beta, maximum)[1]


def _bounded(task: Task, history: tuple[Round, ...], v: Array) -> tuple[Round, ...]:
    """With the bound that was proved after the last round."""
    return (*history[:-1], replace(history[-1], lower=task.loss.dual_value(v, task.y)))


def _continued(history: tuple[Round, ...], more: tuple[Round, ...]) -> tuple[Round, ...]:
    passed, upper = history[-1].seconds, history[-1].upper
    return (*history, *(replace(r, seconds=r.seconds + passed, upper=min(r.upper, upper)) for r in more))


def _scalar_oracle(task: Task) -> NeuronOracle | None:
    """An oracle with a proof for single outputs, v (n,), where its calls are cheap enough for a cover; else None."""
    n, rank = task.X.shape
    if task.y.shape[1] > WIDE + task.loss.one_hot:
        return None
    if not task.bias and pattern_bound(n, rank) <= MOST_PATTERNS:
        return PatternOracle(task.X)
    if task.bias and rank == 3 and n <= MOST_IN_SPACE:
        return SpaceOracle(task.X)
    if n <= MOST_BRANCHED:
        return BranchAndBoundOracle(task.X, task.bias, deadline=task.deadline)
    return None


def _calls(task: Task) -> int:
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
