"""Who shares a lesson can go on: what is begun then, in whatever part of it, is shown, and can be shared in turn."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.course.lesson import Lesson
from convexviz.app.course.scenes import Prompt
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import table
from tests.app.lessons.test_shared_numbers import opened

EVERY_LESSON = [pytest.param(lesson, id=lesson.address) for lesson in LESSONS]


def elsewhere(lesson: Lesson) -> list[Prompt]:
    """The prompts of which each sets a choice as no other before it: they lead through the parts of the lesson."""
    choices = {name for name, row in table(lesson.settings).items() if row.kind == "choice"}
    seen: set[tuple[str, object]] = set()
    chosen = []
    for prompt in lesson.prompts:
        new = {(name, value) for name, value in prompt.changes.items() if name in choices} - seen
        seen |= new
        chosen += [prompt] if new else []
    return chosen


def pressed(at: AppTest, key: str) -> AppTest:
    at = at.button(key=key).click().run()
    assert not [box.value for box in (*at.error, *at.exception)], key
    return at


def shared(at: AppTest) -> AppTest:
    at = pressed(at, "share-button")
    assert at.code, "the address is shown"
    return at


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_every_part_of_a_lesson_opens_after_a_link_was_made(lesson: Lesson) -> None:
    at = shared(opened(lesson.address, {}))
    for prompt in elsewhere(lesson):
        at = shared(pressed(at, f"try-{prompt.name}"))
    at = shared(pressed(at, "open-tour"))
    for _ in lesson.tour[1:]:
        at = shared(pressed(at, "tour-next"))
