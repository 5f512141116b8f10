"""The tour of the lesson on closed forms: images, whitening, formula, proof, raw images, ten classes."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.closed_forms import tour_checks as checks

TOUR = (
    Step(
        "images",
        "Eight images, two classes",
        "Four images of a 3 have the target +1, four of an 8 the target −1. Each image is a sample of 64 numbers, a "
        "row of X; y holds the eight targets.",
        {},
        checks.two_classes,
        "figure",
    ),
    Step(
        "whiten",
        "Whitening",
        "A linear map of the features makes the samples orthonormal: each of length one, any two at a right angle. "
        "Then a neuron can answer any pattern of non-negative numbers whose length is at most one.",
        {},
        checks.any_pattern,
        "figure",
    ),
    Step(
        "formula",
        "Two neurons, written down",
        "**formula +** is the sum of the whitened images of the 3, scaled to length one, and **formula −** that of "
        "the 8: here they are back in pixels, blue positive, orange negative. Each answers its own class alone.",
        {},
        checks.own_class,
        "figure",
    ),
    Step(
        "proof",
        "The solver agrees",
        "The solver knows nothing of the formula. It goes through all activation patterns and proves its answer by a "
        "dual vector. It ends with the same objective and the same two neurons.",
        {},
        checks.same_network,
        "certificate",
    ),
    Step(
        "raw",
        "Without whitening",
        "The same formula on the raw images: now each of its neurons answers the other class too, and the two disturb "
        "each other. The solver shows a better network, and proves that none is better still.",
        {"whiten": False},
        checks.disturbed,
        "comparison",
    ),
    Step(
        "ten",
        "Ten classes, ten neurons",
        "With a target vector for each digit the formula has one neuron per class. It names every image it was "
        "trained on rightly. For the images it has not seen, look at the table.",
        {"per_class": 2},
        checks.ten_neurons,
        "digits",
    ),
)
