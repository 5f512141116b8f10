"""What the lesson on cutting planes promises to show, checked on the points that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.cutting_planes import view_state
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.core.network import Array
from convexviz.data.space_sets import load_space

SAME = 1e-4  # relative difference of objectives that are the same


def posed(settings: CuttingSettings) -> Problem:
    """The points that the settings name, as they are trained on."""
    if settings.scene == "space":
        made = load_space(settings.space)
        X, y = np.asarray(made.X), np.asarray(made.y)
    else:
        named = view_state.points.named(settings)[0]
        X, y = named.X, named.y
    return Problem.of(view_state.with_ones(X, settings), y, settings.loss)


def asked(settings: CuttingSettings, oracle: str = "") -> tuple[Problem, cv.Solution]:
    """The run of the oracle that the settings name, or of another one."""
    problem = posed(settings)
    return problem, view_state.run(problem, settings.beta, oracle or settings.oracle, settings.bias)


def linear_on(f: Array, X: Array) -> bool:
    """Whether values f (n,) at X (n, d) are those of a linear function."""
    A = np.column_stack([X, np.ones(len(X))])
    return bool(np.allclose(A @ np.linalg.lstsq(A, f, rcond=None)[0], f, atol=1e-6 * (1 + np.abs(f).max())))


def a_neuron_is_missed(settings: CuttingSettings) -> dict[str, bool]:
    """The neuron that the relaxation misses."""
    problem, s = asked(settings)
    missed = view_state.missed(problem, settings.beta, settings.oracle, settings.bias)
    return {
        "the relaxed oracle has stopped, without a proof": not s.certified,
        "neurons exceed β": missed.value > (1 + view_state.EXCEEDS) * settings.beta,
        "the exact sweep finds better": asked(settings, "sweep")[1].objective < (1 - SAME) * s.objective,
    }


def bounds_close_in(settings: CuttingSettings) -> dict[str, bool]:
    """Step through a proof."""
    _, s = asked(settings)
    lower, upper = [r.lower for r in s.history], [r.upper for r in s.history]
    return {
        "there are rounds to step through": len(s.history) > 3,
        "each but the last adds neurons": all(r.added for r in s.history[:-1]),
        "the bounds close in": lower == sorted(lower) and upper == sorted(upper, reverse=True),
        "until they meet": s.certified,
    }


def straight_border(settings: CuttingSettings) -> dict[str, bool]:
    """A straight border, whatever the data."""
    problem, s = asked(settings)
    return {"the network is linear on the data": linear_on(s.network.predict(problem.X), problem.X)}


def active_on_all(settings: CuttingSettings) -> dict[str, bool]:
    """The paper's setting does not help here."""
    problem, s = asked(settings)
    active = problem.X @ s.network.U.T + s.network.b
    return {
        "biases are not free": not settings.bias,
        "all its neurons are active on all data": bool((active >= -1e-6).all()),
        "an exact oracle finds better": asked(settings, "patterns")[1].objective < (1 - SAME) * s.objective,
    }


def nothing_is_missed(settings: CuttingSettings) -> dict[str, bool]:
    """Exact because spike-free."""
    problem, s = asked(settings)
    return {
        "the data are whitened": bool(np.allclose(problem.X @ problem.X.T, np.eye(len(problem.X)))),
        "two rounds": len(s.history) == 2,
        "and the bounds meet": s.certified,
    }


def right_without_proof(settings: CuttingSettings) -> dict[str, bool]:
    """Right, but not proved."""
    s, exact = asked(settings)[1], asked(settings, "branch_and_bound")[1]
    return {
        "both have the same objective": bool(np.isclose(s.objective, exact.objective, rtol=SAME)),
        "ascent proves nothing": not s.certified,
        "branch and bound proves it": exact.certified,
    }


def time_runs_out(settings: CuttingSettings) -> dict[str, bool]:
    """Where proofs run out of time."""
    problem, s = asked(settings)
    return {
        "sixty points in ten dimensions": problem.X.shape == (60, 10),
        "it ends without a proof": not s.certified,
        "with a bound on either side": bool(0 < s.lower_bound < s.objective),
    }
