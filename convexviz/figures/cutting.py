"""Figures of the lesson on cutting planes: bounds against rounds, fit against target, the dual function on a circle.

The circle is u(t) = u cos t + w sin t through a neuron's direction u, drawn for the best and the worst offset of every
angle: N_v(u, b) = sum_i v_i (u . x_i + b)_+ must stay within +-beta. Beyond the plane N_v cannot be drawn whole.
Each figure has an `*_update` with what a film changes in it from round to round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from convexviz.core.dual.slices import Slice, dual_slice, second_direction
from convexviz.core.ladder.missed import Missed
from convexviz.core.losses import get_loss
from convexviz.core.network import Array
from convexviz.core.solution import Solution

from .parts import Range, Spec, Traces, assembled, band_of, keyed
from .plane.curves import MOST_OF_N, RoundLike, bounds_spec
from .plane.tools import by_size, class_groups, on_white
from .spec import Layout, Marker, Trace, Update
from .theme import BAND, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY, layout

TURNS = [-180, -90, 0, 90, 180]
REACHES = (1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 300.0, 1000.0)  # so that the axis rests from round to round
AIR = 0.08  # of an axis, beyond what it shows
ANGLES = 181  # of a circle: every other degree
EXCEEDS = 1e-3  # of the band: what is missed by less is the gap of the run, no neuron worth showing
FARTHEST = 3.0  # margins beyond it are cut off: the target is one


# ---------------------------------------------------------------- bounds


def rounds_spec(history: Sequence[RoundLike], height: int, band: float, exact: bool, best: float | None = None) -> Spec:
    """`bounds_spec` for any oracle: without a proof there is no lower bound, and its |N| is no maximum M(v).

    `best` is the optimum if it is known from elsewhere, and worth showing beside the bounds.
    """
    spec = bounds_spec(history, height, band)
    lines = [(FIT, "━", "network held")]
    if any(np.isfinite(r.lower) for r in history):
        lines.append((DUAL, "╍", "proved from below"))
    if best is not None:
        lines.append((NEURON, "┄", "certified optimum"))
        ends = [0.5, len(history) + 0.5]
        style: Trace = {"type": "scatter", "mode": "lines", "line": {"color": NEURON, "width": 1.5, "dash": "dot"}}
        hover = "certified optimum %{y:.5g}<extra></extra>"
        spec["data"].append(style | {"x": ends, "y": [best, best], "name": "optimum", "hovertemplate": hover})
    spec["layout"]["title"]["text"] = keyed("Bounds", *lines)
    spec["layout"]["uirevision"] = "Bounds"
    if not exact:
        spec["layout"]["yaxis2"]["title"]["text"] = "|N| / β"
        for trace in spec["data"]:
            if trace.get("name") == "lower bound":  # branch and bound proves one in few rounds, and a line needs two
                trace |= {"mode": "lines+markers", "marker": {"color": DUAL, "size": 6}}
            if MOST_OF_N in str(trace.get("hovertemplate")):
                trace["hovertemplate"] = "round %{x}<br>the oracle reports %{y:.4g} β<extra></extra>"
    return spec


def rounds_figure(solution: Solution, best: float | None = None, exact: bool = True, height: int = 260) -> go.Figure:
    """The bounds of a run of cutting planes, round by round, and below them the height of the neuron that was found.

    Parameters
    ----------
    solution : with its `history`, from `cv.solve`.
    best : the certified optimum, if it is known from elsewhere and worth showing.
    exact : whether the oracle finds the highest neuron of all; else its height is only what it reports.
    height : pixels.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 4.
    """
    return on_white(rounds_spec(solution.history, height, band_of(solution), exact, best))


# ---------------------------------------------------------------- the dual function on a circle


def slice_spec(before: Slice | None, after: Slice | None, value: float, band: float, height: int, through: str) -> Spec:
    """N_v in units of beta on the circle through a neuron, `through` in words; dashed before, solid after a round.

    One of the two may be None: then the other is what N_v is now. `value` is N_v of the neuron itself: inside of the
    curve where it has not the best offset of its direction.
    """
    curve: Trace = {"mode": "lines", "hovertemplate": "%{x:.0f}° away<br>N<sub>v</sub> = %{y:.3f} β<extra></extra>"}
    dashed: Trace = curve | {"line": {"color": OVERLAY, "width": 1.5, "dash": "dash"}, "name": "before"}
    solid: Trace = curve | {"line": {"color": DUAL, "width": 2}, "name": "after"}
    flat: Trace = {"mode": "lines", "line": {"color": DUAL, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    mark: Trace = {
        "mode": "markers",
        "marker": {"size": 11, "line": {"width": 1, "color": "white"}},
        "hovertemplate": "the neuron: N<sub>v</sub> = %{y:.3f} β<extra></extra>",
    }
    ends, angles = np.array([-180.0, 180.0]), np.rad2deg(_known(before, after).angles)
    styles = [flat, flat | {"fill": "tonexty", "fillcolor": BAND}, dashed, dashed, solid, solid, mark]
    made = slice_update(before, after, value, band, through)
    around: Trace = {"x": angles}
    middle: Trace = {"x": np.array([0.0])}
    curves: Traces = [around | update for update in made["data"][:4]]
    traces: Traces = [
        {"x": ends, "y": np.array([-1.0, -1.0])},
        {"x": ends, "y": np.array([1.0, 1.0])},
        *curves,
        middle | made["data"][4],
    ]
    axes: Layout = {
        "xaxis": {
            "range": [-180, 180],
            "tickvals": TURNS,
            "ticktext": [f"{turn:d}°".replace("-", "−") for turn in TURNS],
            "title": {"text": "angle away from the neuron"},
            "zeroline": False,
            "showgrid": False,
        },
        "yaxis": {"title": {"text": "N<sub>v</sub> / β"}, "zeroline": True, "showgrid": False}
        | made["layout"]["yaxis"],
    }
    alt = (
        "The dual function on a circle of directions through one neuron, in units of beta, with the band it must keep."
    )
    page = layout(made["layout"]["title"]["text"], alt, axes, height=height, uirevision="slice")
    return assembled(styles, traces, page)


def slice_figure(
    solution: Solution, X: Array, missed: Missed | None = None, bias: bool = True, height: int = 210
) -> go.Figure:
    """The dual function N_v, in units of its band, on the circle of directions through one neuron.

    For each direction the two curves are its highest and lowest value over all biases; without biases they are one.
    The circle runs through the neuron that was missed, if one exceeds the band, else through the heaviest in use.

    Parameters
    ----------
    solution : with its `history`, whose last v is drawn; of a network with at least one neuron, or with one missed.
    X : (n, d) the data, d >= 2.
    missed : what `cv.missed_neuron` found.
    bias : as in training.
    height : pixels.

    Raises ValueError where there is no neuron to draw a circle through.
    """
    X, band = np.asarray(X, float), band_of(solution)
    v = solution.v if not solution.history or solution.history[-1].v is None else solution.history[-1].v
    found = missed is not None and missed.excess > 1 + EXCEEDS
    if found and missed is not None and missed.u is not None:
        u, value = missed.u, missed.sign * missed.value
    elif solution.network.width:
        heaviest = by_size(solution.network)
        u, value = heaviest.U[0], float(np.maximum(X @ heaviest.U[0] + heaviest.b[0], 0.0) @ v)
    else:
        raise ValueError("The network has no neuron to draw a circle through, and none was missed; use a smaller beta.")
    across = np.array([-u[1], u[0]]) if len(u) == 2 else second_direction(X, v, u, bias)
    cut = dual_slice(X, v, u, across, ANGLES, bias)
    before, after = (cut, None) if found else (None, cut)
    through = "the missed neuron" if found else "the heaviest neuron"
    return on_white(slice_spec(before, after, value, band, height, through))


def slice_update(before: Slice | None, after: Slice | None, value: float, band: float, through: str) -> Update:
    """What a round changes in `slice_spec`."""
    curves = [*_curves(before, after, band), *_curves(after, before, band)]
    both = before is not None and after is not None
    shown = [
        (OVERLAY, "╍", "before" if both else "now") if before is not None else None,
        (DUAL, "━", "after" if both else "now") if after is not None else None,
    ]
    reach = _reach(float(np.nanmax(np.abs([*curves, np.full(len(curves[0]), value / band)]))))
    look: Marker = {
        "symbol": "triangle-up" if value > 0 else "triangle-down",
        "color": OVERLAY if before is not None else NEURON,
    }
    names = ("before-upper", "before-lower", "after-upper", "after-lower")
    changed: Traces = [{"uid": name, "y": curve} for name, curve in zip(names, curves, strict=True)]
    return {
        "data": [*changed, {"uid": "neuron", "y": np.array([value / band]), "marker": look}],
        "layout": {
            "title": {"text": keyed(f"N<sub>v</sub> around {through}", *(line for line in shown if line))},
            "yaxis": {"range": [-reach, reach]},
        },
    }


def _known(one: Slice | None, other: Slice | None) -> Slice:
    known = other if one is None else one
    if known is None:
        raise ValueError("A slice needs at least one of `before` and `after`, got None for both; pass one.")
    return known


def _curves(cut: Slice | None, other: Slice | None, band: float) -> list[Array]:
    """Upper and lower curve in units of beta; nothing to be seen of one that is not there."""
    if cut is None:
        return [np.full(len(_known(cut, other).angles), np.nan)] * 2
    return [cut.upper / band, cut.lower / band]


def _reach(most: float) -> float:
    """The first of a few ends of the axis that lies beyond `most`."""
    return next((reach for reach in REACHES if reach >= (1 + AIR) * most), (1 + AIR) * most)


# ---------------------------------------------------------------- fit against target


def fit_spec(y: Array, fits: Sequence[Array], height: int) -> Spec:
    """Values f (n,) against targets y (n,): on the diagonal where they agree. The last of `fits`, room for all."""
    values = np.concatenate([y, *fits])
    low, high = _aired(float(values.min()), float(values.max()))
    diagonal: Trace = {"mode": "lines", "line": {"color": NEURON, "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
    dots: Trace = {
        "mode": "markers",
        "marker": {"color": FIT, "size": 7},
        "hovertemplate": "target %{x:.3g}<br>fit %{y:.3g}<extra></extra>",
    }
    axes: Layout = {
        "xaxis": {"range": [low, high], "title": {"text": "target y"}, "zeroline": False},
        "yaxis": {"range": [low, high], "title": {"text": "network f(x)"}, "zeroline": False},
    }
    alt = "The value of the network at each point against its target; on the diagonal the two agree."
    page = layout(keyed("Fit", (NEURON, "┄", "f(x) = y")), alt, axes, height=height)
    ends = np.array([low, high])
    return assembled([diagonal, dots], [{"x": ends, "y": ends}, {"x": y, **fit_update(fits[-1])[0]}], page)


def fit_update(f: Array) -> Traces:
    """What a round changes in `fit_spec`."""
    return [{"uid": "fit", "y": f}]


def fit_figure(solution: Solution, X: Array, y: Array, height: int = 300) -> go.Figure:
    """How a network fits its points, in any dimension: values against targets, of classes the margins y f(x) in order.

    Parameters
    ----------
    solution : from `cv.solve`; the axes have room for the networks of all its rounds.
    X, y : (n, d) inputs and (n,) targets or labels.
    height : pixels.
    """
    X, y = np.asarray(X, float), np.asarray(y, float)
    rounds = [r.network.predict(X) for r in solution.history if r.network is not None]
    draw = margins_spec if get_loss(solution.loss).classification else fit_spec
    return on_white(draw(y, [*rounds, solution.network.predict(X)], height))


def margins_spec(y: Array, fits: Sequence[Array], height: int) -> Spec:
    """Margins y f of labels y (n,), the points in the order of the last of `fits` (n,): right above 0, safe above 1."""
    order = margin_order(y, fits[-1])
    all_margins = np.clip(np.array([y * f for f in fits]), -FARTHEST, FARTHEST)
    low, high = _aired(min(0.0, float(all_margins.min())), max(1.0, float(all_margins.max())))
    level: Trace = {"mode": "lines", "hoverinfo": "skip"}
    ends = np.array([0.0, len(y) + 1.0])
    styles: Traces = [
        level | {"line": {"color": NEURON, "width": 1, "dash": "dot"}},
        level | {"line": {"color": DUAL, "width": 1}},
    ]
    traces: Traces = [{"x": ends, "y": np.ones(2)}, {"x": ends, "y": np.zeros(2)}]
    for (members, colour, symbol, name), update in zip(
        class_groups(y[order]), margins_update(y, fits[-1], order), strict=True
    ):
        styles.append(
            {
                "mode": "markers",
                "name": name,
                "marker": {"color": colour, "symbol": symbol, "size": 7},
                "hovertemplate": f"{name}<br>y f(x) = %{{y:.3g}}<extra></extra>",
            }
        )
        place: Trace = {"x": np.flatnonzero(members) + 1.0}
        traces.append(place | update)
    axes: Layout = {
        "xaxis": {"range": ends.tolist(), "title": {"text": "points, by margin"}, "zeroline": False, "showgrid": False},
        "yaxis": {"range": [low, high], "title": {"text": "margin y f(x)"}, "zeroline": False},
    }
    title = keyed("Margins", (FIT, "●", "+1"), (OTHER_CLASS, "■", "−1"))
    alt = (
        "The margin of each point, in increasing order: below zero it is on the wrong side, above one it costs nothing."
    )
    return assembled(styles, traces, layout(title, alt, axes, height=height))


def margins_update(y: Array, f: Array, order: np.ndarray) -> Traces:
    """What a round changes in `margins_spec`, whose points stand in `order`."""
    margins = np.clip((y * f)[order], -FARTHEST, FARTHEST)
    return [{"uid": name, "y": margins[members]} for members, _, _, name in class_groups(y[order])]


def margin_order(y: Array, f: Array) -> np.ndarray:
    """The order in which `margins_spec` shows points whose last fit is f."""
    return np.argsort(y * f, kind="stable")


def _aired(low: float, high: float) -> Range:
    air = AIR * ((high - low) or 1.0)
    return low - air, high + air
