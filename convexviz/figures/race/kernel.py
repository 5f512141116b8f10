"""Figures of the tangent kernel beside the optimal network: what each predicts, and where they differ.

On the line one figure, the difference f_network - f_kernel below the two functions; in the plane three maps. All ranges
are given, so that nothing moves but the kernel when its regularisation does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.rivals.kernels import TangentKernelRidge
from convexviz.core.solution import Solution

from ..dates import dated
from ..geometry.tools import slide
from ..parts import Range, Spec, Traces, assembled, keyed, shown_name, told_name
from ..plane.tools import (
    NEUTRAL,
    POINT_EDGE,
    View,
    class_groups,
    diverging,
    faded,
    grid,
    is_classes,
    line_in_window,
)
from ..spec import Axis, Colorbar, Layout, Marker, Trace
from ..theme import COMPARISON, FIT, NEURON, OVERLAY, layout

LINE_HOVER = "%{x:.3g}<br>%{y:.4g}<extra>%{fullData.name}</extra>"
CODES = 254  # a map is sent as whole numbers 0..CODES, a byte each: finer than the eye tells colours apart
LINES = 40  # break lines drawn at most, the strongest
UPPER, LOWER = [0.4, 1.0], [0.0, 0.28]  # panels, as shares of the height
ACROSS, CELLS = 401, 61  # positions on the line, and along each side of a map
STEPS = 8  # between the level lines of a map


# ---------------------------------------------------------------- the line


def line_spec(
    x: Array,
    network: Array,
    kernel: Array | None,
    gap: Array | None,
    kinks: Array,
    points: tuple[Array, Array],
    ranges: tuple[Range, Range, float],
    height: int = 380,
    name: str = "x",
) -> Spec:
    """Network and kernel (k,) at x (k,), their difference `gap` (k,), and where that is greatest within the points.

    `kinks` are positions of the network's neurons, `points` the data (n,), (n,); `ranges` the limits of x, of both
    functions, and the reach of the difference. Without a kernel (None, and no gap) the network
    stands alone. `name` is that of the input.
    """
    across, up, reach = ranges
    kinks = np.unique(kinks[(kinks >= across[0]) & (kinks <= across[1])])
    none = np.array([])
    at = None if gap is None else most_apart(x, gap, points[0])
    line: Trace = {"mode": "lines", "hovertemplate": f"{told_name(name)} = {LINE_HOVER}"}
    dots: Trace = {"mode": "markers", "hoverinfo": "skip"}
    mark: Trace = {"mode": "lines", "line": {"color": OVERLAY, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip"}
    kink: Marker = {"color": NEURON, "size": 9, "symbol": "diamond", "line": {"width": 1, "color": "white"}}
    star: Marker = {"color": OVERLAY, "size": 11, "symbol": "star"}
    lower: Trace = {"yaxis": "y2"}
    styles: Traces = [
        mark,
        mark | lower,
        dots | {"name": "points", "marker": {"color": "var(--st-gray-color)", "size": 7}},
        line | {"name": "optimal network", "line": {"color": FIT, "width": 2.5}},
        line | {"name": "tangent kernel", "line": {"color": COMPARISON, "width": 2.5, "dash": "dash"}},
        dots | {"name": "kinks", "marker": kink},
        line | lower | {"name": "difference", "line": {"color": OVERLAY, "width": 2}, "fill": "tozeroy"},
        dots | lower | {"name": "kinks below", "marker": kink | {"size": 7}},
        dots | lower | {"name": "most apart", "marker": star},
    ]
    styles[6]["fillcolor"] = faded(OVERLAY, 0.2)
    place = none if at is None else x[[at, at]]
    traces: Traces = [
        {"x": place, "y": np.array(up)},
        {"x": place, "y": np.array([-reach, reach])},
        {"x": points[0], "y": points[1]},
        {"x": x, "y": network},
        {"x": none if kernel is None else x, "y": none if kernel is None else kernel},
        {"x": kinks, "y": np.interp(kinks, x, network)},
        {"x": none if gap is None else x, "y": none if gap is None else gap},
        {"x": kinks, "y": np.zeros(len(kinks))},
        {"x": place[:1], "y": none if at is None or gap is None else gap[[at]]},
    ]
    axes: Layout = {
        "xaxis": {"range": list(across), "anchor": "y2", "title": {"text": shown_name(name)}, "zeroline": False},
        "yaxis": {"range": list(up), "domain": UPPER, "title": {"text": "f(x)"}, "zeroline": False},
        "yaxis2": {"range": [-reach, reach], "domain": LOWER, "title": {"text": "difference"}, "nticks": 4},
    }
    title = keyed("Two functions", (FIT, "━", "network"), (COMPARISON, "╍", "kernel"), (OVERLAY, "★", "most apart"))
    alt = "The optimal network with its kinks, the prediction of the tangent kernel, and their difference."
    return dated(assembled(styles, traces, layout(title, alt, axes, height=height, uirevision="kernel")), name)


def kernel_figure(
    solution: Solution,
    kernel: TangentKernelRidge | None,
    x: Array,
    y: Array,
    across: Range,
    up: Range,
    reach: float,
    height: int = 380,
) -> go.Figure:
    """The optimal network on the line beside the prediction of the tangent kernel, and their difference below.

    Of classes, values are compared as far as +-1, where both are sure. The star is where the two differ most within
    the data, diamonds are the network's kinks.

    Parameters
    ----------
    solution, kernel : from `cv.solve`, and a fitted `cv.TangentKernelRidge` or None.
    x, y : (n,) inputs and targets or labels.
    across, up : limits of x, and of both functions.
    reach : the difference is drawn from -reach to reach.
    height : pixels.

    Jacot, Gabriel & Hongler (2018), Neural Tangent Kernel.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    at = np.union1d(np.linspace(*across, ACROSS), x)
    f = solution.network.predict(at[:, None])
    values = None if kernel is None else kernel.predict(at[:, None])
    most = 1.0 if is_classes(solution) else np.inf
    gap = None if values is None else np.clip(f, -most, most) - np.clip(values, -most, most)
    kinks = solution.network.kinks()
    return slide(line_spec(at, f, values, gap, kinks, (x, y), (across, up, reach), height))


