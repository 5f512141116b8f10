"""The spline problem with a shape, on chosen knots: the programs of `line.conic` with rows for the shape.

    min_F  loss(F) + beta R(F)   s.t.   low <= s_j <= high,   s_j+1 - s_j >= 0 (convex),  <= 0 (concave)

The slopes s are variables of those programs, so that the rows hold ones and no spacing is divided by.
"""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy import sparse
from sklearn.isotonic import isotonic_regression

from ..errors import SolveError
from ..line.conic import (
    base_columns,
    clarabel_answer,
    inequality_pattern,
    margin_program,
    slope_rows,
    solve_linear_program,
)
from ..line.prepared import Hats, LineData
from ..losses import ConicForm, LinearForm, Loss
from ..network import Array
from ..neurons import least_penalty
from ..numerics import clock
from ..numerics.highs import OutOfTime
from ..shape import Multipliers, Shape

ACCURATE = 1e-12  # asked of Clarabel, which stops where it gets no further
NEWTON_STEPS = 4  # from the answer of the cones, which is good to some six digits
NEWTON_RISE = 1e-9  # relative, of the objective, that is the interior point's distance from the constraints


@dataclass(frozen=True, eq=False)
class Answer:
    """Slopes (k-1,) that have the shape, the first value, the rows' dual mass (R,) where f leaves it open, and the
    multipliers of the shape's rows at the chosen knots."""

    first: float
    slopes: Array
    mass: Array | None
    multipliers: Multipliers

    def values(self, h: Array) -> Array:
        """F (k,) on knots with spacings h (k-1,)."""
        return self.first + np.concatenate([[0.0], np.cumsum(h * self.slopes)])


@dataclass(frozen=True, eq=False)
class Rows:
    """G (F, s, e, r) >= g: the rows of a shape on k knots, in the order low, high, convex, concave."""

    G: sparse.csc_matrix
    g: Array
    shape: Shape
    k: int

    @classmethod
    def of(cls, shape: Shape, k: int) -> Rows:
        """For spacings as long as may be; a bound that is open has no rows."""
        j, columns = np.arange(k - 1), base_columns(k)
        blocks, bounds = [sparse.csc_matrix((0, columns))], [np.zeros(0)]
        for sign, bound in ((1.0, shape.low), (-1.0, shape.high)):
            if np.isfinite(bound):
                blocks.append(sparse.csc_matrix((np.full(k - 1, sign), (j, k + j)), shape=(k - 1, columns)))
                bounds.append(np.full(k - 1, sign * bound))
        i, ones = np.arange(k - 2), np.ones(max(k - 2, 0))
        for sign, there in ((1.0, shape.convex), (-1.0, shape.concave)):
            if there and k > 2:
                entries = np.concatenate([sign * ones, -sign * ones])
                places = np.concatenate([i, i]), np.concatenate([k + i + 1, k + i])
                blocks.append(sparse.csc_matrix((entries, places), shape=(k - 2, columns)))
                bounds.append(np.zeros(k - 2))
        return cls(sparse.vstack(blocks, format="csc"), np.concatenate(bounds), shape, k)

    def multipliers(self, price: Array, knots: Array) -> Multipliers:
        """The prices of the rows (>= 0) by slopes and bends."""
        price, at = np.maximum(price, 0.0), 0
        slopes, bends = np.zeros(self.k - 1), np.zeros(max(self.k - 2, 0))
        for sign, bound in ((1.0, self.shape.low), (-1.0, self.shape.high)):
            if np.isfinite(bound):
                slopes += sign * price[at : at + self.k - 1]
                at += self.k - 1
        for sign, there in ((1.0, self.shape.convex), (-1.0, self.shape.concave)):
            if there:
                bends += sign * price[at : at + len(bends)]
                at += len(bends)
        return Multipliers(knots, slopes, bends)


