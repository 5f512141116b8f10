"""The tour of the lesson on geometry: samples, ellipsoid, spikes, unit ball, gauge, dual, and what touches."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.geometry import tour_checks as checks

TOUR = (
    Step(
        "samples",
        "Two samples",
        "The two arrows are the samples x₁ and x₂. A neuron is a direction u of length one. Its answer to a sample is "
        "u·x where that is positive, and zero otherwise. Two samples, two answers: together they are **one point** of "
        "the picture beside, sample space.",
        {"dataset": "acute"},
        checks.one_point,
    ),
    Step(
        "ellipsoid",
        "All neurons at once",
        "Let u turn once around. Without the ReLU the pair of answers Xu runs along the dashed ellipse E. The ReLU "
        "sets negative answers to zero, and the pair runs along the blue outline of the **rectified ellipsoid** Q. "
        "Shorter u fill both sets. Here Q is just the part of E in the upper right quadrant.",
        {"dataset": "acute"},
        checks.cut,
        "space",
    ),
    Step(
        "spikes",
        "Spikes",
        "Now the arrows meet at an obtuse angle. Where one answer is set to zero the other can be larger than "
        "anywhere on E with that zero: the golden parts of Q, **spikes**, stick out of the ellipse.",
        {"dataset": "spikes"},
        checks.stick_out,
        "space",
    ),
    Step(
        "ball",
        "All networks of cost at most one",
        "A network adds up neurons, with weights of either sign; its cost is Σ|w|. The green set C is all that "
        "networks of cost **at most one** can answer: the hull of Q and its mirror image −Q.",
        {"dataset": "spikes"},
        checks.unit_ball,
        "space",
    ),
    Step(
        "gauge",
        "Blow C up until it reaches y",
        "y is what the network shall answer. The orange disc is y scaled down until it lies on the edge of C. The "
        "factor, the **gauge** of y, is the least cost Σ|w| of any network that answers y. The pink supporting line "
        "touches C there, and in the green diamonds: the neurons in use, one of them on −Q, as its weight is negative.",
        {"dataset": "whitened"},
        checks.reached,
        "space",
    ),
    Step(
        "dual",
        "The proof is in the other picture",
        "A dual vector v is one number for each sample. It is feasible if no neuron gains more than one from it: "
        "|v·q| ≤ 1 on Q. All feasible v make the **polar set**. Each proves that every network answering y costs at "
        "least v·y. The best v, the square, proves exactly the gauge: nobody can do better.",
        {"dataset": "whitened"},
        checks.proved,
        "figure",
    ),
    Step(
        "corners",
        "Corners and straight sides",
        "Here y has a positive and a negative part: it lies over a straight side of C, with a neuron at each end of "
        "it. In the polar set v stands in a corner. Drag y into the upper right quadrant: one neuron is enough, and v "
        "leaves the corner.",
        {"dataset": "whitened"},
        checks.corner,
        "space",
    ),
)
