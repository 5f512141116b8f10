"""A dual vector v in the hand: N_v over all kinks against its band, and the bound that v proves beside a network.

With sum v = 0, N_v(u, t) = sum_i v_i (u (x_i - t))_+ is what a ramp with its kink at t would gain that rises to the
side u. Where it stays within the band for all ramps, g(v) bounds every network from below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from convexviz.core.dual.certificate import NEGLIGIBLE
from convexviz.core.losses import get_loss
from convexviz.core.network import Array
from convexviz.core.solution import relative_gap

from .board.canvas import area, dots, listed, stroke
from .inks import INK, PAPER, inked
from .parts import Range, Spec, assembled, band_ticks
from .plane.tools import on_white
from .spec import Axis, Layout, Legend, Traces
from .theme import DUAL, FIT, NEURON, layout

ROUNDING = 1e-9  # relative: what a sum of few products may be off
TOUCHES = 1e-6  # of the band: nearer to its end a ramp touches it
ROOM = 1.75  # of the band to the picture, doubled until N_v fits
MOST_DOUBLED = 3
BAND = 0.16  # opacity of the band
VIOLATION = "#D1242F"  # as the page's: what leaves the band
BY_HAND, CLOSED = 0.01, 1e-6  # relative gaps at which a hand has met the optimum, and at which an answer is certified
SIDES = ((1, "triangle-right", "rises to the right, u = 1"), (-1, "triangle-left", "rises to the left, u = −1"))
FEW = 5  # numbers that a line of text holds
BELOW: Legend = {"orientation": "h", "x": 0.0, "y": -0.2, "yanchor": "top"}


@dataclass(frozen=True, eq=False)
class DualHand:
    """Points x, y and v (n,), the loss, and half the width of the band."""

    x: Array
    y: Array
    v: Array
    loss: str
    band: float

    def gain(self, u: int, t: Array) -> Array:
        """N_v of the ramps that rise to the side u, with their kinks at t (k,)."""
        gained: Array = np.maximum(u * (self.x - t[:, None]), 0.0) @ self.v
        return gained

    @property
    def balanced(self) -> bool:
        """Whether sum v = 0: else the ramps far away leave the band."""
        return bool(abs(self.v.sum()) <= ROUNDING * np.abs(self.v).sum())

    @property
    def in_domain(self) -> bool:
        """Whether g(v) is finite."""
        inside = get_loss(self.loss).into_domain(self.v, self.y)
        return bool(np.allclose(inside, self.v, rtol=0.0, atol=ROUNDING))

    @property
    def most(self) -> float:
        """The largest |N_v| of a ramp with its kink at the data."""
        knots = np.unique(self.x)
        return float(np.abs([self.gain(u, knots) for u, *_ in SIDES]).max(initial=0.0))

    @property
    def feasible(self) -> bool:
        """Whether v proves anything."""
        return self.balanced and self.in_domain and self.most <= self.band * (1 + ROUNDING)

    @property
    def g(self) -> float:
        """The formula of the bound, which is one where v is feasible."""
        return get_loss(self.loss).dual_value(self.v, self.y)

    def gap(self, upper: float) -> float:
        """The relative gap to the objective of a network, for a v that is feasible."""
        return relative_gap(upper, self.g, NEGLIGIBLE * get_loss(self.loss).baseline(self.y))


# ---------------------------------------------------------------- N_v against its band


def band_spec(hand: DualHand, span: Range, height: int = 300) -> Spec:
    """N_v of both sides over the kinks in `span`, the band, and a triangle for each ramp with its kink at the data."""
    knots = np.unique(hand.x)
    t = np.unique(np.concatenate([span, knots]))
    left, right = span
    b = hand.band
    outline = np.array([[left, -b], [left, b], [right, b], [right, -b], [left, -b]])
    gap = [np.nan, np.nan]
    edges = np.array([[left, b], [right, b], gap, [left, -b], [right, -b]])
    traces: Traces = [area(outline, "the band", DUAL, BAND), stroke(edges, "", DUAL, 1.5)]
    for u, _, words in SIDES:
        line = np.column_stack([t, hand.gain(u, t)])
        traces.append(stroke(line, words, DUAL, 2.5, "solid" if u > 0 else "dash"))
        traces.append(stroke(outside(line, b), "", VIOLATION, 4.5, "solid" if u > 0 else "dash"))
    for u, symbol, _ in SIDES:
        named = {trace["name"] for trace in traces}
        ramps = _ramps(hand, u, symbol, knots[:-1] if u > 0 else knots[1:])
        traces += [ramp | {"name": "" if ramp["name"] in named else ramp["name"]} for ramp in ramps]
    room = ROOM * b
    for _ in range(MOST_DOUBLED):
        room *= 2 if room < hand.most else 1
    ticks: Axis = {"tickvals": [-b, 0.0, b], "ticktext": band_ticks(hand.loss)}
    axes: Layout = {
        "xaxis": {"range": list(span), "title": {"text": "kink t of the ramp"}, "zeroline": False},
        "yaxis": {"range": [-room, room], "title": {"text": "N<sub>v</sub>"}, "zeroline": True} | ticks,
    }
    title = (
        f"N<sub>v</sub>: what a ramp would gain, for every place of its kink<br>{_small(told(hand) + verdict(hand))}"
    )
    alt = f"N_v over the kinks of all ramps, against its band. {verdict(hand)}"
    return _page(traces, title, alt, axes, height)


def outside(line: Array, band: float) -> Array:
    """The pieces of a line (k, 2) beyond the band, with gaps where it is inside."""
    for level in (band, -band):
        (x0, f0), (x1, f1) = line[:-1].T, line[1:].T
        crossed = (f0 - level) * (f1 - level) < 0
        share = (level - f0[crossed]) / (f1 - f0)[crossed]
        at = x0[crossed] + share * (x1 - x0)[crossed]
        line = np.vstack([line, np.column_stack([at, np.full(len(at), level)])])
        line = line[np.argsort(line[:, 0], kind="stable")]
    middle = (line[1:, 1] + line[:-1, 1]) / 2
    pieces = line[:-1][np.abs(middle) > band], line[1:][np.abs(middle) > band]
    return np.stack([*pieces, np.full_like(pieces[0], np.nan)], axis=1).reshape(-1, 2)


def _ramps(hand: DualHand, u: int, symbol: str, knots: Array) -> Traces:
    """A triangle at each ramp: filled where it touches the band, red where it leaves it, else hollow."""
    values = hand.gain(u, knots)
    share = np.abs(values) / hand.band
    leaves, touches = share > 1 + ROUNDING, np.abs(share - 1) <= TOUCHES
    looks = (
        ("", PAPER, ~leaves & ~touches, DUAL),
        ("touches the band", NEURON, touches & ~leaves, PAPER),
        ("leaves the band", VIOLATION, leaves, PAPER),
    )
    made: Traces = []
    for name, color, chosen, edge in looks:
        if chosen.any():
            trace = dots(np.column_stack([knots, values])[chosen], name, color, symbol, 12)
            trace["marker"]["line"] = {"color": edge, "width": 1.5}
            made.append(trace | {"hoverinfo": "all", "hovertemplate": "kink at %{x:.4g}<br>%{y:.4g}<extra></extra>"})
    return made


def told(hand: DualHand) -> str:
    """v in numbers, where they are few."""
    return f"v = ({', '.join(map(_number, hand.v))}). " if len(hand.v) <= FEW else ""


def verdict(hand: DualHand) -> str:
    """Whether v proves anything, and why."""
    end = "1" if get_loss(hand.loss).constrained else f"β = {hand.band:.4g}"
    if hand.feasible:
        return f"✓ feasible: no ramp gains more than {end}, so g(v) bounds every network from below."
    if not hand.balanced:
        return f"✗ infeasible: Σv = {_number(hand.v.sum())}, not 0, so ramps far away leave the band."
    if not hand.in_domain:
        return "✗ infeasible: a number lies outside of its box, where g(v) = −∞."
    return "✗ infeasible: N<sub>v</sub> leaves the band, so the bound is void."


# ---------------------------------------------------------------- the two bounds


def bounds_spec(hand: DualHand, upper: float, own: float | None, top: float, height: int = 200) -> Spec:
    """Two bars from the ends of [0, top] that meet at the optimum: g(v), and the best objective so far.

    `own` is the objective of the network that belongs to v, None where there is none; infinite values are not drawn.
    """
    g = hand.g if hand.in_domain else 0.0
    void = "" if hand.feasible else ", void: it proves nothing"
    low = _bar(0.0, min(max(g, 0.0), top))
    traces: Traces = []
    if hand.in_domain:
        name = f"lower bound g(v) = {_number(g)}{void}"
        traces.append(area(low, name, NEURON, 1.0) if hand.feasible else stroke(low, name, VIOLATION, 2, "dash"))
    if np.isfinite(upper):
        traces.append(area(_bar(min(upper, top), top), f"best network so far: {_number(upper)}", FIT, 1.0))
    if own is not None and np.isfinite(own) and own > upper:
        traces.append(stroke(np.array([[own, 0.0], [own, 1.0]]), f"the network of this v: {_number(own)}", INK, 2))
    axes: Layout = {
        "xaxis": {"range": [0.0, top], "title": {"text": "objective"}, "zeroline": False},
        "yaxis": {"range": [-0.7, 1.7], "visible": False},
    }
    words = gap_words(hand, upper)
    alt = f"The lower bound that v proves and the objective of the best network so far, as bars. {words}"
    return _page(traces, f"The two bounds<br>{_small(words)}", alt, axes, height)


def gap_words(hand: DualHand, upper: float) -> str:
    """How far the bounds are apart."""
    if not hand.feasible:
        return "No bound: v is not feasible."
    if not np.isfinite(upper):
        return "No network so far."
    apart, share = max(0.0, upper - hand.g), hand.gap(upper)
    if share <= CLOSED:
        return "✓ They met: no network of any width is better by more than 0.0001 %. This v is the proof."
    size = f"{_number(apart)} apart, {100 * share:.3g} %"
    return f"✓ Met within 1 %: {size}." if share <= BY_HAND else f"{size}: the optimum lies in between."


def _bar(start: float, end: float) -> Array:
    return np.array([[start, 0.0], [start, 1.0], [end, 1.0], [end, 0.0], [start, 0.0]])


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _small(words: str) -> str:
    return f"<span style='font-size:12px'>{words}</span>"


def _page(traces: Traces, title: str, alt: str, axes: Layout, height: int) -> Spec:
    page = layout(title, alt, axes, height=height, showlegend=True, legend=BELOW)
    page["margin"] = {"l": 50, "r": 14, "t": 56, "b": 48}
    return inked(assembled([{} for _ in traces], listed(traces), page))


def band_figure(hand: DualHand, span: Range, height: int = 300) -> go.Figure:
    """The dual function of a v that need not be optimal: N_v over the kinks of all ramps, against its band.

    Where it leaves the band it is red, and v proves nothing; triangles are the ramps with their kink at the data.

    Parameters
    ----------
    hand : points, v, loss and band.
    span : limits of the kinks.
    height : pixels.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    return on_white(band_spec(hand, span, height))


def bounds_figure(hand: DualHand, upper: float, own: float | None, top: float, height: int = 200) -> go.Figure:
    """What a v proves, g(v), as a bar from below, and the objective of the best network so far as one from above.

    Parameters
    ----------
    hand : points, v, loss and band.
    upper, own : objectives of the best network so far, and of the one that belongs to v or None; inf is not drawn.
    top : the end of the axis.
    height : pixels.
    """
    return on_white(bounds_spec(hand, upper, own, top, height))
