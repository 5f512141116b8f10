"""Figures of the lesson on the line: neurons as ramps, the dual function against its band, the path.

Each figure is a fixed list of traces, so that a frame of the path can replace their data in the browser: `*_traces` of
two solutions have the same uids and the same styles. `*_spec` is a figure as plain data, for the page that answers a
moving hand; `*_figure` is the same, checked by plotly, for everyone else.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.oracles.line import line_dual
from convexviz.core.paths.exact import ExactPath
from convexviz.core.paths.path import PATH_DEPTH
from convexviz.core.solution import Solution

from .dates import DayAxis, dated, day_text, day_texts
from .parts import (
    SUM_SO_FAR,
    Range,
    Spec,
    Traces,
    assembled,
    band_of,
    band_ticks,
    band_unit,
    keyed,
    shown_name,
    unit_of,
)
from .plane.tools import by_size, on_white
from .sent.frames import at_cursor
from .spec import Axis, Layout, Trace, Update
from .theme import BAND, COMPARISON, DUAL, FIT, NEURON, layout
from .tracks import Track, followed

DUAL_TITLE = keyed(
    "Dual function N<sub>v</sub>: the proof", (DUAL, "━", "active right"), (COMPARISON, "╍", "active left")
)
CURVE_POINTS = 4000  # knots of a dual function drawn at most: more than a screen has pixels across


# ---------------------------------------------------------------- the dual function


def dual_traces(solution: Solution, x: Array, view: Range, name: str = "x") -> Traces:
    """N_v(+1, b) and N_v(-1, b) over the kink position, in units of beta, and the points where they touch the band.

    Where the input, of this `name`, is a date, the dates stand in the traces' text.
    """
    dual = line_dual(x, solution.v)
    beta = band_of(solution)
    kinks = solution.network.kinks()
    t = np.unique(np.concatenate([dual.knots[:: max(1, len(dual.knots) // CURVE_POINTS)], kinks, view]))
    right, left = (curve / beta for curve in dual.at(t))
    at_right, at_left = (curve / beta for curve in dual.at(kinks))
    active_right = solution.network.U[:, 0] > 0
    curve, marks = _dates(name, t), _dates(name, kinks)
    return [
        {"uid": "band-low", "x": np.array(view), "y": np.array([-1.0, -1.0])},
        {"uid": "band-high", "x": np.array(view), "y": np.array([1.0, 1.0])},
        {"uid": "right", "x": t, "y": right} | curve,
        {"uid": "left", "x": t, "y": left} | curve,
        {
            "uid": "neurons",
            "x": kinks,
            "y": np.where(active_right, at_right, at_left),
            "customdata": np.arange(len(kinks)),
            "marker": {"symbol": np.where(active_right, "triangle-right", "triangle-left").tolist()},
        }
        | marks,
    ]


def _dates(name: str, x: Array) -> Trace:
    """The dates of a trace over an axis of days."""
    return {"text": day_texts(x)} if isinstance(name, DayAxis) else {}


def dual_spec(solution: Solution, x: Array, view: Range, height: int = 190, name: str = "x") -> Spec:
    """The proof as a picture: nowhere outside the band, and touching it at every neuron. `name` is that of the input.

    Where both sides agree, as they do unless all neurons in use pull one way, the dashes lie on the line.
    """
    edge: Trace = {"mode": "lines", "line": {"color": DUAL, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    styles: Traces = [
        edge,
        edge | {"fill": "tonexty", "fillcolor": BAND},
        {"mode": "lines", "line": {"color": DUAL, "width": 3}, "name": "neurons active right"},
        {"mode": "lines", "line": {"color": COMPARISON, "width": 2, "dash": "dash"}, "name": "neurons active left"},
        {
            "mode": "markers",
            "marker": {"color": NEURON, "size": 11, "line": {"width": 1, "color": "white"}},
            "name": "neuron in use",
            "meta": {"neurons": True},
        },
    ]
    unit = band_unit(solution.loss)
    place = "%{text}" if isinstance(name, DayAxis) else "%{x:.3g}"
    for style in styles[2:]:
        style["hovertemplate"] = f"kink at {place}<br>N<sub>v</sub> = %{{y:.3f}}{unit}<extra>{style['name']}</extra>"
    ticks: Axis = {"tickvals": [-1, 0, 1], "ticktext": band_ticks(solution.loss)}
    axes: Layout = {
        "xaxis": {"range": list(view), "title": {"text": kink_title(name)}, "zeroline": False},
        "yaxis": {"range": [-1.35, 1.35], "zeroline": True} | ticks,
    }
    alt = "Dual function over kink positions inside its band, touching it at the neurons in use."
    page = layout(DUAL_TITLE, alt, axes, height=height)
    return dated(assembled(styles, dual_traces(solution, x, view, name), page), name)


def kink_title(name: str) -> str:
    """Title of an axis of kink positions: with the name of the input, where it has one of its own."""
    return "kink position" if name == "x" else f"kink position ({shown_name(name)})"


def dual_figure(solution: Solution, x: Array, view: Range, height: int = 190, name: str = "x") -> go.Figure:
    """The dual function over all kinks on the line, the proof: nowhere beyond its band, and touching it in use.

    N_v(u, b) = sum_i v_i (u x_i + b)_+ in units of beta, or of 1 for a loss that allows no miss, against the place of
    the kink; a line for the ramps that rise to the right, dashes for the left. Triangles are the network's neurons.

    Parameters
    ----------
    solution : from `cv.solve` with one input.
    x : (n,) the inputs.
    view : limits of the axis.
    height : pixels.
    name : of the input; a `DayAxis` where it counts days since 1970, which are then shown as dates.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    return on_white(dual_spec(solution, x, view, height, name))


