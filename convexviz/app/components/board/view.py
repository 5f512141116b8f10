"""The window of data space that the drawing board shows; it moves only when Python moves it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

Limits = tuple[float, float]

UNIT: Limits = (-1.0, 1.0)
NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)  # mantissas that make round axis ends
NOTHING = 1e-30  # what is smaller is zero on any axis
STEPS_ACROSS = 20  # rounding outward by a twentieth keeps the points large in the window


@dataclass(frozen=True)
class View:
    """Limits of both axes, and of the values `z` where points have one; low before high.

    A board mounted with `equal=True` shows this window and, on both sides of one axis, as much more as makes the scales
    of the axes equal. Points may be drawn in all that is shown, hence outside of `x` and `y`.
    """

    x: Limits = UNIT
    y: Limits = UNIT
    z: Limits | None = None

    def __post_init__(self) -> None:
        for name, limits in (("x", self.x), ("y", self.y), ("z", self.z)):
            low, high = limits or UNIT
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ValueError(f"View.{name} must be two finite numbers, low before high; got ({low}, {high}).")

    @classmethod
    def around(
        cls,
        points: ArrayLike,
        *,
        pad: float = 0.12,
        x: Limits | None = None,
        y: Limits | None = None,
        z: Limits | None = None,
        values: ArrayLike | None = None,
    ) -> View:
        """Round limits around `points`, shape (n, 2), and `values`, shape (n,), `pad` of their extent on each side.

        An axis given as `x`, `y` or `z` is taken as it is; without points an axis is (-1, 1).
        """
        p = np.asarray(points, dtype=float).reshape(-1, 2)
        if z is None and values is not None:
            z = nice_limits(np.asarray(values, dtype=float).reshape(-1), pad)
        return cls(x=x or nice_limits(p[:, 0], pad), y=y or nice_limits(p[:, 1], pad), z=z)

    def decimals(self) -> tuple[int, int]:
        """Decimals beyond which no eye sees a difference, for each axis."""
        x, y = (5 - math.floor(math.log10(high - low)) for low, high in (self.x, self.y))
        return x, y


def nice_limits(values: np.ndarray, pad: float) -> Limits:
    """Round numbers that enclose `values` with a margin of `pad` times their extent."""
    if values.size == 0:
        return UNIT
    low, high = float(values.min()), float(values.max())
    extent, size = high - low, max(abs(low), abs(high))
    # Equal values, or values equal up to rounding, have no extent of their own: take their size, else one.
    if extent <= max(1e-9 * size, NOTHING):
        extent = size if size > NOTHING else 1.0
    low, high = low - pad * extent, high + pad * extent
    step = nice_step((high - low) / STEPS_ACROSS)
    return _clean(math.floor(low / step) * step, step), _clean(math.ceil(high / step) * step, step)


def nice_step(at_least: float) -> float:
    """Smallest step of the form {1, 2, 2.5, 5} * 10^k that is at least `at_least`."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(m * power for m in NICE_STEPS if m * power >= at_least * (1 - 1e-9))


def _clean(value: float, step: float) -> float:
    """`value` without the noise of floating-point products, e.g. 0.6000000000000001."""
    return round(value, 2 - math.floor(math.log10(step)))
