"""Cross-validation beside the page: in a thread, kept by content, given up when the points change.

Two questions: the error at today's β, a few solves; and the whole curve over β. What is known is shared by all
sessions that ask the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import shown
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.compute.background import Job

FOLDS = 5
POINTS = 31  # of the curve
DEPTH = 1e-4  # the curve ends at this share of beta_max
KEPT = 64  # results
WORK = "line-answer-checking"  # session key: the work under way
ASKED = "line-answer-asked"  # session key: the points for which somebody has asked
CURVE = "line-validation"  # key of the chart


class GivenUp(Exception):
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class Question:
    """Points, how they are judged, and at which β; none for a loss without one."""

    problem: Problem
    classes: bool
    betas: tuple[float, ...]


@dataclass
class Work:
    """A cross-validation under way, or what became of it."""

    question: Question
    result: cv.CrossValidation | None = None
    failure: str = ""
    done: int = 0
    most: int = 1
    job: Job | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        return self.result is not None or bool(self.failure)

    def run(self, job: Job) -> None:
        """In the thread."""

        def told(done: int, most: int) -> None:
            self.done, self.most = done, most
            if job.stop():
                raise GivenUp

        try:
            self.result = checked(self.question, told)
            _keep(self)
        except GivenUp:
            return
        except (cv.SolveError, ValueError) as reason:
            self.failure = str(reason)


_known: OrderedDict[Question, Work] = OrderedDict()
_turn = threading.Lock()


def checked(question: Question, told: Callable[[int, int], None] | None = None) -> cv.CrossValidation:
    """The cross-validation that a question asks for; raises what `cv.cross_validate` raises."""
    problem = question.problem
    folds = min(FOLDS, places(problem))
    return cv.cross_validate(
        problem.X,
        problem.targets,
        question.betas or None,
        problem.loss,
        folds=folds,
        sample_weight=problem.sample_weight,
        classes=question.classes,
        progress=told,
        **problem.asked,
    )


def places(problem: Problem) -> int:
    """How many different x the points have that count."""
    weights = problem.sample_weight
    return len(np.unique(problem.X[:, 0] if weights is None else problem.X[weights > 0, 0]))


def grid(problem: Problem) -> tuple[float, ...]:
    """The β of the curve, in numbers that read well; none where no β brings a neuron in."""
    top = answers.beta_max(problem) if problem.has_beta else None
    if top is None:
        return ()
    return tuple(float(f"{beta:.3g}") for beta in top * np.geomspace(1.0, DEPTH, POINTS))


def ask(question: Question) -> Work:
    """What is known of a question; the work is begun if it is not."""
    with _turn:
        if question in _known:
            _known.move_to_end(question)
            return _known[question]
    work: Work | None = st.session_state.get(WORK)
    if work is None or work.question != question or not (work.over or (work.job and work.job.alive)):
        drop()
        work = st.session_state[WORK] = Work(question)
        work.job = Job(work.run)
    if work.job is not None and not work.over:
        work.job.wait(0)
    return work


def known(question: Question) -> cv.CrossValidation | None:
    """The result, where it is there already."""
    with _turn:
        return _known[question].result if question in _known else None


def drop(problem: Problem | None = None) -> None:
    """Give up the work under way, unless it is on this problem; other points have no curve yet."""
    if st.session_state.get(ASKED) != problem:
        shown.forget(CURVE)
    work: Work | None = st.session_state.get(WORK)
    if work is not None and work.job is not None and not work.over and work.question.problem != problem:
        work.job.cancel()


def _keep(work: Work) -> None:
    with _turn:
        _known[work.question] = work
        while len(_known) > KEPT:
            _known.popitem(last=False)
