"""The view state of the cutting planes: settings, points, the oracle asked, its run, and what it missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.app.shell import source, state
from convexviz.core.ladder import rungs as ladder
from convexviz.core.ladder.missed import Missed, missed_neuron
from convexviz.core.network import Array
from convexviz.core.rank import reduce_rank
from convexviz.core.solution import TOLERANCE, Round
from convexviz.data.space_sets import load_space
from convexviz.figures.parts import band_of

TOL = TOLERANCE
RUN_SECONDS, LIVE_SECONDS, MISSED_SECONDS = 6.0, 0.3, 1.5
EXCEEDS = 1e-3  # of beta: what is missed by less is the gap of the run, no neuron worth showing
GUESSERS = ("relaxation", "ascent")  # oracles without a proof of their own
CHEAP = ("sweep", "patterns", "space")  # proofs that take no time worth speaking of
SLOW = ("patterns", "branch_and_bound")  # oracles that a moving hand does not wait for
LINE = "auto"  # the method for points on one line, which need no oracle

points = source.PlanePoints("cutting")


@dataclass(frozen=True, eq=False)
class ViewState:
    """All that the pictures are made from.

    Attributes
    ----------
    origin : where the points on the board come from; None for a named set in more dimensions.
    X : (n, d) the points; what is trained on is `problem.X`, with a column of ones in the paper's setting.
    refused : for each oracle of the ladder why these data cannot have it, "" if they can.
    oracle : the one that was asked.
    live : whether the hand that draws is still moving.
    """

    settings: CuttingSettings
    origin: source.Source | None
    X: Array
    problem: Problem
    refused: dict[str, str]
    oracle: str
    answer: Answer
    live: bool

    @property
    def bias(self) -> bool:
        return self.settings.bias

    @property
    def solution(self) -> cv.Solution | None:
        return self.answer.solution

    @property
    def classes(self) -> bool:
        return self.settings.asked == "classification"

    @property
    def key(self) -> tuple[Problem, float, str, bool]:
        """What the run depends on."""
        return self.problem, self.settings.beta, self.oracle, self.bias

    @property
    def mapped(self) -> bool:
        """Whether the dual function over all neurons can be drawn: in the plane, with free biases."""
        return self.origin is not None and self.bias

    @property
    def certified(self) -> bool:
        return self.solution is not None and self.solution.certified


def present() -> ViewState:
    """The present settings and points, and the run of the oracle that they name or, if it is refused, of the best."""
    settings: CuttingSettings = state.current().settings
    origin, X, y, live = _points(settings)
    problem = posed(settings, source.Points(X, y))
    refused = refusals(problem, settings.bias)
    oracle = fitting(problem, settings.bias, settings.oracle, refused)
    return ViewState(settings, origin, X, problem, refused, oracle, _answer(problem, settings, oracle, live), live)


def _points(settings: CuttingSettings) -> tuple[source.Source | None, Array, Array, bool]:
    if settings.scene == "space":
        made = named(settings)
        return None, made.X, made.y, False
    origin = points.prepare(settings, state.link_loads())
    drawn = points.points(settings.task)
    return origin, drawn.X, drawn.y, board.current(points.state_key(settings.task)).live


def points_of(settings: CuttingSettings) -> source.Points:
    """The points on show."""
    return named(settings) if settings.scene == "space" else points.points(settings.task)


def named(settings: CuttingSettings) -> source.Points:
    """The points that the settings name."""
    if settings.scene == "space":
        made = load_space(settings.space)
        return source.Points(np.asarray(made.X), np.asarray(made.y))
    return points.named(settings)[0]


def posed(settings: CuttingSettings, shown: source.Points) -> Problem:
    """The problem that points pose, as it is trained on."""
    return Problem.of(with_ones(shown.X, settings), shown.y, settings.loss)


def with_ones(X: Array, settings: CuttingSettings) -> Array:
    """The data (n, d or d + 1) that are trained on: in the paper's setting the bias is the weight of a one."""
    return X if settings.bias or settings.homogeneous else np.column_stack([X, np.ones(len(X))])


def refusals(problem: Problem, bias: bool) -> dict[str, str]:
    """For each oracle of the ladder why it does not fit, "" if it does; for points on a line, none does."""
    rank = _rank(problem, bias)
    if rank < 2:
        return dict.fromkeys(ladder.RUNGS, "the points lie on a line")
    place = ladder.Problem(len(problem.targets), rank, bias)
    return {name: rung.refusal(place) for name, rung in ladder.RUNGS.items()}


def fitting(problem: Problem, bias: bool, wanted: str, refused: dict[str, str]) -> str:
    """The oracle wanted, or the strongest that the data can afford."""
    if not refused[wanted]:
        return wanted
    rank = _rank(problem, bias)
    return LINE if rank < 2 else ladder.pick(ladder.Problem(len(problem.targets), rank, bias)).name


