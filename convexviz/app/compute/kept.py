"""A network that stays on the page while it stays optimal.

Where more than one network is optimal, a solver may return another one after every small change of the points. What is
drawn would jump although nothing better was found; so the network on the page stays for as long as the new lower bound
proves it optimal for the new points, too. A page that stands at its own link keeps none: it shows what the link opens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import convexviz as cv
from convexviz.app.components.badge import TOLERANCE
from convexviz.app.compute.answers import Answer, Problem
from convexviz.core.dual.certificate import Known, certify
from convexviz.core.losses import band


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on the page: a solution, and the origin of the points that it began with."""

    origin: tuple[object, ...]
    solution: cv.Solution | None

    def solution_of(self, origin: tuple[object, ...]) -> cv.Solution | None:
        """The solution, as long as the points come from the same origin: new data begin with their own answer."""
        return self.solution if self.origin == origin else None


def keep(answer: Answer, last: cv.Solution | None, problem: Problem, tol: float = TOLERANCE) -> Answer:
    """The answer, with the network of `last` where that is proved as good, to the relative tolerance `tol`."""
    s = answer.solution
    if s is None or last is None or not s.certified or (last.loss, last.beta) != (s.loss, s.beta):
        return answer
    if last.network.dimension != problem.d or _same(last.network, s.network):
        return answer
    X, y = problem.X, problem.targets
    bound = Known(s.v, band(s.loss, s.beta), X)  # |N_v| stays within the band: that is proved already
    weights = problem.sample_weight
    proof = certify(last.network, X, y, s.beta, s.loss, [s.v], bound, sample_weight=weights, only=True)
    if not proof.holds(tol):
        return answer
    kept = replace(
        s,
        network=last.network,
        objective=proof.objective,
        lower_bound=proof.lower_bound,
        gap=proof.gap,
        v=proof.v,
        rounding=proof.rounding,
    )
    return replace(answer, solution=kept)


def _same(one: cv.ReLUNetwork, other: cv.ReLUNetwork) -> bool:
    """The cache hands out a copy each time: what is the same is told by its numbers."""
    return one.c == other.c and all(
        np.array_equal(a, b) for a, b in ((one.U, other.U), (one.b, other.b), (one.w, other.w))
    )
