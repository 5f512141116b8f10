"""Words of the lesson on cutting planes that depend on the run: what is proved, what was missed, what a round did."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.contracts import Status
from convexviz.app.lessons.cutting_planes.settings import ORACLES
from convexviz.app.lessons.cutting_planes.view_state import EXCEEDS, LINE, RUN_SECONDS, ViewState
from convexviz.core.ladder.missed import Missed
from convexviz.core.solution import BOUNDS, Round

MEANT_FOR = {
    "sweep": "for points that span two dimensions",
    "space": "for points that span three dimensions, with free biases",
    "patterns": "without free biases and for few points",
}


def statement(now: ViewState, missed: Missed | None) -> tuple[Status, str]:
    """Status and reason for the badge."""
    s = now.solution
    if s is None:
        return now.answer.status, now.answer.message
    if s.certified:
        if now.oracle == LINE:
            return "certified", ""
        if now.oracle == "relaxation":
            return "certified", f"{_why_exact(s).capitalize()}: the relaxation misses no neuron, so its bound counts."
        return (
            "certified",
            "No network of any width is better: the oracle accounts for all neurons.",
        )
    if s.statement == BOUNDS:
        return "upper-bound", f"Bounds: the optimum lies between {s.lower_bound:.4g} and {s.objective:.4g}."
    if missed is not None and missed.excess > 1 + EXCEEDS:
        return "upper-bound", "Upper bound only: the oracle stopped, though there is a neuron that exceeds β."
    return "upper-bound", "Upper bound only: this oracle cannot prove that it has found all."


def verdict(now: ViewState, missed: Missed | None, best: float | None) -> str:
    """What the run proves and what it missed, in a few sentences."""
    s = now.solution
    if s is None:
        return now.answer.message
    if now.oracle == LINE:
        return "The points lie on a line. There the optimum is a spline, solved exactly; no oracle is needed."
    if now.oracle == "relaxation":
        return _relaxed(now, s, missed, best)
    if s.certified:
        return (
            f"**Proved.** This oracle ({ORACLES[now.oracle]}) accounts for all neurons, and finds none that exceeds β "
            "by more than the relative gap in the badge allows: the bounds have met, and nothing was missed."
        )
    if now.oracle == "ascent":
        return _climbed(missed)
    if s.statement != BOUNDS:
        return "**Out of time** before a bound was proved. A larger β needs fewer rounds."
    return (
        f"**Bounds.** Out of time for a proof: branch and bound has shown that no network costs less than "
        f"{s.lower_bound:.4g}. How far below the network held the optimum may lie is the relative gap in the badge."
    )


def _relaxed(now: ViewState, s: cv.Solution, missed: Missed | None, best: float | None) -> str:
    if s.certified:
        return (
            f"**Nothing is missed: {_why_exact(s)}.** For every v the best of the neurons that are active on all data "
            "is the best of all neurons, so the relaxation's bound is a proof."
        )
    if missed is None:
        return ""
    blind = (
        "The relaxation sees only neurons that are active on *all* points, so its network is **linear on the data**: "
        "it never bends between the points."
    )
    if missed.excess <= 1 + EXCEEDS:
        return f"{blind} {_nothing(missed)}"
    finder = "An exact oracle finds" if missed.proved else "Branch and bound, out of time, has found"
    gain = f"|N| = {missed.excess:.3g} β here, more than the price β"
    found = f"**{finder} {gain}; the relaxation misses this neuron.**"
    return f"{found} {blind}{_cost(s, best)}"


def _why_exact(s: cv.Solution) -> str:
    """Why the relaxation is exact on these data; it proves nothing where it is not."""
    return "exact because spike-free" if "spike-free" in s.exactness else s.exactness


def _climbed(missed: Missed | None) -> str:
    if missed is None:
        return ""
    if missed.excess > 1 + EXCEEDS:
        return (
            f"**Another oracle ({missed.oracle}) finds |N| = {missed.excess:.3g} β; ascent missed this neuron.** It "
            "climbs from many starts and may end on lower hills."
        )
    return (
        "**Ascent climbs from many starts and proves nothing:** it cannot know of a hill it never met. "
        f"{_nothing(missed)}"
    )


def _nothing(missed: Missed) -> str:
    if missed.proved:
        return f"It missed nothing this time, which another oracle had to show ({missed.oracle}): no neuron exceeds β."
    return (
        f"Whether it missed one stays open: max |N| lies between {missed.excess:.3f} β and "
        f"{missed.maximum / missed.band:.3f} β."
    )


def _cost(s: cv.Solution, best: float | None) -> str:
    if best is None:
        return ""
    return f" It costs {s.objective:.4g}, the certified optimum {best:.4g}."


def refusals(refused: dict[str, str]) -> str:
    """Which oracles are for other data, in one line; "" if none is missing, or if none is needed."""
    names = [name for name, reason in refused.items() if reason]
    if not names or len(names) == len(refused):
        return ""
    return "For other data: " + "; ".join(f"*{ORACLES[name]}*, {MEANT_FOR[name]}" for name in names) + "."


def round_words(record: Round, later: Round | None, found: cv.ReLUNetwork | None, in_use: int) -> str:
    """What happened in a round: who is held, who was found, where the bounds go."""
    held = _held(in_use)
    if found is None:
        return f"{held} The oracle finds no neuron to add."
    excess = abs(float(found.w[0]))
    others = "" if found.width == 1 else f", with {found.width - 1} more"
    return f"{held} At the neuron found, |N| is {excess:.3g} β; it is added{others}. {_bounds(later)}".strip()


def last_words(s: cv.Solution) -> str:
    """How the run ended."""
    held = _held(s.network.width)
    if s.certified:
        return f"{held} No neuron exceeds β any more: proved optimal."
    if s.statement == BOUNDS or s.seconds >= RUN_SECONDS:
        return f"{held} Out of time: the bounds have not met."
    return f"{held} The oracle finds nothing more that is worth adding."


def _held(count: int) -> str:
    return f"{count or 'No'} {'neuron' if count == 1 else 'neurons'} in use."


def _bounds(later: Round | None) -> str:
    if later is None or not np.isfinite(later.upper):
        return ""
    if np.isfinite(later.lower):
        return f"The optimum now lies between {later.lower:.4g} and {later.upper:.4g}."
    return f"The upper bound falls to {later.upper:.4g}."
