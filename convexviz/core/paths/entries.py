"""The regularisation path at the betas where neurons enter, one at a time as far as the path allows.

From beta_max, where the best constant is optimal, beta falls in even steps of log beta. Between two neighbours whose
numbers of neurons m(beta) differ by more than one, the path is solved halfway (in log beta), and so on, from large beta
to small: bisection for the places where m jumps. P(beta) is nondecreasing and concave in beta, sum |w| nonincreasing,
whatever the betas; m need not be monotone, and neurons that symmetric data bring in together stay together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ..arguments import check_verbose
from ..errors import SolveError
from ..losses import Loss
from ..network import Array
from ..numerics.progress import Line, line
from ..solution import TOLERANCE, Solution
from ..solve import solve
from .path import beta_max

START = 13  # betas before the first bisection
DEPTH = 1e-3  # the path ends at this share of beta_max
MOST = 60  # solves altogether: so many frames are scrubbed well, and are soon solved
CLOSEST = 0.01  # in log beta: neurons that enter nearer than one percent of beta to each other enter at once
ABOVE = 1e-6  # of beta_max, by which the path begins above it: beta_max itself is known up to rounding


def entering_path(
    X: Array,
    y: Array,
    loss: str | Loss = "squared",
    depth: float = DEPTH,
    most: int = MOST,
    tol: float = TOLERANCE,
    time_limit: float | None = None,
    stop: Callable[[], bool] | None = None,
    told: Callable[[Solution], None] | None = None,
    verbose: bool | None = None,
) -> list[Solution]:
    """Solutions from large beta to small, each started from a neighbour, so that few neurons enter between two.

    Parameters
    ----------
    X, y, loss, tol : as in `solve`; the loss must have a beta.
    depth : the path ends at this share of beta_max.
    most : solves at most, at least 2. Bisection goes from large beta to small, hence jumps that are left for want of
        solves are at the small end.
    time_limit : seconds after which the path comes back as far as it got, never empty.
    stop : asked between solves, and by the solver between its rounds; once true, the path ends in the same way. The
        solution that was under way is left out, unless it is the only one.
    told : called with each solution when it is there, in the order of the work.
    verbose : as in `solve`.

    Raises
    ------
    ValueError
        If the input is not usable, or the loss has no beta.
    """
    if not 0 < depth < 1:
        raise ValueError(f"depth must lie between 0 and 1, got {depth!r}; 1e-3 ends the path at beta_max / 1000.")
    if not (isinstance(most, int) and most >= 2):
        raise ValueError(f"most must be a whole number from 2 up, got {most!r}; 60 solves show most paths well.")
    end = np.inf if time_limit is None else time.perf_counter() + time_limit
    top = beta_max(X, y, loss)
    found: dict[float, Solution] = {}

    def ended() -> bool:
        return bool(found) and ((stop is not None and stop()) or time.perf_counter() > end)

    def visit(beta: float, said: Line | None) -> None:
        near = min((known for known in found if known > beta), default=None)
        start = None if near is None else found[near]
        s = solve(X, y, beta=beta, loss=loss, tol=tol, start=start, stop=stop if found else None)
        if not ended() or not found:
            found[beta] = s
            if said is not None:
                said.step(f"beta {beta:.3g}, neurons {s.network.width}")
            if told is not None:
                told(s)

    with line("path", check_verbose(verbose), most) as said:
        _walk(lambda beta: visit(beta, said), ended, found, _first_betas(top, depth, most), most)
    return [found[beta] for beta in sorted(found, reverse=True)]


def _first_betas(top: float, depth: float, most: int) -> list[float]:
    """Even in log beta; where nothing is to be learned (beta_max = 0) one beta tells all."""
    if top <= 0:
        return [1.0]
    steps = np.geomspace(1.0, depth, min(START, most))
    steps[0] += ABOVE
    return [float(beta) for beta in top * steps]


def _walk(
    visit: Callable[[float], None],
    ended: Callable[[], bool],
    found: dict[float, Solution],
    betas: list[float],
    most: int,
) -> None:
    """First all `betas`, then halfway between the neighbours that `_next` names; `most` counts failures too."""
    failed: set[float] = set()
    queue = list(betas)
    for _ in range(most):
        beta = queue.pop(0) if queue else _next(found, failed)
        if beta is None or ended():
            return
        try:
            visit(beta)
        except SolveError:  # a stop of the path that cannot be solved is left out of it
            failed.add(beta)
    if not found:
        raise SolveError("No beta of the path could be solved. Rescale the data.", "no solution")


def _next(found: dict[float, Solution], failed: set[float]) -> float | None:
    """Between the first neighbours, from large beta down, that more than one neuron separates; None if there are none.

    Neighbours nearer than `CLOSEST`, and those whose middle could not be solved, are left as they are.
    """
    for high, low in pairwise(sorted(found, reverse=True)):
        middle = float(np.sqrt(high * low))
        jump = abs(found[low].network.width - found[high].network.width)
        if jump > 1 and np.log(high / low) > CLOSEST and middle not in failed:
            return middle
    return None
