"""The lesson on the dual by hand without a browser: what it sends, the solver's button, links, and the script."""

from __future__ import annotations

import numpy as np
import pytest
from geometry_pages import link_of, opened, places, script, sent
from streamlit.testing.v1 import AppTest

from convexviz.app.components import board

THREE = [[0.0, 0.0], [1.0, 3.0], [3.0, 0.0]]


def handles(at: AppTest) -> dict[str, object]:
    return sent(at, "dual")["handles"]


def test_at_first_nothing_is_proved_and_the_network_goes_through_the_points() -> None:
    page = sent(opened("dual"), "dual")
    assert page.keys() == {"board", "badge", "handles", "bounds", "worked"}
    assert page["handles"]["v"] == [0.0, 0.0, 0.0]
    assert page["handles"]["own"]["f"] == pytest.approx([0.0, 3.0, 0.0])
    assert page["handles"]["best"] == pytest.approx(4.5)
    assert page["badge"]["status"] == "upper-bound"
    assert page["badge"]["bare"]
    np.testing.assert_array_equal(places(page["board"]), THREE)
    assert page["board"]["fixed"]


@pytest.mark.parametrize(("data", "optimum"), [("three", 2.75), ("five", 3.1875), ("classes", 2.5)])
def test_the_solver_meets_both_bounds_and_the_badge_is_certified(data: str, optimum: float) -> None:
    at = opened("dual", data=data)
    at.button(key="solve").click().run()
    page = sent(at, "dual")
    assert page["handles"]["solved"]
    assert page["handles"]["best"] == pytest.approx(optimum)
    assert page["badge"]["status"] == "certified"
    assert page["badge"]["lower_bound"] == pytest.approx(optimum)
    assert page["badge"]["proof"]["n"] == len(page["handles"]["v"])


def test_found_by_hand_it_is_certified_as_well() -> None:
    badge = sent(opened("dual", v="-1,1.5,-0.5"), "dual")["badge"]
    assert (badge["status"], badge["method"], badge["neurons"]) == ("certified", "by hand", 2)


def test_an_infeasible_v_has_no_bound() -> None:
    badge = sent(opened("dual", v="-1.5,2.25,-0.75"), "dual")["badge"]
    assert not badge.keys() & {"lower_bound", "gap", "proof"}
    assert "not feasible" in badge["message"]


def test_the_best_network_so_far_is_kept_until_the_points_are_others() -> None:
    at = opened("dual", v="-1,1.5,-0.5")
    at.button(key="start-over").click().run()
    assert handles(at)["best"] == pytest.approx(4.5)
    at.button(key="solve").click().run()
    at.session_state["dual-regression"] = board.replace(at.session_state["dual-regression"], [[0, 0], [1, 4], [3, 0]])
    assert handles(at.run())["best"] > 2.75


def test_a_shared_link_has_the_points_and_the_numbers() -> None:
    at = opened("dual", v="-1,1.2,-0.2", beta="2")
    moved = [[0.0, 0.125], [1.1, 2.7], [3.0, -1 / 3]]
    at.session_state["dual-regression"] = board.replace(at.session_state["dual-regression"], moved)
    query = link_of(at.run())
    assert query == {"v": "-1,1.2,-0.2", "beta": "2.0", "p": "0,0.125;1.1,2.7;3,-0.3333333333333333"}
    again = opened("dual", **query)
    same = ("x", "y", "v", "own", "best", "band")
    assert [handles(again)[name] for name in same] == [handles(at)[name] for name in same]


def test_one_class_alone_is_said_calmly() -> None:
    at = opened("dual", p="0,1;1,1;2,1;3,1", data="classes")
    at.button(key="solve").click().run()
    page = sent(at, "dual")
    assert "Both classes" in page["board"]["answer"]["note"]
    assert page["handles"]["own"]["objective"] == 0.0


@pytest.mark.parametrize(
    "query", [{"v": "-0.5,0.75,-0.25"}, {"loss": "interpolate"}, {"data": "classes", "v": "-1,1,0,0"}]
)
def test_the_script_has_the_numbers_of_the_page(query: dict[str, str]) -> None:
    at = opened("dual", **query)
    at.button(key="open-code").click().run()
    made = script(next(block.value for block in at.code if "feasible" in block.value))
    page = sent(opened("dual", **query), "dual")
    assert made["feasible"] == ("lower_bound" in page["badge"])
    if made["feasible"]:
        assert made["g"] == pytest.approx(page["badge"]["lower_bound"])
    assert made["s"].certified
