"""The path of one problem, solved in a thread beside the page, and its frames for the film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

import convexviz as cv
from convexviz.app.components import film
from convexviz.app.compute import answers, paths
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.compute.background import Job
from convexviz.app.contracts import FilmFrame
from convexviz.app.contrast.held_out import Data, error, shown
from convexviz.core.network import Array
from convexviz.core.paths.entries import MOST, entering_path
from convexviz.figures.parts import Range, Spec, band_of
from convexviz.figures.plane.tools import by_size
from convexviz.figures.race import kernel as maps
from convexviz.figures.race import path as figures
from convexviz.figures.spec import Layout, Traces, Update

MOST_SOLVES = {1: MOST, 2: 48}  # by the dimension of the data
DEPTH = {1: 1e-3, 2: 3e-3}  # of beta_max, at which the path ends; in the plane little beta is much work
SECONDS = 20.0  # after which the path ends where it is
CELLS = 51  # of the map of one network, a side: two and a half thousand bytes a frame
ROOM = 0.25  # of the window's height, above and below it, that networks may take up


@dataclass
class Walk:
    """The work on the path of `data`: begun at once, given up by `cancel` or when nobody asks for it."""

    data: Data
    done: int = 0
    path: list[cv.Solution] | None = None
    exact: cv.ExactPath | None = None
    failure: str = ""
    packed: str | None = None
    job: Job = field(init=False)

    def __post_init__(self) -> None:
        self.job = Job(self._solve)

    @property
    def key(self) -> tuple[Any, ...]:
        """What the film depends on."""
        return key_of(self.data)

    @property
    def most(self) -> int:
        """Solves at most."""
        return MOST_SOLVES[self.data.problem.d]

    @property
    def over(self) -> bool:
        return self.path is not None or bool(self.failure)

    @property
    def given_up(self) -> bool:
        """Whether it ended without a result: nobody had asked for long."""
        return not self.over and not self.job.alive

    def cancel(self) -> None:
        self.job.cancel()

    def _solve(self, job: Job) -> None:
        """In the thread."""
        try:
            self.exact = exact_of(self.data.problem, job.stop)
            path = solved(self.data.problem, self.exact, stop=job.stop, told=self._count)
        except (cv.SolveError, ValueError) as reason:
            self.failure = str(reason)
            return
        if not job.stop():
            self.path = path

    def _count(self, _: cv.Solution) -> None:
        self.done += 1


def exact_of(problem: Problem, stop: Callable[[], bool] | None = None) -> cv.ExactPath | None:
    """The exact path, of a problem that has one."""
    return paths.exact_path(problem, stop) if paths.has_exact_path(problem) else None


def solved(
    problem: Problem,
    exact: cv.ExactPath | None,
    stop: Callable[[], bool] | None = None,
    told: Callable[[cv.Solution], None] | None = None,
) -> list[cv.Solution]:
    """The frames of a path, the heaviest neurons first in each network; raises what `cv.solve` raises.

    Of an exact path they are its states between two changes, else what a search for the betas where neurons enter has
    solved.
    """
    depth, most = DEPTH[problem.d], MOST_SOLVES[problem.d]
    if exact is not None:
        path: list[cv.Solution] = []
        for beta in exact.stops(depth, most):
            if path and stop is not None and stop():
                break
            path.append(exact.at(beta))
            if told is not None:
                told(path[-1])
    else:
        path = entering_path(
            problem.X,
            problem.targets,
            problem.loss,
            depth=depth,
            most=most,
            time_limit=SECONDS,
            stop=stop,
            told=told,
        )
    return [replace(s, network=by_size(s.network)) for s in path]


def key_of(data: Data) -> tuple[Any, ...]:
    """What the film of these data depends on; the page's own beta is no part of it."""
    return data.problem, data.fresh, data.view, data.classes


# ---------------------------------------------------------------- errors


@dataclass(frozen=True, eq=False)
class Errors:
    """Along a path: errors on training and fresh points (None without), place of the least one on fresh points."""

    train: list[float]
    fresh: list[float] | None
    best: int | None


def errors(path: list[cv.Solution], data: Data) -> Errors:
    """Among equally good betas the largest is the best: it has the fewest neurons."""
    X, y = data.problem.X, data.problem.targets
    train = [error(s.network.predict(X), y, data.classes) for s in path]
    if data.fresh is None:
        return Errors(train, None, None)
    X, y = data.fresh.X, data.fresh.targets
    fresh = [error(s.network.predict(X), y, data.classes) for s in path]
    return Errors(train, fresh, int(np.argmin(fresh)))


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, eq=False)
class Pictures:
    """The figures of a path, at the place that is shown while the film rests, and the frames of the film."""

    specs: dict[str, Spec]
    frames: str
    rest: str


