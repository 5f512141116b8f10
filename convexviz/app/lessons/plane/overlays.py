"""What is drawn over the plane beside the network: other classifiers' boundaries, and a pinned answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from sklearn.svm import SVC

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.components.chart import pack
from convexviz.app.compute.answers import plane_json
from convexviz.app.contracts import Field, Ghost
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.figures.spec import Dash
from convexviz.figures.theme import COMPARISON, OVERLAY

FIELD = (61, 46)  # grid on which a curved boundary is sent; it is smooth, so this is finer than the eye needs
WIDER = 0.75  # of the window's extent, on each side: the board may show more than the window


@dataclass(frozen=True, eq=False)
class Pin:
    """An answer kept for comparison, and what it takes to go back to it."""

    solution: cv.Solution
    points: Points
    view: View

    def label(self, now: cv.Solution | None) -> str:
        """What the pinned answer cost, and how the present one differs; costs of two losses are not compared."""
        s = self.solution
        beta = "" if cv.LOSSES[s.loss].constrained else f", β = {s.beta:.3g}"
        neurons = f"{s.network.width} {'neuron' if s.network.width == 1 else 'neurons'}"
        text = f"pinned: {s.objective:.4g} ({neurons}{beta})"
        if now is None or now.loss != s.loss or not np.isfinite(s.objective) or not np.isfinite(now.objective):
            return text
        change = now.objective - s.objective
        share = f", {100 * change / s.objective:+.1f} %" if s.objective > 0 else ""
        return f"{text}; now {change:+.3g}{share}".replace("-", "−")


def ghost(pin: Pin, now: cv.Solution | None) -> Ghost:
    """The pinned answer as the board draws it."""
    return {"network": plane_json(pin.solution.network), "label": pin.label(now)}


def fields(settings: PlaneSettings, points: Points, view: View) -> list[Field]:
    """Boundaries of the classifiers that the settings ask for, as grids of decision values beyond the window."""
    points = points.counted
    if settings.task != "classification" or len(np.unique(points.y)) < 2:
        return []
    asked = [name for name in KERNELS if getattr(settings, name)]
    return [_field(name, points, view) for name in asked]


KERNELS: dict[str, tuple[Literal["linear", "rbf"], str, str, Dash]] = {
    "linear": ("linear", "linear SVM", OVERLAY, "dash"),
    "svm": ("rbf", "SVM, RBF kernel", COMPARISON, "dot"),
}


def _field(name: str, points: Points, view: View) -> Field:
    kernel, word, colour, dash = KERNELS[name]
    machine = SVC(kernel=kernel).fit(points.X, points.y, points.weights)
    nx, ny = (2, 2) if kernel == "linear" else FIELD
    x, y = (widened(limits) for limits in (view.x, view.y))
    across, up = np.meshgrid(np.linspace(*x, nx), np.linspace(*y, ny))
    z = machine.decision_function(np.column_stack([across.ravel(), up.ravel()]))
    wrong = int((machine.predict(points.X) != points.y).sum())
    return {
        "id": name,
        "label": f"{word}, {wrong} of {len(points.y)} wrong",
        "color": colour,
        "dash": dash,
        "nx": nx,
        "ny": ny,
        "x": list(x),
        "y": list(y),
        "z": pack(z, floats=np.float32),
    }


def widened(limits: tuple[float, float]) -> tuple[float, float]:
    """What the board may show of an axis."""
    low, high = limits
    return low - WIDER * (high - low), high + WIDER * (high - low)


def wrong(solution: cv.Solution, X: Array, y: Array) -> int:
    """Points on the wrong side of the boundary."""
    return int((np.sign(solution.network.predict(X)) != y).sum())