def solved(
    data: LineData, loss: Loss, beta: float, shape: Shape, chosen: np.ndarray, deadline: float = clock.NEVER
) -> Answer:
    """The optimum over the splines with kinks at the chosen knots.

    Raises SolveError where no solver answers, with status "infeasible" where no spline meets a hard margin; OutOfTime
    at the deadline.
    """
    hats = Hats.on(data, chosen)
    rows = Rows.of(shape, hats.size)
    if loss.linear is not None:
        return _linear(data, loss.linear, beta, hats, rows, data.t[chosen], deadline)
    if loss.quadratic:
        model = *hats.gram(data.count), hats.adjoint(data.count * data.target)
        x, price = _quadratic(*model, beta, hats, rows, deadline)
    else:
        form = loss.conic(data.target, data.count)
        assert form is not None  # the loss was asked before
        x, price = _conic(form, beta, hats, rows, deadline)
        if loss.smooth:
            x, price = _newton(data, loss, beta, hats, rows, x, price, deadline)
    return _answer(x, None, rows.multipliers(price, data.t[chosen]), hats, shape, data)


def _newton(
    data: LineData, loss: Loss, beta: float, hats: Hats, rows: Rows, x: Array, price: Array, deadline: float
) -> tuple[Array, Array]:
    """The last digits of a smooth loss: quadratic models of it, which Clarabel solves more exactly than its cones."""
    k = hats.size

    def total(x: Array) -> float:
        f = hats.values(x[:k])
        return loss.value(f, data.target, data.count) + beta * least_penalty(x[k : 2 * k - 1])

    for _ in range(NEWTON_STEPS):
        F = x[:k]
        f = hats.values(F)
        diagonal, off = hats.gram(data.count * loss.curvature(f, data.target))
        product = diagonal * F
        product[1:] += off * F[:-1]
        product[:-1] += off * F[1:]
        linear = product + hats.adjoint(data.count * loss.gradient(f, data.target))
        try:
            trial, priced = _quadratic(diagonal, off, linear, beta, hats, rows, deadline)
        except (SolveError, OutOfTime):  # the cones' answer stands
            break
        if total(trial) > total(x) * (1 + NEWTON_RISE):
            break
        x, price = trial, priced
    return x, price


def _quadratic(
    diagonal: Array, off: Array, linear: Array, beta: float, hats: Hats, rows: Rows, deadline: float
) -> tuple[Array, Array]:
    """min 1/2 F'GF - linear.F + beta R(F) with tridiagonal G: the variables, and the prices of the shape's rows."""
    k = hats.size
    penalty = inequality_pattern(k)
    columns = penalty.shape[1]
    A = sparse.vstack([slope_rows(hats.h, columns), -penalty, -rows.G], format="csc")
    j = np.arange(k - 1)
    places = np.concatenate([np.arange(k), j]), np.concatenate([np.arange(k), j + 1])
    P = sparse.csc_matrix((np.concatenate([diagonal, off]), places), shape=(columns, columns))
    q = np.zeros(columns)
    q[:k] = -linear
    q[-1] = beta
    cones = [clarabel.ZeroConeT(k - 1), clarabel.NonnegativeConeT(penalty.shape[0] + len(rows.g))]
    b = np.concatenate([np.zeros(k - 1 + penalty.shape[0]), -rows.g])
    x, _, z = clarabel_answer(P, q, A, b, cones, deadline, ACCURATE)
    return x, z[len(z) - len(rows.g) :]


def _conic(form: ConicForm, beta: float, hats: Hats, rows: Rows, deadline: float) -> tuple[Array, Array]:
    j, s = hats.j, hats.s
    k, more = hats.size, len(form.cost)
    own = sparse.vstack([inequality_pattern(k), rows.G], format="csc")
    base, many = base_columns(k), own.shape[0]
    row, point, value = form.of_f
    of_F = sparse.csc_matrix(
        (
            np.concatenate([value * (1.0 - s[point]), value * s[point]]),
            (np.concatenate([row, row]), np.concatenate([j[point], j[point] + 1])),
        ),
        shape=(len(form.b), base),
    )
    term = sparse.hstack([of_F, form.of_z], format="csc")
    padded = sparse.hstack([-own, sparse.csc_matrix((many, more))], format="csc")
    A = sparse.vstack([slope_rows(hats.h, base + more), term[: form.zero], padded, term[form.zero :]], format="csc")
    of_rows = np.concatenate([np.zeros(many - len(rows.g)), -rows.g])
    b = np.concatenate([np.zeros(k - 1), form.b[: form.zero], of_rows, form.b[form.zero :]])
    cost = np.concatenate([np.zeros(base - 1), [beta / form.unit], form.cost])
    cones = form.cones(k - 1, many)
    x, _, z = clarabel_answer(form.quadratic(base), cost, A, b, cones, deadline, ACCURATE)
    end = k - 1 + form.zero + many
    return x, form.unit * z[end - len(rows.g) : end]


