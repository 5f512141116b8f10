"""Axes of the figures carry the names of the columns that the points came from."""

from __future__ import annotations

import numpy as np
import pytest

import convexviz as cv
from convexviz.figures import plane, splines
from convexviz.figures.parts import NAME, shown_name, told_name, unit_of

X = np.array([-1.0, -0.2, 0.4, 1.0])
LINE = cv.solve(X[:, None], np.array([0.0, 1.0, 0.2, 0.8]), beta=0.05)
WINDOW = ((-1.0, 1.0), (-2.0, 2.0))


def test_the_figures_of_the_line_name_the_input() -> None:
    dual = splines.dual_spec(LINE, X, (-1, 1), name="hours of sun")["layout"]
    assert dual["xaxis"]["title"]["text"] == "kink position (hours of sun)"
    neurons = splines.neuron_spec(LINE.network, (-1, 1), 2.0, name="hours of sun")["layout"]
    assert neurons["xaxis"]["title"]["text"] == "hours of sun"


def test_without_names_of_their_own_axes_are_called_as_in_the_text() -> None:
    assert splines.dual_spec(LINE, X, (-1, 1))["layout"]["xaxis"]["title"]["text"] == "kink position"
    assert splines.neuron_spec(LINE.network, (-1, 1), 2.0)["layout"]["xaxis"]["title"]["text"] == "x"
    assert plane.dual_map_spec(WINDOW)["layout"]["xaxis"]["title"]["text"] == "angle of u"
    scene = plane.surface_spec(WINDOW, (-1, 1), np.zeros((1, 2)), np.zeros(1))["layout"]["scene"]
    assert [scene[axis]["title"]["text"] for axis in ("xaxis", "yaxis", "zaxis")] == ["x₁", "x₂", "f"]


def test_the_figures_of_the_plane_name_both_inputs_and_the_target() -> None:
    names = ("rain", "sun")
    told = plane.dual_map_spec(WINDOW, axes=names)["layout"]["xaxis"]["title"]["text"]
    assert told == "angle of u (0°: rain, 90°: sun)"
    spec = plane.surface_spec(WINDOW, (-1, 1), np.zeros((1, 2)), np.zeros(1), axes=names, target="yield")
    scene = spec["layout"]["scene"]
    assert [scene[axis]["title"]["text"] for axis in ("xaxis", "yaxis", "zaxis")] == ["rain", "sun", "f (yield)"]
    assert spec["data"][0]["hovertemplate"].startswith("rain = %{x:.3g}<br>sun = %{y:.3g}<br>")


def test_an_angle_of_zero_means_the_first_column_alone() -> None:
    """What the title says of the map: a neuron at 0° sees the first input only, one at 90° the second."""
    grid = np.array([[i, j] for i in range(-2, 3) for j in range(-2, 3)], float)
    for column, angle in ((0, 0.0), (1, 90.0)):
        s = cv.solve(grid, grid[:, column], beta=0.01)
        touching = plane.dual_map_figure(s, grid).data[1]
        assert np.allclose(np.abs(touching.x) % 180, angle, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "shown", "told"),
    [
        ("x", "x", "x"),
        ("fat & <b>sugar</b>", "fat &amp; &lt;b&gt;sugar&lt;/b&gt;", "fat &amp; &lt;b&gt;sugar&lt;/b&gt;"),
        ("%{y} moist", "%{y} moist", "&#37;{y} moist"),
    ],
)
def test_a_name_is_shown_letter_by_letter(name: str, shown: str, told: str) -> None:
    assert (shown_name(name), told_name(name)) == (shown, told)


def test_a_long_name_is_cut() -> None:
    assert shown_name("a" * NAME) == "a" * NAME
    assert shown_name("a" * 99) == "a" * (NAME - 1) + "…"


def test_a_long_name_keeps_its_unit() -> None:
    assert shown_name(f"{'a' * 99} (m/s)") == f"{'a' * (NAME - 1)}… (m/s)"
    assert unit_of("speed (m/s)") == unit_of("speed [m/s]") == "m/s"
    assert unit_of("speed") == unit_of("f(x)x") == ""
