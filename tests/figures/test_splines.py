"""Figures of the lesson on the line: the theorems that they show, asserted on their traces."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.figures import splines as figures

GAP = 1e-6  # relative gap of a certified solution
TOUCH = 1e-4  # of beta; the dual vector of a gap of 1e-6 is exact to about the root of it
EDGE_LOW, EDGE_HIGH, RIGHT, LEFT, IN_USE = range(5)  # traces of the dual function
STEMS, TRIANGLES, PARTIAL, RAMPS, LIT = range(5)  # traces of the neurons
VIEW = (-1.2, 1.2)

CASES = (
    ("sine", "squared", 0.05),
    ("sine", "squared", 1e-4),
    ("outliers", "squared", 0.3),
    ("step", "interpolate", 1.0),
    ("two_bands", "hinge", 0.05),
    ("gaussians", "logistic", 0.02),
    ("three_bands", "hard_margin", 1.0),
    ("iris", "hinge", 0.1),
)


def solved(name: str, loss: str, beta: float) -> tuple[np.ndarray, cv.Solution]:
    """x of shape (n,) and the certified solution of a preset."""
    made = cv.datasets.load(name)
    solution = cv.solve(made.X, made.y, beta=beta, loss=loss)
    assert solution.certified
    return made.X[:, 0], solution


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]:g}")
def case(request: pytest.FixtureRequest) -> tuple[np.ndarray, cv.Solution]:
    return solved(*request.param)


def window(x: np.ndarray) -> tuple[float, float]:
    return float(x.min()) - 0.2, float(x.max()) + 0.2


def gaps(values: Any) -> list[np.ndarray]:
    """The pieces of a line that NaN interrupts."""
    values = np.asarray(values, float)
    cuts = np.flatnonzero(np.isnan(values))
    return [piece[~np.isnan(piece)] for piece in np.split(values, cuts) if not np.isnan(piece).all()]


# --- the dual function ---------------------------------------------------------------------------------------------


def test_the_dual_function_stays_within_the_band(case: tuple[np.ndarray, cv.Solution]) -> None:
    x, solution = case
    traces = figures.dual_traces(solution, x, window(x))
    for side in (LEFT, RIGHT):
        assert np.abs(traces[side]["y"]).max() <= 1 + GAP
        assert (traces[side]["x"][0], traces[side]["x"][-1]) == window(x)


def test_it_touches_the_band_at_every_neuron_and_with_the_sign_of_its_weight(
    case: tuple[np.ndarray, cv.Solution],
) -> None:
    x, solution = case
    network, marks = solution.network, figures.dual_traces(solution, x, window(x))[IN_USE]
    assert network.width > 0
    np.testing.assert_allclose(marks["y"], np.sign(network.w), atol=TOUCH)
    np.testing.assert_array_equal(marks["x"], network.kinks())


def test_a_neuron_is_marked_on_the_curve_of_its_own_direction(case: tuple[np.ndarray, cv.Solution]) -> None:
    x, solution = case
    traces = figures.dual_traces(solution, x, window(x))
    marks = traces[IN_USE]
    for t, y, u in zip(marks["x"], marks["y"], solution.network.U[:, 0], strict=True):
        curve = traces[RIGHT if u > 0 else LEFT]
        assert np.interp(t, curve["x"], curve["y"]) == pytest.approx(y, abs=1e-9)


def test_the_dual_function_is_the_sum_that_the_text_says(case: tuple[np.ndarray, cv.Solution]) -> None:
    """N_v(u, b) = sum_i v_i (u x_i + b)_+ in units of beta, by the definition."""
    x, solution = case
    beta = 1.0 if solution.loss in ("interpolate", "hard_margin") else solution.beta
    traces = figures.dual_traces(solution, x, window(x))
    for side, u in ((LEFT, -1.0), (RIGHT, 1.0)):
        t = traces[side]["x"]
        expected = np.maximum(u * (x[:, None] - t[None, :]), 0.0).T @ solution.v / beta
        np.testing.assert_allclose(traces[side]["y"], expected, atol=1e-7)


def test_above_beta_max_nothing_touches_the_band() -> None:
    made = cv.datasets.load("sine")
    top = cv.beta_max(made.X, made.y)
    traces = figures.dual_traces(cv.solve(made.X, made.y, beta=2 * top), made.X[:, 0], VIEW)
    assert len(traces[IN_USE]["x"]) == 0
    assert max(np.abs(traces[side]["y"]).max() for side in (LEFT, RIGHT)) == pytest.approx(0.5, rel=1e-6)


def test_the_curve_of_very_many_points_is_thinned_for_the_screen_but_not_the_marks() -> None:
    _, solution = solved(*CASES[0])
    v = np.sin(np.arange(9001))
    many = replace(solution, v=v - v.mean())  # only its length matters here
    traces = figures.dual_traces(many, np.linspace(-1, 1, 9001), VIEW)
    assert len(traces[RIGHT]["x"]) <= 2 * figures.CURVE_POINTS
    assert len(traces[IN_USE]["x"]) == solution.network.width


# --- the neurons ---------------------------------------------------------------------------------------------------


def test_every_ramp_is_one_neuron_of_the_network(case: tuple[np.ndarray, cv.Solution]) -> None:
    x, solution = case
    n, view = solution.network, window(x)
    trace = figures.neuron_traces(n, view)[RAMPS]
    pieces = list(zip(gaps(trace["x"]), gaps(trace["y"]), strict=True))
    assert len(pieces) == n.width
    for (t, y), u, w, b in zip(pieces, n.U[:, 0], n.w, n.b, strict=True):
        np.testing.assert_allclose(y, w * np.maximum(u * t + b, 0.0), atol=1e-12 * max(1.0, abs(w)))
        assert (t[0], t[-1]) == view


def test_the_ramps_and_the_constant_add_up_to_the_fit(case: tuple[np.ndarray, cv.Solution]) -> None:
    x, solution = case
    network, view = solution.network, window(x)
    trace = figures.neuron_traces(network, view)[RAMPS]
    t = np.linspace(*view, 101)
    total = network.c + sum(np.interp(t, a, b) for a, b in zip(gaps(trace["x"]), gaps(trace["y"]), strict=True))
    np.testing.assert_allclose(total, network.predict(t[:, None]), atol=1e-9 * np.abs(network.w).sum())


def test_a_pointer_over_a_ramp_finds_its_neuron() -> None:
    _, solution = solved(*CASES[0])
    trace = figures.neuron_traces(solution.network, VIEW)[RAMPS]
    assert len(trace["customdata"]) == len(trace["x"])
    np.testing.assert_array_equal(trace["customdata"], np.repeat(np.arange(solution.network.width), 4))


def test_triangles_point_to_the_active_side_and_are_as_high_as_the_weight() -> None:
    network = cv.ReLUNetwork(
        np.array([[1.0], [-1.0], [1.0]]), np.array([0.5, 0.0, -0.5]), np.array([1.0, -4.0, 2.0]), 0.3
    )
    marks = figures.neuron_traces(network, VIEW)[TRIANGLES]
    assert marks["marker"]["symbol"] == ["triangle-right", "triangle-left", "triangle-right"]
    np.testing.assert_allclose(marks["y"], [0.25, -1.0, 0.5])
    np.testing.assert_allclose(marks["x"], [-0.5, 0.0, 0.5])
    assert [text.split("<br>")[1] for text in marks["text"]] == ["weight 1", "weight -4", "weight 2"]


def test_directions_of_the_triangles_are_those_of_the_network(case: tuple[np.ndarray, cv.Solution]) -> None:
    x, solution = case
    right = ["triangle-right" if u > 0 else "triangle-left" for u in solution.network.U[:, 0]]
    assert figures.dual_traces(solution, x, window(x))[IN_USE]["marker"]["symbol"] == right
    assert figures.neuron_traces(solution.network, window(x))[TRIANGLES]["marker"]["symbol"] == right


def test_the_browser_is_told_which_traces_follow_a_neuron() -> None:
    x, solution = solved(*CASES[0])
    neurons = figures.neuron_spec(solution.network, VIEW, 2.0)["data"]
    assert [trace.get("meta") for trace in neurons] == [
        None,
        {"neurons": True},
        {"partial": True},
        {"ramps": True},
        {"ramp": True},
    ]
    assert figures.dual_spec(solution, x, VIEW)["data"][IN_USE]["meta"] == {"neurons": True}
    np.testing.assert_array_equal(neurons[TRIANGLES]["customdata"], np.arange(solution.network.width))


def test_the_partial_sum_is_drawn_where_it_bends() -> None:
    """Its x, from which the browser computes y, hold both ends and every kink in sight."""
    _, solution = solved(*CASES[0])
    x = figures.neuron_traces(solution.network, (-0.5, 0.5))[PARTIAL]["x"]
    kinks = solution.network.kinks()
    np.testing.assert_array_equal(x, np.unique([-0.5, *kinks[np.abs(kinks) < 0.5], 0.5]))


# --- frames of the path fit into the figure of any other -----------------------------------------------------------


def test_two_solutions_have_the_same_traces(case: tuple[np.ndarray, cv.Solution]) -> None:
    """A frame of the path replaces the data of each trace in the browser, by position."""
    x, solution = case
    _, other = solved("sine", "squared", 5.0)
    for one, two in (
        (figures.dual_traces(solution, x, VIEW), figures.dual_traces(other, cv.datasets.load("sine").X[:, 0], VIEW)),
        (figures.neuron_traces(solution.network, VIEW), figures.neuron_traces(other.network, VIEW)),
    ):
        assert len(one) == len(two)
        assert [set(trace) for trace in one] == [set(trace) for trace in two]


def test_a_network_without_neurons_can_be_drawn() -> None:
    empty = cv.ReLUNetwork.constant(0.7, 1)
    figure = figures.neuron_figure(empty, VIEW, 1.0)
    assert len(figure.data) == LIT + 1
    assert all(len(figure.data[i].y) == 0 for i in (STEMS, TRIANGLES, RAMPS))


# --- the path ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path() -> list[cv.Solution]:
    made = cv.datasets.load("sine", n=20)
    return cv.regularization_path(made.X, made.y)


def test_the_path_counts_the_neurons_of_each_solution(path: list[cv.Solution]) -> None:
    count = figures.path_spec(path)["data"][1]
    by_beta = {s.beta: s.network.width for s in path}
    assert dict(zip(count["x"], count["y"], strict=True)) == by_beta
    assert count["y"][-1] == 0, "no neuron is left at beta_max"


def test_the_path_is_sorted_whatever_its_order(path: list[cv.Solution]) -> None:
    one, two = figures.path_spec(path)["data"], figures.path_spec(path[::-1])["data"]
    np.testing.assert_array_equal(one[1]["x"], two[1]["x"])
    assert (np.diff(one[1]["x"]) > 0).all()


def test_the_weights_of_the_path_are_all_there_and_no_others(path: list[cv.Solution]) -> None:
    lines = figures.path_spec(path)["data"][0]
    drawn = {(beta, w) for beta, w in zip(lines["x"], lines["y"], strict=True) if np.isfinite(w) and w != 0}
    assert drawn == {(s.beta, w) for s in path for w in s.network.w}


def test_a_line_of_the_path_runs_from_birth_to_end(path: list[cv.Solution]) -> None:
    """Every stop of the path in between, with the weight zero just before and after, where the path goes on."""
    betas = sorted(s.beta for s in path)
    lines = figures.path_spec(path)["data"][0]
    pieces = list(zip(gaps(lines["x"]), gaps(lines["y"]), strict=True))
    for x, w in pieces:
        first = betas.index(x[0])
        assert betas[first : first + len(x)] == x.tolist()
        assert (w[1:-1] != 0).all()
        assert w[0] == 0 or first == 0
        assert w[-1] == 0 or x[-1] == betas[-1]
        assert np.unique(np.sign(w[w != 0])).size == 1, "a weight that changes its sign is another neuron's"


def test_the_numbers_at_the_weights_are_those_of_the_network() -> None:
    network = cv.ReLUNetwork(np.array([[1.0], [-1.0]]), np.array([0.5, 0.0]), np.array([1.25, -4.125]), 0.3)
    spec = figures.neuron_spec(network, VIEW, 1.0)
    axis = spec["layout"]["yaxis2"]
    assert [float(text.replace("−", "-")) for text in axis["ticktext"]] == [-4.12, 0, 4.12]
    heights = spec["data"][TRIANGLES]["y"]
    np.testing.assert_allclose(np.array(heights) * 4.125, network.w)
    other = figures.neuron_changes(cv.ReLUNetwork(network.U, network.b, 2 * network.w, 0.0), VIEW)
    assert other["layout"]["yaxis2"]["ticktext"] == ["−8.25", "0", "8.25"]
    assert [set(trace) for trace in other["data"]] == [set(t) for t in figures.neuron_traces(network, VIEW)]


@pytest.mark.parametrize(("loss", "end"), [("squared", "β"), ("interpolate", "1")])
def test_the_band_of_a_loss_without_beta_ends_at_one(loss: str, end: str) -> None:
    x, solution = solved("step", loss, 0.5)
    spec = figures.dual_spec(solution, x, VIEW)
    assert spec["layout"]["yaxis"]["ticktext"] == [f"−{end}", "0", end]
    assert all(("β" in trace["hovertemplate"]) == (end == "β") for trace in spec["data"][RIGHT:])


def test_both_sides_of_the_dual_function_are_seen_where_they_agree() -> None:
    """The dashes of the one lie on the line of the other, which is wider."""
    x, solution = solved(*CASES[0])
    data = figures.dual_spec(solution, x, VIEW)["data"]
    np.testing.assert_allclose(data[RIGHT]["y"], data[LEFT]["y"], atol=1e-6)
    assert data[LEFT]["line"]["dash"] == "dash"
    assert "dash" not in data[RIGHT]["line"]
    assert data[RIGHT]["line"]["width"] > data[LEFT]["line"]["width"]


def test_a_vertical_line_follows_beta_in_both_halves(path: list[cv.Solution]) -> None:
    traces = figures.path_spec(path)["data"]
    following = [trace for trace in traces if trace.get("meta") == {"at": "beta"}]
    assert [trace.get("yaxis") for trace in following] == [None, "y2"]
    weights = np.asarray(traces[0]["y"], float)
    assert following[0]["y"][1] >= np.nanmax(np.abs(weights))


def test_a_path_without_neurons_can_be_drawn() -> None:
    made = cv.datasets.load("sine", n=10)
    top = cv.beta_max(made.X, made.y)
    figure = figures.path_figure([cv.solve(made.X, made.y, beta=b * top) for b in (1.0, 3.0)])
    assert list(figure.data[1].y) == [0, 0]
    assert len(figure.data[0].x) == 0


# --- plotly and the layers -----------------------------------------------------------------------------------------


def test_plotly_accepts_every_figure(case: tuple[np.ndarray, cv.Solution]) -> None:
    """`go.Figure` validates each property; what it holds is what the page is sent."""
    x, solution = case
    made = (
        (figures.dual_figure(solution, x, VIEW), figures.dual_spec(solution, x, VIEW)),
        (figures.neuron_figure(solution.network, VIEW, 2.0), figures.neuron_spec(solution.network, VIEW, 2.0)),
        (figures.path_figure([solution]), figures.path_spec([solution])),
    )
    for figure, spec in made:
        assert isinstance(figure, go.Figure)
        assert len(figure.data) == len(spec["data"])
        assert figure.layout.height == spec["layout"]["height"]


def test_every_figure_says_in_words_what_it_shows() -> None:
    x, solution = solved(*CASES[0])
    specs = (
        figures.dual_spec(solution, x, VIEW),
        figures.neuron_spec(solution.network, VIEW, 1.0),
        figures.path_spec([solution]),
    )
    alts = [spec["layout"]["meta"]["alt"] for spec in specs]
    assert len(set(alts)) == 3
    assert all(alt.endswith(".") for alt in alts)
    assert len({spec["layout"]["uirevision"] for spec in specs}) == 3, "zoom is kept for each figure by itself"


def test_figures_do_not_need_streamlit() -> None:
    code = "import sys, convexviz.figures.splines, convexviz.figures.thumbnails; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
