"""Figures of the lesson in the plane: the theorems that they show, asserted on their traces."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.app.components.chart import figure_json
from convexviz.core.solution import Solution
from convexviz.figures import plane as figures
from convexviz.figures.plane.decision import support_vectors
from convexviz.figures.theme import OVERLAY

TOUCH = 1e-5  # of beta; how far a neuron in use may be from the bound, at the gap below
SOLVED = 1e-9  # relative gap asked for where that is tested: v is exact to about the root of the gap
GRID = 1e-9  # one formula evaluated twice
VIEW = ((-1.2, 1.2), (-1.1, 1.1))
DUAL, MARKS = range(2)  # traces of the dual map
SURFACE, RAMP, FIRST_POINTS = range(3)  # traces of the surface

LOSSES = ("squared", "interpolate", "hinge", "logistic", "hard_margin")


@dataclass(frozen=True)
class Case:
    """Data X (n, 2), y (n,) and the optimal network."""

    X: np.ndarray
    y: np.ndarray
    solution: Solution

    @property
    def beta(self) -> float:
        return 1.0 if self.solution.loss in ("interpolate", "hard_margin") else self.solution.beta


@pytest.fixture(scope="module")
def solved() -> Callable[..., Case]:
    """`solved(loss, beta)` on 24 seeded points; each problem is solved once."""
    known: dict[tuple[str, float], Case] = {}

    def case(loss: str, beta: float = 0.05) -> Case:
        if (loss, beta) not in known:
            X = np.random.default_rng(7).uniform(-1.0, 1.0, (24, 2))
            values = np.sin(3 * X[:, 0]) * X[:, 1]
            y = values if loss in ("squared", "interpolate") else np.where(values > 0, 1.0, -1.0)
            solution = cv.solve(X, y, beta=beta, loss=loss, tol=SOLVED)
            known[loss, beta] = Case(X, y, solution)
        return known[loss, beta]

    return case


@pytest.fixture(params=LOSSES)
def case(request: pytest.FixtureRequest, solved: Callable[..., Case]) -> Case:
    return solved(request.param)


def dual_by_the_definition(case: Case, u: np.ndarray, b: np.ndarray) -> np.ndarray:
    """N_v(u, b) / beta = sum_i v_i (u . x_i + b)_+ / beta, (k,), for neurons u (k, 2), b (k,)."""
    return case.solution.v @ np.maximum(case.X @ u.T + b, 0.0) / case.beta


def values_on_the_grid(case: Case, trace: go.Surface | go.Heatmap) -> np.ndarray:
    """f by its definition at each grid point of a trace, one row per y."""
    n = case.solution.network
    x, y = np.meshgrid(trace.x, trace.y)
    return sum(
        (w * np.maximum(u[0] * x + u[1] * y + b, 0.0) for u, b, w in zip(n.U, n.b, n.w, strict=True)),
        start=np.full(x.shape, n.c),
    )


def by_size(case: Case) -> np.ndarray:
    return np.argsort(-np.abs(case.solution.network.w), kind="stable")


# --- the dual function over all neurons ----------------------------------------------------------------------------


def test_the_map_is_the_dual_function_by_its_definition(case: Case) -> None:
    heat = figures.dual_map_figure(case.solution, case.X, VIEW).data[DUAL]
    angle, offset = (a.ravel() for a in np.meshgrid(np.deg2rad(heat.x), heat.y))
    u = np.column_stack([np.cos(angle), np.sin(angle)])
    expected = dual_by_the_definition(case, u, -offset)  # the middle of VIEW is the origin
    np.testing.assert_allclose(heat.z, expected.reshape(np.shape(heat.z)), atol=GRID * max(1.0, np.abs(expected).max()))


def test_the_offset_is_measured_from_the_middle_of_the_window(solved: Callable[..., Case]) -> None:
    """Data and window moved together: the same map."""
    case = solved("squared")
    moved = ((9 - 1.2, 9 + 1.2), (-5 - 1.1, -5 + 1.1))
    n = case.solution.network
    far = replace(case.solution, network=cv.ReLUNetwork(n.U, n.b - n.U @ [9.0, -5.0], n.w, n.c))
    here = figures.dual_map_figure(case.solution, case.X, VIEW)
    there = figures.dual_map_figure(far, case.X + np.array([9.0, -5.0]), moved)
    np.testing.assert_allclose(there.data[DUAL].z, here.data[DUAL].z, atol=1e-9)
    np.testing.assert_allclose(there.data[MARKS].y, here.data[MARKS].y, atol=1e-9)


def test_the_dual_function_nowhere_leaves_the_bound(case: Case) -> None:
    assert case.solution.certified
    z = figures.dual_map_figure(case.solution, case.X, VIEW).data[DUAL].z
    assert np.abs(z).max() <= 1 + 1e-6


def test_every_neuron_touches_the_bound_with_the_sign_of_its_weight(case: Case) -> None:
    marks = figures.dual_map_figure(case.solution, case.X, VIEW).data[MARKS]
    w = case.solution.network.w[by_size(case)]
    assert len(marks.x) == len(w) > 0
    turn = np.deg2rad(marks.x)
    heights = dual_by_the_definition(case, np.column_stack([np.cos(turn), np.sin(turn)]), -np.asarray(marks.y))
    np.testing.assert_allclose(heights, np.sign(w), atol=TOUCH)
    assert list(marks.marker.symbol) == ["triangle-up" if weight > 0 else "triangle-down" for weight in w]
    np.testing.assert_array_equal(marks.customdata, np.arange(len(w)))


def test_every_touching_point_of_a_problem_lies_in_the_picture(case: Case) -> None:
    for view in (VIEW, None):
        figure = figures.dual_map_figure(case.solution, case.X, view)
        low, high = figure.layout.yaxis.range
        assert (np.abs(figure.data[MARKS].x) <= 180).all()
        assert low < np.min(figure.data[MARKS].y)
        assert np.max(figure.data[MARKS].y) < high


def colour_at(scale: tuple[tuple[float, str], ...], share: float) -> str:
    """The colour at or before a share of a colour scale, where the scale is constant."""
    return [colour for place, colour in scale if place <= share][-1]


def test_only_violations_are_orange(solved: Callable[..., Case]) -> None:
    case = solved("squared")
    heat = figures.dual_map_figure(case.solution, case.X, VIEW).data[DUAL]

    def share(z: float) -> float:
        return float(np.clip((z - heat.zmin) / (heat.zmax - heat.zmin), 0.0, 1.0))

    assert [colour_at(heat.colorscale, share(z)) == OVERLAY for z in (-3.0, -1.003, 1.003, 1.2)] == [True] * 4
    held = [share(z) for z in (-1.0001, 1.0001)]
    edges = [place for place, colour in heat.colorscale if colour == OVERLAY]
    assert edges[1] < held[0] < held[1] < edges[-2]


def test_above_beta_max_nothing_touches(solved: Callable[..., Case]) -> None:
    case = solved("squared")
    top = cv.beta_max(case.X, case.y)
    figure = figures.dual_map_figure(cv.solve(case.X, case.y, beta=2 * top), case.X, VIEW)
    assert len(figure.data[MARKS].x) == 0
    assert np.abs(figure.data[DUAL].z).max() <= 0.5 + 1e-6


# --- the surface ---------------------------------------------------------------------------------------------------


def test_the_surface_is_the_network(case: Case) -> None:
    surface = figures.surface_figure(case.solution, case.X, case.y, VIEW).data[SURFACE]
    assert (surface.x[0], surface.x[-1], surface.y[0], surface.y[-1]) == (*VIEW[0], *VIEW[1])
    np.testing.assert_allclose(surface.z, values_on_the_grid(case, surface), atol=1e-9 * case.solution.network.penalty)


def test_a_lit_neuron_is_what_its_partial_sum_adds_to_the_one_before(case: Case) -> None:
    one, two = (figures.surface_figure(case.solution, case.X, case.y, VIEW, neuron=j).data for j in (1, 2))
    np.testing.assert_allclose(two[SURFACE].z, np.add(one[SURFACE].z, two[RAMP].z), atol=1e-9)
    whole = figures.surface_figure(case.solution, case.X, case.y, VIEW).data
    end = case.solution.network.width - 1
    last = figures.surface_figure(case.solution, case.X, case.y, VIEW, neuron=end).data
    np.testing.assert_allclose(last[SURFACE].z, whole[SURFACE].z, atol=1e-9)
    assert (whole[RAMP].visible, two[RAMP].visible) == (False, True)


def test_the_points_stand_at_their_targets(case: Case) -> None:
    figure = figures.surface_figure(case.solution, case.X, case.y, VIEW)
    points = [trace for trace in figure.data if trace.type == "scatter3d"]
    drawn = np.concatenate([np.column_stack([trace.x, trace.y, trace.z]) for trace in points])
    expected = np.column_stack([case.X, case.y])
    np.testing.assert_array_equal(drawn[np.lexsort(drawn.T)], expected[np.lexsort(expected.T)])
    low, high = figure.layout.scene.zaxis.range
    assert low < case.y.min()
    assert case.y.max() < high


def test_classes_have_the_sheet_where_the_network_is_zero(case: Case) -> None:
    figure = figures.surface_figure(case.solution, case.X, case.y, VIEW)
    sheets = [trace for trace in figure.data if trace.type == "surface" and np.shape(trace.z) == (2, 2)]
    classes = case.solution.loss in ("hinge", "logistic", "hard_margin")
    assert [np.any(sheet.z) for sheet in sheets] == [False] * classes


# --- the weights ---------------------------------------------------------------------------------------------------


def test_the_weights_are_those_of_the_network_the_largest_first(case: Case) -> None:
    stems, marks = figures.weights_figure(case.solution).data
    np.testing.assert_array_equal(marks.y, case.solution.network.w[by_size(case)])
    assert (np.diff(np.abs(marks.y)) <= 0).all()
    np.testing.assert_array_equal(marks.customdata, np.arange(len(marks.y)))
    assert list(marks.x) == [str(j + 1) for j in range(len(marks.y))]
    np.testing.assert_array_equal(stems.y[1::3], marks.y)
    assert list(stems.x[1::3]) == list(marks.x)


def test_the_map_and_the_weights_count_neurons_alike(case: Case) -> None:
    marks = figures.dual_map_figure(case.solution, case.X, VIEW).data[MARKS]
    assert list(figures.weights_figure(case.solution).data[1].marker.symbol) == list(marks.marker.symbol)


# --- the picture for slides ----------------------------------------------------------------------------------------


def named(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_regions_have_the_sign_of_the_network_and_the_points(solved: Callable[..., Case]) -> None:
    case = solved("hard_margin")
    figure = figures.decision_figure(case.solution, case.X, case.y, VIEW)
    regions = named(figure, "regions")
    np.testing.assert_allclose(regions.z, values_on_the_grid(case, regions), atol=1e-9 * case.solution.network.penalty)
    colours = [colour for _, colour in regions.colorscale]
    assert colours[0] == colours[1] != colours[2] == colours[3], "one colour for each sign"
    for name, sign in (("class +1", 1.0), ("class −1", -1.0)):
        trace = named(figure, name)
        found = case.solution.network.predict(np.column_stack([trace.x, trace.y]))
        assert (sign * found >= 1 - 1e-6).all(), "a hard margin leaves every point outside the margins"
    boundary, margins = named(figure, "boundary f = 0").contours, named(figure, "margins f = ±1").contours
    assert (boundary.start, boundary.end, margins.start, margins.end, margins.size) == (0, 0, -1, 1, 2)


@pytest.mark.parametrize("loss", ["hinge", "hard_margin"])
def test_support_vectors_lie_on_or_inside_the_margins(solved: Callable[..., Case], loss: str) -> None:
    case = solved(loss)
    held = support_vectors(case.solution)
    margin = case.y * case.solution.network.predict(case.X)
    assert 0 < held.sum() <= len(held)
    assert (margin[held] <= 1 + 1e-4).all()
    assert held[margin < 1 - 1e-3].all(), "whoever misses the margin has a price"
    rings = named(figures.decision_figure(case.solution, case.X, case.y), "support vectors")
    np.testing.assert_array_equal(np.column_stack([rings.x, rings.y]), case.X[held])


def test_break_lines_are_where_neurons_switch_and_end_at_the_window(case: Case) -> None:
    n = case.solution.network
    trace = named(figures.decision_figure(case.solution, case.X, case.y, VIEW), "a neuron switches")
    ends = np.column_stack([trace.x, trace.y]).reshape(-1, 3, 2)
    assert len(ends) == n.width, "each neuron of these problems switches within the window"
    assert np.isnan(ends[:, 2]).all()
    for (u, b), pair in zip(zip(n.U[by_size(case)], n.b[by_size(case)], strict=True), ends[:, :2], strict=True):
        np.testing.assert_allclose(pair @ u + b, 0.0, atol=1e-9)
        for p in pair:
            on_edge = [min(abs(p[k] - limit) for limit in VIEW[k]) for k in range(2)]
            assert min(on_edge) <= 1e-9
            assert all(VIEW[k][0] - 1e-9 <= p[k] <= VIEW[k][1] + 1e-9 for k in range(2))


@pytest.mark.parametrize("u", [(1.0, 0.0), (0.0, -1.0)])
@pytest.mark.parametrize(("b", "crosses"), [(0.5, True), (7.0, False)])
def test_upright_and_level_lines_are_drawn_if_they_cross_the_window(
    solved: Callable[..., Case], u: tuple[float, float], b: float, crosses: bool
) -> None:
    case = solved("hinge")
    one = replace(case.solution, network=cv.ReLUNetwork(np.array([u]), np.array([b]), np.array([1.0]), 0.0))
    trace = named(figures.decision_figure(one, case.X, case.y, VIEW), "a neuron switches")
    assert len(trace.x) == (3 if crosses else 0)


def test_the_axes_of_the_decision_picture_are_equal(case: Case) -> None:
    page = figures.decision_figure(case.solution, case.X, case.y).layout
    assert page.yaxis.scaleanchor == "x"
    low, high = case.X.min(axis=0), case.X.max(axis=0)
    for axis, k in ((page.xaxis, 0), (page.yaxis, 1)):
        assert axis.range[0] < low[k] < high[k] < axis.range[1]


# --- the path ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path(solved: Callable[..., Case]) -> list[Solution]:
    case = solved("squared")
    return [cv.solve(case.X, case.y, beta=b) for b in cv.beta_max(case.X, case.y) * np.geomspace(1.0, 1e-2, 6)]


def test_loss_and_penalty_of_the_path_add_up_to_the_objective(path: list[Solution]) -> None:
    loss, penalty, neurons = figures.plane_path_spec(path)["data"][:3]
    by_beta = {s.beta: s for s in path}
    assert (np.diff(loss["x"]) > 0).all()
    for beta, a, b, count in zip(loss["x"], loss["y"], penalty["y"], neurons["y"], strict=True):
        assert a + b == pytest.approx(by_beta[beta].objective, rel=1e-12)
        assert b == pytest.approx(beta * np.abs(by_beta[beta].network.w).sum(), abs=1e-15)
        assert count == by_beta[beta].network.width
    assert (np.diff(loss["y"]) >= -1e-6).all(), "the loss of optimal networks grows with beta"


def test_both_panels_of_the_path_have_a_line_at_beta(path: list[Solution]) -> None:
    spec = figures.plane_path_spec(path)
    following = [trace for trace in spec["data"] if trace.get("meta") == {"at": "beta"}]
    assert [trace["yaxis"] for trace in following] == ["y", "y2"]
    assert [list(trace["y"]) for trace in following] == [spec["layout"][axis]["range"] for axis in ("yaxis", "yaxis2")]


# --- the bounds, round by round ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    upper: float
    lower: float
    maximum: float
    neurons: int = 1
    added: int = 1
    seconds: float = 0.0


def test_bounds_are_those_of_the_rounds_counted_from_one(case: Case) -> None:
    history = case.solution.history
    spec = figures.bounds_spec(history, beta=case.beta)
    upper, lower, worst = (spec["data"][k] for k in (2, 3, 5))
    for trace, name in ((upper, "upper"), (lower, "lower")):
        known = np.array([getattr(r, name) for r in history])
        np.testing.assert_array_equal(trace["x"], np.arange(1, len(history) + 1))
        np.testing.assert_array_equal(trace["y"], np.where(np.isfinite(known), known, np.nan))
    finite = np.isfinite(worst["y"])
    np.testing.assert_allclose(worst["y"][finite], np.array([r.maximum for r in history])[finite] / case.beta)
    low, high = spec["layout"]["yaxis"]["range"]
    assert low < case.solution.lower_bound < high


def test_the_shaded_gap_lies_between_the_bounds_where_both_are_known() -> None:
    history = [
        Step(np.inf, -np.inf, np.nan),
        Step(np.inf, 0.1, 40.0),
        Step(90.0, 0.5, 3.0),
        Step(2.0, 0.9, 1.5),
        Step(1.0, 1.0, 1.0),
    ]
    spec = figures.bounds_spec(history)
    below, above = spec["data"][:2]
    np.testing.assert_array_equal(below["x"], [3, 4, 5])
    np.testing.assert_array_equal(below["y"], [0.5, 0.9, 1.0])
    np.testing.assert_array_equal(above["y"], [90.0, 2.0, 1.0])
    assert above["fill"] == "tonexty"
    low, high = spec["layout"]["yaxis"]["range"]
    assert low <= 0.0 < 1.0 < high < 5.0, "a first bound far above does not flatten the others"
    assert json.loads(figure_json(spec))["layout"]["yaxis2"]["range"][1] > np.log10(40)


@pytest.mark.parametrize(
    "history", [[], [Step(np.inf, -np.inf, np.nan)], [Step(0.0, 0.0, 0.0)], [Step(np.inf, 0.2, np.inf)]]
)
def test_bounds_of_hardly_any_rounds_can_be_drawn(history: list[Step]) -> None:
    spec = figures.bounds_spec(history)
    assert np.isfinite([*spec["layout"]["yaxis"]["range"], *spec["layout"]["yaxis2"]["range"]]).all()
    assert len(figures.bounds_figure(history).data) == len(spec["data"])
    assert len(spec["data"][2]["x"]) == len(history)


def test_both_panels_of_the_bounds_have_a_line_at_the_round() -> None:
    traces = figures.bounds_spec([Step(2.0, 0.9, 1.5), Step(1.0, 1.0, 1.0)])["data"]
    following = [trace for trace in traces if trace.get("meta") == {"at": "round"}]
    assert [trace["yaxis"] for trace in following] == ["y", "y2"]
    assert all((np.asarray(trace["y"]) > 0).all() for trace in following[1:]), "a logarithmic axis"


# --- the page's version, plotly and the layers ---------------------------------------------------------------------


def pairs(case: Case) -> list[tuple[dict, go.Figure]]:
    """The page's version of each figure, and the figure."""
    classes = case.solution.loss in ("hinge", "logistic", "hard_margin")
    s, X, y = case.solution, case.X, case.y
    return [
        (figures.dual_map_spec(VIEW), figures.dual_map_figure(s, X, VIEW)),
        (figures.surface_spec(VIEW, (-2.0, 2.0), X, y, classes), figures.surface_figure(s, X, y, VIEW, (-2.0, 2.0))),
        (figures.weights_spec(), figures.weights_figure(s)),
        (figures.bounds_spec(s.history), figures.bounds_figure(s.history)),
        (figures.plane_path_spec([s]), figures.plane_path_figure([s])),
    ]


