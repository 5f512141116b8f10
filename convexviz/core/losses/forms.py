"""Forms in which a loss may offer itself to a solver of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import clarabel
import numpy as np
from scipy import sparse

from ..network import Array


@dataclass(frozen=True)
class LinearForm:
    """A data term that is a linear program in slacks xi, zeta >= 0 of every point.

    margin   min sum short xi                  s.t.  y f + xi >= 1
    else     min sum short xi + over zeta      s.t.  f + xi - zeta = y

    A price of infinity leaves no slack: the loss is a constraint.

    Attributes
    ----------
    margin : which of the two.
    short : price of f, or y f, being too low by one.
    over : price of f being too high by one.
    """

    margin: bool
    short: float
    over: float = np.inf

    @property
    def hard(self) -> bool:
        """Whether it is a constraint."""
        return self.short == np.inf


@dataclass(frozen=True, eq=False)
class ConicForm:
    """sum_i count_i terms(f_i, y_i) / unit = min_z cost.z + 1/2 z' diag(curved) z  s.t. M f + N z + s = b,  s in cones.

    Attributes
    ----------
    cost, curved : (m,); solvers have absolute tolerances, so that costs far below one ask for a `unit`.
    of_f : entries of M: row, point and value of each, (e,).
    of_z : N (rows, m).
    b : (rows,).
    zero, nonnegative, exponential : rows that are equations, rows with s >= 0, and triples of rows in the exponential
        cone, in this order.
    """

    cost: Array
    curved: Array
    of_f: tuple[np.ndarray, np.ndarray, Array]
    of_z: sparse.csc_matrix
    b: Array
    zero: int = 0
    nonnegative: int = 0
    exponential: int = 0
    unit: float = 1.0

    def cones(self, zero: int, nonnegative: int) -> list[Any]:
        """Those of Clarabel, with so many equations before its own and so many inequalities before its own."""
        return [
            clarabel.ZeroConeT(zero + self.zero),
            clarabel.NonnegativeConeT(nonnegative + self.nonnegative),
            *[clarabel.ExponentialConeT()] * self.exponential,
        ]

    def quadratic(self, before: int) -> sparse.csc_matrix:
        """The matrix of the quadratic cost, for so many variables before z."""
        at = np.flatnonzero(self.curved)
        size = before + len(self.curved)
        return sparse.csc_matrix((self.curved[at], (before + at, before + at)), shape=(size, size))


@dataclass(frozen=True)
class ResidualForm:
    """l(r) = sup over low <= v <= high of r v - curvature v^2 / 2, see `residuals`."""

    curvature: float
    low: float
    high: float
