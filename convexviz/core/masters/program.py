"""The training problem over neurons held, for any loss that cvxpy knows: slow and plain.

min loss(c + A w, y) + beta sum w   over w >= 0
"""

from __future__ import annotations

import warnings

import cvxpy as cp
import numpy as np

from ..errors import SolveError
from ..line.dictionary import oriented
from ..numerics import clock
from .base import SignedMaster
from .columns import Columns, Weights

ACCURACY = 1e-10


class ProgramMaster(SignedMaster):
    """The problem over the neurons held. All stay, as in `LinearMaster`: the duals of a loss with kinks jump."""

    def solve(self, columns: Columns) -> Weights:
        """Optimum over `columns`; TimeoutError once the deadline has passed, SolveError where the solver fails."""
        if clock.passed(self.deadline):
            raise TimeoutError
        A = columns.signed(self.X)
        f, c = cp.Variable(len(A)), cp.Variable() if self.bias else cp.Constant(0.0)
        w = cp.Variable(A.shape[1], nonneg=True) if A.shape[1] else cp.Constant(np.zeros(0))
        definition = f == (A @ w + c if A.shape[1] else c * np.ones(len(A)))
        term, constraints = self.loss.cvxpy_term(f, self.y)
        problem = cp.Problem(cp.Minimize(term + self.beta * cp.sum(w)), [definition, *constraints])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # "may be inaccurate": the certificate tells
                problem.solve(solver=cp.CLARABEL, tol_gap_abs=ACCURACY, tol_gap_rel=ACCURACY, tol_feas=ACCURACY)
        except cp.SolverError as error:
            raise SolveError(f"The solver failed ({error}). Rescale the data or use a larger beta.", "error") from None
        if problem.status not in ("optimal", "optimal_inaccurate"):
            raise SolveError(
                f"The solver says {problem.status!r}. Rescale the data or use a larger beta.", problem.status
            )
        v = oriented(definition.dual_value, np.asarray(f.value), self.y, self.loss)
        return Weights(np.maximum(np.asarray(w.value), 0.0), float(np.asarray(c.value)), v)

    def kept(self, columns: Columns, merged: Columns) -> Columns:
        """What the next round begins with."""
        return columns.joined(merged)
