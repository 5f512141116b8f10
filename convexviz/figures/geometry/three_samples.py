"""Three samples: the sets E, Q, C of sample space and the polar C^o as surfaces; see `convexviz.figures.geometry`."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull

from convexviz.core.geometry.curves import Spikes
from convexviz.core.geometry.curves import Trace as Traced
from convexviz.core.network import Array
from convexviz.core.sample_space.polar import Contact
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

from ..parts import Spec, Traces, assembled
from ..spec import Colorscale, Contours, Dash, Layout, Lighting, Margin, Marker, Trace
from ..theme import COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY, layout
from .tools import chained, creases, cube, on_edge, outward, short
from .two_samples import polar_corners

MESH = 49  # directions a side of a surface from the sphere; a multiple of four and one, so that great circles are rows
CURVE = 181  # points of a curve: the edge of a flat set
HULL = 25  # supporting planes a side of a hull
BEND = 16.0  # degrees by which a hull bends at an edge that is drawn; neighbours on a curved part differ by less
SPIKE = 1.002  # ||X^+ q|| from which on Q is coloured as a spike: on E itself it is one but for rounding
FARTHEST = 2.0  # ||X^+ q|| above which no difference is made, infinity included
PATCH = 0.5  # radius of a piece of a plane, of the reach
HEAD = 0.14  # length of an arrow's head, of the reach
SOFT: Lighting = {"ambient": 0.85, "diffuse": 0.4, "specular": 0.05, "roughness": 0.9}
MARGIN: Margin = {"l": 0, "r": 0, "t": 30, "b": 0}
NOWHERE = np.zeros((3, 3))  # a triangle that is not seen


# ---------------------------------------------------------------- sample space


def sample_space_spec(
    ellipsoid: RectifiedEllipsoid, y: Array, contact: Contact | None, reach: float, title: str, height: int
) -> Spec:
    """Sample space of three samples; first the traces of the sets, then those of the target."""
    traces = [*_set_traces(ellipsoid), *_target_traces(np.asarray(y, float), contact, reach)]
    alt = "Ellipsoid, rectified ellipsoid and their hull in the space of the three samples' values, with the target."
    page = layout(title, alt, height=height, scene=cube(reach, ("sample 1", "sample 2", "sample 3")))
    return assembled([{} for _ in traces], traces, page | {"margin": MARGIN, "uirevision": "sample space"})


def _set_traces(ellipsoid: RectifiedEllipsoid) -> Traces:
    """E and its edge, Q and its edge, the edge's spikes, -Q, C and its creases."""
    k = MESH if ellipsoid.rank == 3 else CURVE
    spikes = ellipsoid.spikes(k)
    e, q = ellipsoid.ellipsoid(k), spikes.trace
    flat, height = _sheet(q), _spikiness(spikes)
    edge = q.points if q.is_curve else np.empty((0, 3))
    hull = ellipsoid.hull_boundary(HULL)
    triangles = np.empty((0, 3), int) if hull.triangles is None else hull.triangles
    outline = creases(hull.points, triangles, BEND) if len(triangles) else hull.points
    spiked: Colorscale = [[0.0, FIT], [0.5, FIT], [0.5, OVERLAY], [1.0, OVERLAY]]
    colours: Trace = {"colorscale": spiked, "cmin": SPIKE - 1.0, "cmax": SPIKE + 1.0, "surfacecolor": short(height)}
    return [
        _surface("ellipsoid E", _sheet(e), COMPARISON, 0.2),
        _line("ellipsoid E", _great_circles(e), COMPARISON, 4, "dash"),
        _surface("rectified ellipsoid Q", flat, FIT, 0.9) | colours,
        _line("rectified ellipsoid Q", edge, FIT, 5),
        _line("spikes: Q outside E", chained(list(spikes.curves), 3), OVERLAY, 7),
        _surface("−Q", -flat, FIT, 0.18),
        _mesh("C, hull of Q and −Q", hull.points, triangles, NEURON, 0.12),
        _line("C, hull of Q and −Q", outline, NEURON, 2),
    ]


def _target_traces(y: Array, contact: Contact | None, reach: float) -> Traces:
    """Supporting plane and its rim, the arrow to y and its head, the neurons, y / gauge."""
    plane = None if contact is None else (contact.point, contact.v)
    none = np.empty((0, 3))
    return [
        *_patch("supporting plane v·q = 1", plane, reach, DUAL),
        *_arrow("target y", y, reach),
        _markers("neuron", none if contact is None else contact.q, NEURON, "diamond", 6)
        | {
            "text": [] if contact is None else [f"neuron {j + 1} carries {abs(w):.0%}" for j, w in enumerate(contact.w)]
        },
        _markers("y / gauge", none if contact is None else contact.point[None, :], OTHER_CLASS, "circle", 7),
    ]


def _spikiness(spikes: Spikes) -> Array:
    """||X^+ q|| on the `_sheet` of Q, cut at FARTHEST: along a ray it grows from 0, off the range of X at once."""
    measure = np.minimum(spikes.measure, FARTHEST)
    if not spikes.trace.is_curve:
        return measure
    return np.stack([np.where(np.isinf(spikes.measure), FARTHEST, 0.0), measure])


def _sheet(trace: Traced) -> Array:
    """A surface (i, j, 3): the mesh itself, or the fan from the origin to a curve."""
    return trace.points if not trace.is_curve else np.stack([np.zeros_like(trace.points), trace.points])


