"""The tour of the cutting planes."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.cutting_planes import promises

TENT = {"scene": "plane", "dataset": "tent2", "oracle": "sweep", "beta": 0.2}
RIDGES = {"scene": "plane", "dataset": "ridges", "beta": 0.2}

TOUR = (
    Step(
        "rounds",
        "Round by round",
        "Press *To the start*, then step. A round holds some neurons and finds the best network of them. Its "
        "residuals, a number v for each point, say what a new neuron would gain: N. The oracle looks for the highest "
        "and the lowest N; a gain of more than the price β pays, so that neuron is added, dashed orange on "
        "the board.",
        TENT,
        promises.bounds_close_in,
        "film",
    ),
    Step(
        "bounds",
        "Two bounds that meet",
        "The network held costs what the badge calls *objective*: an upper bound on the optimum. Scaled down until no "
        "neuron gains more than β, the numbers v prove a *lower bound*. No round takes the two bounds further apart; "
        "in the end they meet: no network of any width is better.",
        TENT,
        promises.proof_on_the_map,
        "certificate",
    ),
    Step(
        "map",
        "Why that is a proof",
        "Each place of the map is a neuron: across, the direction u in which it rises; up, how far its break line lies "
        "from the middle. The colour is N. Nothing is beyond ±β any more, and the nine neurons in use lie just where "
        "±β is touched.",
        TENT,
        promises.proof_on_the_map,
        "figure",
    ),
    Step(
        "blind",
        "An oracle that does not see everything",
        "The paper's relaxation looks only among neurons that are active on all points. It finds none that pays any "
        "more, and stops. But an exact oracle finds neurons beyond β, orange on the map; the worst is dashed orange on "
        "the board. So there is an upper bound, and no proof.",
        RIDGES | {"oracle": "relaxation"},
        promises.a_neuron_is_missed,
        "figure",
    ),
    Step(
        "sweep",
        "The same points, another oracle",
        "The exact sweep checks all lines. Three neurons, and the bounds meet; the relaxation's network costs nearly "
        "three times as much.",
        RIDGES | {"oracle": "sweep"},
        promises.another_oracle,
        "certificate",
    ),
    Step(
        "free",
        "Where the relaxation is exact",
        "Whitened data: the points are orthonormal. There the best neuron that is active on all of them is the best of "
        "all; such data are called *spike-free*. Two rounds, and the bounds meet.",
        {"scene": "space", "space": "white10", "oracle": "relaxation"},
        promises.nothing_is_missed,
        "certificate",
    ),
    Step(
        "climb",
        "Right, but not proved",
        "In five dimensions *ascent* climbs from many starts. It ends at the same objective as branch and bound, which "
        "proves it; ascent alone cannot know of a hill that it never met.",
        {"scene": "space", "space": "teacher5", "oracle": "ascent"},
        promises.right_without_proof,
        "certificate",
    ),
)
