"""The page of the lesson in the plane, without a browser: what is sent to each component, whatever was chosen."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.components import board
from convexviz.app.lessons.plane.settings import CLASSES_ONLY, OVERLAYS, PICTURES
from convexviz.app.shell import source, startup
from convexviz.app.shell.settings import CONTROL_GROUPS, LOSSES
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything
GAP = 1e-6
PLACES = np.array([[-0.5, 0.25], [0.125, -0.75], [0.75, 0.5], [0.5, -0.25]])
VALUES = {"classification": np.array([1.0, -1.0, 1.0, -1.0]), "regression": np.array([0.3, -0.75, 0.5, 0.25])}

# Keys of what each group of controls puts on the page.
CONTROLS = {
    "presets": {"presets", "set-n", "set-noise", "set-seed", "new-sample"},
    "data": {"set-task", "open-data"},
    "loss": {"set-loss"},
    "beta": set(),  # the slider stays, and cannot be moved
    "overlays": {f"set-{name}" for name in OVERLAYS},
    "share": {"share-button"},
}
ALWAYS = {"board", "badge", "dual", "beta", "beta-path"}


def opened(**query: str) -> AppTest:
    """The page, opened by a link with this query."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"{FROM_MAIN}/plane.py").run()


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page of one session, for tests that set all that they need by a link."""
    return opened()


def follow(at: AppTest, **query: str) -> AppTest:
    """Open another link in the same session, as the back button of the browser does."""
    at.query_params.clear()
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key without `plane-`; the page shows no failure."""
    assert not at.exception
    assert not at.error
    return {block.proto.id.rpartition("-plane-")[2]: json.loads(block.proto.json) for block in blocks(at)}


def blocks(at: AppTest) -> list[Any]:
    found = components(at)
    assert all("-plane-" in block.proto.id for block in found)
    return found


def keys(at: AppTest) -> set[str]:
    """Keys of all controls on the page."""
    widgets = [*at.button, *at.toggle, *at.number_input, *at.text_input, *at.get("button_group")]
    return {widget.key for widget in widgets} | ({"presets"} & set(sent(at)))


def draw(at: AppTest, X: np.ndarray, y: np.ndarray, task: str = "classification", live: bool = False) -> AppTest:
    """The browser sends drawn points with their classes or values."""
    key, classes = source.plane.state_key(task), task == "classification"
    now = at.session_state[key]
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": np.asarray(X).tolist()}
    message |= {"labels": np.asarray(y, int).tolist()} if classes else {"values": np.asarray(y).tolist()}
    at.session_state[key] = board.fold(now, message, board.Limits(source.MAX_POINTS, classes, not classes))
    assert at.session_state[key].refused is None
    return at.run()


def settings(at: AppTest) -> Any:
    return at.session_state["cvz-lessons"]["plane"].settings


def count(values: Any) -> int:
    """The length of an array as it is sent."""
    return len(values) if isinstance(values, list) else len(base64.b64decode(values["bdata"])) // 4


# --- every choice is answered --------------------------------------------------------------------------------------


def choices() -> list[tuple[data.Task, str, str]]:
    return [(task, name, loss) for task in data.TASKS for name in data.names(task, dims=2) for loss in LOSSES[task]]


@pytest.mark.parametrize(("task", "name", "loss"), choices(), ids=lambda value: value)
def test_every_preset_with_every_loss_is_answered(shared: AppTest, task: data.Task, name: str, loss: str) -> None:
    """By the certified optimum, which is the library's own, or by a reason in words."""
    n = str(min(16, data.DATASETS[name].n))
    page = sent(follow(shared, task=task, data=name, loss=loss, beta="0.3", n=n))
    badge, answer = page["badge"], page["board"]["answer"]
    made = data.load(name, int(n), settings(shared).noise, 0)
    assert badge["status"] == answer["status"]
    assert set(page) >= ALWAYS
    if badge["status"] == "infeasible":
        assert len(np.unique(made.X, axis=0)) < len(made.X), "only equal places contradict each other"
        assert len(answer["note"]) > 20
        return
    assert badge["status"] == "certified"
    assert badge["gap"] <= GAP
    theirs = cv.solve(made.X, made.y, beta=0.3, loss=loss)
    assert badge["objective"] == pytest.approx(theirs.objective, rel=2 * GAP)
    assert badge["neurons"] == count(answer["network"]["w"])


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(("task", "loss"), [(task, loss) for task in LOSSES for loss in LOSSES[task]])
def test_every_picture_is_shown_for_every_loss(shared: AppTest, task: str, loss: str, picture: str) -> None:
    page = sent(follow(shared, task=task, loss=loss, show=picture, n="20", beta="0.3"))
    more = {"picture"} if picture in ("neurons", "surface") else {picture}
    assert set(page) == ALWAYS | {"presets"} | more
    if "picture" in more:
        assert set(page["picture"]["figures"]) == {picture}
    captions = " ".join(block.value for block in shared.caption)
    assert ("there is no path" in captions) == (picture == "path" and loss in ("interpolate", "hard_margin"))


