"""The course: its lessons, who may import them, and what it takes to add one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_layers import PACKAGE, imports, package_of, sources

from convexviz.app.course import frame, lesson
from convexviz.app.lessons.registry import COURSE, LESSONS
from convexviz.app.shell.settings import table

FOLDER = "convexviz.app.lessons."
LESSON_FOLDERS = PACKAGE / "app" / "lessons"
SECONDS = 60  # the first run imports everything

TOY = """
from dataclasses import dataclass, replace
import streamlit as st
from convexviz.app.shell import controls
from convexviz.app.course.lesson import Lesson
from convexviz.app.shell.settings import setting
from convexviz.app.course.scenes import Prompt

@dataclass(frozen=True)
class ToySettings:
    size: int = setting(3, "int", "Size", lo=1, hi=9)
    hide: str = setting("", "words", "Hidden", choices=("share",))

    @classmethod
    def assembled(cls, values):
        return cls(**values), []

    def changed(self, **changes):
        return replace(self, **changes)

    def hides(self, group):
        return group in self.hide.split(",")

LESSON = Lesson(
    address="toy",
    title="Toy",
    claim="A claim.",
    card="A card.",
    settings=ToySettings,
    controls=lambda settings: controls.number("size"),
    body=lambda settings: st.write("size " + str(settings.size)),
    idea="An idea.",
    prompts=(Prompt("big", "Big", "See.", {"size": 9}, lambda settings: {"it is big": settings.size > 5}),),
    code=lambda settings: "size = " + str(settings.size),
)
"""
COURSE_OF_TOY = """
import toy_lessons.toy
COURSE = {"Toys": (toy_lessons.toy.LESSON,)}
"""
MAIN = """
from convexviz.app.course import frame
from toy_lessons.registry import COURSE
frame.run(COURSE)
"""
PAGES = {
    "toy": "from toy_lessons.toy import LESSON\nLESSON.page()",
    "home": "from toy_lessons.registry import COURSE\nfrom convexviz.app import home\nhome.page(COURSE)",
}


def folder_of(module: str) -> str:
    """The lesson that a module belongs to, "" for none."""
    return module.removeprefix(FOLDER).split(".")[0] if module.startswith(FOLDER) else ""


def test_nobody_imports_a_lesson_but_its_page_and_the_registry() -> None:
    names = {path.parent.name for path in PACKAGE.glob("app/lessons/*/__init__.py")}
    found = []
    for path in sources():
        inside = path.relative_to(LESSON_FOLDERS).parts if path.is_relative_to(LESSON_FOLDERS) else ()
        own = inside[0] if len(inside) > 1 else ""
        if path.parent.name == "pages" or path.name == "registry.py":
            continue
        for line, name in imports(path.read_text(encoding="utf-8"), package_of(path)):
            if folder_of(name) in names - {own}:
                found.append(f"{path.relative_to(PACKAGE)}:{line}: must not import {name}, which is a lesson's")
    assert not found, "\n".join(found)
    assert len(names) == len(LESSONS)


def test_addresses_and_titles_tell_lessons_apart_and_every_group_has_some() -> None:
    assert len({one.address for one in LESSONS}) == len({one.title for one in LESSONS}) == len(LESSONS)
    assert all(COURSE.values())
    with pytest.raises(ValueError, match="splines twice"):
        frame.lessons_of({"a": LESSONS[:1], "b": LESSONS[:1]})


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.address)
def test_a_lesson_says_what_home_navigation_and_link_need(one: lesson.Lesson) -> None:
    assert one.title
    assert one.card.endswith(".")
    assert "###" in one.idea
    assert "hide" in table(one.settings)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A course of one toy lesson: its folder, its line in the registry, and the file at its address."""
    package = tmp_path / "toy_lessons"
    (package / "toy").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "toy" / "__init__.py").write_text(TOY, encoding="utf-8")
    (package / "registry.py").write_text(COURSE_OF_TOY, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "pages" / f"{name}.py").write_text(text, encoding="utf-8")
    main = tmp_path / "main_script" / "main.py"
    main.parent.mkdir()
    main.write_text(MAIN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(lesson, "FOLDER", tmp_path)
    yield main
    for name in [name for name in sys.modules if name.startswith("toy_lessons")]:
        del sys.modules[name]


def test_a_folder_and_a_line_make_a_page_an_entry_of_the_navigation_and_a_card(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[Any] = []
    navigation = st.navigation
    monkeypatch.setattr(st, "navigation", lambda pages, **rest: (offered.append(pages), navigation(pages, **rest))[1])
    at = AppTest.from_file(str(toy), default_timeout=SECONDS).run()
    assert not at.exception
    assert {name: [page.title for page in pages] for name, pages in offered[0].items()} == {
        "": ["Home"],
        "Toys": ["Toy"],
    }
    assert [(link.proto.page, link.proto.label) for link in at.get("page_link")] == [
        ("toy", "Begin with 1.1 Toy"),
        ("toy", "**1.1 Toy**"),
    ]
    assert "A card." in [block.value for block in at.markdown]

    at.query_params["size"] = "4"
    at.switch_page("../pages/toy.py").run()
    assert not at.exception
    assert [title.value for title in at.title] == ["Toy"]
    assert "size 4" in [block.value for block in at.markdown]
    at.button(key="try-big").click().run()
    assert at.number_input(key="set-size").value == 9
    at.button(key="share-button").click().run()
    assert at.query_params == {"size": ["9"]} or at.query_params == {"size": "9"}
    at.button(key="open-code").click().run()
    assert "size = 9" in [block.value for block in at.code]
