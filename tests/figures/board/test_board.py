"""The board as a figure: the points as they are, the network exact, what is named is shown and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.figures.board import board_figure, board_spec
from convexviz.figures.board.levels import level_lines
from convexviz.figures.inks import DARK, INK, PAPER, inked

LINE = cv.ReLUNetwork(np.array([[1.0], [-1.0]]), np.array([-0.2, 0.5]), np.array([2.0, -1.0]), 0.3)
PLANE = cv.ReLUNetwork.normalized(
    np.array([[1.0, 0.5], [-0.3, 1.0]]), np.array([0.1, -0.2]), np.array([2.0, -3.0]), 0.4
)


def named(spec: Any, name: str) -> Any:
    (found,) = [trace for trace in spec["data"] if trace["name"] == name and trace["showlegend"]]
    return found


def legend(spec: Any) -> list[str]:
    return [trace["name"] for trace in spec["data"] if trace["showlegend"]]


# ---------------------------------------------------------------- on the line


def test_the_fit_is_the_network_at_the_ends_of_the_window_and_at_its_kinks() -> None:
    x = np.array([-1.0, 0.0, 1.0])
    spec = board_spec(x[:, None], x, mode="regression", network=LINE, view=((-2.0, 2.0), (-3.0, 3.0)))
    fit = named(spec, "network")
    assert fit["x"].tolist() == [-2.0, 0.2, 0.5, 2.0]
    np.testing.assert_allclose(fit["y"], LINE.predict(fit["x"][:, None]), rtol=0, atol=1e-12)
    kinks = named(spec, "kinks")
    np.testing.assert_allclose(kinks["x"], [0.2, 0.5])
    np.testing.assert_allclose(kinks["y"], LINE.predict(np.array([[0.2], [0.5]])))


def test_regions_on_the_line_cover_the_window_and_change_where_the_network_is_zero() -> None:
    spec = board_spec(
        [[0.0], [1.0]], [-1, 1], mode="line-classes", network=LINE, view=((-2.0, 2.0), (-2.0, 2.0)), regions=True
    )
    areas = [trace for trace in spec["data"] if trace.get("fill") == "toself"]
    inside = [np.unique(area["x"][np.isfinite(area["x"])]) for area in areas]
    edges = np.unique(np.concatenate(inside))
    zeros = edges[1:-1]
    assert edges[[0, -1]].tolist() == [-2.0, 2.0]
    assert len(zeros) >= 1
    np.testing.assert_allclose(LINE.predict(zeros[:, None]), 0.0, atol=1e-12)


def test_a_network_of_the_browser_is_the_same_as_its_own() -> None:
    message: Any = {"u": [1, -1], "b": [-0.2, 0.5], "w": [2.0, -1.0], "c": 0.3}
    first, second = (board_spec([[0.0]], [1.0], mode="regression", network=n) for n in (LINE, message))
    np.testing.assert_array_equal(named(first, "network")["y"], named(second, "network")["y"])


# ---------------------------------------------------------------- in the plane


def test_boundary_and_margins_lie_where_the_network_takes_their_values() -> None:
    spec = board_spec([[0.0, 0.0]], [1], mode="plane", network=PLANE, margins=True, regions=True)
    for name, level in (("boundary f = 0", 0.0), ("margins f = ±1", 0.999)):
        line = named(spec, name)
        places = np.column_stack([line["x"], line["y"]])
        places = places[np.isfinite(places).all(axis=1)]
        assert len(places) > 10
        np.testing.assert_allclose(np.abs(PLANE.predict(places)), level, atol=1e-6)


def test_the_heat_map_holds_the_networks_values() -> None:
    spec = board_spec([[0.0, 0.0]], [1.0], mode="plane-values", network=PLANE, regions=True)
    heat: Any = spec["data"][0]
    x, y = np.meshgrid(heat["x"], heat["y"])
    np.testing.assert_allclose(heat["z"], PLANE.predict(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape))


def test_break_lines_end_at_the_window_and_triangles_point_to_the_active_side() -> None:
    spec = board_spec([[0.0, 0.0]], [1], mode="plane", network=PLANE, lines=True, view=((-1.0, 1.0), (-1.0, 1.0)))
    lines: Any = [trace for trace in spec["data"] if trace["name"] == "" and trace["line"]["width"] > 1]
    for trace in lines:
        places = np.column_stack([trace["x"], trace["y"]])[:2]
        np.testing.assert_allclose(np.abs(PLANE.preactivations(places)).min(axis=1), 0.0, atol=1e-12)
        np.testing.assert_allclose(np.abs(places).max(axis=1), 1.0)
    heads: Any = [trace for trace in spec["data"] if trace.get("fill") == "toself"]
    assert len(heads) == 2  # of two weights, one pale
    tips = np.vstack([np.column_stack([head["x"], head["y"]])[1::5] for head in heads])
    assert (PLANE.preactivations(tips).max(axis=1) > 0).all()
    assert legend(spec)[:2] == ["break line → active side", "the same, w < 0"]


def test_points_outside_the_window_of_the_plane_widen_it() -> None:
    spec: Any = board_spec([[3.0, 0.0]], None, mode="plane-points", view=((-1.0, 1.0), (-1.0, 1.0)))
    (low, high), _ = spec["layout"]["xaxis"]["range"], spec["layout"]["yaxis"]["range"]
    assert low < -3.0 < 3.0 < high
    assert spec["layout"]["yaxis"]["scaleanchor"] == "x"


def test_level_lines_of_a_saddle_do_not_cross_and_those_of_a_ring_close() -> None:
    xs = np.linspace(-1, 1, 2)
    ends = level_lines(np.array([[1.0, -1.0], [-1.0, 1.0]]), xs, xs, 0.0)
    assert len(ends) == 2 * 3
    t = np.linspace(-2, 2, 41)
    ring = level_lines(np.hypot(*np.meshgrid(t, t)), t, t, 1.0, lambda p: np.hypot(*p.T))
    np.testing.assert_allclose(np.hypot(*ring[:-1].T), 1.0, atol=1e-6)
    np.testing.assert_allclose(ring[0], ring[-2])


# ---------------------------------------------------------------- the legend, and what is laid over


def test_the_legend_names_what_is_shown_once_and_nothing_else() -> None:
    curve: Any = {"id": "a", "label": "runs", "x": [0, 1], "y": [0, 1], "color": "#BD8300", "dash": "dash", "width": 2}
    unnamed = curve | {"label": "", "color": "#3A96CC"}
    mark: Any = {
        "id": "m",
        "label": "far",
        "x": 9.0,
        "y": 9.0,
        "color": "#009E73",
        "shape": "star",
        "size": 5,
        "text": "far",
    }
    spec = board_spec(
        [[0.0], [1.0]],
        [1.0, 0.0],
        mode="regression",
        curves=[curve, curve, unnamed],
        marks=[mark],
        chosen=1,
        chosen_label="p",
    )
    assert legend(spec) == ["runs", "p", "points"]
    assert spec["layout"]["meta"]["alt"] == "y against x: 2 points; runs; p."


def test_classes_differ_in_colour_and_shape() -> None:
    spec = board_spec([[0.0, 0.0], [1.0, 1.0]], [1, -1], mode="plane")
    looks = {name: named(spec, name)["marker"] for name in ("class +1", "class −1")}
    assert looks["class +1"]["symbol"] == "circle"
    assert looks["class −1"]["symbol"] == "square"
    assert looks["class +1"]["color"] != looks["class −1"]["color"]


def test_a_filled_curve_is_closed_and_its_colour_is_transparent() -> None:
    hull: Any = {
        "id": "c",
        "label": "C",
        "x": [0, 1, 0],
        "y": [0, 0, 1],
        "color": "#009E73",
        "fill": True,
        "opacity": 0.1,
    }
    trace = named(board_spec([[0.0, 0.0]], None, mode="plane-points", curves=[hull]), "C")
    assert (trace["x"][0], trace["y"][0]) == (trace["x"][-1], trace["y"][-1])
    assert trace["fillcolor"] == "rgba(0, 158, 115, 0.1)"


def test_names_stand_beside_their_points_and_not_upon_each_other() -> None:
    spec = board_spec([[0.0, 0.0], [0.02, 0.0]], None, mode="plane-points", view=((-1, 1), (-1, 1)), names=["a", "b"])
    first, second = spec["layout"]["annotations"]
    assert (first["text"], first["x"], second["x"]) == ("<i>a</i>", 0.0, 0.02)
    assert (first["xanchor"], first["yanchor"]) != (second["xanchor"], second["yanchor"])


# ---------------------------------------------------------------- for a script


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("network", [LINE, PLANE])
def test_a_script_gets_a_figure_that_plotly_accepts(network: cv.ReLUNetwork, classes: bool) -> None:
    X = np.linspace(-1, 1, 6 * network.dimension).reshape(6, -1)
    y = np.sign(X[:, 0]) if classes else X[:, 0]
    figure = board_figure(network, X, y, classes=classes)
    assert isinstance(figure, go.Figure)
    assert figure.layout.title.text
    assert figure.layout.meta["alt"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((PLANE, [[0.0]], [1.0]), "must take 1 inputs"),
        ((LINE, [0.0], [1.0]), "X must have shape"),
        ((LINE, [[0.0]], [1.0, 2.0]), "one number for each row"),
        ((None, [[0.0]], None), "needs y"),
    ],
)
def test_what_does_not_belong_together_is_refused(arguments: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        board_figure(*arguments)


def test_classes_must_be_classes() -> None:
    with pytest.raises(ValueError, match=r"\+1 and -1"):
        board_figure(LINE, [[0.0]], [0.5], classes=True)


def test_dark_ink_takes_the_place_of_light_ink_and_of_the_pages_variables() -> None:
    spec: Any = {"data": [{"line": {"color": INK}, "marker": {"color": "var(--st-background-color)"}}], "layout": {}}
    assert inked(spec)["data"][0]["marker"]["color"] == PAPER
    dark: Any = inked(spec, "dark")["data"][0]
    assert (dark["line"]["color"], dark["marker"]["color"]) == (DARK[INK], DARK[PAPER])
    with pytest.raises(ValueError, match="light"):
        inked(spec, "sepia")


# ---------------------------------------------------------------- weights

FOUR = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


@pytest.mark.parametrize("mode", ["regression", "line-classes", "plane", "plane-values", "plane-points"])
def test_the_area_of_a_point_is_its_weight_and_one_of_weight_0_is_hollow(mode: Any) -> None:
    X, y = (FOUR[:, :1] if mode in ("regression", "line-classes") else FOUR), [1.0, -1.0, 1.0, 1.0]
    spec = board_spec(X, None if mode == "plane-points" else y, mode=mode, weights=[1.0, 0.0, 4.0, 9.0])
    sized = [trace for trace in spec["data"] if trace["name"].endswith("area by weight")]
    sizes = np.sort(np.concatenate([trace["marker"]["size"] for trace in sized]))
    np.testing.assert_allclose(sizes / sizes[0], [1.0, 2.0, 3.0])
    hollow = named(spec, "weight 0: left out")
    assert len(hollow["x"]) == 1
    assert hollow["marker"]["symbol"].endswith("-open")


@pytest.mark.parametrize(
    ("weights", "shares"), [([1000.0] * 4, 10**0.5), ([1e-3] * 4, 1.0), ([1.0, 1.0, 1.0, 1e6], 0.4)]
)
def test_points_stay_of_a_size_that_can_be_seen(weights: list[float], shares: float) -> None:
    spec = board_spec(FOUR[:, :1], FOUR[:, 1], mode="regression", weights=weights)
    size = spec["data"][-1]["marker"]["size"]
    assert size[0] == pytest.approx(11.0 * shares)
    assert max(size) <= 11.0 * 10**0.5 + 1e-9


def test_weights_of_one_each_draw_what_was_drawn_without() -> None:
    plain, ones = (board_spec(FOUR, FOUR[:, 1], mode="plane-values", weights=w) for w in (None, np.ones(4)))
    assert repr(plain) == repr(ones)


def test_weights_must_be_one_for_each_point() -> None:
    with pytest.raises(ValueError, match=r"shape \(4,\)"):
        board_spec(FOUR, FOUR[:, 1], mode="plane-values", weights=[1.0, 2.0])