@pytest.mark.parametrize("task", data.TASKS)
@pytest.mark.parametrize("picture", ["neurons", "surface"])
def test_board_badge_and_pictures_show_one_answer(shared: AppTest, task: str, picture: str) -> None:
    """What the board hands on is what each part is sent by itself, apart from its place in the sequence."""
    page = sent(follow(shared, task=task, beta="0.17", show=picture, n="20"))
    network = page["board"]["answer"]["network"]
    parcels = {name: parcel for name, parcel in page["board"]["parcels"].items() if name.startswith("plane-")}
    names = {name.removeprefix("plane-"): parcel for name, parcel in parcels.items()}
    assert set(names) == {"badge", "dual", "beta", "picture"}
    for name, parcel in names.items():
        assert page[name] | {"seq": 0} == parcel | {"seq": 0}
    for name in ("dual", "picture"):
        assert {part: page[name]["network"][part] for part in network} == network
        assert count(page[name]["network"]["dual"]["v"]) == 20
        assert page[name]["network"]["dual"]["beta"] == 0.17


def test_classes_and_values_are_drawn_on_boards_of_their_own() -> None:
    at = opened(n="16")
    page = sent(at)["board"]
    assert (page["id"], page["mode"], page["equal"], page["values"]) == ("plane-classification", "plane", True, None)
    at.get("button_group")[0].set_value("regression").run()
    page = sent(at)["board"]
    assert (page["id"], page["mode"], page["labels"]) == ("plane-regression", "plane-values", None)
    assert page["axes"] == ["x₁", "x₂", "y"]
    low, high = page["view"]["z"]
    assert low < min(page["values"]) < max(page["values"]) < high


@pytest.mark.parametrize("name", [name for name in OVERLAYS if name not in ("linear", "svm", "support")])
def test_a_toggle_reaches_the_board(name: str) -> None:
    at = opened(n="20")
    assert sent(at)["board"]["answer"][name] is True
    at.toggle(key=f"set-{name}").set_value(False).run()
    assert sent(at)["board"]["answer"][name] is False


def test_overlays_of_classes_are_not_offered_for_values(shared: AppTest) -> None:
    follow(shared, task="regression", linear="1", svm="1", n="20")
    page = sent(shared)["board"]["answer"]
    assert page["fields"] == []
    assert page["support"] == []
    assert keys(shared) & CONTROLS["overlays"] == CONTROLS["overlays"] - {f"set-{name}" for name in CLASSES_ONLY}


# --- what cannot be answered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("task", "picture"), list(zip(2 * data.TASKS, PICTURES, strict=True)))
def test_an_empty_board_is_calm(task: str, picture: str) -> None:
    page = sent(draw(opened(task=task, show=picture, n="16"), np.empty((0, 2)), np.empty(0), task))
    assert page["badge"]["status"] == "empty"
    assert "Click on it to add a point" in page["board"]["answer"]["note"]
    assert page["board"]["answer"]["network"] is None
    assert page["board"]["answer"]["fields"] == []
    assert page["dual"]["network"] is None
    assert page["beta"]["disabled"] is True


def test_one_class_only_asks_for_the_other() -> None:
    at = opened(linear="1", svm="1", n="16")
    page = sent(draw(at, PLACES, np.ones(4)))
    assert page["badge"]["status"] == "empty"
    assert "class −1" in page["board"]["answer"]["note"]
    assert page["board"]["answer"]["fields"] == []
    page = sent(draw(at, PLACES, VALUES["classification"]))
    assert page["badge"]["status"] == "certified"
    assert len(page["board"]["answer"]["fields"]) == 2


@pytest.mark.parametrize(("task", "loss"), [("regression", "interpolate"), ("classification", "hard_margin")])
def test_contradictions_are_named(task: str, loss: str) -> None:
    at = opened(task=task, loss=loss, n="16")
    page = sent(draw(at, PLACES[[0, 1, 2, 2]], VALUES[task], task))
    assert page["badge"]["status"] == "infeasible"
    assert "points 3 and 4" in page["board"]["answer"]["note"]
    assert page["beta"]["disabled"] is True
    page = sent(draw(at, PLACES, VALUES[task], task))
    assert page["badge"]["status"] == "certified"


# --- what is drawn is kept -----------------------------------------------------------------------------------------


