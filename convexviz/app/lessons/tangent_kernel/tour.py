"""The tour of the lesson on the tangent kernel."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.tangent_kernel import promises

SINE = {"dataset": "sine", "n": 40, "noise": 0.1, "beta": 0.1}
NOISY = {"dataset": "sine", "n": 40, "noise": 0.3}

TOUR = (
    Step(
        "two",
        "Two functions for the same points",
        "Forty points. The solid line is the network that is optimal with weight decay β, proved by the badge; it "
        "misses the points a little. The dashed line is what a network of infinite width learns without weight decay: "
        "it passes through every point.",
        {**SINE, "ridge": 0.0},
        promises.two_answers,
        figure="kernel-figures",
    ),
    Step(
        "tips",
        "One function for each point, with a tip there",
        "The dashed line is a sum of fixed functions Θ(x, xᵢ), one for each data point xᵢ, with a number aᵢ before "
        "each. The slope of Θ(x, xᵢ) falls by 1/π at xᵢ. So the sum bends at xᵢ by −aᵢ/π, at every point.",
        {"dataset": "tent", "n": 16, "noise": 0.0, "beta": 0.05, "ridge": 0.0},
        promises.bends_at_every_point,
        figure="kernel-figures",
    ),
    Step(
        "few",
        "The network bends at few points",
        "Of the forty points weight decay has chosen nine (◆): there the network bends, and it is straight elsewhere. "
        "The kernel bends at all forty, and its sharpest bend is more than twice as sharp as the network's.",
        {**SINE, "ridge": 0.0},
        promises.few_bends,
        figure="kernel-figures",
    ),
    Step(
        "noise",
        "Through every point means through the noise",
        "With more noise the kernel still misses no training point. On held-out points, other points drawn in the "
        "same way, it is worse than the network.",
        {**NOISY, "ridge": 0.0},
        promises.the_kernel_follows_the_noise,
        figure="kernel-numbers",
    ),
    Step(
        "ridge",
        "A ridge flattens the tips and removes none",
        "λ lets the kernel miss the points. It still bends at every point, now by what it misses there divided by πλ. "
        "Taken together, as the root of the sum of their squares, the bends are less than a fifth of what they were.",
        {**NOISY, "ridge": 0.0562},
        promises.ridge_flattens,
        figure="kernel-figures",
    ),
    Step(
        "fair",
        "A fair comparison",
        "At this λ both miss the training points by about as much, and held-out points too. Here neither is ahead: "
        "what differs is the shape. On the folded target under *Try this* the network is ahead.",
        {**NOISY, "ridge": 0.0562},
        promises.both_err_alike,
        figure="kernel-numbers",
    ),
)
