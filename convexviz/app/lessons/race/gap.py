"""The relative gap of a run: the badge's definition of the gap, with the run's objective above the certified bound.

    gap = (objective - lower bound) / objective

Table, captions and promises say it by these two functions, in the badge's own spelling.
"""

from __future__ import annotations

import convexviz as cv
from convexviz.core.solution import relative_gap

ARRIVED = 1e-3  # a run with no larger gap has arrived: nobody sees a difference
ROUNDING = 1e-9  # a smaller one, of either sign, is what floating point leaves
FINE = 1e-3  # below it one digit is shown
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def gap(objective: float, optimum: cv.Solution) -> float:
    """The gap of a network with this objective, given the certified optimum of its problem."""
    value = relative_gap(objective, optimum.lower_bound)
    return 0.0 if abs(value) < ROUNDING else value


def gap_text(value: float) -> str:
    """A gap as the badge writes it."""
    if value == 0.0:
        return "0"
    mantissa, exponent = f"{value:.{0 if value < FINE else 1}e}".split("e")
    return f"{float(mantissa):g}·10{str(int(exponent)).translate(RAISED)}".replace("-", "−")
