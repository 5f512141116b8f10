"""Column generation with merging: certified training in the plane, and wherever an exact oracle exists.

Hold few neurons. (i) Solve the convex problem over them. (ii) Drop zero weights and merge neurons with the same
activation pattern and sign: f on the data is unchanged and sum |w| can only fall. (iii) Ask the oracle for the neurons
that violate |N_v| <= beta most; their worst violation also gives a lower bound. (iv) Add them. There are finitely many
patterns, so this ends; it stops when the bounds meet.

The loop is the cutting-plane algorithm of Ergen & Pilanci (2021), section 5, seen from the primal side; merging and the
exact oracle in the plane are additions.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..certificate import objective
from ..errors import Infeasible, SolveError
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..solution import Round
from .columns import Weights, solve_columns
from .neurons import exact_margin

MOST_ROUNDS = 400
SHARE = 8  # of n: so many neurons of each sign are added per round, at least LEAST
LEAST = 8
FIRST_PRICE, NEXT_PRICE = 2.0, 4.0  # of missing a constraint, times the scale of the data; raised when nearly solved
NEARLY = 0.1
DROP = 1e-12  # weights below this share of the largest are zero


class NeuronOracle(Protocol):
    """Names neurons that violate |N_v| <= beta; `maximum` is M(v), proved if `exact`."""

    exact: bool

    def maximum(self, v: Array) -> float:
        """M(v) for v (n,), sum v = 0."""
        ...

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, d), b (k,), sign (k,)."""
        ...


@dataclass(frozen=True, eq=False)
class Columns:
    """Neurons held, with signs: U (m, d), b (m,), sign (m,), and a start for their weights (m,)."""

    U: Array
    b: Array
    sign: Array
    w: Array

    def signed(self, X: Array) -> Array:
        """Signed activations (n, m)."""
        return self.sign * np.maximum(X @ self.U.T + self.b, 0.0)

    def joined(self, U: Array, b: Array, sign: Array) -> Columns:
        """With further neurons of weight zero."""
        return Columns(
            np.vstack([self.U, U]),
            np.concatenate([self.b, b]),
            np.concatenate([self.sign, sign]),
            np.concatenate([self.w, np.zeros(len(b))]),
        )

    @classmethod
    def of(cls, network: ReLUNetwork) -> Columns:
        """The neurons of a network as columns."""
        return cls(network.U, network.b, np.sign(network.w), np.abs(network.w))


