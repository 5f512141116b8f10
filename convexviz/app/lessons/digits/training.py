"""Classifiers of digits, trained one after the other in a thread beside the page, all on the same images.

    ours     min loss(f(X), y) + beta sum_j |w_j|, ||u_j|| = 1; for ten classes beta sum_j ||W_j||_2
    linear   f = X w + c is one neuron that is active on all data: penalty beta ||w||_2, for ten classes beta ||W||_*
    MLP      weight decay (beta / 2) sum_j (||u_j||^2 + w_j^2); with u_j scaled to length one it is a network of ours

So that one number, recomputed here from what was trained, compares them all. Ergen & Pilanci (2021), section 2.
"""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import SVC
from streamlit import runtime

import convexviz as cv
from convexviz import closed_form
from convexviz.app.compute import digit_images
from convexviz.app.compute.background import Job
from convexviz.core.dual.certificate import Known, certify, gap_of
from convexviz.core.geometry.relaxation import Exactness, exact_for
from convexviz.core.ladder.missed import missed_neuron
from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.numerics.threads import one_thread
from convexviz.core.solution import TOLERANCE, Solution

log = logging.getLogger(__name__)

TWO_SECONDS, TEN_SECONDS = 2.5, 4.0  # for ours; what is known by then is shown, with what is proved of it
RELAXATION_SECONDS = 2.0
LOOK_SECONDS = 0.1
NEARLY = 1e-2  # a gap that is worth closing,
CLOSING_SECONDS = 6.0  # which takes a second or two on a quiet machine
PROOF_SECONDS = 1.5  # for branch and bound to look for a neuron that ours missed
STEPS = 500  # of L-BFGS, epochs of Adam: within a second or so
BATCH = 200  # images that Adam sees at a time, as by default
WIDTHS = {2: (10, 100), 10: (20, 100)}  # of the MLPs trained by L-BFGS
ADAM_WIDTH = 100
OURS, RELAXATION = "convex (ascent)", "convex (relaxation)"

Stop = Callable[[], bool]


@dataclass(frozen=True)
class Task:
    """Which images, and how they are to be classified."""

    classes: tuple[int, ...]
    images: int  # of each class
    loss: str
    beta: float
    seed: int
    whitened: bool = False

    @property
    def two(self) -> bool:
        """One output of two signs, or one output for each class."""
        return len(self.classes) == 2


@dataclass(frozen=True, eq=False)
class Data:
    """Images trained on and all others of the same digits; X and unseen are what the classifiers are given of them."""

    raw: Array  # (n, 64)
    X: Array  # (n, d)
    target: np.ndarray  # (n,) digits
    y: Array  # (n,) labels +-1 of two classes, or (n, K) one-hot
    unseen_raw: Array  # (m, 64)
    unseen: Array  # (m, d)
    truth: np.ndarray  # (m,) digits
    pictures: Callable[[Array], Array]  # directions (k, d) as patterns of pixels (k, 64)


@lru_cache(maxsize=32)
def data_of(task: Task) -> Data:
    """The images of a task: so many of each class drawn, the rest kept for the test."""
    known, rng = digit_images.digits(), np.random.default_rng(task.seed)
    rows = np.concatenate([rng.permutation(known.of(digit))[: task.images] for digit in task.classes])
    rest = np.setdiff1d(np.flatnonzero(np.isin(known.target, task.classes)), rows)
    raw, target = known.X[rows], known.target[rows]
    y = np.where(target == task.classes[0], 1.0, -1.0) if task.two else np.eye(10)[target]
    X, unseen, pictures = raw, known.X[rest], np.asarray
    if task.whitened:
        white = closed_form.whiten(raw)
        X, unseen, pictures = white.X, white.apply(unseen), white.pictures  # type: ignore[assignment]
    return Data(raw, X, target, y, known.X[rest], unseen, known.target[rest], pictures)


@dataclass(frozen=True, eq=False)
class Fit:
    """What training gives: outputs of (k, d) inputs, the penalty at its best scaling, and a solution of ours."""

    outputs: Callable[[Array], Array]
    penalty: float
    solution: Solution | None = None
    comparable: bool = True  # trained on the loss of the task


@dataclass(frozen=True, eq=False)
class Trained:
    """A classifier: accuracy on all unseen images, objective in our terms, or None where it minimised something else.

    `guess` (m,) are the digits it takes the unseen images for.
    """

    name: str
    accuracy: float
    objective: float | None
    seconds: float
    guess: np.ndarray
    fit: Fit


Train = Callable[[Task, Data, Stop], Fit]


