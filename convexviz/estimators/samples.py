"""Equal fits as the very same problem: samples in order, equal ones joined, with the sum of their weights.

sum_i s_i loss(f(x_i), y_i) depends neither on the order of the samples nor on whether one of weight 2 stands twice. So
they are sorted, first by x, then by y, samples that agree in both become one, and those of weight 0 none: fits to data
that differ in such things only are equal bit by bit. A joined sample's dual vector is shared out by weight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.network import Array
from ..core.solution import Round, Solution
from .outputs import Solved


@dataclass(frozen=True, eq=False)
class Samples:
    """What is trained on, and how it belongs to the samples given.

    Attributes
    ----------
    X : (m, d) distinct samples in order.
    Y : (m,) or (m, K) their targets.
    weight : (m,) their weights; None where all are 1.
    group : (n,) which of them each sample given has become.
    share : (n,) its part of that one's weight; 0 for a sample left out.
    """

    X: Array
    Y: Array
    weight: Array | None
    group: np.ndarray
    share: Array

    def given(self, solved: Solved) -> Solved:
        """The solution with the dual vectors of the samples given, (n,) or (n, K)."""
        if isinstance(solved, tuple):
            return tuple(self._restored(part) for part in solved)
        return self._restored(solved)

    def _restored(self, solution: Solution) -> Solution:
        return replace(solution, v=self._spread(solution.v), history=tuple(map(self._round, solution.history)))

    def _round(self, seen: Round) -> Round:
        return seen if seen.v is None else replace(seen, v=self._spread(seen.v))

    def _spread(self, v: Array) -> Array:
        return self.share.reshape(-1, *[1] * (v.ndim - 1)) * v[self.group]


def joined(X: Array, Y: Array, weight: Array | None, factor: Array | None = None) -> Samples:
    """Sort and join X (n, d), Y (n,) or (n, K) with weights (n,) >= 0, None for 1 each.

    `factor` (n,) > 0 multiplies the weights after they are summed; equal samples have equal ones, None is 1 each.
    """
    n = len(X)
    weight = np.ones(n) if weight is None else weight
    there = np.flatnonzero(weight > 0)
    table = np.column_stack([X, Y])[there] + 0.0  # which makes -0.0 the zero it equals
    distinct, where = np.unique(table, axis=0, return_inverse=True)
    where = where.reshape(-1)
    order = np.lexsort((weight[there], where))  # so that the rounding of the sums is the same, too
    total: Array = np.bincount(where[order], weights=weight[there][order])
    group, share = np.zeros(n, dtype=int), np.zeros(n)
    group[there], share[there] = where, weight[there] / total[where]
    if factor is not None:
        each = np.empty(len(total))
        each[where] = factor[there]
        total = total * each
    d = X.shape[1]
    targets = distinct[:, d] if Y.ndim == 1 else np.ascontiguousarray(distinct[:, d:])
    inputs = np.ascontiguousarray(distinct[:, :d])
    return Samples(inputs, np.ascontiguousarray(targets), None if (total == 1.0).all() else total, group, share)
