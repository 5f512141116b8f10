"""Single values a caller may pass: numbers, whole numbers, switches, names and functions.

Numbers of every kind count: Python's, numpy's scalars of any precision, and arrays without axes. Texts, truth values
and complex numbers are none. Every message says what must hold, what came, and what to do.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np

SHOWN = 80  # characters of a value that a message quotes: enough to know it again


def real_number(value: Any) -> float | None:
    """The value as a float, infinite where it is too large for one; None where it is no real number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:  # of a whole number or a fraction
        return math.inf if value > 0 else -math.inf  # type: ignore[operator]


def whole_number(value: Any) -> int | None:
    """The value as an int; None where it is no whole number."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def check_flag(value: Any, name: str) -> bool:
    """A switch: True or False, numpy's too."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {shown(value)}; use {name}=True or {name}=False.")
    return bool(value)


def check_choice(
    value: Any, name: str, known: Iterable[str], remedy: str = "Choose one of these names.", for_whom: str = ""
) -> str:
    """One of the known names; `for_whom` follows them in the message."""
    known = list(known)
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}{for_whom}; got {shown(value)}. {remedy}")
    return str(value)


def check_callable(value: Any, name: str, task: str) -> None:
    """A function, or None; `task` says what it is to do."""
    if value is not None and not callable(value):
        raise ValueError(f"{name} must be a function or None, got {shown(value)}; pass one {task}, or leave it out.")


def shown(value: Any) -> str:
    """The value as a message quotes it: on one line, and no longer than one can read."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whatever a stranger's repr raises; Python's own refuses ints of thousands of digits
        return f"an object of type {type(value).__name__}"
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
