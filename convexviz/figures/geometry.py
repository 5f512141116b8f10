"""Figures of convex geometry: E, Q, C and a target in sample space, the polar C^o, neurons as extreme points.

E = {Xu : ||u|| <= 1}, Q = {(Xu)_+ : ||u|| <= 1}, C = Conv(Q u -Q). y / gauge(y) lies on the boundary of C, where
{q : v . q = 1} supports it; v lies on the boundary of C^o, where {v : y . v = gauge(y)} supports that. Ergen & Pilanci
(2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.

For two samples the sets are curves, which the board draws too (`sample_space_curves`, `sample_space_marks`); for three
they are surfaces. Each figure has a fixed list of traces for either number, and axes that the caller fixes (`reach`),
so that nothing flickers or rescales under a moving hand. `contact` is None where a target has none (y = 0, or no
network takes these values). Colours: E COMPARISON, Q FIT, its spikes OVERLAY, C and neurons NEURON, y OTHER_CLASS, v
and C^o DUAL.
"""

from __future__ import annotations

import plotly.graph_objects as go

from convexviz.core.network import Array
from convexviz.core.sample_space.polar import Contact
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

from . import geometry_2d, geometry_3d
from .geometry_2d import sample_space_curves, sample_space_marks, set_curves, target_curves
from .geometry_extreme import extreme_point_curves, extreme_point_figure, extreme_point_marks
from .geometry_tools import slide
from .parts import Spec, assembled, keyed
from .theme import COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY, layout

__all__ = [
    "extreme_point_curves",
    "extreme_point_figure",
    "extreme_point_marks",
    "polar_figure",
    "polar_spec",
    "sample_space_curves",
    "sample_space_figure",
    "sample_space_marks",
    "sample_space_spec",
    "set_curves",
    "target_curves",
]

SAMPLE_SPACE = keyed(
    "Sample space",
    (COMPARISON, "╍", "E"),
    (FIT, "━", "Q"),
    (OVERLAY, "━", "spikes"),
    (NEURON, "━", "C"),
    (OTHER_CLASS, "●", "y/gauge"),
    (DUAL, "━", "v·q=1"),
)
POLAR = keyed("Polar set", (DUAL, "━", "C°"), (DUAL, "■", "v"), (OTHER_CLASS, "━", "y·v = gauge"))


def sample_space_spec(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, height: int = 420
) -> Spec:
    """Sample space of n = 2 or 3 samples within [-reach, reach]: the sets, y (n,), y / gauge and what carries it."""
    space = geometry_2d if _samples(ellipsoid) == 2 else geometry_3d
    return space.sample_space_spec(ellipsoid, y, contact, reach, SAMPLE_SPACE, height)


def sample_space_figure(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, height: int = 540
) -> go.Figure:
    """`sample_space_spec` as a plotly figure."""
    return slide(sample_space_spec(ellipsoid, y, contact, reach, height))


def polar_spec(ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int = 420) -> Spec:
    """The polar set of n = 2 or 3 samples within [-reach, reach], with v and the line or plane that touches it there.

    The title says where the polar set, perhaps unbounded, was cut off, and if v lies beyond.
    """
    space = geometry_2d if _samples(ellipsoid) == 2 else geometry_3d
    traces, cut, page = space.polar_spec(ellipsoid, contact, reach, height)
    alt = "The polar set of the networks' unit ball; the target is largest over it at v."
    page = layout(POLAR + _note(contact, reach, cut), alt, **page) | {"uirevision": "polar"}
    return assembled([{} for _ in traces], traces, page)


def polar_figure(ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int = 540) -> go.Figure:
    """`polar_spec` as a plotly figure."""
    return slide(polar_spec(ellipsoid, contact, reach, height))


def _note(contact: Contact | None, reach: float, cut: bool) -> str:
    words = [f"goes on beyond ±{reach:.3g}"] if cut else []
    if contact is not None and abs(contact.v).max() > reach:
        words.append("so does v")
    return f"  <span style='font-size:11px'><i>{', '.join(words)}</i></span>" if words else ""


def _samples(ellipsoid: RectifiedEllipsoid) -> int:
    if ellipsoid.n not in (2, 3):
        raise ValueError(f"Sample space is drawn for two or three samples, got {ellipsoid.n}. Pick two or three rows.")
    return ellipsoid.n
