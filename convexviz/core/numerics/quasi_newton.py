"""Limited-memory BFGS for functions that are smooth almost everywhere, going on where it stopped.

Steps x <- x + t d with d = -H g, where H is built from the last steps s and changes of slope y (Nocedal 1980) in the
compact form of Byrd, Nocedal & Schnabel (1994): two products with the matrices of all s and y instead of a loop over
them. The step length satisfies the weak Wolfe conditions, found by bisection, which works across kinks, too (Lewis &
Overton 2013): networks of ReLUs have many. The value never rises, so wherever it ends the last point is the best.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network import Array

MEMORY = 20  # steps remembered
ENOUGH_FALL, ENOUGH_SLOPE = 1e-4, 0.9  # weak Wolfe conditions
ROOM = 4  # times the memory: rows kept, so that a window moves over them
MOST_TRIALS = 25  # of a step length: across a kink it may have to be very short
CURVED = 1e-10  # s . y relative to |s| |y| below which a step teaches nothing
STILL = 1e-14  # predicted fall, relative to the value, that is rounding

Value = Callable[[Array], tuple[float, Array]]


def never() -> bool:
    """No reason to halt."""
    return False


class QuasiNewton:
    """Descends from x (p,), given value and slope; `ended` once no step is lower.

    `halt` is asked at every evaluation; once true, `run` comes back.
    """

    def __init__(self, function: Value, x: Array, halt: Callable[[], bool] = never) -> None:
        self._function, self._halt = function, halt
        self.x = x
        self.value, self._slope = function(x)
        self.evaluations, self.ended = 1, False
        self._steps, self._turns = np.empty((ROOM * MEMORY, len(x))), np.empty((ROOM * MEMORY, len(x)))
        self._cross, self._gram = np.zeros((MEMORY, MEMORY)), np.zeros((MEMORY, MEMORY))
        self._first, self._known = 0, 0  # rows of steps and turns: which, and how many

    def run(self, evaluations: int) -> None:
        """Go on for about so many evaluations."""
        end = self.evaluations + evaluations
        while self.evaluations < end and not self.ended and not self._halt():
            self._step()

    def _step(self) -> None:
        direction = self._direction()
        steepness = float(self._slope @ direction)
        if -steepness <= STILL * abs(self.value):
            self._stuck()
            return
        low, high, t = 0.0, np.inf, 1.0
        for _ in range(MOST_TRIALS):
            x = self.x + t * direction
            value, slope = self._function(x)
            self.evaluations += 1
            if not value <= self.value + ENOUGH_FALL * t * steepness:
                high = t
            elif float(slope @ direction) < ENOUGH_SLOPE * steepness:
                low = t
            else:
                break
            if self._halt():
                break
            t = 0.5 * (low + high) if high < np.inf else 2.0 * t
        if not value < self.value:
            self._stuck()
            return
        self._remember(t * direction, slope - self._slope)
        self.x, self.value, self._slope = x, value, slope

    def _stuck(self) -> None:
        """Forget the past, or, where there is none, end."""
        if self._halt():
            return
        self.ended = not self._known
        self._known = 0

    def _direction(self) -> Array:
        g, k = self._slope, self._known
        if not k:
            return -g / max(1.0, float(np.linalg.norm(g)))
        S, Y = self._window()
        cross = self._cross[:k, :k]
        R, scale = np.triu(cross), self._scale
        p = np.linalg.solve(R, S @ g)
        q = np.linalg.solve(R.T, np.diag(cross) * p + scale * (self._gram[:k, :k] @ p - Y @ g))
        return np.asarray(-(scale * g + q @ S - scale * (p @ Y)))

    def _window(self) -> tuple[Array, Array]:
        """The steps and turns remembered, the oldest first."""
        rows = slice(self._first, self._first + self._known)
        return self._steps[rows], self._turns[rows]

    def _forget_one(self) -> None:
        """Leave out the oldest; the window moves, and only at the end of the room is anything copied."""
        for part in (self._cross, self._gram):
            part[:-1, :-1] = part[1:, 1:]
        self._first, self._known = self._first + 1, self._known - 1
        if self._first + MEMORY > len(self._steps):
            S, Y = self._window()
            self._steps[: self._known], self._turns[: self._known], self._first = S, Y, 0

    def _remember(self, step: Array, turn: Array) -> None:
        product, square = float(step @ turn), float(turn @ turn)
        if product <= CURVED * np.sqrt(float(step @ step) * square):
            return
        if self._known == MEMORY:
            self._forget_one()
        k = self._known
        self._known = k + 1
        S, Y = self._window()
        S[k], Y[k] = step, turn
        self._cross[: k + 1, k], self._cross[k, : k + 1] = S @ turn, Y @ step
        self._gram[: k + 1, k] = self._gram[k, : k + 1] = Y @ turn
        self._scale = product / square
