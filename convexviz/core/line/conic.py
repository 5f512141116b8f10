"""Solver calls for the spline problem on chosen knots: Clarabel for quadratic programs, HiGHS for linear ones.

Variables, on k knots: values F (k), slopes s (k-1), kinks e (k-2) >= |s_{j+1} - s_j|, penalty r >= R(F). Writing
F_{j+1} - F_j = h_j s_j instead of dividing by the spacing keeps every coefficient bounded when points lie close.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import clarabel
import highspy
import numpy as np
from scipy import sparse

from ..errors import SolveError
from ..losses import ConicForm, LinearForm
from ..network import Array
from ..numerics import clock
from ..numerics.highs import HIGHS_OPTIONS, OutOfTime, bare_highs, run

FIRST_TOLERANCE = 1e-9
TIE = 1e-9  # |D| and TV closer than this, relative, are equal
MOST_STEPS = 10_000
Way = dict[str, Any]
# Slopes of 1e9 between points 1e-9 apart leave no room for tight tolerances, and presolve loses its way there; which
# way works then is a matter of luck. Strategy 4 is the primal simplex method.
QUICK: Way = {}
CAREFUL: tuple[Way, ...] = tuple(
    {
        "presolve": presolve,
        "simplex_strategy": strategy,
        "primal_feasibility_tolerance": primal,
        "dual_feasibility_tolerance": dual,
    }
    for presolve, strategy, primal, dual in (("off", 4, 1e-7, 1e-10), ("choose", 4, 1e-7, 1e-7), ("off", 1, 1e-6, 1e-7))
)
# An interior point without a vertex: where the multipliers are not unique, those in the middle of all.
CENTRAL: Way = {"solver": "ipm", "run_crossover": "off", "ipm_optimality_tolerance": 1e-9}
WAYS: tuple[Way, ...] = (QUICK, {"presolve": "off"}, *CAREFUL)


Placed = tuple[Array, Array]  # of each row its interval (R,) and the position in it (R,)
Answer = tuple[Array, Array, Array]


@dataclass(frozen=True, eq=False)
class Signs:
    """Which kinks bend (sign -1, 0 or +1, shape (k-2,)) and which of the three terms of R are active."""

    kinks: Array
    variation: bool
    plus: bool
    minus: bool


@lru_cache(maxsize=256)
def inequality_pattern(k: int) -> sparse.csc_matrix:
    """Rows G (F, s, e, r) >= 0 of the penalty; depends on the number of knots alone."""
    m = k - 2
    j = np.arange(m)
    slope, kink, r = k, 2 * k - 1, 2 * k - 1 + m
    rows: list[Any] = [j, j, j, m + j, m + j, m + j]
    columns: list[Any] = [kink + j, slope + j + 1, slope + j, kink + j, slope + j + 1, slope + j]
    values: list[Any] = [np.full(m, c) for c in (1.0, -1.0, 1.0, 1.0, 1.0, -1.0)]
    for row, of_r, of_ends in ((2 * m, 1.0, 0.0), (2 * m + 1, 2.0, -1.0), (2 * m + 2, 2.0, 1.0)):
        rows += [np.full(m, row), [row, row, row]]
        columns += [kink + j, [r, slope, slope + k - 2]]
        values += [np.full(m, -1.0), [of_r, of_ends, of_ends]]
    matrix = sparse.coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(2 * m + 3, r + 1)
    ).tocsc()
    matrix.eliminate_zeros()
    return matrix


def slope_rows(h: Array, columns: int) -> sparse.csc_matrix:
    """Rows F_{j+1} - F_j - h_j s_j = 0."""
    k = len(h) + 1
    j = np.arange(k - 1)
    return sparse.csc_matrix(
        (
            np.concatenate([np.ones(k - 1), -np.ones(k - 1), -h]),
            (np.concatenate([j, j, j]), np.concatenate([j + 1, j, k + j])),
        ),
        shape=(k - 1, columns),
    )


def quadratic(
    diagonal: Array, off: Array, linear: Array, h: Array, beta: float, deadline: float = clock.NEVER
) -> tuple[Array, Signs]:
    """min 1/2 F'GF - linear.F + beta R(F) with tridiagonal G (diagonal (k,), off (k-1,)), spacings h (k-1,).

    Returns F (k,) and the active signs. Raises SolveError when Clarabel gives no usable point, OutOfTime at the
    deadline.
    """
    k = len(diagonal)
    inequalities = inequality_pattern(k)
    columns = inequalities.shape[1]
    A = sparse.vstack([slope_rows(h, columns), -inequalities], format="csc")
    j = np.arange(k - 1)
    P = sparse.csc_matrix(
        (
            np.concatenate([diagonal, off]),
            (np.concatenate([np.arange(k), j]), np.concatenate([np.arange(k), j + 1])),
        ),
        shape=(columns, columns),
    )
    q = np.zeros(columns)
    q[:k] = -linear
    q[-1] = beta
    cones = [clarabel.ZeroConeT(k - 1), clarabel.NonnegativeConeT(2 * (k - 2) + 3)]
    return _spline_of(clarabel_answer(P, q, A, np.zeros(A.shape[0]), cones, deadline), k)


def clarabel_answer(
    P: sparse.csc_matrix,
    q: Array,
    A: sparse.csc_matrix,
    b: Array,
    cones: list[object],
    deadline: float,
    tolerance: float = FIRST_TOLERANCE,
) -> Answer:
    """min 1/2 x'Px + q.x, Ax + s = b, s in the cones: (x, s, z)."""
    if clock.passed(deadline):
        raise OutOfTime
    answer = clarabel.DefaultSolver(P, q, A, b, cones, _clarabel_settings(clock.left(deadline))).solve()
    x, status = np.asarray(answer.x), str(answer.status)
    if status == "MaxTime":
        raise OutOfTime
    if status not in USABLE or not np.isfinite(x).all():
        raise SolveError(f"Clarabel stopped with status {status}. Rescale the data or use a larger beta.", status)
    return x, np.asarray(answer.s), np.asarray(answer.z)


