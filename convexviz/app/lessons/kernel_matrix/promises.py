"""What the lesson on the kernel matrix promises to show, checked on the data that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from scipy.optimize import linprog

import convexviz as cv
from convexviz.app.compute.promised import solved
from convexviz.app.lessons.kernel_matrix.answer import Read, read
from convexviz.app.lessons.kernel_matrix.parts import POINTS
from convexviz.app.lessons.kernel_matrix.settings import MatrixSettings
from convexviz.app.shell.source import Points
from convexviz.core.line.kernel_matrix import kernel_matrix, network_of_columns
from convexviz.core.losses import get_loss
from convexviz.core.network import Array
from convexviz.core.rivals.least_norm import least_norm
from convexviz.figures.kernel_matrix import Columns

TOUCH = 1e-6  # relative: a solution's v is exact to about the root of its gap
MORE = 1e-3  # margin that a point asks for on top, to see what it costs
Claims = Mapping[str, bool]


@dataclass(frozen=True, eq=False)
class Made:
    """Points and their optimum, read as columns."""

    points: Points
    solution: cv.Solution
    found: Read

    @property
    def columns(self) -> Columns:
        return self.found.columns

    @property
    def K(self) -> Array:
        return kernel_matrix(self.columns.x)

    @property
    def f(self) -> Array:
        """(n,) the network at the points, in the order of x."""
        return self.K @ self.columns.w + self.solution.network.c

    @property
    def gain(self) -> Array:
        """K'v (2n,) in units of the band."""
        return self.K.T @ self.columns.v / self.columns.band

    @property
    def used(self) -> int:
        return int(self.columns.columns_lit.sum())

    @property
    def lit(self) -> int:
        return int(self.columns.rows_lit.sum())

    @property
    def moved(self) -> int:
        """Columns with a weight of the tangent kernel."""
        return int(self.columns.columns_moved.sum())


def made(settings: MatrixSettings, points: Points | None = None, beta: float | None = None) -> Made:
    """The optimum of the points that the settings name, or of others."""
    points = POINTS.named(settings)[0] if points is None else points
    solution = solved(settings, points, beta)
    assert solution.certified
    beta = 1.0 if get_loss(solution.loss).constrained else solution.beta
    tangent = least_norm(points.X, points.y, settings.loss, beta)
    return Made(points, solution, read(points.X, points.y, solution, tangent))


# ---------------------------------------------------------------- things to try


def few_columns(settings: MatrixSettings) -> Claims:
    """Three bands: two columns of 24."""
    m = made(settings)
    assert m.found.tangent is not None
    leaning = np.flatnonzero(m.found.tangent.alpha[m.found.order])
    return {
        "there are 24 columns": 2 * m.columns.n == 24,
        "2 columns": m.used == 2,
        "two borders": len(m.found.borders) == 2,
        "four rows are lit": m.lit == 4,
        "the tangent kernel leans on the same points": np.array_equal(leaning, np.flatnonzero(m.columns.rows_lit)),
        "and puts a weight on 16 columns": m.moved == 16,
    }


def across_the_border(settings: MatrixSettings) -> Claims:
    """Drag a point across the border."""
    before = made(settings)
    X, y = before.points.X, before.points.y
    moving = int(np.flatnonzero(y < 0)[np.argmax(X[y < 0, 0])])
    there = np.sort(X[y > 0, 0])
    after = []
    for place in [low + share * (high - low) for low, high in pairwise(there) for share in (0.2, 0.5, 0.8)]:
        moved = X.copy()
        moved[moving, 0] = place
        after.append(made(settings, Points(moved, y)))
    return {
        "one column before": before.used == 1,
        "3 columns": all(m.used == 3 for m in after),
        "three borders": all(len(m.found.borders) == 3 for m in after),
        "some enter": all(set(m.found.used) - set(before.found.used) for m in after),
    }


