"""The maxima M(v) that an exact oracle computed last: the certificate asks again about vectors of the last rounds."""

from __future__ import annotations

from collections import deque

import numpy as np

from ..network import Array

REMEMBERED = 4
SAME = 1e-12  # sum |v - s w|, relative to sum |v|, below which v is s w up to rounding


class Maxima:
    """Known pairs v (n,), M(v), of data whose diameter is at most `diameter`."""

    def __init__(self, diameter: float) -> None:
        self._diameter = diameter
        self._known: deque[tuple[Array, float]] = deque(maxlen=REMEMBERED)

    def learned(self, v: Array, maximum: float) -> float:
        """`maximum`, which is M(v), once it is known."""
        self._known.append((v.copy(), maximum))
        return maximum

    def recalled(self, v: Array) -> float | None:
        """A bound of M(v) that is M(v) up to rounding, if v is all but s times a known w: M(v) <= s M(w) + M(v - s w).

        The last is at most sum |v_i - s w_i| times the diameter, since some line through a data point attains it.
        """
        if not v.any():
            return 0.0
        for w, maximum in self._known:
            square = float(w @ w)
            s = float(v @ w) / square if square > 0.0 else 0.0
            rest = float(np.abs(v - s * w).sum())
            if rest <= SAME * float(np.abs(v).sum()):
                return abs(s) * maximum + rest * self._diameter
        return None
