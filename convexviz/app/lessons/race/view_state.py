"""The view state of the race: settings, points, the certified optimum, and the race that this session runs on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.contrast.points import boards_of, drawn
from convexviz.app.lessons.race.gap import ARRIVED, gap
from convexviz.app.lessons.race.runs import Finished, Race, Terms
from convexviz.app.lessons.race.settings import RUNS, RaceSettings
from convexviz.app.shell import source

RACE = "race-work"  # session key
NOTHING = 1e-9  # of the targets' size squared: an optimum below is zero, and nothing is relative to it


BOARDS = boards_of("race")


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from; `live` while the hand that draws is still moving."""

    settings: RaceSettings
    origin: source.Source
    points: source.Points
    problem: Problem
    answer: Answer
    live: bool

    @property
    def optimum(self) -> cv.Solution | None:
        """The convex solution, to which everything is compared."""
        return self.answer.solution

    @property
    def worth_it(self) -> bool:
        """Whether there is something to race for: an optimum that costs more than nothing."""
        s, size = self.optimum, float(np.square(self.problem.targets).sum())
        return s is not None and s.objective > NOTHING * max(size, 1e-300)

    @property
    def window(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.origin.view.x, self.origin.view.y

    @property
    def classes(self) -> bool:
        return self.settings.task == "classification"

    @property
    def terms(self) -> Terms:
        return Terms.of(self.settings, self.problem)


def present() -> ViewState:
    """The present settings and points, and their certified optimum."""
    on = drawn(BOARDS)
    settings: RaceSettings = on.settings  # type: ignore[assignment]
    answer = answers.solve(on.problem, settings.beta, live=on.live)
    return ViewState(settings, on.origin, on.points, on.problem, answer, on.live)


def points_of(settings: RaceSettings) -> source.PointSource:
    """The board on show."""
    return BOARDS[settings.scene]


def as_link(settings: RaceSettings) -> str:
    """The drawn points as text for a link."""
    return points_of(settings).as_link(settings)


def race_of(now: ViewState) -> Race | None:
    """The race on the present points, started if there is none; None where there is nothing to run for.

    One on other points or settings is given up.
    """
    race: Race | None = st.session_state.get(RACE)
    wanted = now.terms if now.worth_it and not now.live else None
    if race is not None and race.terms != wanted:
        race.cancel()
        race = None
    if race is None and wanted is not None:
        race = Race.start(wanted)
    st.session_state[RACE] = race
    return race


def settled(now: ViewState) -> bool:
    """Whether the race is that of the present points; under a moving hand none goes on, and that is settled too."""
    if now.live or not now.worth_it:
        race_of(now)
        return True
    race: Race | None = st.session_state.get(RACE)
    return race is not None and race.terms == now.terms


def known(now: ViewState) -> Race | None:
    """The race on the present points if there is one."""
    race: Race | None = st.session_state.get(RACE)
    return race if race is not None and race.terms == now.terms else None


def bold(now: ViewState, race: Race | None) -> Finished | None:
    """The run drawn bold: the one chosen, else the first that there is."""
    if race is None or not race.done:
        return None
    done = dict(race.done)
    return done.get(now.settings.run) or next(iter(done.values()))


def gap_of(now: ViewState, finished: Finished) -> float:
    """The relative gap at the end of a run."""
    assert now.optimum is not None
    return gap(finished.run.objective, now.optimum)


def arrived(now: ViewState, finished: Finished) -> bool:
    """Whether a run ended at the optimum, as far as anyone can see."""
    return gap_of(now, finished) <= ARRIVED


def stuck(now: ViewState, finished: Finished) -> bool:
    """Whether the solver saw no way further down, and yet is above."""
    return finished.run.outcome == "converged" and not arrived(now, finished)


def lane(race: Race, name: str) -> list[Finished]:
    """The finished runs of a lane."""
    return [race.done[run] for run in RUNS if run in race.done and race.done[run].entry.lane == name]
