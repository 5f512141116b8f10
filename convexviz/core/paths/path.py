"""The regularisation path: beta_max and warm-started solutions from there down.

P(beta) is nondecreasing and concave in beta, sum |w| nonincreasing; at and above beta_max the best constant is optimal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from ...data.scalars import check_callable, check_flag
from ...data.validation import check_targets, has_columns
from ..arguments import check_betas, check_limits, check_verbose
from ..errors import SolveError
from ..ladder import rungs as ladder
from ..line.least_beta import hinge_beta_max
from ..losses import LOSSES, Loss, get_loss
from ..network import Array
from ..numerics import clock
from ..numerics.progress import line
from ..oracles.line import LineOracle
from ..oracles.origin import OriginOracle
from ..oracles.protocol import NeuronOracle
from ..oracles.vector import VectorLineOracle, VectorOracle, VectorPlaneOracle
from ..oracles.vector_ascent import VectorAscentOracle
from ..problem.options import check_data, check_shaped, check_what_is_left
from ..problem.sample_weights import weigh
from ..rank import Reduction, reduce_rank
from ..shape import Slope, check_shape
from ..shaped.least_beta import shaped_beta_max
from ..solution import TOLERANCE, Solution
from ..solve import solve

PATH_LENGTH = 41
PATH_DEPTH = 1e-4  # the default path ends at this share of beta_max
INSTANT = 1e-9  # seconds, in which a solver returns the cheapest network there is
MOST_ROUNDS = 200
EXCESS = 1e-6  # of M(v), relative, that beta_max may miss where an oracle proves it
HELD = 1e-9  # relative excess of the best neuron over those held at which beta_max is found


def beta_max(
    X: ArrayLike,
    y: ArrayLike,
    loss: str | Loss = "squared",
    sample_weight: ArrayLike | None = None,
    bias: bool = True,
    shape: str | Sequence[str] | None = None,
    slope: Slope | None = None,
) -> float:
    """The least beta at which the network without neurons is optimal.

    X (n, d), y (n,) or (n, K), weights of the points sample_weight (n,) or None. Beyond three dimensions and few points
    it is what a search from many starts finds, hence perhaps too small; for K > 1 outputs already beyond two. Equals
    M(v) at the best constant network (0 without `bias`); for a loss that is not smooth, whose v is not determined
    there, the least M(v) over all v there are. With a `shape` or bounds of the `slope`, as in `convexviz.solve`, it is
    that among the networks that have it. Raises ValueError for the losses without a beta, and for bounds of the slope
    that exclude 0, which no network without neurons has.
    """
    if has_columns(y) and (column := check_targets(y, "y")).shape[1] == 1:
        return beta_max(X, column[:, 0], loss, sample_weight, bias, shape, slope)
    several = has_columns(y)
    term, bias = get_loss(loss, several), check_flag(bias, "bias")
    X, y = check_data(X, y, term)
    if term.constrained:
        raise ValueError(f"beta_max needs a loss with a beta, got {loss!r}; use {_with_beta()}.")
    weighing = weigh(sample_weight, len(y), term)
    X, y = weighing.part(X), weighing.part(y)
    if sample_weight is not None:
        check_what_is_left(y, term)
    form = check_shape(shape, slope)
    if form is not None:
        check_shaped(X, bias, "auto", several)
        return weighing.unit * shaped_beta_max(X[:, 0], y, weighing.loss, form)
    least = _least_beta_shared if several else _least_beta
    return weighing.unit * least(X, y, weighing.loss, bias)


def _least_beta_shared(X: Array, Y: Array, term: Loss, bias: bool) -> float:
    """M(V) of the best constant of K outputs, Y (n, K).

    Exact for data of rank one and two. In more dimensions it is what ascent from many starts finds, at most M(V); the
    training begins with the same search.
    """
    flat = reduce_rank(X, centred=bias)
    F = np.tile(term.best_constant(Y) if bias else np.zeros(Y.shape[1]), (len(Y), 1))
    V = term.feasible(term.gradient(F, Y), Y, bias)
    oracle: VectorOracle
    if flat.rank <= 2:
        oracle = VectorLineOracle(flat.Z, bias) if flat.rank == 1 else VectorPlaneOracle(flat.Z, bias)
    else:
        oracle = VectorAscentOracle(flat.Z, bias)
    return oracle.maximum(V)


def _with_beta() -> str:
    return " or ".join(name for name, loss in LOSSES.items() if not loss.constrained)


def _least_beta(X: Array, y: Array, term: Loss, bias: bool) -> float:
    flat = reduce_rank(X, centred=bias)
    if not bias:
        return _without_biases(flat, y, term)
    if flat.rank == 1 and np.ptp(flat.Z) == 0:
        return 0.0
    if flat.rank == 1 and term.linear is not None and term.linear.margin:
        return hinge_beta_max(flat.Z[:, 0], y, term.weight * np.ones(len(y)))
    rung = ladder.pick(ladder.Problem(len(y), flat.rank, True))
    oracle: NeuronOracle = LineOracle(flat.Z) if flat.rank == 1 else rung.build(flat.Z, True, np.inf, EXCESS)
    if not term.smooth:
        return _least_height(flat.Z, *term.constant_duals(y, term.best_constant(y)), oracle, True)
    f = np.full(len(y), term.best_constant(y))
    return oracle.maximum(term.project(term.gradient(f, y), y))


def _without_biases(flat: Reduction, y: Array, term: Loss) -> float:
    """M(v) at f = 0, the least where that leaves v open."""
    rung = ladder.pick(ladder.Problem(len(y), flat.rank, False))
    oracle: NeuronOracle = OriginOracle(flat.Z) if flat.rank == 1 else rung.build(flat.Z, False, np.inf, EXCESS)
    if term.smooth:
        return oracle.maximum(term.gradient(np.zeros(len(y)), y))
    orient, low, high = term.constant_duals(y, 0.0)
    if (low == high).all():
        return oracle.maximum(orient * low)
    return _least_height(flat.Z, orient, low, high, oracle, False)


def _least_height(X: Array, orient: Array, low: Array, high: Array, oracle: NeuronOracle, bias: bool) -> float:
    """The least M(v) over v = orient a, low <= a <= high, with sum v = 0 for a bias: neurons come in as the oracle
    names them, until none exceeds the maximum over those that are in."""
    axes = X - X.mean(axis=0) if bias else X
    neurons = np.maximum(np.vstack([axes.T, -axes.T]), 0.0)
    for _ in range(MOST_ROUNDS):
        held, v = _least_maximum(neurons, orient, low, high, bias)
        maximum, U, b, _ = oracle.violated(v, held, len(v))
        if maximum <= held * (1 + HELD) or not len(b):
            break
        neurons = np.vstack([neurons, np.maximum(U @ X.T + b[:, None], 0.0)])
    return maximum


def _least_maximum(neurons: Array, orient: Array, low: Array, high: Array, bias: bool) -> tuple[float, Array]:
    """min over v of max |neurons v|, with v = orient a, low <= a <= high, and sum v = 0 for a bias: (value, v).

    `neurons` (k, n) holds activations at the data. Raises SolveError when HiGHS gives no answer.
    """
    n = len(orient)
    N = neurons * orient
    below = np.full((len(N), 1), -1.0)
    answer = linprog(
        np.concatenate([np.zeros(n), [1.0]]),
        A_ub=np.vstack([np.hstack([N, below]), np.hstack([-N, below])]),
        b_ub=np.zeros(2 * len(N)),
        A_eq=np.concatenate([orient, [0.0]])[None, :] if bias else None,
        b_eq=[0.0] if bias else None,
        bounds=[*zip(low, high, strict=True), (0.0, None)],
        method="highs",
    )
    if answer.status != 0:
        raise SolveError(f"HiGHS stopped with: {answer.message} Rescale the data.", answer.message)
    return float(answer.x[-1]), orient * answer.x[:-1]


def regularization_path(
    X: ArrayLike,
    y: ArrayLike,
    betas: Iterable[float] | None = None,
    loss: str | Loss = "squared",
    tol: float = TOLERANCE,
    time_limit: float | None = None,
    sample_weight: ArrayLike | None = None,
    bias: bool = True,
    progress: Callable[[Solution], None] | None = None,
    verbose: bool | None = None,
    shape: str | Sequence[str] | None = None,
    slope: Slope | None = None,
) -> list[Solution]:
    """Certified solutions from large to small beta, each started from the one before.

    Without `betas`, 41 of them, evenly spaced in log beta from beta_max down to 1e-4 beta_max. After `time_limit`
    seconds the path ends early: the list may be shorter than `betas`, never empty, and only a first solution may be
    one that the limit has cut short. X (n, d), y (n,), sample_weight (n,) or None. `progress` is called with every
    solution as it comes; `verbose`, `shape`, `slope` are those of `solve`. Raises ValueError as `solve` does, and for
    betas that are none.
    """
    tol, time_limit = check_limits(tol, time_limit)
    check_callable(progress, "progress", "that takes a solution")
    deadline = clock.NEVER if time_limit is None else clock.now() + time_limit
    if betas is None:
        top = beta_max(X, y, loss, sample_weight, bias, shape, slope)
        betas = top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]
    path: list[Solution] = []
    stops = check_betas(betas)
    with line("path", check_verbose(verbose), len(stops)) as said:
        for beta in stops:
            start = path[-1] if path else None
            left = None if time_limit is None else max(clock.left(deadline), INSTANT)
            more = {"sample_weight": sample_weight, "shape": shape, "slope": slope}
            solution = solve(X, y, beta, loss, bias, tol=tol, time_limit=left, start=start, **more)
            late = clock.passed(deadline)
            if not path or solution.certified or not late:  # what a limit has cut short is no point of the path
                path.append(solution)
                if progress is not None:
                    progress(solution)
            if said is not None:
                said.step(f"beta {beta:.3g}, neurons {solution.network.width}")
            if late:
                break
    return path
