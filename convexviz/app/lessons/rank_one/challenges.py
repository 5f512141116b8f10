"""Challenges of the lesson on rank one."""

from __future__ import annotations

from convexviz.app.compute import answers
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.rank_one.placing import Placed
from convexviz.app.lessons.rank_one.settings import RankOneSettings
from convexviz.app.shell.source import Points

MANY, KEPT_BETA = 6, 0.05  # neurons to reach, at this β
LOWER = 0.15  # share of the optimum that a point is to be worth


def many_neurons(settings: RankOneSettings, points: Points | None) -> bool:
    """Whether the optimum has as many neurons as asked for, β as it was."""
    if points is None or settings.beta != KEPT_BETA or settings.off:
        return False
    solution = answers.solve(Placed(settings, points).in_plane, settings.beta).solution
    return solution is not None and solution.network.width >= MANY


def worth_it(settings: RankOneSettings, points: Points | None) -> bool:
    """Whether p lowers the optimum by as much as asked for."""
    if points is None or not settings.off:
        return False
    placed = Placed(settings, points)
    here = answers.solve(placed.in_plane, settings.beta).solution
    line = answers.solve(placed.on_line, placed.line_beta).solution
    return here is not None and line is not None and here.objective < (1 - LOWER) * line.objective


CHALLENGES = (
    Challenge(
        "six",
        "Bring the optimum to six neurons or more, with all points on the line and without touching β.",
        "What does the length of *a* do to weight decay?",
        "Stretching the line is lowering β: at scale 1.5 the network may bend as at β / 1.5.",
        {},
        many_neurons,
        {"scale": 1.5},
    ),
    Challenge(
        "worth",
        "Find a point that lowers the optimum by more than 15 % when it leaves the line.",
        "Choose p under *Place*. Points that the spline misses by much have much to gain.",
        "A large residual is a large entry of the dual vector: off the line, a neuron can reach it alone.",
        {"moved": 9},
        worth_it,
        {"moved": 1, "off": 1.0},
        figure="leaving",
    ),
)
