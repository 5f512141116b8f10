"""Samples X (n, d) reduced to their row space, and the faces and cells of their arrangement where these can be listed.

X = Z B with Z (n, r) of full column rank: a u off the row space does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..network import Array
from ..oracles.arrangements import Stratum, activation_patterns, faces
from ..rank import Reduction, reduce_rank


@dataclass(frozen=True, eq=False)
class Arranged:
    """The arrangement {u : x_i . u = 0} of samples X (n, d)."""

    X: Array

    @cached_property
    def flat(self) -> Reduction:
        """X = Z B."""
        return reduce_rank(self.X, centred=False)

    @cached_property
    def strata(self) -> tuple[Stratum, ...] | None:
        """All its faces; None where there are too many."""
        try:
            return faces(self.flat.Z)
        except ValueError:  # too many
            return None

    @cached_property
    def patterns(self) -> np.ndarray | None:
        """The activation patterns of all its cells; None where there are too many."""
        if self.strata is not None:
            return self.strata[0].patterns
        try:
            return activation_patterns(self.flat.Z)
        except ValueError:  # too many
            return None