def _spline_of(answer: Answer, k: int, between: int = 0) -> tuple[Array, Signs]:
    """Values (k,) and signs; the penalty's rows follow the k - 1 slope rows and `between` more."""
    x, s, z = answer
    first = k - 1 + between
    rows = slice(first, first + 2 * (k - 2) + 3)
    return x[:k], _signs(s[rows], z[rows], k - 2)


def conic(H: Placed, form: ConicForm, h: Array, beta: float, deadline: float = clock.NEVER) -> tuple[Array, Signs]:
    """min data term(HF) + beta R(F) for a data term that is a cone program.

    Arguments and results as in `linear` and `quadratic`. Raises SolveError when Clarabel gives no usable point,
    OutOfTime at the deadline.
    """
    j, s = H
    k, more = len(h) + 1, len(form.cost)
    inequalities, base = inequality_pattern(k), base_columns(k)
    penalty, columns = inequalities.shape[0], base + more
    row, point, value = form.of_f
    of_F = sparse.csc_matrix(
        (
            np.concatenate([value * (1.0 - s[point]), value * s[point]]),
            (np.concatenate([row, row]), np.concatenate([j[point], j[point] + 1])),
        ),
        shape=(len(form.b), base),
    )
    data = sparse.hstack([of_F, form.of_z], format="csc")
    padded = sparse.hstack([-inequalities, sparse.csc_matrix((penalty, more))], format="csc")
    A = sparse.vstack([slope_rows(h, columns), data[: form.zero], padded, data[form.zero :]], format="csc")
    b = np.concatenate([np.zeros(k - 1), form.b[: form.zero], np.zeros(penalty), form.b[form.zero :]])
    cost = np.concatenate([np.zeros(base - 1), [beta / form.unit], form.cost])
    cones = form.cones(k - 1, penalty)
    return _spline_of(clarabel_answer(form.quadratic(base), cost, A, b, cones, deadline), k, form.zero)


USABLE = ("Solved", "AlmostSolved", "InsufficientProgress", "MaxIterations")  # the certificate judges the point


