"""solve(): validate, choose the solver, train, certify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..data.validation import check_rounds, check_targets, has_columns
from .arguments import check_start, check_verbose
from .cutting.run import MOST_ROUNDS
from .dual.certificate import Certificate, Judge, Known, certify
from .dual.exact.settle import settled
from .losses import Loss, get_loss
from .network import Array, ReLUNetwork
from .numerics import clock, progress
from .numerics.threads import one_thread
from .problem.options import check_data, check_method, check_options, check_shaped, check_what_is_left
from .problem.sample_weights import weigh
from .problem.task import Task, Trained
from .problem.units import units
from .shape import Multipliers, Shape, Slope, check_shape
from .shaped import training as shaped
from .solution import TOLERANCE, Solution
from .solvers import one_output, several_outputs


def solve(
    X: ArrayLike,
    y: ArrayLike,
    beta: float = 0.1,
    loss: str | Loss = "squared",
    bias: bool = True,
    method: str = "auto",
    tol: float = TOLERANCE,
    time_limit: float | None = None,
    start: Solution | None = None,
    cuts: int | None = None,
    stop: Callable[[], bool] | None = None,
    sample_weight: ArrayLike | None = None,
    max_rounds: int | None = None,
    verbose: bool | None = None,
    shape: str | Sequence[str] | None = None,
    slope: Slope | None = None,
) -> Solution:
    """Train a two-layer ReLU network to the global optimum and prove it.

    Minimises loss(f(X), y) + beta sum_j ||w_j|| over networks f(x) = c + sum_j w_j (u_j . x + b_j)_+ of every width
    with ||u_j|| = 1, which is ordinary weight decay at its best scaling (Ergen & Pilanci 2021).

    Parameters
    ----------
    X : (n, d) inputs. Data of rank one or two, in any dimension, get a certified optimum; in more dimensions few points
        do, and many get a network with the bounds that could be proved, or an upper bound only (see `method`).
    y : (n,) targets, or labels -1 / +1 for the losses of labels. Or (n, K), K outputs that share their neurons, w_j in
        R^K, for "squared", and for "logistic", the cross entropy of softmax, with one-hot rows and every class present;
        these are proved on data of rank one or two, or where a cover of the output directions can be afforded. One
        column, K = 1, is the problem of y (n,) with any loss.
    beta : strength of weight decay, positive; plays no part for `interpolate` and `hard_margin`.
    loss : "squared", "huber", "quantile", "interpolate"; for labels "hinge", "logistic", "hard_margin", "squared". Or a
        loss with a parameter of its own, `convexviz.Huber(0.3)`, `convexviz.Quantile(0.9)`.
    bias : whether the neurons have biases b and the network a constant c.
    method : "auto" takes the strongest that data and time afford. On the line "spline" (fast) or "dictionary" (the same
        optimum as a dense program, slow). Else cutting planes with an oracle of the ladder: "sweep" (exact in the
        plane), "space" (exact in three dimensions), "patterns" (exact, without biases, few points),
        "branch_and_bound" (proof for few points, bounds for more), "relaxation" (that of the paper) or "ascent" (many
        starts); "cutting_plane" leaves the choice open. `method` of the result says which it was. For K > 1 outputs
        only "auto".
    tol : relative gap at which the optimum counts as certified.
    time_limit : seconds after which the best network so far comes back, with its honest bounds.
    start : a solution of a similar problem (the data before a drag, a neighbouring beta) to start from.
    cuts : for the cutting planes: neurons of each sign added per round, begun from none, so that `history` can be
        watched; None adds many at once, which is fast. Not for K > 1 outputs.
    stop : for the cutting planes: asked between rounds; once true, the best network so far comes back, with its bounds.
    sample_weight : (n,) weights s_i >= 0 of the points: the loss is sum_i s_i l(f(x_i), y_i). A whole number is a point
        repeated, 0 one left out; to `interpolate` and `hard_margin` any weight above 0 is the same.
    max_rounds : rounds of the solver after which the best network so far comes back, with its honest bounds: a limit
        that stops at the same network on every machine, which `time_limit` does not. A program without rounds ends.
    verbose : True says on standard error, from a second on, how far it is; None does so at a prompt and in a notebook.
    shape : "increasing", "decreasing", "convex" or "concave", or several of them in a tuple: f must have that shape
        between the first and the last data point, one feature and one output only. Beyond them it goes on where that
        costs nothing: all of these four do, a bound of the slope that excludes 0 need not.
    slope : (low, high), bounds of f' there, with None for an open end. The optimum is that over all networks with the
        shape, and its proof is recomputed like every other.

    Returns
    -------
    Solution with the network, objective, lower bound, relative gap and the dual vector that proves it; `network.w` and
    `v` have the axes of y.

    Raises
    ------
    ValueError
        If the input is not usable; `Infeasible`, a ValueError, if `interpolate` or `hard_margin` contradict themselves
        or the shape.
    SolveError
        If every solver failed.

    Examples
    --------
    >>> import numpy as np, convexviz as cv
    >>> X = np.linspace(-1, 1, 5)[:, None]
    >>> s = cv.solve(X, np.abs(X[:, 0]), loss="interpolate")
    >>> s.certified, round(s.objective, 6), s.network.width
    (True, 2.0, 2)
    >>> s = cv.solve(X, np.hstack([np.abs(X), np.maximum(X, 0)]), beta=1e-3)
    >>> s.certified, s.network.w.shape, s.v.shape
    (True, (2, 2), (5, 2))
    >>> s = cv.solve(X, np.abs(X[:, 0]), beta=1e-3, shape="increasing")
    >>> s.certified, bool((np.diff(s.network.predict(X)) >= 0).all())
    (True, True)
    """
    if has_columns(y) and (column := check_targets(y, "y")).shape[1] == 1:
        near = _squeezed(start)
        limits = method, tol, time_limit, near, cuts, stop, sample_weight, max_rounds, verbose
        options = beta, loss, bias, *limits, shape, slope
        return solve(X, column[:, 0], *options).column()
    begin = clock.now()
    several = has_columns(y)
    term = get_loss(loss, several)
    X, y = check_data(X, y, term)
    beta, bias, tol, time_limit, cuts = check_options(
        beta, term, bias, method, tol, time_limit, start, cuts, stop, several
    )
    form = check_shape(shape, slope)
    if form is not None:
        check_shaped(X, bias, method, several)
    rounds = check_rounds(max_rounds, several_outputs.MOST_ROUNDS if several else MOST_ROUNDS)
    weighing = weigh(sample_weight, len(y), term)
    X, y, term = weighing.part(X), weighing.part(y), weighing.loss
    if sample_weight is not None:
        check_what_is_left(y, term)
    own = units(X, y, float(beta) / weighing.unit, term, bias)
    check_method(own.flat, len(y), method, bias, several)
    if form is not None and term.interpolates:
        shaped.refuse_misshapen(X[:, 0], y, form)
    limit = clock.NEVER if time_limit is None else float(time_limit)
    end = clock.NEVER if time_limit is None else begin + limit
    task = Task(own, bias, method, tol, own.warm(start, bias), end, cuts, stop, limit, rounds)
    with progress.line("training", check_verbose(verbose)), one_thread():
        if form is not None:
            trained = shaped.train(task, form.scaled(own.of_y / own.of_x))
        else:
            trained = several_outputs.train(task) if several else one_output.train(task)
        solution = in_full(trained, X, y, float(beta) / weighing.unit, term, task, begin, form)
    return weighing.whole(replace(solution, beta=float(beta)))


def in_full(
    trained: Trained, X: Array, y: Array, beta: float, term: Loss, task: Task, begin: float, form: Shape | None = None
) -> Solution:
    """What was trained in the units of the task as a solution of the problem given, proved there."""
    network, certificate = _as_given(trained.network, trained.certificate, X, y, beta, term, task, form)
    return Solution(
        network=network,
        objective=certificate.objective,
        lower_bound=certificate.lower_bound,
        gap=certificate.gap,
        certified=certificate.holds(task.tol),
        v=certificate.v,
        history=tuple(map(task.own.round_given, trained.history)),
        method=trained.method,
        seconds=clock.now() - begin,
        beta=beta,
        loss=term.name,
        exactness=trained.exactness,
        bias=task.bias,
        rounding=certificate.rounding,
        shape=() if form is None else form.names,
        slope=None if form is None else form.slope,
        multipliers=certificate.multipliers,
    )


def _squeezed(start: Any) -> Solution | None:
    """The solution to start from, for one column: that of one column as one of y (n,), None where it has more."""
    check_start(start, axes=2)
    return None if start is None or start.network.outputs > 1 else start.squeezed()


def _as_given(
    network: ReLUNetwork,
    certificate: Certificate,
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    task: Task,
    shape: Shape | None,
) -> tuple[ReLUNetwork, Certificate]:
    """The network on the data as they were given, and its certificate there: nothing on the way is taken on trust.

    M(v) is not computed again: v differs by a factor, and what the flat leaves out of the data is counted.
    """
    own = task.own
    if shape is not None and not own.trivial:
        network = own.given(network)
        rows = certificate.multipliers or Multipliers.none(np.unique(task.X[:, 0]))
        priced = rows.moved(own.of_v * own.of_x, np.unique(X[:, 0]))
        v = own.of_v * certificate.v
        certificate = certify(network, X, y, beta, loss, [v], only=True, shape=shape, multipliers=[priced])
    elif not own.trivial:
        network = own.given(network)
        judge = None
        if certificate.lower_bound > -np.inf:
            known = Known(certificate.v, certificate.dual_maximum, own.Z)
            judge = Judge(known, own.Z, own.of_x, own.flat.stretch, own.flat.remainder, task.bias)
        v = own.of_v * certificate.v
        again = certify(network, X, y, beta, loss, [v], judge, task.bias, only=True)
        certificate = replace(again, rounding=again.rounding + own.of_objective * certificate.rounding)
    return network, settled(certificate, network, X, y, beta, loss, task.bias, own.flat, task.tol, task.deadline, shape)
