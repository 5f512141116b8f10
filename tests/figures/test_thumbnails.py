"""Thumbnails of the presets: valid SVG whose marks are the points."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from convexviz import data
from convexviz.figures.theme import FIT, OTHER_CLASS
from convexviz.figures.thumbnails import HEIGHT, WIDTH, scatter_svg

REGRESSION, CLASSIFICATION = (data.names(task, dims=1) for task in data.TASKS)


def centres(svg: str) -> list[tuple[float, float]]:
    """Where the marks are, squares by their middle."""
    found = []
    for mark in ElementTree.fromstring(svg):
        a = {name: float(value) for name, value in mark.attrib.items() if name not in ("fill",)}
        found.append((a["cx"], a["cy"]) if "cx" in a else (a["x"] + a["width"] / 2, a["y"] + a["height"] / 2))
    return found


def kinds(svg: str) -> list[tuple[str, str]]:
    return [(mark.tag, mark.attrib["fill"]) for mark in ElementTree.fromstring(svg)]


@pytest.mark.parametrize("name", [*REGRESSION, *CLASSIFICATION])
def test_every_point_is_a_mark_inside_the_picture(name: str) -> None:
    made = data.preview(name)
    marks = centres(scatter_svg(made))
    assert len(marks) == len(made.y)
    assert all(0 < across < WIDTH and 0 < down < HEIGHT for across, down in marks)


@pytest.mark.parametrize("name", REGRESSION)
def test_marks_lie_as_the_points_do(name: str) -> None:
    made = data.preview(name)
    across, down = np.array(centres(scatter_svg(made))).T
    for drawn, value in ((across, made.X[:, 0]), (-down, made.y)):
        scaled = (drawn - drawn.min()) / np.ptp(drawn)
        np.testing.assert_allclose(scaled, (value - value.min()) / np.ptp(value), atol=0.01)


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_the_classes_differ_in_shape_and_colour(name: str) -> None:
    made = data.preview(name)
    mark = {1.0: ("circle", FIT), -1.0: ("rect", OTHER_CLASS)}
    assert kinds(scatter_svg(made)) == [mark[label] for label in made.y]
    assert len(set(made.y)) == 2


def test_points_without_extent_are_drawn_all_the_same() -> None:
    made = data.Dataset.create(np.zeros((3, 1)), np.ones(3), "regression")
    marks = centres(scatter_svg(made))
    assert len(marks) == 3
    assert np.isfinite(marks).all()


def test_regression_takes_the_ink_of_the_theme_and_screen_readers_skip_the_picture() -> None:
    svg = scatter_svg(data.preview("sine"))
    assert set(kinds(svg)) == {("circle", "currentColor")}
    assert 'aria-hidden="true"' in svg
