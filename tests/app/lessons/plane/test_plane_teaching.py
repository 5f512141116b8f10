"""The lesson in the plane keeps its promises: what a prompt says is what its start shows, and the code shown runs."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
from sklearn.svm import SVC
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components.board import View
from convexviz.app.lessons.plane import text
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import startup
from convexviz.app.shell.settings import LOSSES
from convexviz.app.shell.source import Points
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything
PROMPTS = {prompt.name: prompt for prompt in text.PROMPTS}
CLASSES = Points(np.array([[-0.5, 0.25], [0.125, -1.0], [1 / 3, 0.5], [0.5, -1e-9]]), np.array([1.0, -1.0, 1.0, -1.0]))
HEIGHTS = Points(CLASSES.X, np.array([0.3, -0.75, 2 / 3, 1e-9]))


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key without `plane-`."""
    assert not at.exception
    assert not at.error
    return {b.proto.id.rpartition("-plane-")[2]: json.loads(b.proto.json) for b in components(at)}


def decoded(value: Any) -> np.ndarray:
    """An array as the browser reads it."""
    packed = not isinstance(value, list)
    return np.frombuffer(base64.b64decode(value["bdata"]), "<f4").astype(float) if packed else np.array(value, float)


class Net:
    """A network as it is sent."""

    def __init__(self, net: dict[str, Any]) -> None:
        self.U, self.b, self.w = decoded(net["u"]).reshape(-1, 2), decoded(net["b"]), decoded(net["w"])
        self.c = net["c"]

    def __call__(self, X: np.ndarray) -> np.ndarray:
        return self.c + np.maximum(X @ self.U.T + self.b, 0) @ self.w


