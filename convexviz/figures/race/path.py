"""Figures of the path film: errors and number of neurons against beta, and the network of one beta.

beta grows to the right, as on its slider and in every figure of a path; the film begins with the largest, so that its
cursor goes to the left. Each figure has an `*_update` with what a frame of the film changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.paths.exact import ExactPath
from convexviz.core.solution import Solution

from ..dates import dated
from ..geometry.tools import slide
from ..parts import Range, Spec, Traces, assembled, keyed, shown_name
from ..spec import Axis, Layout, Marker, Trace
from ..theme import FIT, NEURON, OVERLAY, layout

UPPER, LOWER = [0.42, 1.0], [0.0, 0.3]  # panels, as shares of the height
AIR = 1.08  # of the greatest value, so that curves do not touch the frame
WIDE = 0.03  # of the path's extent in log beta, beyond either end


# ---------------------------------------------------------------- errors


def errors_spec(
    betas: Sequence[float],
    train: Sequence[float],
    held: Sequence[float] | None,
    neurons: Sequence[int],
    best: int | None,
    shown: int,
    measure: str,
    height: int = 320,
    stairs: tuple[Array, Array] | None = None,
) -> Spec:
    """Errors on the training points and on held-out ones (None where there are none), and the number of neurons.

    All from large beta to small; `best` is the place of the least held-out error, `shown` that of the cursor,
    `measure` the name of the error; `stairs` all (betas, numbers of neurons) where an exact path knows them, each
    number from its beta down to the next.
    """
    beta = np.asarray(betas, float)
    top = AIR * float(max([*train, *(held or [])], default=0.0)) or 1.0
    most = AIR * float(max([*(neurons if stairs is None else stairs[1]), 1]))
    logs = np.log10(beta[[0, -1]])
    air = WIDE * float(logs[0] - logs[1]) or 0.1
    cursor: Trace = {"mode": "lines", "line": {"color": FIT, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip"}
    hover = "β = %{x:.3g}<br>%{y:.4g}<extra>%{fullData.name}</extra>"
    line: Trace = {"mode": "lines+markers", "marker": {"size": 4}, "hovertemplate": hover}
    star: Marker = {"symbol": "star", "size": 14, "color": OVERLAY, "line": {"width": 1, "color": "white"}}
    count = "β = %{x:.3g}<br>%{y} neurons<extra></extra>"
    styles: Traces = [
        line | {"name": "training error", "line": {"color": FIT, "width": 2}, "marker": {"size": 4}},
        line
        | {"name": "held-out error", "line": {"color": OVERLAY, "width": 2, "dash": "dash"}, "marker": {"size": 4}},
        {
            "mode": "lines",
            "name": "neurons",
            "line": {"color": NEURON, "width": 2, "shape": "hv"},
            "yaxis": "y2",
            "hovertemplate": count,
        },
        {"mode": "markers", "name": "least held-out error", "marker": star, "hoverinfo": "skip"},
        cursor | {"name": "cursor"},
        cursor | {"name": "cursor below", "yaxis": "y2"},
    ]
    places = errors_update(float(beta[shown]))
    marked = [] if best is None or held is None else [best]
    traces: Traces = [
        {"x": beta, "y": np.asarray(train, float)},
        {"x": beta if held else np.array([]), "y": np.asarray(held or [], float)},
        {"x": beta, "y": np.asarray(neurons)} if stairs is None else {"x": stairs[0], "y": stairs[1]},
        {"x": beta[marked], "y": np.asarray(held or [], float)[marked]},
        *(place | {"y": np.array([0.0, end])} for place, end in zip(places, (top, most), strict=True)),
    ]
    axes: Layout = {
        "xaxis": {
            "type": "log",
            "range": [float(logs[1] - air), float(logs[0] + air)],
            "anchor": "y2",
            "title": {"text": "← β falls"},
        }
        | _ticks(float(beta[-1]), float(beta[0])),
        "yaxis": {"range": [0.0, top], "domain": UPPER, "title": {"text": measure}},
        "yaxis2": {"range": [0.0, most], "domain": LOWER, "title": {"text": "neurons"}, "nticks": 4},
    }
    keys = [(FIT, "━", "training")]
    if held:
        keys += [(OVERLAY, "╍", "held out"), (OVERLAY, "★", "least")]
    alt = "Training error, held-out error and number of neurons against the strength of weight decay beta."
    return assembled(styles, traces, layout(keyed("Errors", *keys), alt, axes, height=height, uirevision="errors"))


def errors_figure(
    path: Sequence[Solution],
    train: Sequence[float],
    held: Sequence[float] | None = None,
    beta: float | None = None,
    measure: str = "error",
    height: int = 320,
    exact: ExactPath | None = None,
) -> go.Figure:
    """Errors along a path on the training points and on others, and the number of neurons, against beta.

    Parameters
    ----------
    path : solutions from large beta to small, as `cv.entering_path` gives them.
    train, held : (k,) errors of each on the training points, and on held-out ones or None.
    beta : where the upright line stands: at the solution with the beta nearest to it. None is the solution with the
        least held-out error, the one with the largest beta among equals; without held-out points the first.
    measure : name of the error.
    height : pixels.
    exact : from `cv.exact_path`, whose number of neurons is known at every beta.

    Raises ValueError where there is not one error for each solution.
    """
    for name, errors in (("train", train), ("held", held)):
        if errors is not None and len(errors) != len(path):
            raise ValueError(f"{name} must hold an error for each of {len(path)} solutions, got {len(errors)}.")
    betas = [s.beta for s in path]
    best = None if held is None else int(np.argmin(held))
    shown = (best or 0) if beta is None else int(np.argmin(np.abs(np.log(np.array(betas) / beta))))
    widths = [s.network.width for s in path]
    given = None if held is None else list(held)
    stairs = None if exact is None else exact.staircase(min(1.0, min(betas) / exact.beta_max))
    return slide(errors_spec(betas, list(train), given, widths, best, shown, measure, height, stairs))


def _ticks(low: float, high: float) -> Axis:
    """Ones and threes of every decade: plotly's own ticks of a logarithmic axis come in two sizes."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    values = [float(f"{lead}e{k}") for k in decades for lead in (1, 3)]
    return {"tickvals": values, "ticktext": [f"{value:g}" for value in values]}


