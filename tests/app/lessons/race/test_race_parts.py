"""Kernel and path on the page of the race, without a browser: numbers are those of the core, by routes of their own."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import numpy as np
import pytest
from geometry_pages import drawn, opened
from sklearn.kernel_ridge import KernelRidge
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.compute.answers import Problem
from convexviz.app.lessons.path.solving import Walk, caption
from convexviz.app.lessons.tangent_kernel import fit as race_kernel_fit
from convexviz.app.lessons.tangent_kernel import points as race_kernel_data
from convexviz.core.rivals.kernels import tangent_kernel

PATIENCE = 20.0  # seconds for a path on a loaded machine


def sent(at: AppTest, key: str) -> dict[str, Any]:
    """What one component was sent."""
    assert not at.exception
    found = [block for block in at.get("bidi_component") if block.proto.id.endswith(f"-{key}")]
    assert len(found) == 1
    return json.loads(found[0].proto.json)


def table(at: AppTest) -> str:
    return next(m.value for m in at.markdown if "Optimal network" in m.value and m.value.startswith("|"))


def held(at: AppTest) -> list[float]:
    """Training and held-out error of network and kernel, as the table has them."""
    rows = table(at).splitlines()[2:]
    return [float(cell.replace("%", "")) for row in rows for cell in row.split(" | ")[1:3]]


def with_path(at: AppTest) -> AppTest:
    """Wait until the path is on the page."""
    end = time.monotonic() + PATIENCE
    while at.session_state["race-path-walk"].path is None and time.monotonic() < end:
        at.session_state["race-path-walk"].job.wait(0.2)
    return at.run()


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page on noisy points of a preset."""
    return with_path(opened("race", data="tent", n="16", noise="0.1", seed="3", ridge="0.01"))


def test_errors_of_network_and_kernel_are_those_of_scikit_learn_on_fresh_points(shared: AppTest) -> None:
    made, fresh = data.load("tent", 16, 0.1, 3), data.load("tent", race_kernel_data.FRESH, 0.1, 4)
    network = cv.solve(made.X, made.y, beta=0.1).network
    ridge = KernelRidge(alpha=0.01, kernel="precomputed").fit(tangent_kernel(made.X), made.y)

    def misses(f: np.ndarray, y: np.ndarray) -> float:
        return float(np.linalg.norm(f - y) / np.sqrt(len(y)))

    wanted = [misses(network.predict(of.X), of.y) for of in (made, fresh)]
    wanted += [misses(ridge.predict(tangent_kernel(of.X, made.X)), of.y) for of in (made, fresh)]
    np.testing.assert_allclose(held(shared), wanted, rtol=6e-3)  # as rounded
    assert f"Σ\\|w\\| = {network.penalty:.3g}" in table(shared)


def test_the_film_has_a_frame_for_every_beta_and_marks_the_least_held_out_error(shared: AppTest) -> None:
    film = sent(shared, "race-path-film")
    frames = json.loads(film["frames"])
    path = shared.session_state["race-path-walk"].path
    assert [frame["beta"] for frame in frames] == [s.beta for s in path]
    assert [frame["badge"]["neurons"] for frame in frames] == [s.network.width for s in path]
    fresh = data.load("tent", race_kernel_data.FRESH, 0.1, 4)
    errors = [np.sqrt(np.mean((s.network.predict(fresh.X) - fresh.y) ** 2)) for s in path]
    least = [k for k, frame in enumerate(frames) if "least of the path" in frame["caption"]]
    assert least == [int(np.argmin(errors))]
    assert re.match(r"β = .*: no neurons, training error .*, held-out error ", frames[0]["caption"])
    assert frames[least[0]]["caption"] in film["caption"]
    assert len(film["frames"]) < 400_000


def test_drawn_points_have_no_held_out_error_and_the_old_path_is_given_up(shared: AppTest) -> None:
    at = with_path(opened("race", data="tent", n="8"))
    before = at.session_state["race-path-walk"]
    points = np.array([[-0.5, 0.0], [0.0, 0.5], [0.0, 0.9], [0.5, 0.0]])  # two at one place
    at = with_path(drawn(at, "race-line-regression", points))
    assert at.session_state["race-path-walk"] is not before
    assert "Tangent kernel" not in table(at)
    assert any("No function passes through all points" in w.value for w in at.warning)
    assert any("No held-out data" in c.value for c in at.caption)
    captions = [frame["caption"] for frame in json.loads(sent(at, "race-path-film")["frames"])]
    assert not any("held-out" in words for words in captions)


def test_labels_in_the_plane_are_fitted_by_the_kernel_and_a_path_of_logistic_loss_is_solved() -> None:
    at = with_path(opened("race", data="moons", n="14", noise="0.3", ridge="0.1"))
    made = data.load("moons", 14, 0.3, 0)
    a = np.linalg.solve(tangent_kernel(made.X) + 0.1 * np.eye(14), made.y)
    wrong = 100 * np.mean(made.y * (tangent_kernel(made.X) @ a) < 0)
    assert held(at)[2] == pytest.approx(wrong, abs=0.06)
    assert set(sent(at, "race-kernel")["figures"]) == {"kernel-network", "kernel-prediction", "kernel-difference"}
    path = at.session_state["race-path-walk"].path
    assert all(s.certified and s.loss == "logistic" for s in path)
    assert any("least squares (kernel ridge)" in c.value for c in at.caption)


def test_nothing_to_train_on_is_said_calmly() -> None:
    at = drawn(opened("race", data="tent", n="8"), "race-line-regression", np.array([[-0.5, 0.2], [0.5, 0.2]]))
    assert not at.exception
    assert any("no β brings a neuron in" in i.value for i in at.info)


def test_ranges_hold_the_kernel_for_every_ridge_but_bounded_overshoot() -> None:
    made = data.load("sine", 20, 0.1, 0)
    problem = Problem.of(made.X, made.y, "squared")
    at = race_kernel_fit.positions(problem, ((-1.2, 1.2), (-1.0, 1.0)))
    f = cv.solve(made.X, made.y, beta=0.1).network.predict(at)
    limits, reach = race_kernel_fit.ranges(problem, at.tobytes(), (-1.0, 1.0), False, f, f.tobytes())
    inside = np.abs(at[:, 0]) <= np.abs(made.X).max()
    for ridge in (1e-5, 1e-3, 1.0):
        values = race_kernel_fit.predict(problem, ridge, at.tobytes(), None, False).values
        assert limits[0] <= values[inside].min() <= values[inside].max() <= limits[1]
    assert -1.7 <= limits[0] <= -1.0
    assert reach >= 0.5 * np.abs(f[inside]).max()


def test_a_walk_that_is_cancelled_ends_without_a_path() -> None:
    made = data.load("tent2", 50, 0.1, 0)
    view = race_kernel_data.board.View()
    walk = Walk(race_kernel_data.Data(Problem.of(made.X, made.y, "squared"), None, view, 0.1, False, False, ("x", "y")))
    walk.cancel()
    walk.job.join(PATIENCE)
    assert walk.given_up
    assert walk.path is None


def test_captions_count_neurons_and_coins_decide_at_zero() -> None:
    s = cv.solve(np.array([[0.0], [1.0]]), np.array([0.0, 1.0]), beta=0.01)
    assert caption(s, 0.1, 0.25, True, True).endswith("held-out error 25.0 %, the least of the path.")
    assert "1 neuron, training error 0.1." in caption(s, 0.1, None, False, False)
    assert race_kernel_data.error(np.array([0.0, 1.0, -1.0, 2.0]), np.array([1.0, 1.0, 1.0, 1.0]), True) == 0.375