def contests(task: Task) -> list[tuple[str, Train]]:
    """Who is trained, in this order: the quick ones first, so that there is soon something to see."""
    suffix = ", log loss" if task.loss == "hinge" else ""
    rivals: list[tuple[str, Train]] = [(linear_name(task.loss), _linear)]
    rivals += [(f"MLP {m} (L-BFGS{suffix})", _mlp("lbfgs", m)) for m in WIDTHS[len(task.classes)]]
    rivals += [(f"MLP {ADAM_WIDTH} (Adam{suffix})", _mlp("adam", ADAM_WIDTH))]
    if not task.two:
        return [*rivals, (OURS, _ten)]
    relaxed: Train = _two("relaxation", RELAXATION_SECONDS)
    return [(RELAXATION, relaxed), *rivals, (OURS, _two("ascent", TWO_SECONDS))]


def linear_name(loss: str) -> str:
    """The linear classifier that minimises this loss."""
    return {"logistic": "logistic regression", "hinge": "linear SVM", "squared": "ridge regression"}[loss]


def _two(method: str, seconds: float) -> Train:
    def train(task: Task, data: Data, stop: Stop) -> Fit:
        s = cv.solve(data.X, data.y, task.beta, task.loss, method=method, time_limit=seconds, stop=stop)
        return Fit(s.network.predict, s.network.penalty, s)

    return train


def _ten(task: Task, data: Data, stop: Stop) -> Fit:
    s = cv.solve(data.X, data.y, task.beta, task.loss, time_limit=TEN_SECONDS)
    return Fit(s.network.predict, s.network.penalty, s)


def _linear(task: Task, data: Data, stop: Stop) -> Fit:
    """The same weight decay (beta / 2) ||w||^2, which these name in ways of their own."""
    if task.loss == "squared":
        model = Ridge(alpha=task.beta).fit(data.X, data.y)
        outputs = model.predict
    else:
        kind = LogisticRegression(C=1 / task.beta, max_iter=STEPS)
        model = kind if task.loss == "logistic" else SVC(kernel="linear", C=1 / task.beta)
        outputs = model.fit(data.X, data.y if task.two else data.target).decision_function
    return Fit(outputs, float(np.linalg.svd(np.atleast_2d(model.coef_), compute_uv=False).sum()))


def _mlp(solver: str, width: int) -> Train:
    def train(task: Task, data: Data, stop: Stop) -> Fit:
        n, outputs = len(data.X), 1 if task.two else len(task.classes)
        batch = min(BATCH, n)
        # scikit-learn divides the loss by the images of a batch (and the squared one by the outputs too).
        share = (batch / n if solver == "adam" else 1.0) / (outputs if task.loss == "squared" else 1)
        options: dict[str, Any] = {"solver": solver, "alpha": task.beta * share, "random_state": task.seed}
        options |= {"max_iter": STEPS, "batch_size": batch} if solver == "adam" else {"max_iter": STEPS}
        kind = MLPRegressor if task.loss == "squared" else MLPClassifier
        target = data.y if task.loss == "squared" or task.two else data.target
        network = network_of(kind(hidden_layer_sizes=(width,), **options).fit(data.X, target))
        flat = (lambda Z: network.predict(Z)[:, 0]) if task.two else network.predict
        return Fit(flat, network.penalty, comparable=task.loss != "hinge")

    return train


def network_of(model: MLPRegressor | MLPClassifier) -> ReLUNetwork:
    """A trained MLP of one hidden layer as a network with unit directions."""
    return ReLUNetwork.normalized(model.coefs_[0].T, model.intercepts_[0], model.coefs_[1], model.intercepts_[1])


def measured(name: str, train: Train, task: Task, stop: Stop) -> Trained:
    """Train, and recompute everything that is said of the result."""
    data = data_of(task)
    with one_thread(), nullcontext() if name in (OURS, RELAXATION) else _quiet():
        begin = time.perf_counter()
        fit = train(task, data, stop)
        seconds = time.perf_counter() - begin
    guess = classes_of(fit.outputs(data.unseen), task)
    f = fit.outputs(data.X)
    loss = cv.LOSSES[task.loss].value(f, data.y) if task.two else get_loss(task.loss, several=True).value(f, data.y)
    objective = loss + task.beta * fit.penalty if fit.comparable else None
    return Trained(name, float((guess == data.truth).mean()), objective, seconds, guess, fit)


_filters = threading.Lock()  # filters of warnings are the process's: jobs side by side would mix them up


@contextmanager
def _quiet() -> Iterator[None]:
    """Scikit-learn need not warn that it stops early: where it stops is where it is compared."""
    with _filters, warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def classes_of(outputs: Array, task: Task) -> np.ndarray:
    """Digits (k,) that outputs (k,) or (k, K) stand for."""
    if task.two:
        return np.where(outputs > 0, *task.classes)
    return outputs.argmax(axis=1)