@pytest.fixture(scope="module")
def lesson() -> AppTest:
    """The page, run once."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    return at.switch_page(f"{FROM_MAIN}/plane.py").run()


def tried(lesson: AppTest, name: str) -> dict[str, dict[str, Any]]:
    """The page after a click on a prompt."""
    return sent(lesson.button(key=f"try-{name}").click().run())


def shown(page: dict[str, dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, Net]:
    """Places, targets and network of the board."""
    board = page["board"]
    y = board["labels"] if board["values"] is None else board["values"]
    return np.column_stack([board["x"], board["y"]]), np.array(y, float), Net(board["answer"]["network"])


# --- things to try -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_leads_to_a_certified_answer(lesson: AppTest, name: str) -> None:
    page = tried(lesson, name)
    settings = lesson.session_state["cvz-lessons"]["plane"].settings
    assert page["badge"]["status"] == page["board"]["answer"]["status"] == "certified"
    assert page["board"]["answer"]["note"] == ""
    assert len(page["board"]["x"]) == settings.n
    assert {"neurons": "picture", "surface": "picture"}.get(settings.picture, settings.picture) in page


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_starts_from_what_it_names_and_leaves_nothing_else_on(name: str) -> None:
    changes = PROMPTS[name].changes
    start = PlaneSettings().changed(**changes)
    assert {key: getattr(start, key) for key in changes} == changes
    assert start.loss in LOSSES[start.task]
    assert start.repairs() == {}


def test_most_points_do_not_matter(lesson: AppTest) -> None:
    """Without all points that are not ringed, and with one of them dragged along outside the margin, nothing moves."""
    page = tried(lesson, "support")
    X, y, network = shown(page)
    objective, beta = page["badge"]["objective"], page["badge"]["beta"]
    ringed = np.zeros(len(y), bool)
    ringed[page["board"]["answer"]["support"]] = True
    assert 0 < ringed.sum() < len(y) / 2
    assert (y * network(X))[~ringed].min() >= 1 - 1e-4
    assert cv.solve(X[ringed], y[ringed], beta=beta, loss="hinge").objective == pytest.approx(objective, rel=2e-6)
    far = int(np.argmax(np.where(ringed, 0.0, y * network(X))))
    moved = X.copy()
    moved[far] += 0.05
    assert y[far] * network(moved[[far]])[0] > 1
    assert cv.solve(moved, y, beta=beta, loss="hinge").objective == pytest.approx(objective, rel=2e-6)


def test_a_ringed_point_does_matter(lesson: AppTest) -> None:
    page = tried(lesson, "support")
    X, y, network = shown(page)
    missed = int(np.argmin(y * network(X)))
    assert missed in page["board"]["answer"]["support"]
    X[missed] -= 0.2 * y[missed] * (network.U.T @ (network.w * (network.U @ X[missed] + network.b > 0)))
    moved = cv.solve(X, y, beta=page["badge"]["beta"], loss="hinge").objective
    assert abs(moved - page["badge"]["objective"]) > 0.01 * page["badge"]["objective"]


def test_xor_costs_four_times_the_root_of_two(lesson: AppTest) -> None:
    page = tried(lesson, "xor")
    X, y, network = shown(page)
    assert page["badge"]["objective"] == pytest.approx(4 * np.sqrt(2), rel=1e-6)
    assert page["badge"]["neurons"] == len(network.w) == 2
    np.testing.assert_allclose(y * network(X), 1.0, atol=1e-5)
    assert (SVC(kernel="linear", C=1e6).fit(X, y).predict(X) != y).any(), "no line separates these points"
    assert set(page["picture"]["figures"]) == {"surface"}


def test_the_film_begins_with_islands_and_ends_with_none(lesson: AppTest) -> None:
    page = tried(lesson, "film")
    assert page["film"]["frames"] is None
    assert "bounds" not in page
    lesson.session_state["plane-film-of"] = page["film"]["rev"]  # what the button does
    page = sent(lesson.run())
    frames = json.loads(page["film"]["frames"])
    X, _, _ = shown(page)
    worst = [greatest(frame["network"], X) for frame in frames]
    assert worst[0] > 5
    assert worst[-1] == pytest.approx(1.0, abs=1e-4)
    assert frames[0]["badge"]["neurons"] == 0
    assert [frame["round"] for frame in frames] == list(range(1, len(frames) + 1))
    assert frames[-1]["badge"]["objective"] == pytest.approx(page["badge"]["objective"], rel=2e-6)
    assert frames[-1]["badge"]["status"] == "certified"
    assert all(frame["badge"]["status"] == "upper-bound" for frame in frames[:-1])
    assert set(page["bounds"]["figures"]) == {"bounds"}
    assert all((np.diff(np.abs(Net(frame["network"]).w)) <= 0).all() for frame in frames), "the heaviest first"


def greatest(net: dict[str, Any], X: np.ndarray) -> float:
    """The greatest |N_v| / beta on the map: over many angles, the line through each point."""
    v, turn = decoded(net["dual"]["v"]), np.linspace(-np.pi, np.pi, 721)
    along = X @ np.array([np.cos(turn), np.sin(turn)])
    heights = [np.maximum(along - along[k], 0).T @ v for k in range(len(X))]
    return float(np.abs(heights).max() / net["dual"]["beta"])


def test_weight_decay_deletes_neurons(lesson: AppTest) -> None:
    """As far as the path is sent at first: coarsely, from end to end."""
    page = tried(lesson, "decay")
    assert page["beta"]["beta_min"] < page["beta"]["beta"] < page["beta"]["beta_max"]
    for _ in range(100):  # the browser asks for the path a bit at a time
        text = sent(lesson)["beta-path"]["frames"]
        if text is not None:
            break
        lesson.run()
    frames = json.loads(text)
    neurons = [frame["badge"]["neurons"] for frame in frames]
    assert all(frame["badge"]["status"] == "certified" for frame in frames)
    assert frames[-1]["beta"] == pytest.approx(page["beta"]["beta_max"])
    assert neurons[-1] == 0
    assert neurons[0] > 15
    assert max(np.diff(neurons)) <= 1, "as beta rises they leave"
    assert set(sent(lesson)["path"]["figures"]) == {"path"}


def test_the_network_finds_the_folds(lesson: AppTest) -> None:
    """|x1| less (x2 - 1/2)_+: the three heaviest neurons lie along the two folds, and the others weigh less."""
    page = tried(lesson, "folds")
    _, _, network = shown(page)
    folds = {tuple(np.round(u).astype(int)): (u, b) for u, b in zip(network.U[:3], network.b[:3], strict=True)}
    assert set(folds) == {(1, 0), (-1, 0), (0, 1)}
    for (first, second), (u, b) in folds.items():
        assert u @ (first, second) > np.cos(np.deg2rad(3))
        assert b == pytest.approx(-0.5 if second else 0.0, abs=0.05)
    assert page["badge"]["neurons"] <= 6
    assert np.abs(network.w[3:]).sum() < 0.15 * np.abs(network.w).sum()


def test_a_line_fails_where_a_kernel_and_the_network_do_not(lesson: AppTest) -> None:
    page = tried(lesson, "rivals")
    X, y, network = shown(page)
    fields = {field["id"]: field for field in page["board"]["answer"]["fields"]}
    wrong = {name: int(field["label"].split(", ")[-1].split(" of ")[0]) for name, field in fields.items()}
    assert wrong["linear"] >= len(y) / 4
    assert wrong["svm"] == 0
    assert (np.sign(network(X)) == y).all()


# --- the same in Python --------------------------------------------------------------------------------------------


def run(code: str) -> tuple[dict[str, Any], list[str]]:
    """The names that a script defines and the lines that it prints; its figures are made and not opened."""
    names: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code.replace(".show()", ".to_plotly_json()"), "shown", "exec"), names)
    return names, out.getvalue().splitlines()


@pytest.mark.parametrize(("task", "loss"), [(task, loss) for task in LOSSES for loss in LOSSES[task]])
@pytest.mark.parametrize("edited", [False, True], ids=["preset", "drawn"])
def test_the_code_gives_the_objective_of_the_page(task: str, loss: str, edited: bool) -> None:
    settings = PlaneSettings().changed(task=task, loss=loss, n=25, beta=0.17)
    made = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed)
    drawn = (CLASSES if task == "classification" else HEIGHTS) if edited else Points(made.X, made.y)
    names, printed = run(text.python_code(settings, drawn, edited, View()))
    page = cv.solve(drawn.X, drawn.y, beta=0.17, loss=loss)
    np.testing.assert_allclose(names["X"], drawn.X, rtol=1e-8)
    assert names["s"].certified
    assert names["s"].objective == pytest.approx(page.objective, rel=2e-6)
    assert len(printed) >= 2


def test_the_code_of_a_preset_names_it_and_is_short() -> None:
    code = text.python_code(PlaneSettings(n=17, seed=4), CLASSES, edited=False, view=View())
    assert "cv.datasets.load('moons', n=17, noise=0.1, seed=4)" in code
    assert "np.array(" not in code
    assert len(code.splitlines()) <= 24


def test_points_of_a_link_are_written_out() -> None:
    names, _ = run(text.python_code(PlaneSettings(points="x"), CLASSES, edited=False, view=View()))
    np.testing.assert_allclose(names["X"], CLASSES.X, rtol=1e-8)
    np.testing.assert_array_equal(names["y"], CLASSES.y)


def test_losses_without_a_beta_are_shown_without_one() -> None:
    assert "beta" not in text.python_code(PlaneSettings(loss="hard_margin"), CLASSES, edited=True, view=View())


def test_the_dialog_shows_the_code_of_the_points_on_the_board(lesson: AppTest) -> None:
    page = tried(lesson, "folds")
    lesson.button(key="open-code").click().run()
    assert not lesson.exception
    (code,) = [block.value for block in lesson.code if "import convexviz" in block.value]
    names, _ = run(code)
    assert names["s"].objective == pytest.approx(page["badge"]["objective"], rel=2e-6)
    np.testing.assert_array_equal(names["X"], shown(page)[0])
