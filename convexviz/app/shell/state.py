"""The settings of the lessons, in the session.

A lesson's settings live in the session, so they outlast page switches; a link is read when the session starts or when
its query changes (back and forward in the browser), and written only by Share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from convexviz.app.shell.settings import from_query, to_query

LESSONS = "cvz-lessons"
CURRENT = "cvz-page"

S = TypeVar("S")


@dataclass
class LessonState:
    """What one session holds for one lesson."""

    settings: Any
    query: dict[str, str] = field(default_factory=dict)  # the link as last read or written
    problems: list[str] = field(default_factory=list)  # what was ignored in it
    loads: int = 0  # how often a link replaced the settings
    shelf: dict[str, Any] = field(default_factory=dict)  # the settings of the tasks not on show
    shared: str | None = None  # the address last made by Share


def load_settings(page: str, cls: type[S]) -> S:
    """Settings of a page: from the link if it is new to this session, else as the session left them."""
    st.session_state[CURRENT] = page
    lesson = _lessons().setdefault(page, LessonState(cls()))
    query = st.query_params.to_dict()
    if query and query != lesson.query:
        lesson.settings, lesson.problems = from_query(query, cls)
        lesson.query, lesson.shared = query, None
        lesson.loads += 1
    return lesson.settings


def update(**changes: Any) -> None:
    """Change settings of the current page; what depends on them follows."""
    lesson = current()
    before = lesson.settings
    task = changes.get("task", getattr(before, "task", None))
    if task != getattr(before, "task", None):  # each task finds its data as they were left
        lesson.shelf[before.task] = before
        kept = lesson.shelf.get(str(task))
        before = before.changed(task=task) if kept is None else replace(kept, hide=before.hide)
    lesson.settings = before.changed(**changes)
    lesson.problems = []


def restart(**changes: Any) -> None:
    """Settings of the current page from their defaults, with these changed: the start of something to try."""
    lesson = current()
    lesson.settings = type(lesson.settings)(hide=lesson.settings.hide).changed(**changes)
    lesson.problems = []
    lesson.loads += 1  # the points start afresh even where their origin is the same


def current() -> LessonState:
    """The lesson on show. `load_settings` must have run in this session."""
    return _lessons()[page()]


def page() -> str:
    """Address of the lesson on show."""
    return str(st.session_state[CURRENT])


def link_loads() -> int:
    """Counts the times a link replaced the current settings: a new value means that the board's data are new too."""
    return current().loads


def write_link(settings: Any) -> Mapping[str, str]:
    """Put the settings into the address bar (one history entry), without reading them back from there."""
    lesson = current()
    lesson.query = to_query(settings)
    st.query_params.from_dict(lesson.query)
    return lesson.query


def _lessons() -> dict[str, LessonState]:
    return st.session_state.setdefault(LESSONS, {})