# ---------------------------------------------------------------- the neurons


def neuron_traces(network: ReLUNetwork, view: Range, name: str = "x") -> Traces:
    """Weights as triangles that point to the active side, the partial sum, and each neuron as a ramp."""
    kinks, u = network.kinks(), network.U[:, 0]
    size = float(np.abs(network.w).max()) if network.width else 1.0
    height = network.w / size
    gaps = np.full(network.width, np.nan)
    inside = kinks[(kinks > view[0]) & (kinks < view[1])]
    words = [
        f"neuron {j + 1}<br>weight {w:.4g}<br>kink at {day_text(t, 0.1) if isinstance(name, DayAxis) else f'{t:.4g}'}"
        for j, (w, t) in enumerate(zip(network.w, kinks, strict=True))
    ]
    return [
        {
            "uid": "stems",
            "x": np.column_stack([kinks, kinks, gaps]).ravel(),
            "y": np.column_stack([np.zeros(network.width), height, gaps]).ravel(),
        },
        {
            "uid": "weights",
            "x": kinks,
            "y": height,
            "customdata": np.arange(network.width),
            "text": words,
            "marker": {"symbol": np.where(u > 0, "triangle-right", "triangle-left").tolist()},
        },
        {"uid": "partial", "x": np.unique(np.concatenate([view, inside])), "y": np.array([])},
        {"uid": "ramps"} | _ramps(network, view),
        {"uid": "ramp", "x": list(view), "y": []},
    ]


def weight_ticks(network: ReLUNetwork) -> list[str]:
    """What stands at the lower end, the middle and the upper end of the weights: the largest, as a number."""
    most = f"{np.abs(network.w).max():.3g}" if network.width else "1"
    return [f"−{most}", "0", most]


def neuron_changes(network: ReLUNetwork, view: Range, name: str = "x") -> Update:
    """What another network changes of the figure of the neurons: its traces, and the numbers at the weights."""
    return {"data": neuron_traces(network, view, name), "layout": {"yaxis2": {"ticktext": weight_ticks(network)}}}


