"""What the two boards show besides their points."""

from __future__ import annotations

import numpy as np

import convexviz as cv
from convexviz.app.compute import answers
from convexviz.app.contracts import BoardAnswer
from convexviz.app.lessons.rank_one.placing import Placed
from convexviz.app.lessons.rank_one.view_state import ViewState
from convexviz.core.network import Array, ReLUNetwork
from convexviz.figures.parts import Range
from convexviz.figures.plane.tools import by_size
from convexviz.figures.spec import Curve, Mark
from convexviz.figures.theme import COMPARISON, FIT, NEURON, OTHER_CLASS, OVERLAY

GREY = "#808080"
MIDDLE = "#e8e8e8"  # the colour of a value half way up, as in the figures of the plane
MARK = 5.0  # px, half the size of a point
LONG = 10.0  # times the window: a line that leaves it on both sides
STEPS = 200  # places at which a function along the line is drawn, besides its kinks


def on_plane(now: ViewState) -> BoardAnswer:
    """The optimum as a map with its break lines, the line, and the points that are not handles."""
    solution = now.solution
    shown: BoardAnswer = {
        "network": None if solution is None else answers.plane_json(by_size(solution.network)),
        "status": now.answer.status,
        "note": now.answer.message,
        "regions": True,
        "margins": True,
        "lines": True,
        "curves": _line_curves(now.placed, now.reach),
        "marks": point_marks(now.placed, now.source.view.y),
        "names": ["a", "p"],
    }
    return shown


def on_line(now: ViewState) -> BoardAnswer:
    """The spline of the line; with p off it, also what the optimum of the plane does along it."""
    solution = now.line.solution
    shown: BoardAnswer = {
        "network": None if solution is None else answers.network_json(solution.network),
        "label": "spline, p on the line",
        "status": now.line.status,
        "note": now.source.problem or now.line.message,
    }
    if now.placed.moved is not None:
        shown |= {"chosen": now.placed.moved, "chosen_label": "p"}
    if now.solution is not None and now.placed.off:
        shown["curves"] = [along_curve(now.placed, now.solution.network, now.source.view.x)]
        shown["marks"] = [_value_at_p(now.placed, now.solution)]
    return shown


def _line_curves(placed: Placed, reach: float) -> list[Curve]:
    """The line, and the way that p has gone from it."""
    ends = placed.at(LONG * reach * np.array([-1.0, 1.0]), np.zeros(2))
    tip = reach * placed.a
    curves: list[Curve] = [
        {
            "id": "line",
            "label": "the line",
            "x": ends[:, 0],
            "y": ends[:, 1],
            "color": GREY,
            "dash": None,
            "width": 1.5,
        },
        {"id": "a", "x": [0.0, float(tip[0])], "y": [0.0, float(tip[1])], "color": GREY, "dash": None, "width": 4},
    ]
    if placed.moved is not None and placed.off:
        way = placed.at(np.full(2, placed.z[placed.moved]), np.array([0.0, placed.off]))
        curves.append({"id": "off", "x": way[:, 0], "y": way[:, 1], "color": OVERLAY, "dash": "dot", "width": 2})
    return curves


def point_marks(placed: Placed, heights: Range) -> list[Mark]:
    """The points but p, in the colours of their targets."""
    return [
        {
            "id": f"point-{i + 1}",
            "label": "",
            "x": float(x1),
            "y": float(x2),
            "color": colour_of(float(y), heights),
            "shape": "circle",
            "size": MARK,
            "text": f"y = {y:.3g}",
        }
        for i, ((x1, x2), y) in enumerate(zip(placed.X, placed.y, strict=True))
        if i != placed.moved
    ]


def colour_of(value: float, heights: Range) -> str:
    """The colour of a value as #rrggbb: from that of the lowest over grey to that of the highest."""
    low, high = heights
    t = float(np.clip((2 * value - low - high) / (high - low), -1.0, 1.0))
    end = np.array(_channels(FIT if t > 0 else OTHER_CLASS))
    mixed = np.array(_channels(MIDDLE)) * (1 - abs(t)) + end * abs(t)
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def along_curve(placed: Placed, network: ReLUNetwork, window: Range) -> Curve:
    """A network of the plane along the line, over the window of the line."""
    slopes = network.U @ placed.a
    turning = np.abs(slopes) > 0
    kinks = -network.b[turning] / slopes[turning]
    z = np.unique(np.concatenate([np.linspace(*window, STEPS), kinks[(kinks > window[0]) & (kinks < window[1])]]))
    f: Array = network.predict(np.outer(z, placed.a))
    label = "optimum of the plane, along the line"
    return {"id": "along", "label": label, "x": z, "y": f, "color": COMPARISON, "dash": "dash", "width": 2}


def _value_at_p(placed: Placed, solution: cv.Solution) -> Mark:
    assert placed.moved is not None
    value = float(solution.network.predict(placed.X[[placed.moved]])[0])
    return {
        "id": "value-at-p",
        "label": "its value at p, off the line",
        "x": float(placed.z[placed.moved]),
        "y": value,
        "color": NEURON,
        "shape": "diamond",
        "size": MARK,
        "text": f"f(p) = {value:.3g}",
    }
