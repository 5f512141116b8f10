"""Column generation with merging: certified training in the plane, and wherever an exact oracle exists.

Hold few neurons. (i) Solve the convex problem over them. (ii) Drop zero weights and merge neurons with the same
activation pattern and sign: f on the data is unchanged and sum |w| can only fall. (iii) Ask the oracle for the neurons
that violate |N_v| <= beta most; their worst violation also gives a lower bound. (iv) Add them. There are finitely many
patterns, so this ends; it stops when the bounds meet.

The loop is the cutting-plane algorithm of Ergen & Pilanci (2021), section 5, seen from the primal side; merging, the
exact oracle in the plane, and descent on the neurons held where the oracle is dear (`polish`), are additions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ..certificate import objective
from ..errors import Infeasible, SolveError
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..solution import Round
from .columns import Columns, Weights
from .master_linear import LinearMaster
from .master_smooth import SmoothMaster
from .neurons import exact_margin
from .polish import Polish

MOST_ROUNDS = 400
SHARE = 8  # of n: so many neurons of each sign are added per round, at least LEAST
LEAST = 8
FIRST_PRICE, NEXT_PRICE = 2.0, 4.0  # of missing a constraint, times the scale of the data; raised when nearly solved
LAST_PRICE = 1e8  # times the first: a constraint still missed at this price cannot be met
NEARLY = 0.1
RAMPS = 17  # per sign to begin with, where nothing is known


class NeuronOracle(Protocol):
    """Names neurons that violate |N_v| <= beta; `maximum` is M(v), proved if `exact`."""

    exact: bool

    def maximum(self, v: Array) -> float:
        """M(v) for v (n,), sum v = 0."""
        ...

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, d), b (k,), sign (k,)."""
        ...


@runtime_checkable
class Prover(Protocol):
    """An oracle that mostly does without a proof, and gives one when asked to."""

    def insist(self) -> None:
        """Ask for a proof the next time."""
        ...


