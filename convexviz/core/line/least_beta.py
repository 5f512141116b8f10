"""beta_max of the hinge loss on the line: the least beta at which the heavier class's label, everywhere, is optimal.

There the lighter class misses its margin, v_i = s_i y_i, and the heavier one just keeps it, v_i = y_i a_i with
0 <= a_i <= s_i open: beta_max = min over such v with sum v = 0 of M(v). Its dual says what a small spline g with
R(g) <= 1 can gain: max sum_light s_i y_i g_i - sum_heavy s_i (-y_i g_i)_+. A linear program on few knots, the heavier
class in blocks of rows (see `line_blocks`); any v gives an upper bound, any g a lower one.
"""

from __future__ import annotations

import numpy as np

from ..losses import Hinge
from ..network import Array
from ..neurons import least_penalty
from .blocks import Side
from .conic import steepest
from .line_problem import LineProblem
from .prepared import Hats, prepare

FIRST_KNOTS = 65
MOST_ROUNDS = 100
NEAR = 1e-9  # relative distance of the bounds at which beta_max is found


def hinge_beta_max(x: Array, y: Array, weight: Array) -> float:
    """For inputs `x` (n,) with at least two distinct values, labels `y` (n,), weights (n,): the upper bound found."""
    data = prepare(x, y, Hinge().weighted(weight))
    heavier = 1.0 if weight[y > 0].sum() > weight.sum() / 2 else -1.0
    heavy, light = Side(data, heavier), data.target != heavier
    fixed = np.where(light, data.count * data.target, 0.0)
    problem = LineProblem(data, Hinge(), 1.0)
    last = len(data.t) - 1
    chosen = np.unique(np.linspace(0, last, FIRST_KNOTS).astype(int))
    upper, lower = np.inf, 0.0
    for _ in range(MOST_ROUNDS):
        hats = Hats.on(data, chosen)
        program = heavy.gathered(hats, chosen)
        H = program.j, program.s
        F, price = steepest(H, program.label, program.weight, hats.h, hats.adjoint(fixed))
        point = problem.bound(chosen, F, hats, fixed + program.spread(price, data))
        upper = min(upper, float(point.height.max()))
        excess = -data.target * hats.values(F)
        gain = -float(data.count @ np.where(light, excess, np.maximum(excess, 0.0)))
        lower = max(lower, gain / max(least_penalty(np.diff(F) / hats.h), np.finfo(float).tiny))
        crossed = heavy.cut(excess, chosen)
        if upper - lower <= NEAR * upper:
            break
        missed = problem.at(max(lower, np.finfo(float).tiny)).violated(point, 64 + len(chosen))
        if not (crossed or len(missed)):
            break
        chosen = np.union1d(chosen, missed)
    return upper * data.length
