"""What a value in a message may be, and the names that several messages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convexviz.figures.board.drawn import Mode

Status = Literal["certified", "upper-bound", "infeasible", "error", "empty"]
Later = Literal["later"]  # in place of a proof while the hand moves: it comes with the answer to the last gesture
Real = float | Literal["inf", "-inf", "nan"]
Arrangement = Literal["grid", "stack"]


@dataclass(frozen=True)
class JsonOf:
    """Says of a text in an annotation that it is JSON of this type."""

    holds: object


__all__ = ["Arrangement", "JsonOf", "Later", "Mode", "Real", "Status"]