def ties(settings: MatrixSettings) -> Claims:
    """Columns that tie."""
    m = made(settings)
    touching = np.flatnonzero(np.abs(m.gain) > 1 - TOUCH)
    idle = np.setdiff1d(touching, np.flatnonzero(m.columns.columns_lit))
    return {
        "one column is used": m.used == 1,
        "twelve touch": len(touching) == 12,
        "each of the other eleven does it alone at the same price": all(alone(m, int(k)) for k in idle),
    }


def alone(m: Made, k: int) -> bool:
    """Whether column k alone meets the margins at the price of the optimum, of the sign that K'v has there."""
    w = np.zeros(2 * m.columns.n)
    w[k] = np.sign(m.gain[k]) * m.solution.network.penalty
    f, y = m.K @ w, m.columns.y
    low, high = f[y < 0].max(), f[y > 0].min()
    network = network_of_columns(m.columns.x, w, -(low + high) / 2)
    margins = y * network.predict(m.columns.x[:, None])
    return bool(margins.min() > 1 - TOUCH)


def every_inner_point(settings: MatrixSettings) -> Claims:
    """Interpolate: the same matrix."""
    m = made(settings)
    slopes = np.diff(m.columns.y) / np.diff(m.columns.x)
    bends = np.diff(slopes)
    # With one column at each bend those to the left alone must make the first slope: none of the choices does.
    to_the_left = np.array(list(product((0.0, 1.0), repeat=len(bends))))
    first = slopes[0] + to_the_left @ bends
    return {
        "through every point": bool(np.allclose(m.f, m.columns.y, atol=TOUCH)),
        "11 of 24 columns": (m.used, 2 * m.columns.n) == (11, 24),
        "it must bend at each of the 10 inner points": len(bends) == 10 and bool((np.abs(bends) > TOUCH).all()),
        "and 10 columns will not do": bool((np.abs(first) > TOUCH).all()),
        "n - 1 of them": m.used == m.columns.n - 1,
        "the tangent kernel uses 22": m.moved == 22,
        "which are all that are not zero": int(m.K.any(axis=0).sum()) == 22,
    }


def columns_leave(settings: MatrixSettings) -> Claims:
    """Weight decay empties columns."""
    more, less = made(settings), made(settings, beta=0.01)
    return {
        "4 columns at this β": more.used == 4,
        "13 at β = 0.01": less.used == 13,
        "the tangent kernel holds 38 of 40 at both": more.moved == less.moved == 38 == 2 * more.columns.n - 2,
        "the norm of its function shrinks": (
            more.found.tangent is not None
            and less.found.tangent is not None
            and more.found.tangent.norm < less.found.tangent.norm
        ),
    }


def misses_allowed(settings: MatrixSettings) -> Claims:
    """Classes that overlap."""
    now, strict = made(settings), made(settings, beta=0.01)
    wrong = [int((m.columns.y * m.f < 0).sum()) for m in (now, strict)]
    return {
        "one column": now.used == 1,
        "one border": len(now.found.borders) == 1,
        "two points are on the wrong side": wrong[0] == 2,
        "five columns at β = 0.01": strict.used == 5,
        "five borders": len(strict.found.borders) == 5,
        "and none on the wrong side": wrong[1] == 0,
    }


# ---------------------------------------------------------------- stops of the tour


def rows_and_columns(settings: MatrixSettings) -> Claims:
    """The matrix."""
    m = made(settings)
    K, x, n = m.K, m.columns.x, m.columns.n
    return {
        "six rows, twelve columns": K.shape == (6, 12),
        "an entry is how far the point lies beyond the place": bool(
            np.allclose(K[:, :n] - K[:, n:], np.subtract.outer(x, x)) and (K >= 0).all()
        ),
        "two columns are zero": np.array_equal(np.flatnonzero(~K.any(axis=0)), [n - 1, n]),
    }


def weights_on_columns(settings: MatrixSettings) -> Claims:
    """A network is a weight for each column."""
    m = made(settings)
    network = m.solution.network
    return {
        "K w + c are the values of the network": bool(np.allclose(m.f, network.predict(m.columns.x[:, None]))),
        "its price is the l1 norm": bool(np.isclose(np.abs(m.columns.w).sum(), m.solution.objective, rtol=TOUCH)),
        "two of twelve columns": (m.used, 2 * m.columns.n) == (2, 12),
        "every margin is met": bool((m.columns.y * m.f).min() >= 1 - TOUCH),
    }


