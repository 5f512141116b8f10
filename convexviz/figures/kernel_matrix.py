"""Figure of the kernel matrix: rows are points, columns ramps; beside it v, below it the proof and both weights.

Row and column panels share the axes of the matrix, so that every number stands beside what it belongs to. What is in
use is lit: columns with w_k != 0, rows with v_i != 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from convexviz.core.line.kernel_matrix import column_of, column_weights, kernel_matrix
from convexviz.core.losses import LOSSES, band
from convexviz.core.network import Array
from convexviz.core.solution import Solution

from .parts import Spec, assembled
from .plane.tools import faded, on_white
from .spec import Annotation, Axis, Colorscale, Layout, Trace, Traces
from .theme import BAND, COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, layout

IN_USE = 1e-6  # share of the largest v below which a row counts as idle: the duals of a gap of 1e-6 are no finer
MOVED = 1e-9  # share of the largest l2 weight below which a column is rounding
HEIGHT = 475
ACROSS, ASIDE = [0.0, 0.86], [0.885, 1.0]  # the matrix, and v beside it, as shares of the width
MATRIX, PROOF, SPARSE, DENSE = [0.5, 1.0], [0.33, 0.44], [0.165, 0.275], [0.0, 0.11]  # as shares of the height
ROW_NAMES, COLUMN_NAMES = 15, 7  # at most so many rows, and columns of a half, are named
TALLEST = 1.12  # room above the longest bar
# Opacity of the least and the largest entry in an idle cell, a lit row, a lit column, and where both meet.
SHADES = (("#808080", 0.06, 0.6), (DUAL, 0.16, 0.9), (NEURON, 0.16, 0.95), (FIT, 0.25, 1.0))


@dataclass(frozen=True, eq=False)
class Columns:
    """What the figure is made from, points in the order of x.

    Attributes
    ----------
    x, y, v : (n,) inputs, targets or labels, multipliers.
    w : (2n,) weights of least l1 norm on the columns.
    dense : (2n,) weights of the tangent kernel's least-norm function, or None where there is none.
    band : largest |K'v| that a neuron in use may have: beta, or 1 under a constraint.
    neurons : (m,) the column of each neuron of the network, in its order.
    classes : whether y are labels.
    constrained : whether the band is 1 by itself, and not beta.
    """

    x: Array
    y: Array
    v: Array
    w: Array
    dense: Array | None
    band: float
    neurons: np.ndarray
    classes: bool
    constrained: bool

    @classmethod
    def of(cls, solution: Solution, x: Array, y: Array, alpha: Array | None = None) -> Columns:
        """What an optimum for x (n,), y (n,) in any order makes of the columns.

        `alpha` (n,) are the coefficients of a function of the tangent kernel, in the order of x.
        """
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
        loss, network = LOSSES[solution.loss], solution.network
        return cls(
            x,
            y,
            solution.v[order],
            column_weights(network, x),
            None if alpha is None else kernel_matrix(x).T @ alpha[order],
            band(solution.loss, solution.beta),
            column_of(network, x),
            loss.classification,
            loss.constrained,
        )

    @property
    def n(self) -> int:
        return len(self.x)

    @property
    def rows_lit(self) -> np.ndarray:
        """(n,) which rows have a multiplier."""
        size = np.abs(self.v)
        return np.asarray(size > IN_USE * max(float(size.max(initial=0.0)), np.finfo(float).tiny))

    @property
    def columns_lit(self) -> np.ndarray:
        """(2n,) which columns have a weight."""
        return np.asarray(self.w != 0)

    @property
    def columns_moved(self) -> np.ndarray:
        """(2n,) which columns the tangent kernel gives a weight."""
        size = np.abs(np.zeros(2 * self.n) if self.dense is None else self.dense)
        return np.asarray(size > MOVED * max(float(size.max(initial=0.0)), np.finfo(float).tiny))

    @property
    def places(self) -> Array:
        """(2n,) where the columns stand: ramps to the right at 1, ..., n, a gap, then ramps to the left."""
        k = np.arange(1.0, self.n + 1.0)
        return np.concatenate([k, self.n + 1.0 + k])


def matrix_spec(of: Columns, news: str = "", height: int = HEIGHT) -> Spec:
    """The matrix with v beside it, and K'v, w and the tangent kernel's weights below, column by column.

    `news` are words that go beside the number of columns in use.
    """
    bars: Trace = {"mode": "lines", "fill": "toself", "hoverinfo": "skip"}
    dots: Trace = {"mode": "markers", "hovertemplate": "column %{x}<br>%{y:.4g}<extra>%{fullData.name}</extra>"}
    edge: Trace = {"mode": "lines", "line": {"color": DUAL, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    touch: Trace = {"marker": {"color": NEURON, "size": 10, "line": {"width": 1, "color": "white"}}}
    touch |= {"meta": {"neurons": True}, "name": "K'v, in use"}
    styles: Traces = [
        {"type": "heatmap", "colorscale": _shades(), "zmin": 0.0, "zmax": 4.0, "showscale": False},
        bars | {"xaxis": "x2", "line": {"color": DUAL, "width": 1}, "fillcolor": DUAL, "name": "v"},
        edge | {"yaxis": "y2"},
        edge | {"yaxis": "y2", "fill": "tonexty", "fillcolor": BAND},
        dots | {"yaxis": "y2", "marker": {"color": DUAL, "size": 4}, "name": "K'v"},
        dots | {"yaxis": "y2"} | touch,
        bars | {"yaxis": "y3", "line": {"color": NEURON, "width": 1}, "fillcolor": NEURON, "name": "w"},
        bars | {"yaxis": "y4", "line": {"color": COMPARISON, "width": 1}, "fillcolor": COMPARISON, "name": "dense"},
    ]
    styles[0]["hovertemplate"] = "row %{y}, entry %{customdata:.4g}<extra></extra>"
    traces = _traces(of)
    words = f"Kernel matrix K: {of.n} points, {2 * of.n} columns"
    page = layout(words, f"{alt_of(of)} {news}".strip(), _axes(of), height=height, annotations=_names(of, news))
    page["uirevision"] = "kernel-matrix"
    page["margin"] = {"l": 50, "r": 8, "t": 44, "b": 34}
    return assembled(styles, traces, page)


def matrix_figure(
    solution: Solution, x: Array, y: Array, alpha: Array | None = None, height: int = HEIGHT
) -> go.Figure:
    """The kernel matrix of points on the line, with what an optimum uses of it.

    Rows are points, columns the ramps (x - x_k)+ and (x_k - x)+. Beside it stands v, below it K'v in units of the band,
    the optimal weights, and those that the tangent kernel gives the same ramps. What is in use is lit.

    Parameters
    ----------
    solution : an optimum of these points with one input, from `cv.solve`.
    x, y : (n,) inputs and targets, in any order.
    alpha : (n,) coefficients of a function of the tangent kernel, such as `cv.least_norm(X, y, loss, beta).alpha` or
        `dual_coef_` of a `cv.TangentKernelRidge`; None leaves it out.
    height : pixels.

    Raises ValueError where a neuron of the network has its kink at no data point, and so no column.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 4.
    """
    return on_white(matrix_spec(Columns.of(solution, x, y, alpha), height=height))


def alt_of(of: Columns) -> str:
    """The figure in words."""
    return (
        f"Matrix with {of.n} rows, of which {int(of.rows_lit.sum())} are lit, and {2 * of.n} columns, of which "
        f"{int(of.columns_lit.sum())} have a weight; below it K transposed v within its band, touching it there, the "
        f"weights, and those of the tangent kernel, on {int(of.columns_moved.sum())} columns."
    )


def _traces(of: Columns) -> Traces:
    places, gain = of.places, kernel_matrix(of.x).T @ of.v / of.band
    across = np.array([0.5, 2 * of.n + 1.5])
    width, v = _bars(np.arange(1.0, of.n + 1.0), of.v)
    at_w, w = _bars(places, of.w)
    at_dense, dense = _bars(places, np.zeros(0) if of.dense is None else of.dense)
    right = of.neurons < of.n
    return [
        {"uid": "matrix", "x0": 1, "dx": 1, "y0": 1, "dy": 1} | _cells(of),
        {"uid": "v", "x": v, "y": width},
        {"uid": "band-low", "x": across, "y": np.array([-1.0, -1.0])},
        {"uid": "band-high", "x": across, "y": np.array([1.0, 1.0])},
        {"uid": "gain", "x": places, "y": gain},
        {
            "uid": "touching",
            "x": places[of.neurons],
            "y": gain[of.neurons],
            "customdata": np.arange(len(of.neurons)),
            "marker": {"symbol": np.where(right, "triangle-right", "triangle-left").tolist()},
        },
        {"uid": "w", "x": at_w, "y": w},
        {"uid": "dense", "x": at_dense, "y": dense},
    ]


def _cells(of: Columns) -> Trace:
    """Colours z (n, 2n + 1) with an empty column between the halves, and the entries themselves."""
    K = kernel_matrix(of.x)
    kind = of.rows_lit[:, None] + 2 * of.columns_lit[None, :]
    share = 0.999 * K / (K.max(initial=0.0) or 1.0)
    z = np.where((kind == 0) & (K == 0), np.nan, kind + share)
    gap = np.full((of.n, 1), np.nan)
    halves = [np.hstack([part[:, : of.n], gap, part[:, of.n :]]).astype(np.float32) for part in (z, K)]
    return {"z": halves[0], "customdata": halves[1]}


def _shades() -> Colorscale:
    """Of four kinds of cells one after the other, each from its palest to its strongest."""
    scale: list[list[float | str]] = []
    for kind, (colour, least, most) in enumerate(SHADES):
        scale += [[kind / 4, faded(colour, least)], [(kind + 0.9999) / 4, faded(colour, most)]]
    scale[-1][0] = 1.0
    return scale


def _bars(places: Array, heights: Array) -> tuple[Array, Array]:
    """Outlines of bars of width 0.7 around `places` (k,), nothing where a height is zero, with gaps between them."""
    places = places[: len(heights)][heights != 0]
    heights = heights[heights != 0]
    zero, gap = np.zeros(len(heights)), np.full(len(heights), np.nan)
    sides = np.column_stack([places - 0.35, places - 0.35, places + 0.35, places + 0.35, gap])
    return sides.ravel(), np.column_stack([zero, heights, heights, zero, gap]).ravel()


def _axes(of: Columns) -> Layout:
    rows, columns = (np.arange(1, of.n + 1, -(-of.n // most)) for most in (ROW_NAMES, COLUMN_NAMES))
    edge = "1" if of.constrained else "β"
    across: Axis = {
        "range": [0.3, 2 * of.n + 1.7],
        "domain": ACROSS,
        "anchor": "y4",
        "showgrid": False,
        "zeroline": False,
        "tickvals": [float(k) for k in (*columns, *(of.n + 1 + columns))],
        "ticktext": [f"{k}" for k in (*columns, *columns)],
        "title": {"text": "k, the point at which the ramp switches on"},
    }
    down: Axis = {
        "range": [of.n + 0.5, 0.5],
        "domain": MATRIX,
        "showgrid": False,
        "zeroline": False,
        "tickvals": [float(i) for i in rows],
        "ticktext": [_row_name(of, int(i) - 1) for i in rows],
        "title": {"text": "point"},
    }
    proof: Axis = {"range": [-1.4, 1.4], "tickvals": [-1.0, 0.0, 1.0], "ticktext": [f"−{edge}", "0", edge]}
    return {
        "xaxis": across,
        "xaxis2": _measured(of.v, ASIDE) | {"anchor": "y"},
        "yaxis": down,
        "yaxis2": proof | {"domain": PROOF, "title": {"text": "Kᵀv"}},
        "yaxis3": _measured(of.w, SPARSE) | {"title": {"text": "w"}},
        "yaxis4": _measured(of.columns_moved[:0] if of.dense is None else of.dense, DENSE) | {"title": {"text": "Kᵀα"}},
    }


def _measured(values: Array, domain: list[float]) -> Axis:
    """An axis for bars of both signs, with the largest size and zero for numbers."""
    most = float(np.abs(values).max(initial=0.0)) or 1.0
    named = _digits(most)
    return {
        "range": [-TALLEST * most, TALLEST * most],
        "domain": domain,
        "tickvals": [-most, 0.0, most],
        "ticktext": [f"−{named}", "0", named],
        "zeroline": True,
    }


def _digits(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.3g}"


def _row_name(of: Columns, i: int) -> str:
    place = f"{of.x[i]:.2f}".replace("-", "−")
    if not of.classes:
        return place
    colour, sign = (FIT, "+") if of.y[i] > 0 else (OTHER_CLASS, "−")
    return f"{place} <span style='color:{colour}'><b>{sign}</b></span>"


def _names(of: Columns, news: str) -> list[Annotation]:
    """Words above the two halves of the matrix, above v, and above the panels below."""
    edge = "1" if of.constrained else "β"
    used, moved, every = int(of.columns_lit.sum()), int(of.columns_moved.sum()), 2 * of.n
    l2 = f"ℓ₂, tangent kernel: {moved} of {every} columns" if of.dense is not None else "ℓ₂: no tangent kernel here"
    over: Annotation = {"yref": "paper", "y": 1.0, "yanchor": "bottom", "showarrow": False, "font": {"size": 11}}
    below: Annotation = over | {"xref": "paper", "x": 0.0, "xanchor": "left"}
    middle: Annotation = over | {"xref": "x", "xanchor": "center"}
    return [
        middle | {"x": (of.n + 1) / 2, "text": "▸ (x − x<sub>k</sub>)<sub>+</sub>"},
        middle | {"x": of.n + 1 + (of.n + 1) / 2, "text": "◂ (x<sub>k</sub> − x)<sub>+</sub>"},
        over | {"xref": "paper", "x": sum(ASIDE) / 2, "xanchor": "center", "text": "v"},
        below | {"y": PROOF[1], "text": f"the proof: |Kᵀv| ≤ {edge} in every column"},
        below | {"y": SPARSE[1], "text": f"ℓ₁: {used} of {every}{f'. {news}' if news else ' columns'}"},
        below | {"y": DENSE[1], "text": l2},
    ]
