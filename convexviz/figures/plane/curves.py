"""Curves of the lesson in the plane: the path over beta, and the bounds of the cutting planes round by round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array
from convexviz.core.solution import Solution

from ..parts import Range, Spec, assembled, keyed
from ..sent.frames import at_cursor
from ..spec import Axis, Dash, Layout, Line, Trace
from ..theme import BAND, COMPARISON, DUAL, FIT, NEURON, layout
from .tools import on_white

MOST_OF_N = "max |N<sub>v</sub>|"  # as the hover says it
UPPER_PANEL, LOWER_PANEL = [0.42, 1.0], [0.0, 0.32]
HIGHEST = 3.0  # times the optimum: bounds of the first rounds may be far above, and would flatten all others


Pair = tuple[Trace, Trace]  # style and data


class RoundLike(Protocol):
    """What is drawn of a round; `maximum` is M(v), nan where it is not known."""

    @property
    def upper(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def maximum(self) -> float: ...


def _cursor(follows: Literal["beta", "round"], span: Range, axis: Literal["y", "y2"] = "y") -> Pair:
    """Style and data of a vertical line at the present beta or round; the browser puts it there."""
    line: Line = {"color": FIT, "width": 1, "dash": "dot"}
    style: Trace = {"mode": "lines", "line": line, "hoverinfo": "skip", "meta": {"at": follows}, "yaxis": axis}
    return style, {"x": np.array([]), "y": np.array(span)}


def _split(pairs: Sequence[Pair], page: Layout) -> Spec:
    return assembled([style for style, _ in pairs], [data for _, data in pairs], page)


# ---------------------------------------------------------------- the path


def plane_path_spec(path: Sequence[Solution], height: int = 260) -> Spec:
    """Loss and penalty, and the number of neurons, against beta; `path` in any order."""
    path = sorted(path, key=lambda s: s.beta)
    betas = np.array([s.beta for s in path])
    penalty = np.array([s.beta * s.network.penalty for s in path])
    loss = np.array([s.objective for s in path]) - penalty
    count = np.array([s.network.width for s in path])
    reach = (0.0, 1.08 * (float(np.max([loss, penalty], initial=0.0)) or 1.0))
    most = (0.0, 1.15 * float(count.max(initial=1)))
    hover = "β = %{x:.3g}<br>%{fullData.name} %{y:.4g}<extra></extra>"
    curve: Trace = {"mode": "lines", "hovertemplate": hover}
    step: Trace = {"mode": "lines", "line": {"color": NEURON, "width": 2, "shape": "hvh"}, "yaxis": "y2"}
    pairs: list[Pair] = [
        (curve | {"name": "loss", "line": {"color": FIT, "width": 2}}, {"x": betas, "y": loss}),
        (
            curve | {"name": "penalty", "line": {"color": NEURON, "width": 2, "dash": "dash"}},
            {"x": betas, "y": penalty},
        ),
        (
            step | {"name": "neurons", "hovertemplate": "β = %{x:.3g}<br>%{y} neurons<extra></extra>"},
            {"x": betas, "y": count},
        ),
        _cursor("beta", reach),
        _cursor("beta", most, "y2"),
    ]
    axes: Layout = {
        "xaxis": {"type": "log", "anchor": "y2", "title": {"text": "β"}, "exponentformat": "power"},
        "yaxis": {"domain": UPPER_PANEL, "title": {"text": "objective"}, "range": list(reach)},
        "yaxis2": {"domain": LOWER_PANEL, "title": {"text": "neurons"}, "range": list(most)},
    }
    title = keyed("Path over β", (FIT, "━", "loss"), (NEURON, "╍", "penalty β Σ|w|"))
    alt = "Loss and penalty of the optimal network, and its number of neurons, against weight decay beta."
    return _split(pairs, layout(title, alt, axes, height=height))


def plane_path_figure(path: Sequence[Solution], beta: float | None = None, height: int = 260) -> go.Figure:
    """The regularisation path: loss and penalty of the optimum against beta, and the number of neurons.

    Parameters
    ----------
    path : solutions in any order and any dimension, from `cv.regularization_path` or `cv.entering_path`.
    beta : where an upright line stands, None for none.
    height : pixels.
    """
    return on_white(at_cursor(plane_path_spec(path, height), {"beta": beta}))


# ---------------------------------------------------------------- the rounds of the cutting planes


def bounds_spec(history: Sequence[RoundLike], height: int = 260, beta: float = 1.0) -> Spec:
    """Upper and lower bound and the gap between them, and the worst violation M(v) / beta, against the round (from 1).

    Bounds that are infinite are left out; violations above 1 mean that there are neurons worth adding.
    """
    rounds = np.arange(1, len(history) + 1)
    upper, lower = (_finite([getattr(r, name) for r in history]) for name in ("upper", "lower"))
    worst = _finite([r.maximum for r in history]) / beta
    worst[worst <= 0] = np.nan  # a logarithmic axis
    span, above = _bounds_range(upper, lower), _violation_range(worst)
    both = np.isfinite(upper) & np.isfinite(lower)
    hover = "round %{x}<br>%{fullData.name} %{y:.5g}<extra></extra>"
    step: Trace = {"mode": "lines", "hovertemplate": hover}
    edge: Trace = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    ends: Trace = {"x": np.array([0.5, len(history) + 0.5]), "y": np.array([1.0, 1.0])}
    pairs: list[Pair] = [
        (edge, {"x": rounds[both], "y": lower[both]}),
        (edge | {"fill": "tonexty", "fillcolor": BAND}, {"x": rounds[both], "y": upper[both]}),
        (step | {"name": "upper bound", "line": _step_line(FIT)}, {"x": rounds, "y": upper}),
        (step | {"name": "lower bound", "line": _step_line(DUAL, "dash")}, {"x": rounds, "y": lower}),
        (
            {"mode": "lines", "line": {"color": DUAL, "width": 1, "dash": "dot"}, "yaxis": "y2", "hoverinfo": "skip"},
            ends,
        ),
        (
            {
                "mode": "lines+markers",
                "line": _step_line(COMPARISON),
                "marker": {"size": 5},
                "yaxis": "y2",
                "hovertemplate": f"round %{{x}}<br>{MOST_OF_N} = %{{y:.4g}} × the end of the band<extra></extra>",
            },
            {"x": rounds, "y": worst},
        ),
        _cursor("round", span),
        _cursor("round", (10 ** above[0], 10 ** above[1]), "y2"),
    ]
    axis: Axis = {
        "range": [0.5, len(history) + 0.5],
        "anchor": "y2",
        "title": {"text": "round"},
        "nticks": 10,
        "tickformat": "d",
        "zeroline": False,
    }
    axes: Layout = {
        "xaxis": axis | ({"dtick": 1} if len(history) <= 10 else {}),
        "yaxis": {"domain": UPPER_PANEL, "title": {"text": "bounds"}, "range": list(span)},
        "yaxis2": {
            "domain": LOWER_PANEL,
            "title": {"text": "|N<sub>v</sub>| / band"},
            "type": "log",
            "range": list(above),
            "dtick": max(1, int(np.ceil((above[1] - above[0]) / 4))),  # whole decades
        },
    }
    title = keyed("Bounds", (FIT, "━", "network held"), (DUAL, "╍", "proved from below"))
    alt = "Upper and lower bound on the optimum after each round, and the worst violation of the dual constraint."
    return _split(pairs, layout(title, alt, axes, height=height))


def _step_line(colour: str, dash: Dash = "solid") -> Line:
    return {"color": colour, "width": 2, "shape": "hv", "dash": dash}


def _finite(values: Sequence[float]) -> Array:
    array = np.asarray(values, float)
    return np.where(np.isfinite(array), array, np.nan)


def _bounds_range(upper: Array, lower: Array) -> Range:
    """The lower bounds from zero or below, and the upper bounds as far as they are near the optimum."""
    known = np.concatenate([upper, lower])
    known = known[np.isfinite(known)]
    if not len(known):
        return 0.0, 1.0
    low = min(0.0, float(known.min()))
    best = float(np.nanmin(upper)) if np.isfinite(upper).any() else float(known.max())
    high = min(float(known.max()), HIGHEST * best) if best > 0 else float(known.max())
    air = 0.06 * ((high - low) or 1.0)
    return low - air, high + air


def _violation_range(worst: Array) -> Range:
    """Decimal logarithms around the violations, with 1 in sight."""
    logs = np.log10(np.append(worst[np.isfinite(worst)], 1.0))
    low, high = float(logs.min()), float(logs.max())
    air = 0.12 * max(high - low, 0.5)
    return low - air, high + air


def bounds_figure(history: Sequence[RoundLike], height: int = 260, beta: float = 1.0) -> go.Figure:
    """Upper and lower bound on the optimum after each round of cutting planes, and the worst |N_v| in units of `beta`.

    Parameters
    ----------
    history : of a solution from `cv.solve`.
    beta : half the width of the band: beta, or 1 for a loss that allows no miss.
    height : pixels.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 4.
    """
    return on_white(bounds_spec(history, height, beta))
