"""`convexviz figure`, `film` and `page`: what a lesson shows, read again by others than those who wrote it."""

from __future__ import annotations

import io
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from terminal import Run

from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage.pictures import films, pictures

SMALL = "/splines?beta=0.2&n=8"
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: bytes) -> list[str]:
    """All that is written in an SVG."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_the_first_figure_of_every_lesson_is_an_svg(run: Run, lesson) -> None:
    listed = run("figure", f"/{lesson.address}")
    assert (listed.code, listed.err) == (0, "")
    names = [row.split()[0] for row in listed.text.splitlines()]
    assert len(set(names)) == len(names) > 0
    drawn = run("figure", f"/{lesson.address}", "--name", names[0], "--out", "-", "--format", "svg")
    assert (drawn.code, drawn.err) == (0, "")
    assert texts(drawn.out)


def test_the_names_are_those_of_the_pictures(run: Run) -> None:
    listed = run("figure", SMALL)
    assert [row.split()[0] for row in listed.text.splitlines()] == list(pictures(scene_at(SMALL)))


def test_a_figure_in_every_form_and_dress(run: Run) -> None:
    whole = f"http://127.0.0.1:8501{SMALL}"
    ran = run("figure", whole, "--name", "dual", "--out", "d.pdf", "--preset", "paper")
    assert (ran.code, ran.text, ran.err) == (0, "d.pdf\n", "")
    assert Path("d.pdf").read_bytes().startswith(b"%PDF-")
    run("figure", whole, "--name", "dual", "--out", "d.png", "--theme", "dark", "--transparent", "--scale", 0.5)
    image = Image.open("d.png")
    assert image.size == (640, 360)
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    run("figure", whole, "--name", "dual", "--out", "d.csv")
    assert Path("d.csv").read_text(encoding="utf-8").startswith("trace,x (kink position),y\n")
    named = run("figure", whole, "--name", "dual", "--preset", "half").text.strip()
    assert named.endswith(".svg")
    assert {"splines", "dual", "half", "light"} <= set(named.removesuffix(".svg").split("-"))
    assert texts(Path(named).read_bytes())


def test_all_figures_with_the_python_that_makes_them(run: Run) -> None:
    ran = run("figure", SMALL, "--all", "--out", "figures.zip", "--preset", "half")
    assert (ran.code, ran.text) == (0, "figures.zip\n")
    with zipfile.ZipFile("figures.zip") as archive:
        names = archive.namelist()
        assert len([name for name in names if name.endswith(".svg")]) == len(pictures(scene_at(SMALL)))
        assert archive.read("script.py").decode() == scene_at(SMALL).code


def test_the_films_there_are(run: Run) -> None:
    listed = run("film", SMALL)
    assert listed.code == 0
    [made] = films(scene_at(SMALL, films=True)).values()
    assert listed.text.startswith(f"beta  {made.title} ({len(made.frames)} frames of board")
    none = run("film", "/geometry")
    assert (none.code, none.text, none.err) == (0, "", "Geometry has no film in this state.\n")


def test_a_film_has_all_its_frames(run: Run) -> None:
    link = "/cutting-planes"
    [made] = films(scene_at(link, films=True)).values()
    ran = run("film", link, "--name", "film", "--out", "-", "--format", "zip", "--scale", 0.25, "--hold", 0, "-v")
    assert ran.code == 0
    assert f"filming, {2 * len(made.frames)} of {2 * len(made.frames)}" in ran.err
    with zipfile.ZipFile(io.BytesIO(ran.out)) as archive:
        frames = [name for name in archive.namelist() if name.endswith(".png")]
        assert len(frames) == len(made.frames)
        assert Image.open(io.BytesIO(archive.read(frames[0]))).size == (320, 180)


class _Scripts(HTMLParser):
    """The texts of scripts by their id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.inside = named.get("id") or "" if tag == "script" else ""
        assert named.get("src") is None, "a page to take home must not load anything"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[self.inside] = self.found.get(self.inside, "") + data


def test_a_page_holds_what_the_lesson_shows(run: Run) -> None:
    ran = run("page", SMALL, "--out", "lesson.html")
    assert (ran.code, ran.text, ran.err) == (0, "lesson.html\n", "")
    text = Path("lesson.html").read_text(encoding="utf-8")
    assert "Splines" in text
    page = _Scripts()
    page.feed(text)
    parts = {part["kind"]: part["data"] for part in json.loads(page.found["cvz-scene"])}
    shown = scene_at(SMALL).certificate
    assert shown is not None
    assert parts["badge"]["objective"] == shown["objective"]
    assert parts["badge"]["lower_bound"] == shown["lower_bound"]
    printed = run("page", SMALL, "--out", "-")
    assert (printed.code, printed.text.partition("\n")[0]) == (0, "<!doctype html>")
