"""The training problem over neurons held, for losses that are a cone program: Clarabel, then Newton to the last digit.

    min cost.z + 1/2 z' diag(curved) z + beta sum w   s.t.  M (c + A w) + N z + s = b,  s in cones,  w >= 0

with the loss's own variables z, see `ConicForm`. The multipliers l of the rows give v = -M' l. For a smooth loss the
active-set Newton method goes on from there: it needs curvature only near the optimum.
"""

from __future__ import annotations

from functools import cached_property

import clarabel
import numpy as np
from scipy import sparse

from ..line.conic import clarabel_answer
from ..losses.forms import ConicForm
from ..network import Array
from ..numerics.highs import OutOfTime
from .base import SignedMaster
from .columns import Columns, Weights
from .smooth import Newton

USED = 1e-7  # share of the largest weight below which a neuron is what an interior-point method leaves of none
ACCURACY = 1e-10


class ConicMaster(SignedMaster):
    """The problem over the neurons held."""

    @cached_property
    def form(self) -> ConicForm:
        """The loss as a cone program."""
        form = self.loss.conic(self.y, np.ones(len(self.y)))
        assert form is not None
        return form

    @cached_property
    def of_f(self) -> sparse.csc_matrix:
        """What the outputs f are multiplied by in its rows."""
        row, point, value = self.form.of_f
        return sparse.csc_matrix((value, (row, point)), shape=(len(self.form.b), len(self.y)))

    def solve(self, columns: Columns) -> Weights:
        """Optimum over `columns`; TimeoutError once the deadline has passed, SolveError where Clarabel fails."""
        A = columns.signed(self.X)
        try:
            answer = self._program(A)
        except OutOfTime:
            raise TimeoutError from None
        if not self.loss.smooth:
            return answer
        newton = Newton(A, self.y, self.beta, self.loss, self.bias, self.deadline)
        start = np.where(answer.w > USED * answer.w.max(initial=0.0), answer.w, 0.0)
        return newton.solve(start, self.least_gain, answer.c)

    def kept(self, columns: Columns, merged: Columns) -> Columns:
        """What the next round begins with: the merged neurons and those in use of the round before, which merging moves
        off the points they passed through."""
        used = columns.w > 0
        return merged.joined(Columns.new(columns.U[used], columns.b[used], columns.sign[used]))

    def _program(self, A: Array) -> Weights:
        """Variables c (if there is one), w and z, the rows of w >= 0 after the loss's equations."""
        form, of_f, m, free = self.form, self.of_f, A.shape[1], int(self.bias)
        outputs = np.hstack([np.ones((len(A), free)), A])
        data = sparse.hstack([sparse.csc_matrix(of_f @ outputs), form.of_z], format="csc")
        positive = sparse.hstack(
            [sparse.csc_matrix((m, free)), -sparse.eye_array(m), sparse.csc_matrix((m, len(form.cost)))], format="csc"
        )
        rows = sparse.vstack([data[: form.zero], positive, data[form.zero :]], format="csc")
        b = np.concatenate([form.b[: form.zero], np.zeros(m), form.b[form.zero :]])
        cost = np.concatenate([np.zeros(free), np.full(m, self.beta / form.unit), form.cost])
        cones = [cone for cone in form.cones(0, m) if not isinstance(cone, clarabel.ZeroConeT) or form.zero]
        x, _, prices = clarabel_answer(form.quadratic(free + m), cost, rows, b, cones, self.deadline, ACCURACY)
        own = np.concatenate([prices[: form.zero], prices[form.zero + m :]])
        c = float(x[0]) if self.bias else 0.0
        return Weights(np.maximum(x[free : free + m], 0.0), c, -form.unit * (of_f.T @ own))
