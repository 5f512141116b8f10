"""Figures of convex geometry: what they draw lies on the sets it is said to lie on, checked in plain numpy."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from convexviz.app.components.board import View
from convexviz.app.components.board.payload import payload
from convexviz.app.components.board.store import BoardState
from convexviz.app.components.chart import figure_json
from convexviz.core.sample_space.polar import Contact
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid
from convexviz.figures import geometry as figures
from convexviz.figures.plane.tools import View as Window
from convexviz.figures.theme import COMPARISON, DUAL, FIT, NEURON, OTHER_CLASS, OVERLAY

ROUNDING = 1e-9  # one formula evaluated twice
SINGLE = 2e-6  # coordinates of traces travel in single precision
SOLVED = 1e-6  # v and gauge are known to this
ARC = 1e-3  # a curved part of a hull drawn from one supporting line a degree
SOLID_ARC = 0.02  # the same in space, from 25 supporting planes a side

REACH = 2.5
WINDOW: Window = ((-REACH, REACH), (-REACH, REACH))
PLANES = {
    "curved": [[1.6, 0.4], [-0.6, 1.2]],
    "spiky": [[1.6, 0.4], [1.2, 1.0]],
    "whitened": [[1.0, 0.0], [0.0, 1.0]],
    "line": [[1.0, 0.5], [-2.0, -1.0]],
    "line, one side": [[1.0, 0.5], [2.0, 1.0]],
    "three features": [[1.2, 0.1, -0.5], [0.3, 1.0, 0.9]],
}
SPACES = {
    "around": [[1.6, 0.2], [-0.6, 1.2], [-0.5, -1.1]],
    "one side": [[1.6, 0.2], [1.2, 1.2], [0.5, -1.1]],
    "repeated": [[1.6, 0.2], [1.6, 0.2], [0.5, -1.1]],
    "in one line": [[1.0, 0.5], [-2.0, -1.0], [0.5, 0.25]],
    "solid": [[1.6, 0.2, 0.1], [-0.6, 1.2, 0.3], [0.4, -0.5, 1.1]],
}


def body(name: str) -> RectifiedEllipsoid:
    return RectifiedEllipsoid(np.array((PLANES | SPACES)[name]))


def reached(ellipsoid: RectifiedEllipsoid, seed: int = 0) -> tuple[np.ndarray, Contact]:
    """A target y (n,) that a network can take, and its contact."""
    rng = np.random.default_rng(seed)
    u, w = rng.standard_normal((2, ellipsoid.X.shape[1])), np.array([1.0, -0.7])
    y = np.maximum(ellipsoid.X @ u.T, 0.0) @ w
    return y, ellipsoid.contact(y)


def support(X: np.ndarray, V: np.ndarray) -> np.ndarray:
    """h(v) for rows of V from below, by brute force over directions of the plane or of space."""
    d = X.shape[1]
    u = np.random.default_rng(1).standard_normal((40_000, d))
    if d == 2:
        t = np.linspace(0.0, 2 * np.pi, 20_001)
        u = np.column_stack([np.cos(t), np.sin(t)])
    q = np.maximum(u @ X.T, 0.0) / np.linalg.norm(u, axis=1, keepdims=True)
    return np.maximum((V @ q.T).max(axis=1), 0.0)


def xy(item: dict[str, Any]) -> np.ndarray:
    """Points of a curve or trace, gaps left out."""
    names = "xyz" if "z" in item else "xy"
    points = np.column_stack([np.asarray(item[name], float).ravel() for name in names])
    return points[np.isfinite(points).all(axis=1)]


def by_id(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items}


# ---------------------------------------------------------------- sample space of two samples


@pytest.mark.parametrize("name", PLANES)
def test_curves_lie_on_their_sets(name: str) -> None:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid)
    drawn = by_id(figures.sample_space_curves(ellipsoid, y, contact, WINDOW))
    inverse = np.linalg.pinv(ellipsoid.X)
    q = xy(drawn["q"])
    assert (q >= 0).all()
    np.testing.assert_array_equal(xy(drawn["minus-q"]), -q)
    assert np.linalg.norm(xy(drawn["e"]) @ inverse.T, axis=1).max() <= 1 + ROUNDING
    angle = np.linspace(0.0, 2 * np.pi, 73)
    V = np.column_stack([np.cos(angle), np.sin(angle)])
    height = support(ellipsoid.X, V)
    c = xy(drawn["c"])
    np.testing.assert_array_equal(c[0], c[-1])
    np.testing.assert_allclose((V @ q.T).max(axis=1), height, atol=ARC)
    np.testing.assert_allclose((V @ c.T).max(axis=1), np.maximum(height, support(ellipsoid.X, -V)), atol=ARC)


@pytest.mark.parametrize("name", PLANES)
def test_spikes_are_the_part_of_q_outside_e(name: str) -> None:
    ellipsoid = body(name)
    spikes = by_id(figures.set_curves(ellipsoid))["spikes"]
    q = ellipsoid.boundary(361).points
    inverse, off = np.linalg.pinv(ellipsoid.X), np.eye(2) - ellipsoid.X @ np.linalg.pinv(ellipsoid.X)
    outside = (np.linalg.norm(q @ inverse.T, axis=1) > 1 + ROUNDING) | (np.linalg.norm(q @ off, axis=1) > ROUNDING)
    found = {tuple(point) for point in xy(spikes)}
    assert {tuple(point) for point in q[outside]} <= found
    assert bool(found) is not ellipsoid.spike_free().verdict
    assert spikes["label"] == ("" if not found else "spikes")


@pytest.mark.parametrize("name", PLANES)
def test_the_supporting_line_touches_c_at_y_over_gauge(name: str) -> None:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid)
    drawn = by_id(figures.sample_space_curves(ellipsoid, y, contact, WINDOW))
    line = xy(drawn["support"])
    np.testing.assert_allclose(line @ contact.v, 1.0, atol=ROUNDING)
    assert np.abs(line).max() <= REACH + ROUNDING
    assert (xy(drawn["c"]) @ contact.v).max() <= 1 + SOLVED
    point, *neurons = figures.sample_space_marks(contact)
    at = np.array([point["x"], point["y"]])
    assert at @ contact.v == pytest.approx(1.0, abs=SOLVED)
    np.testing.assert_allclose(at * ellipsoid.gauge(y).value, y, atol=SOLVED)
    touching = np.array([[m["x"], m["y"]] for m in neurons])
    np.testing.assert_allclose(touching @ contact.v, 1.0, atol=SOLVED)
    np.testing.assert_allclose(np.abs(contact.w) @ touching, at, atol=SOLVED)
    np.testing.assert_allclose(np.abs(touching), np.maximum(ellipsoid.X @ contact.U.T, 0.0).T, atol=SOLVED)


def test_curves_go_through_the_board_as_they_are() -> None:
    ellipsoid = body("spiky")
    y, contact = reached(ellipsoid)
    curves, marks = figures.sample_space_curves(ellipsoid, y, contact, WINDOW), figures.sample_space_marks(contact)
    view = View(x=(-REACH, REACH), y=(-REACH, REACH))
    sent = payload(BoardState(), view=view, answer={"curves": curves, "marks": marks})["answer"]
    assert json.loads(json.dumps(sent, allow_nan=False))["marks"][0]["id"] == "contact"
    assert [c["id"] for c in sent["curves"]] == ["c", "minus-q", "e", "q", "spikes", "support", "ray"]
    assert [c["color"] for c in curves] == [NEURON, FIT, COMPARISON, FIT, OVERLAY, DUAL, OTHER_CLASS]
    assert {c["id"] for c in curves if c["fill"]} == {"c"} == {c["id"] for c in curves if c["closed"]}
    assert by_id(curves)["e"]["dash"] == "dash"


def test_without_contact_nothing_touches() -> None:
    ellipsoid = body("line, one side")
    curves = by_id(figures.sample_space_curves(ellipsoid, np.array([1.0, -1.0]), None, WINDOW))
    assert len(xy(curves["support"])) == 0
    assert curves["support"]["label"] == ""
    assert figures.sample_space_marks(None) == []


# ---------------------------------------------------------------- both figures, two and three samples


def specs(name: str, reach: float = REACH, y: np.ndarray | None = None) -> dict[str, dict[str, Any]]:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid) if y is None else (y, None)
    return {
        "space": figures.sample_space_spec(ellipsoid, y, contact, reach),
        "polar": figures.polar_spec(ellipsoid, contact, reach),
    }


@pytest.mark.parametrize("cases", [PLANES, SPACES], ids=["plane", "space"])
@pytest.mark.parametrize("figure", ["space", "polar"])
def test_traces_and_axes_are_the_same_for_all_data(cases: dict[str, Any], figure: str) -> None:
    n = len(next(iter(cases.values())))
    drawn = [specs(name)[figure] for name in cases] + [specs(next(iter(cases)), y=np.zeros(n))[figure]]
    kinds = [[(t["type"], t["name"] if t["name"] else "spikes") for t in spec["data"]] for spec in drawn]
    types = [[kind for kind, _ in traces] for traces in kinds]
    assert types == [types[0]] * len(drawn)
    layouts = [spec["layout"] | {"title": None} for spec in drawn]
    assert layouts == [layouts[0]] * len(drawn)  # ranges, camera and uirevision among them
    assert len({layout["uirevision"] for layout in layouts}) == 1


@pytest.mark.parametrize("name", ["curved", "around", "solid"])
def test_axes_are_what_the_caller_asks_for_and_equal(name: str) -> None:
    for spec in specs(name, reach=1.75).values():
        layout = spec["layout"]
        axes = layout.get("scene", layout)
        names = ["xaxis", "yaxis", "zaxis"] if "scene" in layout else ["xaxis", "yaxis"]
        assert all(axes[axis]["range"] == [-1.75, 1.75] for axis in names)
        assert axes["aspectmode"] == "cube" if "scene" in layout else axes["yaxis"]["scaleanchor"] == "x"


@pytest.mark.parametrize("name", [*PLANES, *SPACES])
def test_figures_are_valid_and_small(name: str) -> None:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid)
    made = [figures.sample_space_figure(ellipsoid, y, contact, REACH), figures.polar_figure(ellipsoid, contact, REACH)]
    assert all(len(figure.data) >= 4 for figure in made)
    texts = [figure_json(spec) for spec in specs(name).values()]
    assert sum(map(len, texts)) < 250_000
    assert all("var(" not in figure.to_json() for figure in made)


# ---------------------------------------------------------------- sample space of three samples


@pytest.mark.parametrize("name", SPACES)
def test_surfaces_lie_on_their_sets(name: str) -> None:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid)
    data = figures.sample_space_spec(ellipsoid, y, contact, REACH)["data"]
    e, _, q, _, _, minus_q, c, edges = data[:8]
    inverse = np.linalg.pinv(ellipsoid.X)
    assert np.linalg.norm(xy(e) @ inverse.T, axis=1).max() <= 1 + SINGLE
    np.testing.assert_array_equal(xy(minus_q), -xy(q))
    V = np.random.default_rng(2).standard_normal((60, 3))
    V /= np.linalg.norm(V, axis=1, keepdims=True)
    height = support(ellipsoid.X, V)
    np.testing.assert_allclose((V @ xy(q).T).max(axis=1), height, atol=SOLID_ARC)
    both = np.maximum(height, support(ellipsoid.X, -V))
    hull = xy(c) if ellipsoid.rank > 1 else xy(edges)
    np.testing.assert_allclose((V @ hull.T).max(axis=1), both, atol=SOLID_ARC)
    assert (hull @ contact.v).max() <= 1 + SOLVED + SINGLE


@pytest.mark.parametrize("name", SPACES)
def test_q_is_coloured_where_it_leaves_e(name: str) -> None:
    ellipsoid = body(name)
    y, contact = reached(ellipsoid)
    q = figures.sample_space_spec(ellipsoid, y, contact, REACH)["data"][2]
    points = np.stack([q[axis] for axis in "xyz"], axis=-1).astype(float)
    off = np.eye(3) - ellipsoid.X @ np.linalg.pinv(ellipsoid.X)
    outside = np.linalg.norm(points @ np.linalg.pinv(ellipsoid.X).T, axis=-1) > 1.01
    outside |= np.linalg.norm(points @ off, axis=-1) > 1e-5
    middle = (q["cmin"] + q["cmax"]) / 2
    assert (q["surfacecolor"][outside] > middle).all()
    if ellipsoid.spike_free().verdict:
        assert (q["surfacecolor"] < middle).all()
    assert q["colorscale"][0][1] == FIT
    assert q["colorscale"][-1][1] == OVERLAY


def test_the_plane_touches_where_y_over_gauge_is() -> None:
    ellipsoid = body("around")
    y, contact = reached(ellipsoid)
    data = figures.sample_space_spec(ellipsoid, y, contact, REACH)["data"]
    patch, rim, shaft, _, neurons, point = data[8:]
    np.testing.assert_allclose(xy(patch) @ contact.v, 1.0, atol=10 * SINGLE)
    np.testing.assert_allclose(xy(rim)[:-1].mean(axis=0), contact.point, atol=SINGLE)
    np.testing.assert_allclose(xy(point)[0] * ellipsoid.gauge(y).value, y, atol=10 * SINGLE)
    np.testing.assert_allclose(xy(neurons) @ contact.v, 1.0, atol=10 * SINGLE)
    assert np.linalg.norm(np.cross(xy(shaft)[1], y)) < SINGLE * 10
    assert len(neurons["text"]) == len(contact.w)


# ---------------------------------------------------------------- the polar set


@pytest.mark.parametrize("name", [*PLANES, *SPACES])
def test_the_polar_is_drawn_on_its_boundary_through_v(name: str) -> None:
    ellipsoid = body(name)
    _, contact = reached(ellipsoid)
    reach = 1.5 * float(np.abs(contact.v).max())
    data = figures.polar_spec(ellipsoid, contact, reach)["data"]
    points = xy(data[0])
    size = np.maximum(ellipsoid.support(points), ellipsoid.support(-points))
    cut = np.isclose(np.abs(points).max(axis=1), reach, rtol=1e-5)
    np.testing.assert_allclose(size[~cut], 1.0, atol=1e-5)
    assert size.max() <= 1 + SOLID_ARC
    np.testing.assert_allclose(xy(data[-1])[0], contact.v, atol=SINGLE)
    assert (points @ contact.point).max() == pytest.approx(1.0, abs=SOLID_ARC)
    assert (points @ contact.point).max() >= 1.0 - 1e-5
    touching = xy(data[2])
    np.testing.assert_allclose(touching @ contact.point, 1.0, atol=1e-5)


@pytest.mark.parametrize(("name", "bounded"), [("curved", True), ("line, one side", False), ("repeated", False)])
def test_what_goes_on_beyond_the_window_is_said_and_left_open(name: str, bounded: bool) -> None:
    ellipsoid = body(name)
    _, contact = reached(ellipsoid)
    reach = 6.0
    spec = figures.polar_spec(ellipsoid, contact, reach)
    assert ("goes on beyond ±6" in spec["layout"]["title"]["text"]) is not bounded
    if ellipsoid.n == 2:
        ends = np.column_stack([spec["data"][1]["x"], spec["data"][1]["y"]])
        sides = np.concatenate([np.isclose(ends, reach), np.isclose(ends, -reach)], axis=1)
        assert not (sides[1:] & sides[:-1]).any()  # no line along the window
        assert bool(sides.any()) is not bounded


def test_the_title_says_that_v_lies_beyond() -> None:
    ellipsoid = body("curved")
    _, contact = reached(ellipsoid)
    small = 0.5 * float(np.abs(contact.v).max())
    assert "so does v" in figures.polar_spec(ellipsoid, contact, small)["layout"]["title"]["text"]


def test_only_two_or_three_samples_are_drawn() -> None:
    ellipsoid = RectifiedEllipsoid(np.eye(4))
    with pytest.raises(ValueError, match="two or three samples, got 4"):
        figures.sample_space_spec(ellipsoid, np.ones(4), None, REACH)
    with pytest.raises(ValueError, match="two or three samples, got 4"):
        figures.polar_spec(ellipsoid, None, REACH)
