"""The lesson's words keep their promises: what a prompt says is what its start shows, and the code shown runs."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.compute import paths
from convexviz.app.lessons.splines import text
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import startup
from convexviz.app.shell.settings import LOSSES
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key."""
    assert not at.exception
    assert not at.error
    blocks = {block.proto.id.rpartition("-line-")[2]: block.proto.json for block in components(at)}
    return {re.sub("^board-.*", "board", key): json.loads(text) for key, text in blocks.items()}


@pytest.fixture(scope="module")
def lesson() -> AppTest:
    """The page `splines`, run once."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    return at.switch_page(f"{FROM_MAIN}/splines.py").run()


def tried(lesson: AppTest, name: str) -> dict[str, dict[str, Any]]:
    """The page after a click on a prompt."""
    return sent(lesson.button(key=f"try-{name}").click().run())


# --- things to try -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_leads_to_a_certified_answer(lesson: AppTest, name: str) -> None:
    page = tried(lesson, name)
    assert page["badge"]["status"] == page["board"]["answer"]["status"] == "certified"
    assert page["board"]["answer"]["note"] == ""
    assert len(page["board"]["x"]) == lesson.session_state["cvz-lessons"]["splines"].settings.n


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_starts_from_what_it_names_and_leaves_nothing_else_on(name: str) -> None:
    changes = PROMPTS[name].changes
    start = SplineSettings().changed(**changes)
    assert {key: getattr(start, key) for key in changes} == changes
    assert start.loss in LOSSES[start.task]


def test_a_line_costs_one_neuron(lesson: AppTest) -> None:
    page = tried(lesson, "line")
    board = page["board"]
    slope = np.polyfit(board["x"], board["y"], 1)[0]
    assert page["badge"]["neurons"] == 1
    assert abs(board["answer"]["network"]["w"][0]) == pytest.approx(abs(slope), rel=1e-9)
    assert page["badge"]["objective"] == pytest.approx(abs(slope), rel=1e-6)


def test_weight_decay_deletes_neurons(lesson: AppTest) -> None:
    page = tried(lesson, "sparse")
    for _ in range(100):  # the browser asks for the path a bit at a time
        path = sent(lesson)["beta-path"]
        if path["complete"]:
            break
        lesson.run()
    neurons = [frame["badge"]["neurons"] for frame in json.loads(path["frames"])]
    assert len(neurons) == paths.EXACT_LENGTH
    assert page["beta"]["disabled"] is False
    assert page["beta"]["beta_min"] < page["beta"]["beta"] < page["beta"]["beta_max"]
    assert neurons[-1] == 0
    assert neurons[0] >= 10
    assert sum(np.diff(neurons) > 0) > 10, "as beta falls one leaves again and again"


def test_more_than_one_optimum(lesson: AppTest) -> None:
    answer = tried(lesson, "many")["board"]["answer"]
    (band,) = answer["bands"]
    assert band["label"] == "region of all optima"
    assert np.max(np.subtract(band["hi"], band["lo"])) > 0.005
    (dashed,) = [curve for curve in answer["curves"] if curve["dash"] == "dash"]
    count = int("".join(char for char in dashed["label"] if char.isdigit()))
    assert dashed["id"] == "sparsest"
    assert count < len(answer["network"]["w"])


def test_the_network_does_not_overshoot_where_the_cubic_does(lesson: AppTest) -> None:
    board = tried(lesson, "dots")["board"]
    (cubic,) = board["answer"]["curves"]
    assert cubic["id"] == "cubic"
    low, high = min(board["y"]), max(board["y"])
    swing = 0.05 * (high - low)
    assert max(cubic["y"]) > high + swing
    network = board["answer"]["network"]
    kinks = -np.array(network["b"]) * np.array(network["u"])
    values = [evaluate(network, t) for t in kinks]
    assert min(values) >= low - 1e-6
    assert max(values) <= high + 1e-6


def test_a_lonely_point_makes_the_hard_margin_steep(lesson: AppTest) -> None:
    board = tried(lesson, "margin")["board"]
    labels = board["labels"]
    lonely = labels.index(1)
    assert labels.count(1) == 1
    assert 0 < lonely < len(labels) - 1, "it has neighbours on both sides"
    before = tried(lesson, "margin")["badge"]["objective"]
    closer = np.array(board["x"])
    closer[lonely] = closer[lonely] + 0.9 * (closer[lonely + 1] - closer[lonely])
    after = cv.solve(closer[:, None], np.array(labels, float), loss="hard_margin")
    assert after.objective > 1.5 * before


def test_points_far_from_the_border_do_not_matter(lesson: AppTest) -> None:
    page = tried(lesson, "support")
    board, beta = page["board"], page["badge"]["beta"]
    x, y = np.array(board["x"]), np.array(board["labels"], float)
    margin = y * np.array([evaluate(board["answer"]["network"], t) for t in x])
    far = int(np.argmax(margin))
    assert margin[far] > 1.05
    assert (margin > 1 + 1e-3).sum() >= len(x) / 2, "most points do not matter"
    moved = x.copy()
    moved[far] += 0.1 * np.sign(x[far])
    assert cv.solve(moved[:, None], y, beta=beta, loss="hinge").objective == pytest.approx(
        page["badge"]["objective"], rel=1e-6
    )


def evaluate(network: dict[str, Any], t: float) -> float:
    u, b, w = (np.array(network[name]) for name in ("u", "b", "w"))
    return float(network["c"] + w @ np.maximum(u * t + b, 0.0))


# --- the same in Python --------------------------------------------------------------------------------------------


def run(code: str) -> tuple[dict[str, Any], list[str]]:
    """The names that a script defines and the lines that it prints."""
    names: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code.replace(".show()", ".to_plotly_json()"), "shown", "exec"), names)
    return names, out.getvalue().splitlines()


@pytest.mark.parametrize("loss", [(task, loss) for task in LOSSES for loss in LOSSES[task]], ids="-".join)
@pytest.mark.parametrize("edited", [False, True], ids=["preset", "drawn"])
def test_the_code_gives_the_objective_of_the_page(loss: tuple[str, str], edited: bool) -> None:
    settings = SplineSettings().changed(task=loss[0], loss=loss[1])
    made = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed)
    y = made.y if loss[0] == "classification" or not edited else 2 * made.y + 1
    names, printed = run(text.python_code(settings, made.X[:, 0], y, edited, View()))
    page = cv.solve(made.X, y, beta=settings.beta, loss=settings.loss)
    assert names["s"].certified
    assert names["s"].objective == pytest.approx(page.objective, rel=1e-6)
    assert len(printed) >= 3


def test_the_code_of_a_preset_names_it_and_is_short() -> None:
    code = text.python_code(SplineSettings(n=17, seed=4), np.zeros(17), np.zeros(17), edited=False, view=View())
    assert "cv.datasets.load('sine', n=17, noise=0.1, seed=4)" in code
    assert "np.array(" not in code
    assert len(code.splitlines()) <= 24


@pytest.mark.parametrize(
    "settings", [SplineSettings(formula="x^2"), SplineSettings(points="x")], ids=["formula", "link"]
)
def test_points_that_no_preset_gives_are_written_out(settings: SplineSettings) -> None:
    x, y = np.array([-1.0, 0.1234567891, 1.0]), np.array([1e-9, 0.5, 1.0])
    names, _ = run(text.python_code(settings, x, y, edited=False, view=View()))
    np.testing.assert_allclose(names["x"], x, rtol=1e-8)
    np.testing.assert_allclose(names["y"], y, rtol=1e-8)


def test_losses_without_a_beta_are_shown_without_one() -> None:
    code = text.python_code(SplineSettings(loss="interpolate"), np.zeros(2), np.zeros(2), edited=True, view=View())
    assert "beta" not in code


def test_the_code_of_an_empty_board_says_what_is_missing() -> None:
    """It refuses in words, as the page does."""
    with pytest.raises(ValueError, match="must hold at least"):
        run(text.python_code(SplineSettings(), np.zeros(0), np.zeros(0), edited=True, view=View()))


@pytest.mark.parametrize("points", [[0.3], [0.3, 0.3]], ids=["one", "one place"])
def test_the_code_of_one_place_runs_without_the_optima_between_points(points: list[float]) -> None:
    x = np.array(points)
    names, _ = run(text.python_code(SplineSettings(), x, np.zeros(len(x)), edited=True, view=View()))
    assert names["s"].certified


def test_the_dialog_shows_the_code_of_the_points_on_the_board(lesson: AppTest) -> None:
    tried(lesson, "many")
    lesson.button(key="open-code").click().run()
    assert not lesson.exception
    (shown,) = [block.value for block in lesson.code if "import convexviz" in block.value]
    names, _ = run(shown)
    page = sent(lesson)
    assert names["s"].objective == pytest.approx(page["badge"]["objective"], rel=1e-6)
    assert names["x"].tolist() == pytest.approx(page["board"]["x"], rel=1e-8)
