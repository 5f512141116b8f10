"""Training with a shape on the line: one convex program on all knots, and one on those where its spline bends.

The multipliers of the first prove the bound on all knots, the second has the few kinks and their last digits. What
comes out is judged by `dual.certificate`, which believes neither.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..dual.certificate import Certificate, certify
from ..errors import Infeasible, SolveError
from ..line.prepared import LineData, prepare
from ..line.spline import dual_of_rows, interpolated, refuse_clashing_labels, serves
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..neurons import least_penalty
from ..numerics import clock
from ..numerics.highs import OutOfTime
from ..oracles.line import LineOracle
from ..problem.task import Task, Trained
from ..shape import Multipliers, Shape
from ..solution import Round
from ..solvers.one_output import CONSTANT, constant
from .network import shaped_network
from .program import Answer, price_of_meeting, solved
from .tighten import tightened

SHAPED = "spline with a shape, exact on the line"
BENT = (1e-5, 1e-7, 1e-9)  # shares of the sharpest kink below which others are the program's distance from none
AS_GOOD = 1e-8  # relative, of the objective with all kinks, that fewer may cost
LEVEL = 1e-11  # relative, by which a constant may cost more than what the program took for better
ROUNDED = 1e-9  # of the steepest slope: targets that miss the shape by less miss it by rounding
SHARP_ENOUGH = 1e-9  # gap from which on better multipliers are looked for
LEAST = 1e-9  # price of an excess over beta for a network without neurons
CONTRADICTS = 1e-7  # margin missed by the best function with the shape, from which on there is none that meets it


def train(task: Task, shape: Shape) -> Trained:
    """The best network with the shape, in the units of the task as the shape is."""
    x, y, beta, loss = task.X[:, 0], task.y, task.beta, task.loss
    if not serves(loss):
        raise ValueError(
            f"shape and slope need a loss that states a linear or a cone program, got {loss.name!r}; choose another "
            "loss, or leave them out."
        )
    knots = np.unique(x)
    if len(knots) == 1:
        flat = constant(task.X, y, beta, loss, LineOracle(task.X))
        none = replace(flat.certificate, multipliers=Multipliers.none(knots))
        return Trained(flat.network, none, (), CONSTANT)
    begin = clock.now()
    try:
        found = _interpolation(x, y, shape) if loss.interpolates else _spline(task, shape)
    except OutOfTime:
        found = [(_line(x, y, loss, shape), (0.0 * y,), Multipliers.none(knots))]
    judged = [(network, _judged(network, duals, weights, task, shape)) for network, duals, weights in found]
    network, best = min(judged, key=lambda pair: (not pair[1].holds(task.tol), pair[0].width, pair[1].gap))
    if best.gap > SHARP_ENOUGH and np.isfinite(best.objective) and not clock.passed(task.deadline):
        best = _sharper(network, best, task, shape)
    done = Round(best.objective, best.lower_bound, len(knots), 0, clock.now() - begin)
    return Trained(network, best, (done,), SHAPED)


Candidate = tuple[ReLUNetwork, tuple[Array, ...], Multipliers]


def _judged(
    network: ReLUNetwork, duals: tuple[Array, ...], multipliers: Multipliers, task: Task, shape: Shape
) -> Certificate:
    return certify(network, task.X, task.y, task.beta, task.loss, duals, shape=shape, multipliers=[multipliers])


def _sharper(network: ReLUNetwork, best: Certificate, task: Task, shape: Shape) -> Certificate:
    """The certificate with the multipliers that prove most together with the network's v, where that is more."""
    loss, beta = task.loss, 1.0 if task.loss.constrained else task.beta
    v = loss.gradient(network.predict(task.X), task.y) if loss.smooth else best.v
    v = loss.feasible(v, task.y, True)
    try:
        found = tightened(task.X[:, 0], v, beta, max(network.penalty, LEAST), shape, task.deadline)
    except (SolveError, OutOfTime):  # the multipliers there are prove what they prove
        return best
    return min(best, _judged(network, (v,), found, task, shape), key=lambda proof: proof.gap)


def _line(x: Array, y: Array, loss: Loss, shape: Shape) -> ReLUNetwork:
    """The straight line of the least slope allowed: it has the shape, and costs next to no time."""
    slope = shape.least
    c = 0.0 if loss.constrained else loss.best_constant(y - slope * x if loss.residual else y)
    return shaped_network(np.array([x.min(), x.max()]), c + slope * float(x.min()), np.array([slope]), shape)


# ------------------------------------------------------------------ losses that weigh


def _spline(task: Task, shape: Shape) -> list[Candidate]:
    """Networks of the program's spline, the one with the fewer kinks last, and what may prove them."""
    x, y, beta, loss, deadline = task.X[:, 0], task.y, task.beta, task.loss, task.deadline
    if clock.passed(deadline):
        raise OutOfTime
    data = prepare(x, y, loss)
    given, plain = loss.plain, loss.plain.rescaled(data.unit)
    if loss.constrained:
        refuse_clashing_labels(data, x)
    scaled = shape.scaled(data.unit / data.length)
    strength = (1.0 if loss.constrained else beta) / (data.length * data.unit ** (plain.degree - 1))
    every = np.arange(len(data.t))
    if loss.constrained:
        _refuse_contradiction(data, task.own.flat.centre[0] + task.own.of_x * x, scaled, deadline)
    first = solved(data, plain, strength, scaled, every, deadline)
    multipliers = _on_all_knots(first.multipliers, data, x) * (data.length * data.unit ** (plain.degree - 1))
    answers = [(every, first), *_fewer(data, plain, strength, scaled, first, deadline)]
    out = []
    for chosen, answer in answers:
        knots = data.origin + data.length * data.t[chosen]
        start = data.shift + data.unit * answer.first
        network = shaped_network(knots, start, answer.slopes * (data.unit / data.length), shape)
        network = loss.enforced(network, (data.origin + data.length * data.place)[:, None], data.target)
        duals: tuple[Array, ...] = () if first.mass is None else (dual_of_rows(data, given, y, first.mass),)
        out.append((network, duals, multipliers))
    return out


