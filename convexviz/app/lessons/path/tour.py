"""The tour of the lesson on the path."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.path import promises

SINE = {"dataset": "sine", "n": 40, "noise": 0.1}
NOISY = {"dataset": "tent", "n": 20, "noise": 0.4}

TOUR = (
    Step(
        "constant",
        "Much decay: a constant",
        "β is the price of a unit of weight. At β = 7 no neuron is worth it: the best network is the mean of the "
        "targets. That begins at a β that the data decide, β<sub>max</sub>, here 6.27.",
        {**SINE, "beta": 7.0},
        promises.constant,
    ),
    Step(
        "first",
        "Less decay: the first neuron",
        "At β = 5 one neuron pays for itself. The training error is a little lower, Σ|w| no longer zero: both can "
        "only go on so as β falls.",
        {**SINE, "beta": 5.0},
        promises.first_neuron,
    ),
    Step(
        "leave",
        "Neurons leave, too",
        "At β = 0.8 there are two neurons, at β = 1.2 there were four. Σ|w| has risen all the same: what can only grow "
        "as β falls is the sum of the weights, not their number. The stairs below the errors show every β at which the "
        "number changes: from 1.2 to 0.8 one more kink is born, and three die.",
        {**SINE, "beta": 0.8},
        promises.neurons_leave,
    ),
    Step(
        "film",
        "The whole path as a film",
        "Go to the first frame of the film and step on. β grows to the right, as on its slider, so the film runs to "
        "the left: from a constant over one neuron and two to more than fifteen. Each step says which kinks were born "
        "since the one before, and which died.",
        {**SINE, "beta": 0.1},
        promises.neurons_enter,
        figure="path-film",
    ),
    Step(
        "noise",
        "When neurons fit the noise",
        "Held-out points are other points, drawn in the same way and not used in training. Their error is least (★) "
        "with four neurons, and rises again, while the training error falls to the end.",
        {**NOISY},
        promises.noise_is_fitted,
        figure="path-film",
    ),
    Step(
        "clean",
        "Without noise there is nothing wrong to fit",
        "The same target without noise: now held-out points are met best at the end of the path.",
        {"dataset": "tent", "n": 16, "noise": 0.0},
        promises.more_is_better,
        figure="path-film",
    ),
)
