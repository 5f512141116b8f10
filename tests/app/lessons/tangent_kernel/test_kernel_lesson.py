"""The lesson on the tangent kernel without a browser: numbers are those of the core, by routes of their own."""

from __future__ import annotations

import numpy as np
import pytest
from geometry_pages import drawn, link_of, opened, places, prose, script, sent
from sklearn.kernel_ridge import KernelRidge
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.compute.answers import Problem
from convexviz.app.contrast import held_out
from convexviz.app.lessons.tangent_kernel import fit
from convexviz.core.rivals.kernels import tangent_kernel


def table(at: AppTest) -> str:
    return next(m.value for m in at.markdown if "Optimal network" in m.value and m.value.startswith("|"))


def held(at: AppTest) -> list[float]:
    """Training and held-out error of network and kernel, as the table has them."""
    rows = table(at).splitlines()[2:]
    return [float(cell.replace("%", "")) for row in rows for cell in row.split(" | ")[1:3]]


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page on noisy points of a preset."""
    return opened("tangent-kernel", data="tent", n="16", noise="0.1", seed="3", ridge="0.01")


def test_errors_of_network_and_kernel_are_those_of_scikit_learn_on_fresh_points(shared: AppTest) -> None:
    made, fresh = data.load("tent", 16, 0.1, 3), data.load("tent", held_out.FRESH, 0.1, 4)
    network = cv.solve(made.X, made.y, beta=0.1).network
    ridge = KernelRidge(alpha=0.01, kernel="precomputed").fit(tangent_kernel(made.X), made.y)

    def misses(f: np.ndarray, y: np.ndarray) -> float:
        return float(np.linalg.norm(f - y) / np.sqrt(len(y)))

    wanted = [misses(network.predict(of.X), of.y) for of in (made, fresh)]
    wanted += [misses(ridge.predict(tangent_kernel(of.X, made.X)), of.y) for of in (made, fresh)]
    np.testing.assert_allclose(held(shared), wanted, rtol=6e-3)  # as rounded
    assert f"Σ\\|w\\| = {network.penalty:.3g}" in table(shared)


def test_board_and_badge_show_the_optimum_that_is_compared(shared: AppTest) -> None:
    made = data.load("tent", 16, 0.1, 3)
    page = sent(shared, "kernel")
    np.testing.assert_allclose(places(page["board"]), np.column_stack([made.X, made.y]))
    assert page["badge"]["status"] == page["board"]["answer"]["status"] == "certified"
    assert page["badge"]["objective"] == cv.solve(made.X, made.y, beta=0.1).objective
    assert page["badge"]["neurons"] == len(page["board"]["answer"]["network"]["w"])


def test_lambda_and_beta_change_what_they_name_and_nothing_else() -> None:
    at = opened("tangent-kernel", data="tent", n="16")
    before, words = sent(at, "kernel"), table(at)
    at.select_slider(key="set-ridge").set_value(0.1).run()
    after = sent(at, "kernel")
    assert after["figures"] != before["figures"]
    assert {k: v for k, v in after["badge"].items() if k != "seq"} == {
        k: v for k, v in before["badge"].items() if k != "seq"
    }
    assert table(at).splitlines()[2] == words.splitlines()[2]
    at.select_slider(key="set-beta").set_value(0.01).run()
    assert sent(at, "kernel")["badge"]["beta"] == 0.01


def test_drawn_points_have_no_held_out_error_and_may_contradict_each_other() -> None:
    points = np.array([[-0.5, 0.0], [0.0, 0.5], [0.0, 0.9], [0.5, 0.0]])  # two at one place
    at = drawn(opened("tangent-kernel", data="tent", n="8"), "kernel-line-regression", points)
    assert not at.exception
    assert "Tangent kernel" not in table(at)
    assert any("No function passes through all points" in w.value for w in at.warning)
    assert any("No held-out data" in c.value for c in at.caption)


def test_labels_in_the_plane_are_fitted_by_the_kernel() -> None:
    at = opened("tangent-kernel", data="moons", n="14", noise="0.3", ridge="0.1")
    made = data.load("moons", 14, 0.3, 0)
    a = np.linalg.solve(tangent_kernel(made.X) + 0.1 * np.eye(14), made.y)
    wrong = 100 * np.mean(made.y * (tangent_kernel(made.X) @ a) < 0)
    assert held(at)[2] == pytest.approx(wrong, abs=0.06)
    page = sent(at, "kernel")
    assert set(page["figures"]["figures"]) == {"kernel-network", "kernel-prediction", "kernel-difference"}
    assert page["board"]["mode"] == "plane"
    assert any("least squares (kernel ridge)" in c.value for c in at.caption)


def test_an_empty_board_is_calm() -> None:
    at = drawn(opened("tangent-kernel", n="8"), "kernel-line-regression", np.empty((0, 2)))
    page = sent(at, "kernel")
    assert page["badge"]["status"] == "empty"
    assert page["figures"]["figures"] == {}
    assert any("Click on it to add a point" in i.value for i in at.info)


def test_share_brings_drawing_and_settings_back_and_hidden_groups_stay_hidden() -> None:
    at = drawn(
        opened("tangent-kernel", ridge="0.3", beta="0.4"), "kernel-line-regression", [[-0.5, 0.1], [0.1, 0.7], [0.5, 0]]
    )
    query = link_of(at)
    assert {"p", "ridge", "beta"} == set(query)
    again = opened("tangent-kernel", **query, hide="kernel,beta,presets,data,share")
    np.testing.assert_allclose(places(sent(again, "kernel")["board"]), places(sent(at, "kernel")["board"]), atol=1e-4)
    assert "λ = 0.3" in table(again)
    assert not again.select_slider
    assert not {button.key for button in again.button} & {"share-button", "new-sample"}


@pytest.mark.parametrize("query", [{"data": "tent", "n": "9"}, {"data": "tent2", "n": "9", "ridge": "0.1"}])
def test_the_code_fits_both_to_the_points_of_the_page(query: dict[str, str]) -> None:
    at = opened("tangent-kernel", **query)
    at.button(key="open-code").click().run()
    names = script(next(block.value for block in at.code if "TangentKernelRidge" in block.value))
    assert names["s"].objective == sent(at, "kernel")["badge"]["objective"]
    assert f"‖f‖ = {names['kernel'].norm_:.3g}" in prose(at)


def test_ranges_hold_the_kernel_for_every_ridge_but_bounded_overshoot() -> None:
    made = data.load("sine", 20, 0.1, 0)
    problem = Problem.of(made.X, made.y, "squared")
    at = fit.positions(problem, ((-1.2, 1.2), (-1.0, 1.0)))
    f = cv.solve(made.X, made.y, beta=0.1).network.predict(at)
    limits, reach = fit.ranges(problem, at.tobytes(), (-1.0, 1.0), False, f, f.tobytes())
    inside = np.abs(at[:, 0]) <= np.abs(made.X).max()
    for ridge in (1e-5, 1e-3, 1.0):
        values = fit.predict(problem, ridge, at.tobytes(), None, False).values
        assert limits[0] <= values[inside].min() <= values[inside].max() <= limits[1]
    assert -1.7 <= limits[0] <= -1.0
    assert reach >= 0.5 * np.abs(f[inside]).max()


def test_coins_decide_at_zero() -> None:
    assert held_out.error(np.array([0.0, 1.0, -1.0, 2.0]), np.array([1.0, 1.0, 1.0, 1.0]), True) == 0.375


# ---------------------------------------------------------------- bends, and what they come from


def test_the_slope_falls_by_a_over_pi_at_every_point() -> None:
    made = data.load("sine", 12, 0.1, 0)
    model = cv.TangentKernelRidge(ridge=0.01).fit(made.X, made.y)
    step = 1e-6
    slopes = [(model.predict(made.X + end) - model.predict(made.X + end - step)) / step for end in (0.0, step)]
    np.testing.assert_allclose(slopes[1] - slopes[0], -model.dual_coef_ / np.pi, atol=1e-4)
    np.testing.assert_allclose(model.dual_coef_, (made.y - model.predict(made.X)) / 0.01, rtol=1e-9)


def test_the_page_says_what_either_norm_is(shared: AppTest) -> None:
    words = prose(shared)
    assert "| kept small |" in words
    assert "their values are not to be compared" in words
    assert "smooth sum" not in words


def test_neither_tour_nor_challenge_needs_the_board_of_the_line() -> None:
    at = opened("tangent-kernel", tour="tips")
    assert not at.exception
    assert sent(at, "kernel")["badge"]["beta"] == 0.05
    at = opened("tangent-kernel", challenge="clash")
    assert not at.exception
    assert len(places(sent(at, "kernel")["board"])) == 6
