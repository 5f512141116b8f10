"""What `solve` and `solve_vector` may be asked for, checked before any work is done."""

from __future__ import annotations

from numbers import Integral, Real

import numpy as np

from . import ladder
from .losses import Loss
from .rank import Reduction

METHODS = ("auto", "spline", "dictionary", "cutting_plane", *ladder.RUNGS)


def check_method(flat: Reduction, n: int, method: str, bias: bool) -> None:
    """Raise ValueError where the method does not fit the data."""
    problem = ladder.Problem(n, flat.rank, bias)
    fits: tuple[str, ...] = ("auto", "spline", "dictionary")
    if flat.rank > 1:
        fits = ("auto", "cutting_plane", *(name for name, rung in ladder.RUNGS.items() if not rung.refusal(problem)))
    if method not in fits:
        why = f"; {ladder.RUNGS[method].refusal(problem)}" if method in ladder.RUNGS and flat.rank > 1 else ""
        raise ValueError(
            f"method must be one of {', '.join(fits)} for data of rank {flat.rank}; got {method!r}{why}. Use 'auto'."
        )


def check_options(beta: float, loss: Loss, method: str, tol: float, time_limit: float | None, cuts: int | None) -> None:
    """Raise ValueError where an option of `solve` makes no sense."""
    if not loss.constrained and not (isinstance(beta, Real) and 0 < float(beta) < np.inf):
        raise ValueError(
            f"beta must be a positive number, got {beta!r}; choose one between 0 and convexviz.beta_max(X, y), or "
            "loss='interpolate' for the limit of beta to 0."
        )
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; got {method!r}. Use 'auto' if in doubt.")
    check_limits(tol, time_limit)
    if cuts is not None and not (isinstance(cuts, Integral) and cuts >= 1):
        raise ValueError(f"cuts must be a whole number from 1 up, or None, got {cuts!r}. Leave it out to go fast.")


def check_limits(tol: float, time_limit: float | None) -> None:
    """Raise ValueError where accuracy or time make no sense."""
    if not (isinstance(tol, Real) and 0 < tol < 1):
        raise ValueError(f"tol must lie between 0 and 1, got {tol!r}; 1e-6 is the default.")
    if time_limit is not None and not (isinstance(time_limit, Real) and time_limit > 0):
        raise ValueError(f"time_limit must be positive seconds or None, got {time_limit!r}. Leave it out for no limit.")
