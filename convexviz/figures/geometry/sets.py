"""Sample space and the polar set, of two samples as curves, of three as surfaces; see `convexviz.figures.geometry`."""

from __future__ import annotations

import plotly.graph_objects as go

from convexviz.core.network import Array
from convexviz.core.sample_space.polar import Contact
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

from ..parts import Spec, assembled, keyed
from ..theme import COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY, layout
from . import three_samples, two_samples
from .tools import slide

SAMPLE_SPACE = keyed(
    "Sample space",
    (COMPARISON, "╍", "E"),
    (FIT, "━", "Q"),
    (OVERLAY, "━", "spikes"),
    (NEURON, "━", "C"),
    (OTHER_CLASS, "●", "y/gauge"),
    (NEURON, "◆", "neurons"),
    (DUAL, "━", "v·q=1"),
)
POLAR = keyed("Polar set", (DUAL, "━", "C°"), (DUAL, "■", "v"), (OTHER_CLASS, "━", "y·v = gauge"))


def sample_space_spec(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, height: int = 420
) -> Spec:
    """Sample space of n = 2 or 3 samples within [-reach, reach]: the sets, y (n,), y / gauge and what carries it."""
    draw = two_samples.sample_space_spec if _samples(ellipsoid) == 2 else three_samples.sample_space_spec
    return draw(ellipsoid, y, contact, reach, SAMPLE_SPACE, height)


def sample_space_figure(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, height: int = 540
) -> go.Figure:
    """Sample space of two or three samples: the sets E, Q and C, the target y, and y / gauge with what carries it.

    E = {Xu : |u| <= 1}, Q = {(Xu)+ : |u| <= 1} and C the hull of Q and -Q: the values of networks of price one.

    Parameters
    ----------
    ellipsoid : `convexviz.geometry.RectifiedEllipsoid(X)`.
    y : (n,) the target.
    contact : what touches at y / gauge, from `ellipsoid.contact(y)`; None where nothing does.
    reach : the axes go from -reach to reach.
    height : pixels.

    Raises ValueError unless there are two or three samples.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    return slide(sample_space_spec(ellipsoid, y, contact, reach, height))


def polar_spec(ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int = 420) -> Spec:
    """The polar set of n = 2 or 3 samples within [-reach, reach], with v and the line or plane that touches it there.

    The title says where the polar set, perhaps unbounded, was cut off, and if v lies beyond.
    """
    draw = two_samples.polar_spec if _samples(ellipsoid) == 2 else three_samples.polar_spec
    traces, cut, page = draw(ellipsoid, contact, reach, height)
    alt = "The polar set of the networks' unit ball; the target is largest over it at v."
    page = layout(POLAR + _note(contact, reach, cut), alt, page) | {"uirevision": "polar"}
    return assembled([{} for _ in traces], traces, page)


def polar_figure(ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int = 540) -> go.Figure:
    """The polar set of two or three samples, all feasible v, and the v that is best for the target.

    Parameters
    ----------
    ellipsoid : `convexviz.geometry.RectifiedEllipsoid(X)`.
    contact : from `ellipsoid.contact(y)`, or None.
    reach : the axes go from -reach to reach; what goes on beyond is said in the title.
    height : pixels.

    Raises ValueError unless there are two or three samples.

    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.
    """
    return slide(polar_spec(ellipsoid, contact, reach, height))


def _note(contact: Contact | None, reach: float, cut: bool) -> str:
    words = [f"goes on beyond ±{reach:.3g}"] if cut else []
    if contact is not None and abs(contact.v).max() > reach:
        words.append("so does v")
    return f"  <span style='font-size:12px'><i>{', '.join(words)}</i></span>" if words else ""


def _samples(ellipsoid: RectifiedEllipsoid) -> int:
    if ellipsoid.n not in (2, 3):
        raise ValueError(f"Sample space is drawn for two or three samples, got {ellipsoid.n}. Pick two or three rows.")
    return ellipsoid.n
