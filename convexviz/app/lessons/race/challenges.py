"""Challenges of the race. They are judged by the runs that the page has trained; nothing is trained to judge them.

Without a server there is no page that trains: then the race is run here, as far as it goes.
"""

from __future__ import annotations

from functools import lru_cache

import streamlit as st
from streamlit import runtime

from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.course.scenes import Challenge
from convexviz.app.lessons.race.gap import ARRIVED, gap
from convexviz.app.lessons.race.runs import Race, Terms
from convexviz.app.lessons.race.settings import RUNS, RaceSettings
from convexviz.app.lessons.race.view_state import RACE
from convexviz.app.shell.source import Points
from convexviz.core.rivals.descent import Run

FAR = 0.1  # a gap that everybody sees
CROWD = 200  # neurons that are many
LOOK_SECONDS = 0.05


def ends(settings: RaceSettings, points: Points | None) -> list[tuple[Run, float]]:
    """The runs of a race that is over, each with its relative gap; none while it goes on."""
    if points is None:
        return []
    terms = Terms.of(settings, Problem.of(points.X, points.y, settings.loss))
    race = st.session_state.get(RACE) if runtime.exists() else _run_out(terms)
    if race is None or race.terms != terms or not race.complete or len(race.done) < len(RUNS):
        return []
    optimum = answers.solve(terms.problem, terms.beta).solution
    if optimum is None:
        return []
    runs = [finished.run for finished in race.done.values()]
    return [(run, gap(run.objective, optimum)) for run in runs]


@lru_cache(maxsize=8)
def _run_out(terms: Terms) -> Race:
    race = Race.start(terms)
    while not race.complete:
        race.advance(LOOK_SECONDS)
    return race


def far_and_stuck(settings: RaceSettings, points: Points | None) -> bool:
    """Whether a wide run is stuck far above the optimum."""
    return any(run.converged and above > FAR for run, above in ends(settings, points) if run.width == settings.wide)


def all_arrive(settings: RaceSettings, points: Points | None) -> bool:
    """Whether all six runs arrive at an optimum that has neurons."""
    found = ends(settings, points)
    if not found or points is None or any(above > ARRIVED for _, above in found):
        return False
    optimum = answers.solve(Problem.of(points.X, points.y, settings.loss), settings.beta).solution
    return optimum is not None and optimum.network.width > 0


def crowd_is_stuck(settings: RaceSettings, points: Points | None) -> bool:
    """Whether a run of very many neurons is stuck."""
    return any(run.converged and above > ARRIVED for run, above in ends(settings, points) if run.width >= CROWD)


CHALLENGES = (
    Challenge(
        "stuck",
        "Make descent get stuck: a run of the wide lane ends stuck, with a relative gap above 0.1.",
        "Fewer neurons leave fewer chances. Move *Wide width* down, and look at the column *End* of the table.",
        "The run saw no way down, and yet a better network exists: the problem that descent works on is not convex.",
        {},
        far_and_stuck,
        {"wide": 20},
        "race-table",
    ),
    Challenge(
        "arrive",
        "Make all six runs arrive, the narrow ones too, at an optimum that has at least one neuron.",
        "Give the narrow lane its ten neurons, and ask for a simpler network: what does a larger β do to the number of "
        "neurons in the badge?",
        "The narrow lane got there from all three starts, with ten neurons at most. How much width a run needs depends "
        "on what the optimum needs.",
        {},
        all_arrive,
        {"narrow": 10, "beta": 5.0},
        "race-table",
    ),
    Challenge(
        "crowd",
        "Find points on which a run of 200 neurons or more is stuck.",
        "Simple shapes do it: look through the presets under *Points*, or draw a tent.",
        "So width helps, and guarantees nothing at 200 neurons. The bound is what tells an arrival from an end.",
        {},
        crowd_is_stuck,
        {"dataset": "tent"},
    ),
)
