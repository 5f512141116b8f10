"""A lesson without a browser: its page is run for the messages that it would send. For the command line and Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from convexviz.app.components import shown
from convexviz.app.course.lesson import Lesson, page_file
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import state
from convexviz.app.shell.startup import MAIN_SCRIPT
from convexviz.app.stage.scene import SCENE, Scene, complete

SECONDS = 120.0  # one run of a page takes no longer
MOST_RUNS = 2000  # in which a path or a film comes to its end


class LinkError(ValueError):
    """A link that names no lesson, or settings that a lesson does not have."""


def lesson_at(link: str) -> tuple[Lesson, dict[str, str]]:
    """The lesson and the query that a link names: an address, or its path and query; LinkError for any other."""
    parts = urlsplit(link.strip())
    address = parts.path.rstrip("/").rpartition("/")[2]
    known = {lesson.address: lesson for lesson in LESSONS}
    if address not in known:
        raise LinkError(
            f"A link must name a lesson, like /splines?beta=0.1, got {link!r}; the lessons are {', '.join(known)}."
        )
    return known[address], dict(parse_qsl(parts.query, keep_blank_values=True))


def scene_at(link: str, *, films: bool = False, progress: Callable[[str], None] = lambda words: None) -> Scene:
    """The scene that a link opens, all its work done; with `films` its paths and films are made too.

    Raises LinkError for a link that cannot be read, in whole or in part, and RuntimeError where the page shows an
    error.
    """
    lesson, query = lesson_at(link)
    at = AppTest.from_file(str(MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state[shown.ALONE] = "films" if films else "pictures"
    at.switch_page(str(Path("..", "..", "pages", page_file(lesson.address).name))).run()
    problems = at.session_state[state.LESSONS][lesson.address].problems
    if problems:
        raise LinkError(" ".join(problems))
    scene = _scene(at, lesson)
    runs = 1
    while (at.session_state[shown.BUSY] or (films and not complete(scene))) and runs < MOST_RUNS:
        progress(f"solving, step {runs}")
        at.run()
        scene, runs = _scene(at, lesson), runs + 1
    return scene


def _scene(at: AppTest, lesson: Lesson) -> Scene:
    failed = [str(box.value) for box in (*at.exception, *at.error)]
    if failed:
        raise RuntimeError(f"{lesson.title} shows an error: {' '.join(failed)}")
    known = at.session_state[SCENE]
    return replace(known, parts=dict(at.session_state[shown.NOW]))