def solve_cutting_plane(
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    oracle: NeuronOracle,
    tol: float,
    start: ReLUNetwork | None = None,
    deadline: float = np.inf,
) -> tuple[ReLUNetwork, tuple[Array, ...], tuple[Round, ...]]:
    """Train on X (n, d), y (n,): the network, dual candidates (n,) and the rounds.

    `start` holds neurons worth having from the beginning. After `deadline` (a `time.perf_counter` value) the best
    network so far comes back. Raises Infeasible when `interpolate` or `hard_margin` contradict themselves.
    """
    begin = time.perf_counter()
    refuse_clashes(X, y, loss)
    beta = 1.0 if loss.constrained else beta
    columns = _first(X, y, loss, start)
    best: tuple[ReLUNetwork, Array] | None = None
    upper, lower = np.inf, -np.inf
    history: list[Round] = []
    most = max(LEAST, len(y) // SHARE)
    price = FIRST_PRICE / max(float(np.abs(X - X.mean(axis=0)).mean()), 1e-300) if loss.constrained else np.inf
    for _ in range(MOST_ROUNDS):
        answer = solve_columns(columns.signed(X), y, beta, loss, columns.w, price)
        network = _network(columns, answer).merge(X)
        if loss.name == "hard_margin":
            network = exact_margin(network, X, y)
        value = objective(network, X, y, beta, loss)
        if value <= upper or best is None:
            upper, best = min(upper, value), (network, answer.v)
        v = loss.project(answer.v, y)
        maximum, U, b, sign = oracle.violated(v, beta, most)
        bound, v = _bound(v, y, beta, loss, maximum)
        if oracle.exact and bound > lower:
            lower, dual = bound, v
        history.append(Round(upper, lower, len(columns.b), len(b), time.perf_counter() - begin))
        if loss.constrained and not np.isfinite(value) and _settled(network, bound, len(b)):
            price *= NEXT_PRICE
        met = np.isfinite(upper) and upper - lower <= 0.5 * tol * max(abs(upper), 1e-300)
        if met or (not len(b) and np.isfinite(value)) or time.perf_counter() > deadline:
            break
        columns = _held(columns, answer, network, loss).joined(*_new_patterns(X, network, U, b, sign))
    if best is None:
        raise SolveError("No network was found before the time limit. Give more time.", "time limit")
    return best[0], (best[1], dual) if np.isfinite(lower) else (best[1],), tuple(history)


def _bound(v: Array, y: Array, beta: float, loss: Loss, maximum: float) -> tuple[float, Array]:
    """Lower bound of weak duality from a v in the domain of the dual with M(v) = `maximum`, and the v that gives it."""
    v = loss.scale(v, y, beta / maximum if maximum > 0 else np.inf) * v
    return loss.dual_value(v, y), v


def _settled(network: ReLUNetwork, lower: float, added: int) -> bool:
    """Whether the problem at the present price is nearly solved though its constraint is still missed."""
    return not added or network.penalty - lower <= NEARLY * network.penalty


def _held(columns: Columns, answer: Weights, network: ReLUNetwork, loss: Loss) -> Columns:
    """What the next round begins with: the merged network, and for linear programs all neurons held before.

    Their duals jump from vertex to vertex; without the neurons that ruled earlier ones out the loop could cycle.
    """
    merged = Columns.of(network)
    if loss.smooth:
        return merged
    return merged.joined(columns.U, columns.b, columns.sign)


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


def _network(columns: Columns, answer: Weights) -> ReLUNetwork:
    used = answer.w > DROP * answer.w.max(initial=0.0)
    return ReLUNetwork(columns.U[used], columns.b[used], (columns.sign * answer.w)[used], answer.c)


def _new_patterns(X: Array, held: ReLUNetwork, U: Array, b: Array, sign: Array) -> tuple[Array, Array, Array]:
    """One neuron per activation pattern and sign among the new ones: a line is found from each point it passes."""
    active = np.packbits(X @ U.T + b > 1e-12 * np.abs(X).max(), axis=0)
    keys = np.vstack([active, (sign > 0).astype(np.uint8)])
    _, first = np.unique(keys, axis=1, return_index=True)
    first = np.sort(first)
    return U[first], b[first], sign[first]


def _first(X: Array, y: Array, loss: Loss, start: ReLUNetwork | None) -> Columns:
    """Neurons to begin with: those of `start`, and ramps along one direction, with which every target can be met."""
    if start is not None and start.width and not loss.constrained:
        return Columns.of(start)
    direction = _generic_direction(X)
    t = np.unique(X @ direction)
    if not loss.constrained:
        t = t[np.unique(np.linspace(0, len(t) - 1, 17).astype(int))]
    U = np.tile(direction, (2 * len(t), 1))
    sign = np.repeat([1.0, -1.0], len(t))
    columns = Columns(U, np.concatenate([-t, -t]), sign, np.zeros(2 * len(t)))
    if start is None or not start.width:
        return columns
    first = Columns.of(start)
    return first.joined(columns.U, columns.b, columns.sign)


def _generic_direction(X: Array) -> Array:
    """A unit vector along which distinct points are well apart."""
    rng = np.random.default_rng(0)
    candidates = rng.standard_normal((24, X.shape[1]))
    candidates /= np.linalg.norm(candidates, axis=1)[:, None]
    distinct = np.unique(X, axis=0)
    gaps = [np.diff(np.sort(distinct @ u)).min(initial=np.inf) for u in candidates]
    return candidates[int(np.argmax(gaps))]
