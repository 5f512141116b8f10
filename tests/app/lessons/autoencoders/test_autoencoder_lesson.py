"""The lesson on auto-encoders without a browser: neurons by an independent route, prompts, code, and the page."""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np
import pytest
from geometry_pages import assert_words_have_room, drawn, follow, link_of, opened, places, prose, script, sent, warned
from streamlit.testing.v1 import AppTest

from convexviz import data
from convexviz.app.components.board import View
from convexviz.app.compute import digit_images
from convexviz.app.lessons.autoencoders import challenges, text
from convexviz.app.lessons.autoencoders.parts import (
    KEY,
    ViewState,
    certificate,
    digit_spec,
    farthest_out,
    shares_words,
    words,
)
from convexviz.app.lessons.autoencoders.settings import PRESETS, AutoencoderSettings
from convexviz.app.shell import link
from convexviz.app.shell.source import Points
from convexviz.geometry import extreme_point, extreme_points

PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}
PARTS = {"board", "badge", "digit"}
CROSS = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened("autoencoders")


def state_of(X: Any, k: int) -> ViewState:
    X = np.asarray(X, float)
    return ViewState(AutoencoderSettings(), X, k, extreme_point(X, k) if len(X) > 1 else None)


def distance(X: np.ndarray, k: int) -> float:
    """From sample k to the hull of the others, by cvxpy."""
    others = np.delete(X, k, axis=0)
    share = cp.Variable(len(others), nonneg=True)
    problem = cp.Problem(cp.Minimize(cp.norm(X[k] - others.T @ share)), [cp.sum(share) == 1])
    return float(problem.solve(solver=cp.CLARABEL))


def made(name: str) -> np.ndarray:
    """The points that a prompt starts from."""
    settings = AutoencoderSettings().changed(**PROMPTS[name].changes)
    return data.load(settings.dataset, settings.n, seed=settings.seed).X


# --- words and certificate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_shown_with_a_certified_neuron(shared: AppTest, name: str) -> None:
    page = sent(follow(shared, data=name), "auto")
    X = places(page["board"])
    k = page["board"]["answer"]["chosen"]
    assert set(page) == PARTS
    assert len(X) == 14
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["objective"] == pytest.approx(distance(X, k), rel=1e-5)
    assert page["badge"]["lower_bound"] == pytest.approx(page["badge"]["objective"], rel=1e-6)
    assert max(distance(X, i) for i in range(len(X))) == pytest.approx(page["badge"]["objective"], rel=1e-5)
    assert f"length **{page['badge']['objective']:.3f}**" in prose(shared)


@pytest.mark.parametrize("seed", range(4))
def test_words_and_badge_agree_with_an_independent_projection(seed: int) -> None:
    X = np.random.default_rng(seed).standard_normal((9, 2))
    far = [distance(X, k) for k in range(9)]
    outside = sum(value > 1e-5 for value in far)
    for k in range(9):
        said, shown = words(state_of(X, k)), certificate(state_of(X, k))
        assert shown["status"] == "certified"
        assert shown["objective"] == pytest.approx(far[k], abs=1e-5)
        assert shown["neurons"] == (far[k] > 1e-5)
        assert ("lies in the hull" in said) == (far[k] <= 1e-5)
        assert f"Of the 9 samples, {outside} lie outside" in said
    assert farthest_out(X) == int(np.argmax(far))


@pytest.mark.parametrize("X", [[], [[0.5, 0.5]]], ids=["none", "one"])
def test_fewer_than_two_points_are_explained(X: Any) -> None:
    now = state_of(np.reshape(X, (-1, 2)), 0)
    assert certificate(now)["status"] == "empty"
    assert "add points" in words(now)
    assert script(text.python_code(now, View()))["printed"] == []


@pytest.mark.parametrize(
    ("X", "k", "inside"),
    [
        ([[0.5, 0.5]] * 3, 1, True),
        ([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], 1, True),
        ([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], 2, False),
        ([[0.0, 0.0], [1.0, 0.0]], 0, False),
        (CROSS, 0, True),
        (CROSS, 3, False),
    ],
    ids=["equal", "between", "end of a line", "two", "middle", "edge"],
)
def test_degenerate_points(X: Any, k: int, inside: bool) -> None:
    now = state_of(X, k)
    assert certificate(now)["status"] == "certified"
    assert ("lies in the hull" in words(now)) == inside


# --- prompts -------------------------------------------------------------------------------------------------------


