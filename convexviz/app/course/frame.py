"""The frame around every page: navigation, page settings, style sheet, error guard.

It knows no lesson: `run` is given the course, the lessons in their groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Literal

import streamlit as st

from convexviz.app.components.web import asset
from convexviz.app.course.lesson import ONWARD, Lesson, Place, lead_to, page_file
from convexviz.app.shell import startup, state
from convexviz.app.shell.errors import guard
from convexviz.app.shell.share import show_link_problems
from convexviz.app.stage.link.embedded import embedded
from convexviz.app.stage.talk import given

ICON = str(files("convexviz.app.components.web").joinpath("icon.svg"))
ABOUT = "**convexviz**: two-layer ReLU networks trained to certified global optimality."
HOME = "Home"

Course = Mapping[str, tuple[Lesson, ...]]
"""Groups of the navigation in their order, each with its lessons."""


def lessons_of(course: Course) -> tuple[Lesson, ...]:
    """All lessons in their order; ValueError if two have the same address, which no link could tell apart."""
    lessons = tuple(lesson for group in course.values() for lesson in group)
    addresses = [lesson.address for lesson in lessons]
    twice = sorted({address for address in addresses if addresses.count(address) > 1})
    if twice:
        raise ValueError(f"Each lesson must have an address of its own, got {', '.join(twice)} twice; rename one.")
    return lessons


def page(lesson: Lesson) -> Any:
    """The page of a lesson as `st.page_link` and `st.switch_page` take it: the file in `pages` named by its address.

    It has no icon: Streamlit makes a page's icon the tab's icon too, and fetches that from an outside server.
    """
    return st.Page(page_file(lesson.address), title=lesson.title, url_path=lesson.address)


def run(course: Course) -> None:
    """Draw the frame and, inside it, the page that the address names."""
    lessons = {lesson.address: lesson for lesson in lessons_of(course)}
    home = st.Page(page_file("home"), title=HOME, default=True)
    sections = {name: [page(lesson) for lesson in group] for name, group in course.items()}
    chosen = st.navigation({"": [home], **sections}, position="top")
    lesson = lessons.get(chosen.url_path)
    st.set_page_config(page_title=page_title(lesson), page_icon=ICON, layout="wide", menu_items={"About": ABOUT})
    on_stage = given.backdrop() if lesson else ""
    st.html(f"<style>{asset('web/frame.css')}{here(lesson, course)}{on_stage}</style>")
    with guard():
        if lesson is None:
            chosen.run()
        else:
            forward(lesson)
            step(lesson, lessons)
            lesson.enter()
            st.html(f"<style>{lesson.style()}</style>")
            show_link_problems()
            chosen.run()
            if not (on_stage or embedded() or state.current().settings.hides("ways")):
                ways_on(lesson, list(lessons.values()))
    startup.freeze_after(chosen.url_path)


def here(lesson: Lesson | None, course: Course) -> str:
    """Style that says where in the course a lesson is: its number before its title, its group lit in the navigation."""
    if lesson is None:
        return ""
    number = lessons_of(course).index(lesson) + 1
    group = next(k for k, lessons in enumerate(course.values()) if lesson in lessons)
    place = group + 2  # counted from one, after home
    return (
        f'.st-key-heading h1::before {{ content: "{number} · "; }}'
        f'[data-testid="stTopNav"] > :nth-child({place}) [data-testid="stTopNavSection"] {{'
        " font-weight: 600; box-shadow: inset 0 -2px var(--cvz-primary); border-radius: 0; }"
    )


def ways_on(lesson: Lesson, course: Sequence[Lesson]) -> None:
    """The lessons before and after; home comes before the first and after the last."""
    k = course.index(lesson)
    st.divider()
    with st.container(key="ways-on", horizontal=True, horizontal_alignment="distribute"):
        with st.container(key="previous-lesson", width="content"):
            _way(course[k - 1] if k else None, "Back: ", ":material/arrow_back:", "left")
        with st.container(key="next-lesson", width="content"):
            _way(course[k + 1] if k + 1 < len(course) else None, "Next: ", ONWARD, "right")


def _way(lesson: Lesson | None, words: str, icon: str, side: Literal["left", "right"]) -> None:
    file, title = (page_file("home"), HOME) if lesson is None else (page_file(lesson.address), lesson.title)
    st.page_link(file, label=words + title, icon=icon, icon_position=side)


def forward(lesson: Lesson) -> None:
    """Go where an old link leads, if what it shows has moved to another lesson."""
    place = lesson.moved(st.query_params.to_dict())
    if place is not None:
        st.switch_page(page_file(place.address), query_params=dict(place.query))


def step(lesson: Lesson, lessons: Mapping[str, Lesson]) -> None:
    """Go to the lesson of the scene of a talk, if the address names another."""
    place = given.elsewhere(lesson.address, lessons)
    if place is not None:
        st.switch_page(page_file(place[0]), query_params=place[1])


def cards(course: Course, per_row: int = 4) -> None:
    """A card for each lesson, with the way there, numbered in its group."""
    for number, (group, lessons) in enumerate(course.items(), 1):
        st.markdown(f"**{number} · {group}**")
        named = [(f"{number}.{k} {lesson.title}", lesson) for k, lesson in enumerate(lessons, 1)]
        while named:
            row, named = named[:per_row], named[per_row:]
            for column, (title, lesson) in zip(st.columns(per_row, gap="small"), row, strict=False):
                with column, st.container(border=True, key=f"card-{lesson.address}"):
                    lead_to(Place(lesson.address, {}), f"**{title}**")
                    st.markdown(lesson.card)


def page_title(lesson: Lesson | None) -> str:
    """What the browser's tab is called; None is the home page."""
    return "convexviz" if lesson is None else f"{lesson.title} · convexviz"
