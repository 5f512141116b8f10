"""The one clock by which limits of time are kept.

A deadline is a value of `now()` after which a solver comes back with what it has; `NEVER` is none, and then nothing
here is asked what decides a result. Tests put a clock of their own in place of `now`, so call it as `clock.now()`.
"""

from __future__ import annotations

import time

import numpy as np

NEVER = np.inf


def now() -> float:
    """Seconds from an arbitrary origin, never falling."""
    return time.perf_counter()


def left(deadline: float) -> float:
    """Seconds until the deadline, not below zero; infinite where there is none."""
    return max(0.0, deadline - now()) if deadline < NEVER else NEVER


def passed(deadline: float) -> bool:
    """Whether the deadline has passed; the clock is not looked at where there is none."""
    return deadline < NEVER and now() > deadline