def total_of(data: LineData, loss: Loss, beta: float, chosen: np.ndarray, answer: Answer) -> float:
    """Data term and penalty of an answer on the chosen knots, in its units."""
    t = data.t[chosen]
    f = np.interp(data.place, t, answer.values(np.diff(t)))
    return loss.value(f, data.target, data.count) + beta * least_penalty(answer.slopes)


def _fewer(
    data: LineData, loss: Loss, beta: float, shape: Shape, first: Answer, deadline: float
) -> list[tuple[np.ndarray, Answer]]:
    """The optimum on the knots where the first answer bends, or the constant, where that is as good."""
    every = np.arange(len(data.t))
    total = total_of(data, loss, beta, every, first)
    ends = every[[0, -1]]
    if not loss.constrained and shape.level:
        flat = Answer(loss.best_constant(data.target, data.count), np.zeros(1), None, first.multipliers)
        if total_of(data, loss, beta, ends, flat) <= total + LEVEL * abs(total):
            return [(ends, flat)]
    kinks = np.abs(np.diff(first.slopes))
    for share in BENT:
        bent = np.flatnonzero(kinks > share * kinks.max(initial=0.0)) + 1
        chosen = np.concatenate([ends[:1], bent, ends[1:]])
        if len(chosen) == len(every) or clock.passed(deadline):
            return []
        try:
            fewer = solved(data, loss, beta, shape, chosen, deadline)
        except (SolveError, OutOfTime):
            continue
        if total_of(data, loss, beta, chosen, fewer) <= total + AS_GOOD * abs(total):
            return [(chosen, fewer)]
    return []


def _on_all_knots(multipliers: Multipliers, data: LineData, x: Array) -> Multipliers:
    """From the knots of the program to the distinct points: those it took for one have no row between them."""
    knots, where = np.unique(x, return_inverse=True)
    if len(knots) == len(data.t):
        return multipliers.moved(1.0, knots)
    knot = np.empty(len(knots), int)
    knot[where] = data.knot[data.row]
    slopes = np.zeros(len(knots) - 1)
    slopes[np.diff(knot) > 0] = multipliers.slopes
    return Multipliers(knots, slopes, multipliers.inner[knot][1:-1])


def _refuse_contradiction(data: LineData, x: Array, shape: Shape, deadline: float) -> None:
    """Raise Infeasible with the points where no function of the shape can have the margin, if there are such."""
    short, price = price_of_meeting(data, shape, deadline)
    if short <= CONTRADICTS:
        return
    rows = np.flatnonzero(price > CONTRADICTS * price.max())
    points = np.array([int(np.flatnonzero(data.row == row)[0]) for row in rows])
    where = ", ".join(
        f"x = {x[i]:.6g} ({'+1' if data.target[row] > 0 else '-1'})" for i, row in zip(points, rows, strict=True)
    )
    raise Infeasible(
        f"A hard margin with this shape ({shape.words}) needs labels that such a function can have; those at {where} "
        "contradict it. Move or delete one of them, choose another shape, or the hinge loss."
    )


# ------------------------------------------------------------------ interpolation


def _interpolation(x: Array, y: Array, shape: Shape) -> list[Candidate]:
    """The spline through the data has the shape if any function through them has; then it is the best without one."""
    answer = interpolated(x, y)
    knots, first = np.unique(x, return_index=True)
    slopes = np.diff(y[first]) / np.diff(knots)
    slopes = shape.projected(slopes)
    return [(shaped_network(knots, float(y[first][0]), slopes, shape), answer.duals, Multipliers.none(knots))]


def refuse_misshapen(x: Array, y: Array, shape: Shape) -> None:
    """Raise Infeasible with the first points (x, y), (n,) each, that no function of the shape goes through.

    Points of equal x are the business of the interpolation itself.
    """
    knots, first = np.unique(x, return_index=True)
    F = y[first]
    slopes = np.diff(F) / np.diff(knots)
    if not len(slopes):
        return
    noise = 4 * np.finfo(float).eps * np.maximum(np.abs(F[1:]), np.abs(F[:-1])) / np.diff(knots)
    allowed = ROUNDED * float(np.abs(slopes).max()) + noise
    steep = np.flatnonzero((slopes < shape.low - allowed) | (slopes > shape.high + allowed))
    if len(steep):
        i = int(steep[0])
        raise _misshapen(shape, knots[i : i + 2], f"where the slope is {slopes[i]:.6g}")
    rise, near = np.diff(slopes), allowed[1:] + allowed[:-1]
    bent = np.flatnonzero((shape.convex & (rise < -near)) | (shape.concave & (rise > near)))
    if len(bent):
        i = int(bent[0])
        raise _misshapen(shape, knots[i : i + 3], f"where the slope goes from {slopes[i]:.6g} to {slopes[i + 1]:.6g}")


def _misshapen(shape: Shape, places: Array, what: str) -> Infeasible:
    named = ", ".join(f"{place:.6g}" for place in places[:-1]) + f" and {places[-1]:.6g}"
    return Infeasible(
        f"Interpolation with this shape ({shape.words}) needs targets that have it; they do not at x = {named}, "
        f"{what}. Move one of these points, choose another shape, or the squared loss."
    )
