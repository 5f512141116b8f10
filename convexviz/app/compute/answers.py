"""From drawn points to what the page shows: the certified answer or the calm reason why there is none.

Results are cached by their contents, so that equal problems of any session share one solve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components.badge import LATER, proof_of
from convexviz.app.components.chart import pack
from convexviz.app.contracts import Certificate, DualVector, LineNetwork, PlaneNetwork, Status
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import TOLERANCE, Solution
from convexviz.figures.spec import Numbers

LIVE_POINTS = 100  # more points in the plane than these may be answered short of the proof under a moving hand,
LIVE_SECONDS = 0.3  # after so long
FILM_SECONDS = 10.0
FILM_ROUNDS = 60  # a film with more rounds is made with more cuts a round
FILM_CUTS = (1, 2, 4, 8)
LONGEST_SECONDS = 10.0  # a person waits no longer; what is known by then is shown with its honest bounds


@dataclass(frozen=True)
class Problem:
    """Points and how they are to be fitted, hashable by content: X (n, d), y (n,)."""

    x: bytes
    y: bytes
    loss: str
    d: int = 1
    weights: bytes = b""  # of the points, none where all are 1

    @classmethod
    def of(cls, X: Array, y: Array, loss: str, weights: Array | None = None) -> Problem:
        """X of shape (n, d), or (n,) on the line; weights of shape (n,), None for 1 each."""
        d = X.shape[1] if X.ndim == 2 else 1
        weighed = b"" if weights is None or (weights == 1.0).all() else np.ascontiguousarray(weights, float).tobytes()
        return cls(np.ascontiguousarray(X, float).tobytes(), np.ascontiguousarray(y, float).tobytes(), loss, d, weighed)

    @property
    def X(self) -> Array:
        return np.frombuffer(self.x).reshape(-1, self.d)

    @property
    def targets(self) -> Array:
        return np.frombuffer(self.y)

    @property
    def sample_weight(self) -> Array | None:
        """Weights (n,) as the solvers take them; None for 1 each."""
        return np.frombuffer(self.weights) if self.weights else None

    @property
    def counted(self) -> Array:
        """The targets (or labels) of the points that count: those of weight 0 are left out."""
        return self.targets if self.sample_weight is None else self.targets[self.sample_weight > 0]

    @property
    def has_beta(self) -> bool:
        return not cv.LOSSES[self.loss].constrained


def rev(content: object) -> str:
    """A name for hashable content, the same in all messages of one server."""
    return f"{hash(content):x}"


@dataclass(frozen=True)
class Answer:
    """What can be said of a problem: `status` is the badge's word, `message` its reason in plain words."""

    status: Status
    message: str = ""
    solution: Solution | None = None


def solve(problem: Problem, beta: float, start: Solution | None = None, live: bool = False) -> Answer:
    """The certified optimum, or why there is none; never raises for anything that can be drawn.

    `start` is a solution of a similar problem, which saves rounds. While the hand is `live`, many points in the plane
    get what is known soon.
    """
    seconds = LIVE_SECONDS if live and problem.d > 1 and len(problem.targets) > LIVE_POINTS else LONGEST_SECONDS
    reason = not_yet(problem)
    if reason:
        return Answer("empty", reason)
    try:
        solution = _solve(problem, beta, seconds, start is None, start)
    except cv.Infeasible as error:
        return Answer("infeasible", str(error))
    except (cv.SolveError, ValueError) as error:
        return Answer("error", str(error))
    if solution.network.center is not None:  # pictures take networks that measure from the origin
        solution = replace(solution, network=solution.network.at_origin())
    if solution.certified:
        return Answer("certified", "", solution)
    return Answer("upper-bound", f"The bounds are still {solution.gap:.1e} apart, relative to the objective.", solution)


def not_yet(problem: Problem) -> str:
    """What has to be drawn before there is anything to train."""
    y = problem.counted
    if not len(problem.targets):
        return "The board is empty. Click on it to add a point."
    if not len(y):
        return "Every point has weight 0, which leaves it out. Give one of them a weight above 0."
    if cv.LOSSES[problem.loss].classification and len(np.unique(y)) < 2:
        sign = "−1" if y[0] > 0 else "+1"
        return f"Both classes are needed. Add a point of class {sign}{where_class(problem.d, sign)}."
    return ""


