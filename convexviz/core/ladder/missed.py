"""The neuron that an exact oracle finds and another missed: a maximiser of |N_v|, N_v = sum_i v_i (u . x_i + b)_+.

Training stops where its oracle finds no neuron with |N_v| > beta any more. Where that oracle looks at some neurons
only, as the spike-free relaxation of Ergen & Pilanci (2021) does, M(v) = max |N_v| may still exceed beta: the neuron
that attains it is the one that was missed, and M(v) / beta says by how much the dual vector is infeasible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..losses import band
from ..network import Array
from ..numerics import clock
from ..numerics.threads import one_thread
from ..oracles.ascent import AscentOracle
from ..oracles.branch.branch_and_bound import BranchAndBoundOracle, node_cost, transport_bound
from ..oracles.line import line_dual
from ..rank import reduce_rank
from ..solution import Solution
from . import rungs as ladder

NOTHING = 1e-12  # M(v) relative to sum |v| times the spread of the data that is rounding of zero
BALANCED = 1e-7  # |sum v| relative to sum |v| that is rounding
TREE_POINTS = 400  # the first bounds of branch and bound take a second there, and grow like n^2
PROOF_WORK = 2e7  # of branch and bound, in its units: some two seconds
STARTS = 16  # of ascent beyond them: a neuron within a second, nearly always the one that 64 starts find
LINE, BOUNDED = "exact on the line", "bounded by branch and bound"
CLIMBED = "multi-start ascent"


@dataclass(frozen=True, eq=False)
class Missed:
    """The highest neuron for a dual vector v, and what is proved of it: value <= M(v) <= maximum.

    Attributes
    ----------
    value : |N_v| of the neuron, recomputed from it.
    maximum : upper bound on M(v); `value` itself where the oracle is exact.
    proved : whether the two agree, so that there is no higher neuron.
    u, b, sign : the neuron, u (d,) of unit length, and the sign of N_v there; u is None where nothing is above zero.
    band : beta, or 1 for `interpolate` and `hard_margin`: what |N_v| must not exceed.
    oracle : in words, who looked.
    """

    value: float
    maximum: float
    proved: bool
    u: Array | None
    b: float
    sign: float
    band: float
    oracle: str

    @property
    def excess(self) -> float:
        """|N_v| / beta: above one the neuron was missed, at one nothing was."""
        return self.value / self.band


def missed_neuron(X: Array, solution: Solution, bias: bool = True, time_limit: float | None = None) -> Missed:
    """The highest neuron at the last dual vector that the oracle of `solution` saw, for the data X (n, d).

    Asks the strongest oracle that the data can afford. Branch and bound goes as far as a budget of nodes; `time_limit`,
    in seconds, may end it earlier.

    Raises
    ------
    ValueError
        If X is not that of the solution, or `bias` is not.
    """
    X = np.asarray(X, float)
    v = solution.v if not solution.history or solution.history[-1].v is None else solution.history[-1].v
    v = np.asarray(v, float)
    if X.ndim != 2 or v.shape != (len(X),):
        raise ValueError(f"X must be the data of the solution, ({len(v)}, d); got shape {X.shape}. Pass the same X.")
    if bias and abs(v.sum()) > BALANCED * np.abs(v).sum():
        raise ValueError(
            f"With biases the dual vector has sum v = 0; got {v.sum():.3g}. Pass bias=False, as in training."
        )
    flat = reduce_rank(X, centred=bias)
    with one_thread():
        deadline = clock.NEVER if time_limit is None else clock.now() + time_limit
        maximum, proved, U, b, oracle = _highest(flat.Z, v - v.mean() if bias else v, bias, deadline)
    U = U @ flat.basis
    b = b - U @ flat.centre if bias else b
    heights = np.maximum(X @ U.T + b, 0.0).T @ v
    best = int(np.abs(heights).argmax()) if len(b) else -1
    value = float(np.abs(heights[best])) if len(b) else 0.0
    half = band(solution.loss, solution.beta)
    if value <= NOTHING * np.abs(v).sum() * (np.linalg.norm(np.ptp(X, axis=0)) if bias else np.abs(X).max()):
        return Missed(0.0, 0.0 if proved else maximum, proved, None, 0.0, 0.0, half, oracle)
    top = value if proved else max(value, maximum)
    return Missed(value, top, proved, U[best], float(b[best]), float(np.sign(heights[best])), half, oracle)


Highest = tuple[float, bool, Array, Array, str]


def _highest(Z: Array, v: Array, bias: bool, deadline: float) -> Highest:
    """Upper bound of M(v), whether it is M(v), neurons U (k, r), b (k,) with the best among them, and who says so."""
    n, r = Z.shape
    if r == 1:
        return _on_the_line(Z, v, bias)
    rung = ladder.pick(ladder.Problem(n, r, bias))
    words = rung.words.removeprefix("cutting planes, ")
    if rung.name not in ("sweep", "space", "patterns"):
        if n > TREE_POINTS:
            _, U, b, _ = AscentOracle(Z, bias, STARTS).violated(v, 0.0, 1)
            return transport_bound(Z - Z.mean(axis=0) if bias else Z, v), False, U, b, CLIMBED
        proof = BranchAndBoundOracle(Z, bias, int(PROOF_WORK / node_cost(n, r)), deadline).prove(v)
        words = ladder.RUNGS["branch_and_bound"].words.removeprefix("cutting planes, ") if proof.closed else BOUNDED
        return proof.upper, proof.closed, proof.u[None, :], np.array([proof.b]), words
    oracle = rung.build(Z, bias, np.inf, 0.0)
    maximum, U, b, _ = oracle.violated(v, 0.0, 1)
    return maximum, True, U, b, words


def _on_the_line(Z: Array, v: Array, bias: bool) -> Highest:
    """Both directions, each with the line through its best point."""
    U = np.array([[1.0], [-1.0]])
    if not bias:
        return float(np.abs(v @ np.maximum(Z @ U.T, 0.0)).max()), True, U, np.zeros(2), LINE
    dual = line_dual(Z[:, 0], v)
    right, left = (dual.knots[np.abs(side).argmax()] for side in (dual.right, dual.left))
    return dual.maximum, True, U, np.array([-right, left]), LINE
