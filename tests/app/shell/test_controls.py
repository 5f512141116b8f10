"""Widgets and the settings they change, on a plain session."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import controls, state
from convexviz.app.shell.settings import table


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_late_word_of_another_pages_widget_changes_nothing(monkeypatch: pytest.MonkeyPatch, lesson: Any) -> None:
    """Widgets of one setting share their key on all pages: what a page that was left still says is not about this."""
    session: dict[str, Any] = {state.CURRENT: lesson.address}
    session[state.LESSONS] = {one.address: state.LessonState(one.settings()) for one in LESSONS}
    monkeypatch.setattr(st, "session_state", session)
    for other in LESSONS:
        for name, row in table(other.settings).items():
            if other is not lesson and row.kind == "choice":
                session[controls.key(name)] = row.choices[-1]
                controls._changed(other.address, name)
    assert {address: held.settings for address, held in session[state.LESSONS].items()} == {
        one.address: one.settings() for one in LESSONS
    }


def test_a_widget_of_the_page_changes_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = LESSONS[0]
    session: dict[str, Any] = {
        state.CURRENT: lesson.address,
        state.LESSONS: {lesson.address: state.LessonState(lesson.settings())},
        controls.key("task"): "classification",
    }
    monkeypatch.setattr(st, "session_state", session)
    controls._changed(lesson.address, "task")
    assert state.current().settings.task == "classification"
