"""What `solve` and `solve_vector` may be asked for, checked before any work is done."""

from __future__ import annotations

from typing import Any

from ...data.scalars import check_callable, check_choice, check_flag, shown, whole_number
from ..arguments import check_beta, check_limits, check_start
from ..ladder import rungs as ladder
from ..losses import Loss
from ..rank import Reduction

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


def check_options(
    beta: Any,
    loss: Loss,
    bias: Any,
    method: Any,
    tol: Any,
    time_limit: Any,
    start: Any = None,
    cuts: Any = None,
    stop: Any = None,
) -> tuple[float, bool, float, float | None, int | None]:
    """beta, bias, tol, time_limit and cuts as plain Python values; ValueError where an option makes no sense."""
    strength = check_beta(beta, idle=loss.constrained)
    check_choice(method, "method", METHODS, "Use 'auto' if in doubt.")
    check_start(start)
    check_callable(stop, "stop", "that returns True to end")
    return strength, check_flag(bias, "bias"), *check_limits(tol, time_limit), _check_cuts(cuts)


def _check_cuts(cuts: Any) -> int | None:
    """Neurons of each sign for a round, or None."""
    number = whole_number(cuts)
    if cuts is not None and (number is None or number < 1):
        raise ValueError(f"cuts must be a whole number from 1 up, or None, got {shown(cuts)}. Leave it out to go fast.")
    return number
