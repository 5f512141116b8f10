"""The same optimum with fewer neurons: what the proof does not need is left out."""

from __future__ import annotations

import numpy as np

from ..dual.certificate import gap_of, objective
from ..errors import SolveError
from ..losses import Loss
from ..masters.columns import Columns
from ..network import Array, ReLUNetwork
from ..numerics import clock
from .run import master_for

TOUCH = 1e-9  # a point this close to a neuron's line, relative to the data, lies on it
DEPENDENT = 1e-10  # singular value, relative to the first, below which activations depend on each other


def at_most_n_neurons(network: ReLUNetwork, X: Array, deadline: float = clock.NEVER) -> ReLUNetwork:
    """At most n neurons (rows of X) with the same outputs on X (n, d) and no larger sum |w| (Caratheodory).

    More once the deadline has passed.
    """
    while network.width > len(X) and not clock.passed(deadline):
        A = np.sign(network.w) * network.activations(X)
        z = np.linalg.svd(A)[2][-1]  # A z = 0: more columns than rows
        z = z if z.sum() <= 0 else -z
        size = np.abs(network.w)
        falling = z < 0
        t = float((size[falling] / -z[falling]).min())
        left = size + t * z
        keep = left > DEPENDENT * left.max()
        network = ReLUNetwork(network.U[keep], network.b[keep], (np.sign(network.w) * left)[keep], network.c)
    return network


def without_the_idle(
    network: ReLUNetwork,
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    lower: float,
    tol: float,
    bias: bool,
    deadline: float = clock.NEVER,
) -> ReLUNetwork:
    """As many of the lightest neurons left out as the gap to the bound `lower` allows, the others weighed anew.

    Leaving out more raises the objective, so how many can go is found by bisection, as long as the time allows.
    """
    if clock.passed(deadline):
        return network
    network = network.merge(X, touch=TOUCH * float(np.abs(X).max()))
    network = network.take(np.argsort(-np.abs(network.w), kind="stable"))
    fewest, most, best = 0, network.width, network
    while fewest < most and not clock.passed(deadline):
        kept = (fewest + most) // 2
        fewer = _weighed(network.take(np.arange(kept)), X, y, beta, loss, bias, tol, deadline)
        if fewer is not None and gap_of(objective(fewer, X, y, beta, loss), lower, loss, y) <= tol:
            most, best = kept, fewer
        else:
            fewest = kept + 1
    return best.take(np.argsort(-np.abs(best.w), kind="stable"))


def _weighed(
    network: ReLUNetwork, X: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float, deadline: float
) -> ReLUNetwork | None:
    """The best weights for these neurons, or None where they cannot do what is asked or the time is up."""
    master = master_for(X, y, beta, loss, bias, tol, deadline)
    try:
        answer = master.solve(Columns.of(network))
    except (SolveError, TimeoutError):
        return None
    again = Columns.of(network).network(answer, X).merge(X, touch=TOUCH * float(np.abs(X).max()))
    return loss.enforced(again, X, y)
