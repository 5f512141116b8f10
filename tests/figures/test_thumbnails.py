"""Thumbnails of the presets: valid SVG whose marks are the points."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from convexviz import data
from convexviz.figures.theme import FIT, OTHER_CLASS
from convexviz.figures.thumbnails import MIDDLE, WIDTH, scatter_svg, value_colour

REGRESSION, CLASSIFICATION = (data.names(task, dims=1) for task in data.TASKS)
SURFACES, PLANE_CLASSES = (data.names(task, dims=2) for task in data.TASKS)


def centres(svg: str) -> list[tuple[float, float]]:
    """Where the marks are, squares by their middle."""
    found = []
    for mark in ElementTree.fromstring(svg):
        a = {name: float(value) for name, value in mark.attrib.items() if name not in ("fill",)}
        found.append((a["cx"], a["cy"]) if "cx" in a else (a["x"] + a["width"] / 2, a["y"] + a["height"] / 2))
    return found


def height(svg: str) -> float:
    return float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3])


def kinds(svg: str) -> list[tuple[str, str]]:
    return [(mark.tag, mark.attrib["fill"]) for mark in ElementTree.fromstring(svg)]


@pytest.mark.parametrize("name", data.DATASETS)
def test_every_point_is_a_mark_inside_the_picture(name: str) -> None:
    made = data.preview(name)
    svg = scatter_svg(made)
    marks = centres(svg)
    assert len(marks) == len(made.y)
    assert all(0 < across < WIDTH and 0 < down < height(svg) for across, down in marks)


@pytest.mark.parametrize("name", REGRESSION)
def test_marks_lie_as_the_points_do(name: str) -> None:
    made = data.preview(name)
    across, down = np.array(centres(scatter_svg(made))).T
    for drawn, value in ((across, made.X[:, 0]), (-down, made.y)):
        scaled = (drawn - drawn.min()) / np.ptp(drawn)
        np.testing.assert_allclose(scaled, (value - value.min()) / np.ptp(value), atol=0.01)


@pytest.mark.parametrize("name", [*SURFACES, *PLANE_CLASSES])
def test_marks_of_the_plane_lie_as_the_points_do_and_to_one_scale(name: str) -> None:
    made = data.preview(name)
    drawn = np.array(centres(scatter_svg(made))) * [1.0, -1.0]
    step = np.ptp(drawn, axis=0) / np.ptp(made.X, axis=0)
    assert step[0] == pytest.approx(step[1], rel=0.01)
    np.testing.assert_allclose(
        (drawn - drawn.min(axis=0)) / step, made.X - made.X.min(axis=0), atol=0.01 * np.ptp(made.X)
    )


@pytest.mark.parametrize("name", SURFACES)
def test_values_of_the_plane_are_told_by_colour_and_by_size(name: str) -> None:
    made = data.preview(name)
    svg = scatter_svg(made)
    share = (made.y - made.y.min()) / np.ptp(made.y)
    radii = np.array([float(mark.attrib["r"]) for mark in ElementTree.fromstring(svg)])
    assert kinds(svg) == [("circle", value_colour(part)) for part in share]
    assert {OTHER_CLASS, FIT} <= {colour for _, colour in kinds(svg)}
    np.testing.assert_allclose((radii - radii.min()) / np.ptp(radii), share, atol=0.06)


def test_colours_run_from_one_class_through_grey_to_the_other() -> None:
    assert [value_colour(share) for share in (0.0, 0.5, 1.0)] == [OTHER_CLASS, MIDDLE, FIT]
    ramp = [[int(value_colour(share)[k : k + 2], 16) for k in (1, 5)] for share in np.linspace(0.0, 1.0, 101)]
    red, blue = np.diff(ramp, axis=0).T
    assert (red <= 0).all()
    assert (blue >= 0).all()


def test_the_peak_of_the_pyramid_is_the_bluest_and_its_rim_orange() -> None:
    made = data.load("tent2", n=80, noise=0.0)
    colours = np.array([colour for _, colour in kinds(scatter_svg(made))])
    out = np.abs(made.X).max(axis=1)
    assert colours[np.argmin(out)] == FIT
    assert colours[np.argmax(out)] == OTHER_CLASS


@pytest.mark.parametrize("name", [*CLASSIFICATION, *PLANE_CLASSES])
def test_the_classes_differ_in_shape_and_colour(name: str) -> None:
    made = data.preview(name)
    mark = {1.0: ("circle", FIT), -1.0: ("rect", OTHER_CLASS)}
    assert kinds(scatter_svg(made)) == [mark[label] for label in made.y]
    assert len(set(made.y)) == 2


@pytest.mark.parametrize("dims", [1, 2])
def test_points_without_extent_are_drawn_all_the_same(dims: int) -> None:
    made = data.Dataset.create(np.zeros((3, dims)), np.ones(3), "regression")
    marks = centres(scatter_svg(made))
    assert len(marks) == 3
    assert np.isfinite(marks).all()


def test_regression_takes_the_ink_of_the_theme_and_screen_readers_skip_the_picture() -> None:
    svg = scatter_svg(data.preview("sine"))
    assert set(kinds(svg)) == {("circle", "currentColor")}
    assert 'aria-hidden="true"' in svg
