"""Figures of the race: objectives against iterations, kinks on their way to the optimal ones, lines in the dual map.

Heights of the curves are objectives on a logarithmic axis: runs cannot go below the certified bound, which is the
shaded part, and those that arrive end at the optimum. Each of the other two has an `*_update` with what a film changes.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence

import numpy as np
import PIL.Image
import plotly.graph_objects as go

from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.rivals.descent import Run
from convexviz.core.solution import Solution

from ..dates import dated
from ..parts import Spec, Traces, assembled, band_of, keyed, shown_name
from ..plane import dual_map_spec
from ..plane.tools import View, on_white, spaced
from ..spec import Dash, Layout, Picture, Trace
from ..theme import BAND, COMPARISON, DUAL, FIT, NEURON, OVERLAY, layout

LANE_COLOURS = {"narrow": OVERLAY, "wide": COMPARISON}
LANE_DASHES: dict[str, Dash] = {"narrow": "dash", "wide": "solid"}
CURVE_POINTS = 120  # of a curve, close together at first as the axis is
START = 0.7  # where iteration 0 stands on a logarithmic axis
TALLEST = 1e3  # times the optimum: higher starts say nothing
BELOW = 0.82  # times the bound: the end of the axis
CURSOR = "cursor"  # uid of the line that a film moves
LIGHT = 1e-3  # of the heaviest: neurons with less weight are not drawn one by one
POWERS = (1, 10, 100, 1000)
LEADS = (1.0, 2.0, 5.0)  # of the numbers on a logarithmic axis
FINE_LEADS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # on a short one
FEW = 3  # numbers that an axis has at least


# ---------------------------------------------------------------- objectives against iterations


def curves_spec(runs: Sequence[tuple[str, str, Run]], chosen: str, optimum: Solution, most: int, height: int) -> Spec:
    """Objective of every run, given with its lane ("narrow" or "wide") and name; `chosen` is drawn bold.

    `optimum` must be above zero, `most` is the last iteration of the longest run.
    """
    best, bound = optimum.objective, optimum.lower_bound
    ends = np.array([START, max(most, 2) * 1.3])
    shaded: Trace = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    level: Trace = {"mode": "lines", "line": {"color": NEURON, "width": 2, "dash": "dot"}}
    cursor: Trace = {"mode": "lines", "line": {"color": FIT, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    styles: Traces = [
        shaded,
        shaded | {"fill": "tonexty", "fillcolor": BAND, "name": "impossible"},
        level | {"name": "optimum", "hovertemplate": f"certified optimum {best:.5g}<extra></extra>"},
        *(_curve_style(lane, name, name == chosen) for lane, name, _ in runs),
        cursor,
    ]
    curves = [_curve(run) for _, _, run in runs]
    top = _top([heights for _, heights in curves], best)
    floor = BELOW * (min(bound, best) if bound > 0 else best)
    drawn: Traces = [{"x": at, "y": heights} for at, heights in curves]
    traces: Traces = [
        {"x": ends, "y": np.full(2, floor)},
        {"x": ends, "y": np.full(2, max(bound, floor))},
        {"x": ends, "y": np.full(2, best)},
        *drawn,
        {"uid": CURSOR, "x": np.array([]), "y": np.array([floor, top])},
    ]
    ticks = [(START, "0"), *((float(p), f"{p}") for p in POWERS if p <= ends[1])]
    levels = _levels(floor, top)
    axes: Layout = {
        "xaxis": {
            "type": "log",
            "range": np.log10(ends).tolist(),
            "tickvals": [at for at, _ in ticks],
            "ticktext": [word for _, word in ticks],
            "title": {"text": "iterations"},
            "zeroline": False,
        },
        "yaxis": {
            "type": "log",
            "range": [float(np.log10(floor)), float(np.log10(top))],
            "tickvals": levels,
            "ticktext": [f"{value:g}" for value in levels],
            "title": {"text": "objective"},
            "zeroline": False,
        },
    }
    lines = [
        (OVERLAY, "╍", "narrow"),
        (COMPARISON, "━", "wide"),
        (FIT, "━", "bold"),
        (NEURON, "┄", "optimum"),
        (DUAL, "▒", "impossible"),
    ]
    alt = (
        "The objective of each run against its iterations, and the certified optimum; in the shaded part below it "
        "no network can be."
    )
    page = layout(keyed("Objectives", *lines), alt, axes, height=height, uirevision=f"race-{most}")
    return assembled(styles, traces, page)


def training_figure(runs: Mapping[str, Run], optimum: Solution, bold: str = "", height: int = 250) -> go.Figure:
    """The objective of runs of gradient descent against their iterations, above the certified optimum.

    Both axes are logarithmic. In the shaded part, below the lower bound that is proved, no network can be.

    Parameters
    ----------
    runs : from `cv.train`, each by a name that begins with "narrow" or "wide", which chooses its colour and dash.
    optimum : from `cv.solve` on the same problem; its objective must be above zero, on a logarithmic axis.
    bold : the name of the run to draw bold, "" for none.
    height : pixels.

    Raises ValueError for a name of neither kind, and for an optimum of zero.
    """
    lanes = [(name.partition("-")[0], name, run) for name, run in runs.items()]
    if unknown := [name for lane, name, _ in lanes if lane not in LANE_COLOURS]:
        raise ValueError(
            f"Names of runs must begin with narrow or wide, got {unknown[0]!r}; call it 'wide-{unknown[0]}'."
        )
    if optimum.objective <= 0:
        raise ValueError(f"The optimum must be above zero on a logarithmic axis, got {optimum.objective}; add noise.")
    longest = max((len(run.objectives) - 1 for run in runs.values()), default=1)
    return on_white(curves_spec(lanes, bold, optimum, longest, height))


def cursor_update(iteration: int) -> Traces:
    """What a frame changes in `curves_spec`: where its cursor stands.

    It does not follow the page's own round, since another film on the page counts something else.
    """
    at = max(float(iteration), START)
    return [{"uid": CURSOR, "x": [at, at]}]


def _curve_style(lane: str, name: str, bold: bool) -> Trace:
    colour = FIT if bold else LANE_COLOURS[lane]
    words = name.replace("-", " ")
    return {
        "mode": "lines",
        "name": words,
        "line": {"color": colour, "width": 3 if bold else 1.8, "dash": LANE_DASHES[lane]},
        "hovertemplate": f"{words}<br>iteration %{{x:.0f}}<br>objective %{{y:.5g}}<extra></extra>",
    }


def _curve(run: Run) -> tuple[Array, Array]:
    """Places and heights of some of the iterations: all at first, then as many as the axis has room for."""
    last = len(run.objectives) - 1
    at = np.unique(np.concatenate([[0], np.geomspace(1, max(last, 1), CURVE_POINTS).round()]).astype(int))
    at = at[at <= last]
    return np.maximum(at, START), run.objectives[at]


def _top(curves: Sequence[Array], best: float) -> float:
    """The end of the axis: the highest start, within reason."""
    highest = max((float(heights.max()) for heights in curves), default=2.0 * best)
    return 1.15 * float(np.clip(highest, 1.2 * best, TALLEST * best))


def _levels(low: float, high: float) -> list[float]:
    """Round numbers on a logarithmic axis; plotly's own ticks of one come in two sizes."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    coarse, fine = ([float(f"{x}e{p}") for p in powers for x in leads] for leads in (LEADS, FINE_LEADS))
    seen = [value for value in coarse if low <= value <= high]
    return seen if len(seen) >= FEW else [value for value in fine if low <= value <= high]


