"""The neurons of a network in the plane: the dual function over all of them, the weights of those in use.

A neuron of unit norm in the plane is a line with an active side: an angle of u and an offset t, the signed distance of
the line from the middle of the window along u. Over these two numbers the dual function is
N_v(u, t) = sum_i v_i (u . (x_i - centre) - t)_+, and the network is optimal when |N_v| <= beta everywhere.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution

from ..parts import SUM_SO_FAR, Spec, Traces, assembled, band_of, band_ticks, band_unit, keyed, shown_name
from ..spec import Axis, Colorbar, Colorscale, Layout, Trace
from ..theme import COMPARISON, DUAL, NEURON, OVERLAY, layout
from .tools import PLAIN, Names, View, by_size, faded, filled, spaced, view_of

ANGLES, OFFSETS = 121, 81  # grid points: as many as are drawn well within one frame of a film
TURNS = [-180, -90, 0, 90, 180]
EXCESS = 2e-3  # of beta; what exceeds it by less is the gap of a certified answer, no violation
MARGIN = 1.05  # of the greatest offset, so that a mark on the edge is seen whole


# ---------------------------------------------------------------- the dual function over all neurons


def dual_map_spec(
    view: View, height: int = 300, reach: float | None = None, loss: str = "squared", axes: Names = PLAIN
) -> Spec:
    """The proof as a map: angle across, offset up, colour N_v in units of its band, a triangle for a neuron in use.

    `view` is the window (x limits, y limits), `reach` the greatest offset shown; without it, that of the window's
    corners, so that no line through a point of the window is missed. The band of a `loss` without beta ends at 1.
    `axes` are the names of the inputs: an angle tells how much of each a neuron takes.
    """
    (left, right), (low, high) = view
    reach = MARGIN * (float(np.hypot(right - left, high - low)) / 2 if reach is None else reach)
    centre = [(left + right) / 2, (low + high) / 2]
    offsets = [-reach, reach, OFFSETS]
    styles: Traces = [
        {
            "type": "heatmap",
            "zmin": -(1 + 2 * EXCESS),
            "zmax": 1 + 2 * EXCESS,
            "colorscale": _dual_colours(),
            "zsmooth": "best",
            "colorbar": _bar([-1, 0, 1], band_ticks(loss)),
            "hovertemplate": "angle %{x:.0f}°<br>offset %{y:.3g}<br>N<sub>v</sub> = %{z:.3f}"
            f"{band_unit(loss)}<extra></extra>",
            "meta": {"plane": "dual", "centre": centre, "angles": [-180, 180, ANGLES], "offsets": offsets},
        },
        {
            "mode": "markers",
            "marker": {"color": NEURON, "size": 11, "line": {"width": 1, "color": "white"}},
            "hovertemplate": "%{text}<extra>neuron in use</extra>",
            "meta": {"plane": "touch", "neurons": True, "centre": centre},
        },
    ]
    sides: Layout = {
        "xaxis": _angle_axis(axes),
        "yaxis": {"range": [-reach, reach], "title": {"text": "offset"}, "zeroline": False, "showgrid": False},
    }
    alt = (
        "Map of the dual function over the angle and offset of every possible neuron, in units of its band; "
        "triangles at the neurons in use, where it touches an end of the band."
    )
    title = keyed("Dual function N<sub>v</sub>: the proof", (NEURON, "▲▼", "neurons in use"))
    page = layout(title, alt, sides, height=height)
    return assembled(styles, [{} for _ in styles], page)


def _angle_axis(axes: Names) -> Axis:
    first, second = (shown_name(name) for name in axes)
    along = "" if axes == PLAIN else f" (0°: {first}, 90°: {second})"
    return {
        "range": [-180, 180],
        "tickvals": TURNS,
        "ticktext": [f"{turn:d}°".replace("-", "−") for turn in TURNS],
        "title": {"text": f"angle of u{along}"},
        "zeroline": False,
        "showgrid": False,
    }


def _dual_colours() -> Colorscale:
    """Two colours that fade towards zero, and a third where the bound is broken, so that violations are islands."""
    edge = EXCESS / (2 + 4 * EXCESS)  # where +-(1 + EXCESS) lies between the ends +-(1 + 2 EXCESS)
    return [
        [0.0, OVERLAY],
        [edge, OVERLAY],
        [edge, COMPARISON],
        [0.5, faded(COMPARISON, 0.0)],
        [0.5, faded(DUAL, 0.0)],
        [1 - edge, DUAL],
        [1 - edge, OVERLAY],
        [1.0, OVERLAY],
    ]


def _bar(values: list[float], words: list[str]) -> Colorbar:
    return {
        "thickness": 8,
        "outlinewidth": 0,
        "xpad": 6,
        "ypad": 0,
        "len": 0.9,  # clear of the label of 180°
        "tickvals": values,
        "ticktext": words,
        "tickfont": {"size": 12},
    }


def dual_map_figure(
    solution: Solution,
    X: Array,
    view: View | None = None,
    height: int = 300,
    reach: float | None = None,
    v: Array | None = None,
    axes: Names = PLAIN,
) -> go.Figure:
    """The dual function over all neurons of the plane, the proof: nowhere beyond its band, and touching it in use.

    Across the angle of u in degrees, upwards the offset of the break line from the window's middle, in the units of X;
    the colour is N_v(u, b) = sum_i v_i (u . x_i + b)_+ in units of beta, or of 1 for a loss that allows no miss.
    Triangles are the neurons of the network.

    Parameters
    ----------
    solution : from `cv.solve` with two inputs and biases.
    X : (n, 2) the points.
    view : limits of x1, and of x2; around X if None.
    height : pixels.
    reach : the greatest offset shown; that of the window's corners if None.
    v : (n,) another dual vector than the solution's own.
    axes : names of the inputs.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    X = np.asarray(X, float)
    v = solution.v if v is None else v
    view = view or view_of(X)
    spec = dual_map_spec(view, height, reach, solution.loss, axes)
    meta = spec["data"][0]["meta"]
    angles, offsets = spaced(meta["angles"]), spaced(meta["offsets"])
    z = dual_values(X - meta["centre"], v / band_of(solution), angles, offsets)
    marks = touching(by_size(solution.network), np.array(meta["centre"]))
    return filled(spec, [{"x": angles, "y": offsets, "z": z}, marks])


