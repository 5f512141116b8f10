"""What the browser computes for the figures of the page, computed here: traces that arrive without data get theirs.

`meta.plane` of a trace says what it shows of a network in the plane, see `TraceMeta`; it is hidden where the network
has nothing of the kind. What belongs to a neuron that is pointed at is hidden, since nobody points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from convexviz.core.network import Array, ReLUNetwork

from ..parts import SUM_SO_FAR
from ..sent.frames import merged
from ..sent.networks import Network, dimension, dual_of, network_of
from ..spec import Layout, Spec, Trace, TraceMeta
from ..theme import MARGIN, layout
from .neurons import dual_values, stem_data, touching, weight_data
from .tools import heights, spaced

ROOM_FOR_TITLE = 34  # px above a row of images, which has none

Dual = tuple[Array, Array]  # v (n,) in units of its band, and its points (n, 2)


def completed(spec: Spec, network: Network | None, answer: Network | None = None) -> Spec:
    """The figure with all its data, for the network on show; the points of its dual are the `answer`'s, as it may say.

    The answer's network is the one that the page holds while a frame shows another.
    """
    plane = network if network is not None and dimension(network) == 2 else None
    net = None if plane is None else network_of(plane)
    dual = None if plane is None else dual_of(plane, answer)
    return {"data": [_complete(trace, net, dual) for trace in spec["data"]], "layout": _titled(spec["layout"])}


def _titled(page: Layout) -> Layout:
    """A page whose title invites nobody to point; where there is none, what the figure is in words."""
    title = page.get("title", {})
    words = title.get("text", "").replace(SUM_SO_FAR, "")
    if words:
        return page | {"title": title | {"text": words}}
    room = page.get("margin", MARGIN)
    told: Layout = layout(page.get("meta", {"alt": ""})["alt"].removesuffix("."), "")
    return page | {"title": told["title"], "margin": room | {"t": room["t"] + ROOM_FOR_TITLE}}


def _complete(trace: Trace, network: ReLUNetwork | None, dual: Dual | None) -> Trace:
    meta = trace.get("meta", {})
    if meta.get("partial") or meta.get("ramp"):
        return trace | {"visible": False}
    if "plane" not in meta:
        return trace
    extra = None if network is None else SHOWS[meta["plane"]](network, dual, meta)
    if extra is None:
        return trace | {"visible": False}
    whole: Trace = merged(trace, extra)
    return whole


def _dual(network: ReLUNetwork, dual: Dual | None, meta: TraceMeta) -> Trace | None:
    if dual is None:
        return None
    v, points = dual
    angles, offsets = spaced(meta["angles"]), spaced(meta["offsets"])
    return {"x": angles, "y": offsets, "z": dual_values(points - meta["centre"], v, angles, offsets)}


def _surface(network: ReLUNetwork, dual: Dual | None, meta: TraceMeta) -> Trace:
    xs, ys = spaced(meta["x"]), spaced(meta["y"])
    return {"x": xs, "y": ys, "z": heights(network, xs, ys)}


SHOWS: dict[str, Callable[[ReLUNetwork, Dual | None, Any], Trace | None]] = {
    "dual": _dual,
    "touch": lambda network, _, meta: touching(network, np.array(meta["centre"])),
    "stems": lambda network, *_: stem_data(network),
    "weights": lambda network, *_: weight_data(network),
    "surface": _surface,
    "ramp": lambda *_: None,
}