def most_apart(x: Array, gap: Array, data: Array) -> int | None:
    """Index of the position within the data at which |gap| (k,) is greatest; None where there is none."""
    if not len(data):
        return None
    inside = (x >= data.min()) & (x <= data.max())
    return int(np.argmax(np.where(inside, np.abs(gap), -1.0))) if inside.any() else None


# ---------------------------------------------------------------- the plane


def map_spec(
    title: str,
    alt: str,
    z: Array,
    view: View,
    ends: Range,
    network: ReLUNetwork | None,
    points: tuple[Array, Array],
    classes: bool,
    height: int = 300,
    star: Array | None = None,
    names: tuple[str, str] = ("x₁", "x₂"),
) -> Spec:
    """Values z on an even grid of the window as colours between `ends`, with level lines.

    Over it the break lines of `network`, if one is given, the points (n, 2), (n,), and a star at `star` (2,).
    """
    rows, columns = z.shape
    start, size = (int(codes_of(np.array([0.0]), ends)[0]), 1.0) if classes else (0.0, CODES / STEPS)
    styles: Traces = [
        {
            "type": "contour",
            "name": "map",
            "contours": {
                "coloring": "heatmap",
                "start": start,
                "end": start if classes else CODES,
                "size": size,
            },
            "line": {"color": POINT_EDGE if classes else "rgba(32, 32, 32, 0.3)", "width": 2 if classes else 0.7},
            "zmin": 0,
            "zmax": CODES,
            "colorscale": diverging(),
            "colorbar": _bar(ends),
            "hoverinfo": "skip",
        },
        {"mode": "lines", "name": "break lines", "hoverinfo": "skip", "line": {"color": NEURON, "width": 1.6}},
        *_point_styles(points[1], classes, ends),
        {
            "mode": "markers",
            "name": "most apart",
            "hoverinfo": "skip",
            "marker": {"symbol": "star", "size": 13, "color": OVERLAY, "line": {"width": 1, "color": POINT_EDGE}},
        },
    ]
    traces: Traces = [
        {"x": np.linspace(*view[0], columns), "y": np.linspace(*view[1], rows)} | map_update(z, ends),
        lines_update(network, view),
        *_point_traces(points, classes),
        {"x": np.array([]), "y": np.array([])} if star is None else {"x": star[[0]], "y": star[[1]]},
    ]
    plain: Axis = {"zeroline": False, "showgrid": False}
    axes: Layout = {
        "xaxis": {"range": list(view[0]), "title": {"text": shown_name(names[0])}, "constrain": "domain"} | plain,
        "yaxis": {
            "range": list(view[1]),
            "title": {"text": shown_name(names[1])},
            "scaleanchor": "x",
            "constrain": "domain",
        }
        | plain,
    }
    page = layout(title, alt, axes, height=height, uirevision="map")
    return dated(assembled(styles, traces, page), *names)


