"""The pieces of the lesson on geometry: samples, sample space, polar set, and what they say.

All of it is one fragment: a drag of a sample moves every set, a drag of the target only what touches.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import convexviz as cv
from convexviz.app.components import badge, board, chart
from convexviz.app.contracts import Certificate, Parcels
from convexviz.app.course import guide
from convexviz.app.lessons.geometry import view_state
from convexviz.app.lessons.geometry.view_state import (
    INPUTS,
    SAMPLES_KEY,
    TARGET_KEY,
    TARGETS,
    ViewState,
    present,
    reach,
)
from convexviz.app.shell.errors import guard
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.core.solution import TOLERANCE
from convexviz.figures import geometry as figures
from convexviz.figures.parts import Spec
from convexviz.geometry import Gauge

BOARD, SPACE, POLAR, BADGE = "geometry-board", "geometry-space", "geometry-polar", "geometry-badge"
SOLID = "geometry-solid"  # with the key of the board in its place, the browser would keep that and add to it
SAMPLES_HEIGHT, POLAR_HEIGHT = 230, 300  # so that the proof too is on the first screen of a laptop
SPACE_HEIGHT, SOLID_HEIGHT = 245, 230  # of two samples, and of three, which have sliders below
NAMES = ("x₁", "x₂", "x₃")
TOGGLES = {"c": "hull", "spikes": "spikes", "minus-q": "mirror", "support": "plane"}  # curves that settings hide
SLIGHT = 1e-3  # spikes that no eye sees; samples read from a link are rounded
MOST_POLAR = 5.0  # times the nearest point of the polar's boundary: farther out it is cut off


def lesson() -> None:
    """Samples and what is said of them; beside them sample space and polar set, with the certificate below."""
    lesson_fragment()


@st.fragment
def lesson_fragment() -> None:
    """What a gesture reruns."""
    with guard():
        now = present()
        parcels = guide.parcels(now.settings, Points(now.X, now.y))
        data, pictures = st.columns([28, 72], gap="medium")
        with data:
            with st.container(key="board", gap="xxsmall"):
                st.markdown("**Samples**, the rows of X: *drag one*")
                _samples(now, parcels)
            with st.container(key="verdict"):
                st.markdown(verdict(now))
                st.markdown(carried(now))
        with pictures:
            space, polar = st.columns(2, gap="small")
            with space, st.container(key="space", gap="xxsmall"):
                st.markdown(f"**Sample space**: {'*look here first*, drag y' if now.n == 2 else '*look here first*'}")
                _space(now, parcels)
            with polar, st.container(key="figure", gap="xxsmall"):
                st.markdown("**Polar set**: all feasible v, *the proof*")
                chart.mount(POLAR, {"polar": _polar(now)})
            with st.container(key="certificate"):
                badge.mount(BADGE, _proved(now, certificate(now)))


def _samples(now: ViewState, parcels: Parcels) -> None:
    """The board with the samples as arrows."""
    board.mount(
        BOARD,
        SAMPLES_KEY,
        mode="plane-points",
        view=INPUTS,
        answer={"arrows": True, "names": list(NAMES[: now.n]), "status": "certified"},
        axes=("feature 1", "feature 2"),
        height=SAMPLES_HEIGHT,
        parcels=parcels,
        equal=True,
        fixed=True,
        tools=False,
    )


def _space(now: ViewState, parcels: Parcels) -> None:
    """Two samples: a board on which the target is dragged. Three: a figure in space, and sliders."""
    size = float(np.linalg.norm(now.X, axis=1).max())
    needed = max(size, float(np.abs(now.y).max()))
    frame = reach(now, "space", needed)
    if now.n == 2:
        view = board.View(x=(-frame, frame), y=(-frame, frame))
        window = ((-2 * frame, 2 * frame), (-2 * frame, 2 * frame))  # the board shows more than its view
        curves = figures.sample_space_curves(now.body, now.y, now.contact, window)
        board.mount(
            SPACE,
            TARGET_KEY,
            mode="plane-points",
            view=view,
            answer={
                "curves": [curve for curve in curves if _wanted(now, curve["id"])],
                "marks": figures.sample_space_marks(now.contact),
                "names": ["y"],
                "status": "certified",
            },
            axes=("sample 1", "sample 2"),
            height=SPACE_HEIGHT,
            parcels=parcels,
            equal=True,
            fixed=True,
            tools=False,
            name="space",
        )
        return
    chart.mount(SOLID, {"space": figures.sample_space_spec(now.body, now.y, now.contact, frame, SOLID_HEIGHT)})
    for k, column in enumerate(st.columns(3)):
        _slider(now, k, column)


def _slider(now: ViewState, k: int, column: DeltaGenerator) -> None:
    """One coordinate of the target of three samples."""
    key = f"target-{k + 1}"
    low, high = min(TARGETS[0], float(now.y[k])), max(TARGETS[1], float(now.y[k]))
    if key not in st.session_state or st.session_state[key] != now.y[k]:
        st.session_state[key] = float(now.y[k])
    column.slider(
        f"y{'₁₂₃'[k]}",
        low,
        high,
        step=0.05,
        key=key,
        on_change=_moved,
        args=(k, key),
    )


def _moved(k: int, key: str) -> None:
    view_state.set_target(k, st.session_state[key])


def _wanted(now: ViewState, name: str) -> bool:
    return name not in TOGGLES or getattr(now.settings, TOGGLES[name])


def _polar(now: ViewState) -> Spec:
    axes = np.eye(now.n)
    nearest = 1.0 / max(float(now.body.support(np.vstack([axes, -axes])).max()), 1e-9)
    beyond = 0.0 if now.contact is None else float(np.abs(now.contact.v).max())
    needed = float(np.clip(beyond, 2.0 * nearest, MOST_POLAR * nearest))
    return figures.polar_spec(now.body, now.contact, reach(now, "polar", needed), POLAR_HEIGHT)


def certificate(now: ViewState) -> Certificate:
    """The gauge as the badge shows it: the least sum of |w| over networks with f(X) = y."""
    found = now.gauge
    if found.network is None:
        return {"status": "error" if unsolved(found) else "infeasible", "message": found.reason}
    proved = found.gap <= TOLERANCE
    least = "The gauge of y: no network without biases that answers y, of any width, has a smaller Σ|w|."
    return {
        "status": "certified" if proved else "upper-bound",
        "message": least if proved else "A network that answers y; one of smaller Σ|w| may exist.",
        "objective": found.value,
        "lower_bound": found.lower,
        "gap": found.gap,
        "neurons": found.network.width,
        "method": "polar set, exact",
        "loss": "interpolate",
    }


def unsolved(found: Gauge) -> bool:
    """Whether no network was found although nothing proves that there is none."""
    return found.network is None and found.lower < 0


def _proved(now: ViewState, shown: Certificate) -> Certificate:
    """With the gauge for the browser to prove: without biases and with beta 1 it is what `interpolate` minimises."""
    found = now.gauge
    if now.live:
        return shown | {"proof": badge.LATER}
    if found.network is None:
        return shown
    bounds = found.value, found.lower
    made = badge.proof_of(now.X, now.y, found.network, found.v, "interpolate", 1.0, bounds, bias=False)
    return shown if made is None else shown | {"proof": made}


def verdict(now: ViewState) -> str:
    """Whether the data are spike-free, and why, in words."""
    found = now.spike_free
    if found.verdict:
        return (
            "**Spike-free.** No answer (Xu)₊ of a neuron leaves the ellipsoid E, so Q is the part of E that has no "
            f"negative coordinate. {_why(now)}"
        )
    if found.witness is None:
        return "**Not spike-free.**"
    u, q = _numbers(found.witness), _numbers(np.maximum(now.X @ found.witness, 0.0))
    if -SLIGHT < found.margin < 0:
        out = f"{-100 * found.margin:.2g} %"
        return f"**Spike-free but for {out}**: by so much of its length (Xu)₊ = ({q}) sticks out of E."
    if np.isinf(found.margin):
        return (
            f"**Not spike-free.** The neuron u = ({u}) answers (Xu)₊ = ({q}), which is Xu′ for no u′ at all: it leaves "
            f"the range of X, a {'line' if now.body.rank == 1 else 'plane'} through the origin."
        )
    return (
        f"**Not spike-free.** The neuron u = ({u}) answers (Xu)₊ = ({q}). Without the ReLU that takes a u′ of length "
        f"{1 - found.margin:.2f}: it sticks out of E, a **spike**."
    )


def _numbers(values: Array) -> str:
    """Numbers for a sentence, with the minus sign of print."""
    return ", ".join(f"{value:.2f}" for value in values).replace("-", "−")


def _why(now: ViewState) -> str:
    G = now.X @ now.X.T
    if not G.any():
        return "All samples lie at the origin: E is a point."
    if now.body.rank == 1:
        return "The samples lie on one ray: E is a segment, and the ReLU keeps one half of it."
    off = G - np.diag(np.diag(G))
    if np.abs(off).max() <= 1e-6 * np.abs(G).max():
        return "The samples are orthogonal: E has its axes along the axes of sample space."
    if now.n == 2 and off.max() > 0:
        return "The angle between the samples is acute: the ReLU cuts E off at the axes and adds nothing outside."
    return ""


def carried(now: ViewState) -> str:
    """Which neurons carry the target, and what they cost."""
    if now.gauge.network is None:
        return ("" if unsolved(now.gauge) else "No network takes these values: ") + now.gauge.reason
    if now.contact is None:
        return "The target is zero: no neuron is needed."
    net: cv.ReLUNetwork = now.gauge.network
    neurons = "; ".join(
        f"weight {w:+.2f}".replace("-", "−") + f" at u = ({_numbers(u)})" for u, w in zip(net.U, net.w, strict=True)
    )
    count = "one neuron carries" if net.width == 1 else f"{net.width} neurons carry"
    support = "line" if now.n == 2 else "plane"
    return (
        f"**The target costs Σ|w| = {now.gauge.value:.3f}**: {count} it ({neurons}). Divided by this, y lies on the "
        f"edge of C, where the supporting {support} touches {_touched(net.w)}."
    )


def _touched(w: Array) -> str:
    """What the supporting line touches: the answers of the neurons of weights w, on Q or on its mirror image."""
    if len(w) == 1:
        return "the answer of this neuron" if w[0] > 0 else "the mirrored answer of this neuron, in −Q"
    return "the answers of these neurons" + ("" if (w > 0).all() else ", mirrored where the weight is negative")
