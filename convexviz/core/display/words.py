"""The verdict on a solution and its numbers, in words: one list, which every display sets out in its own way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import ReLUNetwork

DIGITS = 6  # significant digits of a number; its array has them all


@dataclass(frozen=True)
class Report:
    """What a display shows: a verdict, its meaning, whether it is a proof, rows of names and values, and a network."""

    verdict: str
    meaning: str
    proved: bool
    rows: tuple[tuple[str, str], ...]
    network: ReLUNetwork


def bounds(objective: float, lower_bound: float, gap: float) -> list[tuple[str, str]]:
    """Rows for the numbers that there are."""
    rows = [("objective", number(objective))]
    if np.isfinite(lower_bound):
        rows.append(("lower bound", number(lower_bound)))
    if np.isfinite(gap):
        rows.append(("relative gap", f"{max(gap, 0.0):.1e}"))
    return rows


def size(network: ReLUNetwork) -> tuple[str, str]:
    """The row of the neurons."""
    outputs = f", {network.outputs} outputs" if network.w.ndim > 1 else ""
    inputs = f"{network.dimension} input{'' if network.dimension == 1 else 's'}"
    return "neurons", f"{network.width} ({inputs}{outputs})"


def sentence(report: Report) -> str:
    """The report as plain text, a line for each row."""
    wide = max(len(name) for name, _ in report.rows)
    rows = [f"  {name:<{wide}}  {value}" for name, value in report.rows]
    return "\n".join([f"{report.verdict}: {report.meaning}", *rows])


def number(value: float) -> str:
    """A number to be read."""
    return f"{value:.{DIGITS}g}"
