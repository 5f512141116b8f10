"""The lesson on the kernel matrix: what it reads off an optimum, what entered and left, its settings and its code."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.lessons.kernel_matrix import moves, text
from convexviz.app.lessons.kernel_matrix.answer import LEFT, RIGHT, read
from convexviz.app.lessons.kernel_matrix.challenges import CHALLENGES
from convexviz.app.lessons.kernel_matrix.moves import Story, continued
from convexviz.app.lessons.kernel_matrix.settings import LOSSES, MOST_DRAWN, MOST_POINTS, MatrixSettings
from convexviz.app.shell import link, startup
from convexviz.app.shell.settings import from_query
from convexviz.app.shell.source import Points
from convexviz.core.rivals.least_norm import least_norm
from tests.app.messages import components

SECONDS = 60  # the first run imports everything
EVERY_LOSS = [(task, loss) for task, losses in LOSSES.items() for loss in losses]


def visited(query: str = "") -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    for name, _, value in (part.partition("=") for part in query.split("&") if part):
        at.query_params[name] = value
    at.switch_page("../../pages/kernel-matrix.py").run()
    assert not at.exception
    return at


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """Board, badge and chart of the page."""
    kinds = {block.proto.component_name.removeprefix("convexviz_"): block.proto.json for block in components(at)}
    return {kind: json.loads(message) for kind, message in kinds.items()}


def matrix(at: AppTest) -> dict[str, Any]:
    return dict(json.loads(sent(at)["chart"]["figures"]["matrix"]))


# ---------------------------------------------------------------- the page


def test_the_page_shows_the_optimum_on_board_badge_and_matrix() -> None:
    page = sent(visited())
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["neurons"] == 2
    spec = json.loads(page["chart"]["figures"]["matrix"])
    assert "2 of 24" in str(spec["layout"]["annotations"])
    answer = page["board"]["answer"]
    assert [curve["id"] for curve in answer["curves"]] == ["tangent"]
    borders = [mark["x"] for mark in answer["marks"] if mark["id"].startswith("border")]
    network = answer["network"]
    u, b, w = (np.array(network[name]) for name in "ubw")
    np.testing.assert_allclose([network["c"] + w @ np.maximum(u * t + b, 0) for t in borders], 0.0, atol=1e-9)
    lit = [mark for mark in answer["marks"] if mark["id"].startswith("row")]
    assert [abs(mark["y"]) for mark in lit] == [1.0] * 4


def test_what_is_switched_off_is_not_drawn() -> None:
    answer = sent(visited("tangent=0&regions=0"))["board"]["answer"]
    assert answer["curves"] == []
    assert answer["regions"] is False


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
def test_every_loss_has_a_matrix_and_a_slider_only_where_beta_counts(task: str, loss: str) -> None:
    at = visited(f"task={task}&loss={loss}")
    assert len(matrix(at)["data"]) == 8
    assert bool([slider for slider in at.select_slider if slider.key == "set-beta"]) == (loss in ("hinge", "squared"))


def test_without_an_answer_there_is_no_matrix_and_the_page_says_why() -> None:
    one = link.points_to_text(np.array([[0.0, 1.0], [0.5, 1.0]]), (-1.0, 1.0, -1.0, 1.0))
    page = sent(visited(f"task=classification&p={one}"))
    assert page["chart"]["figures"] == {}
    assert "Both classes are needed" in page["badge"]["message"]
    clash = link.points_to_text(np.array([[-1.0, 1.0], [-1.0, -1.0], [1.0, 1.0]]), (-1.0, 1.0, -1.0, 1.0))
    page = sent(visited(f"task=classification&p={clash}"))
    assert page["badge"]["status"] == "infeasible"
    assert page["chart"]["figures"] == {}


def test_equal_points_are_rows_of_their_own() -> None:
    twice = link.points_to_text(np.array([[-1.0, -1.0], [-1.0, -1.0], [1.0, 1.0]]), (-1.0, 1.0, -1.0, 1.0))
    page = sent(visited(f"task=classification&p={twice}"))
    assert page["badge"]["status"] == "certified"
    assert "3 points, 6 columns" in page["chart"]["figures"]["matrix"]


# ---------------------------------------------------------------- columns


def test_columns_are_named_by_the_points_of_the_board() -> None:
    made = cv.datasets.load("three_bands", 12, 0.0, 0)
    shuffled = np.random.default_rng(1).permutation(12)
    plain = read(made.X, made.y, cv.solve(made.X, made.y, loss="hard_margin"), None)
    X, y = made.X[shuffled], made.y[shuffled]
    mixed = read(X, y, cv.solve(X, y, loss="hard_margin"), None)
    assert plain.used == ((4, LEFT), (7, RIGHT))
    assert [(int(shuffled[k]), side) for k, side in mixed.used] == list(plain.used)
    assert sorted(int(shuffled[i]) for i in mixed.support) == sorted(plain.support)


A, B, C = (0, RIGHT), (1, LEFT), (2, RIGHT)


def test_a_gesture_is_compared_with_what_was_before_it() -> None:
    start = continued(None, "p0", "preset", False, (A,))
    assert (start.entered, start.left) == ([], [])
    dragged = continued(start, "p1", "preset", True, (A, B))
    assert (dragged.entered, dragged.left) == ([B], [])
    further = continued(dragged, "p2", "preset", True, (B, C))
    assert (further.entered, further.left) == ([B, C], [A])
    rests = continued(further, "p2", "preset", False, (B, C))
    assert (rests.entered, rests.left) == ([B, C], [A])
    rerun = continued(rests, "p2", "preset", False, (B, C))
    assert rerun == rests
    next_one = continued(rerun, "p3", "preset", True, (B,))
    assert (next_one.entered, next_one.left) == ([], [C])


def test_new_data_are_compared_with_nothing() -> None:
    start = continued(None, "p0", "preset", False, (A,))
    other = continued(start, "p1", "another", False, (B, C))
    assert (other.entered, other.left) == ([], [])


def test_the_news_name_the_ramps() -> None:
    x = np.array([-0.5, 0.25, -0.001])
    story = Story("p", "o", False, (A,), (B, C))
    assert moves.words(story, x) == "<b>Entered</b> (0.25 − x)₊, (x − 0.00)₊. <b>Left</b> (x + 0.50)₊"
    assert moves.words(Story("p", "o", False, (A,), (A,)), x) == ""
    many = tuple((k, RIGHT) for k in range(3))
    assert moves.words(Story("p", "o", False, (), many), x).endswith("and 1 more")


# ---------------------------------------------------------------- settings and challenges


def test_points_are_few() -> None:
    assert MatrixSettings().changed(dataset="gaussians").n == MOST_DRAWN
    assert MatrixSettings().changed(task="regression", dataset="doppler").n == MOST_DRAWN
    settings, problems = from_query({"n": "41"}, MatrixSettings)
    assert settings.n == MOST_DRAWN
    assert len(problems) == 1
    many = link.points_to_text(np.column_stack([np.linspace(-1, 1, 41), np.ones(41)]), (-1.0, 1.0, -1.0, 1.0))
    settings, problems = from_query({"p": many}, MatrixSettings)
    assert settings.points == ""
    assert f"at most {MOST_POINTS} points" in problems[0]


def test_a_task_begins_with_the_loss_that_allows_no_miss_and_takes_no_other_lessons() -> None:
    assert MatrixSettings().changed(task="regression").loss == "interpolate"
    numbers = MatrixSettings(task="regression", loss="squared", dataset="sine")
    assert numbers.changed(task="classification").loss == "hard_margin"
    settings, problems = from_query({"task": "classification", "loss": "squared"}, MatrixSettings)
    assert settings.loss == "hard_margin"
    assert len(problems) == 1
    assert from_query({"loss": "huber"}, MatrixSettings)[1]


def price(x: list[float], y: list[float]) -> float:
    """The least l1 norm of a hard margin."""
    return cv.solve(np.array(x)[:, None], np.array(y), loss="hard_margin").objective


def test_what_the_rewards_say_of_the_price_is_so() -> None:
    """A border costs 2 divided by its gap; two cost the sum, whatever stands outside."""
    assert price([-0.9, -0.4, 0.1, 0.9], [-1.0, -1.0, 1.0, 1.0]) == pytest.approx(2 / 0.5)
    two = [-1.0, 1.0, 1.0, -1.0]
    assert price([-0.5, -0.1, 0.3, 0.5], two) == pytest.approx(2 / 0.4 + 2 / 0.2)
    assert price([-2.0, -0.5, -0.1, 0.3, 0.5, 0.7], [-1.0, *two, -1.0]) == pytest.approx(2 / 0.4 + 2 / 0.2)


def test_a_large_beta_leaves_no_column() -> None:
    spec = matrix(visited("task=regression&loss=squared&beta=50"))
    assert "ℓ₁: 0 of 24 columns" in str(spec["layout"]["annotations"])


@pytest.mark.parametrize("challenge", CHALLENGES, ids=lambda one: one.name)
def test_a_challenge_is_not_met_by_nothing_or_by_taking_points_away(challenge: Any) -> None:
    settings = MatrixSettings().changed(**challenge.changes)
    assert not challenge.solved(settings, None)
    two = Points(np.array([[-0.5], [0.5]]), np.array([-1.0, 1.0]))
    assert not challenge.solved(settings, two)
    assert not challenge.solved(settings, Points(np.empty((0, 1)), np.empty(0)))


# ---------------------------------------------------------------- the same in Python


def run(code: str) -> dict[str, Any]:
    """The names that a script defines."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code.replace(".show()", ".to_plotly_json()"), "shown", "exec"), names)
    return names


@pytest.mark.parametrize(("task", "loss"), EVERY_LOSS)
@pytest.mark.parametrize("edited", [False, True], ids=["preset", "drawn"])
def test_the_code_builds_the_matrix_and_finds_the_optimum(task: Any, loss: str, edited: bool) -> None:
    settings = MatrixSettings().changed(task=task, loss=loss)
    made = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed)
    names = run(text.python_code(settings, made.X[:, 0], made.y, edited, View()))
    assert names["K"].shape == (12, 24)
    assert names["s"].certified
    assert names["problem"].value == pytest.approx(names["s"].objective, rel=1e-5)
    assert 0 < len(names["used"]) < 12
    alpha = least_norm(made.X, made.y, loss, settings.beta).alpha
    np.testing.assert_allclose(names["K"].T @ names["alpha"], names["K"].T @ alpha, atol=2e-3 * np.abs(alpha).max())


def test_the_dialog_shows_the_code_of_the_points_on_the_board() -> None:
    at = visited("data=two_bands")
    at.button(key="open-code").click().run()
    assert not at.exception
    (shown,) = [block.value for block in at.code if "import convexviz" in block.value]
    assert "cv.datasets.load('two_bands', n=12" in shown
