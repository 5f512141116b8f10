"""Two samples: the sets E, Q, C of sample space and the polar C^o as curves; see `convexviz.figures.geometry`."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull

from convexviz.core.network import Array
from convexviz.core.sample_space.polar import Contact
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

from ..parts import Spec, assembled
from ..plane.tools import View, line_in_window
from ..spec import Curve, Layout, Mark, Traces
from ..theme import COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY, layout
from .tools import (
    arrow,
    chained,
    curve,
    curve_trace,
    limits_of,
    mark,
    mark_trace,
    on_edge,
    polar_of_hull,
    square_axes,
)

POINTS = 361  # of every curve: one a degree
HEAD = 0.06  # length of an arrow's head, of the reach
CONTACT = 9.0  # px, half the size of the disc at y / gauge, which shows around a neuron's diamond


# ---------------------------------------------------------------- sample space


def set_curves(ellipsoid: RectifiedEllipsoid, k: int = POINTS) -> list[Curve]:
    """The sets of two samples, from below: C, -Q, E, Q, spikes. They do not depend on the target."""
    q = ellipsoid.boundary(k).points
    spikes = chained(list(ellipsoid.spikes(k).curves), 2)
    return [
        curve("c", "C, hull of ±Q", ellipsoid.hull_boundary(k).points, NEURON, fill=0.1),
        curve("minus-q", "−Q", -q, FIT, opacity=0.35),
        curve("e", "ellipsoid E", ellipsoid.ellipsoid(k).points, COMPARISON, dash="dash"),
        curve("q", "Q, rectified E", q, FIT, width=2.5),
        curve("spikes", "spikes", spikes, OVERLAY, width=4.5),
    ]


def target_curves(y: Array, contact: Contact | None, window: View) -> list[Curve]:
    """The supporting line {q : v . q = 1} within the window, and the ray from the origin to y."""
    support = np.empty((0, 2)) if contact is None else line_in_window(contact.v, 1.0, window)
    return [
        curve("support", "line v·q = 1", support, DUAL),
        curve("ray", "target y", np.array([np.zeros(2), y]), OTHER_CLASS, dash="dot", width=1.5),
    ]


def sample_space_curves(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, window: View, k: int = POINTS
) -> list[Curve]:
    """Seven curves for the board of sample space: C, -Q, E, Q, spikes, supporting line, ray to y (2,).

    `contact` is None where there is none: y = 0, or y off the span of C. `window` is what the board may show.
    """
    return set_curves(ellipsoid, k) + target_curves(np.asarray(y, float), contact, window)


def sample_space_marks(contact: Contact | None) -> list[Mark]:
    """y / gauge on the boundary of C, and where the neurons that carry it touch: points of Q, or of -Q if w < 0.

    A neuron that carries y alone stands where y / gauge does: its diamond is the smaller one and lies above the disc.
    """
    if contact is None:
        return []
    touching = [
        mark(f"neuron-{j}", "neurons in use", q, NEURON, "diamond", 5.0, f"neuron {j + 1} carries {abs(w):.0%}")
        for j, (q, w) in enumerate(zip(contact.q, contact.w, strict=True))
    ]
    return [mark("contact", "y / gauge", contact.point, OTHER_CLASS, "circle", CONTACT), *touching]


def sample_space_spec(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, title: str, height: int
) -> Spec:
    """Sample space of two samples: the curves of the board, then y, the neurons and y / gauge."""
    *curves, _ = sample_space_curves(ellipsoid, y, contact, limits_of(reach))
    ray = curve("ray", "target y", arrow(np.zeros(2), np.asarray(y, float), HEAD * reach), OTHER_CLASS)
    marks = sample_space_marks(contact)
    traces = [
        *map(curve_trace, [*curves, ray]),
        mark_trace("y / gauge", marks[:1], OTHER_CLASS, "circle", CONTACT),
        mark_trace("neurons", marks[1:], NEURON, "diamond", 5.0),
    ]
    alt = "Ellipsoid, rectified ellipsoid and their hull in the plane of the two samples' values, with the target."
    axes = square_axes(reach, "value at sample 1", "value at sample 2")
    page = layout(title, alt, axes, height=height) | {"uirevision": "sample space"}
    return assembled([{} for _ in traces], traces, page)


# ---------------------------------------------------------------- the polar set


def polar_corners(ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, k: int) -> Array:
    """Points (m, n) of the boundary of C^o cut to |v_k| <= reach, its corners among them.

    The supporting hyperplanes of C at points of its boundary enclose C^o; the corners of what they enclose, drawn back
    onto C^o, are exact where C has facets.
    """
    q = ellipsoid.hull_boundary(k).points
    if contact is not None:  # so that the boundary drawn passes through v
        q = np.concatenate([q, contact.q, -contact.q])
    corners = polar_of_hull(q, reach)
    height = np.maximum(ellipsoid.support(corners), ellipsoid.support(-corners))
    cut = on_edge(corners, reach).any(axis=1, keepdims=True)
    return np.where(cut, corners, corners / np.maximum(height, 1.0)[:, None])


def polar_curves(
    ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, k: int = POINTS
) -> tuple[list[Curve], bool]:
    """C^o, its boundary, and the line {v : y . v = gauge} that touches it at v; and whether C^o was cut off."""
    corners = polar_corners(ellipsoid, contact, reach, k)
    ring = ConvexHull(corners).vertices
    polygon = corners[np.append(ring, ring[0])]
    edges = on_edge(polygon, reach)
    hidden = (edges[1:] & edges[:-1]).any(axis=1)  # along the window, where C^o goes on
    outline = chained([polygon[i : i + 2] for i in np.flatnonzero(~hidden)], 2) if hidden.any() else polygon
    touching = np.empty((0, 2)) if contact is None else line_in_window(contact.point, 1.0, limits_of(reach))
    curves = [
        curve("polar-fill", "polar C°", polygon, DUAL, width=0.0, fill=0.14),
        curve("polar", "boundary of the polar C°", outline, DUAL, width=2.5),
        curve("touching", "y·v = gauge", touching, OTHER_CLASS),
    ]
    return curves, bool(hidden.any())


def polar_marks(contact: Contact | None) -> list[Mark]:
    """v, where y . v is largest over the polar set."""
    return [] if contact is None else [mark("v", "v", contact.v, DUAL, "square")]


def polar_spec(
    ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int
) -> tuple[Traces, bool, Layout]:
    """Traces, whether the polar was cut off, and the page but for its title."""
    curves, cut = polar_curves(ellipsoid, contact, reach)
    traces = [*map(curve_trace, curves), mark_trace("v", polar_marks(contact), DUAL, "square")]
    return traces, cut, square_axes(reach, "v at sample 1", "v at sample 2") | {"height": height}
