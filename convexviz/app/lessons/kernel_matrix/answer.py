"""What the lesson shows of a problem: the optimum as weights on the columns of K, and the tangent kernel beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.core.line.kernel_matrix import borders
from convexviz.core.network import Array
from convexviz.core.rivals.least_norm import LeastNorm, least_norm
from convexviz.figures.kernel_matrix import Columns

RIGHT, LEFT = 1, -1
Column = tuple[int, int]
"""A column by the number of its point on the board and its side, which outlives a drag."""


@dataclass(frozen=True, eq=False)
class Read:
    """An optimum read as columns: `order` (n,) sorts the points of the board, all else is in that order."""

    order: np.ndarray
    columns: Columns
    borders: Array
    tangent: LeastNorm | None

    @property
    def used(self) -> tuple[Column, ...]:
        """Columns with a weight, from left to right."""
        n = self.columns.n
        places = sorted((int(k) % n, RIGHT if k < n else LEFT) for k in np.flatnonzero(self.columns.columns_lit))
        return tuple((int(self.order[k]), side) for k, side in places)

    @property
    def support(self) -> list[int]:
        """Numbers on the board of the points whose rows are lit."""
        return [int(i) for i in self.order[self.columns.rows_lit]]


def read(X: Array, y: Array, solution: cv.Solution, tangent: LeastNorm | None) -> Read:
    """The columns of an optimum for X (n, 1), y (n,)."""
    order = np.argsort(X[:, 0], kind="stable")
    columns = Columns.of(solution, X[:, 0], y, None if tangent is None else tangent.alpha)
    ends = float(columns.x[0]), float(columns.x[-1])
    return Read(order, columns, borders(solution.network, *ends), tangent)


@st.cache_data(max_entries=256, show_spinner=False)
def tangent_of(problem: Problem, beta: float) -> LeastNorm | None:
    """The tangent kernel's least-norm function, None where rounding leaves none."""
    try:
        return least_norm(problem.X, problem.targets, problem.loss, beta)
    except (cv.SolveError, ValueError):
        return None
