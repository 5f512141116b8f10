"""The page `geometry` without a browser: what is sent for every preset, under a moving hand, and by links."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from geometry_pages import drawn, follow, link_of, opened, places, prose, script, sent, warned
from streamlit.testing.v1 import AppTest

from convexviz.app.lessons.geometry import text
from convexviz.app.lessons.geometry.settings import OVERLAYS
from convexviz.app.lessons.geometry.view_state import SAMPLES_KEY, TARGET_KEY, THIRD
from convexviz.app.shell import link
from convexviz.data.samples import SAMPLES, sample_names
from convexviz.geometry import RectifiedEllipsoid

PARTS = {"board", "space", "polar", "badge"}  # two samples
SOLID = {"board", "solid", "polar", "badge"}  # three: a figure in the place of the board of sample space
CURVES = {"c", "minus-q", "e", "q", "spikes", "support", "ray"}
HIDDEN_BY = {"hull": "c", "spikes": "spikes", "mirror": "minus-q", "plane": "support"}
UNIT = (-1.0, 1.0)


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened("geometry")


def text_of(X: Any, y: Any) -> str:
    return link.plane_to_text(np.array(X, float), np.array(y, float), (*UNIT, *UNIT, *UNIT))


def curves(page: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Curves of the board of sample space, by name."""
    return {curve["id"]: curve for curve in page["space"]["answer"]["curves"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_preset_is_shown_with_its_sets_verdict_and_gauge(shared: AppTest, name: str) -> None:
    page, made = sent(follow(shared, data=name), "geometry"), SAMPLES[name]
    assert set(page) == (PARTS if len(made.y) == 2 else SOLID)
    np.testing.assert_array_equal(places(page["board"]), made.X)
    assert page["board"]["answer"]["names"] == ["x₁", "x₂", "x₃"][: len(made.y)]
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["objective"] == pytest.approx(RectifiedEllipsoid(made.X).gauge(made.y).value, rel=1e-6)
    words = prose(shared)
    assert ("**Spike-free" in words) == RectifiedEllipsoid(made.X).spike_free().verdict
    assert "The target costs" in words
    if len(made.y) == 2:
        assert set(curves(page)) == CURVES
        np.testing.assert_array_equal(places(page["space"]), made.y[None])
        assert not shared.slider
    else:
        assert [slider.value for slider in shared.slider] == made.y.tolist()
        assert set(page["solid"]["figures"]) == {"space"}
    assert set(page["polar"]["figures"]) == {"polar"}


@pytest.mark.parametrize("toggle", OVERLAYS)
def test_what_is_switched_off_is_not_drawn(shared: AppTest, toggle: str) -> None:
    page = sent(follow(shared, **{toggle: "0"}), "geometry")
    assert CURVES - set(curves(page)) == {HIDDEN_BY[toggle]}


@pytest.mark.parametrize("prompt", text.PROMPTS, ids=lambda prompt: prompt.name)
def test_a_prompt_starts_from_what_it_names(shared: AppTest, prompt: Any) -> None:
    page = sent(shared.button(key=f"try-{prompt.name}").click().run(), "geometry")
    np.testing.assert_array_equal(places(page["board"]), SAMPLES[prompt.changes["dataset"]].X)
    assert page["badge"]["status"] == "certified"


# --- the hand ------------------------------------------------------------------------------------------------------


def test_a_dragged_sample_moves_the_sets_and_not_the_frame() -> None:
    at = opened("geometry")
    before = sent(at, "geometry")
    X = SAMPLES["spikes"].X.copy()
    for step in (1.1, 1.4, 1.9):
        page = sent(drawn(at, SAMPLES_KEY, X * step, live=True), "geometry")
        for board in ("board", "space"):
            assert page[board]["view"] == before[board]["view"]
        assert axes(page) == axes(before)
        assert curves(page)["e"]["x"] != curves(before)["e"]["x"]
        value = RectifiedEllipsoid(X * step).gauge(SAMPLES["spikes"].y).value
        assert page["badge"]["objective"] == pytest.approx(value, rel=1e-6)
    page = sent(drawn(at, SAMPLES_KEY, X * 1.9), "geometry")
    assert page["space"]["view"]["x"][1] > before["space"]["view"]["x"][1], "once the hand is off there is room"


def axes(page: dict[str, dict[str, Any]]) -> list[Any]:
    layout = json.loads(page["polar"]["figures"]["polar"])["layout"]
    return [layout["xaxis"]["range"], layout["yaxis"]["range"]]


def test_a_dragged_target_moves_what_touches_and_leaves_the_sets() -> None:
    at = opened("geometry", data="whitened")
    before = sent(at, "geometry")
    page = sent(drawn(at, TARGET_KEY, [[-0.4, 0.7]], live=True), "geometry")
    for name in ("c", "e", "q", "minus-q"):
        assert curves(page)[name] == curves(before)[name]
    assert curves(page)["support"]["x"] != curves(before)["support"]["x"]
    assert page["badge"]["objective"] == pytest.approx(1.1, rel=1e-6)
    assert page["badge"]["neurons"] == 2
    marks = {mark["id"]: (mark["x"], mark["y"]) for mark in page["space"]["answer"]["marks"]}
    assert marks["contact"] == pytest.approx((-0.4 / 1.1, 0.7 / 1.1), abs=1e-6)
    assert "costs Σ|w| = 1.100" in prose(at)


def test_sliders_move_the_target_of_three_samples() -> None:
    at = opened("geometry", data="three")
    before = sent(at, "geometry")
    at.slider(key="target-3").set_value(-1.0).run()
    page = sent(at, "geometry")
    value = RectifiedEllipsoid(SAMPLES["three"].X).gauge([0.8, 0.5, -1.0]).value
    assert page["badge"]["objective"] == pytest.approx(value, rel=1e-6)
    assert page["badge"]["objective"] != pytest.approx(before["badge"]["objective"], rel=1e-3)
    at.slider(key="target-1").set_value(0.0).run()
    assert [slider.value for slider in at.slider] == [0.0, 0.5, -1.0]
    value = RectifiedEllipsoid(SAMPLES["three"].X).gauge([0.0, 0.5, -1.0]).value
    assert sent(at, "geometry")["badge"]["objective"] == pytest.approx(value, rel=1e-6)


# --- degenerate data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "y", "status", "words"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], [1.0, 0.5], "infeasible", "No network takes these values"),
        ([[0.0, 0.0], [1.0, 0.5]], [0.5, 1.0], "infeasible", "No network takes these values"),
        ([[0.0, 0.0], [0.0, 0.0]], [0.5, 1.0], "infeasible", "All samples lie at the origin"),
        ([[0.5, 0.5], [1.0, 1.0]], [0.5, 0.25], "infeasible", "on one ray"),
        ([[1.0, 0.5], [-0.5, 1.0]], [0.0, 0.0], "certified", "The target is zero"),
        ([[0.5, 0.5]] * 3, [1.0, 0.5, 0.2], "infeasible", "No network takes these values"),
        ([[0.5, 0.5], [-1.0, -1.0], [0.25, 0.25]], [1.0, 0.5, 0.5], "certified", "The target costs"),
        ([[1e5, 0.0], [0.0, 1e5]], [1.0, 0.5], "certified", "**Spike-free"),
        ([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], [9.0, -50.0, 3.0], "certified", "The target costs"),
    ],
    ids=str,
)
def test_degenerate_samples_are_explained(X: list[Any], y: list[float], status: str, words: str) -> None:
    at = opened("geometry", data="three" if len(y) == 3 else "spikes")
    if len(y) == 3:
        at.session_state[THIRD] = y[2]
    drawn(at, TARGET_KEY, [y[:2]])
    page = sent(drawn(at, SAMPLES_KEY, X), "geometry")
    np.testing.assert_array_equal(places(page["board"]), X)
    assert page["badge"]["status"] == status
    assert words in prose(at)
    assert set(page) == (PARTS if len(y) == 2 else SOLID)
    at.button(key="open-code").click().run()
    names = script(next(block.value for block in at.code if "RectifiedEllipsoid" in block.value))
    assert names["gauge"].value == pytest.approx(RectifiedEllipsoid(np.array(X)).gauge(y).value, rel=1e-6)
    assert "p" in link_of(at)


