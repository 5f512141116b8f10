"""A lesson without a browser: its page is run for the messages that it would send. For the command line and Python.

>>> from convexviz.app.headless import scene_at
>>> scene = scene_at("/splines?beta=0.2&n=12")
>>> scene.title, scene.link
('Splines', '/splines?beta=0.2&n=12')
>>> scene.certificate["status"]
'certified'
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest

from convexviz.app import bare
from convexviz.app.components import shown
from convexviz.app.components.shown import Part
from convexviz.app.course.lesson import Lesson, page_file
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import state
from convexviz.app.shell.startup import MAIN_SCRIPT
from convexviz.app.stage.scene import SCENE, Scene, complete

SECONDS = 300.0  # the slowest film of the lessons as they open takes 20
PATIENCE = 30.0  # seconds more for a process of its own to start and to end
OF_THE_FRAME = ("embed", "embed_options", "present")  # what a link says of how a page is shown, not of what is on it
CHILD = f"import sys; from {__name__} import answer; answer(*sys.argv[1:])"

Progress = Callable[[str], None]

_one_at_a_time = threading.Lock()  # a page that runs alone stands in for the server of the whole process


class LinkError(ValueError):
    """A link that names no lesson, or settings that a lesson does not have."""


class PageError(RuntimeError):
    """The page shows an error instead of an answer, or has none in time."""


def lesson_at(link: str) -> tuple[Lesson, dict[str, str]]:
    """The lesson and the query that a link names: an address, or its path and query; LinkError for any other."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:  # of an address that is none, like http://[
        parts = urlsplit("")
    address = parts.path.rstrip("/").rpartition("/")[2]
    known = {lesson.address: lesson for lesson in LESSONS}
    if address not in known:
        got = "the home page" if address in ("", "home") and parts.netloc + parts.path else repr(link)
        raise LinkError(
            f"A link must name a lesson, like /splines?beta=0.1, got {got}; the lessons are {', '.join(known)}."
        )
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return known[address], {name: value for name, value in query.items() if name not in OF_THE_FRAME}


def scene_at(
    link: str, *, films: bool = False, seconds: float = SECONDS, progress: Progress = lambda words: None
) -> Scene:
    """The scene that a link opens, all its work done.

    Parameters
    ----------
    link : the address of a lesson, whole or its path and query, as Share makes it: "/splines?beta=0.1". An old link
        leads where it does in the app.
    films : whether its films, and the answers along β, are made too.
    seconds : how long all of it may take.
    progress : called with words about what is being done.

    Returns
    -------
    Scene : the messages of all parts of the page; `convexviz.app.stage.pictures.pictures(scene)` are its figures.

    Raises
    ------
    LinkError
        A ValueError: for a link that names no lesson, or says what the lesson cannot read.
    PageError
        A RuntimeError: where the page shows an error, or is not ready in time.

    In a process that serves the app the page runs in a process of its own.
    """
    lesson, query = lesson_at(link)
    if bare.serving() or Runtime.exists():
        return _elsewhere(link, films, seconds, progress)
    with _one_at_a_time:
        return _Run(lesson, query, films, seconds, progress).scene()


class _Run:
    """A page that runs alone, again and again until it has nothing left to do."""

    def __init__(self, lesson: Lesson, query: dict[str, str], films: bool, seconds: float, progress: Progress) -> None:
        self.films, self.seconds, self.progress = films, seconds, progress
        self.began, self.title = time.monotonic(), lesson.title
        self.at = AppTest.from_file(str(MAIN_SCRIPT), default_timeout=SECONDS)
        for name, value in query.items():
            self.at.query_params[name] = value
        self.at.session_state[shown.ALONE] = "films" if films else "pictures"
        self.at.switch_page(str(page_file(lesson.address)))

    def scene(self) -> Scene:
        """The page's scene, complete."""
        self._step()
        self._check_link()
        while self._unfinished():
            self.progress(f"{self.title}: solving, {time.monotonic() - self.began:.0f} s")
            self._step()
        return self._seen()

    def _step(self) -> None:
        """One run; LinkError and PageError for what the page then says."""
        left = self.began + self.seconds - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            self.at.run(timeout=left)
        except (TimeoutError, RuntimeError):
            raise PageError(
                f"{self.title} is not ready after {self.seconds:g} s; allow more, or take fewer points."
            ) from None
        finally:
            Runtime._instance = None  # the stand-in stays where a run was not in time
        failed = [_plainly(str(box.value)) for box in (*self.at.exception, *self.at.error)]
        if failed:
            raise PageError(f"{self.title} shows an error: {' '.join(failed)}")

    def _check_link(self) -> None:
        """LinkError for what the page could not read."""
        lesson = self.at.session_state[state.LESSONS][self.at.session_state[state.CURRENT]]
        if lesson.problems:
            raise LinkError(" ".join(problem.replace("`", "") for problem in lesson.problems))

    def _unfinished(self) -> bool:
        return self.at.session_state[shown.BUSY] or not complete(self._wanted())

    def _wanted(self) -> Scene:
        """The scene without the films that nobody asked for, and without the path unless a figure is drawn from it."""
        scene = self._seen()
        if self.films:
            return scene
        kinds = {"film"} if any(map(_draws_path, scene.of("chart"))) else {"film", "path"}
        return replace(scene, parts={key: part for key, part in scene.parts.items() if part.kind not in kinds})

    def _seen(self) -> Scene:
        return replace(self.at.session_state[SCENE], parts=dict(self.at.session_state[shown.NOW]))


def _draws_path(chart: Part) -> bool:
    """Whether it shows the path along β, or has nothing to show until that is there."""
    return not chart.data["figures"] or "path" in chart.data["figures"]


def _plainly(text: str) -> str:
    """A message of `errors.show` as it was before it was made safe for Markdown, without the number of the log."""
    return text.partition("\n\n:small")[0].replace("\\", "")


def _elsewhere(link: str, films: bool, seconds: float, progress: Progress) -> Scene:
    """`scene_at` in a process of its own, whose words are passed on."""
    with tempfile.TemporaryDirectory(prefix="convexviz-") as folder:
        answer = Path(folder, "scene")
        command = [sys.executable, "-c", CHILD, link, "films" if films else "pictures", str(seconds), str(answer)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
        child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, encoding="utf-8"
        )
        limit = threading.Timer(seconds + PATIENCE, child.kill)
        limit.start()
        try:
            with child:
                for line in child.stdout or ():
                    progress(line.rstrip("\n"))
        finally:
            limit.cancel()
        if not answer.is_file():
            raise PageError(f"The process for {link} ended without an answer (exit code {child.returncode}).")
        found = pickle.loads(answer.read_bytes())
    if isinstance(found, Exception):
        raise found
    return found


def answer(link: str, purpose: str, seconds: str, path: str) -> None:
    """What the process of its own does: the scene, or the error, to a file."""
    found: Any
    try:
        found = scene_at(link, films=purpose == "films", seconds=float(seconds), progress=_say)
    except (LinkError, PageError) as error:
        found = error
    Path(path).write_bytes(pickle.dumps(found))


def _say(words: str) -> None:
    print(words, flush=True)