def _clarabel_settings(seconds: float) -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.time_limit = seconds
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = FIRST_TOLERANCE
    settings.max_iter = 100
    return settings


def _signs(slack: Array, price: Array, m: int) -> Signs:
    """Strict complementarity read off an interior point: a row is active when its price exceeds its slack."""
    idle = slack > price
    kinks = np.where(idle[m : 2 * m] & ~idle[:m], 1.0, 0.0) - np.where(idle[:m] & ~idle[m : 2 * m], 1.0, 0.0)
    variation, plus, minus = (bool(row) for row in ~idle[2 * m :])
    return Signs(kinks, variation, plus, minus)


def signs_of(slopes: Array) -> Signs:
    """The signs of a spline with these slopes (k-1,); terms of R that agree to rounding are both active."""
    kinks = np.diff(slopes)
    variation, ends = float(np.abs(kinks).sum()), float(slopes[0] + slopes[-1])
    lead = abs(ends) - variation
    tie = abs(lead) <= TIE * max(variation, abs(ends))
    return Signs(np.sign(kinks), tie or lead < 0, (tie or lead > 0) and ends > 0, (tie or lead > 0) and ends < 0)


def linear(
    H: Placed,
    target: Array,
    count: Array | None,
    h: Array,
    beta: float,
    ways: tuple[Way, ...] = WAYS,
    deadline: float = clock.NEVER,
) -> tuple[Array, Array]:
    """min sum count xi + beta R(F) s.t. target (HF) >= 1 - xi, xi >= 0; without `count` the margin is hard (xi = 0).

    H = (interval (R,), position in it (R,)) of each row; target (R,) labels. Returns F (k,) and the multipliers of
    the margin rows (R,). Raises SolveError with HiGHS's status; status "infeasible" when no F satisfies the margin;
    OutOfTime at the deadline.
    """
    k, R = len(h) + 1, len(target)
    cost, slopes, rest = margin_program(H, target, count, h, beta)
    A = sparse.vstack([slopes, rest], format="csc")
    lower = np.full(len(cost), -np.inf)
    lower[2 * k - 1 :] = 0.0
    penalties = rest.shape[0] - R
    row_lower = np.concatenate([np.zeros(k - 1 + penalties), np.ones(R)])
    row_upper = np.concatenate([np.zeros(k - 1), np.full(penalties + R, np.inf)])
    x, price = solve_linear_program(cost, lower, A, row_lower, row_upper, ways, deadline)
    return x[:k], np.maximum(price[-R:], 0.0)


def two_sided(
    H: Placed,
    form: LinearForm,
    target: Array,
    count: Array,
    h: Array,
    beta: float,
    ways: tuple[Way, ...] = WAYS,
    deadline: float = clock.NEVER,
) -> tuple[Array, Array]:
    """min sum count (short xi + over zeta) + beta R(F) s.t. HF + xi - zeta = target, xi, zeta >= 0.

    H and target as in `linear`, the prices those of the form. Returns F (k,) and the multipliers of the rows (R,).
    Raises SolveError with HiGHS's status, OutOfTime at the deadline.
    """
    k, R = len(h) + 1, len(target)
    cost, slopes, rest = margin_program(H, np.ones(R), form.short * count, h, beta)
    too_high = sparse.vstack([sparse.csc_matrix((rest.shape[0] - R, R)), -sparse.eye_array(R)], format="csc")
    A = sparse.vstack(
        [sparse.hstack([slopes, sparse.csc_matrix((k - 1, R))]), sparse.hstack([rest, too_high])], format="csc"
    )
    lower = np.full(A.shape[1], -np.inf)
    lower[2 * k - 1 :] = 0.0
    penalties = rest.shape[0] - R
    row_lower = np.concatenate([np.zeros(k - 1 + penalties), target])
    row_upper = np.concatenate([np.zeros(k - 1), np.full(penalties, np.inf), target])
    cost = np.concatenate([cost, form.over * count])
    x, price = solve_linear_program(cost, lower, A, row_lower, row_upper, ways, deadline)
    return x[:k], price[-R:]