def where_class(d: int, sign: str) -> str:
    """How to draw a point of a class, to go behind its name."""
    if d == 1:
        return ", below the middle line" if sign == "−1" else ", above the middle line"
    return " (its button, or key 2, then a click)" if sign == "−1" else " (its button, or key 1, then a click)"


@st.cache_data(max_entries=256, show_spinner=False)
def _solve(problem: Problem, beta: float, seconds: float, cold: bool, _start: Solution | None) -> Solution:
    """`cold` keeps answers apart that began elsewhere: those at rest have the same digits for all who open the link."""
    return cv.solve(
        problem.X,
        problem.targets,
        beta=beta,
        loss=problem.loss,
        time_limit=seconds,
        start=_start,
        sample_weight=problem.sample_weight,
    )


@st.cache_data(max_entries=256, show_spinner=False)
def beta_max(problem: Problem) -> float | None:
    """Where the last neuron leaves, or None where beta plays no part or nothing is there to train."""
    if not problem.has_beta or not_yet(problem):
        return None
    try:
        value = cv.beta_max(problem.X, problem.targets, problem.loss, problem.sample_weight)
    except (cv.SolveError, ValueError):
        return None
    scale = float(np.abs(problem.targets).max()) * float(np.ptp(problem.X))
    return value if value > 1e-12 * max(scale, 1e-300) else None


def badge(answer: Answer) -> Certificate:
    """What the certificate badge shows of an answer."""
    shown: Certificate = {"status": answer.status, "message": answer.message}
    s = answer.solution
    if s is None:
        return shown
    shown |= {"objective": s.objective, "neurons": s.network.width}
    if np.isfinite(s.lower_bound):  # where nothing is proved there is no bound, and no gap
        shown |= {"lower_bound": s.lower_bound, "gap": s.gap}
    shown |= {"seconds": s.seconds, "method": s.method, "loss": s.loss}
    return shown if cv.LOSSES[s.loss].constrained else shown | {"beta": s.beta}


def proved(answer: Answer, problem: Problem, live: bool, bias: bool = True, tol: float = TOLERANCE) -> Certificate:
    """What the badge shows, with the numbers for the browser to prove it, once the hand rests.

    `bias` and `tol` are those that the answer was solved with.
    """
    shown, s = badge(answer), answer.solution
    if s is None or live:
        return shown | ({"proof": LATER} if live else {})
    bounds = s.objective, s.lower_bound
    weights = problem.sample_weight
    made = proof_of(problem.X, problem.targets, s.network, s.v, s.loss, s.beta, bounds, bias, tol, weights)
    return shown | ({} if made is None else {"proof": made})


def network_json(network: ReLUNetwork) -> LineNetwork:
    """A network on the line as the browser draws it."""
    return {
        "u": network.U[:, 0].astype(int).tolist(),
        "b": network.b.tolist(),
        "w": network.w.tolist(),
        "c": network.c,
    }


def plane_json(network: ReLUNetwork, dual: tuple[Array, float] | None = None, X: Array | None = None) -> PlaneNetwork:
    """A network in the plane as the browser draws it: single precision is finer than a pixel.

    `dual` is v (n,) with its beta, `X` (n, 2) the points it belongs to: what the map of the dual function is made from.
    """
    u, b, w = (_packed(array) for array in (network.U.ravel(), network.b, network.w))
    made: PlaneNetwork = {"dim": 2, "u": u, "b": b, "w": w, "c": network.c}
    if dual is not None:
        held: DualVector = {"v": _packed(dual[0]), "beta": dual[1]}
        made["dual"] = held if X is None else held | {"x": _packed(X.ravel())}
    return made


def _packed(array: Array) -> Numbers:
    packed: Numbers = pack(np.asarray(array, float), floats=np.float32)
    return packed


@st.cache_data(max_entries=32, show_spinner=False)
def watched(problem: Problem, beta: float) -> Solution:
    """The cutting planes at a pace that can be watched: few neurons a round, as few as make a short film.

    Raises what `convexviz.solve` raises.
    """
    for cuts in FILM_CUTS:
        solution = cv.solve(
            problem.X,
            problem.targets,
            beta=beta,
            loss=problem.loss,
            cuts=cuts,
            time_limit=FILM_SECONDS / len(FILM_CUTS),
            sample_weight=problem.sample_weight,
        )
        if solution.certified and len(solution.history) <= FILM_ROUNDS:
            break
    return solution