def test_the_first_sample_of_the_blobs_lies_inside_and_can_be_dragged_out(shared: AppTest) -> None:
    page = sent(shared.button(key="try-inside").click().run(), "auto")
    X = places(page["board"])
    np.testing.assert_allclose(X, made("inside"))
    assert (len(X), page["board"]["answer"]["chosen"]) == (20, 0)
    assert distance(X, 0) < 1e-6
    assert "**x₁ lies in the hull**" in prose(shared)
    assert page["badge"]["neurons"] == 0
    X[0] = X.max(axis=0) + 0.2
    page = sent(drawn(shared, KEY, X), "auto")
    assert page["badge"]["neurons"] == 1
    assert "The best reconstruction of x₁ is p" in prose(shared)


def test_the_farther_out_the_stronger(shared: AppTest) -> None:
    page = sent(shared.button(key="try-edge").click().run(), "auto")
    X, k = places(page["board"]), page["board"]["answer"]["chosen"]
    away = X[k] - extreme_point(X, k).projection
    values = [page["badge"]["objective"]]
    for step in (0.1, 0.2):
        moved = X.copy()
        moved[k] += step * away
        page = sent(drawn(shared, KEY, moved), "auto")
        assert page["board"]["answer"]["chosen"] == k
        values.append(page["badge"]["objective"])
    np.testing.assert_allclose(values, values[0] * np.array([1.0, 1.1, 1.2]), rtol=1e-6)


def test_of_two_rings_only_the_outer_one_has_neurons() -> None:
    X = made("circle")
    assert len(X) == 16
    radius = np.linalg.norm(X - X.mean(axis=0), axis=1)
    outer = radius > np.sort(radius)[[7, 8]].mean()
    assert np.sort(radius)[8] > 1.2 * np.sort(radius)[7], "two rings"
    assert [not point.in_hull for point in extreme_points(X)] == outer.tolist()


# --- what the idea says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", range(4))
def test_no_neuron_gains_more_from_sample_minus_mixture_than_the_distance(k: int) -> None:
    """The dual vector behind the neuron: 1 at the sample, minus the shares of its mixture."""
    rng = np.random.default_rng(k)
    X = rng.standard_normal((7, 2))
    point = extreme_point(X, int(np.argmax(np.linalg.norm(X, axis=1))))
    v = -point.weights
    v[point.index] = 1.0
    assert v.sum() == pytest.approx(0.0, abs=1e-12)
    U = rng.standard_normal((20_000, 2))
    U /= np.linalg.norm(U, axis=1)[:, None]
    gains = np.maximum(U @ X.T + rng.uniform(-4, 4, len(U))[:, None], 0.0) @ v
    assert gains.max() <= point.distance + 1e-9
    assert point.u is not None
    assert np.maximum(X @ point.u + point.b, 0.0) @ v == pytest.approx(point.distance, rel=1e-9)


def test_a_neuron_of_negative_weight_may_gain_more_by_answering_one_of_the_mixed_samples() -> None:
    X = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 0.1]])
    point = extreme_point(X, 2)
    v = np.array([*-point.weights[:2], 1.0])
    alone = np.maximum(X @ np.array([-1.0, 0.0]), 0.0)  # answers the first sample and no other
    assert alone.tolist() == [1.0, 0.0, 0.0]
    assert -(alone @ v) == pytest.approx(0.5)
    assert point.distance == pytest.approx(0.1)


def test_two_samples_on_one_spot_do_not_pass_for_samples_of_the_triangle() -> None:
    corners = [[-1.0, -1.0], [1.0, -1.0], [0.0, 1.0]]
    inside, double = [[0.0, 0.0], [0.1, 0.0], [0.0, 0.1]], [[2.0, 2.0], [2.0, 2.0], [0.0, 0.0]]
    settings = AutoencoderSettings()
    made = [Points(np.array(corners + rest), np.ones(6)) for rest in (inside, double)]
    assert [challenges.three_outside(settings, points) for points in made] == [True, False]


def test_no_image_of_64_pixels_is_a_mixture_of_the_others_and_through_two_numbers_most_are() -> None:
    known = digit_images.digits().X
    assert known.shape == (1797, 64)
    assert not any(point.in_hull for point in extreme_points(known))
    assert all(digit_images.in_hull_share(digit, (2,))[0] > 0.5 for digit in range(10))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([0.99, 0.92, 0.5, 0.3, 0.1, 0.05, 0.004, 0.0, 0.0, 0.0], "through 16 or more of those listed none is"),
        ([0.99, 0.92, 0.5, 0.3, 0.1, 0.05, 0.01, 0.01, 0.01, 0.005], "through all 64 still 0.5%."),
    ],
)
def test_the_words_below_the_table_are_read_off_the_table(found: list[float], said: str) -> None:
    words = shares_words(found)
    assert words.startswith("Through two components 92% of the images are mixtures of the others")
    assert said in words