def test_drawn_points_survive_switches_of_tasks_and_pages() -> None:
    at = draw(opened(beta="0.2", n="16"), PLACES, VALUES["classification"])
    objective = sent(at)["badge"]["objective"]
    for task in ("regression", "classification"):
        at.get("button_group")[0].set_value(task).run()
        assert settings(at).task == task
    at.switch_page(f"{FROM_MAIN}/home.py").run()
    at.query_params.clear()
    at.switch_page(f"{FROM_MAIN}/plane.py").run()
    page = sent(at)
    assert (page["board"]["x"], page["board"]["y"]) == tuple(PLACES.T.tolist())
    assert page["board"]["labels"] == VALUES["classification"].tolist()
    assert page["badge"]["objective"] == objective
    assert page["beta"]["beta"] == 0.2


@pytest.mark.parametrize("task", data.TASKS)
def test_share_and_open_bring_the_drawing_back(task: str) -> None:
    at = draw(opened(task=task, beta="0.2", show="surface", lines="0", n="16"), PLACES, VALUES[task], task)
    at.button(key="share-button").click().run()
    query = {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}
    assert at.code[0].value.split("?")[1]
    assert {"p", "beta", "show", "lines"} <= set(query)
    page, again = sent(at), sent(opened(**query))
    for name in ("x", "y") + (("values",) if task == "regression" else ()):
        np.testing.assert_allclose(again["board"][name], page["board"][name], atol=1e-4)
    assert again["board"]["labels"] == page["board"]["labels"]
    assert again["board"]["view"] == page["board"]["view"]
    assert again["badge"]["objective"] == pytest.approx(page["badge"]["objective"], rel=1e-3)
    assert set(again["picture"]["figures"]) == {"surface"}
    draw(at, PLACES[:3], VALUES[task][:3], task)
    assert not at.code, "the address shown would no longer be true"


def test_a_damaged_link_is_named_and_the_rest_of_it_is_used() -> None:
    at = opened(beta="abc", p="!!!", n="13", nonsense="1", show="film")
    named = {line.split(":")[0].removeprefix("- ") for line in at.warning[0].value.splitlines()}
    assert {"`beta=abc`", "`p=!!!`", "`nonsense`"} <= named
    assert len(sent(at)["board"]["x"]) == 13
    assert "film" in sent(at)


def test_a_new_sample_is_another_one() -> None:
    at = opened(n="20")
    before = sent(at)["board"]["x"]
    at.button(key="new-sample").click().run()
    assert len(sent(at)["board"]["x"]) == 20
    assert sent(at)["board"]["x"] != before
    assert settings(at).seed == 1


# --- hidden controls -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", CONTROL_GROUPS)
def test_a_hidden_group_is_absent_and_everything_else_stays(group: str) -> None:
    at = opened(hide=group, n="20")
    everything = set().union(*CONTROLS.values())
    assert keys(at) & everything == everything - CONTROLS[group]
    page = sent(at)
    assert page["beta"]["disabled"] is (group == "beta")
    assert page["badge"]["status"] == "certified"
    assert set(page) >= ALWAYS | {"picture"}


def test_with_everything_hidden_board_and_certificate_are_left() -> None:
    at = opened(hide=",".join(CONTROL_GROUPS), n="20")
    assert not keys(at) & set().union(*CONTROLS.values())
    assert sent(at)["badge"]["status"] == "certified"
    assert sent(draw(at, PLACES, VALUES["classification"]))["badge"]["objective"] > 0
    at.button(key="try-xor").click().run()
    assert not keys(at) & set().union(*CONTROLS.values())


# --- what stays ----------------------------------------------------------------------------------------------------


def test_the_network_stays_while_a_point_moves_beyond_its_margin(shared: AppTest) -> None:
    """Under the moving hand and at rest; where the point comes too near, a new one comes."""
    before = sent(follow(shared, loss="hinge", n="40", beta="0.1", seed="3"))
    X, y = np.column_stack([before["board"]["x"], before["board"]["y"]]), np.array(before["board"]["labels"], float)
    solution = cv.solve(X, y, beta=0.1, loss="hinge")
    margin = y * solution.network.predict(X)
    far = int(np.argmax(margin))
    moved = X.copy()
    for live in (True, True, False):
        moved[far] += 0.02
        page = sent(draw(shared, moved, y, live=live))
        assert page["board"]["answer"]["network"] == before["board"]["answer"]["network"]
        assert page["badge"]["status"] == "certified"
        assert page["badge"]["objective"] == pytest.approx(before["badge"]["objective"], rel=2 * GAP)
    moved[far] = X[int(np.argmin(np.where(y == -y[far], margin, np.inf)))] + 0.01
    assert sent(draw(shared, moved, y))["board"]["answer"]["network"] != before["board"]["answer"]["network"]
