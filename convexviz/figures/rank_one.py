"""Figure of the lesson on rank one: the optimum against the way that one point has gone off the line."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array

from .parts import Range, Spec, Traces, assembled, keyed
from .plane.tools import on_white
from .spec import Layout, Trace
from .theme import COMPARISON, FIT, OVERLAY, layout

AIR = 0.12  # of the range of the optima, above and below them


def leaving_spec(
    t: Array, objective: Array, line: float, without: float, here: tuple[float, float], height: int = 340
) -> Spec:
    """Optima (k,) at the distances t (k,); that of the line, that without the point, and (distance, optimum) now."""
    rule: Trace = {"mode": "lines", "hoverinfo": "skip"}
    hover = "%{x:.3g} off the line<br>optimum %{y:.5g}<extra></extra>"
    styles: Traces = [
        rule | {"name": "on the line", "line": {"color": COMPARISON, "width": 1.5, "dash": "dash"}},
        rule | {"name": "without p", "line": {"color": OVERLAY, "width": 1.5, "dash": "dot"}},
        {"mode": "lines+markers", "name": "optimum", "line": {"color": FIT, "width": 2}, "hovertemplate": hover},
        {
            "mode": "markers",
            "name": "now",
            "marker": {"color": FIT, "size": 12, "symbol": "diamond"},
            "hovertemplate": hover,
        },
    ]
    across = np.array([t.min(), t.max()])
    traces: Traces = [
        {"x": across, "y": np.full(2, line)},
        {"x": across, "y": np.full(2, without)},
        {"x": t, "y": objective, "marker": {"size": 4, "color": FIT}},
        {"x": np.array([here[0]]), "y": np.array([here[1]])},
    ]
    axes: Layout = {
        "xaxis": {
            "title": {"text": "p off the line, in units of z"},
            "zeroline": False,
            "range": [float(across[0]), float(across[1])],
        },
        "yaxis": {"title": {"text": "optimum"}, "zeroline": False, "range": list(_range(line, without, objective))},
    }
    keys = [(FIT, "◆", "now"), (COMPARISON, "╍", "p on the line"), (OVERLAY, "┈", "without p")]
    alt = "The optimal objective against the distance of p from the line, between that of the line and that without p."
    page = layout(keyed("The optimum as p leaves", *keys), alt, axes, height=height, uirevision="leaving")
    return assembled(styles, traces, page)


def leaving_figure(
    t: Array, objective: Array, line: float, without: float, here: tuple[float, float], height: int = 340
) -> go.Figure:
    """The optimum against the distance of one point from the line that all others are on.

    It never rises with the distance, and lies between that of the line and that without the point.

    Parameters
    ----------
    t, objective : (k,) distances, in the units of the line, and the optimum of the plane at each.
    line, without : the optima with the point on the line, and without the point.
    here : distance and optimum now, where the diamond stands.
    height : pixels.

    On data of rank one: Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks,
    section 3; what happens off the line is this package's.
    """
    return on_white(leaving_spec(np.asarray(t), np.asarray(objective), line, without, here, height))


def _range(line: float, without: float, objective: Array) -> Range:
    low, high = min(without, float(objective.min())), max(line, float(objective.max()))
    air = AIR * ((high - low) or abs(high) or 1.0)
    return low - air, high + air
