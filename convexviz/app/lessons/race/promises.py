"""What the race promises to show, checked on the points that it names."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.race import view_state
from convexviz.app.lessons.race.gap import ARRIVED, ROUNDING, gap
from convexviz.app.lessons.race.runs import Terms, missing
from convexviz.app.lessons.race.settings import LANES, SEEDS, RaceSettings
from convexviz.core.ladder.missed import Missed
from convexviz.core.losses import Logistic, get_loss
from convexviz.core.network import Array
from convexviz.core.rivals.descent import Run, train

NEAR = 0.1  # of a kink: nearer ones would be the same neuron to the eye
GATHERED = 0.2  # of a direction and offset in the plane
STRONG = 0.05  # of the heaviest neuron


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
        return _trained(self.terms, getattr(s, lane), s.start + number - 1, solver or s.solver)

    def gap(self, run: Run) -> float:
        """The relative gap at which a run ends."""
        return gap(run.objective, self.optimum)

    def lane(self, name: str) -> Array:
        """The gap of each run of a lane, (SEEDS,)."""
        return np.array([self.gap(self.run(name, k)) for k in range(1, SEEDS + 1)])

    def missing(self, run: Run) -> Missed:
        """The highest neuron at the end of a run."""
        found = missing(run, self.terms)
        assert found is not None
        return found

    def off(self, run: Run) -> np.ndarray:
        """Which of its neurons are off on all points."""
        silent: np.ndarray = run.network.activations(self.points.X).max(axis=0) == 0
        return silent


@lru_cache(maxsize=64)
def _trained(terms: Terms, width: int, seed: int, solver: str) -> Run:
    X, y, loss = terms.problem.X, terms.problem.targets, terms.problem.loss
    return train(X, y, terms.beta, loss, width=width, seed=seed, solver=solver, iterations=terms.iterations)


def _nearest(run: Run, lacking: Missed) -> float:
    """How far the nearest kink of a run on the line is from that of the neuron that it lacks."""
    assert lacking.u is not None
    return float(np.abs(run.network.kinks() + lacking.b / lacking.u[0]).min())


def none_below(*gaps: Array) -> dict[str, bool]:
    """The claim of the whole page."""
    return {"no run ends below the bound": bool(np.concatenate(gaps).min() > -ROUNDING)}


def optimum_first(settings: RaceSettings) -> dict[str, bool]:
    """The finishing line."""
    held = Held(settings)
    return {"the optimum is proved": held.optimum.certified, "it has ten neurons": held.optimum.network.width == 10}


def three_arrive(settings: RaceSettings) -> dict[str, bool]:
    """Three arrive, three do not."""
    held = Held(settings)
    narrow, wide = (held.lane(name) for name in LANES)
    return {
        "the wide ones arrive, the narrow ones do not": bool((wide <= ARRIVED).all() and (narrow > ARRIVED).all()),
        "each narrow run ends somewhere else": len(set(np.round(narrow, 2))) == SEEDS,
        "the narrow gaps are above one half": bool((narrow > 0.5).all()),
    } | none_below(narrow, wide)


def a_neuron_would_pay(settings: RaceSettings) -> dict[str, bool]:
    """Why a narrow run is stuck."""
    held = Held(settings)
    run = held.run("narrow")
    lacking = held.missing(run)
    return {
        "the bold run is narrow 1": settings.run == "narrow-1",
        "the solver found no step down": run.outcome == "converged" and held.gap(run) > ARRIVED,
        "a neuron somewhere exceeds ten times β": lacking.excess > 10,
        "none of its kinks is near": _nearest(run, lacking) > NEAR,
        "one of its three neurons is off on all points": int(held.off(run).sum()) == 1,
    } | none_below(np.array([held.gap(run)]))


def own_width(settings: RaceSettings) -> dict[str, bool]:
    """Is the optimum's own width enough?"""
    held = Held(settings)
    narrow, wide = held.lane("narrow"), held.lane("wide")
    there = int((wide <= ARRIVED).sum())
    return {
        "the optimal network has ten neurons": held.optimum.network.width == settings.narrow == 10,
        "none of the three arrives": bool((narrow > 0.1).all()),
        "of thirty neurons two runs of three arrive": settings.wide == 30 and there == 2,
    } | none_below(narrow, wide)


def wide_and_stuck(settings: RaceSettings) -> dict[str, bool]:
    """Wide, and still stuck."""
    held = Held(settings)
    wide, bold = held.lane("wide"), held.run("wide", 2)
    lacking, silent = held.missing(bold), held.off(bold)
    return {
        "none of the three arrives": bool((wide > ARRIVED).all()),
        "all three end at the same gap, 0.0037": bool((np.abs(wide - 0.0037) < 5e-5).all()),
        "the solver found no step down": bold.outcome == "converged" and settings.run == "wide-2",
        "the dual names a neuron that it lacks": lacking.excess > 1.1,
        "none of the 200 has its kink near there": bold.width == 200 and _nearest(bold, lacking) > NEAR,
        "more than a quarter of them are off on all points": bool(silent.mean() > 0.25),
    } | none_below(wide)


def other_end(settings: RaceSettings) -> dict[str, bool]:
    """Another descent, another end."""
    held = Held(settings)
    runs = [held.run("wide", 1, solver) for solver in ("adam", "lbfgs")]
    adam, lbfgs = (held.gap(run) for run in runs)
    return {
        "both use all 2000 steps": all(len(run.objectives) - 1 == 2000 for run in runs),
        "L-BFGS is then at a gap of 0.027": bool(abs(lbfgs - 0.027) < 5e-4),
        "Adam is ten times closer": adam < lbfgs / 10,
        "neither has arrived": min(adam, lbfgs) > ARRIVED,
    } | none_below(np.array([adam, lbfgs]))


def lines_gather(settings: RaceSettings) -> dict[str, bool]:
    """Lines that look for their places."""
    held = Held(settings)
    run, best = held.run("wide"), held.optimum.network
    strong = np.abs(run.network.w) > STRONG * np.abs(run.network.w).max()
    places = np.column_stack([best.U, best.b])
    found = np.column_stack([run.network.U, run.network.b])[strong]
    away = np.linalg.norm(found[:, None] - places[None], axis=2).min(axis=1)
    return {
        "the bold run is in the plane": settings.scene == "plane",
        "most of the strong ones gather at the optimum's neurons": bool(np.median(away) < GATHERED),
    } | none_below(np.array([held.gap(run)]))


def classes_too(settings: RaceSettings) -> dict[str, bool]:
    """Two classes."""
    held = Held(settings)
    narrow, wide = (held.lane(name) for name in LANES)
    return {
        "the loss is logistic": get_loss(held.optimum.loss) == Logistic(),
        "its optimum is certified": held.optimum.certified,
        "the wide runs arrive, the narrow ones do not": bool((wide <= ARRIVED).all() and (narrow > ARRIVED).all()),
    } | none_below(narrow, wide)


def slow_steps(settings: RaceSettings) -> dict[str, bool]:
    """Plain gradient steps."""
    held = Held(settings)
    run = held.run("wide")
    return {
        "the iterations are used up": run.outcome == "iterations",
        "no wide run has arrived": bool((held.lane("wide") > ARRIVED).all()),
    } | none_below(np.array([held.gap(run)]))
