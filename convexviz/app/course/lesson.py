"""A lesson: one object that feeds navigation, home, toolbar, share link and tests.

A lesson is a folder in `convexviz/app/lessons` whose `LESSON` is one of these. It brings what is its own; the frame of
the page, the same for all lessons, is drawn here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from convexviz.app.components import shown
from convexviz.app.course import guide, words
from convexviz.app.course.glossary import Reading
from convexviz.app.course.scenes import Challenge, Prompt, Step, Theorem
from convexviz.app.folder import FOLDER
from convexviz.app.shell import keep, share, state
from convexviz.app.shell.settings import LessonSettings
from convexviz.app.shell.source import Points
from convexviz.app.stage import dialogs
from convexviz.app.stage.link import dialog, embedded
from convexviz.app.stage.link.embedded import EMBEDDING, Embedding
from convexviz.app.stage.scene import SCENE, Scene, on_page
from convexviz.app.stage.talk import given
from convexviz.core.network import ReLUNetwork

ONWARD = ":material/arrow_forward:"


@dataclass(frozen=True)
class Place:
    """A lesson by its address, and the query that brings a state back there."""

    address: str
    query: Mapping[str, str]


def lead_to(place: Place, label: str) -> None:
    """A link to a lesson in a certain state; a lesson knows others by their address alone."""
    st.page_link(page_file(place.address), label=label, icon=ONWARD, query_params=dict(place.query))


def page_file(address: str) -> Path:
    """The script that stands at an address."""
    return FOLDER / "pages" / f"{address}.py"


def nothing_drawn(settings: Any) -> str:
    """For lessons without a board."""
    return ""


def no_points(settings: Any) -> Points | None:
    """For lessons whose challenges are about settings alone."""
    return None


def no_network(settings: Any) -> ReLUNetwork | None:
    """For lessons without a network, and for those whose page proves it."""
    return None


def nothing_moved(query: Mapping[str, str]) -> Place | None:
    """For lessons that have always held all that their links name."""
    return None


@dataclass(frozen=True)
class Lesson:
    """What a lesson is made of; the callables are given its present settings.

    Attributes
    ----------
    address : the last part of its URL, and the name of its file in `pages`.
    claim : the sentence beside the title.
    card : what the home page says of it.
    settings : the class of its settings, from which widgets, defaults and the link follow.
    controls : draws its own part of the toolbar.
    body : draws what is between toolbar and text.
    code : a Python script that repeats what the page shows.
    drawn : the points drawn on its board as text for a link, "" where the settings already name them.
    align : how the toolbar's widgets stand beside each other: those with a label above them at the bottom.
    moved : where an old link leads whose content another lesson has now.
    before : one sentence of what came before.
    theorem : what it rests on, and where that ends.
    tour : its stops in their order, about six.
    challenges : what to reach by hand.
    points : the points on its board now, for its challenges.
    network : the network on the page, where no proof of the page holds one.
    named : the points that settings name, without a session; the tests ask its challenges about them.
    embedding : what of it a page may show that embeds it.
    """

    address: str
    title: str
    claim: str
    card: str
    settings: type[LessonSettings]
    controls: Callable[[Any], None]
    body: Callable[[Any], None]
    idea: str
    prompts: tuple[Prompt, ...]
    code: Callable[[Any], str]
    drawn: Callable[[Any], str] = nothing_drawn
    align: Literal["center", "bottom"] = "center"
    moved: Callable[[Mapping[str, str]], Place | None] = nothing_moved
    before: str = ""
    theorem: Theorem | None = None
    tour: tuple[Step, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    points: Callable[[Any], Points | None] = no_points
    named: Callable[[Any], Points | None] = no_points
    embedding: Embedding = EMBEDDING
    network: Callable[[Any], ReLUNetwork | None] = no_network

    @property
    def scenes(self) -> guide.Scenes:
        """What can be begun on it."""
        return guide.Scenes(self.prompts, self.tour, self.challenges)

    def enter(self) -> None:
        """Take the settings, and the tour or challenge, of a link that is new to the session."""
        staged = given.arriving(self.address, lambda: self.link(state.current().settings))
        state.load_settings(self.address, self.settings, staged)
        guide.enter(self.scenes)
        lesson = state.current()
        if problem := self.embedding.problem(lesson.figure):
            lesson.problems.append(problem)
            lesson.figure = None

    def style(self) -> str:
        """What the page's style sheet does not know: what an embedded page shows, and whether the top bar is hidden."""
        now = state.current()
        if embedded.embedded():
            return embedded.style(self.embedding, now.figure, not now.settings.hides("beta"))
        return embedded.NO_TOP_BAR if now.settings.hides("top") else embedded.NOTHING_MORE

    def page(self) -> None:
        """Draw the lesson after the session's settings."""
        shown.begin()
        keep.enter(self.drawn)
        settings, reading, whole = state.current().settings, Reading(), not embedded.embedded()
        if whole:
            self._above(settings, reading)
        self.body(settings)
        shown.end()
        if whole and not given.presenting():
            guide.card(reading, settings, self.points(settings))
            self._text(settings, reading)
        if not given.presenting():
            keep.mount()
        given.mount(self.address, self.claim)
        if shown.alone("pictures", "films"):
            st.session_state[SCENE] = self.scene(settings)

    def scene(self, settings: Any) -> Scene:
        """What the session shows of it now."""
        texts = {"idea": words.idea_text(self.before, self.idea)}
        if self.theorem is not None:
            texts["theorem"] = words.theorem_text(self.theorem)
        return replace(
            on_page(self.address, self.title, self.claim, self.link(settings), self.code(settings)), words=texts
        )

    def link(self, settings: Any) -> Mapping[str, str]:
        """What a link to it as it is now names."""
        return state.link_query(share.complete(settings, lambda: self.drawn(settings)))

    def _above(self, settings: Any, reading: Reading) -> None:
        """What stands above the pictures."""
        if not settings.hides("title"):
            words.heading(self.title, self.claim, reading)
        if not settings.hides("controls"):
            if not settings.hides("export"):
                with st.container(key="takeaway-bar"):
                    dialogs.buttons(lambda: self.scene(settings))
            self._toolbar(settings)
        share.show_address(settings, lambda: self.drawn(settings), lambda: self._link(settings))

    def _link(self, settings: Any) -> None:
        """The way to embed the state on the page."""
        drawn = share.complete(settings, lambda: self.drawn(settings))
        dialog.button(dialog.shared(self.address, self.title, drawn, self.embedding))

    def _text(self, settings: Any, reading: Reading) -> None:
        """What came before, the idea and what it rests on, and beside it what to try."""
        said = [not settings.hides(part) for part in ("idea", "theorem", "try", "challenges")]
        if not any(said):
            return
        idea, theorem, prompts, challenges = said
        st.divider()
        left, right = st.columns([55, 45], gap="large") if any(said[:2]) and any(said[2:]) else (st.container(),) * 2
        with left:
            if idea:
                words.before(self.before, self.idea, reading)
            if theorem and self.theorem is not None:
                words.theorem(self.theorem, reading)
        with right:
            if prompts:
                words.prompts(self.prompts, reading)
            if challenges:
                words.challenges(self.challenges)

    def _toolbar(self, settings: Any) -> None:
        with st.container(key="controls", horizontal=True, vertical_alignment=self.align, gap="small"):
            self.controls(settings)
            if not settings.hides("tour"):
                guide.toolbar_button(self.tour)
            if not settings.hides("code") and st.button(
                "Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"
            ):
                words.open_code(self.scene(settings), self.network(settings))
            if not settings.hides("share"):
                share.share_button(lambda: self.drawn(state.current().settings))
