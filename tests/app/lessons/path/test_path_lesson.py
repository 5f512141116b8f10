"""The lesson on the path without a browser: numbers are those of the core, by routes of their own."""

from __future__ import annotations

import base64
import json
import re
import time

import numpy as np
import pytest
from geometry_pages import drawn, link_of, opened, places, script, sent
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.components.board import View
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast.held_out import FRESH, Data
from convexviz.app.lessons.path.parts import WALK
from convexviz.app.lessons.path.solving import Walk, caption, happened

PATIENCE = 20.0  # seconds for a path on a loaded machine


def with_path(at: AppTest) -> AppTest:
    """Wait until the path is on the page."""
    end = time.monotonic() + PATIENCE
    while at.session_state[WALK].path is None and time.monotonic() < end:
        at.session_state[WALK].job.wait(0.2)
    return at.run()


def unpacked(values: dict[str, str]) -> np.ndarray:
    """Numbers as the browser gets them."""
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page on noisy points of a preset."""
    return with_path(opened("path", data="tent", n="16", noise="0.1", seed="3"))


def test_the_film_has_a_frame_for_every_beta_and_marks_the_least_held_out_error(shared: AppTest) -> None:
    film = sent(shared, "path")["player"]
    frames = json.loads(film["frames"])
    path = shared.session_state[WALK].path
    assert [frame["beta"] for frame in frames] == [s.beta for s in path]
    assert [frame["badge"]["neurons"] for frame in frames] == [s.network.width for s in path]
    fresh = data.load("tent", FRESH, 0.1, 4)
    errors = [np.sqrt(np.mean((s.network.predict(fresh.X) - fresh.y) ** 2)) for s in path]
    least = [k for k, frame in enumerate(frames) if "least of the path" in frame["caption"]]
    assert least == [int(np.argmin(errors))]
    assert re.match(r"β = .*: no neurons, training error .*, held-out error ", frames[0]["caption"])
    assert frames[least[0]]["caption"] in film["caption"]
    assert len(film["frames"]) < 400_000


def test_board_and_badge_show_the_optimum_of_one_beta(shared: AppTest) -> None:
    made = data.load("tent", 16, 0.1, 3)
    page = sent(shared, "path")
    np.testing.assert_allclose(places(page["board"]), np.column_stack([made.X, made.y]))
    assert page["badge"]["objective"] == cv.solve(made.X, made.y, beta=0.1).objective
    assert set(page["figures"]["figures"]) == {"path-errors", "path-network"}


def test_drawn_points_have_no_held_out_error_and_the_old_path_is_given_up() -> None:
    at = with_path(opened("path", data="tent", n="8"))
    before = at.session_state[WALK]
    at = with_path(drawn(at, "path-line-regression", [[-0.5, 0.0], [0.0, 0.5], [0.0, 0.9], [0.5, 0.0]]))
    assert at.session_state[WALK] is not before
    assert any("No held-out data" in c.value for c in at.caption)
    captions = [frame["caption"] for frame in json.loads(sent(at, "path")["player"]["frames"])]
    assert not any("held-out" in words for words in captions)


def test_a_path_of_logistic_loss_in_the_plane_is_certified() -> None:
    at = with_path(opened("path", data="moons", n="14", noise="0.3"))
    path = at.session_state[WALK].path
    assert len(path) > 3
    assert all(s.certified and s.loss == "logistic" for s in path)
    assert sent(at, "path")["board"]["mode"] == "plane"


def test_nothing_to_train_on_is_said_calmly() -> None:
    at = drawn(opened("path", data="tent", n="8"), "path-line-regression", np.array([[-0.5, 0.2], [0.5, 0.2]]))
    assert not at.exception
    assert any("no β brings a neuron in" in i.value for i in at.info)


def test_share_brings_the_drawing_back() -> None:
    at = drawn(opened("path", n="8"), "path-line-regression", [[-0.5, 0.1], [0.1, 0.7], [0.5, 0]])
    query = link_of(at)
    assert set(query) == {"p", "n"}
    again = opened("path", **query, hide="beta,presets,data,share")
    np.testing.assert_allclose(places(sent(again, "path")["board"]), places(sent(at, "path")["board"]), atol=1e-4)
    assert not again.select_slider
    assert not {button.key for button in again.button} & {"share-button", "new-sample"}


def test_the_code_follows_the_path_of_the_points_on_the_page(shared: AppTest) -> None:
    shared.button(key="open-code").click().run()
    path = script(next(block.value for block in shared.code if "exact_path" in block.value))["path"]
    made = data.load("tent", 16, 0.1, 3)
    assert path[0].beta == pytest.approx(cv.beta_max(made.X, made.y), rel=2e-6)  # it begins just above
    assert all(s.certified for s in path)


def test_a_walk_that_is_cancelled_ends_without_a_path() -> None:
    made = data.load("tent2", 50, 0.1, 0)
    walk = Walk(Data(Problem.of(made.X, made.y, "squared"), None, View(), 0.1, False, False, ("x", "y")))
    walk.cancel()
    walk.job.join(PATIENCE)
    assert walk.given_up
    assert walk.path is None


def test_the_stairs_are_exact_and_every_step_says_what_was_born_and_what_died(shared: AppTest) -> None:
    made = data.load("tent", 16, 0.1, 3)
    exact = cv.exact_path(made.X, made.y)
    figure = json.loads(sent(shared, "path")["figures"]["figures"]["path-errors"])
    stairs = next(trace for trace in figure["data"] if trace["name"] == "neurons")
    betas, counts = exact.staircase()
    np.testing.assert_allclose(unpacked(stairs["x"]), betas, rtol=1e-6)
    np.testing.assert_array_equal(unpacked(stairs["y"]), counts)
    frames = json.loads(sent(shared, "path")["player"]["frames"])
    first = next(event for event in exact.events if event.kind == "born")
    born = next(frame for frame in frames if frame["beta"] < first.beta)
    assert f"a kink is born at x = {first.x:.3g}" in born["caption"]


def test_what_happened_to_kinks_is_told_in_words() -> None:
    made = data.load("sine", 40, 0.1, 0)
    exact = cv.exact_path(made.X, made.y)
    assert happened(exact, 3.6, 2.0) == " Since the step before: a kink dies at x = -0.934."
    assert happened(exact, 1.2, 0.8) == " Since the step before: a kink is born at x = -0.844, 3 die."
    assert happened(exact, 20.0, 7.0) == ""


def test_captions_count_neurons() -> None:
    s = cv.solve(np.array([[0.0], [1.0]]), np.array([0.0, 1.0]), beta=0.01)
    assert caption(s, 0.1, 0.25, True, True).endswith("held-out error 25.0 %, the least of the path.")
    assert "1 neuron, training error 0.1." in caption(s, 0.1, None, False, False)


# ---------------------------------------------------------------- axes, laws, scenes


def test_beta_grows_to_the_right_as_on_its_slider(shared: AppTest) -> None:
    spec = json.loads(sent(shared, "path")["figures"]["figures"]["path-errors"])
    low, high = spec["layout"]["xaxis"]["range"]
    assert low < high
    slider = shared.select_slider(key="set-beta")
    assert [float(stop) for stop in slider.options] == sorted(float(stop) for stop in slider.options)


def test_loss_and_weights_go_one_way_and_the_optimum_is_concave_in_beta(shared: AppTest) -> None:
    made = data.load("tent", 16, 0.1, 3)
    path = shared.session_state[WALK].path
    loss = [0.5 * float(((s.network.predict(made.X) - made.y) ** 2).sum()) for s in path]
    penalty = np.array([s.network.penalty for s in path])
    assert np.diff(loss).max() < 1e-6
    assert np.diff(penalty).min() > -1e-4
    beta, best = (np.array([getattr(s, name) for s in path])[::-1] for name in ("beta", "objective"))
    slopes = np.diff(best) / np.diff(beta)
    assert (np.diff(best) > -1e-9).all()
    assert (np.diff(slopes) < 1e-3).all()


def test_a_step_of_the_tour_and_a_challenge_are_reached_by_a_link() -> None:
    at = opened("path", tour="leave")
    assert sent(at, "path")["badge"]["neurons"] == 2
    at = opened("path", challenge="five")
    assert sent(at, "path")["badge"]["beta"] == 0.1
    at.select_slider(key="set-beta").set_value(0.282).run()
    assert sent(at, "path")["badge"]["neurons"] == 5


def test_below_the_film_every_neuron_of_the_line_has_its_weights_over_beta(shared: AppTest) -> None:
    spec = json.loads(sent(shared, "path")["weights"]["figures"]["weights"])
    assert spec["layout"]["xaxis"]["type"] == "log"
    assert "autorange" not in spec["layout"]["xaxis"]
    assert "weights" not in sent(opened("path", data="moons", n="8"), "path")
