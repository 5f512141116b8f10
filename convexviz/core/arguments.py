"""What several public functions may be given beside data: checked before any work, and told apart from data by name.

Each check returns the argument as the plain Python value that solvers compute with, or raises ValueError.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..data.scalars import check_flag, real_number, shown, whole_number
from ..data.validation import (
    LARGEST,
    SMALLEST,
    check_arrays,
    check_labels,
    check_outputs,
    check_values,
    has_columns,
    real_array,
)
from .losses import Loss
from .network import Array, ReLUNetwork

BETA_REMEDY = "choose one between 0 and convexviz.beta_max(X, y), or loss='interpolate' for the limit of beta to 0"


def check_beta(beta: Any, remedy: str = BETA_REMEDY, idle: bool = False) -> float:
    """The strength of weight decay, positive and of ordinary size; any number where it is `idle`, plays no part."""
    number = real_number(beta)
    if idle:
        if number is None or math.isnan(number):
            raise ValueError(f"beta must be a number, got {shown(beta)}; leave it out, it plays no part here.")
        return number
    if number is None or not 0 < number < math.inf:
        raise ValueError(f"beta must be a positive number, got {shown(beta)}; {remedy}.")
    if not SMALLEST <= number <= LARGEST:
        raise ValueError(f"beta must lie between {SMALLEST:g} and {LARGEST:g}, got {shown(beta)}; {remedy}.")
    return number


def check_betas(betas: Any) -> list[float]:
    """Strengths of weight decay, at least one, from large to small."""
    listed = check_list(betas, "betas", "positive numbers", "[1.0, 0.1]")
    checked = [check_beta(beta, "leave betas out for the default path") for beta in listed]
    if not checked:
        raise ValueError("betas must hold at least one positive number, got none; leave it out for the default path.")
    return sorted(checked, reverse=True)


def check_limits(tol: Any, time_limit: Any) -> tuple[float, float | None]:
    """A relative accuracy between 0 and 1, and seconds or None for no limit, which infinity is, too."""
    accuracy, seconds = real_number(tol), real_number(time_limit)
    if accuracy is None or not 0 < accuracy < 1:
        raise ValueError(f"tol must lie between 0 and 1, got {shown(tol)}; 1e-6 is the default.")
    if time_limit is not None and (seconds is None or not seconds > 0):
        raise ValueError(
            f"time_limit must be positive seconds or None, got {shown(time_limit)}. Leave it out for no limit."
        )
    return accuracy, None if seconds == math.inf else seconds


def check_verbose(verbose: Any) -> bool | None:
    """True, False, or None for what the place makes of it; whole numbers, as scikit-learn takes them, say it too."""
    if verbose is None:
        return None
    number = whole_number(verbose)
    if isinstance(verbose, bool | np.bool_) or (number is not None and number >= 0):
        return bool(verbose)
    raise ValueError(f"verbose must be True, False, None or a whole number, got {shown(verbose)}; use verbose=True.")


def check_start(start: Any, axes: int = 1) -> None:
    """A solution whose network has weights of so many axes (1 for targets (n,), 2 for (n, K)), or None."""
    if start is None:
        return
    network = getattr(start, "network", None)
    if not isinstance(network, ReLUNetwork) or network.w.ndim != axes:
        came = f"one whose w has shape {network.w.shape}" if isinstance(network, ReLUNetwork) else shown(start)
        raise ValueError(
            f"start must be a solution for targets of shape {('(n,)', '(n, K)')[axes - 1]}, or None, got {came}; pass "
            "what was returned for a similar problem, or leave it out."
        )


def check_candidate(
    network: Any, X: Any, y: Any, beta: Any, loss: Loss, duals: Any, oracle: Any, bias: Any
) -> tuple[Array, Array, float, list[Array]]:
    """X (n, d), y (n,) or (n, K), beta and dual vectors like y for `certify`; ValueError for what it cannot judge."""
    if has_columns(y):
        X, y = check_outputs(X, y, one_hot=loss.one_hot)
    else:
        X, y = check_arrays(X, y, classification=loss.classification)
    if loss.classification:
        check_labels(y)
    check_values(X, "X")
    check_values(y, "y")
    check_network(network, X.shape[1], y.shape[1:])
    check_flag(bias, "bias")
    if oracle is not None and not (callable(getattr(oracle, "maximum", None)) and hasattr(oracle, "exact")):
        raise ValueError(
            f"oracle must have a method maximum(v) and an attribute exact, got {shown(oracle)}; leave it out where "
            "there is none."
        )
    strength = check_beta(beta, "pass that of the problem", idle=loss.constrained)
    return X, y, strength, [_check_dual(v, y.shape) for v in check_list(duals, "duals", "dual vectors", "[v]")]


def _check_dual(v: Any, shape: tuple[int, ...]) -> Array:
    array = real_array(v, "duals")
    if array.shape != shape:
        raise ValueError(f"duals must hold vectors of shape {shape}, got {array.shape}; pass one number per target.")
    check_values(array, "duals")
    return array


def check_list(values: Any, name: str, what: str, example: str) -> list[Any]:
    """Several values in a list, array or whatever else can be gone through; `what` says of which kind."""
    scalar = isinstance(values, str | bytes) or (isinstance(values, np.ndarray) and values.ndim == 0)
    if scalar or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a list of {what}, got {shown(values)}; pass for instance {example}.")
    return list(values)


def check_network(network: Any, d: int | None = None, columns: tuple[int, ...] = ()) -> None:
    """A network on d features, of one output, or of K for columns = (K,)."""
    if not isinstance(network, ReLUNetwork):
        hint = "pass its .network" if hasattr(network, "network") else "pass the .network of a solution"
        raise ValueError(f"network must be a ReLUNetwork, got {shown(network)}; {hint}.")
    if network.w.shape[1:] != columns:
        wanted = f"({', '.join(['m', *map(str, columns)])})" if columns else "(m,)"
        raise ValueError(
            f"network must have weights w of shape {wanted} here, got {network.w.shape}; pass network.output(k) for "
            "output k alone, or targets of as many columns as the network has outputs."
        )
    if d is not None and network.dimension != d:
        raise ValueError(
            f"network and X must have the same number of features, got {network.dimension} in the network and {d} in "
            "X; pass the features the network was trained on."
        )