def margins_and_multipliers(settings: MatrixSettings) -> Claims:
    """Rows: the margins."""
    m = made(settings)
    margin, v = m.columns.y * m.f, m.columns.v
    return {
        "four of six rows are lit": (m.lit, m.columns.n) == (4, 6),
        "they are on the margin": bool(np.allclose(margin[m.columns.rows_lit], 1.0, atol=TOUCH)),
        "v has the sign of the label": bool((m.columns.y * v >= -TOUCH).all()),
        "and sums to zero": bool(abs(v.sum()) < TOUCH * np.abs(v).sum()),
        "where a margin is larger v is zero": bool((np.abs(v[margin > 1 + TOUCH]) < TOUCH).all()),
        "|v_i| is the rate of the price in the margin asked for": bool(np.allclose(rates(m), np.abs(v), rtol=1e-3)),
    }


def rates(m: Made) -> Array:
    """(n,) by how much the least l1 norm rises, for each unit of margin that one point asks for on top of 1."""
    signed = np.hstack([m.K, -m.K, np.ones((m.columns.n, 1))]) * m.columns.y[:, None]
    cost, free = np.append(np.ones(4 * m.columns.n), 0.0), [(0, None)] * (4 * m.columns.n) + [(None, None)]
    asked = 1.0 + np.vstack([np.zeros(m.columns.n), MORE * np.eye(m.columns.n)])
    prices = np.array([linprog(cost, A_ub=-signed, b_ub=-margins, bounds=free).fun for margins in asked])
    return (prices[1:] - prices[0]) / MORE


def the_proof(settings: MatrixSettings) -> Claims:
    """The proof, column by column."""
    m = made(settings)
    lit = m.columns.columns_lit
    return {
        "|K'v| is at most 1": bool(np.abs(m.gain).max() <= 1 + TOUCH),
        "and 1 in every column in use": bool(np.allclose(m.gain[lit], np.sign(m.columns.w[lit]), atol=TOUCH)),
        "the sum of |v| is the price": bool(
            np.isclose(np.abs(m.columns.v).sum(), np.abs(m.columns.w).sum(), rtol=TOUCH)
        ),
    }


def the_borders(settings: MatrixSettings) -> Claims:
    """The regions are sign intervals."""
    m = made(settings)
    x, y, found = m.columns.x, m.columns.y, m.found.borders
    changes = np.flatnonzero(np.diff(y))
    return {
        "two borders": len(found) == 2,
        "one between any two neighbours of opposite labels": len(found) == len(changes)
        and bool(((x[changes] < found) & (found < x[changes + 1])).all()),
        "the network is zero there": bool(np.allclose(m.solution.network.predict(found[:, None]), 0.0, atol=TOUCH)),
    }


def two_norms(settings: MatrixSettings) -> Claims:
    """Beside it: the tangent kernel."""
    m = made(settings)
    tangent = m.found.tangent
    assert tangent is not None
    return {
        "it meets the same margins": bool((m.points.y * tangent.values).min() >= 1 - TOUCH),
        "with a weight on 16 of 24 columns": (m.moved, 2 * m.columns.n) == (16, 24),
        "against 2": m.used == 2,
        "alpha is zero at the points that are not lit": not tangent.alpha[m.found.order][~m.columns.rows_lit].any(),
    }


def the_same_for_numbers(settings: MatrixSettings) -> Claims:
    """Regression: the same matrix."""
    m = made(settings)
    return {
        "v is the residual": bool(np.allclose(m.columns.v, m.columns.y - m.f, atol=1e-4)),
        "every row is lit": m.lit == m.columns.n,
        "4 of 40 columns": (m.used, 2 * m.columns.n) == (4, 40),
        "38 with the tangent kernel": m.moved == 38,
    }