# ---------------------------------------------------------------- on the line: kinks


def kinks_spec(
    optimum: ReLUNetwork, network: ReLUNetwork, loose: ReLUNetwork, view: View, height: int, name: str = "x"
) -> Spec:
    """Kinks and weights of a run's joined neurons over those of the optimum, and below each neuron's own kink.

    `network` has the joined neurons, `loose` all of them; all on the line. `view` is the board's window,
    `name` that of the input.
    """
    reach = 1.25 * float(np.abs(optimum.w).max(initial=1e-9))
    styles: Traces = [
        {
            "mode": "markers",
            "marker": {"color": "rgba(0,0,0,0)", "size": 13, "line": {"width": 2, "color": NEURON}},
            "hovertemplate": "optimal neuron<br>kink %{x:.4g}<br>weight %{y:.4g}<extra></extra>",
        },
        {"mode": "lines", "line": {"color": FIT, "width": 1.5}, "hoverinfo": "skip"},
        {
            "mode": "markers",
            "marker": {"color": FIT, "size": 8},
            "hovertemplate": "kink %{x:.4g}<br>weight %{y:.4g}<extra>this run</extra>",
        },
        {
            "mode": "markers",
            "marker": {"color": FIT, "size": 9, "symbol": "line-ns-open", "opacity": 0.7},
            "hovertemplate": "one neuron<br>kink %{x:.4g}<extra>this run</extra>",
        },
    ]
    traces: Traces = [_marks(optimum), *kinks_update(network, loose, reach)]
    title = keyed("Neurons: kinks and weights", (FIT, "▸", "this run"), (NEURON, "▹", "optimum"))
    axes: Layout = {
        "xaxis": {
            "range": list(view[0]),
            "title": {"text": "kink" if name == "x" else f"kink ({shown_name(name)})"},
            "zeroline": False,
        },
        "yaxis": {"range": [-1.35 * reach, reach], "title": {"text": "weight"}, "zeroline": True},
    }
    alt = "Kinks and weights of the neurons of a run, with those of the optimum; strokes below are single neurons."
    return dated(
        assembled(styles, traces, layout(title, alt, axes, height=height, uirevision="kinks")), name, told=False
    )


