"""Scenes in space as polygons: where the camera sees a point, what hides what, and that nothing of WebGL is left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid
from convexviz.export import PRESETS, THEMES, Renderer, rendered
from convexviz.export.space.camera import Camera
from convexviz.export.space.coarse import MOST
from convexviz.export.space.colours import rgb, scaled
from convexviz.export.space.flattened import flattened
from convexviz.figures.geometry import sample_space_spec
from tests.export.reading import tags

ROOM = (1200.0, 600.0)
WIDE = {"range": [-1.0, 1.0]}
SCENE = {"xaxis": WIDE, "yaxis": WIDE, "zaxis": WIDE, "camera": {"eye": {"x": 0.0, "y": -3.0, "z": 0.5}}}


def flat(*traces: Any, **scene: Any) -> Any:
    spec = {"data": list(traces), "layout": {"scene": SCENE | scene}}
    return flattened(spec, THEMES["light"], PRESETS["slide"], ROOM)


def painted(made: Any) -> list[Any]:
    return [shape for shape in made["layout"]["shapes"] if shape["layer"] == "above"]


def surface(n: int = 41, height: float = 0.0, colour: str = "#0072B2", **more: Any) -> dict[str, Any]:
    grid = np.linspace(-1, 1, n)
    scale = [[0.0, colour], [1.0, colour]]
    return {"type": "surface", "x": grid, "y": grid, "z": np.full((n, n), height), "colorscale": scale, **more}


def test_the_camera_sees_the_middle_in_the_middle_and_up_above() -> None:
    camera = Camera(np.array([1.5, 1.5, 1.0]), np.zeros(3), -np.ones(3), np.ones(3), np.ones(3))
    seen, depth = camera.seen(np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [-1, -1, -1]], float))
    assert seen[0] == pytest.approx([0, 0])
    assert seen[1, 0] == pytest.approx(0)
    assert seen[1, 1] > 0
    assert depth[2] < depth[0] < depth[3]


def test_a_surface_of_the_lessons_has_no_more_polygons_than_allowed() -> None:
    assert len(painted(flat(surface(41)))) == 40 * 40
    assert 0.9 * MOST < len(painted(flat(surface(41), surface(41, 0.5)))) <= MOST
    assert len(painted(flat(surface(200)))) <= MOST


def test_what_is_near_is_painted_over_what_is_far() -> None:
    far, near = ({"type": "scatter3d", "mode": "markers", "x": [0], "y": [y], "z": [0]} for y in (0.9, -0.9))
    marked = [trace | {"marker": {"size": 8, "color": c}} for trace, c in ((near, "#111111"), (far, "#222222"))]
    colours = [shape["fillcolor"] for shape in painted(flat(*marked))]
    assert colours == ["#222222", "#111111"]
    wall = {
        "type": "mesh3d",
        "x": [-1, 1, 0],
        "y": [0, 0, 0],
        "z": [-1, -1, 1],
        "i": [0],
        "j": [1],
        "k": [2],
        "color": "#ff0000",
    }
    forms = [shape["type"] for shape in painted(flat(wall, *marked))]
    assert forms == ["circle", "path", "circle"]


def test_a_mark_on_a_surface_is_seen_whole() -> None:
    mark = {"type": "scatter3d", "mode": "markers", "x": [0.0], "y": [0.0], "z": [0.0], "marker": {"size": 4}}
    shapes = painted(flat(surface(9), mark))
    place = next(i for i, shape in enumerate(shapes) if shape["type"] == "circle")
    x, y = shapes[place]["xanchor"], shapes[place]["yanchor"]
    for shape in shapes[place + 1 :]:
        corners = np.array([point.split(",") for point in shape["path"].strip("MZ").split("L")], float)
        inside = (corners.min(axis=0) < [x, y]).all() and (corners.max(axis=0) > [x, y]).all()
        assert not inside


def test_what_lies_beyond_the_axes_is_cut_off() -> None:
    steep = surface(11) | {"z": np.outer(np.ones(11), np.linspace(-5, 5, 11))}
    camera = Camera(np.array([0, -3.0, 0.5]), np.zeros(3), -np.ones(3), np.ones(3), np.ones(3))
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    box = camera.seen(corners)[0]
    shapes = painted(flat(steep))
    assert 0 < len(shapes) < 100
    line = {"type": "scatter3d", "mode": "lines", "x": [-9.0, 9.0], "y": [0.0, 0.0], "z": [0.0, 0.0]}
    for shape in [*shapes, *painted(flat(line))]:
        points = np.array([point.split(",") for point in shape["path"].strip("MZ").split("L")], float)
        assert (points >= box.min(axis=0) - 1e-4).all()
        assert (points <= box.max(axis=0) + 1e-4).all()
    outside = {"type": "scatter3d", "mode": "markers", "x": [3.0], "y": [0.0], "z": [0.0]}
    assert painted(flat(outside)) == []


def test_level_lines_are_on_the_surface() -> None:
    grid = np.linspace(-1, 1, 11)
    sloped = surface(11) | {"z": np.outer(np.ones(11), grid)}
    levels = {"z": {"show": True, "start": -0.5, "end": 0.55, "size": 0.5, "color": "#123456", "width": 2}}
    lines = [s for s in painted(flat(sloped | {"contours": levels})) if s["line"]["color"] == "#123456"]
    assert len(lines) == 2 * 10 + 10  # a stroke in each row of cells, for each of three levels


def test_colours_are_read_and_mixed() -> None:
    for text in ("#ff8000", "rgb(255, 128, 0)", "rgba(255, 128, 0, 0.3)"):
        assert rgb(text).tolist() == [255, 128, 0]
    scale = [[0.0, "#000000"], [0.5, "#808080"], [1.0, "#ffffff"]]
    assert scaled(scale, 0.0, 0.0, 1.0).tolist() == [0, 0, 0]
    assert scaled(scale, 5.0, 0.0, 1.0).tolist() == [255, 255, 255]
    assert scaled(scale, 0.25, 0.0, 1.0).tolist() == [64, 64, 64]


def test_the_rectified_ellipsoid_is_vectors(draw: Renderer) -> None:
    ellipsoid = RectifiedEllipsoid(np.array([[1.0, 0.2], [-0.4, 0.9], [0.3, -0.8]]))
    spec = sample_space_spec(ellipsoid, np.array([0.5, 0.4, 0.2]), None, 1.5)
    assert {"surface", "mesh3d", "scatter3d"} <= {trace["type"] for trace in spec["data"]}
    svg = rendered(spec, "svg", renderer=draw)
    assert {"image", "canvas", "foreignObject"}.isdisjoint(tags(svg))
    assert svg.count(b"<path") > 300
    assert len(svg) < 2_000_000