def map_figure(
    predict: Callable[[Array], Array],
    X: Array,
    y: Array,
    view: View,
    ends: Range,
    *,
    classes: bool = False,
    network: ReLUNetwork | None = None,
    difference: bool = False,
    title: str = "",
    cells: int = CELLS,
    height: int = 300,
) -> go.Figure:
    """A function over the plane as colours with level lines; of classes with the line where it is zero.

    Values are drawn in 255 steps from one end to the other, finer than the eye tells colours apart; what lies beyond
    has the colour of the end.

    Parameters
    ----------
    predict : values (k,) at points (k, 2), such as `network.predict`.
    X, y : (n, 2) the points, (n,) their targets or labels.
    view : limits of x1, and of x2.
    ends : values of the first and the last colour.
    classes : whether y are labels.
    network : whose break lines are drawn.
    difference : whether `predict` is one of two functions: its points are grey, and a star stands where it is farthest
        from zero within the data's box.
    title : over the map.
    cells : places along each side of the grid, its `height` in pixels.
    """
    X, y = np.asarray(X, float), np.asarray(y, float)
    a, b = np.meshgrid(*grid(view, cells))
    at = np.column_stack([a.ravel(), b.ravel()])
    z = np.asarray(predict(at), float)
    star = at[_farthest(X, at, z)] if difference else None
    words, alt = map_title(title, network is not None, difference), f"{title or 'A function'} over the plane."
    spec = map_spec(words, alt, z.reshape(cells, cells), view, ends, network, (X, y), classes, height, star)
    return slide(plain_points(spec) if difference else spec)


def _farthest(X: Array, at: Array, z: Array) -> int:
    """Index of the place of `at` (k, 2) with the greatest |z| (k,) within the box around X."""
    inside = ((at >= X.min(axis=0)) & (at <= X.max(axis=0))).all(axis=1)
    return int(np.argmax(np.where(inside | ~inside.any(), np.abs(z), -1.0)))


def map_update(z: Array, ends: Range) -> Trace:
    """What other values change in the map of `map_spec`."""
    return {"uid": "map", "z": codes_of(z, ends)}


def lines_update(network: ReLUNetwork | None, view: View) -> Trace:
    """What another network changes in the break lines of `map_spec`: the strongest, one after the other."""
    if network is None:
        return {"uid": "breaks", "x": np.array([]), "y": np.array([])}
    strong = np.argsort(-np.abs(network.w), kind="stable")[:LINES]
    ends = [line_in_window(network.U[j], -float(network.b[j]), view) for j in strong]
    gap = np.full((1, 2), np.nan)
    drawn = np.vstack([np.empty((0, 2)), *(part for one in ends if len(one) for part in (one, gap))])
    return {"uid": "breaks", "x": drawn[:, 0], "y": drawn[:, 1]}


def codes_of(z: Array, ends: Range) -> np.ndarray:
    """Values as whole numbers from 0 (`ends[0]` and below) to CODES (`ends[1]` and above), a byte each."""
    low, high = ends
    return np.rint(CODES * np.clip((z - low) / (high - low), 0.0, 1.0)).astype(np.uint8)


def _bar(ends: Range) -> Colorbar:
    ticks = np.linspace(*ends, 3)
    words = [f"{value:.2g}".replace("-", "−") for value in ticks]
    at = (CODES * (ticks - ends[0]) / (ends[1] - ends[0])).tolist()
    return {"thickness": 8, "outlinewidth": 0, "xpad": 4, "ypad": 0, "tickvals": at, "ticktext": words}


def _point_styles(y: Array, classes: bool, ends: Range) -> Traces:
    edge: Marker = {"size": 7, "line": {"width": 1, "color": "white" if classes else POINT_EDGE}}
    if classes:
        return [
            {"mode": "markers", "name": name, "hoverinfo": "skip", "marker": edge | {"color": colour, "symbol": symbol}}
            for _, colour, symbol, name in class_groups(y)
        ]
    marker: Marker = edge | {"cmin": ends[0], "cmax": ends[1], "colorscale": diverging()}
    return [{"mode": "markers", "name": "points", "hoverinfo": "skip", "marker": marker}]


def _point_traces(points: tuple[Array, Array], classes: bool) -> Traces:
    X, y = points
    if classes:
        return [{"x": X[members, 0], "y": X[members, 1]} for members, *_ in class_groups(y)]
    return [{"x": X[:, 0], "y": X[:, 1], "marker": {"color": y}}]


def plain_points(spec: Spec, names: Sequence[str] = ("points", "class +1", "class −1")) -> Spec:
    """The spec with small grey points: where colours stand for differences, those of targets would mislead."""
    for trace in spec["data"]:
        if trace.get("name") in names:
            shape = trace["marker"].get("symbol", "circle")
            trace["marker"] = {"color": NEUTRAL, "size": 5, "symbol": shape, "line": {"width": 1, "color": POINT_EDGE}}
    return spec


def map_title(words: str, lines: bool, star: bool = False) -> str:
    """A title that says what the lines and the star are."""
    keys = ([(NEURON, "━", "break lines")] if lines else []) + ([(OVERLAY, "★", "most apart")] if star else [])
    return keyed(words, *keys)
