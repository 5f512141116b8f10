"""Extreme points as curves of the board, and the tools that figures of convex sets are made with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from convexviz.core.geometry.extreme_points import extreme_point
from convexviz.figures import geometry as figures
from convexviz.figures.geometry.extreme_points import outline
from convexviz.figures.geometry.tools import arrow, creases, outward, polar_of_hull
from convexviz.figures.plane.tools import View as Window
from convexviz.figures.plane.tools import line_in_window

ROUNDING = 1e-9  # one formula evaluated twice
REACH = 2.5
WINDOW: Window = ((-REACH, REACH), (-REACH, REACH))


def xy(item: dict[str, Any]) -> np.ndarray:
    """Points (k, 2) of a curve, gaps left out."""
    points = np.column_stack([item["x"], item["y"]])
    return points[np.isfinite(points).all(axis=1)]


def by_id(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items}


# ---------------------------------------------------------------- neurons as extreme points


def cloud(seed: int = 0, n: int = 12) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (n, 2))


@pytest.mark.parametrize("seed", range(6))
def test_p_lies_on_the_hull_and_the_break_line_touches_it(seed: int) -> None:
    X = cloud(seed)
    outside = [p for p in (extreme_point(X, k) for k in range(len(X))) if not p.in_hull]
    assert len(outside) >= 3
    for point in outside:
        drawn = by_id(figures.extreme_point_curves(X, point, WINDOW))
        hull, line = xy(drawn["hull"]), xy(drawn["break"])
        (p,) = figures.extreme_point_marks(X, point)
        at = np.array([p["x"], p["y"]])
        assert np.abs(_distances(at, hull)).min() < ROUNDING
        assert (hull @ point.u + point.b).max() == pytest.approx(0.0, abs=ROUNDING)
        np.testing.assert_allclose(line @ point.u + point.b, 0.0, atol=ROUNDING)
        assert np.abs(line).max() <= REACH + ROUNDING
        residual = xy(drawn["residual"])
        np.testing.assert_allclose(residual[0], at, atol=ROUNDING)
        assert np.cross(np.append(residual[1] - at, 0), np.append(X[point.index] - at, 0))[2] == pytest.approx(
            0, abs=1e-9
        )


def _distances(at: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """From a point to the lines through the edges of a ring that it lies beside."""
    a, along = ring[:-1], np.diff(ring, axis=0)
    share = ((at - a) * along).sum(axis=1) / (along**2).sum(axis=1)
    foot = a + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.linalg.norm(at - foot, axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_segments_show_the_whole_mixture(seed: int) -> None:
    X = cloud(seed)
    for k in range(len(X)):
        point = extreme_point(X, k)
        curves = figures.extreme_point_curves(X, point, WINDOW)
        segments = [c for c in curves if c["id"].startswith("mixed") and len(c["x"])]
        assert len(curves) == 6
        assert len(segments) == int((point.weights > 1e-9).sum())
        for segment, i in zip(segments, np.argsort(-point.weights, kind="stable"), strict=False):
            np.testing.assert_allclose(xy(segment), [point.projection, X[i]], atol=ROUNDING)
            assert segment["width"] == pytest.approx(1.0 + 6.0 * point.weights[i])


def test_inside_the_hull_there_is_no_neuron() -> None:
    X = np.array([[0.0, 0.0], [1.0, 1.0], [-1.0, 1.0], [0.0, -1.0]])
    point = extreme_point(X, 0)
    drawn = by_id(figures.extreme_point_curves(X, point, WINDOW))
    assert point.in_hull
    assert len(drawn["break"]["x"]) == len(drawn["residual"]["x"]) == 0
    assert "no neuron" in figures.extreme_point_figure(X, point).layout.title.text


def test_the_figure_for_slides_holds_the_curves_and_all_samples() -> None:
    X = cloud()
    point = next(p for p in (extreme_point(X, k) for k in range(len(X))) if not p.in_hull)
    figure = figures.extreme_point_figure(X, point, WINDOW)
    assert len(figure.data) == 6 + 3
    assert len(figure.data[6].x) + len(figure.data[8].x) == len(X)
    assert list(figure.layout.xaxis.range) == list(WINDOW[0])
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        figures.extreme_point_curves(np.zeros((4, 3)), point, WINDOW)


# ---------------------------------------------------------------- tools


@pytest.mark.parametrize("seed", range(10))
def test_outline_holds_all_points_and_turns_left(seed: int) -> None:
    points = cloud(seed, 30)
    ring = outline(points)
    along = np.diff(ring, axis=0)
    side = along[:, 0, None] * (points[:, 1] - ring[:-1, 1, None]) - along[:, 1, None] * (
        points[:, 0] - ring[:-1, 0, None]
    )
    assert side.min() >= -ROUNDING
    np.testing.assert_array_equal(ring[0], ring[-1])


def test_outline_of_a_point_a_pair_and_a_line() -> None:
    assert outline(np.ones((3, 2))).tolist() == [[1, 1], [1, 1]]
    assert outline(np.array([[0.0, 0.0], [1.0, 2.0]])).tolist() == [[0, 0], [1, 2], [0, 0]]
    line = outline(np.column_stack([np.arange(5.0), np.arange(5.0)]))
    assert line.tolist() == [[0, 0], [4, 4], [0, 0]]


@pytest.mark.parametrize("normal", [[1.0, 2.0], [1.0, 0.0], [0.0, -3.0], [1.0, 1e-12], [-0.2, 0.1]])
@pytest.mark.parametrize("height", [0.0, 0.4, 30.0])
def test_lines_end_at_the_window(normal: list[float], height: float) -> None:
    v = np.array(normal)
    ends = line_in_window(v, height, ((-1.0, 2.0), (-2.0, 1.0)))
    corners = np.array([[-1, -2], [-1, 1], [2, -2], [2, 1]]) @ v - height
    assert (len(ends) == 2) is bool(corners.min() < 0 < corners.max())
    np.testing.assert_allclose(ends @ v, height, atol=1e-9)
    assert all(np.isclose(x, [-1, 2]).any() or np.isclose(y, [-2, 1]).any() for x, y in ends)


def test_no_line_without_a_normal_and_no_arrow_without_a_length() -> None:
    assert line_in_window(np.zeros(2), 1.0, WINDOW).shape == (0, 2)
    assert arrow(np.ones(2), np.ones(2), 0.1).shape == (0, 2)
    tip = np.array([1.0, 0.0])
    np.testing.assert_allclose(arrow(np.zeros(2), tip, 0.1, 0.2)[1], [0.8, 0.0])
    np.testing.assert_allclose(arrow(np.zeros(2), tip, 0.1, 9.0)[1], [0.5, 0.0])


def test_the_polar_of_a_cross_is_a_box_and_a_box_has_twelve_creases() -> None:
    cross = np.concatenate([np.eye(3), -np.eye(3)])
    corners = polar_of_hull(cross, 5.0)
    assert sorted(map(tuple, np.round(corners, 9))) == sorted(
        (x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)
    )
    triangles = outward(corners, ConvexHull(corners).simplices)
    edges = creases(corners, triangles, 10.0).reshape(-1, 3, 3)
    assert len(edges) == 12
    np.testing.assert_allclose(np.linalg.norm(edges[:, 1] - edges[:, 0], axis=1), 2.0)
    open_box = creases(corners, triangles[1:], 10.0).reshape(-1, 3, 3)
    assert len(open_box) == 13  # the diagonal of the face that lost a triangle is an edge now
