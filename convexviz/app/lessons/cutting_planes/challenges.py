"""Challenges of the cutting planes, judged by the run on the page, which is cached."""

from __future__ import annotations

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.cutting_planes import view_state
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.app.shell.source import Points

SHORT, LONG = 5, 5.0  # rounds, and times the optimum


def run_on(settings: CuttingSettings, points: Points | None) -> cv.Solution | None:
    """The run of the oracle that the settings name; None where it cannot be asked, or has no answer."""
    if points is None:
        return None
    problem = view_state.posed(settings, points)
    if answers.not_yet(problem) or view_state.refusals(problem, settings.bias)[settings.oracle]:
        return None
    try:
        return view_state.run(problem, settings.beta, settings.oracle, settings.bias)
    except (cv.SolveError, ValueError):
        return None


def short_proof(settings: CuttingSettings, points: Points | None) -> bool:
    """Whether a network with neurons is proved in few rounds."""
    s = run_on(settings, points)
    return s is not None and s.certified and s.network.width > 0 and len(s.history) <= SHORT


def relaxation_exact(settings: CuttingSettings, points: Points | None) -> bool:
    """Whether the relaxation proves a network with neurons."""
    s = run_on(settings, points)
    return s is not None and settings.oracle == "relaxation" and s.certified and s.network.width > 0


def relaxation_costs(settings: CuttingSettings, points: Points | None) -> bool:
    """Whether the relaxation costs very many times the certified optimum."""
    s = run_on(settings, points)
    if s is None or points is None or settings.oracle != "relaxation" or s.certified:
        return False
    best = view_state.best(view_state.posed(settings, points), settings.beta, settings.bias)
    return best is not None and s.objective > LONG * best


CHALLENGES = (
    Challenge(
        "short",
        "Reach the certificate in at most 5 rounds, with at least one neuron in use.",
        "A round adds two neurons at most. What makes an optimum of few neurons: a larger β, or simpler points?",
        "A round adds two neurons at most, and after these few rounds no neuron was left that pays.",
        {"dataset": "tent2", "oracle": "sweep", "beta": 0.2},
        short_proof,
        {"beta": 2.0},
        "film",
    ),
    Challenge(
        "exact",
        "Find data on which the *relaxation* proves the optimum, with at least one neuron in use.",
        "Under *Space* there is a set that is spike-free. In the plane, three points can do it: which triangle?",
        "For these data the best neuron that is active on all points is as good as the best of all neurons, for every "
        "v.",
        {"dataset": "ridges", "oracle": "relaxation", "beta": 0.2},
        relaxation_exact,
        {"scene": "space", "space": "white10"},
        "certificate",
    ),
    Challenge(
        "costly",
        "Make the *relaxation* cost more than 5 times the certified optimum.",
        "Its network is linear on the data, so it leaves a misfit that no neuron mends. What does a smaller β do to "
        "the cost of the optimum?",
        "Where neurons are cheap the optimum follows the bends; a function that is linear on the data cannot.",
        {"dataset": "ridges", "oracle": "relaxation", "beta": 0.2},
        relaxation_costs,
        {"beta": 0.05},
        "verdict",
    ),
)
