"""A lesson of one number whose figures stand far below each other, for the browser tests of the guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import streamlit as st

from convexviz.app.components.web import asset
from convexviz.app.course.lesson import Lesson
from convexviz.app.course.scenes import Challenge, Guess, Prompt, Step, Theorem
from convexviz.app.shell import controls
from convexviz.app.shell.settings import setting
from convexviz.app.shell.share import show_link_problems
from convexviz.app.shell.startup import routes

app = st.App(__file__, routes=routes())

FAR = 900  # px between figures: more than a screen


@dataclass(frozen=True)
class Toy:
    """The number, and what a link may hide."""

    size: int = setting(3, "int", "Size", lo=1, hi=9)
    hide: str = setting("", "words", "Hidden", choices=("share",))

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """From a link."""
        return cls(**values), []

    def changed(self, **changes: Any) -> Self:
        """With these changed."""
        return replace(self, **changes)

    def hides(self, group: str) -> bool:
        """Whether the link hides a group."""
        return group in self.hide.split(",")


def holds(settings: Any) -> Mapping[str, bool]:
    """The check of a scene."""
    return {"bigger": settings.size > 3}


def figures(settings: Any) -> None:
    """Three figures, each out of sight of the others."""
    for key in ("board", "figure", "path"):
        with st.container(key=key, border=True):
            st.markdown(f"{key}: size {settings.size}")
        st.html(f'<div style="height: {FAR}px"></div>')


LESSON = Lesson(
    address="toy",
    title="Toy",
    claim="A claim about a ReLU network and its weight decay.",
    card="A card.",
    settings=Toy,  # type: ignore[arg-type]
    controls=lambda settings: controls.number("size"),
    body=figures,
    idea="An idea.",
    prompts=(
        Prompt("low", "Low", "It is *nine*.", {"size": 9}, holds, "path"),
        Prompt(
            "big", "Big", "It is *eight*.", {"size": 8}, holds, "figure", Guess("How?", ("bigger", "less"), "bigger")
        ),
    ),
    code=lambda settings: "",
    theorem=Theorem("All is well.", ("It is a toy.",), "", "That it is a lesson."),
    tour=(
        Step("one", "One", "Stop one.", {"size": 4}, holds),
        Step("two", "Two", "Stop two: a *dual vector*.", {"size": 5}, holds, "path"),
        Step("three", "Three", "Stop three.", {"size": 6}, holds, "figure"),
    ),
    challenges=(
        Challenge("seven", "Make it 7.", "Count.", "Seven!", {"size": 2}, lambda s, p: s.size == 7, {"size": 7}),
    ),
)


def main() -> None:
    """The script; the server imports this file once too, for the `app` above."""
    st.set_page_config(layout="wide")
    st.html(f"<style>{asset('web/frame.css')}</style>")
    LESSON.enter()
    show_link_problems()
    LESSON.page()


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    main()
