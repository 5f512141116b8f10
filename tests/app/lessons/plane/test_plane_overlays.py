"""What is drawn over the plane beside the network: other classifiers, rings, and an answer pinned to compare with."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator
from sklearn.svm import SVC
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.lessons.plane import overlays
from convexviz.app.lessons.plane.overlays import Pin
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import source, startup
from convexviz.app.shell.source import Points
from convexviz.figures.theme import COMPARISON, OVERLAY
from tests.app.messages import components

SECONDS = 60  # the first run imports everything
MOONS = cv.datasets.load("moons", n=30, seed=2)
POINTS = Points(np.asarray(MOONS.X), np.asarray(MOONS.y))
VIEW = board.View(x=(-1.5, 1.5), y=(-1.0, 1.25))
BOTH = PlaneSettings(linear=True, svm=True)


def solved(loss: str = "hinge", beta: float = 0.1) -> cv.Solution:
    return cv.solve(POINTS.X, POINTS.y, beta=beta, loss=loss)


def decoded(field: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions along both axes, and the values (ny, nx), of a grid as the browser reads it."""
    z = field["z"]
    flat = np.array(z) if isinstance(z, list) else np.frombuffer(base64.b64decode(z["bdata"]), "<f4")
    x, y = np.linspace(*field["x"], field["nx"]), np.linspace(*field["y"], field["ny"])
    return x, y, flat.reshape(field["ny"], field["nx"]).astype(float)


# --- other classifiers ---------------------------------------------------------------------------------------------


def test_nothing_is_drawn_that_was_not_asked_for() -> None:
    assert overlays.fields(PlaneSettings(), POINTS, VIEW) == []
    assert [f["id"] for f in overlays.fields(PlaneSettings(svm=True), POINTS, VIEW)] == ["svm"]


def test_classifiers_can_be_told_apart_and_say_how_many_they_miss() -> None:
    linear, kernel = overlays.fields(BOTH, POINTS, VIEW)
    assert (linear["color"], kernel["color"]) == (OVERLAY, COMPARISON)
    assert linear["dash"] != kernel["dash"]
    for field, name, word in ((linear, "linear", "linear SVM"), (kernel, "rbf", "SVM, RBF kernel")):
        missed = int((SVC(kernel=name).fit(POINTS.X, POINTS.y).predict(POINTS.X) != POINTS.y).sum())
        assert field["label"] == f"{word}, {missed} of 30 wrong"
    assert not linear["label"].startswith("linear SVM, 0 ")


@pytest.mark.parametrize("name", ["linear", "svm"])
def test_a_grid_holds_the_decision_values(name: str) -> None:
    """Between its places too, for they are what the boundary is drawn from; it reaches beyond the window."""
    (field,) = overlays.fields(PlaneSettings(**{name: True}), POINTS, VIEW)
    x, y, z = decoded(field)
    assert x[0] < VIEW.x[0] < VIEW.x[1] < x[-1]
    assert y[0] < VIEW.y[0] < VIEW.y[1] < y[-1]
    places = np.random.default_rng(0).uniform((VIEW.x[0], VIEW.y[0]), (VIEW.x[1], VIEW.y[1]), (200, 2))
    machine = SVC(kernel="linear" if name == "linear" else "rbf").fit(POINTS.X, POINTS.y)
    between = RegularGridInterpolator((y, x), z)(places[:, ::-1])
    np.testing.assert_allclose(between, machine.decision_function(places), atol=1e-5 if name == "linear" else 0.03)


def test_a_line_is_sent_as_four_numbers_and_a_curve_in_single_precision() -> None:
    linear, kernel = overlays.fields(BOTH, POINTS, VIEW)
    assert len(json.dumps(linear)) < 400
    assert kernel["z"]["dtype"] == "f4"
    assert len(json.dumps(kernel)) < 16_000, "a message answers every move of the hand"


@pytest.mark.parametrize("y", [np.ones(30), -np.ones(30)], ids=["+1", "-1"])
def test_one_class_has_no_other_classifier(y: np.ndarray) -> None:
    assert overlays.fields(BOTH, Points(POINTS.X, y), VIEW) == []


def test_values_have_no_classifier() -> None:
    settings = replace(BOTH.changed(task="regression"), linear=True, svm=True)
    assert overlays.fields(settings, POINTS, VIEW) == []


@pytest.mark.parametrize("X", [[[0.3, 0.4], [0.3, 0.4]], [[0.3, 0.4], [0.5, 0.4]], [[0.0, 0.0], [0.0, 1e-9]]], ids=str)
def test_two_points_have_every_classifier(X: list[list[float]]) -> None:
    for field in overlays.fields(BOTH, Points(np.array(X), np.array([1.0, -1.0])), VIEW):
        assert np.isfinite(decoded(field)[2]).all()
        json.dumps(field, allow_nan=False)


def test_points_on_the_wrong_side_are_counted() -> None:
    flat = solved("hinge", 1e3)
    assert flat.network.width == 0
    assert overlays.wrong(flat, POINTS.X, POINTS.y) >= 15
    assert overlays.wrong(solved("hinge", 0.01), POINTS.X, POINTS.y) == 0


# --- a pinned answer, in words -------------------------------------------------------------------------------------


