"""The pages as a visitor finds them, without a browser: what is sent to each component, whatever was chosen."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app.components import board
from convexviz.app.shell import source, startup
from convexviz.app.shell.settings import CONTROL_GROUPS, LOSSES
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything
GAP = 1e-6
DRAWN = np.array([[-0.5, 0.25], [0.125, -1.0], [0.75, 0.5]])

# Keys of what each group of controls puts on the page.
CONTROLS = {
    "presets": {"presets", "set-formula", "set-n", "set-noise", "set-seed", "new-sample"},
    "data": {"set-task", "open-data"},
    "loss": {"set-loss"},
    "beta": set(),  # the slider stays, and cannot be moved
    "overlays": {"set-envelope", "set-sparsest", "set-connect", "set-cubic", "set-linear"},
    "share": {"share-button"},
}


def opened(page: str = "splines", **query: str) -> AppTest:
    """A page, opened by a link with this query."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"{FROM_MAIN}/{page}.py").run()


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """The page `splines` of one session, for tests that set all that they need by a link."""
    return opened()


def sent(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each component of the page was sent, by its key; the page shows no failure."""
    assert not at.exception
    assert not at.error
    found = {}
    for block in components(at):
        name = re.sub("-(regression|classification)$", "", block.proto.id)  # each task has a board of its own
        key = next(key for key in COMPONENTS if name.endswith(f"-{key}"))
        found[key] = json.loads(block.proto.json)
    return found


COMPONENTS = (
    "line-beta-path",
    "line-board",
    "line-badge",
    "line-dual",
    "line-neurons",
    "line-path",
    "line-beta",
    "home-board",
    "home-badge",
    "presets",
)


def keys(at: AppTest) -> set[str]:
    """Keys of all controls on the page."""
    widgets = [*at.button, *at.toggle, *at.number_input, *at.text_input, *at.get("button_group")]
    gallery = {"presets"} if "presets" in sent(at) else set()
    return {widget.key for widget in widgets} | gallery


def follow(at: AppTest, **query: str) -> AppTest:
    """Open another link in the same session, as the back button of the browser does."""
    at.query_params.clear()
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def draw(at: AppTest, points: np.ndarray, task: str = "regression", live: bool = False) -> AppTest:
    """The browser sends drawn points; labels are the heights' signs."""
    key = source.line.state_key(task)
    now = at.session_state[key]
    labels = np.where(points[:, 1] > 0, 1, -1).tolist() if task == "classification" else None
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": points.tolist(), "labels": labels}
    at.session_state[key] = board.fold(now, message, board.Limits(source.MAX_POINTS, task == "classification"))
    return at.run()


def settings(at: AppTest) -> Any:
    return at.session_state["cvz-lessons"]["splines"].settings


# --- every choice is answered --------------------------------------------------------------------------------------


def choices() -> list[tuple[data.Task, str, str]]:
    return [(task, name, loss) for task in data.TASKS for name in data.names(task, dims=1) for loss in LOSSES[task]]


@pytest.mark.parametrize(("task", "name", "loss"), choices(), ids=lambda value: value)
def test_every_preset_with_every_loss_is_answered(shared: AppTest, task: data.Task, name: str, loss: str) -> None:
    """By the certified optimum, which is the library's own, or by a reason in words."""
    page = sent(follow(shared, task=task, data=name, loss=loss, beta="0.05"))
    badge, answer = page["line-badge"], page["line-board"]["answer"]
    made = data.load(name, settings(shared).n, settings(shared).noise, 0)
    assert badge["status"] == answer["status"]
    if badge["status"] == "infeasible":
        assert len(np.unique(made.X)) < len(made.X), "only equal positions contradict each other"
        assert len(answer["note"]) > 20
        return
    assert badge["status"] == "certified"
    assert badge["gap"] <= GAP
    theirs = cv.solve(made.X, made.y, beta=0.05, loss=loss)
    assert badge["objective"] == pytest.approx(theirs.objective, rel=1e-6)
    assert badge["neurons"] == len(answer["network"]["w"])


@pytest.mark.parametrize("task", data.TASKS)
def test_board_badge_and_figures_show_one_answer(shared: AppTest, task: str) -> None:
    """What the board hands on is what each part is sent by itself, apart from its place in the sequence."""
    page = sent(follow(shared, task=task, beta="0.07"))
    network = page["line-board"]["answer"]["network"]
    parcels = page["line-board"]["parcels"]
    for name in parcels.keys() & page.keys():  # the guide's is not one of the lesson's own parts
        parcel = parcels[name]
        assert page[name] | {"seq": 0} == parcel | {"seq": 0}
    assert page["line-dual"]["network"] == page["line-neurons"]["network"] == network
    assert {"line-badge", "line-dual", "line-neurons"} <= parcels.keys() & page.keys()


@pytest.mark.parametrize("name", ["envelope", "sparsest", "connect", "cubic", "linear"])
def test_a_toggle_shows_its_overlay(name: str) -> None:
    at = opened(f="x^2", loss="interpolate", n="9", noise="0.0")
    at.toggle(key=f"set-{name}").set_value(True).run()
    answer = sent(at)["line-board"]["answer"]
    assert [item["id"] for item in answer["curves"] + answer["bands"]] == [name]
    at.toggle(key=f"set-{name}").set_value(False).run()
    answer = sent(at)["line-board"]["answer"]
    assert answer["curves"] + answer["bands"] == []


def test_sign_regions_belong_to_classification(shared: AppTest) -> None:
    page = sent(follow(shared, task="classification"))
    assert page["line-board"]["answer"]["regions"] is page["line-board"]["answer"]["margins"] is True
    shared.toggle(key="set-regions").set_value(False).run()
    assert sent(shared)["line-board"]["answer"]["regions"] is False
    page = sent(follow(shared, task="regression"))
    assert page["line-board"]["answer"]["regions"] is page["line-board"]["answer"]["margins"] is False
    assert "set-regions" not in keys(shared)


# --- what cannot be answered ---------------------------------------------------------------------------------------


def test_an_empty_board_is_calm() -> None:
    page = sent(draw(opened(), np.empty((0, 2))))
    assert page["line-badge"]["status"] == "empty"
    assert "Click on it to add a point" in page["line-board"]["answer"]["note"]
    assert page["line-board"]["answer"]["network"] is None
    assert page["line-beta"]["disabled"] is True


def test_one_class_only_asks_for_the_other() -> None:
    at = opened(task="classification", loss="hinge")
    page = sent(draw(at, np.array([[-0.5, 1.0], [0.5, 1.0]]), "classification"))
    assert page["line-badge"]["status"] == "empty"
    assert "class −1" in page["line-badge"]["message"]
    page = sent(draw(at, np.array([[-0.5, 1.0], [0.5, -1.0]]), "classification"))
    assert page["line-badge"]["status"] == "certified"


@pytest.mark.parametrize(("task", "loss"), [("regression", "interpolate"), ("classification", "hard_margin")])
def test_contradictions_are_named(task: str, loss: str) -> None:
    at = opened(task=task, loss=loss)
    page = sent(draw(at, np.array([[-0.5, 1.0], [0.5, 1.0], [0.5, -1.0]]), task))
    assert page["line-badge"]["status"] == "infeasible"
    assert "0.5" in page["line-board"]["answer"]["note"]
    page = sent(draw(at, np.array([[-0.5, 1.0], [0.5, 1.0], [0.6, -1.0]]), task))
    assert page["line-badge"]["status"] == "certified"


def test_figures_keep_their_place_while_there_is_no_answer() -> None:
    at = opened(loss="interpolate")
    before = sent(at)["line-dual"]["figures"]
    after = sent(draw(at, np.array([[0.5, 1.0], [0.5, -1.0]])))["line-dual"]
    assert after["figures"] == before
    assert after["network"] is None


@pytest.mark.parametrize("points", [[[0.3, 0.4]], [[0.3, 0.4], [0.3, 0.9]], [[0.3, 0.4], [0.30000001, -0.9]]], ids=str)
@pytest.mark.parametrize("loss", LOSSES["regression"])
def test_very_few_points_with_everything_on(loss: str, points: list[list[float]]) -> None:
    on = dict.fromkeys(("envelope", "sparsest", "connect", "cubic", "linear"), "1")
    page = sent(draw(opened(loss=loss, **on), np.array(points)))
    contradict = loss == "interpolate" and len(points) == 2 and points[0][0] == points[1][0]
    assert page["line-badge"]["status"] == ("infeasible" if contradict else "certified")


def test_a_damaged_formula_is_named_on_the_board_and_leaves_the_points() -> None:
    at = draw(opened(), DRAWN)
    at.text_input(key="set-formula").set_value("sin(").run()
    page = sent(at)
    assert page["line-board"]["x"] == DRAWN[:, 0].tolist()
    assert page["line-badge"]["status"] == "certified"
    assert len(page["line-board"]["answer"]["note"]) > 10
    at.text_input(key="set-formula").set_value("sin(x)").run()
    page = sent(at)
    assert page["line-board"]["answer"]["note"] == ""
    np.testing.assert_allclose(np.sin(page["line-board"]["x"]), page["line-board"]["y"], atol=0.5)


# --- what is drawn is kept -----------------------------------------------------------------------------------------


def test_drawn_points_survive_a_switch_of_pages() -> None:
    at = draw(opened(beta="0.2"), DRAWN)
    objective = sent(at)["line-badge"]["objective"]
    at.switch_page(f"{FROM_MAIN}/home.py").run()
    at.query_params.clear()
    at.switch_page(f"{FROM_MAIN}/splines.py").run()
    page = sent(at)
    assert page["line-board"]["x"] == DRAWN[:, 0].tolist()
    assert page["line-badge"]["objective"] == objective
    assert page["line-beta"]["beta"] == 0.2


def test_drawn_points_survive_a_switch_of_tasks() -> None:
    at = draw(opened(), DRAWN)
    for task in ("classification", "regression"):
        at.get("button_group")[0].set_value(task).run()
        assert settings(at).task == task
    assert sent(at)["line-board"]["x"] == DRAWN[:, 0].tolist()


def test_a_task_is_another_board_of_its_own_mode() -> None:
    at = opened()
    assert (sent(at)["line-board"]["id"], sent(at)["line-board"]["mode"]) == ("line-regression", "regression")
    at.get("button_group")[0].set_value("classification").run()
    assert (sent(at)["line-board"]["id"], sent(at)["line-board"]["mode"]) == ("line-classification", "line-classes")


def test_share_and_open_bring_the_drawing_back() -> None:
    at = draw(opened(beta="0.2", loss="squared", cubic="1"), DRAWN)
    at.button(key="share-button").click().run()
    query = {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}
    assert at.code[0].value.split("?")[1]
    assert {"p", "beta", "cubic"} <= set(query)
    page, again = sent(at), sent(opened(**query))
    np.testing.assert_allclose(again["line-board"]["x"], page["line-board"]["x"], atol=1e-4)
    np.testing.assert_allclose(again["line-board"]["y"], page["line-board"]["y"], atol=1e-4)
    assert again["line-board"]["view"] == page["line-board"]["view"]
    assert again["line-badge"]["objective"] == pytest.approx(page["line-badge"]["objective"], rel=1e-3)
    assert [curve["id"] for curve in again["line-board"]["answer"]["curves"]] == ["cubic"]


def test_a_shown_address_goes_when_the_drawing_changes() -> None:
    at = draw(opened(), DRAWN)
    at.button(key="share-button").click().run()
    assert at.code
    draw(at, DRAWN[:2])
    assert not at.code


def test_a_damaged_link_is_named_and_the_rest_of_it_is_used() -> None:
    at = opened(beta="abc", p="!!!", n="13", nonsense="1")
    assert {"`beta=abc`", "`p=!!!`", "`nonsense`"} <= {
        line.split(":")[0].removeprefix("- ") for line in at.warning[0].value.splitlines()
    }
    assert len(sent(at)["line-board"]["x"]) == 13
    assert sent(at)["line-badge"]["status"] == "certified"


def test_a_new_sample_is_another_one() -> None:
    at = opened()
    before = sent(at)["line-board"]["y"]
    at.button(key="new-sample").click().run()
    after = sent(at)["line-board"]["y"]
    assert len(after) == len(before)
    assert after != before
    assert settings(at).seed == 1


# --- a moving hand is not kept waiting -----------------------------------------------------------------------------


def test_under_a_moving_hand_no_path_is_solved_and_the_slider_holds_still() -> None:
    at = opened()
    before = sent(at)
    page = sent(draw(at, DRAWN, live=True))
    assert (
        page["line-beta-path"]["frames"] != before["line-beta-path"]["frames"] or not page["line-beta-path"]["complete"]
    )
    assert page["line-beta"]["beta_max"] == before["line-beta"]["beta_max"]
    assert page["line-beta"]["live"] is True
    page = sent(draw(at, DRAWN))
    assert page["line-beta"]["beta_max"] == pytest.approx(cv.beta_max(DRAWN[:, :1], DRAWN[:, 1]), rel=1e-6)


def test_the_path_of_other_points_is_never_offered_for_these() -> None:
    at = draw(opened(), DRAWN)
    page = sent(at)
    assert page["line-beta-path"]["path_rev"] == page["line-beta"]["path_rev"]
    live = sent(draw(at, 2 * DRAWN, live=True))
    assert live["line-beta"]["path_rev"] != page["line-beta"]["path_rev"]


def test_frames_of_the_path_hold_what_the_badge_and_the_figures_show() -> None:
    at = draw(opened(), DRAWN)
    for _ in range(50):
        path = sent(at)["line-beta-path"]
        if path["complete"]:
            break
        at.run()
    frames = json.loads(path["frames"])
    betas = [frame["beta"] for frame in frames]
    middle = frames[len(frames) // 2]
    assert betas == sorted(betas)
    assert set(middle["figures"]) == {"dual", "neurons"}
    theirs = cv.solve(DRAWN[:, :1], DRAWN[:, 1], beta=middle["beta"])
    assert middle["badge"]["objective"] == pytest.approx(theirs.objective, rel=1e-6)
    assert middle["badge"]["neurons"] == len(middle["network"]["w"])


# --- hidden controls -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", CONTROL_GROUPS)
def test_a_hidden_group_is_absent_and_everything_else_stays(group: str) -> None:
    at = opened(hide=group)
    everything = set().union(*CONTROLS.values())
    assert keys(at) & everything == everything - CONTROLS[group]
    page = sent(at)
    assert page["line-beta"]["disabled"] is (group == "beta")
    assert page["line-badge"]["status"] == "certified"
    assert {"line-board", "line-dual", "line-neurons", "line-path"} <= set(page)


def test_with_everything_hidden_board_and_certificate_are_left() -> None:
    at = opened(hide=",".join(CONTROL_GROUPS))
    assert not keys(at) & set().union(*CONTROLS.values())
    assert sent(at)["line-badge"]["status"] == "certified"
    assert sent(draw(at, DRAWN))["line-badge"]["objective"] > 0


def test_something_to_try_keeps_hidden_what_the_link_hides() -> None:
    at = opened(hide="presets,share")
    at.button(key="try-line").click().run()
    assert not keys(at) & (CONTROLS["presets"] | CONTROLS["share"])


# --- home ----------------------------------------------------------------------------------------------------------


def test_home_shows_a_live_certified_board_and_leads_to_the_lesson() -> None:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    page = sent(at)
    assert page["home-badge"]["status"] == "certified"
    assert page["home-board"]["parcels"]["home-badge"] | {"seq": 0} == page["home-badge"] | {"seq": 0}
    assert "[" not in at.get("page_link")[0].proto.label
    assert "splines" in at.get("page_link")[0].proto.page


def test_the_live_board_of_home_can_be_emptied() -> None:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    at.session_state["home-points"] = board.replace(at.session_state["home-points"], np.empty((0, 2)))
    page = sent(at.run())
    assert page["home-badge"]["status"] == "empty"
    assert page["home-board"]["answer"]["note"]