def _ramps(network: ReLUNetwork, view: Range) -> Trace:
    """All neurons as ramps across the view, one after the other with gaps between them."""
    u, w, b = network.U[:, 0], network.w, network.b
    t = np.column_stack([np.full(network.width, view[0]), np.clip(-b * u, *view), np.full(network.width, view[1])])
    y = w[:, None] * np.maximum(u[:, None] * t + b[:, None], 0.0)
    gaps = np.full((network.width, 1), np.nan)
    neuron = np.repeat(np.arange(network.width), 4)
    return {"x": np.hstack([t, gaps]).ravel(), "y": np.hstack([y, gaps]).ravel(), "customdata": neuron}


def neuron_spec(
    network: ReLUNetwork, view: Range, reach: float, height: int = 300, name: str = "x", target: str = "y"
) -> Spec:
    """Above: every neuron as a ramp within +-`reach`; below: its weight, a triangle towards its active side.

    `name` is that of the input, `target` that of what is fitted; where they name units, so do the axes.
    """
    styles: Traces = [
        {"mode": "lines", "line": {"color": NEURON, "width": 1.5}, "yaxis": "y2", "hoverinfo": "skip"},
        {
            "mode": "markers",
            "marker": {"color": NEURON, "size": 12, "line": {"width": 1, "color": "white"}},
            "yaxis": "y2",
            "meta": {"neurons": True},
            "hovertemplate": "%{text}<extra></extra>",
        },
        {
            "mode": "lines",
            "line": {"color": FIT, "width": 2.5, "dash": "dash"},
            "meta": {"partial": True},
            "hoverinfo": "skip",
        },
        {"mode": "lines", "line": {"color": NEURON, "width": 2}, "meta": {"ramps": True}, "hoverinfo": "none"},
        {"mode": "lines", "line": {"color": NEURON, "width": 3.5}, "meta": {"ramp": True}, "hoverinfo": "skip"},
    ]
    axes: Layout = {
        "xaxis": {"range": list(view), "anchor": "y2", "title": {"text": shown_name(name)}, "zeroline": False},
        "yaxis": {
            "range": [-reach, reach],
            "domain": [0.42, 1.0],
            "title": {"text": f"w (u x + b)₊{_bracketed(unit_of(target))}"},
        },
        "yaxis2": {
            "range": [-1.25, 1.25],
            "domain": [0.0, 0.32],
            "tickvals": [-1, 0, 1],
            "ticktext": weight_ticks(network),
            "title": {"text": f"weight w{_bracketed(slope_unit(name, target))}"},
        },
    }
    alt = "Each neuron as a ramp, and its weight as a triangle pointing to the side on which it is active."
    page = layout(f"Neurons{SUM_SO_FAR}", alt, axes, height=height)
    return dated(assembled(styles, neuron_traces(network, view, name), page), name)


def slope_unit(name: str, target: str) -> str:
    """Unit of a slope, which a weight is: that of the target for each of the input; "" where one has none."""
    across = "day" if isinstance(name, DayAxis) else unit_of(name)
    return f"{unit_of(target)} per {across}" if across and unit_of(target) else ""


def _bracketed(unit: str) -> str:
    return f" ({html.escape(unit, quote=False)})" if unit else ""


def neuron_figure(
    network: ReLUNetwork, view: Range, reach: float, height: int = 300, name: str = "x", target: str = "y"
) -> go.Figure:
    """Every neuron of a network on the line as a ramp w (u x + b)_+, and its weight as a triangle to its active side.

    Parameters
    ----------
    network : with one input, such as `solution.network`.
    view : limits of x.
    reach : ramps are drawn from -reach to reach.
    height : pixels.
    name : of the input; a `DayAxis` where it counts days since 1970, which are then shown as dates.
    target : name of what is fitted; units in brackets behind either name stand at the axes.
    """
    return on_white(neuron_spec(network.at_origin(), view, reach, height, name, target))


# ---------------------------------------------------------------- the path


