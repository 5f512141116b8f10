"""The tour of the lesson on digits."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.digits import promises

TOUR = (
    Step(
        "images",
        "A neuron is an image",
        "Forty images of 3 and 8, of 8 × 8 pixels each, are learned. A neuron has a weight for each pixel: blue is ink "
        "that it looks for, orange ink that it objects to. Above it stand the digit it speaks for, its weight, and on "
        "how many images it is active.",
        {"scene": "two"},
        promises.images_are_neurons,
        "figure",
    ),
    Step(
        "bounds",
        "What is known of the optimum",
        "*Objective* is what the best network costs that was found: an upper bound. In 64 dimensions the search for a "
        "neuron that it lacks ran out of time; what it has shown is the *lower bound*. The optimum lies between.",
        {"scene": "two"},
        promises.bounds_stay_apart,
        "certificate",
    ),
    Step(
        "few",
        "With fewer images it is proved",
        "Five images of each: branch and bound has time to account for all neurons, and the bounds meet. The badge "
        "says *certified*, though the points lie in 64 dimensions.",
        {"scene": "two", "images": 5},
        promises.few_are_proved,
        "certificate",
    ),
    Step(
        "white",
        "Whitened images",
        "*Whiten* makes the images orthonormal. Then the paper's relaxation, which looks only among neurons that are "
        "active on all images, misses nothing: a single neuron is optimal.",
        {"scene": "two", "whiten": True},
        promises.whitened_is_exact,
        "certificate",
    ),
    Step(
        "table",
        "Two questions, two columns",
        "A hundred images of each. The relaxation's objective is several times that of ascent. Accuracy, on images "
        "that nobody has trained on, is the other column: the convex problem says nothing of it.",
        {"scene": "two", "images": 100},
        promises.relaxation_falls_behind,
        "comparison",
    ),
    Step(
        "ten",
        "Ten digits share their neurons",
        "One output for each digit: the strip below a neuron is what it adds to the scores of 0, 1, … 9. Most neurons "
        "speak for or against several.",
        {"scene": "ten"},
        promises.neurons_are_shared,
        "figure",
    ),
)