def dual_values(points: Array, v: Array, angles: Array, offsets: Array) -> Array:
    """N_v, (offsets, angles), for `points` (n, 2) seen from the centre."""
    turn = np.deg2rad(angles)
    along = np.column_stack([np.cos(turn), np.sin(turn)]) @ points.T
    return np.array([np.maximum(along - t, 0.0) @ v for t in offsets])


def touching(network: ReLUNetwork, centre: Array) -> Trace:
    """One mark per neuron, where its line stands on the map."""
    angle, offset = _places(network, centre)
    return {
        "x": angle,
        "y": offset,
        "text": [
            f"neuron {j + 1}<br>weight {w:.4g}<br>angle {a:.0f}°, offset {t:.3g}"
            for j, (w, a, t) in enumerate(zip(network.w, angle, offset, strict=True))
        ],
        "customdata": np.arange(network.width),
        "marker": {"symbol": _symbols(network)},
    }


def _places(network: ReLUNetwork, centre: Array) -> tuple[Array, Array]:
    angle = np.rad2deg(np.arctan2(network.U[:, 1], network.U[:, 0]))
    return angle, -(network.b + network.U @ centre)


def _symbols(network: ReLUNetwork) -> list[str]:
    return ["triangle-up" if w > 0 else "triangle-down" for w in network.w]


# ---------------------------------------------------------------- the weights


def weights_spec(height: int = 190) -> Spec:
    """One stem per neuron, the largest first; its triangle tells the sign as well."""
    styles: Traces = [
        {"mode": "lines", "line": {"color": NEURON, "width": 2}, "hoverinfo": "skip", "meta": {"plane": "stems"}},
        {
            "mode": "markers",
            "marker": {"color": NEURON, "size": 11, "line": {"width": 1, "color": "white"}},
            "hovertemplate": "neuron %{x}<br>weight %{y:.4g}<extra></extra>",
            "meta": {"plane": "weights", "neurons": True},
        },
    ]
    axes: Layout = {
        # Names, not numbers: neurons stand side by side, and no tick falls between two of them.
        "xaxis": {"type": "category", "title": {"text": "neurons, largest weight first"}, "showgrid": False},
        "yaxis": {"title": {"text": "weight w"}, "zeroline": True},
    }
    alt = "The weight of each neuron, from the largest to the smallest; triangles point up for positive weights."
    page = layout(f"Neurons{SUM_SO_FAR}", alt, axes, height=height)
    return assembled(styles, [{} for _ in styles], page)


def weights_figure(solution: Solution, height: int = 190) -> go.Figure:
    """The weight of each neuron, the largest first, as a triangle that points up or down by its sign.

    Parameters
    ----------
    solution : from `cv.solve` with one output.
    height : pixels.
    """
    network = by_size(solution.network)
    return filled(weights_spec(height), [stem_data(network), weight_data(network)])


def stem_data(network: ReLUNetwork) -> Trace:
    """A stem from zero to each weight, one after the other with gaps between them."""
    stems = np.column_stack([np.zeros(network.width), network.w, np.full(network.width, np.nan)])
    return {"x": [name for name in _numbered(network) for _ in range(3)], "y": stems.ravel()}


def weight_data(network: ReLUNetwork) -> Trace:
    """One mark per neuron at its weight."""
    return {
        "x": _numbered(network),
        "y": network.w,
        "customdata": np.arange(network.width),
        "marker": {"symbol": _symbols(network)},
    }


def _numbered(network: ReLUNetwork) -> list[str]:
    return [str(j + 1) for j in range(network.width)]
