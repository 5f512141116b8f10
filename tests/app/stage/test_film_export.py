"""The films' part of the export dialog: what it offers, that its work ends when it should, every lesson's film."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components.shown import Part
from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage import film_export, film_work
from convexviz.app.stage.film_work import FilmWork, Order
from convexviz.app.stage.pictures import films
from convexviz.app.stage.scene import Scene
from convexviz.export import ExportError, Renderer, missing
from convexviz.export.film import FilmCancelled
from tests.export.conftest import needed

PATIENCE = 30.0  # s that a loaded machine may take
FILMED = {
    "splines": ("/splines?n=6", "beta"),
    "plane": ("/plane?n=12", "beta"),
    "plane, round by round": ("/plane?n=12&show=film", "film"),
    "cutting planes": ("/cutting-planes", "film"),
    "race": ("/race", "film"),
    "path": ("/path", "film"),
}


@pytest.fixture(scope="module")
def splines() -> Scene:
    return scene_at("/splines?n=6", films=True)


@pytest.fixture(scope="module")
def draw() -> Iterator[Renderer]:
    """A renderer that stays open."""
    needed("a browser", missing())
    with Renderer() as renderer:
        yield renderer


class Slow:
    """Stands for the drawing of films: it goes on until it is told to stop, or is let go."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.go = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, frames: Any, form: str, *, cancelled: Callable[[], bool], **choices: Any) -> bytes:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        choices["progress"](1, 4)
        try:
            while not self.go.wait(0.01):
                if cancelled():
                    raise FilmCancelled("The film was cancelled.")
            return b"a film"
        finally:
            with self._lock:
                self.running -= 1


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow()
    monkeypatch.setattr(film_work, "filmed", made)
    yield made
    made.go.set()


