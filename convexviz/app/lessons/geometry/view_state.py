"""The view state of the geometry: samples and target on the boards, the sets they make, and what touches.

Samples are arrows on one board. Two samples have their target on a second one, sample space itself; the target of three
is a point of space, moved by sliders.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.components import board
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.app.shell import link, state
from convexviz.core.errors import SolveError
from convexviz.core.network import Array
from convexviz.core.sample_space.polar import contact_of
from convexviz.data.samples import SAMPLES
from convexviz.geometry import Contact, Gauge, RectifiedEllipsoid, SpikeFree

SAMPLES_KEY, TARGET_KEY, THIRD = "geometry-samples", "geometry-target", "geometry-third"
ORIGIN, STAMP = "geometry-origin", "geometry-stamp"
REACH = "geometry-reach"  # session key of the frames, which hold still while there is room
INPUTS = board.View(x=(-1.6, 1.6), y=(-1.6, 1.6))
TARGETS = (-2.0, 2.0)  # where the sliders of three targets end
ROOM = 1.2  # of what is shown, to its frame
LOOSE = 0.4  # share of a frame that the sets must fill, or the frame is drawn closer


@dataclass(frozen=True, eq=False)
class ViewState:
    """Samples X (n, 2), target y (n,), and what follows from them."""

    settings: GeometrySettings
    X: Array
    y: Array
    live: bool

    @property
    def n(self) -> int:
        return len(self.y)

    @cached_property
    def body(self) -> RectifiedEllipsoid:
        return RectifiedEllipsoid(self.X)

    @cached_property
    def gauge(self) -> Gauge:
        """The gauge of y; where samples all but coincide it may not be found, and says so."""
        try:
            return self.body.gauge(self.y)
        except SolveError as error:
            zero = np.zeros(self.n)
            return Gauge(np.inf, None, zero, -np.inf, np.inf, zero, str(error))

    @cached_property
    def contact(self) -> Contact | None:
        """What touches at the scaled target; None where there is no network, or nothing to reach."""
        if self.gauge.network is None or not self.gauge.network.width:
            return None
        return contact_of(self.X, self.y, self.gauge)

    @cached_property
    def spike_free(self) -> SpikeFree:
        return self.body.spike_free()


def present() -> ViewState:
    """The samples and the target as they stand."""
    settings: GeometrySettings = state.current().settings
    prepare(settings, state.link_loads())
    samples, target = board.current(SAMPLES_KEY), board.current(TARGET_KEY)
    y = target.points[0] if len(samples) == 2 else np.append(target.points[0], st.session_state[THIRD])
    return ViewState(settings, samples.points, y, samples.live or target.live)


def prepare(settings: GeometrySettings, loads: int) -> None:
    """Put the samples and the target that the settings name on the boards, unless they are there or drawn over."""
    origin = settings.dataset, settings.points, loads
    if st.session_state.get(ORIGIN) == origin:
        return
    X, y = named(settings)
    put(X, y)
    st.session_state[ORIGIN], st.session_state[STAMP] = origin, _stamp()
    st.session_state.pop(REACH, None)


def put(X: Array, y: Array) -> None:
    """Replace samples (n, 2) and target (n,) on the boards."""
    board.put(SAMPLES_KEY, X)
    board.put(TARGET_KEY, y[None, :2])
    st.session_state[THIRD] = float(y[2]) if len(y) == 3 else 0.0


def named(settings: GeometrySettings) -> tuple[Array, Array]:
    """Samples and target of a link or a preset."""
    if settings.points:
        X, y, _ = link.text_to_plane(settings.points)
        return X, y
    made = SAMPLES[settings.dataset]
    return made.X, made.y


def edited() -> bool:
    """Whether samples or target differ from what the settings name."""
    return st.session_state.get(STAMP) != _stamp()


def _stamp() -> tuple[Any, ...]:
    samples, target = board.current(SAMPLES_KEY), board.current(TARGET_KEY)
    return samples.gen, samples.rev, target.gen, target.rev, st.session_state.get(THIRD)


def as_link(settings: GeometrySettings) -> str:
    """The drawn samples and target as text for a link."""
    if not edited():
        return settings.points
    now = present()
    reach = 1.0 + float(np.abs(now.y).max())
    return link.plane_to_text(now.X, now.y, (*INPUTS.x, *INPUTS.y, -reach, reach))


def reach(now: ViewState, name: str, needed: float) -> float:
    """Half the width of a picture's frame: it holds still while what is shown fits and fills it, or the hand moves."""
    frames: dict[str, float] = st.session_state.setdefault(REACH, {})
    held = frames.get(f"{name}-{now.n}")
    if held is None or (not now.live and not LOOSE * held <= needed <= held):
        held = frames[f"{name}-{now.n}"] = board.view.nice_limits(np.array([-needed, needed]) * ROOM, 0.0)[1]
    return held


def shown_reach(now: ViewState, name: str) -> float:
    """The frame that a picture has on the page; 2 before it was drawn."""
    frames: dict[str, float] = st.session_state.get(REACH, {})
    return float(frames.get(f"{name}-{now.n}", 2.0))


def set_target(index: int, value: float) -> None:
    """Move one coordinate of the target."""
    y = present().y.copy()
    y[index] = value
    board.put(TARGET_KEY, y[None, :2])
    if len(y) == 3:
        st.session_state[THIRD] = float(y[2])