def test_a_label_says_what_the_pinned_answer_cost_and_how_the_present_one_differs() -> None:
    pin, now = Pin(solved(beta=0.2), POINTS, VIEW), solved(beta=0.1)
    change = now.objective - pin.solution.objective
    first, second = pin.label(now).split("; ")
    width = pin.solution.network.width
    assert first == f"pinned: {pin.solution.objective:.4g} ({width} neurons, β = 0.2)"
    assert change < 0
    assert second == f"now {change:+.3g}, {100 * change / pin.solution.objective:+.1f} %".replace("-", "−")
    assert pin.label(None) == first


@pytest.mark.parametrize(("loss", "words"), [("hard_margin", "neurons)"), ("squared", "neurons, β = 0.1)")])
def test_beta_is_named_where_it_plays_a_part(loss: str, words: str) -> None:
    assert Pin(solved(loss), POINTS, VIEW).label(None).endswith(words)


def test_costs_of_two_losses_are_not_compared() -> None:
    assert ";" not in Pin(solved("hinge"), POINTS, VIEW).label(solved("logistic"))


def test_one_neuron_and_none_are_counted_properly() -> None:
    line = cv.solve(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([1.0, -1.0]), loss="hard_margin")
    assert "(1 neuron)" in Pin(line, POINTS, VIEW).label(None)
    nothing = cv.solve(np.zeros((1, 2)), np.zeros(1), beta=0.1)
    assert Pin(nothing, POINTS, VIEW).label(nothing) == "pinned: 0 (0 neurons, β = 0.1); now +0"


# --- a pinned answer, on the page ----------------------------------------------------------------------------------


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key without `plane-`."""
    assert not at.exception
    assert not at.error
    return {b.proto.id.rpartition("-plane-")[2]: json.loads(b.proto.json) for b in components(at)}


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in {"n": "20", "beta": "0.2", **query}.items():
        at.query_params[name] = value
    return at.switch_page("../../pages/plane.py").run()


def update(at: AppTest, **changes: Any) -> AppTest:
    lesson = at.session_state["cvz-lessons"]["plane"]
    lesson.settings = lesson.settings.changed(**changes)
    return at.run()


def press(at: AppTest, key: str) -> dict[str, dict[str, Any]]:
    return sent(at.button(key=key).click().run())


def offered(at: AppTest) -> set[str]:
    return {button.key for button in at.button} & {"pin", "pin-back", "unpin"}


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_pin_change_go_back_and_unpin(task: str) -> None:
    at = opened(task=task)
    before = sent(at)
    assert "ghost" not in before["board"]["answer"]
    assert offered(at) == {"pin"}
    press(at, "pin")
    ghost = sent(at)["board"]["answer"]["ghost"]
    assert offered(at) == {"pin", "pin-back", "unpin"}
    assert ghost["network"] == before["board"]["answer"]["network"]
    assert f"{before['badge']['objective']:.4g}" in ghost["label"]
    assert "; now +0" in ghost["label"]
    thin_out(at, task)
    page = sent(update(at, beta=0.05))
    assert page["board"]["answer"]["ghost"]["network"] == ghost["network"]
    assert page["board"]["answer"]["network"] != ghost["network"]
    assert "; now −" in page["board"]["answer"]["ghost"]["label"]
    page = press(at, "pin-back")
    assert page["badge"]["objective"] == pytest.approx(before["badge"]["objective"], rel=1e-6)
    assert (page["board"]["x"], page["board"]["view"]) == (before["board"]["x"], before["board"]["view"])
    assert page["beta"]["beta"] == 0.2
    assert "ghost" not in press(at, "unpin")["board"]["answer"]
    assert offered(at) == {"pin"}


def thin_out(at: AppTest, task: str) -> None:
    """Every other point goes."""
    key = source.plane.state_key(task)
    now = at.session_state[key]
    labels, values = (None if part is None else part[::2] for part in (now.labels, now.values))
    at.session_state[key] = board.replace(now, now.points[::2], labels, values)


def test_the_way_back_brings_the_loss_back_too() -> None:
    at = opened(loss="logistic")
    press(at, "pin")
    page = sent(update(at, loss="hinge"))
    assert ";" not in page["board"]["answer"]["ghost"]["label"]
    assert press(at, "pin-back")["badge"]["loss"] == "logistic"


def test_each_task_has_a_pin_of_its_own() -> None:
    at = opened()
    press(at, "pin")
    at.get("button_group")[0].set_value("regression").run()
    assert "ghost" not in sent(at)["board"]["answer"]
    at.get("button_group")[0].set_value("classification").run()
    assert "ghost" in sent(at)["board"]["answer"]


def test_there_is_nothing_to_pin_without_an_answer() -> None:
    at = opened()
    key = source.plane.state_key("classification")
    at.session_state[key] = board.replace(at.session_state[key], np.empty((0, 2)), np.empty(0))
    at.run()
    assert "ghost" not in press(at, "pin")["board"]["answer"]
    assert offered(at) == {"pin"}


def test_support_vectors_are_ringed_while_asked_for() -> None:
    at = opened()
    ringed = sent(at)["board"]["answer"]["support"]
    made = cv.datasets.load("moons", 20, 0.1, 0)
    theirs = np.abs(cv.solve(made.X, made.y, beta=0.2, loss="hinge").v)
    assert set(np.flatnonzero(theirs > 1e-3)) <= set(ringed)
    assert 0 < len(ringed) < 20
    assert "support" not in sent(update(at, support=False))["board"]["answer"]
    assert sent(update(at, support=True, loss="logistic"))["board"]["answer"]["support"] == []