def kinks_figure(optimum: Solution, run: Run, view: View, height: int = 220) -> go.Figure:
    """Kinks and weights of the neurons that a run of gradient descent ends with, over those of the optimum.

    On the line. Neurons that no data point tells apart are joined; the strokes below are the single ones.

    Parameters
    ----------
    optimum, run : from `cv.solve` and `cv.train` on the same points with one input.
    view : limits of x, and of y.
    height : pixels.
    """
    return on_white(kinks_spec(optimum.network, run.merged, run.network, view, height))


def kinks_update(network: ReLUNetwork, loose: ReLUNetwork, reach: float) -> Traces:
    """What a frame changes in `kinks_spec`, whose weights reach to `reach`."""
    ends = np.clip(network.w, -reach, reach)
    stems: Trace = {
        "uid": "stems",
        "x": np.repeat(network.kinks(), 3),
        "y": np.column_stack([np.zeros(len(ends)), ends, np.full(len(ends), np.nan)]).ravel(),
    }
    own = heavy(loose).kinks()
    single: Trace = {"uid": "single", "x": own, "y": np.full(len(own), -1.2 * reach)}
    return [stems, {"uid": "kinks"} | _marks(network, reach), single]


def kinks_reach(optimum: ReLUNetwork) -> float:
    """The greatest weight that `kinks_spec` shows; heavier ones stand at the edge."""
    return 1.25 * float(np.abs(optimum.w).max(initial=1e-9))


def _marks(network: ReLUNetwork, reach: float = np.inf) -> Trace:
    side = np.where(network.U[:, 0] > 0, "triangle-right", "triangle-left").tolist()
    return {"x": network.kinks(), "y": np.clip(network.w, -reach, reach), "marker": {"symbol": side}}


def heavy(network: ReLUNetwork) -> ReLUNetwork:
    """The neurons that have some weight."""
    keep = np.abs(network.w) > LIGHT * np.abs(network.w).max(initial=0.0)
    return ReLUNetwork(network.U[keep], network.b[keep], network.w[keep], network.c)


# ---------------------------------------------------------------- in the plane: the dual map