@dataclass
class Work:
    """The contests of one task, held one by one; given up when nobody looks, and taken up again."""

    task: Task
    todo: list[tuple[str, Train]] = field(default_factory=list)
    done: Mapping[str, Trained] = field(default_factory=dict)  # never changed: pages read it meanwhile
    failed: list[str] = field(default_factory=list)
    unproved: bool = False  # whether a bound is still to be looked for
    proofs: list[Solution] = field(default_factory=list)  # what branch and bound has proved
    job: Job | None = None
    _start: threading.Lock = field(default_factory=threading.Lock)  # sessions share the work: one job at a time

    @classmethod
    def start(cls, task: Task) -> Work:
        """Nothing trained yet."""
        return cls(task, contests(task), unproved=task.two)

    @property
    def complete(self) -> bool:
        return not self.todo and not self.unproved

    @property
    def found(self) -> Solution | None:
        """The best network of ours by now, with the best bound that is known of it; None while there is none."""
        return best(self.task, self.done, self.proofs)

    def advance(self, seconds: float) -> None:
        """Train on beside the page, and wait for news so long."""
        if self.complete:
            return
        with self._start:
            if self.job is None or not self.job.alive:
                self.job = Job(self._train_all)
            job = self.job
        job.wait(seconds)

    def cancel(self) -> None:
        """Nobody waits for it here any more."""
        if self.job is not None:
            self.job.cancel()

    def _train_all(self, job: Job) -> None:
        while self.todo and not job.stop():
            name, train = self.todo[0]
            try:
                trained = measured(name, train, self.task, job.stop)
            except Exception:  # the others are trained all the same, the table says that this one is not
                log.exception("%s could not be trained on %s.", name, self.task)
                self.failed.append(name)
            else:
                if job.stop():  # it may have been cut short
                    break
                self.done = {**self.done, name: trained}
            self.todo.pop(0)
            job.say()
        if self.unproved and not self.todo and not job.stop():
            self._prove(job.stop)
            job.say()

    def _prove(self, stop: Stop) -> None:
        """A bound on our best network; where little is left of the gap, better networks and bounds by turns."""
        try:
            if self.found is not None and not self.found.certified:
                self.proofs.append(bounded(self.task, self.found))
                if TOLERANCE < self.found.gap < NEARLY:
                    self.proofs.append(closed_in(self.task, self.found, stop))
        except Exception:  # the network stands without a better bound
            log.exception("No bound could be found on %s.", self.task)
        self.unproved = False


@lru_cache(maxsize=32)
def work_of(task: Task) -> Work:
    """The one work on a task, whoever asks for it."""
    return Work.start(task)


def best(task: Task, done: Mapping[str, Trained], proofs: Sequence[Solution] = ()) -> Solution | None:
    """The best one of our solutions so far, with the best bound that any of them proves; None while there is none."""
    trained = [done[name].fit.solution for name in (OURS, RELAXATION) if name in done]
    found = [*(solution for solution in trained if solution is not None), *proofs]
    if not found or not task.two:  # of ten digits there is no relaxation
        return found[0] if found else None
    least, bound = min(s.objective for s in found), max(found, key=lambda s: s.lower_bound)
    level = [s for s in found if s.objective <= least + TOLERANCE * abs(least)]
    lowest = min(level, key=lambda s: s.network.width)
    gap = np.inf
    if np.isfinite(bound.lower_bound):
        gap = gap_of(lowest.objective, bound.lower_bound, get_loss(task.loss), data_of(task).y)
    return replace(lowest, lower_bound=bound.lower_bound, gap=gap, certified=gap <= TOLERANCE, v=bound.v)


def bounded(task: Task, found: Solution) -> Solution:
    """The same network with the lower bound that branch and bound proves of its dual vector."""
    data = data_of(task)
    asked = replace(found, history=())  # its `v` is what is judged, not that of a last round
    missed = missed_neuron(data.X, asked, time_limit=PROOF_SECONDS)
    oracle = Known(found.v, missed.maximum, data.X)
    proof = certify(found.network, data.X, data.y, task.beta, task.loss, [found.v], oracle, only=True)
    proved: dict[str, Any] = {"lower_bound": proof.lower_bound, "gap": proof.gap, "v": proof.v}
    return replace(found, certified=proof.holds(TOLERANCE), rounding=proof.rounding, **proved)


def closed_in(task: Task, found: Solution, stop: Stop) -> Solution:
    """Training goes on from a network that is nearly optimal, with branch and bound as its oracle."""
    data = data_of(task)
    method = {"method": "branch_and_bound", "time_limit": CLOSING_SECONDS, "start": found, "stop": stop}
    return cv.solve(data.X, data.y, task.beta, task.loss, **method)  # type: ignore[arg-type]


def known(task: Task) -> Work | None:
    """The work on a task if it is complete. Without a server there is no page to wait beside: it is done here."""
    work = work_of(task)
    while not runtime.exists() and not work.complete:
        work.advance(LOOK_SECONDS)
    return work if work.complete else None


@lru_cache(maxsize=32)
def exactness(task: Task) -> Exactness:
    """What is known of the relaxation on the images of a task."""
    return exact_for(data_of(task).X, bias=True)
