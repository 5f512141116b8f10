"""The regularisation path of the points on the board, solved beside the gestures, from coarse to fine.

The squared loss on the line has an exact path: it is followed in a thread, then each state between two changes of it is
a frame. For other losses on the line a solve takes milliseconds, and a stretch of them fits between two gestures. In
the plane it takes longer: there the path is solved in a thread, which stops between two rounds of a solver when the
points have changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.components.shown import alone
from convexviz.app.compute import answers
from convexviz.app.compute.answers import Problem
from convexviz.app.compute.background import Job
from convexviz.core.solution import Solution

LENGTH = {1: 41, 2: 33}  # frames of the path, with the ends, by the dimension of the data
EXACT_LENGTH = 61  # frames of an exact path at most: its states between two changes, the longest ones of many
DEPTH = {1: 1e-4, 2: 1e-3}  # the path ends at this share of beta_max; in the plane little beta is much work
FIRST_STRIDE = 8  # every so many frames first, so that there is soon something to scrub
CHUNK_SECONDS = 0.06  # longest stretch of path solving that may stand between a gesture and its answer
ALONE_SECONDS = 10.0  # the same without a browser, where no gesture waits
SOLVE_SECONDS = 3.0  # for one beta in the plane; what is known by then counts


def has_exact_path(problem: Problem) -> bool:
    """Whether the path of a problem is known at every beta: squared loss on the line, and nothing more is asked for."""
    alone = replace(problem, x=b"", y=b"", weights=b"")
    return alone == Problem(b"", b"", "squared") and answers.beta_max(problem) is not None


def exact_path(problem: Problem, stop: Callable[[], bool] | None = None) -> cv.ExactPath:
    """The path of a problem that has an exact one."""
    return cv.exact_path(problem.X, problem.targets, problem.sample_weight, stop)


def filled(betas: list[float], least: int) -> list[float]:
    """Betas from large to small and, until there are so many, those halfway (in log beta) in the widest gaps.

    A path of few states changes much within one of them: so a sweep over it does not jump.
    """
    logs = np.log(betas)
    while 1 < len(logs) < least:
        widest = int(np.argmax(logs[:-1] - logs[1:]))
        logs = np.insert(logs, widest + 1, (logs[widest] + logs[widest + 1]) / 2)
    added = set(np.exp(logs).tolist()) - set(np.exp(np.log(betas)).tolist())
    return sorted({*betas, *added}, reverse=True)


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
    known: int = 0  # solutions when `advance` was last asked
    asked: int = 0  # how often that was
    job: Job | None = None
    exact: cv.ExactPath | None = None
    following: bool = False  # whether the exact path is still being followed

    @classmethod
    def start(cls, problem: Problem, view: View) -> PathWork:
        """Nothing solved yet; the order of the work is settled."""
        top = answers.beta_max(problem)
        if top is None:
            return cls(problem, view)
        if has_exact_path(problem):
            return cls(problem, view, following=True)
        work = cls(problem, view)
        work._plan((top * np.geomspace(1.0, DEPTH[problem.d], LENGTH[problem.d])).tolist())
        return work

    def _plan(self, betas: list[float]) -> None:
        """Settle the order of the work: every so many betas first."""
        order: list[float] = []
        stride = FIRST_STRIDE
        while stride:
            order += [b for b in betas[::stride] if b not in order]
            stride //= 2
        self.todo, self.coarse = order, len(betas[::FIRST_STRIDE])

    @property
    def complete(self) -> bool:
        return not self.todo and not self.following

    @property
    def sorted(self) -> list[Solution]:
        """What is solved so far, by beta."""
        solutions = dict(self.solutions)  # as of now: a thread may add more
        return [solutions[beta] for beta in sorted(solutions)]

    def advance(self, drawn: bool = True) -> bool:
        """Solve on for one stretch of time; whether there is something new that is worth sending.

        `drawn` is whether the page has a figure of the path: then its pictures wait for it, where no gesture does.
        """
        self.asked += 1
        seconds = ALONE_SECONDS if alone("films") or (drawn and alone("pictures")) else CHUNK_SECONDS
        if self.following:
            self._in_thread(self._follow, seconds)
        elif self.problem.d == 1:
            self._solve_for(seconds)
        elif self.todo:
            self._in_thread(self._solve_all, seconds)
        before, self.known = self.known, len(self.solutions)
        return self.known > before and (self.complete or before < self.coarse <= self.known)

    def cancel(self) -> None:
        """The points have changed: give up what is under way."""
        if self.job is not None:
            self.job.cancel()

    def _in_thread(self, task: Callable[[Job], None], seconds: float) -> None:
        if self.job is None or not self.job.alive:
            self.job = Job(task)
        self.job.wait(seconds)

    def _follow(self, job: Job) -> None:
        """In the thread: the exact path, and with it the betas of the frames."""
        path = exact_path(self.problem, job.stop)
        if not job.stop():
            self.exact = path
            self._plan(filled(path.stops(DEPTH[1], EXACT_LENGTH), LENGTH[self.problem.d]))
            self.following = False
            job.say()

    def _solve_for(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while self.todo and time.perf_counter() < end:
            beta = self.todo.pop(0)
            solution = self.exact.at(beta) if self.exact else answers.solve(self.problem, beta).solution
            if solution is not None:
                self.solutions[beta] = solution

    def _solve_all(self, job: Job) -> None:
        """In the thread: each beta begins from the solution nearest to it."""
        while self.todo and not job.stop():
            beta = self.todo[0]
            solution = self._attempt(beta, job)
            if job.stop():
                break
            if solution is not None:
                self.solutions[beta] = solution
            self.todo.pop(0)
            if len(self.solutions) >= self.coarse > self.known or not self.todo:
                job.say()

    def _attempt(self, beta: float, job: Job) -> Solution | None:
        X, y = self.problem.X, self.problem.targets
        near = min(self.solutions, key=lambda known: abs(np.log(known / beta)), default=None)
        start, loss = None if near is None else self.solutions[near], self.problem.loss
        try:
            return cv.solve(
                X,
                y,
                beta=beta,
                loss=loss,
                time_limit=SOLVE_SECONDS,
                start=start,
                stop=job.stop,
                sample_weight=self.problem.sample_weight,
            )
        except (cv.SolveError, ValueError):  # a stop of the path that cannot be solved is left out of it
            return None
