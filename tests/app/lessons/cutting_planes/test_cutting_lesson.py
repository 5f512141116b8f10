"""The lesson on cutting planes without a browser: what is claimed of a run is checked by routes of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from geometry_pages import drawn, follow, link_of, opened, places, prose, script, warned
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.compute.answers import Answer, Problem
from convexviz.app.lessons.cutting_planes import text
from convexviz.app.lessons.cutting_planes.frames import MOST_FRAMES, shown_rounds
from convexviz.app.lessons.cutting_planes.run_text import verdict
from convexviz.app.lessons.cutting_planes.settings import FREE_LOSSES, MOST_POINTS, ORACLES, SCENES, CuttingSettings
from convexviz.app.lessons.cutting_planes.view_state import TOL, ViewState
from convexviz.app.shell import link
from convexviz.app.shell.settings import from_query, to_query
from convexviz.core.ladder.missed import missed_neuron
from convexviz.data.space_sets import SPACE_SETS, load_space
from tests.app.messages import components

PLANE = {"board", "badge", "dual", "bounds", "slice", "film"}
SPACE = {"fit", "badge", "bounds", "slice", "film"}
SAME = 1e-4  # relative, between runs that stop at a gap of 1e-6 each
KEY = "cutting-regression"
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened("cutting-planes")


def read(at: AppTest) -> dict[str, dict[str, Any]]:
    """What the components were sent, without the gallery of presets."""
    assert not at.exception
    assert not at.error
    blocks = {block.proto.id: json.loads(block.proto.json) for block in components(at)}
    named = {name.rpartition("-cutting-")[2]: value for name, value in blocks.items()}
    return {name: value for name, value in named.items() if name != "presets"}


def targets(page: dict[str, Any]) -> np.ndarray:
    return np.array(page["board"]["values"] or page["board"]["labels"], float)


def highest(X: np.ndarray, v: np.ndarray, directions: int = 4000) -> float:
    """max |N_v| over many directions of the plane, each with the line through every point: no more than M(v)."""
    turn = np.linspace(0, 2 * np.pi, directions, endpoint=False)
    along = np.column_stack([np.cos(turn), np.sin(turn)]) @ X.T
    return max(float(np.abs(np.maximum(along - along[:, [i]], 0.0) @ v).max()) for i in range(len(X)))


# --- what is claimed of a run --------------------------------------------------------------------------------------


def test_the_relaxation_stops_early_is_linear_on_the_data_and_names_what_it_missed(shared: AppTest) -> None:
    page = read(follow(shared, data="ridges"))
    assert set(page) == PLANE
    X, y = places(page["board"]), targets(page)
    assert page["badge"]["status"] == "upper-bound"
    assert "lower_bound" not in page["badge"], "nothing is proved, so there is no bound to show"
    assert "gap" not in page["badge"]
    assert "Upper bound only" in page["badge"]["message"]
    relaxed = cv.solve(X, y, beta=0.2, method="relaxation", cuts=1, tol=TOL)
    assert page["badge"]["objective"] == pytest.approx(relaxed.objective, rel=SAME)
    linear = np.column_stack([X, np.ones(len(X))])
    f = relaxed.network.predict(X)
    np.testing.assert_allclose(linear @ np.linalg.lstsq(linear, f, rcond=None)[0], f, atol=1e-9)
    v = relaxed.history[-1].v
    assert v is not None
    said = re.search(r"finds \|N\| = ([\d.]+) β here", prose(shared))
    assert said is not None
    assert float(said.group(1)) == pytest.approx(highest(X, v) / 0.2, rel=5e-3)
    (line,) = page["board"]["answer"]["curves"]
    assert (line["id"], line["dash"]) == ("missed", "dash")
    exact = cv.solve(X, y, beta=0.2)
    assert f"the certified optimum {exact.objective:.4g}" in prose(shared)
    assert "never bends between the points" in prose(shared)


def test_exact_oracles_prove_the_optimum_in_both_settings(shared: AppTest) -> None:
    for query, X_of in (
        ({"oracle": "sweep"}, lambda X: X),
        ({"oracle": "patterns", "bias": "0"}, lambda X: np.column_stack([X, np.ones(len(X))])),
    ):
        page = read(follow(shared, data="saddle", n="16", **query))
        solution = cv.solve(X_of(places(page["board"])), targets(page), beta=0.2, bias="bias" not in query)
        assert solution.certified
        assert page["badge"]["status"] == "certified"
        assert page["badge"]["objective"] == pytest.approx(solution.objective, rel=SAME)
        assert page["badge"]["lower_bound"] <= solution.objective * (1 + 1e-9)
        assert page["board"]["answer"]["curves"] == []
        assert "**Proved.**" in prose(shared)
        assert ("dual" in page) == ("bias" not in query)


def test_the_network_on_the_board_is_the_one_with_the_column_of_ones(shared: AppTest) -> None:
    page = read(follow(shared, data="ridges", n="12", bias="0", oracle="relaxation"))
    X, net = places(page["board"]), page["board"]["answer"]["network"]
    with_ones = np.column_stack([X, np.ones(len(X))])
    relaxed = cv.solve(with_ones, targets(page), beta=0.2, bias=False, method="relaxation", cuts=1, tol=TOL)
    U, b, w = (np.array(net[name], float) for name in ("u", "b", "w"))
    drawn_f = np.maximum(X @ U.reshape(-1, 2).T + b, 0.0) @ w + net["c"]
    np.testing.assert_allclose(drawn_f, relaxed.network.predict(with_ones), atol=TOL)
    assert (with_ones @ relaxed.network.U.T >= -1e-9).all(), "active on all data"


def test_spike_free_data_are_proved_by_the_relaxation(shared: AppTest) -> None:
    page = read(shared.button(key="try-free").click().run())
    assert set(page) == SPACE
    made = load_space("white10")
    np.testing.assert_allclose(made.X @ made.X.T, np.eye(8), atol=1e-12)
    optimum = cv.solve(made.X, made.y, beta=0.3, bias=False, method="patterns")
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["objective"] == pytest.approx(optimum.objective, rel=SAME)
    assert "Exact because spike-free" in page["badge"]["message"]
    assert "Nothing is missed" in prose(shared)


def test_ascent_reaches_the_optimum_and_proves_nothing(shared: AppTest) -> None:
    page = read(shared.button(key="try-climb").click().run())
    made = load_space("teacher5")
    optimum = cv.solve(made.X, made.y, beta=1.0)
    assert optimum.certified
    assert page["badge"]["status"] == "upper-bound"
    assert "lower_bound" not in page["badge"], "nothing is proved, so there is no bound to show"
    assert "gap" not in page["badge"]
    assert page["badge"]["objective"] == pytest.approx(optimum.objective, rel=SAME)
    assert "It missed nothing this time" in prose(shared)


def test_a_neuron_that_was_found_out_of_time_is_not_called_the_highest() -> None:
    made = load_space("flat5")
    solution = cv.solve(made.X, made.y, beta=0.3, method="relaxation", cuts=1)
    problem = Problem.of(made.X, made.y, "squared")
    settings = CuttingSettings().changed(scene="space", space="flat5")
    now = ViewState(settings, None, made.X, problem, {}, "relaxation", Answer("upper-bound", "", solution), False)
    found = missed_neuron(made.X, solution)
    assert found.proved
    assert "An exact oracle finds" in verdict(now, found, None)
    open_one = replace(found, proved=False, maximum=2 * found.maximum)
    assert "Branch and bound, out of time, has found" in verdict(now, open_one, None)
    assert "exact oracle" not in verdict(now, open_one, None)
    assert "certified optimum" not in verdict(now, open_one, None)


def test_a_regular_simplex_is_exact_with_biases_and_is_not_called_spike_free(shared: AppTest) -> None:
    follow(shared, data="ridges", n="12", oracle="relaxation")
    corners = np.array([[np.cos(t), np.sin(t)] for t in np.pi * np.array([1, 5, 9]) / 6])
    page = read(drawn(shared, KEY, corners))
    assert page["badge"]["status"] == "certified"
    assert "regular simplex" in page["badge"]["message"]
    assert "spike-free" not in prose(shared).split("Everything hangs")[0]


# --- the film ------------------------------------------------------------------------------------------------------


def test_each_round_shows_its_bounds_its_neuron_and_the_slice_before_and_after(shared: AppTest) -> None:
    page = read(follow(shared, data="ridges", n="14", oracle="sweep"))
    X, y = places(page["board"]), targets(page)
    frames = json.loads(page["film"]["frames"])
    solution = cv.solve(X, y, beta=0.2, method="sweep", cuts=1, tol=TOL)
    assert [frame["round"] for frame in frames] == list(range(1, len(solution.history) + 1))
    for frame, record in zip(frames[:-1], solution.history, strict=False):
        badge, slices = frame["badge"], frame["figures"]["slice"]
        assert float(badge["objective"]) == pytest.approx(record.upper, rel=SAME)
        assert float(badge["lower_bound"]) == pytest.approx(record.lower, rel=1e-3, abs=1e-9)
        assert record.v is not None
        assert record.U is not None
        assert record.b is not None
        heights = np.abs(np.maximum(X @ record.U.T + record.b, 0.0).T @ record.v) / 0.2
        [neuron] = [update for update in slices["data"] if update["uid"] == "neuron"]
        assert abs(neuron["y"][0]) == pytest.approx(heights.max(), rel=1e-3)
        assert f"{heights.max():.3g} β" in frame["caption"]
        assert 1 <= len(frame["curves"]) <= record.added
        assert "before" in slices["layout"]["title"]["text"]
    assert frames[-1]["badge"]["status"] == "certified"
    assert frames[-1]["curves"] == []


@given(st.integers(1, 2000))
def test_a_film_has_room_for_the_first_rounds_and_the_last(count: int) -> None:
    kept = shown_rounds(count)
    assert kept[0] == 0
    assert kept[-1] == count - 1
    assert len(kept) == min(count, MOST_FRAMES)
    assert (np.diff([-1, *kept]) > 0).all()


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SPACE_SETS)
def test_a_named_set_brings_what_goes_with_it(name: str) -> None:
    one = SPACE_SETS[name]
    chosen = CuttingSettings().changed(scene="space", space=name)
    assert (chosen.beta, chosen.loss, chosen.bias) == (one.beta, one.loss, not one.homogeneous)
    assert from_query(to_query(chosen), CuttingSettings) == (chosen, [])
    back = chosen.changed(scene="plane")
    assert (back.loss, back.bias, back.beta) == ("squared", True, CuttingSettings().beta)
    made = load_space(name)
    assert made.task == one.task
    assert made.X.shape[1] > 2
    flat = {"flat5": 2, "white10": 7}  # a plane, and eight points
    assert np.linalg.matrix_rank(made.X - made.X.mean(axis=0)) == flat.get(name, made.X.shape[1])
    assert np.array_equal(made.X, load_space(name).X)


def test_named_sets_refuse_unknown_names_and_biases_where_there_are_none() -> None:
    with pytest.raises(ValueError, match="did you mean 'wine13'"):
        load_space("wine")
    broken, problems = from_query({"scene": "space", "space": "white10", "bias": "1"}, CuttingSettings)
    assert not broken.bias
    assert any("bias" in problem for problem in problems)


@pytest.mark.parametrize("name", sorted(PROMPTS))
def test_prompts_survive_a_link(name: str) -> None:
    chosen = CuttingSettings().changed(**PROMPTS[name].changes)
    assert from_query(to_query(chosen), CuttingSettings) == (chosen, [])


changes = st.fixed_dictionaries(
    {},
    optional={
        "scene": st.sampled_from(sorted(SCENES)),
        "task": st.sampled_from(["regression", "classification"]),
        "space": st.sampled_from(sorted(SPACE_SETS)),
        "oracle": st.sampled_from(sorted(ORACLES)),
        "bias": st.booleans(),
        "beta": st.floats(1e-3, 1e3),
        "dataset": st.sampled_from(data.names(dims=2)),
        "loss": st.sampled_from(FREE_LOSSES),
        "n": st.integers(1, MOST_POINTS),
    },
)


@given(st.lists(changes, max_size=4))
def test_whatever_is_changed_survives_a_link_and_can_be_trained(steps: list[dict[str, Any]]) -> None:
    chosen = CuttingSettings()
    for step in steps:
        chosen = chosen.changed(**step)
    assert from_query(to_query(chosen), CuttingSettings) == (chosen, [])
    assert chosen.n <= MOST_POINTS
    assert cv.LOSSES[chosen.loss].classification <= (chosen.asked == "classification")
    assert not (chosen.homogeneous and chosen.bias)


# --- the page ------------------------------------------------------------------------------------------------------


def test_an_oracle_that_does_not_fit_gives_way_and_the_reason_is_said(shared: AppTest) -> None:
    read(follow(shared, data="ridges", n="12", oracle="space"))
    assert shared.session_state["cvz-lessons"]["cutting-planes"].settings.oracle == "sweep"
    assert "*exact in space*, for points that span three dimensions" in prose(shared)
    shared.toggle(key="set-bias").set_value(False).run()
    assert read(shared)["badge"]["method"].startswith("cutting planes, exact over all activation patterns")


@pytest.mark.parametrize(
    "X", [[], [[0.5, 0.5]], [[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]], ids=["none", "one", "on a line"]
)
def test_few_points_and_points_on_a_line_are_answered(X: Any) -> None:
    at = opened("cutting-planes", n="5")
    page = read(drawn(at, KEY, np.reshape(X, (-1, 2))))
    assert page["badge"]["status"] == ("certified" if len(X) else "empty")
    assert page["bounds"]["figures"] == {}
    assert ("lie on a line" in prose(at)) == bool(len(X))


def test_under_a_moving_hand_the_last_film_stays(shared: AppTest) -> None:
    before = read(follow(shared, data="tent2", n="12", oracle="sweep"))
    X = places(before["board"])
    moved = X + np.eye(len(X), 2) * 0.3
    during = read(drawn(shared, KEY, moved, live=True))
    assert during["film"] == before["film"]
    assert during["badge"]["objective"] != before["badge"]["objective"]
    after = read(drawn(shared, KEY, moved))
    assert after["film"]["rev"] != before["film"]["rev"]
    assert after["badge"]["objective"] == pytest.approx(during["badge"]["objective"], rel=SAME)


@pytest.mark.parametrize("query", [{"data": "ridges", "n": "12"}, {"scene": "space", "space": "flat5", "bias": "0"}])
def test_the_code_repeats_the_run(shared: AppTest, query: dict[str, str]) -> None:
    page = read(follow(shared, **query))
    shared.button(key="open-code").click().run()
    names = script(next(block.value for block in shared.code if "missed_neuron" in block.value))
    assert names["s"].objective == pytest.approx(page["badge"]["objective"], rel=1e-9)
    assert f"{names['m'].excess:.3g} β" in prose(shared)


def test_share_brings_drawing_and_settings_back() -> None:
    at = opened("cutting-planes", n="8", oracle="ascent", beta="0.4")
    drawn(at, KEY, np.random.default_rng(0).uniform(-1, 1, (8, 2)))
    page, again = read(at), None
    query = link_of(at)
    assert {"p", "oracle", "beta"} <= set(query)
    again = read(opened("cutting-planes", **query))
    np.testing.assert_allclose(places(again["board"]), places(page["board"]), atol=1e-4)
    assert again["badge"]["objective"] == pytest.approx(page["badge"]["objective"], rel=1e-2)


def test_a_shared_link_outlives_a_change_of_scene() -> None:
    at = opened("cutting-planes", scene="space", space="white10", bias="0")
    assert link_of(at)["scene"] == "space"
    at.get("button_group")[0].set_value("plane").run()
    assert set(read(at)) == PLANE
    assert "scene" not in link_of(at)


def test_damaged_links_and_hidden_groups() -> None:
    at = opened("cutting-planes", p="!!!", oracle="wizard", loss="interpolate", hide="data,presets,share,beta,loss")
    assert {"`p=!!!`", "`oracle=wizard`", "`loss=interpolate`"} <= warned(at)
    assert not {w.key for w in [*at.button, *at.selectbox]} & {"share-button", "set-space"}
    assert set(read(at)) == PLANE
    assert read(opened("cutting-planes", p=link.EMPTY))["badge"]["status"] == "empty"
