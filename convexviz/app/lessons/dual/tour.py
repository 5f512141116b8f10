"""The tour: from one number for each point to a proof."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.dual import promises

TOUR = (
    Step(
        "numbers",
        "One number for each point",
        "Below each point stands a handle: its number $v_i$, here $-0.5,\\ 0.75,\\ -0.25$. For the squared loss the "
        "numbers name a network: the straight lines that miss point $i$ by $v_i = y_i - f(x_i)$, the thick strokes. It "
        "passes below the middle point and above the outer ones. The three numbers add up to zero: the hollow "
        "handle balances the others.",
        {"v": "-0.5,0.75,-0.25"},
        promises.misses_are_v,
        "handles",
    ),
    Step(
        "gain",
        "What one more neuron would gain",
        "A neuron on the line is a ramp with a kink at some $t$, rising to the right ($u = 1$) or to the left "
        "($u = -1$). Add a little of it to the network: the loss falls at the rate "
        "$N_v(u, t) = \\sum_i v_i\\,(u\\,(x_i - t))_+$, a sum of three numbers, and a unit of its weight costs "
        "$\\beta = 1$. With the kink at 1 both ramps gain $-0.5$: with either sign of the weight, not "
        "worth it. Between points $N_v$ is straight and beyond them level, so to know all kinks one computes those at "
        "the points.",
        {"v": "-0.5,0.75,-0.25"},
        promises.gains_inside,
        "figure",
    ),
    Step(
        "bound",
        "Inside the band, v proves a bound",
        "$N_v$ stays within $\\pm\\beta$: no ramp is worth its weight, and $v$ is called *feasible*. Then "
        "$g(v) = y\\cdot v - \\frac12\\|v\\|^2 = 1.8125$ is a floor: **every** network, of any width, costs at "
        "least that much; the text under the figures shows why in one line. The left bar is what is proved, the right "
        "bar starts at the cost of the best network so far; the optimum lies between them.",
        {"v": "-0.5,0.75,-0.25"},
        promises.proves_below,
        "figure",
    ),
    Step(
        "void",
        "Outside the band, v proves nothing",
        "A larger $v$ makes the formula larger: $g(v) = 2.8125$, and yet there is a network that costs only 2.75. "
        "$N_v$ has left the band at the kink 1, for both ramps: a neuron there gains more than it costs, and the "
        "argument fails. The bar is void.",
        {"v": "-1.5,2.25,-0.75"},
        promises.void_outside,
        "figure",
    ),
    Step(
        "sum",
        "Why the numbers add up to zero",
        "The sum is set free, and is 0.5. At kinks at the points $N_v$ is inside the band. Left of all points it is, "
        "for $u = 1$, $\\sum_i v_i x_i - t \\sum_i v_i$, a line that leaves *every* band when its kink $t$ goes far "
        "away. The network's constant, which costs nothing, says the same: what it would gain is $\\sum_i v_i$, and "
        "it must gain nothing.",
        {"v": "-0.25,0.75,0", "free": True},
        promises.runs_away,
        "figure",
    ),
    Step(
        "proof",
        "They met: proof",
        "Now $v = (-1,\\ 1.5,\\ -0.5)$ is inside the band and proves 2.75; its network costs 2.75. Nobody can be below "
        "the one and nobody needs to be above the other: the network is a **global optimum**, and three numbers are "
        "the proof. $N_v$ touches the band exactly where this network has its kink. To look for the $v$ that proves "
        "most is the *dual* problem of training; here it is solved.",
        {"v": "-1,1.5,-0.5"},
        promises.they_met,
        "certificate",
    ),
    Step(
        "five",
        "Five points, the same game",
        "Five numbers, eight sums, one band. This $v$ is inside it, and its bound is well below the cost of its "
        "network. Pull the handles until the bars meet: each clicks in where $N_v$ touches. Then press *Solve* and "
        "compare.",
        {"dataset": "five", "v": "-0.5,0.75,-0.25,0.25,-0.25"},
        promises.five_close,
        "handles",
    ),
)
