"""The tour of the race."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.race import promises

TOUR = (
    Step(
        "line",
        "The finishing line",
        "The convex problem has been solved: *objective* in the badge is what the best network costs, and *lower "
        "bound* is proved to be below every network. That network has ten neurons; it is dashed green on the board. "
        "A run cannot get below. How far above it ends is its **relative gap**: (objective − lower bound) / objective.",
        {},
        promises.optimum_first,
        "certificate",
    ),
    Step(
        "narrow",
        "Three neurons, three random starts",
        "The dashed curves are three networks of three neurons, trained by L-BFGS. The objective falls, and stops "
        "falling far above the optimum: more than half of what they cost is gap. Each start ends somewhere else.",
        {},
        promises.three_arrive,
        "figure",
    ),
    Step(
        "wide",
        "Two hundred neurons",
        "The solid curves go down to the optimum from all three starts: their gaps are below 10⁻³, which the table "
        "calls *arrived*. Press play below the board to see the bold run find the curve.",
        {"run": "wide-1"},
        promises.three_arrive,
        "board",
    ),
    Step(
        "why",
        "What the stuck run lacks",
        "Take the residuals at the end of *narrow 1* as numbers v, one for each point, and ask what a new neuron would "
        "gain from them: N. Somewhere |N| is more than ten times the price β, so a neuron there would pay. But this "
        "network has no neuron near: one of its three is off on all points, where there is no gradient.",
        {"run": "narrow-1"},
        promises.a_neuron_would_pay,
        "neurons",
    ),
    Step(
        "ten",
        "As many as the optimum has",
        "The optimum needs ten neurons. Ten trained ones do not find it, from none of three starts; of thirty, two "
        "runs of three arrive. These starts need width not to *hold* the optimum, but to *reach* it by going down.",
        {"narrow": 10, "wide": 30},
        promises.own_width,
        "race-table",
    ),
    Step(
        "tent",
        "No width is a guarantee",
        "On this tent all three runs of 200 neurons end at the same gap, 0.0037, and the solver finds no step down. "
        "Only the bound tells: without it this looks like an arrival.",
        {"dataset": "tent", "run": "wide-2"},
        promises.wide_and_stuck,
        "race-table",
    ),
)