def places_spec(optimum: Solution, X: Array, loose: ReLUNetwork, window: View, height: int) -> Spec:
    """The map of the optimum's dual function over all lines, its neurons, and those of a run, for X (n, 2).

    The map is a picture behind the axes: a film that moves the dots need not draw it again.
    """
    spec = dual_map_spec(window, height, float(np.linalg.norm(X - np.mean(window, axis=1), axis=1).max(initial=0)) or 1)
    meta = spec["data"][0]["meta"]
    angles, offsets = spaced(meta["angles"]), spaced(meta["offsets"])
    values = _dual_on(X - meta["centre"], optimum.v / band_of(optimum), angles, offsets)
    (left, right), (low, high) = meta["angles"][:2], meta["offsets"][:2]
    place: Picture = {"xref": "x", "yref": "y", "x": left, "y": high, "sizex": right - left, "sizey": high - low}
    behind: Picture = {
        "source": _picture(values),
        "sizing": "stretch",
        "layer": "below",
        "xanchor": "left",
        "yanchor": "top",
    }
    angle, offset = _places(optimum.network, np.array(meta["centre"]))
    marks: Trace = {
        "type": "scatter",
        "mode": "markers",
        "x": angle,
        "y": offset,
        "marker": {"color": "rgba(0,0,0,0)", "size": 13, "symbol": "diamond", "line": {"width": 2, "color": NEURON}},
        "hovertemplate": "angle %{x:.0f}°, offset %{y:.3g}<extra>optimal neuron</extra>",
    }
    dots: Trace = {
        "type": "scatter",
        "mode": "markers",
        "marker": {"color": FIT, "size": 6, "opacity": 0.75},
        "hovertemplate": "angle %{x:.0f}°, offset %{y:.3g}<extra>neuron of this run</extra>",
    }
    spec["data"] = [marks, dots | places_update(loose, window)[0]]
    key = [(FIT, "●", "this run"), (NEURON, "◇", "optimum"), (DUAL, "▒", "N up to β"), (COMPARISON, "▒", "down to −β")]
    spec["layout"] |= {
        "title": spec["layout"]["title"] | {"text": keyed("Neurons among all lines", *key)},
        "images": [place | behind],
        "uirevision": "places",
        "meta": {
            "alt": "Angles and offsets of the neurons of a run over the map of the optimum's dual function, "
            "which touches plus or minus beta at the optimal neurons."
        },
    }
    return spec


def places_figure(optimum: Solution, X: Array, run: Run, view: View, height: int = 220) -> go.Figure:
    """The neurons of a run of gradient descent among all lines of the plane, over the optimum's dual function.

    Across the angle of a neuron's direction in degrees, upwards the offset of its break line from the window's middle.

    Parameters
    ----------
    optimum, run : from `cv.solve` and `cv.train` on the same points in the plane.
    X : (n, 2) the points.
    view : limits of x1, and of x2.
    height : pixels.
    """
    return on_white(places_spec(optimum, np.asarray(X, float), run.network, view, height))


def places_update(loose: ReLUNetwork, window: View) -> Traces:
    """What a frame changes in `places_spec`."""
    angle, offset = _places(heavy(loose), np.mean(window, axis=1))
    return [{"uid": "run", "x": angle, "y": offset}]


def _places(network: ReLUNetwork, centre: Array) -> tuple[Array, Array]:
    return np.rad2deg(np.arctan2(network.U[:, 1], network.U[:, 0])), -(network.b + network.U @ centre)


def _dual_on(points: Array, v: Array, angles: Array, offsets: Array) -> Array:
    """N_v in units of beta, (offsets, angles), for `points` (n, 2) seen from the centre."""
    turn = np.deg2rad(angles)
    along = np.column_stack([np.cos(turn), np.sin(turn)]) @ points.T
    return np.array([np.maximum(along - t, 0.0) @ v for t in offsets], dtype=np.float32)


def _picture(values: Array) -> str:
    """N_v / beta, rows from low to high, as an image: DUAL above zero, COMPARISON below, clear where it is zero."""
    rgba = np.zeros((*values.shape, 4), np.uint8)
    for colour, there in ((DUAL, values > 0), (COMPARISON, values <= 0)):
        rgba[there, :3] = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    rgba[..., 3] = np.round(255 * np.clip(np.abs(values), 0.0, 1.0))
    file = io.BytesIO()
    PIL.Image.fromarray(rgba[::-1]).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