def until(what: Callable[[], Any]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ordered(scene: Scene, **choices: Any) -> Order:
    film = next(iter(films(scene).values()))
    usual: dict[str, Any] = {"names": ("board",), "format": "mp4", "fps": 4.0, "hold": 0.5, "scale": 0.2}
    return Order(scene, film, **(usual | {"theme": "light", "transparent": False, "captions": True} | choices))


# ---------------------------------------------------------------- the work


def test_two_films_are_made_at_a_time_and_a_third_waits_for_its_turn(splines: Scene, slow: Slow) -> None:
    works = [FilmWork(ordered(splines)) for _ in range(4)]
    until(lambda: slow.running == 2)
    waiting = [work for work in works if work.waiting]
    assert len(waiting) == 2
    waiting[0].cancel(PATIENCE)
    assert not waiting[0].going
    slow.go.set()
    until(lambda: not any(work.going for work in works))
    assert slow.most == 2
    assert [work.data for work in works if work is not waiting[0]] == [b"a film"] * 3
    assert waiting[0].data is None


def test_cancelled_work_leaves_nothing_and_frees_its_place(splines: Scene, slow: Slow) -> None:
    works = [FilmWork(ordered(splines)) for _ in range(2)]
    until(lambda: slow.running == 2)
    for work in works:
        work.cancel(PATIENCE)
    assert [(work.going, work.data, work.trouble) for work in works] == [(False, None, "")] * 2
    third = FilmWork(ordered(splines))
    until(lambda: slow.running == 1)
    slow.go.set()
    until(lambda: third.data == b"a film")


def test_work_whose_page_has_gone_ends_by_itself(splines: Scene, slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_work, "IDLE_SECONDS", 0.2)
    work = FilmWork(ordered(splines))
    until(lambda: not work.going)
    assert work.data is None
    assert slow.running == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [(ExportError("No browser here."), "No browser here."), (KeyError("x"), "the server's log says why")],
)
def test_what_went_wrong_is_told(splines: Scene, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def fail(*args: Any, **choices: Any) -> bytes:
        raise error

    monkeypatch.setattr(film_work, "filmed", fail)
    work = FilmWork(ordered(splines))
    until(lambda: not work.going)
    assert words in work.trouble


# ---------------------------------------------------------------- what the dialog says


def page() -> None:
    import streamlit as st

    from convexviz.app.stage import film_export

    film_export.part(st.session_state["scene"])


def opened(scene: Scene) -> AppTest:
    at = AppTest.from_function(page, default_timeout=60)
    at.session_state["scene"] = scene
    at.run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return " ".join(str(box.value) for box in (*at.caption, *at.markdown, *at.error))


def bars(at: AppTest) -> list[Any]:
    return [block for block in at.get("bidi_component") if block.proto.component_name == "convexviz_making"]


def test_a_film_is_asked_for_made_and_downloaded(splines: Scene, slow: Slow) -> None:
    at = opened(splines)
    count = len(films(splines)["beta"].frames)
    assert "The sweep of β" in words(at)
    assert f"{count} frames, {2 + count / 4:.1f} s in all." in words(at)
    picture, beside = at.selectbox(key="cvz-film-picture"), at.selectbox(key="cvz-film-beside")
    assert picture.value == "board"
    assert beside.value == film_export.ALONE
    beside.select("dual")
    at.button(key="cvz-film-make").click().run()
    assert len(bars(at)) == 1
    work: FilmWork = at.session_state[film_export.WORK]
    at.run()
    assert at.button(key="cvz-film-make").disabled
    assert at.session_state[film_export.WORK] is work
    until(lambda: slow.running == 1)
    slow.go.set()
    until(lambda: not work.going)
    assert work.order.names == ("board", "dual")
    at.run()
    assert bars(at) == []
    assert len(at.get("download_button")) == 1
    assert "convexviz-splines-beta-board-dual" in words(at)
    assert ".mp4" in words(at)


def test_a_cancelled_film_is_told_of(splines: Scene, slow: Slow) -> None:
    at = opened(splines)
    at.button(key="cvz-film-make").click().run()
    until(lambda: slow.running == 1)
    work: FilmWork = at.session_state[film_export.WORK]
    work.cancel(PATIENCE)
    at.run()
    assert "cancelled; nothing of it is left" in words(at)
    assert len(at.get("download_button")) == 0
    assert at.button(key="cvz-film-make")


def test_the_speed_may_be_said_as_seconds_in_all(splines: Scene, slow: Slow) -> None:
    at = opened(splines)
    count = len(films(splines)["beta"].frames)
    at.segmented_control(key="cvz-film-by").set_value("seconds in all").run()
    at.number_input(key="cvz-film-seconds").set_value(20.0).run()
    at.number_input(key="cvz-film-hold").set_value(2.0).run()
    assert f"{count} frames, 20.0 s in all." in words(at)
    at.number_input(key="cvz-film-hold").set_value(30.0).run()
    assert not at.exception
    at.button(key="cvz-film-make").click().run()
    order = at.session_state[film_export.WORK].order
    assert 0 < order.fps <= 50
    assert order.hold == 30.0


def test_a_path_that_is_not_complete_says_how_much_is_there(splines: Scene) -> None:
    (path,) = splines.of("path")
    answers = f"{len(json.loads(path.data['frames']))} answers"
    for frames, said in ((path.data["frames"], answers), (None, "is not there yet")):
        data = {**path.data, "complete": False, "frames": frames}
        scene = replace(splines, parts={**splines.parts, path.key: replace(path, data=data)})
        at = opened(scene)
        assert said in words(at)
        assert "the page solves the rest while your hand rests" in words(at)
        assert at.button(key="cvz-film-look")
        assert ("cvz-film-make" in [button.key for button in at.button]) == (frames is not None)


def test_a_film_that_is_not_made_says_how(splines: Scene) -> None:
    film = Part("film", "a-film", "", {"frames": None, "title": "Solve it round by round"})
    scene = Scene("here", "Here", "", parts={film.key: film})
    assert "press “Solve it round by round”" in words(opened(scene))
    assert "Nothing plays on this page" in words(opened(Scene("here", "Here", "")))


# ---------------------------------------------------------------- every lesson


@pytest.mark.parametrize(("link", "name"), FILMED.values(), ids=FILMED)
def test_every_film_and_sweep_can_be_filmed(link: str, name: str, draw: Renderer) -> None:
    """Four frames of it, small: every picture that changes, two side by side where there are two."""
    scene = scene_at(link, films=True)
    film = films(scene)[name]
    titles = film_export.moving(scene, film)
    assert titles
    assert all(title.strip() for title in titles.values())
    few = [round(place * (len(film.frames) - 1) / 3) for place in range(4)]
    short = replace(film, frames=[film.frames[p] for p in few], captions=[film.captions[p] for p in few])
    order = replace(ordered(scene, names=tuple(titles)[:2], format="zip"), film=short)
    told: list[int] = []
    data = film_work.filmed(
        order.pictures(),
        "zip",
        scale=0.2,
        captions=short.captions,
        progress=lambda done, total: told.append(done),
        renderer=draw,
    )
    assert data[:2] == b"PK"
    assert told[-1] == 2 * len(few)


def test_the_lessons_above_are_all_that_have_one() -> None:
    """On the pages of the others nothing plays, which the dialog says."""
    playing = {link.partition("?")[0].strip("/") for link, _ in FILMED.values()}
    for lesson in LESSONS:
        if lesson.address not in playing:
            assert "Nothing plays on this page" in words(opened(scene_at(f"/{lesson.address}")))
