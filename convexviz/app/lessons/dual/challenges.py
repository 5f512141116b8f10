"""What to reach by hand; both sides of weak duality are the judge."""

from __future__ import annotations

from functools import partial

from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.dual import view_state
from convexviz.app.lessons.dual.judge import BY_HAND
from convexviz.app.lessons.dual.settings import DualSettings
from convexviz.app.shell.source import Points


def met_by_hand(dataset: str, settings: DualSettings, points: Points | None) -> bool:
    """Whether the bounds are within 1 % for this preset; neither the solver nor v = 0 counts as a hand."""
    if points is None or settings.solved or settings.dataset != dataset:
        return False
    hand = view_state.held(settings, points)
    if not hand.v.any():
        return False
    upper = hand.objective_of(hand.network)
    known = view_state.best_known(hand)
    return hand.gap(upper if known is None else min(upper, known.objective)) <= BY_HAND


def one_kink(settings: DualSettings, points: Points | None) -> bool:
    """Whether N_v leaves the band for exactly one ramp at the points, and nothing else is wrong."""
    if points is None:
        return False
    hand = view_state.held(settings, points)
    return hand.sum_is_zero and hand.in_domain and len(hand.outside) == 1


CHALLENGES = (
    Challenge(
        "by-hand",
        "Find the optimum of the three points by hand, within 1 %",
        "Both outer handles click in where $N_v$ touches the band: pull each of them down until it does.",
        "You hold a proof: no network of any width costs more than 1 % less than the best one so far.",
        {"dataset": "three"},
        partial(met_by_hand, "three"),
        {"v": "-1,1.5,-0.5"},
        "board",
    ),
    Challenge(
        "one-kink",
        "Make $N_v$ leave the band for exactly one ramp with its kink at a point",
        "The two ramps at the middle point gain $v_1$ and $2 v_3$: push one of them out and keep the other in. Mind "
        "the ramps at the outer points.",
        "One neuron that is worth more than its weight is enough to void a bound.",
        {"dataset": "three", "v": "-0.5,0.75,-0.25"},
        one_kink,
        {"v": "-1.25,1.5,-0.25"},
        "figure",
    ),
    Challenge(
        "five",
        "Close the gap on five points, within 1 %",
        "Where the network should bend down $N_v$ wants to touch −β, where it bends up +β. Let one handle after the "
        "other click in, from the outside to the middle.",
        "Five numbers, eight sums, one optimum: the solver does the same with five hundred.",
        {"dataset": "five"},
        partial(met_by_hand, "five"),
        {"v": "-1,1.5,-0.75,0.75,-0.5"},
        "board",
    ),
    Challenge(
        "classes",
        "Prove the optimum of the two classes, within 1 %",
        "g(v) is the sum of the sizes: make them as large as the boxes and the band allow. The second becomes "
        "as large as its box allows.",
        "A number as large as its box allows belongs to a point that has no margin to spare.",
        {"dataset": "classes"},
        partial(met_by_hand, "classes"),
        {"v": "-0.5,1,-0.75,0.25"},
        "board",
    ),
)
