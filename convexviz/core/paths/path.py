"""The regularisation path: beta_max and warm-started solutions from there down.

P(beta) is nondecreasing and concave in beta, sum |w| nonincreasing; at and above beta_max the best constant is optimal.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from ...data.scalars import check_flag
from ...data.validation import check_both_classes, check_problem
from ..arguments import check_betas, check_limits
from ..errors import SolveError
from ..ladder import rungs as ladder
from ..line.least_beta import hinge_beta_max
from ..losses import Loss, get_loss
from ..network import Array
from ..numerics import clock
from ..oracles.line import LineOracle
from ..oracles.origin import OriginOracle
from ..oracles.protocol import NeuronOracle
from ..oracles.vector import VectorLineOracle, VectorOracle, VectorPlaneOracle
from ..oracles.vector_ascent import VectorAscentOracle
from ..problem.sample_weights import weigh
from ..rank import Reduction, reduce_rank
from ..solution import Solution
from ..solve import solve

PATH_LENGTH = 41
PATH_DEPTH = 1e-4  # the default path ends at this share of beta_max
INSTANT = 1e-9  # seconds, in which a solver returns the cheapest network there is
HINGE_ROUNDS = 200
EXCESS = 1e-6  # of M(v), relative, that beta_max may miss where an oracle proves it
HINGE_GAP = 1e-9  # relative excess of the best neuron over those held at which beta_max is found


def beta_max(
    X: ArrayLike, y: ArrayLike, loss: str = "squared", sample_weight: ArrayLike | None = None, bias: bool = True
) -> float:
    """The least beta at which the network without neurons is optimal.

    X (n, d), y (n,), weights of the points sample_weight (n,) or None. Beyond three dimensions and few points it is
    what a search from many starts finds, hence perhaps too small. Equals M(v) at the best constant network (0 without
    `bias`); for the hinge loss, whose v is not determined there, the least M(v) over all admissible v. Raises
    ValueError for the losses without a beta.
    """
    term, bias = get_loss(loss), check_flag(bias, "bias")
    X, y = check_problem(X, y, classification=term.classification)
    if term.constrained:
        raise ValueError(f"beta_max needs a loss with a beta, got {loss!r}; use squared, hinge or logistic.")
    weighing = weigh(sample_weight, len(y), term)
    X, y = weighing.part(X), weighing.part(y)
    if term.classification and sample_weight is not None:
        check_both_classes(y)
    return weighing.unit * _least_beta(X, y, weighing.loss, bias)


def vector_beta_max(
    X: Array, Y: Array, loss: str = "squared", bias: bool = True, sample_weight: ArrayLike | None = None
) -> float:
    """The least beta at which the network of K outputs without neurons is optimal, X (n, d), Y (n, K): M(V) there.

    Exact for data of rank one and two. In more dimensions it is what ascent from many starts finds, at most M(V); the
    training of `solve_vector` begins with the same search.
    """
    weighing = weigh(sample_weight, len(Y), get_loss(loss, several=True))
    X, Y, term = weighing.part(X), weighing.part(Y), weighing.loss
    flat = reduce_rank(X, centred=bias)
    F = np.tile(term.best_constant(Y) if bias else np.zeros(Y.shape[1]), (len(Y), 1))
    V = term.feasible(term.gradient(F, Y), Y, bias)
    oracle: VectorOracle
    if flat.rank <= 2:
        oracle = VectorLineOracle(flat.Z, bias) if flat.rank == 1 else VectorPlaneOracle(flat.Z, bias)
    else:
        oracle = VectorAscentOracle(flat.Z, bias)
    return weighing.unit * oracle.maximum(V)


def _least_beta(X: Array, y: Array, term: Loss, bias: bool) -> float:
    flat = reduce_rank(X, centred=bias)
    if not bias:
        return _without_biases(flat, y, term)
    weight = term.weight * np.ones(len(y))
    if flat.rank == 1 and not term.smooth:
        return hinge_beta_max(flat.Z[:, 0], y, weight) if np.ptp(flat.Z) > 0 else 0.0
    rung = ladder.pick(ladder.Problem(len(y), flat.rank, True))
    oracle = LineOracle(flat.Z) if flat.rank == 1 else rung.build(flat.Z, True, np.inf, EXCESS)
    if not term.smooth:
        return _hinge(flat.Z, y, weight, oracle)  # type: ignore[arg-type]
    f = np.full(len(y), term.best_constant(y))
    return oracle.maximum(term.project(term.gradient(f, y), y))


def _without_biases(flat: Reduction, y: Array, term: Loss) -> float:
    """M(v) at f = 0, where the hinge loss is smooth: every margin is below 1."""
    rung = ladder.pick(ladder.Problem(len(y), flat.rank, False))
    oracle = OriginOracle(flat.Z) if flat.rank == 1 else rung.build(flat.Z, False, np.inf, EXCESS)
    return oracle.maximum(term.gradient(np.zeros(len(y)), y) if term.smooth else term.weight * y)


def _hinge(X: Array, y: Array, weight: Array, oracle: NeuronOracle) -> float:
    """Neurons come in as the oracle names them, until none exceeds the maximum over those that are in."""
    axes = X - X.mean(axis=0)
    neurons = np.maximum(np.vstack([axes.T, -axes.T]), 0.0)
    for _ in range(HINGE_ROUNDS):
        held, v = _least_maximum(neurons, y, weight)
        maximum, U, b, _ = oracle.violated(v, held, len(y))
        if maximum <= held * (1 + HINGE_GAP) or not len(b):
            break
        neurons = np.vstack([neurons, np.maximum(U @ X.T + b[:, None], 0.0)])
    return maximum


def _least_maximum(neurons: Array, y: Array, weight: Array) -> tuple[float, Array]:
    """min over v of max |neurons v|, with v = y a, 0 <= a <= s, a = s on the lighter class, sum v = 0: (value, v).

    `neurons` (k, n) holds activations at the data, `weight` (n,) is s. Raises SolveError when HiGHS gives no answer.
    """
    n = len(y)
    lighter = y == (-1.0 if weight[y > 0].sum() > weight.sum() / 2 else 1.0)
    N = neurons * y
    below = np.full((len(N), 1), -1.0)
    answer = linprog(
        np.concatenate([np.zeros(n), [1.0]]),
        A_ub=np.vstack([np.hstack([N, below]), np.hstack([-N, below])]),
        b_ub=np.zeros(2 * len(N)),
        A_eq=np.concatenate([y, [0.0]])[None, :],
        b_eq=[0.0],
        bounds=[*((s, s) if light else (0.0, s) for s, light in zip(weight, lighter, strict=True)), (0.0, None)],
        method="highs",
    )
    if answer.status != 0:
        raise SolveError(f"HiGHS stopped with: {answer.message} Rescale the data.", answer.message)
    return float(answer.x[-1]), y * answer.x[:-1]


def regularization_path(
    X: ArrayLike,
    y: ArrayLike,
    betas: Iterable[float] | None = None,
    loss: str = "squared",
    tol: float = 1e-6,
    time_limit: float | None = None,
    sample_weight: ArrayLike | None = None,
) -> list[Solution]:
    """Certified solutions from large to small beta, each started from the one before.

    Without `betas`, 41 of them, evenly spaced in log beta from beta_max down to 1e-4 beta_max. After `time_limit`
    seconds the path ends early: the list may be shorter than `betas`, never empty, and only a first solution may be
    one that the limit has cut short. X (n, d), y (n,), sample_weight (n,) or None. Raises ValueError as `solve` does,
    and for betas that are none.
    """
    tol, time_limit = check_limits(tol, time_limit)
    deadline = clock.NEVER if time_limit is None else clock.now() + time_limit
    if betas is None:
        top = beta_max(X, y, loss, sample_weight)
        betas = top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]
    path: list[Solution] = []
    for beta in check_betas(betas):
        start = path[-1] if path else None
        left = None if time_limit is None else max(clock.left(deadline), INSTANT)
        solution = solve(X, y, beta, loss, tol=tol, time_limit=left, start=start, sample_weight=sample_weight)
        late = clock.passed(deadline)
        if not path or solution.certified or not late:  # what a limit has cut short is no point of the path
            path.append(solution)
        if late:
            break
    return path
