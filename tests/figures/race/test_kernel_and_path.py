"""Figures of the kernel and of the path: what is marked is where it is said to be, and frames move no axis."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.core.paths.entries import entering_path
from convexviz.core.rivals.kernels import TangentKernelRidge
from convexviz.figures.parts import Spec
from convexviz.figures.race import kernel, path

VIEW = ((-1.0, 1.0), (-1.2, 1.2))
LINE = np.linspace(-0.9, 0.9, 13)
TENT = np.abs(LINE) - 0.3


def by_name(spec: Spec) -> dict[str, dict]:
    return {trace["name"]: trace for trace in spec["data"] if "name" in trace}


def line_spec(ridge: float) -> Spec:
    s = cv.solve(LINE[:, None], TENT, beta=0.01)
    x = np.union1d(np.linspace(-1, 1, 101), LINE)
    f, k = s.network.predict(x[:, None]), TangentKernelRidge(ridge).fit(LINE[:, None], TENT).predict(x[:, None])
    ranges = ((-1.0, 1.0), (-1.0, 1.0), 0.5)
    return kernel.line_spec(x, f, k, f - k, s.network.kinks(), (LINE, TENT), ranges)


def test_the_star_stands_where_the_difference_within_the_data_is_greatest() -> None:
    traces = by_name(line_spec(0.1))
    gap = traces["difference"]
    inside = np.abs(gap["x"]) <= 0.9
    assert abs(traces["most apart"]["y"][0]) == np.abs(gap["y"][inside]).max()
    assert np.interp(traces["most apart"]["x"][0], gap["x"], gap["y"]) == traces["most apart"]["y"][0]
    at = traces["kinks"]
    np.testing.assert_allclose(
        at["y"], np.interp(at["x"], traces["optimal network"]["x"], traces["optimal network"]["y"])
    )


def test_the_ridge_moves_the_kernel_and_no_axis() -> None:
    some, more = line_spec(1e-3), line_spec(1.0)
    go.Figure(some)
    assert some["layout"] == more["layout"]
    before, after = by_name(some)["tangent kernel"]["y"], by_name(more)["tangent kernel"]["y"]
    assert np.abs(before - after).max() > 0.05
    alone = kernel.line_spec(LINE, TENT, None, None, LINE[:1], (LINE, TENT), ((-1, 1), (-1, 1), 1))
    assert not len(by_name(alone)["tangent kernel"]["y"])
    assert not len(by_name(alone)["most apart"]["y"])


@pytest.mark.parametrize("classes", [False, True])
def test_a_map_shows_values_to_half_a_code_and_lines_where_neurons_switch(classes: bool) -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (20, 2))
    y = np.where(X[:, 0] * X[:, 1] > 0, 1.0, -1.0)
    network = cv.solve(X, y, beta=0.05, loss="hinge" if classes else "squared").network
    x1, x2 = np.meshgrid(np.linspace(*VIEW[0], 9), np.linspace(*VIEW[1], 7))
    z = network.predict(np.column_stack([x1.ravel(), x2.ravel()])).reshape(x1.shape)
    ends = (-2.0, 2.0)
    spec = kernel.map_spec("title", "alt", z, VIEW, ends, network, (X, y), classes)
    go.Figure(spec)
    traces = by_name(spec)
    shown = ends[0] + (ends[1] - ends[0]) * traces["map"]["z"].astype(float) / kernel.CODES
    assert np.abs(shown - np.clip(z, *ends)).max() <= 0.5001 * (ends[1] - ends[0]) / kernel.CODES
    lines = np.column_stack([traces["break lines"]["x"], traces["break lines"]["y"]])
    ends_of = lines[np.isfinite(lines[:, 0])]
    assert len(ends_of) >= 2
    assert np.abs(ends_of @ network.U.T + network.b).min(axis=1).max() < 1e-12
    named = {"class +1", "class −1"} if classes else {"points"}
    assert named <= set(traces)
    assert {t["marker"]["size"] for t in kernel.plain_points(spec)["data"] if t.get("name") in named} == {5}


def test_the_path_marks_the_least_held_out_error_and_a_frame_moves_the_cursor_alone() -> None:
    made = entering_path(LINE[:, None], TENT, most=14)
    betas, count = [s.beta for s in made], [s.network.width for s in made]
    train = [float(np.mean((s.network.predict(LINE[:, None]) - TENT) ** 2)) for s in made]
    held = [abs(k - 5) + 1.0 for k in range(len(made))]
    spec = path.errors_spec(betas, train, held, count, 5, 5, "error")
    go.Figure(spec)
    traces = by_name(spec)
    assert (traces["least held-out error"]["x"], traces["least held-out error"]["y"]) == (betas[5], 1.0)
    left, right = spec["layout"]["xaxis"]["range"]
    assert left < np.log10(betas[-1]) < np.log10(betas[0]) < right  # as on the slider of beta
    update = path.errors_update(betas[2])
    assert [part["uid"] for part in update] == [traces[name]["uid"] for name in ("cursor", "cursor below")]
    bare = by_name(path.errors_spec(betas, train, None, count, None, 0, "error"))
    assert not len(bare["held-out error"]["x"])
    assert not len(bare["least held-out error"]["x"])
    network = made[-1].network
    drawn = by_name(path.line_spec(network, (LINE, TENT), (-1.0, 1.0), (-1.0, 1.0), path.network_title(0.1, 1)))
    x = np.linspace(-1, 1, 77)
    straight = np.interp(x, drawn["network"]["x"], drawn["network"]["y"])
    np.testing.assert_allclose(straight, network.predict(x[:, None]), atol=1e-12)
    assert "no neurons" in path.network_title(1.0, 0)