def path_spec(path: Sequence[Solution] | ExactPath, height: int = 260, depth: float = PATH_DEPTH) -> Spec:
    """Lines of all neurons and their number against beta; solutions in any order, or an exact path.

    Of solutions these are weights at their betas; of an exact path the kinks' changes of slope, from birth to death,
    and every change of the number, down to `depth` beta_max.
    """
    if isinstance(path, ExactPath):
        (betas, count), lines = path.staircase(depth), [_with_gap(*line) for line in path.lines(depth)]
        x, w = (np.concatenate([np.array([]), *(line[i] for line in lines)]) for i in (0, 1))
        line, value = "kink", "change of slope"
    else:
        path = sorted(path, key=lambda s: s.beta)
        betas = np.array([s.beta for s in path])
        count = np.array([s.network.width for s in path])
        x, w = _weight_lines(followed([by_size(s.network) for s in path]), betas)
        line, value = "neuron", "weight"
    styles: Traces = [
        {
            "mode": "lines",
            "line": {"color": NEURON, "width": 1.2},
            "hovertemplate": f"β = %{{x:.3g}}<br>{value} %{{y:.3g}}<extra></extra>",
        },
        {
            "mode": "lines",
            "line": {"color": FIT, "width": 2, "shape": "hv" if line == "kink" else "hvh"},
            "yaxis": "y2",
            "hovertemplate": "β = %{x:.3g}<br>%{y} neurons<extra></extra>",
        },
        {
            "mode": "lines",
            "line": {"color": FIT, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
            "meta": {"at": "beta"},
        },
        {
            "mode": "lines",
            "line": {"color": FIT, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
            "meta": {"at": "beta"},
            "yaxis": "y2",
        },
    ]
    titles = {"weight": "weights w", "change of slope": "bend"}
    reach = 1.1 * float(np.abs(w[np.isfinite(w)]).max(initial=1e-12))
    most = float(count.max(initial=1))
    traces: Traces = [
        {"x": x, "y": w},
        {"x": betas, "y": count},
        {"x": np.array([]), "y": np.array([-reach, reach])},
        {"x": np.array([]), "y": np.array([0.0, most * 1.15])},
    ]
    axes: Layout = {
        "xaxis": {"type": "log", "anchor": "y2", "title": {"text": "β"}, "exponentformat": "power"},
        "yaxis": {"domain": [0.42, 1.0], "title": {"text": titles[value]}, "range": [-reach, reach]},
        "yaxis2": {"domain": [0.0, 0.32], "title": {"text": "neurons"}, "range": [0, most * 1.15]},
    }
    alt = f"One line per {line}, and the number of neurons, against the strength of weight decay beta."
    title = "Path over β: one line per neuron, and their number"
    if line == "kink":
        title = "Exact path: each kink from birth to death, and neurons"
    return assembled(styles, traces, layout(title, alt, axes, height=height))


def path_figure(
    path: Sequence[Solution] | ExactPath, beta: float | None = None, height: int = 260, depth: float = PATH_DEPTH
) -> go.Figure:
    """The regularisation path on the line: a line for every neuron against beta, and how many there are.

    Parameters
    ----------
    path : solutions in any order, from `cv.regularization_path` or `cv.entering_path`, whose lines are the weights at
        their betas; or `cv.exact_path`, whose lines are the changes of slope of all kinks from birth to death.
    beta : where an upright line stands, None for none.
    height : pixels.
    depth : share of beta_max down to which an exact path is drawn.
    """
    return on_white(at_cursor(path_spec(path, height, depth), {"beta": beta}))


def _with_gap(betas: Array, values: Array) -> tuple[Array, Array]:
    return np.append(betas, np.nan), np.append(values, np.nan)


def _weight_lines(tracks: Sequence[Track], betas: Array) -> tuple[Array, Array]:
    """One line per neuron from birth to end, with gaps between the lines.

    At the betas beside its life, where the network does without it, its weight is zero.
    """
    x, w = [np.array([])], [np.array([])]
    for track in tracks:
        low, high = track.first, track.first + len(track.weights)
        before, behind = int(low > 0), int(high < len(betas))
        x.append(np.append(betas[low - before : high + behind], np.nan))
        w.append(np.concatenate([np.zeros(before), track.weights, np.zeros(behind), [np.nan]]))
    return np.concatenate(x), np.concatenate(w)