class Master(Protocol):
    """The problem over the neurons held."""

    def solve(self, columns: Columns) -> Weights:
        """Optimum over `columns`."""
        ...

    def kept(self, columns: Columns, merged: Columns) -> Columns:
        """What the next round begins with."""
        ...


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
    """

    tol: float = 1e-6
    bias: bool = True
    start: ReLUNetwork | None = None
    cuts: int | None = None
    halt: Callable[[], bool] = lambda: False
    rounds: int = MOST_ROUNDS
    polish: Polish | None = None


def master_for(X: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float) -> SmoothMaster | LinearMaster:
    """The solver of the problem over neurons held: active sets for smooth losses, else a linear program."""
    if loss.smooth:
        return SmoothMaster(X, y, beta, loss, bias, tol)
    scale = max(float(np.abs(X - X.mean(axis=0)).mean()), 1e-300)
    return LinearMaster(X, y, beta, loss, bias, FIRST_PRICE / scale if loss.constrained else 1.0)


def solve_cutting_plane(
    X: Array, y: Array, beta: float, loss: Loss, oracle: NeuronOracle, plan: Plan
) -> tuple[ReLUNetwork, tuple[Array, ...], tuple[Round, ...]]:
    """Train on X (n, d), y (n,): the network, dual candidates (n,) and the rounds.

    Raises Infeasible when `interpolate` or `hard_margin` contradict themselves.
    """
    begin = time.perf_counter()
    refuse_clashes(X, y, loss)
    beta = 1.0 if loss.constrained else beta
    master = master_for(X, y, beta, loss, plan.bias, plan.tol)
    columns = _first(X, loss, plan)
    best: tuple[ReLUNetwork, Array] | None = None
    upper, lower = np.inf, -np.inf
    history: list[Round] = []
    most = max(LEAST, len(y) // SHARE) if plan.cuts is None else plan.cuts
    for number in range(plan.rounds):
        answer = master.solve(columns)
        network = columns.network(answer, X)
        if plan.polish is not None and number:  # those of the first round come from it
            columns = Columns.of(plan.polish(network))
            answer = master.solve(columns)
            network = columns.network(answer, X)
        if loss.name == "hard_margin":
            network = exact_margin(network, X, y)
        value = objective(network, X, y, beta, loss)
        if value <= upper or best is None:
            upper, best = min(upper, value), (network, answer.v)
        v = loss.project(answer.v, y) if plan.bias else loss.into_domain(answer.v, y)
        if not oracle.exact and not isinstance(oracle, Prover) and plan.halt():  # what it finds is of no more use
            none = np.empty((0, X.shape[1])), np.empty(0)
            history.append(Round(upper, lower, len(columns), 0, time.perf_counter() - begin, network, v, np.nan, *none))
            break
        maximum, U, b, sign = oracle.violated(v, beta, most)
        bound, shrunk = _bound(v, y, beta, loss, maximum)
        if oracle.exact and bound > lower:
            lower, dual = bound, shrunk
        U, b, sign = _new_patterns(X, U, b, sign)
        seconds = time.perf_counter() - begin
        history.append(Round(upper, lower, len(columns), len(b), seconds, network, v, maximum, U, b))
        if isinstance(master, LinearMaster) and loss.constrained and not np.isfinite(value):
            _raise_price(master, network, bound, len(b), plan.bias)
        # Without a proof the bound is one over the neurons that were found: when it is met, no more will be.
        hoped = lower if oracle.exact else max(lower, bound)
        met = np.isfinite(upper) and upper - hoped <= 0.5 * plan.tol * max(abs(upper), 1e-300)
        if met and not oracle.exact and isinstance(oracle, Prover) and not plan.halt():
            oracle.insist()
            continue
        if met or (not len(b) and np.isfinite(value)) or plan.halt():
            break
        columns = master.kept(columns, Columns.of(network)).joined(Columns.new(U, b, sign))
    if best is None:
        raise SolveError("No network was found before the time limit. Give more time.", "time limit")
    return best[0], (best[1], dual) if np.isfinite(lower) else (best[1],), tuple(history)


def _bound(v: Array, y: Array, beta: float, loss: Loss, maximum: float) -> tuple[float, Array]:
    """Lower bound of weak duality from a v in the domain of the dual with M(v) = `maximum`, and the v that gives it."""
    v = loss.scale(v, y, beta / maximum if maximum > 0 else np.inf) * v
    return loss.dual_value(v, y), v


def _raise_price(master: LinearMaster, network: ReLUNetwork, lower: float, added: int, bias: bool) -> None:
    """Ask more for missing the constraint, once the problem at the present price is nearly solved."""
    if added and network.penalty - lower > NEARLY * network.penalty:
        return
    if not bias and master.price > LAST_PRICE * master.first_price:
        raise Infeasible(
            "No network satisfies the constraints exactly: without biases a network cannot take any values at points "
            "on one line through the origin. Use bias=True, or the squared or hinge loss."
        )
    master.price *= NEXT_PRICE


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


def _new_patterns(X: Array, U: Array, b: Array, sign: Array) -> tuple[Array, Array, Array]:
    """One neuron per activation pattern and sign among the new ones: a line is found from each point it passes."""
    active = np.packbits(X @ U.T + b > 1e-12 * np.abs(X).max(), axis=0)
    keys = np.vstack([active, (sign > 0).astype(np.uint8)])
    _, first = np.unique(keys, axis=1, return_index=True)
    first = np.sort(first)
    return U[first], b[first], sign[first]


def _first(X: Array, loss: Loss, plan: Plan) -> Columns:
    """Neurons to begin with: those of `start`, and ramps along one direction, with which every target can be met."""
    none = Columns.new(np.empty((0, X.shape[1])), np.empty(0), np.empty(0))
    start = plan.polish.first() if plan.start is None and plan.polish is not None else plan.start
    known = none if start is None else Columns.of(start)
    if plan.cuts is not None or (len(known) and not loss.constrained):
        return known
    return known.joined(_ramps(X, loss.constrained)) if plan.bias else known


def _ramps(X: Array, everywhere: bool) -> Columns:
    """Ramps of both signs along a direction that tells the points apart, from every point or from a few."""
    direction = _generic_direction(X)
    t = np.unique(X @ direction)
    if not everywhere:
        t = t[np.unique(np.linspace(0, len(t) - 1, RAMPS).astype(int))]
    sign = np.repeat([1.0, -1.0], len(t))
    return Columns.new(np.tile(direction, (2 * len(t), 1)), np.concatenate([-t, -t]), sign)


def _generic_direction(X: Array) -> Array:
    """A unit vector along which distinct points are well apart."""
    rng = np.random.default_rng(0)
    candidates = rng.standard_normal((24, X.shape[1]))
    candidates /= np.linalg.norm(candidates, axis=1)[:, None]
    distinct = np.unique(X, axis=0)
    gaps = [np.diff(np.sort(distinct @ u)).min(initial=np.inf) for u in candidates]
    return candidates[int(np.argmax(gaps))]
