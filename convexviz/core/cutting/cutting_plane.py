"""Column generation with merging: certified training in the plane, and wherever an exact oracle exists.

Hold few neurons. (i) Solve the convex problem over them. (ii) Drop zero weights and merge neurons with the same
activation pattern and sign: f on the data is unchanged and sum |w| can only fall. (iii) Ask the oracle for the neurons
that violate |N_v| <= beta most; their worst violation also gives a lower bound. (iv) Add them. There are finitely many
patterns, so this ends; it stops when the bounds meet.

With K outputs w_j is in R^K and N_v a vector: the same rounds. In (ii) neurons of one pattern whose weights are
parallel are merged; where they are not, sum_j w_j (u_j, b_j)^T is a matrix of higher rank, no single neuron equals it,
and the mean of the neurons is offered to the problem over those held (`masters.columns.merged`).

The loop is the cutting-plane algorithm of Ergen & Pilanci (2021), section 5, seen from the primal side; merging, the
exact oracle in the plane, and descent on the neurons held where the oracle is dear (`polish`), are additions.
"""

from __future__ import annotations

import numpy as np

from ..errors import Infeasible, SolveError
from ..losses import Loss, mass
from ..masters.base import Held, Master
from ..masters.columns import Columns, Weights
from ..masters.vector import VectorMaster
from ..network import Array, ReLUNetwork
from ..neurons import met_margins
from ..oracles.protocol import Divisible, Mindful, NeuronOracle, Prover, Repeater
from ..oracles.vector import VectorOracle
from ..solution import Round
from .multipliers import approached
from .run import ROUGH, Plan, Run, generic_direction, master_for

MOST_REPEATS = 12  # times that the places violating most are asked again before all are
REPEATED = 0.1  # of the last violation: what exceeds beta by less waits for the next full round
SAMPLED = 8  # one point in so many for a first solution, where rounds are dear
RAMPS = 17  # per sign to begin with, where nothing is known
PLENTY = 150  # points from which interpolation goes by the method of multipliers; for fewer linear programs are faster
EVERYWHERE = 1000  # points up to which a constraint is given a ramp of each sign from every one of them


def solve_cutting_plane(
    X: Array, y: Array, beta: float, loss: Loss, oracle: NeuronOracle | VectorOracle, plan: Plan
) -> tuple[ReLUNetwork, tuple[Array, ...], tuple[Round, ...]]:
    """Train on X (n, d), y (n,) or (n, K): the network, dual candidates like y and the rounds.

    With an oracle that proves nothing no bound is recorded, and the rounds end where it finds nothing to gain.

    Raises Infeasible when `interpolate` or `hard_margin` contradict themselves.
    """
    refuse_clashes(X, y, loss)
    beta = 1.0 if loss.constrained else beta
    run = Run(X, y, beta, loss, oracle, plan)
    if y.ndim > 1:
        shared = VectorMaster(X, y, beta, loss, plan.bias, plan.halt, plan.residual)
        _generate(run, shared, shared.columns(_first_shared(run)))
        return run.answer()
    first = _first(run)
    stabilised = isinstance(oracle, Divisible) and (len(y) >= PLENTY if loss.constrained else len(y) < oracle.dear)
    columns = approached(run, first) if stabilised else first
    if columns is not None:
        _generate(run, master_for(X, y, beta, loss, plan.bias, plan.tol, plan.deadline), columns)
    return run.answer()


def _generate(run: Run, master: Master[Held], columns: Held) -> None:
    """The rounds, until the bounds meet or the plan ends them."""
    X, beta, loss, oracle, plan = run.X, run.beta, run.loss, run.oracle, run.plan
    share = 1.0  # of beta: how far the last round was from the end
    for number in range(plan.rounds - len(run.history)):
        try:
            columns, answer, network = _solved(run, master, columns, share, number)
        except TimeoutError:
            break
        except SolveError:  # what there is stands, with its honest bounds
            if run.best is None:
                raise
            break
        value = run.offer(network, answer.v)
        if loss.classification and not loss.smooth and not loss.constrained:
            run.offer(met_margins(network, X, run.y), answer.v)
        run.watch(network)
        v = run.feasible(answer.v)
        if isinstance(oracle, Mindful):
            oracle.remember(network.U)
        if not oracle.exact and not isinstance(oracle, Prover) and plan.halt():  # what it finds is of no more use
            run.note(len(columns), network, v, np.nan, np.empty((0, X.shape[1])), np.empty(0))
            break
        maximum, *neurons = oracle.violated(v, beta, run.most)
        bound = run.bounded(v, maximum)
        share = max(0.0, maximum / beta - 1.0)
        new = master.found(*neurons)
        run.note(len(columns), network, v, maximum, new.U, new.b)
        # Without a proof the bound is one over the neurons that were found: when it is met, no more will be.
        lower = run.lower if oracle.exact else max(run.lower, bound)
        settled = master.settled
        master.adapt(network, value, bound, run.apart(lower), len(new))
        met = run.met(lower)
        if met and not oracle.exact and isinstance(oracle, Prover) and not plan.halt():
            oracle.insist()
            continue
        if met or (not len(new) and np.isfinite(value) and settled) or plan.halt() or run.late:
            break
        columns = master.kept(columns, master.columns(network)).joined(new)


