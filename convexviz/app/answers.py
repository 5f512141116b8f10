"""From drawn points to what the page shows: the certified answer or the calm reason why there is none.

The one module that caches results. Keys are contents, so equal problems of any session share one solve.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.board import View
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution

PATH_LENGTH = 41  # frames of the path, with the ends
PATH_DEPTH = 1e-4  # the path ends at this share of beta_max
LONGEST_SECONDS = 10.0  # a person waits no longer; what is known by then is shown with its honest bounds
CHUNK_SECONDS = 0.06  # longest stretch of path solving that may stand between a gesture and its answer
FIRST_STRIDE = 8  # the path is solved coarse to fine, so that there is soon something to scrub


@dataclass(frozen=True)
class Problem:
    """Points on the line and how they are to be fitted; x, y of shape (n,), hashable by content."""

    x: bytes
    y: bytes
    loss: str

    @classmethod
    def of(cls, x: Array, y: Array, loss: str) -> Problem:
        return cls(np.ascontiguousarray(x, float).tobytes(), np.ascontiguousarray(y, float).tobytes(), loss)

    @property
    def X(self) -> Array:
        return np.frombuffer(self.x).reshape(-1, 1)

    @property
    def targets(self) -> Array:
        return np.frombuffer(self.y)

    @property
    def has_beta(self) -> bool:
        return not cv.LOSSES[self.loss].constrained


@dataclass(frozen=True)
class Answer:
    """What can be said of a problem: `status` is the badge's word, `message` its reason in plain words."""

    status: str
    message: str = ""
    solution: Solution | None = None


def solve(problem: Problem, beta: float) -> Answer:
    """The certified optimum, or why there is none; never raises for anything that can be drawn."""
    reason = not_yet(problem)
    if reason:
        return Answer("empty", reason)
    try:
        solution = _solve(problem, beta)
    except cv.Infeasible as error:
        return Answer("infeasible", str(error))
    except (cv.SolveError, ValueError) as error:
        return Answer("error", str(error))
    if solution.certified:
        return Answer("certified", "", solution)
    return Answer("upper-bound", f"The bounds are still {solution.gap:.1e} apart, relative to the objective.", solution)


def not_yet(problem: Problem) -> str:
    """What has to be drawn before there is anything to train."""
    y = problem.targets
    if not len(y):
        return "The board is empty. Click on it to add a point."
    if cv.LOSSES[problem.loss].classification and len(np.unique(y)) < 2:
        missing = "−1, below the middle line" if y[0] > 0 else "+1, above the middle line"
        return f"Both classes are needed. Add a point of class {missing}."
    return ""


@st.cache_data(max_entries=256, show_spinner=False)
def _solve(problem: Problem, beta: float) -> Solution:
    return cv.solve(problem.X, problem.targets, beta=beta, loss=problem.loss, time_limit=LONGEST_SECONDS)


@st.cache_data(max_entries=256, show_spinner=False)
def beta_max(problem: Problem) -> float | None:
    """Where the last neuron leaves, or None where beta plays no part or nothing is there to train."""
    if not problem.has_beta or not_yet(problem):
        return None
    try:
        value = cv.beta_max(problem.X, problem.targets, problem.loss)
    except (cv.SolveError, ValueError):
        return None
    scale = float(np.abs(problem.targets).max()) * float(np.ptp(problem.X))
    return value if value > 1e-12 * max(scale, 1e-300) else None


@dataclass
class PathWork:
    """The path of one problem, solved bit by bit between gestures, from coarse to fine."""

    problem: Problem
    view: View
    todo: list[float] = field(default_factory=list)
    solutions: dict[float, Solution] = field(default_factory=dict)
    coarse: int = 0  # solutions after which the path is worth sending for the first time
    sent: str | None = None  # frames as sent last
    figure: str | None = None

    @classmethod
    def start(cls, problem: Problem, view: View) -> PathWork:
        top = beta_max(problem)
        if top is None:
            return cls(problem, view)
        betas = (top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH)).tolist()
        order: list[float] = []
        stride = FIRST_STRIDE
        while stride:
            order += [b for b in betas[::stride] if b not in order]
            stride //= 2
        return cls(problem, view, order, coarse=len(betas[::FIRST_STRIDE]))

    @property
    def complete(self) -> bool:
        return not self.todo

    @property
    def sorted(self) -> list[Solution]:
        """What is solved so far, by beta."""
        return [self.solutions[beta] for beta in sorted(self.solutions)]

    def advance(self) -> bool:
        """Solve on for one stretch of time; whether there is something new that is worth sending."""
        before, end = len(self.solutions), time.perf_counter() + CHUNK_SECONDS
        while self.todo and time.perf_counter() < end:
            beta = self.todo.pop(0)
            answer = solve(self.problem, beta)
            if answer.solution is not None:
                self.solutions[beta] = answer.solution
        after = len(self.solutions)
        return after > before and (self.complete or before < self.coarse <= after)


def badge(answer: Answer) -> dict[str, Any]:
    """What the certificate badge shows of an answer."""
    shown: dict[str, Any] = {"status": answer.status, "message": answer.message}
    s = answer.solution
    if s is None:
        return shown
    numbers = {"objective": s.objective, "lower_bound": s.lower_bound, "gap": s.gap, "neurons": s.network.width}
    beta = {} if cv.LOSSES[s.loss].constrained else {"beta": s.beta}
    return shown | numbers | {"seconds": s.seconds, "method": s.method, "loss": s.loss} | beta


def network_json(network: ReLUNetwork | None) -> dict[str, Any] | None:
    """A network on the line as the browser draws it."""
    if network is None:
        return None
    return {
        "u": network.U[:, 0].astype(int).tolist(),
        "b": network.b.tolist(),
        "w": network.w.tolist(),
        "c": network.c,
    }