def _great_circles(trace: Traced) -> Array:
    """The edge of a flat ellipsoid, or three great circles of a solid one."""
    if trace.is_curve:
        return trace.points
    p, quarter = trace.points, (len(trace.points) - 1) // 4
    rings = [np.concatenate([p[:, j], p[::-1, j + 2 * quarter]]) for j in (0, quarter)]
    return chained([p[2 * quarter], *rings], 3)


# ---------------------------------------------------------------- the polar set


def polar_spec(
    ellipsoid: RectifiedEllipsoid, contact: Contact | None, reach: float, height: int
) -> tuple[Traces, bool, Layout]:
    """Traces, whether the polar was cut off, and the page but for its title."""
    corners = polar_corners(ellipsoid, contact, reach, HULL)
    triangles = outward(corners, ConvexHull(corners).simplices)
    hidden = on_edge(corners, reach)[triangles].all(axis=1).any(axis=1)  # on the window, where C^o goes on
    triangles = triangles[~hidden]
    plane = None if contact is None else (contact.v, contact.point)
    v = np.empty((0, 3)) if contact is None else contact.v[None, :]
    traces: Traces = [
        _mesh("polar C°", corners, triangles, DUAL, 0.4),
        _line("polar C°", creases(corners, triangles, BEND), DUAL, 3),
        *_patch("y·v = gauge", plane, reach, OTHER_CLASS),
        _markers("v", v, DUAL, "square", 7),
    ]
    scene = cube(reach, ("v at sample 1", "v at sample 2", "v at sample 3"))
    return traces, bool(hidden.any()), {"height": height, "scene": scene, "margin": MARGIN}


# ---------------------------------------------------------------- one mark each


def _places(points: Array) -> Trace:
    return {"x": short(points[..., 0]), "y": short(points[..., 1]), "z": short(points[..., 2])}


def _surface(name: str, points: Array, colour: str, opacity: float) -> Trace:
    look: Trace = {
        "colorscale": [[0.0, colour], [1.0, colour]],
        "showscale": False,
        "opacity": opacity,
        "lighting": SOFT,
    }
    shape: Trace = {"type": "surface", "name": name, "hoverinfo": "skip", "contours": _no_contours()}
    return shape | look | _places(points)


def _no_contours() -> Contours:
    return {"x": {"highlight": False}, "y": {"highlight": False}, "z": {"highlight": False}}


def _mesh(name: str, points: Array, triangles: Array, colour: str, opacity: float) -> Trace:
    if not len(triangles):
        points, triangles = NOWHERE, np.array([[0, 1, 2]])
    i, j, k = np.asarray(triangles.T, np.int32)
    cells: Trace = {"i": i, "j": j, "k": k}
    look: Trace = {"color": colour, "opacity": opacity, "flatshading": True, "lighting": SOFT, "hoverinfo": "skip"}
    base: Trace = {"type": "mesh3d", "name": name}
    return base | look | _places(points) | cells


def _line(name: str, points: Array, colour: str, width: float, dash: Dash = "solid") -> Trace:
    look: Trace = {"mode": "lines", "line": {"color": colour, "width": width, "dash": dash}, "hoverinfo": "skip"}
    base: Trace = {"type": "scatter3d", "name": name}
    return base | look | _places(points)


def _markers(name: str, points: Array, colour: str, symbol: str, size: float) -> Trace:
    marker: Marker = {"color": colour, "symbol": symbol, "size": size, "line": {"color": "white", "width": 1}}
    hover = "%{x:.3g}, %{y:.3g}, %{z:.3g}<extra>" + name + "</extra>"
    look: Trace = {"mode": "markers", "marker": marker, "hovertemplate": hover}
    base: Trace = {"type": "scatter3d", "name": name}
    return base | look | _places(points)


def _patch(name: str, plane: tuple[Array, Array] | None, reach: float, colour: str) -> Traces:
    """A disc, which has no corners that could turn under a moving hand, of the plane through a point with a normal."""
    rim = np.empty((0, 3)) if plane is None else _circle(*plane, PATCH * reach)
    i = np.arange(1, max(len(rim) - 1, 1))
    fan = np.column_stack([np.zeros_like(i), i, i + 1])[: max(len(rim) - 2, 0)]
    return [_mesh(name, rim, fan, colour, 0.3), _line(name, rim, colour, 3)]


def _circle(point: Array, normal: Array, radius: float) -> Array:
    axes: Array = np.linalg.svd(normal[None, :])[2][1:]
    t = np.linspace(0.0, 2 * np.pi, 49)
    circle: Array = np.column_stack([np.cos(t), np.sin(t)]) @ axes
    return point + radius * circle


def _arrow(name: str, tip: Array, reach: float) -> Traces:
    length = float(np.linalg.norm(tip))
    along = tip / length if length else np.zeros(3)
    head = min(HEAD * reach, 0.5 * length)
    cone: Trace = {
        "type": "cone",
        "name": name,
        "anchor": "tip",
        "sizemode": "raw",
        "sizeref": 1.0,
        "colorscale": [[0.0, OTHER_CLASS], [1.0, OTHER_CLASS]],
        "showscale": False,
        "visible": bool(length),
        "hovertemplate": "%{x:.3g}, %{y:.3g}, %{z:.3g}<extra>" + name + "</extra>",
    }
    u, v, w = (head * along).tolist()
    push: Trace = {"u": [u], "v": [v], "w": [w]}
    return [
        _line(name, np.array([np.zeros(3), tip - 0.5 * head * along]), OTHER_CLASS, 6),
        cone | _places(tip[None, :]) | push,
    ]