def pictures(path: list[cv.Solution], data: Data, exact: cv.ExactPath | None = None) -> Pictures:
    """Everything that is sent, once for a path; of an exact one every change of the number of neurons is drawn."""
    missed = errors(path, data)
    rest = missed.best if missed.best is not None else _nearest(path, data.beta)
    up = _heights(path, data)
    counts = [s.network.width for s in path]
    betas = [s.beta for s in path]
    stairs = None if exact is None else exact.staircase(DEPTH[1])
    curves = figures.errors_spec(
        betas, missed.train, missed.fresh, counts, missed.best, rest, data.measure, stairs=stairs
    )
    since = ["" if exact is None or not k else happened(exact, betas[k - 1], betas[k]) for k in range(len(path))]
    frames = [_frame(path, k, data, missed, up, since[k]) for k in range(len(path))]
    specs = {"path-errors": curves, "path-network": _network_spec(path[rest], data, up)}
    return Pictures(specs, film.pack_frames(frames), frames[rest]["caption"])


def caption(s: cv.Solution, train: float, fresh: float | None, classes: bool, best: bool) -> str:
    """A frame in words."""
    words = f"β = {s.beta:.3g}: {count(s.network.width)}, training error {shown(train, classes)}"
    if fresh is not None:
        words += f", held-out error {shown(fresh, classes)}" + (", the least of the path" if best else "")
    return f"{words}."


def count(neurons: int) -> str:
    """A number of neurons in words."""
    return f"{neurons or 'no'} neuron{'' if neurons == 1 else 's'}"


def happened(exact: cv.ExactPath, above: float, below: float) -> str:
    """What has happened to kinks between two betas, in a sentence with a space before it; "" where nothing has."""
    events = [event for event in exact.events if below < event.beta <= above]
    parts: list[str] = []
    for kind, one, more in (("born", "a kink is born", "kinks are born"), ("dies", "one dies", "die")):
        places = [event.x for event in events if event.kind == kind]
        if len(places) == 1:
            parts.append(f"{one if kind == 'born' or parts else 'a kink dies'} at x = {places[0]:.3g}")
        elif places:
            parts.append(f"{len(places)} {more if kind == 'born' or parts else 'kinks die'}")
    return f" Since the step before: {', '.join(parts)}." if parts else ""


def _frame(path: list[cv.Solution], k: int, data: Data, missed: Errors, up: Range, since: str) -> FilmFrame:
    s = path[k]
    fresh = None if missed.fresh is None else missed.fresh[k]
    answer = Answer("certified" if s.certified else "upper-bound", "", s)
    line = data.problem.d == 1
    return {
        "beta": s.beta,
        "network": answers.network_json(s.network) if line else answers.plane_json(s.network, (s.v, band_of(s))),
        "badge": answers.badge(answer),
        "figures": {"path-errors": figures.errors_update(s.beta), "path-network": _network_update(s, data, up)},
        "round": k + 1,
        "caption": caption(s, missed.train[k], fresh, data.classes, k == missed.best) + since,
    }


def _network_spec(s: cv.Solution, data: Data, up: Range) -> Spec:
    title = _title(s, data)
    if data.problem.d == 1:
        return figures.line_spec(s.network, data.points, data.view.x, up, title, name=data.axes[0])
    view = data.view.x, data.view.y
    alt = "The optimal network of one beta over the plane, with the lines at which it bends."
    z = _grid(s.network, data)
    return maps.map_spec(title, alt, z, view, up, s.network, data.points, data.classes, 320, None, data.axes)


def _network_update(s: cv.Solution, data: Data, up: Range) -> Update:
    title: Layout = {"title": {"text": _title(s, data)}}
    if data.problem.d == 1:
        return {"data": figures.line_update(s.network, data.view.x), "layout": title}
    view = data.view.x, data.view.y
    changed: Traces = [maps.map_update(_grid(s.network, data), up), maps.lines_update(s.network, view)]
    return {"data": changed, "layout": title}


def _title(s: cv.Solution, data: Data) -> str:
    if data.problem.d == 1:
        return figures.network_title(s.beta, s.network.width)
    return maps.map_title(f"β = {s.beta:.3g}: {count(s.network.width)}", True)


def _grid(network: cv.ReLUNetwork, data: Data) -> Array:
    x, y = np.meshgrid(np.linspace(*data.view.x, CELLS), np.linspace(*data.view.y, CELLS))
    return network.predict(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)


def _heights(path: list[cv.Solution], data: Data) -> Range:
    """Values that the pictures of all networks have room for; for classes as far below zero as above."""
    low, high = data.heights
    if data.classes:
        reach = 1.5 * max(abs(low), abs(high)) if data.problem.d == 2 else max(abs(low), abs(high))
        return -reach, reach
    if data.problem.d == 2:
        return low, high
    values = np.concatenate([s.network.predict(data.problem.X) for s in path])
    room = ROOM * (high - low)
    return max(low - room, min(low, float(values.min()))), min(high + room, max(high, float(values.max())))


def _nearest(path: list[cv.Solution], beta: float) -> int:
    return int(np.argmin([abs(np.log(s.beta / beta)) for s in path]))
