"""Lessons with parts of the page hidden, and embedded ones, as the server sends them."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from convexviz.app.course.lesson import page_file
from convexviz.app.lessons.splines import LESSON
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import startup, state
from tests.app.messages import components

SECONDS = 60.0


def opened(page: str, **query: str) -> AppTest:
    """A lesson, opened by a link."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(str(page_file(page))).run()
    assert [box.value for box in (*at.exception, *at.error)] == []
    return at


def keys(at: AppTest) -> set[str]:
    return {button.key for button in at.button}


def drawn(at: AppTest) -> set[str]:
    return {block.proto.component_name for block in components(at)}


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a page is seen whose address has `embed=true`."""
    monkeypatch.setattr(ContextProxy, "is_embedded", True)


def test_each_part_of_the_page_can_be_hidden() -> None:
    whole = opened("splines")
    assert {"open-tour", "open-code", "share-button"} <= keys(whole)
    assert whole.title
    at = opened("splines", hide="title,tour,code,idea,theorem,try,challenges,ways")
    assert not keys(at) & {"open-tour", "open-code"}
    assert "share-button" in keys(at)
    assert not any(str(key).startswith(("try-", "begin-")) for key in keys(at))
    assert list(at.title) == list(at.subheader) == list(at.divider) == []
    assert len(at.get("page_link")) < len(whole.get("page_link"))
    assert drawn(at) == drawn(whole)


@pytest.mark.parametrize("hidden", ["idea,theorem", "try,challenges"])
def test_texts_of_one_side_stay_without_the_other(hidden: str) -> None:
    at = opened("splines", hide=hidden)
    tried = any(str(key).startswith("try-") for key in keys(at))
    assert tried == (hidden == "idea,theorem")
    assert any("What is proved" in text.value for text in at.markdown) != tried


@pytest.mark.usefixtures("inside")
def test_an_embedded_lesson_sends_no_toolbar_and_no_text_and_its_parts_as_ever() -> None:
    at = opened("splines", beta="0.1")
    assert keys(at) == set()
    assert list(at.title) == []
    assert {"convexviz_board", "convexviz_badge", "convexviz_chart", "convexviz_scrubber"} <= drawn(at)
    [style] = [text.proto.body for text in at.get("html") if "st-key-set-beta" in text.proto.body]
    assert ".st-key-board" in style


def test_a_figure_stays_in_the_link_and_one_that_there_is_not_is_named() -> None:
    at = opened("splines", figure="path", beta="0.2")
    at.button(key="share-button").click().run()
    assert at.session_state[state.LESSONS]["splines"].query == {"beta": "0.2", "figure": "path"}
    at = opened("splines", figure="moon")
    assert "figure: it must be one of figure, neurons, path." in at.warning[0].value


def test_a_tour_begins_as_its_link_says_whatever_figure_it_names() -> None:
    at = opened("splines", tour="price", figure="path")
    [step] = [step for step in LESSON.tour if step.name == "price"]
    assert at.session_state[state.LESSONS]["splines"].settings == SplineSettings().changed(**step.changes)


def test_share_leads_to_the_dialog() -> None:
    at = opened("splines", beta="0.2")
    assert "open-link" not in keys(at)
    at.button(key="share-button").click().run()
    assert "open-link" in keys(at)
    at.button(key="open-link").click().run()
    assert any("embed=true&beta=0.2" in code.value for code in at.code)
    at.radio(key="link-shows").set_value("The whole lesson").run()
    assert not any("embed=true" in code.value for code in at.code)