def _solved(
    run: Run, master: Master[Held], columns: Held, share: float, number: int
) -> tuple[Held, Weights, ReLUNetwork]:
    """The optimum over the neurons held, with those that are cheap to find besides; these, and the merged network.

    Raises TimeoutError once the deadline has passed: what is half done is no answer, for with more time it would not
    be one either, and more time must not make the answer worse.
    """
    X, plan, oracle = run.X, run.plan, run.oracle
    answer = master.solve(columns)
    if plan.polish is not None and number:  # the neurons of the first round come from it
        columns = master.moved(plan.polish(columns.network(answer, X)))
        answer = master.solve(columns)
    if isinstance(oracle, Repeater) and plan.cuts is None:
        level = run.beta * (1.0 + REPEATED * min(share, 1.0))
        for _ in range(MOST_REPEATS):
            new = master.found(*oracle.again(run.feasible(answer.v), level, run.most))
            if not len(new) or run.late:
                break
            columns = master.kept(columns, master.columns(columns.network(answer, X))).joined(new)
            answer = master.solve(columns)
    if run.late:
        raise TimeoutError
    network = columns.network(answer, X)
    return columns, answer, run.loss.enforced(network, X, run.y)


def refuse_clashes(X: Array, y: Array, loss: Loss) -> None:
    """Raise Infeasible where a constraint asks one position for two values."""
    if not loss.constrained:
        return
    _, where = np.unique(X, axis=0, return_inverse=True)
    order = np.lexsort((y, where.reshape(-1)))
    same = (np.diff(where.reshape(-1)[order]) == 0) & (np.diff(y[order]) != 0)
    if same.any():
        i, j = sorted(order[[int(np.flatnonzero(same)[0]), int(np.flatnonzero(same)[0]) + 1]] + 1)
        raise Infeasible(
            f"The loss {loss.name!r} needs one target per position; points {i} and {j} share theirs and ask for "
            "different values. Move or delete one of them, or choose the squared or hinge loss."
        )


def _first_shared(run: Run) -> ReLUNetwork:
    """Neurons of several outputs to begin with: those of `start`, some that were descended from, or none."""
    plan, start = run.plan, run.plan.start
    if start is None and plan.polish is not None:
        start = plan.polish.first()
    if start is None or not start.width:
        return ReLUNetwork.constant(run.loss.best_constant(run.y) * plan.bias, run.X.shape[1])
    return start


def _first(run: Run) -> Columns:
    """Neurons to begin with: those of `start`, or of the solution on a few of the points, or ramps along one direction.

    With a constraint the ramps come in any case, from every point: with them every target can be met.
    """
    X, plan = run.X, run.plan
    start = plan.polish.first() if plan.start is None and plan.polish is not None else plan.start
    if start is None and plan.cuts is None:
        start = _of_a_sample(run)
    known = Columns.new(np.empty((0, X.shape[1])), np.empty(0), np.empty(0)) if start is None else Columns.of(start)
    if plan.cuts is not None or (len(known) and not run.loss.constrained):
        return known
    everywhere = run.loss.constrained and len(X) <= EVERYWHERE
    return known.joined(_ramps(X, everywhere)) if plan.bias else known


def _of_a_sample(run: Run) -> ReLUNetwork | None:
    """The network of a sample of the points, where all are many: its neurons are nearly those that are wanted."""
    X, y, loss, plan, oracle = run.X, run.y, run.loss, run.plan, run.oracle
    n = len(y)
    if not isinstance(oracle, Divisible) or n < oracle.dear or loss.constrained:
        return None
    index = np.sort(np.random.default_rng(0).permutation(n)[: n // SAMPLED])
    if loss.classification and len(np.unique(y[index])) < 2:
        return None
    part = loss if np.ndim(loss.weight) == 0 else loss.plain.weighted(np.asarray(loss.weight)[index])
    rough = Plan(ROUGH, plan.bias, None, None, plan.halt, plan.rounds, None, plan.deadline)
    # In proportion to the points the same beta; that of few points fits their noise, so it is a little more.
    strength = run.beta * np.sqrt(mass(part.weight, len(index)) / mass(loss.weight, n))
    found = Run(X[index], y[index], strength, part, oracle.part(index), rough)
    found.watch = run.weigh  # if the time is up before all points had a turn, the best of these is the answer
    _generate(found, master_for(found.X, found.y, strength, part, plan.bias, ROUGH, plan.deadline), _first(found))
    return found.answer()[0]


def _ramps(X: Array, everywhere: bool) -> Columns:
    """Ramps of both signs along a direction that tells the points apart, from every point or from a few."""
    direction = generic_direction(X)
    t = np.unique(X @ direction)
    if not everywhere:
        t = t[np.unique(np.linspace(0, len(t) - 1, RAMPS).astype(int))]
    sign = np.repeat([1.0, -1.0], len(t))
    return Columns.new(np.tile(direction, (2 * len(t), 1)), np.concatenate([-t, -t]), sign)
