"""Lessons on stage without a browser: what the address names is what is shown, and no lesson fails there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.startup import MAIN_SCRIPT
from convexviz.app.stage.talk.scenes import Talk, TalkScene, encode

SECONDS = 60
LESSON = [pytest.param(lesson, id=lesson.address) for lesson in LESSONS]


def opened(lesson: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"../../pages/{lesson}.py").run()


def message(at: AppTest) -> dict[str, Any]:
    """What the stage is told."""
    (found,) = [one for one in at.get("bidi_component") if one.proto.component_name == "convexviz_talk"]
    return dict(json.loads(found.proto.json))


def style(at: AppTest) -> str:
    """The style sheets of the page."""
    return " ".join(str(one.proto.body) for one in at.get("html"))


@pytest.mark.parametrize("lesson", LESSON)
def test_every_lesson_goes_on_stage(lesson: Any) -> None:
    at = opened(lesson.address, present="1")
    assert not at.exception
    assert not at.error
    told = message(at)
    assert (told["on"], told["lessons"], told["problem"]) == (True, [], "")
    assert told["sentence"] == lesson.claim
    assert "position: fixed" in style(at)


TALK = Talk("", (TalkScene("splines", {"beta": "0.3"}, "One", ("board", "neurons"), "beta", "dark"),
                 TalkScene("splines", {}, "Two", ("dual",))))  # fmt: skip


def test_a_scene_is_shown_as_it_was_written_down() -> None:
    at = opened("splines", present="1", talk=encode(TALK), at="0")
    told = message(at)
    assert (told["at"], told["lessons"], told["sentence"], told["theme"]) == (0, ["splines"] * 2, "One", "dark")
    assert at.session_state["cvz-lessons"]["splines"].settings.beta == 0.3
    assert '[data-figure="neurons"]' in style(at)
    assert ".cvz-scrubber" in style(at)
    at.query_params["at"] = "1"
    at.run()
    assert message(at)["sentence"] == "Two"
    assert at.session_state["cvz-lessons"]["splines"].settings.beta != 0.3, "an empty query means the defaults"


def test_an_address_on_the_wrong_lesson_leads_to_the_right_one() -> None:
    at = opened("plane", present="1", talk=encode(TALK), at="1")
    assert message(at)["sentence"] == "Two"
    assert at.session_state["cvz-page"] == "splines"


@pytest.mark.parametrize(
    ("text", "at_", "problem"),
    [
        ("damaged", "0", "copy the whole of it"),
        (encode(Talk()), "0", "no scenes yet"),
        (encode(Talk(scenes=(TalkScene("splines", {"beta": "hot"}),))), "0", "beta"),
        (encode(TALK), "99", ""),
        (encode(TALK), "²", ""),
    ],
)
def test_what_cannot_be_read_is_told(text: str, at_: str, problem: str) -> None:
    at = opened("splines", present="1", talk=text, at=at_)
    assert not at.exception
    told = message(at)["problem"]
    assert problem in told if problem else told == ""


def test_a_page_off_stage_waits_for_the_key_alone() -> None:
    at = opened("splines")
    told = message(at)
    assert (told["on"], told["go"]) == (False, None)
    assert "position: fixed; z-index: 2" not in style(at)
