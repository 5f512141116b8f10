"""What `solve` may be asked for, checked before any work is done."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...data.scalars import check_callable, check_choice, check_flag, shown, whole_number
from ...data.validation import check_both_classes, check_one_hot, check_outputs, check_problem, has_columns
from ..arguments import BETA_REMEDY, check_beta, check_limits, check_start
from ..ladder import rungs as ladder
from ..losses import Loss
from ..network import Array
from ..rank import Reduction

METHODS = ("auto", "spline", "dictionary", "cutting_plane", *ladder.RUNGS)


def check_data(X: ArrayLike, y: ArrayLike, loss: Loss) -> tuple[Array, Array]:
    """X (n, d) and y (n,) or (n, K) as float64; ValueError unless they can be used."""
    if isinstance(y, np.ndarray) and y.ndim > 2:
        raise ValueError(
            f"y must have shape (n,), or (n, K) for K outputs, got {y.shape}; pass a number or a row for each point."
        )
    if has_columns(y):
        return check_outputs(X, y, one_hot=loss.one_hot)
    return check_problem(X, y, classification=loss.classification)


def check_what_is_left(y: Array, loss: Loss) -> None:
    """Raise ValueError where the points of positive weight do not show every class."""
    if loss.classification:
        check_both_classes(y)
    if loss.one_hot:
        check_one_hot(y)


def check_method(flat: Reduction, n: int, method: str, bias: bool, several: bool = False) -> None:
    """Raise ValueError where the method does not fit the data."""
    if several and method != "auto":
        raise ValueError(
            f"method must be 'auto' for several outputs that share their neurons, got {method!r}; leave it out, or "
            "train each column of y on its own."
        )
    problem = ladder.Problem(n, flat.rank, bias)
    fits: tuple[str, ...] = ("auto", "spline", "dictionary")
    if flat.rank > 1:
        fits = ("auto", "cutting_plane", *(name for name, rung in ladder.RUNGS.items() if not rung.refusal(problem)))
    if method not in fits:
        why = f"; {ladder.RUNGS[method].refusal(problem)}" if method in ladder.RUNGS and flat.rank > 1 else ""
        raise ValueError(
            f"method must be one of {', '.join(fits)} for data of rank {flat.rank}; got {method!r}{why}. Use 'auto'."
        )


def check_shaped(X: Array, bias: bool, method: str, several: bool) -> None:
    """Raise ValueError where a problem can have no shape: it is for one feature, one output, with biases."""
    remedy = "or leave shape and slope out"
    if several:
        raise ValueError(f"shape and slope need one output, got several; train each column of y on its own, {remedy}.")
    if X.shape[1] != 1:
        raise ValueError(
            f"shape and slope need X with one feature, along which f rises or bends, got {X.shape[1]}; choose one, "
            f"{remedy}."
        )
    if not bias:
        raise ValueError(f"shape and slope need bias=True, got bias=False; leave bias out, {remedy}.")
    if method not in ("auto", "spline"):
        raise ValueError(f"shape and slope need method='auto' or 'spline', got {method!r}; use 'auto', {remedy}.")


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
    several: bool = False,
) -> tuple[float, bool, float, float | None, int | None]:
    """beta, bias, tol, time_limit and cuts as plain Python values; ValueError where an option makes no sense."""
    strength = check_beta(beta, "try beta=0.1" if several else BETA_REMEDY, idle=loss.constrained)
    check_choice(method, "method", METHODS, "Use 'auto' if in doubt.")
    check_start(start, axes=2 if several else 1)
    check_callable(stop, "stop", "that returns True to end")
    return strength, check_flag(bias, "bias"), *check_limits(tol, time_limit), _check_cuts(cuts, several)


def _check_cuts(cuts: Any, several: bool) -> int | None:
    """Neurons of each sign for a round, or None."""
    if several and cuts is not None:
        raise ValueError(
            f"cuts must be None for several outputs, whose neurons have no sign, got {shown(cuts)}. Leave it out."
        )
    number = whole_number(cuts)
    if cuts is not None and (number is None or number < 1):
        raise ValueError(f"cuts must be a whole number from 1 up, or None, got {shown(cuts)}. Leave it out to go fast.")
    return number
