"""What a value in a message may be, and the names that several messages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["certified", "upper-bound", "infeasible", "error", "empty"]
Later = Literal["later"]  # in place of a proof while the hand moves: it comes with the answer to the last gesture
Real = float | Literal["inf", "-inf", "nan"]
Mode = Literal["regression", "line-classes", "plane", "plane-values", "plane-points"]
Arrangement = Literal["grid", "stack"]


@dataclass(frozen=True)
class JsonOf:
    """Says of a text in an annotation that it is JSON of this type."""

    holds: object