# --- links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["acute", "three"])
def test_share_and_open_bring_samples_and_target_back(name: str) -> None:
    at = opened("geometry", data=name, mirror="0")
    X = SAMPLES[name].X * [[1.1], [0.9], [1.0]][: len(SAMPLES[name].y)]
    drawn(at, SAMPLES_KEY, X)
    if name == "three":
        at.slider(key="target-3").set_value(-1.0).run()
    query = link_of(at)
    assert {"p", "data", "mirror"} <= set(query)
    page, again = sent(at, "geometry"), opened("geometry", **query)
    np.testing.assert_allclose(places(sent(again, "geometry")["board"]), X, atol=1e-4)
    assert sent(again, "geometry")["badge"]["objective"] == pytest.approx(page["badge"]["objective"], rel=1e-3)
    assert len(again.slider) == len(at.slider)
    if name == "three":
        np.testing.assert_allclose([s.value for s in again.slider], [0.8, 0.5, -1.0], atol=1e-3)
    assert not again.warning


def test_an_unedited_preset_needs_no_points_in_its_link() -> None:
    assert link_of(opened("geometry", data="acute")) == {"data": "acute"}


def test_a_damaged_link_is_named_and_the_rest_of_it_is_used() -> None:
    at = opened("geometry", p="!!!", data="acute", hull="x", nonsense="1")
    assert {"`p=!!!`", "`hull=x`", "`nonsense`"} <= warned(at)
    np.testing.assert_array_equal(places(sent(at, "geometry")["board"]), SAMPLES["acute"].X)
    at = opened("geometry", p=text_of(np.eye(2)[[0, 1, 0, 1]], [1, 2, 3, 4]), data="acute")
    assert warned(at) == {"points"}
    np.testing.assert_array_equal(places(sent(at, "geometry")["board"]), SAMPLES["acute"].X)


def test_hidden_groups_are_absent_and_the_lesson_stays() -> None:
    at = opened("geometry", hide="presets,overlays,share")
    widgets = {w.key for w in [*at.selectbox, *at.toggle, *at.button]}
    assert not widgets & {"set-dataset", "share-button", *(f"set-{name}" for name in OVERLAYS)}
    assert set(sent(at, "geometry")) == PARTS


def test_another_preset_of_another_number_replaces_everything() -> None:
    at = opened("geometry")
    for name in (sample_names(3)[0], sample_names(2)[1], sample_names(3)[1]):
        at.selectbox(key="set-dataset").set_value(name).run()
        page = sent(at, "geometry")
        np.testing.assert_array_equal(places(page["board"]), SAMPLES[name].X)
        assert len(at.slider) == (3 if len(SAMPLES[name].y) == 3 else 0)
