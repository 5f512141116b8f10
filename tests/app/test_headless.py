"""A lesson without a browser: links of every kind, limits, errors of the page, threads, and a quiet log."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app import bare, headless
from convexviz.app.headless import LinkError, PageError, lesson_at, scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import state
from convexviz.app.stage.scene import Scene, complete

ROOT = Path(__file__).resolve().parents[2]
SMALL = "/splines?beta=0.2&n=8"


@pytest.mark.parametrize(
    "link",
    [
        "splines",
        "/splines/",
        " /splines ",
        "http://127.0.0.1:8501/splines",
        "https://example.org/course/splines/?embed=true&embed_options=dark_theme#top",
        "/splines?present=1",
    ],
)
def test_a_lesson_is_found_however_its_link_is_written(link: str) -> None:
    lesson, query = lesson_at(link)
    assert (lesson.address, query) == ("splines", {})


@pytest.mark.parametrize("link", ["", "/", "home", "http://127.0.0.1:8501", "/nowhere", "http://[", "?beta=0.1"])
def test_what_names_no_lesson_is_refused_with_the_names(link: str) -> None:
    with pytest.raises(LinkError) as refused:
        scene_at(link)
    assert all(lesson.address in str(refused.value) for lesson in LESSONS)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("/splines?beta=-1", "beta=-1: it must be a number from 1e-09 to 1e+09."),
        ("/splines?colour=red", "colour: no such setting."),
        ("/splines?p=junk", "p=junk: "),
        ("/splines?loss=hinge&task=regression", "it does not go with regression"),
    ],
)
def test_settings_that_the_lesson_has_not_are_refused(link: str, words: str) -> None:
    with pytest.raises(LinkError) as refused:
        scene_at(link)
    assert words in str(refused.value)
    assert "`" not in str(refused.value)


def test_the_same_link_gives_the_same_scene_again() -> None:
    first, second = scene_at(SMALL), scene_at(SMALL)
    assert (first.link, first.parts.keys()) == (second.link, second.parts.keys())
    assert first.link == SMALL
    assert figures(first) == figures(second)


def figures(scene: Scene) -> list[str]:
    """What its charts were sent."""
    return [text for part in scene.of("chart") for text in part.data["figures"].values()]


def test_an_old_link_leads_where_it_does_in_the_app() -> None:
    assert scene_at("/cutting-planes?scene=two").address == "digits"


def test_what_a_link_hides_is_no_trouble() -> None:
    assert scene_at(f"{SMALL}&hide=data,beta,share").parts.keys() == scene_at(SMALL).parts.keys()


def test_films_are_made_when_asked_for() -> None:
    said: list[str] = []
    assert complete(scene_at("/splines?beta=0.2&n=9", films=True))
    scene = scene_at("/plane?n=12&show=film", films=True, progress=said.append)  # its film is asked for by a first run
    assert complete(scene)
    assert set(said) <= {f"The plane: solving, {k} s" for k in range(100)}
    assert said


def test_a_page_that_is_late_is_given_up() -> None:
    with pytest.raises(PageError, match=r"^Splines is not ready after 0.001 s; allow more"):
        scene_at(SMALL, seconds=1e-3)
    assert scene_at(SMALL).link == SMALL  # and the next comes as ever


def test_an_error_of_the_page_is_told_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: str, cls: type) -> None:
        raise ValueError("The points must be `few`, got many; remove some.")

    monkeypatch.setattr(state, "load_settings", fail)
    with pytest.raises(PageError, match=r"^Splines shows an error: "):
        scene_at(SMALL)


def test_threads_take_turns() -> None:
    found: list[Scene] = []
    threads = [threading.Thread(target=lambda: found.append(scene_at(SMALL))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [scene.link for scene in found] == [SMALL] * 3


def test_beside_a_server_the_page_runs_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    here = scene_at(SMALL)
    monkeypatch.setattr(bare, "serving", lambda: True)
    there = scene_at(SMALL)
    assert there.parts.keys() == here.parts.keys()
    assert figures(there) == figures(here)
    with pytest.raises(LinkError, match="beta=-1"):
        scene_at("/splines?beta=-1")


def test_a_page_may_ask_for_a_scene() -> None:
    """It runs while a stand-in for the server is there, which must stay as it is."""

    def script() -> None:
        import streamlit as st

        from convexviz.app.headless import scene_at

        st.text(scene_at("/splines?beta=0.2&n=8").link)
        st.text("done")

    page = AppTest.from_function(script, default_timeout=120).run()
    assert [text.value for text in page.text] == [SMALL, "done"]
    assert not page.exception


def test_a_process_that_ends_without_an_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "serving", lambda: True)
    monkeypatch.setattr(headless, "CHILD", "raise SystemExit(5)")
    with pytest.raises(PageError, match=r"ended without an answer \(exit code 5\)"):
        scene_at(SMALL)


def test_a_script_is_not_told_that_it_is_no_server() -> None:
    code = "from convexviz.app.headless import scene_at; print(scene_at('/splines?n=8').link)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True, timeout=120
    )
    assert (ran.stdout, ran.stderr) == ("/splines?n=8\n", "")