def _rank(problem: Problem, bias: bool) -> int:
    return reduce_rank(problem.X, centred=bias).rank if len(problem.targets) else 0


# ---------------------------------------------------------------- the run


def _answer(problem: Problem, settings: CuttingSettings, oracle: str, live: bool) -> Answer:
    reason = answers.not_yet(problem)
    if reason:
        return Answer("empty", reason)
    try:
        solution = quick(problem, settings.beta, oracle, settings.bias) if live else _run(problem, settings, oracle)
    except (cv.SolveError, ValueError) as error:
        return Answer("error", str(error))
    return Answer("certified" if solution.certified else "upper-bound", "", solution)


def _run(problem: Problem, settings: CuttingSettings, oracle: str) -> cv.Solution:
    return run(problem, settings.beta, oracle, settings.bias)


def _trained(
    problem: Problem, beta: float, method: str, bias: bool, seconds: float, cuts: int | None = None
) -> cv.Solution:
    task = {"beta": beta, "loss": problem.loss, "bias": bias, "method": method, "cuts": cuts}
    return cv.solve(problem.X, problem.targets, tol=TOL, time_limit=seconds, **task)  # type: ignore[arg-type]


@st.cache_data(max_entries=128, show_spinner="Asking the oracle, round by round…")
def run(problem: Problem, beta: float, oracle: str, bias: bool) -> cv.Solution:
    """Cutting planes with one neuron of each sign a round, from none: to be watched. Raises what `cv.solve` raises."""
    return _trained(problem, beta, oracle, bias, RUN_SECONDS, None if oracle == LINE else 1)


@st.cache_data(max_entries=64, show_spinner=False)
def quick(problem: Problem, beta: float, oracle: str, bias: bool) -> cv.Solution:
    """The same under a moving hand: many neurons a round, a fast oracle for a slow one, and what is known soon."""
    if oracle in SLOW:
        oracle = "sweep" if bias else "ascent"
    return _trained(problem, beta, oracle, bias, LIVE_SECONDS)


@st.cache_data(max_entries=128, show_spinner="Asking an exact oracle what was missed…")
def missed(problem: Problem, beta: float, oracle: str, bias: bool) -> Missed:
    """The neuron that the last round's oracle did not see, and what is proved of it."""
    return missed_neuron(problem.X, run(problem, beta, oracle, bias), bias, MISSED_SECONDS)


@st.cache_data(max_entries=128, show_spinner="Solving with an exact oracle, to compare…")
def best(problem: Problem, beta: float, bias: bool) -> float | None:
    """The certified optimum, where it is to be had in a moment."""
    place = ladder.Problem(len(problem.targets), _rank(problem, bias), bias)
    rung = ladder.pick(place)
    if rung.name not in CHEAP and place.n > ladder.PROOF_POINTS:
        return None
    solution = _trained(problem, beta, rung.name, bias, RUN_SECONDS)
    return solution.objective if solution.certified else None


def network_now(settings: CuttingSettings) -> cv.ReLUNetwork | None:
    """The network of the run on the page."""
    solution = present().solution
    return None if solution is None else solution.network


def missed_of(now: ViewState) -> Missed | None:
    """What the run missed, where its oracle has no proof of its own; None under a moving hand."""
    if now.solution is None or now.live or now.oracle not in GUESSERS or now.certified:
        return None
    return missed(*now.key)


def best_of(now: ViewState) -> float | None:
    """The certified optimum to compare with, if the run has not proved its own."""
    if now.solution is None or now.live or now.certified or now.oracle == LINE:
        return None
    return best(now.problem, now.settings.beta, now.bias)


# ---------------------------------------------------------------- rounds


def added(now: ViewState, record: Round) -> cv.ReLUNetwork | None:
    """The neurons added after a round, the worst first, each with N_v / beta as its weight; None if there are none."""
    if record.U is None or record.b is None or record.v is None or not len(record.b) or now.solution is None:
        return None
    heights = np.maximum(now.problem.X @ record.U.T + record.b, 0.0).T @ record.v / band_of(now.solution)
    worst = np.argsort(-np.abs(heights), kind="stable")
    return cv.ReLUNetwork(record.U[worst], record.b[worst], heights[worst], 0.0)


def on_plane(network: cv.ReLUNetwork) -> cv.ReLUNetwork:
    """The network on the board's two coordinates: the weight of the column of ones is a bias there."""
    if network.dimension == 2:
        return network
    return cv.ReLUNetwork.normalized(network.U[:, :2], network.b + network.U[:, 2], network.w, network.c)
