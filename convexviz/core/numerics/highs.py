"""HiGHS beside other users of HiGHS in the same process, and within the time that is left.

HiGHS keeps one scheduler per thread of the program, of as many workers as the first call asked for, and every later
call in that thread that asks for another number of them ends with the status "Not Set". So what is solved here runs in
a thread that lives for that one call: it meets no scheduler of others (cvxpy's, say) and leaves none behind.
"""

from __future__ import annotations

from threading import Thread
from typing import Any

import highspy

from ..errors import SolveError
from . import clock

# The bare solver: highspy.Highs prints a banner to stdout when it sets up its callbacks.
bare_highs: Any = highspy.Highs.__base__

SMALLEST_COEFFICIENT = 1e-12  # HiGHS drops matrix entries below this; close points have tiny spacings
SIMPLEX_TOLERANCE = 1e-10
HIGHS_OPTIONS = {
    "output_flag": False,
    "threads": 1,  # the programs are small: more workers would only wait for each other
    "small_matrix_value": SMALLEST_COEFFICIENT,
    "primal_feasibility_tolerance": SIMPLEX_TOLERANCE,
    "dual_feasibility_tolerance": SIMPLEX_TOLERANCE,
}


class OutOfTime(SolveError):
    """The deadline came before an answer."""

    def __init__(self) -> None:
        super().__init__("No answer came before the time limit. Give more time or fewer points.", "time limit")


def run(model: Any, deadline: float = clock.NEVER) -> None:
    """Run a bare model; its status, "Time limit reached" among them, is read from the model afterwards.

    `deadline` is a value of `clock.now()`. HiGHS counts the seconds of all runs of a model together.
    """
    if deadline < clock.NEVER:
        model.setOptionValue("time_limit", model.getRunTime() + clock.left(deadline))
    thread = Thread(target=model.run, name="HiGHS")
    thread.start()
    thread.join()