# --- the same in Python --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [0, 3])
def test_the_code_gives_the_neuron_of_the_page(k: int) -> None:
    now = state_of(CROSS, k)
    names = script(text.python_code(now, View()))
    assert now.point is not None
    assert names["p"].distance == pytest.approx(now.point.distance, abs=1e-12)
    assert names["printed"][-1] == "[True, False, False, False, False]"


def test_the_dialog_shows_the_code_of_the_points_on_the_board(shared: AppTest) -> None:
    page = sent(follow(shared, data="blobs", k="3"), "auto")
    shared.button(key="open-code").click().run()
    names = script(next(block.value for block in shared.code if "extreme_point" in block.value))
    np.testing.assert_allclose(names["X"], places(page["board"]), rtol=1e-8)
    assert names["p"].index == 2
    assert names["p"].distance == pytest.approx(page["badge"]["objective"], abs=1e-7)


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_choice_of_a_link_is_ringed_named_and_kept_within_the_points(shared: AppTest) -> None:
    for k, chosen in ((3, 2), (14, 13), (400, 13)):
        answer = sent(follow(shared, k=str(k)), "auto")["board"]["answer"]
        assert answer["chosen"] == chosen
        assert [i for i, name in enumerate(answer["names"]) if name] == [chosen]
        assert f"x{str(chosen + 1).translate(str.maketrans('0123456789', '₀₁₂₃₄₅₆₇₈₉'))}" in prose(shared)


def test_points_are_added_and_removed_down_to_none() -> None:
    at = opened("autoencoders", hide="digits")
    for X in (CROSS, CROSS[:2], CROSS[:1], CROSS[:0], CROSS):
        page = sent(drawn(at, KEY, X), "auto")
        assert set(page) == {"board", "badge"}
        assert page["badge"]["status"] == ("certified" if len(X) > 1 else "empty")
        assert bool(page["board"]["answer"]["note"]) == (len(X) < 2)


def test_digit_controls_change_the_images(shared: AppTest) -> None:
    seen = [sent(follow(shared), "auto")["digit"]]
    shared.selectbox(key="set-digit").set_value("5").run()
    seen.append(sent(shared, "auto")["digit"])
    shared.number_input(key="set-image").set_value(7).run()
    seen.append(sent(shared, "auto")["digit"])
    seen.append(sent(follow(shared, digit="5", image="7", among="all"), "auto")["digit"])
    texts = [page["figures"]["digit"] for page in seen]
    assert len(set(texts)) == 4
    assert "How many images of 5" in prose(shared)
    assert "of 1796 images" in prose(shared)


@pytest.mark.parametrize(("row", "same"), [(0, True), (3, True), (17, False)])
def test_on_a_phone_no_word_above_an_image_is_cut_or_covered(row: int, same: bool) -> None:
    spec = digit_spec(row, same, digit_images.mixture(row, same))
    assert [trace["name"] for trace in spec["data"]][:3] == ["image x", "mixture p", "residual"]
    assert_words_have_room(spec)


def test_share_and_open_bring_points_choice_and_digit_back() -> None:
    at = opened("autoencoders", k="2", digit="7", image="3")
    drawn(at, KEY, CROSS)
    query = link_of(at)
    assert {"p", "k", "digit", "image"} <= set(query)
    page, again = sent(at, "auto"), sent(opened("autoencoders", **query), "auto")
    np.testing.assert_allclose(places(again["board"]), CROSS, atol=1e-4)
    assert again["board"]["answer"]["chosen"] == page["board"]["answer"]["chosen"] == 1
    assert again["badge"]["objective"] == pytest.approx(page["badge"]["objective"], rel=1e-3)
    assert again["digit"]["figures"] == page["digit"]["figures"]


def test_damaged_and_empty_links() -> None:
    at = opened("autoencoders", p="!!!", n="1", k="2", hide="digits")
    assert {"`p=!!!`", "`n=1`"} <= warned(at)
    assert len(sent(at, "auto")["board"]["x"]) == 14
    assert sent(opened("autoencoders", p=link.EMPTY, hide="digits"), "auto")["badge"]["status"] == "empty"


def test_hidden_groups_are_absent_and_the_lesson_stays() -> None:
    at = opened("autoencoders", hide="presets,digits,share")
    widgets = {w.key for w in [*at.selectbox, *at.number_input, *at.button]}
    assert not widgets & {"set-dataset", "set-n", "set-seed", "set-digit", "set-image", "share-button"}
    assert set(sent(at, "auto")) == {"board", "badge"}
