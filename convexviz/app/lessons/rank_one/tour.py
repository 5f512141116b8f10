"""The tour of the lesson on rank one."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.rank_one import promises

TOUR = (
    Step(
        "line",
        "Twelve points on a line",
        "Each point of the plane is $x_i = z_i\\,a$: a number $z_i$ times one vector $a$. The handle *a* on the board "
        "lies in its direction, the farther out the longer it is. The colour of a point is its target $y_i$. The "
        "second board shows the same points as $y$ over $z$. The optimum of the plane is that of the numbers $z$.",
        {},
        promises.on_a_line,
    ),
    Step(
        "fold",
        "The network folds the plane across the line",
        "A neuron $(u\\cdot x+b)_+$ bends the plane along a *break line*. All four break lines stand at right angles "
        "to the line and meet it at a data point: across the line the network is constant, along it it is the spline.",
        {"angle": 0.0},
        promises.folded,
        figure="surface",
    ),
    Step(
        "turn",
        "Turned, nothing changes",
        "Points and neurons turn together: every value and every weight stays, hence the optimum too.",
        {"angle": -60.0},
        promises.turned,
    ),
    Step(
        "stretch",
        "Stretched, weight decay weakens",
        "At scale 1.5 a unit of weight lifts the network one and a half times as far along the line: the optimum is "
        "that of scale 1 at β / 1.5. Six neurons pay now in place of four.",
        {"scale": 1.5},
        promises.more_by_stretching,
        figure="verdict",
    ),
    Step(
        "off",
        "One point leaves the line",
        "Now the points span the plane. The optimum cannot rise, since networks that are constant across the line "
        "give p the same value wherever it goes across. It falls by more than a seventh, with break lines of its own, "
        "and the map certifies it among all neurons of the plane.",
        {"off": 0.5},
        promises.pulled_off,
    ),
    Step(
        "far",
        "Far away, it hardly counts",
        "The farther p is off, the cheaper a neuron that reacts to p alone. The optimum stays above the one without "
        "p, and has come more than nine tenths of the way to it.",
        {"off": 1.5},
        promises.far_off,
        figure="leaving",
    ),
)
