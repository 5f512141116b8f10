"""What the lesson on rank one promises to show, checked on the data that it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

import convexviz as cv
from convexviz.app.lessons.rank_one.placing import Placed, directions, gain_of
from convexviz.app.lessons.rank_one.settings import RankOneSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points
from convexviz.core.network import Array

SAME = 1e-9  # relative: optima that are found by one route on turned or stretched copies of the data
PROVED = 2e-6  # relative: optima by two routes, each certified to 1e-6
ACROSS = 2.0  # how far to either side of the line the network is looked at

Claims = dict[str, bool]
ANGLES = (-150.0, -60.0, 0.0, 30.0, 90.0)


def data_of(settings: RankOneSettings) -> Points:
    """The points that the settings name."""
    return source.line.named(settings)[0]


def placed_of(settings: RankOneSettings) -> Placed:
    """These points where the settings put them."""
    return Placed(settings, data_of(settings))


def plane(settings: RankOneSettings) -> cv.Solution:
    """The optimum of the points in the plane."""
    placed = placed_of(settings)
    return cv.solve(placed.X, placed.y, beta=settings.beta, loss=settings.loss)


def line(settings: RankOneSettings, beta: float | None = None, without: bool = False) -> cv.Solution:
    """The optimum of the numbers z, with p among them or without it, at beta / scale or another beta."""
    placed = placed_of(settings)
    problem = placed.without if without else placed.on_line
    return cv.solve(problem.X, problem.targets, beta=placed.line_beta if beta is None else beta, loss=settings.loss)


def equal(one: float, other: float, tolerance: float = SAME) -> bool:
    """Whether two optima agree."""
    return bool(np.isclose(one, other, rtol=tolerance, atol=0.0))


def beside(placed: Placed, network: cv.ReLUNetwork) -> Array:
    """Values (3, n) of a network at the points put back on the line, and at those beside them on either side."""
    normal = directions(placed.settings.angle)[1]
    on_line = np.outer(placed.z, placed.a)
    return np.array([network.predict(on_line + t * normal) for t in (0.0, -ACROSS, ACROSS)])


def along(settings: RankOneSettings, network: cv.ReLUNetwork) -> bool:
    """Whether all neurons of a network point along the line."""
    return bool(np.abs(network.U @ directions(settings.angle)[1]).max(initial=0.0) < SAME)


def on_a_line(settings: RankOneSettings) -> Claims:
    """Twelve points on a line."""
    placed, solution = placed_of(settings), plane(settings)
    return {
        "X has rank one": int(np.linalg.matrix_rank(placed.X)) == 1,
        "there are twelve points": len(placed.z) == 12,
        "the optimum of the plane is that of the numbers z": equal(solution.objective, line(settings).objective),
        "and is proved in the plane": solution.certified,
    }


def folded(settings: RankOneSettings) -> Claims:
    """The optimum folds the plane across the line."""
    placed, solution = placed_of(settings), plane(settings)
    values = beside(placed, solution.network)
    return {
        "all neurons point along the line": along(settings, solution.network),
        "the network is constant across the line": bool(np.abs(values - values[0]).max() < SAME),
        "on the line it is the spline": bool(
            np.abs(values[0] - line(settings).network.predict(placed.points.X)).max() < SAME
        ),
        "each break line meets the line at a point": _kinks_at_points(placed, solution.network),
        "there are four neurons": solution.network.width == 4,
    }


def _kinks_at_points(placed: Placed, network: cv.ReLUNetwork) -> bool:
    kinks = -network.b / (network.U @ placed.a)
    return all(np.abs(kink - placed.z).min() < 1e-6 for kink in kinks)


def turned(settings: RankOneSettings) -> Claims:
    """Turning the line changes nothing."""
    optima = [plane(replace(settings, angle=angle)).objective for angle in (*ANGLES, settings.angle)]
    return {
        "the optimum stays as it is": all(equal(optimum, optima[0]) for optimum in optima),
        "the spline of z stays as it is": equal(optima[-1], line(settings).objective),
        "the break lines turn with the line": along(settings, plane(settings).network),
    }


def stretched(settings: RankOneSettings) -> Claims:
    """The scale is a part of beta."""
    unit, here = replace(settings, scale=1.0), plane(settings)
    traded = plane(replace(unit, beta=settings.beta / settings.scale))
    fits = [s.network.predict(placed_of(at).X) for s, at in ((here, settings), (traded, unit))]
    return {
        "the optimum is that of scale 1 at beta / scale": equal(here.objective, traded.objective),
        "and so are the values at the points": bool(np.abs(fits[0] - fits[1]).max() < 1e-6),
        "the weights are worth scale times as much": equal(
            settings.scale * here.network.penalty, traded.network.penalty, 1e-6
        ),
    }


def half_the_scale(settings: RankOneSettings) -> Claims:
    """Half the scale is twice the weight decay."""
    double = line(settings, beta=2 * settings.beta)
    widths = plane(settings).network.width, plane(replace(settings, scale=1.0)).network.width
    return stretched(settings) | {
        "the scale is one half": settings.scale == 0.5,
        "the optimum is that of z at twice the β": equal(plane(settings).objective, double.objective),
        "three neurons are left of four": widths == (3, 4),
    }


def more_by_stretching(settings: RankOneSettings) -> Claims:
    """One and a half times the scale."""
    return stretched(settings) | {
        "the scale is 1.5": settings.scale == 1.5,
        "six neurons": plane(settings).network.width == 6,
        "in place of four": plane(replace(settings, scale=1.0)).network.width == 4,
    }


def between(settings: RankOneSettings) -> Claims:
    """The optimum with p off the line lies between those of p on the line and without p."""
    here, top, bottom = plane(settings), line(settings), line(settings, without=True)
    return {
        "it cannot rise": here.objective <= top.objective * (1 + PROVED),
        "and does not fall below the optimum without p": here.objective >= bottom.lower_bound * (1 - PROVED),
        "the plane has a certificate of its own": here.certified,
    }


def pulled_off(settings: RankOneSettings) -> Claims:
    """p half a unit off the line."""
    placed, here, on = placed_of(settings), plane(settings), line(settings)
    nearer = plane(replace(settings, off=settings.off / 2))
    other_side = plane(replace(settings, off=-settings.off))
    return between(settings) | {
        "p is off the line by one half": abs(settings.off) == 0.5,
        "the optimum is more than a seventh lower": here.objective < (1 - 1 / 7) * on.objective,
        "the line's dual vector breaks: a neuron of the plane gains more than beta": gain_of(placed, on) > 1.01,
        "to either side alike": equal(here.objective, other_side.objective, PROVED),
        "and the farther the lower": here.objective <= nearer.objective * (1 + PROVED),
        "break lines are no longer all across the line": not along(settings, here.network),
    }


def far_off(settings: RankOneSettings) -> Claims:
    """Far off the line p hardly counts."""
    placed, here, rest = placed_of(settings), plane(settings), line(settings, without=True)
    assert placed.moved is not None
    missed = abs(placed.y[placed.moved] - rest.network.predict(placed.points.X[[placed.moved]])[0])
    bound = rest.objective + settings.beta * missed / (settings.scale * abs(settings.off))
    on = line(settings)
    return between(settings) | {
        "p is as far off as it goes": abs(settings.off) == 1.5,
        "one neuron more than without p is enough to come within β |r| / (s |t|) of it": here.objective
        <= bound * (1 + PROVED),
        "it stays above the optimum without p": here.lower_bound > rest.objective,
        "more than nine tenths of the way to the optimum without p": on.objective - here.objective
        > 0.9 * (on.objective - rest.objective),
    }


def largest_residual(settings: RankOneSettings) -> Claims:
    """The point with the largest residual gains the most."""
    placed, on = placed_of(settings), line(settings)
    count = len(placed.z)
    optima = [plane(replace(settings, moved=k + 1)).objective for k in range(count)]
    order = np.argsort(placed.z, kind="stable")
    return {
        "p has the largest residual": int(np.argmax(np.abs(on.v))) == placed.moved,
        "no other point lowers the optimum as much": int(np.argmin(optima)) == settings.moved - 1
        and int(order[np.argmin(optima)]) == placed.moved,
        "it falls by more than a sixth": min(optima) < (1 - 1 / 6) * on.objective,
    }


def all_of(*checks: Callable[[RankOneSettings], Claims]) -> Callable[[RankOneSettings], Claims]:
    """Several checks of the same settings as one."""

    def check(settings: RankOneSettings) -> Claims:
        return {claim: holds for one in checks for claim, holds in one(settings).items()}

    return check