def errors_update(beta: float) -> Traces:
    """What a frame changes in `errors_spec`: the cursor."""
    place = np.array([beta, beta])
    return [{"uid": "cursor", "x": place}, {"uid": "cursor-below", "x": place}]


# ---------------------------------------------------------------- the network on the line


def line_spec(
    network: ReLUNetwork,
    points: tuple[Array, Array],
    across: Range,
    up: Range,
    title: str,
    height: int = 320,
    name: str = "x",
) -> Spec:
    """A network on the line through its kinks, which are marked, and the points (n,), (n,); `name` is the input's."""
    kink: Marker = {"color": NEURON, "size": 10, "symbol": "diamond", "line": {"width": 1, "color": "white"}}
    styles: Traces = [
        {"mode": "markers", "name": "points", "marker": {"color": "var(--st-gray-color)", "size": 7}},
        {"mode": "lines", "name": "network", "line": {"color": FIT, "width": 2.5}},
        {"mode": "markers", "name": "kinks", "marker": kink},
    ]
    for style in styles:
        style["hoverinfo"] = "skip"
    traces: Traces = [{"x": points[0], "y": points[1]}, *line_update(network, across)]
    axes: Layout = {
        "xaxis": {"range": list(across), "title": {"text": shown_name(name)}, "zeroline": False},
        "yaxis": {"range": list(up), "title": {"text": "f(x)"}, "zeroline": False},
    }
    alt = "The optimal network of one beta through the points, its kinks marked."
    return dated(assembled(styles, traces, layout(title, alt, axes, height=height, uirevision="path")), name)


def network_figure(solution: Solution, x: Array, y: Array, across: Range, up: Range, height: int = 320) -> go.Figure:
    """A network on the line with its kinks marked, and the points; above it beta and the number of neurons.

    Parameters
    ----------
    solution : from `cv.solve`, with one input.
    x, y : (n,) inputs and targets or labels.
    across, up : limits of x, and of f(x).
    height : pixels.
    """
    points = np.asarray(x, float), np.asarray(y, float)
    title = network_title(solution.beta, solution.network.width)
    return slide(line_spec(solution.network, points, across, up, title, height))


def line_update(network: ReLUNetwork, across: Range) -> Traces:
    """What a frame changes in `line_spec`."""
    kinks = np.unique(network.kinks()) if network.width else np.array([])
    kinks = kinks[(kinks > across[0]) & (kinks < across[1])]
    x = np.concatenate([[across[0]], kinks, [across[1]]])
    return [
        {"uid": "network", "x": x, "y": network.predict(x[:, None])},
        {"uid": "kinks", "x": kinks, "y": network.predict(kinks[:, None]) if len(kinks) else np.array([])},
    ]


def network_title(beta: float, neurons: int) -> str:
    """The title over the network of one beta."""
    words = f"β = {beta:.3g}: {neurons or 'no'} neuron{'' if neurons == 1 else 's'}"
    return keyed(words, (NEURON, "◆", "kinks"))