def steepest(H: Placed, target: Array, count: Array, h: Array, gain: Array) -> tuple[Array, Array]:
    """max gain.F - sum count xi s.t. target (HF) >= -xi, xi >= 0, R(F) <= 1: what a small spline gains over none.

    Returns F (k,) and the multipliers of the rows (R,). Raises SolveError with HiGHS's status.
    """
    k, R = len(h) + 1, len(target)
    cost, slopes, rest = margin_program(H, target, count, h, 0.0)
    cost[:k] -= gain
    size = sparse.csc_matrix(([-1.0], ([0], [base_columns(k) - 1])), shape=(1, len(cost)))
    A = sparse.vstack([slopes, rest, size], format="csc")
    lower = np.full(len(cost), -np.inf)
    lower[2 * k - 1 :] = 0.0
    row_lower = np.append(np.zeros(A.shape[0] - 1), -1.0)
    row_upper = np.concatenate([np.zeros(k - 1), np.full(A.shape[0] - k + 1, np.inf)])
    x, price = solve_linear_program(cost, lower, A, row_lower, row_upper)
    return x[:k], np.maximum(price[-R - 1 : -1], 0.0)


def base_columns(k: int) -> int:
    """Number of variables F, s, e, r on k knots."""
    return 3 * k - 2


def margin_program(
    H: Placed, target: Array, count: Array | None, h: Array, beta: float
) -> tuple[Array, sparse.csc_matrix, sparse.csc_matrix]:
    """Costs (columns,), the slope rows = 0, and the rows of the penalty >= 0 followed by those of the margins >= 1."""
    j, s = H
    k, R = len(h) + 1, len(target)
    inequalities, base, row = inequality_pattern(k), base_columns(k), np.arange(R)
    margin = sparse.csc_matrix(
        (np.concatenate([target * (1.0 - s), target * s]), (np.concatenate([row, row]), np.concatenate([j, j + 1]))),
        shape=(R, base),
    )
    margin.eliminate_zeros()
    cost = np.zeros(base)
    cost[-1] = beta
    if count is None:
        return cost, slope_rows(h, base), sparse.vstack([inequalities, margin], format="csc")
    slack = sparse.vstack([sparse.csc_matrix((inequalities.shape[0], R)), sparse.eye_array(R)], format="csc")
    rest = sparse.hstack([sparse.vstack([inequalities, margin]), slack], format="csc")
    return np.concatenate([cost, count]), slope_rows(h, base + R), rest


def solve_linear_program(
    cost: Array,
    lower: Array,
    A: sparse.csc_matrix,
    row_lower: Array,
    row_upper: Array,
    ways: tuple[Way, ...] = WAYS,
    deadline: float = clock.NEVER,
) -> tuple[Array, Array]:
    """min cost.x s.t. row_lower <= Ax <= row_upper, x >= lower: (x, row duals) of the first of the ways that works.

    Raises SolveError where none does, OutOfTime at the deadline.
    """
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = A.shape[1], A.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, np.full(A.shape[1], np.inf)
    lp.row_lower_, lp.row_upper_ = row_lower, row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = A.indptr, A.indices, A.data
    limit = MOST_STEPS + 20 * (lp.num_col_ + lp.num_row_)  # where points nearly coincide it may cycle
    for way in ways:
        if clock.passed(deadline):
            raise OutOfTime
        solver = bare_highs()
        for name, value in {**HIGHS_OPTIONS, "simplex_iteration_limit": limit, **way}.items():
            solver.setOptionValue(name, value)
        solver.passModel(lp)
        run(solver, deadline)
        status, answer = solver.getModelStatus(), solver.getSolution()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTime
        word = solver.modelStatusToString(status)
        solved = status == highspy.HighsModelStatus.kOptimal or way is ways[-1]
        if solved and answer.value_valid and answer.dual_valid:
            return np.array(answer.col_value), np.array(answer.row_dual)
    if status == highspy.HighsModelStatus.kInfeasible:
        raise SolveError("No spline satisfies the constraints.", "infeasible")
    raise SolveError(f"HiGHS stopped with status {word}. Rescale the data or use a larger beta.", word)
