"""A race: networks of two widths trained from several random starts, one after the other, in a thread beside the page.

Every run minimises loss + (beta/2) sum_j (||u_j||^2 + w_j^2), which is never below the certified bound of the convex
problem (`convexviz.core.rivals.descent`). Where a run ends above the optimum, v = -d loss / d f at its end tells why:
if M(v) = max |N_v| exceeds beta, the neuron that attains it would lower the objective, and gradient descent has no such
neuron left to move.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from convexviz.app.compute.answers import Problem
from convexviz.app.compute.background import Job
from convexviz.app.lessons.race.settings import SEEDS, RaceSettings
from convexviz.core.ladder.missed import Missed, missed_neuron
from convexviz.core.losses import get_loss
from convexviz.core.network import ReLUNetwork
from convexviz.core.rivals.descent import Run, Snapshot, merged, train
from convexviz.core.solution import Solution

FRAMES = 90  # of the film: three seconds at thirty a second
ABANDON_SECONDS = 3.0  # nobody has looked for so long: the page was left
PROVING_SECONDS = 0.5  # for the missing neuron of one run


@dataclass(frozen=True)
class Terms:
    """All that the runs of a race depend on."""

    problem: Problem
    beta: float
    narrow: int
    wide: int
    solver: str
    iterations: int
    start: int

    @classmethod
    def of(cls, settings: RaceSettings, problem: Problem) -> Terms:
        """The race that the settings ask for, on the points of `problem`."""
        s = settings
        return cls(problem, s.beta, s.narrow, s.wide, s.solver, s.iterations, s.start)

    def entries(self) -> list[Entry]:
        """Who runs, in this order: the narrow ones are over soon."""
        widths = {"narrow": self.narrow, "wide": self.wide}
        return [Entry(lane, k + 1, width, self.start + k) for lane, width in widths.items() for k in range(SEEDS)]


@dataclass(frozen=True)
class Entry:
    """One run to come: `number` counts from 1 in its lane, `seed` is that of its random start."""

    lane: str
    number: int
    width: int
    seed: int

    @property
    def name(self) -> str:
        return f"{self.lane}-{self.number}"


@dataclass(frozen=True, eq=False)
class Finished:
    """A run that is over, with what its last v says of a missing neuron."""

    entry: Entry
    run: Run
    missed: Missed | None
    terms: Terms

    @cached_property
    def networks(self) -> list[ReLUNetwork]:
        """The network of every snapshot, its neurons joined as those of the optimum are."""
        X = self.terms.problem.X
        return [merged(snapshot.network, X) for snapshot in self.run.snapshots[:-1]] + [self.run.merged]

    def at(self, iteration: int) -> int:
        """Place of the snapshot that shows the run at an iteration: the last one until then."""
        reached = [snapshot.iteration for snapshot in self.run.snapshots]
        return max(int(np.searchsorted(reached, iteration, side="right")) - 1, 0)


@dataclass
class Race:
    """The runs of one page, trained on while somebody looks; given up when not, and taken up again."""

    terms: Terms
    todo: list[Entry] = field(default_factory=list)
    done: Mapping[str, Finished] = field(default_factory=dict)  # never changed: the page reads it meanwhile
    halted: bool = False
    job: Job | None = None
    iteration: int = 0  # of the run under way
    objective: float = np.nan  # when it was last looked at
    looked: float = 0.0

    @classmethod
    def start(cls, terms: Terms) -> Race:
        """On the line; the first `advance` starts it."""
        return cls(terms, terms.entries())

    @property
    def complete(self) -> bool:
        """Whether nothing more will come: all runs are over, or somebody has stopped them."""
        return not self.todo

    def advance(self, seconds: float = 0.0) -> None:
        """Train on beside the page, and wait for news so long."""
        self.looked = time.monotonic()
        if self.complete:
            return
        if self.job is None or not self.job.alive:
            self.job = Job(self._train_all)
        self.job.wait(seconds)

    def halt(self) -> None:
        """Stop now: what was trained so far is kept."""
        self.halted = True
        if self.job is None or not self.job.alive:
            self.todo.clear()

    def cancel(self) -> None:
        """Nobody wants it any more."""
        if self.job is not None:
            self.job.cancel()

    def _given_up(self, job: Job) -> bool:
        return job.stop() or time.monotonic() - self.looked > ABANDON_SECONDS

    def _train_all(self, job: Job) -> None:
        while self.todo and not self.halted and not self._given_up(job):
            finished = self._run(self.todo[0], job)
            if self._given_up(job):  # cut short, and nobody has asked for that
                return
            self.done = {**self.done, finished.entry.name: finished}
            self.todo.pop(0)
            job.say()
        if self.halted:
            self.todo.clear()

    def _run(self, entry: Entry, job: Job) -> Finished:
        self.iteration, self.objective = 0, np.nan
        terms = self.terms
        problem = terms.problem
        run = train(
            problem.X,
            problem.targets,
            terms.beta,
            problem.loss,
            width=entry.width,
            seed=entry.seed,
            solver=terms.solver,
            iterations=terms.iterations,
            frames=FRAMES,
            watch=self._watch,
            stop=lambda: self._count(job),
        )
        return Finished(entry, run, missing(run, terms), terms)

    def _watch(self, snapshot: Snapshot) -> None:
        self.objective = snapshot.objective

    def _count(self, job: Job) -> bool:
        self.iteration += 1
        return self.halted or self._given_up(job)


def missing(run: Run, terms: Terms) -> Missed | None:
    """The highest neuron at the end of a run; None where no oracle says anything of it."""
    problem = terms.problem
    X, y = problem.X, problem.targets
    v = get_loss(problem.loss).gradient(run.network.predict(X), y)
    end = Solution(
        network=run.network,
        objective=run.objective,
        lower_bound=-np.inf,
        gap=np.inf,
        certified=False,
        v=v - v.mean(),
        history=(),
        method=run.solver,
        seconds=run.seconds,
        beta=terms.beta,
        loss=problem.loss,
    )
    try:
        return missed_neuron(X, end, time_limit=PROVING_SECONDS)
    except ValueError:  # points without extent: there are no neurons
        return None
