"""What the lesson on cutting planes promises to show, checked on the points that it names."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.cutting_planes import view_state
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.core.network import Array
from convexviz.core.solution import Round

SAME = 1e-4  # relative difference of objectives that are the same


def posed(settings: CuttingSettings) -> Problem:
    """The points that the settings name, as they are trained on."""
    return view_state.posed(settings, view_state.named(settings))


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
    problem, s = asked(settings)
    lower, upper = [r.lower for r in s.history], [r.upper for r in s.history]
    return {
        "there are rounds to step through": len(s.history) > 3,
        "each but the last adds one or two neurons": all(r.added in (1, 2) for r in s.history[:-1]),
        "those beyond ±β, the highest and the lowest": all(_extremes(problem, r, s.beta) for r in s.history[:-1]),
        "the bounds close in": lower == sorted(lower) and upper == sorted(upper, reverse=True),
        "until they meet": s.certified,
    }


def _extremes(problem: Problem, record: Round, beta: float) -> bool:
    """Whether the neurons added after a round are beyond ±β, of different signs, and one of them at M(v)."""
    assert record.U is not None
    assert record.b is not None
    heights = np.maximum(problem.X @ record.U.T + record.b, 0.0).T @ record.v
    apart = len(set(np.sign(heights))) == len(heights)
    return bool(apart and (np.abs(heights) > beta).all() and np.isclose(np.abs(heights).max(), record.maximum))


def proof_on_the_map(settings: CuttingSettings) -> dict[str, bool]:
    """Why that is a proof."""
    problem, s = asked(settings)
    assert s.history[-1].v is not None
    gains = np.maximum(problem.X @ s.network.U.T + s.network.b, 0.0).T @ s.history[-1].v
    return {
        "the bounds have met": s.certified,
        "no neuron exceeds β": s.history[-1].maximum <= s.beta * (1 + view_state.EXCEEDS),
        "the neurons in use touch ±β": bool(np.allclose(gains, s.beta * np.sign(s.network.w), rtol=view_state.EXCEEDS)),
        "it has nine neurons": s.network.width == 9,
    }


def another_oracle(settings: CuttingSettings) -> dict[str, bool]:
    """The same points, another oracle."""
    s, relaxed = asked(settings)[1], asked(settings, "relaxation")[1]
    return {
        "it is proved": s.certified,
        "the relaxation's network costs nearly three times as much": 2.7 < relaxed.objective / s.objective < 3,
        "three neurons": s.network.width == 3,
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