def _linear(
    data: LineData, form: LinearForm, beta: float, hats: Hats, rows: Rows, knots: Array, deadline: float
) -> Answer:
    """A data term that is a linear program: a vertex of it, where constraints and multipliers are exact."""
    k, R = hats.size, len(data.target)
    sign = data.target if form.margin else np.ones(R)
    count = None if form.hard else form.short * data.count
    cost, slopes, rest = margin_program((hats.j, hats.s), sign, count, hats.h, beta)
    if not form.margin:
        too_high = sparse.vstack([sparse.csc_matrix((rest.shape[0] - R, R)), -sparse.eye_array(R)], format="csc")
        rest = sparse.hstack([rest, too_high], format="csc")
        cost = np.concatenate([cost, form.over * data.count])
    columns, penalties, many = len(cost), rest.shape[0] - R, len(rows.g)
    slopes = sparse.hstack([slopes, sparse.csc_matrix((k - 1, columns - slopes.shape[1]))], format="csc")
    G = sparse.hstack([rows.G, sparse.csc_matrix((many, columns - rows.G.shape[1]))], format="csc")
    target = np.ones(R) if form.margin else data.target
    lower = np.full(columns, -np.inf)
    lower[2 * k - 1 :] = 0.0
    row_lower = np.concatenate([np.zeros(k - 1), rows.g, np.zeros(penalties), target])
    open_end = np.full(R, np.inf) if form.margin else target
    row_upper = np.concatenate([np.zeros(k - 1), np.full(many + penalties, np.inf), open_end])
    A = sparse.vstack([slopes, G, rest], format="csc")
    x, price = solve_linear_program(cost, lower, A, row_lower, row_upper, deadline=deadline)
    mass = np.maximum(price[-R:], 0.0) * sign if form.margin else price[-R:]
    multipliers = rows.multipliers(price[k - 1 : k - 1 + many], knots)
    return _answer(x, mass, multipliers, hats, rows.shape, data)


def _answer(x: Array, mass: Array | None, multipliers: Multipliers, hats: Hats, shape: Shape, data: LineData) -> Answer:
    """The solver's slopes brought to the shape, and the height at which the values have the same mean."""
    k = hats.size
    F, slopes = x[:k], x[k : 2 * k - 1]
    if not np.isfinite(x).all():
        raise SolveError("The solver gave no finite spline. Rescale the data or use a larger beta.", "not finite")
    if shape.convex and shape.concave:
        slopes = np.full(k - 1, float(hats.h @ slopes) / float(hats.h.sum()))
    elif shape.convex or shape.concave:
        slopes = isotonic_regression(slopes, sample_weight=hats.h, increasing=shape.convex)
    slopes = np.clip(slopes, shape.low, shape.high)
    relative = np.concatenate([[0.0], np.cumsum(hats.h * slopes)])
    return Answer(float((F - relative).mean()), slopes, mass, multipliers)


def price_of_meeting(data: LineData, shape: Shape, deadline: float = clock.NEVER) -> tuple[float, Array]:
    """The least t with target f >= 1 - t for some f with the shape, and the multipliers of the rows (R,): those of a
    smallest set of points that contradict each other."""
    every = np.arange(len(data.t))
    hats = Hats.on(data, every)
    k, R = hats.size, len(data.target)
    rows = Rows.of(shape, k)
    cost, slopes, rest = margin_program((hats.j, hats.s), data.target, None, hats.h, 0.0)
    margins = rest[rest.shape[0] - R :]
    A = sparse.vstack([slopes, rows.G, margins], format="csc")
    t = sparse.csc_matrix(np.concatenate([np.zeros(A.shape[0] - R), np.ones(R)])[:, None])
    A = sparse.hstack([A, t], format="csc")
    cost = np.append(cost, 1.0)
    lower = np.full(len(cost), -np.inf)
    lower[-1] = 0.0
    row_lower = np.concatenate([np.zeros(k - 1), rows.g, np.ones(R)])
    row_upper = np.concatenate([np.zeros(k - 1), np.full(A.shape[0] - k + 1, np.inf)])
    x, price = solve_linear_program(cost, lower, A, row_lower, row_upper, deadline=deadline)
    return float(x[-1]), np.maximum(price[-R:], 0.0)
