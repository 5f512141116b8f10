"""Weights of the points: loss = sum_i s_i l(f_i, y_i), s >= 0.

Points of weight 0 are left out, which is exact: v is 0 there. The others are solved in a unit t of about their mean,
a power of two, so that nothing rounds: P(s, beta) = t P(s / t, beta / t), with v t times that of the latter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_weights
from ..losses import Loss
from ..network import Array
from ..solution import Round, Solution


@dataclass(frozen=True, eq=False)
class Weighing:
    """Which points take part, and their loss.

    Attributes
    ----------
    kept : (n,) mask of the points of positive weight; None for all.
    loss : of those, with their weights divided by `unit`.
    unit : t.
    """

    kept: np.ndarray | None
    loss: Loss
    unit: float

    def part(self, values: Array) -> Array:
        """The rows that take part."""
        return values if self.kept is None else values[self.kept]

    def whole(self, solution: Solution) -> Solution:
        """The solution of the problem over the parts, in its unit, as one of the problem given."""
        if self.kept is None and self.unit == 1.0:
            return solution
        return replace(
            solution,
            rounding=self.unit * solution.rounding,
            objective=self.unit * solution.objective,
            lower_bound=self.unit * solution.lower_bound,
            v=self._spread(solution.v),
            multipliers=solution.multipliers and self.unit * solution.multipliers,
            history=tuple(map(self._round, solution.history)),
        )

    def _spread(self, v: Array) -> Array:
        if self.kept is None:
            return self.unit * v
        whole = np.zeros((len(self.kept), *v.shape[1:]))
        whole[self.kept] = self.unit * v
        return whole

    def _round(self, seen: Round) -> Round:
        v = None if seen.v is None else self._spread(seen.v)
        upper, lower, maximum = (self.unit * number for number in (seen.upper, seen.lower, seen.maximum))
        return replace(seen, upper=upper, lower=lower, maximum=maximum, v=v)


def weigh(sample_weight: ArrayLike | None, n: int, loss: Loss) -> Weighing:
    """Take the weights (n,), or None for 1 each, into the loss; ValueError where they are not usable."""
    if sample_weight is None:
        return Weighing(None, loss, 1.0)
    weight = check_weights(sample_weight, n)
    largest = float(weight.max())
    kept = weight > np.finfo(float).tiny * largest  # what is less than that could not be divided by
    unit = 1.0
    if not loss.constrained:
        mean = largest * float(np.mean(weight[kept] / largest))
        unit = float(2.0 ** np.round(np.log2(mean)))
    weight = weight[kept] / unit
    term = loss if loss.constrained or (weight == 1.0).all() else loss.weighted(weight)
    return Weighing(None if kept.all() else kept, term, unit)
