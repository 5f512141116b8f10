"""Ordinary training, for contrast: gradient descent on the weight-decay form of the problem that `solve` solves.

    min  loss(f(X), y) + (beta/2) sum_j (||u_j||^2 + w_j^2),     f(x) = c + sum_j w_j (u_j . x + b_j)_+,   m neurons

over all of u, b, w, c, for one width m, from a random start. scikit-learn's MLPRegressor (squared) and MLPClassifier
(logistic) with alpha = beta minimise exactly this, divided by n; their biases are free of decay. Rescaled to
||u_j|| = 1 a network costs beta sum |w_j|, which is less by (beta/2) sum_j (||u_j|| - |w_j|)^2, so that every run ends
at or above the optimum of the convex problem: Ergen & Pilanci (2021), section 2.

Adam and SGD (momentum 0.9) take full batches: no chance but in the start. How every iteration comes to be looked at,
and why L-BFGS is let go on longer than scikit-learn lets it, is told in `descent_film.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...data.scalars import check_callable, check_choice, real_number, shown
from ...data.validation import check_count, check_problem, check_seed
from ..arguments import check_beta, check_verbose
from ..losses import LOSSES as EVERY
from ..losses import Loss, get_loss
from ..network import Array, ReLUNetwork
from ..numerics.progress import line
from ..numerics.threads import one_thread
from .descent_film import Film, FilmedClassifier, FilmedRegressor, Outcome, Snapshot, schedule, unit_norm

__all__ = ["LOSSES", "RATES", "SOLVERS", "Run", "Snapshot", "merged", "schedule", "train", "unit_norm"]

LOSSES = tuple(name for name, loss in EVERY.items() if loss.perceptron)
RATES = {"lbfgs": 1.0, "adam": 3e-3, "sgd": 3e-2}  # of learning, unless told; L-BFGS finds its own
SOLVERS = tuple(RATES)
MOST_SEEDS = 2**32 - 1  # of scikit-learn's generator
MOST_NEURONS = 10**6  # a network of more is not trained in anybody's time, but takes all memory there is
MOST = 10**9  # iterations, or snapshots of them
NEGLIGIBLE = 1e-4  # share of sum |w| that the neurons of a merged network that become constants may have together
ROUNDING = 1e-9  # of the outputs: neurons that all together do less do nothing
TOUCH = 3e-3  # distance, relative to the spread of the data, within which a trained neuron's line is at a point


@dataclass(frozen=True, eq=False)
class Run:
    """One training from one random start.

    Attributes
    ----------
    width, seed, solver : of the run; `width` and `seed` alone determine the start.
    snapshots : some of the iterations, close together at first, the first and the last among them.
    iterations : (T,) 0, 1, ..., every iteration there was.
    objectives, weight_decay_objectives : (T,) both forms of the objective after each.
    seconds : wall time.
    outcome : "converged" (L-BFGS finds no step that lowers the objective), "iterations" (all used up), "stopped" (by
        `stop`) or "diverged" (steps too long; the last network before is the final one).
    network : final network, unit-norm form.
    merged : the final network as optimal ones are drawn: see `merged`.
    """

    width: int
    seed: int
    solver: str
    snapshots: tuple[Snapshot, ...] = field(repr=False)
    iterations: Array = field(repr=False)
    objectives: Array = field(repr=False)
    weight_decay_objectives: Array = field(repr=False)
    seconds: float
    outcome: Outcome
    network: ReLUNetwork = field(repr=False)
    merged: ReLUNetwork = field(repr=False)

    @property
    def converged(self) -> bool:
        """Whether the solver itself saw no further descent."""
        return self.outcome == "converged"

    @property
    def objective(self) -> float:
        """loss + beta sum |w_j| of the final network."""
        return float(self.objectives[-1])


def train(
    X: ArrayLike,
    y: ArrayLike,
    beta: float,
    loss: str | Loss = "squared",
    *,
    width: int = 50,
    seed: int = 0,
    solver: str = "lbfgs",
    iterations: int = 2000,
    frames: int = 60,
    learning_rate: float | None = None,
    watch: Callable[[Snapshot], None] | None = None,
    stop: Callable[[], bool] | None = None,
    verbose: bool | None = None,
) -> Run:
    """Train a network of `width` neurons by gradient descent and keep the way it went.

    Parameters
    ----------
    X, y : (n, d) inputs; (n,) targets, or labels -1 / +1 for the logistic loss.
    beta : strength of weight decay, positive.
    loss : "squared" or "logistic".
    width, seed : the random start depends on these and d only: all solvers set out from the same network.
    solver : "lbfgs", or "adam" or "sgd" on full batches.
    iterations : at most so many; for Adam and SGD exactly so many epochs.
    frames : how many snapshots to keep if all iterations are used up.
    learning_rate : of Adam and SGD; None takes `RATES`.
    watch : called with each snapshot as soon as there is one.
    stop : asked after every iteration; once true the run ends.
    verbose : as in `convexviz.solve`.

    Raises ValueError for unusable data or options, and for losses without a gradient to follow.
    """
    begin = time.perf_counter()
    term = _check_loss(loss)
    X, y = check_problem(X, y, classification=term.classification)
    beta, rate = check_beta(beta, "use for instance beta=0.1"), _check_rate(learning_rate)
    check_choice(solver, "solver", SOLVERS)
    width, seed = check_count(width, 1, MOST_NEURONS, "width"), check_seed(seed, MOST_SEEDS)
    iterations, frames = (
        check_count(value, least, MOST, name)
        for name, value, least in (("iterations", iterations, 1), ("frames", frames, 2))
    )
    check_callable(watch, "watch", "that takes a snapshot")
    check_callable(stop, "stop", "that returns True to end")
    film = Film(X, y, beta, term, iterations, frames, watch, stop)
    kind = FilmedClassifier if term.classification else FilmedRegressor
    model = kind(
        hidden_layer_sizes=(width,),
        alpha=beta,
        solver=solver,
        learning_rate_init=RATES[solver] if rate is None else rate,
        random_state=seed,
        max_iter=iterations + 1,  # never used up: scikit-learn would warn, and the film ends it before
        batch_size=len(X),
        shuffle=False,
    )
    model.film = film
    said = line("training", check_verbose(verbose), iterations)
    with said, one_thread(), np.errstate(over="ignore", invalid="ignore"):
        try:
            model.fit(X, y)
        except ValueError:  # scikit-learn's word for parameters that are not finite
            if film.outcome != "diverged":
                raise
    last = film.finish()
    values = np.array(film.values)
    return Run(
        width=width,
        seed=seed,
        solver=solver,
        snapshots=tuple(film.snapshots),
        iterations=np.arange(len(values)),
        objectives=values[:, 0],
        weight_decay_objectives=values[:, 1],
        seconds=time.perf_counter() - begin,
        outcome=film.outcome or "converged",
        network=last.network,
        merged=merged(last.network, X),
    )


def merged(network: ReLUNetwork, X: Array) -> ReLUNetwork:
    """A trained network with its neurons joined as those of optimal networks are, to be counted and drawn beside them.

    Neurons that are silent on all of X (n, d) go; the others merge as in `ReLUNetwork.merge`, where a point next to a
    line counts to both sides: training brings neurons near to an extreme point, never onto it. The lightest are
    constants on the data, up to |w_j| times their diameter, and move into c: weight decay leaves such neurons behind,
    with an enormous b. The outputs on X change by next to nothing.
    """
    awake = np.any(network.activations(X) > 0, axis=0)
    whole = _part(network, awake).merge(X, touch=TOUCH * float(np.ptp(X, axis=0).max()))
    reach = np.abs(whole.w) * float(np.linalg.norm(np.ptp(X, axis=0)))  # no smaller than what a neuron varies by on X
    order = np.argsort(reach, kind="stable")
    heavy = np.empty(len(reach), bool)
    rest = max(NEGLIGIBLE * reach.sum(), ROUNDING * float(np.abs(whole.predict(X)).max()))
    heavy[order] = np.cumsum(reach[order]) > rest
    constant = float(whole.activations(X).mean(axis=0)[~heavy] @ whole.w[~heavy])
    return replace(_part(whole, heavy), c=whole.c + constant)


def _part(network: ReLUNetwork, keep: Array) -> ReLUNetwork:
    return ReLUNetwork(network.U[keep], network.b[keep], network.w[keep], network.c)


def _check_loss(loss: str | Loss) -> Loss:
    term = get_loss(loss)
    if not term.perceptron:
        why = (
            "is a constraint, which has no gradient" if term.constrained else "is not among scikit-learn's for networks"
        )
        raise ValueError(
            f"Gradient training takes the losses {' and '.join(LOSSES)}, got {loss!r}, which {why}; "
            f"use loss={_instead(term)!r}."
        )
    return term


def _instead(term: Loss) -> str:
    """A loss for the same data that gradient training takes."""
    return next(name for name in LOSSES if EVERY[name].classification == term.classification)


def _check_rate(learning_rate: Any) -> float | None:
    number = real_number(learning_rate)
    if learning_rate is not None and (number is None or not 0 < number < np.inf):
        raise ValueError(f"learning_rate must be positive and finite, got {shown(learning_rate)}; leave it out.")
    return number
