"""The tour of the lesson on auto-encoders: sample, mixture, residual, proof, inside, images."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.autoencoders import tour_checks as checks

MOONS = {"dataset": "moons", "n": 14}

TOUR = (
    Step(
        "sample",
        "One sample against the others",
        "The ringed point is the sample we ask about. The blue area is the hull of all **other** samples: everything "
        "that a mixture of them can be, with shares that are not negative and add up to one. Our sample lies outside.",
        MOONS,
        checks.outside,
    ),
    Step(
        "mixture",
        "The best reconstruction",
        "The blue diamond p is the mixture of the others that comes closest to the sample. The thick blue lines lead "
        "to the samples it mixes, the wider the larger the share: in the plane never more than three, and here two.",
        MOONS,
        checks.nearest,
    ),
    Step(
        "residual",
        "What is left is a neuron",
        "The orange arrow from p to the sample is the **residual**: what the others could not rebuild. Scaled to "
        "length one it is the direction u of a neuron. Its break line, dashed, is where it begins to answer. The "
        "hull touches it from the silent side: the neuron answers zero to every other sample.",
        MOONS,
        checks.silent,
    ),
    Step(
        "proof",
        "Two numbers prove each other",
        "No mixture is closer to the sample than p. And no unit neuron that is silent on the others can answer the "
        "sample with more than its distance to any mixture. Distance and answer are the same number here, so both are "
        "best.",
        MOONS,
        checks.two_numbers,
        "certificate",
    ),
    Step(
        "inside",
        "A sample among the others",
        "This one *is* a mixture of the others. Nothing is left to encode, and a neuron that is silent on all the "
        "others is silent on it too.",
        {"dataset": "blobs", "n": 20, "k": 1},
        checks.rebuilt,
    ),
    Step(
        "images",
        "Images have many dimensions",
        "An image of 64 pixels is a point with 64 coordinates. p is the best mixture of the other images of a 3, the "
        "third picture is the residual. Not one image of a 3 is a mixture of the others, so each has a neuron of its "
        "own.",
        {"digit": "3", "image": 1, "among": "same"},
        checks.no_image_inside,
        "digit",
    ),
)
