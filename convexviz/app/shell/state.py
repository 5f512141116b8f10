"""The settings of the lessons, in the session.

A lesson's settings live in the session, so they outlast page switches; a link is read when the session starts or when
its query changes (back and forward in the browser), and written only by Share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from convexviz.app.shell.settings import from_query, table, to_query, to_text

LESSONS = "cvz-lessons"
CURRENT = "cvz-page"

S = TypeVar("S")


Kind = Literal["try", "tour", "challenge"]
GUIDED: tuple[Kind, ...] = ("tour", "challenge")
"""What a link can name beside the settings: `?tour=name`."""
STAGED = ("present", "talk", "at")
"""What a link names of a talk: that the page is on stage, the talk as text, and the number of the scene."""
FIGURE = "figure"
"""Names in a link the figure that an embedded page shows."""


@dataclass(frozen=True)
class Begun:
    """A scene of the lesson that was begun: what kind, and its name."""

    kind: Kind
    name: str


@dataclass
class LessonState:
    """What one session holds for one lesson."""

    settings: Any
    query: dict[str, str] = field(default_factory=dict)  # the link as last read or written
    left: dict[str, str] | None = None  # the link that the app has replaced: the browser may not know yet, and say it
    problems: list[str] = field(default_factory=list)  # what was ignored in it
    loads: int = 0  # how often a link replaced the settings
    shelf: dict[str, Any] = field(default_factory=dict)  # the settings of the tasks not on show
    shared: str | None = None  # the address last made by Share
    begun: Begun | None = None  # what was begun last, if it is still under way
    entered: int = -1  # the load whose tour or challenge was taken up
    brought: bool = False  # the settings came from the browser's store
    figure: str | None = None  # the figure beside the board where the page is embedded, if the link names one
    guesses: dict[str, str] = field(default_factory=dict)  # answers given to prompts that ask first


def load_settings(page: str, cls: type[S], staged: Mapping[str, str] | None = None) -> S:
    """Settings of a page: from the link if it is new to this session, else as the session left them.

    `staged` is the query of a scene of a talk that has just come on stage: it is taken up even if it is known.
    """
    lesson = _lessons().setdefault(page, LessonState(cls()))
    address = st.query_params.to_dict()
    query = {name: value for name, value in address.items() if name not in STAGED}
    if st.session_state.get(CURRENT) == page and address == lesson.left and not gone_back():
        query = lesson.query
        st.query_params.from_dict(query)
    st.session_state[CURRENT] = page
    if staged is not None:
        _take_up(lesson, dict(staged), cls)
    elif query and query != lesson.query:
        _take_up(lesson, query, cls)
    return lesson.settings


def _take_up(lesson: LessonState, query: dict[str, str], cls: type[S]) -> None:
    guided = [Begun(kind, query[kind]) for kind in GUIDED if kind in query]
    named = {key: value for key, value in query.items() if key not in (*GUIDED, FIGURE)}
    lesson.settings, lesson.problems = from_query(named, cls)
    lesson.query, lesson.shared, lesson.figure = query, None, query.get(FIGURE)
    lesson.begun = guided[0] if guided else None
    lesson.loads += 1
    lesson.brought = False


def gone_back() -> bool:
    """Whether the visitor has gone back or forward in the browser: then the address is meant."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


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
    lesson.problems, lesson.brought = [], False


def begin(begun: Begun, changes: Mapping[str, Any]) -> None:
    """Begin something to try: settings of the current page from their defaults, with these changed."""
    lesson = current()
    lesson.begun = begun
    if lesson.query.keys() & set(GUIDED) and lesson.query.get(begun.kind) != begun.name:
        put_link({})  # what it names is over
    lesson.settings = type(lesson.settings)(hide=lesson.settings.hide).changed(**changes)
    lesson.problems, lesson.brought = [], False
    lesson.loads += 1  # the points start afresh even where their origin is the same


def restore(query: Mapping[str, str]) -> bool:
    """Take up the settings of a query that the browser has kept; whether all of it could be read."""
    lesson = current()
    settings, problems = from_query(query, type(lesson.settings))
    if problems:
        return False
    lesson.settings, lesson.brought = replace(settings, hide=lesson.settings.hide), True
    lesson.loads += 1
    return True


def afresh() -> None:
    """The page as it is without link and store."""
    lesson = current()
    lesson.settings, lesson.brought, lesson.begun = type(lesson.settings)(hide=lesson.settings.hide), False, None
    lesson.loads += 1


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
    put_link(link_query(settings))
    return current().query


def put_link(query: dict[str, str]) -> None:
    """Put a query into the address bar, without reading it back from there."""
    lesson = current()
    lesson.query, lesson.left = query, st.query_params.to_dict()
    st.query_params.from_dict(query)


def link_query(settings: Any) -> dict[str, str]:
    """What a link to the current page names: these settings, and the stop of the tour or the challenge under way."""
    begun, figure = current().begun, current().figure
    chosen = {} if figure is None else {FIGURE: figure}
    if begun is None or begun.kind not in GUIDED:
        return to_query(settings) | chosen
    settled = to_query(settings) or first_of(settings)  # named alone, it would bring the settings that it begins with
    return {begun.kind: begun.name, **settled, **chosen}


def first_of(settings: Any) -> dict[str, str]:
    """A query that names settings at their defaults: one of them is enough."""
    row = next(iter(table(type(settings)).values()))
    return {row.query: to_text(row, getattr(settings, row.name))}


def _lessons() -> dict[str, LessonState]:
    return st.session_state.setdefault(LESSONS, {})
