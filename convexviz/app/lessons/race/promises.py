"""What the race promises to show, checked on the points that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.race import view_state
from convexviz.app.lessons.race.runs import Terms, missing
from convexviz.app.lessons.race.settings import LANES, SEEDS, RaceSettings
from convexviz.core.losses import Logistic, get_loss
from convexviz.core.rivals.descent import Run, train


class Held:
    """The runs of a race, trained when they are asked for, and its optimum."""

    def __init__(self, settings: RaceSettings) -> None:
        self.settings = settings
        self.points = view_state.points_of(settings).named(settings)[0]
        self.terms = Terms.of(settings, Problem.of(self.points.X, self.points.y, settings.loss))
        self.optimum = cv.solve(self.points.X, self.points.y, beta=settings.beta, loss=settings.loss)

    def run(self, lane: str, number: int = 1, solver: str = "") -> Run:
        """One run; `number` counts from 1 in its lane."""
        s = self.settings
        return train(
            self.points.X,
            self.points.y,
            s.beta,
            s.loss,
            width=getattr(s, lane),
            seed=s.start + number - 1,
            solver=solver or s.solver,
            iterations=s.iterations,
        )

    def excess(self, run: Run) -> float:
        """How far a run ends above the optimum, relative to it."""
        return (run.objective - self.optimum.objective) / self.optimum.objective

    def lane(self, name: str) -> np.ndarray:
        """How far each run of a lane ends above the optimum, (SEEDS,)."""
        return np.array([self.excess(self.run(name, k)) for k in range(1, SEEDS + 1)])


def none_below(*excesses: np.ndarray) -> dict[str, bool]:
    """The claim of the whole page."""
    return {"no run ends below the optimum": bool(np.concatenate(excesses).min() > -1e-6)}


def three_arrive(settings: RaceSettings) -> dict[str, bool]:
    """Three arrive, three do not."""
    held = Held(settings)
    narrow, wide = (held.lane(name) for name in LANES)
    return {
        "all wide runs arrive": bool((wide <= view_state.ARRIVED).all()),
        "no narrow one does": bool((narrow > view_state.ARRIVED).all()),
        "each of them ends somewhere else": len(set(np.round(narrow, 4))) == SEEDS,
    } | none_below(narrow, wide)


def own_width(settings: RaceSettings) -> dict[str, bool]:
    """Is the optimum's own width enough?"""
    held = Held(settings)
    narrow = held.lane("narrow")
    return {
        "the optimal network has ten neurons": held.optimum.network.width == settings.narrow == 10,
        "ten trained neurons get stuck": bool((narrow > view_state.ARRIVED).any()),
    } | none_below(narrow)


def wide_and_stuck(settings: RaceSettings) -> dict[str, bool]:
    """Wide, and still stuck."""
    held = Held(settings)
    wide, bold = held.lane("wide"), held.run("wide", 2)
    lacking = missing(bold, held.terms)
    silent = bold.network.activations(held.points.X).max(axis=0) == 0
    return {
        "all three wide runs end some 0.4 % above": bool(((wide > 0.003) & (wide < 0.005)).all()),
        "the dual names the neuron that it lacks": lacking is not None and lacking.excess > 1.001,
        "some of its neurons are off on all points": bool(silent.any()),
    } | none_below(wide)


def other_end(settings: RaceSettings) -> dict[str, bool]:
    """Another descent, another end."""
    held = Held(settings)
    adam, lbfgs = (held.excess(held.run("wide", 1, solver)) for solver in ("adam", "lbfgs"))
    return {
        "L-BFGS stops above the optimum": lbfgs > view_state.ARRIVED,
        "Adam gets lower": adam < lbfgs,
    } | none_below(np.array([adam, lbfgs]))


def lines_gather(settings: RaceSettings) -> dict[str, bool]:
    """Lines that look for their places."""
    held = Held(settings)
    run, best = held.run("wide"), held.optimum.network
    strong = np.abs(run.network.w) > 0.05 * np.abs(run.network.w).max()
    places = np.column_stack([best.U, best.b])
    found = np.column_stack([run.network.U, run.network.b])[strong]
    away = np.linalg.norm(found[:, None] - places[None], axis=2).min(axis=1)
    return {
        "the bold run is in the plane": settings.scene == "plane",
        "most of its weight gathers at the optimum's neurons": bool(np.median(away) < 0.2),
    } | none_below(np.array([held.excess(run)]))


def classes_too(settings: RaceSettings) -> dict[str, bool]:
    """Two classes."""
    held = Held(settings)
    wide = held.excess(held.run("wide"))
    return {
        "the loss is logistic": get_loss(held.optimum.loss) == Logistic(),
        "its optimum is certified": held.optimum.certified,
    } | none_below(np.array([wide]))


def slow_steps(settings: RaceSettings) -> dict[str, bool]:
    """Plain gradient steps."""
    held = Held(settings)
    run = held.run("wide")
    return {
        "the iterations are used up": run.outcome == "iterations",
        "and it is not there": held.excess(run) > view_state.ARRIVED,
    } | none_below(np.array([held.excess(run)]))
