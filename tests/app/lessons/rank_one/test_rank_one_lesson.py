"""The lesson on rank one without a browser: handles become settings, and numbers are those of the core."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from geometry_pages import follow, link_of, opened, places, prose, script, sent
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.components import board
from convexviz.app.lessons.rank_one.leaving import leaving
from convexviz.app.lessons.rank_one.overlays import along_curve, colour_of, point_marks
from convexviz.app.lessons.rank_one.placing import Placed, gain_of
from convexviz.app.lessons.rank_one.settings import RankOneSettings
from convexviz.app.lessons.rank_one.view_state import HANDLES, turned
from convexviz.app.shell.source import Points
from convexviz.figures.rank_one import leaving_spec

SINE = data.load("sine", 12, 0.1, 0)
LINE_KEY = "rank-one-line-regression"


def placed(**changes: Any) -> Placed:
    return Placed(RankOneSettings(**changes), Points(SINE.X, SINE.y))


def optimum(X: np.ndarray, y: np.ndarray, beta: float) -> float:
    return cv.solve(X, y, beta=beta).objective


def dragged(at: AppTest, index: int, to: np.ndarray, live: bool = False) -> AppTest:
    """The browser sends the handles, one of them moved."""
    now = at.session_state[HANDLES]
    points = now.points.copy()
    points[index] = to
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": points.tolist()}
    message["values"] = now.values.tolist()
    at.session_state[HANDLES] = board.fold(now, message, board.Limits(2, valued=True, fixed=True))
    assert at.session_state[HANDLES].refused is None
    return at.run()


def settings_now(at: AppTest) -> RankOneSettings:
    now: RankOneSettings = at.session_state["cvz-lessons"]["rank-one"].settings
    return now


# ---------------------------------------------------------------- the mathematics


@given(st.floats(-180, 180), st.floats(0.5, 1.5))
@settings(max_examples=12)
def test_the_plane_has_the_optimum_of_the_line_at_beta_over_scale(angle: float, scale: float) -> None:
    on = placed(angle=angle, scale=scale)
    assert np.linalg.matrix_rank(on.X) == 1
    traded = optimum(SINE.X, SINE.y, 0.05 / scale)
    assert optimum(on.X, SINE.y, 0.05) == pytest.approx(traded, rel=1e-9)
    assert optimum(scale * SINE.X, SINE.y, 0.05) == pytest.approx(traded, rel=1e-9)


@given(st.floats(-180, 180), st.floats(0.5, 1.5), st.floats(0.1, 1.5), st.integers(1, 12))
@settings(max_examples=8)
def test_off_the_line_too_the_angle_changes_nothing_and_the_scale_is_a_part_of_beta(
    angle: float, scale: float, off: float, moved: int
) -> None:
    here = placed(angle=angle, scale=scale, off=off, moved=moved)
    plain = placed(angle=0.0, off=off, moved=moved)
    assert optimum(here.X, SINE.y, 0.05) == pytest.approx(optimum(plain.X, SINE.y, 0.05 / scale), rel=2e-6)


def test_p_is_the_point_counted_along_the_line_and_moves_straight_across_it() -> None:
    off = placed(angle=30.0, scale=1.5, off=0.4, moved=3)
    order = np.argsort(SINE.X[:, 0])
    assert off.moved == order[2]
    apart = off.X - placed(angle=30.0, scale=1.5).X
    np.testing.assert_allclose(np.linalg.norm(apart, axis=1), np.where(np.arange(12) == order[2], 0.6, 0.0), atol=1e-12)
    assert apart[order[2]] @ off.a == pytest.approx(0.0, abs=1e-12)
    assert len(off.without.targets) == 11


def test_the_dual_vector_of_the_line_holds_on_the_line_and_breaks_off_it() -> None:
    line = cv.solve(SINE.X, SINE.y, beta=0.05)
    assert gain_of(placed(angle=70.0), line) == pytest.approx(1.0, abs=1e-6)
    off = placed(angle=70.0, off=0.5)
    u = np.stack([np.cos(t := np.linspace(-np.pi, np.pi, 721)), np.sin(t)])
    seen = off.X @ u  # every neuron through a point, on a fine grid of angles
    v = line.v - line.v.mean()
    most = max(np.abs(v @ np.maximum(seen - seen[k], 0.0)).max() for k in range(12))
    assert gain_of(off, line) == pytest.approx(most / 0.05, rel=1e-3)
    assert gain_of(off, line) > 1.01


def test_the_optimum_falls_to_either_side_alike_and_stays_above_that_without_p() -> None:
    start = placed(scale=1.25)
    t, values = leaving(start)
    np.testing.assert_allclose(t, -t[::-1])
    np.testing.assert_array_equal(values, values[::-1])
    middle = len(t) // 2
    assert values[middle] == pytest.approx(optimum(SINE.X, SINE.y, 0.05 / 1.25), rel=1e-9)
    assert (np.diff(values[middle:]) < 2e-6).all()
    rest = np.arange(12) != start.moved
    assert values.min() > optimum(SINE.X[rest], SINE.y[rest], 0.05 / 1.25) * (1 - 2e-6)
    far = replace(start.settings, off=1.5)
    assert values[-1] == pytest.approx(optimum(Placed(far, start.points).X, SINE.y, 0.05), rel=2e-6)


# ---------------------------------------------------------------- what is drawn


def test_points_have_the_colours_of_their_targets() -> None:
    assert colour_of(0.0, (-1.0, 1.0)) == "#e8e8e8"
    assert (colour_of(-9.0, (-1.0, 1.0)), colour_of(9.0, (-1.0, 1.0))) == ("#d55e00", "#0072b2")
    marks = point_marks(placed(), (-1.0, 1.0))
    assert len(marks) == 11
    assert placed().moved not in [int(mark["id"].removeprefix("point-")) - 1 for mark in marks]


def test_the_optimum_of_the_plane_is_drawn_along_the_line_with_its_kinks() -> None:
    off = placed(off=0.5)
    network = cv.solve(off.X, off.y, beta=0.05).network
    curve = along_curve(off, network, (-1.2, 1.2))
    x, y = np.asarray(curve["x"], float), np.asarray(curve["y"], float)
    np.testing.assert_allclose(y, network.predict(np.outer(x, off.a)))
    kinks = -network.b / (network.U @ off.a)
    assert all(np.abs(x - kink).min() < 1e-9 for kink in kinks if abs(kink) < 1.2)


def test_the_figure_of_leaving_holds_all_that_it_names() -> None:
    t = np.array([-1.0, 0.0, 1.0])
    spec = leaving_spec(t, np.array([1.5, 2.0, 1.5]), 2.0, 1.0, (0.5, 1.7))
    low, high = spec["layout"]["yaxis"]["range"]
    assert low < 1.0 < 2.0 < high
    assert [trace["name"] for trace in spec["data"]] == ["on the line", "without p", "optimum", "now"]


# ---------------------------------------------------------------- the page


def test_the_page_shows_the_certified_optimum_of_the_plane_and_of_the_line() -> None:
    at = opened("rank-one", off="0.5", angle="75.0")
    page = sent(at, "one")
    off = placed(off=0.5, angle=75.0)
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["objective"] == optimum(off.X, off.y, 0.05)
    np.testing.assert_allclose(places(page["spline"]), np.column_stack([SINE.X, SINE.y]))
    np.testing.assert_allclose(places(page["plane"]), [1.2 * off.a, off.X[off.moved]])
    line, rest = optimum(SINE.X, SINE.y, 0.05), off.without
    for value in (line, page["badge"]["objective"], optimum(rest.X, rest.targets, 0.05)):
        assert f"| {value:.6g} |" in prose(at)
    assert "15 % below that of the line" in prose(at)
    assert page["dual"]["figures"]
    assert page["leaving"]["figures"]


def test_handles_become_settings_and_are_put_where_these_say() -> None:
    at = opened("rank-one")
    tip = 1.2 * 1.3 * np.array([np.cos(np.deg2rad(-40.0)), np.sin(np.deg2rad(-40.0))])
    at = dragged(at, 0, tip + 1e-4, live=True)
    assert (settings_now(at).angle, settings_now(at).scale, settings_now(at).off) == (-40.0, 1.3, 0.0)
    before = sent(at, "one")["badge"]["objective"]
    assert before == pytest.approx(optimum(SINE.X, SINE.y, 0.05 / 1.3), rel=1e-9)
    at = dragged(at, 0, tip, live=False)
    now = Placed(settings_now(at), Points(SINE.X, SINE.y))
    np.testing.assert_allclose(at.session_state[HANDLES].points[1], now.X[now.moved])
    across = now.X[now.moved] + 1.3 * 0.25 * np.array([np.sin(np.deg2rad(40.0)), np.cos(np.deg2rad(40.0))])
    at = dragged(at, 1, across + 0.3 * now.a)  # what goes along the line is no part of it
    assert settings_now(at).off == 0.25
    assert (settings_now(at).angle, settings_now(at).scale) == (-40.0, 1.3)
    off = Placed(settings_now(at), Points(SINE.X, SINE.y))
    np.testing.assert_allclose(at.session_state[HANDLES].points[1], off.X[off.moved])


def test_a_tip_is_read_within_what_the_settings_hold() -> None:
    assert turned(np.array([0.0, 9.0]), 1.0) == {"angle": 90.0, "scale": 1.5}
    assert turned(np.array([0.0, 0.0]), 1.0) == {"angle": 0.0, "scale": 0.5}
    assert turned(np.array([-1.0, -0.0]), 1.0)["angle"] in (-180.0, 180.0)


def test_an_empty_board_is_calm_and_keeps_the_handle_that_turns() -> None:
    at = opened("rank-one", p="none")
    page = sent(at, "one")
    assert page["badge"]["status"] == "empty"
    assert len(places(page["plane"])) == 1
    assert page["dual"]["figures"] == {}
    at = follow(at, angle="10.0")
    assert sent(at, "one")["badge"]["status"] == "certified"


def test_share_brings_handles_and_drawing_back_with_the_same_numbers() -> None:
    at = dragged(opened("rank-one", beta="0.1"), 0, np.array([0.0, 1.2]))
    at = dragged(at, 1, at.session_state[HANDLES].points[1] + [0.5, 0.0])
    query = link_of(at)
    assert set(query) == {"beta", "angle", "off"}
    again = opened("rank-one", **query)
    assert settings_now(again) == settings_now(at)
    assert sent(again, "one")["badge"]["objective"] == sent(at, "one")["badge"]["objective"]
    hidden = opened("rank-one", **query, hide="presets,data,beta,share")
    assert not hidden.select_slider
    assert not {button.key for button in hidden.button} & {"share-button", "new-sample"}


@pytest.mark.parametrize("query", [{}, {"off": "0.5", "scale": "1.25", "moved": "2"}])
def test_the_code_repeats_the_optima_of_the_page(query: dict[str, str]) -> None:
    at = opened("rank-one", **query)
    at.button(key="open-code").click().run()
    names = script(next(block.value for block in at.code if "np.outer" in block.value))
    assert names["s"].objective == pytest.approx(sent(at, "one")["badge"]["objective"], rel=1e-12)
    assert f"{names['line'].objective:.6g}" in prose(at)
