"""The convex program over activation patterns: training as one group-lasso with cone constraints, no oracle needed.

    min  loss(f, y) + beta (||q|| + sum_{p, s} ||u_ps||),     f = c 1 + X q + sum_{p, s} s D_p (X u_ps + b_ps 1),
    s.t. (2 D_p - I)(X u_ps + b_ps 1) >= 0,     s = +1, -1,   D_p = diag(p) for every pattern p in {0, 1}^n held.

In the cone of its pattern a neuron is linear in (u, b), so each vector of the optimum is a neuron, and with all
patterns in, the optimum is that of training over networks of every width; with fewer it is an upper bound. Pilanci &
Ergen (2020), Neural Networks are Convex Regularizers, here with the free biases b and constant c of Ergen & Pilanci
(2021). The pattern active everywhere has no b and no cone of its own: c takes up any b, and q that is large enough for
all points is a neuron. Without biases b, c and q are left out.

Only few points bound a cone. With all patterns in, they are those whose change of side gives another pattern.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from ..errors import Infeasible, SolveError
from ..line.dictionary import oriented
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..oracles.arrangements import activation_patterns, sampled_patterns
from ..rank import reduce_rank
from .cutting_plane import refuse_clashes

UNUSED = 1e-9  # share of the largest vector below which a vector is what an interior-point method leaves of zero
ACCURACY = 1e-10  # asked of Clarabel; with "almost solved" the certificate tells what was reached
SAMPLES = 500  # directions drawn where nothing else is said


@dataclass(frozen=True, eq=False)
class ArrangementAnswer:
    """What the program says.

    Attributes
    ----------
    network : the neurons of the optimum, one for each vector that is not zero.
    duals : dual vectors (n,) to prove a bound with.
    exact : whether all patterns were in, so that the network is optimal up to the solver's accuracy; otherwise its
        objective is an upper bound.
    patterns : how many were in.
    """

    network: ReLUNetwork
    duals: tuple[Array, ...]
    exact: bool
    patterns: int


def solve_arrangements(
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    patterns: np.ndarray | None = None,
    count: int | None = None,
    rng: np.random.Generator | None = None,
    bias: bool = True,
) -> ArrangementAnswer:
    """Train on X (n, d), y (n,) over given patterns, over `count` sampled ones, or, by default, over all of them.

    Parameters
    ----------
    beta : strength of weight decay; `interpolate` and `hard_margin` use 1.
    patterns : (p, n) patterns 1[Xu + b > 0] to hold, each that of some neuron.
    count, rng : draw so many random neurons and hold their different patterns.
    bias : whether neurons have biases and the network a constant.

    Raises
    ------
    ValueError
        If `patterns` has not n columns, both it and `count` are given, or there are too many patterns to list them all.
    Infeasible
        If the constraints of `interpolate` or `hard_margin` contradict each other.
    SolveError
        If they cannot be met with the patterns held, or the solver fails.
    """
    if patterns is not None and (np.ndim(patterns) != 2 or np.shape(patterns)[1] != len(X)):
        raise ValueError(f"patterns must have shape (p, {len(X)}), got {np.shape(patterns)}; give one row per pattern.")
    if patterns is not None and count is not None:
        raise ValueError("Either patterns or count can be given, got both. Leave one of them out.")
    refuse_clashes(X, y, loss)
    flat = reduce_rank(X, centred=bias)
    units = _Units.of(flat.Z, y, loss, bias)
    Z = (flat.Z - units.origin) / units.length
    exact = patterns is None and count is None
    if patterns is None and count is None:
        patterns = activation_patterns(Z, affine=bias)
    elif patterns is None:
        patterns = sampled_patterns(Z, count or SAMPLES, rng or np.random.default_rng(0), affine=bias)
    patterns = np.asarray(patterns, bool)
    target, inside = (y - units.shift) / units.value, loss.rescaled(units.value)
    program = _Program(Z, target, units.beta(beta, loss), inside, patterns, exact, bias)
    network, dual = program.solve()
    if loss.interpolates:
        network = _through(network, Z, program.y)
    network = loss.enforced(flat.lift(units.restored(network)), X, y)
    return ArrangementAnswer(network, (units.dual(dual, loss),), exact, len(patterns))


def _through(network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
    """f(X) = y to the last digits: the least change of the weights, relative to their size, and of c if it is not zero.

    The solver meets the constraint to its accuracy only.
    """
    scale = np.append(np.abs(network.w), abs(network.c))
    A = np.column_stack([network.activations(X), np.ones(len(X))]) * scale
    change = scale * np.linalg.lstsq(A, y - network.predict(X), rcond=None)[0]
    return ReLUNetwork(network.U, network.b, network.w + change[:-1], network.c + float(change[-1]))


@dataclass(frozen=True, eq=False)
class _Units:
    """z = (x - origin) / length and (y - shift) / value are of size one."""

    origin: Array
    length: float
    shift: float
    value: float

    @classmethod
    def of(cls, X: Array, y: Array, loss: Loss, bias: bool) -> _Units:
        origin = X.mean(axis=0) if bias else np.zeros(X.shape[1])
        length = float(np.sqrt(((X - origin) ** 2).sum(axis=1).mean())) or 1.0
        shift = float(y.mean()) if bias and loss.residual else 0.0
        value = float(np.abs(y - shift).max()) or 1.0 if loss.residual else 1.0
        return cls(origin, length, shift, value)

    def beta(self, beta: float, loss: Loss) -> float:
        """Of the problem in z."""
        return 1.0 if loss.constrained else beta / (self.length * self.value ** (loss.degree - 1))

    def dual(self, v: Array, loss: Loss) -> Array:
        """Of the problem in x."""
        return v / self.length if loss.constrained else v * self.value ** (loss.degree - 1)

    def restored(self, network: ReLUNetwork) -> ReLUNetwork:
        """f(x) = shift + value g(z)."""
        b = network.b * self.length - network.U @ self.origin
        return ReLUNetwork(network.U, b, network.w * self.value / self.length, network.c * self.value + self.shift)


@dataclass(frozen=True, eq=False)
class _Program:
    """The program as written above."""

    X: Array
    y: Array
    beta: float
    loss: Loss
    patterns: np.ndarray
    exact: bool
    bias: bool

    def solve(self) -> tuple[ReLUNetwork, Array]:
        """The network and the multipliers of f (n,)."""
        n, d = self.X.shape
        points = np.column_stack([self.X, np.ones(n)]) if self.bias else self.X
        useful = self.patterns.any(axis=1) & ~(self.patterns.all(axis=1) & self.bias)
        kept = bounding(self.patterns) if self.exact else np.ones_like(self.patterns)
        values, cones = _matrices(points, self.patterns[useful], kept[useful])
        z = cp.Variable((2 * int(useful.sum()), points.shape[1])) if useful.any() else None  # first s = +1, then s = -1
        f, c = cp.Variable(n), cp.Variable() if self.bias else cp.Constant(0.0)
        q = cp.Variable(d) if self.bias else cp.Constant(np.zeros(d))
        output, penalty, constraints = self.X @ q + c, cp.norm(q, 2), []
        if z is not None:
            flat = cp.reshape(z, (z.size,), order="C")
            output = output + sparse.hstack([values, -values], format="csr") @ flat
            penalty = penalty + cp.sum(cp.norm(z[:, :d], 2, axis=1))
            constraints = [sparse.block_diag([cones, cones], format="csr") @ flat >= 0]
        definition = f == output
        term, data = self.loss.cvxpy_term(f, self.y)
        problem = cp.Problem(cp.Minimize(term + self.beta * penalty), [definition, *data, *constraints])
        self._run(problem)
        found = np.zeros((0, points.shape[1])) if z is None else np.asarray(z.value)
        return self._network(found, np.asarray(q.value), float(np.asarray(c.value))), oriented(
            definition.dual_value, np.asarray(f.value), self.y, self.loss
        )

    def _run(self, problem: cp.Problem) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # "may be inaccurate": the certificate tells
                problem.solve(solver=cp.CLARABEL, tol_gap_abs=ACCURACY, tol_gap_rel=ACCURACY, tol_feas=ACCURACY)
        except cp.SolverError as error:
            raise SolveError(f"The solver failed ({error}). Rescale the data or use a larger beta.", "error") from None
        if problem.status in ("optimal", "optimal_inaccurate"):
            return
        if "infeasible" in problem.status and self.exact:
            raise Infeasible(
                "No network satisfies the constraints exactly: without biases a network cannot take any values at "
                "points on one line through the origin. Use bias=True, or the squared or hinge loss."
            )
        raise SolveError(
            f"The {len(self.patterns)} patterns held must allow an answer, the solver says {problem.status!r}. Hold "
            "more patterns, or use the squared or hinge loss.",
            problem.status,
        )

    def _network(self, z: Array, q: Array, c: float) -> ReLUNetwork:
        """The vectors (u, b), first those of positive sign, and q as a neuron active on all the data."""
        d = len(q)
        lowest = float((self.X @ q).min()) if self.bias else 0.0
        U, b = np.vstack([z[:, :d], q]), np.append(z[:, d] if self.bias else np.zeros(len(z)), -lowest)
        sign = np.append(np.repeat([1.0, -1.0], len(z) // 2), 1.0)
        size = np.linalg.norm(U, axis=1)
        used = size > UNUSED * size.max()
        return ReLUNetwork.normalized(U[used], b[used], sign[used], c + (lowest if used[-1] else 0.0))


def bounding(patterns: np.ndarray) -> np.ndarray:
    """Which rows bound the cone of each pattern, (p, n), where `patterns` (p, n) are all there are.

    Rows that agree or differ in all patterns are multiples of each other and change sides together; one of them is
    enough. A row that is never active is zero.
    """
    # Rows that change sides together have the same column, or the opposite one, which begins with the other value.
    _, first = np.unique(patterns ^ patterns[:1], axis=1, return_index=True)
    known = {row.tobytes() for row in np.packbits(patterns[:, first], axis=1)}
    bounds = np.zeros_like(patterns)
    for j, i in enumerate(first):
        flipped = patterns[:, first].copy()
        flipped[:, j] ^= True
        bounds[:, i] = [row.tobytes() in known for row in np.packbits(flipped, axis=1)]
    return bounds


def _matrices(points: Array, patterns: np.ndarray, kept: np.ndarray) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """From all (u, b) in one vector, pattern by pattern: their values on the points, and what the cones keep >= 0."""
    n, width = points.shape
    i, p = np.nonzero(patterns.T)
    columns = width * p[:, None] + np.arange(width)
    shape = (n, width * len(patterns))
    values = sparse.csr_matrix((points[i].ravel(), (np.repeat(i, width), columns.ravel())), shape=shape)
    p, i = np.nonzero(kept)
    signed = np.where(patterns[p, i], 1.0, -1.0)[:, None] * points[i]
    columns = width * p[:, None] + np.arange(width)
    rows = np.repeat(np.arange(len(p)), width)
    return values, sparse.csr_matrix((signed.ravel(), (rows, columns.ravel())), shape=(len(p), shape[1]))
