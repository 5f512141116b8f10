"""The lesson on closed forms without a browser: formula against solver, prompts, accuracies, code, and the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from geometry_pages import assert_words_have_room, follow, link_of, opened, prose, script, sent, warned
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import closed_form
from convexviz.app.compute import digit_images
from convexviz.app.lessons.closed_forms import parts, text
from convexviz.app.lessons.closed_forms.parts import draw, ten_classes, two_classes, two_neurons
from convexviz.app.lessons.closed_forms.settings import MOST_PER_CLASS, ClosedSettings
from convexviz.app.shell import controls

PARTS = {"images", "neurons", "badge", "ten"}
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}
AGREE = 1e-5  # relative, between a formula and a solver within 1e-6 of the optimum
KNOWN = digit_images.digits()


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened("closed-forms")


def task(settings: ClosedSettings) -> parts.Two:
    first, second = int(settings.first), int(settings.second)
    return two_classes(first, second, settings.n, settings.beta, settings.whiten, settings.seed)


def objective(network: cv.ReLUNetwork, X: np.ndarray, y: np.ndarray, beta: float) -> float:
    """Written out: half the squared misses and beta times the weights."""
    f = np.maximum(X @ network.U.T, 0.0) @ network.w
    return float(0.5 * ((f - y) ** 2).sum() + beta * np.abs(network.w).sum())


def table_of(at: AppTest, beginning: str) -> list[list[str]]:
    """Cells of the rows of a table whose head begins so."""
    (found,) = [block.value for block in at.markdown if block.value.startswith(beginning)]
    lines = [line for line in found.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# --- two classes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("beta", [0.01, 0.3, 1.2])
def test_formula_and_solver_agree_on_whitened_data(n: int, beta: float) -> None:
    found = two_classes(3, 8, n, beta, True, 1)
    np.testing.assert_allclose(found.X @ found.X.T, np.eye(2 * n), atol=1e-9)
    assert found.formula is not None
    assert found.formula.certified
    assert found.optimum.certified
    assert found.formula_objective == pytest.approx(found.optimum.objective, rel=AGREE)
    assert found.formula_objective == pytest.approx(objective(found.network, found.X, found.y, beta), rel=1e-9)
    by_hand = n - np.maximum(np.sqrt(n) - beta, 0.0) ** 2
    assert found.formula_objective == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("seed", [0, 1])
def test_without_whitening_the_solver_is_better_and_proves_it(n: int, seed: int) -> None:
    found = two_classes(3, 8, n, 0.3, False, seed)
    np.testing.assert_array_equal(found.X, found.raw)
    assert found.formula is None
    assert found.optimum.certified
    assert found.formula_objective > 1.05 * found.optimum.objective
    assert objective(found.optimum.network, found.X, found.y, 0.3) == pytest.approx(found.optimum.objective, rel=1e-9)
    assert objective(found.network, found.X, found.y, 0.3) == pytest.approx(found.formula_objective, rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("whitened", [True, False])
def test_above_the_root_of_n_the_formula_has_no_neuron(n: int, whitened: bool) -> None:
    """The prompt on too much decay; on whitened data the solver agrees."""
    below, above = (two_classes(3, 8, n, np.sqrt(n) + shift, whitened, 0) for shift in (-0.05, 0.05))
    assert (below.network.width, above.network.width) == (2, 0)
    assert above.formula_objective == pytest.approx(n)
    if whitened:
        assert (below.optimum.network.width, above.optimum.network.width) == (2, 0)
    assert all(spec["data"] for spec in parts.neurons_specs(above).values())


def test_the_formula_is_the_librarys() -> None:
    found = two_classes(3, 8, 3, 0.3, True, 0)
    ours, theirs = two_neurons(found.X, found.y, 0.3), closed_form.whitened(found.X, found.y, 0.3).network
    np.testing.assert_allclose(ours.w, theirs.w, atol=1e-12)
    np.testing.assert_allclose(ours.U, theirs.U, atol=1e-9)


def test_images_are_of_the_digits_asked_for_and_independent() -> None:
    X, target = draw((3, 8), 4, 5)
    assert target.tolist() == [3] * 4 + [8] * 4
    assert np.linalg.matrix_rank(X) == 8
    for image, digit in zip(X, target, strict=True):
        assert any(np.array_equal(image, KNOWN.X[row]) for row in KNOWN.of(digit))
    assert not np.array_equal(X, draw((3, 8), 4, 6)[0])
    np.testing.assert_array_equal(X, draw((3, 8), 4, 5)[0])
    assert np.linalg.matrix_rank(draw(tuple(range(10)), MOST_PER_CLASS, 0)[0]) == 10 * MOST_PER_CLASS


def test_neurons_are_drawn_as_what_they_respond_to() -> None:
    """In pixels a neuron of whitened data gives the same response to the whitened image."""
    found = two_classes(3, 8, 2, 0.3, True, 0)
    white = closed_form.whiten(found.raw)
    np.testing.assert_allclose(found.formula_neurons @ white.basis, found.network.U, atol=1e-12)
    trained = parts.images_spec(found)["data"]
    assert [trace["name"] for trace in trained] == ["+1", "+1", "−1", "−1"]
    for trace, image in zip(trained, found.raw, strict=True):
        np.testing.assert_allclose(np.ravel(trace["z"]), image, atol=1e-6)
    shown = parts.neurons_specs(found)
    assert [trace["name"] for trace in shown["formula"]["data"]] == ["formula +", "formula −"]
    assert [trace["name"] for trace in shown["solver"]["data"]] == ["solver +", "solver −"]
    for trace, neuron in zip(shown["formula"]["data"], found.formula_neurons, strict=True):
        np.testing.assert_allclose(np.ravel(trace["z"]), neuron, atol=1e-6)


def test_where_there_is_no_neuron_a_blank_image_says_so() -> None:
    shown = parts.neurons_specs(two_classes(3, 8, 1, 1.5, True, 0))
    for name in ("formula", "solver"):
        (trace,) = shown[name]["data"]
        assert trace["name"] == f"{name}: none"
        assert not np.any(trace["z"])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("whiten", [True, False])
def test_on_a_phone_no_word_above_an_image_is_cut_or_covered(n: int, whiten: bool) -> None:
    found = two_classes(3, 8, n, 0.3, whiten, 0)
    for spec in (parts.images_spec(found), *parts.neurons_specs(found).values(), parts.ten_spec(np.ones((10, 64)))):
        assert_words_have_room(spec)


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("beta", "n"), [(0.3, 4), (2.1, 4), (1.2, 1), (6.0, 4), (9.0, 4), (9.0, 1)])
@pytest.mark.parametrize("whiten", [True, False])
def test_what_is_said_of_the_comparison_is_true(whiten: bool, beta: float, n: int, seed: int) -> None:
    settings = ClosedSettings(whiten=whiten, beta=beta, n=n, seed=seed)
    found = task(settings)
    said, optimum = parts.words(found, settings), found.optimum
    assert ("no neuron" in said) == (found.network.width == 0)
    assert ("pays for itself any more" in said) == (not whiten and optimum.network.width == found.network.width == 0)
    if whiten:
        assert "neither disturbing the other" in said
        answers = found.network.activations(found.X)
        assert not (answers * np.where(found.y[:, None] * found.network.w > 0, 0.0, 1.0) > 1e-9).any()
    elif found.network.width:
        above = found.formula_objective / optimum.objective - 1
        assert (f"{100 * above:.0f} % above" if above >= 0.01 else "less than 1 % above") in said
        assert "answers images of the other class too" in said
    elif optimum.network.width:
        assert f"{optimum.objective:.4f}" in said


@pytest.mark.parametrize("whiten", [True, False])
def test_the_dual_vector_of_the_idea_is_feasible(whiten: bool) -> None:
    """max(||v+||, ||v-||) is at most beta on whitened data, and beta where a neuron is used; not so on raw images."""
    for beta in (0.3, 1.9, 2.5):
        found = two_classes(3, 8, 4, beta, whiten, 0)
        v = found.y - found.network.predict(found.X)
        largest = max(np.linalg.norm(np.maximum(v, 0)), np.linalg.norm(np.maximum(-v, 0)))
        if whiten:
            assert largest == pytest.approx(min(beta, 2.0), rel=1e-9)
        elif found.network.width:
            assert largest > beta


@pytest.mark.parametrize("beta", [0.3, 2.5])
@pytest.mark.parametrize(("per_class", "seed"), [(1, 0), (2, 0), (3, 0), (2, 2)])
def test_what_is_said_of_the_scores_is_read_off_the_table(per_class: int, beta: float, seed: int) -> None:
    settings = ClosedSettings(per_class=per_class, beta=beta, seed=seed)
    neurons, contestants = ten_classes(per_class, beta, seed)
    said = parts.scores(contestants, settings, bool(neurons.any()))
    best = max(contestants, key=lambda c: c.accuracy)
    if beta > np.sqrt(per_class):
        assert "no neuron at all" in said
    elif best.name == contestants[0].name:
        assert "no other classifies the images not seen better" in said
    else:
        assert f"Here that is: {best.name}." in said
    X, _ = draw(tuple(range(10)), per_class, seed)
    singular = np.sqrt(np.linalg.eigvalsh(X @ X.T))
    assert f"stretched {singular[-1] / singular[0]:.0f} times" in said


def test_the_slider_has_a_stop_for_every_challenge() -> None:
    """Both weights below 0.1 take a beta between 1.9 and 2."""
    stops = controls.log_stops(*parts.BETAS, parts.STOPS, 0.3)
    assert any(1.9 < stop < 2.0 for stop in stops)
    assert max(stops) == parts.BETAS[1]


# --- ten classes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_class", "seed"), [(1, 0), (2, 3), (3, 0)])
def test_the_accuracies_are_right(per_class: int, seed: int) -> None:
    """Recomputed: one neuron per class by the formula, the rivals trained again, on images not trained on."""
    X, target = draw(tuple(range(10)), per_class, seed)
    neurons, contestants = ten_classes(per_class, 0.3, seed)
    seen = np.array([(row == X).all(axis=1).any() for row in KNOWN.X])
    rest, truth = KNOWN.X[~seen], KNOWN.target[~seen]
    assert len(rest) >= 1797 - 2 * 10 * per_class
    shares = rest @ np.linalg.pinv(X)  # of the training images in each other one
    classes = np.array([shares[:, target == digit].sum(axis=1) for digit in range(10)]).T
    expected = (np.maximum(classes, 0.0).argmax(axis=1) == truth).mean()
    ours, *rivals = contestants
    assert ours.accuracy == pytest.approx(expected, abs=2e-3)
    for rival, (name, model) in zip(rivals, parts.rivals(seed), strict=True):
        assert rival.name == name
        assert rival.accuracy == pytest.approx((model.fit(X, target).predict(rest) == truth).mean(), abs=1e-12)
    assert all(contestant.seconds > 0 for contestant in contestants)
    assert neurons.shape == (10, 64)
    inside = X @ np.linalg.pinv(X) @ X
    np.testing.assert_allclose(inside, X, atol=1e-9)


def test_neurons_of_ten_classes_stand_in_the_order_of_their_digits() -> None:
    X, target = draw(tuple(range(10)), 2, 0)
    neurons, _ = ten_classes(2, 0.3, 0)
    white = closed_form.whiten(X)
    response = np.maximum(white.X @ (neurons @ white.basis).T, 0.0)
    np.testing.assert_array_equal(response.argmax(axis=1), target)


def test_where_decay_leaves_no_neuron_the_images_are_empty() -> None:
    neurons, contestants = ten_classes(2, 2.1, 0)
    assert neurons.shape == (10, 64)
    assert not neurons.any()
    assert contestants[0].accuracy < 0.2


def test_with_a_third_image_the_closed_form_classifies_worse() -> None:
    """What the last prompt says of where it starts."""
    settings = ClosedSettings().changed(**PROMPTS["more"].changes)
    assert settings.per_class == 3
    two, three = (ten_classes(k, settings.beta, settings.seed)[1][0].accuracy for k in (2, 3))
    assert three < two - 0.01


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whiten", ["1", "0"])
def test_the_table_shows_formula_and_solver(shared: AppTest, whiten: str) -> None:
    page = sent(follow(shared, whiten=whiten, n="3", beta="0.2", seed="2"), "closed")
    found = two_classes(3, 8, 3, 0.2, whiten == "1", 2)
    rows = {name: (formula, solver) for name, formula, solver in table_of(shared, "| | formula")}
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["objective"] == pytest.approx(found.optimum.objective, rel=1e-9)
    assert float(rows["objective"][0]) == pytest.approx(found.formula_objective, abs=1e-6)
    assert float(rows["objective"][1]) == pytest.approx(found.optimum.objective, abs=1e-6)
    assert rows["neurons"] == ("2", str(found.optimum.network.width))
    words = prose(shared)
    if whiten == "1":
        assert rows["objective"][0][:6] == rows["objective"][1][:6]
        assert "**Whitened.**" in words
    else:
        assert (rows["proved bound"][0], rows["time"][0]) == ("–", "–")
        excess = int(re.search(r"(\d+) % above", words.replace("\n", " "))[1])  # type: ignore[index]
        assert excess == pytest.approx(100 * (found.formula_objective / found.optimum.objective - 1), abs=0.51)


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_leads_to_a_certified_answer(shared: AppTest, name: str) -> None:
    page = sent(shared.button(key=f"try-{name}").click().run(), "closed")
    assert set(page) == PARTS
    assert page["badge"]["status"] == "certified"
    if name == "strong":
        assert page["badge"]["neurons"] == 0
        assert {row[0]: row[1:] for row in table_of(shared, "| | formula")}["neurons"] == ["0", "0"]
    scores = table_of(shared, "| trained on")
    assert scores[0][0].startswith("closed form")
    assert all(0 <= float(row[1].rstrip("%")) <= 100 for row in scores)


def test_controls_change_what_they_name(shared: AppTest) -> None:
    first = sent(follow(shared), "closed")
    shared.selectbox(key="set-first").set_value("8").run()
    assert (shared.selectbox(key="set-first").value, shared.selectbox(key="set-second").value) == ("8", "3")
    swapped = sent(shared, "closed")
    assert swapped["images"]["figures"] != first["images"]["figures"]
    shared.number_input(key="set-n").set_value(2).run()
    shared.toggle(key="set-whiten").set_value(False).run()
    page = sent(shared, "closed")
    expected = two_classes(8, 3, 2, 0.3, False, 0).optimum.objective
    assert page["badge"]["objective"] == pytest.approx(expected, rel=1e-9)
    assert len(json.loads(page["images"]["figures"]["images"])["data"]) == 4
    assert set(page["neurons"]["figures"]) == {"formula", "solver"}
    shared.number_input(key="set-per_class").set_value(1).run()
    assert "trained on 10 images" in prose(shared)


def test_share_and_damaged_links() -> None:
    query = {"whiten": "0", "n": "2", "beta": "0.5", "first": "1", "second": "7", "seed": "3"}
    at = opened("closed-forms", **query)
    assert link_of(at) == query
    at = opened("closed-forms", n="9", first="4", second="4", beta="x")
    assert warned(at) == {"`n=9`", "`beta=x`", "second"}
    assert sent(at, "closed")["badge"]["status"] == "certified"


def test_hidden_controls_are_absent_and_the_lesson_stays(shared: AppTest) -> None:
    follow(shared, hide="controls,share")
    widgets = {w.key for w in [*shared.selectbox, *shared.toggle, *shared.button]}
    assert not widgets & {"set-first", "set-second", "set-whiten", "share-button", "open-code"}
    assert "set-beta" not in {w.key for w in shared.select_slider}
    assert set(sent(shared, "closed")) == PARTS


# --- the same in Python --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes", [{}, {"whiten": False}, {"n": 1, "seed": 7}, {"first": "0", "second": "1", "beta": 2.5}], ids=str
)
def test_the_code_gives_the_objective_of_the_page(changes: dict[str, Any]) -> None:
    settings = replace(ClosedSettings(), **changes)
    found, names = task(settings), script(text.python_code(settings))
    np.testing.assert_allclose(names["X"], found.X, atol=1e-9)
    np.testing.assert_array_equal(names["y"], found.y)
    assert names["best"].objective == pytest.approx(found.optimum.objective, rel=1e-6)
    assert ("s" in names) == settings.whiten
    if settings.whiten:
        assert names["s"].objective == pytest.approx(found.formula_objective, rel=1e-9)