def test_the_page_is_sent_the_traces_of_the_figure(case: Case) -> None:
    """`go.Figure` validates each property; the specs are what the page is sent."""
    for spec, figure in pairs(case):
        assert [trace["type"] for trace in spec["data"]] == [trace.type for trace in figure.data]
        assert [trace.get("meta") for trace in spec["data"]] == [trace.meta for trace in figure.data]
        assert spec["layout"]["title"]["text"] == figure.layout.title.text
        assert spec["layout"]["height"] == figure.layout.height
        assert len(go.Figure(spec).data) == len(spec["data"])


def test_what_the_browser_computes_is_not_sent(case: Case) -> None:
    """So that the figure is the same for all answers in one window, and small."""
    computed = [trace for spec, _ in pairs(case) for trace in spec["data"] if "plane" in (trace.get("meta") or {})]
    kinds = [trace["meta"]["plane"] for trace in computed]
    assert kinds == ["dual", "touch", "surface", "ramp", "stems", "weights"]
    assert all({"x", "y", "z", "customdata"}.isdisjoint(trace) for trace in computed)
    neurons = [trace["meta"]["plane"] for trace in computed if trace["meta"].get("neurons")]
    assert neurons == ["touch", "weights"]
    assert len(figure_json(figures.dual_map_spec(VIEW))) < 4000


def test_two_solutions_have_the_same_traces(solved: Callable[..., Case], case: Case) -> None:
    other = Case(case.X, case.y, cv.solve(case.X, case.y, beta=10.0, loss=case.solution.loss))
    for (one, a), (two, b) in zip(pairs(case), pairs(other), strict=True):
        assert [set(trace) for trace in one["data"]] == [set(trace) for trace in two["data"]]
        assert [trace.type for trace in a.data] == [trace.type for trace in b.data]


def test_every_figure_says_in_words_what_it_shows(solved: Callable[..., Case]) -> None:
    specs = [spec for spec, _ in pairs(solved("squared"))]
    alts = [spec["layout"]["meta"]["alt"] for spec in specs]
    assert len(set(alts)) == len(specs)
    assert all(alt.endswith(".") for alt in alts)
    assert len({spec["layout"]["uirevision"] for spec in specs}) == len(specs), "zoom is kept for each by itself"


def test_figures_do_not_need_streamlit() -> None:
    code = "import sys, convexviz.figures.plane; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
