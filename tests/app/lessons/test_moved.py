"""Links to what is a lesson of its own now go on opening in the same state, and nothing in them is complained about."""

from __future__ import annotations

from urllib.parse import parse_qsl

import numpy as np
import pytest
from geometry_pages import drawn, opened, places, sent, warned
from streamlit.testing.v1 import AppTest

from convexviz.app.lessons.digits.settings import DigitsSettings
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings


def onward(at: AppTest) -> dict[str, dict[str, str]]:
    """Query of each link to another lesson, by the lesson; those to the lessons before and after carry none."""
    links = [link.proto for link in at.get("page_link") if not link.proto.label.startswith(("Back: ", "Next: "))]
    return {link.page: dict(parse_qsl(link.query_string)) for link in links}


@pytest.mark.parametrize(
    ("query", "settings"),
    [
        ({"scene": "two"}, DigitsSettings()),
        (
            {"scene": "ten", "per_digit": "2", "digit_loss": "logistic", "beta": "1.0", "seed": "4"},
            DigitsSettings(scene="ten", per_digit=2, loss="logistic", beta=1.0, seed=4),
        ),
        (  # what plane and space had is left behind without a word
            {"scene": "two", "first": "1", "second": "7", "images": "4", "whiten": "1", "oracle": "sweep", "bias": "0"},
            DigitsSettings(first="1", second="7", images=4, whiten=True),
        ),
        ({"scene": "two", "images": "3", "hide": "presets,loss"}, DigitsSettings(images=3, hide="presets,loss")),
    ],
    ids=["two", "ten", "others", "hidden"],
)
def test_links_to_digits_among_the_cutting_planes_open_the_lesson_on_digits(
    query: dict[str, str], settings: DigitsSettings
) -> None:
    at = opened("cutting-planes", **query)
    assert not at.exception
    assert not at.warning
    assert [title.value for title in at.title] == ["Digits"]
    assert at.session_state["cvz-lessons"]["digits"].settings == settings


def test_a_damaged_link_to_digits_is_named_where_it_leads() -> None:
    assert warned(opened("cutting-planes", scene="two", images="x")) == {"`images=x`"}


def test_links_to_the_plane_may_name_digits_and_stay() -> None:
    at = opened("cutting-planes", n="9", first="4", digit_loss="hinge", whiten="1")
    assert not at.warning
    assert [title.value for title in at.title] == ["Cutting planes"]


def test_a_link_to_the_race_hands_lambda_on_and_says_so() -> None:
    at = opened("race", data="tent", n="16", noise="0.3", ridge="0.1", hide="kernel,share")
    assert not at.warning
    assert any("lesson of its own" in i.value for i in at.info)
    assert set(onward(at)) == {"tangent-kernel", "path"}
    kernel = opened("tangent-kernel", **onward(at)["tangent-kernel"])
    assert not kernel.warning
    settings = KernelSettings(dataset="tent", n=16, noise=0.3, ridge=0.1, hide="share,kernel")
    assert kernel.session_state["cvz-lessons"]["tangent-kernel"].settings == settings


def test_the_race_leads_to_kernel_and_path_with_the_points_as_drawn() -> None:
    at = drawn(opened("race", n="8", beta="0.3"), "race-line-regression", [[-0.5, 0.1], [0.1, 0.7], [0.5, 0.0]])
    assert not at.info
    for lesson, prefix in (("tangent-kernel", "kernel"), ("path", "path")):
        page = sent(opened(lesson, **onward(at)[lesson]), prefix)
        np.testing.assert_allclose(places(page["board"]), [[-0.5, 0.1], [0.1, 0.7], [0.5, 0.0]], atol=1e-3)
        assert page["badge"]["beta"] == 0.3


def test_a_link_that_hides_the_path_shows_no_way_there() -> None:
    at = opened("race", n="8", hide="path")
    assert not at.warning
    assert set(onward(at)) == {"tangent-kernel"}
