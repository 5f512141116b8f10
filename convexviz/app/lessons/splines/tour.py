"""The tour of the lesson on the line: from one neuron to the proof that a network is the best of all."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.splines import tour_promises as promises

EXACT = {"task": "regression", "noise": 0.0, "loss": "interpolate"}
WAVE = {"task": "regression", "dataset": "sine", "n": 40, "noise": 0.15, "loss": "squared", "beta": 0.3}

TOUR = (
    Step(
        "neuron",
        "A neuron is a ramp",
        "It is zero on one side of its *kink* and rises with slope 1 on the other: $(u x + b)_+$, the part of "
        "$u x + b$ above zero. $u = 1$ or $-1$ is the side on which it rises, $b$ moves the kink. The network adds "
        "ramps, each times a *weight* $w$, to a constant $c$. These points lie on a line: one ramp of weight 0.8 "
        "carries them all.",
        EXACT | {"dataset": "line", "n": 12},
        promises.one_ramp,
        "neurons",
    ),
    Step(
        "price",
        "Weight has a price",
        "Weight decay charges each neuron the size of its weight, $|w|$. This V falls and rises with slope 1, so it "
        "takes a ramp of weight 1 to either side, 2 in all. The badge says that no network, however wide, does it for "
        "less. How can one know?",
        EXACT | {"formula": "abs(x)", "n": 9},
        promises.price_of_a_v,
        "certificate",
    ),
    Step(
        "bargain",
        "β settles the bargain",
        "Now points may be missed. The *objective* is half the sum of the squared misses, and β for every unit of "
        "weight. Move the slider: to the right weight is dear, the misses are larger and the bends as a rule fewer; to "
        "the left it is the other way round.",
        WAVE,
        promises.bargain,
        "beta",
    ),
    Step(
        "gain",
        "What would a new neuron win?",
        "Each point pulls on the curve with its miss, $v_i = y_i - f(x_i)$. Give a little weight to the ramp that "
        "rises to the right from a place $t$: the loss falls by $N_v = \\sum_i v_i (x_i - t)_+$ for each unit. That is "
        "the solid curve over all places $t$ (*active right*); the dashed one is for ramps that rise to the left. "
        "Where it is negative, a negative weight wins.",
        WAVE,
        promises.gains,
        "figure",
    ),
    Step(
        "proof",
        "No neuron pays for itself",
        "A unit of weight costs β, and $N_v$ stays between −β and β: no new ramp wins more than it costs, wherever it "
        "begins; nor does less weight pay where there is some, as the next stop shows. The problem is convex, so "
        "where no small step helps, nothing does. The same numbers $v_i$ give a *lower bound* that no network of any "
        "width can go below. Here it meets the objective: this network is a best one.",
        WAVE,
        promises.proof,
        "certificate",
    ),
    Step(
        "touch",
        "It touches where the neurons stand",
        "At every neuron in use gain and cost are equal, so there the dual function touches its band: the upper edge "
        "for weights above zero, the lower one for those below. Point at a triangle to see its neuron in all pictures.",
        WAVE,
        promises.touches,
        "figure",
    ),
    Step(
        "many",
        "A best one need not be the only one",
        "*Interpolate* allows no miss, so there is no β, and the band ends at 1. Here the dual function lies on its "
        "edge along a stretch, and a neuron may stand anywhere there. The orange region is what the optimal curves "
        "sweep out; the dashed one has the fewest neurons. How one finds the numbers $v_i$ is the next lesson, *The "
        "dual, by hand*.",
        EXACT | {"formula": "x^2", "n": 9, "envelope": True, "sparsest": True},
        promises.not_the_only_one,
        "board",
    ),
)
